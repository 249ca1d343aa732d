"""What happens to a declaration between us and customs, step by step.

Each step takes the guarantee account first, where it touches it, then the declaration.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from warehouse.core import db
from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.customs import queries, releases, rules
from warehouse.customs.checking import permits
from warehouse.customs.drafting import exporting, home_use
from warehouse.customs.errors import (
    DeclarationNotFound,
    GoesOnPaper,
    NumberNotValid,
    NumberTaken,
)
from warehouse.customs.models import Declaration, PolicyRow
from warehouse.customs.money import discharging, duty_ledger, guarantee, payments
from warehouse.customs.policy import POLICY_CSV, read_policy
from warehouse.customs.vocabulary import (
    DECLARATION,
    INTO_BOND,
    OURS_ALONE,
    CustomsEvent,
    DeclarationState,
    DocumentType,
    DutyEntryKind,
    Procedure,
)
from warehouse.masterdata import dated, identifiers


def load_policy(work: Work, path: Path = POLICY_CSV) -> int:
    """Take in the dated rules of the CSV file at *path*; return how many changed.

    Raises:
        RowDiffers: a rule is there already with another value from the same day.
        RowsOverlap: two rules would hold on one day.
    """
    rows = [PolicyRow(**asdict(rule)) for rule in read_policy(path)]
    return dated.keep(work, PolicyRow, ("name", "key"), rows)


def lock(work: Work, declaration_id: UUID) -> Declaration:
    """The declaration, locked and read afresh.

    Raises:
        DeclarationNotFound: there is none.
    """
    found = db.lock(work.session, Declaration, [declaration_id], missing=DeclarationNotFound)
    return found[declaration_id]


def queue(work: Work, declaration: Declaration) -> Declaration:
    """Let *declaration* be sent, its suspended duty and tax set aside from the guarantee.

    Raises:
        WrongState: it is not a draft.
        GoesOnPaper: it is a petition.
        GuaranteeAccountNotFound: the premises has no guarantee.
        GuaranteeEnded: the guarantee is no longer valid.
        GuaranteeShort: the guarantee does not cover it.
        ExposureExceeded: it would suspend more than the limit allows.
        PermitNotApproved, PermitExpired, PermitShort: a permit that it names does not serve.
    """
    account = guarantee.lock_account(work, declaration.premises_id)
    lock(work, declaration.id)
    if declaration.document_type is DocumentType.PETITION:
        raise GoesOnPaper(number=declaration.reference_number)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.QUEUED)
    payments.require_order_paid(work, declaration)
    suspended = queries.suspended_baht(work.session, declaration.id)
    guarantee.reserve(work, account, declaration.id, suspended)
    permits.draw(work, declaration)
    declaration.refusals = []
    _emit(work, CustomsEvent.DECLARATION_QUEUED, declaration)
    return declaration


def cancel(work: Work, declaration: Declaration) -> Declaration:
    """Withdraw *declaration* before customs has it, or after customs refused it.

    Raises:
        WrongState: customs has it, or may have it.
    """
    account = guarantee.lock_account(work, declaration.premises_id)
    lock(work, declaration.id)
    queued = declaration.state is DeclarationState.QUEUED
    if declaration.state not in OURS_ALONE:
        raise WrongState(state=declaration.state.value, target=DeclarationState.CANCELLED.value)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.CANCELLED)
    if queued:
        suspended = queries.suspended_baht(work.session, declaration.id)
        guarantee.free(work, account, declaration.id, suspended)
    permits.give_back(work, declaration)
    _emit(work, CustomsEvent.DECLARATION_CANCELLED, declaration)
    return declaration


def send(work: Work, declaration: Declaration) -> None:
    """*declaration*, locked, is on its way: from here on customs may have it.

    Raises:
        WrongState: it is not queued.
    """
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.SENT)
    declaration.sent_at = work.at
    _emit(work, CustomsEvent.DECLARATION_SENT, declaration)


def refresh_rates(work: Work, declaration: Declaration) -> None:
    """Before *declaration* goes out for the first time: the rates of today, not of its draft.

    Goods that leave bond for the country take them (Customs Act s.14(1)), and the value of Thai
    goods that go abroad; an entry keeps its import day's, and lost goods the day that the officer
    set (s.14(2), to be confirmed).

    Raises:
        TariffLineMissing: the tariff does not name some of the goods today.
        ExchangeRateMissing: no rate of the currency is known for today.
    """
    if declaration.rates_on == work.today:
        return
    if declaration.procedure is Procedure.EXPORT:
        exporting.revalue(work, declaration)
    leaves_bond = declaration.document_type is DocumentType.HOME_USE
    lost = declaration.procedure is Procedure.LOSS
    if leaves_bond and not lost:
        home_use.assess(work, declaration, work.today)


def leave_unanswered(work: Work, declaration_id: UUID) -> None:
    """Customs did not answer: whether it has the declaration is unknown until it says so."""
    declaration = lock(work, declaration_id)
    if declaration.state is DeclarationState.SENT:
        declaration.state = DeclarationState.UNKNOWN
        _emit(work, CustomsEvent.DECLARATION_UNANSWERED, declaration)


def send_again(work: Work, declaration_id: UUID) -> None:
    """Customs says that it never saw the declaration: back into the queue."""
    declaration = lock(work, declaration_id)
    if declaration.state is DeclarationState.UNKNOWN:
        declaration.state = DeclarationState.QUEUED
        _emit(work, CustomsEvent.DECLARATION_UNSEEN, declaration)


_PERHAPS_THERE: Final = (
    DeclarationState.QUEUED,
    DeclarationState.SENT,
    DeclarationState.UNKNOWN,
)


def take_in(work: Work, declaration_id: UUID) -> None:
    """Customs has the declaration: so it says, or it speaks of it.

    A declaration may be queued again when customs does have it: its message was still under way
    when we asked.
    """
    declaration = lock(work, declaration_id)
    if declaration.state in _PERHAPS_THERE:
        declaration.state = DeclarationState.SENT
        _emit(work, CustomsEvent.DECLARATION_TAKEN_IN, declaration)


def reject(work: Work, declaration: Declaration, reasons: Sequence[dict[str, str]]) -> None:
    """Customs refuses *declaration* for *reasons*: what was set aside is free again.

    Raises:
        WrongState: it is not with customs.
    """
    account = guarantee.lock_account(work, declaration.premises_id)
    lock(work, declaration.id)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.REJECTED)
    declaration.refusals = list(reasons)
    suspended = queries.suspended_baht(work.session, declaration.id)
    guarantee.free(work, account, declaration.id, suspended)
    permits.give_back(work, declaration)
    _emit(work, CustomsEvent.DECLARATION_REJECTED, declaration)


def accept(work: Work, declaration: Declaration, number: str | None, at: datetime) -> None:
    """Customs accepted *declaration* at *at* and gave it *number*.

    Of an entry: duty and tax are suspended against the guarantee, and the storage period runs
    from the import day.

    Raises:
        WrongState: it is not with customs.
        NumberNotValid: *number* is none, or not of this kind.
        NumberTaken: another declaration has it.
    """
    account = guarantee.lock_account(work, declaration.premises_id)
    lock(work, declaration.id)
    target = DECLARATION.step(declaration.state, DeclarationState.NUMBERED)
    declaration.declaration_number = checked_number(work.session, declaration, number)
    declaration.state = target
    declaration.numbered_at = at
    if declaration.document_type in INTO_BOND:
        policy = queries.policy(work.session)
        declaration.storage_ends_on = rules.storage_ends_on(declaration.import_date, policy)
        suspended = queries.suspended_baht(work.session, declaration.id)
        guarantee.debit(work, account, declaration.id, suspended)
        _suspend(work, declaration)
    _emit(
        work,
        CustomsEvent.DECLARATION_NUMBERED,
        declaration,
        declaration_number=declaration.declaration_number,
    )


def leave_without_number(
    work: Work, declaration: Declaration, reasons: Sequence[dict[str, str]]
) -> None:
    """Customs took *declaration* in without a number: its manifest does not match (manual p.138).

    Raises:
        WrongState: it is not with customs.
    """
    lock(work, declaration.id)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.WITHOUT_NUMBER)
    declaration.refusals = list(reasons)
    _emit(work, CustomsEvent.DECLARATION_WITHOUT_NUMBER, declaration)


def settle(
    work: Work,
    declaration: Declaration,
    state: DeclarationState,
    at: datetime,
    payment_number: str | None = None,
) -> None:
    """What *declaration* owes is paid, guaranteed, or exempt.

    Raises:
        WrongState: it has no number, or is settled.
    """
    lock(work, declaration.id)
    declaration.state = DECLARATION.step(declaration.state, state)
    declaration.settled_at, declaration.payment_number = at, payment_number
    _emit(work, CustomsEvent.DECLARATION_SETTLED, declaration, how=state.value)


def choose_lane(work: Work, declaration: Declaration, state: DeclarationState) -> None:
    """Customs will inspect the goods of *declaration* (red), or will not (green).

    Raises:
        WrongState: it has no number, or is decided.
    """
    lock(work, declaration.id)
    declaration.state = DECLARATION.step(declaration.state, state)
    _emit(work, CustomsEvent.DECLARATION_LANED, declaration, lane=state.value)


def examine(work: Work, declaration: Declaration, at: datetime) -> None:
    """Customs has inspected the goods of *declaration*, at *at*; whoever says so second is late.

    Raises:
        WrongState: no inspection was ordered.
    """
    lock(work, declaration.id)
    if declaration.state is DeclarationState.EXAMINED:
        return
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.EXAMINED)
    declaration.examined_at = at
    _emit(work, CustomsEvent.DECLARATION_EXAMINED, declaration)


def deliver(work: Work, declaration: Declaration) -> None:
    """The goods of *declaration*, locked, are where customs let them go to.

    Raises:
        WrongState: customs has not let them go.
    """
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.DELIVERED)
    declaration.delivered_at = work.at
    _emit(work, CustomsEvent.DECLARATION_DELIVERED, declaration)


def release(work: Work, declaration: Declaration, at: datetime) -> None:
    """Customs lets the goods of *declaration* go, at *at*.

    Out of bond the gate may open (Customs Act s.51).  For home use the import lines are discharged,
    and duty is imposed and paid; of other goods it stays suspended until they are known to have
    left the country or come to another bonded place: see `remitting`.

    Raises:
        WrongState: it has no number yet.
    """
    account = guarantee.lock_account(work, declaration.premises_id)
    lock(work, declaration.id)
    declaration.state = DECLARATION.step(declaration.state, DeclarationState.RELEASED)
    declaration.released_at = at
    if declaration.document_type is DocumentType.HOME_USE:
        discharging.discharge(work, account, declaration)
    if declaration.document_type not in INTO_BOND:
        discharging.grant(work, declaration, at)
    _emit(work, CustomsEvent.DECLARATION_RELEASED, declaration)


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """So much of a lot that may leave now."""

    release_line_id: UUID
    lot_id: UUID
    quantity: Decimal


# Uses every line of the order's release, held against its being revoked.  Of two gates that try at
# once the second waits here for the first to commit, then finds nothing unused.
DRAW_DOWN: Final = """
WITH in_force AS (
    SELECT id FROM release
     WHERE order_id = %(order_id)s AND revoked_at IS NULL
       AND (valid_until IS NULL OR valid_until >= %(at)s)
       FOR NO KEY UPDATE
)
UPDATE release_line SET used_quantity = quantity
  FROM in_force WHERE release_line.release_id = in_force.id AND release_line.used_quantity = 0
RETURNING release_line.id, release_line.lot_id, release_line.quantity
"""


def draw_down(work: Work, order_id: UUID) -> list[DrawnLine]:
    """Use the release of an order, once and whole; return what may leave.

    Raises:
        NotDeclared: nobody has declared the goods.
        NotReleased: customs has not let them go.
        AuthorityRevoked, AuthorityExpired: it does not any more.
        ReleaseUsed: they have left already.
    """
    rows = work.sql(DRAW_DOWN, order_id=order_id, at=work.at).fetchall()
    if not rows:
        reason = releases.obstacle(releases.standing(work, order_id), work.at)
        assert reason is not None, "what stands in the way has a name"
        raise reason
    return [DrawnLine(*row) for row in rows]


def _suspend(work: Work, declaration: Declaration) -> None:
    lines = queries.lines(work.session, declaration.id)
    for line_id, duties in queries.duties(work.session, (line.id for line in lines)).items():
        for duty in duties:
            duty_ledger.post(
                work,
                DutyEntryKind.SUSPENDED,
                declaration.id,
                duty.duty_type,
                duty.amount - duty.amount_paid,
                entry_line_id=line_id,
            )


def checked_number(session: Session, declaration: Declaration, number: str | None) -> str:
    """The number that customs gave *declaration*.

    Raises:
        NumberNotValid: *number* is none, or not of this kind.
        NumberTaken: another declaration has it.
    """
    parts = identifiers.declaration_number_parts(number or "")
    if number is None or parts is None or parts["document_type"] != declaration.document_type:
        raise NumberNotValid(number=number or "-")
    holder = session.exec(
        select(Declaration).where(
            Declaration.declaration_number == number, Declaration.id != declaration.id
        )
    ).first()
    if holder is not None:
        raise NumberTaken(number=number, reference=holder.reference_number)
    return number


def _emit(work: Work, event: CustomsEvent, declaration: Declaration, **facts: str) -> None:
    work.emit(event, declaration.id, number=declaration.reference_number, **facts)
