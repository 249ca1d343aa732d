"""What is asked of consignments, orders and shipments; changes nothing."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, or_, select

from warehouse.shipments.errors import ConsignmentNotFound, OrderNotFound, ShipmentNotFound
from warehouse.shipments.models import (
    Consignment,
    ConsignmentLine,
    Order,
    OrderLine,
    Shipment,
    ShipmentHistory,
)


def consignment_by_id(session: Session, consignment_id: UUID) -> Consignment:
    """The consignment *consignment_id*.

    Raises:
        ConsignmentNotFound: there is none.
    """
    if found := session.get(Consignment, consignment_id):
        return found
    raise ConsignmentNotFound(number=str(consignment_id))


def consignment_by_number(
    session: Session, number: str, *, partner_id: UUID | None = None
) -> Consignment:
    """The consignment *number*; for a partner, only among its own.

    Raises:
        ConsignmentNotFound: there is none.
    """
    query = select(Consignment).where(Consignment.number == number)
    if partner_id is not None:
        query = query.where(Consignment.partner_id == partner_id)
    if found := session.exec(query).first():
        return found
    raise ConsignmentNotFound(number=number)


def consignment_by_reference(
    session: Session, partner_id: UUID, external_ref: str
) -> Consignment | None:
    """The consignment that *partner_id* calls *external_ref*."""
    return session.exec(
        select(Consignment).where(
            Consignment.partner_id == partner_id, Consignment.external_ref == external_ref
        )
    ).first()


def consignment_lines(session: Session, consignment_id: UUID) -> Sequence[ConsignmentLine]:
    """The lines of a consignment, in order."""
    return session.exec(
        select(ConsignmentLine)
        .where(ConsignmentLine.consignment_id == consignment_id)
        .order_by(col(ConsignmentLine.line_number))
    ).all()


def consignments(session: Session, *, limit: int = 50) -> Sequence[Consignment]:
    """The newest consignments first."""
    return session.exec(
        select(Consignment).order_by(col(Consignment.announced_at).desc()).limit(limit)
    ).all()


def order_by_id(session: Session, order_id: UUID) -> Order:
    """The order *order_id*.

    Raises:
        OrderNotFound: there is none.
    """
    if found := session.get(Order, order_id):
        return found
    raise OrderNotFound(number=str(order_id))


def order_by_number(session: Session, number: str, *, partner_id: UUID) -> Order:
    """The order *number* of a partner.

    Raises:
        OrderNotFound: it has none such.
    """
    query = select(Order).where(Order.number == number, Order.partner_id == partner_id)
    if found := session.exec(query).first():
        return found
    raise OrderNotFound(number=number)


def order_by_reference(session: Session, partner_id: UUID, external_ref: str) -> Order | None:
    """The order that *partner_id* calls *external_ref*."""
    return session.exec(
        select(Order).where(Order.partner_id == partner_id, Order.external_ref == external_ref)
    ).first()


def order_lines(session: Session, order_id: UUID) -> Sequence[OrderLine]:
    """The lines of an order, in order."""
    return session.exec(
        select(OrderLine).where(OrderLine.order_id == order_id).order_by(col(OrderLine.line_number))
    ).all()


def shipment_by_number(
    session: Session, number: str, *, partner_id: UUID | None = None
) -> Shipment:
    """The shipment *number*; for a partner, only among its own.

    Raises:
        ShipmentNotFound: there is none.
    """
    query = select(Shipment).where(Shipment.number == number)
    if partner_id is not None:
        query = query.where(Shipment.partner_id == partner_id)
    if found := session.exec(query).first():
        return found
    raise ShipmentNotFound(number=number)


def shipment_by_label(session: Session, premises_id: UUID, label: str) -> Shipment | None:
    """The shipment whose own number or parcel number is *label*, in *premises_id*."""
    return session.exec(
        select(Shipment).where(
            Shipment.premises_id == premises_id,
            or_(Shipment.number == label, Shipment.parcel_number == label),
        )
    ).first()


def shipment_of_order(session: Session, order_id: UUID) -> Shipment:
    """The shipment that leaves for an order.

    Raises:
        ShipmentNotFound: there is none.
    """
    if found := session.exec(select(Shipment).where(Shipment.order_id == order_id)).first():
        return found
    raise ShipmentNotFound(number=str(order_id))


def shipments(session: Session, *, limit: int = 50) -> Sequence[Shipment]:
    """The newest shipments first."""
    return session.exec(
        select(Shipment).order_by(col(Shipment.created_at).desc()).limit(limit)
    ).all()


def history(session: Session, shipment_id: UUID) -> Sequence[ShipmentHistory]:
    """Every change of a shipment's two statuses, in order."""
    return session.exec(
        select(ShipmentHistory)
        .where(ShipmentHistory.shipment_id == shipment_id)
        .order_by(col(ShipmentHistory.sequence))
    ).all()
