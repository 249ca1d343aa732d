"""Pages of postal group 2: what the post collects at the door, and what went back unpaid."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.customs.money import collecting
from warehouse.customs.money.collecting import Assessed
from warehouse.customs.vocabulary import CollectionState
from warehouse.operations import wall

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/collections",
        N_("Collection orders"),
        N_("Postal parcels whose duty and tax the post collects at the door"),
        Permission.READ_DECLARATIONS,
    ),
)

STATE_NAMES: Final = {
    CollectionState.ISSUED: N_("To be paid"),
    CollectionState.DISPUTED: N_("Disputed"),
    CollectionState.PAID: N_("Paid"),
    CollectionState.RETURNED: N_("Returned to the sender"),
}

_PAGE: Final = 100

Text = Annotated[str, Form(max_length=500)]
Short = Annotated[str, Form(max_length=40)]


class ParcelForm(BaseModel):
    """A parcel as the assessor writes it down; values in baht."""

    parcel_number: str = Field(min_length=1, max_length=35)
    recipient_name: str = Field(min_length=1, max_length=120)
    recipient_address: str = Field(min_length=1, max_length=300)
    sender_name: str = Field(min_length=1, max_length=120)
    sender_country: str = Field(pattern="^[A-Z]{2}$")
    description: str = Field(min_length=1, max_length=512)
    hs_code: str = Field(pattern="^[0-9]{8}$")
    statistical_code: str = Field(pattern="^[0-9]{3}$")
    origin_country: str = Field(pattern="^[A-Z]{2}$")
    quantity: Decimal = Field(gt=0, max_digits=18, decimal_places=3)
    weight_kg: Decimal = Field(gt=0, max_digits=18, decimal_places=3)
    fob_baht: Decimal = Field(gt=0, max_digits=16, decimal_places=2)
    value_baht: Decimal = Field(gt=0, max_digits=16, decimal_places=2)
    import_date: date


@router.get("/collections", dependencies=[requires(Permission.READ_DECLARATIONS)])
def collection_list(
    request: Request, work: WorkDep, month: Annotated[date | None, Query()] = None
) -> Response:
    """The orders here, what is open first; and the returns of a month, for its report."""
    premises_id = wall.here(work)
    month = month or work.today
    return pages.page(
        request,
        "operations/collections.html",
        permissions=request.state.permissions,
        orders=collecting.of_premises(work.session, premises_id, most=_PAGE),
        returned=collecting.returned_in(work.session, premises_id, month),
        month=month,
        today=work.today,
        state_names=STATE_NAMES,
    )


@router.post("/collections", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def issue(work: WorkDep, parcel: Annotated[ParcelForm, Form()]) -> Response:
    """Assess a parcel, and write its order."""
    collecting.issue(work, Assessed(premises_id=wall.here(work), **parcel.model_dump()))
    return RedirectResponse("/collections", status_code=303)


@router.post("/collections/{number}/payment", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def pay(number: str, work: WorkDep, receipt: Short = "") -> Response:
    """The recipient paid."""
    collecting.pay(work, number, receipt)
    return RedirectResponse("/collections", status_code=303)


@router.post("/collections/{number}/dispute", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def dispute(number: str, work: WorkDep, reason: Text = "") -> Response:
    """The recipient disputes the assessment."""
    collecting.dispute(work, number, reason.strip())
    return RedirectResponse("/collections", status_code=303)


@router.post("/collections/{number}/answer", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def uphold(number: str, work: WorkDep) -> Response:
    """Customs keeps the assessment."""
    collecting.uphold(work, number)
    return RedirectResponse("/collections", status_code=303)


@router.post("/collections/{number}/return", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def give_back(number: str, work: WorkDep) -> Response:
    """The parcel goes back."""
    collecting.give_back(work, number)
    return RedirectResponse("/collections", status_code=303)
