"""Payments are captured, matched to the satang, compared with customs, and undone on record."""

from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from tests import customs_builders
from tests.scenarios.world import Colleague, World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event
from warehouse.customs import commands
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, Payment
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState


def test_duty_that_customs_took_is_matched_by_number_and_sum(world: World) -> None:
    ratree = liaison(world)
    filed = a_release_at_customs(world)
    owed = f"{filed.total_tax:.2f}"

    capture(ratree, "R-1", owed, filed.declaration_number)
    customs_took(world, filed, "R-1")
    agreed = ratree.get("/payments").text
    (payment,) = world.rows(select(Payment))

    assert payment.declaration_id == filed.id
    assert payment.matched_by == ratree.person.username
    assert "Customs and the captured payments agree." in agreed
    world.prove()


def test_what_customs_says_otherwise_is_listed(world: World) -> None:
    ratree = liaison(world)
    filed = a_release_at_customs(world)

    customs_took(world, filed, "R-9")
    not_captured = ratree.get("/payments").text
    capture(ratree, "R-1", f"{filed.total_tax:.2f}", filed.reference_number)
    other = ratree.get("/payments").text

    assert "Customs says that it is paid; no payment is captured" in not_captured
    assert "Customs names another receipt than the payment that is captured" in other
    world.prove()


def test_a_payment_of_another_sum_or_for_nothing_known_waits_with_its_reason(world: World) -> None:
    ratree = liaison(world)
    filed = a_release_at_customs(world)
    owed = filed.total_tax

    capture(ratree, "R-1", f"{owed + Decimal('0.01'):.2f}", filed.declaration_number)
    capture(ratree, "R-2", f"{owed:.2f}", "A002P690800000")
    page = ratree.get("/payments").text

    assert "Payment R-1 is of" in page
    assert "There is no declaration A002P690800000." in page
    assert world.rows(select(Payment).where(col(Payment.matched_at).is_not(None))) == []
    world.prove()


def test_a_person_matches_what_was_paid_under_a_wrong_number_and_undoes_it(world: World) -> None:
    ratree = liaison(world)
    filed = a_release_at_customs(world)
    capture(ratree, "R-2", f"{filed.total_tax:.2f}", "A002P690800000")
    (payment,) = world.rows(select(Payment))

    matched = ratree.submit(f"/payments/{payment.id}/match", names=filed.reference_number)
    twice = ratree.submit(f"/payments/{payment.id}/match", names=filed.reference_number)
    undone = ratree.submit(f"/payments/{payment.id}/unmatch", reason="It was for another")

    assert [each.status_code for each in (matched, twice, undone)] == [303, 409, 303]
    (after,) = world.rows(select(Payment))
    assert (after.declaration_id, after.matched_at) == (None, None)
    told = world.rows(
        select(Event.name, Event.facts)
        .where(Event.subject == payment.id)
        .order_by(col(Event.sequence))
    )
    assert [name for name, _ in told] == [
        CustomsEvent.PAYMENT_CAPTURED,
        CustomsEvent.PAYMENT_MATCHED,
        CustomsEvent.PAYMENT_UNMATCHED,
    ]
    assert told[-1][1]["reason"] == "It was for another"
    world.prove()


def test_a_payment_that_comes_before_its_number_is_matched_later(world: World) -> None:
    number = "A002P690899999"
    capture(liaison(world), "R-1", "142.00", number)
    (early,) = world.rows(select(Payment))
    filed = a_release_at_customs(world, number)

    world.run_job("match-payments")

    (payment,) = world.rows(select(Payment))
    assert (early.declaration_id, payment.declaration_id) == (None, filed.id)
    world.prove()


def test_a_file_is_looked_at_before_it_is_taken_in_and_all_of_it_or_nothing(world: World) -> None:
    ratree = liaison(world)
    filed = a_release_at_customs(world)
    head = "เลขที่,จำนวนเงิน,วันที่ชำระ,ชำระสำหรับ\n"
    good = head + f'R-1,"{filed.total_tax:,.2f}",2026-08-03 08:00,{filed.declaration_number}\n'
    bad = good + "R-1,-1,yesterday,\n"

    refused = upload(ratree, bad)
    shown = upload(ratree, good)
    nothing_yet = world.rows(select(Payment))
    taken = ratree.submit("/payments/import", kind="duty", rows=good)
    again = upload(ratree, good)

    assert refused.status_code == 422
    assert refused.text.count("<tr><td") == 4  # of row 3: number, sum, day, what it pays
    assert (shown.status_code, nothing_yet, taken.status_code) == (200, [], 303)
    assert "captured before" in again.text
    (payment,) = world.rows(select(Payment))
    assert (payment.number, payment.declaration_id) == ("R-1", filed.id)


def test_another_warehouse_neither_sees_nor_matches_a_payment(world: World) -> None:
    filed = a_release_at_customs(world)
    capture(liaison(world), "R-1", "1.00", filed.declaration_number)
    stranger = world.colleague(Role.LIAISON, "kham", premises="BW-CNX-02")
    (payment,) = world.rows(select(Payment))

    seen = stranger.get("/payments").text
    tried = stranger.submit(f"/payments/{payment.id}/match", names=filed.reference_number)
    english(world)
    capture(stranger, "R-7", f"{filed.total_tax:.2f}", filed.declaration_number)
    own = stranger.get("/payments").text

    assert "R-1" not in seen
    assert tried.status_code == 404
    assert f"There is no declaration {filed.declaration_number}." in own


def a_release_at_customs(world: World, number: str | None = None) -> Declaration:
    """One bag of 500 baht, declared for home use and numbered: duty 100 and VAT 42."""
    world.in_bond([("EE000000005CN", "BAG-1", 5, "500")])
    order, _ = world.order("BAG-1", 1)
    with world.arrange() as work:
        declaration = customs_builders.sent(work, customs_builders.declared(work, order))
        number = number or customs_builders.a_number(declaration.document_type)
        customs_builders.tell(work, declaration, AnswerKind.NUMBERED, number=number)
    return declaration


def customs_took(world: World, filed: Declaration, receipt: str) -> None:
    """Customs answers that the duty is paid, under *receipt*."""
    with world.arrange() as work:
        declaration = commands.lock(work, filed.id)
        commands.settle(work, declaration, DeclarationState.PAID, work.at, receipt)


def liaison(world: World) -> Colleague:
    person = world.colleague(Role.LIAISON, "ratree")
    english(world)
    return person


def english(world: World) -> None:
    """Let everybody read English."""
    with world.arrange() as work:
        work.sql("UPDATE person SET language = 'en'")


def capture(person: Colleague, number: str, amount: str, names: str | None) -> None:
    answer = person.submit(
        "/payments",
        kind="duty",
        number=number,
        amount=amount,
        paid_at="2026-08-03T08:00",
        names=names or "",
    )
    assert answer.status_code == 303, answer.text


def upload(person: Colleague, text: str) -> Any:
    person.sign_in()
    return person.client.post(
        "/payments/preview",
        data={"csrf_token": "token", "kind": "duty"},
        files={"file": ("payments.csv", text.encode(), "text/csv")},
    )
