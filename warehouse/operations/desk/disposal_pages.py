"""The desk's pages of other ways out of bond, and of parcels that came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, col, or_, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.models import Person
from warehouse.access.vocabulary import Permission
from warehouse.core import clock, pages
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.clearing import authorising
from warehouse.customs.models import Release
from warehouse.customs.vocabulary import STATE_NAMES
from warehouse.inventory import disposals
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.errors import DisposalNotFound, ParcelNotFound
from warehouse.inventory.models import Balance, Disposal, HandlingUnit, Lot
from warehouse.inventory.vocabulary import (
    CAUSE_NAMES,
    DISPOSAL_NAMES,
    DISPOSAL_STATE_NAMES,
    Cause,
    DisposalKind,
)
from warehouse.masterdata.models import Partner, Premises, Product
from warehouse.operations import wall
from warehouse.operations.bond import disposing
from warehouse.operations.clearance import disposal as clearance
from warehouse.operations.desk import chronicle
from warehouse.shipments.models import Shipment, ShipmentReturn
from warehouse.shipments.vocabulary import RETURN_CHOICE_NAMES

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/disposals",
        N_("Other ways out"),
        N_("Re-export, transfer, destruction and the like: from the request to the certificate"),
        Permission.READ_STOCK,
    ),
    Door(
        "/returns",
        N_("Returns"),
        N_("What came back, and what its owner wants done with it"),
        Permission.READ_STOCK,
    ),
)

ASKED_FOR: Final = tuple(kind for kind in DisposalKind if kind is not DisposalKind.LOSS)
"""What can be asked for here; a loss begins as a difference."""

_PAGE: Final = 100

Line = Annotated[str, Form(max_length=300)]
Goods = Annotated[str, Form(max_length=4000)]


@dataclass(frozen=True, slots=True)
class Going:
    """So much of a lot that goes that way, and where its goods are."""

    parcel: str
    lot: Lot
    product: Product
    quantity: Decimal
    gone: Decimal
    arrived: Decimal


@dataclass(frozen=True, slots=True)
class Decision:
    """What customs decided, and who recorded and approved it here."""

    release: Release
    officer: str


@router.get("/disposals", dependencies=[requires(Permission.READ_STOCK)])
def disposals_page(request: Request, work: WorkDep) -> Response:
    """What is asked for, permitted, under way and done; the newest first."""
    rows = work.session.exec(
        select(Disposal, Partner.code)
        .join(Partner, col(Partner.id) == col(Disposal.partner_id))
        .where(wall.seen(work, col(Disposal.premises_id), col(Disposal.to_premises_id)))
        .order_by(col(Disposal.requested_at).desc())
        .limit(_PAGE)
    ).all()
    return pages.page(
        request,
        "operations/disposals.html",
        rows=rows,
        permissions=request.state.permissions,
        kind_names=DISPOSAL_NAMES,
        state_names=DISPOSAL_STATE_NAMES,
    )


@router.get("/disposals/new", dependencies=[requires(Permission.REQUEST_DISPOSALS)])
def new(request: Request, work: WorkDep, goods: str = "") -> Response:
    """Where another way out is asked for."""
    return _form(request, work, {"goods": goods})


@router.post("/disposals", dependencies=[requires(Permission.REQUEST_DISPOSALS)])
def request_disposal(
    request: Request,
    work: WorkDep,
    kind: Annotated[DisposalKind, Form()],
    goods: Goods,
    reason: Line,
    to: Line = "",
    destination: Line = "",
    country: Annotated[str, Form(max_length=2)] = "",
    cause: Annotated[Cause | Literal[""], Form()] = "",
) -> Response:
    """Ask for it; what is wrong is said above the form, which keeps what was typed."""
    given = {
        "kind": kind.value,
        "goods": goods,
        "reason": reason,
        "to": to,
        "destination": destination,
        "country": country,
        "cause": cause,
    }
    try:
        with work.session.begin_nested():
            there = _premises(work.session, to) if kind is DisposalKind.TRANSFER else None
            disposal = disposing.request(
                work,
                DisposalDraft(
                    kind=kind,
                    premises_id=wall.here(work),
                    reason=reason.strip(),
                    goods=_wanted(work, goods),
                    to_premises_id=there.id if there else None,
                    destination=destination.strip(),
                    country=country.strip().upper(),
                    cause=cause or None,
                ),
            )
    except WarehouseError as refusal:
        text = refusal.text(pages.language_of(request))
        return _form(request, work, given, text=text, status=refusal.status)
    return RedirectResponse(f"/disposals/{disposal.number}", status_code=303)


@router.get("/disposals/{number}", dependencies=[requires(Permission.READ_STOCK)])
def disposal_page(number: str, request: Request, work: WorkDep) -> Response:
    """One of them: its goods, the decision of customs, what happened, its paper."""
    disposal = disposals.by_number(work.session, number)
    if not wall.sees(work, disposal.premises_id, disposal.to_premises_id):
        raise DisposalNotFound(what="Disposal", key=number)
    return pages.page(
        request,
        "operations/disposal.html",
        disposal=disposal,
        lines=_lines(work.session, disposal.id),
        decision=_decision(work.session, disposal.id),
        declaration=customs.declaration_of(work.session, disposal_id=disposal.id),
        refused=customs.refused_draft(work.session, disposal.id),
        by_declaration=clearance.by_declaration(work.session, disposal),
        premises=work.session.get(Premises, disposal.to_premises_id or disposal.premises_id),
        witness=_name(work.session, disposal.witness_id),
        history=chronicle.story(work.session, disposal.id),
        papers=chronicle.papers(work.session, [disposal.id]),
        paper_names=chronicle.PAPER_NAMES,
        permissions=request.state.permissions,
        kind_names=DISPOSAL_NAMES,
        state_names=DISPOSAL_STATE_NAMES,
        declaration_names=STATE_NAMES,
        cause_names=CAUSE_NAMES,
        me=work.actor.name,
    )


@router.post("/disposals/{number}/permit", dependencies=[requires(Permission.AUTHORISE_DISPOSALS)])
def record_permit(
    number: str, work: WorkDep, authority: Line, officer: Line, days: Annotated[int, Form(ge=1)]
) -> Response:
    """Record the paper of customs; it holds to the end of the day that many days from now."""
    last = work.today + timedelta(days=days)
    ends = datetime.combine(last, time(23, 59, 59), clock.BANGKOK).astimezone(UTC)
    disposing.record_permit(
        work, number, authority=authority.strip(), officer=officer.strip(), valid_until=ends
    )
    return _back(number)


@router.post(
    "/disposals/{number}/declaration", dependencies=[requires(Permission.FILE_DECLARATIONS)]
)
def declare(number: str, work: WorkDep, country: Annotated[str, Form(max_length=2)]) -> Response:
    """Try again to declare what was refused, to *country*, if that was the matter."""
    disposal = disposals.lock(work, disposing.own(work, number).id)
    disposal.country = country.strip().upper()
    work.defer("declare-disposal", subject=str(disposal.id))
    return _back(number)


@router.post(
    "/disposals/{number}/approval", dependencies=[requires(Permission.AUTHORISE_DISPOSALS)]
)
def approve(number: str, work: WorkDep) -> Response:
    """Confirm the paper that another person recorded."""
    disposing.approve(work, number)
    return _back(number)


@router.post(
    "/disposals/{number}/certificate", dependencies=[requires(Permission.AUTHORISE_DISPOSALS)]
)
def certify(number: str, work: WorkDep, witness: Line = "") -> Response:
    """The officer has watched: the goods are destroyed, and the certificate is printed."""
    disposing.certify(work, number, witness=witness.strip())
    return _back(number)


@router.post(
    "/disposals/{number}/cancellation", dependencies=[requires(Permission.REQUEST_DISPOSALS)]
)
def cancel(number: str, work: WorkDep) -> Response:
    """Give it up: the goods are free again."""
    disposing.cancel(work, number)
    return _back(number)


@router.get("/returns", dependencies=[requires(Permission.READ_STOCK)])
def returns_page(request: Request, work: WorkDep) -> Response:
    """What came back: those whose owner has not chosen first."""
    rows = work.session.exec(
        select(ShipmentReturn, Shipment, Partner.code)
        .join(Shipment, col(Shipment.id) == col(ShipmentReturn.shipment_id))
        .join(Partner, col(Partner.id) == col(ShipmentReturn.partner_id))
        .where(wall.seen(work, col(ShipmentReturn.premises_id)))
        .order_by(col(ShipmentReturn.chosen_at).desc().nulls_first(), col(ShipmentReturn.due_at))
        .limit(_PAGE)
    ).all()
    return pages.page(
        request, "operations/returns.html", rows=rows, choice_names=RETURN_CHOICE_NAMES
    )


def _form(
    request: Request, work: Work, given: dict[str, str], *, text: str = "", status: int = 200
) -> Response:
    others = work.session.exec(
        select(Premises)
        .where(Premises.id != work.actor.premises_id, ~col(Premises.training))
        .order_by(col(Premises.code))
    ).all()
    return pages.page(
        request,
        "operations/disposal-form.html",
        status=status,
        text=text,
        given=given,
        kinds=ASKED_FOR,
        kind_names=DISPOSAL_NAMES,
        cause_names=CAUSE_NAMES,
        others=others,
    )


def _wanted(work: Work, goods: str) -> list[Wanted]:
    """The lots that the lines of *goods* name: a parcel or a lot, and maybe how much of it."""
    wanted: dict[UUID, Decimal] = {}
    for line in filter(None, (line.split() for line in goods.splitlines())):
        amount = Decimal(line[1]) if len(line) > 1 and line[1].isdecimal() else None
        found = _standing(work, line[0])
        if not found:
            raise ParcelNotFound(parcel=line[0])
        for lot_id, free in found:
            wanted[lot_id] = amount if amount is not None else free
    if not wanted:
        raise ParcelNotFound(parcel="-")
    return [Wanted(*each) for each in wanted.items()]


def _standing(work: Work, number: str) -> Sequence[tuple[UUID, Decimal]]:
    """The lots called *number*, or in a parcel of that number, and what stands of each."""
    found = work.session.exec(
        select(Balance)
        .join(Lot, col(Lot.id) == col(Balance.lot_id))
        .join(HandlingUnit, col(HandlingUnit.id) == col(Lot.handling_unit_id))
        .where(
            Lot.premises_id == work.actor.premises_id,
            Balance.quantity > 0,
            or_(Lot.number == number, HandlingUnit.number == number),
        )
    )
    sums: dict[UUID, Decimal] = {}
    for balance in found:
        sums[balance.lot_id] = sums.get(balance.lot_id, Decimal(0)) + balance.quantity
    return list(sums.items())


def _lines(session: Session, disposal_id: UUID) -> list[Going]:
    found = []
    for line in disposals.lines(session, disposal_id):
        lot = session.get_one(Lot, line.lot_id)
        product = session.get_one(Product, lot.product_id)
        parcel = session.get_one(HandlingUnit, lot.handling_unit_id).number
        found.append(Going(parcel, lot, product, line.quantity, line.gone, line.arrived))
    return found


def _decision(session: Session, disposal_id: UUID) -> Decision | None:
    release = authorising.of_disposal(session, disposal_id)
    return Decision(release, _name(session, release.officer_id)) if release else None


def _name(session: Session, person_id: UUID | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name_th if person else ""


def _premises(session: Session, code: str) -> Premises | None:
    return session.exec(select(Premises).where(Premises.code == code)).first()


def _back(number: str) -> Response:
    return RedirectResponse(f"/disposals/{number}", status_code=303)
