"""Stage: a packed parcel goes to the lane of its route.  Bonded goods stay bonded there."""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, promised
from warehouse.inventory.models import Location
from warehouse.operations.floor import leaving, messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.leaving import Leaving
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.vocabulary import Step, TaskKind
from warehouse.shipments import queries as shipments
from warehouse.shipments import routes
from warehouse.shipments.models import Route
from warehouse.shipments.vocabulary import Custody


def scan_parcel(turn: Turn) -> Reply:
    """Say to which lane the parcel that was scanned goes.

    Raises:
        Refused: there is no such parcel, it is not packed, or its postcode is on no route.
    """
    shipment = leaving.by_label(turn, messages.PARCEL_EXPECTED)
    route = _route_of(turn, shipment)
    facts: dict[str, object] = {
        "parcel": shipment.parcel_number,
        "location": _lane(turn.work, route),
    }
    return Reply(say.TO_STAGE, turn.go(Step.SCAN_STAGE, shipment=shipment.id), facts)


def scan_lane(turn: Turn) -> Reply:
    """Put the parcel in hand into the lane that was scanned.

    Raises:
        Refused: that is no place, or the lane of another route.
        LocationLocked, MayNotStand: it may not stand there.
    """
    shipment = leaving.by_id(turn.work, turn.premises_id, turn.uuid("shipment"))
    route = _route_of(turn, shipment)
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    lane = inbound.place(turn.work, turn.premises_id, turn.place)
    facts: dict[str, object] = {"parcel": shipment.parcel_number, "location": lane.code}
    if lane.id != route.stage_id:
        right = facts | {"location": _lane(turn.work, route), "route": route.code}
        raise Refused(say.WRONG_LANE, scanned=turn.code, **right)
    promised.carry(turn.work, turn.premises_id, shipment.order_id, lane, scan_id=turn.scan_id)
    return Reply(say.STAGED, turn.begin(), facts)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """Which parcel the clerk holds, and where it goes, for a page that opens in the middle."""
    shipment = leaving.by_id(work, premises_id, UUID(here.hand["shipment"]))
    route = routes.of_shipment(work, shipment.id)
    lane = _lane(work, route) if route else ""
    return Reply(say.TO_STAGE, here, {"parcel": shipment.parcel_number, "location": lane})


def _route_of(turn: Turn, shipment: Leaving) -> Route:
    """The route of a packed shipment."""
    if shipment.custody is not Custody.PACKED:
        raise shipment.refused(say.NOT_TO_STAGE)
    route = routes.of_shipment(turn.work, shipment.id)
    if route is None:
        order = shipments.order_by_id(turn.work.session, shipment.order_id)
        raise Refused(say.NO_ROUTE, postcode=order.postcode)
    return route


def _lane(work: Work, route: Route) -> str:
    return work.session.get_one(Location, route.stage_id).code


def _take_back(turn: Turn, undone: Undone) -> None:
    """The parcel is where it was before it was staged."""
    promised.take_back(turn.work, undone.scan_id, scan_id=turn.scan_id)


FLOW: Final = Flow(
    TaskKind.STAGE,
    "CMD-STAGE",
    say.STAGE,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            messages.SCAN_PARCEL,
            then=frozenset({Step.SCAN_STAGE}),
            undo=put_down,
        ),
        Step.SCAN_STAGE: StepOf(
            scan_lane, say.SCAN_LANE, then=frozenset({Step.SCAN_PARCEL}), undo=_take_back
        ),
    },
    in_hand=in_hand,
)
