"""Permits of agencies: recorded, approved by a second person, drawn down line by line.

Lines draw when their declaration is queued, under the permit's row lock, and give back what they
drew when customs refuses or the declaration is withdrawn.  A permit must be in date when goods
come in *and* when they leave bond (invariant I-13).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import db
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.errors import (
    PermitApproved,
    PermitExpired,
    PermitKnown,
    PermitNotApproved,
    PermitNotFound,
    PermitShort,
)
from warehouse.customs.models import (
    Declaration,
    DeclarationLine,
    DeclarationPermit,
    Permit,
    PermitDraw,
)
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    DocumentType,
    PermitDrawKind,
)
from warehouse.masterdata.models import Partner
from warehouse.masterdata.queries import EVERY, Commodity
from warehouse.masterdata.vocabulary import TradeDirection

CROSSES: Final[Mapping[DocumentType, TradeDirection]] = {
    DocumentType.IMPORT: TradeDirection.IMPORT,
    DocumentType.FROM_FREE_ZONE: TradeDirection.IMPORT,
    DocumentType.HOME_USE: TradeDirection.IMPORT,
    DocumentType.EXPORT: TradeDirection.EXPORT,
}
"""Which way goods go whose restrictions count; between bonded places none do."""

KILOGRAM: Final = "KGM"
NOT_DRAWN: Final = (DeclarationState.DRAFT, DeclarationState.APPROVED)
"""States of a declaration whose lines have not drawn on their permits yet."""

_RECORDED_ANEW: Final = """
UPDATE declaration_permit AS named SET permit_id = anew.id, issue_date = anew.issue_date
  FROM permit AS anew, permit AS wrong, declaration_line AS line, declaration
 WHERE anew.id = %(id)s AND wrong.id = named.permit_id AND wrong.withdrawn_at IS NOT NULL
   AND (wrong.authority_id, wrong.number) = (anew.authority_id, anew.number)
   AND line.id = named.line_id AND declaration.id = line.declaration_id
   AND declaration.partner_id = anew.partner_id AND declaration.state = ANY(%(states)s)
"""


@dataclass(frozen=True, slots=True)
class PermitDraft:
    """A permit as the agency wrote it; *quantity* in *unit*, None without limit."""

    partner_id: UUID
    number: str
    authority_id: str
    direction: TradeDirection
    hs_code: str
    statistical_code: str
    issue_date: date
    valid_from: date
    valid_to: date | None
    quantity: Decimal | None
    unit: str


def record(work: Work, draft: PermitDraft) -> Permit:
    """Write a permit down; it counts once somebody else has approved it.

    Drafts that name one of that number that was withdrawn name this one.

    Raises:
        PermitKnown: the agency's number is recorded already.
    """
    if _found(work.session, draft.authority_id, draft.number):
        raise PermitKnown(number=draft.number)
    permit = Permit(
        partner_id=draft.partner_id,
        number=draft.number,
        authority_id=draft.authority_id,
        direction=draft.direction,
        hs_code=draft.hs_code,
        statistical_code=draft.statistical_code,
        issue_date=draft.issue_date,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        quantity=draft.quantity,
        unit=draft.unit,
        drawn_quantity=ZERO,
        recorded_by=work.actor.name,
        recorded_at=work.at,
    )
    work.session.add(permit)
    work.session.flush()
    work.sql(_RECORDED_ANEW, id=permit.id, states=[state.value for state in NOT_DRAWN])
    work.emit(CustomsEvent.PERMIT_RECORDED, permit.id, number=permit.number)
    return permit


def approve(work: Work, permit_id: UUID) -> Permit:
    """Confirm a permit that another person recorded (invariant I-19).

    Raises:
        PermitNotFound: there is none, or it is withdrawn.
        SecondPersonNeeded: the same person recorded it.
    """
    permit = _locked(work, permit_id)
    if permit.recorded_by == work.actor.name:
        raise SecondPersonNeeded(person=work.actor.name)
    if permit.approved_by is None:
        permit.approved_by, permit.approved_at = work.actor.name, work.at
        work.emit(CustomsEvent.PERMIT_APPROVED, permit.id, number=permit.number)
    return permit


def withdraw(work: Work, permit_id: UUID) -> Permit:
    """A permit was recorded wrongly, and nobody has approved it: its number is free again.

    A line that names it cannot be filed until somebody corrects it.

    Raises:
        PermitNotFound: there is none, or it is withdrawn.
        PermitApproved: it is approved.
    """
    permit = _locked(work, permit_id)
    if permit.approved_at is not None:
        raise PermitApproved(number=permit.number, person=permit.approved_by, at=permit.approved_at)
    permit.withdrawn_by, permit.withdrawn_at = work.actor.name, work.at
    work.emit(CustomsEvent.PERMIT_WITHDRAWN, permit.id, number=permit.number)
    return permit


def newest(session: Session, *, limit: int = 200) -> Sequence[tuple[Permit, Partner]]:
    """The permits of every partner, those that wait for approval first, then the newest."""
    ended = func.coalesce(col(Permit.approved_at), col(Permit.withdrawn_at))
    return session.exec(
        select(Permit, Partner)
        .join(Partner, col(Partner.id) == col(Permit.partner_id))
        .order_by(ended.desc().nulls_first(), col(Permit.number))
        .limit(limit)
    ).all()


def clear(work: Work, declaration: Declaration, commodity: Commodity, reason: str) -> None:
    """Say that *commodity* on *declaration*, unknown to the restriction table, needs no permit."""
    work.emit(
        CustomsEvent.RESTRICTION_CLEARED,
        declaration.id,
        number=declaration.reference_number,
        commodity="/".join(commodity),
        reason=reason,
    )


def in_date(permit: Permit, on: date) -> bool:
    """Whether *permit* holds on the day *on*."""
    return permit.valid_from <= on and (permit.valid_to is None or on <= permit.valid_to)


def fits(permit: Permit, row: DeclarationLine, direction: TradeDirection) -> bool:
    """Whether *permit* is for goods of this line going that way."""
    return (
        permit.direction is direction
        and permit.hs_code == row.hs_code
        and permit.statistical_code in (EVERY, row.statistical_code)
    )


def wanted(permit: Permit, row: DeclarationLine) -> Decimal | None:
    """What *row* takes of *permit*, in the permit's unit; None: it counts in another unit."""
    if permit.unit == row.unit:
        return row.quantity
    return row.net_weight_kg if permit.unit == KILOGRAM else None


def left(permit: Permit) -> Decimal | None:
    """What may still be drawn; None: there is no limit."""
    return None if permit.quantity is None else permit.quantity - permit.drawn_quantity


def attach(work: Work, row: DeclarationLine, permit: Permit) -> None:
    """Let *row* name *permit*; once is enough."""
    if permit.id not in _named(work.session, [row.id]).get(row.id, ()):
        work.session.add(
            DeclarationPermit(
                line_id=row.id,
                permit_id=permit.id,
                number=permit.number,
                issue_date=permit.issue_date,
                authority_id=permit.authority_id,
            )
        )
        work.session.flush()


def attach_fitting(work: Work, declaration: Declaration) -> None:
    """Let the lines of *declaration* name the approved permits of their owner that fit and last.

    Of one agency the permit that ends first goes first, and the next one only if that has too
    little left.  A line that names a permit of an agency already keeps it.  Goods that leave bond
    came in with theirs: they name one only where somebody attaches it.
    """
    direction = CROSSES.get(declaration.document_type)
    if direction is None or declaration.document_type is DocumentType.HOME_USE:
        return
    rows = queries.lines(work.session, declaration.id)
    found = usable(work, declaration.partner_id, direction, {row.hs_code for row in rows})
    if not found:
        return
    named = _named(work.session, (row.id for row in rows))
    agency = {permit.id: permit.authority_id for permit in found}
    room = {permit.id: left(permit) for permit in found}
    for row in rows:
        known = {agency.get(permit_id) for permit_id in named.get(row.id, ())}
        fitting = [
            permit
            for permit in found
            if permit.authority_id not in known and fits(permit, row, direction)
        ]
        for of_agency in _by_agency(fitting).values():
            for permit, quantity in _shares(row, of_agency, room):
                attach(work, row, permit)
                have = room[permit.id]
                room[permit.id] = None if have is None else have - quantity


def draw(work: Work, declaration: Declaration) -> None:
    """Take what the lines of *declaration* need from the permits that they name.

    Lines without a permit of their own that leave bond need the one they came in with to be in
    date still.

    Raises:
        PermitNotApproved: a permit waits for its second person.
        PermitExpired: a permit is not in date today.
        PermitShort: the permits of a line have less left than it needs.
    """
    rows = {row.id: row for row in queries.lines(work.session, declaration.id)}
    named = _named(work.session, rows)
    permits = db.lock(work.session, Permit, {each for ids in named.values() for each in ids})
    for line_id, permit_ids in named.items():
        of_line = [permits[each] for each in permit_ids]
        for permit in of_line:
            check(permit, work.today)
        _draw_line(work, rows[line_id], of_line)
    if declaration.document_type is DocumentType.HOME_USE:
        _check_of_entry(work, [row for row in rows.values() if row.id not in named])


def give_back(work: Work, declaration: Declaration) -> None:
    """Give back what the lines of *declaration* drew; a second time changes nothing."""
    line_ids = [row.id for row in queries.lines(work.session, declaration.id)]
    draws = work.session.exec(
        select(PermitDraw).where(col(PermitDraw.declaration_line_id).in_(line_ids))
    ).all()
    drawn = {
        (each.permit_id, each.declaration_line_id): each.quantity
        for each in draws
        if each.kind is PermitDrawKind.DRAWN
    }
    for each in draws:
        if each.kind is PermitDrawKind.GIVEN_BACK:
            del drawn[each.permit_id, each.declaration_line_id]
    permits = db.lock(work.session, Permit, {permit_id for permit_id, _ in drawn})
    for (permit_id, line_id), quantity in drawn.items():
        permits[permit_id].drawn_quantity -= quantity
        _record_draw(work, permit_id, line_id, PermitDrawKind.GIVEN_BACK, quantity)


def check(permit: Permit, on: date) -> None:
    """Raise unless *permit* may be used on the day *on*.

    Raises:
        PermitNotApproved: it waits for its second person.
        PermitExpired: it is not in date.
    """
    if permit.approved_by is None:
        raise PermitNotApproved(number=permit.number)
    if not in_date(permit, on):
        raise PermitExpired(number=permit.number, on=permit.valid_to or permit.valid_from)


def _draw_line(work: Work, row: DeclarationLine, permits: Sequence[Permit]) -> None:
    for of_agency in _by_agency(permits).values():
        need = wanted(of_agency[0], row)
        room = {permit.id: left(permit) for permit in of_agency}
        drawn = ZERO
        for permit, quantity in _shares(row, of_agency, room):
            permit.drawn_quantity += quantity
            drawn += quantity
            _record_draw(work, permit.id, row.id, PermitDrawKind.DRAWN, quantity)
        if need is None or drawn < need:
            raise PermitShort(
                number=of_agency[0].number,
                line=row.line_number,
                left=drawn,
                wanted=need or row.quantity,
                unit=of_agency[0].unit,
            )


def _shares(
    row: DeclarationLine, permits: Sequence[Permit], room: Mapping[UUID, Decimal | None]
) -> Iterator[tuple[Permit, Decimal]]:
    """How much *row* takes of each of an agency's *permits*; *room* is what each has left.

    Those that count in another unit than the first are passed over.
    """
    need = wanted(permits[0], row)
    for permit in permits:
        have = room[permit.id]
        if not need or permit.unit != permits[0].unit or have == ZERO:
            continue
        taken = need if have is None else min(need, have)
        need -= taken
        yield permit, taken


def _by_agency(permits: Iterable[Permit]) -> Mapping[str, list[Permit]]:
    """*permits* by agency, those that end first at the front."""
    found: dict[str, list[Permit]] = {}
    for permit in sorted(permits, key=lambda each: (each.valid_to or date.max, each.number)):
        found.setdefault(permit.authority_id, []).append(permit)
    return found


def _check_of_entry(work: Work, rows: Iterable[DeclarationLine]) -> None:
    entry_lines = {row.entry_line_id for row in rows if row.entry_line_id}
    of_entries = work.session.exec(
        select(Permit)
        .join(DeclarationPermit, col(DeclarationPermit.permit_id) == col(Permit.id))
        .where(col(DeclarationPermit.line_id).in_(entry_lines))
        .distinct()
        .order_by(col(Permit.number))
    )
    for permit in of_entries:
        check(permit, work.today)


def usable(
    work: Work, partner_id: UUID, direction: TradeDirection, hs_codes: Iterable[str]
) -> Sequence[Permit]:
    """Approved permits of a partner for goods of *hs_codes* that hold today."""
    return work.session.exec(
        select(Permit)
        .where(
            Permit.partner_id == partner_id,
            Permit.direction == direction,
            col(Permit.hs_code).in_(list(hs_codes)),
            col(Permit.approved_by).is_not(None),
            col(Permit.valid_from) <= work.today,
            or_(col(Permit.valid_to).is_(None), col(Permit.valid_to) >= work.today),
        )
        .order_by(col(Permit.number))
    ).all()


def _named(session: Session, line_ids: Iterable[UUID]) -> Mapping[UUID, list[UUID]]:
    """The permits of ours that each line names; lines that name none are left out."""
    found: dict[UUID, list[UUID]] = {}
    rows = session.exec(
        select(DeclarationPermit.line_id, DeclarationPermit.permit_id).where(
            col(DeclarationPermit.line_id).in_(list(line_ids)),
            col(DeclarationPermit.permit_id).is_not(None),
        )
    )
    for line_id, permit_id in rows:
        assert permit_id is not None, "the others were left out"
        found.setdefault(line_id, []).append(permit_id)
    return found


def _locked(work: Work, permit_id: UUID) -> Permit:
    permit = db.lock(work.session, Permit, [permit_id], missing=PermitNotFound)[permit_id]
    if permit.withdrawn_at is not None:
        raise PermitNotFound
    return permit


def _found(session: Session, authority_id: str, number: str) -> Permit | None:
    return session.exec(
        select(Permit).where(
            Permit.authority_id == authority_id,
            Permit.number == number,
            col(Permit.withdrawn_at).is_(None),
        )
    ).first()


def _record_draw(
    work: Work, permit_id: UUID, line_id: UUID, kind: PermitDrawKind, quantity: Decimal
) -> None:
    work.session.add(
        PermitDraw(
            permit_id=permit_id,
            declaration_line_id=line_id,
            kind=kind,
            quantity=quantity,
            at=work.at,
        )
    )
