"""Cartons to pack in."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Work
from warehouse.shipments.errors import CodeInUse
from warehouse.shipments.models import CartonType


def add(work: Work, premises_id: UUID, code: str, tare_kg: Decimal, most_kg: Decimal) -> CartonType:
    """Set up the carton *code*: so heavy when empty, for so much at most.

    Raises:
        CodeInUse: there is one of that code.
    """
    if by_code(work.session, premises_id, code):
        raise CodeInUse(code=code)
    carton = CartonType(premises_id=premises_id, code=code, tare_kg=tare_kg, most_kg=most_kg)
    work.session.add(carton)
    work.session.flush()
    return carton


def by_code(session: Session, premises_id: UUID, code: str) -> CartonType | None:
    """The carton *code* of the premises."""
    return session.exec(
        select(CartonType).where(CartonType.premises_id == premises_id, CartonType.code == code)
    ).first()


def of_premises(session: Session, premises_id: UUID) -> Sequence[CartonType]:
    """The cartons of the premises, by code."""
    return session.exec(
        select(CartonType)
        .where(CartonType.premises_id == premises_id)
        .order_by(col(CartonType.code))
    ).all()
