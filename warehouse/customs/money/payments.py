"""Money that was paid, captured as the payer tells it, and tied to what it pays to the satang.

Duty is paid to customs for a declaration; an order is paid to its partner's platform.  A payment
pays one thing, and that thing is paid once.  Matching and its undoing are events.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from warehouse.core import db
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.errors import (
    DeclarationNotFound,
    OrderNotPaid,
    PaidAlready,
    PaymentCaptured,
    PaymentDiffers,
    PaymentMatched,
    PaymentNotFound,
    PaymentReliedOn,
)
from warehouse.customs.models import Declaration, Payment, PolicyRow
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    DocumentType,
    PaymentKind,
)
from warehouse.masterdata import queries as masterdata

ORDER_PAYMENT_REQUIRED: Final = "order_payment_required"
"""Policy, by the code of a warehouse: an order is declared for home use only once it is paid."""
REQUIRED: Final = "YES"

NOT_CAPTURED: Final = N_("Customs says that it is paid; no payment is captured")
NOT_CONFIRMED: Final = N_("A payment is captured; customs has not said that it is paid")
OTHER_RECEIPT: Final = N_("Customs names another receipt than the payment that is captured")

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as its proof says; *names* is the number that the payer gave for what it pays."""

    kind: PaymentKind
    number: str
    amount: Decimal
    paid_at: datetime
    names: str


class Difference(NamedTuple):
    """A declaration of whose payment customs and our book say two things."""

    reference: str
    owed: Decimal
    receipt: str | None
    captured: str | None
    sentence: str


def capture(work: Work, premises_id: UUID, draft: PaymentDraft) -> Payment:
    """Put a payment on the books; what it pays is found by `match`.

    Raises:
        PaymentCaptured: a payment of that number is there.
    """
    earlier = work.session.exec(
        select(Payment).where(Payment.kind == draft.kind, Payment.number == draft.number)
    ).first()
    if earlier is not None:
        raise PaymentCaptured(number=draft.number, at=earlier.captured_at)
    payment = Payment(
        kind=draft.kind,
        premises_id=premises_id,
        number=draft.number,
        amount=draft.amount,
        paid_at=draft.paid_at,
        names=draft.names,
        captured_by=work.actor.name,
        captured_at=work.at,
    )
    work.session.add(payment)
    work.session.flush()
    work.emit(CustomsEvent.PAYMENT_CAPTURED, payment.id, number=draft.number, names=draft.names)
    return payment


def lock(work: Work, premises_id: UUID, payment_id: UUID) -> Payment:
    """A payment of the premises, locked and read afresh.

    Raises:
        PaymentNotFound: there is none.
    """
    payment = db.lock(work.session, Payment, [payment_id], missing=PaymentNotFound)[payment_id]
    if payment.premises_id != premises_id:
        raise PaymentNotFound(key=str(payment_id))
    return payment


def declaration_paid(session: Session, payment: Payment, names: str) -> Declaration:
    """The declaration called *names* that *payment* pays exactly.

    Raises:
        DeclarationNotFound: the premises has none of that number.
        PaymentDiffers: it owes another sum.
        PaidAlready: another payment pays it.
    """
    declaration = queries.declaration_by_number(session, names)
    if declaration.premises_id != payment.premises_id:
        raise DeclarationNotFound(number=names)
    check(payment, names, declaration.total_tax)
    refuse_second(session, names, declaration_id=declaration.id)
    return declaration


def check(payment: Payment, names: str, owed: Decimal) -> None:
    """Raise PaymentDiffers unless *payment* is of *owed* baht."""
    if payment.amount != owed:
        raise PaymentDiffers(number=payment.number, amount=payment.amount, names=names, owed=owed)


def refuse_second(session: Session, names: str, **target: UUID) -> None:
    """Raise PaidAlready if a payment pays *target*, an *order_id* or a *declaration_id*."""
    other = session.exec(select(Payment).filter_by(**target)).first()
    if other is not None:
        raise PaidAlready(names=names, number=other.number)


def tie(work: Work, payment: Payment, names: str, **target: UUID) -> None:
    """Note that *payment*, locked, pays *target*: a *declaration_id* or an *order_id*.

    Raises:
        PaymentMatched: it pays something already.
    """
    if payment.matched_at is not None:
        raise PaymentMatched(number=payment.number, at=payment.matched_at)
    for column, key in target.items():
        setattr(payment, column, key)
    payment.matched_by, payment.matched_at = work.actor.name, work.at
    work.session.flush()
    work.emit(CustomsEvent.PAYMENT_MATCHED, payment.id, number=payment.number, names=names)


def untie(work: Work, premises_id: UUID, payment_id: UUID, reason: str) -> Payment:
    """What a payment was matched to it does not pay, for a *reason* that stays on record.

    Raises:
        PaymentNotFound: there is none here, or it pays nothing.
        PaymentReliedOn: an order was declared to customs because of it.
    """
    payment = lock(work, premises_id, payment_id)
    if payment.matched_at is None:
        raise PaymentNotFound(key=payment.number)
    if payment.order_id is not None:
        filed = queries.declaration_of_order(work.session, payment.order_id)
        if filed is not None and filed.state not in _NOT_FILED:
            raise PaymentReliedOn(number=payment.number, declaration=filed.reference_number)
    payment.declaration_id = payment.order_id = None
    payment.matched_by = payment.matched_at = None
    work.session.flush()
    work.emit(CustomsEvent.PAYMENT_UNMATCHED, payment.id, number=payment.number, reason=reason)
    return payment


def require_order_paid(work: Work, declaration: Declaration) -> None:
    """Before an order's goods are declared for home use, its payment has to be here.

    Only where the premises asks for it: see `ORDER_PAYMENT_REQUIRED`.  Its row is held, so that
    nobody unties it meanwhile.

    Raises:
        OrderNotPaid: no payment is matched to the order.
    """
    if declaration.document_type is not DocumentType.HOME_USE or declaration.order_id is None:
        return
    if not _asked_for(work, declaration.premises_id):
        return
    paid = select(Payment).where(Payment.order_id == declaration.order_id)
    if work.session.exec(paid.with_for_update(key_share=True)).first() is None:
        raise OrderNotPaid(number=declaration.reference_number)


def captured(session: Session, kind: PaymentKind, numbers: Iterable[str]) -> frozenset[str]:
    """Those of *numbers* that are on the books already."""
    return frozenset(
        session.exec(
            select(Payment.number).where(
                Payment.kind == kind, col(Payment.number).in_(list(numbers))
            )
        )
    )


def unmatched(session: Session, premises_id: UUID) -> Sequence[Payment]:
    """Payments that pay nothing we know of, the oldest first."""
    return session.exec(
        select(Payment)
        .where(Payment.premises_id == premises_id, col(Payment.matched_at).is_(None))
        .order_by(col(Payment.captured_at), col(Payment.number))
        .limit(_MOST)
    ).all()


def matched(session: Session, premises_id: UUID) -> Sequence[tuple[Payment, Declaration | None]]:
    """The payments that were matched last, with the declaration of those that paid duty."""
    rows = session.exec(
        select(Payment, Declaration)
        .join(Declaration, col(Declaration.id) == col(Payment.declaration_id), isouter=True)
        .where(Payment.premises_id == premises_id, col(Payment.matched_at).is_not(None))
        .order_by(col(Payment.matched_at).desc(), col(Payment.number))
        .limit(_MOST)
    )
    return [(payment, declaration) for payment, declaration in rows]


def differences(session: Session, premises_id: UUID) -> Sequence[Difference]:
    """Where what customs says of a payment and what is captured do not agree."""
    says_paid = col(Declaration.payment_number).is_not(None)
    rows = session.exec(
        select(Declaration, Payment.number)
        .join(Payment, col(Payment.declaration_id) == col(Declaration.id), isouter=True)
        .where(
            Declaration.premises_id == premises_id,
            Declaration.document_type == DocumentType.HOME_USE,
            or_(says_paid, col(Payment.id).is_not(None)),
            func.coalesce(col(Declaration.payment_number), "") != func.coalesce(Payment.number, ""),
        )
        .order_by(col(Declaration.reference_number).desc())
        .limit(_MOST)
    )
    return [
        Difference(
            declaration.reference_number,
            declaration.total_tax,
            declaration.payment_number,
            number,
            _difference(declaration.payment_number, number),
        )
        for declaration, number in rows
    ]


_NOT_FILED: Final = (DeclarationState.DRAFT, DeclarationState.APPROVED)


def _difference(receipt: str | None, captured: str | None) -> str:
    if captured is None:
        return NOT_CAPTURED
    return NOT_CONFIRMED if receipt is None else OTHER_RECEIPT


def _asked_for(work: Work, premises_id: UUID) -> bool:
    premises = masterdata.premises_by_id(work.session, premises_id)
    rule = work.session.exec(
        select(PolicyRow.value).where(
            PolicyRow.name == ORDER_PAYMENT_REQUIRED,
            PolicyRow.key == premises.code,
            PolicyRow.valid_from <= work.today,
            or_(col(PolicyRow.valid_to).is_(None), col(PolicyRow.valid_to) >= work.today),
        )
    ).first()
    return rule == REQUIRED
