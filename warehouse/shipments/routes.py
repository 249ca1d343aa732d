"""Routes: which lane a parcel is staged in, and who fetches it, by the postcode it goes to."""

from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Work
from warehouse.shipments.errors import CodeInUse, PostcodesReversed, RouteNotFound
from warehouse.shipments.models import Route, Shipment

# Of a shipment.  The narrowest range of postcodes goes before wider ones.
BY_POSTCODE: Final = """
(SELECT route.id FROM route JOIN customer_order AS placed ON placed.id = shipment.order_id
  WHERE route.premises_id = shipment.premises_id
    AND placed.postcode BETWEEN postcode_from AND postcode_to
  ORDER BY postcode_to::integer - postcode_from::integer, code LIMIT 1)
"""
_ASSIGN: Final = "UPDATE shipment SET route_id = {route} WHERE route_id IS NULL AND id {which}"
ASSIGN_ONE: Final = _ASSIGN.format(route=BY_POSTCODE, which="= %(shipment_id)s")

# What somebody has in hand is left for the next time.
ASSIGN_ALL: Final = _ASSIGN.format(
    route=BY_POSTCODE,
    which=f"""
    IN (SELECT id FROM shipment
         WHERE premises_id = %(premises_id)s AND custody IN ('stored', 'picked', 'packed')
           AND route_id IS NULL AND {BY_POSTCODE} IS NOT NULL
           FOR NO KEY UPDATE SKIP LOCKED)
    """,  # noqa: S608 (no words of a user)
)


def add(
    work: Work,
    premises_id: UUID,
    code: str,
    names: tuple[str, str],
    postcodes: tuple[str, str],
    stage_id: UUID,
) -> Route:
    """Set up the route *code*, of so many *postcodes*, with a lane; *names* are Thai and English.

    Raises:
        CodeInUse: there is one of that code.
        PostcodesReversed: the range ends before it begins.
    """
    first, last = postcodes
    if first > last:
        raise PostcodesReversed(first=first, last=last)
    if any(each.code == code for each in of_premises(work.session, premises_id)):
        raise CodeInUse(code=code)
    route = Route(
        premises_id=premises_id,
        code=code,
        name_th=names[0],
        name_en=names[1],
        postcode_from=first,
        postcode_to=last,
        stage_id=stage_id,
    )
    work.session.add(route)
    work.session.flush()
    return route


def by_code(session: Session, premises_id: UUID, code: str) -> Route:
    """The route *code* of the premises.

    Raises:
        RouteNotFound: there is none.
    """
    for route in of_premises(session, premises_id):
        if route.code == code:
            return route
    raise RouteNotFound(code=code)


def of_shipment(work: Work, shipment_id: UUID) -> Route | None:
    """The route of a shipment, which is held; None where its postcode is on none."""
    work.sql(ASSIGN_ONE, shipment_id=shipment_id)
    return work.session.exec(
        select(Route)
        .join(Shipment, col(Shipment.route_id) == col(Route.id))
        .where(Shipment.id == shipment_id)
    ).first()


def assign(work: Work, premises_id: UUID) -> None:
    """Give the shipments that are still here their routes, where their postcodes are on one.

    Those that somebody holds are passed over.
    """
    work.sql(ASSIGN_ALL, premises_id=premises_id)


def of_premises(session: Session, premises_id: UUID) -> list[Route]:
    """The routes of the premises, by code."""
    return list(
        session.exec(
            select(Route).where(Route.premises_id == premises_id).order_by(col(Route.code))
        )
    )
