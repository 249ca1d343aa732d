"""Who may come through which route: every route, as every role and as nobody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from tests import people
from tests.conftest import TESTER, Copies
from warehouse import wiring
from warehouse.access import commands
from warehouse.access.http import Guard, open_to_all
from warehouse.access.models import Person
from warehouse.access.vocabulary import PERMISSIONS, Permission, Role
from warehouse.app import create_app
from warehouse.core import db
from warehouse.core.work import begin
from warehouse.settings import Settings

PACKAGE = Path(__file__).parents[2] / "warehouse"
STAFF = [role for role in Role if role is not Role.PARTNER]

# The table once more, the other way round; the letters are the initials of the roles in order.
# Whoever changes a right says so here as well.
TABLE = {
    Permission.SCAN: "CS-----",
    Permission.READ_STOCK: "CSLMO--",
    Permission.READ_SHIPMENTS: "CSLMO--",
    Permission.READ_DECLARATIONS: "--LMO--",
    Permission.FILE_DECLARATIONS: "--L----",
    Permission.APPROVE_DECLARATIONS: "--LM---",
    Permission.PRINT_LABELS: "CS-----",
    Permission.ANNOUNCE: "------P",
    Permission.ORDER: "------P",
    Permission.IMPORT_FILES: "-SL----",
    Permission.READ_OWN_SHIPMENTS: "------P",
    Permission.READ_EVENTS: "--LMO--",
    Permission.RUN_JOBS: "-SL--A-",
    Permission.MANAGE_ACCESS: "-----A-",
    Permission.PLACE_HOLDS: "CSLM---",
    Permission.LIFT_FLOOR_HOLDS: "-S-----",
    Permission.LIFT_CUSTOMS_HOLDS: "--L----",
    Permission.MANAGE_FLOOR: "-S-M---",
    Permission.REPORT_DISCREPANCIES: "-SL----",
    Permission.CLOSE_DISCREPANCIES: "---M---",
    Permission.REQUEST_DISPOSALS: "-SL----",
    Permission.AUTHORISE_DISPOSALS: "--LM---",
    Permission.CHOOSE_RETURNS: "------P",
    Permission.MANAGE_PERMITS: "--LM---",
    Permission.SET_FILING_RULES: "--LM---",
    Permission.MANAGE_GUARANTEE: "--LM---",
    Permission.CAPTURE_PAYMENTS: "--LM---",
    Permission.NAME_CAUSES: "---M---",
    Permission.READ_REFERENCE: "--LMOA-",
    Permission.MANAGE_REFERENCE: "--LM-A-",
}


class Route(NamedTuple):
    """One method of one path, and the guards found on it."""

    method: str
    path: str
    guards: tuple[object, ...]


def routes_of(app: FastAPI) -> Iterator[Route]:
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            calls = (each.call for each in context.dependant.dependencies)
            guards = tuple(c for c in calls if isinstance(c, Guard) or c is open_to_all)
            yield from (Route(method, context.path, guards) for method in context.methods)


APP = create_app(Settings())
ROUTES = sorted(routes_of(APP), key=lambda route: (route.path, route.method))
GUARDED = [route for route in ROUTES if route.guards != (open_to_all,)]
CELLS = [(route, role) for route in ROUTES for role in (None, *Role)]


class House(NamedTuple):
    """The web program, somebody of each role, and a partner's key."""

    client: TestClient
    engine: Engine
    staff: dict[Role, Person]
    key: str

    def ask(self, route: Route, role: Role | None) -> Response:
        """Ask for *route* as *role*: each time with a sign-in of its own, since some end it."""
        path = re.sub(r"{[^}]*}", str(UUID(int=1)), route.path)
        headers = {}
        if role is Role.PARTNER:
            headers = {"authorization": f"Bearer {self.key}"}
        elif role is not None:
            with begin(self.engine, TESTER, {}) as work:
                token = people.a_session(work, self.staff[role], csrf_token="sent")
            headers = {"cookie": f"session={token}", "x-csrf-token": "sent"}
        return self.client.request(route.method, path, headers=headers)


@pytest.fixture(scope="module")
def house(copies: Copies) -> Iterator[House]:
    with copies() as database:
        engine = db.create_engine(database.app_url)
        with begin(engine, TESTER, wiring.SUBSCRIBERS) as work:
            home = people.a_premises(work)
            staff = {role: people.a_person(work, role, premises_id=home) for role in STAFF}
            _, key = commands.issue_key(work, people.a_partner(work), "test")
        app = create_app(Settings(), engine)
        with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
            yield House(client, engine, staff, key)
        engine.dispose()


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_belongs_to_the_roles_of_the_table(permission: Permission) -> None:
    letters = [role.value[0].upper() if permission in PERMISSIONS[role] else "-" for role in Role]

    assert "".join(letters) == TABLE[permission]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_names_its_guards(route: Route) -> None:
    assert route.guards
    assert open_to_all not in route.guards or len(route.guards) == 1


def test_every_route_that_a_room_wrote_is_served_and_tried() -> None:
    written = [
        found
        for file in PACKAGE.rglob("*.py")
        for found in re.findall(
            r"^@router\.(?:get|post|put|patch|delete)\(", file.read_text("utf-8"), re.MULTILINE
        )
    ]

    assert len(ROUTES) == len(written)
    assert len(CELLS) == len(written) * 8


def test_nothing_else_is_served_but_static_files() -> None:
    contexts = iter_route_contexts(APP.routes)

    others = {each.path for each in contexts if not isinstance(each.original_route, APIRoute)}

    assert others == {"/static", "/fonts"}


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_a_key_that_nobody_was_given_opens_nothing(house: House, route: Route) -> None:
    stranger = house._replace(key=house.key[:-1])

    answer = stranger.ask(route, Role.PARTNER)

    # A look-up by key reads the request before it asks for the key: 422, and nothing was read.
    assert answer.status_code in {401, 422}


@pytest.mark.parametrize(
    ("route", "role"), CELLS, ids=lambda each: each.path if isinstance(each, Route) else str(each)
)
def test_a_route_lets_in_whom_the_table_names_and_nobody_else(
    house: House, route: Route, role: Role | None
) -> None:
    expected = [expected_refusal(guard, role) for guard in route.guards]

    answer = house.ask(route, role)

    assert refusal(answer) == next(filter(None, expected), None)


def refusal(answer: Response) -> str | None:
    """Who was turned away: nobody known, or a role that may not."""
    if answer.headers.get("content-type") != "application/problem+json":
        return None
    code = answer.json()["type"].removeprefix("/problems/")
    return code if code in {"unauthenticated", "forbidden", "not-from-here"} else None


def expected_refusal(guard: object, role: Role | None) -> str | None:
    if not isinstance(guard, Guard):
        return None
    if role is None:
        return "unauthenticated"
    if guard.permission is None or role.value[0].upper() in TABLE[guard.permission]:
        return None
    return "forbidden"
