"""The world stands before anything happens in it."""

from datetime import date

from tests.scenarios.world import World


def test_goods_are_announced_entered_stored_ordered_and_released(world: World) -> None:
    world.in_bond(
        [("PARCEL-E1", "BAG-1", 60, "500")],
        "A-01",
        number="A0100690100001",
        on=date(2026, 1, 10),
    )
    order, _ = world.order("BAG-1", 5)

    release = world.release(order)

    assert release.order_id == order.id
    world.prove()
