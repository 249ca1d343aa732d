"""Pick: the pick list says which bin; the bin, then the goods, are scanned to prove it.

What is reserved is taken first in first out by import line; nothing else may be taken.
"""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import picking
from warehouse.inventory.picking import Pick
from warehouse.operations.floor import leaving, messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, put_down
from warehouse.operations.floor.leaving import Leaving
from warehouse.operations.floor.messages import Message
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.vocabulary import Step, TaskKind
from warehouse.shipments import status
from warehouse.shipments.vocabulary import Custody, ShipmentEvent


def scan_order(turn: Turn) -> Reply:
    """Say where the first goods of the shipment that was scanned are.

    Raises:
        Refused: there is no such shipment, or nothing to pick for it.
    """
    shipment = leaving.by_label(turn, say.ORDER_EXPECTED)
    return _go(turn, shipment, _next(turn, shipment), say.PICK_NEXT)


def scan_bin(turn: Turn) -> Reply:
    """Check that the clerk stands before the right bin.

    Raises:
        Refused: the bin is not the next one.
    """
    shipment = _in_hand(turn)
    goods = _next(turn, shipment)
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    if turn.place != goods.location:
        raise _wrong(turn, say.WRONG_BIN, goods)
    then = turn.go(Step.SCAN_GOODS, location=goods.location_id)
    return Reply(say.TAKE, then, _facts(shipment, goods))


def scan_goods(turn: Turn) -> Reply:
    """Take the goods; say where the next are, or that the shipment is picked.

    Raises:
        Refused: those are other goods, or they were carried elsewhere meanwhile.
    """
    shipment = _in_hand(turn)
    if turn.is_place:
        raise Refused(say.GOODS_EXPECTED, scanned=turn.code)
    goods = _next(turn, shipment)
    if not _is(turn, goods):
        raise _wrong(turn, say.WRONG_GOODS, goods)
    if goods.location_id != turn.uuid("location"):
        return _go(turn, shipment, goods, say.MOVED)
    stage = picking.pick(turn.work, turn.premises_id, goods, scan_id=turn.scan_id)
    if following := picking.next_pick(turn.work, shipment.order_id):
        return _go(turn, shipment, following, say.PICK_NEXT)
    status.record(turn.work, shipment.id, custody=Custody.PICKED)
    turn.work.emit(ShipmentEvent.SHIPMENT_PICKED, shipment.id, number=shipment.number)
    done: dict[str, object] = {"shipment": shipment.number, "location": stage}
    return Reply(say.PICKED, turn.begin(), done)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What is to be taken next, for a page that opens in the middle."""
    shipment = leaving.by_id(work, premises_id, UUID(here.hand["shipment"]))
    goods = picking.next_pick(work, shipment.order_id)
    if goods is None:
        return Reply(say.PICK, here)
    message = say.TAKE if here.step is Step.SCAN_GOODS else say.PICK_NEXT
    return Reply(message, here, _facts(shipment, goods))


def _in_hand(turn: Turn) -> Leaving:
    return leaving.by_id(turn.work, turn.premises_id, turn.uuid("shipment"))


def _next(turn: Turn, shipment: Leaving) -> Pick:
    goods = picking.hold_next_pick(turn.work, shipment.order_id)
    if goods is None:
        raise shipment.refused(say.NOT_TO_PICK)
    return goods


def _go(turn: Turn, shipment: Leaving, goods: Pick, message: Message) -> Reply:
    then = turn.go(Step.SCAN_BIN, shipment=shipment.id, location=None)
    return Reply(message, then, _facts(shipment, goods))


def _facts(shipment: Leaving, goods: Pick) -> dict[str, object]:
    return {
        "shipment": shipment.number,
        "location": goods.location,
        "quantity": goods.quantity,
        "sku": goods.sku,
        "parcel": goods.parcel,
        "left": goods.left,
    }


def _is(turn: Turn, goods: Pick) -> bool:
    """Whether the label is of *goods*: their parcel, their SKU or their GTIN."""
    gtin = turn.label.fields.get("gtin14") or turn.label.fields.get("01")
    return turn.code in (goods.parcel, goods.sku) or (
        goods.gtin is not None and goods.gtin.zfill(14) == gtin
    )


def _wrong(turn: Turn, reason: Message, goods: Pick) -> Refused:
    return Refused(
        reason,
        scanned=turn.code,
        location=goods.location,
        quantity=goods.quantity,
        sku=goods.sku,
        parcel=goods.parcel,
    )


FLOW: Final = Flow(
    TaskKind.PICK,
    "CMD-PICK",
    say.PICK,
    {
        Step.SCAN_ORDER: StepOf(
            scan_order, say.SCAN_ORDER, then=frozenset({Step.SCAN_BIN}), undo=put_down
        ),
        Step.SCAN_BIN: StepOf(
            scan_bin, say.SCAN_BIN, then=frozenset({Step.SCAN_GOODS}), undo=put_down
        ),
        Step.SCAN_GOODS: StepOf(
            scan_goods, say.SCAN_GOODS, then=frozenset({Step.SCAN_BIN, Step.SCAN_ORDER})
        ),
    },
    in_hand=in_hand,
)
