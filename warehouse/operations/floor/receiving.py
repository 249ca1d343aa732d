"""Receive: a parcel comes in from abroad, as it was announced."""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound
from warehouse.operations.floor import messages
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn
from warehouse.operations.floor.messages import inbound as say
from warehouse.operations.vocabulary import Step, TaskKind
from warehouse.shipments import commands as shipments

# Of two clerks with the last two parcels, the second waits here and then sees both.
LOCK_CONSIGNMENT: Final = "SELECT FROM consignment WHERE id = %(id)s FOR NO KEY UPDATE"

ANNOUNCED_ELSEWHERE: Final = """
SELECT FROM handling_unit WHERE number = %(number)s AND premises_id <> %(premises_id)s LIMIT 1
"""


def scan_parcel(turn: Turn) -> Reply:
    """Receive the parcel that was scanned.

    A label whose check digit is wrong is taken when just that number was announced: some partners
    print such numbers.  It is said, because it may as well be a misread neighbour.

    Raises:
        Refused: it is not awaited here.
    """
    if turn.is_place:
        raise Refused(messages.PARCEL_EXPECTED, scanned=turn.code)
    receipt = inbound.receive(turn.work, turn.premises_id, turn.code, scan_id=turn.scan_id)
    if receipt is None:
        raise _why_not(turn)
    if receipt.first or receipt.waiting < inbound.MANY:
        _note(turn.work, receipt.consignment_id)
    checked = turn.label.check_ok is not False
    facts: dict[str, object] = {
        "parcel": turn.code,
        "goods": [f"{quantity.normalize():f} × {sku}" for sku, quantity in receipt.goods],
        "location": receipt.location,
    }
    message = say.RECEIVED if checked else say.RECEIVED_UNCHECKED
    return Reply(message, turn.dialogue, facts)


def _note(work: Work, consignment_id: UUID) -> None:
    work.sql(LOCK_CONSIGNMENT, id=consignment_id)
    all_here = inbound.waiting(work, consignment_id) == 0
    shipments.note_receipt(work, consignment_id, all_here=all_here)


def _why_not(turn: Turn) -> Refused:
    parcel = inbound.parcel_by_number(turn.work, turn.premises_id, turn.code)
    if parcel is not None:
        return Refused(say.ALREADY_RECEIVED, parcel=turn.code, at=parcel.received_at)
    elsewhere = turn.work.sql(
        ANNOUNCED_ELSEWHERE, number=turn.code, premises_id=turn.premises_id
    ).fetchone()
    if elsewhere is not None:
        return Refused(say.OTHER_PREMISES, parcel=turn.code)
    if turn.label.check_ok is False:
        return Refused(say.MISREAD, parcel=turn.code)
    return Refused(messages.UNKNOWN_PARCEL, parcel=turn.code)


FLOW: Final = Flow(
    TaskKind.RECEIVE,
    "CMD-RECEIVE",
    say.RECEIVE,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel, messages.SCAN_PARCEL, then=frozenset({Step.SCAN_PARCEL})
        ),
    },
)
