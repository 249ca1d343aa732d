"""Declarations as the desk looks for them: by state, or by any number that stands on any paper."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from warehouse.core.money import ZERO
from warehouse.customs import queries as customs
from warehouse.customs.models import (
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    DeclaredLot,
    Release,
)
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory.models import HandlingUnit, Lot
from warehouse.masterdata.models import Partner
from warehouse.shipments.models import Consignment, Order, Shipment

_SEPARATORS: Final = re.compile(r"[ \-]+")


@dataclass(frozen=True, slots=True)
class Filing:
    """A declaration and the names of what it is about; *suspended_baht* is unpaid while in bond."""

    declaration: Declaration
    partner: str
    consignment: str | None
    order: str | None
    suspended_baht: Decimal


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which declarations: None asks for nothing.  *before* is the last reference of a page."""

    states: Sequence[DeclarationState] = tuple(DeclarationState)
    consignment: str | None = None
    order: str | None = None
    number: str | None = None
    before: str | None = None


def find(session: Session, wanted: Wanted, *, limit: int = 50) -> Sequence[Filing]:
    """The declarations that fit, newest first."""
    query = (
        select(Declaration, Partner.code, Consignment.number, Order.number)
        .join(Partner, col(Partner.id) == col(Declaration.partner_id))
        .outerjoin(Consignment, col(Consignment.id) == col(Declaration.consignment_id))
        .outerjoin(Order, col(Order.id) == col(Declaration.order_id))
        .where(col(Declaration.state).in_(list(wanted.states)))
    )
    if wanted.consignment is not None:
        query = query.where(Consignment.number == wanted.consignment)
    if wanted.order is not None:
        query = query.where(Order.number == wanted.order)
    if wanted.number is not None:
        query = query.where(col(Declaration.id).in_(_named(wanted.number)))
    if wanted.before is not None:
        query = query.where(col(Declaration.reference_number) < wanted.before)
    rows = session.exec(query.order_by(col(Declaration.reference_number).desc()).limit(limit)).all()
    suspended = _suspended(session, (row[0].id for row in rows))
    return [Filing(*row, suspended.get(row[0].id, ZERO)) for row in rows]


def of(session: Session, declaration: Declaration) -> Filing:
    """*declaration* with the names of what it is about."""
    return find(session, Wanted(number=declaration.reference_number), limit=1)[0]


def by_number(session: Session, number: str) -> Declaration:
    """The declaration that we, or customs in print or in its book, call *number*.

    Raises:
        DeclarationNotFound: there is none.
    """
    return customs.declaration_by_number(session, stored(number))


def stored(number: str) -> str:
    """*number* as customs keeps it: printed it has a hyphen (A030-0601170019), kept it has none."""
    return _SEPARATORS.sub("", number).upper()


def import_lines(session: Session, lines: Iterable[DeclarationLine]) -> Mapping[UUID, str]:
    """For each line that draws an import line down, that line's declaration and line number."""
    entry_line = aliased(DeclarationLine)
    rows = session.exec(
        select(DeclarationLine.id, Declaration.declaration_number, entry_line.line_number)
        .join(entry_line, col(entry_line.id) == col(DeclarationLine.entry_line_id))
        .join(Declaration, col(Declaration.id) == col(entry_line.declaration_id))
        .where(col(DeclarationLine.id).in_([line.id for line in lines]))
    )
    return {line_id: f"{number}/{line_number}" for line_id, number, line_number in rows}


def counts(session: Session) -> dict[DeclarationState, int]:
    """How many declarations are in each state that any is in."""
    grouped = select(col(Declaration.state), func.count()).group_by(col(Declaration.state))
    return dict(session.exec(grouped).all())


def _named(number: str) -> CompoundSelect[Any]:
    """The ids of the declarations that *number* leads to, on whatever paper it stands."""
    spelled = {number.strip(), number.strip().upper()}
    declaration = select(Declaration.id)
    consigned = declaration.join(
        Consignment, col(Consignment.id) == col(Declaration.consignment_id)
    )
    ordered = declaration.join(Order, col(Order.id) == col(Declaration.order_id))
    sent = declaration.join(Shipment, col(Shipment.order_id) == col(Declaration.order_id))
    parcels = declaration.join(
        HandlingUnit, col(HandlingUnit.consignment_id) == col(Declaration.consignment_id)
    )
    goods = (
        declaration.join(
            DeclarationLine, col(DeclarationLine.declaration_id) == col(Declaration.id)
        )
        .join(DeclaredLot, col(DeclaredLot.line_id) == col(DeclarationLine.id))
        .join(Lot, col(Lot.id) == col(DeclaredLot.lot_id))
    )
    released = declaration.join(Release, col(Release.declaration_id) == col(Declaration.id))
    return union(
        declaration.where(Declaration.reference_number == stored(number)),
        declaration.where(Declaration.declaration_number == stored(number)),
        declaration.where(
            or_(
                col(Declaration.house_bill).in_(spelled),
                col(Declaration.invoice_number).in_(spelled),
            )
        ),
        consigned.where(
            or_(
                col(Consignment.number).in_(spelled),
                col(Consignment.external_ref).in_(spelled),
            )
        ),
        ordered.where(or_(col(Order.number).in_(spelled), col(Order.external_ref).in_(spelled))),
        sent.where(
            or_(col(Shipment.number).in_(spelled), col(Shipment.parcel_number).in_(spelled))
        ),
        parcels.where(col(HandlingUnit.number).in_(spelled)),
        goods.where(col(Lot.number).in_(spelled)),
        released.where(col(Release.number).in_(spelled)),
    )


def _suspended(session: Session, declaration_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    unpaid = func.sum(col(DeclarationDuty.amount) - col(DeclarationDuty.amount_paid))
    declaration_id = col(DeclarationLine.declaration_id)
    return dict(
        session.exec(
            select(declaration_id, unpaid)
            .join(DeclarationDuty, col(DeclarationDuty.line_id) == col(DeclarationLine.id))
            .where(declaration_id.in_(list(declaration_ids)))
            .group_by(declaration_id)
        ).all()
    )
