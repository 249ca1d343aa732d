"""The unit of work: what every command needs, and the events and jobs it leaves behind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import Engine, Index, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session

from warehouse.core import clock, db, ids

Subscribers = Mapping[str, tuple[str, ...]]
"""Which jobs follow from which event."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a partner's system, or the warehouse itself."""

    name: str
    role: str
    id: UUID | None = None
    partner_id: UUID | None = None
    premises_id: UUID | None = None
    language: str = "th"


SYSTEM: Final = Actor(name="system", role="system")

_DRIVER: Final = "driver"


@db.append_only
class Event(db.Table, table=True):
    """Something that happened: the audit trail, the history on each page, the cause of jobs."""

    sequence: int | None = db.sequence()
    name: str = Field(max_length=80, index=True)
    subject: UUID = Field(index=True)
    actor: str = Field(max_length=80)
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()
    facts: dict[str, str] = db.facts()


class Job(db.Table, table=True):
    """Something to do after the transaction that queued it."""

    __table_args__ = (
        Index(
            "ix_job_due",
            "run_at",
            postgresql_where=text("done_at IS NULL AND stopped_at IS NULL"),
        ),
    )

    name: str = Field(max_length=80)
    facts: dict[str, str] = db.facts()
    run_at: datetime = db.instant()
    once: str | None = Field(default=None, max_length=160, unique=True)
    attempts: int = 0
    error: str | None = None
    queued_at: datetime = db.instant()
    done_at: datetime | None = db.optional_instant()
    stopped_at: datetime | None = db.optional_instant()


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction, one actor, one instant.  Every command takes it first."""

    session: Session
    actor: Actor
    at: datetime
    subscribers: Subscribers

    @property
    def today(self) -> date:
        """The calendar day at the warehouse."""
        return clock.local_date(self.at)

    def emit(self, name: StrEnum, subject: UUID, **facts: str) -> UUID:
        """Record that *name* happened to *subject*, queue the jobs that follow; return its id."""
        event = Event(
            name=name.value, subject=subject, actor=self.actor.name, at=self.at, facts=facts
        )
        self.session.add(event)
        self.follow(name, subject, event.id)
        return event.id

    def follow(self, name: StrEnum, subject: UUID, event_id: UUID) -> None:
        """Queue the jobs that follow from event *event_id*, which a hot statement wrote itself."""
        for job in self.subscribers.get(name.value, ()):
            self.defer(job, once=f"{job}:{event_id}", subject=str(subject))

    def defer(
        self, name: str, *, once: str | None = None, after: timedelta = timedelta(), **facts: str
    ) -> None:
        """Queue job *name* to run *after* this transaction commits; *once* keeps it single."""
        job = insert(Job).values(
            id=ids.new_id(),
            name=name,
            facts=facts,
            run_at=self.at + after,
            once=once,
            attempts=0,
            queued_at=self.at,
        )
        self.session.execute(job.on_conflict_do_nothing(index_elements=["once"]))

    def sql(self, statement: str, **values: object) -> "psycopg.Cursor[tuple[Any, ...]]":
        """Send *statement* as written, inside this transaction: for hot paths only.

        It goes straight to the driver, which prepares it after a few uses.  Rows loaded earlier
        are not refreshed: ask again.
        """
        self.session.flush()
        return self._driver.execute(statement, values)

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
        """Stream *rows* into *columns* of *table* with COPY, inside this transaction."""
        self.session.flush()
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self._driver.cursor() as cursor, cursor.copy(statement) as sink:
            for row in rows:
                sink.write_row(row)

    @property
    def _driver(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """The driver's connection of this transaction, kept because asking for it costs a walk.

        A savepoint is sent to the database when its connection is first asked for.
        """
        if self.session.in_nested_transaction():
            self.session.connection()
        kept: psycopg.Connection[tuple[Any, ...]] | None = self.session.info.get(_DRIVER)
        if kept is None:
            kept = self.session.connection().connection.driver_connection
            assert isinstance(kept, psycopg.Connection)
            self.session.info[_DRIVER] = kept
        return kept


@contextmanager
def begin(
    engine: Engine, actor: Actor, subscribers: Subscribers, *, at: datetime | None = None
) -> Iterator[Work]:
    """Open a unit of work; commit if the block ends well, roll back if it raises."""
    with Session(engine, expire_on_commit=False) as session:
        yield Work(session, actor, at or clock.now(), subscribers)
        session.commit()
