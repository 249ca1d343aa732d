"""The page that asks what if: for whoever reads declarations, on screen and as a file."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from fastapi.testclient import TestClient

from tests import people
from tests.customs_builders import a_consignment, a_customs_house, a_product, accepted, drafted, on
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work

Arrange = Callable[[], AbstractContextManager[Work]]


def signed_in(work: Work) -> dict[str, str]:
    """An officer who reads English, in a warehouse with three shirts of a thousand baht."""
    then = on(work, "2026-08-02")
    house = a_customs_house(then)
    shirts = [(a_product(then, house), 3, "1000")]
    accepted(then, drafted(then, a_consignment(then, house, shirts)))
    person = people.a_person(work, Role.OFFICER)
    person.language, person.premises_id = "en", house.premises.id
    session = people.a_session(work, person, csrf_token="token")
    return {"accept": "text/html", "cookie": f"session={session}"}


def test_an_officer_compares_a_chapter_and_takes_it_home(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        headers = signed_in(work)
    form = {"csrf_token": "token", "chapters": "61 = 40"}

    empty = client.get("/what-if", headers=headers)
    shown = client.post("/what-if", data=form, headers=headers)
    file = client.post("/what-if", data=form | {"answer_as": "csv"}, headers=headers)

    assert 'name="tariff"' in empty.text
    assert "1,200.00" in shown.text
    assert "300.00" in shown.text
    assert file.headers["content-type"].startswith("text/csv")
    assert (
        file.text.lstrip("\ufeff").splitlines()[1].startswith("61,1,3000.00,900.00,1200.00,300.00")
    )


def test_what_cannot_be_read_is_said_above_the_form(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        headers = signed_in(work)

    answer = client.post(
        "/what-if", data={"csrf_token": "token", "chapters": "shoes"}, headers=headers
    )

    assert answer.status_code == 422
    assert "shoes is not a chapter and its rate" in answer.text
    assert ">shoes</textarea>" in answer.text
