"""An amendment and a cancellation travel to the simulator and back, and are kept as they went."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pydantic.v1  # noqa: F401 (FastAPI asks for it late, and it fails on a clock that stands)
import pytest
from fastapi.testclient import TestClient
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import Engine
from sqlmodel import select

from tests.builders import House
from tests.customs_builders import a_consignment, a_customs_house, a_desk, guarantee_of
from tests.filings import key_rings
from warehouse.core import clock
from warehouse.core.jobs import Jobs, drain
from warehouse.core.work import SYSTEM, Actor, begin
from warehouse.customs.changing import amending, versions
from warehouse.customs.changing.editing import Correction
from warehouse.customs.gateway import MessageFunction
from warehouse.customs.gateway.http import HttpGateway
from warehouse.customs.gateway.simulator import FaultPlan, create_simulator
from warehouse.customs.models import Amendment, Declaration
from warehouse.customs.vocabulary import AmendmentState, DeclarationState
from warehouse.operations.clearance import amending as clearance

OURS, CUSTOMS = key_rings()
ANONG = Actor(name="anong", role="liaison")
BOON = Actor(name="boon", role="liaison")


@pytest.fixture
def time() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still unless it is told to move; it begins now."""
    with freeze_time(clock.now()) as frozen:
        yield frozen


@pytest.fixture
def jobs() -> Jobs:
    """The worker, with a customs office that takes an hour for each step."""
    app = create_simulator(keys=CUSTOMS, plan=FaultPlan(seed=7), pace_seconds=3600)
    gateway = HttpGateway(TestClient(app), OURS)
    return a_desk(gateway, OURS)


@pytest.fixture
def entry(database: Engine, jobs: Jobs, time: FrozenDateTimeFactory) -> tuple[House, Declaration]:
    """An entry that customs has numbered, and that is not paid yet."""
    with begin(database, ANONG, jobs.subscribers) as work:
        house = a_customs_house(work)
        consignment = a_consignment(work, house, [(house.product, 4, "500")])
    for _ in range(10):
        found = half_an_hour_later(database, jobs, time)
        if found.state is DeclarationState.NUMBERED:
            break
    assert found.consignment_id == consignment.id
    assert found.state is DeclarationState.NUMBERED
    return house, found


def half_an_hour_later(database: Engine, jobs: Jobs, time: FrozenDateTimeFactory) -> Declaration:
    """The declaration then."""
    time.tick(timedelta(minutes=30))
    with begin(database, SYSTEM, jobs.subscribers) as work:
        work.defer("fetch-answers")
    drain(database, jobs)
    with begin(database, SYSTEM, {}) as work:
        return work.session.exec(select(Declaration)).one()


def test_customs_agrees_to_an_amendment_and_both_versions_are_kept_as_they_went(
    database: Engine, jobs: Jobs, time: FrozenDateTimeFactory, entry: tuple[House, Declaration]
) -> None:
    house, numbered = entry
    with begin(database, ANONG, jobs.subscribers) as work:
        _, before = guarantee_of(work, house)
        declaration = work.session.get_one(Declaration, numbered.id)
        asked = amending.draft(
            work, declaration, [Correction("1", "unit_price_foreign", "600")], "The price was old"
        )
        more = asked.suspended_change
        amending.approve(replace(work, actor=BOON), asked)

    for _ in range(4):
        half_an_hour_later(database, jobs, time)

    with begin(database, SYSTEM, {}) as work:
        declaration = work.session.get_one(Declaration, numbered.id)
        first, second = versions.of(work, declaration)
        assert declaration.version == 2
        assert (first.content.version, second.content.version) == (1, 2)
        assert second.content.function is MessageFunction.AMENDMENT
        assert second.content.declaration_number == numbered.declaration_number
        assert second.content.reason == "The price was old"
        assert guarantee_of(work, house) == (0, before + more)
        assert versions.words(first, second, "en")[0].startswith(
            "line 1: unit price 500 → 600, value +฿400.00"
        )
    assert more > 0


def test_customs_cancels_before_payment_and_the_goods_can_be_declared_again(
    database: Engine, jobs: Jobs, time: FrozenDateTimeFactory, entry: tuple[House, Declaration]
) -> None:
    house, numbered = entry
    with begin(database, ANONG, jobs.subscribers) as work:
        declaration = work.session.get_one(Declaration, numbered.id)
        asked = clearance.ask_to_cancel(work, declaration, "Filed twice")
        amending.approve(replace(work, actor=BOON), asked)

    for _ in range(4):
        cancelled = half_an_hour_later(database, jobs, time)

    with begin(database, SYSTEM, {}) as work:
        amendment = work.session.exec(select(Amendment)).one()
        assert amendment.state is AmendmentState.ACCEPTED
        assert guarantee_of(work, house) == (0, 0)
    assert cancelled.state is DeclarationState.CANCELLED
