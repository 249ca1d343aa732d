"""The pages of reference data: what is found there, and that two people take a file in."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests import people
from tests.builders import a_house
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.masterdata import commands

Arrange = Callable[[], AbstractContextManager[Work]]

AREAS = (
    "code,name_th,name_en,export_release,export_load,import_release,import_discharge,"
    "valid_from,valid_to\n"
)


@pytest.fixture
def desk(client: TestClient, arrange: Arrange) -> "Desk":
    with arrange() as work:
        commands.load(work, "tariff")
        commands.load(work, "holidays")
        a_house(work)
    return Desk(client, arrange)


class Desk:
    """The pages, as people of several roles open them."""

    def __init__(self, client: TestClient, arrange: Arrange) -> None:
        self.client = client
        self.headers = {}
        with arrange() as work:
            for role in (Role.LIAISON, Role.MANAGER, Role.OFFICER):
                person = people.a_person(work, role)
                person.language = "en"
                token = people.a_session(work, person, csrf_token="token")
                self.headers[role] = {"accept": "text/html", "cookie": f"session={token}"}

    def get(self, path: str, role: Role = Role.LIAISON) -> str:
        answer = self.client.get(path, headers=self.headers[role])
        assert answer.status_code == 200, answer.text
        return answer.text

    def bring(self, table: str, content: str, role: Role = Role.LIAISON, **form: str) -> Response:
        return self.client.post(
            f"/reference/{table}/uploads",
            data={"csrf_token": "token", **form},
            files={"file": ("areas.csv", content.encode("utf-8-sig"))},
            headers=self.headers[role],
            follow_redirects=False,
        )

    def press(self, path: str, role: Role) -> Response:
        return self.client.post(
            path,
            data={"csrf_token": "token"},
            headers=self.headers[role],
            follow_redirects=False,
        )


def test_a_table_says_what_held_on_a_day_and_where_it_is_from(desk: Desk) -> None:
    before = desk.get("/reference/tariff?code=8517&on=2021-12-31", Role.OFFICER)
    after = desk.get("/reference/tariff?code=8517&on=2022-01-01", Role.OFFICER)
    ever = desk.get("/reference/tariff?code=smartphones&on=", Role.OFFICER)
    songkran = desk.get("/reference/holidays?on=2026-04-13", Role.OFFICER)

    assert "85171200" in before
    assert "85171300" not in before
    assert "85171200" not in after
    assert "85171300" in after
    assert "replace by the official tariff" in ever
    assert "Bring a file" not in ever
    assert "Songkran" in songkran
    assert "Chakri" not in songkran


def test_one_person_brings_a_file_and_another_takes_it_in(desk: Desk) -> None:
    row = "9901,<b>ที่ทำการ</b>,=1+1,N,N,Y,Y,2026-01-01,\n"
    page = desk.bring("area", AREAS + row).headers["location"]

    own = desk.get(page)
    refused = desk.press(f"{page}/approval", Role.LIAISON)
    offered = desk.get(page, Role.MANAGER)
    taken = desk.press(f"{page}/approval", Role.MANAGER)

    assert "Another person decides" in own
    assert refused.status_code == 409
    assert "Take it in" in offered
    assert "&lt;b&gt;" in offered
    assert taken.status_code == 303
    assert "=1+1" in desk.get("/reference/area?code=9901")
    assert "taken in" in desk.get("/reference")


def test_a_file_with_problems_shows_each_and_offers_no_taking_in(desk: Desk) -> None:
    rows = "9901,ก,A,N,N,Y,X,2026-01-01,\n99,ก,A,N,N,Y,Y,31/01/2569,\n"
    page = desk.bring("area", AREAS + rows, Role.MANAGER).headers["location"]

    shown = desk.get(page)

    assert "2 problems" in shown
    assert "import_discharge" in shown
    assert "Gregorian" in shown
    assert "Take it in" not in shown
    assert desk.press(f"{page}/approval", Role.LIAISON).status_code == 409
    assert desk.press(f"{page}/refusal", Role.LIAISON).status_code == 303


def test_whoever_may_not_bring_files_is_refused(desk: Desk) -> None:
    assert desk.bring("area", AREAS, Role.OFFICER).status_code == 403
    assert desk.bring("people", AREAS).status_code == 404
