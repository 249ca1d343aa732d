"""Goods in: receive them, see where they stand.  Plain SQL, because this runs all day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import floor_policy, ledger
from warehouse.inventory.errors import LocationNotFound, ParcelNotFound
from warehouse.inventory.vocabulary import LocationKind, MovementKind

MANY: Final = 100
"""More parcels than can be on the way at once: the pools of all processes together are smaller."""


class Place(NamedTuple):
    """A location, as far as a movement needs it."""

    id: UUID
    code: str
    kind: str


class Standing(NamedTuple):
    """So much of a lot of a parcel in one place."""

    lot_id: UUID
    location_id: UUID
    location: str
    kind: str
    quantity: Decimal
    reserved: Decimal
    under_bond: bool
    sku: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel, and where what is left of it stands."""

    id: UUID
    number: str
    received_at: datetime | None
    standing: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A parcel that has just come.

    *first*: nothing of its consignment was here.  *waiting*: how many of its parcels are still to
    come, counted up to MANY.  *inspected*: it goes to inspection first.  *blind*: what is in it is
    counted by somebody who is not told.
    """

    handling_unit_id: UUID
    consignment_id: UUID
    location: str
    first: bool
    waiting: int
    inspected: bool
    blind: bool
    goods: tuple[tuple[str, Decimal], ...]


# A parcel is received by whoever turns its row first: everybody else finds it turned.  A parcel
# that was given up as missing stands at VARIANCE, and is found rather than received.  While its
# consignment waits for inspection, it goes there.
_ARRIVE: Final = """
WITH unit AS (
    UPDATE handling_unit SET received_at = %(at)s
     WHERE premises_id = %(premises_id)s AND number = ANY(%(numbers)s::text[])
       AND received_at IS NULL AND kind = 'parcel' AND location_id IS NULL
    RETURNING id, number, consignment_id, partner_id
), came AS (
    SELECT consignment_id, partner_id, count(*) AS amount FROM unit
     GROUP BY consignment_id, partner_id
), consignment AS (
    SELECT came.consignment_id, dock.id AS dock_id, dock.code AS dock,
           dock.kind = 'inspection' AS inspected,
           NOT EXISTS (SELECT FROM handling_unit AS other
                        WHERE other.consignment_id = came.consignment_id
                          AND other.received_at IS NOT NULL) AS first,
           (SELECT count(*) - came.amount
              FROM (SELECT FROM handling_unit AS other
                     WHERE other.consignment_id = came.consignment_id AND other.received_at IS NULL
                     LIMIT %(many)s + came.amount) AS still_to_come) AS waiting,
           {blind_receiving} = 'yes' AS blind
      FROM came JOIN partner ON partner.id = came.partner_id
      LEFT JOIN LATERAL (SELECT id, code, kind FROM location
                     WHERE premises_id = %(premises_id)s AND regime = (
                               SELECT lot.regime FROM lot JOIN unit ON unit.id = handling_unit_id
                                WHERE unit.consignment_id = came.consignment_id LIMIT 1)
                       AND kind = CASE WHEN EXISTS (
                               SELECT FROM hold WHERE hold.consignment_id = came.consignment_id
                                  AND hold.kind = 'inspection' AND closed_at IS NULL)
                           THEN 'inspection' ELSE 'receive' END
                     ORDER BY code LIMIT 1) AS dock ON true
)
SELECT unit.number, unit.id, consignment.*, lot.id, lot.quantity, lot.under_bond, product.sku,
       abroad.id
  FROM unit
  JOIN consignment ON consignment.consignment_id = unit.consignment_id
  JOIN lot ON lot.handling_unit_id = unit.id
  JOIN product ON product.id = lot.product_id
  LEFT JOIN location AS abroad ON abroad.premises_id = %(premises_id)s AND abroad.kind = 'abroad'
 ORDER BY lot.id
"""
ARRIVE: Final = _ARRIVE.format(
    blind_receiving=floor_policy.IN_FORCE.format(rule="blind_receiving", key="partner.code")
)

WAITING: Final = """
SELECT count(*) FROM handling_unit
 WHERE consignment_id = %(consignment_id)s AND received_at IS NULL AND kind = 'parcel'
"""

# What came out of repacking belongs to the consignment too, and did not come with it.
PROGRESS: Final = """
SELECT count(*), count(received_at) FROM handling_unit
 WHERE consignment_id = %(consignment_id)s AND kind = 'parcel'
   AND NOT EXISTS (SELECT FROM lot WHERE handling_unit_id = handling_unit.id AND origin = 'handled')
"""

_PARCEL: Final = """
SELECT unit.id, unit.number, unit.received_at, lot.id, balance.location_id, location.code,
       location.kind, balance.quantity, balance.reserved, lot.under_bond, product.sku
  FROM handling_unit AS unit
  JOIN lot ON lot.handling_unit_id = unit.id
  JOIN product ON product.id = lot.product_id
  LEFT JOIN balance ON balance.lot_id = lot.id AND balance.quantity > 0
  LEFT JOIN location ON location.id = balance.location_id
 WHERE unit.premises_id = %(premises_id)s AND {key}
 ORDER BY lot.id
"""
PARCEL_BY_NUMBER: Final = _PARCEL.format(key="unit.number = %(number)s")
PARCEL_BY_ID: Final = _PARCEL.format(key="unit.id = %(id)s")

PLACE: Final = """
SELECT id, code, kind FROM location WHERE premises_id = %(premises_id)s AND code = %(code)s
"""

PLACE_OF_KIND: Final = """
SELECT id, code, kind FROM location
 WHERE premises_id = %(premises_id)s AND kind = %(kind)s AND (virtual OR regime = 'bonded')
 ORDER BY code LIMIT 1
"""


def receive(work: Work, premises_id: UUID, number: str, *, scan_id: UUID) -> Receipt | None:
    """Take parcel *number* in from abroad, as it was announced; None if none is awaited here.

    Raises:
        LocationNotFound: there is no dock, or no place for inspection where one is needed.
    """
    return receive_all(work, premises_id, {number: scan_id}).get(number)


def receive_all(work: Work, premises_id: UUID, scans: Mapping[str, UUID]) -> Mapping[str, Receipt]:
    """Take the parcels whose numbers these *scans* read in from abroad, those that are awaited.

    Goods that came have no balance yet that somebody else could change, so the parcels' rows are
    the only lock.  *first* and *waiting* of each receipt are said of all of them together.

    Raises:
        LocationNotFound: there is no dock, or no place for inspection where one is needed.
    """
    rows = work.sql(
        ARRIVE,
        premises_id=premises_id,
        numbers=list(scans),
        at=work.at,
        on=work.today,
        many=MANY,
    ).fetchall()
    lines: dict[UUID, list[ledger.Line]] = {}
    receipts: dict[str, Receipt] = {}
    for number, unit_id, *of_consignment, lot_id, quantity, under_bond, sku, abroad_id in rows:
        consignment_id, dock_id, dock, inspected, first, waiting, blind = of_consignment
        if dock_id is None:
            raise LocationNotFound(code=LocationKind.INSPECTION.value)
        lines.setdefault(dock_id, []).append(
            ledger.Line(lot_id, abroad_id, quantity, under_bond, scan_id=scans[number])
        )
        earlier = receipts[number].goods if number in receipts else ()
        receipts[number] = Receipt(
            unit_id,
            consignment_id,
            dock,
            first,
            waiting,
            inspected,
            blind,
            (*earlier, (sku, quantity)),
        )
    for dock_id, each in lines.items():
        ledger.post(work, MovementKind.RECEIPT, each, target_id=dock_id, source_virtual=True)
    return receipts


def waiting(work: Work, consignment_id: UUID) -> int:
    """How many parcels of a consignment are still to come."""
    row = work.sql(WAITING, consignment_id=consignment_id).fetchone()
    assert row is not None, "a count is always there"
    return int(row[0])


def progress(work: Work, consignment_id: UUID) -> tuple[int, int]:
    """How many parcels a consignment has, and how many of them came."""
    row = work.sql(PROGRESS, consignment_id=consignment_id).fetchone()
    assert row is not None, "a count is always there"
    return int(row[0]), int(row[1])


def parcel_by_number(work: Work, premises_id: UUID, number: str) -> Parcel | None:
    """The parcel *number* of the premises, if it was announced, and where it stands."""
    return _parcel(work.sql(PARCEL_BY_NUMBER, premises_id=premises_id, number=number).fetchall())


def parcel_by_id(work: Work, premises_id: UUID, key: UUID) -> Parcel:
    """The parcel *key*, and where it stands.

    Raises:
        ParcelNotFound: it is not in these premises.
    """
    parcel = _parcel(work.sql(PARCEL_BY_ID, premises_id=premises_id, id=key).fetchall())
    if parcel is None:
        raise ParcelNotFound(parcel=str(key))
    return parcel


def place(work: Work, premises_id: UUID, code: str) -> Place:
    """The location *code* of the premises.

    Raises:
        LocationNotFound: there is none.
    """
    row = work.sql(PLACE, premises_id=premises_id, code=code).fetchone()
    if row is None:
        raise LocationNotFound(code=code)
    return Place(*row)


def place_of_kind(work: Work, premises_id: UUID, kind: LocationKind) -> Place:
    """The first place of *kind* in the premises; a real one is for bonded goods.

    Raises:
        LocationNotFound: there is none.
    """
    row = work.sql(PLACE_OF_KIND, premises_id=premises_id, kind=kind.value).fetchone()
    if row is None:
        raise LocationNotFound(code=kind.value)
    return Place(*row)


def _parcel(rows: Sequence[tuple[Any, ...]]) -> Parcel | None:
    if not rows:
        return None
    unit_id, number, received_at, *_ = rows[0]
    standing = tuple(Standing(*row[3:]) for row in rows if row[4] is not None)
    return Parcel(unit_id, number, received_at, standing)
