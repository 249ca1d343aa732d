"""Cancelled orders: what is promised is free, what is picked goes back, nothing leaves."""

import pytest
from sqlmodel import select

from tests.builders import House, a_house, an_order, released, stored_parcel
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.integration.test_picking import add_work, states
from tests.integration.test_scanning_leave import custody, pack, standing
from warehouse.core.work import Work
from warehouse.customs import queries as declarations
from warehouse.inventory.vocabulary import ReservationState
from warehouse.operations.intake import cancelling
from warehouse.operations.intake.cancelling import NotCancellable
from warehouse.operations.models import Assignment
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState
from warehouse.shipments.vocabulary import Custody


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def test_before_the_pick_what_was_promised_is_free_at_once(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 3, "A1")
    order, shipment = an_order(work, house, 3)
    add_work(work, house, shipment)

    cancelling.cancel(work, order)

    assert custody(work, shipment) is Custody.CANCELLED
    assert order.cancelled_at == work.at
    assert pieces(work) == {AssignmentKind.PICK: AssignmentState.CANCELLED}
    an_order(work, house, 3)
    assert outcome(scanner.scan("CMD-PICK", shipment.number)) == ("refused", "not-to-pick")


def test_after_the_pick_the_goods_are_promised_until_they_are_back_in_a_bin(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)

    cancelling.cancel(work, order)
    waiting = states(work, order)
    told = scanner.scan("CMD-PUTBACK", "CMD-NEXT")
    done = scanner.scan("LOC-A2")

    assert waiting == [ReservationState.PICKED]
    assert (outcome(told), told["data"]["goods"]) == (("good", "to-put-back"), ["3 × BAG-1"])
    assert outcome(done) == ("good", "goods-back")
    assert states(work, order) == []
    assert standing(work, house, parcel, "A2") == 3
    assert pieces(work)[AssignmentKind.PUT_BACK] is AssignmentState.DONE
    an_order(work, house, 10)


def test_after_the_release_it_is_revoked_and_the_gate_stays_shut(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)
    released(work, house, order)

    cancelling.cancel(work, order)
    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    release = declarations.release_of_order(work.session, order.id)
    assert release is not None
    assert (release.revoked_at, release.revoked_by) == (work.at, work.actor.name)
    assert outcome(answer) == ("refused", "order-cancelled")


def test_what_is_cancelled_in_the_middle_of_a_pick_is_said_at_the_next_scan(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1")
    cancelling.cancel(work, order)

    answer = scanner.scan(parcel)

    assert outcome(answer) == ("refused", "not-to-pick")
    assert standing(work, house, parcel, "STAGE-1") == 0


def test_what_has_left_or_was_cancelled_is_not_cancelled(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    gone, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)
    released(work, house, gone)
    scanner.scan("CMD-EXIT", shipment.parcel_number)
    cancelled, _ = an_order(work, house, 3)
    cancelling.cancel(work, cancelled)

    for order in (gone, cancelled):
        with pytest.raises(NotCancellable):
            cancelling.cancel(work, order)


def test_only_cancelled_goods_are_put_back_and_only_in_a_bin(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)

    early = scanner.scan("CMD-PUTBACK", shipment.parcel_number)
    cancelling.cancel(work, order)
    scanner.scan(shipment.parcel_number)
    wrong = scanner.scan("LOC-DOCK-1")

    assert outcome(early) == ("refused", "not-to-put-back")
    assert outcome(wrong) == ("refused", "not-a-store")


def pieces(work: Work) -> dict[AssignmentKind, AssignmentState]:
    work.session.expire_all()
    return {each.kind: each.state for each in work.session.exec(select(Assignment))}
