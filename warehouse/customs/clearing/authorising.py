"""Decisions of customs on paper: a permit to destroy, an acceptance, a seizure order.

They let goods leave bond as a released declaration does, and become the same kind of row: a
release, which the floor draws down once.  One person records the paper, another approves it.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, select

from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import db, numbers
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.commands import DrawnLine
from warehouse.customs.errors import (
    AuthorityExpired,
    AuthorityNotApproved,
    AuthorityRevoked,
    NotAuthorised,
    ReleaseUsed,
)
from warehouse.customs.models import Declaration, Release, ReleaseLine
from warehouse.customs.vocabulary import CustomsEvent


class Authorised(NamedTuple):
    """So much of a lot; of bonded goods under the line of the petition that asked for it."""

    lot_id: UUID
    quantity: Decimal
    declaration_line_id: UUID | None = None


# As for an order's release: of two that try at once, the second finds nothing unused.
DRAW_DOWN: Final = """
UPDATE release_line SET used_quantity = quantity
 WHERE release_id = %(release_id)s AND used_quantity = 0
RETURNING id, lot_id, quantity
"""


def record(
    work: Work,
    *,
    disposal_id: UUID,
    authority: str,
    officer_id: UUID,
    valid_until: datetime | None,
    goods: Sequence[Authorised],
    petition_id: UUID | None = None,
) -> Release:
    """Record customs' paper *authority* for a disposal; it counts once somebody else approves.

    *petition_id*: the petition that it answers.
    """
    release = Release(
        number=numbers.next_gapless(work, "REL"),
        declaration_id=petition_id,
        disposal_id=disposal_id,
        authority=authority,
        officer_id=officer_id,
        recorded_by=work.actor.name,
        valid_until=valid_until,
        granted_at=work.at,
    )
    work.session.add(release)
    work.session.flush()
    work.session.add_all(
        ReleaseLine(
            release_id=release.id,
            declaration_line_id=each.declaration_line_id,
            lot_id=each.lot_id,
            quantity=each.quantity,
            used_quantity=Decimal(0),
        )
        for each in goods
    )
    return release


def approve(work: Work, disposal_id: UUID) -> Release:
    """Confirm the paper that another person recorded (invariant I-19).

    Raises:
        NotAuthorised: none is recorded.
        SecondPersonNeeded: the same person recorded it.
        AuthorityRevoked, AuthorityExpired: it does not count any more.
    """
    release = _held(work, disposal_id)
    _refuse_ended(release, work.at)
    if release.recorded_by == work.actor.name:
        raise SecondPersonNeeded(person=work.actor.name)
    release.approved_by = work.actor.name
    work.emit(CustomsEvent.RELEASE_GRANTED, release.id, number=release.number)
    return release


def rest_on(work: Work, release: Release, petition: Declaration) -> None:
    """Let *release*, a paper that was recorded before, answer *petition*, by its lines."""
    release.declaration_id = petition.id
    lines = {
        behind.lot_id: behind.line_id for behind in queries.declared_lots(work.session, petition.id)
    }
    of_release = select(ReleaseLine).where(ReleaseLine.release_id == release.id)
    for line in work.session.exec(of_release):
        line.declaration_line_id = lines.get(line.lot_id)


def revoke(work: Work, release_id: UUID) -> Release:
    """Customs takes its decision back: nothing more leaves under it."""
    release = db.lock(work.session, Release, [release_id])[release_id]
    if release.revoked_at is None:
        release.revoked_at, release.revoked_by = work.at, work.actor.name
        work.emit(CustomsEvent.RELEASE_REVOKED, release.id, number=release.number)
    return release


def check(work: Work, disposal_id: UUID) -> Release:
    """The decision under which the goods of a disposal may be gathered, held.

    Raises:
        NotAuthorised, AuthorityNotApproved, AuthorityRevoked, AuthorityExpired: there is none.
    """
    release = _held(work, disposal_id)
    _refuse_ended(release, work.at)
    if release.authority and release.approved_by is None:
        raise AuthorityNotApproved(number=release.number, authority=release.authority)
    return release


def draw_down(work: Work, disposal_id: UUID) -> list[DrawnLine]:
    """Use the decision on a disposal, once and whole; return what may leave.

    Raises:
        NotAuthorised, AuthorityNotApproved, AuthorityRevoked, AuthorityExpired: there is none.
        ReleaseUsed: the goods have left already.
    """
    release = check(work, disposal_id)
    rows = work.sql(DRAW_DOWN, release_id=release.id).fetchall()
    if not rows:
        raise ReleaseUsed(number=release.number)
    return [DrawnLine(*row) for row in rows]


def of_disposal(session: Session, disposal_id: UUID) -> Release | None:
    """What customs decided on a disposal."""
    return session.exec(select(Release).where(Release.disposal_id == disposal_id)).first()


def _held(work: Work, disposal_id: UUID) -> Release:
    release = of_disposal(work.session, disposal_id)
    if release is None:
        raise NotAuthorised
    return db.lock(work.session, Release, [release.id])[release.id]


def _refuse_ended(release: Release, at: datetime) -> None:
    if release.revoked_at is not None:
        raise AuthorityRevoked(number=release.number, at=release.revoked_at)
    if release.valid_until is not None and release.valid_until < at:
        raise AuthorityExpired(
            authority=release.authority or release.number, at=release.valid_until
        )
