"""Announce a consignment, place an order, note what has come."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from warehouse.core import db, ids, numbers
from warehouse.core.work import Work
from warehouse.masterdata import identifiers
from warehouse.shipments import queries
from warehouse.shipments.errors import (
    ParcelNumberInUse,
    ParcelNumbersExhausted,
    ReferenceInUse,
)
from warehouse.shipments.models import (
    Consignment,
    Order,
    OrderLine,
    ParcelNumberRange,
    Shipment,
    ShipmentHistory,
)
from warehouse.shipments.vocabulary import (
    CONSIGNMENT,
    Axis,
    ConsignmentSource,
    ConsignmentState,
    Custody,
    CustomsStatus,
    ShipmentEvent,
)


@dataclass(frozen=True, slots=True)
class AnnouncedLine:
    """One product in one parcel; *unit_price* is CIF in the consignment's currency."""

    line_number: int
    parcel_number: str
    product_id: UUID
    quantity: Decimal
    unit_price: Decimal
    net_weight_kg: Decimal
    retail_price_baht: Decimal | None = None
    excise_quantity: Decimal | None = None
    id: UUID = field(default_factory=ids.new_id)


@dataclass(frozen=True, slots=True)
class ConsignmentDraft:
    """A consignment as its partner announces it."""

    premises_id: UUID
    partner_id: UUID
    external_ref: str
    arrival_date: date
    house_bill: str
    consignor_name: str
    consignment_country: str
    invoice_number: str
    invoice_date: date
    currency: str
    gross_weight_kg: Decimal
    lines: tuple[AnnouncedLine, ...]
    vehicle: str = ""
    seals: tuple[str, ...] = ()
    despatch: str | None = None
    source: ConsignmentSource = ConsignmentSource.ABROAD
    zone_licence: str = ""


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """So much of a product; out of one parcel where it is named."""

    product_id: UUID
    quantity: Decimal
    parcel_number: str | None = None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as its partner places it; without *parcel_number* a UPU S10 one is allotted."""

    premises_id: UUID
    partner_id: UUID
    external_ref: str
    buyer_name: str
    buyer_phone: str
    address: str
    province: str
    postcode: str
    lines: tuple[OrderedLine, ...]
    parcel_number: str | None = None
    country: str = "TH"
    amount: Decimal | None = None
    """What the buyer was to pay, in *currency*, where the partner says so."""
    currency: str = ""


_LINE_COLUMNS: Final = (
    "id", "consignment_id", "line_number", "parcel_number", "product_id", "quantity",
    "unit_price", "net_weight_kg", "retail_price_baht", "excise_quantity",
)  # fmt: skip


def announce(work: Work, draft: ConsignmentDraft) -> Consignment:
    """Enter a consignment and its lines.

    Raises:
        ReferenceInUse: the partner has announced something under this reference.
    """
    if earlier := queries.consignment_by_reference(
        work.session, draft.partner_id, draft.external_ref
    ):
        raise ReferenceInUse(external_ref=draft.external_ref, number=earlier.number)
    consignment = Consignment(
        number=numbers.next_number(work, "CON"),
        premises_id=draft.premises_id,
        partner_id=draft.partner_id,
        external_ref=draft.external_ref,
        source=draft.source,
        zone_licence=draft.zone_licence,
        arrival_date=draft.arrival_date,
        house_bill=draft.house_bill,
        consignor_name=draft.consignor_name,
        consignment_country=draft.consignment_country,
        invoice_number=draft.invoice_number,
        invoice_date=draft.invoice_date,
        currency=draft.currency,
        package_amount=len({line.parcel_number for line in draft.lines}),
        gross_weight_kg=draft.gross_weight_kg,
        state=ConsignmentState.ANNOUNCED,
        vehicle=draft.vehicle,
        seals=list(draft.seals),
        despatch=draft.despatch,
        announced_at=work.at,
    )
    work.session.add(consignment)
    work.copy("consignment_line", _LINE_COLUMNS, _rows(consignment.id, draft.lines))
    work.emit(ShipmentEvent.CONSIGNMENT_ANNOUNCED, consignment.id, number=consignment.number)
    return consignment


def note_receipt(work: Work, consignment_id: UUID, *, all_here: bool) -> None:
    """Goods of the consignment have come; *all_here*: the last of them."""
    consignment = db.lock(work.session, Consignment, [consignment_id])[consignment_id]
    target = ConsignmentState.RECEIVED if all_here else ConsignmentState.RECEIVING
    if consignment.state is target:
        return
    consignment.state = CONSIGNMENT.step(consignment.state, target)
    if all_here:
        work.emit(ShipmentEvent.CONSIGNMENT_RECEIVED, consignment_id, number=consignment.number)


def place_order(work: Work, draft: OrderDraft) -> tuple[Order, Sequence[OrderLine], Shipment]:
    """Enter an order, its lines and the shipment that will leave for it.

    Raises:
        ReferenceInUse: the partner has placed an order under this reference.
        ParcelNumberInUse: another shipment here carries the partner's parcel number.
        ParcelNumbersExhausted: no parcel number is given, and none is left to allot.
    """
    if earlier := queries.order_by_reference(work.session, draft.partner_id, draft.external_ref):
        raise ReferenceInUse(external_ref=draft.external_ref, number=earlier.number)
    order = Order(
        number=numbers.next_number(work, "ORD"),
        premises_id=draft.premises_id,
        partner_id=draft.partner_id,
        external_ref=draft.external_ref,
        buyer_name=draft.buyer_name,
        buyer_phone=draft.buyer_phone,
        address=draft.address,
        province=draft.province,
        postcode=draft.postcode,
        country=draft.country,
        amount=draft.amount,
        currency=draft.currency,
        placed_at=work.at,
    )
    lines = [
        OrderLine(
            order_id=order.id,
            line_number=position,
            product_id=line.product_id,
            quantity=line.quantity,
            parcel_number=line.parcel_number,
        )
        for position, line in enumerate(draft.lines, start=1)
    ]
    work.session.add(order)
    work.session.flush()
    work.session.add_all(lines)
    shipment = _ship(work, order, draft.parcel_number)
    work.emit(ShipmentEvent.ORDER_PLACED, order.id, number=order.number)
    return order, lines, shipment


def _ship(work: Work, order: Order, parcel_number: str | None) -> Shipment:
    shipment = Shipment(
        number=numbers.next_number(work, "SHP"),
        premises_id=order.premises_id,
        partner_id=order.partner_id,
        order_id=order.id,
        parcel_number=_own_or_allotted(work, order.premises_id, parcel_number),
        custody=Custody.ALLOCATED,
        customs=CustomsStatus.NONE,
        created_at=work.at,
        changed_at=work.at,
    )
    work.session.add(shipment)
    work.session.flush()
    for status in (Custody.PRE_ADVISED, Custody.ALLOCATED):
        work.session.add(
            ShipmentHistory(
                shipment_id=shipment.id, axis=Axis.CUSTODY, status=status.value, at=work.at
            )
        )
        work.session.flush()  # one by one, so that their sequence is their order
    return shipment


def _own_or_allotted(work: Work, premises_id: UUID, parcel_number: str | None) -> str:
    if parcel_number is None:
        return _allot(work, premises_id)
    if queries.shipment_by_label(work.session, premises_id, parcel_number):
        raise ParcelNumberInUse(parcel_number=parcel_number)
    return parcel_number


def _allot(work: Work, premises_id: UUID) -> str:
    """The next UPU S10 number of the premises; the range stays locked to the commit."""
    numbers_left = work.session.exec(
        select(ParcelNumberRange)
        .where(
            ParcelNumberRange.premises_id == premises_id,
            col(ParcelNumberRange.next) <= col(ParcelNumberRange.last),
        )
        .order_by(col(ParcelNumberRange.first))
        .limit(1)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if numbers_left is None:
        raise ParcelNumbersExhausted(premises=str(premises_id))
    serial = numbers_left.next
    numbers_left.next += 1
    return identifiers.make_s10(numbers_left.indicator, serial, numbers_left.country)


def _rows(consignment_id: UUID, lines: Sequence[AnnouncedLine]) -> list[tuple[object, ...]]:
    return [
        (
            line.id,
            consignment_id,
            line.line_number,
            line.parcel_number,
            line.product_id,
            line.quantity,
            line.unit_price,
            line.net_weight_kg,
            line.retail_price_baht,
            line.excise_quantity,
        )
        for line in lines
    ]
