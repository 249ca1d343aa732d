"""Picked goods between bin and gate: at a staging place, maybe in a tote.  Plain SQL.

What is promised goes where the goods go.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core import db
from warehouse.core.work import Work
from warehouse.inventory import admission, commands, ledger
from warehouse.inventory.inbound import Place
from warehouse.inventory.models import Reservation
from warehouse.inventory.vocabulary import MovementKind, Regime, ReservationState


class Promised(NamedTuple):
    """So much of a lot that is promised to an order, and where it stands."""

    reservation_id: UUID
    lot_id: UUID
    location_id: UUID
    quantity: Decimal
    under_bond: bool
    product_id: UUID
    regime: Regime


class Packable(NamedTuple):
    """So much of a product, picked for an order from one parcel; *whole*: all that ever was in it.

    *net_weight_kg* is that of one.
    """

    product_id: UUID
    sku: str
    net_weight_kg: Decimal
    quantity: Decimal
    parcel_id: UUID
    parcel_weight_kg: Decimal | None
    whole: bool


PACKABLE: Final = """
SELECT product.id, product.sku, product.net_weight_kg, sum(reservation.quantity), unit.id,
       unit.weight_kg,
       sum(reservation.quantity) = (
           SELECT sum(quantity) FROM lot WHERE handling_unit_id = unit.id)
  FROM reservation JOIN order_line ON order_line.id = order_line_id
  JOIN lot ON lot.id = reservation.lot_id JOIN product ON product.id = lot.product_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
 WHERE order_id = %(order_id)s AND state = 'picked'
 GROUP BY product.id, unit.id ORDER BY product.sku, unit.number
"""

IN_TOTE: Final = """
UPDATE reservation SET container_id = %(tote_id)s FROM order_line
 WHERE order_line.id = order_line_id AND order_id = %(order_id)s AND state = 'picked'
"""

# Where a scan took promised goods from, there they are promised again.
BACK_WHERE_IT_WAS: Final = """
UPDATE reservation
   SET state = CASE movement.kind WHEN 'pick' THEN 'held' ELSE state END,
       location_id = movement.from_location_id,
       container_id = CASE movement.kind WHEN 'pick' THEN NULL ELSE container_id END
  FROM movement
 WHERE movement.scan_id = %(of_scan)s AND movement.kind IN ('pick', 'move')
   AND reservation.id = movement.reservation_id AND reservation.state = 'picked'
"""

OF_ORDER: Final = """
SELECT reservation.id, lot_id, location_id, reservation.quantity, lot.under_bond,
       lot.product_id, lot.regime
  FROM reservation JOIN order_line ON order_line.id = order_line_id JOIN lot ON lot.id = lot_id
 WHERE order_id = %(order_id)s AND state = %(state)s ORDER BY lot_id, reservation.id
"""

FOLLOW: Final = """
UPDATE reservation SET location_id = %(target_id)s, container_id = NULL
 WHERE id = ANY(%(reservations)s)
"""


def of_order(work: Work, order_id: UUID, state: ReservationState) -> list[Promised]:
    """What of an order is in *state*, its lots locked; the caller holds the shipment."""
    seen = work.sql(OF_ORDER, order_id=order_id, state=state.value).fetchall()
    ledger.lock(work, sorted({row[1] for row in seen}))
    rows = [Promised(*row) for row in work.sql(OF_ORDER, order_id=order_id, state=state.value)]
    return [each._replace(regime=Regime(each.regime)) for each in rows]


def packable(work: Work, order_id: UUID) -> list[Packable]:
    """What was picked for an order, to be packed."""
    return [Packable(*row) for row in work.sql(PACKABLE, order_id=order_id)]


def keep_in(work: Work, order_id: UUID, tote_id: UUID | None) -> None:
    """What was picked for an order lies in that tote, or in none."""
    work.sql(IN_TOTE, order_id=order_id, tote_id=tote_id)


def give_back(work: Work, goods: Sequence[Promised]) -> None:
    """End the promise of *goods*, locked: they are free where they stand."""
    promises = db.lock(work.session, Reservation, [each.reservation_id for each in goods])
    commands.free(work, list(promises.values()))
    work.session.flush()


def carry(work: Work, premises_id: UUID, order_id: UUID, target: Place, *, scan_id: UUID) -> None:
    """Carry what was picked for an order to *target*, out of any tote and still promised.

    Raises:
        LocationLocked, MayNotStand: it may not stand there.
    """
    entrance = admission.approach(work, target)
    goods = of_order(work, order_id, ReservationState.PICKED)
    moving = [each for each in goods if each.location_id != target.id]
    if not moving:
        return
    admission.admit(work, premises_id, entrance, moving)
    lines = [
        ledger.Line(
            each.lot_id,
            each.location_id,
            each.quantity,
            each.under_bond,
            reserved=each.quantity,
            reservation_id=each.reservation_id,
        )
        for each in moving
    ]
    ledger.post(work, MovementKind.MOVE, lines, target_id=target.id, scan_id=scan_id)
    work.sql(FOLLOW, reservations=[each.reservation_id for each in moving], target_id=target.id)


def put_back(
    work: Work, premises_id: UUID, order_id: UUID, target: Place, *, scan_id: UUID
) -> None:
    """Bring what was picked for an order back to *target*, promised to nobody any more.

    Raises:
        LocationLocked, MayNotStand: it may not stand there; the nearest lawful bin is named.
    """
    entrance = admission.approach(work, target)
    goods = of_order(work, order_id, ReservationState.PICKED)
    admission.admit(work, premises_id, entrance, goods)
    give_back(work, goods)
    lines = [
        ledger.Line(each.lot_id, each.location_id, each.quantity, each.under_bond) for each in goods
    ]
    ledger.post(work, MovementKind.MOVE, lines, target_id=target.id, scan_id=scan_id)


def take_back(work: Work, of_scan: UUID, *, scan_id: UUID) -> int:
    """Bring back where it was what scan *of_scan* picked or carried; return how many lines.

    Raises:
        NotReversible: the goods have moved on.
    """
    reversed_lines = ledger.reverse(work, of_scan, scan_id=scan_id)
    work.sql(BACK_WHERE_IT_WAS, of_scan=of_scan)
    return reversed_lines
