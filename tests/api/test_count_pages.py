"""The desk's pages of counting: ask for a count, set rules, read a count only when it is over."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from tests import people
from tests.builders import House, stored_parcel
from tests.customs_builders import a_customs_house
from tests.integration.floor import Scanner
from tests.leaving import somebody
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.inventory.models import Count, CountRule
from warehouse.inventory.vocabulary import CountReason

Arrange = Callable[[], AbstractContextManager[Work]]


@pytest.fixture
def house(arrange: Arrange) -> House:
    with arrange() as work:
        house = a_customs_house(work)
        stored_parcel(work, house, 5, "A1")
    return house


@pytest.fixture
def supervisor(client: TestClient, arrange: Arrange, house: House) -> TestClient:
    with arrange() as work:
        actor = somebody(work, house, Role.SUPERVISOR).actor
        person = work.session.get_one(Person, actor.id)
        client.cookies.set("session", people.a_session(work, person, csrf_token="token"))
    return client


def test_a_supervisor_has_a_bin_counted(supervisor: TestClient, arrange: Arrange) -> None:
    answer = supervisor.post("/counts", data={"csrf_token": "token", "location": "loc-a1"})

    assert answer.status_code == 303
    with arrange() as work:
        [count] = work.session.exec(select(Count))
        assert count.reason is CountReason.REQUESTED
    assert count.number in supervisor.get("/counts").text


def test_a_rule_without_a_threshold_leaves_the_field_empty(
    supervisor: TestClient, arrange: Arrange
) -> None:
    form = {"csrf_token": "token", "reason": "period", "days": "90", "least": ""}

    answer = supervisor.post("/counts/rules", data=form)

    assert answer.status_code == 303
    with arrange() as work:
        [rule] = work.session.exec(select(CountRule))
        assert (rule.days, rule.least) == (90, None)


def test_nothing_that_is_counted_is_shown_before_the_round_is_over(
    supervisor: TestClient, arrange: Arrange, house: House
) -> None:
    with arrange() as work:
        Scanner(work, house.clerk).scan("CMD-COUNT", "LOC-A1", house.product.sku, "4")
        [count] = work.session.exec(select(Count))
    during = supervisor.get(f"/counts/{count.number}").text
    with arrange() as work:
        Scanner(work, house.clerk).scan("CMD-DONE")

    after = supervisor.get(f"/counts/{count.number}").text

    assert house.product.sku not in during
    assert house.product.sku in after


def test_another_warehouses_count_is_not_found(supervisor: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        other = a_customs_house(work)
        Scanner(work, other.clerk).scan("CMD-COUNT", "LOC-A1")
        [count] = work.session.exec(select(Count))

    assert supervisor.get(f"/counts/{count.number}").status_code == 404
