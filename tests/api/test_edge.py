"""What comes back when something fails, when it is sent twice, and when the commit fails."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from decimal import Decimal
from threading import Barrier
from typing import Annotated

import psycopg
import pytest
import sqlalchemy.exc
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field
from sqlalchemy import Engine, text

from tests import people
from warehouse.access import commands
from warehouse.access.http import OnceDep, WorkDep, public, requires
from warehouse.access.vocabulary import Permission
from warehouse.core.errors import RuleViolation
from warehouse.core.i18n import N_
from warehouse.core.work import Work

Arrange = Callable[[], AbstractContextManager[Work]]

ORDERS = "/api/v1/tries"


class NotEnough(RuleViolation):
    code = "not-enough"
    message = N_("This could not be done.")


class Wanted(BaseModel):
    quantity: Annotated[Decimal, Field(gt=0)]


class Done(BaseModel):
    quantity: Decimal
    times: int


@pytest.fixture
def partner(app: FastAPI, client: TestClient, arrange: Arrange, database: Engine) -> TestClient:
    """A partner's program, and an app with a route that counts how often it worked."""
    with arrange() as work:
        _, key = commands.issue_key(work, people.a_partner(work), "test")
    client.headers["authorization"] = f"Bearer {key}"

    @app.post(ORDERS, dependencies=[requires(Permission.ORDER)])
    def place(body: Wanted, work: WorkDep, once: OnceDep):
        def produce() -> tuple[int, Done]:
            if body.quantity > 100:
                raise NotEnough(available=Decimal("99.5"), wanted=body.quantity)
            work.defer("try")
            times = work.session.scalar(text("SELECT count(*) FROM job WHERE name = 'try'"))
            return 201, Done(quantity=body.quantity, times=times)

        return once(body, produce)

    return client


def order(partner: TestClient, quantity: str = "1", **headers: str):
    return partner.post(ORDERS, json={"quantity": quantity}, headers=headers)


def times_worked(database: Engine) -> int:
    with database.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM job WHERE name = 'try'"))


def test_the_same_request_again_gets_the_first_answer_to_the_byte(
    partner: TestClient, database: Engine
) -> None:
    first = order(partner, **{"idempotency-key": '"order 1"'})
    bare = order(partner, **{"idempotency-key": "order 1"})

    assert (first.status_code, first.content) == (bare.status_code, bare.content)
    assert first.status_code == 201
    assert times_worked(database) == 1


def test_a_key_is_not_taken_for_another_request(partner: TestClient) -> None:
    order(partner, "1", **{"idempotency-key": "a"})

    answer = order(partner, "2", **{"idempotency-key": "a"})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")


@pytest.mark.parametrize("key", [None, "", '""', "x" * 256, "caf\xe9"])
def test_a_partner_post_without_a_usable_key_is_a_bad_request(
    partner: TestClient, key: str | None
) -> None:
    headers = {} if key is None else {"idempotency-key": key.encode("latin-1")}

    answer = partner.post(ORDERS, json={"quantity": "1"}, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-missing")


def test_a_refused_request_keeps_no_answer(partner: TestClient, database: Engine) -> None:
    refused = order(partner, "101", **{"idempotency-key": "a"})
    accepted = order(partner, "7", **{"idempotency-key": "a"})

    assert (refused.status_code, accepted.status_code) == (422, 201)


def test_two_partners_may_use_one_key(partner: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        _, other = commands.issue_key(work, people.a_partner(work, "SHP"), "other")
    order(partner, "1", **{"idempotency-key": "a"})

    answer = order(partner, "2", **{"idempotency-key": "a", "authorization": f"Bearer {other}"})

    assert answer.status_code == 201


def test_of_many_at_once_one_works_and_all_get_its_answer(
    partner: TestClient, database: Engine
) -> None:
    together = Barrier(8)

    def send(_: int):
        together.wait()
        return order(partner, "3", **{"idempotency-key": "race"})

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert times_worked(database) == 1


def test_facts_are_members_and_the_title_is_a_sentence(partner: TestClient) -> None:
    answer = order(partner, "101", **{"idempotency-key": "a", "accept-language": "th"})

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem.pop("request_id") == answer.headers["x-request-id"]
    assert problem == {
        "type": "/problems/not-enough",
        "title": "ทำรายการนี้ไม่ได้",
        "status": 422,
        "available": "99.5",
        "wanted": "101",
    }


def test_bad_fields_are_named_in_the_reader_s_language(partner: TestClient) -> None:
    answer = order(partner, "0", **{"idempotency-key": "a", "accept-language": "th"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "#/quantity", "code": "greater-than", "message": "ต้องมากกว่า 0"}
    ]


def test_a_commit_that_fails_is_never_told_as_a_success(app: FastAPI, partner: TestClient) -> None:
    @app.post("/api/v1/late", status_code=201, dependencies=[requires(Permission.ORDER)])
    def late(work: WorkDep) -> str:
        work.sql("CREATE TEMP TABLE late (key int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        work.sql("INSERT INTO late VALUES (1), (1)")
        return "done"

    answers = [partner.post("/api/v1/late") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [409] * 5


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (psycopg.errors.UniqueViolation(), 409, "conflict"),
        (psycopg.errors.RestrictViolation(), 409, "conflict"),
        (sqlalchemy.exc.IntegrityError("", {}, psycopg.errors.CheckViolation()), 409, "conflict"),
        (psycopg.errors.LockNotAvailable(), 503, "busy"),
        (psycopg.errors.QueryCanceled(), 503, "busy"),
        (psycopg.errors.DeadlockDetected(), 503, "busy"),
        (sqlalchemy.exc.TimeoutError(), 503, "busy"),
        (psycopg.OperationalError(), 503, "no-database"),
        (psycopg.errors.NumericValueOutOfRange(), 422, "invalid-request"),
        (psycopg.errors.UndefinedTable(), 500, "unexpected"),
        (ZeroDivisionError(), 500, "unexpected"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else str(each),
)
def test_each_failure_has_its_answer(
    app: FastAPI, client: TestClient, failure: Exception, status: int, code: str
) -> None:
    @app.get("/api/v1/fails", dependencies=[public])
    def fails() -> None:
        raise failure

    answer = client.get("/api/v1/fails")

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert ("retry-after" in answer.headers) == (status == 503)
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_row_that_stays_locked_is_told_as_busy(
    app: FastAPI, partner: TestClient, database: Engine
) -> None:
    @app.get("/api/v1/waits", dependencies=[requires(Permission.ORDER)])
    def waits(work: WorkDep) -> None:
        work.sql("SET LOCAL lock_timeout = '50ms'")
        work.session.execute(text("SELECT FROM partner FOR UPDATE"))

    with database.begin() as other:
        other.execute(text("SELECT FROM partner FOR UPDATE"))
        answer = partner.get("/api/v1/waits")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "no-such-address"),
        ("GET", "/static/nothing.css", 404, "no-such-address"),
        ("PUT", "/api/v1/sign-ins", 405, "wrong-method"),
    ],
)
def test_the_framework_s_own_failures_are_problems_too(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


def test_a_person_reads_a_failure_as_a_page(client: TestClient) -> None:
    answer = client.get("/nowhere", headers={"accept": "text/html", "accept-language": "en"})

    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_is_refused(client: TestClient, announced: bool) -> None:
    body = b" " * (17 * 2**20)
    content = body if announced else iter([body])

    answer = client.post(
        "/api/v1/sign-ins", content=content, headers={"content-type": "application/json"}
    )

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


def test_a_body_that_is_not_json_says_so(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/sign-ins", content=b"{", headers={"content-type": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "json-invalid"


def test_readiness_names_what_is_missing(client: TestClient, database: Engine) -> None:
    ready = client.get("/readyz")
    database.dispose()
    with database.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = on"))
        connection.execute(text("SET synchronous_commit = off"))
        connection.commit()
    not_ready = client.get("/readyz")

    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert not_ready.status_code == 503
    assert not_ready.json()["reasons"]["database"] == "the database is read-only"
    assert not_ready.json()["reasons"]["synchronous_commit"] == "it is off"


def test_metrics_count_requests_by_route_and_not_by_path(client: TestClient) -> None:
    client.get("/livez")

    metrics = client.get("/metrics").text

    assert 'wh_http_requests_total{method="GET",route="/livez",status="200"}' in metrics


def test_the_openapi_description_names_the_problems(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()

    answers = described["paths"]["/api/v1/sign-ins"]["post"]["responses"]
    assert {"201", "401", "403", "409", "422", "503"} <= set(answers)
    assert list(answers["422"]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in json.dumps(described)
