"""The pages that watch over the floor: no barrier in Thai and English, none wider than a phone."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from tests import people
from tests.browser.conftest import Arrange
from tests.builders import House, as_actor, lots_in
from tests.desk import Desk, a_desk
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.inventory import discrepancies, disposals, holds, locks
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.models import HandlingUnit
from warehouse.inventory.vocabulary import (
    CountReason,
    DiscrepancyKind,
    DisposalKind,
    HoldKind,
)
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import counting
from warehouse.operations.planning import waves
from warehouse.shipments import manifests, routes

LANGUAGES = ("th", "en")


@dataclass(frozen=True, slots=True)
class Floor:
    """A desk, and what happens on the floor below it: the numbers of the papers."""

    desk: Desk
    house: House
    case: str
    disposal: str
    count: str
    manifest: str


@pytest.fixture
def floor(arrange: Arrange) -> Floor:
    """Something of everything: a hold, a case, a count, a wave, a vehicle, a locked bin."""
    with arrange() as work:
        desk = a_desk(work)
        house = desk.house
        here = as_actor(work, house.clerk)
        unit = work.session.exec(
            select(HandlingUnit).where(HandlingUnit.premises_id == house.premises.id)
        ).first()
        assert unit is not None
        holds.place(
            here,
            HoldKind.DAMAGE,
            Reason.DAMAGED,
            premises_id=house.premises.id,
            handling_unit_id=unit.id,
        )
        case = discrepancies.open_case(
            here,
            DiscrepancyKind.SEAL,
            premises_id=house.premises.id,
            partner_id=house.partner.id,
            expected="SEAL-1",
            found="SEAL-2",
        )
        count = counting.plan(here, house.premises.id, house.places["A2"].id, CountReason.REQUESTED)
        assert count is not None
        lane = house.places["STAGE-1"].id
        codes = ("00000", "99999")
        route = routes.add(here, house.premises.id, "ALL", ("ทุกที่", "Everywhere"), codes, lane)
        manifest = manifests.open_for(here, house.premises.id, route.id, "1กก 1234", "สมศักดิ์")
        waves.plan_waves(here, {})
        locks.lock_down(here, house.places["A2"].id, "ชั้นเอียง")
        return Floor(
            desk, house, case.number, a_disposal(here, house, unit), count.number, manifest.number
        )


def a_disposal(work: Work, house: House, unit: HandlingUnit) -> str:
    """One piece is to be sampled."""
    lot = lots_in(work, house, unit.number)[0]
    draft = DisposalDraft(
        kind=DisposalKind.DESTRUCTION,
        premises_id=house.premises.id,
        reason="แตก",
        goods=[Wanted(lot.id, Decimal(1))],
    )
    return disposals.request(work, draft).number


def sign_in(page: Page, arrange: Arrange, floor: Floor, role: Role, language: str) -> None:
    with arrange() as work:
        person = people.a_person(work, role, premises_id=floor.house.premises.id)
        person.language = language
        token = people.a_session(work, person, csrf_token="token")
    page.goto("/livez")
    page.context.add_cookies([{"name": "session", "value": token, "url": page.url}])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MANAGER, Role.LIAISON])
def test_no_page_of_the_floor_has_a_barrier_or_is_wider_than_a_phone(
    page: Page, arrange: Arrange, floor: Floor, role: Role, language: str
) -> None:
    sign_in(page, arrange, floor, role, language)
    paths = {
        Role.SUPERVISOR: ("/board", "/waves", "/holds", "/handlings", "/disposals/new"),
        Role.MANAGER: ("/manifests", f"/manifests/{floor.manifest}", "/locations",
                       "/locations/A2", "/counts", f"/counts/{floor.count}"),
        Role.LIAISON: ("/discrepancies", f"/discrepancies/{floor.case}", "/disposals",
                       f"/disposals/{floor.disposal}", "/returns",
                       f"/why?code={floor.desk.waiting.number}"),
    }[role]  # fmt: skip
    found = {}

    for path in paths:
        page.goto(path)
        for summary in page.locator("main summary").all():
            summary.click()
        heading = page.locator("h1").count()
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        barriers = [each["id"] for each in Axe().run(page).response["violations"]]
        lang = page.locator("html").get_attribute("lang")
        found[path] = (lang, heading, wide, barriers)

    assert set(map(str, found.values())) == {str((language, 1, False, []))}, found


def test_the_board_renews_itself_until_it_is_told_not_to(
    page: Page, arrange: Arrange, floor: Floor
) -> None:
    page.clock.install()
    sign_in(page, arrange, floor, Role.SUPERVISOR, "en")
    page.goto("/board")
    with arrange() as work:
        counting.plan(
            as_actor(work, floor.house.clerk),
            floor.house.premises.id,
            floor.house.places["A1"].id,
            CountReason.REQUESTED,
        )

    page.clock.run_for(16_000)

    expect(page.locator("#board")).to_contain_text("Count: 2")
    page.get_by_role("button", name="Stop renewing").press("Enter")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
