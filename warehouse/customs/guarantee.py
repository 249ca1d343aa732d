"""The guarantee of a premises: set aside, debited, released, freed, always under its row lock."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import select

from warehouse.core import money
from warehouse.core.money import PER_CENT, ZERO
from warehouse.core.work import Work
from warehouse.customs.errors import (
    ExposureExceeded,
    GuaranteeAccountNotFound,
    GuaranteeEnded,
    GuaranteeShort,
)
from warehouse.customs.models import GuaranteeAccount, GuaranteeEntry
from warehouse.customs.vocabulary import GuaranteeEntryKind, GuaranteeStrategy


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
    _check(account, account.reserved_baht + account.debited_baht + amount, work.today)
    account.reserved_baht += amount
    _record(work, account, GuaranteeEntryKind.RESERVE, declaration_id, amount)


def debit(work: Work, account: GuaranteeAccount, declaration_id: UUID, amount: Decimal) -> None:
    """Customs accepted: what was set aside now stands against the guarantee."""
    account.reserved_baht -= amount
    account.debited_baht += amount
    _record(work, account, GuaranteeEntryKind.DEBIT, declaration_id, amount)


def free(work: Work, account: GuaranteeAccount, declaration_id: UUID, amount: Decimal) -> None:
    """Refused or withdrawn: nothing is set aside any more."""
    account.reserved_baht -= amount
    _record(work, account, GuaranteeEntryKind.FREE, declaration_id, amount)


def release(work: Work, account: GuaranteeAccount, declaration_id: UUID, amount: Decimal) -> None:
    """Goods were discharged: *amount* of what the entry *declaration_id* debited is given back."""
    account.debited_baht -= amount
    _record(work, account, GuaranteeEntryKind.RELEASE, declaration_id, amount)


def _check(account: GuaranteeAccount, exposure: Decimal, on: date) -> None:
    if account.valid_to is not None and account.valid_to < on:
        raise GuaranteeEnded(valid_to=account.valid_to)
    match account.strategy:
        case GuaranteeStrategy.FLAT:
            _cover(account, account.required_baht)
            limit = account.exposure_limit_baht
            if limit is not None and exposure > limit:
                raise ExposureExceeded(needed=exposure, limit=limit, short=exposure - limit)
        case GuaranteeStrategy.PERCENT_OF_STOCK_DUTY:
            with money.exact():
                needed = exposure * account.percent * PER_CENT
            _cover(account, needed)


def _cover(account: GuaranteeAccount, needed: Decimal) -> None:
    if needed > account.in_force_baht:
        raise GuaranteeShort(
            short=needed - account.in_force_baht, needed=needed, in_force=account.in_force_baht
        )


def _record(
    work: Work,
    account: GuaranteeAccount,
    kind: GuaranteeEntryKind,
    declaration_id: UUID,
    amount: Decimal,
) -> None:
    if amount == ZERO:
        return
    work.session.add(
        GuaranteeEntry(
            account_id=account.id,
            kind=kind,
            declaration_id=declaration_id,
            amount=amount,
            at=work.at,
        )
    )
