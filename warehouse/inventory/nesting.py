"""What lies in what: containers are set up, parcels and containers put into them, as a tree."""

from typing import Final
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import admission, inside, standing
from warehouse.inventory.errors import (
    ContainerNotFound,
    NestsInItself,
    NestsTooDeep,
    ParcelNotFound,
    PlaceOfContainerUnknown,
    UnitMoved,
)
from warehouse.inventory.inbound import Place
from warehouse.inventory.inside import Carried
from warehouse.inventory.standing import WITHIN, Unit
from warehouse.inventory.vocabulary import StockEvent, UnitKind

DEEPEST: Final = 5
"""So many units lie in one another at most, the parcel and the outermost container counted."""

_HEIGHT: Final = "{within} SELECT max(depth) FROM within"
HEIGHT: Final = _HEIGHT.format(within=WITHIN)
AROUND: Final = """
WITH RECURSIVE around AS (
    SELECT id, parent_id FROM handling_unit WHERE id = %(id)s
    UNION ALL
    SELECT unit.id, unit.parent_id FROM handling_unit AS unit
      JOIN around ON around.parent_id = unit.id
)
SELECT id FROM around
"""

SET_UP: Final = """
INSERT INTO handling_unit (id, premises_id, kind, number, location_id, received_at, announced)
VALUES (%(id)s, %(premises_id)s, %(kind)s, %(number)s, %(location_id)s, %(at)s, true)
ON CONFLICT (premises_id, number) DO NOTHING
"""


def nest(
    work: Work, premises_id: UUID, unit_id: UUID, container_id: UUID, *, scan_id: UUID
) -> Carried:
    """Put a parcel or container into a container, wherever that stands.

    Raises:
        ContainerNotFound: that is a parcel, or not in these premises.
        NestsInItself, NestsTooDeep: the containers would not be a tree, or too deep a one.
        PlaceOfContainerUnknown: nobody has put the container down.
        ParcelNotFound, NotReceived, NotABin, LocationLocked, MayNotStand: as `inside.move`.
    """
    inside.hold_nesting(work, premises_id)
    unit, container = _hold_both(work, premises_id, unit_id, container_id)
    around = [row[0] for row in work.sql(AROUND, id=container.id)]
    if unit.id in around:
        raise NestsInItself(unit=unit.number, container=container.number)
    [height] = work.sql(HEIGHT, id=unit.id).fetchone() or (0,)
    if height + len(around) > DEEPEST:
        raise NestsTooDeep(unit=unit.number, container=container.number, most=DEEPEST)
    target = _place_of(work, container)
    moved = inside.carry(work, premises_id, unit, target, scan_id, outermost=around[-1])
    carried = inside.carried(unit, moved, laid=inside.lay(work, unit, container.id, target.id))
    if carried.changed:
        work.emit(StockEvent.UNIT_NESTED, unit.id, unit=unit.number, container=container.number)
    return carried


def set_up(work: Work, premises_id: UUID, kind: UnitKind, number: str, place: Place) -> UUID:
    """A new, empty container *number* that stands in *place*; return its id.

    Raises:
        NotABin: nothing is put down there.
        LocationLocked, MayNotStand: see `admission.admit`.
        UnitMoved: somebody has set it up just now.
    """
    inside.require(place, inside.RESTING)
    key = ids.new_id()
    admission.admit(work, premises_id, admission.approach(work, place), (), units=[key])
    made = work.sql(
        SET_UP,
        id=key,
        premises_id=premises_id,
        kind=kind,
        number=number,
        location_id=place.id,
        at=work.at,
    )
    if made.rowcount == 0:
        raise UnitMoved(unit=number)
    work.emit(StockEvent.UNIT_SET_UP, key, number=number, kind=kind.value)
    return key


def _hold_both(
    work: Work, premises_id: UUID, unit_id: UUID, container_id: UUID
) -> tuple[Unit, Unit]:
    found = {
        each.id: each for each in standing.hold_rows(work, premises_id, [unit_id, container_id])
    }
    if unit_id not in found:
        raise ParcelNotFound(parcel=str(unit_id))
    container = found.get(container_id)
    if container is None or not container.is_container:
        raise ContainerNotFound(number=container.number if container else str(container_id))
    return found[unit_id], container


def _place_of(work: Work, container: Unit) -> Place:
    if container.location_id is None:
        raise PlaceOfContainerUnknown(container=container.number)
    [place] = standing.places(work, [container.location_id])
    return place
