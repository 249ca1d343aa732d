"""Answers in every order, with copies: all end alike (F25, F26)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest
from sqlmodel import select

from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_number,
    a_product,
    an_answer,
    an_order,
    declared,
    drafted,
    in_bond,
    sent,
)
from tests.filings import key_rings
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.customs.gateway import AnswerKind, RawAnswer, messages
from warehouse.customs.models import CustomsMessage, Declaration
from warehouse.customs.posting import inbox
from warehouse.customs.vocabulary import DeclarationState, MessageState
from warehouse.operations.clearance import answers

OURS, CUSTOMS = key_rings()

ORDERS = 20
End = tuple[object, ...]

_ENDS = """
SELECT 'duty', kind || duty_type || from_account || to_account, sum(amount)::text FROM duty_entry
 GROUP BY kind, duty_type, from_account, to_account
UNION ALL
SELECT 'guarantee', kind, sum(amount)::text FROM guarantee_entry GROUP BY kind
UNION ALL
SELECT 'discharged', disposal_line_id::text, quantity::text FROM discharge
UNION ALL
SELECT 'may leave', lot_id::text, (quantity || coalesce(revoked_at::text, '')) FROM release_line
  JOIN release ON release.id = release_id
UNION ALL
SELECT 'lot', id::text, coalesce(declaration_number, '') FROM lot
UNION ALL
SELECT 'applied', state, count(*)::text FROM customs_message
 WHERE state = 'applied' GROUP BY state
ORDER BY 1, 2, 3
"""


def an_entry(work: Work) -> Declaration:
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])
    return sent(work, drafted(work, consignment))


def a_release_of_two_lines(work: Work) -> Declaration:
    house = a_customs_house(work)
    shirt = a_product(work, house)
    for _ in range(2):
        in_bond(work, house, [(shirt, 1, "1000")])
    return sent(work, declared(work, an_order(work, house, shirt, 2)))


def letters_of(work: Work, declaration: Declaration, kinds: Sequence[AnswerKind]) -> list[bytes]:
    number = a_number(declaration.document_type)
    return [
        messages.answer(
            replace(
                an_answer(work, declaration, kind, sequence=sequence, number=number),
                lines=(1,) if kind is AnswerKind.PART_RELEASED else (),
                declaration_number=(None if kind is AnswerKind.ACCEPTED_WITHOUT_NUMBER else number),
            ),
            CUSTOMS,
        )
        for sequence, kind in enumerate(kinds, start=1)
    ]


def deliver(work: Work, content: bytes) -> None:
    """A letter arrives and is read, and after it what it sets free."""
    inbox.keep(work, [RawAnswer(str(ids.new_id()), content)])
    while waiting := work.session.exec(
        select(CustomsMessage).where(CustomsMessage.state == MessageState.WAITING)
    ).all():
        for message in waiting:
            answers.apply_answer(work, {"subject": str(message.id)}, keys=OURS)


def end_of(work: Work, declaration: Declaration) -> End:
    """All that is left of what customs said."""
    ledgers = tuple(work.sql(_ENDS).fetchall())
    stopped = declaration.stopped_at is not None
    return declaration.state, declaration.answered, stopped, ledgers


def every_end(work: Work, declaration: Declaration, letters: Sequence[bytes]) -> Iterator[End]:
    """Where each order of *letters* ends; orders that begin alike share their beginning."""
    if not letters:
        yield end_of(work, declaration)
    for place, letter in enumerate(letters):
        savepoint = work.session.begin_nested()
        deliver(work, letter)
        yield from every_end(work, declaration, [*letters[:place], *letters[place + 1 :]])
        savepoint.rollback()


def test_five_answers_in_every_order_end_alike(work: Work) -> None:
    declaration = an_entry(work)
    kinds = (
        AnswerKind.ACCEPTED_WITHOUT_NUMBER,
        AnswerKind.NUMBERED,
        AnswerKind.EXEMPT,
        AnswerKind.GREEN,
        AnswerKind.RELEASED,
    )

    ends = list(every_end(work, declaration, letters_of(work, declaration, kinds)))

    assert len(ends) == 120
    assert len(set(ends)) == 1
    assert ends[0][:2] == (DeclarationState.RELEASED, 5)


def test_six_answers_with_up_to_five_copies_in_many_orders_end_alike(work: Work) -> None:
    declaration = a_release_of_two_lines(work)
    kinds = (
        AnswerKind.NUMBERED,
        AnswerKind.PAID,
        AnswerKind.GREEN,
        AnswerKind.PART_RELEASED,
        AnswerKind.RELEASED,
        AnswerKind.STOPPED,
    )
    letters = letters_of(work, declaration, kinds)
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
