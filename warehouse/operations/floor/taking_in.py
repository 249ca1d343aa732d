"""A parcel comes in as it was announced: the hot path of receiving."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound
from warehouse.inventory.inbound import Receipt
from warehouse.inventory.vocabulary import StockEvent
from warehouse.operations.floor import nearness
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import Message
from warehouse.operations.floor.messages import inbound as say
from warehouse.operations.vocabulary import Step
from warehouse.shipments import commands as shipments

# Of two clerks with the last two parcels, the second waits here and then sees both.
LOCK_CONSIGNMENT: Final = "SELECT FROM consignment WHERE id = %(id)s FOR NO KEY UPDATE"


def parcel(turn: Turn, number: str) -> Reply | None:
    """Receive parcel *number*; None if none of that number is awaited here.

    A label whose check digit is wrong is taken when just that number was announced and the clerk
    has compared it: some partners print such numbers, and it may as well be a misread neighbour.

    Raises:
        Ask: the check digit is wrong.
    """
    receipt = inbound.receive(turn.work, turn.premises_id, number, scan_id=turn.scan_id)
    if receipt is None:
        return None
    doubtful = _is_doubtful(turn)
    if doubtful and not turn.confirmed:
        near = nearness.announced(turn.work, turn.premises_id, number)
        raise Ask(say.DOUBTFUL, parcel=number, near=near)
    if doubtful:
        turn.work.emit(StockEvent.UNIT_CONFIRMED, receipt.handling_unit_id, parcel=number)
    if receipt.first or receipt.waiting < inbound.MANY:
        note(turn.work, receipt.consignment_id)
    if receipt.blind:
        facts: dict[str, object] = {"parcel": number, "location": receipt.location}
        return Reply(say.RECEIVED_BLIND, opened(turn, receipt.handling_unit_id), facts)
    return _received(turn, number, receipt, doubtful=doubtful)


def parcels(turns: Sequence[Turn]) -> list[Reply] | None:
    """Receive several parcels at once; None where one of them needs a look of its own."""
    if any(_is_doubtful(turn) or turn.is_place for turn in turns):
        return None
    scans = {turn.code: turn.scan_id for turn in turns}
    receipts = inbound.receive_all(turns[0].work, turns[0].premises_id, scans)
    if len(receipts) < len(turns) or any(
        each.first or each.blind or each.waiting < inbound.MANY for each in receipts.values()
    ):
        return None
    return [_received(turn, turn.code, receipts[turn.code], doubtful=False) for turn in turns]


def note(work: Work, consignment_id: UUID) -> None:
    """Something of the consignment has come."""
    work.sql(LOCK_CONSIGNMENT, id=consignment_id)
    all_here = inbound.waiting(work, consignment_id) == 0
    shipments.note_receipt(work, consignment_id, all_here=all_here)


def opened(turn: Turn, unit_id: UUID) -> Dialogue:
    """The parcel is open, and nothing in it is counted."""
    return turn.begin()._replace(step=Step.SCAN_CONTENT, hand={"parcel": str(unit_id), "tally": []})


def amounts(goods: Iterable[tuple[str, Decimal]]) -> list[str]:
    """SKUs and how much of each, as people read them."""
    return [f"{quantity.normalize():f} × {sku}" for sku, quantity in goods]


def _is_doubtful(turn: Turn) -> bool:
    return turn.label.kind is Kind.S10 and turn.label.check_ok is False


def _received(turn: Turn, number: str, receipt: Receipt, *, doubtful: bool) -> Reply:
    facts: dict[str, object] = {
        "parcel": number,
        "location": receipt.location,
        "goods": amounts(receipt.goods),
    }
    return Reply(_message(receipt, doubtful=doubtful), turn.begin(), facts)


def _message(receipt: Receipt, *, doubtful: bool) -> Message:
    if receipt.inspected:
        return say.RECEIVED_FOR_INSPECTION
    return say.RECEIVED_UNCHECKED if doubtful else say.RECEIVED
