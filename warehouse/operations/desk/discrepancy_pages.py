"""Pages of discrepancies: what is due first, what proves each, and how it ends."""

from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages, pictures
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.inventory import discrepancies
from warehouse.inventory.discrepancy_report import discrepancy_report
from warehouse.inventory.models import Discrepancy
from warehouse.inventory.vocabulary import (
    CAUSE_NAMES,
    DISCREPANCY_NAMES,
    DISCREPANCY_STATE_NAMES,
    OUTCOME_NAMES,
    PHOTOGRAPHED,
    Cause,
    DiscrepancyKind,
    DiscrepancyState,
    Outcome,
)
from warehouse.operations import wall
from warehouse.operations.bond import counting, differences, settling
from warehouse.operations.clearance import loss
from warehouse.operations.desk.count_pages import TOUCH_NAMES
from warehouse.operations.printing import discrepancy_forms
from warehouse.shipments.errors import ConsignmentNotFound

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/discrepancies",
        N_("Discrepancies"),
        N_("What differs from the papers, until when it is explained, and how it ends"),
        Permission.READ_STOCK,
    ),
)

Line = Annotated[str, Form(max_length=60)]
Note = Annotated[str, Form(max_length=500)]

_PAGE: Final = 50


@router.get("/discrepancies", dependencies=[requires(Permission.READ_STOCK)])
def discrepancy_list(
    request: Request,
    work: WorkDep,
    *,
    closed: Annotated[bool, Query()] = False,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """The open cases, due first; or the closed ones, the last first."""
    found = differences.listed(work, wall.here(work), closed=closed, offset=offset, limit=_PAGE)
    return pages.page(
        request,
        "operations/discrepancies.html",
        cases=found,
        closed=closed,
        offset=offset,
        next=offset + _PAGE if len(found) == _PAGE else None,
        kind_names=DISCREPANCY_NAMES,
        state_names=DISCREPANCY_STATE_NAMES,
    )


@router.get("/discrepancies/{number}", dependencies=[requires(Permission.READ_STOCK)])
def discrepancy_page(number: str, request: Request, work: WorkDep) -> Response:
    """One case: what differs, what proves it, who touched the goods, and what can be done."""
    known = differences.known_of(work, _case(work, number))
    case = known.case
    return pages.page(
        request,
        "operations/discrepancy.html",
        permissions=request.state.permissions,
        known=known,
        case=case,
        open=case.state is not DiscrepancyState.CLOSED,
        left=case.due_at - work.at,
        to_photograph=case.kind in PHOTOGRAPHED and not known.photos,
        unidentified=case.kind is DiscrepancyKind.UNANNOUNCED
        and known.lot is None
        and known.unit is not None
        and known.unit.location_id is not None,
        missing_goods=case.kind is DiscrepancyKind.SHORT
        and known.unit is not None
        and known.unit.received_at is not None,
        may_lose=case.kind in discrepancies.MISSING and case.disposal_id is None,
        kind_names=DISCREPANCY_NAMES,
        state_names=DISCREPANCY_STATE_NAMES,
        cause_names=CAUSE_NAMES,
        outcome_names=OUTCOME_NAMES,
        touch_names=TOUCH_NAMES,
    )


@router.post(
    "/discrepancies/{number}/taking-up",
    dependencies=[requires(Permission.REPORT_DISCREPANCIES)],
)
def take_up(number: str, work: WorkDep, note: Note = "") -> Response:
    """Somebody looks into it."""
    discrepancies.take_up(work, _case(work, number).id, note=note)
    return _back(number)


@router.post(
    "/discrepancies/{number}/report", dependencies=[requires(Permission.REPORT_DISCREPANCIES)]
)
def report(number: str, work: WorkDep) -> Response:
    """Tell customs of it."""
    discrepancies.report(work, _case(work, number).id)
    return _back(number)


@router.post(
    "/discrepancies/{number}/photos", dependencies=[requires(Permission.REPORT_DISCREPANCIES)]
)
def add_photo(number: str, work: WorkDep, picture: Annotated[UploadFile, File()]) -> Response:
    """Keep a photo that proves it."""
    content = picture.file.read(pictures.MOST_BYTES + 1)
    discrepancies.add_photo(work, _case(work, number).id, content)
    return _back(number)


@router.post(
    "/discrepancies/{number}/identity", dependencies=[requires(Permission.REPORT_DISCREPANCIES)]
)
def identify(number: str, work: WorkDep, partner: Line, goods: Note) -> Response:
    """Say whose an extra parcel is, and what is in it: a SKU and how many, one a line."""
    settling.identify(work, _case(work, number).id, partner.strip(), goods)
    return _back(number)


@router.post(
    "/discrepancies/{number}/finding", dependencies=[requires(Permission.CLOSE_DISCREPANCIES)]
)
def find(number: str, work: WorkDep, place: Line, cause: Annotated[Cause, Form()]) -> Response:
    """What was missing was found: book it where it stands, and end the case."""
    code = place.strip().upper().removeprefix("LOC-")
    counting.find(work, _case(work, number).id, place=code, cause=cause)
    return _back(number)


@router.post("/discrepancies/{number}/loss", dependencies=[requires(Permission.REQUEST_DISPOSALS)])
def lose(number: str, work: WorkDep) -> Response:
    """The goods are not waited for any longer: they are lost, and their duty is declared."""
    loss.give_up(work, _case(work, number).id)
    return _back(number)


@router.post(
    "/discrepancies/{number}/approval", dependencies=[requires(Permission.CLOSE_DISCREPANCIES)]
)
def approve(number: str, work: WorkDep) -> Response:
    """Agree, as the first of two, to closing a case with much duty at stake."""
    discrepancies.approve(work, _case(work, number).id)
    return _back(number)


@router.post(
    "/discrepancies/{number}/closing", dependencies=[requires(Permission.CLOSE_DISCREPANCIES)]
)
def close(
    number: str,
    work: WorkDep,
    outcome: Annotated[Outcome, Form()],
    cause: Annotated[Cause, Form()],
    authority: Line = "",
    officer: Line = "",
    note: Note = "",
) -> Response:
    """End the case."""
    settling.close(
        work,
        _case(work, number).id,
        outcome=outcome,
        cause=cause,
        note=note.strip(),
        authority=authority.strip(),
        officer=officer.strip(),
    )
    return _back(number)


@router.get(
    "/papers/discrepancy-report/{number}.pdf", dependencies=[requires(Permission.READ_STOCK)]
)
def paper(number: str, work: WorkDep) -> Response:
    """The report of the case, or of all cases of the consignment, *number*, as it stands now."""
    if number.startswith("CON-"):
        cases = differences.of_consignment(work, wall.consignment(work, number).id)
    else:
        cases = [_case(work, number)]
    if not cases:
        raise ConsignmentNotFound(number=number)
    content = discrepancy_report(discrepancy_forms.report_of(work, number, cases))
    name = f'inline; filename="discrepancy-report-{number}.pdf"'
    return Response(content, media_type="application/pdf", headers={"content-disposition": name})


def _case(work: Work, number: str) -> Discrepancy:
    return differences.by_number(work, wall.here(work), number)


def _back(number: str) -> Response:
    return RedirectResponse(f"/discrepancies/{number}", status_code=303)
