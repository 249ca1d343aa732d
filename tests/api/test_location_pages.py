"""Pages of the hall: places, lock-down, permitted handling; and the wall between premises."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient

from tests import people
from tests.builders import House, a_house, stored_parcel
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.inventory import locks, places
from warehouse.inventory.vocabulary import LocationKind

Arrange = Callable[[], AbstractContextManager[Work]]

CSRF = "token"


def signed_in(work: Work, house: House, role: Role, language: str = "en") -> dict[str, str]:
    person = people.a_person(work, role)
    person.language, person.premises_id = language, house.premises.id
    cookie = f"session={people.a_session(work, person, csrf_token=CSRF)}"
    return {"accept": "text/html", "cookie": cookie}


@pytest.fixture
def house(arrange: Arrange) -> House:
    with arrange() as work:
        return a_house(work)


def test_the_tree_shows_each_place_behind_the_one_it_lies_in(
    client: TestClient, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        zone = places.add(work, house.premises.id, "Z", "โซน", "Zone", LocationKind.ZONE)
        places.add(work, house.premises.id, "Z-1", "ช่อง", "Bin", LocationKind.STORE, parent=zone)
        clerk = signed_in(work, house, Role.CLERK)

    page = client.get("/locations", headers=clerk).text

    assert page.index("Z / Z-1") > page.index(">Z<")
    assert "ABROAD" not in page


@pytest.mark.parametrize(("wanted", "found"), [("a1", True), ("%", False), ("nowhere", False)])
def test_a_place_is_found_by_a_part_of_its_code(
    client: TestClient, arrange: Arrange, house: House, wanted: str, found: bool
) -> None:
    with arrange() as work:
        clerk = signed_in(work, house, Role.CLERK)

    page = client.get("/locations", params={"wanted": wanted}, headers=clerk).text

    assert ("/locations/A1" in page) is found
    assert ('class="empty"' in page) is not found


@pytest.mark.parametrize("language", ["en", "th"])
def test_a_place_shows_what_stands_in_it(
    client: TestClient, arrange: Arrange, house: House, language: str
) -> None:
    with arrange() as work:
        parcel = stored_parcel(work, house, 10, "A1")
        clerk = signed_in(work, house, Role.CLERK, language)

    page = client.get("/locations/A1", headers=clerk).text

    assert parcel in page
    assert "BAG-1" in page


def test_a_supervisor_locks_a_place_and_opens_it_again(
    client: TestClient, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        supervisor = signed_in(work, house, Role.SUPERVISOR)
    form = {"csrf_token": CSRF, "reason": "shelf broken"}

    answer = client.post("/locations/A1/lock", data=form, headers=supervisor)
    locked = client.get("/locations/A1", headers=supervisor).text
    twice = client.post("/locations/A1/lock", data=form, headers=supervisor)
    client.post("/locations/A1/unlock", data={"csrf_token": CSRF}, headers=supervisor)

    assert answer.headers["location"] == "/locations/A1"
    assert "shelf broken" in locked
    assert twice.status_code == 409
    with arrange() as work:
        assert locks.locked(work, [house.places["A1"].id]) == []


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_a_lock_needs_a_reason_of_a_sensible_length(
    client: TestClient, arrange: Arrange, house: House, reason: str
) -> None:
    with arrange() as work:
        supervisor = signed_in(work, house, Role.SUPERVISOR)

    form = {"csrf_token": CSRF, "reason": reason}
    answer = client.post("/locations/A1/lock", data=form, headers=supervisor)

    assert answer.status_code == 422


def test_a_clerk_does_not_lock(client: TestClient, arrange: Arrange, house: House) -> None:
    with arrange() as work:
        clerk = signed_in(work, house, Role.CLERK)

    form = {"csrf_token": CSRF, "reason": "shelf broken"}
    answer = client.post("/locations/A1/lock", data=form, headers=clerk)

    assert answer.status_code == 403


@pytest.mark.parametrize("code", ["OTHER-1", "HOME-USE", "NOWHERE"])
def test_places_of_other_premises_and_far_ends_are_not_found(
    client: TestClient, arrange: Arrange, house: House, code: str
) -> None:
    with arrange() as work:
        other = a_house(work, "BW-TEST-02")
        places.add(work, other.premises.id, "OTHER-1", "อื่น", "Other", LocationKind.STORE)
        clerk = signed_in(work, house, Role.CLERK)

    assert client.get(f"/locations/{code}", headers=clerk).status_code == 404


def test_a_permission_of_customs_is_recorded_with_its_officer(
    client: TestClient, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        supervisor = signed_in(work, house, Role.SUPERVISOR)
        officer = people.a_person(work, Role.OFFICER).username
    form = {"csrf_token": CSRF, "kind": "split", "permission": "0503/77", "officer": officer}

    empty = client.get("/handlings", headers=supervisor).text
    client.post("/handlings", data=form, headers=supervisor)
    page = client.get("/handlings", headers=supervisor).text

    assert 'class="empty"' in empty
    assert "0503/77" in page
    assert "HDL-" in page


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"officer": "nobody"}, 422), ({"permission": ""}, 422), ({"kind": "burn"}, 422)],
)
def test_a_permission_without_number_officer_or_kind_is_refused(
    client: TestClient, arrange: Arrange, house: House, wrong: dict[str, str], status: int
) -> None:
    with arrange() as work:
        supervisor = signed_in(work, house, Role.SUPERVISOR)
        officer = people.a_person(work, Role.OFFICER).username
    form = {"csrf_token": CSRF, "kind": "split", "permission": "0503/77", "officer": officer}

    answer = client.post("/handlings", data=form | wrong, headers=supervisor)

    assert answer.status_code == status
