"""The desk's worklist and its search: what waits, and any number on any paper."""

import pytest

from tests.scenarios.test_s09_inspection import red, told
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.customs.gateway import AnswerKind


def page(world: World, path: str, **query: str):
    return world.colleague(Role.LIAISON, "ratree").get(path, **query)


def test_what_customs_will_inspect_is_to_be_done_until_it_is_released(world: World) -> None:
    declaration = red(world)

    before = page(world, "/worklist").text
    told(world, declaration, AnswerKind.EXAMINED)
    told(world, declaration, AnswerKind.RELEASED)
    after = page(world, "/worklist").text

    assert f"/inspections/{declaration.reference_number}" in before
    assert f"/inspections/{declaration.reference_number}" not in after


def test_one_kind_of_work_can_be_looked_at_alone(world: World) -> None:
    red(world)

    alone = page(world, "/worklist", only="inspection")
    other = page(world, "/worklist", only="payment")

    assert "/inspections/" in alone.text
    assert "/inspections/" not in other.text


def test_a_number_leads_to_its_thing_as_it_is_stored_or_printed(world: World) -> None:
    declaration = world.in_bond([("BOX-1", "BAG-1", 1, "1000")], number="A0030690800012")

    answers = [
        page(world, "/find", number=number)
        for number in ("A0030690800012", "A003-0690800012", declaration.reference_number.lower())
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert {answer.headers["location"] for answer in answers} == {
        f"/declarations/{declaration.reference_number}"
    }


@pytest.mark.parametrize("number", ["INV-1", "HAWB1"])
def test_a_number_of_several_things_lists_them(world: World, number: str) -> None:
    declaration = world.in_bond([("BOX-1", "BAG-1", 1, "1000")])

    answer = page(world, "/find", number=number)

    assert answer.status_code == 200
    assert declaration.reference_number in answer.text
    assert "/consignments/" in answer.text


def test_another_premises_papers_are_not_found(world: World) -> None:
    declaration = world.in_bond([("BOX-1", "BAG-1", 1, "1000")], premises="BW-CNX-02")

    answer = page(world, "/find", number=declaration.reference_number)

    assert answer.status_code == 200
    assert f"/declarations/{declaration.reference_number}" not in answer.text
