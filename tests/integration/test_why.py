"""Why can't this leave?  The one thing that has to be cleared first, for any label."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import (
    House,
    a_clerk,
    a_declaration,
    a_house,
    a_parcel,
    a_parcel_number,
    accepted,
    added,
    an_order,
    lots_in,
    released,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.leaving import packed, picked, somebody
from warehouse.access.vocabulary import Role
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.vocabulary import DeclarationState, DocumentType
from warehouse.inventory import inbound, queries
from warehouse.inventory.models import HandlingUnit, UnitAlias
from warehouse.inventory.vocabulary import UnitKind
from warehouse.operations.bond import holding
from warehouse.shipments import queries as shipments
from warehouse.shipments import status
from warehouse.shipments.vocabulary import Custody


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    scanner = a_scanner(work, house)
    scanner.scan("CMD-WHY")
    return scanner


def test_the_way_of_a_parcel_to_the_gate_is_told_step_by_step(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house, 3)
    told = [code(scanner.scan(parcel))]

    receipt = inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
    assert receipt is not None
    told.append(code(scanner.scan(parcel)))
    accepted(work, house, parcel)
    told.append(code(scanner.scan(parcel)))
    scanner.scan("CMD-PUTAWAY", parcel, "LOC-A1", "LOC-A1", "CMD-WHY")
    told.append(code(scanner.scan(parcel)))
    order, shipment = an_order(work, house, 3)
    told.append(code(scanner.scan(parcel)))
    picked(work, house, shipment)
    told.append(code(scanner.scan(parcel)))
    released(work, house, order)
    told.append(code(scanner.scan(parcel)))
    status.record(work, shipment.id, custody=Custody.PACKED)
    told.append(code(scanner.scan(parcel)))
    scanner.scan("CMD-EXIT", shipment.parcel_number, "CMD-WHY")
    told.append(code(scanner.scan(parcel)))
    told.append(code(scanner.scan(shipment.parcel_number)))

    assert told == [
        "not-received-yet",
        "not-entered",
        "not-stored",
        "not-ordered",
        "not-picked",
        "not-declared",
        "not-packed",
        "may-leave",
        "gone",
        "already-exited",
    ]


def test_a_reason_is_a_warning_because_it_was_only_asked_and_nothing_is_in_the_way_is_good(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3)
    blocked = scanner.scan(parcel)
    order, shipment = an_order(work, house, 3)
    packed(work, house, shipment)
    released(work, house, order)

    free = scanner.scan(shipment.number)

    assert outcome(blocked) == ("warning", "not-ordered")
    assert outcome(free) == ("good", "may-leave")
    assert free["state"] == "scan_label"


@pytest.mark.parametrize(
    "label",
    [
        lambda parcel, lot, shipment, order: shipment.number,
        lambda parcel, lot, shipment, order: shipment.parcel_number,
        lambda parcel, lot, shipment, order: order.number,
        lambda parcel, lot, shipment, order: lot.number,
        lambda parcel, lot, shipment, order: parcel,
        lambda parcel, lot, shipment, order: "ALIAS-1",
        lambda parcel, lot, shipment, order: "TOTE-1",
    ],
)
def test_any_label_of_the_goods_gets_the_same_answer(
    work: Work, house: House, scanner: Scanner, label: Callable[..., str]
) -> None:
    parcel = stored_parcel(work, house, 3)
    order, shipment = an_order(work, house, 3)
    [lot] = lots_in(work, house, parcel)
    added(
        work,
        UnitAlias(
            premises_id=house.premises.id, code="ALIAS-1", handling_unit_id=lot.handling_unit_id
        ),
    )
    tote = added(
        work,
        HandlingUnit(
            premises_id=house.premises.id, kind=UnitKind.TOTE, number="TOTE-1", announced=False
        ),
    )
    picked(work, house, shipment)
    [promise] = queries.reservations_of_order(work.session, order.id)
    promise.container_id = tote.id
    work.session.flush()

    answer = scanner.scan(label(parcel, lot, shipment, order))

    assert outcome(answer) == ("warning", "not-declared")


def test_a_hold_is_named_before_what_comes_later(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3)
    _, shipment = an_order(work, house, 3)
    liaison = somebody(work, house, Role.LIAISON)
    hold = holding.place(liaison, "permit_missing", holding.find(liaison, parcel).target)

    held = [scanner.scan(label) for label in (parcel, shipment.number)]
    holding.lift(liaison, hold.id, "permit shown")
    then = scanner.scan(parcel)

    assert [code(each) for each in held] == ["goods-held"] * 2
    assert "Customs liaison can lift it" in held[0]["message"]["en"]
    assert code(then) == "not-picked"


def test_goods_that_nobody_ordered_and_that_are_held_say_so(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3)
    liaison = somebody(work, house, Role.LIAISON)
    holding.place(liaison, "storage_overdue", holding.find(liaison, parcel).target)

    answer = scanner.scan(parcel)

    assert code(answer) == "goods-held"
    assert "The storage period has ended" in answer["message"]["en"]


def test_an_entry_that_waits_at_customs_is_told_with_its_state(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = a_parcel(work, house, 3)
    inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
    unit = queries.handling_unit_by_number(work.session, house.premises.id, parcel)
    entry = a_declaration(work, house, DocumentType.IMPORT, DeclarationState.DRAFT, None)
    entry.consignment_id = unit.consignment_id
    entry.state = DeclarationState.SENT
    work.session.flush()
    assert customs.declaration_of_consignment(work.session, entry.consignment_id or ids.new_id())

    answer = scanner.scan(parcel)

    assert code(answer) == "entry-waits"
    assert "sent, waiting for customs; the customs desk can clear it" in answer["message"]["en"]


def test_of_two_lots_under_one_label_the_one_that_is_further_from_the_gate_answers(
    work: Work, house: House, scanner: Scanner
) -> None:
    cage = added(
        work,
        HandlingUnit(
            premises_id=house.premises.id, kind=UnitKind.CAGE, number="CAGE-1", announced=False
        ),
    )
    for parcel in (stored_parcel(work, house, 3), a_parcel(work, house, 2)):
        unit = queries.handling_unit_by_number(work.session, house.premises.id, parcel)
        unit.parent_id = cage.id
    work.session.flush()

    answer = scanner.scan("CAGE-1")

    assert code(answer) == "not-received-yet"


def test_a_parcel_that_nobody_announced_is_not_entered(
    work: Work, house: House, scanner: Scanner
) -> None:
    added(
        work,
        HandlingUnit(
            premises_id=house.premises.id,
            number="FOUND-1",
            announced=False,
            received_at=work.at,
        ),
    )

    assert code(scanner.scan("FOUND-1")) == "not-entered"


def test_what_is_not_known_here_is_refused(work: Work, house: House, scanner: Scanner) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    foreign = stored_parcel(work, elsewhere)

    answers = [scanner.scan(label) for label in (foreign, a_parcel_number(), "LOC-A1")]

    assert [outcome(each) for each in answers] == [("refused", "unknown-thing")] * 3


def test_the_gate_and_the_question_say_the_same(work: Work, house: House, scanner: Scanner) -> None:
    stored_parcel(work, house, 3)
    order, _ = an_order(work, house, 3)
    shipment = shipments.shipment_of_order(work.session, order.id)
    asked = scanner.scan(shipment.parcel_number)

    gate = Scanner(work, a_clerk(work, house.premises), device="GATE-1")
    refused = gate.scan("CMD-EXIT", shipment.parcel_number)

    assert refused["message"] == asked["message"]
    assert (refused["tone"], asked["tone"]) == ("refused", "warning")


def code(answer: dict[str, Any]) -> str:
    found: str = answer["message"]["code"]
    return found
