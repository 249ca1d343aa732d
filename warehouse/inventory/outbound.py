"""Goods out: pick what is promised, send out what is released.  Plain SQL, as for goods in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, ledger
from warehouse.inventory.errors import ReleaseTooSmall
from warehouse.inventory.vocabulary import (
    RESERVATION,
    LocationKind,
    MovementKind,
    ReservationState,
)


class Pick(NamedTuple):
    """The next goods to be taken for an order; *left* counts them and those after."""

    reservation_id: UUID
    lot_id: UUID
    location_id: UUID
    location: str
    quantity: Decimal
    under_bond: bool
    parcel: str
    sku: str
    gtin: str | None
    left: int


@dataclass(frozen=True, slots=True)
class Released:
    """How much of a lot customs lets go."""

    release_line_id: UUID
    lot_id: UUID
    quantity: Decimal


# First in first out, as it was promised: the oldest import line is taken first.
NEXT_PICK: Final = """
SELECT reservation.id, lot.id, location.id, location.code, reservation.quantity, lot.under_bond,
       unit.number, product.sku, product.gtin, count(*) OVER ()
  FROM reservation
  JOIN lot ON lot.id = reservation.lot_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  JOIN product ON product.id = lot.product_id
  JOIN location ON location.id = reservation.location_id
 WHERE reservation.order_line_id IN (SELECT id FROM order_line WHERE order_id = %(order_id)s)
   AND reservation.state = 'held'
 ORDER BY lot.accepted_at, lot.declaration_number, lot.line_number, location.code, reservation.id
 LIMIT 1
"""

# Reservations take a step in their life all together; those that cannot are left out.
STEP: Final = """
UPDATE reservation SET state = %(state)s, location_id = coalesce(%(location_id)s, location_id)
 WHERE id = ANY(%(reservations)s) AND state = ANY(%(before)s) RETURNING id
"""

PICKED: Final = """
SELECT reservation.id, reservation.lot_id, reservation.location_id, reservation.quantity,
       lot.under_bond, lot.number
  FROM reservation JOIN lot ON lot.id = reservation.lot_id
 WHERE reservation.order_line_id IN (SELECT id FROM order_line WHERE order_id = %(order_id)s)
   AND reservation.state = 'picked'
 ORDER BY lot.id, reservation.id FOR NO KEY UPDATE OF lot
"""


def next_pick(work: Work, order_id: UUID) -> Pick | None:
    """The goods to be taken next for an order; None when all are taken."""
    row = work.sql(NEXT_PICK, order_id=order_id).fetchone()
    return None if row is None else Pick(*row)


def hold_next_pick(work: Work, order_id: UUID) -> Pick | None:
    """The goods to be taken next, held where they stand; the caller holds the shipment."""
    if seen := next_pick(work, order_id):
        ledger.lock(work, [seen.lot_id])
        return next_pick(work, order_id)
    return None


def pick(work: Work, premises_id: UUID, goods: Pick, *, scan_id: UUID) -> str:
    """Carry held *goods* from their bin to the staging place; return that place's code."""
    stage = inbound.place_of_kind(work, premises_id, LocationKind.STAGE)
    line = ledger.Line(
        goods.lot_id,
        goods.location_id,
        goods.quantity,
        goods.under_bond,
        reserved=goods.quantity,
        reservation_id=goods.reservation_id,
    )
    ledger.post(work, MovementKind.PICK, [line], target_id=stage.id, scan_id=scan_id)
    _step(work, [goods.reservation_id], ReservationState.PICKED, location_id=stage.id)
    return stage.code


def issue(
    work: Work,
    premises_id: UUID,
    order_id: UUID,
    released: Sequence[Released],
    *,
    scan_id: UUID,
) -> None:
    """Send what was picked for an order out into home use, as far as it was *released*.

    Raises:
        ReleaseTooSmall: more was picked of a lot than was released.
    """
    home_use = inbound.place_of_kind(work, premises_id, LocationKind.HOME_USE)
    picked = [_Picked(*row) for row in work.sql(PICKED, order_id=order_id)]
    ledger.post(
        work,
        MovementKind.ISSUE,
        list(_covered(picked, released)),
        target_id=home_use.id,
        target_virtual=True,
        scan_id=scan_id,
    )
    _step(work, [each.reservation_id for each in picked], ReservationState.ISSUED)


class _Picked(NamedTuple):
    reservation_id: UUID
    lot_id: UUID
    location_id: UUID
    quantity: Decimal
    under_bond: bool
    lot: str


def _covered(picked: Sequence[_Picked], released: Sequence[Released]) -> Iterator[ledger.Line]:
    """The lines that send *picked* out, each within one line of the release."""
    left = {each.release_line_id: each.quantity for each in released}
    for goods in picked:
        wanted = goods.quantity
        for each in released:
            if each.lot_id != goods.lot_id:
                continue
            share = min(wanted, left[each.release_line_id])
            if share:
                left[each.release_line_id] -= share
                wanted -= share
                yield ledger.Line(
                    goods.lot_id,
                    goods.location_id,
                    share,
                    goods.under_bond,
                    reserved=share,
                    release_line_id=each.release_line_id,
                    reservation_id=goods.reservation_id,
                )
        if wanted:
            raise ReleaseTooSmall(
                lot=goods.lot, released=goods.quantity - wanted, picked=goods.quantity
            )


def _step(
    work: Work,
    reservations: Sequence[UUID],
    state: ReservationState,
    location_id: UUID | None = None,
) -> None:
    taken = work.sql(
        STEP,
        reservations=list(reservations),
        state=state.value,
        before=[each.value for each in RESERVATION.before(state)],
        location_id=location_id,
    ).fetchall()
    assert len(taken) == len(reservations), "the shipment's lock keeps them as they were read"
