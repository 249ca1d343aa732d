"""The night's filings: what waits is drafted, looked at and sent, oldest first; each says how.

Each step is a job that does one thing in one transaction, writes down what came of it, and queues
the next.  Whoever is killed leaves nothing half done: the job is taken again, by any process.  A
rehearsal does the same as of tomorrow and takes everything back, so that nothing is sent.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from warehouse.core import clock, i18n, notices
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.work import Event, Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import approving
from warehouse.customs.checking import runs
from warehouse.customs.checking.findings import Finding, Owner, Rule, Words, errors, to_confirm
from warehouse.customs.checking.runs import Outcome
from warehouse.customs.errors import RunGoing
from warehouse.customs.models import (
    Declaration,
    DeclarationLine,
    DeclaredLot,
    FilingResult,
    FilingRun,
)
from warehouse.customs.posting import outages
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    FilingOutcome,
    RunKind,
)
from warehouse.inventory.models import Disposal, HandlingUnit, Lot
from warehouse.inventory.vocabulary import DisposalKind
from warehouse.masterdata import queries as masterdata
from warehouse.operations.clearance import disposal, entry, release
from warehouse.shipments.models import Consignment, ConsignmentLine, Order
from warehouse.shipments.vocabulary import ConsignmentSource

TIMES: Final[Mapping[RunKind, tuple[time, timedelta]]] = {
    RunKind.REHEARSAL: (time(18), timedelta(hours=4)),
    RunKind.FILING: (runs.NIGHT_OPENS, timedelta(hours=8)),
}
"""From when on, Bangkok time, and how long a run of each kind is begun by itself."""

FILE_NEXT: Final = "file-next"
PRINT_LABELS: Final = "print-tomorrows-labels"

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
_UNEXPECTED: Final = Rule(
    "N04",
    "",
    Owner.ADMINISTRATOR,
    N_("An error that nobody foresaw ({error}) stopped this. The log of the program says more."),
)
_BEHIND: Final = Rule(
    "N05",
    "",
    Owner.LIAISON,
    N_("{count} of its parcels stay behind; each is listed with its reason."),
)
_MOST_REFUSED: Final = 10_000
_WAITING: Final = (DeclarationState.DRAFT, DeclarationState.APPROVED)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a run looks at: *act* does it and says what came of it."""

    key: UUID
    number: str
    packages: int
    act: Callable[[Work], list[Outcome]]


def start_due(work: Work, _facts: Facts) -> None:
    """Begin in every warehouse what is due and has not begun: filings by night, rehearsals before.

    Asked every quarter of an hour, so that a night in which nobody worked at ten still has one.
    """
    for kind, (opens, hours) in TIMES.items():
        began = _last(opens, work.at)
        if work.at - began >= hours:
            continue
        for premises in masterdata.all_premises(work.session):
            if not premises.training and not runs.began_since(
                work.session, premises.id, kind, began
            ):
                _start(work, premises.id, kind, clock.local_date(began))


def start(work: Work, premises_id: UUID, kind: RunKind) -> FilingRun:
    """Begin a run of *kind* now.

    Raises:
        RunGoing: it is under way.
    """
    return _begin(work, premises_id, kind, work.today)


def _begin(work: Work, premises_id: UUID, kind: RunKind, day: date) -> FilingRun:
    run = runs.begin(work, premises_id, kind, day)
    _go_on(work, run, 1)
    return run


def _start(work: Work, premises_id: UUID, kind: RunKind, day: date) -> None:
    try:
        _begin(work, premises_id, kind, day)
    except RunGoing as failure:
        log.warning("run is under way", premises=str(premises_id), reason=str(failure))


def _last(opens: time, at: datetime) -> datetime:
    """The latest instant, not after *at*, at which clocks in Bangkok showed *opens*."""
    local = at.astimezone(clock.BANGKOK)
    day = local.date() if local.time() >= opens else local.date() - timedelta(days=1)
    return datetime.combine(day, opens, clock.BANGKOK).astimezone(UTC)


def file_next(work: Work, facts: Facts) -> None:
    """Do the next thing of a run and queue the one after; when all is done, say so."""
    run = runs.lock(work, UUID(facts["run"]))
    if run.finished_at is not None or run.started_at.isoformat() != facts["began"]:
        return
    subject = _next(work, run)
    if subject is None:
        runs.finish(work, run)
        if run.kind is RunKind.FILING:
            work.defer(PRINT_LABELS, once=f"{PRINT_LABELS}:{run.id}", subject=str(run.id))
        return
    for outcome in _outcomes(work, run, subject):
        runs.record(work, run, outcome)
    _go_on(work, run, int(facts["step"]) + 1)


def watch(work: Work, _facts: Facts) -> None:
    """By day: tell people, once, where the filings of the night are not through.

    They are not while customs' gateway is away either, though all of them are in the queue.
    """
    if not runs.DUE_BY <= work.at.astimezone(clock.BANGKOK).time() < runs.NIGHT_OPENS:
        return
    for premises in masterdata.all_premises(work.session):
        if premises.training:
            continue
        night = runs.late(work.session, premises.id, work.at)
        away = outages.current(work.session) is not None and _any_queued(work, premises.id)
        if (night is None and not away) or _told_today(work, premises.id):
            continue
        reason = "not finished" if night else "gateway away"
        day = work.today.isoformat()
        work.emit(CustomsEvent.FILINGS_LATE, premises.id, number=premises.code, reason=reason)
        log.error("filings of the night are late", premises=premises.code, reason=reason)
        notices.tell(work, f"filings-late:{premises.code}:{day}", premises.name_th, _alarm(reason))


def _alarm(reason: str) -> str:
    sentence = (
        N_("The filings of the night did not finish. Look at the page of runs.")
        if reason == "not finished"
        else N_("Customs' gateway is away: the filings of the night wait in the queue.")
    )
    return i18n.translate(sentence, "th")


def _go_on(work: Work, run: FilingRun, step: int) -> None:
    began = run.started_at.isoformat()
    once = f"{FILE_NEXT}:{run.id}:{began}:{step}"
    work.defer(FILE_NEXT, once=once, run=str(run.id), began=began, step=str(step))


def _outcomes(work: Work, run: FilingRun, subject: Subject) -> list[Outcome]:
    """What came of *subject*: of a rehearsal everything else is taken back."""
    try:
        with _rehearsed(work) if run.kind is RunKind.REHEARSAL else _for_good(work) as then:
            return subject.act(then)
    except WarehouseError as failure:
        reasons = [_as_finding(failure.text("th"), failure.text("en"))]
        return [_told(subject, FilingOutcome.SKIPPED, reasons)]
    except DBAPIError:
        raise  # the job is tried again
    except Exception as failure:
        log.exception("filing failed", subject=subject.number)
        reasons = [_UNEXPECTED.finding({"error": type(failure).__name__})]
        return [_told(subject, FilingOutcome.FAILED, reasons)]


def _told(subject: Subject, outcome: FilingOutcome, reasons: list[Finding]) -> Outcome:
    return Outcome(subject.key, subject.number, outcome, subject.packages, reasons)


@contextmanager
def _for_good(work: Work) -> Iterator[Work]:
    with work.session.begin_nested():
        yield work


@contextmanager
def _rehearsed(work: Work) -> Iterator[Work]:
    """As of tomorrow; what is done inside is undone."""
    savepoint = work.session.begin_nested()
    try:
        yield replace(work, at=work.at + timedelta(days=1))
    finally:
        savepoint.rollback()
        work.session.expire_all()


def _next(work: Work, run: FilingRun) -> Subject | None:
    """What *run* has not looked at yet, in the order in which it came."""
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
    """An order, or another way out, that could not be drafted."""
    seen = runs.done(work.session, run)
    for event in customs.refused_drafts(work.session, limit=_MOST_REFUSED):
        of = work.session.get(Order, event.subject) or work.session.get(Disposal, event.subject)
        if of is None or of.premises_id != run.premises_id or of.id in seen:
            continue
        if isinstance(of, Disposal) and of.kind is DisposalKind.LOSS:
            continue  # the officer says first of which day its rates are
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
    event = next(each for each in customs.refused_drafts(work.session) if each.subject == of.id)
    why = _as_finding(event.facts["th"], event.facts["en"])
    return [Outcome(of.id, of.number, FilingOutcome.SKIPPED, 1, [why])]


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
    obstacles = [_as_finding(each["th"], each["en"]) for each in declaration.refusals]
    return [*errors(found), *to_confirm(found), *obstacles]


def _as_finding(th: str, en: str) -> Finding:
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


def _told_today(work: Work, premises_id: UUID) -> bool:
    told = select(Event.id).where(
        Event.name == CustomsEvent.FILINGS_LATE.value,
        Event.subject == premises_id,
        col(Event.at) >= clock.midnight(work.today),
    )
    return work.session.exec(told).first() is not None


def _any_queued(work: Work, premises_id: UUID) -> bool:
    return (
        work.session.exec(
            select(Declaration.id)
            .where(
                Declaration.premises_id == premises_id, Declaration.state == DeclarationState.QUEUED
            )
            .limit(1)
        ).first()
        is not None
    )
