"""Put away: a parcel is taken in hand, the server says which bin, the bin is scanned.

Bonded goods may move inside the bonded zone before customs has accepted their entry, and while they
are held.  Where the goods are stored already, any lawful bin will do.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import floor_policy, inbound, inside, putaway, standing, taking_back
from warehouse.inventory.inside import Carried
from warehouse.inventory.standing import Stand, Unit
from warehouse.inventory.vocabulary import FloorRule
from warehouse.masterdata import queries as masterdata
from warehouse.operations.floor import aside, messages, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.messages import inside as say
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, Step, TaskKind

# A task that somebody was given for this parcel; one to carry it elsewhere says where.
ASKED_FOR: Final = """
SELECT assignment.kind, location.code
  FROM assignment LEFT JOIN location ON location.id = assignment.location_id
 WHERE assignment.premises_id = %(premises_id)s AND state IN ('open', 'taken')
   AND assignment.kind IN ('relocate', 'put_back', 'put_away') AND handling_unit_id = %(unit_id)s
 ORDER BY assignment.kind = 'relocate' DESC LIMIT 1
"""


def scan_parcel(turn: Turn) -> Reply:
    """Take the parcel or container that was scanned in hand, and say which bin it belongs in.

    Raises:
        Refused: nothing of it can be carried to a bin.
    """
    if turn.is_place:
        raise Refused(messages.PARCEL_EXPECTED, scanned=turn.code)
    found = things.unit(turn)
    if found is None:
        raise Refused(messages.UNKNOWN_PARCEL, parcel=turn.code)
    if found.received_at is None:
        raise Refused(say.NOT_RECEIVED, parcel=found.number)
    unit = standing.unit_by_id(turn.work, turn.premises_id, found.id)
    goods = standing.stands(turn.work, unit)
    asked = turn.work.sql(ASKED_FOR, premises_id=turn.premises_id, unit_id=unit.id).fetchone() or (
        None,
        None,
    )
    if not goods and (unit.location_id is None or asked[0] == AssignmentKind.RELOCATE):
        return aside.take_in_hand(turn, unit, asked[1])
    then = turn.go(
        Step.SCAN_LOCATION,
        parcel=unit.id,
        parent=unit.parent_id,
        stood=unit.location_id,
        asked=asked[0],
        directed=asked[1] or _directed(turn, goods),
    )
    return _holding(unit, goods, then)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What the clerk holds, for a page that opens in the middle."""
    in_hand = here.hand.get("picked") or here.hand["parcel"]
    unit = standing.unit_by_id(work, premises_id, UUID(in_hand))
    return _holding(unit, standing.stands(work, unit), here)


def scan_location(turn: Turn) -> Reply:
    """Put what is in hand into the bin that was scanned.

    Another lawful bin than the directed one is taken on a second scan, where the policy allows;
    an unlawful one never.  Who had no network was not directed.

    Raises:
        Refused: all of it is there already, or it belongs in another bin.
        Ask: it belongs in another bin.
        LocationNotFound, NotABin, LocationLocked, MayNotStand: see `inside.put_away`.
    """
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    if "picked" in turn.hand:
        return aside.put_down(turn)
    target = inbound.place(turn.work, turn.premises_id, turn.place)
    asked_for = _asked_for(turn)
    carried = inside.put_away(
        turn.work, turn.premises_id, turn.uuid("parcel"), target, scan_id=turn.scan_id
    )
    facts: dict[str, object] = {"parcel": carried.number, "location": target.code}
    if not carried.changed:
        raise Refused(say.ALREADY_THERE, **facts)
    directed = turn.hand.get("directed")
    if directed not in {None, target.code} and not (turn.confirmed or turn.waited):
        asks = _may_confirm(turn, carried)
        error, message = (Ask, say.OTHER_BIN) if asks else (Refused, say.WRONG_BIN)
        raise error(message, **facts, directed=directed)
    if asked_for is not None:
        assignments.done(turn.work, asked_for)
    return Reply(say.STORED, turn.begin(), facts)


def undo(turn: Turn, undone: Undone) -> None:
    """Carry it back to where it was, by counter-entries."""
    hand = undone.hand
    if "picked" in hand:
        aside.undo(turn, undone)
        return
    unit = standing.unit_by_id(turn.work, turn.premises_id, UUID(hand["parcel"]))
    before = unit._replace(parent_id=_key(hand, "parent"), location_id=_key(hand, "stood"))
    taking_back.take_back(turn.work, turn.premises_id, undone.scan_id, before, scan_id=turn.scan_id)
    if asked := hand.get("asked"):
        assignments.add(
            turn.work, AssignmentKind(asked), turn.premises_id, handling_unit_id=unit.id
        )


def _directed(turn: Turn, goods: Sequence[Stand]) -> str | None:
    found = putaway.direct(turn.work, turn.premises_id, goods)
    return found and found.code


def _holding(unit: Unit, goods: Sequence[Stand], then: Dialogue) -> Reply:
    at = sorted({each.location for each in goods})
    facts: dict[str, object] = {"parcel": unit.number, "at": at}
    if directed := then.hand.get("directed"):
        return Reply(say.DIRECTED, then, facts | {"location": directed})
    if goods and not putaway.stored(goods):
        return Reply(say.NO_BIN, then, facts)
    return Reply(say.PARCEL_IN_HAND, then, facts)


def _may_confirm(turn: Turn, carried: Carried) -> bool:
    owners = {each.partner_id for each in carried.moved}
    code = (
        masterdata.partner_by_id(turn.work.session, owners.pop()).code if len(owners) == 1 else ""
    )
    return floor_policy.allows(
        turn.work.session, FloorRule.CONFIRM_WRONG_BIN, turn.work.today, partner=code
    )


def _asked_for(turn: Turn) -> Assignment | None:
    """The task that this fulfils, if it still waits."""
    asked = turn.hand.get("asked")
    return asked and assignments.find(
        turn.work, AssignmentKind(asked), handling_unit_id=turn.uuid("parcel")
    )


def _key(hand: Mapping[str, str], name: str) -> UUID | None:
    return UUID(hand[name]) if name in hand else None


FLOW: Final = Flow(
    TaskKind.PUT_AWAY,
    "CMD-PUTAWAY",
    say.PUT_AWAY,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            messages.SCAN_PARCEL,
            then=frozenset({Step.SCAN_LOCATION}),
            undo=put_down,
        ),
        Step.SCAN_LOCATION: StepOf(
            scan_location, say.SCAN_LOCATION, then=frozenset({Step.SCAN_PARCEL}), undo=undo
        ),
    },
    in_hand=in_hand,
)
