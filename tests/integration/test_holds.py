"""Holds: on any level, seen at once by the floor and the partner, lifted by the role that may."""

import json
import threading

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tests.builders import (
    House,
    a_house,
    added,
    an_order,
    lots_in,
    released,
    stored_parcel,
)
from tests.conftest import TESTER
from tests.integration.floor import a_scanner, outcome
from tests.leaving import packed, picked, somebody
from warehouse import wiring
from warehouse.access.errors import UnknownOfficer
from warehouse.access.vocabulary import ROLE_NAMES, Role
from warehouse.core.work import Event, Work, begin
from warehouse.inventory import holds, queries
from warehouse.inventory.errors import (
    HoldLifted,
    HoldNotFound,
    MayNotLift,
    NoteMissing,
    ReasonMissing,
    StockHeld,
)
from warehouse.inventory.holds import KIND_OF, Level
from warehouse.inventory.models import HandlingUnit, Reservation
from warehouse.inventory.vocabulary import HoldKind, UnitKind
from warehouse.masterdata.reasons import DECIDED_BY, REASON_NAMES, Reason
from warehouse.operations.bond import holding
from warehouse.operations.errors import NameNotPlain, NothingOfThatName
from warehouse.operations.models import Assignment
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import Axis, ShipmentEvent


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def liaison(work: Work, house: House) -> Work:
    return somebody(work, house, Role.LIAISON)


def test_every_reason_has_a_name_a_kind_and_somebody_who_decides() -> None:
    assert set(REASON_NAMES) == set(KIND_OF) == set(DECIDED_BY) == set(Reason)


def test_a_hold_without_a_coded_reason_is_refused(house: House, liaison: Work) -> None:
    parcel = stored_parcel(liaison, house)

    for reason in ("", "because", "CUSTOMS_INSPECTION"):
        with pytest.raises(ReasonMissing):
            holding.place(liaison, reason, holding.find(liaison, parcel).target)


def test_a_hold_on_the_word_of_an_officer_names_the_officer(house: House, liaison: Work) -> None:
    officer = somebody(liaison, house, Role.OFFICER).actor
    parcel = holding.find(liaison, stored_parcel(liaison, house)).target

    with pytest.raises(UnknownOfficer):
        holding.place(liaison, "customs_inspection", parcel, officer="nobody")
    hold = holding.place(liaison, "customs_inspection", parcel, officer=officer.name)

    assert (hold.officer_id, hold.opened_by) == (officer.id, liaison.actor.name)
    assert hold.kind is HoldKind.CUSTOMS


@pytest.mark.parametrize("level", Level)
def test_a_hold_on_any_level_stops_what_it_reaches(
    work: Work, house: House, liaison: Work, level: Level
) -> None:
    parcel = stored_parcel(work, house, 5)
    _, shipment = an_order(work, house, 2)
    number = number_on(work, house, level, parcel, shipment)

    thing = holding.find(liaison, number)
    hold = holding.place(liaison, "customs_inspection", thing.target)

    assert thing.target.level is level
    held = holds.stopping(work, shipment.order_id)
    assert held is not None
    assert held.id == hold.id
    assert held.facts["who"] == ["Customs liaison"]


def number_on(work: Work, house: House, level: Level, parcel: str, shipment: Shipment) -> str:
    [lot] = lots_in(work, house, parcel)
    unit = work.session.get_one(HandlingUnit, lot.handling_unit_id)
    assert unit.consignment_id is not None
    return {
        Level.PARTNER: house.partner.code,
        Level.PRODUCT: f"{house.partner.code}/BAG-1",
        Level.CONSIGNMENT: shipments.consignment_by_id(work.session, unit.consignment_id).number,
        Level.UNIT: parcel.lower(),
        Level.LOT: lot.number,
        Level.LOCATION: "LOC-A1",
        Level.SHIPMENT: shipment.parcel_number,
    }[level]


def test_what_is_not_known_here_or_names_several_things_is_not_held(
    work: Work, house: House, liaison: Work
) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    foreign = stored_parcel(work, elsewhere)

    for number in (foreign, "NOTHING"):
        with pytest.raises(NothingOfThatName):
            holding.find(liaison, number)
    with pytest.raises(NameNotPlain) as refused:
        holding.find(liaison, "BAG-1")

    assert f"{elsewhere.partner.code}/BAG-1" in refused.value.text("en")


@pytest.mark.parametrize(
    ("reason", "allowed"),
    [("customs_inspection", Role.LIAISON), ("damaged", Role.SUPERVISOR)],
)
def test_a_hold_is_lifted_only_by_the_role_that_may_and_with_a_note(
    work: Work, house: House, reason: str, allowed: Role
) -> None:
    clerk = somebody(work, house, Role.CLERK)
    target = holding.find(clerk, stored_parcel(work, house)).target
    hold = holding.place(clerk, reason, target)

    for role in (Role.CLERK, Role.OFFICER, Role.MANAGER, Role.SUPERVISOR, Role.LIAISON):
        if role is not allowed:
            with pytest.raises(MayNotLift) as refused:
                holding.lift(somebody(work, house, role), hold.id, "done")
            assert refused.value.facts["who"] == [ROLE_NAMES[allowed]]
    lifter = somebody(work, house, allowed)
    with pytest.raises(NoteMissing):
        holding.lift(lifter, hold.id, "  ")
    holding.lift(lifter, hold.id, "done")

    assert (hold.closed_by, hold.closing_note) == (lifter.actor.name, "done")
    with pytest.raises(HoldLifted):
        holding.lift(lifter, hold.id, "again")


def test_a_hold_of_another_warehouse_is_not_found(work: Work, house: House) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    there = somebody(work, elsewhere, Role.LIAISON)
    hold = holding.place(
        there, "value_query", holding.find(there, stored_parcel(work, elsewhere)).target
    )

    with pytest.raises(HoldNotFound):
        holding.lift(somebody(work, house, Role.LIAISON), hold.id, "not mine")


def test_the_partner_is_told_of_a_hold_and_of_its_end(
    work: Work, house: House, liaison: Work
) -> None:
    parcel = stored_parcel(work, house, 5)
    _, shipment = an_order(work, house, 2)
    other = stored_parcel(work, house, 9, "A2")

    hold = holding.place(liaison, "customs_documentation", holding.find(liaison, parcel).target)
    holding.place(liaison, "damaged", holding.find(liaison, other).target)
    work.session.refresh(shipment)
    held, version = shipment.held, shipment.version
    holding.lift(liaison, hold.id, "papers came")

    work.session.refresh(shipment)
    assert (held, shipment.held, shipment.version) == ("customs_documentation", "", version + 1)
    history = shipments.history(work.session, shipment.id)
    assert [each.status for each in history if each.axis is Axis.HOLD] == [
        "customs_documentation",
        "lifted",
    ]
    told = select(Event.name).where(Event.subject == shipment.id).order_by(col(Event.sequence))
    assert work.session.exec(told).all()[-2:] == [
        ShipmentEvent.SHIPMENT_HELD,
        ShipmentEvent.SHIPMENT_FREED,
    ]


def test_a_second_hold_goes_on_when_the_first_is_lifted_and_customs_is_named_first(
    work: Work, house: House, liaison: Work
) -> None:
    parcel = stored_parcel(work, house, 5)
    _, shipment = an_order(work, house, 2)
    target = holding.find(liaison, parcel).target

    holding.place(liaison, "damaged", target)
    of_customs = holding.place(liaison, "hs_query", target)
    work.session.refresh(shipment)
    first = shipment.held
    holding.lift(liaison, of_customs.id, "answered")

    work.session.refresh(shipment)
    assert (first, shipment.held) == ("hs_query", "damaged")


def test_an_ended_storage_time_does_not_stop_what_was_promised(
    work: Work, house: House, liaison: Work
) -> None:
    parcel = stored_parcel(work, house, 5)
    order, shipment = an_order(work, house, 2)
    packed(work, house, shipment)
    released(work, house, order)

    holding.place(liaison, "storage_overdue", holding.find(liaison, parcel).target)

    assert holds.stopping(work, order.id) is None
    answer = a_scanner(work, house).scan("CMD-EXIT", shipment.parcel_number)
    assert outcome(answer) == ("good", "exited")


def test_held_parcels_are_to_be_carried_aside_and_a_tote_with_what_was_picked_into_it(
    work: Work, house: House, liaison: Work
) -> None:
    in_bin = stored_parcel(work, house, 5, "A1")
    in_tote = stored_parcel(work, house, 2, "A2")
    _, shipment = an_order(work, house, 7)
    tote = put_in_tote(work, house, shipment, in_tote)

    targets = [holding.find(liaison, parcel).target for parcel in (in_bin, in_tote)]
    placed = [holding.place(liaison, "customs_inspection", target) for target in targets]

    unit = queries.handling_unit_by_number(work.session, house.premises.id, in_bin)
    assert asked_aside(work) == {unit.id, tote.id}
    holding.lift(liaison, placed[1].id, "released")
    assert asked_aside(work) == {unit.id}


def put_in_tote(work: Work, house: House, shipment: Shipment, parcel: str) -> HandlingUnit:
    """What was promised of *parcel* is picked into a tote; the rest stays in its bin."""
    tote = added(
        work,
        HandlingUnit(
            premises_id=house.premises.id,
            kind=UnitKind.TOTE,
            number="TOTE-1",
            announced=False,
        ),
    )
    picked(work, house, shipment)
    [lot] = lots_in(work, house, parcel)
    for each in queries.reservations_of_order(work.session, shipment.order_id):
        if each.lot_id == lot.id:
            each.container_id = tote.id
    work.session.flush()
    return tote


def asked_aside(work: Work) -> set[object]:
    """What waits to be carried to where held goods stand."""
    asked = select(Assignment).where(
        Assignment.kind == AssignmentKind.RELOCATE, Assignment.state == AssignmentState.OPEN
    )
    return {each.handling_unit_id for each in work.session.exec(asked)}


def test_a_hold_on_a_tote_stops_what_is_in_it(work: Work, house: House, liaison: Work) -> None:
    parcel = stored_parcel(work, house, 2)
    _, shipment = an_order(work, house, 2)
    tote = put_in_tote(work, house, shipment, parcel)

    holding.place(liaison, "damaged", holding.find(liaison, tote.number).target)

    held = holds.stopping(work, shipment.order_id)
    assert held is not None
    assert held.goods == parcel
    work.session.refresh(shipment)
    assert shipment.held == "damaged"
    assert asked_aside(work) == {tote.id}


def test_a_hold_and_an_exit_at_once_leave_one_after_the_other(database: Engine) -> None:
    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        house = a_house(work)
        liaison = somebody(work, house, Role.LIAISON).actor
        parcels, scanners = [], []
        for _ in range(6):
            parcels.append(stored_parcel(work, house, 1))
            order, shipment = an_order(work, house, 1)
            packed(work, house, shipment)
            released(work, house, order)
            scanners.append((shipment.id, shipment.parcel_number, order.id))
    barrier = threading.Barrier(12)
    answers: dict[object, str] = {}

    def leave(key: object, label: str) -> None:
        with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
            clerk = somebody(work, house, Role.CLERK).actor
        with begin(database, clerk, wiring.SUBSCRIBERS) as work:
            barrier.wait()
            answer = a_scanner(work, house)
            answer.clerk = clerk
            answers[key] = json.dumps(answer.scan("CMD-EXIT", label)["message"]["code"])

    def stop(parcel: str) -> None:
        with begin(database, liaison, wiring.SUBSCRIBERS) as work:
            target = holding.find(work, parcel).target
            barrier.wait()
            holding.place(work, "customs_inspection", target)

    threads = [threading.Thread(target=leave, args=each[:2]) for each in scanners]
    threads += [threading.Thread(target=stop, args=(parcel,)) for parcel in parcels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        issued = {
            shipment.id
            for shipment in work.session.exec(select(Shipment))
            if shipment.custody == "dispatched"
        }
        assert set(answers.values()) <= {'"exited"', '"goods-held"'}
        assert {key for key, code in answers.items() if code == '"exited"'} == issued
        states = work.session.exec(select(Reservation.state)).all()
        assert states.count("issued") == len(issued)


def test_every_order_placed_while_a_hold_is_placed_is_refused_or_told(database: Engine) -> None:
    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        house = a_house(work)
        parcel = stored_parcel(work, house, 20)
        liaison = somebody(work, house, Role.LIAISON).actor
    barrier = threading.Barrier(9)
    refused: list[str] = []

    def order() -> None:
        barrier.wait()
        try:
            with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
                an_order(work, house, 1)
        except StockHeld as held:
            refused.append(held.code)

    def stop() -> None:
        barrier.wait()
        with begin(database, liaison, wiring.SUBSCRIBERS) as work:
            holding.place(work, "hs_query", holding.find(work, parcel).target)

    threads = [threading.Thread(target=order) for _ in range(8)] + [threading.Thread(target=stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        said = work.session.exec(select(Shipment.held)).all()
    assert len(said) + len(refused) == 8
    assert set(said) <= {"hs_query"}
