"""Amendments and cancellations where they concern goods: a cancelled entry frees its lots."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import amended, amending
from warehouse.customs.changing.amended import Effect
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Amendment, Declaration, DeclarationLine
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory import unbinding
from warehouse.inventory.errors import LotPromised
from warehouse.inventory.models import Lot


def ask_to_cancel(work: Work, declaration: Declaration, reason: str) -> Amendment:
    """Write down that customs is to be asked to cancel *declaration*, and why.

    Raises:
        AlreadyPaid, AlreadyLetGo, WrongState, AmendmentOpen, LineDrawnDown: see `amending.cancel`.
        LotPromised: its goods are promised to an order.
    """
    lines = [line.id for line in customs.lines(work.session, declaration.id)]
    unbinding.refuse_promised(work.session, unbinding.lots_of(work.session, lines))
    return amending.cancel(work, declaration, reason)


def _cancelled(work: Work, amendment: Amendment, answer: Answer) -> None:
    """Customs has cancelled it: its goods can be declared anew."""
    amended.EFFECTS[AnswerKind.CANCELLED](work, amendment, answer)
    work.session.flush()
    _free(work, amendment.declaration_id)


def free_cancelled(work: Work, _facts: Facts) -> None:
    """Free what customs cancelled while an order waited for it, once the order is given up."""
    bound = work.session.exec(
        select(Declaration.id)
        .join(DeclarationLine, col(DeclarationLine.declaration_id) == col(Declaration.id))
        .join(Lot, col(Lot.declaration_line_id) == col(DeclarationLine.id))
        .where(Declaration.state == DeclarationState.CANCELLED)
        .distinct()
    ).all()
    for declaration_id in sorted(bound):
        _free(work, declaration_id)


def _free(work: Work, declaration_id: UUID) -> None:
    """Unbind the lots of a cancelled declaration, unless they were promised meanwhile."""
    lines = [line.id for line in customs.lines(work.session, declaration_id)]
    with suppress(LotPromised), work.session.begin_nested():
        unbinding.unbind(work, lines)


EFFECTS: Final[Mapping[AnswerKind, Effect]] = {
    **amended.EFFECTS,
    AnswerKind.CANCELLED: _cancelled,
}
"""What customs' answers do to an amendment or a cancellation."""
