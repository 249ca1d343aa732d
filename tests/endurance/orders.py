"""Answers of customs in every order: where each of them ends (F25, F26)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

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
from warehouse.customs.vocabulary import MessageState
from warehouse.operations.clearance import answers

OURS, CUSTOMS = key_rings()

OF_AN_ENTRY: Final = (
    AnswerKind.ACCEPTED_WITHOUT_NUMBER,
    AnswerKind.NUMBERED,
    AnswerKind.EXEMPT,
    AnswerKind.GREEN,
    AnswerKind.RELEASED,
)
OF_A_RELEASE: Final = (
    AnswerKind.NUMBERED,
    AnswerKind.PAID,
    AnswerKind.GREEN,
    AnswerKind.PART_RELEASED,
    AnswerKind.RELEASED,
    AnswerKind.STOPPED,
)

End = tuple[object, ...]

_ENDS: Final = """
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
