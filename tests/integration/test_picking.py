"""Rounds of picking: several shipments into totes, one zone, goods that are missing, undoing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.builders import (
    House,
    a_clerk,
    a_house,
    added,
    an_order,
    lots_in,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.integration.test_scanning_leave import custody, standing
from warehouse.core.work import Work
from warehouse.inventory import holds, ledger, locks, places, queries
from warehouse.inventory.models import Count, HandlingUnit, Reservation
from warehouse.inventory.vocabulary import (
    CountReason,
    HoldKind,
    LocationKind,
    MovementKind,
    ReservationState,
    UnitKind,
)
from warehouse.masterdata.reasons import Reason
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState
from warehouse.shipments.models import Order, Shipment
from warehouse.shipments.vocabulary import Custody


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


# ── The right goods ──────────────────────────────────────────────────────────────────────────────


def test_a_number_alone_takes_nothing(work: Work, house: House, scanner: Scanner) -> None:
    stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 8)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1")

    answer = scanner.scan("8")

    assert outcome(answer) == ("refused", "item-first")
    assert states(work, order) == [ReservationState.HELD]


def test_one_item_and_a_number_take_them_all(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    _, shipment = an_order(work, house, 8)

    answer = scanner.scan("CMD-PICK", shipment.number, "LOC-A1", "BAG-1", "8")

    assert outcome(answer) == ("good", "picked")
    assert standing(work, house, parcel, "STAGE-1") == 8


def test_more_than_is_wanted_is_refused(work: Work, house: House, scanner: Scanner) -> None:
    stored_parcel(work, house, 10, "A1")
    _, shipment = an_order(work, house, 8)

    answer = scanner.scan("CMD-PICK", shipment.number, "LOC-A1", "BAG-1", "9")

    assert outcome(answer) == ("refused", "too-many")


def test_held_goods_are_not_picked_and_the_reason_is_said(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 8)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1")
    unit = queries.handling_unit_by_number(work.session, house.premises.id, parcel)
    holds.place(
        work,
        HoldKind.CUSTOMS,
        Reason.CUSTOMS_INSPECTION,
        premises_id=house.premises.id,
        handling_unit_id=unit.id,
    )

    answer = scanner.scan(parcel)

    assert outcome(answer) == ("refused", "goods-held")
    assert "Customs will inspect the goods" in answer["message"]["en"]
    assert states(work, order) == [ReservationState.HELD]


def test_nothing_is_taken_from_a_bin_that_is_locked_down(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 10, "A1")
    _, shipment = an_order(work, house, 8)
    scanner.scan("CMD-PICK", shipment.number)
    locks.lock_down(replace(work, actor=house.clerk), house.places["A1"].id, "Broken shelf")

    answer = scanner.scan("LOC-A1")

    assert outcome(answer) == ("refused", "location-locked")


# ── Several at a time ────────────────────────────────────────────────────────────────────────────


def test_several_shipments_are_picked_on_one_walk_into_totes_of_their_own(
    work: Work, house: House, scanner: Scanner
) -> None:
    near, far = stored_parcel(work, house, 4, "A1"), stored_parcel(work, house, 6, "A2")
    first, second = an_order(work, house, 5), an_order(work, house, 5)
    one, two = a_tote(work, house, "TOTE-1"), a_tote(work, house, "TOTE-2")
    asked = scanner.scan("CMD-PICK", first[1].number, second[1].number)

    walked = [
        scanner.scan("TOTE-1"),
        scanner.scan("TOTE-2"),
        scanner.scan("LOC-A1", near, "TOTE-1"),
        scanner.scan("LOC-A2", far, "TOTE-1"),
        scanner.scan("LOC-A2", far, "TOTE-2"),
    ]

    assert (outcome(asked), asked["state"]) == (("good", "give-tote"), "scan_tote")
    assert [each["message"]["code"] for each in walked] == [
        "give-tote", "pick-next", "pick-next", "pick-next", "picked",
    ]  # fmt: skip
    assert [each["data"].get("location") for each in walked[1:4]] == ["A1", "A2", "A2"]
    assert totes(work, first[0]) == {one.id}
    assert totes(work, second[0]) == {two.id}
    assert {custody(work, first[1]), custody(work, second[1])} == {Custody.PICKED}


def test_goods_go_into_no_other_tote_than_that_of_their_shipment(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    first, second = an_order(work, house, 1), an_order(work, house, 1)
    a_tote(work, house, "TOTE-1")
    a_tote(work, house, "TOTE-2")
    scanner.scan("CMD-PICK", first[1].number, second[1].number, "TOTE-1", "TOTE-2")
    scanner.scan("LOC-A1", parcel)

    answers = [scanner.scan(code) for code in ("TOTE-2", "TOTE-9", "LOC-A2")]

    assert [outcome(each) for each in answers] == [("refused", "wrong-tote")] * 3
    assert answers[0]["data"]["tote"] == "TOTE-1"


def test_a_tote_in_use_and_what_is_no_tote_are_refused(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    earlier, *new = (an_order(work, house, 1) for _ in range(3))
    full = a_tote(work, house, "TOTE-1")
    scanner.scan("CMD-PICK", earlier[1].number, "LOC-A1", parcel)
    [reservation] = queries.reservations_of_order(work.session, earlier[0].id)
    reservation.container_id = full.id
    work.session.flush()
    scanner.scan("CMD-PICK", new[0][1].number, new[1][1].number)

    answers = [scanner.scan(code) for code in ("TOTE-1", parcel, "LOC-A1")]

    assert [outcome(each)[1] for each in answers] == ["tote-in-use", "not-a-tote", "not-a-tote"]
    assert answers[0]["data"]["shipment"] == [earlier[1].number]


def test_what_is_passed_over_comes_last(work: Work, house: House, scanner: Scanner) -> None:
    stored_parcel(work, house, 4, "A1", accepted_at=work.at - timedelta(days=1))
    stored_parcel(work, house, 6, "A2")
    _, shipment = an_order(work, house, 6)
    scanner.scan("CMD-PICK", shipment.number)

    answer = scanner.scan("CMD-NEXT")

    assert (outcome(answer), answer["data"]["location"]) == (("good", "pick-next"), "A2")


def test_in_a_zone_only_what_stands_there_is_picked_and_the_rest_is_for_others(
    work: Work, house: House, scanner: Scanner
) -> None:
    zone = places.add(work, house.premises.id, "ZONE-A", "ก", "A", LocationKind.ZONE)
    house.places["A1"].parent_id = zone.id
    work.session.flush()
    near, far = stored_parcel(work, house, 4, "A1"), stored_parcel(work, house, 6, "A2")
    _, shipment = an_order(work, house, 6)
    add_work(work, house, shipment)

    entered = scanner.scan("CMD-PICK", "LOC-ZONE-A")
    answer = scanner.scan("CMD-NEXT", "LOC-A1", near)
    nothing = scanner.scan("CMD-NEXT")
    other = Scanner(work, a_clerk(work, house.premises), device="SCANNER-2")
    rest = other.scan("CMD-PICK", "CMD-NEXT")

    assert (outcome(entered), entered["state"]) == (("good", "in-zone"), "scan_order")
    assert outcome(answer) == ("good", "zone-picked")
    assert outcome(nothing) == ("refused", "nothing-waits")
    assert (rest["data"]["location"], rest["data"]["parcel"]) == ("A2", far)


def test_a_place_that_is_no_zone_is_not_entered(work: Work, house: House, scanner: Scanner) -> None:
    answer = scanner.scan("CMD-PICK", "LOC-A1")

    assert outcome(answer) == ("refused", "not-a-zone")


# ── Whose work it is ─────────────────────────────────────────────────────────────────────────────


def test_anothers_pick_list_is_taken_over_on_a_second_scan_and_that_is_recorded(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 4, "A1")
    _, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1")
    other = Scanner(work, a_clerk(work, house.premises), device="SCANNER-2")

    asked = other.scan("CMD-PICK", shipment.number)
    taken = other.scan(shipment.number)
    lost = scanner.scan(parcel)
    done = other.scan("LOC-A1", parcel)

    assert (outcome(asked), asked["asks"]) == (("warning", "take-over"), True)
    assert asked["data"]["person"] == "สมชาย (Somchai)"
    assert outcome(taken) == ("good", "pick-next")
    assert outcome(lost) == ("refused", "not-yours")
    assert outcome(done) == ("good", "picked")


def test_who_left_a_task_goes_on_with_it_when_asking_for_the_next(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 4, "A1")
    orders = [an_order(work, house, 1) for _ in range(2)]
    for _, shipment in orders:
        add_work(work, house, shipment)
    begun = scanner.scan("CMD-PICK", "CMD-NEXT")
    scanner.scan("CMD-CANCEL", "CMD-CANCEL")

    answer = scanner.scan("CMD-PICK", "CMD-NEXT")

    assert answer["data"] == begun["data"]


# ── Missing goods ────────────────────────────────────────────────────────────────────────────────


def test_missing_goods_are_counted_and_the_rest_is_picked_from_another_bin_of_the_very_lot(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 4)
    spread(work, house, parcel, Decimal(5), "A1", "A2")

    short = scanner.scan("CMD-PICK", shipment.number, "LOC-A1", "BAG-1", "3", "CMD-SHORT")
    done = scanner.scan("LOC-A2", parcel)

    assert outcome(short) == ("warning", "short-elsewhere")
    assert (short["data"]["missing"], short["data"]["location"]) == ("1", "A2")
    assert outcome(done) == ("good", "picked")
    assert sorted(each.quantity for each in promises(work, order)) == [1, 3]
    [count] = work.session.exec(select(Count)).all()
    assert (count.location_id, count.reason) == (house.places["A1"].id, CountReason.REQUESTED)


def test_what_is_missing_everywhere_waits_for_the_count(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 4, "A1")
    order, shipment = an_order(work, house, 4)

    answer = scanner.scan("CMD-PICK", shipment.number, "LOC-A1", "CMD-SHORT")

    assert (outcome(answer), answer["state"]) == (("warning", "short"), "scan_order")
    assert states(work, order) == [ReservationState.HELD]
    assert custody(work, shipment) is Custody.ALLOCATED
    kinds = {each.kind: each.state for each in work.session.exec(select(Assignment))}
    assert kinds == {
        AssignmentKind.PICK: AssignmentState.CANCELLED,
        AssignmentKind.COUNT: AssignmentState.OPEN,
    }


# ── Undoing ──────────────────────────────────────────────────────────────────────────────────────


def test_a_pick_is_undone_and_the_goods_are_promised_in_their_bin_again(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 4, "A1")
    order, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1", parcel)

    undone = scanner.scan("CMD-UNDO")
    left = [custody(work, shipment), *states(work, order), standing(work, house, parcel, "STAGE-1")]
    again = scanner.scan(parcel)

    assert outcome(undone) == ("good", "undone")
    assert left == [Custody.ALLOCATED, ReservationState.HELD, 0]
    assert outcome(again) == ("good", "picked")


def test_a_task_that_is_undone_is_anybodys_again(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 4, "A1")
    _, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number)

    scanner.scan("CMD-UNDO")

    [piece] = work.session.exec(select(Assignment)).all()
    work.session.refresh(piece)
    assert (piece.state, piece.person_id) == (AssignmentState.OPEN, None)


def a_tote(work: Work, house: House, number: str) -> HandlingUnit:
    return added(
        work,
        HandlingUnit(premises_id=house.premises.id, number=number, kind=UnitKind.TOTE),
    )


def promises(work: Work, order: Order) -> list[Reservation]:
    work.session.expire_all()
    return list(queries.reservations_of_order(work.session, order.id))


def states(work: Work, order: Order) -> list[ReservationState]:
    return [each.state for each in promises(work, order)]


def totes(work: Work, order: Order) -> set[object]:
    return {each.container_id for each in promises(work, order)}


def add_work(work: Work, house: House, shipment: Shipment) -> None:
    assignments.add(work, AssignmentKind.PICK, house.premises.id, shipment_id=shipment.id)


def spread(
    work: Work, house: House, parcel: str, quantity: Decimal, source: str, target: str
) -> None:
    """Carry *quantity* of a parcel's goods that nobody was promised to another bin."""
    [lot] = lots_in(work, house, parcel)
    ledger.lock(work, [lot.id])
    line = ledger.Line(lot.id, house.places[source].id, quantity, under_bond=True)
    ledger.post(work, MovementKind.MOVE, [line], target_id=house.places[target].id)
