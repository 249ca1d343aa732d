"""What stands in a place and in all that lies in it, as far as the rule of segregation asks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory.inbound import Place
from warehouse.inventory.segregation import (
    Bound,
    Content,
    Objection,
    Share,
    objection,
    wrong_regime,
)
from warehouse.inventory.vocabulary import STORED, LocationKind, Regime, StockMethod

# The places and all that lie around each; whether some owners here draw on layers, others on
# parcels; the customs status of the place itself.
BOUNDS: Final = """
WITH RECURSIVE around AS (
    SELECT id AS place_id, id, parent_id FROM location WHERE id = ANY(%(places)s)
    UNION ALL
    SELECT place_id, location.id, location.parent_id FROM location
      JOIN around ON around.parent_id = location.id
)
SELECT place_id, regime,
       EXISTS (SELECT FROM owner_method
                WHERE premises_id = location.premises_id AND method = 'specific'),
       location.id, kind, mixes_owners, mixes_layers, most_kg, most_litres, most_parcels
  FROM around JOIN location ON location.id = around.id
"""

# What a part of a parcel weighs and measures: its share of what was measured, or what its product
# says.  A layer that customs has not accepted yet is one of its own.
_SHARES: Final = """
SELECT bound_id, lot.partner_id, lot.product_id, coalesce(method, 'fifo'),
       coalesce(declaration_number || '/' || line_number, lot.id::text),
       sum(coalesce(unit.weight_kg * standing.quantity / whole.quantity,
                    product.net_weight_kg * standing.quantity)),
       sum(coalesce(unit.litres * standing.quantity / whole.quantity,
                    product.litres * standing.quantity,
                    unit.declared_litres * standing.quantity / whole.quantity, 0)),
       array_agg(DISTINCT outermost.id)
  FROM standing JOIN lot ON lot.id = standing.lot_id
  JOIN product ON product.id = lot.product_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  LEFT JOIN owner_method ON owner_method.premises_id = lot.premises_id
       AND owner_method.partner_id = lot.partner_id
 CROSS JOIN LATERAL (
       SELECT sum(quantity) AS quantity FROM lot WHERE handling_unit_id = unit.id) AS whole
 CROSS JOIN LATERAL (
       WITH RECURSIVE around AS (
           SELECT id, parent_id FROM handling_unit WHERE id = unit.id
           UNION ALL
           SELECT outer_unit.id, outer_unit.parent_id FROM handling_unit AS outer_unit
             JOIN around ON around.parent_id = outer_unit.id)
       SELECT id FROM around WHERE parent_id IS NULL) AS outermost
 GROUP BY 1, 2, 3, 4, 5
"""

# What stands within each of the places besides what is about to move.
PRESENT: Final = f"""
WITH RECURSIVE within AS (
    SELECT id AS bound_id, id FROM location WHERE id = ANY(%(bounds)s)
    UNION ALL
    SELECT bound_id, location.id FROM location JOIN within ON location.parent_id = within.id
), moving AS (
    SELECT * FROM unnest(%(lots)s::uuid[], %(sources)s::uuid[], %(quantities)s::numeric[])
        AS moving (lot_id, location_id, quantity)
), standing AS (
    SELECT bound_id, balance.lot_id, balance.quantity - coalesce(moving.quantity, 0) AS quantity
      FROM within JOIN balance ON balance.location_id = within.id
      LEFT JOIN moving ON moving.lot_id = balance.lot_id
           AND moving.location_id = balance.location_id
     WHERE balance.quantity > coalesce(moving.quantity, 0)
)
{_SHARES}
"""  # noqa: S608 (no words of a user)

COMING: Final = f"""
WITH standing AS (
    SELECT NULL::uuid AS bound_id, * FROM unnest(%(lots)s::uuid[], %(quantities)s::numeric[])
        AS moving (lot_id, quantity)
)
{_SHARES}
"""  # noqa: S608

# Units that stand there by themselves: containers, and parcels that nobody has opened.
UNITS: Final = """
WITH RECURSIVE within AS (
    SELECT id AS bound_id, id FROM location WHERE id = ANY(%(bounds)s)
    UNION ALL
    SELECT bound_id, location.id FROM location JOIN within ON location.parent_id = within.id
)
SELECT bound_id, unit.id FROM within JOIN handling_unit AS unit ON unit.location_id = within.id
 WHERE unit.parent_id IS NULL
"""


class Moving(Protocol):
    """So much of a lot that is to leave *location_id*."""

    @property
    def lot_id(self) -> UUID: ...  # noqa: D102
    @property
    def location_id(self) -> UUID: ...  # noqa: D102
    @property
    def quantity(self) -> Decimal: ...  # noqa: D102
    @property
    def regime(self) -> Regime: ...  # noqa: D102
    @property
    def product_id(self) -> UUID: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Entrance:
    """A place, held for what comes, and what it and the places around it ask."""

    place: Place
    regime: Regime | None
    asking: tuple[Bound, ...]


def entrances(work: Work, places: Sequence[Place]) -> dict[UUID, Entrance]:
    """What each of *places*, and those around it, ask of what comes."""
    regimes: dict[UUID, Regime | None] = {}
    asking: dict[UUID, list[Bound]] = defaultdict(list)
    for place_id, regime, two_methods, *bound in work.sql(
        BOUNDS, places=[place.id for place in places]
    ):
        found = Bound(bound[0], LocationKind(bound[1]), *bound[2:])
        if found.id == place_id:
            regimes[place_id] = regime and Regime(regime)
        if found.asks or (two_methods and found.id == place_id and found.kind in STORED):
            asking[place_id].append(found)
    return {
        place.id: Entrance(place, regimes[place.id], tuple(asking[place.id])) for place in places
    }


def against(
    work: Work,
    places: Sequence[Entrance],
    moving: Sequence[Moving],
    units: Iterable[UUID] | None = None,
) -> dict[UUID, Objection]:
    """Which of the places object to *moving*, and why.

    *units* are the outermost handling units that come, if that is not what they are now.
    """
    regimes = {each.regime for each in moving}
    found = {
        each.place.id: Objection.REGIME
        for each in places
        if each.regime is not None and wrong_regime(each.regime, regimes)
    }
    asking = {bound.id: bound for each in places for bound in each.asking}
    if not asking:
        return found
    present, coming = _present(work, asking, moving), _coming(work, moving)
    if units is not None:
        coming = Content(coming.shares, frozenset(units))
    for each in places:
        for bound in each.asking:
            said = objection(bound, present[bound.id], coming)
            if said is not None:
                found.setdefault(each.place.id, said)
    return found


def _present(
    work: Work, bounds: Mapping[UUID, Bound], moving: Sequence[Moving]
) -> Mapping[UUID | None, Content]:
    rows = work.sql(
        PRESENT,
        bounds=list(bounds),
        lots=[each.lot_id for each in moving],
        sources=[each.location_id for each in moving],
        quantities=[each.quantity for each in moving],
    )
    contents = _contents(rows.fetchall())
    limited = [bound.id for bound in bounds.values() if bound.most_parcels is not None]
    for bound_id, unit_id in work.sql(UNITS, bounds=limited).fetchall() if limited else ():
        contents[bound_id] += Content(units=frozenset({unit_id}))
    return contents


def _coming(work: Work, moving: Sequence[Moving]) -> Content:
    rows = work.sql(
        COMING,
        lots=[each.lot_id for each in moving],
        quantities=[each.quantity for each in moving],
    )
    return _contents(rows.fetchall())[None]


def _contents(rows: Iterable[tuple[Any, ...]]) -> defaultdict[UUID | None, Content]:
    shares: dict[UUID | None, list[Share]] = defaultdict(list)
    units: dict[UUID | None, set[UUID]] = defaultdict(set)
    for bound_id, partner_id, product_id, method, layer, kg, litres, outermost in rows:
        share = Share(partner_id, product_id, StockMethod(method), layer, kg, litres)
        shares[bound_id].append(share)
        units[bound_id].update(outermost)
    known = {key: Content(tuple(shares[key]), frozenset(units[key])) for key in shares}
    return defaultdict(Content, known)
