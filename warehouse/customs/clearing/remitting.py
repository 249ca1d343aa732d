"""Goods are known to have left the country, or to be where they were to go: their duty ends.

What was re-exported, destroyed, abandoned or seized is remitted (Customs Act s.124/126); what came
to another bonded place, or to a free zone, is answered for there.  Until then duty and tax stay
suspended, and the guarantee stands for them.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.errors import NoExitToConfirm, NotGoneYet
from warehouse.customs.models import Declaration
from warehouse.customs.money import discharging, duty_ledger, guarantee
from warehouse.customs.vocabulary import (
    DECLARATION,
    CustomsEvent,
    DeclarationState,
    DocumentType,
    DutyEntryKind,
)

_ENDS_AS: Final[Mapping[DocumentType, DutyEntryKind]] = {
    DocumentType.EXPORT: DutyEntryKind.REMITTED,
    DocumentType.PETITION: DutyEntryKind.REMITTED,
    DocumentType.TRANSFER_OUT: DutyEntryKind.TRANSFERRED,
    DocumentType.TO_FREE_ZONE: DutyEntryKind.TRANSFERRED,
}

CONFIRMED: Final = frozenset({DocumentType.EXPORT, DocumentType.TO_FREE_ZONE})
"""What a border, or the gate of a free zone, confirms."""


def confirm_exit(work: Work, declaration: Declaration, at: datetime, *, document: str = "") -> None:
    """The goods of *declaration* left the country, or entered the free zone, at *at*.

    *document*: what proves it, where customs did not say so in a message.

    Raises:
        NoExitToConfirm: it is not of goods that go there.
        NotGoneYet: the goods still stand here, whoever says that they left.
        WrongState: customs has not released it, or its exit is confirmed.
    """
    if declaration.document_type not in CONFIRMED:
        raise NoExitToConfirm(number=declaration.reference_number)
    if not queries.all_gone(work.session, declaration.id):
        raise NotGoneYet(number=declaration.reference_number)
    lines = queries.lines(work.session, declaration.id)
    whole = {line.id: line.quantity for line in lines}
    remit(work, declaration, at, whole, document=document)


def remit(
    work: Work,
    declaration: Declaration,
    at: datetime,
    went: Mapping[UUID, Decimal],
    *,
    document: str = "",
) -> None:
    """As much of each line as *went*, by its id, is where it was to go: it leaves suspense whole.

    What did not go stays on its import line, free to be declared again.

    Raises:
        WrongState: customs has not released *declaration*, or it is over.
    """
    account = guarantee.lock_account(work, declaration.premises_id)
    commands.lock(work, declaration.id)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.DELIVERED)
    declaration.delivered_at, declaration.exit_document = at, document
    kind = _ENDS_AS[declaration.document_type]
    bonded = [line for line in queries.lines(work.session, declaration.id) if line.entry_line_id]
    for each in discharging.write_off(work, account, bonded, went):
        for duty_type, baht in sorted(each.shares.items()):
            duty_ledger.post(
                work, kind, declaration.id, duty_type, baht, entry_line_id=each.entry_line.id
            )
    work.emit(
        CustomsEvent.DECLARATION_DELIVERED,
        declaration.id,
        number=declaration.reference_number,
        document=document,
    )
