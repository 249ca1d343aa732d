"""What a run of filings looks at, one thing after the other, and what comes of each."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from warehouse.core.i18n import N_
from warehouse.core.work import Event, Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import approving
from warehouse.customs.checking.findings import Finding, Owner, Rule, Words, errors, to_confirm
from warehouse.customs.checking.runs import Outcome
from warehouse.customs.models import (
    Declaration,
    DeclarationLine,
    DeclaredLot,
    FilingResult,
    FilingRun,
)
from warehouse.customs.vocabulary import DeclarationState, FilingOutcome, RunKind
from warehouse.inventory.models import Disposal, HandlingUnit, Lot
from warehouse.inventory.vocabulary import DisposalKind
from warehouse.operations.clearance import disposal, entry, release
from warehouse.shipments.models import Consignment, ConsignmentLine, Order
from warehouse.shipments.vocabulary import ConsignmentSource

_REFUSED: Final = Rule("N01", "", Owner.MANAGER, N_("{why}"))
_SECOND_PERSON: Final = Rule(
    "N02",
    "approved_by",
    Owner.LIAISON,
    N_("{number} waits for a second person's approval."),
)
_WINDOW: Final = Rule(
    "N03",
    "",
    Owner.LIAISON,
    N_("{number} is approved and waits for its filing window."),
)
_BEHIND: Final = Rule(
    "N05",
    "",
    Owner.LIAISON,
    N_("{count} of its parcels stay behind; each is listed with its reason."),
)
_WAITING: Final = (DeclarationState.DRAFT, DeclarationState.APPROVED)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a run looks at: *act* does it and says what came of it."""

    key: UUID
    number: str
    packages: int
    act: Callable[[Work], list[Outcome]]

    def came(self, outcome: FilingOutcome, reason: Finding) -> list[Outcome]:
        """What to tell when *act* did not get to say it."""
        return [Outcome(self.key, self.number, outcome, self.packages, [reason])]


def following(work: Work, run: FilingRun) -> Subject | None:
    """The first that *run* has not looked at yet, in the order in which it came."""
    for found in (_consignment(work, run), _refused(work, run), _declaration(work, run)):
        if found is not None:
            return found
    return None


def _unseen(run: FilingRun, key: Mapped[UUID]) -> ColumnElement[bool]:
    looked_at = select(FilingResult.id).where(
        FilingResult.run_id == run.id,
        FilingResult.subject == key,
        FilingResult.at >= run.started_at,
    )
    return ~looked_at.exists()


def _declaration(work: Work, run: FilingRun) -> Subject | None:
    found = work.session.exec(
        select(Declaration)
        .where(
            Declaration.premises_id == run.premises_id,
            col(Declaration.state).in_(_WAITING),
            col(Declaration.disposal_id).is_(None),  # these wait for people
            _unseen(run, col(Declaration.id)),
        )
        .order_by(col(Declaration.drafted_at), col(Declaration.reference_number))
        .limit(1)
    ).first()
    if found is None:
        return None
    return Subject(
        found.id,
        found.reference_number,
        found.package_amount,
        lambda then: [_file(then, found, run.kind)],
    )


def _consignment(work: Work, run: FilingRun) -> Subject | None:
    """A consignment some of whose goods stand behind no declaration."""
    declared = (
        select(DeclaredLot.id)
        .join(DeclarationLine, col(DeclarationLine.id) == col(DeclaredLot.line_id))
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(DeclaredLot.lot_id == Lot.id, Declaration.state != DeclarationState.CANCELLED)
    )
    found = work.session.exec(
        select(Consignment)
        .join(ConsignmentLine, col(ConsignmentLine.consignment_id) == col(Consignment.id))
        .join(Lot, col(Lot.consignment_line_id) == col(ConsignmentLine.id))
        .where(
            Consignment.premises_id == run.premises_id,
            Consignment.source != ConsignmentSource.THAILAND,
            col(Lot.declaration_line_id).is_(None),
            ~declared.exists(),
            _unseen(run, col(Consignment.id)),
        )
        .order_by(col(Consignment.announced_at), col(Consignment.number))
        .limit(1)
    ).first()
    if found is None:
        return None
    draft = _draft if run.kind is RunKind.FILING else _rehearse
    return Subject(found.id, found.number, found.package_amount, lambda then: draft(then, found))


def _refused(work: Work, run: FilingRun) -> Subject | None:
    """An order, or another way out, that could not be drafted.

    Of a loss the officer says first of which day its rates are.
    """
    subject = col(Event.subject)
    waits = or_(
        exists().where(col(Order.id) == subject, col(Order.premises_id) == run.premises_id),
        exists().where(
            col(Disposal.id) == subject,
            col(Disposal.premises_id) == run.premises_id,
            col(Disposal.kind) != DisposalKind.LOSS,
        ),
    )
    for event in customs.refused_drafts(work.session, waits, _unseen(run, subject), limit=1):
        of = work.session.get(Order, event.subject) or work.session.get_one(Disposal, event.subject)
        return Subject(of.id, of.number, 1, partial(_draft_out, of=of, kind=run.kind))
    return None


def _draft(work: Work, consignment: Consignment) -> list[Outcome]:
    """Draft what can be declared, to be filed in its turn, and tell what stays behind."""
    wrong = entry.declare(work, consignment)
    left = [
        Outcome(key, parcel, FilingOutcome.SKIPPED, 1, [wrong[parcel]])
        for parcel, key in _parcels(work, consignment, wrong).items()
    ]
    behind = [_BEHIND.finding({"count": len(left)})] if left else []
    return [Outcome(consignment.id, consignment.number, FilingOutcome.SKIPPED, 0, behind), *left]


def _rehearse(work: Work, consignment: Consignment) -> list[Outcome]:
    """Draft and file it, and say of all its parts together what came of them."""
    _whole, *left = _draft(work, consignment)
    filed = 0
    reasons: list[Finding] = []
    for declaration in customs.declarations_of_consignment(work.session, consignment.id):
        if declaration.state in _WAITING:
            came = _file(work, declaration, RunKind.REHEARSAL)
            filed += came.packages if came.outcome is FilingOutcome.FILED else 0
            reasons += came.reasons
    outcome = FilingOutcome.SKIPPED if reasons else FilingOutcome.FILED
    packages = consignment.package_amount - len(left) if reasons else filed
    return [Outcome(consignment.id, consignment.number, outcome, packages, reasons), *left]


def _draft_out(work: Work, of: Order | Disposal, kind: RunKind) -> list[Outcome]:
    facts = {"subject": str(of.id)}
    if isinstance(of, Order):
        release.declare_release(work, facts)
        declaration = customs.declaration_of_order(work.session, of.id)
    else:
        disposal.declare(work, facts)
        declaration = customs.declaration_of(work.session, disposal_id=of.id)
    if declaration is not None:
        return [_came_of(declaration, kind)]
    event = customs.refused_draft(work.session, of.id)
    why = [refused(event.facts["th"], event.facts["en"])] if event else []
    return [Outcome(of.id, of.number, FilingOutcome.SKIPPED, 1, why)]


def _file(work: Work, declaration: Declaration, kind: RunKind) -> Outcome:
    approving.file_or_wait(work, declaration)
    return _came_of(declaration, kind)


def _came_of(declaration: Declaration, kind: RunKind) -> Outcome:
    """Filed, or what is in the way; of a rehearsal, waiting for the window is no obstacle."""
    state = declaration.state
    rehearsed = kind is RunKind.REHEARSAL and state is DeclarationState.APPROVED
    reasons = _reasons(declaration) if state in _WAITING else []
    if not reasons and state is DeclarationState.APPROVED and not rehearsed:
        reasons = [_WINDOW.finding({"number": declaration.reference_number})]
    if not reasons and state is DeclarationState.DRAFT:
        reasons = [_SECOND_PERSON.finding({"number": declaration.reference_number})]
    return Outcome(
        declaration.id,
        declaration.reference_number,
        FilingOutcome.SKIPPED if reasons else FilingOutcome.FILED,
        declaration.package_amount,
        reasons,
    )


def _reasons(declaration: Declaration) -> list[Finding]:
    found = declaration.findings
    obstacles = [refused(each["th"], each["en"]) for each in declaration.refusals]
    return [*errors(found), *to_confirm(found), *obstacles]


def refused(th: str, en: str) -> Finding:
    """A command's refusal as what is in the way."""
    return _REFUSED.finding({"why": Words(th, en)})


def _parcels(work: Work, consignment: Consignment, numbers: Collection[str]) -> Mapping[str, UUID]:
    """The units of *consignment* among *numbers*, by number."""
    return dict(
        work.session.exec(
            select(HandlingUnit.number, HandlingUnit.id)
            .where(
                HandlingUnit.consignment_id == consignment.id,
                col(HandlingUnit.number).in_(list(numbers)),
            )
            .order_by(col(HandlingUnit.number))
        ).all()
    )
