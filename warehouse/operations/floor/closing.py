"""Close a receipt: what came is compared with what was announced, and what differs is a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import floor_policy, receipts
from warehouse.inventory.models import Discrepancy
from warehouse.inventory.receipts import Absent
from warehouse.inventory.vocabulary import FloorRule
from warehouse.masterdata import queries as masterdata
from warehouse.operations.floor import at_hand
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.messages import inbound as say
from warehouse.shipments import arrivals
from warehouse.shipments.errors import ConsignmentNotFound
from warehouse.shipments.models import Consignment

_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Closed:
    """A receipt that was closed, the parcels that did not come, and the cases that it opened."""

    consignment: Consignment
    missing: tuple[str, ...]
    opened: tuple[Discrepancy, ...]
    complete: bool


def scan_done(turn: Turn) -> Reply:
    """Close the receipt of the consignment that is being received.

    Raises:
        Refused: nothing was received, or the receipt is not ready to be closed.
        Ask: parcels are missing.
        ReceiptClosed: it was closed before.
    """
    consignment_id = at_hand.consignment(turn)
    if consignment_id is None:
        raise Refused(say.NO_RECEIPT, scanned=turn.code)
    closed = close(turn.work, turn.premises_id, consignment_id, confirmed=turn.confirmed)
    facts: dict[str, object] = {
        "consignment": closed.consignment.number,
        "missing": len(closed.missing),
        "cases": receipts.cases(turn.work, consignment_id),
        "discrepancies": [each.number for each in closed.opened],
    }
    return Reply(say.CLOSED if closed.complete else say.CLOSED_DIFFERENT, turn.begin(), facts)


def close(work: Work, premises_id: UUID, consignment_id: UUID, *, confirmed: bool) -> Closed:
    """Close the receipt of a consignment; *confirmed*: also without what has not come.

    Raises:
        ConsignmentNotFound: it is not in these premises.
        Refused: a photo is missing, or a parcel that is to be counted was not.
        Ask: parcels are missing, and nobody has confirmed it.
        ReceiptClosed: it was closed before.
    """
    absent = receipts.awaited(work, consignment_id)  # parcels before their consignment
    consignment = arrivals.lock(work, consignment_id)
    if consignment.premises_id != premises_id:
        raise ConsignmentNotFound(number=str(consignment_id))
    arrivals.require_open(consignment)
    _require_evidence(work, consignment)
    missing = tuple(sorted({each.parcel for each in absent}))
    if missing and not confirmed:
        raise _ask(consignment, missing)
    opened = _give_up(work, consignment, absent)
    complete = receipts.cases(work, consignment_id) == 0
    arrivals.close_receipt(work, consignment, complete=complete)
    return Closed(consignment, missing, tuple(opened), complete)


def _ask(consignment: Consignment, missing: Sequence[str]) -> Ask:
    return Ask(
        say.SOME_MISSING,
        consignment=consignment.number,
        missing=len(missing),
        parcels=list(missing[:_TOLD]),
    )


def _give_up(work: Work, consignment: Consignment, absent: Sequence[Absent]) -> list[Discrepancy]:
    if not absent:
        return []
    return receipts.give_up(work, consignment.premises_id, consignment.id, absent)


def _require_evidence(work: Work, consignment: Consignment) -> None:
    if unproved := receipts.without_photo(work, consignment.id):
        number, discrepancy_id = unproved
        raise Refused(
            say.PHOTO_FIRST,
            consignment=consignment.number,
            discrepancy=number,
            photo_for=str(discrepancy_id),
        )
    partner = masterdata.partner_by_id(work.session, consignment.partner_id)
    blind = floor_policy.allows(
        work.session, FloorRule.BLIND_RECEIVING, work.today, partner=partner.code
    )
    uncounted = receipts.uncounted(work, consignment.id) if blind else None
    if uncounted:
        raise Refused(say.COUNT_FIRST, consignment=consignment.number, parcel=uncounted)
