"""A world for each scenario, in a database of its own."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient
from freezegun import freeze_time
from sqlalchemy import Engine

from tests.conftest import TESTER
from tests.scenarios.world import BEGINS, World, furnish
from warehouse import wiring
from warehouse.app import create_app
from warehouse.core.work import begin
from warehouse.settings import Settings


@pytest.fixture
def world(database: Engine) -> Iterator[World]:
    """The world on the morning on which the scenarios begin."""
    app = create_app(Settings(), database)
    with ExitStack() as open_clients, freeze_time(BEGINS) as clock:

        def new_client() -> TestClient:
            return open_clients.enter_context(TestClient(app, follow_redirects=False))

        world = World(
            database, lambda: begin(database, TESTER, wiring.SUBSCRIBERS), new_client, clock
        )
        furnish(world)
        yield world
