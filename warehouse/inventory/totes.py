"""Picked goods that are held, carried aside as they are: in their tote, or in their parcel."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import admission, inside, ledger
from warehouse.inventory.errors import NotABin
from warehouse.inventory.inbound import Place
from warehouse.inventory.vocabulary import LocationKind, MovementKind, Regime


class Picked(NamedTuple):
    """So much of a lot that was picked, and stands in a tote or in its own parcel."""

    regime: Regime
    promise: UUID
    lot_id: UUID
    location_id: UUID
    location: str
    quantity: Decimal
    product_id: UUID


PICKED: Final = """
SELECT lot.regime, reservation.id, lot.id, location.id, location.code, reservation.quantity,
       lot.product_id
  FROM reservation JOIN lot ON lot.id = reservation.lot_id
  JOIN location ON location.id = reservation.location_id
 WHERE coalesce(container_id, lot.handling_unit_id) = %(unit_id)s AND reservation.state = 'picked'
 ORDER BY lot.id, reservation.id
"""
STANDS_AT: Final = """
UPDATE handling_unit SET location_id = %(place_id)s WHERE id = %(id)s AND kind <> 'parcel'
"""


def picked(work: Work, unit_id: UUID) -> list[Picked]:
    """What was picked into a tote, or of a parcel, and is not packed yet."""
    rows = work.sql(PICKED, unit_id=unit_id)
    return [Picked(Regime(regime), *rest) for regime, *rest in rows]


def set_aside(
    work: Work, premises_id: UUID, unit_id: UUID, target: Place, *, scan_id: UUID
) -> Sequence[Picked]:
    """Carry a tote or parcel with what was picked to *target*, a place for held goods.

    The goods stay promised, and stay in it.

    Raises:
        NotABin: *target* is no place for held goods.
        LocationLocked, MayNotStand: see `admission.admit`.
    """
    if target.kind != LocationKind.HOLD:
        raise NotABin(location=target.code)
    entrance = admission.approach(work, target)
    ledger.lock(work, [each.lot_id for each in picked(work, unit_id)])
    moving = [each for each in picked(work, unit_id) if each.location_id != target.id]
    admission.admit(work, premises_id, entrance, moving)
    lines = [
        ledger.Line(
            each.lot_id,
            each.location_id,
            each.quantity,
            each.regime is Regime.BONDED,
            reserved=each.quantity,
            reservation_id=each.promise,
        )
        for each in moving
    ]
    ledger.post(work, MovementKind.MOVE, lines, target_id=target.id, scan_id=scan_id)
    inside.follow(work, target.id, [each.promise for each in moving])
    settle(work, unit_id, target.id)
    return moving


def settle(work: Work, unit_id: UUID, place_id: UUID | None) -> None:
    """A tote says itself where it stands."""
    work.sql(STANDS_AT, id=unit_id, place_id=place_id)
