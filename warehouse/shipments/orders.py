"""What becomes of an order's parcel before it leaves: packed, unpacked, cancelled."""

from decimal import Decimal
from uuid import UUID

from warehouse.core import db
from warehouse.core.work import Work
from warehouse.shipments import status
from warehouse.shipments.models import Order, Shipment
from warehouse.shipments.vocabulary import Custody, ShipmentEvent


def pack(work: Work, shipment_id: UUID, *, weight_kg: Decimal | None, carton: str = "") -> None:
    """Close the parcel of a shipment: so heavy, in that carton.

    Raises:
        WrongState: it is not to be packed now.
    """
    status.record(work, shipment_id, custody=Custody.PACKED)
    shipment = db.lock(work.session, Shipment, [shipment_id])[shipment_id]
    shipment.weight_kg, shipment.carton = weight_kg, carton
    work.emit(ShipmentEvent.SHIPMENT_PACKED, shipment_id, number=shipment.number)
    work.session.flush()


def unpack(work: Work, shipment_id: UUID) -> None:
    """Open the parcel of a shipment again.

    Raises:
        WrongState: it is not packed.
    """
    status.record(work, shipment_id, custody=Custody.PICKED)
    shipment = db.lock(work.session, Shipment, [shipment_id])[shipment_id]
    shipment.weight_kg, shipment.carton = None, ""
    work.session.flush()


def cancel(work: Work, order_id: UUID, shipment_id: UUID) -> None:
    """The order is not wanted any more; its shipment, held, does not leave.

    Raises:
        WrongState: it has left, or it stands on a vehicle.
    """
    status.record(work, shipment_id, custody=Custody.CANCELLED)
    order = db.lock(work.session, Order, [order_id])[order_id]
    order.cancelled_at = work.at
    work.emit(ShipmentEvent.ORDER_CANCELLED, order_id, number=order.number)
    work.session.flush()
