"""Moving inside the hall: parcels, containers, whole bins; what lies in what is a tree."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from tests.builders import (
    House,
    a_house,
    a_parcel,
    an_order,
    as_actor,
    lots_in,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from warehouse.core import ids
from warehouse.core.errors import WarehouseError
from warehouse.core.work import Work
from warehouse.inventory import inbound, inside, locks, nesting, queries, standing
from warehouse.inventory.models import Balance, HandlingUnit, Location, Movement
from warehouse.inventory.vocabulary import MovementKind, UnitKind


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def places_of(work: Work, house: House, parcel: str) -> dict[str, Decimal]:
    lots = [lot.id for lot in lots_in(work, house, parcel)]
    return dict(
        work.session.exec(
            select(Location.code, Balance.quantity)
            .join(Balance, col(Balance.location_id) == col(Location.id))
            .where(col(Balance.lot_id).in_(lots), Balance.quantity > 0)
        ).all()
    )


def unit(work: Work, house: House, number: str) -> HandlingUnit:
    found = queries.handling_unit_by_number(work.session, house.premises.id, number)
    work.session.refresh(found)
    return found


def moves(work: Work) -> Sequence[Movement]:
    return work.session.exec(select(Movement).where(Movement.kind == MovementKind.MOVE)).all()


def a_container(
    work: Work, house: House, number: str, place: str = "A1", *, kind: UnitKind = UnitKind.CAGE
) -> HandlingUnit:
    target = inbound.place(work, house.premises.id, place)
    nesting.set_up(work, house.premises.id, kind, number, target)
    return unit(work, house, number)


def test_a_parcel_moves_to_another_place(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")

    answer = scanner.scan("CMD-MOVE", parcel, "LOC-HOLD-1")

    assert outcome(answer) == ("good", "moved")
    assert places_of(work, house, parcel) == {"HOLD-1": 10}


def test_a_new_label_sets_a_container_up_once_the_clerk_has_said_yes(
    work: Work, house: House, scanner: Scanner
) -> None:
    asked = scanner.scan("CMD-MOVE", "TOTE-7")
    agreed = scanner.scan("TOTE-7")
    answer = scanner.scan("LOC-A1")

    tote = unit(work, house, "TOTE-7")
    assert outcome(asked) == ("warning", "new-container")
    assert outcome(agreed) == ("good", "new-in-hand")
    assert outcome(answer) == ("good", "moved")
    assert (tote.kind, tote.location_id) == (UnitKind.TOTE, house.places["A1"].id)


def test_a_shipping_container_code_sets_a_pallet_up(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")

    scanner.scan("CMD-MOVE", parcel, "006141411234567890", "006141411234567890")

    pallet = unit(work, house, "006141411234567890")
    assert (pallet.kind, pallet.location_id) == (UnitKind.PALLET, house.places["A1"].id)
    assert unit(work, house, parcel).parent_id == pallet.id


@pytest.mark.parametrize("label", ["BOX-1", "006141411234567891", "TOTE-", "CMD-TOTE", "TOTE-ก"])
def test_other_labels_set_nothing_up(
    work: Work, house: House, scanner: Scanner, label: str
) -> None:
    answer = scanner.scan("CMD-MOVE", label, label)

    assert answer["tone"] == "refused"
    assert work.session.exec(select(HandlingUnit)).all() == []


def test_a_container_moves_as_one_with_a_movement_for_each_lot(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcels = [stored_parcel(work, house, 10, "A1") for _ in range(3)]
    a_container(work, house, "CAGE-1", "A1")
    for parcel in parcels:
        scanner.scan("CMD-MOVE", parcel, "CAGE-1")
    before = len(moves(work))

    answer = scanner.scan("CMD-MOVE", "CAGE-1", "LOC-A2")

    assert (outcome(answer), answer["data"]["lots"]) == (("good", "moved"), 3)
    assert len(moves(work)) - before == 3
    assert [places_of(work, house, parcel) for parcel in parcels] == [{"A2": 10}] * 3
    assert unit(work, house, "CAGE-1").location_id == house.places["A2"].id


def test_goods_go_where_the_container_stands_that_they_are_put_in(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    a_container(work, house, "CAGE-1", "A2")

    answer = scanner.scan("CMD-MOVE", parcel, "CAGE-1")

    assert outcome(answer) == ("good", "moved")
    assert places_of(work, house, parcel) == {"A2": 10}


def test_a_parcel_put_down_elsewhere_lies_in_its_container_no_more(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    a_container(work, house, "CAGE-1", "A1")
    scanner.scan("CMD-MOVE", parcel, "CAGE-1", parcel, "LOC-A2")

    scanner.scan("CAGE-1", "LOC-HOLD-1")

    assert unit(work, house, parcel).parent_id is None
    assert places_of(work, house, parcel) == {"A2": 10}


def test_nested_containers_follow_the_outermost(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    for number in ("PALLET-1", "CAGE-1"):
        a_container(work, house, number, "A1")
    scanner.scan("CMD-MOVE", parcel, "CAGE-1", "CMD-MOVE", "CAGE-1", "PALLET-1")

    scanner.scan("CMD-MOVE", "PALLET-1", "LOC-A2")

    assert places_of(work, house, parcel) == {"A2": 10}
    assert unit(work, house, "CAGE-1").location_id == house.places["A2"].id


def test_a_container_does_not_go_into_itself_or_into_what_lies_in_it(
    work: Work, house: House, scanner: Scanner
) -> None:
    for number in ("PALLET-1", "CAGE-1"):
        a_container(work, house, number, "A1")
    scanner.scan("CMD-MOVE", "CAGE-1", "PALLET-1")

    around = scanner.scan("CMD-MOVE", "PALLET-1", "CAGE-1")
    scanner.wait(61)
    itself = scanner.scan("PALLET-1")

    assert outcome(around) == outcome(itself) == ("refused", "nests-in-itself")


def test_no_more_than_five_lie_in_one_another(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    for number in range(5):
        a_container(work, house, f"CAGE-{number}", "A1")
    for number in range(4):
        scanner.scan("CMD-MOVE", f"CAGE-{number + 1}", f"CAGE-{number}")

    fifth = scanner.scan(parcel, "CAGE-3")
    sixth = scanner.scan("CMD-MOVE", parcel, "CAGE-4")

    assert outcome(fifth) == ("good", "moved")
    assert outcome(sixth) == ("refused", "nests-too-deep")


def test_all_of_a_bin_moves_with_one_scan(work: Work, house: House, scanner: Scanner) -> None:
    parcels = [stored_parcel(work, house, 10, "A1") for _ in range(2)]
    a_container(work, house, "CAGE-1", "A1")

    answer = scanner.scan("CMD-MOVE", "LOC-A1", "LOC-A2")

    assert outcome(answer) == ("good", "moved")
    assert [places_of(work, house, parcel) for parcel in parcels] == [{"A2": 10}] * 2
    assert unit(work, house, "CAGE-1").location_id == house.places["A2"].id


def test_a_bin_is_not_moved_to_itself(work: Work, house: House, scanner: Scanner) -> None:
    stored_parcel(work, house, 10, "A1")
    scanner.scan("CMD-MOVE", "LOC-A1")
    scanner.wait(61)

    answer = scanner.scan("LOC-A1")

    assert outcome(answer) == ("refused", "already-there")


def test_an_empty_bin_is_not_moved(scanner: Scanner) -> None:
    answer = scanner.scan("CMD-MOVE", "LOC-A2")

    assert outcome(answer) == ("refused", "nothing-there")


def test_promised_goods_stay_promised_in_the_container_that_moves(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, _ = an_order(work, house, 4)
    scanner.scan("CMD-MOVE", parcel, "CAGE-1", "CAGE-1")

    scanner.scan("CMD-MOVE", "CAGE-1", "LOC-A2")

    [reservation] = queries.reservations_of_order(work.session, order.id)
    work.session.refresh(reservation)
    assert reservation.location_id == house.places["A2"].id
    assert queries.free_at(work.session, reservation.lot_id, house.places["A2"].id) == 6


def test_undo_carries_promised_goods_back(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, _ = an_order(work, house, 4)
    scanner.scan("CMD-MOVE", parcel, "LOC-A2")

    answer = scanner.scan("CMD-UNDO")

    [reservation] = queries.reservations_of_order(work.session, order.id)
    work.session.refresh(reservation)
    assert outcome(answer) == ("good", "undone")
    assert places_of(work, house, parcel) == {"A1": 10}
    assert reservation.location_id == house.places["A1"].id


def test_undo_takes_a_parcel_out_of_the_container_again(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    a_container(work, house, "CAGE-1", "A2")
    scanner.scan("CMD-MOVE", parcel, "CAGE-1")

    answer = scanner.scan("CMD-UNDO")

    assert outcome(answer) == ("good", "undone")
    assert unit(work, house, parcel).parent_id is None
    assert places_of(work, house, parcel) == {"A1": 10}


def test_undo_fills_an_emptied_bin_again(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    a_container(work, house, "CAGE-1", "A1")
    a_container(work, house, "CAGE-2", "A2")
    scanner.scan("CMD-MOVE", "LOC-A1", "LOC-A2")

    scanner.scan("CMD-UNDO")

    assert places_of(work, house, parcel) == {"A1": 10}
    assert unit(work, house, "CAGE-1").location_id == house.places["A1"].id
    assert unit(work, house, "CAGE-2").location_id == house.places["A2"].id


def test_undo_is_refused_when_the_goods_have_moved_on(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    scanner.scan("CMD-MOVE", parcel, "LOC-A2")
    key, target = unit(work, house, parcel).id, inbound.place(work, house.premises.id, "HOLD-1")
    inside.move(work, house.premises.id, key, target, scan_id=ids.new_id())

    answer = scanner.scan("CMD-UNDO")

    assert outcome(answer) == ("refused", "not-reversible")
    assert places_of(work, house, parcel) == {"HOLD-1": 10}


def test_nothing_is_put_in_a_locked_place_or_taken_from_it(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel, other = (stored_parcel(work, house, 10, place) for place in ("A1", "A2"))
    locks.lock_down(as_actor(work, house.clerk), house.places["A2"].id, "shelf broken")

    put = scanner.scan("CMD-MOVE", parcel, "LOC-A2")
    taken = scanner.scan("CMD-MOVE", other, "LOC-A1")
    locks.open_again(as_actor(work, house.clerk), house.places["A2"].id)
    again = scanner.scan("CMD-MOVE", other, "LOC-A1")

    assert [outcome(each)[1] for each in (put, taken, again)] == [
        "location-locked", "location-locked", "moved",
    ]  # fmt: skip
    assert "shelf broken" in put["message"]["en"]


def test_a_parcel_that_has_not_come_does_not_move(
    work: Work, house: House, scanner: Scanner
) -> None:
    answer = scanner.scan("CMD-MOVE", a_parcel(work, house))

    assert outcome(answer) == ("refused", "not-received")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pairs=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25))
def test_what_lies_in_what_stays_a_tree(
    work: Work, house: House, pairs: list[tuple[int, int]]
) -> None:
    premises_id = house.premises.id
    boxes = [a_container(work, house, f"CAGE-{ids.new_id()}"[:35]) for _ in range(7)]

    for inner, outer in pairs:
        with work.session.begin_nested(), suppress(WarehouseError):
            nesting.nest(work, premises_id, boxes[inner].id, boxes[outer].id, scan_id=ids.new_id())

    for box in boxes:
        chain = [row[0] for row in work.sql(nesting.AROUND, id=box.id)]
        assert len(chain) == len(set(chain)) <= nesting.DEEPEST
    assert {standing.unit_by_id(work, premises_id, box.id).location_id for box in boxes} == {
        house.places["A1"].id
    }
