"""Picked goods that are held are carried to the place for held goods, tote or parcel and all."""

from uuid import UUID

from warehouse.inventory import inbound, taking_back, totes
from warehouse.inventory.standing import Unit
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Turn, Undone
from warehouse.operations.floor.messages import inside as say
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, Step


def take_in_hand(turn: Turn, unit: Unit, directed: str | None) -> Reply:
    """Take a tote or a picked parcel in hand, if there are goods in it.

    Raises:
        Refused: there is nothing in it.
    """
    picked = totes.picked(turn.work, unit.id)
    if not picked:
        raise Refused(say.NOTHING_LEFT, parcel=unit.number)
    at = sorted({each.location for each in picked})
    hand = {"picked": unit.id, "number": unit.number, "stood": unit.location_id}
    then = turn.go(Step.SCAN_LOCATION, **hand, directed=directed)
    facts: dict[str, object] = {"parcel": unit.number, "at": at}
    if directed is None:
        return Reply(say.PARCEL_IN_HAND, then, facts)
    return Reply(say.DIRECTED, then, facts | {"location": directed})


def put_down(turn: Turn) -> Reply:
    """Put what is in hand into the place that was scanned; the task that asked for it is done.

    Raises:
        Refused: it stands there already.
        LocationNotFound, NotABin, LocationLocked, MayNotStand: it cannot stand there.
    """
    target = inbound.place(turn.work, turn.premises_id, turn.place)
    unit_id = turn.uuid("picked")
    asked = assignments.find(turn.work, AssignmentKind.RELOCATE, handling_unit_id=unit_id)
    moved = totes.set_aside(turn.work, turn.premises_id, unit_id, target, scan_id=turn.scan_id)
    facts: dict[str, object] = {"parcel": turn.hand["number"], "location": target.code}
    if not moved:
        raise Refused(say.ALREADY_THERE, **facts)
    if asked is not None:
        assignments.done(turn.work, asked)
    return Reply(say.STORED, turn.begin(), facts)


def undo(turn: Turn, undone: Undone) -> None:
    """Carry it back by counter-entries, and ask for it again."""
    unit_id, stood = UUID(undone.hand["picked"]), undone.hand.get("stood")
    taking_back.counter(turn.work, turn.premises_id, undone.scan_id, turn.scan_id)
    totes.settle(turn.work, unit_id, stood and UUID(stood))
    assignments.add(turn.work, AssignmentKind.RELOCATE, turn.premises_id, handling_unit_id=unit_id)
