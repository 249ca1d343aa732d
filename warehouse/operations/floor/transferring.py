"""Transfer in: goods that another bonded warehouse sent arrive, under the seal they left with."""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import discrepancies, disposals, inbound
from warehouse.inventory.models import Disposal
from warehouse.inventory.vocabulary import (
    DISPOSAL_STATE_NAMES,
    DiscrepancyKind,
    DisposalState,
    LocationKind,
)
from warehouse.operations.bond import transferring
from warehouse.operations.floor import messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import onward as say
from warehouse.operations.vocabulary import Step, TaskKind

DONE: Final = "CMD-DONE"


def scan_disposal(turn: Turn) -> Reply:
    """Find the transfer that is on its way here.

    Raises:
        DisposalNotFound: there is no such paper.
        Refused: it does not come here, or it has been received.
    """
    found = disposals.by_number(turn.work.session, turn.code)
    disposal = disposals.lock(turn.work, found.id)
    if disposal.to_premises_id != turn.premises_id or disposal.state is not DisposalState.UNDER_WAY:
        raise _refused(disposal)
    step = Step.SCAN_PARCEL if disposal.seal_found else Step.SCAN_SEAL
    return _awaited(turn.work, disposal, turn.go(step, disposal=disposal.id))


def scan_seal(turn: Turn) -> Reply:
    """Compare the seal with the one that the goods left under."""
    disposal = _held(turn)
    disposal.seal_found = turn.code
    turn.work.session.flush()
    facts: dict[str, object] = {"seal": disposal.seal, "found": turn.code}
    then = turn.go(Step.SCAN_PARCEL)
    if turn.code == disposal.seal:
        return Reply(say.SEAL_INTACT, then, facts)
    case = discrepancies.open_case(
        turn.work,
        DiscrepancyKind.SEAL,
        premises_id=turn.premises_id,
        partner_id=disposal.partner_id,
        disposal_id=disposal.id,
        expected=disposal.seal,
        found=turn.code,
    )
    return Reply(say.SEAL_BROKEN, then, facts | {"case": case.number, "photo_for": str(case.id)})


def scan_parcel(turn: Turn) -> Reply:
    """Take a parcel in, or close the transfer.

    Raises:
        Refused: the parcel is not part of it, or is here already.
        Ask: parcels are missing; the same command again closes it short.
    """
    disposal = _held(turn)
    if turn.label.kind is Kind.COMMAND:
        return _close(turn, disposal)
    if turn.is_place:
        raise Refused(messages.PARCEL_EXPECTED, scanned=turn.code)
    awaited = transferring.on_the_way(turn.work, disposal)
    sent = [each for each in awaited if each.parcel == turn.code]
    if not sent:
        raise Refused(say.NOT_IN_TRANSFER, parcel=turn.code, number=disposal.number)
    intact = disposal.seal_found == disposal.seal
    kind = LocationKind.RECEIVE if intact else LocationKind.INSPECTION
    dock = inbound.place_of_kind(turn.work, turn.premises_id, kind)
    transferring.receive(turn.work, turn.premises_id, disposal, sent, dock, scan_id=turn.scan_id)
    left = len({each.parcel for each in awaited} - {turn.code})
    facts: dict[str, object] = {"parcel": turn.code, "location": dock.code, "left": left}
    return Reply(say.TRANSFERRED, turn.dialogue, facts)


def in_hand(work: Work, _premises_id: UUID, here: Dialogue) -> Reply:
    """What is still to come, for a page that opens in the middle."""
    if "disposal" not in here.hand:
        return Reply(say.TRANSFER_IN, here)
    return _awaited(work, disposals.lock(work, UUID(here.hand["disposal"])), here)


def _close(turn: Turn, disposal: Disposal) -> Reply:
    left = len({each.parcel for each in transferring.on_the_way(turn.work, disposal)})
    if left and not turn.confirmed:
        raise Ask(say.REALLY_ALL, number=disposal.number, left=left)
    missing = transferring.close(turn.work, disposal, scan_id=turn.scan_id)
    facts: dict[str, object] = {"number": disposal.number, "parcels": missing}
    return Reply(say.TRANSFER_SHORT if missing else say.TRANSFER_CLOSED, turn.begin(), facts)


def _held(turn: Turn) -> Disposal:
    disposal = disposals.lock(turn.work, turn.uuid("disposal"))
    if disposal.state is not DisposalState.UNDER_WAY:
        raise _refused(disposal)
    return disposal


def _awaited(work: Work, disposal: Disposal, then: Dialogue) -> Reply:
    parcels = {each.parcel for each in transferring.on_the_way(work, disposal)}
    return Reply(say.SEAL_OF, then, {"number": disposal.number, "parcels": len(parcels)})


def _refused(disposal: Disposal) -> Refused:
    state = DISPOSAL_STATE_NAMES[disposal.state]
    return Refused(say.NOT_SENT, number=disposal.number, state=state)


FLOW: Final = Flow(
    TaskKind.TRANSFER_IN,
    "CMD-TRANSFER-IN",
    say.TRANSFER_IN,
    {
        Step.SCAN_DISPOSAL: StepOf(
            scan_disposal,
            say.SCAN_DISPOSAL,
            then=frozenset({Step.SCAN_SEAL, Step.SCAN_PARCEL}),
        ),
        Step.SCAN_SEAL: StepOf(scan_seal, say.SCAN_FOUND_SEAL, then=frozenset({Step.SCAN_PARCEL})),
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            say.SCAN_ITS_PARCELS,
            then=frozenset({Step.SCAN_PARCEL, Step.SCAN_DISPOSAL}),
            knows=frozenset({DONE}),
        ),
    },
    in_hand=in_hand,
)
