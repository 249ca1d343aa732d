"""Put away: a parcel is taken in hand, then a bin says where it goes.

Bonded goods may move inside the bonded zone before customs has accepted their entry.
"""

from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound
from warehouse.inventory.inbound import Parcel
from warehouse.inventory.vocabulary import LocationKind
from warehouse.operations.floor import dialogue, messages
from warehouse.operations.floor.dialogue import Dialogue, Reply, Turn
from warehouse.operations.floor.errors import Refused
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
        raise Refused(messages.NOT_RECEIVED, parcel=turn.code)
    if not inbound.movable(parcel):
        raise Refused(messages.NOTHING_LEFT, parcel=turn.code)
    then = turn.dialogue._replace(step=Step.SCAN_LOCATION, handling_unit_id=parcel.id)
    return _holding(parcel, then)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What the clerk holds, for a page that opens in the middle."""
    assert here.handling_unit_id is not None, "the parcel was scanned first"
    return _holding(inbound.parcel_by_id(work, premises_id, here.handling_unit_id), here)


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
        raise Refused(messages.NOT_A_BIN, location=target.code)
    assert turn.dialogue.handling_unit_id is not None, "the parcel was scanned first"
    moved = inbound.put_away(
        turn.work, turn.premises_id, turn.dialogue.handling_unit_id, target, scan_id=turn.scan_id
    )
    if not moved.standing:
        raise Refused(messages.ALREADY_THERE, parcel=moved.number, location=target.code)
    facts: dict[str, object] = {"parcel": moved.number, "location": target.code}
    return Reply(messages.STORED, dialogue.begin(TaskKind.PUT_AWAY), facts)


def _holding(parcel: Parcel, then: Dialogue) -> Reply:
    places = sorted({each.location for each in inbound.movable(parcel)})
    return Reply(messages.PARCEL_IN_HAND, then, {"parcel": parcel.number, "at": places})
