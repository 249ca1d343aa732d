"""The places of the premises as a tree: what stands where, what each may hold, what is locked."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory.errors import LocationNotFound
from warehouse.inventory.vocabulary import LocationKind, Regime


class Spot(NamedTuple):
    """A place, *depth* places deep; *path* names those around it and it, outermost first."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    kind: LocationKind
    regime: Regime
    depth: int
    path: str
    mixes_owners: bool
    mixes_layers: bool
    most_kg: Decimal | None
    most_litres: Decimal | None
    most_parcels: int | None
    lots: int
    kg: Decimal
    locked_reason: str | None
    locked_by: str | None
    locked_at: datetime | None


class Standing(NamedTuple):
    """Goods that stand in a place."""

    lot: str
    parcel: str
    owner: str
    sku: str
    name_th: str
    name_en: str
    quantity: Decimal
    reserved: Decimal
    unit: str
    declaration_number: str | None
    line_number: int | None


_SPOTS: Final = """
WITH RECURSIVE hall AS (
    SELECT id, 0 AS depth, code::text AS path FROM location
     WHERE premises_id = %(premises_id)s AND NOT virtual AND parent_id IS NULL
    UNION ALL
    SELECT location.id, depth + 1, path || ' / ' || code FROM location
      JOIN hall ON location.parent_id = hall.id
)
SELECT location.id, code, name_th, name_en, kind, regime, depth, path, mixes_owners, mixes_layers,
       most_kg, most_litres, most_parcels, there.lots, there.kg,
       lock.reason, lock.opened_by, lock.opened_at
  FROM hall JOIN location ON location.id = hall.id
  LEFT JOIN location_lock AS lock ON lock.location_id = location.id AND lock.closed_at IS NULL
 CROSS JOIN LATERAL (
       SELECT count(*) AS lots, coalesce(sum(balance.quantity * net_weight_kg), 0) AS kg
         FROM balance JOIN lot ON lot.id = balance.lot_id JOIN product ON product.id = product_id
        WHERE balance.location_id = location.id AND balance.quantity > 0) AS there
 WHERE {chosen}
 ORDER BY path LIMIT %(limit)s
"""
SPOTS: Final = _SPOTS.format(chosen="path > %(after)s AND code ILIKE %(wanted)s")
SPOT: Final = _SPOTS.format(chosen="code = %(code)s")

STANDING: Final = """
SELECT lot.number, unit.number, partner.code, product.sku, product.name_th, product.name_en,
       balance.quantity, balance.reserved, lot.unit, declaration_number, line_number
  FROM balance JOIN lot ON lot.id = balance.lot_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  JOIN partner ON partner.id = lot.partner_id JOIN product ON product.id = lot.product_id
 WHERE balance.location_id = %(id)s AND balance.quantity > 0
 ORDER BY accepted_at, declaration_number, line_number, lot.number LIMIT %(limit)s
"""


def spots(
    work: Work, premises_id: UUID, *, wanted: str = "", after: str = "", limit: int
) -> Sequence[Spot]:
    """The real places of the premises after the path *after*, each behind the one it lies in.

    *wanted*: only those whose code has it.
    """
    pattern = f"%{_literal(wanted)}%"
    rows = work.sql(SPOTS, premises_id=premises_id, wanted=pattern, after=after, limit=limit)
    return [Spot(*row) for row in rows]


def spot(work: Work, premises_id: UUID, code: str) -> Spot:
    """The real place *code* of the premises.

    Raises:
        LocationNotFound: there is none.
    """
    row = work.sql(SPOT, premises_id=premises_id, code=code, limit=1).fetchone()
    if row is None:
        raise LocationNotFound(code=code)
    return Spot(*row)


def standing(work: Work, spot_id: UUID, *, limit: int) -> Sequence[Standing]:
    """What stands in a place, the oldest layer first."""
    return [Standing(*row) for row in work.sql(STANDING, id=spot_id, limit=limit)]


def _literal(wanted: str) -> str:
    """*wanted* where ``%`` and ``_`` stand for themselves."""
    return wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
