"""Petitions: what goes to customs on paper, and comes back on paper (e-Tax Incentives manual).

Destruction, abandonment, seizure, the remission of lost goods.  A petition is drafted like any
declaration, so that nobody else declares its goods; no message is sent.  Customs' paper, recorded
by one person and approved by another, releases it; what was done under it remits its duty.
"""

from typing import Final

from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs.models import Declaration
from warehouse.customs.money import guarantee
from warehouse.customs.vocabulary import (
    DECLARATION,
    CustomsEvent,
    DeclarationState,
    DocumentType,
)

_ON_PAPER: Final = (
    DeclarationState.QUEUED,
    DeclarationState.SENT,
    DeclarationState.NUMBERED,
    DeclarationState.RELEASED,
)
"""What the paper tells all at once."""


def grant(work: Work, declaration: Declaration) -> None:
    """Customs' paper on the petition *declaration* is approved: its goods may go.

    Raises:
        WrongState: it was granted, or given up, before.
    """
    assert declaration.document_type is DocumentType.PETITION
    commands.lock(work, declaration.id)
    for state in _ON_PAPER:
        declaration.state = DECLARATION.step(declaration.state, state)
    declaration.released_at = work.at
    _emit(work, CustomsEvent.DECLARATION_RELEASED, declaration)


def give_up(work: Work, declaration: Declaration) -> None:
    """Nothing happens under the petition *declaration*: its goods stay as they were.

    Raises:
        WrongState: it was carried out.
    """
    assert declaration.document_type is DocumentType.PETITION
    guarantee.lock_account(work, declaration.premises_id)
    commands.lock(work, declaration.id)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.CANCELLED)
    _emit(work, CustomsEvent.DECLARATION_CANCELLED, declaration)


def _emit(work: Work, event: CustomsEvent, declaration: Declaration) -> None:
    work.emit(event, declaration.id, number=declaration.reference_number)
