"""Goods come to a place: whether they may stand there, asked under the place's lock.

`segregation` is the rule; this reads what it needs.  Only a place that has a limit, or that keeps
something apart, is held against others who come: the rest is entered side by side.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import locks
from warehouse.inventory.errors import (
    LayersApart,
    LocationLocked,
    MayNotStand,
    MethodsApart,
    OwnersApart,
    PlaceFull,
    RegimesApart,
)
from warehouse.inventory.inbound import Place
from warehouse.inventory.segregation import (
    Bound,
    Content,
    Objection,
    Share,
    objection,
    wrong_regime,
)
from warehouse.inventory.vocabulary import STORED, LocationKind, Regime, StockMethod, Velocity

REFUSALS: Final[Mapping[Objection, type[MayNotStand]]] = {
    Objection.REGIME: RegimesApart,
    Objection.OWNERS: OwnersApart,
    Objection.METHODS: MethodsApart,
    Objection.LAYERS: LayersApart,
    Objection.FULL: PlaceFull,
}

_AT_ONCE: Final = 20  # bins that are looked into together

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

ENTER: Final = "SELECT FROM location WHERE id = %(id)s FOR KEY SHARE"
ENTER_ALONE: Final = "SELECT FROM location WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"

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

# Bins of a kind for goods of one customs status, none locked down: the nearest first (by the
# beginning of its code), then those for goods that go as fast, then where the like was put lately.
BINS: Final = """
WITH RECURSIVE within AS (
    SELECT id FROM location WHERE id = %(zone_id)s
    UNION ALL
    SELECT location.id FROM location JOIN within ON location.parent_id = within.id
), locked AS (
    SELECT location_id AS id FROM location_lock WHERE closed_at IS NULL
    UNION ALL
    SELECT location.id FROM location JOIN locked ON location.parent_id = locked.id
), alike AS (
    SELECT DISTINCT location_id
      FROM unnest(%(products)s::uuid[]) AS wanted (id)
     CROSS JOIN LATERAL (SELECT id FROM lot WHERE product_id = wanted.id
                          ORDER BY accepted_at DESC LIMIT 50) AS latest
      JOIN balance ON balance.lot_id = latest.id AND balance.quantity > 0
)
SELECT id, code, kind FROM location
 WHERE premises_id = %(premises_id)s AND kind = %(kind)s AND regime = %(regime)s
   AND (%(zone_id)s::uuid IS NULL OR id IN (SELECT id FROM within))
   AND id NOT IN (SELECT id FROM locked) AND id <> ALL(%(besides)s)
 ORDER BY (SELECT count(*) FROM generate_series(1, length(%(near)s)) AS length
            WHERE left(code, length) = left(%(near)s, length)) DESC,
          %(velocity)s::text IS NOT NULL AND velocity IS DISTINCT FROM %(velocity)s,
          id IN (SELECT location_id FROM alike) DESC, code
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


def approach(work: Work, place: Place) -> Entrance:
    """Hold *place* for goods that are to come; before their lots are locked.

    Held so, it is not locked down, and where something is asked nobody else enters.
    """
    entrance = _entrances(work, [place])[place.id]
    if entrance.asking:
        work.sql(ENTER_ALONE, ids=[place.id, *(bound.id for bound in entrance.asking)])
    else:
        work.sql(ENTER, id=place.id)
    return entrance


def admit(
    work: Work,
    premises_id: UUID,
    entrance: Entrance,
    moving: Sequence[Moving],
    *,
    units: Iterable[UUID] | None = None,
) -> None:
    """Go on only if *moving*, whose lots are locked, may leave where it is and stand there.

    *units* are the outermost handling units that come, if that is not what they are now.

    Raises:
        LocationLocked: the place, or one that the goods leave, is locked down.
        MayNotStand: something else is against it; it names the nearest lawful bin.
    """
    place = entrance.place
    for found in locks.locked(work, {place.id, *(each.location_id for each in moving)}):
        facts: dict[str, str | None] = {
            "locked": found.locked,
            "reason": found.reason,
            "person": found.person,
        }
        if found.location_id == place.id:
            facts["instead"] = _instead(work, premises_id, place, moving)
        raise LocationLocked(location=found.location, **facts)
    against = _against(work, [entrance], moving, units).get(place.id)
    if against is not None:
        instead = _instead(work, premises_id, place, moving)
        raise REFUSALS[against](location=place.code, instead=instead)


def lawful_bin(
    work: Work,
    premises_id: UUID,
    moving: Sequence[Moving],
    *,
    kind: LocationKind = LocationKind.STORE,
    near: str = "",
    zone_id: UUID | None = None,
    velocity: Velocity | None = None,
    besides: Collection[UUID] = (),
) -> Place | None:
    """The first bin of *kind* where *moving* may stand now: the nearest to the code *near*."""
    regimes = {each.regime for each in moving}
    if len(regimes) != 1:
        return None
    bins = [
        Place(*row)
        for row in work.sql(
            BINS,
            premises_id=premises_id,
            kind=kind,
            regime=regimes.pop(),
            near=near,
            zone_id=zone_id,
            velocity=velocity,
            products=list({each.product_id for each in moving}),
            besides=list(besides),
        )
    ]
    for start in range(0, len(bins), _AT_ONCE):
        some = bins[start : start + _AT_ONCE]
        against = _against(work, list(_entrances(work, some).values()), moving)
        for each in some:
            if each.id not in against:
                return each
    return None


def _instead(work: Work, premises_id: UUID, place: Place, moving: Sequence[Moving]) -> str | None:
    kind = LocationKind(place.kind)
    found = lawful_bin(
        work,
        premises_id,
        moving,
        kind=kind if kind in STORED else LocationKind.STORE,
        near=place.code,
        besides={place.id, *(each.location_id for each in moving)},
    )
    return found and found.code


def _entrances(work: Work, places: Sequence[Place]) -> dict[UUID, Entrance]:
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


def _against(
    work: Work,
    entrances: Sequence[Entrance],
    moving: Sequence[Moving],
    units: Iterable[UUID] | None = None,
) -> dict[UUID, Objection]:
    """Which of the places object to *moving*, and why."""
    regimes = {each.regime for each in moving}
    found = {
        each.place.id: Objection.REGIME
        for each in entrances
        if each.regime is not None and wrong_regime(each.regime, regimes)
    }
    asking = {bound.id: bound for each in entrances for bound in each.asking}
    if not asking:
        return found
    present, coming = _present(work, asking, moving), _coming(work, moving)
    if units is not None:
        coming = Content(coming.shares, frozenset(units))
    for each in entrances:
        for bound in each.asking:
            against = objection(bound, present[bound.id], coming)
            if against is not None:
                found.setdefault(each.place.id, against)
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
