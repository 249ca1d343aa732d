"""Putting away by scan: a parcel, then its bin."""

from decimal import Decimal

import pytest

from tests.builders import (
    House,
    a_house,
    a_parcel,
    a_parcel_number,
    accepted,
    an_order,
    lots_in,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from warehouse.core.work import Work
from warehouse.inventory import queries
from warehouse.inventory.errors import InsufficientStock


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def test_a_received_parcel_goes_into_the_bin_that_is_scanned(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house, 10)
    scanner.scan("CMD-RECEIVE", parcel)

    in_hand = scanner.scan("CMD-PUTAWAY", parcel)
    answer = scanner.scan("LOC-A1")

    assert outcome(in_hand) == ("good", "directed")
    assert (in_hand["state"], in_hand["data"]["at"]) == ("scan_location", ["DOCK-1"])
    assert (outcome(answer), answer["state"]) == (("good", "stored"), "scan_parcel")
    assert free(work, house, parcel, "DOCK-1") == 0
    assert free(work, house, parcel, "A1") == 10


def test_two_parcels_go_into_one_bin_within_a_minute(
    work: Work, house: House, scanner: Scanner
) -> None:
    first, second = a_parcel(work, house, 1), a_parcel(work, house, 2)
    scanner.scan("CMD-RECEIVE", first, second)

    scanner.scan("CMD-PUTAWAY", first, "LOC-A1")
    answer = scanner.scan(second, "LOC-A1")

    assert outcome(answer) == ("good", "stored")
    assert free(work, house, first, "A1") == 1
    assert free(work, house, second, "A1") == 2


@pytest.mark.parametrize("doubled", ["parcel", "LOC-A1"])
def test_a_trigger_pressed_twice_moves_nothing_twice(
    work: Work, house: House, scanner: Scanner, doubled: str
) -> None:
    parcel = a_parcel(work, house, 10)
    scanner.scan("CMD-RECEIVE", parcel, "CMD-PUTAWAY")
    codes = [parcel, parcel, "LOC-A1"] if doubled == "parcel" else [parcel, "LOC-A1", "LOC-A1"]

    answers = [scanner.scan(code) for code in codes]

    assert [answer["tone"] for answer in answers].count("warning") == 1
    assert [answer["repeated"] for answer in answers].count(True) == 1
    assert free(work, house, parcel, "A1") == 10


def test_bonded_goods_may_be_put_away_before_customs_accepts_and_are_reserved_after(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house, 10)
    scanner.scan("CMD-RECEIVE", parcel, "CMD-PUTAWAY", parcel, "LOC-A1")

    with pytest.raises(InsufficientStock):
        an_order(work, house, 1)
    accepted(work, house, parcel)
    an_order(work, house, 1)

    assert free(work, house, parcel, "A1") == 9


def test_goods_accepted_before_they_came_are_reserved_only_once_they_are_stored(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house, 10)
    accepted(work, house, parcel)
    scanner.scan("CMD-RECEIVE", parcel)

    with pytest.raises(InsufficientStock):
        an_order(work, house, 1)
    scanner.scan("CMD-PUTAWAY", parcel, "LOC-A1")
    an_order(work, house, 1)

    assert free(work, house, parcel, "A1") == 9


def test_promised_goods_stay_promised_when_they_are_carried_to_another_bin(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, _ = an_order(work, house, 4)

    answer = scanner.scan("CMD-PUTAWAY", parcel, "LOC-A2")

    [reservation] = queries.reservations_of_order(work.session, order.id)
    work.session.refresh(reservation)
    assert outcome(answer) == ("good", "stored")
    assert reservation.location_id == house.places["A2"].id
    assert free(work, house, parcel, "A2") == 6


def test_the_same_bin_again_is_refused(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")

    answer = scanner.scan("CMD-PUTAWAY", parcel, "LOC-A1")

    assert outcome(answer) == ("refused", "already-there")
    assert answer["state"] == "scan_location"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("LOC-STAGE-1", "not-a-bin"),
        ("LOC-HOLD-1", "not-a-bin"),
        ("LOC-DOCK-1", "not-a-bin"),
        ("LOC-HOME-USE", "not-a-bin"),
        ("LOC-ABROAD", "not-a-bin"),
        ("LOC-NOWHERE", "location-not-found"),
        ("8850001000019", "place-expected"),
    ],
)
def test_goods_are_not_put_away_elsewhere_than_in_a_bin(
    work: Work, house: House, scanner: Scanner, place: str, code: str
) -> None:
    parcel = a_parcel(work, house, 10)
    scanner.scan("CMD-RECEIVE", parcel, "CMD-PUTAWAY", parcel)

    answer = scanner.scan(place)

    assert outcome(answer) == ("refused", code)
    assert free(work, house, parcel, "DOCK-1") == 10


def test_a_bin_of_another_warehouse_is_not_known_here(
    work: Work, house: House, scanner: Scanner
) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    elsewhere.places["A1"].code = "B9"
    work.session.flush()
    parcel = a_parcel(work, house, 10)

    answer = scanner.scan("CMD-RECEIVE", parcel, "CMD-PUTAWAY", parcel, "LOC-B9")

    assert outcome(answer) == ("refused", "location-not-found")


def test_a_parcel_that_has_not_come_cannot_be_put_away(
    work: Work, house: House, scanner: Scanner
) -> None:
    answer = scanner.scan("CMD-PUTAWAY", a_parcel(work, house))

    assert outcome(answer) == ("refused", "not-received")


@pytest.mark.parametrize("scanned", ["LOC-A1", "unknown"])
def test_something_else_than_a_parcel_is_not_taken_in_hand(scanner: Scanner, scanned: str) -> None:
    codes = {"LOC-A1": "parcel-expected", "unknown": "unknown-parcel"}

    answer = scanner.scan("CMD-PUTAWAY", a_parcel_number() if scanned == "unknown" else scanned)

    assert outcome(answer) == ("refused", codes[scanned])


def test_cancelling_puts_the_parcel_down_and_then_leaves_the_task(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house)
    scanner.scan("CMD-RECEIVE", parcel, "CMD-PUTAWAY", parcel)

    down = scanner.scan("CMD-CANCEL")
    left = scanner.scan("CMD-CANCEL")

    assert (down["task"], down["state"]) == ("put_away", "scan_parcel")
    assert (left["task"], left["state"]) == (None, "choose_task")


def free(work: Work, house: House, parcel: str, place: str) -> Decimal:
    location = house.places[place].id
    return sum(
        (queries.free_at(work.session, lot.id, location) for lot in lots_in(work, house, parcel)),
        Decimal(0),
    )
