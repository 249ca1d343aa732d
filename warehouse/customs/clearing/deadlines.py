"""How long goods may stay in bond: who was told, what more time was asked for, what has ended.

Two years from the import date, and one extension of at most one year (Customs Tax Incentives
Clinic guide).  A period whose last day is closed ends on the next open one.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from warehouse.core import db
from warehouse.core.work import Work
from warehouse.customs import commands, queries, rules
from warehouse.customs.errors import (
    ExtensionAsked,
    ExtensionBeyond,
    ExtensionDecided,
    ExtensionNotFound,
    ExtensionShort,
    NotInBond,
    PaperMissing,
)
from warehouse.customs.models import (
    DeadlineExtension,
    DeadlineNotice,
    Declaration,
    DeclarationLine,
)
from warehouse.customs.vocabulary import CustomsEvent, ExtensionState
from warehouse.masterdata.calendar import CustomsCalendar, customs_calendar

DAYS_OF_WARNING: Final = (90, 60, 30, 14, 7, 1)


class Deadline(NamedTuple):
    """An entry with goods left in bond; *ends_on* is its last day by the customs calendar."""

    entry: Declaration
    ends_on: date
    days_left: int

    @property
    def overdue(self) -> bool:
        """Whether the time has run out."""
        return self.days_left < 0


def running(session: Session, today: date, premises_id: UUID | None = None) -> list[Deadline]:
    """Every entry with goods left, the most urgent first; of one premises, or of all."""
    entries = session.exec(_with_goods_left(premises_id)).all()
    if not entries:
        return []
    ends = [entry.storage_ends_on for entry in entries if entry.storage_ends_on]
    calendar = customs_calendar(session, min(ends), max(ends))
    return sorted(
        (_deadline(entry, calendar, today) for entry in entries),
        key=lambda each: (each.ends_on, each.entry.reference_number),
    )


def step_due(deadline: Deadline, calendar: CustomsCalendar, today: date) -> int | None:
    """The smallest number of days whose warning is due on *today*, on time before a closed day."""
    due = [
        days
        for days in DAYS_OF_WARNING
        if calendar.on_or_before(deadline.ends_on - timedelta(days=days)) <= today
    ]
    return min(due, default=None)


def tell(work: Work, deadline: Deadline, days: int) -> bool:
    """Tell once that the time of an entry ends in *days*; whether nobody was told before.

    What a transfer or an extension makes shorter or longer is told anew: notices are kept by the
    day on which the time ends.
    """
    entry = commands.lock(work, deadline.entry.id)
    told = work.session.exec(
        select(DeadlineNotice.id).where(
            DeadlineNotice.declaration_id == entry.id,
            DeadlineNotice.ends_on == deadline.ends_on,
            col(DeadlineNotice.days_left) <= days,
        )
    ).first()
    if told is not None:
        return False
    work.session.add(
        DeadlineNotice(
            declaration_id=entry.id, ends_on=deadline.ends_on, days_left=days, at=work.at
        )
    )
    work.emit(
        CustomsEvent.DEADLINE_NEAR,
        entry.id,
        number=entry.reference_number,
        ends_on=deadline.ends_on.isoformat(),
        days_left=str(days),
    )
    return True


def ask_for_more(work: Work, declaration: Declaration, until: date, reason: str) -> None:
    """Ask customs to let the goods of an entry stay *until* that day.

    Raises:
        NotInBond: the entry has no storage period yet.
        ExtensionBeyond: more than one year in all.
        ExtensionShort: it would end no later than now.
        ExtensionAsked: customs was asked before, and may decide once.
    """
    entry = commands.lock(work, declaration.id)
    if entry.storage_ends_on is None:
        raise NotInBond
    if earlier := extension_of(work.session, entry.id):
        raise ExtensionAsked(person=earlier.requested_by, at=earlier.requested_at)
    latest = rules.storage_ends_on(
        entry.import_date, queries.policy(work.session), extension_years=1
    )
    if until > latest:
        raise ExtensionBeyond(latest=latest, asked=until)
    if until <= entry.storage_ends_on:
        raise ExtensionShort(ends_on=entry.storage_ends_on)
    extension = DeadlineExtension(
        declaration_id=entry.id,
        state=ExtensionState.REQUESTED,
        until=until,
        reason=reason,
        requested_by=work.actor.name,
        requested_at=work.at,
    )
    work.session.add(extension)
    work.emit(CustomsEvent.EXTENSION_REQUESTED, entry.id, until=until.isoformat())


def decide(
    work: Work,
    declaration: Declaration,
    *,
    granted: bool,
    document_number: str,
    officer_id: UUID,
) -> Declaration:
    """Record what customs answered: with *granted* the time ends on the day that was asked for.

    Raises:
        ExtensionNotFound: nothing was asked.
        ExtensionDecided: customs has answered.
        PaperMissing: the answer has no number.
    """
    entry = commands.lock(work, declaration.id)
    asked = extension_of(work.session, entry.id)
    if asked is None:
        raise ExtensionNotFound(number=entry.reference_number)
    extension = db.lock(work.session, DeadlineExtension, [asked.id])[asked.id]
    if extension.state is not ExtensionState.REQUESTED:
        raise ExtensionDecided(document=extension.document_number, at=extension.decided_at)
    if not document_number.strip():
        raise PaperMissing
    extension.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    extension.document_number = document_number.strip()
    extension.officer_id = officer_id
    extension.decided_by, extension.decided_at = work.actor.name, work.at
    if granted:
        entry.storage_ends_on = extension.until
    work.emit(
        CustomsEvent.EXTENSION_DECIDED,
        entry.id,
        state=extension.state.value,
        document=extension.document_number,
    )
    return entry


def extension_of(session: Session, declaration_id: UUID) -> DeadlineExtension | None:
    """What was asked for an entry, unless customs refused it."""
    return session.exec(
        select(DeadlineExtension).where(
            DeadlineExtension.declaration_id == declaration_id,
            DeadlineExtension.state != ExtensionState.REFUSED,
        )
    ).first()


def open_lines(session: Session, declaration_id: UUID) -> Sequence[DeclarationLine]:
    """The lines of an entry that still have goods in bond."""
    return session.exec(
        select(DeclarationLine)
        .where(
            DeclarationLine.declaration_id == declaration_id,
            DeclarationLine.discharged_quantity < DeclarationLine.quantity,
        )
        .order_by(col(DeclarationLine.line_number))
    ).all()


def _deadline(entry: Declaration, calendar: CustomsCalendar, today: date) -> Deadline:
    assert entry.storage_ends_on is not None, "it was chosen by it"
    ends_on = calendar.on_or_after(entry.storage_ends_on)
    return Deadline(entry, ends_on, (ends_on - today).days)


def _with_goods_left(premises_id: UUID | None) -> SelectOfScalar[Declaration]:
    left = (
        select(DeclarationLine.id)
        .where(
            DeclarationLine.declaration_id == Declaration.id,
            DeclarationLine.discharged_quantity < DeclarationLine.quantity,
        )
        .exists()
    )
    found = select(Declaration).where(col(Declaration.storage_ends_on).is_not(None), left)
    if premises_id is not None:
        found = found.where(Declaration.premises_id == premises_id)
    return found
