"""The desk in a browser: for the keyboard alone, for a narrow screen, in Thai and English."""

from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import Arrange
from tests.desk import Desk, a_desk, a_refused_consignment
from warehouse.access.vocabulary import Role
from warehouse.shipments.models import Consignment

LANGUAGES = ("th", "en")


@pytest.fixture
def desk(arrange: Arrange) -> Desk:
    """A warehouse in the middle of its day, with one consignment that could not be declared."""
    with arrange() as work:
        desk = a_desk(work)
        a_refused_consignment(work, desk.house)
        return desk


def sign_in(
    page: Page,
    arrange: Arrange,
    role: Role,
    premises_id: UUID | None = None,
    language: str = "en",
) -> None:
    with arrange() as work:
        person = people.a_person(work, role, premises_id=premises_id)
        person.language = language
        token = people.a_session(work, person, csrf_token="token")
    page.goto("/livez")
    page.context.add_cookies([{"name": "session", "value": token, "url": page.url}])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_desk_has_a_barrier_or_is_wider_than_a_phone(
    page: Page, arrange: Arrange, desk: Desk, language: str
) -> None:
    with arrange() as work:
        consignment = work.session.get_one(Consignment, desk.entry.consignment_id).number
    sign_in(page, arrange, Role.LIAISON, desk.house.premises.id, language)
    found = {}

    for path in (
        "/consignments",
        f"/consignments/{consignment}",
        "/shipments",
        f"/shipments/{desk.waiting.number}",
        "/stock",
        "/declarations",
        f"/declarations/{desk.entry.reference_number}",
        "/guarantee",
        "/what-if",
        "/proofs",
        "/jobs",
    ):
        page.goto(path)
        for summary in page.locator("main summary").all():
            summary.click()
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        barriers = [each["id"] for each in Axe().run(page).response["violations"]]
        found[path] = (page.locator("html").get_attribute("lang"), wide, barriers)

    assert set(map(str, found.values())) == {str((language, False, []))}, found


def test_the_desk_finds_a_declaration_and_its_proof_by_keyboard_alone(
    page: Page, arrange: Arrange, desk: Desk
) -> None:
    sign_in(page, arrange, Role.OFFICER, desk.house.premises.id)
    page.goto("/declarations")

    page.locator("#search").focus()
    page.keyboard.type(f"{desk.gone.number}\n")
    expect(page.locator("tbody tr")).to_have_count(1)
    tab_to(page, desk.release.reference_number)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(desk.release.reference_number)
    tab_to(page, f"{str(desk.entry.declaration_number)[:4]}-")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(desk.entry.reference_number)
    tab_to(page, "movements behind it")
    page.keyboard.press("Enter")

    expect(page.locator("#line-1 .proof")).to_contain_text("Adds up")
    expect(page.locator("#line-1 details[open]")).to_contain_text("Left bond")


def test_a_wide_table_scrolls_by_keyboard(page: Page, arrange: Arrange, desk: Desk) -> None:
    sign_in(page, arrange, Role.OFFICER, desk.house.premises.id)
    page.goto("/stock")
    region = page.get_by_role("region", name="Stock")

    region.focus()
    page.keyboard.press("ArrowRight")

    expect(region).to_be_focused()
    page.wait_for_timeout(500)  # the browser scrolls smoothly
    assert region.evaluate("it => it.scrollLeft") > 0


def test_the_liaison_drafts_again_with_one_key(page: Page, arrange: Arrange, desk: Desk) -> None:
    sign_in(page, arrange, Role.LIAISON, desk.house.premises.id)
    page.goto("/declarations")

    tab_to(page, "Draft it again")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Consignment CON-")


def tab_to(page: Page, text: str) -> None:
    """Press Tab until a link or button that says *text* has the focus."""
    says = (
        "document.activeElement.matches('a, button, summary') && document.activeElement.innerText"
    )
    for _ in range(60):
        page.keyboard.press("Tab")
        if text in (page.evaluate(says) or ""):
            return
    raise AssertionError(f"Tab never came to {text}")
