"""Goods out: send out what is picked and released.  Plain SQL, as for goods in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import holds, ledger, picking
from warehouse.inventory.errors import ReleaseTooSmall
from warehouse.inventory.vocabulary import MovementKind, ReservationState


@dataclass(frozen=True, slots=True)
class Released:
    """How much of a lot customs lets go."""

    release_line_id: UUID
    lot_id: UUID
    quantity: Decimal


PICKED: Final = """
SELECT reservation.id, reservation.lot_id, reservation.location_id, reservation.quantity,
       lot.under_bond, lot.number
  FROM reservation JOIN lot ON lot.id = reservation.lot_id
 WHERE reservation.order_line_id IN (SELECT id FROM order_line WHERE order_id = %(order_id)s)
   AND reservation.state = 'picked'
 ORDER BY lot.id, reservation.id FOR NO KEY UPDATE OF lot
"""

# Where the goods of an order go: to a buyer in the country, or abroad.
OUTSIDE: Final = """
SELECT location.id FROM location JOIN customer_order ON customer_order.id = %(order_id)s
 WHERE location.premises_id = %(premises_id)s
   AND location.kind = CASE country WHEN 'TH' THEN 'home_use' ELSE 'exported' END
"""


def issue(
    work: Work,
    premises_id: UUID,
    order_id: UUID,
    released: Sequence[Released],
    *,
    scan_id: UUID,
) -> None:
    """Send what was picked for an order out: into home use, or to a buyer abroad.

    Bonded goods leave as far as they were *released*; of others what needs no release, leaves.

    Raises:
        GoodsHeld: a hold stops it (invariant I-6).
        ReleaseTooSmall: more was picked of a lot than was released.
    """
    picked = [_Picked(*row) for row in work.sql(PICKED, order_id=order_id)]
    holds.refuse_held(work, order_id)  # after the lots are locked: whoever holds them waits, or did
    ledger.post(
        work,
        MovementKind.ISSUE,
        list(_covered(picked, released)),
        target_id=_outside(work, premises_id, order_id),
        target_virtual=True,
        scan_id=scan_id,
    )
    picking.step(work, [each.reservation_id for each in picked], ReservationState.ISSUED)


def _outside(work: Work, premises_id: UUID, order_id: UUID) -> UUID:
    row = work.sql(OUTSIDE, premises_id=premises_id, order_id=order_id).fetchone()
    assert row is not None, "a warehouse has its far ends"
    key: UUID = row[0]
    return key


class _Picked(NamedTuple):
    reservation_id: UUID
    lot_id: UUID
    location_id: UUID
    quantity: Decimal
    under_bond: bool
    lot: str


def _covered(picked: Sequence[_Picked], released: Sequence[Released]) -> Iterator[ledger.Line]:
    """The lines that send *picked* out: what is bonded, each within one line of the release."""
    left = {each.release_line_id: each.quantity for each in released}
    named = {each.lot_id for each in released}
    for goods in picked:
        if not goods.under_bond and goods.lot_id not in named:
            yield ledger.Line(
                goods.lot_id,
                goods.location_id,
                goods.quantity,
                under_bond=False,
                reserved=goods.quantity,
                reservation_id=goods.reservation_id,
            )
            continue
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
