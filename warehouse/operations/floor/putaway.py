"""Put away: a parcel is taken in hand, then a bin says where it goes.

Bonded goods may move inside the bonded zone before customs has accepted their entry.
"""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, inside
from warehouse.inventory.inbound import Parcel
from warehouse.inventory.vocabulary import LocationKind
from warehouse.operations.floor import messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, put_down
from warehouse.operations.floor.messages import inside as say
from warehouse.operations.vocabulary import Step, TaskKind


def scan_parcel(turn: Turn) -> Reply:
    """Take the parcel that was scanned in hand.

    Raises:
        Refused: nothing of it can be carried to a bin.
    """
    if turn.is_place:
        raise Refused(messages.PARCEL_EXPECTED, scanned=turn.code)
    parcel = inbound.parcel_by_number(turn.work, turn.premises_id, turn.code)
    if parcel is None:
        raise Refused(messages.UNKNOWN_PARCEL, parcel=turn.code)
    if parcel.received_at is None:
        raise Refused(say.NOT_RECEIVED, parcel=turn.code)
    if not inside.movable(parcel):
        raise Refused(say.NOTHING_LEFT, parcel=turn.code)
    return _holding(parcel, turn.go(Step.SCAN_LOCATION, parcel=parcel.id))


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What the clerk holds, for a page that opens in the middle."""
    return _holding(inbound.parcel_by_id(work, premises_id, UUID(here.hand["parcel"])), here)


def scan_location(turn: Turn) -> Reply:
    """Put the parcel in hand into the bin that was scanned.

    Raises:
        Refused: that is not a bin, or all of the parcel is there already.
        LocationNotFound: there is no such place here.
    """
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    target = inbound.place(turn.work, turn.premises_id, turn.place)
    if target.kind != LocationKind.STORE:
        raise Refused(say.NOT_A_BIN, location=target.code)
    moved = inside.put_away(
        turn.work, turn.premises_id, turn.uuid("parcel"), target, scan_id=turn.scan_id
    )
    if not moved.standing:
        raise Refused(say.ALREADY_THERE, parcel=moved.number, location=target.code)
    facts: dict[str, object] = {"parcel": moved.number, "location": target.code}
    return Reply(say.STORED, turn.begin(), facts)


def _holding(parcel: Parcel, then: Dialogue) -> Reply:
    places = sorted({each.location for each in inside.movable(parcel)})
    return Reply(say.PARCEL_IN_HAND, then, {"parcel": parcel.number, "at": places})


FLOW: Final = Flow(
    TaskKind.PUT_AWAY,
    "CMD-PUTAWAY",
    say.PUT_AWAY,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            messages.SCAN_PARCEL,
            then=frozenset({Step.SCAN_LOCATION}),
            undo=put_down,
        ),
        Step.SCAN_LOCATION: StepOf(
            scan_location, say.SCAN_LOCATION, then=frozenset({Step.SCAN_PARCEL})
        ),
    },
    in_hand=in_hand,
)
