"""What stands on the dispatch list of a vehicle; gathered from the rooms."""

from sqlmodel import Session, col, select

from warehouse.masterdata import queries as masterdata
from warehouse.shipments import manifests
from warehouse.shipments.documents import LoadedParcel, ManifestPaper
from warehouse.shipments.models import Manifest, ManifestLine, Order, Shipment


def manifest_form(session: Session, manifest: Manifest) -> ManifestPaper:
    """What is printed of *manifest*, which is closed."""
    assert manifest.closed_at is not None, "an open manifest has no paper"
    premises = masterdata.premises_by_id(session, manifest.premises_id)
    route = manifests.route_of(session, manifest)
    return ManifestPaper(
        number=manifest.number,
        operator_th=premises.operator_name_th,
        operator_en=premises.operator_name_en,
        premises_th=premises.name_th,
        premises_en=premises.name_en,
        route_code=route.code,
        route_th=route.name_th,
        route_en=route.name_en,
        vehicle=manifest.vehicle,
        driver=manifest.driver,
        seal=manifest.seal,
        closed_at=manifest.closed_at,
        parcels=_parcels(session, manifest),
    )


def _parcels(session: Session, manifest: Manifest) -> tuple[LoadedParcel, ...]:
    rows = session.exec(
        select(Shipment, Order)
        .join(Order, col(Order.id) == col(Shipment.order_id))
        .join(ManifestLine, col(ManifestLine.shipment_id) == col(Shipment.id))
        .where(ManifestLine.manifest_id == manifest.id)
        .order_by(col(Order.postcode), col(Shipment.parcel_number))
    )
    return tuple(
        LoadedParcel(
            shipment.parcel_number,
            shipment.number,
            order.province,
            order.postcode,
            shipment.weight_kg,
        )
        for shipment, order in rows
    )
