"""S7, bad input 6: what leaves bond is declared as it came in."""

from datetime import date

import pytest

from tests import customs_builders
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.customs.models import FilingRule
from warehouse.customs.vocabulary import Approval, DocumentType


@pytest.mark.parametrize(
    ("field", "wanted", "came_in"),
    [
        ("hs_code", "61091010", "42022200"),
        ("statistical_code", "999", "000"),
        ("description_en", "SOMETHING ELSE", "Handbag"),
    ],
)
def test_a_line_that_differs_from_its_import_line_is_refused_and_the_difference_shown(
    world: World, field: str, wanted: str, came_in: str
) -> None:
    entry = world.in_bond([("PARCEL-1", "BAG-1", 10, "500")])
    order, _ = world.order("BAG-1", 3)
    with world.arrange() as work:
        work.session.add(a_second_person_is_wanted(world))
        work.session.flush()
        draft = customs_builders.declared(work, order)
    assert draft is not None
    liaison = world.colleague(Role.LIAISON, "anong")

    page = liaison.submit(
        f"/declarations/{draft.reference_number}/editor",
        **{f"1.{field}": wanted, "revision": str(draft.revision)},
    )

    assert page.status_code == 422
    at_field = page.text.split(f'name="1.{field}"')[1].split("</div>")[0]
    assert f'value="{wanted}"' in at_field
    assert came_in in at_field
    assert str(entry.declaration_number) in at_field
    world.prove()


def a_second_person_is_wanted(world: World) -> FilingRule:
    """So the release stays a draft that can be corrected."""
    return FilingRule(
        premises_id=world.house.premises.id,
        document_type=DocumentType.HOME_USE,
        approval=Approval.SECOND_PERSON,
        merge_by=["sku"],
        valid_from=date(2026, 1, 1),
        source="test",
        recorded_by="anong",
        approved_by="boon",
    )
