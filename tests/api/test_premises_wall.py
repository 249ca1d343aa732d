"""The wall between premises: every route, asked for what is in other premises than the asker's.

What a route is asked for is not written down here: it is asked for everything that there is in the
other premises.  Each route has to find something there for their own people, or it is not tried.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest
from fastapi import FastAPI, params
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine

from tests import pictures
from tests.conftest import TESTER, Copies
from tests.premises import Full, full_premises
from warehouse import wiring
from warehouse.access.http import Guard
from warehouse.access.vocabulary import PERMISSIONS, Permission, Role
from warehouse.app import create_app
from warehouse.core import db
from warehouse.core.db import Table
from warehouse.core.papers import Paper
from warehouse.core.work import begin
from warehouse.inventory.models import Location, Lot
from warehouse.settings import Settings

OF_ALL: Final = {
    "/": "the doors that a role opens",
    "/alarm": "every ledger of the house is added up together",
    "/api/v1/task": "what is in the reader's own hand",
    "/barcodes/{code:path}.svg": "any text as bars",
    "/jobs": "what the program does by itself",
    "/jobs/{job_id}/retry": "what the program does by itself",
    "/permits/{permit_id}/approval": "a permit is its partner's, wherever the goods come",
    "/permits/{permit_id}/withdrawal": "a permit is its partner's, wherever the goods come",
    "/alarm/{alarm_id}/cause": "every ledger of the house is added up together",
    "/proofs": "every ledger of the house is added up together",
    "/reference": "the same for every warehouse",
    "/reference/{name}": "the same for every warehouse",
    "/reference/uploads/{upload_id}": "the same for every warehouse",
    "/reference/{name}/uploads": "the same for every warehouse",
    "/reference/uploads/{upload_id}/approval": "the same for every warehouse",
    "/reference/uploads/{upload_id}/refusal": "the same for every warehouse",
    "/scan": "what is in the reader's own hand",
    "/disposals/new": "an empty form",
    "/what-if": "an empty form",
}
"""The routes that know no premises, and why."""

FIELDS: Final = {
    "authority": "1/2569", "cause": "unknown", "country": "LA", "cut_off": "16:00", "days": "1",
    "decided_at": "2026-08-01T10:00", "kind": "released",
    "document": "1/2569", "found": "1", "goods": "BAG-1 1", "granted": "true",
    "hs_code": "42022200", "line": "1", "most": "5", "on": "2026-08-01", "outcome": "found",
    "place": "A1", "receipt": "1/2569", "rates_on": "2026-08-01", "reason": "damaged",
    "statistical_code": "000", "stored": "1", "until": "2027-08-01",
}  # fmt: skip
"""What is typed into forms, by the names of their fields."""

JSON: Final = {
    "changes": [{"field": "invoice_number", "new": "INV-2"}],
    "choice": "destroy",
    "reason": "because",
}
"""What programs send."""


FORMS: Final[Sequence[tuple[str, str, type[Table], str]]] = (
    ("/counts", "location", Location, "code"),
    ("/disposals", "goods", Lot, "number"),
    ("/holds", "numbers", Lot, "number"),
    ("/reprints", "paper_id", Paper, "id"),
)
"""The forms that name a thing, the field that does, and what it names."""

MANY: Final = "1000"
"""Days, where a list asks for how many."""


class Route(NamedTuple):
    """One method of one path, what its guards ask for, and what may be asked after the ``?``."""

    method: str
    path: str
    permissions: tuple[Permission, ...]
    dependant: Dependant

    @property
    def asks(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"{([a-z_]+)[^}]*}", self.path)

    @property
    def role(self) -> Role:
        """Somebody who may come through."""
        return next(role for role in Role if PERMISSIONS[role].issuperset(self.permissions))

    def paths(self, of: Full) -> Iterator[str]:
        """The path, asking for each thing *of* some premises."""
        bare = re.sub(r"{([a-z_]+)[^}]*}", r"{\1}", self.path)
        for values in product(*map(of.asked_by, self.asks)):
            yield bare.format(**dict(zip(self.asks, values, strict=True)))

    def queries(self, of: Full) -> Iterator[tuple[str, dict[str, str]]]:
        """Nothing, then many days, and each number *of* some premises wherever a word fits."""
        yield "", {}
        for asked in self.dependant.query_params:
            if _takes(asked, MANY):
                yield MANY, {asked.name: MANY}
            if _takes(asked, "A-WORD"):
                yield from ((number, {asked.name: number}) for number in of.samples)


def _takes(asked: ModelField, value: str) -> bool:
    return not asked.validate(value, {}, loc=())[1]


def routes() -> Iterator[Route]:
    for context in iter_route_contexts(create_app(Settings()).routes):
        if isinstance(context.original_route, APIRoute) and context.path not in OF_ALL:
            guards = [each.call for each in context.dependant.dependencies]
            asked = tuple(each.permission for each in guards if isinstance(each, Guard))
            permissions = tuple(each for each in asked if each is not None)
            if permissions:
                for method in context.methods:
                    yield Route(method, context.path, permissions, context.dependant)


ROUTES = sorted(routes(), key=lambda route: (route.path, route.method))
READS = [route for route in ROUTES if route.method == "GET"]
ACTS = [route for route in ROUTES if route.method != "GET"]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


class Walls(NamedTuple):
    """The web program, and two premises with one of everything."""

    client: TestClient
    app: FastAPI
    engine: Engine
    ours: Full
    theirs: Full

    def ask(self, route: Route, path: str, by: Full, **more: Any) -> Response:
        """Ask for *path* as somebody of premises *by* who may."""
        headers = {"authorization": f"Bearer {by.key}"}
        if route.role is not Role.PARTNER:
            headers = {"cookie": f"session={by.cookies[route.role]}", "x-csrf-token": "sent"}
        headers |= {"idempotency-key": str(uuid4()), "if-match": "1"}
        return self.client.request(route.method, path, headers=headers, **more)

    def try_out(self, route: Route, path: str, by: Full, **body: Any) -> Response:
        """As `ask`; whatever is done by it is taken back."""
        with self.engine.connect() as connection:
            undone = connection.begin()
            self.app.state.engine = connection
            answer = self.ask(route, path, by, **body)
            self.app.state.engine = self.engine
            undone.rollback()
        return answer

    def named(self, route: Route, by: Full, number: str, query: Mapping[str, str]) -> set[str]:
        """What *by* is told of the other premises, besides the *number* that it asked for."""
        answer = self.ask(route, route.path, by, params=query)
        text = answer.headers.get("location", answer.text)
        if answer.headers.get("content-type") == "application/pdf":
            sheets = range(pictures.page_count(answer.content))
            text = " ".join(pictures.extracted(answer.content, sheet) for sheet in sheets)
        return self.theirs.named_in(text, but=number)


@pytest.fixture(scope="module")
def walls(copies: Copies) -> Iterator[Walls]:
    with copies() as database:
        engine = db.create_engine(database.app_url)
        with begin(engine, TESTER, wiring.SUBSCRIBERS) as work:
            ours, theirs = (full_premises(work, code, "sent") for code in ("NEAR", "FAR"))
        app = create_app(Settings(), engine)
        with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
            yield Walls(client, app, engine, ours, theirs)
        engine.dispose()


@pytest.mark.parametrize("route", [each for each in READS if each.asks], ids=named)
def test_what_is_in_other_premises_is_not_found(walls: Walls, route: Route) -> None:
    paths = list(route.paths(walls.theirs))

    own = [path for path in paths if walls.ask(route, path, walls.theirs).status_code in (200, 303)]
    opened = {path: walls.ask(route, path, walls.ours).status_code for path in own}

    assert opened
    assert set(opened.values()) == {404}


@pytest.mark.parametrize("route", [each for each in READS if not each.asks], ids=named)
def test_a_list_names_nothing_of_other_premises(walls: Walls, route: Route) -> None:
    asked = list(route.queries(walls.theirs))

    seen = any(walls.named(route, walls.theirs, *each) for each in asked)
    leaked = [each for each in asked if walls.named(route, walls.ours, *each)]

    assert seen
    assert not leaked


@pytest.mark.parametrize("route", [each for each in ACTS if each.asks], ids=named)
def test_nothing_is_done_to_what_is_in_other_premises(walls: Walls, route: Route) -> None:
    body = a_body(route, walls.theirs)
    paths = route.paths(walls.theirs)

    own = (
        path
        for path in paths
        if walls.try_out(route, path, walls.theirs, **body).status_code != 404
    )
    path = next(own, None)
    answer = path and walls.ask(route, path, walls.ours, **body)

    assert answer is not None
    assert answer.status_code == 404


@pytest.mark.parametrize(("path", "field", "kind", "column"), FORMS)
def test_a_form_finds_nothing_in_other_premises(
    walls: Walls, path: str, field: str, kind: type[Table], column: str
) -> None:
    [route] = (each for each in ACTS if each.path == path)
    named = next(each for each in walls.theirs.things if isinstance(each, kind))
    body = {"data": {**FIELDS, "kind": "destruction", field: str(getattr(named, column))}}

    own = walls.try_out(route, path, walls.theirs, **body)
    answer = walls.ask(route, path, walls.ours, **body)

    assert own.status_code != 404
    assert answer.status_code == 404


def a_body(route: Route, of: Full) -> dict[str, Any]:
    """What *route* takes along: all that it asks for, of the right kind."""
    typed = FIELDS | of.words
    asked = {each.name: each.field_info for each in route.dependant.body_params}
    if not all(isinstance(each, params.Form) for each in asked.values()):
        [sent] = asked.values()
        if sent.annotation is bytes:
            return {"content": pictures.a_photo()}
        return {"json": {name: JSON[name] for name in sent.annotation.model_fields}}
    photo = ("photo.jpg", pictures.a_photo())
    return {
        "data": {name: typed[name] for name in asked if name in typed},
        "files": {name: photo for name, each in asked.items() if isinstance(each, params.File)},
    }
