"""The night's filings: what waits is drafted, looked at and sent, oldest first; each says how.

Each step is a job that does one thing in one transaction, writes down what came of it, and queues
the next.  Whoever is killed leaves nothing half done: the job is taken again, by any process.  A
rehearsal does the same as of tomorrow and takes everything back, so that nothing is sent.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from warehouse.core import clock, i18n, notices
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.work import Event, Work
from warehouse.customs.checking import runs
from warehouse.customs.checking.findings import Owner, Rule
from warehouse.customs.checking.runs import Outcome
from warehouse.customs.errors import RunGoing
from warehouse.customs.models import Declaration, FilingRun
from warehouse.customs.posting import outages
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState, FilingOutcome, RunKind
from warehouse.masterdata import queries as masterdata
from warehouse.operations.clearance import subjects
from warehouse.operations.clearance.subjects import Subject

TIMES: Final[Mapping[RunKind, tuple[time, timedelta]]] = {
    RunKind.REHEARSAL: (time(18), timedelta(hours=4)),
    RunKind.FILING: (runs.NIGHT_OPENS, timedelta(hours=8)),
}
"""From when on, Bangkok time, and how long a run of each kind is begun by itself."""

FILE_NEXT: Final = "file-next"
PRINT_LABELS: Final = "print-tomorrows-labels"

_UNEXPECTED: Final = Rule(
    "N04",
    "",
    Owner.ADMINISTRATOR,
    N_("An error that nobody foresaw ({error}) stopped this. The log of the program says more."),
)

log = structlog.get_logger()


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
    subject = subjects.following(work, run)
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
        reason = subjects.refused(failure.text("th"), failure.text("en"))
        return subject.came(FilingOutcome.SKIPPED, reason)
    except DBAPIError:
        raise  # the job is tried again
    except Exception as failure:
        log.exception("filing failed", subject=subject.number)
        reason = _UNEXPECTED.finding({"error": type(failure).__name__})
        return subject.came(FilingOutcome.FAILED, reason)


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
