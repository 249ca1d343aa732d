"""S2: a truck arrives, with its consignment, its plate and its seals."""

from datetime import date

import pytest
from sqlmodel import select

from tests.pictures import a_photo
from tests.scenarios.world import World
from warehouse.core.work import Event
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import CustomsEvent
from warehouse.inventory.models import Discrepancy, Hold
from warehouse.inventory.vocabulary import DiscrepancyKind, HoldKind
from warehouse.shipments.models import Arrival, Consignment
from warehouse.shipments.vocabulary import ConsignmentState, ShipmentEvent

SEALS = [f"TH-00{number}" for number in range(1, 8)]


def a_truck(world: World, **changes: object) -> Consignment:
    return world.announce(
        [("PARCEL-0001", "TEE-1", 10, "100"), ("PARCEL-0002", "TEE-1", 10, "100")],
        seals=SEALS,
        vehicle="70-1234",
        **changes,
    )


def state_of(world: World, consignment: Consignment) -> ConsignmentState:
    [found] = world.rows(select(Consignment).where(Consignment.id == consignment.id))
    return found.state


def test_seven_seals_of_seven_and_the_consignment_has_arrived(world: World) -> None:
    consignment = a_truck(world)

    answer = world.colleague().scan("CMD-ARRIVE", consignment.number, "70-1234", *SEALS, "CMD-DONE")

    assert (answer["tone"], answer["message"]["code"]) == ("good", "arrived")
    assert state_of(world, consignment) is ConsignmentState.ARRIVED
    [arrival] = world.rows(select(Arrival))
    assert arrival.intact
    assert len(arrival.seals) == 7
    [event] = world.rows(select(Event).where(Event.name == ShipmentEvent.CONSIGNMENT_ARRIVED))
    assert event.facts["number"] == consignment.number
    world.prove()


@pytest.mark.parametrize("label", ["CNBJSATHBKKAAUN60001", "the reference"])
def test_a_truck_is_known_by_its_despatch_and_by_the_partners_reference(
    world: World, label: str
) -> None:
    consignment = a_truck(world, despatch="CNBJSATHBKKAAUN60001")
    named = consignment.external_ref if label == "the reference" else label

    answer = world.colleague().scan("CMD-ARRIVE", named)

    assert answer["data"]["consignment"] == consignment.number
    assert answer["state"] == "scan_vehicle"
    world.prove()


def test_a_seal_differs_and_the_goods_go_to_inspection_only(world: World) -> None:
    consignment = a_truck(world)
    clerk = world.colleague()
    clerk.scan("CMD-ARRIVE", consignment.number, "70-1234", *SEALS[:6])

    strange = clerk.scan("XX-999")
    asked = clerk.scan("CMD-DONE")
    arrived = clerk.scan("CMD-DONE")
    received = clerk.scan("CMD-RECEIVE", "PARCEL-0001")

    assert strange["message"]["code"] == "strange-seal"
    assert asked["asks"]
    assert asked["data"]["absent"] == ["TH007"]
    assert asked["data"]["strange"] == ["XX999"]
    assert (arrived["tone"], arrived["message"]["code"]) == ("warning", "arrived-unsealed")
    [case] = world.rows(select(Discrepancy))
    assert case.kind is DiscrepancyKind.SEAL
    assert arrived["data"]["photo_for"] == str(case.id)
    [hold] = world.rows(select(Hold))
    assert (hold.kind, hold.consignment_id) == (HoldKind.INSPECTION, consignment.id)
    assert received["message"]["code"] == "received-for-inspection"
    assert received["data"]["location"] == "INSPECT-1"
    assert state_of(world, consignment) is ConsignmentState.RECEIVING
    world.prove()


def test_a_broken_seal_is_proved_by_a_photo_before_the_receipt_is_closed(world: World) -> None:
    consignment = a_truck(world)
    clerk = world.colleague()
    scans = ("CMD-ARRIVE", consignment.number, "70-1234", *SEALS[:6], "CMD-DONE", "CMD-DONE")
    case = clerk.scan(*scans)["data"]["photo_for"]
    clerk.scan("CMD-RECEIVE", "PARCEL-0001", "PARCEL-0002")

    early = clerk.scan("CMD-DONE")
    kept = clerk.client.post(
        f"/api/v1/discrepancies/{case}/photos",
        content=a_photo(),
        headers={"x-csrf-token": "token", "content-type": "image/jpeg"},
    )
    late = clerk.scan("CMD-DONE")

    assert (early["tone"], early["message"]["code"]) == ("refused", "photo-first")
    assert kept.status_code == 201
    assert late["message"]["code"] == "receipt-closed-different"
    world.prove()


def test_a_truck_scanned_twice_has_arrived_already(world: World) -> None:
    consignment = a_truck(world)
    world.wait(minutes=3)
    scans = ("CMD-ARRIVE", consignment.number, "70-1234", *SEALS, "CMD-DONE")
    world.colleague(name="somchai").scan(*scans)

    answer = world.colleague(name="malee").scan("CMD-ARRIVE", consignment.number)

    assert (answer["tone"], answer["message"]["code"]) == ("refused", "already-arrived")
    assert "08:03" in answer["message"]["th"]
    assert "somchai" in answer["message"]["en"]
    assert len(world.rows(select(Arrival))) == 1
    world.prove()


def test_a_licence_that_ended_yesterday_blocks_the_entry_and_not_the_arrival(world: World) -> None:
    consignment = a_truck(world)
    with world.arrange() as work:
        premises = work.session.merge(world.house.premises)
        premises.licence_to = date(2026, 8, 2)

    answer = world.colleague().scan("CMD-ARRIVE", consignment.number, "70-1234", *SEALS, "CMD-DONE")

    assert (answer["tone"], answer["message"]["code"]) == ("warning", "arrived-unlicensed")
    assert state_of(world, consignment) is ConsignmentState.ARRIVED
    world.run_jobs()
    [refused] = world.rows(select(Event).where(Event.name == CustomsEvent.DRAFT_REFUSED))
    assert refused.subject == consignment.id
    assert world.house.premises.licence_number in refused.facts["en"]
    assert world.rows(select(Declaration)) == []
    world.prove()


def test_another_vehicle_than_the_announced_one_is_asked_about(world: World) -> None:
    consignment = a_truck(world)
    clerk = world.colleague()
    clerk.scan("CMD-ARRIVE", consignment.number)

    asked = clerk.scan("1กข 9999")
    noted = clerk.scan("1กข 9999")

    assert (asked["tone"], asked["asks"]) == ("warning", True)
    assert noted["data"]["vehicle"] == "1กข 9999"
    world.prove()


def test_a_seal_can_be_taken_back_and_an_arrival_cannot(world: World) -> None:
    consignment = a_truck(world)
    clerk = world.colleague()
    clerk.scan("CMD-ARRIVE", consignment.number, "70-1234", *SEALS[:6], "TH-00Z")

    clerk.scan("CMD-UNDO")
    arrived = clerk.scan(SEALS[6], "CMD-DONE")
    refused = clerk.scan("CMD-UNDO")

    assert arrived["message"]["code"] == "arrived"
    assert refused["message"]["code"] == "not-undoable"
    world.prove()


def test_a_consignment_of_another_warehouse_is_not_announced_here(world: World) -> None:
    elsewhere = world.announce([("PARCEL-0009", "TEE-1", 1, "1")], premises="BW-CNX-02")

    answer = world.colleague().scan("CMD-ARRIVE", elsewhere.number)

    assert (answer["tone"], answer["message"]["code"]) == ("refused", "unknown-consignment")
    world.prove()
