"""Picking, packing and the gate: what is promised, in its order; out only when released, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.builders import (
    House,
    a_clerk,
    a_declaration,
    a_house,
    a_parcel_number,
    an_order,
    lots_in,
    released,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome, packing
from warehouse.core.work import Work
from warehouse.customs.models import ReleaseLine
from warehouse.customs.vocabulary import DeclarationState, DocumentType
from warehouse.inventory import queries
from warehouse.inventory.models import Balance, Movement
from warehouse.inventory.vocabulary import MovementKind, ReservationState
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import Custody


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def test_a_shipment_is_picked_from_the_oldest_import_line_first(
    work: Work, house: House, scanner: Scanner
) -> None:
    newer = stored_parcel(work, house, 10, "A1", accepted_at=work.at)
    older = stored_parcel(work, house, 6, "A2", accepted_at=work.at - timedelta(days=20))
    _, shipment = an_order(work, house, 8)

    first = scanner.scan("CMD-PICK", shipment.number)
    scanner.scan("LOC-A2")
    second = scanner.scan(older)
    scanner.scan("LOC-A1")
    done = scanner.scan(newer)

    assert (first["data"]["location"], first["data"]["quantity"]) == ("A2", "6")
    assert (second["data"]["location"], second["data"]["quantity"]) == ("A1", "2")
    assert (outcome(done), done["state"]) == (("good", "picked"), "scan_order")
    assert custody(work, shipment) is Custody.PICKED
    assert standing(work, house, older, "STAGE-1") == 6
    assert standing(work, house, newer, "STAGE-1") == 2


def test_a_bin_with_newer_goods_is_refused_and_the_right_one_is_named(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 10, "A1", accepted_at=work.at)
    stored_parcel(work, house, 6, "A2", accepted_at=work.at - timedelta(days=20))
    _, shipment = an_order(work, house, 8)

    answer = scanner.scan("CMD-PICK", shipment.number, "LOC-A1")

    assert outcome(answer) == ("refused", "older-first")
    assert answer["data"]["location"] == "A2"
    assert "A2" in answer["message"]["th"]


@pytest.mark.parametrize(
    "code", ["BAG-1", "8850001000019", "08850001000019", "]C10108850001000019"]
)
def test_goods_may_be_named_by_sku_or_gtin_one_by_one(
    work: Work, house: House, scanner: Scanner, code: str
) -> None:
    stored_parcel(work, house, 10, "A1")
    _, shipment = an_order(work, house, 2)
    scanner.scan("CMD-PICK", shipment.parcel_number, "LOC-A1")

    first = scanner.scan(code)
    second = scanner.scan(code)

    assert (outcome(first), first["data"]["counted"]) == (("good", "counted"), "1")
    assert outcome(second) == ("good", "picked")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [("BAG-2", "wrong-goods"), ("8850001000026", "wrong-goods"), ("neighbour", "older-first")],
)
def test_other_goods_are_refused_and_the_right_ones_are_named(
    work: Work, house: House, scanner: Scanner, wrong: str, code: str
) -> None:
    right = stored_parcel(work, house, 10, "A1", accepted_at=work.at - timedelta(days=1))
    neighbour = stored_parcel(work, house, 10, "A1")
    _, shipment = an_order(work, house, 8)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1")

    answer = scanner.scan(neighbour if wrong == "neighbour" else wrong)

    assert outcome(answer) == ("refused", code)
    assert answer["data"]["parcel"] == right
    assert standing(work, house, right, "STAGE-1") == 0


def test_of_two_layers_of_one_product_in_one_bin_the_parcel_is_named(
    work: Work, house: House, scanner: Scanner
) -> None:
    first = stored_parcel(work, house, 3, "A1", accepted_at=work.at - timedelta(days=1))
    second = stored_parcel(work, house, 3, "A1")
    _, shipment = an_order(work, house, 5)
    scanner.scan("CMD-PICK", shipment.number)

    by_product = scanner.scan("LOC-A1", "BAG-1")
    answer = scanner.scan(first, "LOC-A1", second)

    assert (outcome(by_product), by_product["data"]["parcel"]) == (
        ("refused", "name-parcel"),
        first,
    )
    assert outcome(answer) == ("good", "picked")
    assert standing(work, house, first, "STAGE-1") == 3
    assert standing(work, house, second, "STAGE-1") == 2


def test_goods_that_were_carried_away_meanwhile_are_looked_for_where_they_are(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    _, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1")
    other = Scanner(work, a_clerk(work, house.premises), device="SCANNER-2")
    other.scan("CMD-PUTAWAY", parcel, "LOC-A2")

    answer = scanner.scan(parcel)

    assert outcome(answer) == ("warning", "moved")
    assert (answer["state"], answer["data"]["location"]) == ("scan_bin", "A2")
    assert outcome(scanner.scan("LOC-A2", parcel)) == ("good", "picked")


def test_a_shipment_is_picked_once(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    _, shipment = an_order(work, house, 3)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1", parcel)
    scanner.wait(61)

    answer = scanner.scan(shipment.number)

    assert outcome(answer) == ("refused", "not-to-pick")


def test_unknown_and_foreign_pick_lists_are_refused(
    work: Work, house: House, scanner: Scanner
) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    stored_parcel(work, elsewhere, 3, "A1")
    _, foreign = an_order(work, elsewhere, 3)

    answers = [scanner.scan("CMD-PICK", code) for code in (foreign.number, "SHP-2026-999999")]

    assert [outcome(answer) for answer in answers] == [("refused", "unknown-shipment")] * 2


def test_only_a_picked_shipment_is_packed(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    _, shipment = an_order(work, house, 3)

    early = scanner.scan("CMD-PACK", shipment.parcel_number)
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1", parcel)
    right = scanner.scan("CMD-PACK", shipment.parcel_number)
    scanner.wait(61)
    late = scanner.scan(shipment.parcel_number)

    assert outcome(early) == ("refused", "not-to-pack")
    assert outcome(right) == ("good", "packed")
    assert outcome(late) == ("refused", "not-to-pack")
    assert custody(work, shipment) is Custody.PACKED


def test_a_released_shipment_leaves_once(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    order, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)
    released(work, house, order)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)
    exited_at = work.at + scanner.waited
    doubled = scanner.scan(shipment.parcel_number)
    scanner.wait(61)
    again = scanner.scan(shipment.parcel_number)

    assert outcome(answer) == ("good", "exited")
    assert (doubled["tone"], doubled["repeated"]) == ("warning", True)
    assert outcome(again) == ("refused", "already-exited")
    assert again["data"]["at"] == exited_at.isoformat()
    assert custody(work, shipment) is Custody.DISPATCHED
    assert standing(work, house, parcel, "STAGE-1") == 0
    [issue] = issues(work)
    assert (issue.quantity, issue.to_location_id) == (3, house.places["HOME-USE"].id)
    assert issue.release_line_id is not None
    [reservation] = queries.reservations_of_order(work.session, order.id)
    work.session.refresh(reservation)
    assert reservation.state is ReservationState.ISSUED


def test_nothing_leaves_before_anything_is_declared(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    _, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "not-declared")
    assert issues(work) == []


def test_nothing_leaves_while_customs_has_not_answered_and_the_state_is_said(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    order, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)
    a_declaration(
        work, house, DocumentType.HOME_USE, DeclarationState.SENT, None, order_id=order.id
    )

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "not-released")
    assert "sent, waiting for customs" in answer["message"]["en"]
    assert custody(work, shipment) is Custody.PACKED
    assert issues(work) == []


def test_a_refused_exit_succeeds_as_soon_as_the_release_stands(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    order, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)
    scanner.scan("CMD-EXIT", shipment.parcel_number)
    released(work, house, order)

    answer = scanner.scan(shipment.parcel_number)

    assert outcome(answer) == ("good", "exited")


def test_a_released_shipment_that_is_not_packed_stays_and_its_release_is_not_used(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 3, "A1")
    order, shipment = an_order(work, house, 3)
    release = released(work, house, order)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    used = work.session.exec(
        select(ReleaseLine.used_quantity).where(ReleaseLine.release_id == release.id)
    )
    assert outcome(answer) == ("refused", "not-picked")
    assert list(used) == [0]


def test_more_than_was_released_does_not_leave(work: Work, house: House, scanner: Scanner) -> None:
    parcel = stored_parcel(work, house, 3, "A1")
    order, shipment = an_order(work, house, 3)
    pack(scanner, shipment, parcel)
    release = released(work, house, order)
    line = work.session.exec(select(ReleaseLine).where(ReleaseLine.release_id == release.id)).one()
    line.quantity = Decimal(2)
    work.session.flush()

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "release-too-small")
    assert work.session.get_one(ReleaseLine, line.id).used_quantity == 0
    assert issues(work) == []


@pytest.mark.parametrize("task", ["CMD-PACK", "CMD-EXIT"])
def test_unknown_parcels_and_places_are_refused_at_the_packing_table_and_the_gate(
    scanner: Scanner, task: str
) -> None:
    unknown = scanner.scan(task, a_parcel_number())
    place = scanner.scan("LOC-A1")

    assert outcome(unknown) == ("refused", "unknown-shipment")
    assert outcome(place) == ("refused", "parcel-expected")


def pack(scanner: Scanner, shipment: Shipment, parcel: str) -> None:
    """Pick and pack three of *parcel*: all that is in it, or some."""
    scanner.scan("CMD-PICK", shipment.number, "LOC-A1", parcel)
    answer = scanner.scan("CMD-PACK", shipment.parcel_number)
    if answer["state"] == "scan_item":
        scanner.scan(*packing(shipment, 3)[2:])


def custody(work: Work, shipment: Shipment) -> Custody:
    found = shipments.shipment_by_number(work.session, shipment.number)
    work.session.refresh(found)
    return found.custody


def standing(work: Work, house: House, parcel: str, place: str) -> Decimal:
    lots = [lot.id for lot in lots_in(work, house, parcel)]
    here = select(Balance).where(Balance.location_id == house.places[place].id)
    work.session.expire_all()
    return sum((row.quantity for row in work.session.exec(here) if row.lot_id in lots), Decimal(0))


def issues(work: Work) -> list[Movement]:
    return list(work.session.exec(select(Movement).where(Movement.kind == MovementKind.ISSUE)))
