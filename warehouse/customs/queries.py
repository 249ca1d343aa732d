"""What is asked of the customs book; changes nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from warehouse.core.money import ZERO
from warehouse.core.work import Event
from warehouse.customs import rules
from warehouse.customs.errors import DeclarationNotFound
from warehouse.customs.models import (
    Amendment,
    CustomsMessage,
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    DeclaredLot,
    Discharge,
    PolicyRow,
    Release,
    ReleaseLine,
)
from warehouse.customs.vocabulary import (
    AT_CUSTOMS,
    INTO_BOND,
    AmendmentState,
    CustomsEvent,
    DeclarationState,
    Direction,
)

_SEPARATORS: Final = re.compile(r"[ \-]+")

IN_CUSTOMS_HANDS: Final = (
    DeclarationState.SENT,
    DeclarationState.UNKNOWN,
    DeclarationState.WITHOUT_NUMBER,
    *sorted(AT_CUSTOMS),
)
"""States in which customs has, or may have, something more to say."""


def policy(session: Session) -> rules.Policy:
    """Every dated rule of the policy table."""
    return rules.Policy.of(
        rules.PolicyRow(row.name, row.key, row.value, row.valid_from, row.valid_to, row.source)
        for row in session.exec(select(PolicyRow))
    )


def declaration_by_id(session: Session, declaration_id: UUID) -> Declaration:
    """The declaration *declaration_id*.

    Raises:
        DeclarationNotFound: there is none.
    """
    if found := session.get(Declaration, declaration_id):
        return found
    raise DeclarationNotFound(number=str(declaration_id))


def declaration_by_number(session: Session, number: str) -> Declaration:
    """The declaration that we, or customs in print or in its book, call *number*.

    Raises:
        DeclarationNotFound: there is none.
    """
    kept = stored(number)
    found = session.exec(
        select(Declaration).where(
            or_(
                col(Declaration.declaration_number) == kept,
                col(Declaration.reference_number) == kept,
            )
        )
    ).first()
    if found is None:
        raise DeclarationNotFound(number=number)
    return found


def stored(number: str) -> str:
    """*number* as customs keeps it: printed it has a hyphen (A030-0601170019), kept it has none."""
    return _SEPARATORS.sub("", number).upper()


def declaration_of_consignment(session: Session, consignment_id: UUID) -> Declaration | None:
    """The declaration that takes a consignment into bond, unless it was cancelled."""
    return session.exec(
        select(Declaration).where(
            Declaration.consignment_id == consignment_id,
            col(Declaration.document_type).in_(INTO_BOND),
            Declaration.state != DeclarationState.CANCELLED,
        )
    ).first()


def declarations_of_consignment(session: Session, consignment_id: UUID) -> Sequence[Declaration]:
    """The declarations that take a consignment in, by part; cancelled ones are left out."""
    return session.exec(
        select(Declaration)
        .where(
            Declaration.consignment_id == consignment_id,
            Declaration.state != DeclarationState.CANCELLED,
        )
        .order_by(col(Declaration.part))
    ).all()


def lots_behind(session: Session, declaration_ids: Iterable[UUID]) -> set[UUID]:
    """The lots that stand behind any line of *declaration_ids*."""
    return set(
        session.exec(
            select(DeclaredLot.lot_id)
            .join(DeclarationLine, col(DeclarationLine.id) == col(DeclaredLot.line_id))
            .where(col(DeclarationLine.declaration_id).in_(list(declaration_ids)))
        )
    )


def declaration_of_order(session: Session, order_id: UUID) -> Declaration | None:
    """The declaration that releases an order's goods, unless it was cancelled."""
    return declaration_of(session, order_id=order_id)


def declaration_of(session: Session, **subject: UUID) -> Declaration | None:
    """The live declaration of an *order_id*, a *disposal_id* or a *paired_id*, if there is one."""
    return session.exec(
        select(Declaration).where(*_about(subject), Declaration.state != DeclarationState.CANCELLED)
    ).first()


def last_version(session: Session, **subject: UUID) -> int:
    """How many times a *consignment_id*, *order_id* or *disposal_id* has been declared at all."""
    return session.exec(
        select(func.coalesce(func.max(Declaration.version), 0)).where(*_about(subject))
    ).one()


def last_version_of_part(session: Session, consignment_id: UUID, part: int) -> int:
    """How many times a part of a consignment has been declared at all."""
    return session.exec(
        select(func.coalesce(func.max(Declaration.version), 0)).where(
            Declaration.consignment_id == consignment_id, Declaration.part == part
        )
    ).one()


def _about(subject: Mapping[str, UUID]) -> list[ColumnElement[bool]]:
    assert len(subject) == 1, "a declaration is of one thing"
    return [getattr(Declaration, column) == key for column, key in subject.items()]


def worklist(
    session: Session,
    *,
    states: Iterable[DeclarationState] = tuple(DeclarationState),
    before: str | None = None,
    limit: int = 50,
) -> Sequence[Declaration]:
    """Declarations in *states*, newest first; *before* is the last reference of the page above."""
    query = select(Declaration).where(col(Declaration.state).in_(list(states)))
    if before is not None:
        query = query.where(col(Declaration.reference_number) < before)
    return session.exec(query.order_by(col(Declaration.reference_number).desc()).limit(limit)).all()


def refused_drafts(
    session: Session, *which: ColumnElement[bool], limit: int = 200
) -> Sequence[Event]:
    """The last refusal for each consignment, order or disposal that could not even be drafted.

    *which* of the events are wanted; all, unless it is said.

    The event's subject is one of these; its facts are ``document_type``,
    ``number``, ``code`` and the sentence as ``th`` and ``en``.
    """
    declared = (
        select(Declaration.id)
        .where(
            Declaration.state != DeclarationState.CANCELLED,
            or_(
                col(Declaration.consignment_id) == Event.subject,
                col(Declaration.order_id) == Event.subject,
                col(Declaration.disposal_id) == Event.subject,
                col(Declaration.paired_id) == Event.subject,
            ),
        )
        .exists()
    )
    last = (
        select(func.max(Event.sequence))
        .where(Event.name == CustomsEvent.DRAFT_REFUSED.value, ~declared, *which)
        .group_by(col(Event.subject))
    )
    return session.exec(
        select(Event)
        .where(col(Event.sequence).in_(last))
        .order_by(col(Event.sequence).desc())
        .limit(limit)
    ).all()


def refused_draft(session: Session, subject: UUID) -> Event | None:
    """The last refusal to draft anything of *subject*; see `refused_drafts`."""
    return session.exec(
        select(Event)
        .where(Event.name == CustomsEvent.DRAFT_REFUSED.value, Event.subject == subject)
        .order_by(col(Event.sequence).desc())
        .limit(1)
    ).first()


def lines(session: Session, declaration_id: UUID) -> Sequence[DeclarationLine]:
    """The lines of a declaration, in order."""
    return session.exec(
        select(DeclarationLine)
        .where(DeclarationLine.declaration_id == declaration_id)
        .order_by(col(DeclarationLine.line_number))
    ).all()


def duties(session: Session, line_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[DeclarationDuty]]:
    """The duties and taxes of each line, in the order of their types."""
    found: dict[UUID, list[DeclarationDuty]] = {line_id: [] for line_id in line_ids}
    rows = session.exec(
        select(DeclarationDuty)
        .where(col(DeclarationDuty.line_id).in_(list(found)))
        .order_by(col(DeclarationDuty.duty_type))
    )
    for duty in rows:
        found[duty.line_id].append(duty)
    return found


def declared_lots(session: Session, declaration_id: UUID) -> Sequence[DeclaredLot]:
    """The lots behind the lines of a declaration."""
    return session.exec(
        select(DeclaredLot)
        .join(DeclarationLine, col(DeclarationLine.id) == col(DeclaredLot.line_id))
        .where(DeclarationLine.declaration_id == declaration_id)
        .order_by(col(DeclarationLine.line_number), col(DeclaredLot.lot_id))
    ).all()


def suspended_baht(session: Session, declaration_id: UUID) -> Decimal:
    """Duty and tax that a declaration leaves unpaid while the goods stand in bond."""
    unpaid = col(DeclarationDuty.amount) - col(DeclarationDuty.amount_paid)
    return session.exec(
        select(func.coalesce(func.sum(unpaid), ZERO))
        .join(DeclarationLine, col(DeclarationLine.id) == col(DeclarationDuty.line_id))
        .where(DeclarationLine.declaration_id == declaration_id)
    ).one()


@dataclass(frozen=True, slots=True)
class Taken:
    """What the disposal lines of an import line take of it, discharged yet or not."""

    quantity: Decimal = ZERO
    cif_baht: Decimal = ZERO
    cif_foreign: Decimal = ZERO
    excise_quantity: Decimal = ZERO


def taken(session: Session, entry_line_ids: Iterable[UUID]) -> Mapping[UUID, Taken]:
    """What live declarations take of each import line.  Hold its lock while you rely on it.

    Once goods are known to have arrived, what counts is what was written off: the rest was never
    taken, and is there for another declaration.
    """
    return _taken(session, entry_line_ids)


def _taken(
    session: Session, entry_line_ids: Iterable[UUID], *which: ColumnElement[bool]
) -> Mapping[UUID, Taken]:
    arrived = case((col(Declaration.state) == DeclarationState.DELIVERED, ZERO))
    quantity = func.coalesce(col(Discharge.quantity), arrived, col(DeclarationLine.quantity))
    cif_baht = func.coalesce(col(Discharge.cif_baht), arrived, col(DeclarationLine.cif_baht))
    part = quantity / col(DeclarationLine.quantity)
    rows = session.execute(
        sa.select(
            col(DeclarationLine.entry_line_id),
            func.sum(quantity),
            func.sum(cif_baht),
            func.sum(func.round(col(DeclarationLine.cif_foreign) * part, 2)),
            func.coalesce(func.sum(func.round(col(DeclarationLine.excise_quantity) * part, 3)), 0),
        )
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .join(Discharge, col(Discharge.disposal_line_id) == col(DeclarationLine.id), isouter=True)
        .where(
            col(DeclarationLine.entry_line_id).in_(list(entry_line_ids)),
            col(Declaration.state) != DeclarationState.CANCELLED,
            *which,
        )
        .group_by(col(DeclarationLine.entry_line_id))
    )
    return {line_id: Taken(*sums) for line_id, *sums in rows if line_id is not None}


class Withdrawn(NamedTuple):
    """How an import line stands before and after a declaration, in its unit and in baht."""

    entry_number: str
    line_number: int
    unit: str
    before: Decimal
    withdrawn: Decimal
    after: Decimal
    value_before: Decimal
    value_withdrawn: Decimal
    value_after: Decimal


def withdrawal_statement(session: Session, declaration: Declaration) -> Sequence[Withdrawn]:
    """What *declaration* withdraws of each import line: before, withdrawn, after (19 CFR 144.32).

    Before stands what declarations drafted earlier, and not cancelled, leave of the line.  Empty
    for what comes into bond.
    """
    if declaration.document_type in INTO_BOND:
        return []
    line, entry_line = aliased(DeclarationLine), aliased(DeclarationLine)
    entry = aliased(Declaration)
    rows = session.exec(
        select(line, entry_line, entry)
        .join(entry_line, col(entry_line.id) == col(line.entry_line_id))
        .join(entry, col(entry.id) == col(entry_line.declaration_id))
        .where(line.declaration_id == declaration.id)
        .order_by(col(line.line_number))
    ).all()
    drafted_before = col(Declaration.id) < declaration.id  # keys grow with time
    earlier = _taken(session, (each.id for _, each, _ in rows), drafted_before)
    found = []
    for own, of, by in rows:
        took = earlier.get(of.id, Taken())
        before, value_before = of.quantity - took.quantity, of.cif_baht - took.cif_baht
        found.append(
            Withdrawn(
                entry_number=by.declaration_number or by.reference_number,
                line_number=of.line_number,
                unit=of.unit,
                before=before,
                withdrawn=own.quantity,
                after=before - own.quantity,
                value_before=value_before,
                value_withdrawn=own.cif_baht,
                value_after=value_before - own.cif_baht,
            )
        )
    return found


def being_amended(session: Session, declaration_id: UUID) -> bool:
    """Whether customs is asked, or about to be asked, to change or cancel a declaration."""
    waits = (AmendmentState.QUEUED, AmendmentState.SENT, AmendmentState.UNKNOWN)
    asked = select(Amendment.id).where(
        Amendment.declaration_id == declaration_id, col(Amendment.state).in_(waits)
    )
    return session.exec(asked).first() is not None


def release_of_order(session: Session, order_id: UUID) -> Release | None:
    """The release that lets an order's goods out, if customs has given it."""
    return session.exec(select(Release).where(Release.order_id == order_id)).first()


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """An import line's statement as customs sees it; all in the line's unit.

    *declared* = *in_bond* + *released* + *exited*; *let_go* is what customs released at all.
    *whole*: what the line notes as written off is what its discharges say.
    """

    declared: Decimal
    let_go: Decimal
    exited: Decimal
    whole: bool

    @property
    def in_bond(self) -> Decimal:
        """What customs has not let go."""
        return self.declared - self.let_go

    @property
    def released(self) -> Decimal:
        """What customs has let go and the gate has not."""
        return self.let_go - self.exited


def withdrawals(
    session: Session, entry_lines: Iterable[DeclarationLine]
) -> Mapping[UUID, Withdrawals]:
    """The statement of each of *entry_lines*; what was given up in the end is not let go."""
    wanted = {line.id: line for line in entry_lines}
    rows = session.exec(
        select(
            DeclarationLine.entry_line_id,
            func.sum(ReleaseLine.quantity),
            func.sum(ReleaseLine.used_quantity),
        )
        .join(ReleaseLine, col(ReleaseLine.declaration_line_id) == col(DeclarationLine.id))
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(
            col(DeclarationLine.entry_line_id).in_(list(wanted)),
            Declaration.state != DeclarationState.CANCELLED,
        )
        .group_by(col(DeclarationLine.entry_line_id))
    )
    sums = {line_id: (let_go, exited) for line_id, let_go, exited in rows}
    written = dict(
        session.exec(
            select(Discharge.entry_line_id, func.sum(Discharge.quantity))
            .where(col(Discharge.entry_line_id).in_(list(wanted)))
            .group_by(col(Discharge.entry_line_id))
        ).all()
    )
    return {
        line_id: Withdrawals(
            line.quantity,
            *sums.get(line_id, (ZERO, ZERO)),
            whole=line.discharged_quantity == written.get(line_id, ZERO),
        )
        for line_id, line in wanted.items()
    }


def all_gone(session: Session, declaration_id: UUID) -> bool:
    """Whether everything that the release of a declaration lets go has gone."""
    here = (
        select(ReleaseLine.id)
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(
            Release.declaration_id == declaration_id,
            col(ReleaseLine.used_quantity) < col(ReleaseLine.quantity),
        )
    )
    return session.exec(here.limit(1)).first() is None


def sent_document(session: Session, message_id: UUID) -> bytes | None:
    """The document that went to customs as *message_id*, byte for byte."""
    return session.exec(
        select(CustomsMessage.raw).where(
            CustomsMessage.direction == Direction.OUT,
            CustomsMessage.transport_id == str(message_id),
        )
    ).first()


def anything_in_customs_hands(session: Session) -> bool:
    """Whether customs has, or may have, something more to say."""
    return (
        session.exec(
            select(Declaration.id).where(col(Declaration.state).in_(IN_CUSTOMS_HANDS)).limit(1)
        ).first()
        is not None
    )
