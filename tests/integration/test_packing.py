"""The packing table: every item scanned, the carton chosen, the weight as it should be."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.builders import House, a_clerk, a_house, added, an_order, stored_parcel
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.integration.test_picking import a_tote, promises
from tests.integration.test_scanning_leave import custody
from warehouse.access.vocabulary import Role
from warehouse.core.work import Job, Work
from warehouse.inventory import holds, queries
from warehouse.inventory.vocabulary import HoldKind
from warehouse.masterdata.reasons import Reason
from warehouse.shipments.models import CartonType, Order, Shipment
from warehouse.shipments.vocabulary import Custody


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def test_a_parcel_is_packed_when_every_item_is_scanned_and_it_weighs_what_it_should(
    work: Work, house: House, scanner: Scanner
) -> None:
    a_carton(work, house)
    _, order, shipment = picked(work, house, scanner)

    begun = scanner.scan("CMD-PACK", shipment.parcel_number)
    counted = [scanner.scan("8850001000019") for _ in range(3)]
    carton = scanner.scan("BOX-M")
    done = scanner.scan("2.15 KG")

    assert (outcome(begun), begun["data"]["left"]) == (("good", "to-pack"), "3")
    assert [each["message"]["code"] for each in counted] == [
        "pack-counted", "pack-counted", "all-items",
    ]  # fmt: skip
    assert outcome(carton) == ("good", "in-carton")
    assert (outcome(done), done["state"]) == (("good", "packed"), "scan_parcel")
    work.session.refresh(shipment)
    assert (shipment.custody, shipment.weight_kg, shipment.carton) == (
        Custody.PACKED, Decimal("2.15"), "BOX-M",
    )  # fmt: skip
    labels = select(Job).where(Job.name == "print-label")
    assert {"subject": str(order.id)} in [job.facts for job in work.session.exec(labels)]


def test_one_whole_parcel_as_it_came_is_packed_by_its_label(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    _, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1", parcel)

    answer = scanner.scan("CMD-PACK", shipment.parcel_number)

    assert outcome(answer) == ("good", "packed")


def test_the_same_item_scanned_fast_counts_each_time(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, _, shipment = picked(work, house, scanner)

    answer = scanner.scan("CMD-PACK", shipment.number, "BAG-1", "BAG-1")

    assert (answer["data"]["counted"], answer["data"]["left"]) == ("2", "1")


@pytest.mark.parametrize(
    ("scans", "code"),
    [
        (("BAG-9",), "not-in-shipment"),
        (("3",), "item-first"),
        (("BAG-1", "4"), "one-too-many"),
        (("BAG-1", "3", "BOX-XXL"), "unknown-carton"),
        (("BAG-1", "3", "BOX-M", "BAG-1"), "weight-expected"),
        (("BAG-1", "3", "BOX-M", "9KG"), "too-heavy"),
        (("BAG-1", "3", "BOX-M", "2.5KG"), "weight-off"),
    ],
)
def test_what_does_not_fit_is_refused(
    work: Work, house: House, scanner: Scanner, scans: tuple[str, ...], code: str
) -> None:
    a_carton(work, house)
    _, _, shipment = picked(work, house, scanner)

    answer = scanner.scan("CMD-PACK", shipment.parcel_number, *scans)

    assert outcome(answer) == ("refused", code)
    assert custody(work, shipment) is Custody.PICKED


def test_a_weight_that_is_off_says_what_was_expected_and_found(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, _, shipment = picked(work, house, scanner)

    answer = scanner.scan("CMD-PACK", shipment.parcel_number, "BAG-1", "3", "2.2KG")

    assert (answer["data"]["expected"], answer["data"]["found"]) == ("1.95", "2.2")


def test_a_supervisor_who_looked_again_closes_it_on_a_second_scan(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, _, shipment = picked(work, house, scanner)
    supervisor = replace(a_clerk(work, house.premises), role=Role.SUPERVISOR)
    second = Scanner(work, supervisor, device="SCANNER-2")
    second.scan("CMD-PACK", shipment.parcel_number, "BAG-1", "3")

    asked = second.scan("2.2KG")
    done = second.scan("2.2KG")

    assert (outcome(asked), asked["asks"]) == (("warning", "weight-off-anyway"), True)
    assert outcome(done) == ("good", "packed")


def test_a_tote_names_its_shipment_and_is_empty_when_it_is_packed(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, order, shipment = picked(work, house, scanner)
    tote = a_tote(work, house, "TOTE-1")
    for each in promises(work, order):
        each.container_id = tote.id
    work.session.flush()

    begun = scanner.scan("CMD-PACK", "TOTE-1")
    scanner.scan("BAG-1", "3", "1.95KG")
    empty = scanner.scan("TOTE-1")

    assert begun["data"]["shipment"] == shipment.number
    assert outcome(empty) == ("refused", "tote-empty")
    assert {each.container_id for each in promises(work, order)} == {None}


def test_a_hold_placed_after_the_pick_stops_the_packing(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel, _, shipment = picked(work, house, scanner)
    scanner.scan("CMD-PACK", shipment.parcel_number, "BAG-1", "3")
    unit = queries.handling_unit_by_number(work.session, house.premises.id, parcel)
    holds.place(
        work,
        HoldKind.CUSTOMS,
        Reason.CUSTOMS_INSPECTION,
        premises_id=house.premises.id,
        handling_unit_id=unit.id,
    )

    while_packing = scanner.scan("1.95KG")
    anew = scanner.scan("CMD-PACK", shipment.parcel_number)

    assert [outcome(each) for each in (while_packing, anew)] == [("refused", "goods-held")] * 2
    assert custody(work, shipment) is Custody.PICKED


def test_packing_is_undone(work: Work, house: House, scanner: Scanner) -> None:
    _, _, shipment = picked(work, house, scanner)
    scanner.scan("CMD-PACK", shipment.parcel_number, "BAG-1", "3", "1.95KG")

    undone = scanner.scan("CMD-UNDO")
    again = scanner.scan("1.95KG")

    assert (outcome(undone), undone["state"]) == (("good", "undone"), "scan_carton")
    assert outcome(again) == ("good", "packed")


def picked(work: Work, house: House, scanner: Scanner) -> tuple[str, Order, Shipment]:
    """Three of a stored parcel of ten, picked for an order."""
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1", parcel)
    return parcel, order, shipment


def a_carton(work: Work, house: House) -> CartonType:
    return added(
        work,
        CartonType(
            premises_id=house.premises.id,
            code="BOX-M",
            tare_kg=Decimal("0.2"),
            most_kg=Decimal(8),
        ),
    )
