"""Goods differ from what was declared or booked: a case with a clock, never an adjustment.

An unexplained difference counts as goods not cleared (Customs Act s.125).  A case ends as found,
declared and paid, remitted, or approved by customs; until then what is missing stands at VARIANCE.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.access import queries as people
from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import db, numbers, pictures
from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.inventory import floor_policy
from warehouse.inventory.errors import (
    AboveApprovalLimit,
    AuthorityMissing,
    DiscrepancyNotFound,
    NotAPicture,
    NothingMissing,
    PhotoMissing,
    PhotoNotFound,
    StillMissing,
    TooManyPhotos,
)
from warehouse.inventory.models import Discrepancy, Photo
from warehouse.inventory.vocabulary import (
    DISCREPANCY,
    PHOTOGRAPHED,
    Cause,
    DiscrepancyKind,
    DiscrepancyState,
    FloorRule,
    Outcome,
    StockEvent,
)
from warehouse.masterdata import queries as masterdata

MOST_PHOTOS: Final = 20

MISSING: Final = frozenset(
    {DiscrepancyKind.SHORT, DiscrepancyKind.COUNT_SHORT, DiscrepancyKind.TRANSIT_SHORT}
)
"""Differences whose goods stand at VARIANCE until they are found or written off."""

_CLOCKS: Final[Mapping[DiscrepancyKind, FloorRule]] = {
    DiscrepancyKind.COUNT_SHORT: FloorRule.LOSS_HOURS,
}


def open_case(
    work: Work,
    kind: DiscrepancyKind,
    *,
    premises_id: UUID,
    partner_id: UUID | None = None,
    consignment_id: UUID | None = None,
    handling_unit_id: UUID | None = None,
    lot_id: UUID | None = None,
    location_id: UUID | None = None,
    count_id: UUID | None = None,
    disposal_id: UUID | None = None,
    shipment_id: UUID | None = None,
    quantity: Decimal = Decimal(0),
    expected: str = "",
    found: str = "",
    note: str = "",
) -> Discrepancy:
    """Open a discrepancy of *kind*; its clock runs from now, as the floor's policy says.

    *quantity*: how much is short or over; zero where it is not a matter of quantity.
    """
    partner = masterdata.partner_by_id(work.session, partner_id).code if partner_id else ""
    rule = _CLOCKS.get(kind, FloorRule.DISCREPANCY_HOURS)
    hours = floor_policy.number(work.session, rule, work.today, partner=partner)
    discrepancy = Discrepancy(
        number=numbers.next_number(work, "DIS"),
        premises_id=premises_id,
        partner_id=partner_id,
        kind=kind,
        state=DiscrepancyState.OPEN,
        consignment_id=consignment_id,
        handling_unit_id=handling_unit_id,
        lot_id=lot_id,
        location_id=location_id,
        count_id=count_id,
        disposal_id=disposal_id,
        shipment_id=shipment_id,
        quantity=quantity,
        expected=expected,
        found=found,
        note=note,
        opened_by=work.actor.name,
        opened_at=work.at,
        due_at=work.at + timedelta(hours=float(hours)),
    )
    work.session.add(discrepancy)
    work.session.flush()
    _tell(work, StockEvent.DISCREPANCY_OPENED, discrepancy, kind=kind.value)
    return discrepancy


def take_up(work: Work, discrepancy_id: UUID, *, note: str = "") -> Discrepancy:
    """Somebody looks into it.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        WrongState: it was taken up, reported or closed.
    """
    discrepancy = held(work, discrepancy_id)
    _go(discrepancy, DiscrepancyState.INVESTIGATING)
    discrepancy.note = note or discrepancy.note
    _tell(work, StockEvent.DISCREPANCY_TAKEN_UP, discrepancy)
    return discrepancy


def add_photo(work: Work, discrepancy_id: UUID, content: bytes) -> Photo:
    """Keep a picture that proves it, unless this very one is kept already.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        WrongState: it is closed.
        NotAPicture: the bytes are no JPEG, PNG or WebP picture, or too many.
        TooManyPhotos: it has as many as one can have.
    """
    discrepancy = held(work, discrepancy_id)
    if discrepancy.state is DiscrepancyState.CLOSED:
        raise WrongState(state=discrepancy.state.value, target=discrepancy.state.value)
    sha256 = hashlib.sha256(content).hexdigest()
    kept = photos(work.session, discrepancy_id)
    for photo in kept:
        if photo.sha256 == sha256:
            return photo
    if len(kept) >= MOST_PHOTOS:
        raise TooManyPhotos(number=discrepancy.number, most=MOST_PHOTOS)
    media_type = pictures.media_type(content)
    if media_type is None:
        raise NotAPicture(most=pictures.MOST_BYTES // 1024 // 1024)
    photo = Photo(
        discrepancy_id=discrepancy_id,
        media_type=media_type,
        content=content,
        sha256=sha256,
        taken_by=work.actor.name,
        at=work.at,
    )
    work.session.add(photo)
    _tell(work, StockEvent.PHOTO_KEPT, discrepancy, sha256=sha256)
    return photo


def report(work: Work, discrepancy_id: UUID) -> Discrepancy:
    """Tell customs of it: from here on it is a customs matter.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        PhotoMissing: damage and seals are proved by a photo first.
        WrongState: it was reported or closed.
    """
    discrepancy = held(work, discrepancy_id)
    if lacks_photo(work.session, discrepancy):
        raise PhotoMissing(number=discrepancy.number)
    _report(work, discrepancy, overdue="no")
    return discrepancy


def escalate(work: Work, discrepancy_id: UUID) -> None:
    """The clock has run out: it becomes a customs matter, with or without a photo.

    What was reported or closed meanwhile stays as it is.
    """
    discrepancy = held(work, discrepancy_id)
    if discrepancy.state in DISCREPANCY.before(DiscrepancyState.REPORTED):
        _report(work, discrepancy, overdue="yes")


def approve(work: Work, discrepancy_id: UUID) -> Discrepancy:
    """Agree, as the first of two, to closing a case with much duty at stake.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        SecondPersonNeeded: the actor opened it.
        WrongState: it is closed.
    """
    discrepancy = held(work, discrepancy_id)
    if discrepancy.state is DiscrepancyState.CLOSED:
        raise WrongState(state=discrepancy.state.value, target=discrepancy.state.value)
    if discrepancy.opened_by == work.actor.name:
        raise SecondPersonNeeded(person=work.actor.name)
    discrepancy.approved_by = work.actor.name
    _tell(work, StockEvent.DISCREPANCY_APPROVED, discrepancy)
    return discrepancy


def close(
    work: Work,
    discrepancy_id: UUID,
    *,
    outcome: Outcome,
    cause: Cause,
    at_stake: Decimal,
    note: str = "",
    authority: str = "",
    officer: str = "",
) -> Discrepancy:
    """End the case: *cause* is the root cause, *authority* the number of the paper that ended it.

    *at_stake*: the duty and taxes, in baht, on what differs.  *officer*: username or badge.

    Raises:
        DiscrepancyNotFound: there is none in the actor's premises.
        SecondPersonNeeded: the actor opened it, or was the first to approve it.
        PhotoMissing: damage and seals are proved by a photo first.
        AuthorityMissing: an outcome that customs decides names its paper, an approval the officer.
        UnknownOfficer: no such officer is known.
        AboveApprovalLimit: so much is at stake that a colleague approves it first.
        StillMissing: goods of it are neither found nor written off.
        WrongState: it is closed.
    """
    discrepancy = held(work, discrepancy_id)
    if work.actor.name in (discrepancy.opened_by, discrepancy.approved_by):
        raise SecondPersonNeeded(person=work.actor.name)
    if lacks_photo(work.session, discrepancy):
        raise PhotoMissing(number=discrepancy.number)
    if outcome is not Outcome.FOUND and not authority:
        raise AuthorityMissing(outcome=outcome.value)
    decided_by = _officer(work.session, outcome, officer)
    _require_approval(work, discrepancy, at_stake)
    _go(discrepancy, DiscrepancyState.CLOSED)
    discrepancy.outcome, discrepancy.cause = outcome, cause
    discrepancy.authority, discrepancy.officer_id = authority, decided_by
    discrepancy.note = note or discrepancy.note
    discrepancy.closed_by, discrepancy.closed_at = work.actor.name, work.at
    _require_settled(work, discrepancy)
    _tell(
        work,
        StockEvent.DISCREPANCY_CLOSED,
        discrepancy,
        outcome=outcome.value,
        cause=cause.value,
        authority=authority,
    )
    return discrepancy


def open_of_unit(work: Work, kind: DiscrepancyKind, unit_id: UUID) -> Discrepancy | None:
    """The case of *kind* that is open for a unit, if there is one."""
    return work.session.exec(
        select(Discrepancy).where(
            Discrepancy.handling_unit_id == unit_id,
            Discrepancy.kind == kind,
            Discrepancy.state != DiscrepancyState.CLOSED,
        )
    ).first()


def photos(session: Session, discrepancy_id: UUID) -> Sequence[Photo]:
    """The pictures of a case, in the order in which they came."""
    return session.exec(
        select(Photo).where(Photo.discrepancy_id == discrepancy_id).order_by(col(Photo.id))
    ).all()


def photo(work: Work, discrepancy_id: UUID, photo_id: UUID) -> Photo:
    """A picture of a case in the actor's premises.

    Raises:
        PhotoNotFound: there is none.
    """
    case = work.session.get(Discrepancy, discrepancy_id)
    found = work.session.get(Photo, photo_id)
    if case is None or found is None or found.discrepancy_id != case.id or not _near(work, case):
        raise PhotoNotFound(key=str(photo_id))
    return found


def lacks_photo(session: Session, discrepancy: Discrepancy) -> bool:
    """Whether a photo is needed that nobody has taken."""
    return discrepancy.kind in PHOTOGRAPHED and not photos(session, discrepancy.id)


# What of the lot stands at VARIANCE and is not accounted for by another open case.
_UNSETTLED: Final = """
SELECT coalesce((SELECT sum(CASE WHEN there.id = to_location_id THEN quantity ELSE -quantity END)
                   FROM movement JOIN location AS there
                     ON there.id IN (to_location_id, from_location_id) AND there.kind = 'variance'
                  WHERE lot_id = %(lot_id)s), 0)
     - coalesce((SELECT sum(quantity) FROM discrepancy
                  WHERE lot_id = %(lot_id)s AND kind = ANY(%(missing)s) AND state <> 'closed'), 0)
"""


def _require_settled(work: Work, discrepancy: Discrepancy) -> None:
    if discrepancy.lot_id is None or discrepancy.kind not in MISSING:
        return
    row = work.sql(
        _UNSETTLED, lot_id=discrepancy.lot_id, missing=[kind.value for kind in MISSING]
    ).fetchone()
    assert row is not None, "a sum is always there"
    if row[0] > 0:
        raise StillMissing(number=discrepancy.number, quantity=row[0])


def _officer(session: Session, outcome: Outcome, named: str) -> UUID | None:
    if named:
        return people.officer(session, named).id
    if outcome is Outcome.APPROVED_BY_CUSTOMS:
        raise AuthorityMissing(outcome=outcome.value)
    return None


def _require_approval(work: Work, discrepancy: Discrepancy, at_stake: Decimal) -> None:
    limit = floor_policy.number(work.session, FloorRule.APPROVAL_LIMIT_BAHT, work.today)
    if at_stake > limit and discrepancy.approved_by is None:
        raise AboveApprovalLimit(number=discrepancy.number, at_stake=at_stake, limit=limit)


def _report(work: Work, discrepancy: Discrepancy, *, overdue: str) -> None:
    _go(discrepancy, DiscrepancyState.REPORTED)
    discrepancy.reported_at = work.at
    _tell(
        work,
        StockEvent.DISCREPANCY_REPORTED,
        discrepancy,
        kind=discrepancy.kind.value,
        overdue=overdue,
    )


def held(work: Work, discrepancy_id: UUID) -> Discrepancy:
    """The case, locked; another premises' case is not found."""
    found = db.lock(work.session, Discrepancy, [discrepancy_id], missing=DiscrepancyNotFound)
    discrepancy = found[discrepancy_id]
    if not _near(work, discrepancy):
        raise DiscrepancyNotFound(key=str(discrepancy_id))
    return discrepancy


def missing_lot(case: Discrepancy) -> UUID:
    """The lot of which *case* misses goods.

    Raises:
        NothingMissing: it is about something else.
    """
    if case.kind not in MISSING or case.lot_id is None:
        raise NothingMissing(number=case.number)
    return case.lot_id


def _near(work: Work, discrepancy: Discrepancy) -> bool:
    """Whether it is in the premises of the actor, who may be the warehouse itself."""
    return work.actor.premises_id in (None, discrepancy.premises_id)


def _go(discrepancy: Discrepancy, target: DiscrepancyState) -> None:
    discrepancy.state = DISCREPANCY.step(discrepancy.state, target)


def _tell(work: Work, event: StockEvent, discrepancy: Discrepancy, **facts: str) -> None:
    work.emit(event, discrepancy.id, number=discrepancy.number, **facts)
