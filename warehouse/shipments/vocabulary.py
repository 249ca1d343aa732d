"""The life of a consignment, an order and a shipment; the two axes of a shipment's status."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.lifecycle import lifecycle


class ConsignmentState(StrEnum):
    """Announced, arriving parcel by parcel, all here."""

    ANNOUNCED = "announced"
    RECEIVING = "receiving"
    RECEIVED = "received"


CONSIGNMENT: Final = lifecycle(
    {
        ConsignmentState.ANNOUNCED: {ConsignmentState.RECEIVING, ConsignmentState.RECEIVED},
        ConsignmentState.RECEIVING: {ConsignmentState.RECEIVED},
        ConsignmentState.RECEIVED: set(),
    }
)


class Custody(StrEnum):
    """Where the goods of a shipment are and what was done to them."""

    PRE_ADVISED = "pre_advised"
    ALLOCATED = "stored"
    PICKED = "picked"
    PACKED = "packed"
    DISPATCHED = "dispatched"


CUSTODY: Final = lifecycle(
    {
        Custody.PRE_ADVISED: {Custody.ALLOCATED},
        Custody.ALLOCATED: {Custody.PICKED},
        Custody.PICKED: {Custody.PACKED},
        Custody.PACKED: {Custody.DISPATCHED},
        Custody.DISPATCHED: set(),
    }
)

CUSTODY_NAMES: Final[Mapping[Custody, str]] = {
    Custody.PRE_ADVISED: N_("Announced"),
    Custody.ALLOCATED: N_("Reserved in bond"),
    Custody.PICKED: N_("Picked"),
    Custody.PACKED: N_("Packed"),
    Custody.DISPATCHED: N_("Left the warehouse"),
}


class CustomsStatus(StrEnum):
    """What customs has said of a shipment."""

    NONE = "none"
    SUBMITTED = "submitted"
    HELD = "held"
    RELEASED = "released"
    REJECTED = "rejected"


CUSTOMS_STATUS: Final = lifecycle(
    {
        CustomsStatus.NONE: {CustomsStatus.SUBMITTED},
        CustomsStatus.SUBMITTED: {
            CustomsStatus.HELD, CustomsStatus.RELEASED, CustomsStatus.REJECTED,
        },
        CustomsStatus.HELD: {CustomsStatus.RELEASED, CustomsStatus.REJECTED},
        CustomsStatus.RELEASED: set(),
        CustomsStatus.REJECTED: {CustomsStatus.SUBMITTED},
    }
)  # fmt: skip

CUSTOMS_STATUS_NAMES: Final[Mapping[CustomsStatus, str]] = {
    CustomsStatus.NONE: N_("Not yet declared"),
    CustomsStatus.SUBMITTED: N_("Waiting for customs"),
    CustomsStatus.HELD: N_("Held by customs"),
    CustomsStatus.RELEASED: N_("Released by customs"),
    CustomsStatus.REJECTED: N_("Refused by customs"),
}


class Axis(StrEnum):
    """Which of the two statuses an entry of a shipment's history speaks of."""

    CUSTODY = "custody"
    CUSTOMS = "customs"


class ShipmentEvent(StrEnum):
    """What is recorded of consignments, orders and shipments."""

    CONSIGNMENT_ANNOUNCED = "shipments.consignment.announced"
    CONSIGNMENT_RECEIVED = "shipments.consignment.received"
    ORDER_PLACED = "shipments.order.placed"
    SHIPMENT_PICKED = "shipments.shipment.picked"
    SHIPMENT_PACKED = "shipments.shipment.packed"
    SHIPMENT_DISPATCHED = "shipments.shipment.dispatched"
