"""Promised goods are taken from their bins.  Plain SQL, because this runs all day."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import ledger
from warehouse.inventory.errors import LocationNotFound
from warehouse.inventory.inbound import Place
from warehouse.inventory.vocabulary import (
    OPEN_TO_RELEASE,
    RESERVATION,
    LocationKind,
    MovementKind,
    Regime,
    ReservationState,
)


class Pick(NamedTuple):
    """The next goods to be taken for an order; *left* counts them and those after.

    *container_id* is the tote that has others of the order; *held*: a hold stops them.
    """

    reservation_id: UUID
    order_id: UUID
    order_line_id: UUID
    lot_id: UUID
    location_id: UUID
    location: str
    quantity: Decimal
    regime: Regime
    parcel: str
    product_id: UUID
    sku: str
    batch: str | None
    serial: str | None
    container_id: UUID | None
    held: bool
    left: int


# For one order first in first out, as it was promised: the oldest import line is taken first.  For
# several, and they walk together, bin by bin.  What is held, and what was passed over, comes last.
# A tote that has some of an order's goods gets the others.
NEXT_PICK: Final = """
SELECT reservation.id, order_line.order_id, order_line.id, lot.id, location.id, location.code,
       reservation.quantity, lot.regime, unit.number, product.id, product.sku,
       lot.batch, lot.serial,
       (SELECT other.container_id FROM reservation AS other
          JOIN order_line AS near ON near.id = other.order_line_id
         WHERE near.order_id = order_line.order_id AND other.state = 'picked'
           AND other.container_id IS NOT NULL LIMIT 1),
       EXISTS (SELECT FROM holds_on(lot.id, location.id) WHERE kind <> ALL(%(open)s)) AS held,
       count(*) OVER ()
  FROM reservation
  JOIN order_line ON order_line.id = reservation.order_line_id
  JOIN lot ON lot.id = reservation.lot_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  JOIN product ON product.id = lot.product_id
  JOIN location ON location.id = reservation.location_id
 WHERE order_line.order_id = ANY(%(orders)s) AND reservation.state = 'held'
   AND reservation.id <> ALL(%(missing)s)
   AND (%(zone)s::uuid IS NULL OR location.id IN (
        WITH RECURSIVE inside AS (
            SELECT id FROM location WHERE id = %(zone)s
            UNION ALL
            SELECT location.id FROM location JOIN inside ON location.parent_id = inside.id)
        SELECT id FROM inside))
 ORDER BY held, reservation.id = ANY(%(passed)s),
          CASE WHEN cardinality(%(orders)s) > 1 THEN location.code END,
          lot.accepted_at, lot.declaration_number, lot.line_number, location.code, reservation.id
 LIMIT 1
"""

# Reservations take a step in their life all together; those that cannot are left out.
STEP: Final = """
UPDATE reservation
   SET state = %(state)s, location_id = coalesce(%(location_id)s, location_id),
       container_id = %(container_id)s
 WHERE id = ANY(%(reservations)s) AND state = ANY(%(before)s) RETURNING id
"""

# Between lanes, bins and the packing table: a staging place that is no route's lane goes first.
PACKING_PLACE: Final = """
SELECT id, code, kind FROM location
 WHERE premises_id = %(premises_id)s AND kind = 'stage' AND regime = %(regime)s
 ORDER BY EXISTS (SELECT FROM route WHERE stage_id = location.id), code LIMIT 1
"""

PRODUCTS_IN: Final = "SELECT product_id FROM lot WHERE handling_unit_id = %(unit_id)s"

LAYERS_AT: Final = """
SELECT count(*) FROM balance JOIN lot ON lot.id = lot_id
 WHERE location_id = %(location_id)s AND product_id = %(product_id)s AND balance.quantity > 0
"""

SPLIT: Final = """
WITH first AS (
    UPDATE reservation SET quantity = %(first)s WHERE id = %(reservation_id)s RETURNING *
)
INSERT INTO reservation (id, order_line_id, disposal_line_id, lot_id, location_id, container_id,
                         quantity, state, expires_at, at)
SELECT %(rest_id)s, order_line_id, disposal_line_id, lot_id, location_id, container_id,
       %(rest)s, state, expires_at, at
  FROM first
"""

# Free goods of the very lot, in other bins: nothing changes in what is declared.
ELSEWHERE: Final = """
SELECT balance.location_id, balance.quantity - balance.reserved
  FROM balance JOIN location ON location.id = location_id
 WHERE lot_id = %(lot_id)s AND location_id <> %(location_id)s AND location.kind IN ('store', 'pick')
   AND balance.quantity > balance.reserved
   AND NOT EXISTS (SELECT FROM holds_on(lot_id, location_id))
 ORDER BY location.code
"""
KEEP: Final = """
UPDATE balance SET reserved = reserved + %(quantity)s
 WHERE lot_id = %(lot_id)s AND location_id = %(location_id)s
"""
MOVE_PROMISE: Final = """
UPDATE reservation SET location_id = %(location_id)s WHERE id = %(reservation_id)s
"""


@dataclass(frozen=True, slots=True)
class Walk:
    """The orders that are picked together, the zone if only one is walked, what comes last.

    *passed*: reservations that the clerk passed over; *missing*: those whose goods are not there.
    """

    orders: tuple[UUID, ...]
    zone: UUID | None = None
    passed: tuple[UUID, ...] = ()
    missing: tuple[UUID, ...] = ()


def next_pick(work: Work, walk: Walk) -> Pick | None:
    """The goods to be taken next; None when all are taken."""
    row = work.sql(
        NEXT_PICK,
        orders=list(walk.orders),
        zone=walk.zone,
        passed=list(walk.passed),
        missing=list(walk.missing),
        open=list(OPEN_TO_RELEASE),
    ).fetchone()
    return None if row is None else Pick(*row)


def hold_next_pick(work: Work, walk: Walk) -> Pick | None:
    """The goods to be taken next, held where they stand; the caller holds the shipments."""
    if seen := next_pick(work, walk):
        ledger.lock(work, [seen.lot_id])
        return next_pick(work, walk)
    return None


def layers_at(work: Work, location_id: UUID, product_id: UUID) -> int:
    """How many lots of a product stand at a place: with several, the product's name says little."""
    row = work.sql(LAYERS_AT, location_id=location_id, product_id=product_id).fetchone()
    assert row is not None, "a count is always there"
    return int(row[0])


def products_in(work: Work, unit_id: UUID) -> set[UUID]:
    """The products of which there are, or were, some in a parcel."""
    return {product_id for (product_id,) in work.sql(PRODUCTS_IN, unit_id=unit_id)}


def pick(
    work: Work,
    premises_id: UUID,
    goods: Pick,
    *,
    scan_id: UUID,
    container_id: UUID | None = None,
) -> str:
    """Carry held *goods* from their bin to the packing table, maybe in a tote; return its code."""
    table = packing_place(work, premises_id, goods.regime)
    line = ledger.Line(
        goods.lot_id,
        goods.location_id,
        goods.quantity,
        goods.regime == Regime.BONDED,
        reserved=goods.quantity,
        reservation_id=goods.reservation_id,
    )
    ledger.post(work, MovementKind.PICK, [line], target_id=table.id, scan_id=scan_id)
    step(
        work,
        [goods.reservation_id],
        ReservationState.PICKED,
        location_id=table.id,
        container_id=container_id,
    )
    return table.code


def packing_place(work: Work, premises_id: UUID, regime: Regime = Regime.BONDED) -> Place:
    """Where picked goods of *regime* wait to be packed.

    Raises:
        LocationNotFound: the premises have no staging place for them.
    """
    row = work.sql(PACKING_PLACE, premises_id=premises_id, regime=regime).fetchone()
    if row is None:
        raise LocationNotFound(code=LocationKind.STAGE.value)
    return Place(*row)


def split(work: Work, goods: Pick, first: Decimal) -> tuple[Pick, Pick]:
    """Promise *goods*, held, in two parts: *first* of them, and the rest."""
    rest = goods._replace(reservation_id=ids.new_id(), quantity=goods.quantity - first)
    work.sql(
        SPLIT,
        reservation_id=goods.reservation_id,
        first=first,
        rest_id=rest.reservation_id,
        rest=rest.quantity,
    )
    return goods._replace(quantity=first), rest


def look_elsewhere(work: Work, goods: Pick) -> bool:
    """Promise *goods*, held and missing in their bin, from another bin of the very lot, if it can.

    From one that has them all: several would be more walks than a count.
    """
    for location_id, free in work.sql(
        ELSEWHERE, lot_id=goods.lot_id, location_id=goods.location_id
    ).fetchall():
        if free >= goods.quantity:
            lot = {"lot_id": goods.lot_id}
            work.sql(KEEP, **lot, location_id=goods.location_id, quantity=-goods.quantity)
            work.sql(KEEP, **lot, location_id=location_id, quantity=goods.quantity)
            work.sql(MOVE_PROMISE, location_id=location_id, reservation_id=goods.reservation_id)
            return True
    return False


def step(
    work: Work,
    reservations: Sequence[UUID],
    state: ReservationState,
    location_id: UUID | None = None,
    container_id: UUID | None = None,
) -> None:
    """Let *reservations* take a step in their life; the caller holds their shipment."""
    taken = work.sql(
        STEP,
        reservations=list(reservations),
        state=state.value,
        before=[each.value for each in RESERVATION.before(state)],
        location_id=location_id,
        container_id=container_id,
    ).fetchall()
    assert len(taken) == len(reservations), "the shipment's lock keeps them as they were read"
