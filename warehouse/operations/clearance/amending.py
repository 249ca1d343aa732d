"""Amendments and cancellations where they concern goods: a cancelled entry frees its lots."""

from collections.abc import Mapping
from typing import Final

from warehouse.core.work import Work
from warehouse.customs import amended, amending
from warehouse.customs import queries as customs
from warehouse.customs.amended import Effect
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Amendment, Declaration
from warehouse.inventory import unbinding


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
    lines = customs.lines(work.session, amendment.declaration_id)
    unbinding.unbind(work, [line.id for line in lines])


EFFECTS: Final[Mapping[AnswerKind, Effect]] = {
    **amended.EFFECTS,
    AnswerKind.CANCELLED: _cancelled,
}
"""What customs' answers do to an amendment or a cancellation."""
