"""Anybody may ask whether a paper holds; a day's papers come as one file."""

import hashlib
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from tests import builders, people, pictures
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    accepted,
    an_order,
    declared,
    drafted,
    in_bond,
    released,
)
from warehouse import wiring
from warehouse.access.vocabulary import Role
from warehouse.core import jobs, papers
from warehouse.core.papers import Paper, PaperEvent
from warehouse.core.work import Event, Work
from warehouse.customs import queries
from warehouse.customs.models import Declaration, Release
from warehouse.operations.models import PaperBatch
from warehouse.operations.printing import papers as printing
from warehouse.operations.vocabulary import BatchState
from warehouse.settings import Settings

Arrange = Callable[[], AbstractContextManager[Work]]
HTML = {"accept": "text/html", "accept-language": "en"}


@dataclass(frozen=True)
class Desk:
    """An entry and a release, printed, and how their liaison and a stranger's are signed in."""

    entry: Declaration
    paper: Paper
    release: Release
    note: Paper
    liaison: dict[str, str]
    stranger: dict[str, str]


def signed_in(work: Work, premises_id: object, role: Role = Role.LIAISON) -> dict[str, str]:
    person = people.a_person(work, role, premises_id=premises_id)
    token = people.a_session(work, person, csrf_token="known")
    return HTML | {"cookie": f"session={token}", "x-csrf-token": "known"}


@pytest.fixture
def desk(arrange: Arrange) -> Desk:
    with arrange() as work:
        house = a_customs_house(work)
        entry = in_bond(work, house, [(house.product, 10, "500")])
        printing.print_declaration(work, {"subject": str(entry.id)})
        out = released(work, declared(work, an_order(work, house, house.product, 3)))
        printing.print_release_note(work, {"subject": str(out.id)})
        release = queries.release_of_order(work.session, out.order_id)
        return Desk(
            entry,
            printing.paper_by_number(work.session, printing.DECLARATION, entry.declaration_number),
            release,
            printing.paper_by_number(work.session, printing.RELEASE_NOTE, release.number),
            signed_in(work, house.premises.id),
            signed_in(work, builders.a_house(work, "BW-FAR").premises.id, Role.MANAGER),
        )


def standing(client: TestClient, paper: Paper) -> tuple[int, str]:
    answer = client.get(f"/verify/{paper.verify_code}", headers=HTML)
    return answer.status_code, answer.text.partition('data-standing="')[2].partition('"')[0]


def test_the_code_on_a_paper_leads_to_what_it_is_and_says_it_is_genuine(
    client: TestClient, desk: Desk
) -> None:
    codes = pictures.decoded(pictures.rendered(desk.paper.content))
    [link] = [code.decode() for code in codes if b"/verify/" in code]

    answer = client.get("/verify/" + link.rpartition("/")[2], headers=HTML)

    assert link == f"{Settings().site}/verify/{desk.paper.verify_code}"
    assert answer.status_code == 200
    for told in (
        'data-standing="genuine"', desk.paper.number, desk.paper.sha256, "Genuine: we printed",
    ):  # fmt: skip
        assert told in answer.text
    assert desk.entry.consignor_name not in answer.text


def test_a_code_that_was_never_drawn_is_unknown(client: TestClient) -> None:
    unknown = client.get("/verify/" + "A" * 16, headers=HTML)
    guessed = client.get("/verify/A0030690800012", headers=HTML)

    assert (unknown.status_code, guessed.status_code) == (404, 422)
    assert 'data-standing="unknown"' in unknown.text


def test_a_changed_byte_is_told(client: TestClient, desk: Desk) -> None:
    path, file = f"/verify/{desk.paper.verify_code}", desk.paper.content
    changed = file[:-20] + bytes([file[-20] ^ 1]) + file[-19:]

    same = client.post(path, files={"paper": file}, headers=HTML).text
    other = client.post(path, files={"paper": changed}, headers=HTML).text
    found = client.post("/verify", files={"paper": file}, headers=HTML)
    foreign = client.post("/verify", files={"paper": changed}, headers=HTML)

    assert "byte for byte" in same
    assert "is NOT the paper we printed" in other
    assert hashlib.sha256(changed).hexdigest() in other
    assert (found.status_code, foreign.status_code) == (200, 404)
    assert desk.paper.number in found.text
    assert desk.paper.number not in foreign.text


def test_a_newer_version_supersedes_and_a_revoked_release_revokes(
    client: TestClient, arrange: Arrange, desk: Desk
) -> None:
    before = standing(client, desk.paper), standing(client, desk.note)

    with arrange() as work:
        papers.keep(
            work, printing.DECLARATION, desk.entry.id, desk.paper.number, b"%PDF-2", version=2
        )
        release = work.session.get_one(Release, desk.release.id)
        release.revoked_at, release.revoked_by = work.at, "tester"

    assert before == ((200, "genuine"), (200, "genuine"))
    assert standing(client, desk.paper) == (200, "superseded")
    assert standing(client, desk.note) == (200, "revoked")


def test_a_working_copy_is_marked_until_customs_numbers_the_declaration(
    client: TestClient, arrange: Arrange
) -> None:
    with arrange() as work:
        house = a_customs_house(work)
        entry = drafted(work, a_consignment(work, house, [(house.product, 4, "250")]))
        liaison = signed_in(work, house.premises.id)

    printed = client.post(f"/papers/working-copy/{entry.reference_number}", headers=liaison)
    file = client.get(printed.headers["location"], headers=liaison).content

    assert printed.status_code == 303
    assert "WORKING COPY: customs has given no number yet" in pictures.extracted(file)
    page = client.get(f"/declarations/{entry.reference_number}", headers=liaison).text
    assert f'action="/papers/assessment/{entry.reference_number}"' in page
    assert '<option value="' in page
    with arrange() as work:
        copy = printing.paper_by_number(work.session, "working-copy", entry.reference_number)
        assert standing(client, copy) == (200, "genuine")
        accepted(work, work.session.get_one(Declaration, entry.id))
        printing.print_declaration(work, {"subject": str(entry.id)})
    assert standing(client, copy) == (200, "superseded")
    late = client.post(f"/papers/working-copy/{entry.reference_number}", headers=liaison)
    assert late.status_code == 409


def test_papers_are_printed_when_asked_for_within_the_warehouse(
    client: TestClient, arrange: Arrange, desk: Desk
) -> None:
    with arrange() as work:
        out = work.session.get_one(Declaration, desk.release.declaration_id)
    came, left = desk.entry.declaration_number, out.declaration_number
    asked = {
        f"/papers/entry-statement/{came}": "10 C62 3 C62 7 C62",
        f"/papers/withdrawal-statement/{left}": "10 C62 3 C62 7 C62",
        f"/papers/assessment/{left}": "ใบประเมินค่าภาษีอากร",
    }

    for path, told in asked.items():
        printed = client.post(path, headers=desk.liaison)
        again = client.post(path, headers=desk.liaison)
        file = client.get(f"{path}.pdf", headers=desk.liaison).content

        assert printed.status_code == again.status_code == 303
        assert told in " ".join(pictures.extracted(file).split())
        assert client.get(f"{path}.pdf", headers=desk.stranger).status_code == 404
        assert client.post(path, headers=desk.stranger).status_code == 404
    wrong = client.post(f"/papers/entry-statement/{left}", headers=desk.liaison)
    assert wrong.status_code == 409


def test_a_reprint_says_why(client: TestClient, arrange: Arrange, desk: Desk) -> None:
    def reprint(reason: str, who: dict[str, str]) -> int:
        asked = {"paper_id": str(desk.paper.id), "reason": reason}
        return client.post("/reprints", data=asked, headers=who).status_code

    answers = (
        reprint(" ", desk.liaison),
        reprint("lost at the gate", desk.liaison),
        reprint("curious", desk.stranger),
    )

    assert answers == (422, 303, 404)
    with arrange() as work:
        [told] = work.session.exec(
            select(Event).where(Event.name == PaperEvent.REPRINTED.value)
        ).all()
    assert told.facts["reason"] == "lost at the gate"


@pytest.mark.parametrize("form", ["zip", "merged"])
def test_a_days_declarations_come_as_one_file(
    client: TestClient, arrange: Arrange, database: Engine, desk: Desk, form: str
) -> None:
    with arrange() as work:
        out = work.session.get_one(Declaration, desk.release.declaration_id)
        printing.print_declaration(work, {"subject": str(out.id)})
        today = work.today
    asked = client.post(
        "/batches", data={"day": today.isoformat(), "form": form}, headers=desk.liaison
    )
    growing = client.get("/batches", headers=desk.liaison)

    jobs.drain(database, wiring.jobs(Settings()))
    ready = client.get("/batches", headers=desk.liaison)

    assert asked.status_code == 303
    assert (growing.headers["refresh"], "refresh" in ready.headers) == ("3", False)
    assert "0 / 2" in growing.text
    assert "2 / 2" in ready.text
    with arrange() as work:
        [batch] = work.session.exec(select(PaperBatch)).all()
        kept = work.session.exec(select(Paper).where(Paper.kind == printing.DECLARATION)).all()
    assert batch.state is BatchState.DONE
    path = f"/batches/{batch.id}/file"
    file = client.get(path, headers=desk.liaison).content
    assert hashlib.sha256(file).hexdigest() == batch.sha256
    if form == "zip":
        entries = zipfile.ZipFile(BytesIO(file))
        contents = {entries.read(name) for name in entries.namelist() if name.endswith(".pdf")}
        assert contents == {paper.content for paper in kept}
    else:
        pages = sum(pictures.page_count(paper.content) for paper in kept)
        assert pictures.page_count(file) == pages
    assert client.get(path, headers=desk.stranger).status_code == 404


def test_a_day_without_declarations_makes_no_batch(client: TestClient, arrange: Arrange) -> None:
    with arrange() as work:
        liaison = signed_in(work, builders.a_house(work).premises.id)

    asked = client.post("/batches", data={"day": "2026-01-01", "form": "zip"}, headers=liaison)

    assert asked.status_code == 404
