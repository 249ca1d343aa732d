"""S9: the red order: the officer opens ten parcels and finds nine; the rest is released."""

import pytest
from sqlmodel import col, select

from tests import customs_builders, pictures
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core.errors import WrongState
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, DeclarationLine, Inspection
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory.models import Discrepancy, Hold
from warehouse.inventory.vocabulary import DiscrepancyKind
from warehouse.masterdata.reasons import Reason
from warehouse.operations.models import Assignment
from warehouse.operations.vocabulary import AssignmentKind

PARCELS = [(f"BOX-{number:02}", "BAG-1", 1, "1000") for number in range(1, 11)]


def told(world: World, declaration: Declaration, kind: AnswerKind) -> None:
    """Customs says *kind*; what follows from it is done."""
    with world.arrange() as work:
        here = work.session.get_one(Declaration, declaration.id)
        customs_builders.tell(work, here, kind)
    world.run_jobs()


def red(world: World) -> Declaration:
    """Ten parcels in bond, and the red order for their entry."""
    declaration = world.in_bond(PARCELS, "A-01")
    told(world, declaration, AnswerKind.EXEMPT)
    told(world, declaration, AnswerKind.RED)
    return declaration


def recorded(world: World, declaration: Declaration, **changes: str):
    """The liaison records the officer's result: nine of ten, a new seal, a photo."""
    officer = world.colleague(Role.OFFICER, "arun").person
    liaison = world.colleague(Role.LIAISON, "ratree")
    liaison.sign_in()
    fields = {
        "csrf_token": "token",
        "officer": officer.username,
        "line": "1",
        "found": "9",
        "seal_removed": "TH-0001",
        "seal_applied": "TH-0002",
    } | changes
    return liaison.client.post(
        f"/inspections/{declaration.reference_number}",
        data=fields,
        files={"picture": ("box.jpg", pictures.a_photo(), "image/jpeg")},
    )


def state_of(world: World, declaration: Declaration) -> DeclarationState:
    (found,) = world.rows(select(Declaration).where(Declaration.id == declaration.id))
    return found.state


def held(world: World) -> int:
    return len(
        world.rows(
            select(Hold).where(
                Hold.reason == Reason.CUSTOMS_INSPECTION.value, col(Hold.closed_at).is_(None)
            )
        )
    )


def test_what_is_to_be_inspected_is_held_and_carried_aside(world: World) -> None:
    declaration = red(world)

    page = world.colleague(Role.LIAISON, "ratree").get("/inspections")

    assert held(world) == len(PARCELS)
    asked = world.rows(select(Assignment).where(Assignment.kind == AssignmentKind.RELOCATE))
    assert len(asked) == len(PARCELS)
    assert declaration.reference_number in page.text
    world.prove()


def test_nine_of_ten_found_is_a_case_for_one_and_the_rest_is_released(world: World) -> None:
    declaration = red(world)

    answer = recorded(world, declaration)
    told(world, declaration, AnswerKind.RELEASED)

    assert answer.status_code == 303
    (result,) = world.rows(select(Inspection))
    assert (result.found, result.seal_applied) == ({"1": "9"}, "TH-0002")
    (case,) = world.rows(select(Discrepancy))
    assert (case.kind, case.quantity) == (DiscrepancyKind.COUNT_SHORT, 1)
    assert state_of(world, declaration) is DeclarationState.RELEASED
    assert held(world) == 0
    shown = world.colleague(Role.OFFICER, "arun").get(
        f"/inspections/{declaration.reference_number}"
    )
    assert "TH-0002" in shown.text
    world.prove()


def test_a_release_before_the_result_is_refused(world: World) -> None:
    declaration = red(world)

    with pytest.raises(WrongState):
        told(world, declaration, AnswerKind.RELEASED)

    assert state_of(world, declaration) is DeclarationState.RED
    assert held(world) == len(PARCELS)


def test_an_officer_whom_nobody_knows_inspects_nothing(world: World) -> None:
    declaration = red(world)

    answer = recorded(world, declaration, officer="somebody")

    assert answer.status_code == 422
    assert world.rows(select(Inspection)) == []
    assert state_of(world, declaration) is DeclarationState.RED
    world.prove()


def test_more_than_was_declared_or_no_number_is_refused(world: World) -> None:
    declaration = red(world)

    too_many = recorded(world, declaration, found="11")
    no_number = recorded(world, declaration, found="nine")

    assert (too_many.status_code, no_number.status_code) == (422, 422)
    assert world.rows(select(Discrepancy)) == []


def test_an_officer_certifies_what_is_stored_and_the_entry_is_done_with(world: World) -> None:
    declaration = red(world)
    recorded(world, declaration)
    told(world, declaration, AnswerKind.RELEASED)
    officer = world.colleague(Role.OFFICER, "arun").person.username
    liaison = world.colleague(Role.LIAISON, "ratree")
    path = f"/certificates/{declaration.reference_number}"

    page = liaison.get("/certificates").text
    too_many = liaison.submit(path, line="1", stored="11", officer=officer)
    certified = liaison.submit(path, line="1", stored="9", officer=officer)
    again = liaison.submit(path, line="1", stored="9", officer=officer)

    assert declaration.reference_number in page
    assert [each.status_code for each in (too_many, certified, again)] == [422, 303, 409]
    assert state_of(world, declaration) is DeclarationState.DELIVERED
    assert [line.certified_quantity for line in world.rows(select(DeclarationLine))] == [9]
    world.prove()
