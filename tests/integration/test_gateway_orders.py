"""Answers in every order, with copies: all end alike (F25, F26)."""

from random import Random

import pytest
from sqlmodel import select

from tests.endurance.orders import (
    OF_A_RELEASE,
    OF_AN_ENTRY,
    a_release_of_two_lines,
    an_entry,
    deliver,
    end_of,
    every_end,
    letters_of,
)
from warehouse.core.work import Work
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import CustomsMessage
from warehouse.customs.vocabulary import DeclarationState, MessageState

ORDERS = 20


def test_five_answers_in_every_order_end_alike(work: Work) -> None:
    declaration = an_entry(work)

    ends = list(every_end(work, declaration, letters_of(work, declaration, OF_AN_ENTRY)))

    assert len(ends) == 120
    assert len(set(ends)) == 1
    assert ends[0][:2] == (DeclarationState.RELEASED, 5)


def test_six_answers_with_up_to_five_copies_in_many_orders_end_alike(work: Work) -> None:
    declaration = a_release_of_two_lines(work)
    letters = letters_of(work, declaration, OF_A_RELEASE)
    chance = Random(26)
    ends = []

    for _ in range(ORDERS):
        order = [*letters, *chance.choices(letters, k=chance.randint(0, 4))]
        chance.shuffle(order)
        savepoint = work.session.begin_nested()
        for letter in order:
            deliver(work, letter)
        ends.append(end_of(work, declaration))
        savepoint.rollback()

    assert len(set(ends)) == 1
    assert ends[0][:3] == (DeclarationState.RELEASED, 6, True)


@pytest.mark.parametrize("times", [1, 5])
def test_each_copy_of_an_answer_is_kept_and_one_counts(work: Work, times: int) -> None:
    declaration = an_entry(work)
    kinds = (AnswerKind.NUMBERED, AnswerKind.EXEMPT, AnswerKind.GREEN, AnswerKind.RELEASED)

    for letter in letters_of(work, declaration, kinds):
        for _ in range(times):
            deliver(work, letter)

    states = [message.state for message in work.session.exec(select(CustomsMessage))]
    assert states.count(MessageState.APPLIED) == 4
    assert states.count(MessageState.REPEATED) == 4 * (times - 1)
    assert declaration.state is DeclarationState.RELEASED
