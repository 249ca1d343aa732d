"""S11: a hundred bags go under seal to another bonded warehouse, and ninety-eight arrive."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.scenarios.acting import by
from tests.scenarios.world import Answer, World
from warehouse.access.vocabulary import Role
from warehouse.core import clock
from warehouse.customs.errors import LicenceNotInForce
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.models import (
    Balance,
    Discrepancy,
    Disposal,
    DisposalLine,
    Location,
    Lot,
    Movement,
)
from warehouse.inventory.vocabulary import (
    DiscrepancyKind,
    DisposalKind,
    DisposalState,
    LocationKind,
    LotOrigin,
)
from warehouse.masterdata.models import Premises
from warehouse.operations.bond import disposing
from warehouse.operations.bond.errors import SamePremises

PARCELS = ("BAGS-1", "BAGS-2", "BAGS-3")


def draft(world: World, kind: DisposalKind, to: str | None = "BW-CNX-02") -> DisposalDraft:
    lots = world.rows(select(Lot))
    return DisposalDraft(
        kind=kind,
        premises_id=world.house.premises.id,
        reason="stock for the north",
        goods=[Wanted(lot.id, lot.quantity) for lot in lots],
        to_premises_id=world.houses[to].premises.id if to else None,
        destination="" if to else "FZ-LCB",
    )


def stored(world: World) -> None:
    """A hundred bags in three parcels: 60, 38 and 2."""
    world.in_bond(
        [
            (parcel, "BAG-1", quantity, "500")
            for parcel, quantity in zip(PARCELS, (60, 38, 2), strict=True)
        ],
        "A-03",
    )


def permitted(world: World, kind: DisposalKind = DisposalKind.TRANSFER) -> Disposal:
    stored(world)
    to = "BW-CNX-02" if kind is DisposalKind.TRANSFER else None
    with world.arrange() as work:
        disposal = disposing.request(
            by(world, work, Role.LIAISON, "ratree"), draft(world, kind, to)
        )
    with world.arrange() as work:
        disposing.record_permit(
            by(world, work, Role.LIAISON, "ratree"),
            disposal.number,
            authority="B-2569/17",
            officer=world.colleague(Role.OFFICER, "arun").person.username,
            valid_until=clock.now() + timedelta(days=7),
        )
    with world.arrange() as work:
        disposing.approve(by(world, work, Role.MANAGER, "wichai"), disposal.number)
    return disposal


def sent(world: World) -> Disposal:
    """The sealed truck is on its way."""
    disposal = permitted(world)
    world.colleague().scan("CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-778")
    return disposal


def quantity_at(world: World, kind: LocationKind, premises: str = "BW-BKK-01") -> Decimal:
    place = world.at(kind.name.replace("_", "-"), premises)
    came = world.rows(select(Movement.quantity).where(Movement.to_location_id == place.id))
    went = world.rows(select(Movement.quantity).where(Movement.from_location_id == place.id))
    return sum(came, Decimal(0)) - sum(went, Decimal(0))


def on_hand(world: World, premises: str) -> Decimal:
    return sum(
        world.rows(
            select(Balance.quantity)
            .join(Location, Location.id == Balance.location_id)
            .where(Location.premises_id == world.houses[premises].premises.id)
        ),
        Decimal(0),
    )


def receive_but_the_last(world: World, disposal: Disposal, seal: str = "SEAL-778") -> Answer:
    there = world.colleague(name="kham", premises="BW-CNX-02")
    there.scan("CMD-TRANSFER-IN", disposal.number, seal)
    return there.scan(*PARCELS[:2])


def test_goods_leave_under_seal_and_are_in_transit(world: World) -> None:
    disposal = permitted(world)

    sealed = world.colleague().scan(
        "CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-778"
    )

    (found,) = world.rows(select(Disposal))
    assert (sealed["tone"], sealed["message"]["code"]) == ("good", "gone")
    assert (found.state, found.seal) == (DisposalState.UNDER_WAY, "SEAL-778")
    assert quantity_at(world, LocationKind.IN_TRANSIT_BOND) == 100
    assert on_hand(world, "BW-BKK-01") == 0
    world.prove()


def test_what_arrives_stands_there_and_what_does_not_is_a_case_on_the_way(world: World) -> None:
    disposal = sent(world)
    last = receive_but_the_last(world, disposal)
    there = world.colleague(name="kham", premises="BW-CNX-02")

    asked = there.scan("CMD-DONE")
    closed = there.scan("CMD-DONE")

    assert (last["tone"], last["data"]["left"]) == ("good", 1)
    assert (asked["tone"], asked["message"]["code"]) == ("warning", "really-all")
    assert (closed["message"]["code"], closed["data"]["parcels"]) == ("transfer-short", ["BAGS-3"])
    assert on_hand(world, "BW-CNX-02") == 98
    assert quantity_at(world, LocationKind.IN_TRANSIT_BOND) == 0
    assert quantity_at(world, LocationKind.OTHER_BONDED) == 98
    (case,) = world.rows(select(Discrepancy))
    assert (case.kind, case.quantity) == (DiscrepancyKind.TRANSIT_SHORT, 2)
    assert case.premises_id == world.house.premises.id
    assert [
        line.arrived for line in world.rows(select(DisposalLine).order_by(DisposalLine.gone))
    ] == [
        0,
        38,
        60,
    ]
    world.prove()


def test_the_lots_there_name_those_here_and_wait_for_their_own_entry(world: World) -> None:
    receive_but_the_last(world, sent(world))

    there = world.rows(select(Lot).where(Lot.origin == LotOrigin.TRANSFERRED))

    assert {lot.premises_id for lot in there} == {world.houses["BW-CNX-02"].premises.id}
    assert all(lot.parent_lot_id and lot.declaration_line_id is None for lot in there)
    world.prove()


def test_a_free_zone_is_reached_in_one_step(world: World) -> None:
    disposal = permitted(world, DisposalKind.FREE_ZONE)

    world.colleague().scan("CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-9")

    (found,) = world.rows(select(Disposal))
    assert found.state is DisposalState.DONE
    assert quantity_at(world, LocationKind.FREE_ZONE) == 100
    world.prove()


def test_a_warehouse_without_a_licence_is_refused_at_once(world: World) -> None:
    stored(world)
    with world.arrange() as work:
        premises = work.session.get_one(Premises, world.houses["BW-CNX-02"].premises.id)
        premises.licence_to = date(2026, 7, 31)

    with pytest.raises(LicenceNotInForce), world.arrange() as work:
        disposing.request(
            by(world, work, Role.LIAISON, "ratree"), draft(world, DisposalKind.TRANSFER)
        )
    with pytest.raises(SamePremises), world.arrange() as work:
        disposing.request(
            by(world, work, Role.LIAISON, "ratree"),
            draft(world, DisposalKind.TRANSFER, "BW-BKK-01"),
        )
    world.prove()


def test_it_is_received_once(world: World) -> None:
    disposal = sent(world)
    receive_but_the_last(world, disposal)
    there = world.colleague(name="kham", premises="BW-CNX-02")

    world.wait(minutes=2)
    twice = there.scan(PARCELS[0])
    there.scan(PARCELS[2], "CMD-DONE")
    after = there.scan(disposal.number)

    assert (twice["tone"], twice["message"]["code"]) == ("refused", "not-in-transfer")
    assert (after["tone"], after["message"]["code"]) == ("refused", "not-sent")
    assert on_hand(world, "BW-CNX-02") == 100
    world.prove()


def test_a_broken_seal_opens_a_case_and_sends_the_goods_to_inspection(world: World) -> None:
    disposal = sent(world)

    last = receive_but_the_last(world, disposal, seal="SEAL-779")

    (case,) = world.rows(select(Discrepancy))
    assert (case.kind, case.expected, case.found) == (
        DiscrepancyKind.SEAL,
        "SEAL-778",
        "SEAL-779",
    )
    assert last["data"]["location"] == "INSPECT-1"
    world.prove()


def test_a_transfer_to_elsewhere_is_not_received_here(world: World) -> None:
    disposal = sent(world)

    here = world.colleague().scan("CMD-TRANSFER-IN", disposal.number)

    assert (here["tone"], here["message"]["code"]) == ("refused", "not-sent")
    world.prove()
