"""Manifests: what one vehicle takes along.  One closes when all that waits for it is loaded."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from warehouse.core import db, numbers
from warehouse.core.work import Event, Work
from warehouse.shipments import status
from warehouse.shipments.errors import (
    AlreadyOnManifest,
    ManifestEmpty,
    ManifestNotFound,
    NotAllLoaded,
)
from warehouse.shipments.models import Manifest, ManifestLine, Route, Shipment
from warehouse.shipments.vocabulary import MANIFEST, Custody, ManifestState, ShipmentEvent

# Packed for the route of the manifest, and brought to its lane.
WAITING: Final = """
SELECT shipment.parcel_number
  FROM manifest JOIN route ON route.id = manifest.route_id
  JOIN shipment ON shipment.route_id = route.id AND shipment.custody = 'packed'
 WHERE manifest.id = %(manifest_id)s
   AND EXISTS (SELECT FROM reservation JOIN order_line ON order_line.id = order_line_id
                WHERE order_line.order_id = shipment.order_id AND state = 'picked'
                  AND location_id = route.stage_id)
 ORDER BY shipment.parcel_number
"""


def open_for(work: Work, premises_id: UUID, route_id: UUID, vehicle: str, driver: str) -> Manifest:
    """Begin the manifest of a *vehicle* that drives a route."""
    manifest = Manifest(
        number=numbers.next_number(work, "MAN"),
        premises_id=premises_id,
        route_id=route_id,
        vehicle=vehicle,
        driver=driver,
        state=ManifestState.OPEN,
        opened_at=work.at,
    )
    work.session.add(manifest)
    work.emit(ShipmentEvent.MANIFEST_OPENED, manifest.id, number=manifest.number)
    work.session.flush()
    return manifest


def lock(work: Work, manifest_id: UUID) -> Manifest:
    """The manifest, locked and read afresh.

    Raises:
        ManifestNotFound: there is none.
    """
    found = db.lock(work.session, Manifest, [manifest_id], missing=ManifestNotFound)
    return found[manifest_id]


def find(session: Session, premises_id: UUID, number: str) -> Manifest | None:
    """The manifest *number* of the premises, if that is what it names."""
    return session.exec(
        select(Manifest).where(Manifest.premises_id == premises_id, Manifest.number == number)
    ).first()


def by_number(session: Session, premises_id: UUID, number: str) -> Manifest:
    """The manifest *number* of the premises.

    Raises:
        ManifestNotFound: there is none.
    """
    if found := find(session, premises_id, number):
        return found
    raise ManifestNotFound(number=number)


def by_id(session: Session, premises_id: UUID, manifest_id: UUID) -> Manifest:
    """The manifest *manifest_id* of the premises.

    Raises:
        ManifestNotFound: there is none.
    """
    found = session.get(Manifest, manifest_id)
    if found is None or found.premises_id != premises_id:
        raise ManifestNotFound(number=str(manifest_id))
    return found


def newest(session: Session, premises_id: UUID, *, limit: int = 50) -> Sequence[Manifest]:
    """The newest manifests of the premises first."""
    return session.exec(
        select(Manifest)
        .where(Manifest.premises_id == premises_id)
        .order_by(col(Manifest.opened_at).desc())
        .limit(limit)
    ).all()


def route_of(session: Session, manifest: Manifest) -> Route:
    """The route that the vehicle drives."""
    return session.get_one(Route, manifest.route_id)


def of_shipment(session: Session, shipment_id: UUID) -> Manifest | None:
    """The manifest that a shipment is on."""
    return session.exec(
        select(Manifest)
        .join(ManifestLine, col(ManifestLine.manifest_id) == col(Manifest.id))
        .where(ManifestLine.shipment_id == shipment_id)
    ).first()


def loaded(session: Session, manifest_id: UUID) -> Sequence[Shipment]:
    """What is on the vehicle, by parcel number."""
    return session.exec(
        select(Shipment)
        .join(ManifestLine, col(ManifestLine.shipment_id) == col(Shipment.id))
        .where(ManifestLine.manifest_id == manifest_id)
        .order_by(col(Shipment.parcel_number))
    ).all()


def times_closed(session: Session, manifest_id: UUID) -> int:
    """How often a manifest was closed: each time it gets a new paper."""
    return session.exec(
        select(func.count())
        .select_from(Event)
        .where(Event.subject == manifest_id, Event.name == ShipmentEvent.MANIFEST_CLOSED.value)
    ).one()


def waiting(work: Work, manifest_id: UUID) -> list[str]:
    """The parcels that stand in the lane of the route, on no vehicle yet."""
    return [parcel for (parcel,) in work.sql(WAITING, manifest_id=manifest_id)]


def load(work: Work, manifest: Manifest, shipment_id: UUID, parcel: str, *, scan_id: UUID) -> None:
    """Put a packed shipment, held, with its *parcel* on the vehicle of *manifest*, locked and open.

    Raises:
        AlreadyOnManifest: it is on one already.
        WrongState: it is not packed.
    """
    if other := of_shipment(work.session, shipment_id):
        raise AlreadyOnManifest(parcel=parcel, number=other.number)
    status.record(work, shipment_id, custody=Custody.LOADED)
    work.session.add(
        ManifestLine(
            manifest_id=manifest.id,
            shipment_id=shipment_id,
            loaded_at=work.at,
            scan_id=scan_id,
        )
    )
    work.emit(ShipmentEvent.SHIPMENT_LOADED, shipment_id, manifest=manifest.number)
    work.session.flush()


def unload(work: Work, manifest: Manifest, shipment_id: UUID) -> None:
    """Take a shipment, held, off the vehicle of *manifest*, locked and open.

    Raises:
        WrongState: it is not loaded.
    """
    status.record(work, shipment_id, custody=Custody.PACKED)
    work.session.exec(
        delete(ManifestLine).where(
            col(ManifestLine.manifest_id) == manifest.id,
            col(ManifestLine.shipment_id) == shipment_id,
        )
    )
    work.session.flush()


def refuse_unfinished(work: Work, manifest: Manifest) -> int:
    """Whether *manifest*, locked, may be closed; how many parcels are on it.

    Raises:
        NotAllLoaded: something in the lane is not on a vehicle.
        ManifestEmpty: nothing is on it.
    """
    if missing := waiting(work, manifest.id):
        raise NotAllLoaded(number=manifest.number, missing=missing)
    count = len(loaded(work.session, manifest.id))
    if not count:
        raise ManifestEmpty(number=manifest.number)
    return count


def close(work: Work, manifest: Manifest, seal: str) -> None:
    """Close *manifest*, locked, under the *seal* of the vehicle.

    Raises:
        NotAllLoaded, ManifestEmpty: it cannot be closed yet.
        WrongState: it is not open.
    """
    refuse_unfinished(work, manifest)
    manifest.state = MANIFEST.step(manifest.state, ManifestState.CLOSED)
    manifest.seal, manifest.closed_at = seal, work.at
    work.emit(ShipmentEvent.MANIFEST_CLOSED, manifest.id, number=manifest.number, seal=seal)
    work.session.flush()


def open_again(work: Work, manifest: Manifest) -> None:
    """Break the seal of *manifest*, locked: it may be loaded and unloaded again.

    Raises:
        WrongState: it is not closed, or it has left.
    """
    manifest.state = MANIFEST.step(manifest.state, ManifestState.OPEN)
    manifest.seal, manifest.closed_at = "", None
    work.emit(ShipmentEvent.MANIFEST_OPENED, manifest.id, number=manifest.number)
    work.session.flush()


def dispatch(work: Work, manifest: Manifest) -> None:
    """The vehicle of *manifest*, locked, has left with all that is on it.

    Raises:
        WrongState: it is not closed.
    """
    manifest.state = MANIFEST.step(manifest.state, ManifestState.DISPATCHED)
    manifest.dispatched_at = work.at
    work.emit(ShipmentEvent.MANIFEST_DISPATCHED, manifest.id, number=manifest.number)
    work.session.flush()
