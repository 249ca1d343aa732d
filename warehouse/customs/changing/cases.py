"""A declaration was wrong, and customs has let its goods go: the desk puts it right in writing."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs.changing import editing
from warehouse.customs.changing.editing import Correction
from warehouse.customs.errors import CaseNotFound, CaseOpen
from warehouse.customs.models import Declaration, PostClearanceCase
from warehouse.customs.vocabulary import LET_GO, CustomsEvent, DeclarationState


def open_case(
    work: Work, declaration: Declaration, corrections: Iterable[Correction], reason: str
) -> PostClearanceCase:
    """*declaration* was wrong, and its goods are gone: let the desk put it right in writing.

    Raises:
        WrongState: it can still be amended.
        CaseOpen: somebody opened one already.
        NoSuchField: it has no such field.
    """
    commands.lock(work, declaration.id)
    if declaration.state not in LET_GO:
        raise WrongState(state=declaration.state.value, target=DeclarationState.RELEASED.value)
    if earlier := case_of(work.session, declaration.id):
        raise CaseOpen(number=declaration.declaration_number, person=earlier.opened_by)
    case = PostClearanceCase(
        declaration_id=declaration.id,
        reason=reason,
        changes=editing.differing(work.session, declaration, corrections),
        opened_by=work.actor.name,
        opened_at=work.at,
    )
    work.session.add(case)
    work.emit(
        CustomsEvent.CASE_OPENED,
        declaration.id,
        number=declaration.reference_number,
        reason=reason,
    )
    return case


def close_case(work: Work, declaration: Declaration, outcome: str) -> None:
    """Customs has answered in writing, with *outcome*.

    Raises:
        CaseNotFound: none is open.
    """
    commands.lock(work, declaration.id)
    case = case_of(work.session, declaration.id)
    if case is None:
        raise CaseNotFound(number=declaration.reference_number)
    case.outcome, case.closed_by, case.closed_at = outcome, work.actor.name, work.at
    work.emit(
        CustomsEvent.CASE_CLOSED,
        declaration.id,
        number=declaration.reference_number,
        outcome=outcome,
    )


def case_of(session: Session, declaration_id: UUID) -> PostClearanceCase | None:
    """The post-clearance case of a declaration that is open."""
    return session.exec(
        select(PostClearanceCase).where(
            PostClearanceCase.declaration_id == declaration_id,
            col(PostClearanceCase.closed_at).is_(None),
        )
    ).first()
