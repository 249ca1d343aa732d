"""What was recorded wrongly is withdrawn by name before a second person approves it, or never."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlmodel import col, select

from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event
from warehouse.customs.models import FilingRule, GuaranteeLetter, Permit
from warehouse.customs.vocabulary import CustomsEvent

LETTER = {
    "number": "LG-2569/042",
    "bank": "KRUNGTHAI BANK",
    "amount": "700,000",
    "valid_from": "2026-08-03",
    "valid_to": "2027-08-31",
}
PERMIT = {
    "partner": "ALB",
    "number": "อย 7/2569",
    "agency": "0994000165676",
    "direction": "import",
    "hs_code": "61091010",
    "issued": "2026-08-01",
    "valid_from": "2026-08-01",
    "quantity": "10",
    "unit": "C62",
}
RULE = {
    "document_type": "0",
    "approval": "second_person",
    "most_lines": "200",
    "valid_from": "2026-08-03",
    "source": "Order 1/2569",
}
RECORDED = [
    ("/guarantee/letters", LETTER, GuaranteeLetter, CustomsEvent.LETTER_WITHDRAWN),
    ("/permits", PERMIT, Permit, CustomsEvent.PERMIT_WITHDRAWN),
    ("/filing-rules", RULE, FilingRule, CustomsEvent.FILING_RULE_WITHDRAWN),
]


def recorded_today(world: World, table: Any) -> list[Any]:
    """What the liaison recorded, the oldest first."""
    by_us = col(table.recorded_by).like("ratree%")
    return list(world.rows(select(table).where(by_us).order_by(col(table.id))))


def submit(world: World, path: str, **fields: str) -> Any:
    return world.colleague(Role.LIAISON, "ratree").submit(path, **fields)


@pytest.mark.parametrize(("path", "fields", "table", "told"), RECORDED)
def test_what_was_recorded_wrongly_is_withdrawn_and_recorded_anew(
    world: World, path: str, fields: Mapping[str, str], table: Any, told: CustomsEvent
) -> None:
    manager = world.colleague(Role.MANAGER, "wichai")
    submit(world, path, **fields)
    [wrong] = recorded_today(world, table)
    waited = world.colleague(Role.LIAISON, "ratree").get("/worklist").text
    pressed = world.colleague(Role.LIAISON, "ratree").get(path).text

    withdrawn = submit(world, f"{path}/{wrong.id}/withdrawal")
    waits = world.colleague(Role.LIAISON, "ratree").get("/worklist").text
    too_late = manager.submit(f"{path}/{wrong.id}/approval")
    again = submit(world, f"{path}/{wrong.id}/withdrawal")
    anew = submit(world, path, **fields)
    [_, right] = recorded_today(world, table)
    approved = manager.submit(f"{path}/{right.id}/approval")
    kept = submit(world, f"{path}/{right.id}/withdrawal")

    assert f"{path}/{wrong.id}/withdrawal" in pressed
    answers = (withdrawn, too_late, again, anew, approved, kept)
    assert [each.status_code for each in answers] == [303, 404, 404, 303, 303, 409]
    assert [each.approved_by is not None for each in recorded_today(world, table)] == [False, True]
    [event] = world.rows(select(Event).where(Event.name == told.value))
    assert (event.subject, event.actor) == (wrong.id, wrong.recorded_by)
    page = manager.get(path).text
    assert f"{path}/{wrong.id}/" not in page
    assert f"ถอนโดย {wrong.recorded_by}" in page
    on_the_list = [fields.get("number", "no number") in each for each in (waited, waits)]
    assert on_the_list == ["number" in fields, False]
    world.prove()
