"""Where goods stand inside the hall: parcels, containers, and what of them can be carried."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory.errors import ParcelNotFound
from warehouse.inventory.inbound import Place
from warehouse.inventory.vocabulary import CONTAINERS, LocationKind, Regime, UnitKind


class Stand(NamedTuple):
    """So much of a lot in one place, free or promised, and not picked yet."""

    lot_id: UUID
    location_id: UUID
    location: str
    kind: LocationKind
    quantity: Decimal
    reserved: Decimal
    under_bond: bool
    regime: Regime
    partner_id: UUID
    product_id: UUID
    sku: str


class Unit(NamedTuple):
    """A handling unit: a parcel, or a container of others."""

    id: UUID
    number: str
    kind: UnitKind
    parent_id: UUID | None
    location_id: UUID | None
    received_at: datetime | None

    @property
    def is_container(self) -> bool:
        """Whether it is made to hold others."""
        return self.kind in CONTAINERS


WITHIN: Final = """
WITH RECURSIVE within AS (
    SELECT id, 1 AS depth FROM handling_unit WHERE id = %(id)s
    UNION ALL
    SELECT unit.id, depth + 1 FROM handling_unit AS unit JOIN within ON unit.parent_id = within.id
)
"""
_UNIT: Final = """
SELECT id, number, kind, parent_id, location_id, received_at FROM handling_unit
 WHERE id = ANY(%(ids)s) AND premises_id = %(premises_id)s
"""
UNIT_LOCKED: Final = f"{_UNIT} ORDER BY id FOR NO KEY UPDATE"
UNITS_AT: Final = """
SELECT number FROM handling_unit
 WHERE location_id = %(id)s AND parent_id IS NULL ORDER BY number
"""
PLACES: Final = "SELECT id, code, kind FROM location WHERE id = ANY(%(ids)s) ORDER BY id"

# What stands of the chosen lots and was not picked; the places are held against lock-downs.
_STANDS: Final = """
SELECT balance.lot_id, location.id, location.code, location.kind,
       balance.quantity - picked.quantity, balance.reserved - picked.quantity,
       lot.under_bond, lot.regime, lot.partner_id, lot.product_id, product.sku
  FROM balance JOIN lot ON lot.id = balance.lot_id JOIN product ON product.id = lot.product_id
  JOIN location ON location.id = balance.location_id
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(reservation.quantity), 0) AS quantity FROM reservation
        WHERE reservation.lot_id = balance.lot_id AND state = 'picked'
          AND reservation.location_id = balance.location_id) AS picked
 WHERE balance.quantity > picked.quantity AND {chosen}
 ORDER BY balance.lot_id, location.code {locked}
"""
_WITHIN_UNIT: Final = "lot.handling_unit_id IN ({within} SELECT id FROM within)"
_OF_UNIT: Final = _WITHIN_UNIT.format(within=WITHIN)
_AT_PLACE: Final = "balance.location_id = %(id)s"
STANDS_OF_UNIT: Final = _STANDS.format(chosen=_OF_UNIT, locked="")
HOLD_STANDS_OF_UNIT: Final = _STANDS.format(chosen=_OF_UNIT, locked="FOR KEY SHARE OF location")
STANDS_AT: Final = _STANDS.format(chosen=_AT_PLACE, locked="")
HOLD_STANDS_AT: Final = _STANDS.format(chosen=_AT_PLACE, locked="FOR KEY SHARE OF location")


def unit_by_id(work: Work, premises_id: UUID, unit_id: UUID) -> Unit:
    """The handling unit *unit_id*.

    Raises:
        ParcelNotFound: it is not in these premises.
    """
    row = work.sql(_UNIT, ids=[unit_id], premises_id=premises_id).fetchone()
    if row is None:
        raise ParcelNotFound(parcel=str(unit_id))
    return _unit(row)


def stands(work: Work, unit: Unit) -> list[Stand]:
    """What of a parcel, or of all that is in a container, can be carried, and where it stands."""
    return carriable(unit, read(work, STANDS_OF_UNIT, unit.id))


def stands_at(work: Work, place_id: UUID) -> list[Stand]:
    """What stands in a place and can be carried."""
    return read(work, STANDS_AT, place_id)


def units_at(work: Work, place_id: UUID) -> list[str]:
    """The containers, and the unopened parcels, that stand in a place by themselves."""
    return [row[0] for row in work.sql(UNITS_AT, id=place_id)]


def places(work: Work, keys: Sequence[UUID]) -> list[Place]:
    """The places *keys*, in key order: so they are locked."""
    return [Place(*row) for row in work.sql(PLACES, ids=list(keys))]


def hold_rows(work: Work, premises_id: UUID, keys: Sequence[UUID]) -> list[Unit]:
    """The handling units *keys* of the premises, locked in key order."""
    rows = work.sql(UNIT_LOCKED, ids=list(keys), premises_id=premises_id)
    return [_unit(row) for row in rows]


def carriable(unit: Unit, standing: Sequence[Stand]) -> list[Stand]:
    """What of *standing* goes with *unit*: of a container, what stands where it was put down.

    Of a parcel, not what was taken out of it into a pick bin, unless that is all there is.
    """
    if unit.is_container:
        places = {unit.location_id} if unit.location_id else {each.location_id for each in standing}
        return [each for each in standing if each.location_id in places]
    whole = [each for each in standing if each.kind is not LocationKind.PICK]
    return whole or list(standing)


def read(work: Work, statement: str, key: UUID) -> list[Stand]:
    """What one of the statements above finds for *key*."""
    return [
        Stand(lot, place, code, LocationKind(kind), there, held, bonded, Regime(regime), *of)
        for lot, place, code, kind, there, held, bonded, regime, *of in work.sql(statement, id=key)
    ]


def _unit(row: tuple[Any, ...]) -> Unit:
    key, number, kind, *rest = row
    return Unit(key, number, UnitKind(kind), *rest)
