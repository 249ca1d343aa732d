"""Lock-down: nothing is put in a place, or in one that lies in it, and nothing taken from there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from warehouse.core import db
from warehouse.core.work import Work
from warehouse.inventory.errors import AlreadyLocked, LocationLocked, LocationNotFound, NotLocked
from warehouse.inventory.models import Location, LocationLock
from warehouse.inventory.vocabulary import StockEvent


class LockDown(NamedTuple):
    """*location* may not be used, because *locked*, which is it or a place around it, is locked."""

    location_id: UUID
    location: str
    locked: str
    reason: str
    person: str
    since: datetime

    @property
    def facts(self) -> dict[str, str]:
        """What is told of it."""
        return {
            "location": self.location,
            "locked": self.locked,
            "reason": self.reason,
            "person": self.person,
        }


# Whoever moves goods holds their places with KEY SHARE before looking for locks: this waits until
# they are done, and those who come later see the lock.
HOLD_WITHIN: Final = """
WITH RECURSIVE within AS (
    SELECT id FROM location WHERE id = %(id)s
    UNION ALL
    SELECT location.id FROM location JOIN within ON location.parent_id = within.id
)
SELECT id FROM location WHERE id IN (SELECT id FROM within) ORDER BY id FOR UPDATE
"""

LOCK_DOWNS: Final = """
WITH RECURSIVE around AS (
    SELECT id AS place_id, id, parent_id FROM location WHERE id = ANY(%(places)s)
    UNION ALL
    SELECT place_id, location.id, location.parent_id FROM location
      JOIN around ON around.parent_id = location.id
)
SELECT place.id, place.code, location.code, location_lock.reason, opened_by, opened_at
  FROM around JOIN location_lock ON location_lock.location_id = around.id AND closed_at IS NULL
  JOIN location ON location.id = around.id JOIN location AS place ON place.id = place_id
 ORDER BY place.code, location.code
"""


def lock_down(work: Work, location_id: UUID, reason: str) -> LocationLock:
    """Lock a place and all that lies in it, until somebody opens it again.

    Raises:
        LocationNotFound: it is not in the actor's premises.
        AlreadyLocked: it is.
    """
    location = _own(work, location_id)
    work.sql(HOLD_WITHIN, id=location_id)
    if found := _open_lock(work, location_id):
        raise AlreadyLocked(location=location.code, reason=found.reason, person=found.opened_by)
    lock = LocationLock(
        location_id=location_id, reason=reason, opened_by=work.actor.name, opened_at=work.at
    )
    work.session.add(lock)
    work.emit(StockEvent.LOCATION_LOCKED, location_id, code=location.code, reason=reason)
    return lock


def open_again(work: Work, location_id: UUID) -> None:
    """End the lock-down of a place.

    Raises:
        LocationNotFound: it is not in the actor's premises.
        NotLocked: it is open.
    """
    location = _own(work, location_id)
    db.lock(work.session, Location, [location_id])
    lock = _open_lock(work, location_id)
    if lock is None:
        raise NotLocked(location=location.code)
    lock.closed_by, lock.closed_at = work.actor.name, work.at
    work.emit(StockEvent.LOCATION_UNLOCKED, location_id, code=location.code)


def locked(work: Work, places: Iterable[UUID]) -> list[LockDown]:
    """What keeps *places* locked; nothing, if all are open."""
    return [LockDown(*row) for row in work.sql(LOCK_DOWNS, places=list(places))]


def refuse_locked(work: Work, places: Iterable[UUID]) -> None:
    """Go on only if none of *places* is locked down.

    Raises:
        LocationLocked: one is.
    """
    for found in locked(work, places):
        raise LocationLocked(**found.facts)


def _own(work: Work, location_id: UUID) -> Location:
    location = work.session.get(Location, location_id)
    if location is None or location.virtual or location.premises_id != work.actor.premises_id:
        raise LocationNotFound(code=str(location_id))
    return location


def _open_lock(work: Work, location_id: UUID) -> LocationLock | None:
    return work.session.exec(
        select(LocationLock).where(
            LocationLock.location_id == location_id, col(LocationLock.closed_at).is_(None)
        )
    ).first()
