"""Routes: which lane a parcel is staged in, and who fetches it, by the postcode it goes to."""

from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Work
from warehouse.shipments.models import Route, Shipment

# The narrowest range of postcodes goes before wider ones.
ASSIGN: Final = """
UPDATE shipment SET route_id = (
    SELECT route.id FROM route JOIN customer_order AS placed ON placed.id = shipment.order_id
     WHERE route.premises_id = shipment.premises_id
       AND placed.postcode BETWEEN postcode_from AND postcode_to
     ORDER BY postcode_to::integer - postcode_from::integer, code LIMIT 1)
 WHERE route_id IS NULL AND {which}
RETURNING route_id
"""
ASSIGN_ONE: Final = ASSIGN.format(which="id = %(shipment_id)s")
ASSIGN_ALL: Final = ASSIGN.format(
    which="premises_id = %(premises_id)s AND custody IN ('stored', 'picked', 'packed')"
)


def of_shipment(work: Work, shipment_id: UUID) -> Route | None:
    """The route of a shipment, held; None where its postcode is on none."""
    work.sql(ASSIGN_ONE, shipment_id=shipment_id)
    return work.session.exec(
        select(Route)
        .join(Shipment, col(Shipment.route_id) == col(Route.id))
        .where(Shipment.id == shipment_id)
    ).first()


def assign(work: Work, premises_id: UUID) -> None:
    """Give every shipment that is still here its route, where its postcode is on one."""
    work.sql(ASSIGN_ALL, premises_id=premises_id)


def of_premises(session: Session, premises_id: UUID) -> list[Route]:
    """The routes of the premises, by code."""
    return list(
        session.exec(
            select(Route).where(Route.premises_id == premises_id).order_by(col(Route.code))
        )
    )
