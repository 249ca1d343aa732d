"""S18: the buyer refused the parcel; it comes back, and its owner decides what becomes of it."""

from decimal import Decimal

import pytest
from sqlmodel import select

from tests.scenarios.acting import by
from tests.scenarios.world import Answer, World
from warehouse.access.vocabulary import Role
from warehouse.inventory.models import Balance, Discrepancy, Disposal, Hold, Location, Lot
from warehouse.inventory.vocabulary import (
    DiscrepancyKind,
    DisposalKind,
    HoldKind,
    LotOrigin,
    Regime,
)
from warehouse.operations.bond import returning
from warehouse.operations.bond.errors import ChoiceMade
from warehouse.shipments.models import Shipment, ShipmentReturn
from warehouse.shipments.vocabulary import Custody, ReturnChoice


def dispatched(world: World) -> Shipment:
    """Two bags were stored, ordered, let go by customs, and have left; they weigh 1.3 kg."""
    world.in_bond([("BAG-A", "BAG-1", 2, "500")], "A-02")
    order, shipment = world.order("BAG-1", 2)
    world.release(order)
    world.dispatch(shipment, [("A-02", "BAG-A")])
    return shipment


def came_back(world: World, shipment: Shipment, weight: str = "1.3KG") -> Answer:
    return world.colleague().scan("CMD-RETURN", shipment.parcel_number, weight)


def chosen(world: World, shipment: Shipment, choice: ReturnChoice) -> ShipmentReturn:
    with world.arrange() as work:
        return returning.choose(by(world, work, Role.LIAISON, "ratree"), shipment, choice)


def returned_lots(world: World) -> list[Lot]:
    return list(world.rows(select(Lot).where(Lot.origin == LotOrigin.RETURNED)))


def test_it_comes_back_as_duty_paid_goods_that_name_what_left(world: World) -> None:
    shipment = dispatched(world)

    answer = came_back(world, shipment)

    (lot,) = returned_lots(world)
    (left,) = world.rows(select(Lot).where(Lot.id == lot.parent_lot_id))
    (place,) = world.rows(
        select(Location)
        .join(Balance, Balance.location_id == Location.id)
        .where(Balance.lot_id == lot.id)
    )
    assert (answer["tone"], answer["message"]["code"]) == ("good", "taken-back")
    assert (lot.quantity, lot.regime, left.declaration_number is not None) == (
        Decimal(2),
        Regime.DUTY_PAID,
        True,
    )
    assert place.regime is Regime.DUTY_PAID
    (now,) = world.rows(select(Shipment))
    assert now.custody is Custody.RETURNED
    world.prove()


def test_its_owner_has_it_put_back_into_stock(world: World) -> None:
    shipment = dispatched(world)
    came_back(world, shipment)

    returned = chosen(world, shipment, ReturnChoice.RESTOCK)

    assert (returned.choice, returned.defaulted) == (ReturnChoice.RESTOCK, False)
    with pytest.raises(ChoiceMade):
        chosen(world, shipment, ReturnChoice.DESTROY)
    world.prove()


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        (ReturnChoice.RE_EXPORT, DisposalKind.RE_EXPORT),
        (ReturnChoice.DESTROY, DisposalKind.DESTRUCTION),
    ],
)
def test_its_owner_sends_it_on_another_way(
    world: World, choice: ReturnChoice, kind: DisposalKind
) -> None:
    shipment = dispatched(world)
    came_back(world, shipment)

    chosen(world, shipment, choice)

    (disposal,) = world.rows(select(Disposal))
    assert disposal.kind is kind
    world.prove()


def test_contents_that_weigh_otherwise_go_to_inspection(world: World) -> None:
    shipment = dispatched(world)

    answer = came_back(world, shipment, "0.7KG")

    (case,) = world.rows(select(Discrepancy))
    assert (answer["tone"], answer["message"]["code"]) == ("warning", "taken-back-differs")
    assert answer["data"]["location"] == "RETURNS-2"
    (hold,) = world.rows(select(Hold))
    assert (hold.kind, hold.discrepancy_id) == (HoldKind.INSPECTION, case.id)
    assert (case.kind, case.shipment_id) == (DiscrepancyKind.RETURN, shipment.id)
    world.prove()


def test_a_silent_owner_gets_the_agreed_default_and_it_says_so(world: World) -> None:
    shipment = dispatched(world)
    came_back(world, shipment)
    world.run_job("default-returns")
    (before,) = world.rows(select(ShipmentReturn))

    world.wait(days=8)
    world.run_job("default-returns")

    (after,) = world.rows(select(ShipmentReturn))
    assert before.choice is None
    assert (after.choice, after.defaulted) == (ReturnChoice.RESTOCK, True)
    world.prove()


def test_what_comes_back_late_takes_the_ordinary_import_path(world: World) -> None:
    shipment = dispatched(world)
    world.wait(days=31)

    answer = world.colleague().scan("CMD-RETURN", shipment.parcel_number)

    assert (answer["tone"], answer["message"]["code"]) == ("refused", "return-too-late")
    assert "30" in answer["message"]["th"]
    world.prove()


def test_it_comes_back_once_and_only_after_it_left(world: World) -> None:
    world.in_bond([("BAG-B", "BAG-1", 1, "500")], "A-04")
    _, here = world.order("BAG-1", 1)
    shipment = dispatched(world)
    came_back(world, shipment)
    clerk = world.colleague()

    world.wait(minutes=2)
    twice = clerk.scan("CMD-RETURN", shipment.parcel_number)
    never_left = clerk.scan(here.parcel_number)

    assert (twice["tone"], twice["message"]["code"]) == ("refused", "already-returned")
    assert (never_left["tone"], never_left["message"]["code"]) == ("refused", "not-out")
    world.prove()


def test_only_a_weight_is_a_weight(world: World) -> None:
    answer = came_back(world, dispatched(world), "HELLO")

    assert (answer["tone"], answer["message"]["code"]) == ("refused", "weight-expected")
    assert returned_lots(world) == []
    world.prove()
