"""S6 Putaway and zone rules: the clerk is directed to a bin, and no unlawful bin is taken."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlmodel import col, select

from tests.builders import added, as_actor
from tests.scenarios.world import Answer, Colleague, World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Actor, Work
from warehouse.inventory import locks
from warehouse.inventory.models import (
    Balance,
    FloorPolicy,
    HandlingUnit,
    Location,
    Lot,
    Movement,
    OwnerMethod,
    PutawayRule,
)
from warehouse.inventory.vocabulary import FloorRule, Regime, StockMethod

PARCEL = "PARCEL-S6"


@pytest.fixture
def clerk(world: World) -> Iterator[Colleague]:
    yield world.colleague()
    world.prove()


def arrived(world: World, parcel: str = PARCEL, *, partner: str = "ALB", sku: str = "BAG-1") -> str:
    """A parcel that was received and waits at the dock."""
    world.announce([(parcel, sku, 10, "1000")], partner=partner)
    world.colleague(name="malai").scan("CMD-RECEIVE", parcel)
    return parcel


def change(world: World, code: str, **columns: object) -> None:
    with world.arrange() as work:
        place = work.session.get(Location, world.at(code).id)
        for name, value in columns.items():
            setattr(place, name, value)


def where(world: World, parcel: str) -> dict[str, Decimal]:
    return dict(
        world.rows(
            select(Location.code, Balance.quantity)
            .join(Balance, col(Balance.location_id) == col(Location.id))
            .join(Lot, col(Lot.id) == col(Balance.lot_id))
            .join(HandlingUnit, col(HandlingUnit.id) == col(Lot.handling_unit_id))
            .where(HandlingUnit.number == parcel, Balance.quantity > 0)
        )
    )


def said(answer: Answer) -> tuple[str, str]:
    return answer["tone"], answer["message"]["code"]


def movements(world: World) -> int:
    return len(world.rows(select(Movement)))


def a_rule(work: Work, world: World, zone: str, **conditions: object) -> PutawayRule:
    house = world.house
    return added(
        work,
        PutawayRule(
            premises_id=house.premises.id,
            priority=1,
            zone_id=world.at(zone).id,
            valid_from=work.today,
            **conditions,
        ),
    )


def test_the_clerk_is_directed_and_the_lot_stands_where_the_scan_says(
    world: World, clerk: Colleague
) -> None:
    parcel = arrived(world)
    with world.arrange() as work:
        a_rule(work, world, "A-07", partner_id=world.partners["ALB"].id)

    directed = clerk.scan("CMD-PUTAWAY", parcel)
    answer = clerk.scan("LOC-A-07")

    assert (said(directed), directed["data"]["location"]) == (("good", "directed"), "A-07")
    assert said(answer) == ("good", "stored")
    assert where(world, parcel) == {"A-07": 10}


def test_a_slip_is_taken_back_within_half_a_minute(world: World, clerk: Colleague) -> None:
    parcel = arrived(world)
    clerk.scan("CMD-PUTAWAY", parcel, "LOC-A-01")

    undone = clerk.scan("CMD-UNDO")
    again = clerk.scan("LOC-A-01")
    world.wait(seconds=31)
    too_late = clerk.scan("CMD-UNDO")

    assert said(undone) == ("good", "undone")
    assert said(again) == ("good", "stored")
    assert said(too_late) == ("refused", "too-late-to-undo")
    assert where(world, parcel) == {"A-01": 10}


def test_a_bonded_lot_into_the_duty_paid_zone_is_a_hard_stop(
    world: World, clerk: Colleague
) -> None:
    parcel = arrived(world)
    before = movements(world)
    clerk.scan("CMD-PUTAWAY", parcel)

    first, second = clerk.scan("LOC-D-01"), clerk.scan("LOC-D-01")

    assert said(first) == said(second) == ("refused", "regimes-apart")
    assert first["data"]["instead"] == "A-01"
    assert movements(world) == before
    assert where(world, parcel) == {"DOCK-1": 10}


@pytest.mark.parametrize("place", [regime.value for regime in Regime if regime != Regime.BONDED])
def test_bonded_goods_go_into_no_other_zone(world: World, clerk: Colleague, place: str) -> None:
    parcel = arrived(world)
    change(world, "D-01", regime=Regime(place))

    answer = clerk.scan("CMD-MOVE", parcel, "LOC-D-01")

    assert said(answer) == ("refused", "regimes-apart")


@pytest.mark.parametrize("goods", [regime for regime in Regime if regime != Regime.BONDED])
def test_other_goods_do_not_go_into_the_bonded_zone(
    world: World, clerk: Colleague, goods: Regime
) -> None:
    parcel = arrived(world)
    change(world, "DOCK-1", regime=goods)
    with world.arrange() as work:
        for lot in work.session.exec(select(Lot)):
            lot.regime = goods

    answer = clerk.scan("CMD-PUTAWAY", parcel, "LOC-A-01")

    assert said(answer) == ("refused", "regimes-apart")


def test_a_bin_that_may_not_mix_owners_names_the_nearest_lawful_bin(
    world: World, clerk: Colleague
) -> None:
    world.store(arrived(world, "PARCEL-ALB"), "A-05")
    change(world, "A-05", mixes_owners=False)
    parcel = arrived(world, partner="LZD")

    answer = clerk.scan("CMD-PUTAWAY", parcel, "LOC-A-05")

    assert said(answer) == ("refused", "owners-apart")
    assert answer["data"]["instead"] == "A-01"
    assert "A-01" in answer["message"]["th"]
    assert where(world, parcel) == {"DOCK-1": 10}


def test_the_owner_who_has_the_bin_may_add_to_it(world: World, clerk: Colleague) -> None:
    world.store(arrived(world, "PARCEL-1"), "A-05")
    change(world, "A-05", mixes_owners=False)
    parcel = arrived(world)

    clerk.scan("CMD-PUTAWAY", parcel, "LOC-A-05", "LOC-A-05")

    assert where(world, parcel) == {"A-05": 10}


def test_two_layers_do_not_share_a_bin_that_keeps_them_apart(
    world: World, clerk: Colleague
) -> None:
    world.in_bond([("PARCEL-1", "BAG-1", 10, "1000")], "A-05")
    change(world, "A-05", mixes_layers=False)
    world.enter(world.announce([(PARCEL, "BAG-1", 10, "1000")]))
    clerk.scan("CMD-RECEIVE", PARCEL)

    answer = clerk.scan("CMD-PUTAWAY", PARCEL, "LOC-A-05")

    assert said(answer) == ("refused", "layers-apart")


def test_goods_of_both_methods_do_not_share_a_bin(world: World, clerk: Colleague) -> None:
    with world.arrange() as work:
        for partner, method in (("ALB", StockMethod.FIFO), ("LZD", StockMethod.SPECIFIC)):
            added(
                work,
                OwnerMethod(
                    premises_id=world.house.premises.id,
                    partner_id=world.partners[partner].id,
                    method=method,
                ),
            )
    world.store(arrived(world, "PARCEL-ALB"), "A-05")
    parcel = arrived(world, partner="LZD")

    answer = clerk.scan("CMD-PUTAWAY", parcel, "LOC-A-05")

    assert said(answer) == ("refused", "methods-apart")


@pytest.mark.parametrize(
    "limit", [{"most_kg": Decimal("6.4")}, {"most_parcels": 0}], ids=["weight", "parcels"]
)
def test_a_bin_that_is_full_takes_nothing_more(
    world: World, clerk: Colleague, limit: dict[str, object]
) -> None:
    parcel = arrived(world)
    change(world, "A-05", **limit)

    answer = clerk.scan("CMD-PUTAWAY", parcel, "LOC-A-05")

    assert said(answer) == ("refused", "place-full")


def test_a_bin_that_is_locked_down_is_a_stop(world: World, clerk: Colleague) -> None:
    parcel = arrived(world)
    supervisor = Actor("nipa", Role.SUPERVISOR, premises_id=world.house.premises.id)
    with world.arrange() as work:
        locks.lock_down(as_actor(work, supervisor), world.at("A-01").id, "shelf broken")

    directed = clerk.scan("CMD-PUTAWAY", parcel)
    answer = clerk.scan("LOC-A-01")

    assert directed["data"]["location"] == "A-02"
    assert said(answer) == ("refused", "location-locked")
    assert (answer["data"]["person"], answer["data"]["instead"]) == ("nipa", "A-02")


def test_another_lawful_bin_is_taken_on_a_second_scan(world: World, clerk: Colleague) -> None:
    parcel = arrived(world)
    clerk.scan("CMD-PUTAWAY", parcel)

    asked = clerk.scan("LOC-A-09")
    stood = where(world, parcel)
    answer = clerk.scan("LOC-A-09")

    assert (said(asked), asked["data"]["directed"]) == (("warning", "other-bin"), "A-01")
    assert stood == {"DOCK-1": 10}
    assert said(answer) == ("good", "stored")
    assert where(world, parcel) == {"A-09": 10}


def test_a_third_bin_in_between_is_asked_about_anew(world: World, clerk: Colleague) -> None:
    parcel = arrived(world)
    clerk.scan("CMD-PUTAWAY", parcel, "LOC-A-09")

    other, again = clerk.scan("LOC-A-10"), clerk.scan("LOC-A-09")

    assert said(other) == said(again) == ("warning", "other-bin")
    assert where(world, parcel) == {"DOCK-1": 10}


def test_another_bin_is_refused_where_policy_does_not_allow_it(
    world: World, clerk: Colleague
) -> None:
    with world.arrange() as work:
        added(
            work,
            FloorPolicy(
                name=FloorRule.CONFIRM_WRONG_BIN,
                key="ALB",
                value="no",
                valid_from=work.today,
                source="Contract with the partner",
            ),
        )
    parcel = arrived(world)
    clerk.scan("CMD-PUTAWAY", parcel)

    first, second = clerk.scan("LOC-A-09"), clerk.scan("LOC-A-09")

    assert said(first) == said(second) == ("refused", "wrong-bin")
    assert where(world, parcel) == {"DOCK-1": 10}
