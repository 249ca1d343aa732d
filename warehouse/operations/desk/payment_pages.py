"""Payments: captured one by one or from a file, matched to what they pay, compared with customs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from pydantic import BeforeValidator
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import clock, pages
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.sheets import MisreadError
from warehouse.core.work import Work
from warehouse.customs.models import Payment
from warehouse.customs.money import payments
from warehouse.customs.money.payments import PaymentDraft
from warehouse.customs.vocabulary import PaymentKind
from warehouse.operations import wall
from warehouse.operations.clearance import matching
from warehouse.operations.desk import payment_files
from warehouse.operations.desk.payment_files import Preview
from warehouse.shipments.models import Order

CAPTURE: Final = requires(Permission.CAPTURE_PAYMENTS)

router = APIRouter(include_in_schema=False, dependencies=[CAPTURE])

DOORS: Final = (
    Door(
        "/payments",
        N_("Payments"),
        N_("Duty and orders that were paid, and what does not match"),
        Permission.CAPTURE_PAYMENTS,
    ),
)

KIND_NAMES: Final[Mapping[PaymentKind, str]] = {
    PaymentKind.DUTY: N_("Duty and tax, paid to customs"),
    PaymentKind.ORDER: N_("An order, paid to the platform"),
}

_PATH: Final = "/payments"
_MOST_TEXT: Final = 200_000

Kind = Annotated[PaymentKind, Form()]
Number = Annotated[str, Form(min_length=1, max_length=40)]
Reason = Annotated[str, Form(min_length=1, max_length=300)]
Baht = Annotated[
    Decimal,
    BeforeValidator(lambda typed: str(typed).replace(",", "").strip()),
    Form(gt=0, max_digits=15, decimal_places=2),
]


@router.get(_PATH)
def payments_page(request: Request, work: WorkDep) -> Response:
    """What is not matched and why, what customs says otherwise, and what was matched last."""
    return _page(request, work)


@router.post(_PATH)
def capture_payment(
    request: Request,
    work: WorkDep,
    kind: Kind,
    number: Number,
    amount: Baht,
    paid_at: Annotated[datetime, Form()],
    names: Number,
) -> Response:
    """Capture one payment; what is wrong is said above the form, which keeps what was typed."""
    local = paid_at if paid_at.tzinfo else paid_at.replace(tzinfo=clock.BANGKOK)
    draft = PaymentDraft(kind, number.strip(), amount, local.astimezone(UTC), names.strip())
    try:
        with work.session.begin_nested():
            matching.capture(work, wall.here(work), draft)
    except WarehouseError as failure:
        return _page(request, work, draft, failure)
    return RedirectResponse(_PATH, status_code=303)


@router.post("/payments/preview")
def preview_file(
    request: Request, work: WorkDep, kind: Kind, file: Annotated[UploadFile, File()]
) -> Response:
    """Show what a file would add, before anything is taken in."""
    try:
        preview = payment_files.read(kind, file.file.read())
    except MisreadError as failure:
        preview = payment_files.misread(failure)
    return _preview(request, work, kind, preview)


@router.post("/payments/import")
def import_file(
    request: Request, work: WorkDep, kind: Kind, rows: Annotated[str, Form(max_length=_MOST_TEXT)]
) -> Response:
    """Take in what was looked at: all of it, or nothing."""
    preview = payment_files.read(kind, rows.encode())
    if preview.problems:
        return _preview(request, work, kind, preview)
    for draft in preview.drafts:
        matching.capture(work, wall.here(work), draft)
    return RedirectResponse(_PATH, status_code=303)


@router.post("/payments/{payment_id}/match")
def match_payment(payment_id: UUID, work: WorkDep, names: Number) -> Response:
    """Tie a payment to what a person says that it pays."""
    matching.match(work, wall.here(work), payment_id, names.strip())
    return RedirectResponse(_PATH, status_code=303)


@router.post("/payments/{payment_id}/unmatch")
def unmatch_payment(payment_id: UUID, work: WorkDep, reason: Reason) -> Response:
    """Undo a matching; why stays on record."""
    payments.untie(work, wall.here(work), payment_id, reason)
    return RedirectResponse(_PATH, status_code=303)


def _page(
    request: Request,
    work: Work,
    given: PaymentDraft | None = None,
    failure: WarehouseError | None = None,
) -> Response:
    premises_id, language = wall.here(work), pages.language_of(request)
    matched = payments.matched(work.session, premises_id)
    waiting = payments.unmatched(work.session, premises_id)
    return pages.page(
        request,
        "operations/payments.html",
        status=failure.status if failure else 200,
        unmatched=[(each, _reason(work, each, language)) for each in waiting],
        matched=matched,
        orders=_orders(work, [each.order_id for each, _ in matched if each.order_id]),
        differences=payments.differences(work.session, premises_id),
        given=given,
        text=failure.text(language) if failure else "",
        kind_names=KIND_NAMES,
        now=work.at.astimezone(clock.BANGKOK),
    )


def _preview(request: Request, work: Work, kind: PaymentKind, preview: Preview) -> Response:
    numbers = [draft.number for draft in preview.drafts]
    return pages.page(
        request,
        "operations/payments-preview.html",
        status=422 if preview.problems else 200,
        kind=kind,
        preview=preview,
        known=payments.captured(work.session, kind, numbers),
        total=sum((draft.amount for draft in preview.drafts), Decimal(0)),
        kind_names=KIND_NAMES,
    )


def _reason(work: Work, payment: Payment, language: str) -> str:
    """Why a payment is not matched by itself; one that could be is, within minutes."""
    failure = matching.why_not(work, payment)
    return failure.text(language) if failure else ""


def _orders(work: Work, keys: list[UUID]) -> Mapping[UUID, str]:
    rows = work.session.exec(select(Order.id, Order.number).where(col(Order.id).in_(keys)))
    return dict(rows.all())
