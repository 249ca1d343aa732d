"""What partners send and ask over the API, and what they get when something is not right."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from tests import builders
from tests.builders import House
from warehouse.access import commands as access
from warehouse.core import clock
from warehouse.core.work import Work
from warehouse.inventory.models import HandlingUnit, Lot
from warehouse.operations.models import ImportedFile
from warehouse.shipments import status
from warehouse.shipments.models import Consignment, ConsignmentLine
from warehouse.shipments.vocabulary import CustomsStatus

Arrange = Callable[[], AbstractContextManager[Work]]

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner's program with its key."""

    client: TestClient
    house: House
    key: str

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=self._headers(headers))

    def post(self, path: str, body: object, *, key: str = "", language: str = "en") -> Response:
        headers = {"idempotency-key": key or f"k{next(_keys)}", "accept-language": language}
        return self.client.post(path, json=body, headers=self._headers(headers))

    def send(self, content: bytes, *, key: str = "", **said: str) -> Response:
        headers = {"idempotency-key": key or f"k{next(_keys)}", "accept-language": "en"}
        return self.client.post(
            "/api/v1/consignments:import",
            data=said,
            files={"file": ("goods.csv", content, "text/csv")},
            headers=self._headers(headers),
        )

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}", "accept-language": "en", **headers}


@pytest.fixture
def partner(client: TestClient, arrange: Arrange) -> Partner:
    with arrange() as work:
        house = builders.a_house(work)
        _, key = access.issue_key(work, house.partner.id, "test")
    return Partner(client, house, key)


@pytest.fixture
def stranger(client: TestClient, arrange: Arrange, partner: Partner) -> Partner:
    """Another partner in the same premises."""
    with arrange() as work:
        other = builders.a_partner(work, "OTHER")
        _, key = access.issue_key(work, other.id, "test")
    return Partner(client, partner.house, key)


def an_announcement(**changes: object) -> dict[str, Any]:
    number = next(_keys)
    return {
        "external_ref": f"C-{number}",
        "arrival_date": today(),
        "house_bill": "HAWB1",
        "consignor_name": "ผู้ส่ง น้ำ",
        "consignment_country": "CN",
        "invoice_number": "INV1",
        "invoice_date": today(),
        "currency": "USD",
        "gross_weight_kg": "50",
        "lines": [
            {"parcel_number": f"P{number}-1", "sku": "BAG-1", "quantity": "2", "unit_price": "9.5"},
            {"parcel_number": f"P{number}-2", "gtin": "8850001000019", "quantity": 1,
             "unit_price": "9.5"},
        ],
    } | changes  # fmt: skip


def today() -> str:
    return clock.local_date(clock.now()).isoformat()


def an_order(**changes: object) -> dict[str, Any]:
    return {
        "external_ref": f"O-{next(_keys)}",
        "buyer": {
            "name": "สมหญิง", "phone": "081", "address": "1 สุขุมวิท", "province": "กรุงเทพฯ",
            "postcode": "10110",
        },
        "lines": [{"sku": "BAG-1", "quantity": "3"}],
    } | changes  # fmt: skip


def rows_of(engine: Engine) -> tuple[int, ...]:
    tables = (Consignment, ConsignmentLine, HandlingUnit, Lot, ImportedFile)
    with Session(engine) as session:
        return tuple(session.exec(select(func.count()).select_from(each)).one() for each in tables)


def told(answer: Response) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_an_announced_consignment_can_be_read_back(partner: Partner, database: Engine) -> None:
    answer = partner.post("/api/v1/consignments", an_announcement())

    assert answer.status_code == 201, answer.text
    assert answer.json()["parcels"] == 2
    assert answer.json()["warnings"] == []
    assert rows_of(database) == (1, 2, 2, 2, 0)
    read = partner.get(f"/api/v1/consignments/{answer.json()['number']}")
    assert read.json()["state"] == "announced"
    assert read.json()["lines"] == 2


def test_the_same_announcement_again_is_the_same_answer(partner: Partner, database: Engine) -> None:
    body = an_announcement()

    first = partner.post("/api/v1/consignments", body, key="K1")
    again = partner.post("/api/v1/consignments", body, key='"K1"')

    assert (again.status_code, again.content) == (201, first.content)
    assert rows_of(database)[0] == 1


def test_a_key_used_for_another_announcement_is_refused(partner: Partner, database: Engine) -> None:
    partner.post("/api/v1/consignments", an_announcement(), key="K1")

    answer = partner.post("/api/v1/consignments", an_announcement(), key="K1")

    assert answer.status_code == 422
    assert rows_of(database)[0] == 1


def test_a_post_without_a_key_is_refused(partner: Partner) -> None:
    headers = {"authorization": f"Bearer {partner.key}"}

    for path, body in (("consignments", an_announcement()), ("orders", an_order())):
        answer = partner.client.post(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code == 400


def test_every_wrong_line_is_told_and_nothing_is_entered(
    partner: Partner, database: Engine
) -> None:
    line = {"parcel_number": "P1", "sku": "BAG-1", "quantity": "1", "unit_price": "1"}
    lines = [
        line,
        {**line, "sku": "61O910"},
        {**line, "quantity": "1.5", "parcel_number": "P2"},
        line,
        {**line, "parcel_number": "LOC-A1"},
        {**line, "parcel_number": "P3", "sku": None},
        {**line, "parcel_number": "P4", "gtin": "8850001000026"},
    ]

    answer = partner.post("/api/v1/consignments", an_announcement(lines=lines))

    assert answer.status_code == 422
    assert told(answer) == [
        ("#/lines/1/sku", "unknown-product"),
        ("#/lines/2/quantity", "not-whole"),
        ("#/lines/3/sku", "line-repeated"),
        ("#/lines/4/parcel_number", "parcel-unscannable"),
        ("#/lines/5/sku", "product-missing"),
        ("#/lines/6/gtin", "gtin-differs"),
    ]
    assert rows_of(database) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"arrival_date": "2569-08-31"}, "#/arrival_date"),
        ({"arrival_date": "2020-01-01"}, "#/arrival_date"),
        ({"invoice_date": "31/08/2026"}, "#/invoice_date"),
        ({"currency": "บาท"}, "#/currency"),
        ({"consignment_country": "UK"}, "#/consignment_country"),
        ({"trade_terms": "FOB"}, "#/trade_terms"),
        ({"gross_weight_kg": 1.5}, "#/gross_weight_kg"),
        ({"consignor_name": "A\x00B"}, "#/consignor_name"),
        ({"colour": "red"}, "#/colour"),
        ({"lines": []}, "#/lines"),
        ({"external_ref": "เลขที่ ๑"}, "#/external_ref"),
    ],
)
def test_a_heading_that_is_not_as_it_should_be_is_pointed_at(
    partner: Partner, change: dict[str, object], pointer: str
) -> None:
    answer = partner.post("/api/v1/consignments", an_announcement(**change))

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_a_wrong_s10_check_digit_is_accepted_with_a_warning(partner: Partner) -> None:
    line = {"parcel_number": "RR123456784TH", "sku": "BAG-1", "quantity": "1", "unit_price": "1"}

    answer = partner.post("/api/v1/consignments", an_announcement(lines=[line]))

    assert answer.status_code == 201
    (warning,) = answer.json()["warnings"]
    assert warning["code"] == "s10-check-digit"
    assert "should be 5" in warning["message"]


def test_a_parcel_number_stands_for_one_parcel_for_ever(partner: Partner) -> None:
    body = an_announcement()
    partner.post("/api/v1/consignments", body)

    answer = partner.post("/api/v1/consignments", {**body, "external_ref": "C-again"})

    assert told(answer) == [
        ("#/lines/0/parcel_number", "parcel-in-use"),
        ("#/lines/1/parcel_number", "parcel-in-use"),
    ]


def test_a_reference_used_twice_names_the_first(partner: Partner) -> None:
    first = partner.post("/api/v1/consignments", an_announcement(external_ref="R1")).json()

    answer = partner.post("/api/v1/consignments", an_announcement(external_ref="R1"))

    assert answer.status_code == 409
    assert answer.json()["number"] == first["number"]


def test_another_partners_goods_are_as_if_not_there(stranger: Partner) -> None:
    announced = stranger.post("/api/v1/consignments", an_announcement())
    ordered = stranger.post("/api/v1/orders", an_order())

    assert [code for _, code in told(announced)] == ["unknown-product"] * 2
    assert ordered.status_code == 404


# ── Files ────────────────────────────────────────────────────────────────────────────────────────

TITLES = "เลขพัสดุ,รหัสสินค้า,จำนวน,ราคาต่อหน่วย"


def heading(**changes: str) -> dict[str, str]:
    said = an_announcement(**changes)
    return {name: str(value) for name, value in said.items() if name != "lines"}


def test_a_platforms_export_in_windows_874_is_taken_in_once(
    partner: Partner, database: Engine
) -> None:
    content = f"{TITLES}\r\nF1,BAG-1,0012,2.75\r\nF2,BAG-1,3,2.75\r\n".encode("cp874")

    first = partner.send(content, **heading())
    again = partner.send(content, **heading())

    assert first.status_code == 201, first.text
    assert again.status_code == 200
    assert again.json()["number"] == first.json()["number"]
    assert again.json()["again"] is True
    assert rows_of(database) == (1, 2, 2, 2, 1)


def test_every_bad_cell_is_told_by_row_column_value_and_reason(
    partner: Partner, database: Engine
) -> None:
    rows = [TITLES, "F1,BAG-1,0,2.75", "F2,NONE,1,2.75", "", "F3,BAG-1,๓,-1", "F1,BAG-1,1,x"]

    answer = partner.send("\n".join(rows).encode(), **heading(arrival_date="31/02/2569"))

    assert answer.status_code == 422
    found = [tuple(error.values())[:4] for error in answer.json()["errors"]]
    assert found == [
        (0, "arrival_date", "31/02/2569", "not-a-day"),
        (2, "จำนวน", "0", "not-positive"),
        (3, "รหัสสินค้า", "NONE", "unknown-product"),
        (5, "จำนวน", "๓", "not-a-number"),
        (5, "ราคาต่อหน่วย", "-1", "negative"),
        (6, "ราคาต่อหน่วย", "x", "not-a-number"),
    ]
    assert rows_of(database) == (0, 0, 0, 0, 0)


def test_a_heading_may_stand_in_columns_and_must_not_differ(partner: Partner) -> None:
    said = heading()
    currency = said.pop("currency")
    titles = f"{TITLES},currency,invoice_number,colour"
    rows = [titles, f"F1,BAG-1,1,1,{currency},INV1,red", "F2,BAG-1,1,1,,,", "F3,BAG-1,1,1,EUR,X,"]

    refused = partner.send("\n".join(rows).encode(), **said)
    taken = partner.send("\n".join(rows[:3]).encode(), **said)

    assert [(each["column"], each["code"]) for each in refused.json()["errors"]] == [
        ("invoice_number", "differs-from-beside"),
        ("currency", "differs"),
    ]
    assert taken.status_code == 201, taken.text
    assert [each["code"] for each in taken.json()["warnings"]] == ["column-unknown"]


def test_missing_columns_are_told_all_at_once(partner: Partner) -> None:
    said = heading()
    del said["house_bill"]

    answer = partner.send(b"parcel_number,sku,sku\nF1,A,A\n", **said)

    assert [(each["column"], each["code"]) for each in answer.json()["errors"]] == [
        ("sku", "column-twice"),
        ("house_bill", "column-missing"),
        ("quantity", "column-missing"),
        ("unit_price", "column-missing"),
    ]


# ── Orders and status ────────────────────────────────────────────────────────────────────────────


def test_an_order_sets_goods_aside_and_can_be_followed(partner: Partner, arrange: Arrange) -> None:
    with arrange() as work:
        builders.stored_parcel(work, partner.house, 10)

    placed = partner.post("/api/v1/orders", an_order(external_ref="O-1")).json()

    by_number = partner.get(f"/api/v1/shipments/{placed['shipment']}")
    assert by_number.json()["status"] == "stored"
    assert by_number.json()["next"] == "picked"
    assert [each["status"] for each in by_number.json()["history"]] == ["pre_advised", "stored"]
    assert "สมหญิง" not in by_number.text
    for query in ("order_ref=O-1", f"parcel_number={placed['parcel_number']}"):
        found = partner.get(f"/api/v1/shipments?{query}").json()["shipments"]
        assert [each["number"] for each in found] == [placed["shipment"]]
    order = partner.get(f"/api/v1/orders/{placed['number']}").json()
    assert order["lines"] == [{"sku": "BAG-1", "quantity": "3"}]


def test_an_order_for_more_than_is_free_is_refused_with_both_figures(
    partner: Partner, arrange: Arrange
) -> None:
    with arrange() as work:
        builders.stored_parcel(work, partner.house, 2)

    answer = partner.post("/api/v1/orders", an_order())

    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "/problems/insufficient-stock"
    assert (float(problem["available"]), float(problem["wanted"])) == (2, 3)
    assert partner.get("/api/v1/shipments?order_ref=O-1").json() == {"shipments": []}


@pytest.mark.parametrize(
    ("quantity", "code"),
    [("0", None), ("-1", None), ("99999999", None), (1.5, None), ("1.5", "not-whole")],
)
def test_an_order_of_no_possible_quantity_is_pointed_at(
    partner: Partner, quantity: object, code: str | None
) -> None:
    answer = partner.post(
        "/api/v1/orders", an_order(lines=[{"sku": "BAG-1", "quantity": quantity}])
    )

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "#/lines/0/quantity"
    assert code is None or error["code"] == code


def test_a_product_twice_in_an_order_is_pointed_at(partner: Partner) -> None:
    line = {"sku": "BAG-1", "quantity": "1"}

    answer = partner.post("/api/v1/orders", an_order(lines=[line, line]))

    assert told(answer) == [("#/lines/1/sku", "line-repeated")]


def test_an_order_reference_used_twice_names_the_first(partner: Partner, arrange: Arrange) -> None:
    with arrange() as work:
        builders.stored_parcel(work, partner.house, 10)
    first = partner.post("/api/v1/orders", an_order(external_ref="O-1")).json()

    answer = partner.post("/api/v1/orders", an_order(external_ref="O-1"))

    assert answer.status_code == 409
    assert answer.json()["number"] == first["number"]


def test_a_status_unchanged_is_not_sent_again(partner: Partner, arrange: Arrange) -> None:
    with arrange() as work:
        builders.stored_parcel(work, partner.house, 10)
        _, shipment = builders.an_order(work, partner.house, 1)
    path = f"/api/v1/shipments/{shipment.number}"
    etag = partner.get(path).headers["etag"]

    unchanged = partner.get(path, **{"if-none-match": etag})
    with arrange() as work:
        status.record(work, shipment.id, customs=CustomsStatus.SUBMITTED)
        status.record(work, shipment.id, customs=CustomsStatus.HELD)
    changed = partner.get(path, **{"if-none-match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
    assert changed.json()["status"] == "customs_held"
    assert changed.json()["custody"] == "stored"


def test_a_batch_has_a_result_for_each_reference_in_order(
    partner: Partner, stranger: Partner, arrange: Arrange
) -> None:
    with arrange() as work:
        builders.stored_parcel(work, partner.house, 10)
        order, shipment = builders.an_order(work, partner.house, 1)
    references = ["NOPE", shipment.number, shipment.parcel_number, order.external_ref]

    own = partner.post("/api/v1/shipments:batchGet", {"references": references}).json()
    foreign = stranger.post("/api/v1/shipments:batchGet", {"references": references}).json()

    assert [each["reference"] for each in own["results"]] == references
    assert [each["outcome"] for each in own["results"]] == ["not_found"] + ["found"] * 3
    assert {each["outcome"] for each in foreign["results"]} == {"not_found"}


@pytest.mark.parametrize("amount", [0, 501])
def test_a_batch_has_between_one_and_500_references(partner: Partner, amount: int) -> None:
    answer = partner.post("/api/v1/shipments:batchGet", {"references": ["X"] * amount})

    assert answer.status_code == 422


def test_what_belongs_to_another_partner_is_not_found(
    partner: Partner, stranger: Partner, arrange: Arrange
) -> None:
    announced = partner.post("/api/v1/consignments", an_announcement()).json()
    with arrange() as work:
        builders.stored_parcel(work, partner.house, 10)
        order, shipment = builders.an_order(work, partner.house, 1)

    for path in (
        f"consignments/{announced['number']}",
        f"orders/{order.number}",
        f"shipments/{shipment.number}",
    ):
        assert partner.get(f"/api/v1/{path}").status_code == 200
        refused = stranger.get(f"/api/v1/{path}")
        assert refused.status_code == 404
        assert refused.headers["content-type"] == "application/problem+json"
    found = stranger.get(f"/api/v1/shipments?parcel_number={shipment.parcel_number}")
    assert found.json() == {"shipments": []}


@pytest.mark.parametrize("query", ["", "?order_ref=A&parcel_number=B"])
def test_a_list_of_shipments_names_one_thing(partner: Partner, query: str) -> None:
    assert partner.get(f"/api/v1/shipments{query}").status_code == 422


def test_a_status_is_told_to_live_keys_only(partner: Partner, arrange: Arrange) -> None:
    with arrange() as work:
        key, ended = access.issue_key(work, partner.house.partner.id, "old")
        key.ends_at = work.at - timedelta(seconds=1)
    prefix = partner.key.rpartition("_")[0]

    for bearer in (ended, f"{prefix}_wrong", "whk_none_secret", "nonsense", "whk_\x7f_x", ""):
        headers = {"authorization": f"Bearer {bearer}"}
        answer = partner.client.get("/api/v1/shipments/SHP-2026-000001", headers=headers)
        assert answer.status_code == 401, bearer
        assert answer.headers["www-authenticate"] == "Bearer"


def test_look_ups_go_on_after_the_databases_connections_are_cut(
    partner: Partner, arrange: Arrange
) -> None:
    assert partner.get("/api/v1/shipments/NONE").status_code == 404
    readers = partner.client.app.state.readers
    readers._idle[0].pgconn.finish()

    answer = partner.get("/api/v1/shipments/NONE")

    assert answer.status_code == 404
