"""Answers from customs: kept as they came, then applied once each and in customs' own order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from warehouse.core import ids
from warehouse.core.errors import WarehouseError
from warehouse.core.jobs import Facts
from warehouse.core.work import Event, Work
from warehouse.customs import commands, queries
from warehouse.customs.changing import amending
from warehouse.customs.clearing.effects import Effect
from warehouse.customs.errors import UnknownReference
from warehouse.customs.gateway import Answer, RawAnswer, Unreadable, messages
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.models import Amendment, CustomsMessage, Declaration, HandDecision
from warehouse.customs.money import guarantee
from warehouse.customs.posting import by_hand
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    Direction,
    MessageState,
)

APPLY_JOB: Final = "apply-answer"
LONGEST_PARKED: Final = timedelta(minutes=15)
"""So long may an answer wait for its predecessor before somebody is told."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that came in, what it says, and what it speaks of, not yet locked.

    *amendment*: it answers a change that was asked of the declaration.
    """

    message: CustomsMessage
    answer: Answer
    declaration: Declaration
    amendment: Amendment | None = None

    @property
    def asked(self) -> Declaration | Amendment:
        """What customs answers: each message of ours has its own sequence of answers."""
        return self.amendment or self.declaration


def keep(work: Work, answers: Sequence[RawAnswer]) -> None:
    """Store *answers* as they came, each once, and queue the reading of the new ones."""
    for raw in answers:
        row = insert(CustomsMessage).values(
            id=ids.new_id(),
            direction=Direction.IN,
            transport_id=raw.transport_id,
            raw=raw.content,
            sha256=hashlib.sha256(raw.content).hexdigest(),
            state=MessageState.WAITING,
            at=work.at,
        )
        kept = work.session.execute(
            row.on_conflict_do_nothing(index_elements=["direction", "transport_id"]).returning(
                col(CustomsMessage.id)
            )
        ).scalar()
        if kept is not None:
            work.defer(APPLY_JOB, once=f"{APPLY_JOB}:{kept}", subject=str(kept))


def last_place(session: Session) -> str | None:
    """The place in customs' mailbox behind which nothing has been fetched yet."""
    return session.exec(
        select(CustomsMessage.transport_id)
        .where(CustomsMessage.direction == Direction.IN)
        .order_by(col(CustomsMessage.sequence).desc())
        .limit(1)
    ).first()


def read(work: Work, message_id: UUID, keys: Keys) -> Letter | None:
    """The message *message_id*, verified; None if it is done with, or cannot be used.

    What cannot be used is refused with its reason, and nothing else changes.
    """
    message = work.session.get_one(CustomsMessage, message_id)
    if message.state is not MessageState.WAITING:
        return None
    try:
        answer = messages.read_answer(message.raw, keys)
        return Letter(message, answer, *_spoken_of(work.session, answer))
    except (Unreadable, UnknownReference) as failure:
        _refuse(work, message, failure)
        return None


def settle(work: Work, letter: Letter, effect: Effect) -> None:
    """Apply *letter* through *effect* if it is the next answer to its message.

    A copy of an answer that was applied changes nothing.  One that came too early is parked, and
    read again once its predecessor is there; so every order of arrival ends alike.
    """
    guarantee.lock_account(work, letter.declaration.premises_id)
    commands.lock(work, letter.declaration.id)
    if letter.amendment is not None:
        amending.lock(work, letter.amendment.id)
    message, answer = letter.message, letter.answer
    work.session.refresh(message)
    if message.state is not MessageState.WAITING:
        return
    message.declaration_id = letter.declaration.id
    if answer.sequence <= letter.asked.answered:
        message.state = MessageState.REPEATED
    elif answer.sequence > letter.asked.answered + 1:
        message.state = MessageState.PARKED
        _emit(work, CustomsEvent.ANSWER_PARKED, letter)
    else:
        _apply(work, letter, effect)


def watch(work: Work, _facts: Facts) -> None:
    """Tell, once each, of answers that have waited too long for their predecessors."""
    parked = work.session.exec(
        select(CustomsMessage).where(
            CustomsMessage.state == MessageState.PARKED,
            CustomsMessage.at <= work.at - LONGEST_PARKED,
            ~select(Event.id)
            .where(
                Event.subject == CustomsMessage.id,
                Event.name == CustomsEvent.ANSWER_OVERDUE.value,
            )
            .exists(),
        )
    )
    for message in parked:
        assert message.declaration_id is not None, "what is parked speaks of a declaration"
        declaration = queries.declaration_by_id(work.session, message.declaration_id)
        work.emit(
            CustomsEvent.ANSWER_OVERDUE,
            message.id,
            number=declaration.reference_number,
            transport_id=message.transport_id,
        )


def _apply(work: Work, letter: Letter, effect: Effect) -> None:
    declaration, answer = letter.declaration, letter.answer
    try:
        with work.session.begin_nested():
            _take_in(work, letter)
            if by_hand.taken_already(declaration, answer):
                effect = by_hand.note
            effect(work, declaration, answer)
            letter.asked.answered = answer.sequence
            letter.message.state = MessageState.APPLIED
            _emit(work, CustomsEvent.ANSWER_NOTED, letter)
    except WarehouseError as failure:
        work.session.refresh(letter.asked)
        _refuse(work, letter.message, failure)
    else:
        _unpark(work, declaration)


def _take_in(work: Work, letter: Letter) -> None:
    """What customs speaks of it has, even if we mean to send it again."""
    if letter.amendment is not None:
        amending.take_in(work, letter.amendment.id)
    elif letter.declaration.state is DeclarationState.QUEUED:
        commands.take_in(work, letter.declaration.id)


def _unpark(work: Work, declaration: Declaration) -> None:
    """Let what waited for this answer be read again."""
    parked = work.session.exec(
        select(CustomsMessage).where(
            CustomsMessage.declaration_id == declaration.id,
            CustomsMessage.state == MessageState.PARKED,
        )
    )
    for message in parked:
        message.state = MessageState.WAITING
        work.defer(APPLY_JOB, subject=str(message.id))


def _spoken_of(session: Session, answer: Answer) -> tuple[Declaration, Amendment | None]:
    """The declaration, and the change of it, that went out under the message of *answer*.

    Raises:
        UnknownReference: none did.
    """
    found = session.exec(
        select(Declaration, Amendment)
        .outerjoin(
            Amendment,
            and_(
                col(Amendment.declaration_id) == col(Declaration.id),
                col(Amendment.message_id) == answer.message_id,
            ),
        )
        .outerjoin(
            HandDecision,
            and_(
                col(HandDecision.declaration_id) == col(Declaration.id),
                col(HandDecision.id) == answer.message_id,
            ),
        )
        .where(
            Declaration.reference_number == answer.reference_number,
            or_(
                col(Declaration.message_id) == answer.message_id,
                col(Amendment.id).is_not(None),
                col(HandDecision.id).is_not(None),
            ),
        )
    ).first()
    if found is None:
        raise UnknownReference(message_id=str(answer.message_id), reference=answer.reference_number)
    return found


def _refuse(work: Work, message: CustomsMessage, failure: WarehouseError) -> None:
    message.state = MessageState.REFUSED
    message.reason = f"{failure.code}: {failure}"
    work.emit(
        CustomsEvent.ANSWER_REFUSED,
        message.id,
        transport_id=message.transport_id,
        code=failure.code,
        th=failure.text("th"),
        en=failure.text("en"),
    )


def _emit(work: Work, event: CustomsEvent, letter: Letter) -> None:
    work.emit(
        event,
        letter.declaration.id,
        number=letter.declaration.reference_number,
        kind=letter.answer.kind.value,
        sequence=str(letter.answer.sequence),
    )
