"""Ledgers only grow; the chain of events shows every tampering; numbers and papers are kept."""

import hashlib
import threading
from enum import StrEnum

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import Session

from tests.conftest import Database
from warehouse.core import db, ids, numbers, papers, seals
from warehouse.core.work import SYSTEM, Event, Work, begin


class Happening(StrEnum):
    BELL_RANG = "test.bell.rang"


LEDGERS = [
    "discharge", "duty_entry", "event", "event_seal", "guarantee_entry", "movement", "paper",
    "scan", "shipment_history",
]  # fmt: skip


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_a_ledger_refuses_every_change_by_the_application(
    database: Engine, ledger: str, change: str
) -> None:
    with (
        database.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(sa.text(change.format(ledger)))


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_a_ledger_refuses_every_change_even_by_its_owner(
    copied_database: Database, ledger: str, change: str
) -> None:
    owner = sa.create_engine(copied_database.owner_url, poolclass=sa.NullPool)

    with owner.connect() as connection, pytest.raises(IntegrityError, match="only grows"):
        connection.execute(sa.text(change.format(ledger)))


def test_the_chain_holds_over_many_seals(work: Work) -> None:
    for number in range(5):
        work.emit(Happening.BELL_RANG, ids.new_id(), number=str(number))
        seals.seal(work)

    assert seals.verify(work.session) == (5, [])


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET facts = '{\"number\": \"9\"}' WHERE facts ->> 'number' = '3'",
        "UPDATE event SET actor = 'someone else' WHERE facts ->> 'number' = '3'",
        "UPDATE event SET at = at + interval '1 second' WHERE facts ->> 'number' = '3'",
        "UPDATE event SET subject = gen_random_uuid() WHERE facts ->> 'number' = '3'",
        "DELETE FROM event_seal WHERE position = 4",
        "UPDATE event_seal SET position = 99 WHERE position = 4",
    ],
)
def test_tampering_breaks_the_chain_where_it_was_done(
    copied_database: Database, tampering: str
) -> None:
    engine = db.create_engine(copied_database.app_url, pool_size=2)
    with begin(engine, SYSTEM, {}) as work:
        for number in range(6):
            work.emit(Happening.BELL_RANG, ids.new_id(), number=str(number))
            work.session.flush()
        seals.seal(work)
    address = sa.make_url(copied_database.owner_url).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        connection.execute("ALTER TABLE event DISABLE TRIGGER append_only")
        connection.execute("ALTER TABLE event_seal DISABLE TRIGGER append_only")
        connection.execute(tampering)

    with Session(engine) as session:
        checked, broken = seals.verify(session)
    engine.dispose()

    assert checked in {4, 6}
    assert broken != []


def test_however_long_nothing_was_sealed_everything_is(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "_WINDOW", 2)
    monkeypatch.setattr(seals, "_BATCH", 3)
    for number in range(10):
        work.emit(Happening.BELL_RANG, ids.new_id(), number=str(number))
        work.session.flush()

    while seals.seal(work):
        pass

    assert seals.verify(work.session) == (10, [])


def test_an_event_that_was_slipped_in_is_found(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "_WINDOW", 2)
    for number in range(4):
        work.emit(Happening.BELL_RANG, ids.new_id(), number=str(number))
        work.session.flush()
    while seals.seal(work):
        pass
    work.sql(
        "INSERT INTO event (id, sequence, name, subject, actor, at, facts)"
        " OVERRIDING SYSTEM VALUE"
        " SELECT gen_random_uuid(), sequence - 10, name, subject, actor, at, facts"
        " FROM event ORDER BY sequence LIMIT 1"
    )

    sealed = seals.seal(work)
    _, broken = seals.verify(work.session)

    assert sealed == 0
    assert broken != []


def test_gapless_numbers_have_no_gap_after_a_failure(database: Engine) -> None:
    taken = []
    for fails in (False, True, False):
        try:
            with begin(database, SYSTEM, {}) as work:
                number = numbers.next_gapless(work, "REL")
                if fails:
                    raise ZeroDivisionError
                taken.append(number)
        except ZeroDivisionError:
            pass

    assert [number[-6:] for number in taken] == ["000001", "000002"]


def test_gapless_numbers_are_never_given_twice(database: Engine) -> None:
    taken: list[str] = []

    def take() -> None:
        for _ in range(10):
            with begin(database, SYSTEM, {}) as work:
                taken.append(numbers.next_gapless(work, "REL"))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(int(number[-6:]) for number in taken) == list(range(1, 41))


def test_a_paper_once_made_is_never_remade(work: Work) -> None:
    subject = ids.new_id()

    first = papers.keep(work, "label", subject, "SHP-1", b"%PDF first")
    again = papers.keep(work, "label", subject, "SHP-1", b"%PDF second")

    assert again is first
    assert first.sha256 == hashlib.sha256(b"%PDF first").hexdigest()
    assert papers.paper_of(work.session, "label", subject) is first


def test_events_say_who_and_when(work: Work) -> None:
    event_id = work.emit(Happening.BELL_RANG, ids.new_id())
    work.session.flush()

    event = work.session.get_one(Event, event_id)

    assert (event.actor, event.at) == (work.actor.name, work.at)
