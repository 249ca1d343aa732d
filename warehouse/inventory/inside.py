"""Goods inside the hall: parcels, containers and all of a bin are carried.

Plain SQL, because this runs all day.  Order of locks: containers (as a whole), handling unit,
place, lot.  A container stands where its *location_id* says; what is in it stands there too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import admission, ledger, standing
from warehouse.inventory.errors import (
    NotABin,
    NotReceived,
    UnitMoved,
)
from warehouse.inventory.inbound import Place
from warehouse.inventory.standing import WITHIN, Stand, Unit
from warehouse.inventory.vocabulary import (
    STORED,
    LocationKind,
    MovementKind,
    StockEvent,
)

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
    moved = carry(work, premises_id, unit, target, scan_id, kinds=kinds)
    return carried(unit, moved, laid=lay(work, unit, None, target.id))


def move_all(
    work: Work, premises_id: UUID, source: Place, target: Place, *, scan_id: UUID
) -> Carried:
    """Carry everything that stands in *source* to *target*, containers as they are.

    Raises:
        NotABin: *target* is not a place where goods are put down.
        LocationLocked, MayNotStand: see `admission.admit`.
    """
    require(target, RESTING)
    if source.id == target.id:
        return Carried(source.code, (), (), changed=False)
    hold_nesting(work, premises_id)
    entrance = admission.approach(work, target)
    work.sql(LOCK_LOTS_AT, id=source.id)
    moving = standing.read(work, standing.HOLD_STANDS_AT, source.id)
    admission.admit(work, premises_id, entrance, moving)
    _post(work, moving, target.id, scan_id)
    settled = work.sql(SETTLE_ALL, source_id=source.id, target_id=target.id)
    units = tuple(row[0] for row in settled)
    return Carried(source.code, tuple(moving), units, bool(moving or units))


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


def carry(
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
    require(target, kinds)
    entrance = admission.approach(work, target)
    work.sql(LOCK_LOTS_OF_UNIT, id=unit.id)
    there = standing.carriable(unit, standing.read(work, standing.HOLD_STANDS_OF_UNIT, unit.id))
    if not there and not unit.is_container:
        require(target, UNOPENED)
    moving = [each for each in there if each.location_id != target.id]
    admission.admit(work, premises_id, entrance, moving, units=[outermost or unit.id])
    _post(work, moving, target.id, scan_id)
    return tuple(moving)


def require(target: Place, kinds: Collection[LocationKind]) -> None:
    """Go on only if *target* is one of *kinds*.

    Raises:
        NotABin: it is none.
    """
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


def carried(unit: Unit, moved: tuple[Stand, ...], *, laid: bool) -> Carried:
    """What came of carrying *unit*; *laid*: it did not lie, or stand itself, there before."""
    return Carried(unit.number, moved, (), bool(moved) or laid)


def _held(work: Work, unit_id: UUID) -> bool:
    row = work.sql(HELD, id=unit_id).fetchone()
    return row is not None


def hold_nesting(work: Work, premises_id: UUID) -> None:
    """Keep all others from changing what lies in what, and from carrying containers."""
    work.sql(HOLD_NESTING, premises_id=premises_id)


def follow(work: Work, place_id: UUID, promises: Sequence[UUID]) -> None:
    """What is promised stands in *place_id* now."""
    work.sql(FOLLOW_GOODS, target_id=place_id, promises=list(promises))
