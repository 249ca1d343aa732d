"""Goods inside the hall: parcels and containers are carried and nested.

Plain SQL, because this runs all day.  Order of locks: containers (as a whole), handling unit,
place, lot.  A container stands where its *location_id* says; what is in it stands there too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import admission, ledger, standing
from warehouse.inventory.errors import (
    ContainerNotFound,
    NestsInItself,
    NestsTooDeep,
    NotABin,
    NotReceived,
    ParcelNotFound,
    PlaceOfContainerUnknown,
    UnitMoved,
)
from warehouse.inventory.inbound import Place
from warehouse.inventory.standing import WITHIN, Stand, Unit
from warehouse.inventory.vocabulary import (
    STORED,
    LocationKind,
    MovementKind,
    StockEvent,
    UnitKind,
)

DEEPEST: Final = 5
"""So many units lie in one another at most, the parcel and the outermost container counted."""

RESTING: Final = STORED | {LocationKind.RECEIVE, LocationKind.INSPECTION, LocationKind.HOLD}
"""Where goods are put down inside; what is picked is staged by other rules."""

UNOPENED: Final = frozenset({LocationKind.RECEIVE, LocationKind.INSPECTION, LocationKind.HOLD})
"""Where a parcel waits of which nobody knows yet what is in it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried: lots, and containers that say themselves where they stand.

    *changed*: something did not stand, or lie, there already.
    """

    number: str
    moved: tuple[Stand, ...]
    units: tuple[UUID, ...]
    changed: bool


# One hand at a time changes what lies in what: a cycle would need two.
HOLD_NESTING: Final = "SELECT FROM premises WHERE id = %(premises_id)s FOR NO KEY UPDATE"

_HEIGHT: Final = "{within} SELECT max(depth) FROM within"
HEIGHT: Final = _HEIGHT.format(within=WITHIN)
AROUND: Final = """
WITH RECURSIVE around AS (
    SELECT id, parent_id FROM handling_unit WHERE id = %(id)s
    UNION ALL
    SELECT unit.id, unit.parent_id FROM handling_unit AS unit
      JOIN around ON around.parent_id = unit.id
)
SELECT id FROM around
"""

_LOCK_LOTS_OF_UNIT: Final = """
{within} SELECT id FROM lot WHERE handling_unit_id IN (SELECT id FROM within)
 ORDER BY id FOR NO KEY UPDATE
"""
LOCK_LOTS_OF_UNIT: Final = _LOCK_LOTS_OF_UNIT.format(within=WITHIN)
LOCK_LOTS_AT: Final = """
SELECT id FROM lot
 WHERE id IN (SELECT lot_id FROM balance WHERE location_id = %(id)s AND quantity > 0)
 ORDER BY id FOR NO KEY UPDATE
"""

_HELD: Final = """
{within} SELECT FROM lot, LATERAL holds_on(lot.id, NULL)
 WHERE lot.handling_unit_id IN (SELECT id FROM within)
 UNION ALL
SELECT FROM hold WHERE handling_unit_id IN (SELECT id FROM within) AND closed_at IS NULL LIMIT 1
"""
HELD: Final = _HELD.format(within=WITHIN)

PROMISES: Final = """
SELECT id, lot_id, location_id, quantity FROM reservation
 WHERE lot_id = ANY(%(lots)s) AND location_id = ANY(%(places)s) AND state = 'held' ORDER BY id
"""
FOLLOW_GOODS: Final = """
UPDATE reservation SET location_id = %(target_id)s WHERE id = ANY(%(promises)s)
"""

PUT_IN: Final = "UPDATE handling_unit SET parent_id = %(parent_id)s WHERE id = %(id)s"
# Containers, and parcels that nobody has opened, say themselves where they stand.
_SETTLE: Final = """
{within} UPDATE handling_unit SET location_id = %(place_id)s
 WHERE id IN (SELECT id FROM within) AND (kind <> 'parcel' OR location_id IS NOT NULL)
"""
SETTLE: Final = _SETTLE.format(within=WITHIN)
SETTLE_ALL: Final = """
UPDATE handling_unit SET location_id = %(target_id)s
 WHERE location_id = %(source_id)s RETURNING id
"""
SET_UP: Final = """
INSERT INTO handling_unit (id, premises_id, kind, number, location_id, received_at, announced)
VALUES (%(id)s, %(premises_id)s, %(kind)s, %(number)s, %(location_id)s, %(at)s, true)
ON CONFLICT (premises_id, number) DO NOTHING
"""


def put_away(
    work: Work, premises_id: UUID, handling_unit_id: UUID, target: Place, *, scan_id: UUID
) -> Carried:
    """Carry a parcel or container to the bin *target*; what is held, also to a place for it.

    Raises: as `move`.
    """
    held = target.kind == LocationKind.HOLD and _held(work, handling_unit_id)
    kinds = STORED | {LocationKind.HOLD} if held else STORED
    return move(work, premises_id, handling_unit_id, target, scan_id=scan_id, kinds=kinds)


def move(
    work: Work,
    premises_id: UUID,
    unit_id: UUID,
    target: Place,
    *,
    scan_id: UUID,
    kinds: Collection[LocationKind] = RESTING,
) -> Carried:
    """Carry a parcel, or a container with all that is in it, to *target*: one movement per lot.

    What is there already stays, what is picked is left alone, and so is what was taken out into a
    pick bin.  What is promised stays promised.  What lay in another container lies there no more.

    Raises:
        ParcelNotFound: it is not in these premises.
        NotReceived: it has not come yet.
        NotABin: *target* is none of *kinds*, or not for a parcel that nobody has opened.
        LocationLocked, MayNotStand: see `admission.admit`.
        UnitMoved: somebody put it into a container meanwhile.
    """
    unit = _hold_unit(work, premises_id, unit_id)
    moved = _carry(work, premises_id, unit, target, scan_id, kinds=kinds)
    return _carried(unit, moved, lay(work, unit, None, target.id))


def move_all(
    work: Work, premises_id: UUID, source: Place, target: Place, *, scan_id: UUID
) -> Carried:
    """Carry everything that stands in *source* to *target*, containers as they are.

    Raises:
        NotABin: *target* is not a place where goods are put down.
        LocationLocked, MayNotStand: see `admission.admit`.
    """
    _require(target, RESTING)
    hold_nesting(work, premises_id)
    entrance = admission.approach(work, target)
    work.sql(LOCK_LOTS_AT, id=source.id)
    moving = standing.read(work, standing.HOLD_STANDS_AT, source.id)
    admission.admit(work, premises_id, entrance, moving)
    _post(work, moving, target.id, scan_id)
    settled = work.sql(SETTLE_ALL, source_id=source.id, target_id=target.id)
    units = tuple(row[0] for row in settled)
    return Carried(source.code, tuple(moving), units, bool(moving or units))


def nest(
    work: Work, premises_id: UUID, unit_id: UUID, container_id: UUID, *, scan_id: UUID
) -> Carried:
    """Put a parcel or container into a container, wherever that stands.

    Raises:
        ContainerNotFound: that is a parcel, or not in these premises.
        NestsInItself, NestsTooDeep: the containers would not be a tree, or too deep a one.
        PlaceOfContainerUnknown: nobody has put the container down.
        ParcelNotFound, NotReceived, NotABin, LocationLocked, MayNotStand: as `move`.
    """
    hold_nesting(work, premises_id)
    unit, container = _hold_both(work, premises_id, unit_id, container_id)
    around = [row[0] for row in work.sql(AROUND, id=container.id)]
    if unit.id in around:
        raise NestsInItself(unit=unit.number, container=container.number)
    [height] = work.sql(HEIGHT, id=unit.id).fetchone() or (0,)
    if height + len(around) > DEEPEST:
        raise NestsTooDeep(unit=unit.number, container=container.number, most=DEEPEST)
    target = _place_of(work, container)
    moved = _carry(work, premises_id, unit, target, scan_id, outermost=around[-1])
    carried = _carried(unit, moved, lay(work, unit, container.id, target.id))
    if carried.changed:
        work.emit(StockEvent.UNIT_NESTED, unit.id, unit=unit.number, container=container.number)
    return carried


def set_up(work: Work, premises_id: UUID, kind: UnitKind, number: str, place: Place) -> UUID:
    """A new, empty container *number* that stands in *place*; return its id.

    Raises:
        NotABin: nothing is put down there.
        LocationLocked, MayNotStand: see `admission.admit`.
        UnitMoved: somebody has set it up just now.
    """
    _require(place, RESTING)
    key = ids.new_id()
    admission.admit(work, premises_id, admission.approach(work, place), (), units=[key])
    made = work.sql(
        SET_UP,
        id=key,
        premises_id=premises_id,
        kind=kind,
        number=number,
        location_id=place.id,
        at=work.at,
    )
    if made.rowcount == 0:
        raise UnitMoved(unit=number)
    work.emit(StockEvent.UNIT_SET_UP, key, number=number, kind=kind.value)
    return key


def _hold_unit(work: Work, premises_id: UUID, unit_id: UUID) -> Unit:
    """The unit, locked; a container, or what lies in one, with the nesting held before it."""
    unit = standing.unit_by_id(work, premises_id, unit_id)
    alone = not unit.is_container and unit.parent_id is None
    if not alone:
        hold_nesting(work, premises_id)
    [unit] = standing.hold_rows(work, premises_id, [unit_id])
    if alone and unit.parent_id is not None:
        raise UnitMoved(unit=unit.number)
    return unit


def _hold_both(
    work: Work, premises_id: UUID, unit_id: UUID, container_id: UUID
) -> tuple[Unit, Unit]:
    found = {
        each.id: each for each in standing.hold_rows(work, premises_id, [unit_id, container_id])
    }
    if unit_id not in found:
        raise ParcelNotFound(parcel=str(unit_id))
    container = found.get(container_id)
    if container is None or not container.is_container:
        raise ContainerNotFound(number=container.number if container else str(container_id))
    return found[unit_id], container


def _carry(
    work: Work,
    premises_id: UUID,
    unit: Unit,
    target: Place,
    scan_id: UUID,
    *,
    kinds: Collection[LocationKind] = RESTING,
    outermost: UUID | None = None,
) -> tuple[Stand, ...]:
    """Carry what stands of a locked *unit* to *target*; *outermost* it will lie in, or itself."""
    if unit.received_at is None:
        raise NotReceived(parcel=unit.number)
    _require(target, kinds)
    entrance = admission.approach(work, target)
    work.sql(LOCK_LOTS_OF_UNIT, id=unit.id)
    there = standing.carriable(unit, standing.read(work, standing.HOLD_STANDS_OF_UNIT, unit.id))
    if not there and not unit.is_container:
        _require(target, UNOPENED)
    moving = [each for each in there if each.location_id != target.id]
    admission.admit(work, premises_id, entrance, moving, units=[outermost or unit.id])
    _post(work, moving, target.id, scan_id)
    return tuple(moving)


def _require(target: Place, kinds: Collection[LocationKind]) -> None:
    if target.kind not in kinds:
        raise NotABin(location=target.code)


def _post(work: Work, moving: Sequence[Stand], target_id: UUID, scan_id: UUID) -> None:
    """One movement for each of *moving*; what is promised of it has its own, with its promise."""
    if not moving:
        return
    promised = [each for each in moving if each.reserved]
    promises: dict[tuple[UUID, UUID], list[tuple[UUID, Decimal]]] = defaultdict(list)
    if promised:
        for key, lot_id, place_id, quantity in work.sql(
            PROMISES,
            lots=[each.lot_id for each in promised],
            places=[each.location_id for each in promised],
        ):
            promises[lot_id, place_id].append((key, quantity))
    lines = [line for each in moving for line in _lines(each, promises)]
    ledger.post(work, MovementKind.MOVE, lines, target_id=target_id, scan_id=scan_id)
    if promised:
        kept = [key for each in promises.values() for key, _ in each]
        follow(work, target_id, kept)


def _lines(
    stand: Stand, promises: Mapping[tuple[UUID, UUID], Sequence[tuple[UUID, Decimal]]]
) -> Iterator[ledger.Line]:
    """The movements of *stand*: what is free of it, and each promise by itself."""
    lot_id, source_id, bonded = stand.lot_id, stand.location_id, stand.under_bond
    free = stand.quantity
    for promise, quantity in promises.get((lot_id, source_id), ()):
        free -= quantity
        yield ledger.Line(
            lot_id, source_id, quantity, bonded, reserved=quantity, reservation_id=promise
        )
    if free:
        yield ledger.Line(lot_id, source_id, free, bonded)


def lay(work: Work, unit: Unit, parent_id: UUID | None, place_id: UUID | None) -> bool:
    """*unit* lies in container *parent_id*, or in none, and stands in *place_id* with its own.

    Returns whether it did not already.
    """
    lies, stands = (
        parent_id != unit.parent_id,
        _stands_itself(unit) and place_id != unit.location_id,
    )
    if lies:
        work.sql(PUT_IN, id=unit.id, parent_id=parent_id)
    if stands:
        work.sql(SETTLE, id=unit.id, place_id=place_id)
        work.emit(StockEvent.UNIT_MOVED, unit.id, unit=unit.number, place=str(place_id))
    return lies or stands


def _stands_itself(unit: Unit) -> bool:
    """A container, or a parcel that nobody has opened: not its goods say where it stands."""
    return unit.is_container or unit.location_id is not None


def _carried(unit: Unit, moved: tuple[Stand, ...], laid: bool) -> Carried:  # noqa: FBT001
    return Carried(unit.number, moved, (), bool(moved) or laid)


def _held(work: Work, unit_id: UUID) -> bool:
    row = work.sql(HELD, id=unit_id).fetchone()
    return row is not None


def _place_of(work: Work, container: Unit) -> Place:
    if container.location_id is None:
        raise PlaceOfContainerUnknown(container=container.number)
    [place] = standing.places(work, [container.location_id])
    return place


def hold_nesting(work: Work, premises_id: UUID) -> None:
    """Keep all others from changing what lies in what, and from carrying containers."""
    work.sql(HOLD_NESTING, premises_id=premises_id)


def follow(work: Work, place_id: UUID, promises: Sequence[UUID]) -> None:
    """What is promised stands in *place_id* now."""
    work.sql(FOLLOW_GOODS, target_id=place_id, promises=list(promises))
