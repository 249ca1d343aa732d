"""The web program on a database of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.conftest import TESTER
from warehouse import wiring
from warehouse.app import create_app
from warehouse.core.work import Work, begin
from warehouse.settings import Settings


@pytest.fixture
def app(database: Engine) -> FastAPI:
    """The web program; tests may add routes to it."""
    return create_app(Settings(), database)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A program that talks to *app*, and is told of faults as anybody else would be."""
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture
def arrange(database: Engine) -> Callable[[], AbstractContextManager[Work]]:
    """Opens a unit of work that commits at its end: what a test needs to be there."""
    return lambda: begin(database, TESTER, wiring.SUBSCRIBERS)
