"""Where goods are directed, what the places ask, and pick bins that are filled from the store."""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tests.builders import (
    House,
    a_clerk,
    a_house,
    a_parcel,
    a_partner,
    a_product,
    added,
    as_actor,
    lots_in,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from warehouse import wiring
from warehouse.core import ids
from warehouse.core.errors import WarehouseError
from warehouse.core.work import SYSTEM, Work, begin
from warehouse.inventory import (
    admission,
    inbound,
    inside,
    ledger,
    locks,
    places,
    putaway,
    standing,
    velocity,
)
from warehouse.inventory.errors import AlreadyLocked, LocationNotFound, NotLocked
from warehouse.inventory.models import (
    Balance,
    HandlingUnit,
    Hold,
    Location,
    Lot,
    ProductVelocity,
    PutawayRule,
    ReplenishmentRule,
)
from warehouse.inventory.vocabulary import HoldKind, LocationKind, MovementKind, Velocity
from warehouse.operations.floor import replenishing
from warehouse.operations.floor.keeping import Scanned
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def a_place(
    work: Work,
    house: House,
    code: str,
    kind: LocationKind = LocationKind.STORE,
    parent: Location | None = None,
    **columns: object,
) -> Location:
    place = places.add(work, house.premises.id, code, code, code, kind, parent=parent)
    for name, value in columns.items():
        setattr(place, name, value)
    work.session.flush()
    return place


def a_rule(work: Work, zone: Location, priority: int = 1, **conditions: object) -> PutawayRule:
    dates = {"valid_from": work.today} | conditions
    return added(
        work,
        PutawayRule(premises_id=zone.premises_id, priority=priority, zone_id=zone.id, **dates),
    )


def at_the_dock(work: Work, house: House, quantity: int = 10) -> str:
    parcel = a_parcel(work, house, quantity)
    inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
    return parcel


def directed(work: Work, house: House, parcel: str) -> str | None:
    [key] = work.session.exec(select(HandlingUnit.id).where(HandlingUnit.number == parcel))
    unit = standing.unit_by_id(work, house.premises.id, key)
    found = putaway.direct(work, house.premises.id, standing.stands(work, unit))
    return found and found.code


def quantity_at(work: Work, place: Location) -> Decimal:
    found = select(Balance.quantity).where(Balance.location_id == place.id)
    return sum(work.session.exec(found), Decimal(0))


# ── Directing ────────────────────────────────────────────────────────────────────────────────────


def test_the_first_rule_that_fits_decides(work: Work, house: House) -> None:
    first, second = a_place(work, house, "C1"), a_place(work, house, "C2")
    a_rule(work, second, 2, partner_id=house.partner.id)
    a_rule(work, first, 1, product_id=house.product.id)

    assert directed(work, house, at_the_dock(work, house)) == "C1"


@pytest.mark.parametrize(
    "condition",
    [
        {"valid_from": "tomorrow"},
        {"valid_to": "yesterday"},
        {"partner_id": "another"},
        {"product_id": "another"},
        {"regime": "duty_paid"},
        {"velocity": "a"},
    ],
    ids=lambda condition: next(iter(condition)),
)
def test_a_rule_that_does_not_fit_is_passed_over(
    work: Work, house: House, condition: dict[str, str]
) -> None:
    partner = a_partner(work, "OTHER")
    another = {"partner_id": partner.id, "product_id": a_product(work, partner, "BAG-2").id}
    days = {"tomorrow": work.today + timedelta(days=1), "yesterday": work.today - timedelta(days=1)}
    [(name, value)] = condition.items()
    old = {"valid_from": work.today - timedelta(days=9)}
    meant = {name: another.get(name) or days.get(value, value)}
    a_rule(work, a_place(work, house, "C1"), **(old | meant))

    assert directed(work, house, at_the_dock(work, house)) == "A1"


def test_a_zone_without_a_lawful_bin_leaves_it_to_the_next_rule(work: Work, house: House) -> None:
    zone = a_place(work, house, "FULL", LocationKind.ZONE, most_parcels=0)
    a_place(work, house, "FULL-1", parent=zone)
    a_rule(work, zone, 1)
    a_rule(work, house.places["A2"], 2)

    assert directed(work, house, at_the_dock(work, house)) == "A2"


def test_goods_that_are_picked_often_go_to_the_bins_for_them(work: Work, house: House) -> None:
    a_place(work, house, "NEAR", velocity=Velocity.A)
    added(
        work,
        ProductVelocity(
            premises_id=house.premises.id,
            product_id=house.product.id,
            velocity=Velocity.A,
            picks=9,
            at=work.at,
        ),
    )

    assert directed(work, house, at_the_dock(work, house)) == "NEAR"


def test_goods_go_where_the_like_stands(work: Work, house: House) -> None:
    stored_parcel(work, house, 10, "A2")

    assert directed(work, house, at_the_dock(work, house)) == "A2"


def test_goods_that_are_stored_go_where_the_clerk_says(work: Work, house: House) -> None:
    assert directed(work, house, stored_parcel(work, house, 10, "A2")) is None


def test_the_clerk_hears_when_no_bin_may_take_the_goods(
    work: Work, house: House, scanner: Scanner
) -> None:
    for code in ("A1", "A2"):
        house.places[code].most_parcels = 0
        work.session.add(house.places[code])
    parcel = at_the_dock(work, house)

    answer = scanner.scan("CMD-PUTAWAY", parcel)
    refused = scanner.scan("LOC-A1")

    assert outcome(answer) == ("warning", "no-bin")
    assert (outcome(refused), refused["data"]["instead"]) == (("refused", "place-full"), None)
    assert "tell the supervisor" in refused["message"]["en"]


def test_held_goods_are_relocated_to_the_place_they_are_sent_to(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    [key] = work.session.exec(select(HandlingUnit.id).where(HandlingUnit.number == parcel))
    [lot] = lots_in(work, house, parcel)
    a_hold(work, house, lot.id)
    assignments.add(
        work,
        AssignmentKind.RELOCATE,
        house.premises.id,
        handling_unit_id=key,
        location_id=house.places["HOLD-1"].id,
    )

    told = scanner.scan("CMD-PUTAWAY", parcel)
    answer = scanner.scan("LOC-HOLD-1")

    [task] = work.session.exec(select(Assignment))
    assert (outcome(told), told["data"]["location"]) == (("good", "directed"), "HOLD-1")
    assert (outcome(answer), task.state) == (("good", "stored"), AssignmentState.DONE)


def a_hold(work: Work, house: House, lot_id: UUID) -> None:
    added(
        work,
        Hold(
            premises_id=house.premises.id,
            kind=HoldKind.CUSTOMS,
            reason="customs_inspection",
            lot_id=lot_id,
            opened_by="tester",
            opened_at=work.at,
        ),
    )


def test_who_had_no_network_was_not_directed_and_is_not_asked(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = at_the_dock(work, house)
    late = [
        Scanned(ids.new_id(), code, "SCANNER-1", waited=True)
        for code in ("CMD-PUTAWAY", parcel, "LOC-A2")
    ]

    answers = [json.loads(scanner.send(each)) for each in late]

    assert outcome(answers[-1]) == ("good", "stored")


# ── What the places around ask ───────────────────────────────────────────────────────────────────


def test_what_a_rack_asks_holds_for_every_bin_in_it(
    work: Work, house: House, scanner: Scanner
) -> None:
    rack = a_place(work, house, "R", LocationKind.ZONE, mixes_owners=False)
    a_place(work, house, "R1", parent=rack)
    a_place(work, house, "R2", parent=rack)
    stored_parcel(work, house, 10, "R1")
    partner = a_partner(work, "OTHER")
    other = replace(house, partner=partner, product=a_product(work, partner, "BAG-2"))

    answer = scanner.scan("CMD-MOVE", at_the_dock(work, other), "LOC-R2")

    assert outcome(answer) == ("refused", "owners-apart")


def test_a_lock_around_a_place_locks_it(work: Work, house: House, scanner: Scanner) -> None:
    rack = a_place(work, house, "R", LocationKind.ZONE)
    a_place(work, house, "R1", parent=rack)
    parcel = stored_parcel(work, house, 10, "R1")
    locks.lock_down(as_actor(work, house.clerk), rack.id, "flood")

    answer = scanner.scan("CMD-MOVE", parcel, "LOC-A1")

    assert (outcome(answer), answer["data"]["locked"]) == (("refused", "location-locked"), "R")


def test_goods_that_move_inside_a_full_rack_are_counted_once(
    work: Work, house: House, scanner: Scanner
) -> None:
    rack = a_place(work, house, "R", LocationKind.ZONE, most_kg=Decimal("6.5"))
    a_place(work, house, "R1", parent=rack)
    a_place(work, house, "R2", parent=rack)
    parcel = stored_parcel(work, house, 10, "R1")

    answer = scanner.scan("CMD-MOVE", parcel, "LOC-R2")

    assert outcome(answer) == ("good", "moved")


def test_a_container_counts_as_one_whatever_is_in_it(
    work: Work, house: House, scanner: Scanner
) -> None:
    a_place(work, house, "P1", most_parcels=1)
    first, second = (stored_parcel(work, house, 10, "A1") for _ in range(2))
    scanner.scan("CMD-MOVE", first, "PALLET-1", "PALLET-1", second, "PALLET-1")

    whole = scanner.scan("CMD-MOVE", "PALLET-1", "LOC-P1")
    more = scanner.scan("CMD-MOVE", stored_parcel(work, house, 1, "A1"), "LOC-P1")

    assert outcome(whole) == ("good", "moved")
    assert outcome(more) == ("refused", "place-full")


def test_litres_count_too(work: Work, house: House, scanner: Scanner) -> None:
    a_place(work, house, "P1", most_litres=Decimal(15))
    house.product.litres = Decimal(2)
    work.session.add(house.product)

    ten = scanner.scan("CMD-MOVE", at_the_dock(work, house, 10), "LOC-P1")
    scanner.scan("CMD-CANCEL")
    seven = scanner.scan(at_the_dock(work, house, 7), "LOC-P1")

    assert (outcome(ten)[1], outcome(seven)[1]) == ("place-full", "moved")


def test_a_lock_has_a_reason_a_person_and_an_end(work: Work, house: House) -> None:
    mine = as_actor(work, house.clerk)
    place = house.places["A1"].id

    lock = locks.lock_down(mine, place, "flood")
    with pytest.raises(AlreadyLocked):
        locks.lock_down(mine, place, "fire")
    locks.open_again(mine, place)
    with pytest.raises(NotLocked):
        locks.open_again(mine, place)

    assert (lock.reason, lock.opened_by, lock.closed_by) == (
        "flood",
        mine.actor.name,
        mine.actor.name,
    )
    assert locks.locked(work, [place]) == []


def test_nobody_locks_a_place_of_other_premises(work: Work, house: House) -> None:
    other = a_house(work, "BW-TEST-02")

    with pytest.raises(LocationNotFound):
        locks.lock_down(as_actor(work, house.clerk), other.places["A1"].id, "flood")


# ── Two at once ──────────────────────────────────────────────────────────────────────────────────


def all_put_away(engine: Engine, house: House, parcels: Sequence[str], place: str) -> list[str]:
    """Carry all of *parcels* to *place* at the same moment; what came of each."""
    barrier = threading.Barrier(len(parcels))

    def carry(parcel: str) -> str:
        with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
            [key] = work.session.exec(select(HandlingUnit.id).where(HandlingUnit.number == parcel))
            target = inbound.place(work, house.premises.id, place)
            barrier.wait()
            inside.put_away(work, house.premises.id, key, target, scan_id=ids.new_id())
        return "stored"

    def outcome_of(parcel: str) -> str:
        try:
            return carry(parcel)
        except WarehouseError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(parcels)) as threads:
        return list(threads.map(outcome_of, parcels))


def committed(
    engine: Engine, arrange: Callable[[Work], tuple[House, list[str]]]
) -> tuple[House, list[str]]:
    with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
        return arrange(work)


def test_the_last_room_in_a_bin_is_given_once(database: Engine) -> None:
    def arrange(work: Work) -> tuple[House, list[str]]:
        house = a_house(work)
        a_place(work, house, "P1", most_parcels=2)
        return house, [at_the_dock(work, house) for _ in range(8)]

    house, parcels = committed(database, arrange)

    outcomes = all_put_away(database, house, parcels, "P1")

    assert sorted(outcomes) == ["place-full"] * 6 + ["stored"] * 2


def test_two_owners_at_once_do_not_share_a_bin_that_keeps_them_apart(database: Engine) -> None:
    def arrange(work: Work) -> tuple[House, list[str]]:
        house = a_house(work)
        a_place(work, house, "P1", mixes_owners=False)
        partner = a_partner(work, "OTHER")
        other = replace(house, partner=partner, product=a_product(work, partner, "BAG-2"))
        return house, [at_the_dock(work, each) for each in (house, other) * 4]

    house, parcels = committed(database, arrange)

    outcomes = all_put_away(database, house, parcels, "P1")

    assert outcomes.count("stored") == outcomes.count("owners-apart") == 4
    with begin(database, SYSTEM, wiring.SUBSCRIBERS) as work:
        owners = (
            select(Lot.partner_id)
            .join(Balance, col(Balance.lot_id) == col(Lot.id))
            .join(Location, col(Location.id) == col(Balance.location_id))
            .where(Location.code == "P1", Balance.quantity > 0)
        )
        assert len(set(work.session.exec(owners))) == 1


# ── ABC and replenishment ────────────────────────────────────────────────────────────────────────


def test_products_are_classed_by_their_picks(work: Work, house: House) -> None:
    [lot] = lots_in(work, house, stored_parcel(work, house, 10, "A1"))
    idle = a_product(work, house.partner, "BAG-2")
    added(
        work,
        ProductVelocity(
            premises_id=house.premises.id,
            product_id=idle.id,
            velocity=Velocity.A,
            picks=9,
            at=work.at - timedelta(days=1),
        ),
    )
    picked = ledger.Line(lot.id, house.places["A1"].id, Decimal(1), under_bond=True)
    ledger.post(work, MovementKind.PICK, [picked], target_id=house.places["STAGE-1"].id)

    velocity.classify_products(work, {})
    velocity.classify_products(work, {})

    found = work.session.exec(
        select(ProductVelocity.product_id, ProductVelocity.velocity, ProductVelocity.picks)
    ).all()
    assert set(found) == {(house.product.id, Velocity.A, 1), (idle.id, Velocity.C, 0)}


def a_pick_bin(work: Work, house: House, **columns: object) -> Location:
    place = a_place(work, house, "P-01", LocationKind.PICK, **columns)
    added(
        work,
        ReplenishmentRule(
            location_id=place.id, product_id=house.product.id, least=Decimal(3), most=Decimal(8)
        ),
    )
    return place


def test_a_pick_bin_that_runs_low_is_filled_from_the_oldest_layer(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 10, "A1")
    older = stored_parcel(work, house, 5, "A2", accepted_at=work.at - timedelta(days=9))
    place = a_pick_bin(work, house)
    replenishing.plan_replenishment(work, {})

    told = scanner.scan("CMD-REPLENISH", "CMD-NEXT")
    wrong = scanner.scan("LOC-A1")
    scanner.scan("LOC-A2", older)
    answer = scanner.scan("LOC-P-01")

    assert (told["data"]["source"], told["data"]["quantity"]) == ("A2", "5")
    assert outcome(wrong) == ("refused", "wrong-source")
    assert outcome(answer) == ("good", "replenished")
    assert quantity_at(work, place) == 5


def test_fewer_than_told_may_be_taken_and_never_more(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 10, "A1")
    place = a_pick_bin(work, house)
    replenishing.plan_replenishment(work, {})
    scanner.scan("CMD-REPLENISH", "LOC-P-01", "LOC-A1", "BAG-1")

    too_many = scanner.scan("9")
    few = scanner.scan("6")
    elsewhere = scanner.scan("LOC-A2")
    scanner.scan("LOC-P-01")

    assert outcome(too_many) == ("refused", "too-many")
    assert outcome(few) == ("good", "bring")
    assert outcome(elsewhere) == ("refused", "wrong-target")
    assert quantity_at(work, place) == 6


def test_the_parcel_is_scanned_where_like_goods_stand_beside_it(
    work: Work, house: House, scanner: Scanner
) -> None:
    older = stored_parcel(work, house, 5, "A1", accepted_at=work.at - timedelta(days=9))
    younger = stored_parcel(work, house, 5, "A1")
    a_pick_bin(work, house)
    replenishing.plan_replenishment(work, {})
    scanner.scan("CMD-REPLENISH", "LOC-P-01", "LOC-A1")

    answers = [scanner.scan(code) for code in ("BAG-1", younger, older)]

    assert [outcome(each)[1] for each in answers] == ["wrong-goods", "wrong-goods", "goods-right"]


def test_held_goods_do_not_fill_a_pick_bin(work: Work, house: House) -> None:
    parcel = stored_parcel(work, house, 10, "A1")
    a_pick_bin(work, house)
    a_hold(work, house, lots_in(work, house, parcel)[0].id)

    replenishing.plan_replenishment(work, {})

    assert work.session.exec(select(Assignment)).all() == []


def test_a_pick_bin_is_asked_for_once(work: Work, house: House) -> None:
    stored_parcel(work, house, 10, "A1")
    a_pick_bin(work, house)

    for _ in range(2):
        replenishing.plan_replenishment(work, {})

    assert len(work.session.exec(select(Assignment)).all()) == 1


def test_two_clerks_do_not_fill_one_bin_unless_one_takes_over(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 10, "A1")
    a_pick_bin(work, house)
    replenishing.plan_replenishment(work, {})
    scanner.scan("CMD-REPLENISH", "CMD-NEXT")
    other = Scanner(work, a_clerk(work, house.premises), "SCANNER-2")

    nothing = other.scan("CMD-REPLENISH", "CMD-NEXT")
    asked = other.scan("LOC-P-01")
    taken = other.scan("LOC-P-01")

    assert outcome(nothing) == ("refused", "nothing-to-replenish")
    assert outcome(asked) == ("warning", "taken-by-another")
    assert outcome(taken) == ("good", "take-from")


def test_a_bin_that_is_passed_over_waits_behind_the_others(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 10, "A1")
    a_pick_bin(work, house)
    replenishing.plan_replenishment(work, {})
    scanner.scan("CMD-REPLENISH", "CMD-NEXT")

    answer = scanner.scan("CMD-NEXT")

    [task] = work.session.exec(select(Assignment))
    assert outcome(answer) == ("good", "passed-over")
    assert (task.state, task.person_id, task.priority) == (AssignmentState.OPEN, None, -1)


def test_what_was_put_into_the_pick_bin_by_mistake_goes_back_and_is_asked_for_again(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house, 10, "A1")
    place = a_pick_bin(work, house)
    replenishing.plan_replenishment(work, {})
    scanner.scan("CMD-REPLENISH", "LOC-P-01", "LOC-A1", "BAG-1", "LOC-P-01")

    answer = scanner.scan("CMD-UNDO")

    open_tasks = select(Assignment).where(Assignment.state == AssignmentState.OPEN)
    assert outcome(answer) == ("good", "undone")
    assert quantity_at(work, place) == 0
    assert len(work.session.exec(open_tasks).all()) == 1


def test_what_comes_to_a_bin_is_weighed_by_what_was_measured(work: Work, house: House) -> None:
    place = a_place(work, house, "P1", most_kg=Decimal(7))
    parcel = at_the_dock(work, house, 10)
    [unit] = work.session.exec(select(HandlingUnit).where(HandlingUnit.number == parcel))
    goods = standing.stands(work, standing.unit_by_id(work, house.premises.id, unit.id))

    by_product = admission.lawful_bin(work, house.premises.id, goods, near="P1")
    unit.weight_kg = Decimal(8)
    work.session.flush()
    measured = admission.lawful_bin(work, house.premises.id, goods, near="P1")

    assert by_product is not None
    assert measured is not None
    assert (by_product.id == place.id, measured.id == place.id) == (True, False)
