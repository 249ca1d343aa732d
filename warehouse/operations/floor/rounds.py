"""A round of picking: whose it is, which shipments it takes along, in which totes.

Every shipment that is picked is an assignment of one person; lock it before the shipment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from warehouse.access.models import Person
from warehouse.core.work import Work
from warehouse.inventory import picking
from warehouse.inventory.models import HandlingUnit
from warehouse.inventory.picking import Pick, Walk
from warehouse.operations.floor import leaving
from warehouse.operations.floor.dialogue import Hand
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.leaving import Leaving
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState
from warehouse.shipments import status
from warehouse.shipments.vocabulary import Custody, ShipmentEvent

MOST: Final = 6
"""So many shipments are picked together at most: a trolley has room for that many totes."""

# Some of its goods stand in the zone, and wait to be picked.
STANDS_IN_ZONE: Final = """
assignment.shipment_id IN (
    WITH RECURSIVE inside AS (
        SELECT id FROM location WHERE id = :zone
        UNION ALL
        SELECT location.id FROM location JOIN inside ON location.parent_id = inside.id)
    SELECT shipment.id FROM shipment JOIN order_line USING (order_id)
      JOIN reservation ON reservation.order_line_id = order_line.id
     WHERE reservation.state = 'held' AND reservation.location_id IN (SELECT id FROM inside))
"""

HELD_BY_TOTE: Final = """
SELECT DISTINCT shipment.id, shipment.number
  FROM reservation JOIN order_line ON order_line.id = order_line_id
  JOIN shipment USING (order_id)
 WHERE reservation.container_id = %(tote)s AND reservation.state = 'picked'
"""


@dataclass(frozen=True, slots=True)
class Round:
    """Shipments, locked, in the order in which they were taken; each one's tote, if it has one."""

    shipments: Mapping[UUID, Leaving]
    totes: Mapping[UUID, UUID]
    walk: Walk

    def of(self, goods: Pick) -> Leaving:
        """The shipment that *goods* are for."""
        return next(each for each in self.shipments.values() if each.order_id == goods.order_id)

    def tote_of(self, goods: Pick) -> UUID | None:
        """The tote that *goods* go into."""
        return self.totes.get(self.of(goods).id)

    def next_goods(self, work: Work) -> Pick | None:
        """The goods to be taken next, held where they stand."""
        return picking.hold_next_pick(work, self.walk)

    def without_tote(self) -> Leaving | None:
        """The first shipment that has none."""
        return next((each for each in self.shipments.values() if each.id not in self.totes), None)


def take(turn: Turn, shipment_id: UUID) -> Assignment:
    """Make picking the shipment this person's work; somebody else's only when that is confirmed.

    Raises:
        Ask: somebody else is picking it.
    """
    piece = _asked_for(turn, shipment_id)
    if assignments.taken_by_another(piece, turn.person_id) and not turn.confirmed:
        shipment = leaving.by_id(turn.work, turn.premises_id, shipment_id)
        raise Ask(
            say.TAKE_OVER,
            shipment=shipment.number,
            person=_name(turn.work, piece),
            since=piece.taken_at,
        )
    assignments.take(turn.work, piece, turn.person_id)
    return piece


def _asked_for(turn: Turn, shipment_id: UUID) -> Assignment:
    """The piece of work of picking the shipment, asked for now if nobody has planned it.

    Of two who ask at once the second finds what the first added; where that is done by the time it
    looks, it asks anew.
    """
    while True:
        piece = assignments.find(turn.work, AssignmentKind.PICK, shipment_id=shipment_id)
        if piece is not None:
            return piece
        assignments.add(turn.work, AssignmentKind.PICK, turn.premises_id, shipment_id=shipment_id)


def claim(turn: Turn) -> UUID:
    """The shipment that is to be picked next, which is now this person's work.

    Raises:
        Refused: none waits.
    """
    if "zone" in turn.hand:
        zone = text(STANDS_IN_ZONE).bindparams(zone=UUID(turn.hand["zone"]))
        piece = assignments.claim(
            turn.work, AssignmentKind.PICK, turn.premises_id, turn.person_id, among=zone
        )
    else:
        piece = _left_off(turn) or assignments.claim(
            turn.work, AssignmentKind.PICK, turn.premises_id, turn.person_id
        )
    if piece is None or piece.shipment_id is None:
        raise Refused(say.NOTHING_WAITS)
    return piece.shipment_id


def in_hand(turn: Turn, also: UUID | None = None) -> Round:
    """The round that the clerk is on, with *also* one more shipment.

    Raises:
        Refused: somebody took one of its shipments over, or it is not to be picked any more.
    """
    wanted = [UUID(each) for each in turn.hand.get("shipments", ())]
    wanted += [also] if also and also not in wanted else []
    mine = {
        piece.shipment_id
        for piece in assignments.held_by(turn.work, AssignmentKind.PICK, turn.person_id)
    }
    found = leaving.all_of(turn.work, turn.premises_id, wanted)
    for lost in (each for each in wanted if each not in mine):
        raise _lost(turn.work, found[lost])
    return resume(turn.hand, {each: found[each] for each in wanted})


def resume(hand: Hand, shipments: Mapping[UUID, Leaving]) -> Round:
    """The round of *shipments* that is kept in *hand*."""
    totes = {UUID(each): UUID(tote) for each, tote in hand.get("totes", {}).items()}
    walk = Walk(
        tuple(each.order_id for each in shipments.values()),
        zone=UUID(hand["zone"]) if "zone" in hand else None,
        passed=tuple(UUID(each) for each in hand.get("passed", ())),
        missing=tuple(UUID(each) for each in hand.get("missing", ())),
    )
    return Round(shipments, totes, walk)


def refuse_other_wave(turn: Turn, first: UUID, other: Assignment, number: str) -> None:
    """What is picked together is of one wave.

    Raises:
        Refused: *other* is of another wave than shipment *first*.
    """
    ours = assignments.find(turn.work, AssignmentKind.PICK, shipment_id=first)
    if ours is not None and ours.wave_id != other.wave_id:
        raise Refused(say.OTHER_WAVE, shipment=number)


def finish(turn: Turn, shipment: Leaving) -> None:
    """All goods of *shipment* are picked."""
    status.record(turn.work, shipment.id, custody=Custody.PICKED)
    turn.work.emit(ShipmentEvent.SHIPMENT_PICKED, shipment.id, number=shipment.number)
    if piece := assignments.find(turn.work, AssignmentKind.PICK, shipment_id=shipment.id):
        assignments.done(turn.work, piece)


def stop(turn: Turn, shipment: Leaving) -> None:
    """What is left of *shipment* cannot be picked now: it is planned anew as soon as it can."""
    if piece := assignments.find(turn.work, AssignmentKind.PICK, shipment_id=shipment.id):
        assignments.cancel(turn.work, piece)


def open_again(turn: Turn, shipments: Sequence[UUID]) -> None:
    """A pick for one of *shipments* is undone: they are this person's to pick, as before."""
    for key in shipments:
        piece = assignments.find(turn.work, AssignmentKind.PICK, shipment_id=key)
        if piece is None:
            take(turn, key)
        else:
            assignments.take(turn.work, piece, turn.person_id)
    for shipment in leaving.all_of(turn.work, turn.premises_id, shipments).values():
        if shipment.custody is Custody.PICKED:
            status.record(turn.work, shipment.id, custody=Custody.ALLOCATED)


def put_down(turn: Turn, shipments: set[UUID]) -> None:
    """This person's work on *shipments* is anybody's again."""
    for piece in assignments.held_by(turn.work, AssignmentKind.PICK, turn.person_id):
        if piece.shipment_id in shipments:
            assignments.give_back(turn.work, piece)


def in_tote(work: Work, tote_id: UUID) -> list[tuple[UUID, str]]:
    """The shipments, by id and number, that have goods in a tote."""
    return [(key, number) for key, number in work.sql(HELD_BY_TOTE, tote=tote_id)]


def tote_number(work: Work, tote_id: UUID) -> str:
    """What stands on a tote."""
    return work.session.exec(select(HandlingUnit.number).where(HandlingUnit.id == tote_id)).one()


def _left_off(turn: Turn) -> Assignment | None:
    """What the clerk took on earlier, and has not in hand now."""
    mine = assignments.held_by(turn.work, AssignmentKind.PICK, turn.person_id)
    here = turn.hand.get("shipments", ())
    return next((each for each in mine if str(each.shipment_id) not in here), None)


def _lost(work: Work, shipment: Leaving) -> Refused:
    # Only read: whoever takes it over has locked the piece of work, and waits for the shipment.
    holder = work.session.exec(
        select(Assignment).where(
            Assignment.kind == AssignmentKind.PICK,
            Assignment.state == AssignmentState.TAKEN,
            Assignment.shipment_id == shipment.id,
        )
    ).first()
    if holder is None:
        return shipment.refused(say.NOT_TO_PICK)
    return Refused(say.NOT_YOURS, shipment=shipment.number, person=_name(work, holder))


def _name(work: Work, piece: Assignment) -> str:
    """Who has *piece*, as every reader can read it."""
    thai, english = work.session.exec(
        select(Person.name_th, Person.name_en).where(col(Person.id) == piece.person_id)
    ).one()
    return f"{thai} ({english})"
