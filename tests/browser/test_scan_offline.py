"""Without a network: what is kept, what is refused, what becomes of it; how the page opens."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from tests import people
from tests.browser.conftest import HANDHELD, Arrange, Clerk
from tests.builders import House, a_parcel
from warehouse.access.models import Person
from warehouse.inventory.models import Movement
from warehouse.operations.models import Assignment
from warehouse.operations.vocabulary import AssignmentKind

ONE = "**/api/v1/scans"
BATCH = "**/api/v1/scans:batch"
THREE_HOURS_FAST = """() => {
  const told = Date.prototype.toISOString;
  Date.prototype.toISOString = function () {
    return told.call(new Date(this.getTime() + 3 * 3600e3));
  };
}"""
STORE = "Object.keys(localStorage).filter((key) => key.startsWith('scans/'))"


def movements(engine: Engine) -> int:
    with Session(engine) as session:
        return session.exec(select(func.count(col(Movement.id)))).one()


def receive_offline(clerk: Clerk, arrange: Arrange, house: House, number: int) -> list[str]:
    """Scan so many announced parcels with the network cut."""
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(number)]
    clerk.press("CMD-RECEIVE")
    clerk.page.context.set_offline(True)
    for parcel in parcels:
        clerk.pull(parcel)
    clerk.waits(number)
    return parcels


def test_forty_scans_of_an_outage_are_replayed_in_order_and_once(
    clerk: Clerk, database: Engine, arrange: Arrange, house: House
) -> None:
    parcels = receive_offline(clerk, arrange, house, 40)
    sent: list[Any] = []
    clerk.page.on("request", lambda each: each.method == "POST" and sent.append(each))

    clerk.page.context.set_offline(False)
    clerk.waits(0)

    (batch,) = sent
    assert batch.url.endswith("/api/v1/scans:batch")
    assert {scan["waited"] for scan in batch.post_data_json["scans"]} == {True}
    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]
    assert movements(database) == 40
    assert clerk.dock() == [(each, "good") for each in reversed(parcels[-5:])]
    expect(clerk.page.locator("#replay-sent")).to_have_text("40")
    expect(clerk.page.locator("#replay-refused")).to_have_text("0")


def test_a_batch_whose_answer_was_lost_is_sent_again_and_changes_nothing(
    clerk: Clerk, database: Engine, arrange: Arrange, house: House
) -> None:
    parcels = receive_offline(clerk, arrange, house, 10)
    answers: list[Any] = []

    def lose_the_answer(route: Route) -> None:
        answers.append(route.fetch().json())
        route.abort()

    clerk.page.route(BATCH, lose_the_answer, times=1)
    clerk.page.on("response", lambda each: each.url.endswith(":batch") and answers.append(each))
    clerk.page.context.set_offline(False)
    clerk.waits(0)

    first, second = answers
    assert first == second.json()
    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]
    assert movements(database) == 10
    expect(clerk.page.locator("#replay-sent")).to_have_text("10")


def test_what_is_refused_in_a_replay_is_listed_and_becomes_a_task(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    clerk.press("CMD-RECEIVE")
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(5)]
    strange = "LP000111222333"

    clerk.page.context.set_offline(True)
    for scan in (*parcels[:3], strange, *parcels[3:]):
        clerk.pull(scan)
    clerk.waits(6)
    clerk.page.context.set_offline(False)
    clerk.waits(0)

    expect(clerk.page.locator("#replay li")).to_have_count(1)
    assert strange in clerk.page.locator("#replay li strong").inner_text()
    with arrange() as work:
        task = work.session.exec(select(Assignment)).one()
    assert task.kind is AssignmentKind.CONFLICT
    clerk.page.locator("[data-tool=seen]").click()
    expect(clerk.page.locator("#replay")).to_be_hidden()


def test_a_scan_that_is_no_scan_does_not_stop_the_others_of_its_batch(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    clerk.press("CMD-RECEIVE")
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(5)]
    too_long = "9" * 201

    clerk.page.context.set_offline(True)
    for scan in (too_long, *parcels):
        clerk.pull(scan)
    clerk.waits(6)
    clerk.page.context.set_offline(False)
    clerk.waits(0)

    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]
    expect(clerk.page.locator("#replay li strong")).to_have_text(too_long)


def test_a_problem_among_the_answers_is_the_answer_to_its_scan(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    parcels = receive_offline(clerk, arrange, house, 5)
    keys = clerk.page.evaluate(STORE)
    scans = [json.loads(clerk.page.evaluate("key => localStorage[key]", key)[8:]) for key in keys]
    taken = next(scan for scan in scans if scan["barcode"] == parcels[1])
    other = {**taken, "barcode": "another"}  # the id is used up, with other content
    clerk.page.request.post(
        "/api/v1/scans", data=other, headers={"x-csrf-token": "seen by the page"}
    )

    clerk.page.context.set_offline(False)
    clerk.waits(0)

    expect(clerk.page.locator("#replay li strong")).to_have_text(parcels[1])
    assert clerk.recorded() == ["CMD-RECEIVE", "another", *(parcels[:1] + parcels[2:])]


def test_nothing_leaves_without_the_server(clerk: Clerk) -> None:
    clerk.press("CMD-EXIT")
    sentence = clerk.page.locator("[data-sentence=attended]").text_content()

    clerk.page.context.set_offline(True)
    said = clerk.scan("EF582568151TH")
    told = clerk.tone(), clerk.page.locator("#alarm").text_content()
    kept = clerk.page.evaluate(STORE)
    clerk.page.context.set_offline(False)
    clerk.press("CMD-RECEIVE")

    assert said == sentence
    assert told == ("refused", sentence)
    assert kept == []
    assert clerk.recorded() == ["CMD-EXIT", "CMD-RECEIVE"]


def test_the_gate_opens_again_when_the_network_came_back_unnoticed(clerk: Clerk) -> None:
    clerk.press("CMD-EXIT")
    clerk.page.evaluate("dispatchEvent(new Event('offline'))")
    clerk.scan("EF582568151TH")
    expect(clerk.page.locator("[data-when=away]")).to_be_hidden()

    clerk.scan("EF582568165TH")

    assert clerk.recorded() == ["CMD-EXIT", "EF582568165TH"]


def test_the_gate_is_not_begun_without_the_server_but_other_work_goes_on(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    (parcel,) = receive_offline(clerk, arrange, house, 1)

    clerk.strike("CMD-EXIT")
    refused = clerk.answer_to("CMD-EXIT")
    clerk.strike("CMD-PUTAWAY")
    clerk.waits(2)
    clerk.page.context.set_offline(False)
    clerk.waits(0)

    assert refused == clerk.page.locator("[data-sentence=attended]").text_content()
    assert clerk.recorded() == ["CMD-RECEIVE", parcel, "CMD-PUTAWAY"]


def test_a_queued_task_decides_what_the_scans_behind_it_are_for(clerk: Clerk) -> None:
    clerk.press("CMD-EXIT")

    clerk.page.context.set_offline(True)
    clerk.strike("CMD-RECEIVE")
    clerk.pull("RC123456785TH")

    clerk.waits(2)


def test_two_tabs_of_one_clerk_lose_and_double_nothing(
    clerk: Clerk, database: Engine, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(12)]
    clerk.press("CMD-RECEIVE")
    other = Clerk(clerk.page.context.new_page(), database)
    other.open()

    clerk.page.context.set_offline(True)
    for one, another in zip(parcels[::2], parcels[1::2], strict=True):
        clerk.pull(one)
        other.pull(another)
    clerk.waits(12)
    other.waits(12)
    clerk.page.context.set_offline(False)
    clerk.waits(0)
    other.waits(0)

    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]
    assert movements(database) == 12


def test_a_damaged_queue_stops_the_device_and_is_kept(
    clerk: Clerk, arrange: Arrange, house: House, tmp_path: Path
) -> None:
    page = clerk.page
    parcels = receive_offline(clerk, arrange, house, 3)
    damaged = page.evaluate(f"localStorage[{STORE}[0]] = localStorage[{STORE}[0]].slice(0, -9)")

    page.context.set_offline(False)
    page.reload()
    stopped = page.locator("#damaged")
    expect(stopped).to_be_visible()
    page.keyboard.type("RC123456785TH\n")
    with page.expect_download() as kept:
        page.locator("#copy").click()
    kept.value.save_as(tmp_path / "copy.json")

    assert damaged in json.loads((tmp_path / "copy.json").read_text()).values()
    expect(page.locator("#field")).not_to_be_editable()
    assert clerk.recorded() == ["CMD-RECEIVE"]
    assert len(page.evaluate(STORE)) == 3
    reset = page.locator("[data-tool=reset]")
    expect(reset).to_be_disabled()

    page.locator("#copied").check()
    reset.click()
    clerk.ready()
    clerk.waits(0)

    aside = "Object.keys(localStorage).filter((key) => key.startsWith('damaged/'))"
    assert len(page.evaluate(aside)) == 1
    assert set(clerk.recorded()[1:]) < set(parcels)
    assert len(clerk.recorded()) == 3


def test_a_wrong_clock_is_shown_and_scans_keep_their_order(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    page = clerk.page
    wrong = page.locator("[data-when=skew]")
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(6)]
    page.evaluate(THREE_HOURS_FAST)

    clerk.press("CMD-RECEIVE")
    expect(wrong).to_be_visible()
    minutes = page.locator("[data-skew]").inner_text()
    page.context.set_offline(True)
    for parcel in parcels:
        clerk.pull(parcel)
    clerk.waits(6)
    page.context.set_offline(False)
    clerk.waits(0)

    assert minutes == "180"
    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]


# ── The page that opens without a network ────────────────────────────────────────────────────────


@pytest.fixture
def installed(browser: Browser, url: str, arrange: Arrange, somchai: Person) -> Iterator[Page]:
    """A handheld where the clerk has opened the scan page, and the page has kept itself."""
    context = browser.new_context(base_url=url, viewport=HANDHELD)
    with arrange() as work:
        token = people.a_session(work, somchai, csrf_token="seen by the page")
    context.add_cookies([{"name": "session", "value": token, "url": url}])
    page = context.new_page()
    page.goto("/scan")
    page.evaluate("async () => { while (!await caches.match('/scan')) await scheduler.yield() }")
    yield page
    context.close()


def test_the_page_opens_without_a_network_and_keeps_scans(
    installed: Page, database: Engine, arrange: Arrange, house: House
) -> None:
    clerk = Clerk(installed, database)
    clerk.ready()
    clerk.press("CMD-RECEIVE")
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(5)]
    installed.context.set_offline(True)
    installed.goto("about:blank")

    installed.goto("/scan")
    clerk.ready()
    prompt = installed.locator("#prompt").inner_text()
    for parcel in parcels:
        clerk.pull(parcel)
    clerk.waits(5)
    installed.context.set_offline(False)
    clerk.waits(0)

    assert prompt != ""
    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]


def test_the_device_keeps_the_page_and_its_files_and_nothing_the_server_said(
    installed: Page, database: Engine
) -> None:
    clerk = Clerk(installed, database)
    clerk.ready()
    clerk.press("CMD-RECEIVE")
    installed.goto("/")
    installed.goto("/scan")
    clerk.ready()

    kept = installed.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name))))"
        ".then(all => Promise.all(all.map(each => each.keys())))"
        ".then(all => all.flat().map(each => new URL(each.url).pathname))"
    )

    others = [path for path in kept if not path.startswith(("/static/", "/fonts/"))]
    assert others == ["/scan"]
    assert "/static/scan.js" in kept


def test_whoever_signs_out_leaves_no_page_behind(installed: Page) -> None:
    installed.goto("/")
    installed.locator("form[action='/sign-out'] button").click()
    installed.wait_for_url("**/sign-in")

    installed.evaluate(
        "async () => { while (await caches.has('scan-page')) await scheduler.yield() }"
    )
    installed.goto("/scan")
    assert installed.url.endswith("/sign-in?next=/scan")


def test_the_page_can_be_installed(installed: Page) -> None:
    session = installed.context.new_cdp_session(installed)

    manifest = session.send("Page.getAppManifest")
    faults = session.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == "/scan"
    assert [each["errorId"] for each in faults if each["errorId"] != "in-incognito"] == []


def test_what_is_kept_bears_the_version_of_its_files(installed: Page) -> None:
    worker = installed.request.get("/scan-worker.js").text()
    version = re.search('"version": "([0-9a-f]{16})"', worker)
    names = installed.evaluate("caches.keys()")

    assert version is not None
    assert f"scan-files-{version[1]}" in names
