"""Customs is away for long: what it decides on paper counts, and its computer has it later."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import select

from tests import pictures
from tests.integration.test_filing import Office, an_office
from tests.scenarios.world import World
from warehouse import wiring
from warehouse.access.vocabulary import Role
from warehouse.core import clock, jobs
from warehouse.customs.models import Declaration, HandDecision
from warehouse.customs.posting import outages
from warehouse.customs.vocabulary import DeclarationState, DocumentType, DutyAccount
from warehouse.inventory.models import Lot
from warehouse.settings import Settings
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import CustomsStatus

ENTRY_NUMBER, HOME_USE_NUMBER = "81100690800001", "8110P690800001"
PARCELS = [
    ("PARCEL-1", "BAG-1", 1, "1000"),
    ("PARCEL-2", "BAG-1", 1, "1000"),
]  # 284 baht of duty and VAT a bag


def an_outage(world: World) -> Office:
    """Customs is away for an hour, and a consignment waits for it."""
    with world.arrange() as work:
        for _ in range(outages.FAILURES_OF_AN_OUTAGE):
            outages.note_silence(work)
    office = an_office(outage_until=clock.now() + timedelta(hours=1))
    world.announce(PARCELS)
    work_off(world, office)
    return office


def work_off(world: World, office: Office) -> None:
    """The worker does what is due, and asks customs for answers."""
    known = wiring.jobs(Settings())
    known = replace(
        known,
        handlers=known.handlers | office.jobs.handlers,
        callers=known.callers | office.jobs.callers,
    )
    for _ in range(5):
        world.wait(minutes=1)
        with world.arrange() as work:
            work.defer("fetch-answers", once=f"fetch@{work.at}")
        jobs.drain(world.database, known)


def declaration(world: World, kind: DocumentType = DocumentType.IMPORT) -> Declaration:
    """The only declaration of a *kind*, as it stands now."""
    [found] = world.rows(select(Declaration).where(Declaration.document_type == kind))
    return found


def decisions(world: World) -> list[HandDecision]:
    return list(world.rows(select(HandDecision).order_by(HandDecision.id)))


def record(
    world: World,
    found: Declaration,
    kind: str = "numbered",
    *,
    picture: bytes | None = None,
    **changes: str,
) -> Any:
    """Ratree records a paper of the officer, decided this minute."""
    liaison = world.colleague(Role.LIAISON, "ratree")
    liaison.sign_in()
    fields = {
        "csrf_token": "token",
        "kind": kind,
        "officer": world.colleague(Role.OFFICER, "arun").person.username,
        "decided_at": clock.now().astimezone(clock.BANGKOK).strftime("%Y-%m-%dT%H:%M"),
        "declaration_number": ENTRY_NUMBER if kind == "numbered" else "",
    }
    return liaison.client.post(
        f"/by-hand/{found.reference_number}",
        data=fields | changes,
        files={"picture": ("paper.jpg", picture or pictures.a_photo(), "image/jpeg")},
    )


def paper(world: World, role: Role, name: str, act: str) -> Any:
    """*name* does *act* with the paper that was recorded last."""
    decision = decisions(world)[-1]
    [found] = world.rows(select(Declaration).where(Declaration.id == decision.declaration_id))
    path = f"/by-hand/{found.reference_number}/papers/{decision.id}/{act}"
    return world.colleague(role, name).submit(path)


def confirmed(world: World, found: Declaration, kind: str = "numbered", **changes: str) -> None:
    """Ratree records a paper, and the manager confirms it."""
    assert record(world, found, kind, **changes).status_code == 303
    assert paper(world, Role.MANAGER, "wichai", "approval").status_code == 303


def test_goods_come_and_go_on_paper_and_the_computer_of_customs_has_it_all_afterwards(
    world: World,
) -> None:
    office = an_outage(world)
    entry = declaration(world)
    listed = world.colleague(Role.LIAISON, "ratree").get("/by-hand").text
    confirmed(world, entry)
    lots = world.rows(select(Lot))
    suspended = (world.guarantee(), world.duty()[DutyAccount.SUSPENSE])
    for parcel, bin_code in (("PARCEL-1", "A-01"), ("PARCEL-2", "A-02")):
        world.store(parcel, bin_code)
    order, shipment = world.order("BAG-1", 1)
    work_off(world, office)
    home_use = declaration(world, DocumentType.HOME_USE)
    confirmed(world, home_use, declaration_number=HOME_USE_NUMBER)
    confirmed(world, home_use, "released")
    world.dispatch(shipment, [("A-01", "PARCEL-1")])
    heard_during = office.heard()
    left, owed = world.guarantee(), world.duty()
    promised = world.colleague(Role.LIAISON, "ratree").get("/by-hand").text

    world.wait(hours=1)
    work_off(world, office)

    assert entry.reference_number in listed
    assert {each.declaration_number for each in lots} == {ENTRY_NUMBER}
    assert suspended == ((0, 568), 568)
    [gone] = world.rows(select(Shipment).where(Shipment.order_id == order.id))
    assert gone.customs is CustomsStatus.RELEASED
    assert (left, owed[DutyAccount.SUSPENSE]) == ((0, 284), 284)
    assert heard_during == []
    heard = {each["reference_number"]: each["declaration_number"] for each in office.heard()}
    assert heard == {
        entry.reference_number: ENTRY_NUMBER,
        home_use.reference_number: HOME_USE_NUMBER,
    }
    assert declaration(world).state is DeclarationState.RELEASED
    assert (world.guarantee(), world.duty()) == (left, owed)
    assert [each.known_at is not None for each in decisions(world)] == [True, True, False]
    page = world.colleague(Role.MANAGER, "wichai").get("/by-hand").text
    assert [each.count("เมื่อคอมพิวเตอร์ศุลกากรตอบ") for each in (promised, page)] == [2, 0]
    assert page.count("มีแล้ว") == 2
    world.prove()


def test_a_paper_counts_once_another_person_has_confirmed_it(world: World) -> None:
    an_outage(world)
    entry = declaration(world)
    record(world, entry)
    liaison = world.colleague(Role.LIAISON, "ratree")
    path = f"/by-hand/{entry.reference_number}"

    to_do = world.colleague(Role.MANAGER, "wichai").get("/worklist").text
    own = paper(world, Role.LIAISON, "ratree", "approval")
    before = (declaration(world).state, world.guarantee(), world.duty())
    looked_at = world.colleague(Role.MANAGER, "wichai").get(
        f"{path}/papers/{decisions(world)[0].id}"
    )
    confirmation = paper(world, Role.MANAGER, "wichai", "approval")
    too_late = paper(world, Role.LIAISON, "ratree", "withdrawal")

    assert path in to_do
    assert (own.status_code, "ratree" in own.text) == (409, True)
    assert before == (DeclarationState.QUEUED, (568, 0), {})
    assert looked_at.content == pictures.a_photo()
    assert (confirmation.status_code, too_late.status_code) == (303, 404)
    assert declaration(world).state is DeclarationState.NUMBERED
    assert "wichai" in liaison.get(path).text
    assert f'href="{path}"' not in liaison.get("/worklist").text
    world.prove()


BAD = {
    "of another kind of declaration": ({"declaration_number": HOME_USE_NUMBER}, 422),
    "of customs' computer": ({"declaration_number": "A0030690800012"}, 422),
    "not there": ({"declaration_number": " "}, 422),
    "signed by nobody we know": ({"officer": "somebody"}, 422),
    "decided in an hour": ({"decided_at": "2026-08-03T09:10"}, 422),
    "decided before it was queued": ({"decided_at": "2026-08-03T08:00"}, 422),
    "of no time": ({"decided_at": "yesterday"}, 422),
    "without a picture": ({"picture": b"%PDF-1.7"}, 422),
    "with too large a picture": ({"picture": pictures.a_photo() + bytes(5 * 2**20)}, 422),
    "of goods that have no number yet": ({"kind": "released", "declaration_number": ""}, 409),
}


def test_a_paper_that_cannot_be_right_is_refused_and_says_why(world: World) -> None:
    an_outage(world)
    entry = declaration(world)

    answers = {how: record(world, entry, **changes) for how, (changes, _) in BAD.items()}

    statuses = {how: answer.status_code for how, answer in answers.items()}
    assert statuses == {how: status for how, (_, status) in BAD.items()}
    said = [how for how, answer in answers.items() if 'role="alert">' not in answer.text]
    assert said == ["of no time"], "its sentence is that of every form"
    assert "8110069110" in answers["of another kind of declaration"].text
    assert 'value="somebody"' in answers["signed by nobody we know"].text, "what was typed is kept"
    assert decisions(world) == []
    assert declaration(world).state is DeclarationState.QUEUED
    world.prove()


def test_a_paper_recorded_wrongly_is_withdrawn_and_its_place_taken(world: World) -> None:
    an_outage(world)
    entry = declaration(world)
    record(world, entry, declaration_number="8110-0690800009")
    twice = record(world, entry)

    withdrawn = paper(world, Role.LIAISON, "ratree", "withdrawal")
    too_late = paper(world, Role.MANAGER, "wichai", "approval")
    confirmed(world, entry)

    assert (twice.status_code, withdrawn.status_code, too_late.status_code) == (409, 303, 404)
    page = world.colleague(Role.LIAISON, "ratree").get("/by-hand").text
    assert "8110-0690800009" in page
    assert f"ถอนโดย {world.colleague(Role.LIAISON, 'ratree').person.username}" in page
    assert declaration(world).declaration_number == ENTRY_NUMBER
    world.prove()


def test_a_number_of_another_declaration_is_not_recorded(world: World) -> None:
    world.in_bond([("BOX-1", "TEE-1", 1, "100")], number=ENTRY_NUMBER)
    an_outage(world)
    [waiting] = world.rows(select(Declaration).where(Declaration.state == DeclarationState.QUEUED))

    refused = record(world, waiting)

    assert (refused.status_code, ENTRY_NUMBER in refused.text) == (409, True)
    assert decisions(world) == []
    world.prove()


def test_while_customs_answers_nothing_is_recorded_by_hand(world: World) -> None:
    office = an_outage(world)
    entry = declaration(world)
    world.wait(hours=1)
    work_off(world, office)

    refused = record(world, entry)

    liaison = world.colleague(Role.LIAISON, "ratree")
    page, of_entry = (
        liaison.get(f"/by-hand{each}").text for each in ("", f"/{entry.reference_number}")
    )
    assert refused.status_code == 409
    assert decisions(world) == []
    assert '<form method="post" action="/by-hand' not in page + of_entry
    assert entry.reference_number not in page
    world.prove()


def test_another_premises_sees_and_decides_nothing_of_it(world: World) -> None:
    an_outage(world)
    entry = declaration(world)
    record(world, entry)
    stranger = world.colleague(Role.LIAISON, "chai", "BW-CNX-02")
    path = f"/by-hand/{entry.reference_number}"
    of_paper = f"{path}/papers/{decisions(world)[0].id}"

    seen = [stranger.get(path), stranger.get(of_paper)]
    done = [stranger.submit(f"{of_paper}/{act}") for act in ("approval", "withdrawal")]

    assert [each.status_code for each in (*seen, *done)] == [404] * 4
    assert entry.reference_number not in stranger.get("/by-hand").text
    assert entry.reference_number not in stranger.get("/worklist").text
    world.prove()
