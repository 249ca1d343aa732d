"""Dispose: gather the goods of a permitted way out by scan; then they go, all at once."""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.customs.clearing import authorising
from warehouse.inventory import disposals
from warehouse.inventory.errors import DisposalNotFound, NotGathered
from warehouse.inventory.models import Disposal
from warehouse.inventory.vocabulary import (
    DISPOSAL_NAMES,
    DISPOSAL_STATE_NAMES,
    DisposalKind,
    DisposalState,
)
from warehouse.operations.bond import disposing
from warehouse.operations.floor import messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import onward as say
from warehouse.operations.vocabulary import Step, TaskKind

DONE: Final = "CMD-DONE"
SEALED: Final = frozenset({DisposalKind.TRANSFER, DisposalKind.FREE_ZONE, DisposalKind.RE_EXPORT})
"""What leaves in a sealed vehicle."""


def scan_disposal(turn: Turn) -> Reply:
    """Begin to gather what is permitted.

    Raises:
        Refused, DisposalNotFound: there is no such paper here, or it is not its time.
        NotAuthorised, AuthorityNotApproved, AuthorityExpired, AuthorityRevoked: customs has not
            permitted it.
    """
    found = disposals.by_number(turn.work.session, turn.code)
    if found.premises_id != turn.premises_id:
        raise DisposalNotFound(what="Disposal", key=turn.code)
    disposal = disposals.lock(turn.work, found.id)
    authorising.check(turn.work, disposal.id)
    if disposal.state is not DisposalState.AUTHORISED:
        raise _refused(disposal)
    return _to_gather(turn.work, disposal, turn.go(Step.SCAN_PARCEL, disposal=disposal.id))


def scan_parcel(turn: Turn) -> Reply:
    """Bring a parcel, or let everything go.

    Raises:
        NotPartOfDisposal, GoodsHeld: the parcel cannot be taken for it.
        NotGathered: some of it is still to be brought.
    """
    disposal = disposals.lock(turn.work, turn.uuid("disposal"))
    if disposal.state is not DisposalState.AUTHORISED:
        raise _refused(disposal)
    if turn.label.kind is Kind.COMMAND:
        return _done(turn, disposal)
    if turn.is_place:
        raise Refused(messages.PARCEL_EXPECTED, scanned=turn.code)
    authorising.check(turn.work, disposal.id)
    gathered = disposals.gather(turn.work, disposal, turn.code, scan_id=turn.scan_id)
    facts: dict[str, object] = {
        "parcel": gathered.parcel,
        "number": disposal.number,
        "left": gathered.left,
    }
    message = say.GATHERED if gathered.left else say.ALL_GATHERED
    return Reply(message, turn.dialogue, facts)


def scan_seal(turn: Turn) -> Reply:
    """The vehicle is sealed: the goods leave.

    Raises:
        NotAuthorised, AuthorityExpired, AuthorityRevoked, ReleaseUsed: customs stops them.
    """
    disposal = disposals.lock(turn.work, turn.uuid("disposal"))
    disposing.let_go(turn.work, disposal, scan_id=turn.scan_id, seal=turn.code)
    return Reply(say.GONE, turn.begin(), _facts(disposal))


def in_hand(work: Work, _premises_id: UUID, here: Dialogue) -> Reply:
    """What is still to be brought, for a page that opens in the middle."""
    if "disposal" not in here.hand:
        return Reply(say.DISPOSE, here)
    disposal = disposals.lock(work, UUID(here.hand["disposal"]))
    return _to_gather(work, disposal, here)


def _done(turn: Turn, disposal: Disposal) -> Reply:
    if parcels := disposals.missing(turn.work, disposal):
        raise NotGathered(number=disposal.number, parcels=parcels)
    if disposal.kind is DisposalKind.DESTRUCTION:
        return Reply(say.WAITS_FOR_WITNESS, turn.begin(), _facts(disposal))
    if disposal.kind in SEALED:
        return Reply(say.SEAL_NEXT, turn.go(Step.SCAN_SEAL), _facts(disposal))
    disposing.let_go(turn.work, disposal, scan_id=turn.scan_id)
    return Reply(say.GONE, turn.begin(), _facts(disposal))


def _to_gather(work: Work, disposal: Disposal, then: Dialogue) -> Reply:
    facts = _facts(disposal) | {"parcels": disposals.missing(work, disposal)}
    return Reply(say.GATHER, then, facts)


def _facts(disposal: Disposal) -> dict[str, object]:
    return {"number": disposal.number, "kind": DISPOSAL_NAMES[disposal.kind]}


def _refused(disposal: Disposal) -> Refused:
    state = DISPOSAL_STATE_NAMES[disposal.state]
    return Refused(say.NOT_TO_GATHER, number=disposal.number, state=state)


FLOW: Final = Flow(
    TaskKind.DISPOSE,
    "CMD-DISPOSE",
    say.DISPOSE,
    {
        Step.SCAN_DISPOSAL: StepOf(
            scan_disposal, say.SCAN_DISPOSAL, then=frozenset({Step.SCAN_PARCEL})
        ),
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            say.SCAN_ITS_PARCELS,
            then=frozenset({Step.SCAN_PARCEL, Step.SCAN_SEAL, Step.SCAN_DISPOSAL}),
            knows=frozenset({DONE}),
        ),
        Step.SCAN_SEAL: StepOf(scan_seal, say.SCAN_ITS_SEAL, then=frozenset({Step.SCAN_DISPOSAL})),
    },
    in_hand=in_hand,
    offline=False,
)
