"""The end of a receipt: what is missing, what came later, what is taken back.

Goods that were announced and did not come stand at VARIANCE with a discrepancy, until they are
found or written off (Customs Act s.125).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import discrepancies, inbound, ledger
from warehouse.inventory.errors import WrittenOff
from warehouse.inventory.models import Discrepancy
from warehouse.inventory.vocabulary import (
    PHOTOGRAPHED,
    DiscrepancyKind,
    LocationKind,
    MovementKind,
    StockEvent,
)


@dataclass(frozen=True, slots=True)
class Absent:
    """A lot of a parcel that was announced and has not come."""

    unit_id: UUID
    parcel: str
    lot_id: UUID
    partner_id: UUID
    quantity: Decimal
    under_bond: bool
    sku: str


class Found(NamedTuple):
    """What was missing and came, and the place to bring it to."""

    goods: tuple[tuple[str, Decimal], ...]
    location: str


# Whoever has one of these in hand now is waited for, and what came meanwhile is not missing.
LOCK_AWAITED: Final = """
SELECT id FROM handling_unit
 WHERE consignment_id = %(consignment_id)s AND received_at IS NULL AND location_id IS NULL
   AND kind = 'parcel'
 ORDER BY id FOR NO KEY UPDATE
"""

ABSENT: Final = """
SELECT unit.id, unit.number, lot.id, lot.partner_id, lot.quantity, lot.under_bond, product.sku
  FROM handling_unit AS unit JOIN lot ON lot.handling_unit_id = unit.id
  JOIN product ON product.id = lot.product_id
 WHERE unit.id = ANY(%(units)s) ORDER BY lot.id
"""

GIVE_UP: Final = """
UPDATE handling_unit SET location_id = %(variance_id)s WHERE id = ANY(%(units)s)
"""


def awaited(work: Work, consignment_id: UUID) -> list[Absent]:
    """What of a consignment has not come, its parcels held so that it cannot come meanwhile."""
    units = [row[0] for row in work.sql(LOCK_AWAITED, consignment_id=consignment_id)]
    return [Absent(*row) for row in work.sql(ABSENT, units=units)]


def give_up(
    work: Work, premises_id: UUID, consignment_id: UUID, absent: Sequence[Absent]
) -> list[Discrepancy]:
    """What `awaited` told is missing: a discrepancy for each lot, whose clock runs from now."""
    ledger.lock(work, [each.lot_id for each in absent])
    abroad = inbound.place_of_kind(work, premises_id, LocationKind.ABROAD)
    variance = inbound.place_of_kind(work, premises_id, LocationKind.VARIANCE)
    opened = []
    for each in absent:
        discrepancy = discrepancies.open_case(
            work,
            DiscrepancyKind.SHORT,
            premises_id=premises_id,
            partner_id=each.partner_id,
            consignment_id=consignment_id,
            handling_unit_id=each.unit_id,
            lot_id=each.lot_id,
            quantity=each.quantity,
            expected=f"{each.quantity.normalize():f} × {each.sku}",
            found="0",
        )
        ledger.post(
            work,
            MovementKind.VARIANCE,
            [ledger.Line(each.lot_id, abroad.id, each.quantity, each.under_bond)],
            target_id=variance.id,
            source_virtual=True,
            target_virtual=True,
            discrepancy_id=discrepancy.id,
        )
        opened.append(discrepancy)
    work.sql(GIVE_UP, variance_id=variance.id, units=[each.unit_id for each in absent])
    return opened


# The parcel is found by whoever turns this row first.
COME_AFTER_ALL: Final = """
UPDATE handling_unit SET received_at = %(at)s, location_id = NULL
 WHERE id = %(unit_id)s AND received_at IS NULL AND location_id IS NOT NULL
RETURNING id
"""

# How much of each lot stands at VARIANCE, and the case that says so.
AT_VARIANCE: Final = """
SELECT lot.id, lot.under_bond, product.sku, there.id,
       sum(CASE WHEN movement.to_location_id = there.id THEN movement.quantity
                ELSE -movement.quantity END),
       (array_agg(movement.discrepancy_id ORDER BY movement.sequence DESC)
            FILTER (WHERE movement.kind = 'variance'))[1]
  FROM lot JOIN product ON product.id = lot.product_id
  JOIN movement ON movement.lot_id = lot.id
  JOIN location AS there ON there.kind = 'variance'
   AND there.id IN (movement.to_location_id, movement.from_location_id)
 WHERE lot.handling_unit_id = %(unit_id)s
 GROUP BY lot.id, lot.under_bond, product.sku, there.id ORDER BY lot.id
"""


def come_after_all(
    work: Work, premises_id: UUID, unit_id: UUID, parcel: str, *, scan_id: UUID
) -> Found | None:
    """A parcel that was given up has come: back from VARIANCE to the dock.

    None: somebody else has found it.

    Raises:
        WrittenOff: its goods were declared lost meanwhile.
    """
    if work.sql(COME_AFTER_ALL, unit_id=unit_id, at=work.at).fetchone() is None:
        return None
    work.sql("SELECT FROM lot WHERE handling_unit_id = %(id)s FOR NO KEY UPDATE", id=unit_id)
    dock = inbound.place_of_kind(work, premises_id, LocationKind.RECEIVE)
    rows: list[tuple[Any, ...]] = work.sql(AT_VARIANCE, unit_id=unit_id).fetchall()
    if any(quantity <= 0 for *_, quantity, _ in rows):
        raise WrittenOff(parcel=parcel)
    for lot_id, under_bond, _, variance_id, quantity, discrepancy_id in rows:
        ledger.post(
            work,
            MovementKind.FOUND,
            [ledger.Line(lot_id, variance_id, quantity, under_bond)],
            target_id=dock.id,
            source_virtual=True,
            scan_id=scan_id,
            discrepancy_id=discrepancy_id,
        )
    return Found(tuple((sku, quantity) for _, _, sku, _, quantity, _ in rows), dock.code)


# What of a case stands at VARIANCE.
OF_CASE: Final = """
SELECT there.id, lot.under_bond,
       sum(CASE WHEN movement.to_location_id = there.id THEN movement.quantity
                ELSE -movement.quantity END)
  FROM movement JOIN lot ON lot.id = movement.lot_id
  JOIN location AS there ON there.kind = 'variance'
   AND there.id IN (movement.to_location_id, movement.from_location_id)
 WHERE movement.discrepancy_id = %(case_id)s GROUP BY there.id, lot.under_bond
"""


def never_came(work: Work, case: Discrepancy) -> None:
    """Customs agrees that what *case* misses did not come: it is abroad still.

    Raises:
        NothingMissing: it misses none.
    """
    lot_id = discrepancies.missing_lot(case)
    ledger.lock(work, [lot_id])
    abroad = inbound.place_of_kind(work, case.premises_id, LocationKind.ABROAD)
    for variance_id, under_bond, quantity in work.sql(OF_CASE, case_id=case.id).fetchall():
        if quantity > 0:
            ledger.post(
                work,
                MovementKind.VARIANCE,
                [ledger.Line(lot_id, variance_id, quantity, under_bond)],
                target_id=abroad.id,
                source_virtual=True,
                target_virtual=True,
                discrepancy_id=case.id,
            )


RECEIVED_BY: Final = """
SELECT unit.id, unit.consignment_id
  FROM movement JOIN lot ON lot.id = movement.lot_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
 WHERE movement.scan_id = %(scan_id)s AND movement.kind = 'receipt' LIMIT 1
"""


def received_by(work: Work, scan_id: UUID) -> tuple[UUID, UUID] | None:
    """The parcel that a scan received, and its consignment."""
    row = work.sql(RECEIVED_BY, scan_id=scan_id).fetchone()
    return None if row is None else (row[0], row[1])


AWAIT_AGAIN: Final = """
UPDATE handling_unit SET received_at = NULL WHERE id = %(unit_id)s AND received_at IS NOT NULL
RETURNING id
"""


def await_again(work: Work, unit_id: UUID, of_scan: UUID, *, scan_id: UUID) -> None:
    """Take back that scan *of_scan* received a unit: counter-entries, and it is awaited again.

    Raises:
        NotReversible: its goods were carried on, or it was taken back before.
    """
    work.sql(AWAIT_AGAIN, unit_id=unit_id)
    ledger.reverse(work, of_scan, scan_id=scan_id)


RECEIVE_RECEPTACLE: Final = """
UPDATE handling_unit SET received_at = %(at)s
 WHERE id = %(unit_id)s AND received_at IS NULL AND kind = 'receptacle'
RETURNING id
"""
INSIDE: Final = """
SELECT count(*), count(*) FILTER (WHERE received_at IS NULL)
  FROM handling_unit WHERE parent_id = %(unit_id)s
"""


def receive_receptacle(work: Work, unit_id: UUID) -> tuple[int, int] | None:
    """A mail bag is here: how many parcels are announced in it, and how many are still to be read.

    None: it was here before.
    """
    if work.sql(RECEIVE_RECEPTACLE, unit_id=unit_id, at=work.at).fetchone() is None:
        return None
    row = work.sql(INSIDE, unit_id=unit_id).fetchone()
    assert row is not None, "a count is always there"
    return int(row[0]), int(row[1])


_UNPROVED: Final = """
SELECT number, id FROM discrepancy
 WHERE consignment_id = %(consignment_id)s AND state <> 'closed' AND kind = ANY(%(kinds)s)
   AND NOT EXISTS (SELECT FROM photo WHERE discrepancy_id = discrepancy.id)
 ORDER BY number LIMIT 1
"""


def without_photo(work: Work, consignment_id: UUID) -> tuple[str, UUID] | None:
    """A discrepancy of the consignment that still needs its photo: number and id."""
    row = work.sql(
        _UNPROVED,
        consignment_id=consignment_id,
        kinds=[kind.value for kind in PHOTOGRAPHED],
    ).fetchone()
    return None if row is None else (row[0], row[1])


_UNCOUNTED: Final = """
SELECT unit.number FROM handling_unit AS unit
 WHERE unit.consignment_id = %(consignment_id)s AND unit.received_at IS NOT NULL
   AND unit.kind = 'parcel'
   AND NOT EXISTS (SELECT FROM event WHERE event.subject = unit.id AND event.name = %(opened)s)
 ORDER BY unit.number LIMIT 1
"""


def uncounted(work: Work, consignment_id: UUID) -> str | None:
    """A parcel of the consignment that came and whose contents nobody has counted."""
    row = work.sql(
        _UNCOUNTED, consignment_id=consignment_id, opened=StockEvent.UNIT_OPENED.value
    ).fetchone()
    return None if row is None else str(row[0])


def cases(work: Work, consignment_id: UUID) -> int:
    """How many discrepancies were opened for the consignment."""
    row = work.sql(
        "SELECT count(*) FROM discrepancy WHERE consignment_id = %(id)s", id=consignment_id
    ).fetchone()
    assert row is not None, "a count is always there"
    return int(row[0])
