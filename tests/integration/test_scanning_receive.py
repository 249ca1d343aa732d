"""Receiving by scan: what is announced comes in once; everything else is refused with a reason."""

from datetime import datetime
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.builders import (
    House,
    a_clerk,
    a_consignment,
    a_house,
    a_parcel,
    a_parcel_number,
    lots_in,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from warehouse.core.work import Work
from warehouse.inventory import queries
from warehouse.inventory.models import Movement
from warehouse.operations.floor import labels
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import ConsignmentState


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    scanner = a_scanner(work, house)
    scanner.scan("CMD-RECEIVE")
    return scanner


def test_a_parcel_comes_in_from_abroad_with_everything_in_it(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel_number()
    goods = [(parcel, house.product, Decimal(3)), (parcel, house.product, Decimal("0.5"))]
    a_consignment(work, house, goods)

    answer = scanner.scan(parcel)

    assert outcome(answer) == ("good", "received")
    assert answer["data"]["goods"] == ["3 × BAG-1", "0.5 × BAG-1"]
    dock = house.places["DOCK-1"].id
    for lot, (_, _, quantity) in zip(lots_in(work, house, parcel), goods, strict=True):
        assert queries.free_at(work.session, lot.id, dock) == quantity
        [movement] = queries.movements_of_lot(work.session, lot.id)
        assert movement.from_location_id == house.places["ABROAD"].id
        assert movement.to_location_id == dock
        assert str(movement.scan_id) == answer["scan_id"]


def test_an_answer_speaks_thai_and_english_and_says_what_comes_next(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house, 3)

    answer = scanner.scan(parcel)

    assert answer["message"]["en"] == f"Received {parcel}: 3 × BAG-1."
    assert answer["prompt"]["en"] == "Scan a parcel."
    assert answer["state"] == "scan_parcel"
    assert answer["task"] == "receive"
    assert answer["expects"] == ["parcel", "command"]


def test_a_consignment_is_received_when_its_last_parcel_is(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcels = [a_parcel_number() for _ in range(3)]
    goods = [(parcel, house.product, Decimal(1)) for parcel in parcels]
    consignment = a_consignment(work, house, goods)

    states = []
    for parcel in parcels:
        scanner.scan(parcel)
        states.append(work.session.get_one(Consignment, consignment.id).state)

    assert states == [
        ConsignmentState.RECEIVING,
        ConsignmentState.RECEIVING,
        ConsignmentState.RECEIVED,
    ]


def test_a_trigger_pressed_twice_counts_once(work: Work, house: House, scanner: Scanner) -> None:
    parcel = a_parcel(work, house)
    first = scanner.scan(parcel)

    second = scanner.scan(parcel)

    assert (second["tone"], second["repeated"]) == ("warning", True)
    assert second["message"] == first["message"]
    assert second["scan_id"] != first["scan_id"]
    assert len(_movements(work, house, parcel)) == 1


def test_a_parcel_that_came_before_counts_once_and_the_time_is_said(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house)
    scanner.scan(parcel)
    received_at = work.at + scanner.waited
    scanner.wait(61)

    answer = scanner.scan(parcel)

    assert outcome(answer) == ("warning", "already-received")
    assert datetime.fromisoformat(answer["data"]["at"]) == received_at
    assert len(_movements(work, house, parcel)) == 1


def test_another_clerk_with_the_same_parcel_is_warned(work: Work, house: House) -> None:
    parcel = a_parcel(work, house)
    a_scanner(work, house).scan("CMD-RECEIVE", parcel)
    other = Scanner(work, a_clerk(work, house.premises), device="SCANNER-2")

    answer = other.scan("CMD-RECEIVE", parcel)

    assert outcome(answer) == ("warning", "already-received")


def test_a_parcel_of_another_warehouse_is_refused(work: Work, house: House) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    parcel = a_parcel(work, elsewhere)

    answer = a_scanner(work, house).scan("CMD-RECEIVE", parcel)

    assert outcome(answer) == ("refused", "other-premises")
    assert _movements(work, elsewhere, parcel) == []


def test_an_unknown_parcel_is_refused(scanner: Scanner) -> None:
    answer = scanner.scan(a_parcel_number())

    assert outcome(answer) == ("refused", "unknown-parcel")


def test_a_misread_number_is_refused_as_misread(work: Work, house: House, scanner: Scanner) -> None:
    parcel = a_parcel(work, house)
    wrong = parcel[:9] + str(9 - int(parcel[9])) + parcel[10:]

    answer = scanner.scan(wrong)

    assert outcome(answer) in {("refused", "misread"), ("refused", "unknown-parcel")}
    assert _movements(work, house, parcel) == []


def test_an_announced_number_with_a_wrong_check_digit_is_received_once_confirmed(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel, neighbour = "RC123456784CN", "RC123456785CN"
    goods = [(number, house.product, Decimal(1)) for number in (parcel, neighbour)]
    a_consignment(work, house, goods)

    asked, answer = scanner.scan(parcel), scanner.scan(parcel)

    assert outcome(asked) == ("warning", "doubtful-number")
    assert asked["data"]["near"] == [neighbour]
    assert outcome(answer) == ("warning", "received-unchecked")
    assert len(_movements(work, house, parcel)) == 1


@pytest.mark.parametrize("number", ["LP00123456789012", "00340123450000000018", "BOX 7/ก"])
def test_partners_may_number_parcels_as_they_like(
    work: Work, house: House, scanner: Scanner, number: str
) -> None:
    stored = labels.identify(number).value
    a_consignment(work, house, [(stored, house.product, Decimal(1))])

    answer = scanner.scan(number)

    assert answer["tone"] != "refused"


def test_a_parcel_scanned_under_a_thai_keyboard_is_received(
    work: Work, house: House, scanner: Scanner
) -> None:
    a_consignment(work, house, [("RC338848854TH", house.product, Decimal(1))])

    answer = scanner.scan("ฑฉ--คคภคคถภธ็")

    assert outcome(answer) == ("good", "received")
    assert answer["data"]["parcel"] == "RC338848854TH"


@pytest.mark.parametrize(
    ("barcode", "code"),
    [
        ("LOC-A1", "parcel-expected"),
        ("", "nothing-read"),
        ("   ", "nothing-read"),
        ("CMD-DANCE", "unknown-command"),
        ("'; DROP TABLE lot; --", "unknown-parcel"),
        ("x" * 200, "unknown-parcel"),
    ],
)
def test_wrong_codes_are_refused_with_the_reason(scanner: Scanner, barcode: str, code: str) -> None:
    assert outcome(scanner.scan(barcode)) == ("refused", code)


def _movements(work: Work, house: House, parcel: str) -> list[Movement]:
    lots = [lot.id for lot in lots_in(work, house, parcel)]
    return [row for row in work.session.exec(select(Movement)) if row.lot_id in lots]
