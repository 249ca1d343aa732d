"""What partners ask: where their shipments are, what became of their orders and consignments."""

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from warehouse.access import keys
from warehouse.access.keys import for_partner, requires_key
from warehouse.access.vocabulary import Permission
from warehouse.core.errors import NotFound
from warehouse.core.http import problems
from warehouse.core.numbers import Number
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

Asked = Annotated[Number | None, Query()]

_UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "Nothing has changed since the answer with that ETag."}
}
# Read from the request itself: as a declared parameter it would cost as much as the guard.
_IF_NONE_MATCH: Final = {
    "parameters": [
        {
            "name": "If-None-Match",
            "in": "header",
            "description": "the ETag of an earlier answer",
            "schema": {"type": "string"},
        }
    ]
}


class BatchWanted(BaseModel):
    """Shipment numbers, parcel numbers or order references, mixed as you like."""

    model_config = ConfigDict(extra="forbid")

    references: Annotated[list[Number], Field(min_length=1, max_length=MOST_REFERENCES)]


@router.get(
    "/shipments/{number}",
    responses={**problems(ShipmentNotFound), **_UNCHANGED},
    openapi_extra=_IF_NONE_MATCH,
)
async def shipment(number: Number, request: Request) -> Response:
    """Where one shipment stands on both axes, with its whole history."""
    return await _one(request, _SHIPMENT, ShipmentNotFound, number)


@router.get(
    "/shipments", responses={**problems(OneOfTwo), **_UNCHANGED}, openapi_extra=_IF_NONE_MATCH
)
async def shipments(
    request: Request,
    order_ref: Asked = None,
    parcel_number: Asked = None,
) -> Response:
    """The shipments of one order reference or parcel number: one, or none."""
    match order_ref, parcel_number:
        case str(), None:
            found = await keys.look_up(request, _BY_ORDER_REF, order_ref)
        case None, str():
            found = await keys.look_up(request, _BY_PARCEL_NUMBER, parcel_number)
        case _:
            raise OneOfTwo
    etag, body = found
    return _answer(request, etag, body)


@router.post("/shipments:batchGet")
async def batch(wanted: BatchWanted, request: Request) -> Response:
    """A result for each of up to 500 references; what is not yours or not known is `not_found`."""
    _, body = await keys.look_up(request, _BATCH, json.dumps(wanted.references))
    return Response(body, media_type="application/json")


@router.get(
    "/orders/{number}",
    responses={**problems(OrderNotFound), **_UNCHANGED},
    openapi_extra=_IF_NONE_MATCH,
)
async def order(number: Number, request: Request) -> Response:
    """One order, its lines, and the shipment that leaves for it."""
    return await _one(request, _ORDER, OrderNotFound, number)


@router.get(
    "/consignments/{number}",
    responses={**problems(ConsignmentNotFound), **_UNCHANGED},
    openapi_extra=_IF_NONE_MATCH,
)
async def consignment(number: Number, request: Request) -> Response:
    """One consignment, and whether its parcels have come."""
    return await _one(request, _CONSIGNMENT, ConsignmentNotFound, number)


async def _one(request: Request, statement: str, missing: type[NotFound], number: str) -> Response:
    etag, body = await keys.look_up(request, statement, number)
    if body is None:
        raise missing(number=number)
    return _answer(request, etag, body)


def _answer(request: Request, etag: str, body: str) -> Response:
    """*body*, or nothing when the asker has it already (RFC 9110 §13.1.2)."""
    sent = request.headers.get("if-none-match", "")
    if etag in {each.strip().removeprefix("W/") for each in sent.split(",")} or sent == "*":
        return Response(status_code=304, headers={"etag": etag})
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    return Response(body, media_type="application/json", headers=headers)
