"""Declarations as JSON: found by any number, proved line by line, filed again."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from tests import people
from tests.builders import House
from tests.customs_builders import a_customs_house, an_order, declared, in_bond
from tests.desk import a_desk, a_refused_consignment
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core.work import Job, Work
from warehouse.customs.changing import amending
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.inventory.models import HandlingUnit, Lot
from warehouse.masterdata.identifiers import printed_declaration_number
from warehouse.shipments.models import Consignment, Order, Shipment

Arrange = Callable[[], AbstractContextManager[Work]]

CSRF = "token"


def signed_in(work: Work, role: Role, house: House | None = None) -> dict[str, str]:
    """Somebody who works in *house*; nowhere, who only looks."""
    premises_id = house.premises.id if house else None
    person: Person = people.a_person(work, role, premises_id=premises_id)
    return {
        "cookie": f"session={people.a_session(work, person, csrf_token=CSRF)}",
        "x-csrf-token": CSRF,
    }


def announce(work: Work, declaration: Declaration) -> None:
    """Let the database take a change of what was filed."""
    work.session.execute(amending.ANNOUNCE, {"declaration": str(declaration.id)})


def test_the_officer_sees_that_an_import_line_adds_up(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        desk = a_desk(work)
        officer = signed_in(work, Role.OFFICER)

    answer = client.get(f"/api/v1/declarations/{desk.entry.reference_number}", headers=officer)

    [line] = answer.json()["lines"]
    assert line["conservation"] == {
        "declared": "10", "to_come": "0", "on_hand": "7", "released": "0", "gone": "3",
        "holds": True,
    }  # fmt: skip
    assert [each["event"] for each in answer.json()["history"]] == [
        "customs.declaration.drafted",
        "customs.declaration.queued",
        "customs.declaration.sent",
        "customs.declaration.numbered",
    ]


def test_goods_that_have_not_arrived_are_still_to_come(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        declaration = in_bond(work, house, [(house.product, 4, "500")])
        lot = work.session.exec(select(Lot)).one()
        lot.quantity += 1  # announced, declared and never received
        line = work.session.exec(select(DeclarationLine)).one()
        announce(work, declaration)
        line.quantity += 1
        officer = signed_in(work, Role.OFFICER)

    answer = client.get(f"/api/v1/declarations/{declaration.reference_number}", headers=officer)

    [line] = answer.json()["lines"]
    assert line["conservation"]["to_come"] == "1"
    assert line["conservation"]["holds"] is True


@pytest.mark.parametrize("book", ["declared", "discharged"])
def test_a_book_that_was_changed_by_hand_does_not_add_up(
    client: TestClient, arrange: Arrange, book: str
) -> None:
    with arrange() as work:
        desk = a_desk(work)
        lines = select(DeclarationLine).where(col(DeclarationLine.entry_line_id).is_(None))
        line = work.session.exec(lines).one()
        announce(work, desk.entry)
        if book == "declared":
            line.quantity += 1
        else:
            line.discharged_quantity -= 1
        officer = signed_in(work, Role.OFFICER)

    answer = client.get(f"/api/v1/declarations/{desk.entry.reference_number}", headers=officer)

    [told] = answer.json()["lines"]
    assert told["conservation"]["holds"] is False


def test_a_release_names_the_import_line_that_it_draws_down(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        desk = a_desk(work)
        liaison = signed_in(work, Role.LIAISON)

    answer = client.get(f"/api/v1/declarations/{desk.release.declaration_number}", headers=liaison)

    [line] = answer.json()["lines"]
    assert line["draws_down"] == {
        "declaration_number": desk.entry.declaration_number, "line_number": 1,
    }  # fmt: skip
    assert line["conservation"] is None
    assert line["explained"]


def test_any_number_on_any_paper_leads_to_its_declaration(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        desk = a_desk(work)
        other = a_customs_house(work)
        in_bond(work, other, [(other.product, 10, "500")])
        liaison = signed_in(work, Role.LIAISON)
        consignment = work.session.get(Consignment, desk.entry.consignment_id)
        order = work.session.get(Order, desk.gone.id)
        shipment = work.session.exec(
            select(Shipment).where(Shipment.order_id == desk.gone.id)
        ).one()
        parcel = work.session.exec(
            select(HandlingUnit).where(HandlingUnit.consignment_id == desk.entry.consignment_id)
        ).one()
        lot = work.session.exec(select(Lot).where(Lot.handling_unit_id == parcel.id)).one()
        assert consignment is not None
        assert order is not None
        assert desk.entry.declaration_number is not None
        to_entry = (
            desk.entry.reference_number,
            desk.entry.reference_number.lower(),
            desk.entry.declaration_number,
            printed_declaration_number(desk.entry.declaration_number),
            consignment.number,
            consignment.external_ref,
            parcel.number,
        )
        to_release = (order.number, order.external_ref, shipment.number, shipment.parcel_number)

    def found(number: str) -> set[str]:
        answer = client.get("/api/v1/declarations", params={"number": number}, headers=liaison)
        return {each["reference_number"] for each in answer.json()["declarations"]}

    assert [found(number) for number in to_entry] == [{desk.entry.reference_number}] * 7
    assert [found(number) for number in to_release] == [{desk.release.reference_number}] * 4
    assert found(lot.number) == {desk.entry.reference_number, desk.release.reference_number}
    assert found("NOTHING-LIKE-THAT") == set()


def test_a_list_goes_on_where_its_first_page_ends(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        numbers = [
            in_bond(work, house, [(house.product, 1, "500")]).reference_number for _ in range(3)
        ]
        liaison = signed_in(work, Role.LIAISON)

    first = client.get("/api/v1/declarations?limit=2", headers=liaison).json()
    second = client.get(f"/api/v1/declarations?limit=2&before={first['next']}", headers=liaison)

    seen = [*first["declarations"], *second.json()["declarations"]]
    assert [each["reference_number"] for each in seen] == sorted(numbers, reverse=True)
    assert second.json()["next"] is None


def test_money_is_told_to_the_satang_as_text(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        desk = a_desk(work)
        number = work.session.get_one(Consignment, desk.entry.consignment_id).number
        liaison = signed_in(work, Role.LIAISON)

    answer = client.get(f"/api/v1/declarations?consignment={number}", headers=liaison)

    [declaration] = answer.json()["declarations"]
    assert declaration["cif_baht"] == "5000.00"
    # 20 % duty on a handbag, then 7 % value added tax on 6,000 baht
    assert declaration["suspended_baht"] == "1420.00"
    assert declaration["total_tax"] == "0.00"


def test_filing_again_cancels_and_queues_the_next_draft(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        in_bond(work, house, [(house.product, 5, "500")])
        queued = declared(work, an_order(work, house, house.product, 1))
        assert queued is not None
        number = queued.reference_number
        liaison = signed_in(work, Role.LIAISON, house)

    answer = client.post(f"/api/v1/declarations/{number}/submission", headers=liaison)
    again = client.post(f"/api/v1/declarations/{number}/submission", headers=liaison)

    assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")
    assert again.status_code == 409
    with arrange() as work:
        job = work.session.exec(select(Job).where(Job.name == "declare-release")).all()[-1]
        assert job.facts["subject"] == str(queued.order_id)


def test_a_consignment_that_was_refused_can_be_tried_again(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        consignment = a_refused_consignment(work, house)
        liaison = signed_in(work, Role.LIAISON, house)
        jobs = len(work.session.exec(select(Job)).all())

    answer = client.post(f"/api/v1/consignments/{consignment.number}/declaration", headers=liaison)

    assert answer.status_code == 202
    with arrange() as work:
        assert len(work.session.exec(select(Job)).all()) == jobs + 1
        assert work.session.exec(select(Declaration)).all() == []


def test_only_the_liaison_files_again(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        desk = a_desk(work)
        officer = signed_in(work, Role.OFFICER)

    answer = client.post(
        f"/api/v1/declarations/{desk.entry.reference_number}/submission", headers=officer
    )

    assert answer.status_code == 403
