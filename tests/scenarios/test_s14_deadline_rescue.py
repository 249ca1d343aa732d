"""S14: the clock rescues what has to leave bond: told in time, held when late, and a way out."""

from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from sqlmodel import select

from tests.scenarios.acting import by
from tests.scenarios.world import World
from warehouse import wiring
from warehouse.access.vocabulary import Role
from warehouse.core.errors import Conflict
from warehouse.core.jobs import SYSTEM
from warehouse.core.work import Event, Job, Work, begin
from warehouse.customs.clearing import deadlines, ways_out
from warehouse.customs.errors import ExtensionAsked, ExtensionBeyond
from warehouse.customs.models import DeadlineNotice, Declaration
from warehouse.customs.vocabulary import CustomsEvent, Procedure
from warehouse.inventory.models import Hold
from warehouse.inventory.vocabulary import HoldKind
from warehouse.masterdata.models import Holiday
from warehouse.operations.bond import overdue

SOON = [(f"SOON-{number:02}", "BAG-1", 1, "1000") for number in range(1, 15)]
LATE = [("LATE-1", "TEE-1", 1, "1000"), ("LATE-2", "TEE-1", 1, "1000")]
FRIDAY_NIGHT = "2028-08-03 17:30:00"
"""00:30 of Friday 4 August 2028 in Bangkok; the 30th day before the end is the Saturday after."""


def two_years_later(world: World) -> tuple[Declaration, Declaration]:
    """Fourteen lots that end on 4 September 2028, and two that ended on 1 August."""
    late = world.in_bond(LATE, "A-02", on=date(2026, 8, 1))
    soon = world.in_bond(SOON, "A-01", on=date(2026, 9, 4))
    world.clock.move_to(FRIDAY_NIGHT)
    return soon, late


def told(world: World) -> list[tuple[str, str]]:
    found = world.rows(select(Event).where(Event.name == CustomsEvent.DEADLINE_NEAR.value))
    return sorted((each.facts["number"], each.facts["days_left"]) for each in found)


def test_the_night_tells_of_what_ends_and_holds_what_is_over(world: World) -> None:
    soon, late = two_years_later(world)

    world.run_job("watch-deadlines")
    world.run_job("watch-deadlines")

    assert told(world) == sorted([(soon.reference_number, "30"), (late.reference_number, "-1")])
    held = world.rows(select(Hold).where(Hold.kind == HoldKind.OVERDUE))
    assert len(held) == len(LATE)
    digests = [job.facts for job in world.rows(select(Job)) if job.name == "send-line"]
    assert len(digests) == 1
    assert "เกินกำหนดแล้ว" in digests[0]["text"]
    assert "เหลือ 30 วัน" in digests[0]["text"]
    world.prove()


def test_the_worklist_prices_the_lawful_ways_out_and_what_is_over_has_but_two(world: World) -> None:
    two_years_later(world)

    with world.arrange() as work:
        late, soon = deadlines.running(work.session, work.today, world.house.premises.id)
        ways = {
            each.days_left: [
                (way.procedure, way.cost)
                for way in ways_out.ways_out(work.session, each, work.today)
            ]
            for each in (late, soon)
        }
    page = world.colleague(Role.LIAISON, "ratree").get("/deadlines")

    # two shirts of 1,000 baht at 30 %: 300 + 91 of each, and the fee; 0.36 kg abroad
    assert ways[-3] == [
        (Procedure.RE_EXPORT, Decimal("243.20")),
        (Procedure.HOME_USE, Decimal("982.00")),
    ]
    assert {procedure for procedure, _ in ways[31]} == set(ways_out.PAPERS)
    assert [cost for _, cost in ways[31]] == sorted(cost for _, cost in ways[31])
    assert page.status_code == 200
    assert "982.00" in page.text


def test_an_extension_is_asked_once_granted_with_a_document_and_ends_the_hold(
    world: World,
) -> None:
    _, late = two_years_later(world)
    world.run_job("watch-deadlines")
    liaison = world.colleague(Role.LIAISON, "ratree")
    officer = world.colleague(Role.OFFICER, "arun").person
    path = f"/deadlines/{late.reference_number}/extension"

    asked = liaison.submit(path, until="2029-08-01", reason="buyer found")
    granted = liaison.submit(
        f"{path}/answer", granted="true", document="กค 0517/88", officer=officer.username
    )

    assert (asked.status_code, granted.status_code) == (303, 303)
    (entry,) = world.rows(select(Declaration).where(Declaration.id == late.id))
    assert entry.storage_ends_on == date(2029, 8, 1)
    assert world.rows(select(Hold).where(Hold.closed_at.is_(None))) == []
    with world.arrange() as work, pytest.raises(ExtensionAsked):
        deadlines.ask_for_more(work, entry, date(2029, 8, 2), "again")
    world.prove()


def test_a_run_that_was_killed_is_completed_and_nobody_is_told_twice(world: World) -> None:
    soon, late = two_years_later(world)
    begun = 0

    def begin_twice_only() -> AbstractContextManager[Work]:
        nonlocal begun
        begun += 1
        if begun > 2:
            raise KeyboardInterrupt
        return begin(world.database, SYSTEM, wiring.SUBSCRIBERS)

    with pytest.raises(KeyboardInterrupt):
        overdue.watch_deadlines(begin_twice_only, {})
    after_the_kill = told(world)
    overdue.watch_deadlines(partial(begin, world.database, SYSTEM, wiring.SUBSCRIBERS), {})

    assert after_the_kill == [(late.reference_number, "-1")]
    assert told(world) == sorted([(soon.reference_number, "30"), (late.reference_number, "-1")])
    assert len(world.rows(select(DeadlineNotice))) == len(told(world))


def test_an_order_for_what_is_over_is_refused_with_the_reason(world: World) -> None:
    two_years_later(world)
    world.run_job("watch-deadlines")

    with pytest.raises(Conflict) as refused:
        world.order("TEE-1", 1)

    assert refused.value.status == 409
    assert "storage period has ended" in refused.value.text("en")


def test_a_last_day_on_a_holiday_moves_to_the_next_day_that_customs_works(world: World) -> None:
    soon, _ = two_years_later(world)
    with world.arrange() as work:
        work.session.add(
            Holiday(day=date(2028, 9, 4), name_th="วันหยุด", name_en="Holiday", source="test")
        )

    with world.arrange() as work:
        ends = {each.entry.id: each.ends_on for each in deadlines.running(work.session, work.today)}

    assert ends[soon.id] == date(2028, 9, 5)


def test_more_than_one_year_more_in_all_is_refused(world: World) -> None:
    soon, _ = two_years_later(world)

    with world.arrange() as work, pytest.raises(ExtensionBeyond) as refused:
        deadlines.ask_for_more(
            by(world, work, Role.LIAISON, "ratree"), soon, date(2029, 9, 5), "sales are slow"
        )

    assert refused.value.facts["latest"] == date(2029, 9, 4)
