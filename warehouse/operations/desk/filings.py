"""Declarations as the desk looks for them: by state, or by any number that stands on any paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CompoundSelect, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from warehouse.core.errors import NotFound
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.core.work import Event, Work
from warehouse.customs import queries as customs
from warehouse.customs.models import (
    CustomsMessage,
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    DeclaredLot,
    Release,
)
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory.models import Disposal, HandlingUnit, Lot
from warehouse.masterdata.models import Partner
from warehouse.operations import wall
from warehouse.shipments.models import Consignment, Order, Shipment

_FILINGS: Final = (
    sa.select(
        Declaration,
        col(Partner.code),
        col(Consignment.number),
        col(Order.number),
        col(Disposal.number),
    )
    .join(Partner, col(Partner.id) == col(Declaration.partner_id))
    .outerjoin(Consignment, col(Consignment.id) == col(Declaration.consignment_id))
    .outerjoin(Order, col(Order.id) == col(Declaration.order_id))
    .outerjoin(Disposal, col(Disposal.id) == col(Declaration.disposal_id))
)
_PAGES: Final = (
    ("/consignments", col(Consignment.id), col(Consignment.number), col(Consignment.premises_id)),
    ("/shipments", col(Shipment.order_id), col(Shipment.number), col(Shipment.premises_id)),
    ("/disposals", col(Disposal.id), col(Disposal.number), col(Disposal.premises_id)),
)
"""Where each thing that can be declared is looked at, its key and its number."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A declaration and the names of what it is about; *suspended_baht* is unpaid while in bond."""

    declaration: Declaration
    partner: str
    consignment: str | None
    order: str | None
    disposal: str | None
    suspended_baht: Decimal


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which declarations: None asks for nothing.  *before* is the last reference of a page."""

    states: Sequence[DeclarationState] = tuple(DeclarationState)
    consignment: str | None = None
    order: str | None = None
    number: str | None = None
    before: str | None = None


def find(work: Work, wanted: Wanted, *, limit: int = 50) -> Sequence[Filing]:
    """The declarations that fit, of the premises that the actor looks at, newest first."""
    query = _FILINGS.where(
        wall.seen(work, col(Declaration.premises_id)),
        col(Declaration.state).in_(list(wanted.states)),
    )
    if wanted.consignment is not None:
        query = query.where(col(Consignment.number) == wanted.consignment)
    if wanted.order is not None:
        query = query.where(col(Order.number) == wanted.order)
    if wanted.number is not None:
        query = query.where(col(Declaration.id).in_(_named(wanted.number)))
    if wanted.before is not None:
        query = query.where(col(Declaration.reference_number) < wanted.before)
    newest_first = query.order_by(col(Declaration.reference_number).desc()).limit(limit)
    return _read(work.session, newest_first)


def of(session: Session, declaration: Declaration) -> Filing:
    """*declaration* with the names of what it is about."""
    return _read(session, _FILINGS.where(col(Declaration.id) == declaration.id))[0]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A line of an accepted entry into bond, as papers name it."""

    number: str
    line_number: int


def import_lines(session: Session, drawing: Iterable[DeclarationLine]) -> Mapping[UUID, ImportLine]:
    """The import line that each of *drawing* draws down; those that draw none are left out."""
    entry_line = aliased(DeclarationLine)
    rows = session.exec(
        select(DeclarationLine.id, Declaration.declaration_number, entry_line.line_number)
        .join(entry_line, col(entry_line.id) == col(DeclarationLine.entry_line_id))
        .join(Declaration, col(Declaration.id) == col(entry_line.declaration_id))
        .where(col(DeclarationLine.id).in_([line.id for line in drawing]))
    )
    return {line_id: ImportLine(*named) for line_id, *named in rows}


def counts(work: Work) -> dict[DeclarationState, int]:
    """How many declarations are in each state that any is in, of those the actor looks at."""
    grouped = (
        select(col(Declaration.state), func.count())
        .where(wall.seen(work, col(Declaration.premises_id)))
        .group_by(col(Declaration.state))
    )
    return dict(work.session.exec(grouped).all())


def _read(session: Session, query: sa.Select[Declaration, str, str, str, str]) -> Sequence[Filing]:
    rows = session.execute(query).all()
    suspended = _suspended(session, (row[0].id for row in rows))
    return [
        Filing(found, partner, consignment, order, disposal, suspended.get(found.id, ZERO))
        for found, partner, consignment, order, disposal in rows
    ]


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
        declaration.where(Declaration.reference_number == customs.stored(number)),
        declaration.where(Declaration.declaration_number == customs.stored(number)),
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


@dataclass(frozen=True, slots=True)
class RefusedDraft:
    """What could not be declared: *path* is its page, *reasons* say why."""

    number: str
    path: str
    reasons: Mapping[str, str]
    at: datetime


def refused(work: Work) -> Sequence[RefusedDraft]:
    """What could not be drafted here and waits for a person, the latest first."""
    here = or_(
        *(
            sa.exists().where(subject == col(Event.subject), wall.seen(work, premises_id))
            for _, subject, _, premises_id in _PAGES
        )
    )
    events = customs.refused_drafts(work.session, here)
    subjects = [event.subject for event in events]
    pages: dict[UUID, tuple[str, str]] = {}
    for path, subject, number, _ in _PAGES:
        rows = work.session.execute(sa.select(subject, number).where(subject.in_(subjects)))
        pages |= {key: (name, f"{path}/{name}") for key, name in rows}
    return [RefusedDraft(*pages[event.subject], event.facts, event.at) for event in events]


# ── What stands behind one declaration ───────────────────────────────────────────────────────────


class MessageNotFound(NotFound):
    """No such message went or came for the declaration."""

    code = "message-not-found"
    message = N_("{number} has no message {sequence}.")


def lines(
    session: Session, declaration_id: UUID, *, after: int = 0, limit: int = 20
) -> Sequence[DeclarationLine]:
    """The lines of a declaration behind line *after*, in order."""
    return session.exec(
        select(DeclarationLine)
        .where(
            DeclarationLine.declaration_id == declaration_id,
            col(DeclarationLine.line_number) > after,
        )
        .order_by(col(DeclarationLine.line_number))
        .limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class DutyTotal:
    """The sum of one duty or tax over the lines of a declaration, to the satang."""

    duty_type: str
    amount: Decimal
    amount_paid: Decimal

    @property
    def suspended(self) -> Decimal:
        """What is not paid while the goods stand in bond."""
        return self.amount - self.amount_paid


def duty_totals(session: Session, declaration_id: UUID) -> Sequence[DutyTotal]:
    """The duties and taxes of a declaration, added up over its lines."""
    duty_type = col(DeclarationDuty.duty_type)
    rows = session.exec(
        select(
            duty_type,
            func.sum(col(DeclarationDuty.amount)),
            func.sum(col(DeclarationDuty.amount_paid)),
        )
        .join(DeclarationLine, col(DeclarationLine.id) == col(DeclarationDuty.line_id))
        .where(DeclarationLine.declaration_id == declaration_id)
        .group_by(duty_type)
        .order_by(duty_type)
    )
    return [DutyTotal(*row) for row in rows]


def messages(session: Session, declaration_id: UUID) -> Sequence[CustomsMessage]:
    """What went to customs and came from it about a declaration, in order."""
    return session.exec(
        select(CustomsMessage)
        .where(CustomsMessage.declaration_id == declaration_id)
        .order_by(col(CustomsMessage.sequence))
    ).all()


def message(session: Session, declaration: Declaration, sequence: int) -> CustomsMessage:
    """The message *sequence* about *declaration*.

    Raises:
        MessageNotFound: there is none.
    """
    found = session.exec(
        select(CustomsMessage).where(
            CustomsMessage.declaration_id == declaration.id, CustomsMessage.sequence == sequence
        )
    ).first()
    if found is None:
        raise MessageNotFound(number=declaration.reference_number, sequence=sequence)
    return found
