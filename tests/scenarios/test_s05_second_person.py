"""S5, at the desk: what one person drafts or corrects another approves; what customs refused."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests import customs_builders
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event
from warehouse.customs.gateway import AnswerKind, Reason
from warehouse.customs.models import Declaration, DeclarationLine, GuaranteeAccount
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState
from warehouse.operations.clearance import answers
from warehouse.operations.intake import cancelling
from warehouse.shipments.models import Order

PARCELS = [
    ("PARCEL-1", "CREAM-1", 10, "100"),
    ("PARCEL-2", "TEE-1", 5, "100"),
    ("PARCEL-3", "BAG-1", 1, "412"),
    ("PARCEL-4", "TEE-1", 1, "1000"),
]


@pytest.fixture
def draft(world: World) -> Declaration:
    """Four lines that customs has refused for line 4, as their next version."""
    with world.arrange() as work:
        refused = customs_builders.sent(
            work, customs_builders.drafted(work, world.announce(PARCELS))
        )
        said = customs_builders.an_answer(work, refused, AnswerKind.REJECTED)
        said = replace(said, errors=(Reason("D04", "Tariff Code Not Valid", 4),))
        answers.effects_of(refused)[said.kind](work, refused, said)
    world.run_jobs()
    [found] = world.rows(select(Declaration).where(Declaration.version == 2))
    return found


def now(world: World, draft: Declaration) -> Declaration:
    [found] = world.rows(select(Declaration).where(Declaration.id == draft.id))
    return found


def correct(world: World, draft: Declaration, line: int, field: str, new: str) -> Any:
    liaison = world.colleague(Role.LIAISON, "anong")
    liaison.sign_in()
    return liaison.client.patch(
        f"/api/v1/declarations/{draft.reference_number}",
        json={"changes": [{"line": line, "field": field, "new": new}]},
        headers={"x-csrf-token": "token", "if-match": f'"{draft.revision}"'},
    )


def approve(world: World, draft: Declaration, role: Role = Role.LIAISON, name: str = "boon") -> Any:
    path = f"/api/v1/declarations/{draft.reference_number}/approval"
    return world.colleague(role, name).post(path, {})


def test_what_one_corrects_another_approves_and_then_it_is_queued(
    world: World, draft: Declaration
) -> None:
    corrected = correct(world, draft, 4, "hs_code", "4202.22.00")

    own = approve(world, draft, name="anong")
    approved = approve(world, draft, Role.MANAGER)

    assert corrected.status_code == 200, corrected.text
    assert (own.status_code, own.json()["type"]) == (409, "/problems/second-person-needed")
    assert approved.json()["state"] == DeclarationState.QUEUED
    filed = now(world, draft)
    assert (filed.drafted_by[:5], filed.approved_by[:4]) == ("anong", "boon")
    [line] = world.rows(
        select(DeclarationLine).where(
            DeclarationLine.declaration_id == draft.id, DeclarationLine.line_number == 4
        )
    )
    assert (line.hs_code, line.cif_baht) == ("42022200", Decimal(1000))
    with world.arrange() as work:  # at 20 % now
        assert customs_builders.duties_of(work, draft)[3] == {
            "0100": Decimal("200.00"),
            "0500": Decimal("84.00"),
        }
    world.prove()


def test_a_correction_takes_an_approval_back(world: World, draft: Declaration) -> None:
    correct(world, draft, 4, "hs_code", "42022200")
    with world.arrange() as work:  # nothing is covered: approved, it waits
        for account in work.session.exec(select(GuaranteeAccount)):
            account.in_force_baht = Decimal(0)
    approved = approve(world, draft)

    again = correct(world, now(world, draft), 4, "brand", "ACME")

    assert approved.json()["state"] == DeclarationState.APPROVED
    assert again.json()["state"] == DeclarationState.DRAFT
    assert now(world, draft).approved_by is None
    reopened = Event.name == CustomsEvent.DECLARATION_REOPENED.value
    assert len(world.rows(select(Event).where(reopened))) == 1


# ── Bad input ────────────────────────────────────────────────────────────────────────────────────


def test_line_4_refused_by_customs_is_a_draft_again_with_its_field_marked(
    world: World, draft: Declaration
) -> None:
    liaison = world.colleague(Role.LIAISON, "anong")

    world.run_job("try-refused")
    page = liaison.get(f"/declarations/{draft.reference_number}/editor").text

    [first] = world.rows(select(Declaration).where(Declaration.version == 1))
    assert first.state is DeclarationState.CANCELLED
    assert now(world, draft).state is DeclarationState.DRAFT, "nobody has looked at it yet"
    [account] = world.rows(
        select(GuaranteeAccount).where(GuaranteeAccount.premises_id == world.house.premises.id)
    )
    assert (account.reserved_baht, account.debited_baht) == (0, 0)
    marked = page.split('name="4.hs_code"')[1].split(">")[0]
    assert 'aria-invalid="true"' in marked
    assert 'aria-invalid="true"' not in page.split('name="3.hs_code"')[1].split(">")[0]
    assert "Tariff Code Not Valid" in page
    assert 'href="#field-4-hs_code"' in page, "the finding leads to its field"
    world.prove()


@pytest.mark.parametrize(
    ("quantity", "says"),
    [
        ("0", "This must be more than 0."),
        ("-1", "This must be more than 0."),
        ("1e9", "Write a number such as 12.5, with at most 3 decimals."),
        ("1000000000", "1 stand behind this line, and so many are declared."),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_at_its_field(
    world: World, draft: Declaration, quantity: str, says: str
) -> None:
    refused = correct(world, draft, 4, "quantity", quantity)

    assert refused.status_code == 422
    [finding] = refused.json()["findings"]
    assert (finding["line"], finding["field"], finding["en"]) == ("4", "quantity", says)
    assert now(world, draft).revision == draft.revision


def test_a_refused_form_keeps_what_was_typed_and_says_why_at_the_field(
    world: World, draft: Declaration
) -> None:
    liaison = world.colleague(Role.LIAISON, "anong")
    typed = {"4.quantity": "0", "4.brand": "ACME", "revision": str(draft.revision)}

    page = liaison.submit(f"/declarations/{draft.reference_number}/editor", **typed)

    assert page.status_code == 422
    quantity = page.text.split('name="4.quantity"')[1].split("</div>")[0]
    assert 'value="0"' in quantity
    assert 'aria-invalid="true"' in quantity
    assert 'value="ACME"' in page.text
    [line] = world.rows(
        select(DeclarationLine).where(
            DeclarationLine.declaration_id == draft.id, DeclarationLine.line_number == 4
        )
    )
    assert line.brand != "ACME", "nothing is saved by halves"


def test_the_second_of_two_editors_sees_what_the_first_has_written(
    world: World, draft: Declaration
) -> None:
    correct(world, draft, 4, "brand", "ACME")

    late = correct(world, draft, 4, "brand", "APEX")

    assert (late.status_code, late.json()["type"]) == (409, "/problems/edited-meanwhile")
    assert late.json()["changes"] == [{"line": "4", "field": "brand", "old": "ACME", "new": "APEX"}]
    world.prove()


def test_what_customs_refused_of_a_cancelled_order_is_not_drafted_again(world: World) -> None:
    world.in_bond([("PARCEL-1", "BAG-1", 2, "500")])
    order, _ = world.order("BAG-1", 1)
    with world.arrange() as work:
        leaving = customs_builders.sent(work, customs_builders.declared(work, order))
        cancelling.cancel(work, work.session.get_one(Order, order.id))
        customs_builders.tell(work, leaving, AnswerKind.REJECTED)

    world.run_jobs()

    [kept] = world.rows(select(Declaration).where(Declaration.order_id == order.id))
    assert kept.state is DeclarationState.CANCELLED
    world.prove()
