"""The pages of reference data in a browser: without barriers, and for the keyboard alone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrange
from tests.browser.test_desk_pages import sign_in
from tests.builders import a_house
from warehouse.access.vocabulary import Role
from warehouse.masterdata import commands, uploads

AREAS = (
    "code,name_th,name_en,export_release,export_load,import_release,import_discharge,valid_from\n"
)
ROW = "9901,ที่ทำการไปรษณีย์,Post office,N,N,Y,Y,2026-01-01\n"


@pytest.mark.parametrize("language", ["th", "en"])
def test_no_page_of_reference_data_has_a_barrier(
    page: Page, arrange: Arrange, language: str
) -> None:
    with arrange() as work:
        commands.load_reference(work)
        a_house(work)
        kept = [
            uploads.preview(work, "area", "areas.csv", (AREAS + rows).encode()).id
            for rows in (ROW, ROW.replace("Y,Y", "Y,X"))
        ]
    sign_in(page, arrange, Role.LIAISON, language=language)
    found = {}

    for path in (
        "/reference",
        "/reference/tariff?code=8517",
        "/reference/area?on=2026-08-02",
        *(f"/reference/uploads/{each}" for each in kept),
    ):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        barriers = [each["id"] for each in Axe().run(page).response["violations"]]
        found[path] = (page.locator("html").get_attribute("lang"), wide, barriers)

    assert set(map(str, found.values())) == {str((language, False, []))}, found


def test_a_file_is_brought_by_keyboard_alone(page: Page, arrange: Arrange, tmp_path: Path) -> None:
    with arrange() as work:
        a_house(work)
    file = tmp_path / "areas.csv"
    file.write_text(AREAS + ROW)
    sign_in(page, arrange, Role.LIAISON)
    page.goto("/reference/area")

    page.locator("#file").set_input_files(file)
    page.locator("#since").press("Enter")

    expect(page.locator("main")).to_contain_text("Another person decides on what you brought.")
    expect(page.locator("tbody")).to_contain_text("9901")
