"""Receive: parcel by parcel, as announced; what is said of one afterwards; the end of it all."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import discrepancies, holds, measuring, receipts
from warehouse.inventory.measuring import Measure
from warehouse.inventory.vocabulary import DiscrepancyKind, HoldKind
from warehouse.masterdata.reasons import Reason
from warehouse.operations.floor import (
    at_hand,
    closing,
    messages,
    opening,
    taking_in,
    things,
    unexpected,
)
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import inbound as say
from warehouse.operations.vocabulary import DONE, Step, TaskKind
from warehouse.shipments import arrivals

OPEN: Final = "CMD-OPEN"
"""The barcode that opens the parcel just scanned, to count what is in it."""

DAMAGED: Final = "CMD-DAMAGED"
"""The barcode that says that the parcel just scanned is damaged."""


def scan_parcel(turn: Turn) -> Reply:
    """Receive the parcel that was scanned, or do what was scanned after it.

    Raises:
        Refused: it does not come in here.
        Ask: its number is doubtful, or it was not announced.
    """
    if turn.code in _COMMANDS:
        return _COMMANDS[turn.code](turn)
    if turn.is_place:
        raise Refused(messages.PARCEL_EXPECTED, scanned=turn.code)
    if turn.label.kind in (Kind.WEIGHT, Kind.SIZE):
        return _measure(turn)
    return taking_in.parcel(turn, turn.code) or unexpected.take(turn)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What is being received, for a page that opens in the middle."""
    if here.step is Step.SCAN_CONTENT:
        return opening.in_hand(work, premises_id, here)
    return Reply(say.RECEIVE, here)


def _open(turn: Turn) -> Reply:
    return opening.begin(turn, at_hand.parcel(turn))


def _damaged(turn: Turn) -> Reply:
    """A photo is asked for: without it the receipt is not closed."""
    unit = at_hand.parcel(turn)
    case = discrepancies.open_of_unit(turn.work, DiscrepancyKind.DAMAGED, unit.id)
    if case is None:
        case = discrepancies.open_case(
            turn.work,
            DiscrepancyKind.DAMAGED,
            premises_id=turn.premises_id,
            partner_id=unit.partner_id,
            consignment_id=at_hand.consignment(turn),
            handling_unit_id=unit.id,
        )
        holds.place(
            turn.work,
            HoldKind.DAMAGE,
            Reason.DAMAGED,
            handling_unit_id=unit.id,
            premises_id=turn.premises_id,
            discrepancy_id=case.id,
        )
    facts: dict[str, object] = {
        "parcel": unit.number,
        "discrepancy": case.number,
        "photo_for": str(case.id),
    }
    return Reply(say.DAMAGED, turn.go(Step.SCAN_PARCEL, parcel=unit.id), facts)


def _measure(turn: Turn) -> Reply:
    unit = at_hand.parcel(turn)
    kind = Measure.WEIGHT if turn.label.kind is Kind.WEIGHT else Measure.SIZE
    field = "weight_kg" if kind is Measure.WEIGHT else "litres"
    found = Decimal(str(turn.label.fields[field])).quantize(Decimal("0.001"))
    if not found:
        raise Refused(say.NO_MEASURE, scanned=turn.code)
    measured = measuring.measure(turn.work, unit.id, kind, found)
    facts: dict[str, object] = {"parcel": unit.number, "found": f"{found.normalize():f} {kind}"}
    then = turn.go(Step.SCAN_PARCEL, parcel=unit.id)
    if measured.declared is None:
        return Reply(say.MEASURED_ALONE, then, facts)
    facts["declared"] = f"{measured.declared.normalize():f} {kind}"
    if measured.case is None:
        return Reply(say.MEASURED, then, facts)
    return Reply(say.MEASURED_OFF, then, facts | {"discrepancy": measured.case.number})


def _take_back(turn: Turn, undone: Undone) -> None:
    """What the scan received is awaited again.

    Raises:
        Refused: it did something that stays done.
        ReceiptClosed: the receipt was closed.
        NotReversible: the goods were carried on.
    """
    if undone.code == OPEN or undone.data.get("already"):
        return
    received = receipts.received_by(turn.work, undone.scan_id) or _receptacle(turn, undone)
    if received is None:
        raise Refused(messages.NOT_UNDOABLE, scanned=undone.code)
    unit_id, consignment_id = received
    receipts.await_again(turn.work, unit_id, undone.scan_id, scan_id=turn.scan_id)
    arrivals.reopen(arrivals.lock(turn.work, consignment_id))


def _receptacle(turn: Turn, undone: Undone) -> tuple[UUID, UUID] | None:
    number = undone.data.get("receptacle")
    unit = things.unit_by_number(turn, str(number)) if number else None
    return (unit.id, unit.consignment_id) if unit and unit.consignment_id else None


def _count_again(turn: Turn, undone: Undone) -> None:
    """The last piece is not counted; what is booked stays booked.

    Raises:
        Refused: the count was ended.
    """
    if undone.code == DONE:
        raise Refused(messages.NOT_UNDOABLE, scanned=undone.code)
    put_down(turn, undone)


_COMMANDS: Final[Mapping[str, Callable[[Turn], Reply]]] = {
    OPEN: _open,
    DAMAGED: _damaged,
    DONE: closing.scan_done,
}
_BOTH: Final = frozenset({Step.SCAN_PARCEL, Step.SCAN_CONTENT})

FLOW: Final = Flow(
    TaskKind.RECEIVE,
    "CMD-RECEIVE",
    say.RECEIVE,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            messages.SCAN_PARCEL,
            then=_BOTH,
            knows=frozenset(_COMMANDS),
            together=taking_in.parcels,
            undo=_take_back,
        ),
        Step.SCAN_CONTENT: StepOf(
            opening.scan_content,
            say.SCAN_CONTENT,
            then=_BOTH,
            knows=frozenset({DONE}),
            doubled=False,
            undo=_count_again,
        ),
    },
    in_hand=in_hand,
)
