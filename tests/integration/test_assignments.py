"""Pieces of work: each for one person, however many ask at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.builders import House, a_clerk, a_house, an_order, stored_parcel
from tests.integration.test_hammer import as_system
from warehouse import wiring
from warehouse.core.errors import WrongState
from warehouse.core.work import Actor, Event, Work, begin
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState, FloorEvent

CLERKS = 10
PICK = AssignmentKind.PICK


@pytest.fixture
def house(work: Work) -> House:
    made = a_house(work)
    stored_parcel(work, made, 20)
    return made


def test_ten_clerks_who_ask_at_once_get_ten_pieces_of_work(database: Engine) -> None:
    with as_system(database) as work:
        made = a_house(work)
        stored_parcel(work, made, CLERKS)
        for _ in range(CLERKS):
            _, shipment = an_order(work, made, 1)
            assignments.add(work, PICK, made.premises.id, shipment_id=shipment.id)
        clerks = [a_clerk(work, made.premises) for _ in range(CLERKS)]
    barrier = threading.Barrier(CLERKS)

    def claim(clerk: Actor) -> UUID | None:
        assert clerk.id is not None
        with begin(database, clerk, wiring.SUBSCRIBERS) as work:
            barrier.wait()
            piece = assignments.claim(work, PICK, made.premises.id, clerk.id)
            barrier.wait()  # nobody has committed while anybody asks
            return piece.shipment_id if piece else None

    with ThreadPoolExecutor(CLERKS) as threads:
        given = list(threads.map(claim, clerks))

    assert None not in given
    assert len(set(given)) == CLERKS


def test_a_shipment_has_one_pending_piece_of_work_of_a_kind(work: Work, house: House) -> None:
    _, shipment = an_order(work, house, 1)

    first = assignments.add(work, PICK, house.premises.id, shipment_id=shipment.id)
    second = assignments.add(work, PICK, house.premises.id, shipment_id=shipment.id)

    assert first is not None
    assert second is None
    piece = assignments.find(work, PICK, shipment_id=shipment.id)
    assert piece is not None
    assignments.cancel(work, piece)
    assert assignments.add(work, PICK, house.premises.id, shipment_id=shipment.id) is not None


def test_the_most_urgent_is_handed_out_first_then_what_is_due_first(
    work: Work, house: House
) -> None:
    for facts, priority, hours in (("later", 0, 5), ("soon", 0, 1), ("urgent", 9, 8)):
        assignments.add(
            work,
            AssignmentKind.COUNT,
            house.premises.id,
            priority=priority,
            due_at=work.at + timedelta(hours=hours),
            facts={"name": facts},
        )

    given = [claimed(work, house, AssignmentKind.COUNT) for _ in range(4)]

    assert [each and each.facts["name"] for each in given] == ["urgent", "soon", "later", None]


def test_taking_over_is_recorded_with_who_had_it(work: Work, house: House) -> None:
    first, second = a_clerk(work, house.premises), a_clerk(work, house.premises)
    assert first.id is not None
    assert second.id is not None
    assignments.add(work, AssignmentKind.COUNT, house.premises.id)
    piece = assignments.claim(work, AssignmentKind.COUNT, house.premises.id, first.id)
    assert piece is not None

    assert assignments.taken_by_another(piece, second.id)
    assignments.take(work, piece, second.id)

    assert piece.person_id == second.id
    [told] = work.session.exec(select(Event).where(Event.name == FloorEvent.TAKEN_OVER.value))
    assert (told.subject, told.facts["taken_from"]) == (piece.id, str(first.id))


def test_what_is_given_back_is_handed_out_again_and_what_is_done_never(
    work: Work, house: House
) -> None:
    assignments.add(work, AssignmentKind.COUNT, house.premises.id)
    piece = claimed(work, house, AssignmentKind.COUNT)
    assert piece is not None
    assignments.give_back(work, piece)
    again = claimed(work, house, AssignmentKind.COUNT)
    assert again is not None

    assignments.done(work, again)

    assert again.id == piece.id
    assert (again.state, again.done_at) == (AssignmentState.DONE, work.at)
    assert claimed(work, house, AssignmentKind.COUNT) is None
    with pytest.raises(WrongState):
        assignments.cancel(work, again)


def test_another_warehouses_work_is_not_handed_out(work: Work, house: House) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    assignments.add(work, AssignmentKind.COUNT, elsewhere.premises.id)

    assert claimed(work, house, AssignmentKind.COUNT) is None


def claimed(work: Work, house: House, kind: AssignmentKind) -> Assignment | None:
    clerk = a_clerk(work, house.premises)
    assert clerk.id is not None
    return assignments.claim(work, kind, house.premises.id, clerk.id)
