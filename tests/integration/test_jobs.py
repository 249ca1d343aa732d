"""The queue: each job once, whoever runs it and whatever befalls."""

import threading
from collections import Counter
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from warehouse.core import ids, jobs
from warehouse.core.errors import Unavailable
from warehouse.core.jobs import MOST_ATTEMPTS, Jobs, Schedule
from warehouse.core.work import SYSTEM, Event, Job, Work, begin

SUBJECT = ids.new_id()


class Happening(StrEnum):
    BELL_RANG = "test.bell.rang"
    DONE = "test.job.done"


def test_an_event_queues_the_job_that_follows_from_it(database: Engine) -> None:
    known = knowing(note=note)
    with begin(database, SYSTEM, {Happening.BELL_RANG: ("note",)}) as work:
        work.emit(Happening.BELL_RANG, SUBJECT)

    ran = jobs.drain(database, known)

    assert ran == 1
    assert done(database) == 1


def test_a_transaction_that_fails_queues_nothing(database: Engine) -> None:
    with pytest.raises(ZeroDivisionError), begin(database, SYSTEM, {}) as work:
        defer_and_fail(work)

    assert jobs.drain(database, knowing(note=note)) == 0


def test_four_workers_run_forty_jobs_once_each(database: Engine) -> None:
    with begin(database, SYSTEM, {}) as work:
        for number in range(40):
            work.defer("note", number=str(number))

    workers = [
        threading.Thread(target=jobs.drain, args=(database, knowing(note=note))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with Session(database) as session:
        numbers = Counter(event.facts["number"] for event in session.exec(select(Event)))
    assert numbers == Counter(str(number) for number in range(40))


def test_a_failure_undoes_what_the_job_wrote_and_doubles_the_wait(database: Engine) -> None:
    with freeze_time("2026-08-03T01:00Z", real_asyncio=True) as clock:
        with begin(database, SYSTEM, {}) as work:
            work.defer("fail")
        waits = []
        for _ in range(3):
            jobs.drain(database, knowing(fail=fail))
            job = only_job(database)
            waits.append(job.run_at)
            clock.move_to(job.run_at)

    assert [later - sooner for sooner, later in pairwise(waits)] == [
        timedelta(seconds=4),
        timedelta(seconds=8),
    ]
    assert done(database) == 0


def test_a_job_that_keeps_failing_stops_and_can_be_tried_again(database: Engine) -> None:
    with freeze_time("2026-08-03T01:00Z", real_asyncio=True) as clock:
        with begin(database, SYSTEM, {}) as work:
            work.defer("fail")
        for _ in range(MOST_ATTEMPTS):
            jobs.drain(database, knowing(fail=fail))
            clock.tick(timedelta(minutes=2))
        assert jobs.drain(database, knowing(fail=note)) == 0

        with begin(database, SYSTEM, {}) as work:
            (stopped,) = jobs.stopped(work.session)
            assert "ZeroDivisionError" in str(stopped.error)
            jobs.try_again(work, stopped)
        jobs.drain(database, knowing(fail=note))

    assert done(database) == 1


def test_what_waits_for_another_system_never_gives_up(database: Engine) -> None:
    with freeze_time("2026-08-03T01:00Z", real_asyncio=True) as clock:
        with begin(database, SYSTEM, {}) as work:
            work.defer("call")
        for _ in range(60):  # an hour
            jobs.drain(database, knowing(call=away))
            clock.tick(timedelta(minutes=1))
        clock.tick(timedelta(minutes=2))
        jobs.drain(database, knowing(call=note))

    assert done(database) == 1
    assert only_job(database).stopped_at is None


def test_a_caller_opens_units_of_work_of_its_own(database: Engine) -> None:
    def calls(begin_work: jobs.Begin, facts: jobs.Facts) -> None:
        with begin_work() as work:
            note(work, facts)
        with begin_work() as work:
            note(work, facts)

    with begin(database, SYSTEM, {}) as work:
        work.defer("call")

    jobs.drain(database, Jobs(handlers={}, callers={"call": calls}, subscribers={}))

    assert done(database) == 2


def test_one_period_has_one_job_however_many_clocks_tick(database: Engine) -> None:
    schedule = Schedule("note", cron="0 6 * * *", period="%Y-%m-%d")

    with freeze_time("2026-08-03T01:00Z", real_asyncio=True) as clock:
        for _ in range(3):
            jobs.queue_for_period(database, schedule)
        clock.move_to("2026-08-03T17:00Z")  # midnight in Bangkok: the next day's period
        jobs.queue_for_period(database, schedule)

    with Session(database) as session:
        keys = session.exec(select(Job.once).order_by(col(Job.once))).all()
    assert keys == ["note@2026-08-03", "note@2026-08-04"]


def knowing(**handlers: jobs.Handler) -> Jobs:
    return Jobs(handlers=handlers, callers={}, subscribers={})


def note(work: Work, facts: jobs.Facts) -> None:
    work.emit(Happening.DONE, SUBJECT, number=facts.get("number", ""))


def fail(work: Work, facts: jobs.Facts) -> None:
    note(work, facts)
    raise ZeroDivisionError


def defer_and_fail(work: Work) -> None:
    work.defer("note")
    raise ZeroDivisionError


def away(work: Work, facts: jobs.Facts) -> None:
    raise Unavailable(system="customs")


def done(engine: Engine) -> int:
    with Session(engine) as session:
        return len(session.exec(select(Event).where(Event.name == Happening.DONE)).all())


def only_job(engine: Engine) -> Job:
    with Session(engine) as session:
        return session.exec(select(Job)).one()
