"""S15: the night's filings and labels, and the page that says in the morning how they went."""

from collections import Counter
from datetime import date, timedelta
from datetime import time as time_of_day
from decimal import Decimal

import pytest
from pypdfium2 import PdfDocument
from sqlmodel import col, select

from tests import builders, customs_builders
from tests.conftest import Database
from tests.endurance import nights
from tests.scenarios.world import World
from warehouse import wiring
from warehouse.access.vocabulary import Role
from warehouse.core import jobs
from warehouse.core.papers import Paper
from warehouse.core.work import Event, Job
from warehouse.customs.checking.filing_rules import Window
from warehouse.customs.models import (
    CustomsMessage,
    Declaration,
    FilingResult,
    FilingRun,
)
from warehouse.customs.posting import outages
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    FilingOutcome,
    RunKind,
)
from warehouse.masterdata.models import Restriction
from warehouse.operations.clearance import nightly
from warehouse.operations.printing import dispatch_labels
from warehouse.settings import Settings
from warehouse.shipments import routes
from warehouse.shipments.models import Order

PARCELS = 36
A_DECLARATION = 4
"""So many parcels in one: nine declarations, as 1,800 by 200 are."""
UNDECLARABLE = 2
NIGHT = "2026-08-03 15:00:00"
"""22:00 in Bangkok."""
MORNING = "2026-08-03 23:00:00"
"""06:00 of the next day."""


def parcels_of(count: int, *, undeclarable: int = 0) -> list[tuple[str, str, int, str]]:
    """*count* parcels of one shirt; the last *undeclarable* hold what has no tariff line."""
    return [
        (builders.a_parcel_number(), "CREAM-1" if left < undeclarable else "TEE-1", 1, "1000")
        for left in reversed(range(count))
    ]


@pytest.fixture
def split(world: World) -> World:
    """Entries are split by packages and filed by night, and creams have left the tariff."""
    with world.arrange() as work:
        night = Window(time_of_day(22), time_of_day(4))
        nights.a_split(work, world.house.premises.id, A_DECLARATION, night)
        cream = work.session.merge(world.products["ALB", "CREAM-1"])
        cream.hs_code = "99999999"
    return world


def results(world: World) -> Counter[FilingOutcome]:
    """Packages filed, skipped and failed with, over all runs of filings."""
    rows = world.rows(
        select(FilingResult)
        .join(FilingRun, col(FilingRun.id) == col(FilingResult.run_id))
        .where(FilingRun.kind == RunKind.FILING)
    )
    found: Counter[FilingOutcome] = Counter()
    for row in rows:
        found[row.outcome] += row.packages
    return found


def test_what_can_be_declared_is_filed_and_the_rest_waits_with_its_reasons(split: World) -> None:
    split.announce(parcels_of(PARCELS, undeclarable=UNDECLARABLE))
    split.run_jobs()
    split.clock.move_to(NIGHT)

    split.run_job("start-runs")

    assert results(split) == {
        FilingOutcome.FILED: PARCELS - UNDECLARABLE,
        FilingOutcome.SKIPPED: UNDECLARABLE,
    }
    declarations = split.rows(select(Declaration).order_by(col(Declaration.part)))
    assert [each.part for each in declarations] == list(range(1, 10))
    assert [each.package_amount for each in declarations] == [4] * 8 + [2]
    assert {each.state for each in declarations} == {DeclarationState.QUEUED}
    skipped = split.rows(select(FilingResult).where(FilingResult.outcome == FilingOutcome.SKIPPED))
    assert [each.reasons[0]["rule"] for each in skipped if each.packages] == ["D04.2"] * 2
    split.prove()


def test_the_morning_page_says_what_was_filed_and_skipped_and_why(split: World) -> None:
    split.announce(parcels_of(PARCELS, undeclarable=UNDECLARABLE))
    split.run_jobs()
    split.clock.move_to(NIGHT)
    split.run_job("start-runs")
    split.clock.move_to(MORNING)
    desk = split.colleague(Role.LIAISON, "wipa")

    listed = desk.get("/runs").text
    here = split.house.premises.id
    [run] = split.rows(select(FilingRun).where(FilingRun.premises_id == here))
    page = desk.get(f"/runs/{run.id}").text

    assert '<td class="number">34</td>' in listed
    assert "99999999" in page
    assert page.count("D04.2") == UNDECLARABLE
    split.prove()


def test_labels_come_in_the_order_of_routes_and_again_only_with_a_reason(world: World) -> None:
    world.in_bond([("PARCEL-BAGS", "BAG-1", 9, "500")], "A-01")
    with world.arrange() as work:
        for code, postcodes in (("N-2", ("50000", "59999")), ("A-1", ("10000", "19999"))):
            routes.add(
                work,
                world.house.premises.id,
                code,
                (code, code),
                postcodes,
                world.at("STAGE-1").id,
            )
    shipments = [world.order("BAG-1", 1)[1] for _ in range(2)]
    with world.arrange() as work:
        north = work.session.get_one(Order, shipments[0].order_id)
        north.postcode = "50200"
    world.clock.move_to(NIGHT)
    world.run_job("start-runs")
    clerk = world.colleague()
    [paper] = world.rows(select(Paper).where(Paper.kind == dispatch_labels.KIND))
    labels = f"/runs/{paper.subject}/labels"

    first = clerk.submit(labels)
    again = clerk.submit(labels)
    with_reason = clerk.submit(labels, reason="The printer jammed")

    assert [first.status_code, again.status_code, with_reason.status_code] == [200, 422, 200]
    assert first.content == with_reason.content == paper.content
    pages = [page.get_textpage().get_text_range() for page in PdfDocument(first.content)]
    assert [shipments[1].number in pages[0], shipments[0].number in pages[1]] == [True, True]
    world.prove()


def test_an_order_that_could_not_be_drafted_is_tried_again_in_each_run(world: World) -> None:
    world.in_bond([("PARCEL-BAGS", "BAG-1", 9, "500")], "A-01")
    hs_code = world.products["ALB", "BAG-1"].hs_code
    ended = {"hs_code": hs_code, "yesterday": world.clock().date() - timedelta(days=1)}
    with world.arrange() as work:
        work.sql(
            "UPDATE tariff_line SET valid_to = %(yesterday)s"
            " WHERE hs_code = %(hs_code)s AND valid_to IS NULL",
            **ended,
        )
    order, _ = world.order("BAG-1", 1)
    world.run_jobs()
    wipa = world.colleague(Role.LIAISON, "wipa")
    elsewhere = world.colleague(Role.LIAISON, "chai", "BW-CNX-02")

    for liaison in (elsewhere, wipa):
        liaison.submit("/runs", kind="filing")
        world.run_jobs()
    [told] = world.rows(select(FilingResult))
    drafted = select(Declaration).where(col(Declaration.order_id) == order.id)
    before = world.rows(drafted)
    with world.arrange() as work:
        customs_builders.a_tariff_line(work, hs_code, "10", world.clock().date().isoformat())
    world.clock.move_to(NIGHT)
    world.run_job("start-runs")

    assert (told.subject, told.outcome) == (order.id, FilingOutcome.SKIPPED)
    assert [each["rule"] for each in told.reasons] == ["N01"]
    assert before == []
    assert len(world.rows(drafted)) == 1
    world.prove()


def test_what_waits_for_a_silent_gateway_stays_queued_and_somebody_is_told_at_six(
    split: World,
) -> None:
    split.announce(parcels_of(PARCELS))
    split.run_jobs()
    split.clock.move_to(NIGHT)
    split.run_job("start-runs")
    with split.arrange() as work:
        for _ in range(outages.FAILURES_OF_AN_OUTAGE):
            outages.note_silence(work)
    reserved = reserved_baht(split)
    split.run_job("watch-filings")
    split.clock.move_to(MORNING)

    split.run_job("watch-filings")
    split.run_job("watch-filings")

    [alarm] = split.rows(select(Event).where(Event.name == CustomsEvent.FILINGS_LATE.value))
    assert alarm.facts["reason"] == "gateway away"
    assert alarm.facts["number"] == "BW-BKK-01"
    told = split.rows(select(Job).where(col(Job.name).startswith("send-mail")))
    assert len(told) == 1
    assert {each.state for each in split.rows(select(Declaration))} == {DeclarationState.QUEUED}
    assert reserved_baht(split) == reserved == Decimal("391.00") * PARCELS
    split.prove()


def test_a_run_that_died_is_told_of_at_six_and_goes_on_where_it_stopped(split: World) -> None:
    split.announce(parcels_of(PARCELS))
    split.run_jobs()
    split.clock.move_to(NIGHT)
    with split.arrange() as work:
        nightly.start(work, split.house.premises.id, RunKind.FILING)
    run_some_jobs(split, 5)
    before = results(split)[FilingOutcome.FILED]
    split.clock.move_to(MORNING)
    with split.arrange() as work:
        nightly.watch(work, {})

    split.run_jobs()

    [alarm] = split.rows(select(Event).where(Event.name == CustomsEvent.FILINGS_LATE.value))
    assert alarm.facts["reason"] == "not finished"
    assert 0 < before < PARCELS
    assert results(split) == {FilingOutcome.FILED: before, FilingOutcome.SKIPPED: PARCELS - before}
    split.prove()


def test_run_now_pressed_twice_says_that_it_is_running(split: World) -> None:
    desk = split.colleague(Role.LIAISON, "wipa")
    split.announce(parcels_of(A_DECLARATION))

    first = desk.submit("/runs", kind="filing")
    second = desk.submit("/runs", kind="filing")
    split.run_jobs()
    third = desk.submit("/runs", kind="filing")

    assert first.status_code == third.status_code == 303
    assert second.status_code == 409
    assert "running" in second.text or "กำลัง" in second.text
    split.prove()


def test_a_rehearsal_finds_what_tomorrow_would_stop_and_sends_nothing(split: World) -> None:
    with split.arrange() as work:
        split.house.premises.licence_to = date(2026, 8, 3)
        work.session.merge(split.house.premises)
    split.announce(parcels_of(A_DECLARATION, undeclarable=1))
    before = split.rows(select(Declaration.id))
    desk = split.colleague(Role.LIAISON, "wipa")

    started = desk.submit("/runs", kind="rehearsal")
    split.run_job("start-runs")

    page = desk.get(started.headers["location"]).text
    [run] = split.rows(select(FilingRun))
    found = split.rows(select(FilingResult).where(FilingResult.run_id == run.id))
    assert run.kind is RunKind.REHEARSAL
    assert run.finished_at is not None
    owners = {reason["owner"] for result in found for reason in result.reasons}
    assert {"manager", "liaison"} <= owners
    assert "licence" in page.lower() or "ใบอนุญาต" in page
    assert not split.rows(select(CustomsMessage))
    assert before == []
    split.prove()


def reserved_baht(world: World) -> Decimal:
    with world.arrange() as work:
        return customs_builders.guarantee_of(work, world.house)[0]


def run_some_jobs(world: World, count: int) -> None:
    """As the worker, which dies after *count* jobs."""
    known = wiring.jobs(Settings())
    for _ in range(count):
        jobs.run_next(world.database, known)


def test_nothing_is_filed_twice_by_four_programs_of_which_one_is_killed(
    copied_database: Database,
) -> None:
    assert nights.filed(copied_database.app_url, parcels=24, of_a_part=2) == []


def test_what_nobody_knows_waits_for_a_liaison_and_other_houses_see_nothing_of_it(
    world: World,
) -> None:
    with world.arrange() as work:
        customs_builders.a_tariff_line(work, "98765432", "10", "2022-01-01")
        for row in work.session.exec(select(Restriction).where(Restriction.hs_code == "98765432")):
            work.session.delete(row)
        shirt = work.session.merge(world.products["ALB", "TEE-1"])
        shirt.hs_code = "98765432"
    world.announce([("PARCEL-1", "TEE-1", 1, "1000")])
    world.run_jobs()
    wipa = world.colleague(Role.LIAISON, "wipa")
    elsewhere = world.colleague(Role.LIAISON, "chai", "BW-CNX-02")
    started = wipa.submit("/runs", kind="filing")
    world.run_jobs()
    [waiting] = world.rows(select(Declaration))
    [skipped] = world.rows(select(FilingResult))
    clearance = f"/declarations/{waiting.reference_number}/clearances"
    said = {"hs_code": "98765432", "statistical_code": "000", "reason": "FDA, by telephone"}

    listed = wipa.get("/permits").text
    refused = [
        elsewhere.submit(clearance, **said),
        elsewhere.get(started.headers["location"]),
        world.colleague(Role.OFFICER, "prasit").submit(clearance, **said),
    ]
    cleared = wipa.submit(clearance, **said)

    assert waiting.state is DeclarationState.DRAFT
    assert [each["rule"] for each in skipped.reasons] == ["R02"]
    assert "98765432/000" in listed
    assert [each.status_code for each in refused] == [404, 404, 403]
    assert cleared.status_code == 303
    [filed] = world.rows(select(Declaration))
    assert filed.state is DeclarationState.QUEUED
    world.prove()
