"""Pick bins are filled from the store, from the oldest layer, before they run empty."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import admission, ledger
from warehouse.inventory.errors import InsufficientStock
from warehouse.inventory.inbound import Place
from warehouse.inventory.vocabulary import MovementKind, Regime


class Need(NamedTuple):
    """A pick bin that may take *wanted* more of a product; *short*: it is below its least."""

    premises_id: UUID
    location_id: UUID
    location: str
    product_id: UUID
    sku: str
    wanted: Decimal
    short: bool


class Source(NamedTuple):
    """Goods in store that a pick bin is to be filled from; *alone*: no like lot is beside them."""

    lot_id: UUID
    location_id: UUID
    location: str
    quantity: Decimal
    under_bond: bool
    regime: Regime
    product_id: UUID
    unit_id: UUID
    parcel: str
    alone: bool


NEEDS: Final = """
SELECT place.premises_id, place.id, place.code, product.id, product.sku, rule.most - free.quantity,
       free.quantity < rule.least
  FROM replenishment_rule AS rule
  JOIN location AS place ON place.id = rule.location_id
  JOIN product ON product.id = rule.product_id
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(balance.quantity - balance.reserved), 0) AS quantity
         FROM balance JOIN lot ON lot.id = balance.lot_id
        WHERE balance.location_id = place.id AND lot.product_id = rule.product_id) AS free
 WHERE rule.most > free.quantity
   AND (%(location_id)s::uuid IS NULL OR place.id = %(location_id)s)
   AND (%(product_id)s::uuid IS NULL OR product.id = %(product_id)s)
 ORDER BY place.code, product.sku
"""

# First in first out, among what an order could be promised: bound, not held, not locked down.
OLDEST: Final = """
WITH RECURSIVE locked AS (
    SELECT location_id AS id FROM location_lock WHERE closed_at IS NULL
    UNION ALL
    SELECT location.id FROM location JOIN locked ON location.parent_id = locked.id
)
SELECT lot.id, location.id, location.code, balance.quantity - balance.reserved, lot.under_bond,
       lot.regime, lot.product_id, unit.id, unit.number,
       NOT EXISTS (SELECT FROM balance AS beside JOIN lot AS other ON other.id = beside.lot_id
                    WHERE beside.location_id = location.id AND beside.quantity > 0
                      AND other.product_id = lot.product_id AND other.id <> lot.id)
  FROM lot JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  JOIN balance ON balance.lot_id = lot.id AND balance.quantity > balance.reserved
  JOIN location ON location.id = balance.location_id AND location.kind = 'store'
 WHERE lot.product_id = %(product_id)s AND lot.premises_id = %(premises_id)s
   AND lot.accepted_at IS NOT NULL
   AND lot.regime = (SELECT regime FROM location WHERE id = %(target_id)s)
   AND location.id NOT IN (SELECT id FROM locked)
   AND NOT EXISTS (SELECT FROM holds_on(lot.id, location.id))
 ORDER BY lot.accepted_at, lot.declaration_number, lot.line_number, location.code, lot.id LIMIT 1
"""

HOLD_RULES: Final = "SELECT FROM replenishment_rule ORDER BY id FOR NO KEY UPDATE"


def needs(
    work: Work, *, location_id: UUID | None = None, product_id: UUID | None = None
) -> Sequence[Need]:
    """The pick bins that may take more: all, or those of a place or product."""
    rows = work.sql(NEEDS, location_id=location_id, product_id=product_id)
    return [Need(*row) for row in rows]


def hold_rules(work: Work) -> None:
    """Plan alone: of two who plan, the second sees what the first has planned."""
    work.sql(HOLD_RULES)


def oldest(work: Work, need: Need) -> Source | None:
    """The oldest layer in store that *need* can be filled from; None if nothing may be taken."""
    row = work.sql(
        OLDEST,
        product_id=need.product_id,
        premises_id=need.premises_id,
        target_id=need.location_id,
    ).fetchone()
    return None if row is None else Source(*row)


def fill(
    work: Work, need: Need, lot_id: UUID, target: Place, quantity: Decimal, *, scan_id: UUID
) -> None:
    """Carry *quantity* of a lot from the store to the pick bin *target*.

    Raises:
        InsufficientStock: it is no longer the oldest that may be taken, or less of it is free.
        LocationLocked, MayNotStand: see `admission.admit`.
    """
    entrance = admission.approach(work, target)
    ledger.lock(work, [lot_id])
    source = oldest(work, need)
    if source is None or source.lot_id != lot_id:
        raise InsufficientStock(goods=need.sku, available=Decimal(0), wanted=quantity)
    taken = source._replace(quantity=quantity, regime=Regime(source.regime))
    admission.admit(work, need.premises_id, entrance, [taken])
    line = ledger.Line(lot_id, source.location_id, quantity, source.under_bond)
    ledger.post(work, MovementKind.MOVE, [line], target_id=target.id, scan_id=scan_id)
