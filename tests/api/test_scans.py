"""The scan endpoint over HTTP: one answer for each scan, alone or in a batch."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from psycopg.errors import DeadlockDetected
from sqlmodel import select

from tests import people
from tests.builders import House, a_consignment, a_house
from warehouse.access.models import Person
from warehouse.core.work import Work
from warehouse.inventory.models import Movement
from warehouse.operations.floor import scanning
from warehouse.operations.floor.errors import ScanChanged
from warehouse.operations.floor.keeping import Scanned
from warehouse.operations.models import Assignment

Arrange = Callable[[], AbstractContextManager[Work]]
PARCEL = "RC338848854TH"


@pytest.fixture
def house(arrange: Arrange) -> House:
    with arrange() as work:
        house = a_house(work)
        a_consignment(work, house, [(PARCEL, house.product, Decimal(3))])
    return house


@pytest.fixture
def clerk(client: TestClient, arrange: Arrange, house: House) -> TestClient:
    with arrange() as work:
        person = work.session.get_one(Person, house.clerk.id)
        client.cookies.set("session", people.a_session(work, person, csrf_token="token"))
    client.headers["x-csrf-token"] = "token"
    return client


def a_scan(barcode: str, **more: object) -> dict[str, object]:
    return {"scan_id": str(uuid4()), "barcode": barcode, "device": "SCANNER-1", **more}


def test_a_parcel_is_received_over_http(clerk: TestClient, arrange: Arrange) -> None:
    chosen = clerk.post("/api/v1/scans", json=a_scan("CMD-RECEIVE"))
    answer = clerk.post("/api/v1/scans", json=a_scan(PARCEL))

    assert chosen.json()["state"] == "scan_parcel"
    assert (answer.status_code, answer.json()["tone"]) == (200, "good")
    assert PARCEL in answer.json()["message"]["th"]
    with arrange() as work:
        assert len(work.session.exec(select(Movement)).all()) == 1


def test_a_refusal_is_an_answer(clerk: TestClient) -> None:
    answer = clerk.post("/api/v1/scans", json=a_scan("LOC-A1"))

    assert (answer.status_code, answer.json()["tone"]) == (200, "refused")


def test_the_same_scan_again_gets_the_same_bytes(clerk: TestClient) -> None:
    clerk.post("/api/v1/scans", json=a_scan("CMD-RECEIVE"))
    scan = a_scan(PARCEL, scanned_at="2026-08-03T08:00:00+07:00", sequence=3)

    first, again = (clerk.post("/api/v1/scans", json=scan) for _ in range(2))

    assert again.content == first.content


def test_a_scan_id_with_other_content_is_a_problem(clerk: TestClient) -> None:
    scan = a_scan(PARCEL)
    clerk.post("/api/v1/scans", json=scan)

    answer = clerk.post("/api/v1/scans", json=scan | {"barcode": "LOC-A1"})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/scan-changed"


def test_a_batch_is_taken_in_the_order_of_the_device_and_may_come_twice(
    clerk: TestClient, arrange: Arrange
) -> None:
    scans = [
        a_scan("LOC-A1", sequence=4),
        a_scan(PARCEL, sequence=3),
        a_scan("CMD-PUTAWAY", sequence=2),
        a_scan(PARCEL, sequence=1),
        a_scan("CMD-RECEIVE", sequence=0),
    ]

    first, again = (clerk.post("/api/v1/scans:batch", json={"scans": scans}) for _ in range(2))

    codes = [answer["message"]["code"] for answer in first.json()["answers"]]
    assert codes == ["receive", "received", "put-away", "directed", "stored"]
    assert again.content == first.content
    with arrange() as work:
        assert len(work.session.exec(select(Movement)).all()) == 2


def test_one_bad_scan_of_a_batch_spoils_no_other(clerk: TestClient) -> None:
    command, used = a_scan("CMD-RECEIVE", sequence=1), a_scan("LOC-A1")
    clerk.post("/api/v1/scans", json=used)
    changed = used | {"barcode": "LOC-A2", "sequence": 2}
    scans = [command, changed, a_scan("LOC-A1", sequence=3), a_scan(PARCEL, sequence=4)]

    answer = clerk.post("/api/v1/scans:batch", json={"scans": scans})

    [chosen, problem, refused, received] = answer.json()["answers"]
    assert problem["type"] == "/problems/scan-changed"
    assert [each["tone"] for each in (chosen, refused, received)] == ["good", "refused", "good"]


def test_an_outage_of_five_hundred_scans_comes_in_one_batch(
    clerk: TestClient, arrange: Arrange
) -> None:
    waited = [
        a_scan("LOC-A1", sequence=at, waited=True, scanned_at=f"2026-08-03T01:{at % 60:02}:00Z")
        for at in range(500)
    ]
    body = {"scans": waited, "sent_at": "2026-08-03T03:00:00Z"}

    first, again = (clerk.post("/api/v1/scans:batch", json=body) for _ in range(2))

    answers = first.json()["answers"]
    assert [answer["scan_id"] for answer in answers] == [scan["scan_id"] for scan in waited]
    assert {answer["message"]["code"] for answer in answers} == {"no-task"}
    assert all(abs(answer["data"]["skew"]) > 300 for answer in answers)
    assert again.content == first.content
    with arrange() as work:
        conflicts = work.session.exec(select(Assignment)).all()
    assert len(conflicts) == 500


def test_batches_that_wait_for_each_other_go_on_scan_by_scan(
    clerk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay, sizes = scanning.replay, []

    def waits_for_another(work: Work, scans: Sequence[Scanned]) -> list[str | ScanChanged]:
        sizes.append(len(scans))
        if len(scans) > 1:
            raise DeadlockDetected
        return replay(work, scans)

    monkeypatch.setattr(scanning, "replay", waits_for_another)
    scans = [a_scan("CMD-RECEIVE", sequence=1), a_scan(PARCEL, sequence=2)]
    answer = clerk.post("/api/v1/scans:batch", json={"scans": scans})

    assert [each["message"]["code"] for each in answer.json()["answers"]] == ["receive", "received"]
    assert sizes == [2, 1, 1]


def test_an_answer_speaks_three_languages(clerk: TestClient) -> None:
    answer = clerk.post("/api/v1/scans", json=a_scan("CMD-PUTAWAY")).json()

    assert answer["message"] == {
        "code": "put-away",
        "th": "จัดเก็บ สแกนพัสดุ",
        "en": "Putting away. Scan a parcel.",
        "zh": "上架。请扫描包裹。",
    }
    assert answer["prompt"].keys() == {"th", "en", "zh"}


def test_a_page_asks_what_the_clerk_is_doing(clerk: TestClient) -> None:
    clerk.post("/api/v1/scans", json=a_scan("CMD-PUTAWAY"))

    answer = clerk.get("/api/v1/task").json()

    assert (answer["task"], answer["state"]) == ("put_away", "scan_parcel")


@pytest.mark.parametrize(
    "body",
    [
        {},
        a_scan(PARCEL, scan_id="7"),
        a_scan("x" * 201),
        a_scan("A\x00B"),
        a_scan("A", device=""),
        a_scan("A", device="D" * 41),
        a_scan("A", sequence=-1),
        a_scan("A", sequence=2**70),
        a_scan("A", scanned_at="2026-08-03T08:00:00"),
        a_scan("A", colour="red"),
        {"scan_id": None, "barcode": None, "device": None},
    ],
)
def test_a_malformed_scan_is_a_problem_and_is_not_kept(
    clerk: TestClient, body: dict[str, object]
) -> None:
    answer = clerk.post("/api/v1/scans", json=body)

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_half_a_character_is_a_problem(clerk: TestClient) -> None:
    body = json.dumps(a_scan("A")).replace('"A"', '"\\ud800"')

    answer = clerk.post("/api/v1/scans", content=body, headers={"content-type": "application/json"})

    assert answer.status_code in {400, 422}


@pytest.mark.parametrize("count", [0, 501])
def test_a_batch_is_neither_empty_nor_endless(clerk: TestClient, count: int) -> None:
    answer = clerk.post("/api/v1/scans:batch", json={"scans": [a_scan("A")] * count})

    assert answer.status_code == 422


MALFORMED = pytest.mark.parametrize("content", ["{", "", "[]", '{"scan_id": 7}'])
JSON = {"content-type": "application/json"}


@MALFORMED
def test_a_malformed_scan_is_refused_field_by_field(clerk: TestClient, content: str) -> None:
    answer = clerk.post("/api/v1/scans", content=content, headers=JSON)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")


@MALFORMED
def test_a_stranger_with_a_malformed_scan_hears_first_that_nobody_signed_in(
    client: TestClient, content: str
) -> None:
    answer = client.post("/api/v1/scans", content=content, headers=JSON)

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
