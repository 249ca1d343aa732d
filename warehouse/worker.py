"""The background program: the clock, and hands that take jobs off the queue.

Every worker runs the same clock; the unique key of a period keeps one job of it.
"""

import threading
from typing import Final

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from warehouse import wiring
from warehouse.core import clock, db, jobs
from warehouse.core.jobs import Jobs, Schedule
from warehouse.settings import Settings

IDLE_SECONDS: Final = 0.2
DATABASE_AWAY_SECONDS: Final = 1.0

log = structlog.get_logger()


def main(settings: Settings, stop: threading.Event) -> None:
    """Work until *stop* is set; finish what is in hand."""
    assert settings.database_url, "the launcher gives an address"
    engine = db.create_engine(settings.database_url, pool_size=2 * settings.worker_threads + 2)
    known = wiring.jobs(settings)
    scheduler = _clock(engine)
    scheduler.start()
    hands = [
        threading.Thread(target=_work, args=(engine, known, stop), name=f"hand-{number}")
        for number in range(settings.worker_threads)
    ]
    for hand in hands:
        hand.start()
    log.info("worker ready", threads=len(hands))
    stop.wait()
    scheduler.shutdown(wait=False)
    for hand in hands:
        hand.join()
    engine.dispose()


def _clock(engine: Engine) -> BackgroundScheduler:
    """A clock that queues each schedule's job, the current period's at once."""
    scheduler = BackgroundScheduler(
        timezone=clock.BANGKOK,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for schedule in wiring.SCHEDULES:
        trigger = CronTrigger.from_crontab(schedule.cron, timezone=clock.BANGKOK)
        scheduler.add_job(_tick, trigger, args=(engine, schedule))
        scheduler.add_job(_tick, args=(engine, schedule))
    return scheduler


def _tick(engine: Engine, schedule: Schedule) -> None:
    try:
        jobs.queue_for_period(engine, schedule)
    except DBAPIError as failure:
        log.warning("tick missed", job=schedule.job, reason=type(failure).__name__)


def _work(engine: Engine, known: Jobs, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            if not jobs.run_next(engine, known):
                stop.wait(IDLE_SECONDS)
        except DBAPIError as failure:
            log.warning("database away", reason=type(failure).__name__)
            stop.wait(DATABASE_AWAY_SECONDS)
