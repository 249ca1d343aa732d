"""What customs says beyond yes and no: in parts, stopped, on paper, too late."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import col, select

from tests import people
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_number,
    a_product,
    an_answer,
    an_order,
    balances,
    declared,
    drafted,
    in_bond,
    sent,
    tell,
)
from tests.filings import key_rings
from warehouse.access.errors import SecondPersonNeeded
from warehouse.access.vocabulary import Role
from warehouse.core.errors import WrongState
from warehouse.core.work import Actor, Event, Work
from warehouse.customs import commands, queries
from warehouse.customs.clearing import effects
from warehouse.customs.errors import (
    AuthorityRevoked,
    CustomsAnswers,
    HandDecisionNotFound,
    HandDecisionTaken,
    NoSuchLine,
    NumberNotValid,
)
from warehouse.customs.gateway import AnswerKind, RawAnswer, Reason, messages
from warehouse.customs.models import CustomsMessage, Declaration, HandDecision, Release, ReleaseLine
from warehouse.customs.posting import by_hand, hand_book, inbox, outages
from warehouse.customs.posting.by_hand import Paper
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    Direction,
    DutyAccount,
    MessageState,
)
from warehouse.inventory.models import Hold
from warehouse.operations.bond import stopping
from warehouse.operations.clearance import answers

OURS, CUSTOMS = key_rings()
ON_PAPER = "81100691100001"
SECOND = Actor(name="somchai", role=Role.MANAGER.value)


def two_lines_for_home_use(work: Work) -> Declaration:
    """One garment each of two entries, ordered together, paid for, on the green line."""
    house = a_customs_house(work)
    shirt = a_product(work, house)
    for _ in range(2):
        in_bond(work, house, [(shirt, 1, "1000")])
    declaration = sent(work, declared(work, an_order(work, house, shirt, 2)))
    tell(work, declaration, AnswerKind.NUMBERED, number=a_number(declaration.document_type))
    tell(work, declaration, AnswerKind.PAID)
    tell(work, declaration, AnswerKind.GREEN)
    return declaration


def let_go(work: Work, declaration: Declaration, *lines: int) -> None:
    answer = replace(an_answer(work, declaration, AnswerKind.PART_RELEASED), lines=lines)
    answers.effects_of(declaration)[AnswerKind.PART_RELEASED](work, declaration, answer)


def stopped(work: Work, declaration: Declaration) -> None:
    errors = (Reason("S01", "Price under review"),)
    answer = replace(an_answer(work, declaration, AnswerKind.STOPPED), errors=errors)
    answers.effects_of(declaration)[AnswerKind.STOPPED](work, declaration, answer)


def may_leave(work: Work, declaration: Declaration) -> list[int]:
    """The numbers of the lines whose goods customs lets go."""
    lines = {line.id: line.line_number for line in queries.lines(work.session, declaration.id)}
    covered = work.session.exec(
        select(ReleaseLine.declaration_line_id)
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(Release.declaration_id == declaration.id, col(Release.revoked_at).is_(None))
    )
    return sorted(lines[line_id] for line_id in covered if line_id)


def happened(work: Work, event: CustomsEvent) -> list[Event]:
    return list(work.session.exec(select(Event).where(Event.name == event.value)))


def test_only_the_lines_that_customs_names_may_leave_and_the_rest_follows(work: Work) -> None:
    declaration = two_lines_for_home_use(work)

    let_go(work, declaration, 1)
    at_first = may_leave(work, declaration), declaration.state, balances(work, declaration.id)
    tell(work, declaration, AnswerKind.RELEASED)

    assert at_first[:2] == ([1], DeclarationState.GREEN)
    assert at_first[2][DutyAccount.PAYABLE] == Decimal(391)
    assert may_leave(work, declaration) == [1, 2]
    assert declaration.state is DeclarationState.RELEASED
    assert balances(work, declaration.id)[DutyAccount.PAID] == declaration.total_tax == Decimal(782)
    assert DutyAccount.PAYABLE not in balances(work, declaration.id)


def test_customs_cannot_let_lines_go_that_are_not_there_or_are_to_be_inspected(work: Work) -> None:
    declaration = two_lines_for_home_use(work)

    with pytest.raises(NoSuchLine):
        let_go(work, declaration, 1, 3)
    declaration.state = DeclarationState.RED
    with pytest.raises(WrongState):
        let_go(work, declaration, 1)

    assert may_leave(work, declaration) == []


def test_a_stop_after_part_of_the_goods_left_keeps_the_rest_and_takes_nothing_back(
    work: Work,
) -> None:
    declaration = two_lines_for_home_use(work)
    assert declaration.order_id is not None
    let_go(work, declaration, 1)
    (left,) = commands.draw_down(work, declaration.order_id)

    stopped(work, declaration)
    stopping.hold(work, {"subject": str(declaration.id)})

    assert declaration.stop_reason == "Price under review"
    with pytest.raises(AuthorityRevoked):
        commands.draw_down(work, declaration.order_id)
    gone = work.session.get_one(ReleaseLine, left.release_line_id)
    work.session.refresh(gone)
    assert gone.used_quantity == gone.quantity == 1
    assert [hold.note for hold in work.session.exec(select(Hold))] == [
        declaration.reference_number
    ] * 2
    assert [event.subject for event in happened(work, CustomsEvent.DECLARATION_STOPPED)] == [
        declaration.id
    ]


def test_what_customs_lets_go_on_after_a_stop_goes_on(work: Work) -> None:
    declaration = two_lines_for_home_use(work)
    tell(work, declaration, AnswerKind.RELEASED)
    stopped(work, declaration)
    stopping.hold(work, {"subject": str(declaration.id)})
    during = may_leave(work, declaration)

    tell(work, declaration, AnswerKind.RELEASED)
    stopping.let_go_on(work, {"subject": str(declaration.id)})

    assert during == []
    assert may_leave(work, declaration) == [1, 2]
    assert declaration.stopped_at is None
    assert all(hold.closed_at for hold in work.session.exec(select(Hold)))


# ── By hand ──────────────────────────────────────────────────────────────────────────────────────


def a_waiting_entry(work: Work) -> Declaration:
    """An entry that waits while customs is away, and an officer to sign papers."""
    house = a_customs_house(work)
    people.a_person(work, Role.OFFICER)
    declaration = drafted(work, a_consignment(work, house, [(a_product(work, house), 1, "1000")]))
    assert declaration is not None
    for _ in range(outages.FAILURES_OF_AN_OUTAGE):
        outages.note_silence(work)
    return declaration


def a_paper(work: Work, number: str = "") -> Paper:
    return Paper(
        officer=Role.OFFICER.value,
        decided_at=work.at,
        document=b"a picture of the paper",
        document_type="image/jpeg",
        number=number,
    )


def confirmed(work: Work, decision: HandDecision) -> Declaration:
    declaration = queries.declaration_by_id(work.session, decision.declaration_id)
    effect = answers.effects_of(declaration)[AnswerKind(decision.kind.value)]
    return by_hand.approve(replace(work, actor=SECOND), decision, effect)


def test_a_number_on_paper_counts_once_a_second_person_confirms_it(work: Work) -> None:
    declaration = a_waiting_entry(work)
    decision = by_hand.accept(work, declaration, a_paper(work, ON_PAPER))
    recorded = declaration.state

    with pytest.raises(SecondPersonNeeded):
        by_hand.approve(work, decision, effects.accept)
    confirmed(work, decision)

    assert recorded is DeclarationState.QUEUED
    assert (declaration.state, declaration.declaration_number) == (
        DeclarationState.NUMBERED,
        ON_PAPER,
    )
    assert declaration.issued_by_hand
    assert balances(work, declaration.id)[DutyAccount.SUSPENSE] == Decimal(391)


@pytest.mark.parametrize("number", ["", "A0020691100001", "8110P691100001", "81100691100000"])
def test_a_number_that_no_officer_gives_by_hand_is_refused(work: Work, number: str) -> None:
    declaration = a_waiting_entry(work)

    with pytest.raises(NumberNotValid):
        by_hand.accept(work, declaration, a_paper(work, number))

    assert work.session.exec(select(HandDecision)).first() is None


def test_nothing_is_decided_by_hand_while_customs_answers(work: Work) -> None:
    declaration = a_waiting_entry(work)
    outages.note_answer(work)

    with pytest.raises(CustomsAnswers):
        by_hand.accept(work, declaration, a_paper(work, ON_PAPER))

    assert outages.current(work.session) is None


def test_a_paper_recorded_wrongly_is_withdrawn_and_another_takes_its_place(work: Work) -> None:
    declaration = a_waiting_entry(work)
    wrong = by_hand.accept(work, declaration, a_paper(work, "81100691100002"))
    with pytest.raises(HandDecisionTaken):
        by_hand.accept(work, declaration, a_paper(work, ON_PAPER))

    by_hand.withdraw(work, wrong)
    right = by_hand.accept(work, declaration, a_paper(work, ON_PAPER))

    waiting = hand_book.waiting(work.session, declaration.premises_id)
    assert [decision for decision, _ in waiting] == [right]
    assert (wrong.withdrawn_by, wrong.withdrawn_at) == (work.actor.name, work.at)
    with pytest.raises(HandDecisionNotFound):
        confirmed(work, wrong)


def test_goods_are_let_go_on_paper_by_two_persons_and_no_answer_doubles_it(work: Work) -> None:
    declaration = a_waiting_entry(work)
    confirmed(work, by_hand.accept(work, declaration, a_paper(work, ON_PAPER)))
    confirmed(work, by_hand.release(work, declaration, a_paper(work)))
    ledger = balances(work, declaration.id)

    for sequence, kind in enumerate(
        (AnswerKind.NUMBERED, AnswerKind.EXEMPT, AnswerKind.GREEN, AnswerKind.RELEASED), start=1
    ):
        said = an_answer(work, declaration, kind, sequence=sequence, number="A0020691100009")
        inbox.keep(work, [RawAnswer(str(sequence), messages.answer(said, CUSTOMS))])
        (message,) = waiting_messages(work)
        answers.apply_answer(work, {"subject": str(message.id)}, keys=OURS)

    assert declaration.state is DeclarationState.RELEASED
    assert (declaration.declaration_number, declaration.answered) == (ON_PAPER, 4)
    assert balances(work, declaration.id) == ledger
    (told,) = happened(work, CustomsEvent.HAND_DECISION_DISPUTED)
    assert told.facts["by_computer"] == "A0020691100009"


# ── Too late ─────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_that_waits_long_for_its_predecessor_is_told_of_once(work: Work) -> None:
    declaration = sent(work, a_waiting_entry(work))
    said = an_answer(work, declaration, AnswerKind.GREEN, sequence=2)
    inbox.keep(work, [RawAnswer("1", messages.answer(said, CUSTOMS))])
    (message,) = waiting_messages(work)
    answers.apply_answer(work, {"subject": str(message.id)}, keys=OURS)

    inbox.watch(work, {})
    soon = happened(work, CustomsEvent.ANSWER_OVERDUE)
    for _ in range(2):
        inbox.watch(replace(work, at=work.at + inbox.LONGEST_PARKED), {})

    assert message.state is MessageState.PARKED
    assert soon == []
    assert [event.subject for event in happened(work, CustomsEvent.ANSWER_OVERDUE)] == [message.id]


def waiting_messages(work: Work) -> list[CustomsMessage]:
    return list(
        work.session.exec(
            select(CustomsMessage).where(
                CustomsMessage.direction == Direction.IN,
                CustomsMessage.state == MessageState.WAITING,
            )
        )
    )
