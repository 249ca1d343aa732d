"""Pack: the picked goods are in the parcel that will leave."""

from typing import Final

from warehouse.operations.floor import leaving, messages
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.flow import Flow, StepOf, Turn
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.vocabulary import Step, TaskKind
from warehouse.shipments import status
from warehouse.shipments.vocabulary import CUSTODY, Custody, ShipmentEvent


def scan_parcel(turn: Turn) -> Reply:
    """Close the parcel that was scanned.

    Raises:
        Refused: there is no such parcel, or it is not to be packed now.
    """
    shipment = leaving.by_label(turn, messages.PARCEL_EXPECTED)
    if shipment.custody not in CUSTODY.before(Custody.PACKED):
        raise shipment.refused(say.NOT_TO_PACK)
    status.record(turn.work, shipment.id, custody=Custody.PACKED)
    turn.work.emit(ShipmentEvent.SHIPMENT_PACKED, shipment.id, number=shipment.number)
    facts: dict[str, object] = {"parcel": shipment.parcel_number, "shipment": shipment.number}
    return Reply(say.PACKED, turn.dialogue, facts)


FLOW: Final = Flow(
    TaskKind.PACK,
    "CMD-PACK",
    say.PACK,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel, messages.SCAN_PARCEL, then=frozenset({Step.SCAN_PARCEL})
        ),
    },
)
