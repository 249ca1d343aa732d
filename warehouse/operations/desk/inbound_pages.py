"""Pages of what comes in: consignments, how far each is received, and the end of its receipt."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.vocabulary import STATE_NAMES, CustomsEvent, DocumentType
from warehouse.inventory import inbound
from warehouse.inventory.vocabulary import DISCREPANCY_NAMES, DISCREPANCY_STATE_NAMES
from warehouse.masterdata import queries as masterdata
from warehouse.operations import wall
from warehouse.operations.bond import differences
from warehouse.operations.clearance import refiling
from warehouse.operations.desk import arrivals, chronicle
from warehouse.operations.floor import closing
from warehouse.shipments import arrivals as receipts
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import CONSIGNMENT_NAMES, ConsignmentState

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/consignments",
        N_("Consignments"),
        N_("What partners announced, what came, and what customs says of it"),
        Permission.READ_STOCK,
    ),
)

_PAGE: Final = 50


@router.get("/consignments", dependencies=[requires(Permission.READ_STOCK)])
def consignments(
    request: Request, work: WorkDep, before: Annotated[str | None, Query(max_length=40)] = None
) -> Response:
    """The newest consignments, with what came of each and its declaration."""
    found = arrivals.newest(work, before=before, limit=_PAGE)
    return pages.page(
        request,
        "operations/consignments.html",
        arrivals=found,
        first=before is None,
        next=found[-1].consignment.number if len(found) == _PAGE else None,
        state_names=CONSIGNMENT_NAMES,
        declaration_names=STATE_NAMES,
    )


@router.get("/consignments/{number}", dependencies=[requires(Permission.READ_STOCK)])
def consignment(
    number: str, request: Request, work: WorkDep, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """One consignment: how it came, its declaration, its differences, where each line stands."""
    found = wall.consignment(work, number)
    goods = arrivals.goods(work.session, found.id, after=after, limit=_PAGE)
    parcels, received = inbound.progress(work, found.id)
    closed = found.state in receipts.CLOSED
    return pages.page(
        request,
        "operations/consignment.html",
        permissions=request.state.permissions,
        consignment=found,
        partner=masterdata.partner_by_id(work.session, found.partner_id),
        arrival=receipts.arrival_of(work.session, found.id),
        parcels=parcels,
        received=received,
        closable=not closed and found.state is not ConsignmentState.ANNOUNCED,
        cases=_cases(work, found),
        declaration=customs.declaration_of_consignment(work.session, found.id),
        refusal=chronicle.last(work.session, found.id, CustomsEvent.DRAFT_REFUSED),
        goods=goods,
        after=after,
        next=goods[-1].line.line_number if len(goods) == _PAGE else None,
        history=chronicle.story(work.session, found.id),
        state_names=CONSIGNMENT_NAMES,
        declaration_names=STATE_NAMES,
        kind_names=DISCREPANCY_NAMES,
        case_state_names=DISCREPANCY_STATE_NAMES,
    )


@router.post(
    "/consignments/{number}/receipt", dependencies=[requires(Permission.REPORT_DISCREPANCIES)]
)
def close_receipt(
    number: str, work: WorkDep, missing: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Close the receipt; *missing* says that what has not come is not waited for any longer."""
    found = wall.own_consignment(work, number)
    closing.close(work, found.premises_id, found.id, confirmed=missing == "given-up")
    return RedirectResponse(f"/consignments/{number}", status_code=303)


@router.post(
    "/consignments/{number}/declaration", dependencies=[requires(Permission.FILE_DECLARATIONS)]
)
def declare_consignment(number: str, work: WorkDep) -> Response:
    """Try again to draft the declaration of a consignment."""
    found = wall.own_consignment(work, number)
    refiling.try_again(work, DocumentType.IMPORT, found.id)
    return RedirectResponse(f"/consignments/{number}", status_code=303)


def _cases(work: Work, consignment: Consignment) -> list[differences.Listed]:
    """The differences of a consignment: open ones due first, then those that ended."""
    return [
        each
        for closed in (False, True)
        for each in differences.listed(
            work, consignment.premises_id, closed=closed, consignment_id=consignment.id
        )
    ]
