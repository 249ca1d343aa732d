"""Goods that a count could not find, or found: apart from the stock, each with its discrepancy.

What is missing stands at the virtual place of open differences until it is found or written off.
What is in excess came from abroad without being recorded, until somebody shows otherwise: it is a
lot of its own, held, of the customs status of the place where it was found, and bound to no import
line: nothing of it can be promised.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Work
from warehouse.inventory import admission, commands, discrepancies, inbound, ledger
from warehouse.inventory import counting_rules as rules
from warehouse.inventory.counting_rules import Stock
from warehouse.inventory.inbound import Place
from warehouse.inventory.models import Discrepancy, HandlingUnit, Location, Lot, Reservation
from warehouse.inventory.taking_back import Return
from warehouse.inventory.vocabulary import (
    DiscrepancyKind,
    DiscrepancyState,
    LocationKind,
    LotOrigin,
    MovementKind,
    Regime,
    ReservationState,
)


class Freed(NamedTuple):
    """So much was promised, and cannot be kept; an *order_line_id* is None for a disposal."""

    order_line_id: UUID | None
    quantity: Decimal


class Elsewhere(NamedTuple):
    """Where the book has a lot that was found in another place."""

    location: str
    kind: LocationKind
    quantity: Decimal


STOCK: Final = """
SELECT lot_id, quantity, reserved FROM balance
 WHERE location_id = %(location_id)s AND lot_id = ANY(%(lots)s)
"""

# Where a lot stands now; the sum of its movements, for the place of open differences.
STANDING: Final = """
SELECT location.code, location.kind, balance.quantity
  FROM balance JOIN location ON location.id = balance.location_id
 WHERE lot_id = %(lot_id)s AND balance.quantity > 0
UNION ALL
SELECT location.code, location.kind,
       sum(CASE WHEN location.id = to_location_id THEN quantity ELSE -quantity END)
  FROM movement JOIN location
    ON location.id IN (to_location_id, from_location_id) AND location.kind = 'variance'
 WHERE lot_id = %(lot_id)s GROUP BY 1, 2
HAVING sum(CASE WHEN location.id = to_location_id THEN quantity ELSE -quantity END) > 0
 ORDER BY 1
"""


def missing(work: Work, location_id: UUID, lots: Sequence[UUID], quantity: Decimal) -> list[Stock]:
    """Of which of *lots*, in their order and locked, *quantity* is missing at a place."""
    here = {
        lot_id: Stock(lot_id, standing, promised)
        for lot_id, standing, promised in work.sql(STOCK, location_id=location_id, lots=list(lots))
    }
    return rules.shares([here[lot_id] for lot_id in lots if lot_id in here], quantity)


def set_apart(work: Work, case: Discrepancy, share: Stock) -> list[Freed]:
    """Move what *case* misses out of its place; return the promises that cannot be kept."""
    assert case.location_id is not None, "a count is of a place"
    freed = _free(work, share, case.location_id)
    variance = inbound.place_of_kind(work, case.premises_id, LocationKind.VARIANCE)
    ledger.post(
        work,
        MovementKind.VARIANCE,
        [_line(work, share.lot_id, case.location_id, share.quantity)],
        target_id=variance.id,
        target_virtual=True,
        discrepancy_id=case.id,
    )
    return freed


def bring_back(work: Work, case: Discrepancy, target: Place, quantity: Decimal) -> None:
    """*quantity* of what *case* missed was found: put it in a real place.

    Raises:
        NothingMissing: it misses none.
        LocationLocked, MayNotStand: see `admission.admit`.
    """
    lot_id = discrepancies.missing_lot(case)
    entrance = admission.approach(work, target)
    ledger.lock(work, [lot_id])
    variance = inbound.place_of_kind(work, case.premises_id, LocationKind.VARIANCE)
    lot = work.session.get_one(Lot, lot_id)
    found = Return(lot.id, variance.id, quantity, None, lot.regime, lot.product_id)
    admission.admit(work, case.premises_id, entrance, [found])
    ledger.post(
        work,
        MovementKind.FOUND,
        [_line(work, lot_id, variance.id, quantity)],
        target_id=target.id,
        source_virtual=True,
        discrepancy_id=case.id,
    )


def take_in(
    work: Work,
    case: Discrepancy,
    *,
    product_id: UUID,
    unit: str,
    quantity: Decimal,
    parent: Lot | None = None,
) -> Lot:
    """Book what *case* has in excess as a lot of its own, blocked.

    What was found in the parcel of *parent* stays in it; anything else is labelled with the number
    of the case.
    """
    assert case.location_id is not None, "a count is of a place"
    assert case.partner_id is not None, "goods have an owner"
    regime = work.session.get_one(Location, case.location_id).regime
    assert regime is not None, "goods stand in real places"
    row = work.sql(commands.LOT_NUMBERS, amount=1).fetchone()
    assert row is not None, "a sequence does not end"
    lot = Lot(
        number=f"LOT-{work.today.year}-{row[0]:06}",
        premises_id=case.premises_id,
        partner_id=case.partner_id,
        product_id=product_id,
        handling_unit_id=parent.handling_unit_id if parent else _a_unit(work, case),
        origin=LotOrigin.FOUND,
        parent_lot_id=parent.id if parent else None,
        quantity=quantity,
        unit=unit,
        regime=regime,
        announced_at=work.at,
    )
    work.session.add(lot)
    work.session.flush()
    case.lot_id, case.handling_unit_id = lot.id, lot.handling_unit_id
    abroad = inbound.place_of_kind(work, case.premises_id, LocationKind.ABROAD)
    ledger.post(
        work,
        MovementKind.FOUND,
        [ledger.Line(lot.id, abroad.id, quantity, regime is Regime.BONDED)],
        target_id=case.location_id,
        source_virtual=True,
        discrepancy_id=case.id,
    )
    return lot


def standing(work: Work, lot_id: UUID) -> list[Elsewhere]:
    """Where the book has a lot, the place of open differences included; nowhere if it has gone."""
    return [
        Elsewhere(code, LocationKind(kind), quantity)
        for code, kind, quantity in work.sql(STANDING, lot_id=lot_id)
    ]


def open_shortage(session: Session, premises_id: UUID, product_id: UUID) -> Discrepancy | None:
    """The oldest open case in which some of a product is missing."""
    return session.exec(
        select(Discrepancy)
        .join(Lot, col(Lot.id) == col(Discrepancy.lot_id))
        .where(
            Discrepancy.premises_id == premises_id,
            Discrepancy.kind == DiscrepancyKind.COUNT_SHORT,
            Discrepancy.state != DiscrepancyState.CLOSED,
            Lot.product_id == product_id,
        )
        .order_by(col(Discrepancy.opened_at), col(Discrepancy.number))
        .limit(1)
    ).first()


def _free(work: Work, share: Stock, location_id: UUID) -> list[Freed]:
    """Take back the latest promises of a lot here, until what is missing is promised no more."""
    promises = work.session.exec(
        select(Reservation)
        .where(
            Reservation.lot_id == share.lot_id,
            Reservation.location_id == location_id,
            col(Reservation.state).in_((ReservationState.HELD, ReservationState.PICKED)),
        )
        .order_by(col(Reservation.at).desc(), col(Reservation.id).desc())
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    before = accumulate((each.quantity for each in promises), initial=rules.ZERO)
    broken = [each for each, kept in zip(promises, before, strict=False) if kept < share.promised]
    commands.free(work, broken)
    return [Freed(each.order_line_id, each.quantity) for each in broken]


def _line(work: Work, lot_id: UUID, source_id: UUID, quantity: Decimal) -> ledger.Line:
    lot = work.session.get_one(Lot, lot_id)
    return ledger.Line(lot_id, source_id, quantity, bool(lot.under_bond))


def _a_unit(work: Work, case: Discrepancy) -> UUID:
    unit = HandlingUnit(
        premises_id=case.premises_id,
        partner_id=case.partner_id,
        number=case.number,
        announced=False,
        received_at=work.at,
    )
    work.session.add(unit)
    work.session.flush()
    return unit.id
