"""The life of a consignment, an order and a shipment; the two axes of a shipment's status."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.lifecycle import lifecycle


class ConsignmentSource(StrEnum):
    """Where announced goods come from."""

    ABROAD = "abroad"
    FREE_ZONE = "free_zone"
    THAILAND = "thailand"  # of Thai sellers: they go abroad through us and are never in bond


class ConsignmentState(StrEnum):
    """Announced, at the dock, arriving parcel by parcel, all here, compared and closed."""

    ANNOUNCED = "announced"
    ARRIVED = "arrived"
    RECEIVING = "receiving"
    RECEIVED = "received"
    CLOSED = "closed"
    CLOSED_WITH_DISCREPANCY = "closed_with_discrepancy"


CONSIGNMENT: Final = lifecycle(
    {
        ConsignmentState.ANNOUNCED: {
            ConsignmentState.ARRIVED, ConsignmentState.RECEIVING, ConsignmentState.RECEIVED,
        },
        ConsignmentState.ARRIVED: {ConsignmentState.RECEIVING, ConsignmentState.RECEIVED},
        ConsignmentState.RECEIVING: {
            ConsignmentState.RECEIVED, ConsignmentState.CLOSED_WITH_DISCREPANCY,
        },
        ConsignmentState.RECEIVED: {
            ConsignmentState.RECEIVING, ConsignmentState.CLOSED,
            ConsignmentState.CLOSED_WITH_DISCREPANCY,
        },
        ConsignmentState.CLOSED: set(),
        ConsignmentState.CLOSED_WITH_DISCREPANCY: set(),
    }
)  # fmt: skip

CONSIGNMENT_NAMES: Final[Mapping[ConsignmentState, str]] = {
    ConsignmentState.ANNOUNCED: N_("Announced"),
    ConsignmentState.ARRIVED: N_("At the dock"),
    ConsignmentState.RECEIVING: N_("Being received"),
    ConsignmentState.RECEIVED: N_("All received"),
    ConsignmentState.CLOSED: N_("Received and closed"),
    ConsignmentState.CLOSED_WITH_DISCREPANCY: N_("Closed with a discrepancy"),
}


class Custody(StrEnum):
    """Where the goods of a shipment are and what was done to them."""

    PRE_ADVISED = "pre_advised"
    ALLOCATED = "stored"
    PICKED = "picked"
    PACKED = "packed"
    LOADED = "loaded"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    CANCELLED = "cancelled"


CUSTODY: Final = lifecycle(
    {
        Custody.PRE_ADVISED: {Custody.ALLOCATED},
        Custody.ALLOCATED: {Custody.PICKED, Custody.CANCELLED},
        Custody.PICKED: {Custody.PACKED, Custody.ALLOCATED, Custody.CANCELLED},
        Custody.PACKED: {Custody.LOADED, Custody.DISPATCHED, Custody.PICKED, Custody.CANCELLED},
        Custody.LOADED: {Custody.PACKED, Custody.DISPATCHED},
        Custody.DISPATCHED: {Custody.RETURNED},
        Custody.RETURNED: set(),
        Custody.CANCELLED: set(),
    }
)

CUSTODY_NAMES: Final[Mapping[Custody, str]] = {
    Custody.PRE_ADVISED: N_("Announced"),
    Custody.ALLOCATED: N_("Reserved in bond"),
    Custody.PICKED: N_("Picked"),
    Custody.PACKED: N_("Packed"),
    Custody.LOADED: N_("Loaded"),
    Custody.DISPATCHED: N_("Left the warehouse"),
    Custody.RETURNED: N_("Came back"),
    Custody.CANCELLED: N_("Cancelled"),
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
    """What an entry of a shipment's history speaks of: a status, or a hold and its end."""

    CUSTODY = "custody"
    CUSTOMS = "customs"
    HOLD = "hold"


class ManifestState(StrEnum):
    """Being loaded, closed with everything on it, out of the gate."""

    OPEN = "open"
    CLOSED = "closed"
    DISPATCHED = "dispatched"


MANIFEST: Final = lifecycle(
    {
        ManifestState.OPEN: {ManifestState.CLOSED},
        ManifestState.CLOSED: {ManifestState.OPEN, ManifestState.DISPATCHED},
        ManifestState.DISPATCHED: set(),
    }
)


class ReturnChoice(StrEnum):
    """What the owner wants done with a parcel that came back."""

    RESTOCK = "restock"
    RE_EXPORT = "re_export"
    DESTROY = "destroy"


RETURN_CHOICE_NAMES: Final[Mapping[ReturnChoice, str]] = {
    ReturnChoice.RESTOCK: N_("Back into stock"),
    ReturnChoice.RE_EXPORT: N_("Re-export"),
    ReturnChoice.DESTROY: N_("Destruction"),
}


class ShipmentEvent(StrEnum):
    """What is recorded of consignments, orders and shipments."""

    CONSIGNMENT_ANNOUNCED = "shipments.consignment.announced"
    CONSIGNMENT_ARRIVED = "shipments.consignment.arrived"
    CONSIGNMENT_RECEIVED = "shipments.consignment.received"
    CONSIGNMENT_CLOSED = "shipments.consignment.closed"
    ORDER_PLACED = "shipments.order.placed"
    SHIPMENT_PICKED = "shipments.shipment.picked"
    SHIPMENT_PACKED = "shipments.shipment.packed"
    SHIPMENT_LOADED = "shipments.shipment.loaded"
    SHIPMENT_DISPATCHED = "shipments.shipment.dispatched"
    SHIPMENT_HELD = "shipments.shipment.held"
    SHIPMENT_FREED = "shipments.shipment.freed"
    SHIPMENT_RETURNED = "shipments.shipment.returned"
    ORDER_CANCELLED = "shipments.order.cancelled"
    RETURN_CHOSEN = "shipments.return.chosen"
    MANIFEST_OPENED = "shipments.manifest.opened"
    MANIFEST_CLOSED = "shipments.manifest.closed"
    MANIFEST_DISPATCHED = "shipments.manifest.dispatched"
