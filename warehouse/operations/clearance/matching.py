"""What each payment pays: a declaration's duty, or an order; by its number and its sum.

An order is matched three ways before its goods are declared for home use: the sum that its partner
named, the payment, and the waybill of the parcel that will leave for it.
"""

from typing import Final
from uuid import UUID

from sqlmodel import or_, select

from warehouse.core.errors import WarehouseError
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.clearing import obstacles
from warehouse.customs.errors import OrderNotPriced
from warehouse.customs.models import Payment
from warehouse.customs.money import payments
from warehouse.customs.money.payments import PaymentDraft
from warehouse.customs.vocabulary import DeclarationState, PaymentKind
from warehouse.shipments import queries as shipments
from warehouse.shipments.errors import OrderNotFound
from warehouse.shipments.models import Order
from warehouse.shipments.vocabulary import Custody

BAHT: Final = "THB"


def capture(work: Work, premises_id: UUID, draft: PaymentDraft) -> Payment:
    """Put a payment on the books, and match it where number and sum are exact.

    What is not matched is left for a person; the draft of an order that it names says why.

    Raises:
        PaymentCaptured: a payment of that number is there.
    """
    payment = payments.capture(work, premises_id, draft)
    if failure := _try(work, payment):
        _tell(work, payment, failure)
    return payment


def match(work: Work, premises_id: UUID, payment_id: UUID, names: str) -> None:
    """Tie a payment to what a person says that it pays, *names*: number wrong, sum right.

    Raises:
        PaymentNotFound, PaymentMatched: there is nothing to match.
        DeclarationNotFound, OrderNotFound: nothing here is called that.
        PaymentDiffers, OrderNotPriced, PaidAlready: it does not pay that.
    """
    payment = payments.lock(work, premises_id, payment_id)
    if payment.kind is PaymentKind.DUTY:
        declaration = payments.declaration_paid(work.session, payment, names)
        payments.tie(work, payment, names, declaration_id=declaration.id)
    else:
        order = _order_paid(work, payment, names)
        payments.tie(work, payment, names, order_id=order.id)
        work.defer("declare-release", subject=str(order.id))


def match_payments(work: Work, _facts: Facts) -> None:
    """Try every payment again that is not matched: what it pays may have come since."""
    for premises_id in sorted(set(work.session.exec(select(Payment.premises_id)))):
        for payment in payments.unmatched(work.session, premises_id):
            _try(work, payment)


def why_not(work: Work, payment: Payment) -> WarehouseError | None:
    """What keeps *payment* from being matched by the number that its payer gave."""
    try:
        if payment.kind is PaymentKind.DUTY:
            payments.declaration_paid(work.session, payment, payment.names)
        else:
            _order_paid(work, payment, payment.names)
    except WarehouseError as failure:
        return failure
    return None


def _try(work: Work, payment: Payment) -> WarehouseError | None:
    failure = why_not(work, payment)
    if failure is None:
        match(work, payment.premises_id, payment.id, payment.names)
    return failure


def _order_paid(work: Work, payment: Payment, names: str) -> Order:
    order = _order(work, payment.premises_id, names)
    if order.amount is None or order.currency != BAHT:
        raise OrderNotPriced(number=names)
    payments.check(payment, names, order.amount)
    payments.refuse_second(work.session, names, order_id=order.id)
    return order


def _order(work: Work, premises_id: UUID, names: str) -> Order:
    """The order that we, or its partner, call *names*, whose parcel has a waybill and may leave."""
    found = work.session.exec(
        select(Order).where(
            Order.premises_id == premises_id,
            or_(Order.number == names, Order.external_ref == names),
        )
    ).all()
    waiting = [
        order
        for order in found
        if shipments.shipment_of_order(work.session, order.id).custody is not Custody.CANCELLED
    ]
    if len(waiting) != 1:
        raise OrderNotFound(number=names)
    return waiting[0]


def _tell(work: Work, payment: Payment, failure: WarehouseError) -> None:
    """Let the draft of the order that *payment* names say what is wrong with the payment."""
    if payment.kind is not PaymentKind.ORDER or isinstance(failure, OrderNotFound):
        return
    order = _order(work, payment.premises_id, payment.names)
    declaration = customs.declaration_of_order(work.session, order.id)
    if declaration is not None and declaration.state is DeclarationState.DRAFT:
        obstacles.note_shortage(work, declaration, failure)
