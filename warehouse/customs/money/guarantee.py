"""The guarantee of a premises: set aside, debited, released, freed, always under its row lock.

What is in force is the sum of the bank's letters that have begun and not ended: each begins and
ends with an entry, and nothing else changes it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from warehouse.core import money, notices
from warehouse.core.errors import RuleViolation, WarehouseError
from warehouse.core.i18n import DEFAULT, N_, translate
from warehouse.core.money import PER_CENT, SATANG, ZERO
from warehouse.core.work import Work
from warehouse.customs.errors import (
    ExposureExceeded,
    GuaranteeAccountNotFound,
    GuaranteeEnded,
    GuaranteeShort,
)
from warehouse.customs.models import (
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    GuaranteeAccount,
    GuaranteeEntry,
    GuaranteeLetter,
)
from warehouse.customs.vocabulary import (
    INTO_BOND,
    CustomsEvent,
    DeclarationState,
    GuaranteeEntryKind,
    GuaranteeStrategy,
)
from warehouse.masterdata import queries as masterdata

WARNED_AT: Final = (95, 85, 70)
"""Shares of the limit, in per cent, that somebody is told of when use reaches them."""
NEARLY_USED: Final = N_("{share} % of the guarantee, or more, is used: {used} baht.")

_ALL: Final = Decimal(100)
_MOST_NAMED: Final = 5
_WAITING: Final = (DeclarationState.DRAFT, DeclarationState.APPROVED)


def lock_account(work: Work, premises_id: UUID) -> GuaranteeAccount:
    """The account of a premises, locked and read afresh.  Take it before any declaration.

    Raises:
        GuaranteeAccountNotFound: the premises has none.
    """
    account = work.session.exec(
        select(GuaranteeAccount)
        .where(GuaranteeAccount.premises_id == premises_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if account is None:
        raise GuaranteeAccountNotFound(premises=str(premises_id))
    return account


def reserve(work: Work, account: GuaranteeAccount, declaration_id: UUID, amount: Decimal) -> None:
    """Set *amount* baht aside for a declaration that will be sent.

    Raises:
        GuaranteeEnded: the guarantee is no longer valid.
        GuaranteeShort: it does not cover that much more.
        ExposureExceeded: more would be suspended than the limit allows.
    """
    if amount == ZERO:
        return
    turn(work, account)
    _check(work, account, exposure(account) + amount)
    account.reserved_baht += amount
    _record(work, account, GuaranteeEntryKind.RESERVE, amount, declaration_id=declaration_id)
    _warn(work, account)


def refusal(work: Work, premises_id: UUID, amount: Decimal) -> WarehouseError | None:
    """Why `reserve` would refuse *amount* baht now; None: it would not.  Nothing is set aside."""
    account = work.session.exec(
        select(GuaranteeAccount).where(GuaranteeAccount.premises_id == premises_id)
    ).first()
    if account is None:
        return GuaranteeAccountNotFound(premises=str(premises_id))
    if amount == ZERO:
        return None
    try:
        _check(work, account, exposure(account) + amount)
    except RuleViolation as failure:
        return failure
    return None


def debit(work: Work, account: GuaranteeAccount, declaration_id: UUID, amount: Decimal) -> None:
    """Customs accepted: what was set aside now stands against the guarantee."""
    account.reserved_baht -= amount
    account.debited_baht += amount
    _record(work, account, GuaranteeEntryKind.DEBIT, amount, declaration_id=declaration_id)


def free(work: Work, account: GuaranteeAccount, declaration_id: UUID, amount: Decimal) -> None:
    """Refused or withdrawn: nothing is set aside any more."""
    account.reserved_baht -= amount
    _record(work, account, GuaranteeEntryKind.FREE, amount, declaration_id=declaration_id)
    _warn(work, account)


def release(work: Work, account: GuaranteeAccount, declaration_id: UUID, amount: Decimal) -> None:
    """Goods were discharged: *amount* of what the entry *declaration_id* debited is given back."""
    account.debited_baht -= amount
    _record(work, account, GuaranteeEntryKind.RELEASE, amount, declaration_id=declaration_id)
    _warn(work, account)


def turn(work: Work, account: GuaranteeAccount) -> None:
    """Bring the locked *account* to today: end the letters whose time is over, begin the others.

    A letter that replaces another ends it by beginning.
    """
    for letter in _letters_due(work, account):
        if letter.began_at is None:
            begin(work, account, letter)
        elif letter.ended_at is None:
            end(work, account, letter)


def begin(work: Work, account: GuaranteeAccount, letter: GuaranteeLetter) -> None:
    """From now on *letter* is part of what is in force, and the one that it replaces is not."""
    letter.began_at = work.at
    account.in_force_baht += letter.amount
    _record(work, account, GuaranteeEntryKind.TOP_UP, letter.amount, letter_id=letter.id)
    if letter.replaces_id is not None:
        replaced = work.session.get(GuaranteeLetter, letter.replaces_id)
        if replaced is not None and replaced.ended_at is None:
            end(work, account, replaced)
    _warn(work, account)


def end(work: Work, account: GuaranteeAccount, letter: GuaranteeLetter) -> None:
    """*letter*, which began, is no longer part of what is in force."""
    letter.ended_at = work.at
    account.in_force_baht -= letter.amount
    _record(work, account, GuaranteeEntryKind.END, letter.amount, letter_id=letter.id)
    work.emit(
        CustomsEvent.LETTER_ENDED, letter.id, number=letter.number, amount=f"{letter.amount:f}"
    )
    _warn(work, account)


def exposure(account: GuaranteeAccount) -> Decimal:
    """What is suspended, or will be once customs has answered, in baht."""
    return account.reserved_baht + account.debited_baht


@money.exact()
def required(account: GuaranteeAccount, exposed: Decimal) -> Decimal:
    """How much guarantee the rule asks for when *exposed* baht are suspended, to the satang."""
    if account.strategy is GuaranteeStrategy.FLAT:
        return account.required_baht
    return (exposed * account.percent * PER_CENT).quantize(SATANG, ROUND_UP)


@money.exact()
def limit(account: GuaranteeAccount, in_force: Decimal) -> Decimal | None:
    """How much duty and tax may be suspended while *in_force* baht stand; None: any amount."""
    if account.strategy is GuaranteeStrategy.PERCENT_OF_STOCK_DUTY:
        return in_force / (account.percent * PER_CENT) if account.percent else None
    return account.exposure_limit_baht if in_force >= account.required_baht else ZERO


@money.exact()
def used_pct(account: GuaranteeAccount, exposed: Decimal, in_force: Decimal) -> Decimal:
    """How much of the limit *exposed* baht use, in per cent; 0 where there is no limit."""
    most = limit(account, in_force)
    if most is None or exposed == ZERO:
        return ZERO
    return exposed * _ALL / most if most else _ALL


def _check(work: Work, account: GuaranteeAccount, exposed: Decimal) -> None:
    needed, in_force = required(account, exposed), account.in_force_baht
    if needed > in_force:
        ended = _last_day(work.session, account) if in_force == ZERO else None
        if ended is not None:
            raise GuaranteeEnded(valid_to=ended)
        raise GuaranteeShort(
            short=needed - in_force,
            needed=needed,
            in_force=in_force,
            instead=_instead(work.session, account),
        )
    most = limit(account, in_force)
    if most is not None and exposed > most:
        raise ExposureExceeded(
            needed=exposed,
            limit=most,
            short=exposed - most,
            instead=_instead(work.session, account),
        )


def _instead(session: Session, account: GuaranteeAccount) -> list[str]:
    """Waiting entries that fit together into what is left, oldest first, by their references."""
    most = limit(account, account.in_force_baht)
    room = max((most or ZERO) - exposure(account), ZERO)
    fitting = []
    for reference, amount in _waiting(session, account.premises_id, room):
        if amount <= room:
            room -= amount
            fitting.append(reference)
    return fitting[:_MOST_NAMED]


def _waiting(session: Session, premises_id: UUID, room: Decimal) -> Sequence[tuple[str, Decimal]]:
    unpaid = func.sum(col(DeclarationDuty.amount) - col(DeclarationDuty.amount_paid))
    return session.exec(
        select(Declaration.reference_number, unpaid)
        .join(DeclarationLine, col(DeclarationLine.declaration_id) == col(Declaration.id))
        .join(DeclarationDuty, col(DeclarationDuty.line_id) == col(DeclarationLine.id))
        .where(
            Declaration.premises_id == premises_id,
            col(Declaration.state).in_(_WAITING),
            col(Declaration.document_type).in_(INTO_BOND),
        )
        .group_by(col(Declaration.id))
        .having(unpaid <= room, unpaid > ZERO)
        .order_by(col(Declaration.drafted_at), col(Declaration.reference_number))
    ).all()


def _letters_due(work: Work, account: GuaranteeAccount) -> Sequence[GuaranteeLetter]:
    """Approved letters that should begin or end by now: those that begin come first."""
    over = func.coalesce(col(GuaranteeLetter.valid_to) < work.today, False)
    ends = col(GuaranteeLetter.began_at).is_not(None) & over
    begins = (
        col(GuaranteeLetter.began_at).is_(None)
        & (col(GuaranteeLetter.valid_from) <= work.today)
        & ~over
    )
    return work.session.exec(
        select(GuaranteeLetter)
        .where(
            GuaranteeLetter.account_id == account.id,
            col(GuaranteeLetter.approved_at).is_not(None),
            col(GuaranteeLetter.ended_at).is_(None),
            begins | ends,
        )
        .order_by(col(GuaranteeLetter.began_at).desc().nulls_first(), col(GuaranteeLetter.id))
    ).all()


def _last_day(session: Session, account: GuaranteeAccount) -> date | None:
    """The last day of the letter that ended last, if there was one."""
    return session.exec(
        select(func.max(GuaranteeLetter.valid_to)).where(
            GuaranteeLetter.account_id == account.id, col(GuaranteeLetter.ended_at).is_not(None)
        )
    ).one()


def _warn(work: Work, account: GuaranteeAccount) -> None:
    """Tell once when use reaches one of the shares; below it again, the next time tells again."""
    used = used_pct(account, exposure(account), account.in_force_baht)
    reached = next((share for share in WARNED_AT if used >= share), 0)
    if reached > account.warned_pct:
        event_id = work.emit(
            CustomsEvent.GUARANTEE_NEAR,
            account.id,
            share=str(reached),
            used=f"{exposure(account):.2f}",
            in_force=f"{account.in_force_baht:.2f}",
        )
        title = masterdata.premises_by_id(work.session, account.premises_id).name_th
        text = translate(NEARLY_USED, DEFAULT, share=reached, used=exposure(account))
        notices.tell(work, f"guarantee:{event_id}", title, text)
    account.warned_pct = reached


def _record(
    work: Work,
    account: GuaranteeAccount,
    kind: GuaranteeEntryKind,
    amount: Decimal,
    *,
    declaration_id: UUID | None = None,
    letter_id: UUID | None = None,
) -> None:
    if amount == ZERO:
        return
    work.session.add(
        GuaranteeEntry(
            account_id=account.id,
            kind=kind,
            declaration_id=declaration_id,
            letter_id=letter_id,
            amount=amount,
            at=work.at,
        )
    )
