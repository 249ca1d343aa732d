"""Counting: a bin is counted blind, again by another person, and what still differs is a case.

What is missing is set apart from the stock and never silently written off.  What is in excess is
offered to an open case that misses it, or booked as a blocked lot of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from warehouse.core import db
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.queries import IN_CUSTOMS_HANDS
from warehouse.customs.vocabulary import LET_GO
from warehouse.inventory import commands as inventory
from warehouse.inventory import counting, discrepancies, holds, inbound, variances
from warehouse.inventory.counting_rules import Difference, Stock
from warehouse.inventory.errors import InsufficientStock, LocationNotFound
from warehouse.inventory.holds import Level, Target
from warehouse.inventory.models import Count, Discrepancy, HandlingUnit, Hold, Lot
from warehouse.inventory.vocabulary import (
    VIRTUAL,
    Cause,
    CountReason,
    CountState,
    DiscrepancyKind,
    DiscrepancyState,
    LocationKind,
    Outcome,
)
from warehouse.masterdata.models import Product
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import holding
from warehouse.operations.clearance import loss, refiling
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import OrderLine, Shipment
from warehouse.shipments.vocabulary import Custody

RECOUNT: Final = 10
"""A recount goes before what is only planned: the trail is warm."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a round ended; *cases*: the discrepancies that were opened, by number."""

    state: CountState
    cases: list[str] = field(default_factory=list)


# The shipments that goods of a place are promised to: they are locked before the goods.
PROMISED_FROM: Final = """
SELECT DISTINCT shipment.id
  FROM reservation JOIN order_line ON order_line.id = order_line_id
  JOIN shipment ON shipment.order_id = order_line.order_id
 WHERE location_id = %(location_id)s AND reservation.state IN ('held', 'picked')
"""

SHORT_LINES: Final = """
SELECT line.id, line.product_id, line.quantity - coalesce(sum(promise.quantity), 0)
  FROM order_line AS line LEFT JOIN reservation AS promise
    ON promise.order_line_id = line.id AND promise.state <> 'voided'
 WHERE line.order_id = %(order_id)s
 GROUP BY line.id HAVING line.quantity > coalesce(sum(promise.quantity), 0) ORDER BY line.id
"""


def plan(work: Work, premises_id: UUID, location_id: UUID, reason: CountReason) -> Count | None:
    """Ask that a bin be counted by whoever is next; None where it is asked for already."""
    count = counting.plan(work, premises_id, location_id, reason)
    if count is not None:
        assignments.add(
            work,
            AssignmentKind.COUNT,
            premises_id,
            location_id=location_id,
            count_id=count.id,
        )
    return count


def end_round(work: Work, count: Count) -> Ended:
    """The clerk is done with *count*, locked: it agrees, another counts again, or cases open."""
    if count.round > 1:
        promised = [key for (key,) in work.sql(PROMISED_FROM, location_id=count.location_id)]
        db.lock(work.session, Shipment, promised)
    found = counting.close_round(work, count)
    if done := assignments.find(work, AssignmentKind.COUNT, count_id=count.id):
        assignments.done(work, done)
    if count.state is CountState.COUNTED:
        assignments.add(
            work,
            AssignmentKind.COUNT,
            count.premises_id,
            priority=RECOUNT,
            location_id=count.location_id,
            count_id=count.id,
        )
    if count.state is not CountState.INVESTIGATING:
        return Ended(count.state)
    cases = [case for each in found for case in _open(work, count, each)]
    return Ended(count.state, [case.number for case in cases])


def find(work: Work, discrepancy_id: UUID, *, place: str, cause: Cause) -> Discrepancy:
    """What the case misses was found at *place*: book it there, and end the case.

    A case of the excess that was counted there ends with it.  Orders that waited get their goods.

    Raises:
        DiscrepancyNotFound, LocationNotFound: there is none here.
        NothingMissing: it is not about missing goods.
        LocationLocked, MayNotStand: it may not stand there.
        SecondPersonNeeded: the actor opened the case.
        WrongState: it is closed, or customs has the declaration of the loss.
    """
    case = discrepancies.held(work, discrepancy_id)
    loss.withdraw(work, case)
    target = inbound.place(work, case.premises_id, place)
    if target.kind in VIRTUAL or target.kind == LocationKind.ZONE:
        raise LocationNotFound(code=place)
    variances.bring_back(work, case, target, case.quantity)
    _close_as_found(work, case.id, cause)
    for excess in _excess(work, case, target.id):
        _close_as_found(work, excess.id, cause)
    return case


def set_apart(work: Work, case: Discrepancy, share: Stock) -> None:
    """Move what *case* misses to the open differences; orders that counted on it wait."""
    for freed in variances.set_apart(work, case, share):
        if freed.order_line_id is not None:
            _keep_waiting(work, case, freed.order_line_id)


def settle(work: Work, facts: Facts) -> None:
    """The case *subject* is closed: so is its count, once none is open; orders may go on."""
    case = work.session.get_one(Discrepancy, UUID(facts["subject"]))
    if case.count_id is None:
        return
    for order_id in _waiting(work, case.id):
        work.defer("promise-again", subject=str(order_id), case=str(case.id))
    still_open = select(Discrepancy.id).where(
        Discrepancy.count_id == case.count_id, Discrepancy.state != DiscrepancyState.CLOSED
    )
    if work.session.exec(still_open.limit(1)).first() is None:
        counting.settle(work, case.count_id)


def promise_again(work: Work, facts: Facts) -> None:
    """Promise other goods to the order *subject*, whose own were missing, and let it go on.

    Its declaration is drafted anew for them.  Where nothing else is free, customs has the
    declaration, or the rest is packed, the shipment stays held for a supervisor to decide.
    """
    order_id = UUID(facts["subject"])
    shipment = shipments.shipment_of_order(work.session, order_id)
    db.lock(work.session, Shipment, [shipment.id])
    declaration = customs.declaration_of_order(work.session, order_id)
    decided = (*IN_CUSTOMS_HANDS, *LET_GO)
    if shipment.custody is not Custody.ALLOCATED or (declaration and declaration.state in decided):
        return
    try:
        with work.session.begin_nested():
            for line_id, product_id, gap in work.sql(SHORT_LINES, order_id=order_id).fetchall():
                inventory.reserve(
                    work,
                    order_line_id=line_id,
                    product_id=product_id,
                    partner_id=shipment.partner_id,
                    premises_id=shipment.premises_id,
                    quantity=gap,
                )
    except InsufficientStock:
        return
    case = work.session.get_one(Discrepancy, UUID(facts["case"]))
    holds.lift_of_discrepancy(work, case.id, case.number, shipment_id=shipment.id)
    holding.tell(work, {shipment.id})
    if declaration is not None:
        refiling.file_again(work, declaration)


def _open(work: Work, count: Count, difference: Difference) -> list[Discrepancy]:
    if difference.unit_id is not None:
        return _open_parcel(work, count, difference.unit_id)
    assert difference.product_id is not None, "a difference is of a parcel or of a product"
    if difference.change > 0:
        return [_open_excess(work, count, difference)]
    missing = variances.missing(work, count.location_id, difference.lots, -difference.change)
    return [_open_shortage(work, count, difference, share) for share in missing]


def _open_shortage(work: Work, count: Count, difference: Difference, share: Stock) -> Discrepancy:
    lot = work.session.get_one(Lot, share.lot_id)
    case = _case(
        work, DiscrepancyKind.COUNT_SHORT, count, lot, share.quantity,
        expected=f"{difference.booked.normalize():f}", found=f"{difference.counted.normalize():f}",
    )  # fmt: skip
    set_apart(work, case, share)
    return case


def _open_parcel(work: Work, count: Count, unit_id: UUID) -> list[Discrepancy]:
    """A parcel stands where the book has none of it: the book may have it elsewhere, or not."""
    unit = work.session.get_one(HandlingUnit, unit_id)
    lots = work.session.exec(
        select(Lot).where(Lot.handling_unit_id == unit_id).order_by(col(Lot.number))
    ).all()
    opened = []
    for lot in lots:
        elsewhere = variances.standing(work, lot.id)
        quantity = sum((each.quantity for each in elsewhere), Decimal(0)) or lot.quantity
        case = _case(
            work, DiscrepancyKind.COUNT_OVER, count, lot, quantity,
            expected=", ".join(each.location for each in elsewhere), found=unit.number,
        )  # fmt: skip
        if not elsewhere and unit.received_at is not None:
            _take_in(work, case, lot.product_id, lot.unit, lot)
        opened.append(case)
    return opened


def _open_excess(work: Work, count: Count, difference: Difference) -> Discrepancy:
    product = work.session.get_one(Product, difference.product_id)
    missed = variances.open_shortage(work.session, count.premises_id, product.id)
    case = discrepancies.open_case(
        work,
        DiscrepancyKind.COUNT_OVER,
        premises_id=count.premises_id,
        partner_id=product.partner_id,
        lot_id=missed.lot_id if missed else None,
        location_id=count.location_id,
        count_id=count.id,
        quantity=difference.change,
        expected=f"{difference.booked.normalize():f}",
        found=f"{difference.counted.normalize():f}",
        note=missed.number if missed else "",
    )
    if missed is None:
        _take_in(work, case, product.id, product.unit, None)
    return case


def _take_in(
    work: Work, case: Discrepancy, product_id: UUID, unit: str, parent: Lot | None
) -> None:
    lot = variances.take_in(
        work, case, product_id=product_id, unit=unit, quantity=case.quantity, parent=parent
    )
    _hold(work, case, Target(Level.LOT, lot.id))


def _case(
    work: Work,
    kind: DiscrepancyKind,
    count: Count,
    lot: Lot,
    quantity: Decimal,
    *,
    expected: str,
    found: str,
) -> Discrepancy:
    return discrepancies.open_case(
        work,
        kind,
        premises_id=count.premises_id,
        partner_id=lot.partner_id,
        handling_unit_id=lot.handling_unit_id,
        lot_id=lot.id,
        location_id=count.location_id,
        count_id=count.id,
        quantity=quantity,
        expected=expected,
        found=found,
    )


def _keep_waiting(work: Work, case: Discrepancy, order_line_id: UUID) -> None:
    """Hold the shipment that was to have the missing goods until it gets others."""
    line = work.session.get_one(OrderLine, order_line_id)
    shipment = shipments.shipment_of_order(work.session, line.order_id)
    _hold(work, case, Target(Level.SHIPMENT, shipment.id))
    work.defer("promise-again", subject=str(shipment.order_id), case=str(case.id))


def _hold(work: Work, case: Discrepancy, target: Target) -> None:
    holding.place(work, Reason.COUNT_DIFFERENCE.value, target, discrepancy_id=case.id)


def _waiting(work: Work, discrepancy_id: UUID) -> Sequence[UUID]:
    """The orders whose shipments a case still holds."""
    return work.session.exec(
        select(Shipment.order_id)
        .join(Hold, col(Hold.shipment_id) == col(Shipment.id))
        .where(Hold.discrepancy_id == discrepancy_id, col(Hold.closed_at).is_(None))
        .order_by(col(Shipment.order_id))
    ).all()


def _excess(work: Work, case: Discrepancy, location_id: UUID) -> Sequence[Discrepancy]:
    """Open cases of the very goods that *case* misses, counted in excess at a place."""
    return work.session.exec(
        select(Discrepancy)
        .where(
            Discrepancy.lot_id == case.lot_id,
            Discrepancy.location_id == location_id,
            Discrepancy.kind == DiscrepancyKind.COUNT_OVER,
            Discrepancy.state != DiscrepancyState.CLOSED,
            Discrepancy.quantity == case.quantity,
        )
        .order_by(col(Discrepancy.id))
    ).all()


def _close_as_found(work: Work, discrepancy_id: UUID, cause: Cause) -> None:
    discrepancies.close(
        work, discrepancy_id, outcome=Outcome.FOUND, cause=cause, at_stake=Decimal(0)
    )
