"""The API keeps what its description says, whatever is sent and whoever sends it."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import reduce
from io import BytesIO
from operator import getitem
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

import pytest
import requests
import schemathesis
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from sqlmodel import select

from tests import builders, people
from tests.conftest import TESTER, Copies
from tests.desk import Desk, a_desk
from warehouse import wiring
from warehouse.access import commands as access
from warehouse.access.http import Guard
from warehouse.access.vocabulary import PERMISSIONS, Role
from warehouse.app import create_app
from warehouse.core import clock, db, papers
from warehouse.core.work import Work, begin
from warehouse.customs.models import Release
from warehouse.inventory import discrepancies
from warehouse.inventory.models import Disposal
from warehouse.inventory.vocabulary import DiscrepancyKind, DisposalKind, DisposalState
from warehouse.operations.printing.papers import (
    DISPOSAL,
    MANIFEST,
    print_label,
    print_release_note,
)
from warehouse.settings import Settings
from warehouse.shipments import manifests, routes
from warehouse.shipments.models import Consignment, Manifest, Order

APP = create_app(Settings())
API = schemathesis.openapi.from_dict(APP.openapi())
OPERATIONS = {each.ok().label: each.ok() for each in API.get_all_operations()}
STAFF = (Role.CLERK, Role.LIAISON, Role.OFFICER)
CALLERS = (Role.PARTNER, *STAFF)

load_all_checks()
CONTRACT = CHECKS.get_by_names(
    [
        "not_a_server_error", "status_code_conformance", "content_type_conformance",
        "response_headers_conformance", "response_schema_conformance",
    ]
)  # fmt: skip

TODAY = clock.local_date(clock.now()).isoformat()
SENT: Mapping[str, tuple[Role | None, Any]] = {
    "POST /api/v1/scans": (
        Role.CLERK,
        {"scan_id": str(uuid4()), "barcode": "CMD-RECEIVE", "device": "SCAN-1", "sequence": 1},
    ),
    "POST /api/v1/shipments:batchGet": (Role.PARTNER, {"references": ["SHP-1999-000001"]}),
    "POST /api/v1/consignments": (
        Role.PARTNER,
        {
            "external_ref": "C-1", "arrival_date": TODAY, "house_bill": "HAWB1",
            "consignor_name": "ผู้ส่ง น้ำ", "consignment_country": "CN", "invoice_number": "INV1",
            "invoice_date": TODAY, "currency": "USD", "gross_weight_kg": "50", "lines": [
                {"parcel_number": "P-1", "sku": "BAG-1", "quantity": "2", "unit_price": "9.5"}
            ],
        },
    ),
    "POST /api/v1/orders": (
        Role.PARTNER,
        {
            "external_ref": "O-1", "lines": [{"sku": "BAG-1", "quantity": "1"}], "buyer": {
                "name": "สมหญิง", "phone": "081", "address": "1 สุขุมวิท", "province": "กรุงเทพฯ",
                "postcode": "10110",
            },
        },
    ),
}  # fmt: skip
"""Bodies that are taken, and who sends them."""

# Nothing that any field takes: half a surrogate, NUL, more digits than Python reads, …
WRONG = ("\ud800", "A\0B", 10**400, -(2**63), "9" * 5000, 1e300, True, [], [[]], {}, {"": None})

# What no paper carries, as it comes in a path: NUL, half a surrogate, no UTF-8, a path, SQL …
STRANGE = {
    "NUL": "A%00B", "surrogate": "%ED%A0%80", "not UTF-8": "%FF%FE", "dots": "%2E%2E", "SQL": "'--",
    "Thai": quote("ที่ปั๊มน้ำ"), "many": "9" * 5000, "huge": str(2**64), "template": "%7B%7D%25s",
}  # fmt: skip


class Call(NamedTuple):
    """An operation, and a role that may call it; None where nobody has to be known."""

    operation: str
    role: Role | None


def calls() -> Iterator[Call]:
    for context in iter_route_contexts(APP.routes):
        if not isinstance(context.original_route, APIRoute) or not context.include_in_schema:
            continue
        found = [each.call for each in context.dependant.dependencies]
        guards = [each for each in found if isinstance(each, Guard)]
        needed = {each.permission for each in guards} - {None}
        for method in context.methods:
            operation = f"{method} {context.path_format}"
            allowed = [role for role in CALLERS if needed <= PERMISSIONS[role]]
            yield from (Call(operation, role) for role in (allowed if guards else [None]))


def named(call: Call) -> str:
    return f"{call.operation} as {call.role}"


CALLS = sorted(calls(), key=named)
BY_PATH = [call for call in CALLS if OPERATIONS[call.operation].path_parameters]
BARS = "GET /barcodes/{code}.svg"
# What needs a body besides is asked with one where its own room is tried.
BY_PATH_ALONE = [call for call in BY_PATH if not OPERATIONS[call.operation].body]
OF_PARTNERS = [
    call for call in BY_PATH_ALONE if call.role is Role.PARTNER and call.operation != BARS
]
# Schemathesis can spoil a query and a body; for paths there is STRANGE.
SPOILT = [
    call for call in CALLS if OPERATIONS[call.operation].query or OPERATIONS[call.operation].body
]


class House(NamedTuple):
    """The web program in the middle of its day, and how each caller says who it is."""

    client: TestClient
    desk: Desk
    numbers: Mapping[str, str]
    references: Mapping[str, str]
    credentials: Mapping[str | None, Mapping[str, str]]

    def number(self, call: Call) -> str:
        """Of what *call* reads; the part of the path before the number says what that is."""
        return self.numbers[call.operation.partition("/{")[0].rpartition("/")[2]]

    def there(self, call: Call) -> Case:
        """*call* for what is there; a photo is named beside its case."""
        case = by_path(call, self.number(call))
        if "photo_id" in case.path_parameters:
            case.path_parameters["photo_id"] = self.numbers["photos"]
        return case

    def ask(self, case: Case, caller: str | None) -> Response:
        """Send *case* as *caller*, as it would stand on the wire, with a key of its own."""
        sent = case.as_transport_kwargs(base_url="http://testserver")
        sent["headers"] = {
            "idempotency-key": str(uuid4()), **sent["headers"], **self.credentials[caller],
        }  # fmt: skip
        wire = requests.Request(**sent).prepare()
        self.client.cookies.clear()
        return self.client.request(
            wire.method, wire.url, headers=dict(wire.headers), content=wire.body
        )


@pytest.fixture(scope="module")
def house(copies: Copies) -> Iterator[House]:
    with copies() as database:
        engine = db.create_engine(database.app_url)
        with begin(engine, TESTER, wiring.SUBSCRIBERS) as work:
            desk = a_desk(work)
            print_label(work, {"subject": str(desk.waiting.order_id)})
            print_release_note(work, {"subject": str(desk.release.id)})
            stranger = builders.a_partner(work, "OTHER")
            credentials: dict[str | None, dict[str, str]] = {None: {}}
            for caller, partner in ((Role.PARTNER, desk.house.partner), ("stranger", stranger)):
                _, key = access.issue_key(work, partner.id, "test")
                credentials[caller] = {"authorization": f"Bearer {key}"}
            for role in STAFF:
                person = people.a_person(work, role, premises_id=desk.house.premises.id)
                token = people.a_session(work, person, csrf_token="sent")
                credentials[role] = {"cookie": f"session={token}", "x-csrf-token": "sent"}
            manifest = a_manifest(work, desk.house)
            disposal = a_disposal(work, desk.house)
            papers.keep(work, DISPOSAL, disposal.id, disposal.number, b"%PDF-")
            case = discrepancies.open_case(
                work, DiscrepancyKind.SEAL, premises_id=desk.house.premises.id
            )
            here = builders.as_actor(work, desk.house.clerk)
            photo = discrepancies.add_photo(here, case.id, a_picture())
            order = work.session.get_one(Order, desk.waiting.order_id)
            references = {
                "order_ref": order.external_ref, "parcel_number": desk.waiting.parcel_number,
            }  # fmt: skip
            numbers = {
                "consignments": work.session.exec(select(Consignment.number)).one(),
                "goods": work.session.exec(select(Consignment.number)).one(),
                "orders": order.number,
                "shipments": desk.waiting.number,
                "shipment-label": desk.waiting.number,
                "declarations": desk.entry.reference_number,
                "declaration": desk.entry.declaration_number,
                "release-note": work.session.exec(select(Release.number)).one(),
                "barcodes": desk.waiting.parcel_number,
                "disposal": disposal.number,
                "manifest": manifest.number,
                "discrepancies": str(case.id),
                "photos": str(photo.id),
            }
        app = create_app(Settings(), engine)
        with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
            yield House(client, desk, numbers, references, credentials)
        engine.dispose()


def a_manifest(work: Work, house: builders.House) -> Manifest:
    """A vehicle's list that was closed and printed."""
    postcodes = ("00000", "99999")
    lane = house.places["STAGE-1"].id
    route = routes.add(work, house.premises.id, "ALL", ("ทุกที่", "All"), postcodes, lane)
    manifest = manifests.open_for(work, house.premises.id, route.id, "1กก 1234", "")
    papers.keep(work, MANIFEST, manifest.id, manifest.number, b"%PDF-")
    return manifest


def a_disposal(work: Work, house: builders.House) -> Disposal:
    """Goods that are to be given to the State."""
    wanted = Disposal(
        number="DSP-1",
        premises_id=house.premises.id,
        partner_id=house.partner.id,
        kind=DisposalKind.ABANDONMENT,
        state=DisposalState.REQUESTED,
        reason="test",
        requested_by="tester",
        requested_at=work.at,
    )
    return builders.added(work, wanted)


def a_picture() -> bytes:
    """The smallest photo."""
    content = BytesIO()
    Image.new("RGB", (2, 2)).save(content, "PNG")
    return content.getvalue()


def described(case: Case, answer: Response) -> Response:
    """*answer*, which is one that the API's description gives for *case*."""
    case.validate_response(answer, checks=CONTRACT)
    if answer.status_code >= 400:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["type"].startswith("/problems/")
        assert problem["title"]
        assert problem["status"] == answer.status_code
        assert problem["request_id"] == answer.headers["x-request-id"]
    return answer


few_examples = settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


@pytest.mark.parametrize("call", CALLS, ids=named)
@few_examples
@given(data=st.data())
def test_what_is_well_formed_is_answered_as_described(
    house: House, call: Call, data: st.DataObject
) -> None:
    case = data.draw(OPERATIONS[call.operation].as_strategy(GenerationMode.POSITIVE))

    answer = house.ask(case, call.role)

    described(case, answer)


@pytest.mark.parametrize("call", SPOILT, ids=named)
@few_examples
@given(data=st.data())
def test_what_is_malformed_is_answered_as_described(
    house: House, call: Call, data: st.DataObject
) -> None:
    case = data.draw(OPERATIONS[call.operation].as_strategy(GenerationMode.NEGATIVE))

    answer = house.ask(case, call.role)

    described(case, answer)


@pytest.mark.parametrize("number", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("call", BY_PATH, ids=named)
def test_a_strange_path_is_answered_as_described(house: House, call: Call, number: str) -> None:
    case = by_path(call, number)

    answer = described(case, house.ask(case, call.role))

    assert answer.status_code in {404, 422} or call.operation == BARS


@pytest.mark.parametrize("call", BY_PATH_ALONE, ids=named)
def test_what_is_there_is_answered_as_described(house: House, call: Call) -> None:
    case = house.there(call)

    answer = described(case, house.ask(case, call.role))

    assert answer.status_code in {200, 201, 202, 409}, "409: customs has accepted the declaration"


@pytest.mark.parametrize("call", OF_PARTNERS, ids=named)
def test_what_is_anothers_is_answered_as_if_it_were_not_there(house: House, call: Call) -> None:
    theirs, nobodys = by_path(call, house.number(call)), by_path(call, "NEVER-GIVEN")

    refused = described(theirs, house.ask(theirs, "stranger"))
    unknown = described(nobodys, house.ask(nobodys, "stranger"))

    assert (refused.status_code, refused.json()["type"]) == (404, unknown.json()["type"])
    assert refused.json()["title"] == unknown.json()["title"].replace(
        "NEVER-GIVEN", house.number(call)
    )


@pytest.mark.parametrize("name", ["order_ref", "parcel_number"])
def test_a_list_holds_ones_own_and_nothing_of_others(house: House, name: str) -> None:
    case = OPERATIONS["GET /api/v1/shipments"].Case(query={name: house.references[name]})

    own = described(case, house.ask(case, Role.PARTNER))
    others = described(case, house.ask(case, "stranger"))

    assert [each["number"] for each in own.json()["shipments"]] == [house.desk.waiting.number]
    assert others.json() == {"shipments": []}


@pytest.mark.parametrize("operation", sorted(SENT))
def test_what_is_right_is_taken_and_what_is_wrong_in_one_place_is_refused(
    house: House, operation: str
) -> None:
    role, right = SENT[operation]
    described_operation = OPERATIONS[operation]
    wrong = [(place, value) for place in places(right) for value in WRONG]

    taken = described_operation.Case(body=right, media_type="application/json")
    answers = [described(taken, house.ask(taken, role))]
    for place, value in wrong:
        case = described_operation.Case(
            body=changed(right, place, value), media_type="application/json"
        )
        answers.append(described(case, house.ask(case, role)))

    assert answers[0].is_success, answers[0].text
    for (place, value), answer in zip(wrong, answers[1:], strict=True):
        assert answer.status_code in {400, 422}, f"{value!r} at {place}: {answer.text}"


def by_path(call: Call, text: str) -> Case:
    operation = OPERATIONS[call.operation]
    return operation.Case(path_parameters={each.name: text for each in operation.path_parameters})


Place = tuple[str | int, ...]


def places(body: object, *before: str | int) -> Iterator[Place]:
    """Where a value stands in *body*, the outer before the inner."""
    match body:
        case dict():
            steps: Iterable[tuple[str | int, object]] = body.items()
        case list():
            steps = enumerate(body)
        case _:
            steps = ()
    for step, inner in steps:
        yield (*before, step)
        yield from places(inner, *before, step)


def changed(body: Any, place: Place, value: object) -> Any:
    """A copy of *body* with *value* at *place*."""
    copied = deepcopy(body)
    *outer, last = place
    reduce(getitem, outer, copied)[last] = value
    return copied
