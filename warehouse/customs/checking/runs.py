"""The nightly runs of a warehouse: one of a kind a business day, and what each did.

What a run does with a subject is written in the transaction that does it, so a run that was killed
goes on where it stopped, and nothing is done twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from warehouse.core import clock, db, ids
from warehouse.core.work import Work
from warehouse.customs.checking.findings import Finding
from warehouse.customs.errors import RunGoing
from warehouse.customs.models import FilingResult, FilingRun
from warehouse.customs.vocabulary import CustomsEvent, FilingOutcome, RunKind

NIGHT_OPENS: Final = time(22)
"""Bangkok time at which the night's filings begin."""

DUE_BY: Final = time(6)
"""Bangkok time by which the night's filings are through, or somebody is told."""


def begin(work: Work, premises_id: UUID, kind: RunKind, business_day: date) -> FilingRun:
    """Begin the run of *kind* of a day, or begin it anew once it is through.

    Raises:
        RunGoing: it is under way.
    """
    values = {"premises_id": premises_id, "kind": kind, "business_day": business_day}
    new = insert(FilingRun).values(
        id=ids.new_id(), started_by=work.actor.name, started_at=work.at, **values
    )
    began = work.session.execute(new.on_conflict_do_nothing().returning(col(FilingRun.id))).first()
    run_id = work.session.exec(select(FilingRun.id).filter_by(**values)).one()
    run = lock(work, run_id)
    if began is None and run.finished_at is None:
        raise RunGoing(since=run.started_at)
    run.started_at, run.started_by, run.finished_at = work.at, work.actor.name, None
    return run


def began_since(session: Session, premises_id: UUID, kind: RunKind, since: datetime) -> bool:
    """Whether a run of *kind* has begun at *since* or later."""
    found = session.exec(
        select(FilingRun.id).where(
            FilingRun.premises_id == premises_id,
            FilingRun.kind == kind,
            col(FilingRun.started_at) >= since,
        )
    ).first()
    return found is not None


def lock(work: Work, run_id: UUID) -> FilingRun:
    """The run, locked and read afresh."""
    return db.lock(work.session, FilingRun, [run_id])[run_id]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of *subject*, which people know by *number*."""

    subject: UUID
    number: str
    outcome: FilingOutcome
    packages: int
    reasons: Sequence[Finding] = ()


def record(work: Work, run: FilingRun, result: Outcome) -> None:
    """Write down what *run* did with a subject, in place of what it did with it earlier."""
    values = {
        "number": result.number,
        "outcome": result.outcome,
        "packages": result.packages,
        "reasons": list(result.reasons),
        "at": work.at,
    }
    new = insert(FilingResult).values(
        id=ids.new_id(), run_id=run.id, subject=result.subject, **values
    )
    work.session.execute(
        new.on_conflict_do_update(index_elements=["run_id", "subject"], set_=values)
    )


def finish(work: Work, run: FilingRun) -> None:
    """*run* is through."""
    run.finished_at = work.at
    counts = figures(work.session, [run.id])[run.id]
    facts = {outcome.value: str(counts[outcome]) for outcome in FilingOutcome}
    work.emit(CustomsEvent.FILINGS_RUN, run.id, kind=run.kind.value, **facts)


def of_premises(session: Session, premises_id: UUID, *, limit: int = 30) -> Sequence[FilingRun]:
    """The runs of a warehouse, the newest first."""
    return session.exec(
        select(FilingRun)
        .where(FilingRun.premises_id == premises_id)
        .order_by(col(FilingRun.started_at).desc())
        .limit(limit)
    ).all()


def figures(
    session: Session, run_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[FilingOutcome, int]]:
    """How many packages each run filed, skipped and failed with."""
    found: dict[UUID, dict[FilingOutcome, int]] = {
        run_id: dict.fromkeys(FilingOutcome, 0) for run_id in run_ids
    }
    rows = session.exec(
        select(FilingResult.run_id, FilingResult.outcome, func.sum(FilingResult.packages))
        .where(col(FilingResult.run_id).in_(list(run_ids)))
        .group_by(col(FilingResult.run_id), col(FilingResult.outcome))
    )
    for run_id, outcome, packages in rows:
        found[run_id][FilingOutcome(outcome)] = packages
    return found


def results(session: Session, run_id: UUID) -> Sequence[FilingResult]:
    """What a run did: what failed first, then what it skipped, then what it filed."""
    order = (FilingOutcome.FAILED, FilingOutcome.SKIPPED, FilingOutcome.FILED)
    rows = session.exec(
        select(FilingResult).where(FilingResult.run_id == run_id).order_by(col(FilingResult.number))
    ).all()
    return sorted(rows, key=lambda row: order.index(row.outcome))


def late(session: Session, premises_id: UUID, at: datetime) -> date | None:
    """The night whose filings should be through by *at*, and are not; None: all is well.

    A warehouse that never ran filings owes none.
    """
    local = at.astimezone(clock.BANGKOK)
    night = local.date() - timedelta(days=1 if local.time() >= DUE_BY else 2)
    opened = datetime.combine(night, NIGHT_OPENS, clock.BANGKOK).astimezone(UTC)
    filings = select(FilingRun.id).where(
        FilingRun.premises_id == premises_id, FilingRun.kind == RunKind.FILING
    )
    ever = session.exec(filings.where(col(FilingRun.business_day) <= night).limit(1)).first()
    through = session.exec(filings.where(col(FilingRun.finished_at) >= opened).limit(1)).first()
    return night if ever is not None and through is None else None
