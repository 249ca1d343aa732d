"""Put back: goods of a cancelled order return to the store; until then they stay promised to it."""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, promised
from warehouse.inventory.vocabulary import STORED, LocationKind
from warehouse.operations.floor import leaving, messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, put_down
from warehouse.operations.floor.leaving import Leaving
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import NEXT, AssignmentKind, Step, TaskKind


def scan_parcel(turn: Turn) -> Reply:
    """Say what of the cancelled shipment that was scanned, or of the next, goes back.

    Raises:
        Refused: there is no such shipment, or nothing of it is to be put back.
    """
    if turn.code == NEXT:
        piece = assignments.claim(
            turn.work, AssignmentKind.PUT_BACK, turn.premises_id, turn.person_id
        )
        if piece is None or piece.shipment_id is None:
            raise Refused(say.NOTHING_TO_PUT_BACK)
        shipment_id = piece.shipment_id
    else:
        shipment_id = leaving.named(turn, messages.PARCEL_EXPECTED)
        _asked_for(turn, shipment_id)
    shipment = leaving.by_id(turn.work, turn.premises_id, shipment_id)
    then = turn.go(Step.SCAN_LOCATION, shipment=shipment.id)
    return Reply(say.TO_PUT_BACK, then, _facts(turn.work, shipment))


def scan_location(turn: Turn) -> Reply:
    """Put the goods in hand into the bin that was scanned: they are free again.

    Raises:
        Refused: that is not a bin, or nothing of the shipment is to be put back any more.
        LocationLocked, MayNotStand: they may not stand there.
    """
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    target = inbound.place(turn.work, turn.premises_id, turn.place)
    if LocationKind(target.kind) not in STORED:
        raise Refused(say.NOT_A_STORE, location=target.code)
    piece = _asked_for(turn, turn.uuid("shipment"))
    shipment = leaving.by_id(turn.work, turn.premises_id, turn.uuid("shipment"))
    promised.put_back(turn.work, turn.premises_id, shipment.order_id, target, scan_id=turn.scan_id)
    assignments.done(turn.work, piece)
    facts: dict[str, object] = {"parcel": shipment.parcel_number, "location": target.code}
    return Reply(say.GOODS_BACK, turn.begin(), facts)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What the clerk holds, for a page that opens in the middle."""
    shipment = leaving.by_id(work, premises_id, UUID(here.hand["shipment"]))
    return Reply(say.TO_PUT_BACK, here, _facts(work, shipment))


def _asked_for(turn: Turn, shipment_id: UUID) -> Assignment:
    """The piece of work that asks for it, which is this person's now."""
    piece = assignments.find(turn.work, AssignmentKind.PUT_BACK, shipment_id=shipment_id)
    if piece is None:
        shipment = leaving.by_id(turn.work, turn.premises_id, shipment_id)
        raise shipment.refused(say.NOT_TO_PUT_BACK)
    assignments.take(turn.work, piece, turn.person_id)
    return piece


def _facts(work: Work, shipment: Leaving) -> dict[str, object]:
    goods = promised.packable(work, shipment.order_id)
    return {
        "parcel": shipment.parcel_number,
        "goods": [f"{each.quantity.normalize():f} × {each.sku}" for each in goods],
    }


FLOW: Final = Flow(
    TaskKind.PUT_BACK,
    "CMD-PUTBACK",
    say.PUT_BACK,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            say.SCAN_TO_PUT_BACK,
            then=frozenset({Step.SCAN_LOCATION}),
            knows=frozenset({NEXT}),
            undo=put_down,
        ),
        Step.SCAN_LOCATION: StepOf(
            scan_location, say.SCAN_STORE, then=frozenset({Step.SCAN_PARCEL})
        ),
    },
    in_hand=in_hand,
)
