"""S4: the network is away for ten minutes; twenty-three scans wait on the device."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.scenarios.acting import by
from tests.scenarios.world import Answer, Colleague, World
from warehouse.access.vocabulary import Role
from warehouse.core import clock
from warehouse.inventory import holds
from warehouse.inventory.models import HandlingUnit, Movement
from warehouse.inventory.vocabulary import HoldKind, MovementKind
from warehouse.masterdata.reasons import Reason
from warehouse.operations.models import Assignment, Scan
from warehouse.operations.vocabulary import AssignmentKind
from warehouse.shipments.models import Shipment

ARRIVING = [f"PARCEL-{number:02}" for number in range(20)]


@pytest.fixture
def shipment(world: World) -> Shipment:
    """One parcel is to be picked, twenty are to be received."""
    world.in_bond([("BAG-A", "BAG-1", 1, "500")], "A-01")
    world.announce([(parcel, "BAG-1", 1, "500") for parcel in ARRIVING])
    return world.order("BAG-1", 1)[1]


@pytest.fixture
def waiting(world: World, shipment: Shipment) -> Sequence[Mapping[str, object]]:
    """What the clerk scanned without a network: he receives, then begins to pick."""
    clerk = world.colleague()
    codes = ["CMD-RECEIVE", *ARRIVING, "CMD-PICK", shipment.number]
    scans = []
    for code in codes:
        world.wait(seconds=10)
        scans.append(clerk.a_scan(code, waited=True, scanned_at=clock.now().isoformat()))
    return scans


def hold(world: World) -> None:
    """Customs holds the parcel meanwhile."""
    (unit,) = world.rows(select(HandlingUnit).where(HandlingUnit.number == "BAG-A"))
    with world.arrange() as work:
        holds.place(
            by(world, work, Role.LIAISON, "ratree"),
            HoldKind.CUSTOMS,
            Reason.CUSTOMS_INSPECTION,
            premises_id=world.house.premises.id,
            handling_unit_id=unit.id,
        )


def received(world: World) -> int:
    return len(world.rows(select(Movement).where(Movement.kind == MovementKind.RECEIPT))) - 1


def accepted(answers: Sequence[Answer]) -> int:
    return sum(answer["tone"] != "refused" for answer in answers)


def test_all_are_replayed_in_order_and_a_conflict_becomes_a_task(
    world: World, waiting: Sequence[Mapping[str, object]]
) -> None:
    clerk: Colleague = world.colleague()
    hold(world)

    answers = clerk.send_batch(waiting)

    assert [answer["scan_id"] for answer in answers] == [scan["scan_id"] for scan in waiting]
    assert (len(waiting), accepted(answers)) == (23, 22)
    assert answers[-1]["message"]["code"] == "goods-held"
    assert received(world) == 20
    (task,) = world.rows(select(Assignment))
    assert task.kind is AssignmentKind.CONFLICT
    assert str(task.scan_id) == waiting[-1]["scan_id"]
    world.prove()


def test_nothing_doubles_although_the_device_sends_the_batch_twice(
    world: World, waiting: Sequence[Mapping[str, object]]
) -> None:
    clerk = world.colleague()
    hold(world)

    first, again = (clerk.send_batch(waiting) for _ in range(2))

    assert again == first
    assert received(world) == 20
    assert (
        len(world.rows(select(Assignment).where(Assignment.kind == AssignmentKind.CONFLICT))) == 1
    )
    world.prove()


def test_a_clock_that_is_three_hours_wrong_changes_no_order_and_is_flagged(
    world: World, waiting: Sequence[Mapping[str, object]]
) -> None:
    clerk = world.colleague()
    wrong = clock.now() + timedelta(hours=3)
    shuffled = [
        {**scan, "scanned_at": (wrong - timedelta(seconds=place)).isoformat()}
        for place, scan in enumerate(waiting)
    ]

    sent = clerk.post(
        "/api/v1/scans:batch", {"scans": shuffled[::-1], "sent_at": wrong.isoformat()}
    )

    answers = sent.json()["answers"]
    assert [answer["scan_id"] for answer in answers] == [scan["scan_id"] for scan in waiting]
    assert accepted(answers) == 23
    assert all(answer["data"]["skew"] for answer in answers)
    assert all(scan.skew_seconds for scan in world.rows(select(Scan).where(Scan.waited)))
    world.prove()


def test_the_gate_is_not_opened_by_what_waited(world: World) -> None:
    clerk = world.colleague()
    world.in_bond([("BAG-A", "BAG-1", 1, "500")], "A-01")
    order, shipment = world.order("BAG-1", 1)
    world.release(order)
    waited = [clerk.a_scan(code, waited=True) for code in ("CMD-EXIT", shipment.parcel_number)]

    answers = clerk.send_batch(waited)

    assert [answer["message"]["code"] for answer in answers][-1] in {"not-offline", "no-task"}
    assert world.rows(select(Movement).where(Movement.kind == MovementKind.ISSUE)) == []
    world.prove()
