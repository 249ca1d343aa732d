"""The desk's pages of what is held: what each role sees and does, and why something stays."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from tests import people
from tests.api.test_desk_pages import CSRF, HTML, words
from tests.builders import House, a_house, an_order, stored_parcel
from tests.leaving import somebody
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.inventory.models import Hold
from warehouse.operations.bond import holding

Arrange = Callable[[], AbstractContextManager[Work]]


def signed_in(work: Work, house: House, role: Role, language: str = "en") -> dict[str, str]:
    key = somebody(work, house, role).actor.id
    person = work.session.get_one(Person, key)
    person.language = language
    return HTML | {"cookie": f"session={people.a_session(work, person, csrf_token=CSRF)}"}


def test_a_page_without_holds_says_what_will_fill_it(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        clerk = signed_in(work, a_house(work), Role.CLERK)

    answer = client.get("/holds", headers=clerk)

    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


def test_whoever_may_lift_a_hold_gets_a_form_and_others_are_told_who_can(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_house(work)
        liaison = somebody(work, house, Role.LIAISON)
        target = holding.find(liaison, stored_parcel(work, house)).target
        hold = holding.place(liaison, "value_query", target, note="invoice?")
        clerk, desk = (signed_in(work, house, role) for role in (Role.CLERK, Role.LIAISON))

    seen = client.get("/holds", headers=clerk).text
    offered = client.get("/holds", headers=desk).text

    assert f"/holds/{hold.id}/lifting" not in seen
    assert "Customs asks about the value Held by customs · invoice?" in words(seen)
    assert "Customs liaison" in words(seen)
    assert f"/holds/{hold.id}/lifting" in offered


def test_holds_are_found_by_kind_and_by_what_is_held(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house = a_house(work)
        liaison = somebody(work, house, Role.LIAISON)
        damaged, queried = stored_parcel(work, house), stored_parcel(work, house)
        holding.place(liaison, "damaged", holding.find(liaison, damaged).target)
        holding.place(liaison, "hs_query", holding.find(liaison, queried).target)
        desk = signed_in(work, house, Role.LIAISON)

    by_kind = client.get("/holds", params={"kind": "damage"}, headers=desk).text
    by_name = client.get("/holds", params={"wanted": queried.lower()}, headers=desk).text
    neither = client.get("/holds", params={"kind": "count"}, headers=desk).text

    assert (damaged in by_kind, queried in by_kind) == (True, False)
    assert f"Lift the hold on {queried}" in words(by_name)
    assert damaged not in by_name
    assert "No open hold is like that." in words(neither)


def test_another_warehouse_s_holds_are_not_shown(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house, elsewhere = a_house(work), a_house(work, "BW-TEST-02")
        there = somebody(work, elsewhere, Role.LIAISON)
        foreign = stored_parcel(work, elsewhere)
        hold = holding.place(there, "hs_query", holding.find(there, foreign).target)
        desk = signed_in(work, house, Role.LIAISON)

    page = client.get("/holds", headers=desk).text
    lifted = client.post(
        f"/holds/{hold.id}/lifting", data={"csrf_token": CSRF, "note": "x"}, headers=desk
    )

    assert foreign not in page
    assert lifted.status_code == 404


def test_a_supervisor_takes_other_goods_for_a_shipment_that_waits(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_house(work)
        parcel = stored_parcel(work, house, 5)
        _, shipment = an_order(work, house, 3)
        stored_parcel(work, house, 5, "A2")
        liaison = somebody(work, house, Role.LIAISON)
        holding.place(liaison, "permit_missing", holding.find(liaison, parcel).target)
        supervisor, clerk = (signed_in(work, house, role) for role in (Role.SUPERVISOR, Role.CLERK))
    path = f"/shipments/{shipment.number}/reallocation"

    offered = client.get("/holds", headers=supervisor).text
    seen = client.get("/holds", headers=clerk).text
    refused = client.post(path, data={"csrf_token": CSRF}, headers=clerk)
    taken = client.post(path, data={"csrf_token": CSRF}, headers=supervisor)
    page = words(client.get(f"/shipments/{shipment.number}", headers=supervisor).text)

    assert path in offered
    assert path not in seen
    assert (refused.status_code, taken.status_code) == (403, 303)
    assert "A permit has to be shown" in page
    assert "The hold was lifted" in page
    assert "Held:" not in page


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_of_why_says_the_one_thing(
    client: TestClient, arrange: Arrange, language: str
) -> None:
    with arrange() as work:
        house = a_house(work)
        parcel = stored_parcel(work, house)
        reader = signed_in(work, house, Role.OFFICER, language)

    answer = words(client.get("/why", params={"code": parcel.lower()}, headers=reader).text)
    unknown = client.get("/why", params={"code": "NOBODY"}, headers=reader)
    empty = client.get("/why", headers=reader)

    said = {"en": f"Nobody has ordered {parcel} (A1)", "th": parcel}
    assert said[language] in answer
    assert "NOBODY" in unknown.text
    assert unknown.status_code == 200
    assert "data-answer" not in empty.text


def test_a_hold_of_the_form_is_on_the_word_of_the_officer(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_house(work)
        parcels = [stored_parcel(work, house) for _ in range(2)]
        officer = somebody(work, house, Role.OFFICER).actor
        desk = signed_in(work, house, Role.LIAISON)

    placed = client.post(
        "/holds",
        data={
            "csrf_token": CSRF,
            "numbers": "\r\n".join(parcels),
            "reason": "customs_prohibited",
            "officer": officer.name,
        },
        headers=desk,
    )
    page = words(client.get("/holds", headers=desk).text)

    assert placed.status_code == 303
    assert "on the word of officer Somying" in page
    with arrange() as work:
        found = work.session.exec(select(Hold)).all()
    assert {each.officer_id for each in found} == {officer.id}
    assert len(found) == 2
