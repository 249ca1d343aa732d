"""What becomes of a declaration when customs agrees to change or cancel it, or does not.

Its rows then say what the next version says, and the ledgers get the difference alone.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session

from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.changing import amending
from warehouse.customs.checking import permits
from warehouse.customs.clearing import effects
from warehouse.customs.gateway import Answer, AnswerKind
from warehouse.customs.models import Amendment, Declaration, GuaranteeAccount
from warehouse.customs.money import duty_ledger, guarantee
from warehouse.customs.vocabulary import (
    AMENDMENT,
    DECLARATION,
    INTO_BOND,
    AmendmentKind,
    AmendmentState,
    CustomsEvent,
    DeclarationState,
    DutyEntryKind,
)

Effect = Callable[[Work, Amendment, Answer], None]
"""What an answer to an amendment or a cancellation does."""


def accept(work: Work, amendment: Amendment) -> None:
    """Customs agrees: the declaration is amended, or cancelled, from now on.

    Raises:
        WrongState: it is decided, or the declaration is past that.
        LineDrawnDown: goods of a line left bond meanwhile.
    """
    declaration = queries.declaration_by_id(work.session, amendment.declaration_id)
    account = guarantee.lock_account(work, declaration.premises_id)
    commands.lock(work, declaration.id)
    amending.lock(work, amendment.id)
    amendment.state = AMENDMENT.step(amendment.state, AmendmentState.ACCEPTED)
    amendment.decided_at = work.at
    if amendment.kind is AmendmentKind.CANCELLATION:
        _cancel(work, account, declaration)
    else:
        _amend(work, account, declaration, amendment)
        amending.tell(work, CustomsEvent.AMENDMENT_ACCEPTED, amendment)


def refuse(work: Work, amendment: Amendment, reasons: Sequence[dict[str, str]]) -> None:
    """Customs does not agree, for *reasons*: all stays as it is.

    Raises:
        WrongState: it is decided.
    """
    amending.end(work, amendment, AmendmentState.REFUSED, CustomsEvent.AMENDMENT_REFUSED)
    amendment.refusals = list(reasons)


def _accepted(work: Work, amendment: Amendment, _answer: Answer) -> None:
    accept(work, amendment)


def _refused(work: Work, amendment: Amendment, answer: Answer) -> None:
    refuse(work, amendment, [effects.as_kept(reason) for reason in answer.errors])


EFFECTS: Final[Mapping[AnswerKind, Effect]] = {
    AnswerKind.AMENDED: _accepted,
    AnswerKind.AMENDMENT_REFUSED: _refused,
    AnswerKind.CANCELLED: _accepted,
    AnswerKind.CANCELLATION_REFUSED: _refused,
    AnswerKind.REJECTED: _refused,
}
"""What customs' answers do to an amendment or a cancellation."""


def _amend(
    work: Work, account: GuaranteeAccount, declaration: Declaration, amendment: Amendment
) -> None:
    amending.refuse_touched(work.session, declaration, amendment.changes)
    before = _suspended(work.session, declaration)
    amending.write(work, declaration, amending.corrections_of(amendment))
    declaration.version = amendment.version
    after = _suspended(work.session, declaration)
    owed = ZERO
    for line_id, duty_type in sorted(before.keys() | after.keys()):
        key = line_id, duty_type
        change = after.get(key, ZERO) - before.get(key, ZERO)
        owed += change
        duty_ledger.post(
            work,
            DutyEntryKind.AMENDED,
            declaration.id,
            duty_type,
            change,
            entry_line_id=line_id,
        )
    assert owed == amendment.suspended_change, "the rates of a past day do not change"
    guarantee.debit(work, account, declaration.id, max(owed, ZERO))
    guarantee.release(work, account, declaration.id, max(-owed, ZERO))


def _suspended(session: Session, declaration: Declaration) -> Mapping[tuple[UUID, str], Decimal]:
    """What bond suspends of each duty and tax on each line, in baht."""
    lines = queries.lines(session, declaration.id)
    return {
        (line_id, duty.duty_type): duty.amount - duty.amount_paid
        for line_id, duties in queries.duties(session, (line.id for line in lines)).items()
        for duty in duties
    }


def _cancel(work: Work, account: GuaranteeAccount, declaration: Declaration) -> None:
    """Undo what its acceptance did: by entries the other way, never by taking any back."""
    amending.refuse_drawn(work.session, queries.lines(work.session, declaration.id))
    suspended = _suspended(work.session, declaration)
    amount = sum(suspended.values(), ZERO)
    entered = declaration.document_type in INTO_BOND
    if entered and declaration.state is DeclarationState.NUMBERED:
        guarantee.release(work, account, declaration.id, amount)
        for (line_id, duty_type), baht in suspended.items():
            duty_ledger.post(
                work,
                DutyEntryKind.SUSPENDED,
                declaration.id,
                duty_type,
                -baht,
                entry_line_id=line_id,
            )
    else:
        guarantee.free(work, account, declaration.id, amount)
    permits.give_back(work, declaration)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.CANCELLED)
    declaration.storage_ends_on = None
    work.emit(
        CustomsEvent.DECLARATION_CANCELLED, declaration.id, number=declaration.reference_number
    )
