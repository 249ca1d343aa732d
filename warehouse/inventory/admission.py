"""Goods come to a place: whether they may stand there, asked under the place's lock.

`segregation` is the rule; this reads what it needs.  Only a place that has a limit, or that keeps
something apart, is held against others who come: the rest is entered side by side.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import locks, occupancy
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
from warehouse.inventory.occupancy import Entrance, Moving
from warehouse.inventory.segregation import Objection
from warehouse.inventory.vocabulary import STORED, LocationKind, Velocity

REFUSALS: Final[Mapping[Objection, type[MayNotStand]]] = {
    Objection.REGIME: RegimesApart,
    Objection.OWNERS: OwnersApart,
    Objection.METHODS: MethodsApart,
    Objection.LAYERS: LayersApart,
    Objection.FULL: PlaceFull,
}

_AT_ONCE: Final = 20  # bins that are looked into together

ENTER: Final = "SELECT FROM location WHERE id = %(id)s FOR KEY SHARE"
ENTER_ALONE: Final = "SELECT FROM location WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"

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


def approach(work: Work, place: Place) -> Entrance:
    """Hold *place* for goods that are to come; before their lots are locked.

    Held so, it is not locked down, and where something is asked nobody else enters.
    """
    entrance = occupancy.entrances(work, [place])[place.id]
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
    against = occupancy.against(work, [entrance], moving, units).get(place.id)
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
        against = occupancy.against(work, list(occupancy.entrances(work, some).values()), moving)
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
