"""The desk's page of permits: what agencies allow, what is left of it, and what nobody knows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints
from sqlmodel import Session, col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.numbers import Number
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs.changing import approving
from warehouse.customs.checking import permits, validating
from warehouse.customs.checking.findings import UNKNOWN_RESTRICTION
from warehouse.customs.checking.permits import NOT_DRAWN, PermitDraft
from warehouse.customs.models import Declaration, DeclarationLine, Permit
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Partner
from warehouse.masterdata.queries import EVERY
from warehouse.masterdata.vocabulary import CodeList, TradeDirection
from warehouse.operations import wall

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/permits",
        N_("Permits"),
        N_("What agencies allow to come in and go out, and what is left of it"),
        Permission.READ_DECLARATIONS,
    ),
)

DIRECTION_NAMES: Final = {
    TradeDirection.IMPORT: N_("Coming in"),
    TradeDirection.EXPORT: N_("Going out"),
}

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=35), Form()]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300), Form()
]
HsCode = Annotated[str, StringConstraints(pattern="^[0-9]{8}$"), Form()]
StatisticalCode = Annotated[str, StringConstraints(pattern="^[0-9]{3}$"), Form()]
Quantity = Annotated[Decimal | None, Form(gt=0, max_digits=14, decimal_places=3)]


@router.get("/permits", dependencies=[requires(Permission.READ_DECLARATIONS)])
def permits_page(request: Request, work: WorkDep) -> Response:
    """Permits that wait for approval, then the newest; and goods nobody knows about."""
    return pages.page(
        request,
        "operations/permits.html",
        rows=permits.newest(work.session),
        unknown=_unknown(work),
        left=permits.left,
        in_date=permits.in_date,
        today=work.today,
        partners=work.session.exec(select(Partner).order_by(col(Partner.code))).all(),
        agencies=masterdata.codes(work.session, CodeList.AUTHORITY, work.today),
        direction_names=DIRECTION_NAMES,
        permissions=request.state.permissions,
        me=work.actor.name,
    )


@router.post("/permits", dependencies=[requires(Permission.MANAGE_PERMITS)])
def record(
    work: WorkDep,
    partner: Line,
    number: Line,
    agency: Line,
    direction: Annotated[TradeDirection, Form()],
    hs_code: HsCode,
    issued: Annotated[date, Form()],
    valid_from: Annotated[date, Form()],
    unit: Line,
    statistical_code: StatisticalCode = EVERY,
    valid_to: Annotated[date | None, Form()] = None,
    quantity: Quantity = None,
) -> Response:
    """Write a permit down as the agency issued it; without a quantity it has no limit."""
    permits.record(
        work,
        PermitDraft(
            partner_id=masterdata.partner_by_code(work.session, partner).id,
            number=number,
            authority_id=agency,
            direction=direction,
            hs_code=hs_code,
            statistical_code=statistical_code,
            issue_date=issued,
            valid_from=valid_from,
            valid_to=valid_to,
            quantity=quantity,
            unit=unit,
        ),
    )
    return _back()


@router.post("/permits/{permit_id}/approval", dependencies=[requires(Permission.MANAGE_PERMITS)])
def approve(permit_id: UUID, work: WorkDep) -> Response:
    """Confirm a permit that somebody else recorded; what waited for it is looked at again."""
    _look_again(work, permits.approve(work, permit_id))
    return _back()


@router.post("/permits/{permit_id}/withdrawal", dependencies=[requires(Permission.MANAGE_PERMITS)])
def withdraw(permit_id: UUID, work: WorkDep) -> Response:
    """Take back a permit that was recorded wrongly; what names it is looked at again."""
    _look_again(work, permits.withdraw(work, permit_id))
    return _back()


@router.post(
    "/declarations/{number}/clearances", dependencies=[requires(Permission.MANAGE_PERMITS)]
)
def clear(
    number: Number,
    work: WorkDep,
    hs_code: HsCode,
    statistical_code: StatisticalCode,
    reason: Reason,
) -> Response:
    """Confirm that goods unknown to the restriction table need no permit, and who said so."""
    found = wall.own_declaration(work, number)
    commands.lock(work, found.id)
    permits.clear(work, found, (hs_code, statistical_code), reason)
    work.session.flush()
    validating.validate(work, found)
    approving.file_or_wait(work, found)
    return _back()


def _look_again(work: Work, permit: Permit) -> None:
    for declaration in _waiting(work):
        if declaration.partner_id == permit.partner_id:
            approving.file_or_wait(work, declaration)


def _waiting(work: Work) -> Sequence[Declaration]:
    return work.session.exec(
        select(Declaration)
        .where(Declaration.premises_id == wall.here(work), col(Declaration.state).in_(NOT_DRAWN))
        .order_by(col(Declaration.drafted_at))
    ).all()


def _unknown(work: Work) -> Sequence[tuple[Declaration, DeclarationLine]]:
    """The lines whose need of a permit nobody knows, one of each commodity of a declaration."""
    found = []
    for declaration in _waiting(work):
        numbers = [
            int(each["line"])
            for each in declaration.findings
            if each["rule"] == UNKNOWN_RESTRICTION and each["line"]
        ]
        lines = _lines(work.session, declaration, numbers)
        found += [(declaration, line) for line in lines.values()]
    return found


def _lines(
    session: Session, declaration: Declaration, numbers: Sequence[int]
) -> dict[tuple[str, str], DeclarationLine]:
    rows = session.exec(
        select(DeclarationLine)
        .where(
            DeclarationLine.declaration_id == declaration.id,
            col(DeclarationLine.line_number).in_(numbers),
        )
        .order_by(col(DeclarationLine.line_number).desc())
    )
    return {(row.hs_code, row.statistical_code): row for row in rows}


def _back() -> Response:
    return RedirectResponse("/permits", status_code=303)
