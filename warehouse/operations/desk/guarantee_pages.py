"""The guarantee: what is in force, what stands against it and why, and the next thirty days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, PlainSerializer
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.http import problems
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs.errors import GuaranteeAccountNotFound
from warehouse.customs.models import (
    Declaration,
    GuaranteeAccount,
    GuaranteeEntry,
    GuaranteeLetter,
)
from warehouse.customs.money import guarantee
from warehouse.customs.money.forecast import Day
from warehouse.customs.vocabulary import GuaranteeEntryKind, GuaranteeStrategy
from warehouse.masterdata.models import Premises
from warehouse.operations.desk import guarantee_forecast
from warehouse.operations.desk.guarantee_forecast import Foreseen, Outlook

router = APIRouter()

DOORS: Final = (
    Door(
        "/guarantee",
        N_("Guarantee"),
        N_("What is in force, what is set aside and debited, and what is left"),
        Permission.READ_DECLARATIONS,
    ),
)

STRATEGY_NAMES: Final[Mapping[GuaranteeStrategy, str]] = {
    GuaranteeStrategy.FLAT: N_("A fixed guarantee"),
    GuaranteeStrategy.PERCENT_OF_STOCK_DUTY: N_("A share of the duty and tax on the stock"),
}
ENTRY_NAMES: Final[Mapping[GuaranteeEntryKind, str]] = {
    GuaranteeEntryKind.RESERVE: N_("Set aside: the declaration is queued"),
    GuaranteeEntryKind.DEBIT: N_("Debited: customs accepted it"),
    GuaranteeEntryKind.RELEASE: N_("Given back: goods were discharged"),
    GuaranteeEntryKind.FREE: N_("Freed: refused or withdrawn"),
    GuaranteeEntryKind.TOP_UP: N_("In force from now on: a letter of a bank"),
    GuaranteeEntryKind.END: N_("Ended: a letter of a bank"),
}

_PAGE: Final = 50
_TENTH: Final = Decimal("0.1")
_WIDTH: Final = 22
_HEIGHT: Final = 140

Money = Annotated[Decimal, PlainSerializer("{:.2f}".format, return_type=str)]
READ: Final = requires(Permission.READ_DECLARATIONS)


class DayRead(BaseModel):
    """The guarantee at the end of a day, in baht; *limit_baht* is null where there is no limit."""

    on: date
    exposure_baht: Money
    in_force_baht: Money
    limit_baht: Money | None
    used_pct: Money


class ForecastRead(BaseModel):
    """The next thirty days, and the consignment to put off where they do not fit.

    *unknown* are announced consignments whose duty cannot be reckoned yet.
    """

    days: list[DayRead]
    first_short: date | None
    short_baht: Money | None
    defer: str | None
    unknown: list[str]


class Bar(NamedTuple):
    """A day in the plot, in the plot's own units; *top* and *limit* are measured from above."""

    on: date
    left: int
    top: int
    height: int
    limit: int | None
    short: bool


@dataclass(frozen=True, slots=True)
class Account:
    """The guarantee of a premises as the desk looks at it."""

    account: GuaranteeAccount
    premises_th: str
    premises_en: str
    outlook: Outlook
    foreseen: Sequence[Foreseen]

    @property
    def limit(self) -> Decimal | None:
        """How much duty and tax may be suspended at once, in baht; None: any amount."""
        return guarantee.limit(self.account, self.account.in_force_baht)

    @property
    def exposure(self) -> Decimal:
        """What is suspended, or will be once customs has answered, in baht."""
        return guarantee.exposure(self.account)

    @property
    def used_pct(self) -> Decimal:
        """How much of the limit is used, in per cent, rounded up to a tenth."""
        used = guarantee.used_pct(self.account, self.exposure, self.account.in_force_baht)
        return used.quantize(_TENTH, ROUND_UP)

    @property
    def bars(self) -> list[Bar]:
        """The forecast as a plot."""
        return bars(self.outlook.forecast.days)


@router.get("/guarantee", dependencies=[READ], include_in_schema=False)
def guarantee_page(
    request: Request, work: WorkDep, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """The guarantee here, its next thirty days, and the entries that made it so."""
    entries = _entries(work, before)
    return pages.page(
        request,
        "operations/guarantee.html",
        accounts=_accounts(work),
        entries=entries,
        first=before is None,
        next=entries[-1][0].sequence if len(entries) == _PAGE else None,
        strategy_names=STRATEGY_NAMES,
        kind_names=ENTRY_NAMES,
        warned_at=sorted(guarantee.WARNED_AT),
        height=_HEIGHT,
        width=_WIDTH,
    )


@router.get(
    "/api/v1/guarantee/forecast",
    dependencies=[READ],
    tags=["declarations"],
    responses=problems(GuaranteeAccountNotFound),
)
def forecast(work: WorkDep) -> ForecastRead:
    """The guarantee of the premises in the next thirty days, from what is announced and planned."""
    account = work.session.exec(
        select(GuaranteeAccount).where(GuaranteeAccount.premises_id == work.actor.premises_id)
    ).first()
    if account is None:
        raise GuaranteeAccountNotFound(premises=str(work.actor.premises_id))
    outlook = guarantee_forecast.outlook(work.session, account, work.today)
    short, defer = outlook.forecast.first_short, outlook.forecast.defer
    return ForecastRead(
        days=[
            DayRead(
                on=day.on,
                exposure_baht=day.exposure,
                in_force_baht=day.in_force,
                limit_baht=day.limit,
                used_pct=day.used_pct,
            )
            for day in outlook.forecast.days
        ],
        first_short=short.on if short else None,
        short_baht=short.short if short else None,
        defer=defer.number if defer else None,
        unknown=list(outlook.unknown),
    )


def bars(days: Sequence[Day]) -> list[Bar]:
    """*days* as bars with their limit, the highest of either as high as the plot."""
    most = max(max(day.exposure, day.limit or day.exposure) for day in days) or Decimal(1)

    def height(baht: Decimal) -> int:
        return round(baht * _HEIGHT / most)

    return [
        Bar(
            day.on,
            place * _WIDTH,
            _HEIGHT - height(day.exposure),
            height(day.exposure),
            None if day.limit is None else _HEIGHT - height(day.limit),
            day.short > 0,
        )
        for place, day in enumerate(days)
    ]


def _accounts(work: Work) -> Sequence[Account]:
    query = select(GuaranteeAccount, Premises.name_th, Premises.name_en).join(
        Premises, col(Premises.id) == col(GuaranteeAccount.premises_id)
    )
    if work.actor.premises_id is not None:
        query = query.where(Premises.id == work.actor.premises_id)
    return [
        Account(
            *row,
            guarantee_forecast.outlook(work.session, row[0], work.today),
            guarantee_forecast.foreseen(work.session, row[0], work.today),
        )
        for row in work.session.exec(query.order_by(col(Premises.code))).all()
    ]


def _entries(
    work: Work, before: int | None
) -> Sequence[tuple[GuaranteeEntry, str | None, str | None]]:
    """Entries, newest first, each with its declaration's reference or its letter's number."""
    query = (
        select(GuaranteeEntry, Declaration.reference_number, GuaranteeLetter.number)
        .join(GuaranteeAccount, col(GuaranteeAccount.id) == col(GuaranteeEntry.account_id))
        .join(Declaration, col(Declaration.id) == col(GuaranteeEntry.declaration_id), isouter=True)
        .join(
            GuaranteeLetter,
            col(GuaranteeLetter.id) == col(GuaranteeEntry.letter_id),
            isouter=True,
        )
    )
    if work.actor.premises_id is not None:
        query = query.where(GuaranteeAccount.premises_id == work.actor.premises_id)
    if before is not None:
        query = query.where(col(GuaranteeEntry.sequence) < before)
    rows = work.session.exec(query.order_by(col(GuaranteeEntry.sequence).desc()).limit(_PAGE))
    return [(entry, reference, number) for entry, reference, number in rows]
