"""A night's filing by four programs, of which one is killed: all is filed, and nothing twice."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import col, func, select

from tests import customs_builders
from warehouse import wiring
from warehouse.core import db
from warehouse.core.work import Actor, Job, Work, begin
from warehouse.customs.checking import filing_rules, runs
from warehouse.customs.checking.filing_rules import Rule, RuleDraft, Window
from warehouse.customs.models import (
    Declaration,
    DeclaredLot,
    FilingResult,
    FilingRun,
    GuaranteeAccount,
)
from warehouse.customs.vocabulary import DocumentType, FilingOutcome, RunKind
from warehouse.operations.clearance import nightly

PROGRAMS: Final = 4
LONGEST_SECONDS: Final = 300
DUTY_OF_A_PARCEL: Final = Decimal("391.00")
WORKER: Final = f"""
import sys, time
from warehouse import wiring
from warehouse.core import db, jobs
from warehouse.settings import Settings
engine, known = db.create_engine(sys.argv[1]), wiring.jobs(Settings())
print("ready", flush=True)
ends = time.monotonic() + {LONGEST_SECONDS}
while time.monotonic() < ends:
    if not jobs.run_next(engine, known):
        time.sleep(0.05)
"""
_TESTER: Final = Actor(name="tester", role="test")


def a_split(work: Work, premises_id: UUID, packages: int, window: Window | None = None) -> None:
    """A rule of two people: so many packages in one declaration."""
    rule = Rule(most_packages=packages, window=window)
    draft = RuleDraft(DocumentType.IMPORT, rule, date(2026, 8, 1), "Order of the manager 4/2569")
    row = filing_rules.record(work, premises_id, draft)
    row.recorded_by = "wipa"
    work.session.flush()
    filing_rules.approve(work, premises_id, row.id)


def filed(url: str, *, parcels: int, of_a_part: int) -> list[str]:
    """File *parcels* in a night, *of_a_part* in a declaration, and say what went wrong.

    *url* is an empty database of the application's.
    """
    engine = db.create_engine(url)
    with begin(engine, _TESTER, {}) as work:
        house = customs_builders.a_customs_house(work)
        shirt = customs_builders.a_product(work, house)
        a_split(work, house.premises.id, of_a_part)
        goods = [(shirt, 1, "1000")] * parcels
        customs_builders.a_consignment(work, house, goods, gross=str(parcels))
    with _programs(url) as programs:
        with begin(engine, _TESTER, wiring.SUBSCRIBERS) as work:
            nightly.start(work, house.premises.id, RunKind.FILING)
        begun = select(func.count()).select_from(FilingResult)
        _await(engine, begun, lambda found: found >= 2)
        programs[0].send_signal(signal.SIGKILL)
        ended = select(func.count()).where(col(FilingRun.finished_at).is_not(None))
        _await(engine, ended, lambda found: found == 1)
    with begin(engine, _TESTER, {}) as work:
        failures = list(_failures(work, parcels, -(-parcels // of_a_part)))
    engine.dispose()
    return failures


def _failures(work: Work, parcels: int, declarations: int) -> Iterator[str]:
    behind = work.session.exec(select(DeclaredLot.lot_id)).all()
    if not len(behind) == len(set(behind)) == parcels:
        yield f"{len(behind)} lots declared, {len(set(behind))} of them once, of {parcels}"
    parts = sorted(work.session.exec(select(Declaration.part)).all())
    if parts != list(range(1, declarations + 1)):
        yield f"parts {parts} instead of {declarations}"
    messages = work.session.exec(select(Job).where(Job.name == "send-declaration")).all()
    if len(messages) != declarations:
        yield f"{len(messages)} messages for {declarations} declarations"
    [account] = work.session.exec(select(GuaranteeAccount)).all()
    if account.reserved_baht != DUTY_OF_A_PARCEL * parcels:
        yield f"{account.reserved_baht} baht reserved for {parcels} parcels"
    nights = runs.figures(work.session, work.session.exec(select(FilingRun.id)).all())
    if [each[FilingOutcome.FILED] for each in nights.values()] != [parcels]:
        yield f"the night says {nights}"


@contextmanager
def _programs(url: str) -> Iterator[list[subprocess.Popen[str]]]:
    programs = [
        subprocess.Popen([sys.executable, "-c", WORKER, url], stdout=subprocess.PIPE, text=True)
        for _ in range(PROGRAMS)
    ]
    try:
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
        yield programs
    finally:
        for program in programs:
            program.kill()
            program.communicate()


def _await(engine: Engine, query: Any, holds: Callable[[int], bool]) -> None:
    ends = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < ends:
        with begin(engine, _TESTER, {}) as work:
            if holds(work.session.exec(query).one()):
                return
        time.sleep(0.02)
    raise AssertionError("the night does not end")
