"""The scan page: one beep one answer, whatever the clerk, the scanner or the network does."""

import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import Engine
from sqlmodel import Session, select, update

from tests import people
from tests.browser.conftest import Arrange, Clerk
from tests.builders import House, a_parcel, accepted, an_order, released, stored_parcel
from tests.integration.floor import packing
from warehouse import core
from warehouse.access.models import Person, SignIn
from warehouse.access.vocabulary import Role
from warehouse.core import i18n
from warehouse.inventory import discrepancies
from warehouse.inventory.models import Movement
from warehouse.inventory.vocabulary import DiscrepancyKind, MovementKind
from warehouse.masterdata.models import Premises
from warehouse.operations.floor import messages, receiving, scan_page
from warehouse.operations.floor.flows import FLOWS
from warehouse.operations.floor.messages import gate, inbound
from warehouse.operations.models import Scan
from warehouse.shipments import queries as shipments
from warehouse.shipments.vocabulary import Custody

SCANS = "**/api/v1/scans"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_parcel_comes_in_and_goes_out_by_keyboard_alone(
    page: Page, database: Engine, arrange: Arrange, house: House, somchai: Person, language: str
) -> None:
    with arrange() as work:
        work.session.get_one(Person, somchai.id).language = language
        incoming = a_parcel(work, house, 10)
        accepted(work, house, incoming)
    clerk = Clerk(page, database)
    page.goto("/sign-in?next=/scan")
    page.locator("input:focus").wait_for()  # a cold browser gives the focus after the page
    for word in (somchai.username, people.PASSWORD):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    clerk.ready()

    said = [
        clerk.press("CMD-RECEIVE"),
        clerk.scan(incoming),
        clerk.press("CMD-PUTAWAY"),
        clerk.scan(incoming),
        clerk.scan("LOC-A1"),
        clerk.press("CMD-COUNT"),
        clerk.scan("LOC-A1"),
        clerk.scan(incoming),
        clerk.press("CMD-DONE"),
    ]
    with arrange() as work:
        order, shipment = an_order(work, house, 4)
    said += [clerk.press("CMD-PICK"), clerk.scan(shipment.number)]
    wanted = page.locator("#goods").inner_text()
    said += [clerk.scan("LOC-A1"), clerk.scan(incoming)]
    said += [clerk.press("CMD-PACK"), *map(clerk.scan, packing(shipment, 4)[1:])]
    said += [clerk.press("CMD-EXIT"), clerk.scan(shipment.parcel_number)]
    assert clerk.tone() == "refused"  # customs has not released it
    with arrange() as work:
        released(work, house, order)
    said += [clerk.scan(shipment.parcel_number)]

    assert clerk.tone() == "good", said
    exited = i18n.translate(gate.EXITED.sentence, language, parcel=shipment.parcel_number)
    assert said[-1] == exited
    assert {bool(re.search("[ก-ฮ]", sentence)) for sentence in said} == {language == "th"}
    assert {"A1", "4", "BAG-1", incoming} <= set(wanted.split())
    with Session(database) as session:
        kinds = session.exec(select(Movement.kind).order_by(Movement.sequence)).all()
        left = shipments.shipment_by_number(session, shipment.number)
    assert kinds == [
        MovementKind.RECEIPT, MovementKind.MOVE, MovementKind.PICK, MovementKind.ISSUE,
    ]  # fmt: skip
    assert left.custody is Custody.DISPATCHED


def test_two_browsers_on_one_task_count_a_parcel_once(
    clerk: Clerk, url: str, arrange: Arrange, house: House, somchai: Person
) -> None:
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(2)]
        token = people.a_session(work, somchai)
    browser = clerk.page.context.browser
    assert browser is not None
    elsewhere = browser.new_context(base_url=url, service_workers="block")
    elsewhere.add_cookies([{"name": "session", "value": token, "url": url}])
    other = Clerk(elsewhere.new_page(), clerk.engine)

    clerk.press("CMD-RECEIVE")
    other.open()
    task = other.page.locator("[data-task][aria-pressed=true]").get_attribute("data-task")
    heard = []
    for browser_of, parcel in ((other, parcels[0]), (clerk, parcels[0]), (clerk, parcels[1])):
        browser_of.scan(parcel)
        heard.append(browser_of.tone())
    elsewhere.close()

    assert task == "receive"
    assert heard == ["good", "warning", "good"]
    with Session(clerk.engine) as session:
        assert len(session.exec(select(Movement)).all()) == 2


def test_ten_scans_in_two_seconds_get_ten_answers_in_order(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(10)]
    clerk.press("CMD-RECEIVE")

    began = time.monotonic()
    for parcel in parcels:
        clerk.pull(parcel)
    took = time.monotonic() - began
    clerk.waits(0)

    assert took < 2
    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]
    assert clerk.dock() == [(parcel, "good") for parcel in reversed(parcels[5:])]


def test_scans_without_a_network_wait_visibly_and_are_done_once(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(4)]
    clerk.press("CMD-RECEIVE")
    clerk.scan(parcels[0])

    clerk.page.context.set_offline(True)
    for parcel in parcels[1:]:
        clerk.pull(parcel)
    clerk.waits(3)
    shown = clerk.tone(), clerk.dock()[:4]
    away = clerk.page.locator("[data-when=away]")
    expect(away).to_be_visible()
    clerk.page.context.set_offline(False)
    clerk.waits(0)

    assert shown == ("waiting", [*((each, "waiting") for each in reversed(parcels[1:])),
                                 (parcels[0], "good")])  # fmt: skip
    expect(away).to_be_hidden()
    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]
    assert clerk.dock()[:4] == [(each, "good") for each in reversed(parcels)]


def test_a_scan_whose_answer_was_lost_is_sent_again_and_done_once(
    clerk: Clerk, database: Engine, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
    clerk.press("CMD-RECEIVE")
    sent: list[object] = []

    def lose_the_answer(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fetch()
        route.abort()

    clerk.page.route(SCANS, lose_the_answer, times=2)
    clerk.scan(parcel)

    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert clerk.tone() == "good"
    assert clerk.recorded() == ["CMD-RECEIVE", parcel]
    with Session(database) as session:
        assert len(session.exec(select(Movement)).all()) == 1


def test_a_server_that_is_ill_gets_the_scan_again(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
    clerk.press("CMD-RECEIVE")

    clerk.page.route(SCANS, lambda route: route.fulfill(status=503, json={}), times=1)
    clerk.scan(parcel)

    assert clerk.tone() == "good"
    assert clerk.recorded() == ["CMD-RECEIVE", parcel]


def test_a_reload_keeps_the_task_and_the_scans_that_wait(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcels = [a_parcel(work, house, 1) for _ in range(2)]
    clerk.press("CMD-RECEIVE")
    clerk.page.route(SCANS, lambda route: route.abort())
    for parcel in parcels:
        clerk.pull(parcel)

    clerk.page.reload()
    clerk.ready()
    clerk.waits(2)
    pressed = clerk.page.locator("[data-task][aria-pressed=true]").get_attribute("data-task")
    clerk.page.unroute(SCANS)
    clerk.waits(0)

    assert pressed == "receive"
    assert clerk.recorded() == ["CMD-RECEIVE", *parcels]
    assert clerk.dock()[:2] == [(each, "good") for each in reversed(parcels)]


def test_a_reload_in_the_middle_of_a_pick_still_says_what_to_take(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcel = stored_parcel(work, house, 10, "A2")
        _, shipment = an_order(work, house, 3)
    clerk.press("CMD-PICK")
    clerk.scan(shipment.number)

    clerk.page.reload()
    clerk.ready()
    wanted = clerk.page.locator("#goods").inner_text().split()
    clerk.scan("LOC-A2")

    assert {"A2", "3", parcel} <= set(wanted)
    assert clerk.tone() == "good"


@pytest.mark.parametrize(
    ("scanned", "reason"),
    [
        ("LOC-A1", messages.PARCEL_EXPECTED),
        ("RC123456789CN", inbound.MISREAD),
        ("LP000111222333", messages.UNKNOWN_PARCEL),
        ("CMD-DANCE", messages.UNKNOWN_COMMAND),
    ],
)
def test_what_is_refused_says_why(clerk: Clerk, scanned: str, reason: messages.Message) -> None:
    clerk.press("CMD-RECEIVE")

    said = clerk.scan(scanned)

    facts = {"scanned": scanned, "parcel": scanned, "near": []}
    assert said == i18n.translate(reason.sentence, "th", **facts)
    assert clerk.dock()[0] == (scanned, "refused")
    expect(clerk.page.get_by_role("alert")).to_have_text(said)
    assert clerk.page.locator("#answer .word").inner_text() == "ปฏิเสธ"


def test_a_scan_that_cannot_be_taken_does_not_stop_those_behind_it(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
    clerk.press("CMD-RECEIVE")
    too_long = "9" * 201

    clerk.pull(too_long)
    clerk.pull(parcel)
    clerk.answer_to(parcel)

    assert clerk.dock()[:2] == [(parcel, "good"), (too_long, "refused")]


def test_whoever_is_signed_out_comes_back_to_the_scans_that_wait(
    clerk: Clerk, arrange: Arrange, house: House, somchai: Person
) -> None:
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
    clerk.press("CMD-RECEIVE")
    with arrange() as work:
        work.session.exec(update(SignIn).values(ended_at=work.at))

    clerk.pull(parcel)
    clerk.page.wait_for_url("**/sign-in?next=/scan")
    for word in (somchai.username, people.PASSWORD):
        clerk.page.keyboard.type(word)
        clerk.page.keyboard.press("Tab")
    clerk.page.keyboard.press("Enter")
    clerk.answer_to(parcel)

    assert clerk.recorded() == ["CMD-RECEIVE", parcel]


def test_a_page_with_an_old_token_renews_itself(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
        work.session.exec(update(SignIn).values(csrf_token="another"))

    clerk.press("CMD-RECEIVE")
    clerk.scan(parcel)

    assert clerk.tone() == "good"
    assert clerk.recorded() == ["CMD-RECEIVE", parcel]


def test_one_persons_scans_are_never_sent_as_anothers(
    clerk: Clerk, url: str, arrange: Arrange, house: House, somchai: Person
) -> None:
    page = clerk.page
    page.route(SCANS, lambda route: route.abort())
    clerk.pull("CMD-RECEIVE")
    clerk.waits(1)
    with arrange() as work:
        malee = people.a_person(work, Role.SUPERVISOR, premises_id=house.premises.id)
        token = people.a_session(work, malee)
    page.context.add_cookies([{"name": "session", "value": token, "url": url}])
    page.unroute(SCANS)

    clerk.open()
    clerk.press("CMD-PUTAWAY")

    expect(page.locator("[data-when=others]")).to_be_visible()
    assert clerk.recorded() == ["CMD-PUTAWAY"]
    with arrange() as work:
        assert work.session.exec(select(Scan.person_id)).all() == [malee.id]


def test_the_field_has_the_focus_whatever_is_clicked(clerk: Clerk) -> None:
    page = clerk.page
    clicked = ["[data-command=CMD-RECEIVE]", "#prompt", "#message", "body", "[data-tool=silent]"]

    focused = []
    for place in clicked:
        page.locator(place).click()
        focused.append(page.evaluate("document.activeElement.id"))

    assert focused == ["field"] * len(clicked)


@pytest.mark.parametrize(
    "left",
    [
        "document.activeElement.blur()",
        "document.querySelector('button').focus(); window.dispatchEvent(new Event('focus'))",
    ],
)
def test_the_focus_comes_back(clerk: Clerk, left: str) -> None:
    clerk.page.evaluate(left)

    focused = clerk.page.evaluate("document.activeElement.id")

    assert focused == "field"


def test_a_scan_lands_in_the_field_wherever_the_focus_is(clerk: Clerk) -> None:
    clerk.press("CMD-RECEIVE")
    for _ in range(4):
        clerk.page.keyboard.press("Shift+Tab")
    strayed = clerk.page.evaluate("document.activeElement.tagName")

    clerk.scan("RC123456785TH")

    assert strayed == "BUTTON"
    assert clerk.recorded() == ["CMD-RECEIVE", "RC123456785TH"]


def test_a_scan_may_end_with_tab_and_arrives_as_it_was_typed(clerk: Clerk) -> None:
    clerk.press("CMD-RECEIVE")

    clerk.page.keyboard.type("ฑฉ--คคภคคถภธ็")  # RC338848854TH under a Thai layout
    clerk.page.keyboard.press("Tab")
    said = clerk.answer_to("ฑฉ--คคภคคถภธ็")

    assert clerk.recorded()[-1] == "ฑฉ--คคภคคถภธ็"
    assert "RC338848854TH" in said


def test_a_separator_sent_as_ctrl_and_bracket_is_kept(clerk: Clerk) -> None:
    clerk.page.keyboard.type("]C10012345678901231411")
    clerk.page.keyboard.press("Control+BracketRight")
    clerk.pull("10LOT")

    clerk.answer_to("]C10012345678901231411{GS}10LOT")
    assert clerk.recorded() == ["]C10012345678901231411{GS}10LOT"]


def test_the_language_changes_in_place(clerk: Clerk) -> None:
    clerk.press("CMD-RECEIVE")
    clerk.page.evaluate("window.untouched = true")
    clerk.page.keyboard.type("RC12345")

    clerk.page.locator("button[lang=en]").click()
    expect(clerk.page.locator("html")).to_have_attribute("lang", "en")
    message = clerk.page.locator("#message").inner_text()
    prompt = clerk.page.locator("#prompt").inner_text()
    clerk.pull("6785TH")
    clerk.answer_to("RC123456785TH")

    assert clerk.page.evaluate("window.untouched")
    assert message == receiving.FLOW.title.sentence
    assert prompt == "Scan a parcel."
    assert clerk.page.locator("#answer .word").inner_text() == "Refused"


LISTEN = """
window.heard = [];
window.OscillatorNode = class extends OscillatorNode {
  constructor(context, options) { super(context, options); this.hertz = options.frequency; }
  start(from) { this.from = from; super.start(from); }
  stop(to) { heard.push([this.hertz, Math.round((to - this.from) * 1000)]); super.stop(to); }
};
window.shaken = [];
navigator.vibrate = (pattern) => shaken.push(pattern);
"""


def test_three_tones_are_told_apart(clerk: Clerk, arrange: Arrange, house: House) -> None:
    with arrange() as work:
        parcel = a_parcel(work, house, 1)
    clerk.page.add_init_script(LISTEN)
    clerk.page.reload()
    clerk.ready()

    heard = []
    for code in ("CMD-RECEIVE", parcel, parcel, "LOC-A1"):
        clerk.pull(code)
        clerk.answer_to(code)
        clerk.waits(0)
        heard.append((clerk.tone(), clerk.page.evaluate("heard.splice(0)")))

    high, double, low = (dict(heard)[tone] for tone in ("good", "warning", "refused"))
    assert [len(tone) for tone in (high, double, low)] == [1, 2, 1]
    assert high[0][0] > 4 * low[0][0]
    assert high[0][1] < 150
    assert low[0][1] > 500
    assert len({str(pattern) for pattern in clerk.page.evaluate("shaken")}) == 3


def test_silent_mode_flashes_instead(clerk: Clerk) -> None:
    clerk.page.add_init_script(LISTEN)
    clerk.page.reload()
    clerk.ready()
    clerk.page.locator("[data-tool=silent]").click()

    clerk.scan("LOC-A1")
    flashes = clerk.page.evaluate("document.getAnimations().length")

    assert flashes >= 1
    assert clerk.page.evaluate("heard") == []
    expect(clerk.page.locator("[data-tool=silent]")).to_have_attribute("aria-pressed", "true")


# ── What the server says besides ─────────────────────────────────────────────────────────────────


def says(page: Page, **more: object) -> None:
    """Let the next answer of the server hold *more*, and its data likewise."""

    def amend(route: Route) -> None:
        answer = route.fetch().json()
        data = answer["data"] | more.pop("data", {})  # type: ignore[operator]
        route.fulfill(json=answer | more | {"data": data})

    page.route(SCANS, amend, times=1)


def test_a_question_is_answered_by_one_key(clerk: Clerk) -> None:
    clerk.press("CMD-RECEIVE")
    yes = clerk.page.locator("#yes")
    hidden = yes.is_hidden()
    says(clerk.page, asks=True, tone="warning")
    clerk.scan("LP000111222333")

    yes.click()
    expect(yes).to_be_hidden()

    assert hidden
    assert clerk.recorded() == ["CMD-RECEIVE", "LP000111222333", "LP000111222333"]


def test_the_last_scan_is_undone_by_keyboard(clerk: Clerk, arrange: Arrange, house: House) -> None:
    with arrange() as work:
        parcel = stored_parcel(work, house, 10, "A2")
    clerk.press("CMD-PUTAWAY")
    before = clerk.page.locator("#prompt").inner_text()
    clerk.scan(parcel)
    between = clerk.page.locator("#prompt").inner_text()

    clerk.press("CMD-UNDO")

    assert clerk.tone() == "good"
    assert clerk.page.locator("#prompt").inner_text() == before != between


def test_commands_are_offered_where_the_step_knows_them(clerk: Clerk) -> None:
    done = clerk.page.locator("[data-command=CMD-DONE]")
    says(clerk.page, commands=["CMD-DONE"])

    clerk.press("CMD-PUTAWAY")
    expect(done).to_be_visible()
    clerk.press("CMD-DONE")

    expect(done).to_be_hidden()
    assert clerk.recorded() == ["CMD-PUTAWAY", "CMD-DONE"]


def test_a_count_shows_its_tally_and_the_codes_nobody_knows(clerk: Clerk) -> None:
    tally, unknown = (clerk.page.locator(f"[data-list={name}]") for name in ("tally", "unknown"))
    says(clerk.page, data={"tally": ["BAG-1 × 12", "CUP-2 × 3"], "unknown": ["4006381333931"]})

    clerk.press("CMD-RECEIVE")

    expect(tally.locator("li")).to_have_text(["BAG-1 × 12", "CUP-2 × 3"])
    expect(unknown.locator("li")).to_have_text(["4006381333931"])
    clerk.press("CMD-PUTAWAY")
    expect(tally).to_be_hidden()
    expect(unknown).to_be_hidden()


def test_a_number_typed_by_hand_is_a_scan(clerk: Clerk) -> None:
    clerk.press("CMD-RECEIVE")

    clerk.scan("12")
    clerk.scan("1.25KG")

    assert clerk.recorded() == ["CMD-RECEIVE", "12", "1.25KG"]


PHOTOS = "**/api/v1/discrepancies/*/photos"
REPORT = "01a2066d-7783-72ee-a988-fc23c658c8dd"
PHOTO = Path(core.__file__).parent / "static" / "icon-512.png"


def test_a_photo_that_is_wanted_is_offered_until_it_is_kept(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    page = clerk.page
    button = page.locator("#photo")
    with arrange() as work:
        case = discrepancies.open_case(work, DiscrepancyKind.DAMAGED, premises_id=house.premises.id)
    hidden = button.is_hidden()
    says(page, data={"photo_for": str(case.id)})
    clerk.press("CMD-RECEIVE")

    page.route(PHOTOS, lambda route: route.abort(), times=1)
    page.locator("#photo-file").set_input_files(PHOTO)
    expect(page.locator("[data-photo=failed]")).to_be_visible()
    expect(button).to_be_visible()
    page.locator("#photo-file").set_input_files(PHOTO)
    expect(page.locator("[data-photo=kept]")).to_be_visible()

    assert hidden
    expect(button).to_be_hidden()
    with arrange() as work:
        (photo,) = discrepancies.photos(work.session, case.id)
    assert (photo.media_type, photo.content) == ("image/png", PHOTO.read_bytes())


def test_a_photo_that_is_too_large_is_made_smaller_first(clerk: Clerk) -> None:
    page = clerk.page
    sent: list[Request] = []
    page.route(PHOTOS, lambda route: sent.append(route.request) or route.fulfill(status=201))
    says(page, data={"photo_for": REPORT})
    clerk.press("CMD-RECEIVE")
    file = BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(file, "BMP")

    page.locator("#photo-file").set_input_files(
        {"name": "dent.bmp", "mimeType": "image/bmp", "buffer": file.getvalue()}
    )
    expect(page.locator("[data-photo=kept]")).to_be_visible()

    (request,) = sent
    kept = Image.open(BytesIO(request.post_data_buffer or b""))
    assert request.headers["content-type"] == "image/jpeg"
    assert (kept.format, kept.size) == ("JPEG", (2000, 1333))


def test_every_task_and_command_of_the_floor_has_a_button_and_a_key() -> None:
    buttons = [*scan_page.TASKS, *scan_page.COMMANDS]
    commands = {flow.command for flow in FLOWS}
    known = {each for flow in FLOWS for step in flow.steps.values() for each in step.knows}

    assert commands | known <= {button.barcode for button in buttons}
    assert len({button.key for button in buttons}) == len(buttons)


# ── For everybody ────────────────────────────────────────────────────────────────────────────────


def test_the_last_five_scans_are_read_from_two_metres(clerk: Clerk) -> None:
    for number in range(6):
        clerk.scan(f"LOC-A{number}")

    lines = clerk.page.locator("#dock li").all()

    sizes = {line.evaluate("it => getComputedStyle(it).fontSize") for line in lines}
    assert [line.inner_text().strip() for line in lines] == [f"LOC-A{n}" for n in (5, 4, 3, 2, 1)]
    assert {round(float(size.removesuffix("px")) * 72 / 96, 3) for size in sizes} == {28}


def test_a_sandbox_looks_like_nothing_else_on_every_page(
    clerk: Clerk, arrange: Arrange, house: House
) -> None:
    page = clerk.page
    ordinary = page.locator("[data-training]").count()
    with arrange() as work:
        work.session.get_one(Premises, house.premises.id).training = True

    found = {}
    for path in ("/scan", "/stock", "/"):
        page.goto(path)
        frame = page.locator("body").evaluate("it => getComputedStyle(it).borderImageSource")
        words = page.locator("[data-training] .training-words b").all_inner_texts()
        barriers = [each["id"] for each in Axe().run(page).response["violations"]]
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[path] = ("repeating-linear-gradient" in frame, words, barriers, overflow > 0)

    assert ordinary == 0
    expected = (True, ["โหมดฝึกหัด", "TRAINING", "培训模式"], [], False)
    assert set(map(str, found.values())) == {str(expected)}, found


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_anybody_can_use_the_page(clerk: Clerk, language: str, width: int) -> None:
    page = clerk.page
    page.set_viewport_size({"width": width, "height": 740})
    if language != "th":
        page.locator(f"button[lang={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)

    broken = barriers(page, "start")
    says(page, asks=True, commands=["CMD-DONE", "CMD-NEXT"],
         data={"tally": ["1"], "unknown": ["2"], "photo_for": REPORT, "skew": 900})  # fmt: skip
    clerk.press("CMD-RECEIVE")
    broken += barriers(page, "everything")
    clerk.scan("LOC-A1")
    broken += barriers(page, "refused")
    page.context.set_offline(True)
    for _ in range(4):
        clerk.pull("RC123456785TH")
    clerk.strike("CMD-EXIT")
    clerk.waits(4)
    broken += barriers(page, "waiting")
    page.context.set_offline(False)
    clerk.waits(0)
    broken += barriers(page, "replayed")
    page.evaluate("localStorage[`scans/${scan.dataset.person}/x`] = 'broken'")
    page.reload()
    expect(page.locator("#damaged")).to_be_visible()
    broken += barriers(page, "damaged")

    assert broken == []


def barriers(page: Page, when: str) -> list[str]:
    """What stands in somebody's way: for axe, for gloved fingers, on a narrow screen."""
    found = [each["id"] for each in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    found += page.evaluate(
        "[...document.querySelectorAll('button, .button, summary')].filter((each) =>"
        " each.checkVisibility() && each.getBoundingClientRect().height < 48)"
        ".map((each) => `small: ${each.textContent}`)"
    )
    return [f"{when}: {each}" for each in found]
