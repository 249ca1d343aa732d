"""The event chain: one job seals committed events in order, and anyone can verify them.

Events commit without hashes, so that no transaction waits for another.  A seal takes the next
position and the hash over the one before it and the event's content: changing, dropping or
reordering a sealed event breaks every later hash.
"""

import hashlib
import json
from contextlib import closing
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from warehouse.core import db
from warehouse.core.jobs import Facts
from warehouse.core.work import Event, Work

_GENESIS: Final = "0" * 64
_BATCH: Final = 1_000
_WINDOW: Final = 100_000
"""No event commits after so many younger ones are sealed.

So every event is sealed that is a window older than the last sealed one.  That one is at most a
window older than the youngest sealed; so the events of its window have their seals among the last
three windows of seals, however long nothing was sealed.
"""
_KEY: Final = 7_016_001  # advisory lock: one sealer at a time


@db.append_only
class EventSeal(db.Table, table=True):
    """Event *event_id* stands at *position* of the chain."""

    __table_args__ = (CheckConstraint("position > 0", name="counted"),)

    position: int = Field(sa_type=BigInteger, unique=True)
    event_id: UUID = Field(foreign_key="event.id", unique=True)
    hash: str = Field(max_length=64)
    at: datetime = db.instant()


def seal_events(work: Work, _facts: Facts) -> None:
    """Chain everything that has committed so far: the job of every minute."""
    while seal(work):
        pass


def seal(work: Work) -> int:
    """Chain the next thousand events that committed since the last seal; return how many."""
    work.sql("SELECT pg_advisory_xact_lock(%(key)s)", key=_KEY)
    last = work.session.exec(
        select(EventSeal.position, EventSeal.hash, Event.sequence)
        .join(Event, col(Event.id) == col(EventSeal.event_id))
        .order_by(col(EventSeal.position).desc())
        .limit(1)
    ).first()
    position, head, reached = last or (0, _GENESIS, None)
    waiting = work.session.exec(
        _unsealed(position - 3 * _WINDOW)
        .where(col(Event.sequence) > (reached or 0) - _WINDOW)
        .order_by(col(Event.sequence))
        .limit(_BATCH)
    ).all()
    for event in waiting:
        position, head = position + 1, chained(head, event)
        work.session.add(EventSeal(position=position, event_id=event.id, hash=head, at=work.at))
    return len(waiting)


def chained(previous: str, event: Event) -> str:
    """The hash of *event* after *previous*, in lower-case hexadecimal."""
    content = [
        previous,
        event.sequence,
        event.id.hex,
        event.name,
        event.subject.hex,
        event.actor,
        event.at.isoformat(),
        event.facts,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(session: Session) -> tuple[int, list[str]]:
    """How many seals were checked, and what does not hold: nothing, if the chain is whole."""
    head = _GENESIS
    checked = reached = 0
    rows = session.exec(
        select(EventSeal, Event)
        .join(Event, col(Event.id) == col(EventSeal.event_id))
        .order_by(col(EventSeal.position))
        .execution_options(yield_per=_BATCH)
    )
    with closing(rows):
        for kept, event in rows:
            checked, reached = checked + 1, event.sequence or 0
            head = chained(head, event)
            if kept.position != checked or kept.hash != head:
                return checked, [f"position {kept.position}"]
    skipped = session.exec(
        _unsealed()
        .where(col(Event.sequence) <= reached - _WINDOW)
        .order_by(col(Event.sequence))
        .limit(1)
    ).first()
    return checked, [] if skipped is None else [f"event {skipped.id} was never sealed"]


def _unsealed(after: int = 0) -> SelectOfScalar[Event]:
    """Events that no seal after position *after* is of."""
    seal = select(EventSeal.id).where(
        EventSeal.event_id == Event.id, col(EventSeal.position) > after
    )
    return select(Event).where(~seal.exists())
