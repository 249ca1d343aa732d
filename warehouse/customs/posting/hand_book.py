"""The book of what customs decided by hand: what it may decide, what waits, what counts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, and_, col, not_, select

from warehouse.core.work import Event
from warehouse.customs.errors import HandDecisionNotFound
from warehouse.customs.models import Declaration, HandDecision
from warehouse.customs.vocabulary import (
    AT_CUSTOMS,
    CustomsEvent,
    DeclarationState,
    HandDecisionKind,
)

MAY_BE_DECIDED: Final[Mapping[HandDecisionKind, frozenset[DeclarationState]]] = {
    HandDecisionKind.NUMBERED: frozenset(
        {DeclarationState.QUEUED, DeclarationState.SENT, DeclarationState.UNKNOWN}
    ),
    HandDecisionKind.RELEASED: AT_CUSTOMS - {DeclarationState.RED},
}
_WAITS: Final = (
    col(HandDecision.approved_at).is_(None),
    col(HandDecision.withdrawn_at).is_(None),
)
_UNREAD: Final = defer(HandDecision.document)  # type: ignore[arg-type]  # a column, not its value


def decidable(declaration: Declaration) -> HandDecisionKind | None:
    """What customs may decide next on a paper of *declaration*; None: nothing."""
    kinds = (kind for kind, states in MAY_BE_DECIDED.items() if declaration.state in states)
    return next(kinds, None)


def undecided(session: Session, premises_id: UUID, *, limit: int) -> Sequence[Declaration]:
    """What customs may decide on paper, and no paper of it waits here: what is oldest first."""
    of_it = HandDecision.declaration_id == Declaration.id
    return session.exec(
        select(Declaration)
        .where(
            Declaration.premises_id == premises_id,
            col(Declaration.state).in_(frozenset().union(*MAY_BE_DECIDED.values())),
            ~select(HandDecision.id).where(of_it, *_WAITS).exists(),
        )
        .order_by(col(Declaration.drafted_at), col(Declaration.reference_number))
        .limit(limit)
    ).all()


def waiting(session: Session, premises_id: UUID) -> Sequence[tuple[HandDecision, Declaration]]:
    """The decisions of a premises that wait for a second person, oldest first."""
    return session.exec(
        select(HandDecision, Declaration)
        .options(_UNREAD)
        .join(Declaration, col(Declaration.id) == col(HandDecision.declaration_id))
        .where(Declaration.premises_id == premises_id, *_WAITS)
        .order_by(col(HandDecision.id))
    ).all()


def settled(
    session: Session, premises_id: UUID, *, limit: int
) -> Sequence[tuple[HandDecision, Declaration]]:
    """The decisions of a premises that count, or were withdrawn, the newest first."""
    return session.exec(
        select(HandDecision, Declaration)
        .options(_UNREAD)
        .join(Declaration, col(Declaration.id) == col(HandDecision.declaration_id))
        .where(Declaration.premises_id == premises_id, not_(and_(*_WAITS)))
        .order_by(col(HandDecision.id).desc())
        .limit(limit)
    ).all()


def of_declaration(session: Session, declaration_id: UUID) -> Sequence[HandDecision]:
    """What was recorded of a declaration, the newest first."""
    return session.exec(
        select(HandDecision)
        .options(_UNREAD)
        .where(HandDecision.declaration_id == declaration_id)
        .order_by(col(HandDecision.id).desc())
    ).all()


def disputed(session: Session, declaration_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of which customs' computer says otherwise than its paper."""
    return frozenset(
        session.exec(
            select(Event.subject).where(
                Event.name == CustomsEvent.HAND_DECISION_DISPUTED.value,
                col(Event.subject).in_(list(declaration_ids)),
            )
        )
    )


def decision(session: Session, declaration_id: UUID, decision_id: UUID) -> HandDecision:
    """One decision on a declaration, with its picture.

    Raises:
        HandDecisionNotFound: there is none.
    """
    found = session.get(HandDecision, decision_id)
    if found is None or found.declaration_id != declaration_id:
        raise HandDecisionNotFound(number=str(decision_id))
    return found
