"""S12: a cycle count finds one piece missing; it is declared lost, paid for and written off."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests import customs_builders
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event
from warehouse.customs.models import Declaration, GuaranteeAccount
from warehouse.customs.vocabulary import DeclarationState, DocumentType
from warehouse.inventory import discrepancies
from warehouse.inventory.models import (
    Balance,
    Count,
    Discrepancy,
    Disposal,
    Movement,
)
from warehouse.inventory.vocabulary import (
    Cause,
    CountReason,
    CountState,
    DiscrepancyKind,
    DiscrepancyState,
    LocationKind,
    Outcome,
)
from warehouse.operations.bond import counting
from warehouse.operations.vocabulary import FloorEvent

BINS = [f"A-{bay:02}" for bay in range(1, 31)]
PARCELS = {code: f"ALB{position:09}" for position, code in enumerate(BINS, start=1)}
SHORT = "A-07"
"""One of the three shirts that the book has here is gone."""


@pytest.fixture
def counted(world: World) -> World:
    """Thirty bins, each with a parcel of three shirts of ฿1,000; all are to be counted."""
    for code, parcel in PARCELS.items():
        world.in_bond([(parcel, "TEE-1", 3, "1000")], code)
    with world.arrange() as work:
        for code in BINS:
            counting.plan(work, world.house.premises.id, world.at(code).id, CountReason.PERIOD)
    return world


def test_a_count_of_thirty_bins_ends_in_one_case_that_is_paid_for(counted: World) -> None:
    world = counted
    clerk, colleague = world.colleague(), world.colleague(name="malai")
    before = guarantee(world)

    answers = {}
    for code in BINS:
        clerk.scan("CMD-COUNT", f"LOC-{code}")
        if code == "A-03":  # a colleague carries the parcel off before the clerk has seen it
            colleague.scan("CMD-PUTAWAY", PARCELS[code], "LOC-A-04", "LOC-A-04")
            colleague.scan("CMD-CANCEL")
            answers[code] = clerk.scan("CMD-EMPTY")
        elif code == SHORT:
            answers[code] = clerk.scan("TEE-1", "2", "CMD-DONE")
        elif code == "A-04":
            answers[code] = clerk.scan(PARCELS["A-03"], PARCELS[code], "CMD-DONE")
        else:
            answers[code] = clerk.scan(PARCELS[code], "CMD-DONE")
    recount = colleague.scan("CMD-COUNT", "CMD-NEXT", f"LOC-{SHORT}", "TEE-1", "2", "CMD-DONE")

    assert {c for c in BINS if answers[c]["message"]["code"] != "count-agrees"} == {SHORT}
    assert answers[SHORT]["message"]["code"] == "count-again"
    assert recount["message"]["code"] == "count-differs"
    [case] = world.rows(select(Discrepancy))
    assert (case.kind, case.quantity) == (DiscrepancyKind.COUNT_SHORT, 1)
    assert at(world, LocationKind.VARIANCE) == 1
    page = world.colleague(Role.MANAGER).get(f"/counts/{the_count(world).number}").text
    assert clerk.person.username in page
    assert "กล้องวงจรปิด" in page

    world.wait(hours=25)
    world.run_job("lose-overdue")
    desk = world.colleague(Role.LIAISON)
    [disposal] = world.rows(select(Disposal))
    filed = desk.submit(f"/losses/{disposal.number}/declaration", rates_on="2026-08-03")
    customs_lets_it_go(world)

    assert filed.status_code == 303
    [declaration] = declarations(world)
    assert declaration.rates_on == date(2026, 8, 3)
    assert declaration.total_tax == Decimal("391.00")
    assert (at(world, LocationKind.VARIANCE), at(world, LocationKind.LOST)) == (0, 1)
    assert guarantee(world) == before - Decimal("391.00")
    [case] = world.rows(select(Discrepancy))
    assert (case.outcome, case.authority) == (
        Outcome.DECLARED_AND_PAID,
        declaration.declaration_number,
    )
    world.run_jobs()
    assert the_count(world).state is CountState.CLOSED
    world.prove()


def test_nothing_that_a_counting_clerk_hears_says_what_the_book_expects(counted: World) -> None:
    clerk = counted.colleague()

    begun = clerk.scan("CMD-COUNT", "LOC-A-01")
    tally = clerk.scan("TEE-1", "2", "NO-SUCH-CODE")

    assert PARCELS["A-01"] not in str(begun) + str(tally)
    assert tally["data"]["tally"] == ["TEE-1 × 2"]
    assert tally["data"]["unknown"] == ["NO-SUCH-CODE"]
    assert tally["tone"] == "warning"
    assert "3" not in {str(value) for value in tally["data"].values()}


def test_goods_that_are_found_in_time_go_back_and_nobody_pays(counted: World) -> None:
    world = counted
    case = a_case(world)

    manager = world.colleague(Role.MANAGER)
    answer = manager.submit(
        f"/discrepancies/{case.number}/finding", place=SHORT, cause=Cause.MISPLACED.value
    )

    assert answer.status_code == 303
    [case] = world.rows(select(Discrepancy))
    assert (case.state, case.outcome) == (DiscrepancyState.CLOSED, Outcome.FOUND)
    assert at(world, LocationKind.VARIANCE) == 0
    assert standing(world, SHORT) == 3
    world.prove()


@pytest.mark.parametrize(
    ("who", "act", "facts"),
    [
        (Role.MANAGER, "finding", {"place": SHORT, "cause": "misplaced"}),
        (Role.LIAISON, "loss", {}),
    ],
)
def test_what_was_damaged_is_neither_found_nor_lost(
    world: World, who: Role, act: str, facts: dict[str, str]
) -> None:
    with world.arrange() as work:
        case = discrepancies.open_case(
            work, DiscrepancyKind.DAMAGED, premises_id=world.house.premises.id
        )

    answer = world.colleague(who).submit(f"/discrepancies/{case.number}/{act}", **facts)

    assert answer.status_code == 409
    assert case.number in answer.text
    assert not world.rows(select(Disposal))
    world.prove()


def test_whoever_counted_does_not_approve_the_difference(counted: World) -> None:
    world = counted
    case = a_case(world)
    with world.arrange() as work:  # the clerk is made a manager meanwhile
        person = world.colleague(name="malai").person
        work.session.merge(person).role = Role.MANAGER

    answer = world.colleague(name="malai").submit(
        f"/discrepancies/{case.number}/finding", place=SHORT, cause=Cause.MISPLACED.value
    )

    assert answer.status_code == 409
    [case] = world.rows(select(Discrepancy))
    assert case.state is not DiscrepancyState.CLOSED
    assert at(world, LocationKind.VARIANCE) == 1
    world.prove()


def test_an_empty_bin_is_confirmed_with_the_button_for_zero(counted: World) -> None:
    clerk = counted.colleague()
    clerk.scan("CMD-PUTAWAY", PARCELS["A-01"], "LOC-A-02", "LOC-A-02")

    refused = clerk.scan("CMD-COUNT", "LOC-A-01", "CMD-DONE")
    confirmed = clerk.scan("CMD-EMPTY")

    assert refused["message"]["code"] == "nothing-counted"
    assert confirmed["message"]["code"] == "count-agrees"
    counted.prove()


def test_a_bin_that_another_clerk_counts_is_taken_over_only_on_a_second_scan(
    counted: World,
) -> None:
    clerk, colleague = counted.colleague(), counted.colleague(name="malai")
    clerk.scan("CMD-COUNT", "LOC-A-01", "TEE-1")

    asked = colleague.scan("CMD-COUNT", "LOC-A-01")
    taken = colleague.scan("LOC-A-01")
    told = clerk.scan("TEE-1")
    ended = colleague.scan("TEE-1", "TEE-1", "CMD-DONE")

    assert (asked["asks"], asked["data"]["person"]) == (True, clerk.person.username)
    assert taken["message"]["code"] == "count-going-on"
    assert told["message"]["code"] == "taken-over"
    assert ended["message"]["code"] == "count-agrees"
    [event] = counted.rows(select(Event).where(Event.name == FloorEvent.TAKEN_OVER.value))
    assert event.facts["taken_from"] == str(clerk.person.id)
    counted.prove()


def test_the_same_clerk_does_not_count_a_bin_again(counted: World) -> None:
    clerk = counted.colleague()
    clerk.scan("CMD-COUNT", f"LOC-{SHORT}", "TEE-1", "2", "CMD-DONE")

    answer = clerk.scan("CMD-COUNT", f"LOC-{SHORT}")

    assert answer["message"]["code"] == "counted-before"
    counted.prove()


def a_case(world: World) -> Discrepancy:
    """Two clerks count two shirts where the book has three."""
    for name in ("somchai", "malai"):
        world.colleague(name=name).scan("CMD-COUNT", f"LOC-{SHORT}", "TEE-1", "2", "CMD-DONE")
    [case] = world.rows(select(Discrepancy))
    return case


def customs_lets_it_go(world: World) -> None:
    with world.arrange() as work:
        [declaration] = work.session.exec(
            select(Declaration).where(Declaration.state == DeclarationState.QUEUED)
        )
        customs_builders.released(work, declaration)


def declarations(world: World) -> Any:
    return world.rows(select(Declaration).where(Declaration.document_type == DocumentType.HOME_USE))


def guarantee(world: World) -> Decimal:
    account = world.rows(
        select(GuaranteeAccount).where(GuaranteeAccount.premises_id == world.house.premises.id)
    )
    return account[0].debited_baht


def the_count(world: World) -> Count:
    [count] = world.rows(select(Count).where(Count.location_id == world.at(SHORT).id))
    return count


def at(world: World, kind: LocationKind) -> Decimal:
    """How much stands at a virtual place of the premises."""
    place = world.at(kind.name)
    into = world.rows(select(Movement).where(Movement.to_location_id == place.id))
    out = world.rows(select(Movement).where(Movement.from_location_id == place.id))
    return sum((m.quantity for m in into), Decimal(0)) - sum((m.quantity for m in out), Decimal(0))


def standing(world: World, code: str) -> Decimal:
    balances = world.rows(select(Balance).where(Balance.location_id == world.at(code).id))
    return sum((each.quantity for each in balances), Decimal(0))
