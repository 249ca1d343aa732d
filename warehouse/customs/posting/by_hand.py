"""By hand: what customs decides on paper while its gateway is away for long.

The officer gives a number of the outage form, and lets goods go, on paper.  One of us records the
paper with its picture, another confirms it, and only then does it count (invariant I-19).  Once
customs answers again the declaration is filed into its computer as well, under the same reference:
see `errands.LaterFiling`.  What customs then says of steps that are taken already is noted.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from warehouse.access import queries as access
from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import db
from warehouse.core.errors import NotFound, WrongState
from warehouse.core.work import Event, Work
from warehouse.customs import commands, queries
from warehouse.customs.clearing.effects import Effect
from warehouse.customs.errors import (
    CustomsAnswers,
    HandDecisionNotFound,
    HandDecisionTaken,
    HandNumberNotValid,
    HandTimeImplausible,
)
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Declaration, HandDecision
from warehouse.customs.money import guarantee
from warehouse.customs.posting import outages
from warehouse.customs.posting.hand_book import MAY_BE_DECIDED
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState, HandDecisionKind
from warehouse.masterdata import identifiers

LATER_JOB: Final = "file-afterwards"

_STEPS: Final = (
    (DeclarationState.SENT, DeclarationState.WITHOUT_NUMBER),
    (DeclarationState.NUMBERED,),
    (DeclarationState.PAID, DeclarationState.GUARANTEED, DeclarationState.EXEMPT),
    (DeclarationState.GREEN, DeclarationState.RED),
    (DeclarationState.EXAMINED,),
    (DeclarationState.RELEASED,),
    (DeclarationState.DELIVERED,),
)
_RANK: Final = {state: rank for rank, states in enumerate(_STEPS) for state in states}
_TARGET: Final[Mapping[AnswerKind, DeclarationState]] = {
    AnswerKind.ACCEPTED_WITHOUT_NUMBER: DeclarationState.WITHOUT_NUMBER,
    **{kind: DeclarationState(kind.value) for kind in AnswerKind if kind.value in _RANK},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper of customs: who signed it and when, and its picture."""

    officer: str
    """Username or badge."""
    decided_at: datetime
    document: bytes
    document_type: str
    """Such as ``image/jpeg``."""
    number: str = ""
    """The declaration number, where the paper gives one."""


def accept(work: Work, declaration: Declaration, paper: Paper) -> HandDecision:
    """Record that customs accepted *declaration* on *paper* and gave it a number.

    Raises:
        CustomsAnswers: the gateway is not away; file electronically.
        WrongState: customs has answered it already.
        HandNumberNotValid: the number is not of the outage form, or of another kind of declaration.
        NumberTaken: another declaration has the number.
        HandTimeImplausible: it was not queued yet, or that time is still to come.
        HandDecisionTaken: it is recorded already.
        UnknownOfficer: nobody of that name is an officer.
    """
    parts = identifiers.declaration_number_parts(paper.number)
    of_type = parts is not None and parts["document_type"] == declaration.document_type
    if parts is None or "office" not in parts or not of_type:
        raise HandNumberNotValid(
            number=paper.number,
            type=declaration.document_type.value,
            example=f"8110{declaration.document_type}691100001",
        )
    commands.checked_number(work.session, declaration, paper.number)
    return _record(work, declaration, HandDecisionKind.NUMBERED, paper)


def release(work: Work, declaration: Declaration, paper: Paper) -> HandDecision:
    """Record that customs let the goods of *declaration* go on *paper*.

    Raises:
        CustomsAnswers: the gateway is not away.
        WrongState: it has no number, is to be inspected, or is released.
        HandTimeImplausible: it was not accepted yet, or that time is still to come.
        HandDecisionTaken: it is recorded already.
        UnknownOfficer: nobody of that name is an officer.
    """
    return _record(work, declaration, HandDecisionKind.RELEASED, paper)


def approve(work: Work, decision: HandDecision, effect: Effect) -> Declaration:
    """Confirm *decision*, which somebody else recorded, and let it count through *effect*.

    The number goes into customs' computer once it answers.

    Raises:
        SecondPersonNeeded: the actor recorded it.
        HandDecisionNotFound: it is withdrawn.
        WrongState: customs has decided otherwise meanwhile.
        NumberTaken: another declaration has the number.
    """
    declaration = queries.declaration_by_id(work.session, decision.declaration_id)
    guarantee.lock_account(work, declaration.premises_id)
    commands.lock(work, declaration.id)
    _lock(work, decision)
    if decision.recorded_by == work.actor.name:
        raise SecondPersonNeeded(person=work.actor.name)
    if decision.approved_at is not None:
        return declaration
    decision.approved_by, decision.approved_at = work.actor.name, work.at
    if decision.kind is HandDecisionKind.NUMBERED:
        decision.sent_at = declaration.sent_at
        if declaration.state is DeclarationState.QUEUED:
            commands.send(work, declaration)
        declaration.issued_by_hand = True
    effect(work, declaration, _answer(declaration, decision))
    _emit(work, CustomsEvent.HAND_DECISION_APPROVED, declaration, decision)
    if decision.kind is HandDecisionKind.NUMBERED:
        work.defer(LATER_JOB, once=f"{LATER_JOB}:{decision.id}", subject=str(decision.id))
    return declaration


def withdraw(work: Work, decision: HandDecision) -> None:
    """*decision* was recorded wrongly, and counts for nothing.

    Raises:
        HandDecisionNotFound: it counts already, or is withdrawn.
    """
    _lock(work, decision)
    if decision.approved_at is not None:
        raise HandDecisionNotFound(number=decision.number or str(decision.id))
    decision.withdrawn_by, decision.withdrawn_at = work.actor.name, work.at
    declaration = queries.declaration_by_id(work.session, decision.declaration_id)
    _emit(work, CustomsEvent.HAND_DECISION_WITHDRAWN, declaration, decision)


def taken_already(declaration: Declaration, answer: Answer) -> bool:
    """Whether *declaration* was brought by hand as far as *answer* says, or further."""
    target = _TARGET.get(answer.kind)
    if not declaration.issued_by_hand or target is None:
        return False
    return _RANK[target] <= _RANK.get(declaration.state, -1)


def note(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs says what an officer has decided by hand; if it says another number, tell of it."""
    differs = answer.declaration_number not in (None, declaration.declaration_number)
    if answer.kind is AnswerKind.NUMBERED and differs:
        work.emit(
            CustomsEvent.HAND_DECISION_DISPUTED,
            declaration.id,
            number=declaration.reference_number,
            by_hand=declaration.declaration_number or "",
            by_computer=answer.declaration_number or "",
        )


def _record(
    work: Work, declaration: Declaration, kind: HandDecisionKind, paper: Paper
) -> HandDecision:
    if outages.current(work.session) is None:
        raise CustomsAnswers
    commands.lock(work, declaration.id)
    if declaration.state not in MAY_BE_DECIDED[kind]:
        raise WrongState(state=declaration.state.value, target=kind.value)
    if _recorded(work.session, declaration.id, kind) is not None:
        raise HandDecisionTaken(number=declaration.reference_number)
    first = _asked_at(work.session, declaration).replace(second=0, microsecond=0)
    if not first <= paper.decided_at <= work.at:
        raise HandTimeImplausible(
            number=declaration.reference_number, first=first, at=paper.decided_at
        )
    decision = HandDecision(
        declaration_id=declaration.id,
        kind=kind,
        number=paper.number,
        decided_at=paper.decided_at,
        officer_id=access.officer(work.session, paper.officer).id,
        document=paper.document,
        document_type=paper.document_type,
        sha256=hashlib.sha256(paper.document).hexdigest(),
        recorded_by=work.actor.name,
        recorded_at=work.at,
    )
    work.session.add(decision)
    _emit(work, CustomsEvent.HAND_DECISION_RECORDED, declaration, decision)
    return decision


def _asked_at(session: Session, declaration: Declaration) -> datetime:
    """Since when customs may decide on *declaration* what it has not decided."""
    if declaration.numbered_at is not None:
        return declaration.numbered_at
    queued = (Event.subject == declaration.id, Event.name == CustomsEvent.DECLARATION_QUEUED.value)
    return session.exec(select(func.max(Event.at)).where(*queued)).one()


def _recorded(
    session: Session, declaration_id: UUID, kind: HandDecisionKind
) -> HandDecision | None:
    return session.exec(
        select(HandDecision).where(
            HandDecision.declaration_id == declaration_id,
            HandDecision.kind == kind,
            col(HandDecision.withdrawn_at).is_(None),
        )
    ).first()


def _lock(work: Work, decision: HandDecision) -> None:
    db.lock(work.session, HandDecision, [decision.id], missing=NotFound)
    if decision.withdrawn_at is not None:
        raise HandDecisionNotFound(number=decision.number or str(decision.id))


def _answer(declaration: Declaration, decision: HandDecision) -> Answer:
    """What the paper says, as customs' computer would have said it."""
    return Answer(
        answer_id=f"by-hand-{decision.id}",
        message_id=declaration.message_id,
        reference_number=declaration.reference_number,
        sequence=declaration.answered,
        kind=AnswerKind(decision.kind.value),
        at=decision.decided_at,
        declaration_number=decision.number or None,
    )


def _emit(
    work: Work, event: CustomsEvent, declaration: Declaration, decision: HandDecision
) -> None:
    work.emit(
        event,
        declaration.id,
        number=declaration.reference_number,
        kind=decision.kind.value,
        by_hand=decision.number,
    )
