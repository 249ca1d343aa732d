"""What stands on labels: of parcels, places and goods; gathered from the rooms."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.inventory import queries as inventory
from warehouse.inventory.documents import GoodsLabel, LocationLabel
from warehouse.inventory.models import HandlingUnit, Location
from warehouse.masterdata import queries as masterdata
from warehouse.shipments import queries as shipments
from warehouse.shipments.documents import LabelLine, ShipmentLabel


def label_of(work: Work, order_id: UUID) -> ShipmentLabel:
    """What stands on the label of an order's parcel, if it is printed now."""
    session = work.session
    order = shipments.order_by_id(session, order_id)
    shipment = shipments.shipment_of_order(session, order_id)
    premises = masterdata.premises_by_id(session, order.premises_id)
    lines = shipments.order_lines(session, order_id)
    products = masterdata.products_by_id(session, (line.product_id for line in lines))
    goods = [(line.quantity, products[line.product_id]) for line in lines]
    return ShipmentLabel(
        operator_th=premises.operator_name_th,
        operator_en=premises.operator_name_en,
        return_address=" ".join(
            (premises.name_th, premises.street, premises.district, premises.province,
             premises.postcode)
        ),
        parcel_number=shipment.parcel_number,
        shipment_number=shipment.number,
        order_reference=order.external_ref,
        buyer_name=order.buyer_name,
        buyer_phone=order.buyer_phone,
        address=order.address,
        province=order.province,
        postcode=order.postcode,
        weight_kg=sum((quantity * each.net_weight_kg for quantity, each in goods), ZERO),
        lines=tuple(
            LabelLine(each.sku, each.name_th, quantity, each.unit) for quantity, each in goods
        ),
    )  # fmt: skip


def location_labels_of(
    session: Session, premises_id: UUID, codes: Sequence[str] = ()
) -> list[LocationLabel]:
    """What stands on the labels of the places of the premises, or of those among *codes*.

    Raises:
        LocationNotFound: one of *codes* is none of its places.
    """
    if codes:
        places = [inventory.location_by_code(session, premises_id, code) for code in codes]
    else:
        real = select(Location).where(
            Location.premises_id == premises_id, col(Location.virtual).is_(False)
        )
        places = list(session.exec(real.order_by(col(Location.code))))
    return [
        LocationLabel(place.code, place.barcode, place.name_th, place.name_en) for place in places
    ]


def goods_labels_of(session: Session, consignment_id: UUID) -> list[GoodsLabel]:
    """What stands on the labels of the lots of a consignment."""
    consignment = shipments.consignment_by_id(session, consignment_id)
    lots = inventory.lots_of_consignment(session, consignment_id)
    products = masterdata.products_by_id(session, (lot.product_id for lot in lots))
    parcels = dict(
        session.exec(
            select(HandlingUnit.id, HandlingUnit.number).where(
                HandlingUnit.consignment_id == consignment_id
            )
        ).all()
    )
    return [
        GoodsLabel(
            parcel_number=parcels[lot.handling_unit_id],
            lot_number=lot.number,
            consignment_number=consignment.number,
            sku=products[lot.product_id].sku,
            name_th=products[lot.product_id].name_th,
            name_en=products[lot.product_id].name_en,
            quantity=lot.quantity,
            unit=lot.unit,
            declaration_number=lot.declaration_number,
            line_number=lot.line_number,
        )
        for lot in lots
    ]
