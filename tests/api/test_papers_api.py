"""Papers over the wire: for whom they are, and as they were made."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager

from fastapi.testclient import TestClient

from tests import builders, people, pictures
from tests.customs_builders import a_customs_house, an_order, in_bond
from warehouse.access import commands as access
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.masterdata.identifiers import printed_declaration_number
from warehouse.operations.printing.papers import print_declaration, print_label
from warehouse.shipments import queries as shipments

Arrange = Callable[[], AbstractContextManager[Work]]


def signed_in(work: Work, role: Role, premises_id: object) -> dict[str, str]:
    person = people.a_person(work, role, premises_id=premises_id)
    return {"cookie": f"session={people.a_session(work, person)}"}


def by_key(work: Work, partner_id: object) -> dict[str, str]:
    return {"authorization": f"Bearer {access.issue_key(work, partner_id, 'test')[1]}"}


def a_printed_label(work: Work) -> tuple[builders.House, str]:
    """An order's shipment number; its label is made."""
    house = a_customs_house(work)
    in_bond(work, house, [(house.product, 10, "500")])
    order = an_order(work, house, house.product, 3)
    print_label(work, {"subject": str(order.id)})
    return house, shipments.shipment_of_order(work.session, order.id).number


def test_a_partner_gets_the_label_of_its_own_shipment(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house, number = a_printed_label(work)
        key = by_key(work, house.partner.id)

    answer = client.get(f"/api/v1/shipments/{number}/label", headers=key)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert number.encode() in pictures.decoded(pictures.rendered(answer.content))


def test_another_partners_label_is_as_if_not_there(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        _, number = a_printed_label(work)
        key = by_key(work, builders.a_partner(work, "OTHER").id)

    others = client.get(f"/api/v1/shipments/{number}/label", headers=key)
    nobodys = client.get("/api/v1/shipments/SHP-1999-000001/label", headers=key)

    assert others.status_code == nobodys.status_code == 404
    assert others.json()["type"] == nobodys.json()["type"] == "/problems/shipment-not-found"


def test_a_paper_that_is_not_made_yet_is_told_apart(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        entry = in_bond(work, house, [(house.product, 10, "500")])
        liaison = signed_in(work, Role.LIAISON, house.premises.id)

    unmade = client.get(f"/papers/declaration/{entry.reference_number}.pdf", headers=liaison)
    unknown = client.get("/papers/declaration/TPBW999999999.pdf", headers=liaison)

    assert (unmade.status_code, unmade.json()["type"]) == (404, "/problems/paper-not-made")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/declaration-not-found")


def test_the_liaison_finds_a_declaration_by_any_of_its_numbers(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        entry = in_bond(work, house, [(house.product, 10, "500")])
        print_declaration(work, {"subject": str(entry.id)})
        liaison = signed_in(work, Role.LIAISON, house.premises.id)
    number = entry.declaration_number
    assert number is not None

    answers = [
        client.get(f"/papers/declaration/{name}.pdf", headers=liaison)
        for name in (entry.reference_number, number, printed_declaration_number(number))
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.content for answer in answers}) == 1


def test_a_clerk_prints_the_places_of_their_own_warehouse(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = builders.a_house(work)
        builders.a_house(work, "BW-ELSEWHERE")
        clerk = signed_in(work, Role.CLERK, house.premises.id)

    everything = client.get("/labels/locations.pdf", headers=clerk)
    one = client.get("/labels/locations.pdf?code=A2", headers=clerk)
    unknown = client.get("/labels/locations.pdf?code=NOWHERE", headers=clerk)

    assert pictures.page_count(everything.content) == 5
    assert pictures.decoded(pictures.rendered(one.content)) == [b"LOC-A2"]
    assert unknown.status_code == 404


def test_a_clerk_prints_labels_for_goods_that_came(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house = builders.a_house(work)
        parcel = builders.a_parcel(work, house)
        (lot,) = builders.lots_in(work, house, parcel)
        number = work.sql("SELECT number FROM consignment").fetchone()[0]
        clerk = signed_in(work, Role.CLERK, house.premises.id)

    answer = client.get(f"/labels/goods/{number}.pdf", headers=clerk)

    assert pictures.decoded(pictures.rendered(answer.content)) == [parcel.encode()]
    assert lot.number in pictures.extracted(answer.content)


def test_bars_for_a_screen_are_drawn_or_refused(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house = builders.a_house(work)
        clerk = signed_in(work, Role.CLERK, house.premises.id)

    drawn = client.get("/barcodes/LOC-A1.svg", headers=clerk)
    refused = client.get("/barcodes/คลัง.svg", headers=clerk)

    assert drawn.headers["content-type"] == "image/svg+xml"
    assert b"<rect" in drawn.content
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-encodable")
