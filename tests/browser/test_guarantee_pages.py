"""Guarantee, letters, payments and the alarm in a browser: no barrier, on a narrow screen too."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import Engine
from sqlmodel import col, select

from tests import people
from tests.browser.conftest import Arrange
from tests.builders import House
from tests.customs_builders import a_consignment
from tests.desk import a_desk
from warehouse import wiring
from warehouse.access.vocabulary import Role
from warehouse.core.jobs import drain
from warehouse.core.work import Actor
from warehouse.customs.money import letters
from warehouse.customs.money.letters import LetterDraft
from warehouse.customs.money.payments import PaymentDraft
from warehouse.customs.vocabulary import PaymentKind
from warehouse.inventory.models import Balance
from warehouse.operations.clearance import matching
from warehouse.settings import Settings

PATHS = ("/guarantee", "/guarantee/letters", "/payments", "/alarm", "/stock")


@pytest.mark.parametrize("language", ["th", "en"])
def test_no_page_of_the_guarantee_has_a_barrier_or_is_wider_than_a_phone(
    page: Page, arrange: Arrange, database: Engine, language: str
) -> None:
    house = a_busy_guarantee(arrange)
    with arrange() as work:
        work.defer("prove")
    drain(database, wiring.jobs(Settings()))
    with arrange() as work:
        person = people.a_person(work, Role.MANAGER, premises_id=house.premises.id)
        person.language = language
        token = people.a_session(work, person, csrf_token="token")
    page.goto("/livez")
    page.context.add_cookies([{"name": "session", "value": token, "url": page.url}])
    found = {}

    for path in PATHS:
        page.goto(path)
        for summary in page.locator("main summary").all():
            summary.click()
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        barriers = [each["id"] for each in Axe().run(page).response["violations"]]
        banners = page.locator(".banner").count()
        found[path] = (page.locator("html").get_attribute("lang"), wide, barriers, banners)

    assert set(map(str, found.values())) == {str((language, False, [], 1))}, found


def a_busy_guarantee(arrange: Arrange) -> House:
    """A letter that waits, payments that match and do not, more than fits, a parcel astray."""
    with arrange() as work:
        desk = a_desk(work)
        house = desk.house
        a_consignment(work, house, [(house.product, 99_999, "900")])
        by_liaison = replace(work, actor=Actor("ratree", "liaison", premises_id=house.premises.id))
        draft = LetterDraft("LG/2569-1", "ธนาคารกรุงไทย", Decimal(7_000_000), date(2026, 1, 1))
        letters.record(by_liaison, house.premises.id, draft)
        owed = desk.release.total_tax
        for number, amount in (("R-1", owed), ("R-2", owed + 1)):
            paid = PaymentDraft(
                PaymentKind.DUTY, number, amount, work.at, desk.release.reference_number
            )
            matching.capture(by_liaison, house.premises.id, paid)
        astray = work.session.exec(select(Balance).where(col(Balance.quantity) > 0)).first()
        assert astray is not None
        astray.quantity += 1
        return house
