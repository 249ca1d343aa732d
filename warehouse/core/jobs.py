"""The queue: PostgreSQL holds the jobs, APScheduler is only the clock.

A job's own tables change exactly once; other systems are called at least once, with the message
id of the row as their key.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from warehouse.core import clock
from warehouse.core.errors import Unavailable
from warehouse.core.work import SYSTEM, Job, Subscribers, Work, begin

MOST_ATTEMPTS: Final = 8
MOST_DOUBLINGS: Final = 6  # the longest wait is about a minute

Facts = Mapping[str, str]
Begin = Callable[[], AbstractContextManager[Work]]
Handler = Callable[[Work, Facts], None]
"""Does its work inside the job's own transaction."""
Caller = Callable[[Begin, Facts], None]
"""Calls another system: opens its own units of work before and after the call."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Jobs:
    """Every job the warehouse knows, and what follows from its events."""

    handlers: Mapping[str, Handler]
    callers: Mapping[str, Caller]
    subscribers: Subscribers


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job for each period: *cron* says when (Bangkok), *period* names it (strftime)."""

    job: str
    cron: str
    period: str


def run_next(engine: Engine, jobs: Jobs) -> bool:
    """Run the oldest due job; False if none is due.

    The row stays locked while the handler runs, so that no other worker takes it and a crash
    frees it at once.  A failure undoes the handler's writes and doubles the wait; after eight the
    job stops and shows on the operations page.  What waits for another system never gives up.
    """
    with begin(engine, SYSTEM, jobs.subscribers) as work:
        job = _next_due(work)
        if job is None:
            return False
        try:
            with work.session.begin_nested():
                _run(engine, jobs, work, job)
        except Unavailable as failure:
            _wait(job, work.at, failure)
        except Exception as failure:
            log.exception("job failed", job=job.name, id=str(job.id))
            _wait(job, work.at, failure)
            if job.attempts >= MOST_ATTEMPTS:
                job.stopped_at = work.at
        else:
            job.done_at = work.at
            job.error = None
        return True


def drain(engine: Engine, jobs: Jobs) -> int:
    """Run every job that is due now, and what they queue; return how many ran."""
    ran = 0
    while run_next(engine, jobs):
        ran += 1
    return ran


def queue_for_period(engine: Engine, schedule: Schedule) -> None:
    """Queue *schedule*'s job for the current period, unless some worker already has."""
    with begin(engine, SYSTEM, subscribers={}) as work:
        period = work.at.astimezone(clock.BANGKOK).strftime(schedule.period)
        work.defer(schedule.job, once=f"{schedule.job}@{period}", period=period)


def stopped(session: Session) -> list[Job]:
    """The jobs that gave up and wait for a person, oldest first."""
    return list(
        session.exec(
            select(Job).where(col(Job.stopped_at).is_not(None)).order_by(col(Job.queued_at))
        )
    )


def try_again(work: Work, job: Job) -> None:
    """Let a stopped *job* run once more."""
    job.stopped_at = None
    job.attempts = 0
    job.run_at = work.at


def oldest_due(session: Session) -> datetime | None:
    """When the oldest job that waits was due: its age is an alarm."""
    return session.exec(
        select(Job.run_at)
        .where(col(Job.done_at).is_(None), col(Job.stopped_at).is_(None))
        .order_by(col(Job.run_at))
        .limit(1)
    ).first()


def _next_due(work: Work) -> Job | None:
    return work.session.exec(
        select(Job)
        .where(
            col(Job.done_at).is_(None), col(Job.stopped_at).is_(None), col(Job.run_at) <= work.at
        )
        .order_by(col(Job.run_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def _run(engine: Engine, jobs: Jobs, work: Work, job: Job) -> None:
    if caller := jobs.callers.get(job.name):
        caller(partial(begin, engine, SYSTEM, jobs.subscribers), job.facts)
    else:
        jobs.handlers[job.name](work, job.facts)


def _wait(job: Job, at: datetime, failure: Exception) -> None:
    job.attempts += 1
    job.error = f"{type(failure).__name__}: {failure}"
    job.run_at = at + timedelta(seconds=2 ** min(job.attempts, MOST_DOUBLINGS))
