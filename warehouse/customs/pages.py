"""The customs desk's page of the letters behind the guarantee: record, approve, withdraw."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BeforeValidator
from sqlmodel import select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs.errors import GuaranteeAccountNotFound
from warehouse.customs.models import GuaranteeAccount
from warehouse.customs.money import letters
from warehouse.customs.money.letters import LetterDraft

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/guarantee/letters",
        N_("Letters of banks"),
        N_("What stands behind the guarantee: record a letter, approve one, see when each ends"),
        Permission.MANAGE_GUARANTEE,
    ),
)

_PATH: Final = "/guarantee/letters"

Text = Annotated[str, Form(min_length=1, max_length=120)]
Number = Annotated[str, Form(min_length=1, max_length=40)]
Baht = Annotated[
    Decimal,
    BeforeValidator(lambda typed: str(typed).replace(",", "").strip()),
    Form(gt=0, max_digits=15, decimal_places=2),
]
Day = Annotated[date | None, BeforeValidator(lambda typed: typed or None), Form()]


@router.get(_PATH, dependencies=[requires(Permission.READ_DECLARATIONS)])
def letters_page(request: Request, work: WorkDep) -> Response:
    """Every letter that stands, stood or will stand behind the guarantee here."""
    return _page(request, work)


@router.post(_PATH, dependencies=[requires(Permission.MANAGE_GUARANTEE)])
def record_letter(
    request: Request,
    work: WorkDep,
    number: Number,
    bank: Text,
    amount: Baht,
    valid_from: Annotated[date, Form()],
    valid_to: Day = None,
    replaces: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Record a letter; what is wrong is said above the form, which keeps what was typed."""
    draft = LetterDraft(
        number.strip(), bank.strip(), amount, valid_from, valid_to, replaces.strip()
    )
    try:
        with work.session.begin_nested():
            letters.record(work, _premises_of(work), draft)
    except WarehouseError as failure:
        return _page(request, work, draft, failure)
    return RedirectResponse(_PATH, status_code=303)


@router.post(
    "/guarantee/letters/{letter_id}/approval",
    dependencies=[requires(Permission.MANAGE_GUARANTEE)],
)
def approve_letter(letter_id: UUID, work: WorkDep) -> Response:
    """Let a letter count that somebody else recorded."""
    letters.approve(work, _premises_of(work), letter_id)
    return RedirectResponse(_PATH, status_code=303)


@router.post(
    "/guarantee/letters/{letter_id}/withdrawal",
    dependencies=[requires(Permission.MANAGE_GUARANTEE)],
)
def withdraw_letter(letter_id: UUID, work: WorkDep) -> Response:
    """Take back a letter that was recorded wrongly."""
    letters.withdraw(work, _premises_of(work), letter_id)
    return RedirectResponse(_PATH, status_code=303)


def _page(
    request: Request,
    work: Work,
    given: LetterDraft | None = None,
    failure: WarehouseError | None = None,
) -> Response:
    account = work.session.exec(
        select(GuaranteeAccount).where(GuaranteeAccount.premises_id == work.actor.premises_id)
    ).first()
    history = letters.history(work.session, account.id) if account else []
    return pages.page(
        request,
        "customs/letters.html",
        status=failure.status if failure else 200,
        account=account,
        letters=history,
        numbers={letter.id: letter.number for letter in history},
        running=[letter for letter in history if letter.began_at and not letter.ended_at],
        given=given,
        text=failure.text(pages.language_of(request)) if failure else "",
        permissions=request.state.permissions,
        today=work.today,
    )


def _premises_of(work: Work) -> UUID:
    if work.actor.premises_id is None:
        raise GuaranteeAccountNotFound(premises=work.actor.name)
    return work.actor.premises_id
