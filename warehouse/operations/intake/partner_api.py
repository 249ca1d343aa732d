"""What partners send: consignments, by request or by file, and orders.

Each of these asks for an Idempotency-Key: the same request again gets the first answer again.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile
from pydantic import BaseModel

from warehouse.access.http import OnceDep, WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core.http import problems
from warehouse.core.numbers import Number
from warehouse.core.work import Work
from warehouse.inventory.errors import InsufficientStock, ParcelNotByName, StockHeld
from warehouse.masterdata.errors import PremisesNotFound, ProductNotFound
from warehouse.operations.intake import announcing, cancelling, findings, imports, ordering
from warehouse.operations.intake.announcing import Announcement
from warehouse.operations.intake.cancelling import NotCancellable
from warehouse.operations.intake.findings import Unacceptable, UnacceptableFile
from warehouse.operations.intake.ordering import OrderRequest, ParcelUnscannable
from warehouse.shipments import queries as shipments
from warehouse.shipments.errors import (
    OrderNotFound,
    ParcelNumberInUse,
    ParcelNumbersExhausted,
    ReferenceInUse,
)
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import ConsignmentState, Custody, CustomsStatus

router = APIRouter(prefix="/api/v1", tags=["partners"])


class Told(BaseModel):
    """Something worth a second look: where it stands, and why."""

    pointer: str
    value: str
    code: str
    message: str


class ConsignmentRead(BaseModel):
    """A consignment as it was entered, and what is worth a second look."""

    number: str
    external_ref: str
    state: ConsignmentState
    parcels: int
    warnings: list[Told]


class CellTold(BaseModel):
    """Something worth a second look in a file.  *row* 1 has the titles."""

    row: int
    column: str
    value: str
    code: str
    message: str


class ImportRead(BaseModel):
    """The consignment that a file became.  *again*: the same bytes were taken in before."""

    number: str
    external_ref: str
    state: ConsignmentState
    parcels: int
    again: bool
    warnings: list[CellTold]


class OrderPlaced(BaseModel):
    """An order as it was entered, and the parcel that will leave for it."""

    number: str
    external_ref: str
    shipment: str
    parcel_number: str
    custody: Custody
    customs: CustomsStatus


class OrderCancelled(BaseModel):
    """An order that is not wanted any more, and how its shipment stands."""

    number: str
    external_ref: str
    shipment: str
    custody: Custody
    customs: CustomsStatus


class CancellationSent(BaseModel):
    """What makes two cancellations the same."""

    order: str


class FileSent(BaseModel):
    """What makes two requests with a file the same."""

    sha256: str
    beside: Mapping[str, str]


def _created(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    return {201: {"model": model}}


Sent = Annotated[UploadFile, File(description="CSV (UTF-8 or Windows-874) or XLSX, at most 10 MB")]
Said = Annotated[str, Form(max_length=200, description="said here, or in a column of the file")]


def said_beside(
    external_ref: Said = "",
    premises: Said = "",
    arrival_date: Said = "",
    house_bill: Said = "",
    consignor_name: Said = "",
    consignment_country: Said = "",
    invoice_number: Said = "",
    invoice_date: Said = "",
    currency: Said = "",
    trade_terms: Said = "",
    gross_weight_kg: Said = "",
    vehicle: Said = "",
    seals: Said = "",
    despatch: Said = "",
) -> Mapping[str, str]:
    """What is said of a consignment beside its file."""
    return {name: value for name, value in locals().items() if value}


@router.post(
    "/consignments",
    status_code=201,
    dependencies=[requires(Permission.ANNOUNCE)],
    responses={
        **_created(ConsignmentRead),
        **problems(Unacceptable, PremisesNotFound, ReferenceInUse),
    },
)
def announce(announcement: Announcement, work: WorkDep, once: OnceDep) -> Response:
    """Announce goods that will come into bond: all lines, or none."""

    def enter() -> tuple[int, ConsignmentRead]:
        announced = announcing.announce(work, _asking(work), announcement)
        told = findings.told(announced.warnings, work.actor.language)
        return 201, ConsignmentRead(
            **_of(announced.consignment), warnings=[Told(**each) for each in told]
        )

    return once(announcement, enter)


@router.post(
    "/consignments:import",
    status_code=201,
    dependencies=[requires(Permission.ANNOUNCE)],
    responses={
        **_created(ImportRead),
        200: {"model": ImportRead, "description": "These bytes were taken in before."},
        **problems(UnacceptableFile, ReferenceInUse),
    },
)
def import_file(
    file: Sent,
    beside: Annotated[Mapping[str, str], Depends(said_beside)],
    work: WorkDep,
    once: OnceDep,
) -> Response:
    """Announce goods by a file (docs/partner-api.md): all rows, or none."""
    content = file.file.read()

    def enter() -> tuple[int, ImportRead]:
        name = file.filename or ""
        taken = imports.take_in_for(work, _asking(work), name, content, _nobody, beside)
        if taken.consignment_id is None:
            raise UnacceptableFile(taken.problems, work.actor.language)
        consignment = shipments.consignment_by_id(work.session, taken.consignment_id)
        warnings = [
            CellTold.model_validate(each.told(work.actor.language)) for each in taken.warnings
        ]
        read = ImportRead(**_of(consignment), again=taken.again, warnings=warnings)
        return 200 if taken.again else 201, read

    return once(FileSent(sha256=hashlib.sha256(content).hexdigest(), beside=beside), enter)


@router.post(
    "/orders",
    status_code=201,
    dependencies=[requires(Permission.ORDER)],
    responses={
        **_created(OrderPlaced),
        **problems(
            Unacceptable, ParcelUnscannable, ParcelNumbersExhausted,
            PremisesNotFound, ProductNotFound,
            ReferenceInUse, ParcelNumberInUse, InsufficientStock, StockHeld, ParcelNotByName,
        ),
    },
)  # fmt: skip
def place_order(request: OrderRequest, work: WorkDep, once: OnceDep) -> Response:
    """Order goods for a buyer: they are set aside at once, first in first out."""

    def enter() -> tuple[int, OrderPlaced]:
        placed = ordering.place_order(work, _asking(work), request)
        return 201, OrderPlaced(
            number=placed.order.number,
            external_ref=placed.order.external_ref,
            shipment=placed.shipment.number,
            parcel_number=placed.shipment.parcel_number,
            custody=placed.shipment.custody,
            customs=placed.shipment.customs,
        )

    return once(request, enter)


@router.post(
    "/orders/{number}/cancellation",
    dependencies=[requires(Permission.ORDER)],
    responses={
        200: {"model": OrderCancelled},
        **problems(OrderNotFound, NotCancellable),
    },
)
def cancel_order(number: Number, work: WorkDep, once: OnceDep) -> Response:
    """Cancel an order before it leaves: what was picked goes back into bond."""

    def cancel() -> tuple[int, OrderCancelled]:
        order = shipments.order_by_number(work.session, number, partner_id=_asking(work))
        shipment = cancelling.cancel(work, order)
        return 200, OrderCancelled(
            number=order.number,
            external_ref=order.external_ref,
            shipment=shipment.number,
            custody=shipment.custody,
            customs=shipment.customs,
        )

    return once(CancellationSent(order=number), cancel)


def _asking(work: Work) -> UUID:
    """The partner who sent the request."""
    assert work.actor.partner_id is not None, "partners alone may announce and order"
    return work.actor.partner_id


def _nobody(doing: str) -> None:
    """Tell nobody how far it is."""


def _of(consignment: Consignment) -> dict[str, Any]:
    return {
        "number": consignment.number,
        "external_ref": consignment.external_ref,
        "state": consignment.state,
        "parcels": consignment.package_amount,
    }
