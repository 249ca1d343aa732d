"""Pages of counting: what is planned, how accurate each zone is, and how each case ends."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import STATE_NAMES
from warehouse.inventory import counting as counts
from warehouse.inventory import inbound
from warehouse.inventory.models import Count, CountRule, Location
from warehouse.inventory.vocabulary import (
    CAUSE_NAMES,
    DISCREPANCY_NAMES,
    OUTCOME_NAMES,
    Cause,
    CountReason,
    CountState,
    DiscrepancyKind,
    MovementKind,
    Outcome,
)
from warehouse.operations import wall
from warehouse.operations.bond import count_planning, counting, disposing
from warehouse.operations.clearance import loss
from warehouse.operations.desk import dossier
from warehouse.operations.desk.dossier import Dossier

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/counts",
        N_("Counts"),
        N_("Which bins are to be counted, what was found, and how it ends"),
        Permission.READ_STOCK,
    ),
)

REASON_NAMES: Final[Mapping[CountReason, str]] = {
    CountReason.PERIOD: N_("By period"),
    CountReason.VALUE: N_("By value"),
    CountReason.ACCURACY: N_("By accuracy"),
    CountReason.ZERO: N_("Emptied by a pick"),
    CountReason.REQUESTED: N_("Asked for"),
}
COUNT_STATE_NAMES: Final[Mapping[CountState, str]] = {
    CountState.PLANNED: N_("Planned"),
    CountState.COUNTING: N_("Being counted"),
    CountState.COUNTED: N_("Differs, to be counted again"),
    CountState.INVESTIGATING: N_("Differs, a case is open"),
    CountState.CLOSED: N_("Over"),
    CountState.CANCELLED: N_("Given up"),
}
TOUCH_NAMES: Final[Mapping[str, str]] = {
    MovementKind.RECEIPT.value: N_("Received"),
    MovementKind.MOVE.value: N_("Moved"),
    MovementKind.PICK.value: N_("Picked"),
    MovementKind.ISSUE.value: N_("Went out"),
    MovementKind.REVERSAL.value: N_("Taken back"),
    MovementKind.VARIANCE.value: N_("Missed"),
    MovementKind.FOUND.value: N_("Found"),
    MovementKind.HANDLE.value: N_("Handled"),
    MovementKind.RETURN.value: N_("Returned"),
    "scan": N_("Scanned"),
}

ON_PAPER: Final = (Outcome.REMITTED, Outcome.APPROVED_BY_CUSTOMS)

Line = Annotated[str, Form(max_length=60)]


@router.get("/counts", dependencies=[requires(Permission.READ_STOCK)])
def count_list(request: Request, work: WorkDep) -> Response:
    """What is to be counted, what was, how accurate each zone is, and the rules."""
    here = wall.here(work)
    return pages.page(
        request,
        "operations/counts.html",
        permissions=request.state.permissions,
        waiting=dossier.counts(work, here, open_ones=True),
        over=dossier.counts(work, here, open_ones=False, limit=50),
        accuracy=dossier.accuracy(work, here),
        rules=work.session.exec(
            select(CountRule)
            .where(CountRule.premises_id == here)
            .order_by(col(CountRule.reason), col(CountRule.valid_from))
        ).all(),
        reasons=[reason for reason in CountReason if reason is not CountReason.REQUESTED],
        today=work.today,
        reason_names=REASON_NAMES,
        state_names=COUNT_STATE_NAMES,
    )


@router.post("/counts", dependencies=[requires(Permission.MANAGE_FLOOR)])
def request_count(work: WorkDep, location: Line) -> Response:
    """Ask that a bin be counted."""
    here = wall.here(work)
    place = inbound.place(work, here, location.strip().upper().removeprefix("LOC-"))
    counting.plan(work, here, place.id, CountReason.REQUESTED)
    return RedirectResponse("/counts", status_code=303)


@router.post("/counts/rules", dependencies=[requires(Permission.MANAGE_FLOOR)])
def add_rule(
    work: WorkDep,
    reason: Annotated[CountReason, Form()],
    days: Annotated[int, Form(ge=1, le=366)],
    least: Annotated[Decimal | None, Form(ge=0, max_digits=15, decimal_places=3)] = None,
) -> Response:
    """Let bins be counted by a rule, from today; an earlier rule of that kind ends."""
    count_planning.set_rule(work, wall.here(work), reason, days, least)
    return RedirectResponse("/counts", status_code=303)


@router.get("/counts/{number}", dependencies=[requires(Permission.READ_STOCK)])
def count_page(number: str, request: Request, work: WorkDep) -> Response:
    """One count: its rounds once they are over, its cases, what helps to find the goods."""
    count = counts.by_number(work.session, wall.here(work), number)
    cases = dossier.of_count(work, count)
    return pages.page(
        request,
        "operations/count.html",
        permissions=request.state.permissions,
        count=count,
        location=work.session.get_one(Location, count.location_id),
        lines=dossier.lines(work, count),
        cases=cases,
        declarations=_declarations(work, cases),
        today=work.today,
        short=DiscrepancyKind.COUNT_SHORT,
        on_paper=ON_PAPER,
        reason_names=REASON_NAMES,
        state_names=COUNT_STATE_NAMES,
        kind_names=DISCREPANCY_NAMES,
        cause_names=CAUSE_NAMES,
        outcome_names=OUTCOME_NAMES,
        touch_names=TOUCH_NAMES,
        declaration_names=STATE_NAMES,
    )


@router.post(
    "/counts/cases/{number}/write-off", dependencies=[requires(Permission.CLOSE_DISCREPANCIES)]
)
def write_off(
    number: str,
    work: WorkDep,
    outcome: Annotated[Outcome, Form()],
    cause: Annotated[Cause, Form()],
) -> Response:
    """Customs decided on paper: the goods are written off, and the case ends."""
    case = dossier.case_by_number(work.session, wall.here(work), number)
    loss.write_off(work, case.id, outcome=outcome, cause=cause)
    return _back(work, case.count_id)


@router.post("/losses/{number}/declaration", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def file_loss(number: str, work: WorkDep, rates_on: Annotated[date, Form()]) -> Response:
    """File the declaration of a loss, at the rates of the day that the officer set."""
    declaration = loss.file(work, disposing.own(work, number).id, rates_on)
    return RedirectResponse(f"/declarations/{declaration.reference_number}", status_code=303)


def _back(work: Work, count_id: UUID | None) -> Response:
    count = work.session.get_one(Count, count_id)
    return RedirectResponse(f"/counts/{count.number}", status_code=303)


def _declarations(work: Work, cases: Sequence[Dossier]) -> Mapping[UUID, Declaration]:
    """The declaration of each case's loss, once it is drafted."""
    found = {}
    for each in cases:
        if each.case.disposal_id is None:
            continue
        declaration = customs.declaration_of(work.session, disposal_id=each.case.disposal_id)
        if declaration is not None:
            found[each.case.id] = declaration
    return found
