"""What customs refused becomes a draft again: its next version, with what customs said of it."""

from collections.abc import Iterable
from typing import Final, TypeVar

from sqlmodel import SQLModel, col, select

from warehouse.core import db, ids
from warehouse.core.work import SYSTEM, Work
from warehouse.customs import commands, queries
from warehouse.customs.changing import editing, fields
from warehouse.customs.drafting import writing
from warehouse.customs.models import (
    Declaration,
    DeclarationDeposit,
)
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState
from warehouse.masterdata import queries as masterdata

_OF_ONE_VERSION: Final = frozenset(
    {
        "id", "reference_number", "message_id", "version", "revision", "state",
        "declaration_number", "refusals", "findings", "answered", "drafted_by", "drafted_at",
        "approved_by", "approved_at", "sent_at", "numbered_at", "issued_by_hand",
    }
)  # fmt: skip

T = TypeVar("T", bound=db.Table)


def redraft(work: Work, refused: Declaration) -> Declaration:
    """Cancel *refused* and draft its next version, which says the same until somebody corrects it.

    Customs' reasons stand on it, each with the field that it means; so no standing instruction
    sends it.

    Raises:
        WrongState: customs has not refused it.
        GuaranteeAccountNotFound: the premises has no guarantee.
    """
    reasons = [{**reason, "field": fields.named_by(reason["code"])} for reason in refused.refusals]
    commands.cancel(work, refused)
    work.session.flush()  # one version of it lives at a time
    premises = masterdata.premises_by_id(work.session, refused.premises_id)
    draft = Declaration(
        **refused.model_dump(exclude=set(_OF_ONE_VERSION)),
        reference_number=writing.reference(work, premises),
        message_id=ids.new_id(),
        version=refused.version + 1,
        state=DeclarationState.DRAFT,
        refusals=reasons,
        drafted_by=SYSTEM.name,
        drafted_at=work.at,
    )
    work.session.add(draft)
    work.session.flush()
    _copy_lines(work, refused, draft)
    work.emit(CustomsEvent.DECLARATION_DRAFTED, draft.id, number=draft.reference_number)
    return draft


def _copy_lines(work: Work, refused: Declaration, draft: Declaration) -> None:
    rows = queries.lines(work.session, refused.id)
    new = {row.id: ids.new_id() for row in rows}
    _add(work, (_copy(row, id=new[row.id], declaration_id=draft.id) for row in rows))
    duties = [duty for some in queries.duties(work.session, new).values() for duty in some]
    new_duties = {duty.id: ids.new_id() for duty in duties}
    _add(
        work,
        (_copy(duty, id=new_duties[duty.id], line_id=new[duty.line_id]) for duty in duties),
    )
    deposits = work.session.exec(
        select(DeclarationDeposit).where(col(DeclarationDeposit.duty_id).in_(list(new_duties)))
    ).all()
    _add(work, (_copy(each, duty_id=new_duties[each.duty_id]) for each in deposits))
    lots = queries.declared_lots(work.session, refused.id)
    _add(work, (_copy(each, line_id=new[each.line_id]) for each in lots))
    permits = editing.permits_of(work.session, new)
    _add(
        work,
        (_copy(each, line_id=new[line]) for line, some in permits.items() for each in some),
    )


def _copy(row: T, **changes: object) -> T:
    return type(row)(**{**row.model_dump(exclude={"id"}), **changes})


def _add(work: Work, rows: Iterable[SQLModel]) -> None:
    work.session.add_all(rows)
    work.session.flush()
