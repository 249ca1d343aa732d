"""Discrepancies as the desk sees them: what is due first, and all that is known of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from warehouse.access.models import Person
from warehouse.core.work import Work
from warehouse.inventory import discrepancies
from warehouse.inventory.errors import DiscrepancyNotFound
from warehouse.inventory.models import Count, Discrepancy, HandlingUnit, Lot, Photo
from warehouse.inventory.vocabulary import DiscrepancyKind, DiscrepancyState
from warehouse.masterdata.models import Partner, Product
from warehouse.operations.bond import settling
from warehouse.shipments.models import Consignment


class Listed(NamedTuple):
    """A case on the list."""

    number: str
    kind: DiscrepancyKind
    state: DiscrepancyState
    partner: str | None
    consignment: str | None
    goods: str | None
    quantity: Decimal
    due_at: datetime
    left: timedelta
    """Until it is due; negative when it is overdue."""


class Value(NamedTuple):
    """The tariff class of what differs, and what it was announced to cost."""

    hs_code: str
    amount: Decimal | None
    currency: str | None
    duty_baht: Decimal
    """Duty and tax that bond suspends on it; none before the entry."""


class Touch(NamedTuple):
    """A movement of the goods."""

    at: datetime
    actor: str
    kind: str
    source: str
    target: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Case:
    """A case, whose goods it is about, and what proves it."""

    case: Discrepancy
    partner: Partner | None
    consignment: Consignment | None
    unit: HandlingUnit | None
    lot: Lot | None
    product: Product | None
    count: str | None
    officer: Person | None
    value: Value | None
    photos: Sequence[Photo]
    touches: Sequence[Touch]


# The open ones that are due first, or the closed ones that ended last.
LIST: Final = """
SELECT discrepancy.number, discrepancy.kind, discrepancy.state, partner.code, consignment.number,
       concat_ws(' · ', product.sku, unit.number), discrepancy.quantity, due_at,
       due_at - %(at)s
  FROM discrepancy LEFT JOIN partner ON partner.id = discrepancy.partner_id
  LEFT JOIN consignment ON consignment.id = discrepancy.consignment_id
  LEFT JOIN handling_unit AS unit ON unit.id = discrepancy.handling_unit_id
  LEFT JOIN lot ON lot.id = discrepancy.lot_id LEFT JOIN product ON product.id = lot.product_id
 WHERE discrepancy.premises_id = %(premises_id)s
   AND (discrepancy.state = 'closed') = %(closed)s
   AND (%(consignment_id)s::uuid IS NULL OR discrepancy.consignment_id = %(consignment_id)s)
 ORDER BY CASE WHEN %(closed)s THEN NULL ELSE due_at END, closed_at DESC, discrepancy.number
 LIMIT %(limit)s OFFSET %(offset)s
"""

TOUCHES: Final = """
SELECT movement.at, movement.actor, movement.kind, source.code, target.code, movement.quantity
  FROM movement JOIN location AS source ON source.id = from_location_id
  JOIN location AS target ON target.id = to_location_id
  JOIN lot ON lot.id = lot_id
 WHERE lot.id = %(lot_id)s
    OR (%(lot_id)s::uuid IS NULL AND lot.handling_unit_id = %(unit_id)s)
 ORDER BY movement.sequence DESC LIMIT 10
"""

PRICE: Final = """
SELECT unit_price * %(quantity)s, consignment.currency
  FROM consignment_line JOIN consignment ON consignment.id = consignment_id
 WHERE consignment_line.id = %(line_id)s
"""


def listed(
    work: Work,
    premises_id: UUID,
    *,
    closed: bool = False,
    consignment_id: UUID | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[Listed]:
    """The cases of the premises, or of one consignment."""
    rows = work.sql(
        LIST,
        premises_id=premises_id,
        closed=closed,
        consignment_id=consignment_id,
        at=work.at,
        offset=offset,
        limit=limit,
    )
    return [
        Listed(number, DiscrepancyKind(kind), DiscrepancyState(state), *rest)
        for number, kind, state, *rest in rows
    ]


def by_number(work: Work, premises_id: UUID, number: str) -> Discrepancy:
    """The case *number* of the premises.

    Raises:
        DiscrepancyNotFound: there is none.
    """
    found = work.session.exec(
        select(Discrepancy).where(
            Discrepancy.premises_id == premises_id, Discrepancy.number == number
        )
    ).first()
    if found is None:
        raise DiscrepancyNotFound(key=number)
    return found


def known_of(work: Work, case: Discrepancy) -> Case:
    """All that is known of *case*."""
    session = work.session
    lot = session.get(Lot, case.lot_id) if case.lot_id else None
    product = session.get(Product, lot.product_id) if lot else None
    count = session.get(Count, case.count_id) if case.count_id else None
    touches = work.sql(TOUCHES, lot_id=case.lot_id, unit_id=case.handling_unit_id)
    return Case(
        case=case,
        partner=session.get(Partner, case.partner_id) if case.partner_id else None,
        consignment=session.get(Consignment, case.consignment_id) if case.consignment_id else None,
        unit=session.get(HandlingUnit, case.handling_unit_id) if case.handling_unit_id else None,
        lot=lot,
        product=product,
        count=count.number if count else None,
        officer=session.get(Person, case.officer_id) if case.officer_id else None,
        value=_value(work, case, lot, product) if lot and product and case.quantity else None,
        photos=discrepancies.photos(session, case.id),
        touches=[Touch(*row) for row in touches],
    )


def of_consignment(work: Work, consignment_id: UUID) -> Sequence[Discrepancy]:
    """Every case of a consignment, by number."""
    return work.session.exec(
        select(Discrepancy)
        .where(Discrepancy.consignment_id == consignment_id)
        .order_by(col(Discrepancy.number))
    ).all()


def _value(work: Work, case: Discrepancy, lot: Lot, product: Product) -> Value:
    row = work.sql(PRICE, line_id=lot.consignment_line_id, quantity=case.quantity).fetchone()
    amount, currency = row or (None, None)
    return Value(product.hs_code, amount, currency, settling.at_stake(work.session, case))
