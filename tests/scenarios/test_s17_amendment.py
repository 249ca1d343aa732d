"""S17: what customs has accepted is amended by the difference, or cancelled before payment."""

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from tests import customs_builders
from tests.filings import key_rings
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.customs import queries as declarations
from warehouse.customs.changing import amending
from warehouse.customs.checking import filing
from warehouse.customs.gateway import Answer, AnswerKind, DeclarationMessage, Reason, messages
from warehouse.customs.models import (
    Amendment,
    CustomsMessage,
    Declaration,
    DeclarationLine,
    DutyEntry,
    GuaranteeAccount,
    GuaranteeEntry,
    PostClearanceCase,
)
from warehouse.customs.vocabulary import (
    AmendmentState,
    DeclarationState,
    Direction,
    DutyAccount,
    DutyEntryKind,
    GuaranteeEntryKind,
    MessageState,
)
from warehouse.inventory.models import Lot
from warehouse.operations.clearance import amending as clearance
from warehouse.operations.intake import cancelling
from warehouse.shipments.models import Consignment, Order

PARCELS = [
    ("PARCEL-1", "CREAM-1", 10, "100"),
    ("PARCEL-2", "TEE-1", 5, "100"),
    ("PARCEL-3", "BAG-1", 1, "412"),
]
TEE = "61091010"


KEYS, _ = key_rings()


@pytest.fixture
def entry(world: World) -> Declaration:
    """Accepted: line 3 is a bag of 412 baht, at 20 %."""
    declaration = world.enter(world.announce(PARCELS))
    with world.arrange() as work:
        keep(work, declaration, filing.message(work.session, declaration))
    return declaration


def keep(work: Work, declaration: Declaration, message: DeclarationMessage) -> None:
    """*message* went to customs, and is kept as it went."""
    raw = messages.declaration(message, KEYS)
    work.session.add(
        CustomsMessage(
            direction=Direction.OUT,
            transport_id=str(message.message_id),
            declaration_id=declaration.id,
            raw=raw,
            sha256=hashlib.sha256(raw).hexdigest(),
            state=MessageState.SENT,
            at=work.at,
        )
    )


def wanted(new: str = TEE, reason: str = "ของเป็นเสื้อ") -> dict[str, Any]:
    """Line 3 is a T-shirt, at 30 %."""
    return {"reason": reason, "changes": [{"line": 3, "field": "hs_code", "new": new}]}


def ask(world: World, entry: Declaration, name: str = "anong", **change: Any) -> Any:
    path = f"/api/v1/declarations/{entry.reference_number}/amendments"
    return world.colleague(Role.LIAISON, name).post(path, wanted(**change))


def approve(world: World, entry: Declaration) -> Any:
    other = world.colleague(Role.LIAISON, "boon")
    return other.post(f"/api/v1/declarations/{entry.reference_number}/amendments/approval", {})


def customs_says(world: World, entry: Declaration, kind: AnswerKind, *errors: Reason) -> None:
    """Customs has got what was asked, and answers *kind*."""
    with world.arrange() as work:
        amendment = amending.open_of(work.session, entry.id)
        assert amendment is not None
        keep(work, entry, amending.message(work, amendment))
        amending.send(work, amending.lock(work, amendment.id))
        answer = Answer(
            answer_id=str(ids.new_id()),
            message_id=amendment.message_id,
            reference_number=entry.reference_number,
            sequence=1,
            kind=kind,
            at=work.at,
            errors=errors,
        )
        clearance.EFFECTS[kind](work, amendment, answer)


def happens(world: World, entry: Declaration, kind: AnswerKind) -> None:
    """Customs says *kind* of the declaration itself."""
    with world.arrange() as work:
        customs_builders.tell(work, work.session.get_one(Declaration, entry.id), kind)


def read(world: World, entry: Declaration) -> Any:
    liaison = world.colleague(Role.LIAISON, "anong")
    return liaison.get(f"/api/v1/declarations/{entry.reference_number}/versions").json()


def now(world: World, entry: Declaration) -> Declaration:
    [found] = world.rows(select(Declaration).where(Declaration.id == entry.id))
    return found


def bound(world: World) -> int:
    """How many lots are bound to an import line."""
    return len(world.rows(select(Lot).where(col(Lot.declaration_line_id).is_not(None))))


def exposure(world: World) -> tuple[Decimal, Decimal]:
    house = GuaranteeAccount.premises_id == world.house.premises.id
    [account] = world.rows(select(GuaranteeAccount).where(house))
    return account.reserved_baht, account.debited_baht


def test_a_corrected_hs_code_becomes_version_2_and_moves_the_difference_alone(
    world: World, entry: Declaration
) -> None:
    _, before = exposure(world)
    asked = ask(world, entry)
    own = world.colleague(Role.LIAISON, "anong").post(
        f"/api/v1/declarations/{entry.reference_number}/amendments/approval", {}
    )
    approved = approve(world, entry)
    reserved = exposure(world)

    customs_says(world, entry, AnswerKind.AMENDED)

    assert asked.json()["suspended_change_baht"] == "44.08"
    assert (own.status_code, own.json()["type"]) == (409, "/problems/second-person-needed")
    assert approved.json()["state"] == AmendmentState.QUEUED
    assert reserved == (Decimal("44.08"), before)
    assert exposure(world) == (Decimal(0), before + Decimal("44.08"))
    posted = world.rows(select(DutyEntry).where(DutyEntry.kind == DutyEntryKind.AMENDED))
    assert {each.duty_type: (each.amount, each.to_account) for each in posted} == {
        "0100": (Decimal("41.20"), DutyAccount.SUSPENSE),
        "0500": (Decimal("2.88"), DutyAccount.SUSPENSE),
    }
    [line] = world.rows(select(DeclarationLine).where(DeclarationLine.line_number == 3))
    assert (line.hs_code, now(world, entry).version) == (TEE, 2)
    _, second = read(world, entry)["versions"]
    assert second["en"] == [
        "line 3: HS 4202.22.00 → 6109.10.10, duty +฿41.20, VAT +฿2.88, guarantee +฿44.08"
    ]
    assert {each["field"]: (each["old"], each["new"]) for each in second["changes"]} == {
        "tariff_code": ("4202.22.00", "6109.10.10"),
        "0100": ("฿82.40", "฿123.60"),
        "0500": ("฿34.61", "฿37.49"),
        "guarantee": ("฿117.01", "฿161.09"),
    }
    world.prove()


def test_the_page_shows_both_versions_side_by_side_and_marks_what_changed(
    world: World, entry: Declaration
) -> None:
    ask(world, entry)
    liaison = world.colleague(Role.LIAISON, "anong")
    path = f"/declarations/{entry.reference_number}"

    sides = liaison.get(f"{path}/versions").text
    page = liaison.get(path).text

    assert "<mark>6109.10.10</mark>" in sides
    assert "<mark>Cotton" not in sides
    assert "4202.22.00 → 6109.10.10" in page
    assert "/amendment/approval" not in page, "whoever asks does not approve"
    assert "/amendment/approval" in world.colleague(Role.MANAGER, "boon").get(path).text
    world.prove()


def test_a_smaller_duty_gives_the_guarantee_back_when_customs_agrees_and_not_before(
    world: World, entry: Declaration
) -> None:
    ask(world, entry)
    approve(world, entry)
    customs_says(world, entry, AnswerKind.AMENDED)
    _, dearer = exposure(world)

    ask(world, entry, new="42022200")
    approve(world, entry)
    waiting = exposure(world)
    customs_says(world, entry, AnswerKind.AMENDED)

    assert waiting == (Decimal(0), dearer)
    assert exposure(world) == (Decimal(0), dearer - Decimal("44.08"))
    released = GuaranteeEntry.kind == GuaranteeEntryKind.RELEASE
    [given_back] = world.rows(select(GuaranteeEntry).where(released))
    assert given_back.amount == Decimal("44.08")
    assert now(world, entry).version == 3
    world.prove()


def test_what_customs_refuses_leaves_all_as_it_was_and_keeps_the_reasons(
    world: World, entry: Declaration
) -> None:
    before = exposure(world)
    ask(world, entry)
    approve(world, entry)

    customs_says(world, entry, AnswerKind.AMENDMENT_REFUSED, Reason("D04", "Wrong code", 3))

    assert exposure(world) == before
    assert now(world, entry).version == 1
    answer = read(world, entry)
    [refused] = answer["amendments"]
    assert (refused["state"], refused["refusals"][0]["en"]) == ("refused", "Wrong code")
    assert len(answer["versions"]) == 1
    world.prove()


def test_more_than_the_guarantee_covers_is_not_asked_of_customs(
    world: World, entry: Declaration
) -> None:
    ask(world, entry)
    with world.arrange() as work:
        house = GuaranteeAccount.premises_id == world.house.premises.id
        account = work.session.exec(select(GuaranteeAccount).where(house)).one()
        account.in_force_baht = account.debited_baht + Decimal("44.07")

    refused = approve(world, entry)

    assert refused.status_code == 422
    assert Decimal(refused.json()["short"]) == Decimal("0.01")
    [kept] = world.rows(select(Amendment))
    assert kept.state is AmendmentState.DRAFT


def test_what_an_order_takes_of_the_entry_waits_for_the_answer_and_then_says_the_same(
    world: World, entry: Declaration
) -> None:
    world.store("PARCEL-3", "A-01")
    ask(world, entry)
    approve(world, entry)
    order, _ = world.order("BAG-1", 1)
    with world.arrange() as work:
        waiting = customs_builders.declared(work, order)

    customs_says(world, entry, AnswerKind.AMENDED)
    with world.arrange() as work:
        drawing = customs_builders.declared(work, order)
        assert drawing is not None
        [line] = declarations.lines(work.session, drawing.id)

    assert waiting is None
    assert line.hs_code == TEE
    world.prove()


def test_what_was_promised_while_customs_cancelled_is_freed_once_the_order_is_given_up(
    world: World, entry: Declaration
) -> None:
    world.store("PARCEL-3", "A-01")
    with world.arrange() as work:
        asked = clearance.ask_to_cancel(work, work.session.get_one(Declaration, entry.id), "ยื่นผิด")
        assert asked.state is AmendmentState.DRAFT
    approve(world, entry)
    order, _ = world.order("BAG-1", 1)

    customs_says(world, entry, AnswerKind.CANCELLED)
    world.run_job("free-cancelled")
    still_bound = bound(world)
    with world.arrange() as work:
        cancelling.cancel(work, work.session.get_one(Order, order.id))
    world.run_job("free-cancelled")

    assert now(world, entry).state is DeclarationState.CANCELLED
    assert (still_bound, bound(world)) == (3, 0)
    world.prove()


# ── Bad input ────────────────────────────────────────────────────────────────────────────────────


def test_after_release_an_amendment_is_refused_and_a_post_clearance_case_opened(
    world: World, entry: Declaration
) -> None:
    happens(world, entry, AnswerKind.RELEASED)
    liaison = world.colleague(Role.LIAISON, "anong")
    path = f"/declarations/{entry.reference_number}"

    refused = ask(world, entry)
    offered = liaison.get(f"{path}/editor").text
    typed = {"3.hs_code": TEE, "reason": "ของเป็นเสื้อ"}
    opened = liaison.submit(f"{path}/case", **typed)
    again = liaison.submit(f"{path}/case", **typed)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-let-go")
    assert f'action="{path}/case"' in offered
    assert (opened.status_code, again.status_code) == (303, 409)
    [case] = world.rows(select(PostClearanceCase))
    assert case.changes == [{"line": "3", "field": "hs_code", "old": "42022200", "new": TEE}]
    assert "42022200 → 61091010" in liaison.get(path).text
    closed = liaison.submit(f"{path}/case/outcome", outcome="กค 0503/12 ชำระเพิ่มแล้ว")
    assert closed.status_code == 303
    assert now(world, entry).version == 1
    world.prove()


def test_of_two_who_amend_at_once_the_second_is_told_what_differs(
    world: World, entry: Declaration
) -> None:
    first = ask(world, entry)

    second = ask(world, entry, name="boon", new="33049930")
    typed = {"3.hs_code": "33049930", "reason": "เป็นครีม"}
    page = world.colleague(Role.LIAISON, "boon").submit(
        f"/declarations/{entry.reference_number}/amendments", **typed
    )

    assert first.status_code == 201
    assert (second.status_code, second.json()["type"]) == (409, "/problems/amendment-open")
    assert second.json()["changes"] == [
        {"line": "3", "field": "hs_code", "asked": TEE, "new": "33049930"}
    ]
    assert page.status_code == 409
    assert f"<td>{TEE}</td>" in page.text
    assert 'value="33049930"' in page.text, "what was typed is kept"
    assert len(world.rows(select(Amendment))) == 1
    world.prove()


def test_after_payment_cancelling_is_refused_and_an_amendment_offered(
    world: World, entry: Declaration
) -> None:
    happens(world, entry, AnswerKind.PAID)
    liaison = world.colleague(Role.LIAISON, "anong")
    path = f"/declarations/{entry.reference_number}"

    refused = liaison.post(f"/api/v1{path}/cancellation", {"reason": "ยื่นผิด"})
    page = liaison.get(path).text

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-paid")
    assert f'action="{path}/cancellation"' not in page
    assert f'href="{path}/editor"' in page
    assert ask(world, entry).status_code == 201
    world.prove()


def test_before_payment_customs_cancels_and_every_book_is_undone_by_entries_the_other_way(
    world: World, entry: Declaration
) -> None:
    liaison = world.colleague(Role.LIAISON, "anong")
    path = f"/api/v1/declarations/{entry.reference_number}"
    asked = liaison.post(f"{path}/cancellation", {"reason": "ยื่นผิด"})
    approve(world, entry)

    customs_says(world, entry, AnswerKind.CANCELLED)

    assert asked.status_code == 201
    assert now(world, entry).state is DeclarationState.CANCELLED
    assert exposure(world) == (Decimal(0), Decimal(0))
    with world.arrange() as work:
        assert customs_builders.balances(work) == {}
    assert bound(world) == 0
    world.prove()
    with world.arrange() as work:
        consignment = work.session.get_one(Consignment, entry.consignment_id)
        anew = customs_builders.accepted(work, customs_builders.drafted(work, consignment))
    assert anew.version == 2
    assert bound(world) == 3
    world.prove()


def test_goods_that_an_order_waits_for_stay_where_they_were_declared(
    world: World, entry: Declaration
) -> None:
    world.store("PARCEL-3", "A-01")
    world.order("BAG-1", 1)
    liaison = world.colleague(Role.LIAISON, "anong")

    refused = liaison.post(
        f"/api/v1/declarations/{entry.reference_number}/cancellation", {"reason": "ยื่นผิด"}
    )

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/lot-promised")
    assert world.rows(select(Amendment)) == []
    world.prove()


def test_a_line_that_an_order_draws_on_is_not_amended(world: World, entry: Declaration) -> None:
    world.store("PARCEL-3", "A-01")
    order, _ = world.order("BAG-1", 1)
    with world.arrange() as work:
        drawing = customs_builders.declared(work, order)
    assert drawing is not None

    refused = ask(world, entry)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/line-drawn-down")
    assert refused.json()["number"] == drawing.reference_number
    world.prove()
