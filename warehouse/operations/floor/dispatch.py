"""Exit: the gate asks for the release; then goods, books and status leave together, once.

Customs draws down the release, inventory issues the stock, shipments tells the partner.
"""

from typing import Final

from warehouse.customs import commands as customs
from warehouse.inventory import outbound
from warehouse.inventory.outbound import Released
from warehouse.operations.floor import leaving, messages
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.vocabulary import Step, TaskKind
from warehouse.shipments import status
from warehouse.shipments.vocabulary import CUSTODY, Custody, ShipmentEvent


def scan_parcel(turn: Turn) -> Reply:
    """Let the parcel that was scanned out of bond into home use (Customs Act s.51).

    Raises:
        Refused: there is no such parcel, it is not packed, or it has left.
        NotReleased, NotDeclared, ReleaseUsed: customs does not let it go.
        ReleaseTooSmall: more was picked than customs lets go.
    """
    shipment = leaving.by_label(turn, messages.PARCEL_EXPECTED)
    if shipment.custody is Custody.DISPATCHED:
        raise Refused(say.ALREADY_EXITED, parcel=shipment.parcel_number, at=shipment.changed_at)
    drawn = customs.draw_down(turn.work, shipment.order_id)
    if shipment.custody not in CUSTODY.before(Custody.DISPATCHED):
        raise shipment.refused(say.NOT_TO_EXIT)
    released = [Released(line.release_line_id, line.lot_id, line.quantity) for line in drawn]
    outbound.issue(turn.work, turn.premises_id, shipment.order_id, released, scan_id=turn.scan_id)
    status.record(turn.work, shipment.id, custody=Custody.DISPATCHED)
    turn.work.emit(ShipmentEvent.SHIPMENT_DISPATCHED, shipment.id, number=shipment.number)
    facts: dict[str, object] = {"parcel": shipment.parcel_number, "shipment": shipment.number}
    return Reply(say.EXITED, turn.dialogue, facts)


FLOW: Final = Flow(
    TaskKind.EXIT,
    "CMD-EXIT",
    say.EXIT,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel, messages.SCAN_PARCEL, then=frozenset({Step.SCAN_PARCEL})
        ),
    },
    offline=False,
)
