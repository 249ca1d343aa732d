"""S3, seen from the desk: the receipt is closed on the page, and its discrepancies end there."""

import re

import pytest
from sqlmodel import select

from tests.pictures import a_photo, extracted
from tests.scenarios.world import Colleague, World
from warehouse.access.vocabulary import Role
from warehouse.inventory.models import Discrepancy, Lot, Photo
from warehouse.inventory.vocabulary import DiscrepancyKind, DiscrepancyState, LotOrigin
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import ConsignmentState

PARCELS = ["LZD000001", "LZD000002", "LZD000003"]


def received_but_one(world: World) -> Consignment:
    consignment = world.announce([(parcel, "TEE-1", 5, "200") for parcel in PARCELS])
    world.colleague().scan("CMD-RECEIVE", *PARCELS[:2])
    return consignment


def case_of(world: World, kind: DiscrepancyKind) -> Discrepancy:
    return world.rows(select(Discrepancy).where(Discrepancy.kind == kind))[0]


def supervisor(world: World) -> Colleague:
    return world.colleague(Role.SUPERVISOR, name="wanida")


def test_a_supervisor_closes_the_receipt_without_what_did_not_come(world: World) -> None:
    consignment = received_but_one(world)
    desk = supervisor(world)

    page = desk.get(f"/consignments/{consignment.number}")
    refused = desk.submit(f"/consignments/{consignment.number}/receipt")
    closed = desk.submit(f"/consignments/{consignment.number}/receipt", missing="given-up")

    assert 'name="missing"' in page.text
    assert refused.status_code == 409
    assert closed.status_code == 303
    [found] = world.rows(select(Consignment))
    assert found.state is ConsignmentState.CLOSED_WITH_DISCREPANCY
    short = case_of(world, DiscrepancyKind.SHORT)
    after = desk.get(f"/consignments/{consignment.number}")
    assert f"/discrepancies/{short.number}" in after.text
    assert 'name="missing"' not in after.text
    world.prove()


def test_the_list_shows_what_is_due_first_with_the_hours_left(world: World) -> None:
    first = received_but_one(world)
    supervisor(world).submit(f"/consignments/{first.number}/receipt", missing="given-up")
    world.wait(hours=30)
    world.colleague().scan("CMD-RECEIVE", PARCELS[0], "CMD-DAMAGED")

    text = world.colleague(Role.OFFICER, name="officer").get("/discrepancies").text

    short, damaged = (
        case_of(world, kind).number for kind in (DiscrepancyKind.SHORT, DiscrepancyKind.DAMAGED)
    )
    assert text.index(short) < text.index(damaged)
    left = re.findall(r'class="state running">([^<]*)<', text)
    assert [re.findall("[0-9]+", each) for each in left] == [["17"], ["48"]]
    world.prove()


def test_a_case_is_taken_up_photographed_reported_and_ended_by_another(world: World) -> None:
    received_but_one(world)
    world.colleague().scan("CMD-DAMAGED")
    case = case_of(world, DiscrepancyKind.DAMAGED)
    desk, manager = supervisor(world), world.colleague(Role.MANAGER, name="prasit")
    at = f"/discrepancies/{case.number}"

    early = desk.submit(f"{at}/report")
    taken = desk.submit(f"{at}/taking-up", note="wet carton")
    desk.sign_in()
    kept = desk.client.post(
        f"{at}/photos",
        data={"csrf_token": "token"},
        files={"picture": ("damage.jpg", a_photo(), "image/jpeg")},
    )
    reported = desk.submit(f"{at}/report")
    ending = {"outcome": "remitted", "cause": "damaged_in_transit", "authority": "กค 0501/9"}
    forbidden = desk.submit(f"{at}/closing", **ending)
    ended = manager.submit(f"{at}/closing", **ending)

    assert early.status_code == 409
    assert [taken.status_code, kept.status_code, reported.status_code] == [303, 303, 303]
    assert (forbidden.status_code, ended.status_code) == (403, 303)
    closed = case_of(world, DiscrepancyKind.DAMAGED)
    assert (closed.state, closed.note) == (DiscrepancyState.CLOSED, "wet carton")
    [photo] = world.rows(select(Photo))
    page = world.colleague(Role.OFFICER, name="officer").get(at)
    assert str(photo.id) in page.text
    seen = world.colleague(Role.OFFICER, name="officer").get(
        f"/api/v1/discrepancies/{case.id}/photos/{photo.id}"
    )
    assert (seen.headers["content-type"], seen.content) == ("image/jpeg", a_photo())
    world.prove()


def test_an_extra_parcel_is_named_at_the_desk(world: World) -> None:
    received_but_one(world)
    world.colleague().scan("EXTRA-7777", "EXTRA-7777")
    case = case_of(world, DiscrepancyKind.UNANNOUNCED)
    desk = supervisor(world)

    page = desk.get(f"/discrepancies/{case.number}")
    named = desk.submit(f"/discrepancies/{case.number}/identity", partner="ALB", goods="BAG-1 2")

    assert 'name="goods"' in page.text
    assert named.status_code == 303
    [lot] = world.rows(select(Lot).where(Lot.origin == LotOrigin.FOUND))
    assert lot.quantity == 2
    assert 'name="goods"' not in desk.get(f"/discrepancies/{case.number}").text
    world.prove()


def test_what_is_short_in_a_parcel_is_found_at_a_place(world: World) -> None:
    received_but_one(world)
    world.colleague().scan("CMD-OPEN", "TEE-1", "3", "CMD-DONE", "CMD-DONE")
    case = case_of(world, DiscrepancyKind.SHORT)

    found = world.colleague(Role.MANAGER, name="prasit").submit(
        f"/discrepancies/{case.number}/finding", place="LOC-A-01", cause="misplaced"
    )

    assert found.status_code == 303
    assert case_of(world, DiscrepancyKind.SHORT).state is DiscrepancyState.CLOSED
    world.prove()


@pytest.mark.parametrize("of", ["case", "consignment"])
def test_the_report_tells_class_value_and_countdown(world: World, of: str) -> None:
    consignment = received_but_one(world)
    world.enter(consignment)
    desk = supervisor(world)
    desk.submit(f"/consignments/{consignment.number}/receipt", missing="given-up")
    case = case_of(world, DiscrepancyKind.SHORT)
    number = case.number if of == "case" else consignment.number

    paper = desk.get(f"/papers/discrepancy-report/{number}.pdf")

    assert paper.headers["content-type"] == "application/pdf"
    text = extracted(paper.content)
    for told in (case.number, "61091010", "1,000.00", "48 h", PARCELS[2], "s.125"):
        assert told in text
    world.prove()


def test_another_warehouse_sees_none_of_it(world: World) -> None:
    consignment = received_but_one(world)
    world.colleague().scan("CMD-DAMAGED")
    case = case_of(world, DiscrepancyKind.DAMAGED)
    there = world.colleague(Role.SUPERVISOR, name="anan", premises="BW-CNX-02")

    assert there.get(f"/discrepancies/{case.number}").status_code == 404
    assert there.get(f"/papers/discrepancy-report/{case.number}.pdf").status_code == 404
    assert there.get(f"/consignments/{consignment.number}").status_code == 404
    assert case.number not in there.get("/discrepancies").text
    assert consignment.number not in there.get("/consignments").text
    world.prove()
