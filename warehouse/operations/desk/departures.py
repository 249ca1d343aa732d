"""Shipments as the desk sees them: what goes, where its goods stand, what customs has answered.

Of the buyer only the province and the postcode are told: the label alone carries the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from warehouse.core.work import Work
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory.models import Location, Lot, Reservation
from warehouse.inventory.vocabulary import ReservationState
from warehouse.masterdata.models import Partner, Product
from warehouse.operations import wall
from warehouse.shipments.models import Order, OrderLine, Shipment


@dataclass(frozen=True, slots=True)
class Departure:
    """A shipment, the order it leaves for, and the declaration that releases it, if any."""

    shipment: Shipment
    order: Order
    partner: str
    declaration: Declaration | None


@dataclass(frozen=True, slots=True)
class Promised:
    """So much of a lot, promised to a line of the order; *place* is where it stands or stood."""

    line: OrderLine
    product: Product
    lot: Lot
    place: str
    quantity: Decimal
    state: ReservationState


def newest(
    work: Work,
    *,
    number: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Sequence[Departure]:
    """The newest shipments here first.

    *number* is any that their papers carry, *before* the last of the page above.
    """
    query = (
        select(Shipment, Order, Partner.code, Declaration)
        .join(Order, col(Order.id) == col(Shipment.order_id))
        .join(Partner, col(Partner.id) == col(Shipment.partner_id))
        .outerjoin(
            Declaration,
            sa.and_(
                col(Declaration.order_id) == col(Order.id),
                col(Declaration.state) != DeclarationState.CANCELLED,
            ),
        )
        .where(wall.seen(work, col(Shipment.premises_id)))
    )
    if number is not None:
        spelled = {number.strip(), number.strip().upper()}
        numbers = (Shipment.number, Shipment.parcel_number, Order.number, Order.external_ref)
        query = query.where(or_(*(col(each).in_(spelled) for each in numbers)))
    if before is not None:
        query = query.where(col(Shipment.number) < before)
    rows = work.session.exec(query.order_by(col(Shipment.number).desc()).limit(limit))
    return [Departure(*row) for row in rows]


def promised(session: Session, order_id: UUID) -> Sequence[Promised]:
    """The goods that are, or were, promised to an order, line by line."""
    rows = session.execute(
        sa.select(
            OrderLine,
            Product,
            Lot,
            col(Location.code),
            col(Reservation.quantity),
            col(Reservation.state),
        )
        .join(Reservation, col(Reservation.order_line_id) == col(OrderLine.id))
        .join(Product, col(Product.id) == col(OrderLine.product_id))
        .join(Lot, col(Lot.id) == col(Reservation.lot_id))
        .join(Location, col(Location.id) == col(Reservation.location_id))
        .where(
            col(OrderLine.order_id) == order_id,
            col(Reservation.state) != ReservationState.VOIDED,
        )
        .order_by(col(OrderLine.line_number), col(Reservation.id))
    )
    return [Promised(*row) for row in rows]
