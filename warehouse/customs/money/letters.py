"""The bank's letters behind the guarantee: recorded by one, approved by another, begun and ended.

A letter that replaces another ends it in the moment in which it begins, so that the warehouse is
never without cover; what was in force at any time stays on the books.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import notices
from warehouse.core.i18n import DEFAULT, N_, translate
from warehouse.core.jobs import Facts
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs.errors import (
    LetterApproved,
    LetterNotFound,
    LetterNumberTaken,
    LetterOver,
    LetterTooSmall,
)
from warehouse.customs.models import GuaranteeAccount, GuaranteeLetter
from warehouse.customs.money import guarantee
from warehouse.customs.vocabulary import CustomsEvent, GuaranteeStrategy

WARNED_AT: Final = (1, 7, 14, 20, 30)
"""Days before the end of a letter on which somebody is told."""
ENDS_SOON: Final = N_(
    "Letter {number} of {bank} ends on {on}, in {days} days. Ask for its successor."
)


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter as the bank wrote it; *valid_to* None: until it is called back."""

    number: str
    bank: str
    amount: Decimal
    valid_from: date
    valid_to: date | None = None
    replaces: str = ""
    """The number of the letter that it takes the place of; empty: it is added to what there is."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the licence asks for: see `GuaranteeStrategy`."""

    strategy: GuaranteeStrategy
    percent: Decimal = ZERO
    required_baht: Decimal = ZERO
    exposure_limit_baht: Decimal | None = None


def open_account(
    work: Work, premises_id: UUID, terms: Terms, *drafts: LetterDraft, approved_by: str
) -> GuaranteeAccount:
    """The account of a new premises, with the letters that *approved_by* has seen as well.

    Raises:
        SecondPersonNeeded: that is whoever sets it up.
        LetterNumberTaken: a letter of a number is on the books.
    """
    account = GuaranteeAccount(
        premises_id=premises_id,
        strategy=terms.strategy,
        percent=terms.percent,
        required_baht=terms.required_baht,
        exposure_limit_baht=terms.exposure_limit_baht,
        in_force_baht=ZERO,
        reserved_baht=ZERO,
        debited_baht=ZERO,
    )
    work.session.add(account)
    work.session.flush()
    for draft in drafts:
        _approve(work, _recorded(work, account, draft), approved_by)
    guarantee.turn(work, account)
    return account


def record(work: Work, premises_id: UUID, draft: LetterDraft) -> GuaranteeLetter:
    """Put a letter of the bank on the books; it counts once another person has approved it.

    Raises:
        GuaranteeAccountNotFound: the premises has no guarantee.
        LetterNumberTaken: a letter of that number is there.
        LetterOver: its time is over already.
        LetterNotFound: there is no such letter in force to be replaced.
        LetterTooSmall: less would be in force than the rule asks for now.
    """
    account = guarantee.lock_account(work, premises_id)
    guarantee.turn(work, account)
    letter = _recorded(work, account, draft)
    _check_sum(work, account, letter)
    work.emit(CustomsEvent.LETTER_RECORDED, letter.id, **_facts(letter))
    return letter


def approve(work: Work, premises_id: UUID, letter_id: UUID) -> GuaranteeLetter:
    """Let a recorded letter count: from today on, or from the day on which it begins.

    Raises:
        LetterNotFound: there is none here, or it is withdrawn.
        LetterApproved: it is approved.
        SecondPersonNeeded: the same person recorded it (invariant I-19).
        LetterOver: its time is over.
        LetterTooSmall: less would be in force than the rule asks for now.
    """
    account = guarantee.lock_account(work, premises_id)
    guarantee.turn(work, account)
    letter = _waiting(work, account, letter_id)
    _check_sum(work, account, letter)
    _approve(work, letter, work.actor.name)
    guarantee.turn(work, account)
    work.emit(CustomsEvent.LETTER_APPROVED, letter.id, **_facts(letter))
    return letter


def withdraw(work: Work, premises_id: UUID, letter_id: UUID) -> GuaranteeLetter:
    """A letter was recorded wrongly, and nobody has approved it: its number is free again.

    Raises:
        GuaranteeAccountNotFound: the premises has no guarantee.
        LetterNotFound: there is none here, or it is withdrawn.
        LetterApproved: it is approved.
    """
    account = guarantee.lock_account(work, premises_id)
    letter = _waiting(work, account, letter_id)
    letter.withdrawn_by, letter.withdrawn_at = work.actor.name, work.at
    work.emit(CustomsEvent.LETTER_WITHDRAWN, letter.id, **_facts(letter))
    return letter


def turn_letters(work: Work, facts: Facts) -> None:  # noqa: ARG001
    """Just after midnight: letters begin and end, and somebody hears of those that end soon."""
    premises = work.session.exec(
        select(GuaranteeAccount.premises_id).order_by(col(GuaranteeAccount.premises_id))
    ).all()
    for premises_id in premises:
        account = guarantee.lock_account(work, premises_id)
        guarantee.turn(work, account)
        for letter in in_force(work.session, account.id):
            _warn(work, letter)


def history(session: Session, account_id: UUID) -> Sequence[GuaranteeLetter]:
    """Every letter that was ever recorded for an account, the newest first."""
    return session.exec(
        select(GuaranteeLetter)
        .where(GuaranteeLetter.account_id == account_id)
        .order_by(col(GuaranteeLetter.recorded_at).desc(), col(GuaranteeLetter.id).desc())
    ).all()


def in_force(session: Session, account_id: UUID) -> Sequence[GuaranteeLetter]:
    """The letters that have begun and not ended."""
    return session.exec(
        select(GuaranteeLetter)
        .where(
            GuaranteeLetter.account_id == account_id,
            col(GuaranteeLetter.began_at).is_not(None),
            col(GuaranteeLetter.ended_at).is_(None),
        )
        .order_by(col(GuaranteeLetter.number))
    ).all()


def _waiting(work: Work, account: GuaranteeAccount, letter_id: UUID) -> GuaranteeLetter:
    """A letter behind *account*, which is locked, that waits for a second person."""
    letter = work.session.get(GuaranteeLetter, letter_id, populate_existing=True)
    if letter is None or letter.account_id != account.id or letter.withdrawn_at is not None:
        raise LetterNotFound(number=str(letter_id))
    if letter.approved_at is not None:
        raise LetterApproved(number=letter.number, person=letter.approved_by, at=letter.approved_at)
    return letter


def _recorded(work: Work, account: GuaranteeAccount, draft: LetterDraft) -> GuaranteeLetter:
    taken = work.session.exec(
        select(GuaranteeLetter).where(
            GuaranteeLetter.number == draft.number, col(GuaranteeLetter.withdrawn_at).is_(None)
        )
    ).first()
    if taken is not None:
        raise LetterNumberTaken(number=draft.number, at=taken.recorded_at)
    if draft.valid_to is not None and draft.valid_to < work.today:
        raise LetterOver(number=draft.number, valid_to=draft.valid_to)
    letter = GuaranteeLetter(
        account_id=account.id,
        number=draft.number,
        bank=draft.bank,
        amount=draft.amount,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        replaces_id=_replaced(work, account, draft.replaces),
        recorded_by=work.actor.name,
        recorded_at=work.at,
    )
    work.session.add(letter)
    work.session.flush()
    return letter


def _replaced(work: Work, account: GuaranteeAccount, number: str) -> UUID | None:
    if not number:
        return None
    letter = _by_number(work, account, number)
    if letter.began_at is None or letter.ended_at is not None:
        raise LetterNotFound(number=number)
    return letter.id


def _by_number(work: Work, account: GuaranteeAccount, number: str) -> GuaranteeLetter:
    letter = work.session.exec(
        select(GuaranteeLetter)
        .where(
            GuaranteeLetter.account_id == account.id,
            GuaranteeLetter.number == number,
            col(GuaranteeLetter.withdrawn_at).is_(None),
        )
        .execution_options(populate_existing=True)
    ).first()
    if letter is None:
        raise LetterNotFound(number=number)
    return letter


def _check_sum(work: Work, account: GuaranteeAccount, letter: GuaranteeLetter) -> None:
    if letter.valid_to is not None and letter.valid_to < work.today:
        raise LetterOver(number=letter.number, valid_to=letter.valid_to)
    if letter.replaces_id is None:
        return
    replaced = work.session.get_one(GuaranteeLetter, letter.replaces_id)
    leaves = replaced.amount if replaced.ended_at is None else ZERO
    in_force_then = account.in_force_baht - leaves + letter.amount
    needed = guarantee.required(account, guarantee.exposure(account))
    if in_force_then < needed:
        raise LetterTooSmall(
            number=letter.number,
            in_force=in_force_then,
            needed=needed,
            short=needed - in_force_then,
        )


def _approve(work: Work, letter: GuaranteeLetter, person: str) -> None:
    if letter.recorded_by == person:
        raise SecondPersonNeeded(person=person)
    letter.approved_by, letter.approved_at = person, work.at
    work.session.flush()


def _warn(work: Work, letter: GuaranteeLetter) -> None:
    if letter.valid_to is None:
        return
    left = (letter.valid_to - work.today).days
    reached = next((days for days in WARNED_AT if left <= days), None)
    if reached is not None and (letter.warned_days is None or reached < letter.warned_days):
        letter.warned_days = reached
        event_id = work.emit(CustomsEvent.LETTER_NEAR, letter.id, days=str(left), **_facts(letter))
        text = translate(
            ENDS_SOON, DEFAULT, number=letter.number, bank=letter.bank, on=letter.valid_to,
            days=left,
        )  # fmt: skip
        notices.tell(work, f"letter:{event_id}", letter.number, text)


def _facts(letter: GuaranteeLetter) -> dict[str, str]:
    return {
        "number": letter.number,
        "amount": f"{letter.amount:.2f}",
        "valid_to": letter.valid_to.isoformat() if letter.valid_to else "",
    }
