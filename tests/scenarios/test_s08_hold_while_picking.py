"""S8: an officer holds three parcels while one of them is being picked."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import select

from tests.builders import added
from tests.scenarios.world import Answer, Colleague, World
from warehouse.access import commands as access
from warehouse.access.vocabulary import Role
from warehouse.core import i18n
from warehouse.inventory.models import Balance, HandlingUnit, Hold, Reservation
from warehouse.inventory.vocabulary import UnitKind
from warehouse.operations.models import Assignment
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState
from warehouse.shipments.models import Order, Shipment

PARCELS = ("LP0000000081", "LP0000000082", "LP0000000083")


@pytest.fixture
def clerk(world: World) -> Colleague:
    return world.colleague()


@pytest.fixture
def liaison(world: World) -> Colleague:
    return world.colleague(Role.LIAISON, "wipa")


@pytest.fixture
def shipments(world: World, clerk: Colleague) -> Sequence[Shipment]:
    """Two shipments that are being picked into totes: the first parcel is in its tote already."""
    world.in_bond([(parcel, "BAG-1", 2, "500") for parcel in PARCELS], "A-01")
    first, second = (world.order("BAG-1", 2)[1] for _ in range(2))
    with world.arrange() as work:
        for number in ("TOTE-1", "TOTE-2"):
            added(
                work,
                HandlingUnit(
                    premises_id=world.house.premises.id,
                    kind=UnitKind.TOTE,
                    number=number,
                    announced=False,
                    received_at=work.at,
                ),
            )
    clerk.scan("CMD-PICK", first.number, second.number, "TOTE-1", "TOTE-2", "LOC-A-01", PARCELS[0])
    picked = clerk.scan("TOTE-1")
    assert picked["message"]["code"] == "pick-next", picked
    return first, second


@pytest.fixture
def held(world: World, liaison: Colleague, shipments: Sequence[Shipment]) -> Sequence[Hold]:
    """The officer's hold on the three parcels, written down by the liaison."""
    officer = world.colleague(Role.OFFICER, "prasit").person.username
    answer = liaison.submit(
        "/holds", numbers="\n".join(PARCELS), reason="customs_inspection", officer=officer
    )
    assert answer.status_code == 303, answer.text
    return world.rows(select(Hold))


def test_the_hold_is_visible_at_once_with_its_officer(
    world: World, clerk: Colleague, held: Sequence[Hold]
) -> None:
    page = clerk.get("/holds", wanted=PARCELS[1]).text

    officer = world.colleague(Role.OFFICER, "prasit").person
    assert len(held) == 3
    assert {each.officer_id for each in held} == {officer.id}
    assert PARCELS[1] in page
    assert PARCELS[2] not in page.split("<form method")[0]
    assert code(clerk.scan("CMD-WHY", PARCELS[2])) == "goods-held"
    world.prove()


def test_the_pack_scan_of_the_tote_is_red(
    world: World, clerk: Colleague, held: Sequence[Hold]
) -> None:
    clerk.scan("CMD-CANCEL", "CMD-CANCEL")

    answer = clerk.scan("CMD-PACK", "TOTE-1")

    assert (answer["tone"], code(answer)) == ("refused", "goods-held")
    assert PARCELS[0] in answer["message"]["th"]
    assert "Customs will inspect the goods" in answer["message"]["en"]
    assert "Customs liaison can lift it" in answer["message"]["en"]
    world.prove()


def test_what_is_not_picked_yet_is_not_picked(
    world: World, clerk: Colleague, held: Sequence[Hold]
) -> None:
    answer = clerk.scan("LOC-A-01")

    assert (answer["tone"], code(answer)) == ("refused", "goods-held")
    assert standing(world, "A-01") == 4
    world.prove()


def test_a_task_moves_the_tote_and_each_parcel_to_a_bin_for_held_goods(
    world: World, clerk: Colleague, held: Sequence[Hold]
) -> None:
    waiting = relocations(world, AssignmentState.OPEN)
    carried = clerk.scan("CMD-PUTAWAY", "TOTE-1")
    wrong = clerk.scan("LOC-A-02")
    done = clerk.scan("LOC-HOLD-1")

    assert len(waiting) == 3
    assert {each.location_id for each in waiting} == {world.at("HOLD-1").id}
    assert (code(carried), carried["data"]["location"]) == ("directed", "HOLD-1")
    assert wrong["tone"] == "refused"
    assert done["tone"] == "good"
    assert len(relocations(world, AssignmentState.OPEN)) == 2
    assert standing(world, "HOLD-1") == 2
    [promise] = world.rows(select(Reservation).where(Reservation.state == "picked"))
    assert promise.location_id == world.at("HOLD-1").id
    world.prove()


def test_carrying_the_tote_aside_is_undone(
    world: World, clerk: Colleague, held: Sequence[Hold]
) -> None:
    clerk.scan("CMD-PUTAWAY", "TOTE-1", "LOC-HOLD-1")

    answer = clerk.scan("CMD-UNDO")

    assert code(answer) == "undone"
    assert standing(world, "HOLD-1") == 0
    assert len(relocations(world, AssignmentState.OPEN)) == 3
    world.prove()


def test_the_partner_sees_the_hold_its_reason_and_who_acts_next(
    world: World, held: Sequence[Hold], shipments: Sequence[Shipment], liaison: Colleague
) -> None:
    stopped = look_up(world, shipments[0].number)
    for hold in held:
        liaison.submit(f"/holds/{hold.id}/lifting", note="inspected, in order")
    free = look_up(world, shipments[0].number)

    assert (stopped["status"], stopped["held"], stopped["next"]) == (
        "customs_held",
        "customs_inspection",
        "customs_decision",
    )
    assert (free["status"], free["held"], free["next"]) == ("picked", None, "packed")
    of_hold = [each["status"] for each in free["history"] if each["axis"] == "hold"]
    assert of_hold == ["customs_inspection", "lifted"]
    world.prove()


def test_lifting_the_hold_resumes_the_work(
    world: World,
    clerk: Colleague,
    liaison: Colleague,
    held: Sequence[Hold],
    shipments: Sequence[Shipment],
) -> None:
    stopped = clerk.scan("LOC-A-01")
    for hold in held:
        answer = liaison.submit(f"/holds/{hold.id}/lifting", note="inspected, in order")
        assert answer.status_code == 303

    world.wait(seconds=61)
    picked = [clerk.scan(label) for label in ("LOC-A-01", PARCELS[1], "TOTE-2")]
    packed = clerk.scan("CMD-PACK", "TOTE-1")

    assert code(stopped) == "goods-held"
    assert code(picked[-1]) == "picked"
    assert packed["tone"] == "good"
    assert relocations(world, AssignmentState.OPEN) == []
    assert [each.held for each in world.rows(select(Shipment))] == ["", ""]
    world.prove()


def test_a_released_shipment_stays_while_it_is_held(
    world: World, clerk: Colleague, liaison: Colleague
) -> None:
    world.in_bond([(PARCELS[0], "BAG-1", 2, "500")], "A-01")
    order, shipment = world.order("BAG-1", 2)
    leave(world, clerk, order, shipment)
    liaison.submit("/holds", numbers=PARCELS[0], reason="customs_documentation")

    stopped = clerk.scan("CMD-EXIT", shipment.parcel_number)
    [hold] = world.rows(select(Hold))
    liaison.submit(f"/holds/{hold.id}/lifting", note="papers came")
    left = clerk.scan(shipment.parcel_number)

    assert (stopped["tone"], code(stopped)) == ("refused", "goods-held")
    assert (left["tone"], code(left)) == ("good", "exited")
    world.prove()


# ── Bad input ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_hold_without_a_reason_code_is_refused(
    world: World, liaison: Colleague, shipments: Sequence[Shipment], reason: str
) -> None:
    answer = liaison.submit("/holds", numbers=PARCELS[0], reason=reason)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/hold-reason-missing"
    assert world.rows(select(Hold)) == []
    world.prove()


def test_a_hold_on_the_word_of_an_unknown_officer_is_refused(
    world: World, liaison: Colleague, shipments: Sequence[Shipment]
) -> None:
    answer = liaison.submit(
        "/holds", numbers=PARCELS[0], reason="customs_inspection", officer="nobody"
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unknown-officer"
    assert world.rows(select(Hold)) == []
    world.prove()


def test_one_unknown_parcel_of_three_and_none_is_held(
    world: World, liaison: Colleague, shipments: Sequence[Shipment]
) -> None:
    answer = liaison.submit(
        "/holds", numbers=f"{PARCELS[0]}\nLP0000000099", reason="customs_inspection"
    )

    assert answer.status_code == 404
    assert world.rows(select(Hold)) == []
    world.prove()


def test_a_clerk_who_lifts_the_hold_is_told_the_role_that_can(
    world: World, clerk: Colleague, held: Sequence[Hold]
) -> None:
    answer = clerk.submit(f"/holds/{held[0].id}/lifting", note="let it go")

    assert answer.status_code == 403
    assert answer.json()["who"] == ["Customs liaison"]
    assert i18n.translate("Customs liaison", "th") in answer.json()["title"]
    [first, *_] = world.rows(select(Hold).where(Hold.id == held[0].id))
    assert first.closed_at is None
    world.prove()


def code(answer: Answer) -> str:
    found: str = answer["message"]["code"]
    return found


def standing(world: World, place: str) -> int:
    """How many pieces stand at *place*."""
    here = select(Balance).where(Balance.location_id == world.at(place).id)
    return int(sum(each.quantity for each in world.rows(here)))


def relocations(world: World, state: AssignmentState) -> Sequence[Assignment]:
    """What is to be carried aside."""
    return world.rows(
        select(Assignment).where(
            Assignment.kind == AssignmentKind.RELOCATE, Assignment.state == state
        )
    )


def look_up(world: World, number: str) -> dict[str, Any]:
    """What the owner's system is told of a shipment."""
    with world.arrange() as work:
        _, key = access.issue_key(work, world.partners["ALB"].id, "S8")
    headers = {"authorization": f"Bearer {key}"}
    answer = world.new_client().get(f"/api/v1/shipments/{number}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def leave(world: World, clerk: Colleague, order: Order, shipment: Shipment) -> None:
    """*shipment* is picked, packed and let go by customs: it may leave."""
    clerk.scan("CMD-PICK", shipment.number, "LOC-A-01", PARCELS[0])
    clerk.scan("CMD-PACK", shipment.parcel_number)
    world.release(order)
