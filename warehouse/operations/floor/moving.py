"""Move: a parcel, a container or all of a bin is taken in hand, then a place or a container.

A container counts and moves as one: one scan, one movement for each lot in it.  A label of ours
that nobody has used yet sets a container up.
"""

import re
from collections.abc import Mapping
from typing import Final, cast
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, inside, nesting, standing, taking_back
from warehouse.inventory.inbound import Place
from warehouse.inventory.inside import Carried
from warehouse.inventory.standing import Unit
from warehouse.inventory.vocabulary import UnitKind
from warehouse.operations.floor import messages, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import inside as say
from warehouse.operations.vocabulary import Step, TaskKind

_CONTAINER: Final = re.compile(r"(TOTE|CAGE|PALLET|CARTON)-[A-Z0-9]+(?:-[A-Z0-9]+)*")
_LONGEST: Final = 35


def scan_unit(turn: Turn) -> Reply:
    """Take in hand what was scanned: a parcel, a container, or everything in a bin.

    Raises:
        Refused: nothing of it can be carried.
        Ask: a container of that number is to be set up.
        LocationNotFound: there is no such place here.
    """
    if turn.is_place:
        return _empty(turn)
    found = things.unit(turn)
    if found is None:
        return _set_up(turn)
    if found.received_at is None:
        raise Refused(say.NOT_RECEIVED, parcel=found.number)
    unit = standing.unit_by_id(turn.work, turn.premises_id, found.id)
    if unit.location_id is None and not standing.stands(turn.work, unit):
        raise Refused(say.NOTHING_LEFT, parcel=unit.number)
    hand = {"unit": unit.id, "parent": unit.parent_id, "stood": unit.location_id}
    return in_hand(turn.work, turn.premises_id, turn.go(Step.SCAN_TARGET, **hand))


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What the clerk holds, for a page that opens in the middle too."""
    match here.hand:
        case {"source": code}:
            return Reply(say.EMPTYING, here, {"location": code})
        case {"new": number}:
            return Reply(say.NEW_IN_HAND, here, {"unit": number})
        case hand:
            unit = standing.unit_by_id(work, premises_id, UUID(hand["unit"]))
            at = [place.code for place in _places(work, unit)]
            return Reply(say.PARCEL_IN_HAND, here, {"parcel": unit.number, "at": at})


def scan_target(turn: Turn) -> Reply:
    """Put what is in hand into the place or the container that was scanned.

    Raises:
        Refused: it is there already, or cannot go into a container.
        Ask: a container of that number is to be set up.
        WarehouseError: see `inside.move`, `inside.move_all` and `nesting.nest`.
    """
    if turn.is_place:
        target = inbound.place(turn.work, turn.premises_id, turn.place)
        return _reply(turn, _put_down(turn, target), target.code)
    found = things.unit(turn)
    if "source" in turn.hand:
        raise Refused(say.CANNOT_NEST_ALL, container=turn.code)
    if "new" in turn.hand:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    container_id = found.id if found else _container_here(turn)
    carried = nesting.nest(
        turn.work, turn.premises_id, turn.uuid("unit"), container_id, scan_id=turn.scan_id
    )
    return _reply(turn, carried, found.number if found else _number(turn)[1])


def undo(turn: Turn, undone: Undone) -> None:
    """Carry it back to where it was, by counter-entries.

    Raises:
        Refused: a container was set up; it stays.
        NotReversible, LocationLocked, MayNotStand: see `taking_back.take_back`.
    """
    work, premises_id, hand = turn.work, turn.premises_id, undone.hand
    if "new" in hand:
        raise Refused(messages.NOT_UNDOABLE, scanned=undone.code)
    of_scan, scan_id = undone.scan_id, turn.scan_id
    if "source" in hand:
        source = inbound.place(work, premises_id, hand["source"])
        units = [UUID(key) for key in cast("list[str]", undone.data["units"])]
        taking_back.take_back_all(work, premises_id, of_scan, source, units, scan_id=scan_id)
    else:
        unit = standing.unit_by_id(work, premises_id, UUID(hand["unit"]))
        before = unit._replace(parent_id=_key(hand, "parent"), location_id=_key(hand, "stood"))
        taking_back.take_back(work, premises_id, of_scan, before, scan_id=scan_id)


def _empty(turn: Turn) -> Reply:
    place = inbound.place(turn.work, turn.premises_id, turn.place)
    there = standing.stands_at(turn.work, place.id) or standing.units_at(turn.work, place.id)
    if place.kind not in inside.RESTING or not there:
        raise Refused(say.NOTHING_THERE, location=place.code)
    then = turn.go(Step.SCAN_TARGET, source=place.code)
    return in_hand(turn.work, turn.premises_id, then)


def _set_up(turn: Turn) -> Reply:
    kind, number = _number(turn)
    then = turn.go(Step.SCAN_TARGET, new=number, kind=kind)
    return in_hand(turn.work, turn.premises_id, then)


def _number(turn: Turn) -> tuple[UnitKind, str]:
    """The kind and number of a container that is to be set up, once the clerk has said yes.

    A shipping container code (SSCC) is the number of a pallet.
    """
    number = str(turn.label.fields.get("00", turn.code)).upper()
    match = _CONTAINER.fullmatch(number) if len(number) <= _LONGEST else None
    if match is None and (turn.label.kind is not Kind.SSCC or not turn.label.check_ok):
        raise Refused(say.UNKNOWN_UNIT, unit=turn.code)
    if not turn.confirmed:
        raise Ask(say.NEW_CONTAINER, unit=number)
    return (UnitKind(match[1].lower()) if match else UnitKind.PALLET), number


def _container_here(turn: Turn) -> UUID:
    """A new container, set up where what is in hand stands."""
    kind, number = _number(turn)
    unit = standing.unit_by_id(turn.work, turn.premises_id, turn.uuid("unit"))
    places = _places(turn.work, unit)
    if len(places) != 1:
        at = [place.code for place in places]
        raise Refused(say.SCATTERED, unit=unit.number, at=at, container=number)
    return nesting.set_up(turn.work, turn.premises_id, kind, number, places[0])


def _put_down(turn: Turn, target: Place) -> Carried:
    work, premises_id, scan_id = turn.work, turn.premises_id, turn.scan_id
    match turn.hand:
        case {"source": code}:
            source = inbound.place(work, premises_id, code)
            return inside.move_all(work, premises_id, source, target, scan_id=scan_id)
        case {"new": number, "kind": kind}:
            key = nesting.set_up(work, premises_id, UnitKind(kind), number, target)
            return Carried(number, (), (key,), changed=True)
        case _:
            return inside.move(work, premises_id, turn.uuid("unit"), target, scan_id=scan_id)


def _reply(turn: Turn, carried: Carried, target: str) -> Reply:
    if not carried.changed:
        raise Refused(say.ALREADY_THERE, parcel=carried.number, location=target)
    facts: dict[str, object] = {
        "unit": carried.number,
        "location": target,
        "lots": len({each.lot_id for each in carried.moved}),
        "units": [str(key) for key in carried.units],
    }
    return Reply(say.MOVED, turn.begin(), facts)


def _places(work: Work, unit: Unit) -> list[Place]:
    """Where *unit* stands, or what of it can be carried."""
    own = {unit.location_id} if unit.location_id else set()
    return standing.places(
        work, [*({each.location_id for each in standing.stands(work, unit)} or own)]
    )


def _key(hand: Mapping[str, str], name: str) -> UUID | None:
    return UUID(hand[name]) if name in hand else None


FLOW: Final = Flow(
    TaskKind.MOVE,
    "CMD-MOVE",
    say.MOVE,
    {
        Step.SCAN_UNIT: StepOf(
            scan_unit, say.SCAN_UNIT, then=frozenset({Step.SCAN_TARGET}), undo=put_down
        ),
        Step.SCAN_TARGET: StepOf(
            scan_target, say.SCAN_TARGET, then=frozenset({Step.SCAN_UNIT}), undo=undo
        ),
    },
    in_hand=in_hand,
)
