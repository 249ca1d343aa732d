"""The duty ledger: amounts of duty and tax move between accounts, in satang-exact baht.

A claim is suspended at entry.  At release it is brought to the rate in force, imposed, and paid;
what the declaration's total loses to rounding returns to the claim.  What leaves the country, or
is destroyed, is remitted; what goes to another bonded place is answered for there.
"""

from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs.models import DutyEntry
from warehouse.customs.vocabulary import DutyAccount, DutyEntryKind

_MOVES: Final = {
    DutyEntryKind.SUSPENDED: (DutyAccount.CLAIM, DutyAccount.SUSPENSE),
    DutyEntryKind.RATE_CHANGE: (DutyAccount.CLAIM, DutyAccount.SUSPENSE),
    DutyEntryKind.AMENDED: (DutyAccount.CLAIM, DutyAccount.SUSPENSE),
    DutyEntryKind.IMPOSED: (DutyAccount.SUSPENSE, DutyAccount.PAYABLE),
    DutyEntryKind.ROUNDING: (DutyAccount.CLAIM, DutyAccount.PAYABLE),
    DutyEntryKind.PAID: (DutyAccount.PAYABLE, DutyAccount.PAID),
    DutyEntryKind.REMITTED: (DutyAccount.SUSPENSE, DutyAccount.REMITTED),
    DutyEntryKind.TRANSFERRED: (DutyAccount.SUSPENSE, DutyAccount.TRANSFERRED),
}


def post(
    work: Work,
    kind: DutyEntryKind,
    declaration_id: UUID,
    duty_type: str,
    amount: Decimal,
    *,
    entry_line_id: UUID | None = None,
) -> None:
    """Let *amount* baht take the way of *kind*; a negative one goes the other way, zero nowhere.

    *declaration_id* is the declaration that causes it, *entry_line_id* the import line it is of.
    """
    if amount == ZERO:
        return
    source, target = _MOVES[kind] if amount > ZERO else reversed(_MOVES[kind])
    work.session.add(
        DutyEntry(
            kind=kind,
            entry_line_id=entry_line_id,
            declaration_id=declaration_id,
            duty_type=duty_type,
            from_account=source,
            to_account=target,
            amount=abs(amount),
            at=work.at,
        )
    )
