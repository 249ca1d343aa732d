"""Bugs that were planted on purpose: each is caught by the check that is there to catch it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa
import structlog
from fastapi import Request
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.api import test_permissions
from tests.architecture import test_schema
from tests.conftest import Database, Server
from tests.customs_builders import a_number, an_answer
from tests.endurance import checks, crashes, floor, races
from tests.endurance.floor import Floor
from tests.endurance.races import EXIT, ORDER, PUT_AWAY
from tests.endurance.scenarios import PICK_PACK_AND_EXIT, RECEIVE_AND_PUT_AWAY, Scenario
from tests.endurance.trap import Trap, TrappedCursor, Way, trapped_app, trapped_engine
from tests.integration import test_filing
from warehouse.access import turns
from warehouse.app import create_app
from warehouse.core import health
from warehouse.core.lifecycle import Lifecycle
from warehouse.core.work import Event, Work
from warehouse.customs import commands
from warehouse.customs.gateway import AnswerKind, messages
from warehouse.customs.money import guarantee
from warehouse.customs.posting import inbox
from warehouse.customs.posting.inbox import Effect, Letter
from warehouse.customs.vocabulary import MessageState
from warehouse.settings import Settings

T = TypeVar("T")
Plant = Callable[[type[TrappedCursor]], Floor]


@pytest.fixture
def plant(copied_database: Database, tmp_path: Path) -> Iterator[Plant]:
    """Opens a floor whose program and whose office talk to the database through a cursor."""
    with ExitStack() as stack:
        stack.enter_context(structlog.testing.capture_logs())

        def open_floor(cursor: type[TrappedCursor] = TrappedCursor) -> Floor:
            trap = Trap(tmp_path / "trap")
            engine = trapped_engine(copied_database.app_url, trap, cursor)
            stack.callback(engine.dispose)
            app = trapped_app(create_app(Settings(), engine), trap)
            client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
            return floor.opened(engine, client, trap)

        yield open_floor


def caught_by_crashes(floor: Floor, scenario: Scenario, way: Way) -> list[str]:
    """What crashing *scenario* finds first."""
    known = crashes.undisturbed(floor, scenario)
    for plan in crashes.plans(known, [way], Random(0)):
        if found := crashes.play(floor, scenario, plan, known).failures:
            return found
    return []


def test_a_commit_after_the_reply_is_caught_by_crash_points(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commits_in_teardown(request: Request, csrf_token: str, act: Callable[[Work], T]) -> T:
        opened = contextmanager(turns.unit_of_work)(request, csrf_token)
        work = opened.__enter__()
        request.scope["fastapi_inner_astack"].push(opened)
        return act(work)

    monkeypatch.setattr(turns, "_act", commits_in_teardown)

    found = caught_by_crashes(plant(), RECEIVE_AND_PUT_AWAY, Way.RAISE)

    assert any("1 acknowledged and not kept" in each for each in found), found


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("synchronous_commit", "it is off"),
        ("fsync", "fsync is off"),
        ("full_page_writes", "full_page_writes is off"),
    ],
)
def test_a_server_that_may_forget_is_caught_by_readiness(
    postgres: Server, database: Engine, setting: str, reason: str
) -> None:
    before = health.checks(database)

    with switched_off(postgres, setting):
        found = health.checks(database)

    assert (before[setting], found[setting]) == (None, reason)


@contextmanager
def switched_off(postgres: Server, setting: str) -> Iterator[None]:
    postgres.execute(f"ALTER SYSTEM SET {setting} = off")
    reload(postgres)
    yield
    postgres.execute(f"ALTER SYSTEM RESET {setting}")
    reload(postgres)


def reload(postgres: Server) -> None:
    """Let every process of the server read its settings again."""
    postgres.execute("SELECT pg_reload_conf()")
    time.sleep(0.2)


class KeepsAnswersApart(TrappedCursor):
    """Commits what a scan did before its answer is kept."""

    def execute(self, query: Any, *values: Any, **how: Any) -> Any:
        if "INSERT INTO scan" in str(query):
            self.connection.commit()
        return super().execute(query, *values, **how)


@pytest.mark.parametrize("way", [Way.RAISE, Way.DISCONNECT])
def test_an_answer_kept_in_a_transaction_of_its_own_is_caught_by_crash_points(
    plant: Plant, way: Way
) -> None:
    found = caught_by_crashes(plant(KeepsAnswersApart), RECEIVE_AND_PUT_AWAY, way)

    assert any("already-received" in each or "already-there" in each for each in found), found


class LocksLotsTooLate(TrappedCursor):
    """Locks the lots after the movement has been written, which holds them for its foreign key."""

    def execute(self, query: Any, *values: Any, **how: Any) -> Any:
        text = str(query)
        if "FROM lot" in text or "OF lot" in text:
            text = text.replace("FOR NO KEY UPDATE OF lot", "").replace("FOR NO KEY UPDATE", "")
        found = super().execute(text, *values, **how)
        if "INSERT INTO movement" in text:
            after = self.connection.cursor()
            after.execute("SELECT pg_sleep(0.1)")
            after.execute("SELECT FROM lot WHERE id = ANY(%(lots)s) FOR UPDATE", *values)
        return found


def test_a_lock_after_the_insert_is_caught_by_races(plant: Plant) -> None:
    raced = races.race(plant(LocksLotsTooLate), EXIT, PUT_AWAY)

    assert any("Unanswered" in each for each in raced.failures), raced


class SkipsLockedLots(TrappedCursor):
    """Passes over lots that somebody else holds, as if they were jobs in a queue.

    Its pauses let somebody who carries goods come between an order's look and its write.
    """

    def execute(self, query: Any, *values: Any, **how: Any) -> Any:
        text = str(query)
        if "SET reserved = balance.reserved +" in text:
            time.sleep(0.4)
        if "FROM lot" in text:
            text = text.replace("FOR NO KEY UPDATE", "FOR NO KEY UPDATE SKIP LOCKED")
        found = super().execute(text, *values, **how)
        if "SKIP LOCKED" in text and "handling_unit_id" in text:
            time.sleep(0.2)
        return found


def test_stock_that_skips_locks_is_caught_by_races(plant: Plant) -> None:
    raced = races.race(plant(SkipsLockedLots), ORDER, PUT_AWAY)

    assert raced.failures


def test_a_route_without_a_permission_is_caught_by_the_routes_own_test() -> None:
    app = create_app(Settings())
    app.add_api_route("/api/v1/everything", lambda: None)
    [unguarded] = [route for route in test_permissions.routes_of(app) if not route.guards]

    with pytest.raises(AssertionError):
        test_permissions.test_every_route_names_its_guards(unguarded)


def test_an_event_that_is_swallowed_is_caught_by_the_eight_checks(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallows(work: Work, name: str, subject: UUID, **facts: str) -> UUID:
        event = Event(name=name, subject=subject, actor=None, at=work.at, facts=facts)
        try:
            with work.session.begin_nested():
                work.session.add(event)
        except sa.exc.IntegrityError:
            pass
        return event.id

    opened = plant()
    monkeypatch.setattr(Work, "emit", swallows)

    crashes.undisturbed(opened, PICK_PACK_AND_EXIT)

    found = checks.failures(opened.engine, opened.sent, opened.acknowledged)
    assert any("6 not told once: shipment" in each for each in found), found


class ForgetsMovements(TrappedCursor):
    """Writes movements without their events."""

    def execute(self, query: Any, *values: Any, **how: Any) -> Any:
        text = str(query).replace(
            "FROM line JOIN posted ON posted.id = line.movement_id\n)\nSELECT count(*)",
            "FROM line JOIN posted ON false\n)\nSELECT count(*)",
        )
        return super().execute(text, *values, **how)


def test_a_movement_without_its_event_is_caught_by_the_eight_checks(plant: Plant) -> None:
    opened = plant(ForgetsMovements)

    found = checks.failures(opened.engine, opened.sent, opened.acknowledged)

    assert any("6 not told once: movement" in each for each in found), found


def test_an_answer_of_customs_applied_twice_is_caught_by_the_books(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settles_whatever_comes(work: Work, letter: Letter, effect: Effect) -> None:
        guarantee.lock_account(work, letter.declaration.premises_id)
        effect(work, commands.lock(work, letter.declaration.id), letter.answer)
        letter.message.state = MessageState.APPLIED

    def steps_anywhere(_lifecycle: Lifecycle[Any], _current: Any, target: Any) -> Any:
        return target

    entry = test_filing.a_filed_entry(work)
    number = a_number(entry.document_type)
    numbered = an_answer(work, entry, AnswerKind.NUMBERED, number=number)
    letter = messages.answer(numbered, test_filing.CUSTOMS)
    monkeypatch.setattr(inbox, "settle", settles_whatever_comes)
    monkeypatch.setattr(Lifecycle, "step", steps_anywhere)

    with pytest.raises(sa.exc.IntegrityError, match="ck_guarantee_account_not_negative"):
        test_filing.deliver(work, [letter, letter])


@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_a_ledger_that_may_be_changed_is_caught_by_the_rights_of_the_role(
    copied_database: Database, database: Engine, right: str
) -> None:
    owner = sa.create_engine(copied_database.owner_url, poolclass=sa.NullPool)
    with owner.begin() as connection:
        connection.execute(sa.text(f"GRANT {right} ON movement TO warehouse_app"))

    with pytest.raises(AssertionError):
        test_schema.test_the_application_role_may_not_change_a_ledger(database)
