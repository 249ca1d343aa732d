"""What partners ask: where their shipments are, what became of their orders and consignments."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from warehouse.access import keys
from warehouse.access.keys import for_partner, requires_key
from warehouse.access.vocabulary import Permission
from warehouse.core.errors import NotFound
from warehouse.core.http import problems
from warehouse.shipments import lookup
from warehouse.shipments.errors import (
    ConsignmentNotFound,
    OneOfTwo,
    OrderNotFound,
    ShipmentNotFound,
)

router = APIRouter(
    prefix="/api/v1",
    tags=["partners"],
    dependencies=[requires_key(Permission.READ_OWN_SHIPMENTS)],
)

MOST_REFERENCES: Final = 500

_SHIPMENT: Final = for_partner(lookup.SHIPMENT)
_BY_ORDER_REF: Final = for_partner(lookup.BY_ORDER_REF)
_BY_PARCEL_NUMBER: Final = for_partner(lookup.BY_PARCEL_NUMBER)
_BATCH: Final = for_partner(lookup.BATCH)
_ORDER: Final = for_partner(lookup.ORDER)
_CONSIGNMENT: Final = for_partner(lookup.CONSIGNMENT)

Number = Annotated[str, Path(max_length=40, pattern=r"^[^\x00]+$")]
Reference = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
Asked = Annotated[Reference | None, Query()]
IfNoneMatch = Annotated[str, Header(description="the ETag of an earlier answer")]

_UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "Nothing has changed since the answer with that ETag."}
}


class BatchWanted(BaseModel):
    """Shipment numbers, parcel numbers or order references, mixed as you like."""

    model_config = ConfigDict(extra="forbid")

    references: Annotated[list[Reference], Field(min_length=1, max_length=MOST_REFERENCES)]


@router.get(
    "/shipments/{number}",
    responses={**problems(ShipmentNotFound), **_UNCHANGED},
)
async def shipment(number: Number, request: Request, if_none_match: IfNoneMatch = "") -> Response:
    """Where one shipment stands on both axes, with its whole history."""
    return await _one(request, _SHIPMENT, ShipmentNotFound, number, if_none_match)


@router.get("/shipments", responses={**problems(OneOfTwo), **_UNCHANGED})
async def shipments(
    request: Request,
    order_ref: Asked = None,
    parcel_number: Asked = None,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The shipments of one order reference or parcel number: one, or none."""
    match order_ref, parcel_number:
        case str(), None:
            found = await keys.look_up(request, _BY_ORDER_REF, order_ref=order_ref)
        case None, str():
            found = await keys.look_up(request, _BY_PARCEL_NUMBER, parcel_number=parcel_number)
        case _:
            raise OneOfTwo
    etag, body = found
    return _answer(etag, body, if_none_match)


@router.post("/shipments:batchGet")
async def batch(wanted: BatchWanted, request: Request) -> Response:
    """A result for each of up to 500 references; what is not yours or not known is `not_found`."""
    _, body = await keys.look_up(request, _BATCH, references=wanted.references)
    return Response(body, media_type="application/json")


@router.get("/orders/{number}", responses={**problems(OrderNotFound), **_UNCHANGED})
async def order(number: Number, request: Request, if_none_match: IfNoneMatch = "") -> Response:
    """One order, its lines, and the shipment that leaves for it."""
    return await _one(request, _ORDER, OrderNotFound, number, if_none_match)


@router.get("/consignments/{number}", responses={**problems(ConsignmentNotFound), **_UNCHANGED})
async def consignment(
    number: Number, request: Request, if_none_match: IfNoneMatch = ""
) -> Response:
    """One consignment, and whether its parcels have come."""
    return await _one(request, _CONSIGNMENT, ConsignmentNotFound, number, if_none_match)


async def _one(
    request: Request, statement: str, missing: type[NotFound], number: str, if_none_match: str
) -> Response:
    etag, body = await keys.look_up(request, statement, number=number)
    if body is None:
        raise missing(number=number)
    return _answer(etag, body, if_none_match)


def _answer(etag: str, body: str, if_none_match: str) -> Response:
    """*body*, or nothing when the asker has it already (RFC 9110 §13.1.2)."""
    sent = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    if etag in sent or "*" in sent:
        return Response(status_code=304, headers={"etag": etag})
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    return Response(body, media_type="application/json", headers=headers)
