"""Signing in and out, at a desk and at a shared device; what a browser may send afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from freezegun import freeze_time
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests import people
from warehouse.access.models import Person, SignIn
from warehouse.access.vocabulary import Role
from warehouse.app import create_app
from warehouse.core.work import Work
from warehouse.settings import Settings

Arrange = Callable[[], AbstractContextManager[Work]]

MORNING = datetime.fromisoformat("2026-03-02T01:00:00+00:00")
PAGE = {"accept": "text/html"}


@pytest.fixture
def clerk(arrange: Arrange) -> Person:
    with freeze_time(MORNING), arrange() as work:
        return people.a_person(work, premises_id=people.a_premises(work), pin=people.PIN)


def sign_in(client: TestClient, password: str = people.PASSWORD, **form: str) -> Response:
    form = {"username": "clerk", "password": password} | form
    return client.post("/sign-in", data=form, headers=PAGE)


def home(client: TestClient) -> Response:
    return client.get("/", headers=PAGE)


def with_token(app: FastAPI, token: str) -> int:
    browser = TestClient(app, follow_redirects=False)
    return browser.get("/", headers={"cookie": f"session={token}"}).status_code


def csrf_token(database: Engine) -> str:
    with Session(database) as session:
        return session.exec(select(SignIn.csrf_token).order_by(SignIn.at.desc())).first()


def test_whoever_signs_in_finds_the_home_page_in_thai(client: TestClient, clerk: Person) -> None:
    answer = sign_in(client)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "เจ้าหน้าที่คลัง" in home(client).text
    assert '<html lang="th">' in home(client).text


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client: TestClient, clerk: Person) -> None:
    away = home(client)

    assert away.headers["location"] == "/sign-in?next=/"
    assert sign_in(client, next="/declarations/1").headers["location"] == "/declarations/1"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_after_signing_in(
    client: TestClient, clerk: Person, address: str
) -> None:
    answer = sign_in(client, next=address)

    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    client: TestClient, clerk: Person
) -> None:
    wrong = sign_in(client, "not this one, though")
    unknown = sign_in(client, username="nobody")

    assert wrong.status_code == unknown.status_code == 401
    assert "ไม่พบผู้ใช้หรือรหัสไม่ถูกต้อง" in wrong.text
    assert without_request_id(wrong) == without_request_id(unknown)


def without_request_id(answer: Response) -> str:
    return answer.text.replace(answer.headers["x-request-id"], "")


def test_failures_make_a_person_wait_but_never_lock_them_out(
    client: TestClient, clerk: Person
) -> None:
    with freeze_time(MORNING) as clock:
        for _ in range(5):
            sign_in(client, "not this one, though")
        while_waiting = sign_in(client)
        clock.tick(timedelta(seconds=31))
        after = sign_in(client)

    assert while_waiting.status_code == 401
    assert after.status_code == 303


def test_a_hundred_guesses_an_hour_are_never_tried(client: TestClient, clerk: Person) -> None:
    tried = 0
    with freeze_time(MORNING) as clock:
        for _ in range(60):
            before = failures(client)
            sign_in(client, "not this one, though")
            tried += failures(client) - before
            clock.tick(timedelta(minutes=1))

    assert 5 <= tried < 20


def failures(client: TestClient) -> int:
    with Session(client.app.state.engine) as session:
        return session.exec(select(Person.failures)).one()


def test_each_sign_in_has_a_new_token_and_ends_the_one_before(
    client: TestClient, clerk: Person, database: Engine
) -> None:
    sign_in(client)
    first = client.cookies["session"]
    sign_in(client, csrf_token=csrf_token(database))

    second = client.cookies["session"]

    assert with_token(client.app, first) == 303
    assert with_token(client.app, second) == 200


def test_a_token_is_worth_nothing_after_signing_out(
    client: TestClient, clerk: Person, database: Engine
) -> None:
    sign_in(client)
    token = client.cookies["session"]
    before = with_token(client.app, token)

    client.post("/sign-out", data={"csrf_token": csrf_token(database)})

    assert (before, with_token(client.app, token)) == (200, 303)


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 303)])
def test_a_desk_is_left_alone_for_half_an_hour_at_most(
    client: TestClient, clerk: Person, minutes: int, status: int
) -> None:
    with freeze_time(MORNING) as clock:
        sign_in(client)
        clock.tick(timedelta(minutes=minutes))

        assert home(client).status_code == status


def test_a_busy_person_signs_in_again_after_twelve_hours(client: TestClient, clerk: Person) -> None:
    with freeze_time(MORNING) as clock:
        sign_in(client)
        answers = []
        for _ in range(13 * 3):
            clock.tick(timedelta(minutes=20))
            answers.append(home(client).status_code)

    assert answers == [200] * 35 + [303] * 4


def test_badge_and_pin_open_an_enrolled_device_for_ten_idle_minutes(
    client: TestClient, clerk: Person, arrange: Arrange
) -> None:
    with freeze_time(MORNING) as clock:
        with arrange() as work:
            _, token = people.a_device(work, clerk.premises_id)
        client.post("/device", data={"token": token})
        answer = client.post("/sign-in", data={"badge": clerk.badge, "pin": people.PIN})
        clock.tick(timedelta(minutes=9))
        busy = home(client)
        clock.tick(timedelta(minutes=11))
        left_alone = home(client)

    assert answer.headers["location"] == "/"
    assert (busy.status_code, left_alone.status_code) == (200, 303)


def test_badge_and_pin_open_nothing_elsewhere(
    client: TestClient, clerk: Person, arrange: Arrange
) -> None:
    with arrange() as work:
        _, token = people.a_device(work, people.a_premises(work, "CNX"))
    proof = {"badge": clerk.badge, "pin": people.PIN}

    at_no_device = client.post("/sign-in", data=proof)
    client.post("/device", data={"token": token})
    at_another_premises = client.post("/sign-in", data=proof)

    assert at_no_device.status_code == at_another_premises.status_code == 401


def test_a_program_signs_in_and_gets_the_token_for_its_changes(
    client: TestClient, clerk: Person
) -> None:
    proof = {"username": "clerk", "password": people.PASSWORD}
    answer = client.post("/api/v1/sign-ins", json=proof)

    token = answer.json()["csrf_token"]

    assert answer.status_code == 201
    assert client.post("/sign-out", headers={"x-csrf-token": token}).status_code == 303


def test_a_person_who_leaves_is_out_at_once(
    client: TestClient, clerk: Person, arrange: Arrange
) -> None:
    sign_in(client)
    with arrange() as work:
        work.session.get_one(Person, clerk.id).active = False

    assert home(client).status_code == 303
    assert sign_in(client).status_code == 401


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("guessed", {}),
        ("right", {"sec-fetch-site": "cross-site"}),
        ("right", {"sec-fetch-site": "same-site"}),
        ("right", {"origin": "https://evil.example"}),
        ("right", {"origin": "null"}),
    ],
)
def test_a_change_from_elsewhere_is_refused(
    client: TestClient, clerk: Person, database: Engine, token: str, headers: dict[str, str]
) -> None:
    sign_in(client)
    sent = csrf_token(database) if token == "right" else token

    in_form = client.post("/sign-out", data={"csrf_token": sent}, headers=headers)
    in_header = client.post("/sign-out", headers={"x-csrf-token": sent, **headers})

    for answer in (in_form, in_header):
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/not-from-here"
    assert home(client).status_code == 200


def test_another_site_cannot_sign_a_browser_in(client: TestClient, clerk: Person) -> None:
    answer = client.post(
        "/sign-in",
        data={"username": "clerk", "password": people.PASSWORD},
        headers={"sec-fetch-site": "cross-site"},
    )

    assert answer.status_code == 403
    assert "session" not in client.cookies


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(
    client: TestClient, clerk: Person
) -> None:
    cookie = sign_in(client).headers["set-cookie"]

    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


def test_behind_tls_cookies_belong_to_this_host_alone(database: Engine, clerk: Person) -> None:
    app = create_app(Settings(secure_cookies=True), database)
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)

    cookie = sign_in(client).headers["set-cookie"]

    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert home(client).status_code == 200


def test_the_language_follows_the_person_then_the_cookie_then_the_browser(
    app: FastAPI, clerk: Person, database: Engine
) -> None:
    client = TestClient(app, headers=PAGE)
    unasked = client.get("/sign-in").text
    asked = client.get("/sign-in", headers={"accept-language": "en-GB,th;q=0.8"}).text
    client.post("/language", data={"language": "en"})
    chosen = client.get("/sign-in", headers={"accept-language": "th"}).text
    sign_in(client)
    signed_in = client.get("/").text
    client.post("/language", data={"language": "en", "csrf_token": csrf_token(database)})
    remembered = client.get("/").text

    languages = [page.split('<html lang="')[1][:2]
                 for page in (unasked, asked, chosen, signed_in, remembered)]  # fmt: skip

    assert languages == ["th", "en", "en", "th", "en"]


def test_every_role_reads_its_own_name(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        token = people.a_session(work, people.a_person(work, Role.OFFICER))

    page = client.get("/", headers={"cookie": f"session={token}"}).text

    assert "เจ้าหน้าที่ศุลกากร" in page


def test_a_visitor_to_the_first_page_is_shown_where_to_sign_in(client: TestClient) -> None:
    sent_on = client.get("/")
    shown = client.get(sent_on.headers["location"])

    assert sent_on.status_code == 303
    assert shown.status_code == 200
    assert "/sign-in" in shown.text
