"""Placing an order: what a partner wants sent to a buyer, and the goods set aside for it.

Shipments keeps the order and the parcel that will leave; inventory promises the goods, first in
first out by import line.  Both, or neither.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from warehouse.core.errors import RuleViolation
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.customs.drafting.exporting import THAILAND
from warehouse.inventory import commands as inventory
from warehouse.inventory.errors import InsufficientStock
from warehouse.inventory.vocabulary import Regime
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.errors import ProductNotFound
from warehouse.masterdata.models import Product
from warehouse.operations.floor import labels
from warehouse.operations.floor.labels import Kind
from warehouse.operations.intake import announcing, fields
from warehouse.operations.intake.findings import Finding, Unacceptable
from warehouse.shipments import commands as shipments
from warehouse.shipments.commands import OrderDraft, OrderedLine
from warehouse.shipments.models import Order, OrderLine, Shipment

MOST_LINES: Final = 100
_REPEATED: Final = N_("This product was already named in line {line}.")


class ParcelUnscannable(RuleViolation):
    """A scanner would take that label for a place or a command."""

    code = "parcel-unscannable"
    message = announcing.REASONS["parcel-unscannable"]


class Buyer(BaseModel):
    """To whom the parcel goes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: fields.LongName
    phone: fields.Phone
    address: fields.Address
    province: fields.ShortName
    postcode: fields.Postcode
    country: fields.Country = THAILAND
    """What goes to another one is exported."""


class Wanted(BaseModel):
    """So much of one product."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sku: fields.Identifier
    quantity: fields.Quantity
    parcel_number: fields.Identifier | None = None
    """The very parcel, where the partner's goods are identified one by one."""


class OrderRequest(BaseModel):
    """An order as its partner places it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    external_ref: fields.Reference
    premises: fields.Identifier | None = None
    """Code of the bonded warehouse; may be left out where there is one."""
    buyer: Buyer
    lines: Annotated[list[Wanted], Field(min_length=1, max_length=MOST_LINES)]
    parcel_number: fields.Identifier | None = None
    """The partner's own; left out, a UPU S10 number is allotted."""
    amount: fields.Price | None = None
    """What the buyer pays for the whole order; a warehouse may ask for the proof before release."""
    currency: fields.Currency = "THB"
    """Of *amount*."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The order as entered, and the parcel that will leave for it."""

    order: Order
    shipment: Shipment


def place_order(work: Work, partner_id: UUID, request: OrderRequest) -> Placed:
    """Enter *request* of the partner, and set its goods aside.

    Raises:
        Unacceptable: some values cannot be accepted.
        PremisesNotFound, ProductNotFound: the partner has no such warehouse or product.
        ParcelUnscannable, ParcelNumberInUse: the parcel number cannot be used.
        ParcelNumbersExhausted: none is given, and none is left to allot.
        ReferenceInUse: the partner has placed an order under this reference.
        InsufficientStock, StockHeld: less is free than is wanted.
        ParcelNotByName: a line names a parcel, and the owner's goods are not identified one by one.
    """
    premises_id = announcing.premises_named(work, request.premises)
    products = _products(work, partner_id, request)
    draft = _draft(partner_id, premises_id, request, products)
    order, lines, shipment = shipments.place_order(work, draft)
    # In the order of the products, whatever the order of the lines: two orders never wait for
    # each other's goods.
    for line in sorted(lines, key=lambda line: line.product_id):
        _set_aside(work, order, line)
    return Placed(order, shipment)


def _set_aside(work: Work, order: Order, line: OrderLine) -> None:
    """Promise the goods of *line*; what goes abroad is taken of the Thai sellers' first."""
    if order.country != THAILAND:
        with suppress(InsufficientStock), work.session.begin_nested():
            return _reserve(work, order, line, Regime.EXPORT)
    return _reserve(work, order, line, Regime.BONDED)


def _reserve(work: Work, order: Order, line: OrderLine, regime: Regime) -> None:
    inventory.reserve(
        work,
        order_line_id=line.id,
        product_id=line.product_id,
        partner_id=order.partner_id,
        premises_id=order.premises_id,
        quantity=line.quantity,
        parcel=line.parcel_number,
        regime=regime,
    )


def _products(work: Work, partner_id: UUID, request: OrderRequest) -> list[Product]:
    """The product of each line of *request*."""
    skus = [line.sku for line in request.lines]
    named = [(line.sku, _normal(line.parcel_number)) for line in request.lines]
    known = masterdata.products_by_sku(work.session, partner_id, skus)
    if unknown := [sku for sku in skus if sku not in known]:
        raise ProductNotFound(sku=unknown[0])
    products = [known[sku] for sku in skus]
    wrong = [
        *(
            _wrong(position, "sku", each[0], "line-repeated", _REPEATED, line=named.index(each) + 1)
            for position, each in enumerate(named)
            if named.index(each) != position
        ),
        *(
            _wrong(
                position,
                "quantity",
                line.quantity,
                "not-whole",
                announcing.REASONS["not-whole"],
                unit=product.unit,
            )
            for position, (line, product) in enumerate(zip(request.lines, products, strict=True))
            if not announcing.countable(line.quantity, product.unit)
        ),
    ]
    if wrong:
        raise Unacceptable(wrong, work.actor.language)
    return products


def _draft(
    partner_id: UUID, premises_id: UUID, request: OrderRequest, products: list[Product]
) -> OrderDraft:
    return OrderDraft(
        premises_id=premises_id,
        partner_id=partner_id,
        external_ref=request.external_ref,
        buyer_name=request.buyer.name,
        buyer_phone=request.buyer.phone,
        address=request.buyer.address,
        province=request.buyer.province,
        postcode=request.buyer.postcode,
        country=request.buyer.country,
        lines=tuple(
            OrderedLine(product.id, line.quantity, _normal(line.parcel_number))
            for line, product in zip(request.lines, products, strict=True)
        ),
        parcel_number=_normal(request.parcel_number),
        amount=request.amount,
        currency=request.currency if request.amount is not None else "",
    )


def _normal(parcel_number: str | None) -> str | None:
    """*parcel_number* as a scanner will read it."""
    if parcel_number is None:
        return None
    label = labels.identify(parcel_number)
    if label.kind in (Kind.LOCATION, Kind.COMMAND):
        raise ParcelUnscannable(parcel_number=parcel_number)
    return label.value


def _wrong(
    position: int, name: str, value: object, code: str, sentence: str, **facts: object
) -> Finding:
    return Finding(("lines", position, name), str(value), code, sentence, facts)
