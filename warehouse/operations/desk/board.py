"""What happens on the floor now, read for the supervisor's board; changes nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from warehouse.core import clock
from warehouse.core.work import Event
from warehouse.inventory.vocabulary import DiscrepancyKind, HoldKind
from warehouse.operations.vocabulary import AssignmentKind, FloorEvent, TaskKind, WaveState
from warehouse.shipments.vocabulary import ConsignmentState


class WaveNow(NamedTuple):
    """A wave of today, and how far it is."""

    number: str
    channel: str
    cut_off_at: datetime
    state: WaveState
    waiting: int
    taken: int
    done: int

    def late(self, at: datetime) -> bool:
        """Whether its cut-off has passed with work left."""
        return self.cut_off_at < at and self.waiting + self.taken > 0


class AtDock(NamedTuple):
    """A consignment at the dock: how many of its parcels are in."""

    number: str
    partner: str
    state: ConsignmentState
    received: int
    announced: int


class HeldNow(NamedTuple):
    """Open holds of one kind."""

    kind: HoldKind
    amount: int
    since: datetime


class CasesNow(NamedTuple):
    """Open cases of one kind, and when the next is due."""

    kind: DiscrepancyKind
    amount: int
    overdue: int
    due_at: datetime


class AtWork(NamedTuple):
    """Somebody with a scanner, what they are doing and when they last moved on."""

    name: str
    task: TaskKind | None
    since: datetime | None


class ToDo(NamedTuple):
    """Work of one kind that nobody has taken, or that somebody is doing."""

    kind: AssignmentKind
    waiting: int
    taken: int
    oldest: datetime


class Hour(NamedTuple):
    """How many scans were accepted in an hour that begins at *at*, and how many were refused."""

    at: datetime
    accepted: int
    refused: int


class Proved(NamedTuple):
    """When the ledgers were last added up, and how many differences there were."""

    at: datetime
    differences: int


WAVES: Final = """
SELECT wave.number, channel.code, wave.cut_off_at, wave.state,
       count(assignment.id) FILTER (WHERE assignment.state = 'open'),
       count(assignment.id) FILTER (WHERE assignment.state = 'taken'),
       count(assignment.id) FILTER (WHERE assignment.state = 'done')
  FROM wave JOIN release_channel AS channel ON channel.id = wave.channel_id
  LEFT JOIN assignment ON assignment.wave_id = wave.id AND assignment.kind = 'pick'
 WHERE wave.premises_id = :premises_id AND wave.state <> 'cancelled'
   AND (wave.state <> 'done' OR wave.done_at > :since)
 GROUP BY wave.id, channel.code ORDER BY wave.cut_off_at, wave.number
"""

DOCK: Final = """
SELECT consignment.number, partner.code, consignment.state,
       count(unit.received_at), count(unit.id)
  FROM consignment JOIN partner ON partner.id = consignment.partner_id
  LEFT JOIN handling_unit AS unit ON unit.consignment_id = consignment.id AND unit.kind = 'parcel'
   AND NOT EXISTS (SELECT FROM lot WHERE handling_unit_id = unit.id AND origin = 'handled')
 WHERE consignment.premises_id = :premises_id
   AND consignment.state IN ('arrived', 'receiving', 'received')
 GROUP BY consignment.id, partner.code ORDER BY consignment.number
"""

HOLDS: Final = """
SELECT kind, count(*), min(opened_at) FROM hold
 WHERE premises_id = :premises_id AND closed_at IS NULL GROUP BY kind ORDER BY kind
"""

CASES: Final = """
SELECT kind, count(*), count(*) FILTER (WHERE due_at < :at), min(due_at) FROM discrepancy
 WHERE premises_id = :premises_id AND state <> 'closed' GROUP BY kind ORDER BY min(due_at)
"""

PEOPLE: Final = """
SELECT person.name_th, person.name_en, task.kind, scan.at
  FROM task JOIN person ON person.id = task.person_id
  LEFT JOIN scan ON scan.sequence = task.since
 WHERE person.premises_id = :premises_id AND task.kind IS NOT NULL
 ORDER BY scan.at DESC NULLS LAST
"""

TO_DO: Final = """
SELECT kind, count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state = 'taken'),
       min(made_at)
  FROM assignment WHERE premises_id = :premises_id AND state IN ('open', 'taken')
 GROUP BY kind ORDER BY kind
"""

HOURS: Final = """
SELECT date_trunc('hour', at), count(*) FILTER (WHERE tone <> 'refused'),
       count(*) FILTER (WHERE tone = 'refused')
  FROM scan WHERE premises_id = :premises_id AND at >= :since GROUP BY 1
"""


def waves(session: Session, premises_id: UUID, at: datetime) -> list[WaveNow]:
    """The waves that are planned or under way, and those that ended today; the first due first."""
    rows = _rows(session, WAVES, premises_id, since=start_of_day(at))
    return [
        WaveNow(number, channel, cut_off_at, WaveState(state), waiting, taken, done)
        for number, channel, cut_off_at, state, waiting, taken, done in rows
    ]


def dock(session: Session, premises_id: UUID) -> list[AtDock]:
    """What stands at the dock."""
    rows = _rows(session, DOCK, premises_id)
    return [
        AtDock(number, partner, ConsignmentState(state), received, announced)
        for number, partner, state, received, announced in rows
    ]


def holds(session: Session, premises_id: UUID) -> list[HeldNow]:
    """Open holds by kind."""
    return [HeldNow(HoldKind(row[0]), *row[1:]) for row in _rows(session, HOLDS, premises_id)]


def cases(session: Session, premises_id: UUID, at: datetime) -> list[CasesNow]:
    """Open cases by kind, the first due first."""
    rows = _rows(session, CASES, premises_id, at=at)
    return [CasesNow(DiscrepancyKind(row[0]), *row[1:]) for row in rows]


def people(session: Session, premises_id: UUID, language: str) -> list[AtWork]:
    """Who is in the middle of something; whoever moved on last comes first."""
    return [
        AtWork(name_th if language == "th" else name_en, TaskKind(kind), since)
        for name_th, name_en, kind, since in _rows(session, PEOPLE, premises_id)
    ]


def to_do(session: Session, premises_id: UUID) -> list[ToDo]:
    """Work that waits or is being done, by kind."""
    return [ToDo(AssignmentKind(row[0]), *row[1:]) for row in _rows(session, TO_DO, premises_id)]


def hours(session: Session, premises_id: UUID, at: datetime) -> list[Hour]:
    """Scans by the hour, from the start of the day at the warehouse to now; empty ones too."""
    begin = start_of_day(at)
    found = {row[0]: row for row in _rows(session, HOURS, premises_id, since=begin)}
    amount = int((at - begin) / timedelta(hours=1)) + 1
    return [
        Hour(*found.get(each, (each, 0, 0)))
        for each in (begin + timedelta(hours=hour) for hour in range(amount))
    ]


def last_proof(session: Session) -> Proved | None:
    """When every ledger was last added up by the clock's job."""
    event = session.exec(
        select(Event)
        .where(Event.name == FloorEvent.PROVED)
        .order_by(col(Event.sequence).desc())
        .limit(1)
    ).first()
    return Proved(event.at, int(event.facts["differences"])) if event else None


def start_of_day(at: datetime) -> datetime:
    """Midnight at the warehouse, on the day of *at*."""
    local = at.astimezone(clock.BANGKOK)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(at.tzinfo)


def _rows(
    session: Session, statement: str, premises_id: UUID, **values: object
) -> Sequence[tuple[Any, ...]]:
    found = session.execute(text(statement), {"premises_id": premises_id, **values})
    return [tuple(row) for row in found]
