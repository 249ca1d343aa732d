"""Goods that are promised, taken from their bins.  Plain SQL, because this runs all day."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, ledger
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
    step(work, [goods.reservation_id], ReservationState.PICKED, location_id=stage.id)
    return stage.code


def step(
    work: Work,
    reservations: Sequence[UUID],
    state: ReservationState,
    location_id: UUID | None = None,
) -> None:
    """Let *reservations* take a step in their life; the caller holds their shipment."""
    taken = work.sql(
        STEP,
        reservations=list(reservations),
        state=state.value,
        before=[each.value for each in RESERVATION.before(state)],
        location_id=location_id,
    ).fetchall()
    assert len(taken) == len(reservations), "the shipment's lock keeps them as they were read"
