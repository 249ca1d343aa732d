"""Count: a bin is scanned, then everything in it; nothing says what the book expects.

The bin stays in use.  A parcel counts once; each scan of a product counts one more, and a number
after it says how many it stood for.  The last line of a thing counts, so that a correction is a
new line.  Two persons never count one bin at a time, nor one person a bin twice.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from warehouse.access.models import Person
from warehouse.core import i18n
from warehouse.core.work import Work
from warehouse.inventory import counting, inbound
from warehouse.inventory.counting import Tallied
from warehouse.inventory.models import Count, Location
from warehouse.inventory.vocabulary import VIRTUAL, CountReason, CountState, LocationKind
from warehouse.operations.bond import counting as story
from warehouse.operations.floor import messages, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.messages import Message
from warehouse.operations.floor.messages import counting as say
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import DONE, NEXT, AssignmentKind, Step, TaskKind

EMPTY: Final = "CMD-EMPTY"
"""The barcode that confirms that nothing is in the bin."""


# A recount is another person's.
NOT_COUNTED_BY: Final = """
count_id NOT IN (SELECT count_line.count_id FROM count_line WHERE person_id = :person)
"""


class _Thing(NamedTuple):
    """What a label counts: a parcel, a product, or a code that the book does not know."""

    label: str
    unit_id: UUID | None = None
    product_id: UUID | None = None


def scan_bin(turn: Turn) -> Reply:
    """Begin to count the bin that was scanned, or say which is the next that is planned.

    Raises:
        Refused: nothing is planned, that is no bin, or a case of it is open.
        Ask: another person is counting it.
        CountedBefore: this person counted it in an earlier round.
        LocationNotFound: there is no such place here.
    """
    if turn.code == NEXT:
        return _next(turn)
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    place = inbound.place(turn.work, turn.premises_id, turn.place)
    if place.kind in VIRTUAL or place.kind == LocationKind.ZONE:
        raise Refused(say.NOT_COUNTABLE, location=place.code)
    story.plan(turn.work, turn.premises_id, place.id, CountReason.REQUESTED)
    task = assignments.find(turn.work, AssignmentKind.COUNT, location_id=place.id)
    if task is None:
        raise Refused(say.UNDER_INVESTIGATION, location=place.code)
    return _sit_down(turn, task, place.code)


def scan_item(turn: Turn) -> Reply:
    """Count what was scanned, or end the round.

    Raises:
        Refused: another person took over; it is a place; the number belongs to nothing; nothing
            is counted yet.
    """
    count = _held(turn, turn.uuid("count"))
    if turn.code in (DONE, EMPTY):
        return _end(turn, count)
    if turn.is_place:
        return _same_bin(turn, count)
    if (number := things.quantity(turn.label)) is not None:
        return _set(turn, count, number)
    found = _things(turn, count)
    tallied = {line.label: line for line in counting.tally(turn.work, count)}
    first = found[0]
    if first.product_id is not None:
        amount = things.content(turn.label).quantity or Decimal(1)
        return _add(turn, count, first, amount, tallied.get(first.label))
    fresh = [thing for thing in found if thing.label not in tallied]
    for thing in fresh:
        _note(turn, count, thing, Decimal(1))
    facts = {"label": [thing.label for thing in found], "quantity": len(found)}
    if not fresh:
        return _going_on(turn, count, say.COUNTED_ALREADY, facts, last=None)
    message = say.COUNTED if first.unit_id else say.NOT_IN_BOOK
    return _going_on(turn, count, message, facts, last=None)


def uncount(turn: Turn, undone: Undone) -> None:
    """Take back what a scan counted, in a new line.

    Raises:
        Refused: it ended the round, or another person took over.
    """
    if undone.code in (DONE, EMPTY):
        raise Refused(messages.NOT_UNDOABLE, scanned=undone.code)
    count = _held(turn, UUID(undone.hand["count"]))
    counting.take_back(
        turn.work, count, undone.scan_id, person_id=turn.person_id, scan_id=turn.scan_id
    )


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What is counted so far, for a page that opens in the middle."""
    count = work.session.get_one(Count, UUID(here.hand["count"]))
    assert count.premises_id == premises_id, "a person counts where they work"
    location = _code(work, count)
    if here.step is Step.SCAN_BIN:
        return Reply(say.GO_TO, here, {"location": location})
    return _progress(work, count, here, say.GOING_ON, {"location": location})


def _next(turn: Turn) -> Reply:
    """Hand the next planned count to this person, past those they counted before."""
    task = assignments.claim(
        turn.work,
        AssignmentKind.COUNT,
        turn.premises_id,
        turn.person_id,
        among=text(NOT_COUNTED_BY).bindparams(person=turn.person_id),
    )
    if task is None:
        raise Refused(say.NOTHING_PLANNED)
    assert task.count_id is not None, "it is a count"
    count = counting.lock(turn.work, task.count_id)
    then = turn.go(Step.SCAN_BIN, count=count.id)
    return Reply(say.GO_TO, then, {"location": _code(turn.work, count)})


def _sit_down(turn: Turn, task: Assignment, location: str) -> Reply:
    """Begin the round of *task*, or go on with it, or ask whether to take it over."""
    assert task.count_id is not None, "it is a count"
    another = assignments.taken_by_another(task, turn.person_id)
    if another and not turn.confirmed:
        person = _name(turn.work, task.person_id)
        raise Ask(say.TAKE_OVER, person=person, location=location)
    count = counting.lock(turn.work, task.count_id)
    if count.state is CountState.COUNTING:
        counting.take_over(turn.work, count, turn.person_id)
        message = say.GOING_ON
    else:
        counting.begin(turn.work, count, turn.person_id, at=_at(turn))
        message = say.BEGUN
    assignments.take(turn.work, task, turn.person_id)
    return _going_on(turn, count, message, {"location": location}, count=count.id)


def _held(turn: Turn, count_id: UUID) -> Count:
    """The count in hand, locked after its piece of work, as long as both are this person's."""
    task = assignments.find(turn.work, AssignmentKind.COUNT, count_id=count_id)
    count = counting.lock(turn.work, count_id)
    if task is None or task.person_id != turn.person_id:
        person = _name(turn.work, task.person_id if task else count.person_id)
        raise Refused(say.TAKEN_OVER, person=person, location=_code(turn.work, count))
    return count


def _same_bin(turn: Turn, count: Count) -> Reply:
    location = _code(turn.work, count)
    if turn.place != location:
        raise Refused(say.COUNT_FIRST, location=location, scanned=turn.code)
    return _going_on(turn, count, say.GOING_ON, {"location": location})


def _things(turn: Turn, count: Count) -> Sequence[_Thing]:
    """What the label stands for; a container for the parcels in it."""
    if unit := things.unit(turn):
        inside = counting.parcels_in(turn.work, unit.id)
        return [_Thing(number, unit_id=key) for key, number in inside] or [_Thing(unit.number)]
    goods = {each.id: each for each in things.products(turn)}
    likely = list(goods)
    if len(likely) > 1:
        likely = counting.likely_products(turn.work, count, likely)
    if len(likely) > 1:
        raise Refused(say.SEVERAL_OWNERS, scanned=turn.code)
    return [_Thing(goods[key].sku, product_id=key) for key in likely] or [_Thing(turn.code)]


def _add(turn: Turn, count: Count, thing: _Thing, amount: Decimal, line: Tallied | None) -> Reply:
    """Count *amount* more of a product than *line* said; or ask for all of it again.

    What is carried into the bin or out of it between two scans may be counted or not: only a
    count from one is certain.
    """
    counted = Decimal(0)
    if line and line.product_id:
        if counting.moved_since(turn.work, count, line.product_id, line.sequence):
            _note(turn, count, thing, Decimal(0))
            facts: dict[str, object] = {"label": thing.label}
            return _going_on(turn, count, say.MOVED_MEANWHILE, facts, last=None)
        counted = line.quantity
    _note(turn, count, thing, counted + amount)
    last = {
        "label": thing.label,
        "product": str(thing.product_id),
        "before": line and [str(line.quantity), line.sequence],
    }
    return _going_on(
        turn,
        count,
        say.COUNTED,
        {"label": thing.label, "quantity": counted + amount},
        last=last,
    )


def _set(turn: Turn, count: Count, number: int) -> Reply:
    """The last scan of a product stood for *number* of it."""
    last = turn.hand.get("last")
    if last is None:
        raise Refused(say.NUMBER_OF_WHAT, scanned=turn.code)
    thing = _Thing(last["label"], product_id=UUID(last["product"]))
    line = None
    if last["before"]:
        quantity, sequence = last["before"]
        line = Tallied(thing.label, Decimal(quantity), None, thing.product_id, sequence)
    return _add(turn, count, thing, Decimal(number), line)


def _end(turn: Turn, count: Count) -> Reply:
    location = _code(turn.work, count)
    tally = _tally(counting.tally(turn.work, count))
    if turn.code == DONE and not tally:
        raise Refused(say.NOTHING_COUNTED, location=location)
    if turn.code == EMPTY:
        if tally:
            raise Refused(say.NOT_EMPTY, location=location, tally=tally)
        _note(turn, count, _Thing(EMPTY), Decimal(0))
    ended = story.end_round(turn.work, count)
    message = {
        CountState.CLOSED: say.AGREES,
        CountState.COUNTED: say.COUNT_AGAIN,
        CountState.INVESTIGATING: say.DIFFERS,
    }[ended.state]
    return Reply(message, turn.begin(), {"location": location, "cases": ended.cases})


def _note(turn: Turn, count: Count, thing: _Thing, quantity: Decimal) -> None:
    counting.note(
        turn.work,
        count,
        thing.label,
        quantity,
        person_id=turn.person_id,
        scan_id=turn.scan_id,
        unit_id=thing.unit_id,
        product_id=thing.product_id,
        at=_at(turn),
    )


def _at(turn: Turn) -> datetime | None:
    """When a scan was made that waited on its device: the book of that moment counts."""
    return turn.scanned_at if turn.waited else None


def _going_on(
    turn: Turn, count: Count, message: Message, facts: dict[str, object], /, **hand: object
) -> Reply:
    return _progress(turn.work, count, turn.go(Step.SCAN_ITEM, **hand), message, facts)


def _progress(
    work: Work, count: Count, then: Dialogue, message: Message, facts: dict[str, object]
) -> Reply:
    """*message*, with the tally of the round and the codes that the book does not know."""
    lines = counting.tally(work, count)
    known = [line for line in lines if line.unit_id or line.product_id]
    unknown = [line.label for line in lines if line not in known]
    return Reply(message, then, facts | {"tally": _tally(known), "unknown": unknown})


def _tally(lines: Sequence[Tallied]) -> list[str]:
    return [f"{line.label} × {i18n.quantity(line.quantity)}" for line in lines]


def _code(work: Work, count: Count) -> str:
    return work.session.get_one(Location, count.location_id).code


def _name(work: Work, person_id: UUID | None) -> str:
    return work.session.get_one(Person, person_id).username


FLOW: Final = Flow(
    TaskKind.COUNT,
    "CMD-COUNT",
    say.COUNT,
    {
        Step.SCAN_BIN: StepOf(
            scan_bin,
            say.SCAN_BIN,
            then=frozenset({Step.SCAN_BIN, Step.SCAN_ITEM}),
            knows=frozenset({NEXT}),
            undo=put_down,
        ),
        Step.SCAN_ITEM: StepOf(
            scan_item,
            say.SCAN_ITEM,
            then=frozenset({Step.SCAN_BIN, Step.SCAN_ITEM}),
            knows=frozenset({DONE, EMPTY}),
            doubled=False,
            undo=uncount,
        ),
    },
    in_hand=in_hand,
)
