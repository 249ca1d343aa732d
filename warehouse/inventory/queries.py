"""What is asked of places, parcels, lots and reservations; changes nothing."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from warehouse.inventory.errors import LocationNotFound, ParcelNotFound
from warehouse.inventory.models import Balance, HandlingUnit, Location, Lot, Movement, Reservation
from warehouse.inventory.vocabulary import LocationKind, ReservationState
from warehouse.masterdata.models import Product


def location_by_code(session: Session, premises_id: UUID, code: str) -> Location:
    """The place *code* of the premises.

    Raises:
        LocationNotFound: there is none.
    """
    query = select(Location).where(Location.premises_id == premises_id, Location.code == code)
    if found := session.exec(query).first():
        return found
    raise LocationNotFound(code=code)


def handling_unit_by_number(session: Session, premises_id: UUID, number: str) -> HandlingUnit:
    """The parcel *number* of the premises.

    Raises:
        ParcelNotFound: none was announced.
    """
    query = select(HandlingUnit).where(
        HandlingUnit.premises_id == premises_id, HandlingUnit.number == number
    )
    if found := session.exec(query).first():
        return found
    raise ParcelNotFound(parcel=number)


def lot_by_id(session: Session, lot_id: UUID) -> Lot:
    """The lot *lot_id*, which exists."""
    return session.exec(select(Lot).where(Lot.id == lot_id)).one()


def sku_of(session: Session, product_id: UUID) -> str:
    """What its owner calls a product."""
    return session.exec(select(Product.sku).where(Product.id == product_id)).one()


def lots_of_consignment(session: Session, consignment_id: UUID) -> Sequence[Lot]:
    """The lots that came, or will come, with a consignment, by number."""
    return session.exec(
        select(Lot)
        .join(HandlingUnit, col(HandlingUnit.id) == col(Lot.handling_unit_id))
        .where(HandlingUnit.consignment_id == consignment_id)
        .order_by(col(Lot.number))
    ).all()


def lots_by_line(session: Session, consignment_id: UUID) -> dict[UUID, UUID]:
    """The lot behind each line of a consignment, as ids."""
    lots = (
        select(Lot.consignment_line_id, Lot.id)
        .join(HandlingUnit, col(HandlingUnit.id) == col(Lot.handling_unit_id))
        .where(HandlingUnit.consignment_id == consignment_id)
    )
    return {line_id: lot_id for line_id, lot_id in session.exec(lots) if line_id is not None}


def reservations_of_order(session: Session, order_id: UUID) -> Sequence[Reservation]:
    """What is, or was, promised to an order, in the order in which it was promised."""
    of_order = "order_line_id IN (SELECT id FROM order_line WHERE order_id = :order_id)"
    return session.exec(
        select(Reservation)
        .where(
            text(of_order).bindparams(order_id=order_id),
            Reservation.state != ReservationState.VOIDED,
        )
        .order_by(col(Reservation.id))
    ).all()


def movements_of_lot(session: Session, lot_id: UUID) -> Sequence[Movement]:
    """Every movement of a lot, in the order in which they were written."""
    return session.exec(
        select(Movement).where(Movement.lot_id == lot_id).order_by(col(Movement.sequence))
    ).all()


def free_at(session: Session, lot_id: UUID, location_id: UUID) -> Decimal:
    """How much of a lot stands at a place and is promised to nobody."""
    return session.exec(
        select(func.coalesce(func.sum(Balance.quantity - Balance.reserved), Decimal(0))).where(
            Balance.lot_id == lot_id, Balance.location_id == location_id
        )
    ).one()


def free_quantity(
    session: Session, *, product_id: UUID, partner_id: UUID, premises_id: UUID
) -> Decimal:
    """How much of a product an order could get: entered into bond, stored, promised to nobody."""
    return session.exec(
        select(func.coalesce(func.sum(Balance.quantity - Balance.reserved), Decimal(0)))
        .join(Lot, col(Lot.id) == col(Balance.lot_id))
        .join(Location, col(Location.id) == col(Balance.location_id))
        .where(
            Lot.product_id == product_id,
            Lot.partner_id == partner_id,
            Lot.premises_id == premises_id,
            col(Lot.accepted_at).is_not(None),
            Location.kind == LocationKind.STORE,
        )
    ).one()
