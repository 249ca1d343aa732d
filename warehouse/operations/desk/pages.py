"""The desk's pages of goods: consignments that come, shipments that leave, stock that stands."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.customs import queries as customs
from warehouse.customs.vocabulary import STATE_NAMES, CustomsEvent, DocumentType
from warehouse.inventory.vocabulary import ReservationState
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.reasons import REASON_NAMES, Reason
from warehouse.operations import wall
from warehouse.operations.clearance import refiling
from warehouse.operations.desk import chronicle, departures, holdings
from warehouse.shipments import queries as shipments
from warehouse.shipments.vocabulary import (
    CUSTODY_NAMES,
    CUSTOMS_STATUS_NAMES,
    Axis,
    Custody,
    CustomsStatus,
)

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/shipments",
        N_("Shipments"),
        N_("What leaves for buyers, and what still holds it back"),
        Permission.READ_SHIPMENTS,
    ),
    Door(
        "/stock",
        N_("Stock"),
        N_("What stands where, whose it is, and under which import line"),
        Permission.READ_STOCK,
    ),
)

RESERVATION_STATE_NAMES: Final[Mapping[ReservationState, str]] = {
    ReservationState.HELD: N_("Reserved"),
    ReservationState.PICKED: N_("Picked"),
    ReservationState.ISSUED: N_("Gone out"),
}

Number = Annotated[str | None, Query(max_length=40)]
Wanted = Annotated[str, Query(max_length=40)]

_PAGE: Final = 50


@router.get("/shipments", dependencies=[requires(Permission.READ_SHIPMENTS)])
def shipment_list(
    request: Request, work: WorkDep, number: Wanted = "", before: Number = None
) -> Response:
    """The newest shipments, or those that carry *number* on their papers."""
    found = departures.newest(work, number=number.strip() or None, before=before, limit=_PAGE)
    return pages.page(
        request,
        "operations/shipments.html",
        departures=found,
        number=number,
        first=before is None,
        next=found[-1].shipment.number if len(found) == _PAGE else None,
        custody_names=CUSTODY_NAMES,
        customs_names=CUSTOMS_STATUS_NAMES,
    )


@router.get("/shipments/{number}", dependencies=[requires(Permission.READ_SHIPMENTS)])
def shipment(number: str, request: Request, work: WorkDep) -> Response:
    """One shipment: both of its statuses, its goods, its papers, its history."""
    found = wall.shipment(work, number)
    order = shipments.order_by_id(work.session, found.order_id)
    release = customs.release_of_order(work.session, order.id)
    return pages.page(
        request,
        "operations/shipment.html",
        permissions=request.state.permissions,
        shipment=found,
        order=order,
        partner=masterdata.partner_by_id(work.session, found.partner_id),
        goods=departures.promised(work.session, order.id),
        declaration=customs.declaration_of_order(work.session, order.id),
        refusal=chronicle.last(work.session, order.id, CustomsEvent.DRAFT_REFUSED),
        release=release,
        papers=chronicle.papers(work.session, [found.id, *([release.id] if release else [])]),
        paper_names=chronicle.PAPER_NAMES,
        history=[
            (_STATUS_NAMES[each.axis][each.status], each)
            for each in shipments.history(work.session, found.id)
        ],
        custody_names=CUSTODY_NAMES,
        customs_names=CUSTOMS_STATUS_NAMES,
        reason_names=REASON_NAMES,
        declaration_names=STATE_NAMES,
        reservation_names=RESERVATION_STATE_NAMES,
    )


_STATUS_NAMES: Final[Mapping[Axis, Mapping[str, str]]] = {
    Axis.CUSTODY: {state.value: CUSTODY_NAMES[state] for state in Custody},
    Axis.CUSTOMS: {state.value: CUSTOMS_STATUS_NAMES[state] for state in CustomsStatus},
    Axis.HOLD: {
        **{reason.value: REASON_NAMES[reason] for reason in Reason},
        "lifted": N_("The hold was lifted"),
    },
}


@router.post(
    "/shipments/{number}/declaration", dependencies=[requires(Permission.FILE_DECLARATIONS)]
)
def declare_shipment(number: str, work: WorkDep) -> Response:
    """Try again to draft the declaration that releases a shipment."""
    found = wall.own_shipment(work, number)
    refiling.try_again(work, DocumentType.HOME_USE, found.order_id)
    return RedirectResponse(f"/shipments/{number}", status_code=303)


@router.get("/stock", dependencies=[requires(Permission.READ_STOCK)])
def stock(request: Request, work: WorkDep, wanted: Wanted = "", after: Number = None) -> Response:
    """What stands here, by place and lot; *after* is ``place~lot`` of the last row above."""
    place, _, lot = (after or "").partition("~")
    found = holdings.find(work, wanted, after=(place, lot) if after else None, limit=_PAGE)
    last = found[-1] if len(found) == _PAGE else None
    return pages.page(
        request,
        "operations/stock.html",
        permissions=request.state.permissions,
        holdings=found,
        wanted=wanted,
        first=after is None,
        next=last and f"{last.location.code}~{last.lot.number}",
    )
