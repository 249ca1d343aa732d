"""The editor, versions and amendments in a browser: no barrier, a narrow screen, keys alone."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from tests import people
from tests.browser.conftest import Arrange
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    accepted,
    an_answer,
    drafted,
    sent,
)
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.customs.changing import amending, redrafting
from warehouse.customs.changing.editing import Correction
from warehouse.customs.gateway import AnswerKind, Reason
from warehouse.customs.models import Declaration
from warehouse.masterdata.models import Premises
from warehouse.operations.clearance import answers


@pytest.fixture
def declarations(arrange: Arrange) -> tuple[str, str]:
    """The references of a draft that customs refused before, and of an entry to be amended."""
    with arrange() as work:
        house = a_customs_house(work)
        goods = [(house.product, 4, "500"), (house.product, 1, "700")]
        draft = refused(work, sent(work, drafted(work, a_consignment(work, house, goods))))
        entry = accepted(work, drafted(work, a_consignment(work, house, goods)))
        amending.draft(work, entry, [Correction("2", "brand", "ACME")], "The brand was missing")
        return draft.reference_number, entry.reference_number


def refused(work: Work, declaration: Declaration) -> Declaration:
    said = an_answer(work, declaration, AnswerKind.REJECTED)
    said = replace(said, errors=(Reason("D04", "Tariff Code Not Valid", 2),))
    answers.effects_of(declaration)[said.kind](work, declaration, said)
    return redrafting.redraft(work, declaration)


def sign_in(page: Page, arrange: Arrange, language: str) -> None:
    with arrange() as work:
        [premises_id] = work.session.exec(select(Premises.id)).all()
        person = people.a_person(work, Role.LIAISON, premises_id=premises_id)
        person.language = language
        token = people.a_session(work, person, csrf_token="token")
    page.goto("/livez")
    page.context.add_cookies([{"name": "session", "value": token, "url": page.url}])


@pytest.mark.parametrize("language", ["th", "en"])
def test_no_page_of_the_editor_has_a_barrier_or_is_wider_than_a_phone(
    page: Page, arrange: Arrange, declarations: tuple[str, str], language: str
) -> None:
    draft, entry = declarations
    sign_in(page, arrange, language)
    found = {}

    for path in (f"{draft}", f"{draft}/editor", f"{entry}", f"{entry}/editor", f"{entry}/versions"):
        page.goto(f"/declarations/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        barriers = [each["id"] for each in Axe().run(page).response["violations"]]
        found[path] = (page.locator("html").get_attribute("lang"), wide, barriers)

    assert set(map(str, found.values())) == {str((language, False, []))}, found


def test_a_finding_leads_to_its_field_and_a_refused_form_keeps_what_was_typed(
    page: Page, arrange: Arrange, declarations: tuple[str, str]
) -> None:
    draft, _ = declarations
    sign_in(page, arrange, "en")
    page.goto(f"/declarations/{draft}/editor")

    page.locator('.findings a[href="#field-2-hs_code"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#field-2-hs_code")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("4202\n")

    expect(page.locator("[role=alert]")).to_contain_text("1 fields cannot be saved")
    field = page.locator("#field-2-hs_code")
    expect(field).to_have_value("4202")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#field-2-hs_code-wrong")).to_contain_text("Write 8 digits.")
