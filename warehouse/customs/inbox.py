"""Answers from customs: kept as they came, then applied once each and in customs' own order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from warehouse.core import ids
from warehouse.core.errors import WarehouseError
from warehouse.core.work import Work
from warehouse.customs import commands, guarantee
from warehouse.customs.effects import Effect
from warehouse.customs.errors import UnknownReference
from warehouse.customs.gateway import Answer, RawAnswer, Unreadable, messages
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.models import CustomsMessage, Declaration
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    Direction,
    MessageState,
)

APPLY_JOB: Final = "apply-answer"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that came in, what it says, and the declaration it speaks of, not yet locked."""

    message: CustomsMessage
    answer: Answer
    declaration: Declaration


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
        return Letter(message, answer, _declaration(work.session, answer))
    except (Unreadable, UnknownReference) as failure:
        _refuse(work, message, failure)
        return None


def settle(work: Work, letter: Letter, effect: Effect) -> None:
    """Apply *letter* through *effect* if it is the next of its declaration.

    A copy of an answer that was applied changes nothing.  One that came too early is parked, and
    read again once its predecessor is there; so every order of arrival ends alike.
    """
    guarantee.lock_account(work, letter.declaration.premises_id)
    declaration = commands.lock(work, letter.declaration.id)
    message, answer = letter.message, letter.answer
    work.session.refresh(message)
    if message.state is not MessageState.WAITING:
        return
    message.declaration_id = declaration.id
    if answer.sequence <= declaration.answered:
        message.state = MessageState.REPEATED
    elif answer.sequence > declaration.answered + 1:
        message.state = MessageState.PARKED
        _emit(work, CustomsEvent.ANSWER_PARKED, declaration, answer)
    else:
        _apply(work, letter, declaration, effect)


def _apply(work: Work, letter: Letter, declaration: Declaration, effect: Effect) -> None:
    try:
        with work.session.begin_nested():
            if declaration.state is DeclarationState.QUEUED:
                commands.take_in(work, declaration.id)
            effect(work, declaration, letter.answer)
            declaration.answered = letter.answer.sequence
            letter.message.state = MessageState.APPLIED
            _emit(work, CustomsEvent.ANSWER_NOTED, declaration, letter.answer)
    except WarehouseError as failure:
        work.session.refresh(declaration)
        _refuse(work, letter.message, failure)
    else:
        _unpark(work, declaration)


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


def _declaration(session: Session, answer: Answer) -> Declaration:
    found = session.exec(
        select(Declaration).where(
            Declaration.message_id == answer.message_id,
            Declaration.reference_number == answer.reference_number,
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


def _emit(work: Work, event: CustomsEvent, declaration: Declaration, answer: Answer) -> None:
    work.emit(
        event,
        declaration.id,
        number=declaration.reference_number,
        kind=answer.kind.value,
        sequence=str(answer.sequence),
    )
