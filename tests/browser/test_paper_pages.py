"""Papers in a browser: verified by a visitor, put together by the liaison; no barrier to either."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tests import people
from tests.browser.conftest import Arrange
from tests.desk import a_desk
from warehouse import wiring
from warehouse.access.vocabulary import Role
from warehouse.core.jobs import drain
from warehouse.operations.printing import papers
from warehouse.settings import Settings


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_visitor_verifies_a_paper_and_the_liaison_gets_a_days_papers(
    page: Page, arrange: Arrange, database: Engine, language: str, tmp_path: Path
) -> None:
    with arrange() as work:
        desk = a_desk(work)
        number = desk.entry.declaration_number
        paper = papers.paper_by_number(work.session, papers.DECLARATION, number)
        person = people.a_person(work, Role.LIAISON, premises_id=desk.house.premises.id)
        person.language = language
        token = people.a_session(work, person, csrf_token="token")
    copy = tmp_path / "changed.pdf"
    copy.write_bytes(paper.content + b" ")
    barriers = {}

    def look(name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        found = [each["id"] for each in Axe().run(page).response["violations"]]
        barriers[name] = (wide, found)

    page.goto(f"/verify/{paper.verify_code}")
    expect(page.locator("[data-standing=genuine]")).to_contain_text("Genuine: we printed")
    expect(page.locator("[data-standing=genuine]")).to_contain_text(paper.number)
    look("verify")
    page.locator("#paper").set_input_files(copy)
    page.locator("main form button").click()
    expect(page.locator(".refusal")).to_contain_text("is NOT the paper we printed")
    look("changed")
    page.goto("/livez")
    page.context.add_cookies([{"name": "session", "value": token, "url": page.url}])
    page.goto("/batches")
    page.locator("#day").fill(desk.entry.numbered_at.date().isoformat())
    page.locator("main form button").click()
    expect(page.locator("progress")).to_have_attribute("value", "0")
    drain(database, wiring.jobs(Settings()))
    expect(page.locator("a[href$='/file']")).to_be_visible(timeout=8_000)  # it looks again itself
    look("batches")
    page.goto(f"/declarations/{desk.entry.reference_number}")
    page.locator("summary", has=page.locator("xpath=following-sibling::form")).last.click()
    look("declaration")

    assert barriers == dict.fromkeys(barriers, (False, []))
