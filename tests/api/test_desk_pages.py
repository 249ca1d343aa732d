"""The desk's pages: what each role may open, what they say, and what their buttons do."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from tests import people
from tests.builders import House
from tests.customs_builders import a_customs_house
from tests.desk import a_desk, a_refused_consignment
from warehouse.access.vocabulary import Role
from warehouse.core.work import Job, Work
from warehouse.customs.models import CustomsMessage
from warehouse.customs.vocabulary import Direction, MessageState
from warehouse.masterdata.identifiers import printed_declaration_number
from warehouse.operations.printing.papers import print_label
from warehouse.shipments.models import Consignment, Shipment

Arrange = Callable[[], AbstractContextManager[Work]]

CSRF = "token"
HTML = {"accept": "text/html"}
LISTS = ("/consignments", "/shipments", "/stock", "/declarations", "/guarantee", "/proofs")


def signed_in(
    work: Work, role: Role, language: str = "en", *, house: House | None = None
) -> dict[str, str]:
    """Somebody who works in *house*; nowhere, who only looks."""
    person = people.a_person(work, role, premises_id=house.premises.id if house else None)
    person.language = language
    return HTML | {"cookie": f"session={people.a_session(work, person, csrf_token=CSRF)}"}


def words(page: str) -> str:
    """What stands on a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_says_what_will_fill_it(
    client: TestClient, arrange: Arrange, path: str
) -> None:
    with arrange() as work:
        officer = signed_in(work, Role.OFFICER)

    answer = client.get(path, headers=officer)

    assert answer.status_code == 200
    assert 'class="empty"' in answer.text or path == "/proofs"


def test_the_officer_sees_the_equation_of_a_line_and_every_movement_behind_it(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        desk = a_desk(work)
        officer = signed_in(work, Role.OFFICER)

    answer = client.get(f"/declarations/{desk.entry.reference_number}", headers=officer)

    text = words(answer.text)
    assert "10 declared = 0 to come + 7 on hand + 3 gone out ✔ Adds up" in text
    assert "4 movements behind it" in text
    assert f"/papers/declaration/{desk.entry.declaration_number}.pdf" in answer.text
    assert "File again" not in text


def test_duty_is_shown_with_base_rate_day_and_law(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        desk = a_desk(work)
        liaison = signed_in(work, Role.LIAISON)

    answer = client.get(f"/declarations/{desk.release.reference_number}", headers=liaison)

    text = words(answer.text)
    assert "Import duty 1,500.00 baht 20 % 300.00" in text
    assert "Customs Act B.E. 2560" in text
    assert printed_declaration_number(str(desk.entry.declaration_number)) in text


def test_thai_pages_show_the_buddhist_year(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        desk = a_desk(work)
        liaison = signed_in(work, Role.LIAISON, "th")

    answer = client.get(f"/declarations/{desk.entry.reference_number}", headers=liaison)

    assert f" {desk.entry.import_date.year + 543}</time>" in answer.text


def test_the_worklist_tells_what_could_not_be_drafted_and_tries_it_again(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        consignment = a_refused_consignment(work, house)
        liaison = signed_in(work, Role.LIAISON, house=house)
        jobs = len(work.session.exec(select(Job)).all())

    page = client.get("/declarations", headers=liaison)
    pressed = client.post(
        f"/consignments/{consignment.number}/declaration",
        data={"csrf_token": CSRF},
        headers=liaison,
    )

    assert "XAU" in words(page.text)
    assert f'action="/consignments/{consignment.number}/declaration"' in page.text
    assert pressed.status_code == 303
    with arrange() as work:
        assert len(work.session.exec(select(Job)).all()) == jobs + 1


def test_a_button_without_its_token_changes_nothing(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        consignment = a_refused_consignment(work, house)
        liaison = signed_in(work, Role.LIAISON, house=house)
        jobs = len(work.session.exec(select(Job)).all())

    answer = client.post(f"/consignments/{consignment.number}/declaration", headers=liaison)

    assert answer.status_code == 403
    with arrange() as work:
        assert len(work.session.exec(select(Job)).all()) == jobs


def test_a_clerk_sees_goods_but_opens_no_declaration(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        desk = a_desk(work)
        print_label(work, {"subject": str(desk.gone.id)})
        shipment = work.session.exec(
            select(Shipment).where(Shipment.order_id == desk.gone.id)
        ).one()
        clerk = signed_in(work, Role.CLERK)

    page = client.get(f"/shipments/{shipment.number}", headers=clerk)
    declaration = client.get(f"/declarations/{desk.entry.reference_number}", headers=clerk)

    assert page.status_code == 200
    assert f"/papers/shipment-label/{shipment.number}.pdf" in page.text
    assert 'href="/declarations' not in page.text
    assert "สมหญิง" not in page.text  # the buyer stands on the label alone
    assert declaration.status_code == 403


def test_a_consignment_says_where_each_lot_stands(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        desk = a_desk(work)
        number = work.session.get_one(Consignment, desk.entry.consignment_id).number
        clerk = signed_in(work, Role.CLERK)

    text = words(client.get(f"/consignments/{number}", headers=clerk).text)

    entry = printed_declaration_number(str(desk.entry.declaration_number))
    assert "Handbag BAG-1 10 pieces" in text
    assert f"A1 {entry} / 1" in text


def test_stock_is_found_by_place_lot_article_and_declaration(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        desk = a_desk(work)
        number = printed_declaration_number(str(desk.entry.declaration_number))
        clerk = signed_in(work, Role.CLERK)

    def rows(wanted: str) -> int:
        return client.get("/stock", params={"wanted": wanted}, headers=clerk).text.count("LOT-")

    assert [rows(each) for each in ("", "A", "loc-a1", "BAG-1", number)] == [1] * 5
    assert rows("B") == 0


def test_the_guarantee_shows_what_stands_against_it(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        a_desk(work)
        manager = signed_in(work, Role.MANAGER)

    text = words(client.get("/guarantee", headers=manager).text)

    # 1,420 baht were debited; three of the ten pieces gave their share back
    assert "0.00 set aside, baht + 994.00 debited = 994.00 used of 5,000,000.00" in text
    assert "Given back: goods were discharged" in text


def test_a_stopped_job_runs_again_when_its_button_is_pressed(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        work.defer("print-label", once="it")
        job = work.session.exec(select(Job)).one()
        job.stopped_at, job.attempts, job.error = work.at, 8, "ValueError: no paper"
        supervisor = signed_in(work, Role.SUPERVISOR)

    page = client.get("/jobs", headers=supervisor)
    pressed = client.post(f"/jobs/{job.id}/retry", data={"csrf_token": CSRF}, headers=supervisor)

    assert "ValueError: no paper" in words(page.text)
    assert pressed.status_code == 303
    with arrange() as work:
        assert work.session.get_one(Job, job.id).stopped_at is None


def test_every_proof_is_shown_with_its_count(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        a_desk(work)
        manager = signed_in(work, Role.MANAGER)

    text = words(client.get("/proofs", headers=manager).text)

    assert "Every balance is the sum of its movements 3 ✔ Adds up" in text
    # the goods of this test were moved by scans that nobody wrote down
    assert "Not everything adds up." in text
    assert re.search(r"✘ Does not add up movement \S+ names scan", text)


def test_a_message_comes_back_byte_for_byte(client: TestClient, arrange: Arrange) -> None:
    raw = "<answer>ที่</answer>".encode()
    with arrange() as work:
        desk = a_desk(work)
        work.session.add(
            CustomsMessage(
                direction=Direction.IN,
                transport_id="one",
                declaration_id=desk.entry.id,
                raw=raw,
                sha256="0" * 64,
                state=MessageState.APPLIED,
                at=work.at,
            )
        )
        officer = signed_in(work, Role.OFFICER)
    path = f"/declarations/{desk.entry.reference_number}"
    link = re.search(rf'href="({path}/messages/[0-9]+)"', client.get(path, headers=officer).text)
    assert link is not None

    answer = client.get(link[1], headers=officer)
    missing = client.get(f"{path}/messages/999", headers=officer)

    assert answer.content == raw
    assert answer.headers["content-disposition"].startswith("attachment")
    assert missing.status_code == 404
