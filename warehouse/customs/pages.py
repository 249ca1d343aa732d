"""The customs desk's page of the guarantee: what is in force, what stands against it, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session, col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.core.pages import Door
from warehouse.customs.models import Declaration, GuaranteeAccount, GuaranteeEntry
from warehouse.customs.vocabulary import GuaranteeEntryKind, GuaranteeStrategy
from warehouse.masterdata.models import Premises

router = APIRouter(include_in_schema=False)

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
}

_PAGE: Final = 50
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Account:
    """The guarantee of a premises as the desk looks at it."""

    account: GuaranteeAccount
    premises_th: str
    premises_en: str

    @property
    def limit(self) -> Decimal | None:
        """How much duty and tax may be suspended at once, in baht; None: any amount."""
        account = self.account
        if account.strategy is GuaranteeStrategy.FLAT:
            return account.exposure_limit_baht
        return account.in_force_baht * 100 / account.percent if account.percent else None

    @property
    def exposure(self) -> Decimal:
        """What is suspended, or will be once customs has answered, in baht."""
        return self.account.reserved_baht + self.account.debited_baht

    @property
    def used_pct(self) -> Decimal:
        """How much of the limit is used, in per cent, rounded up to a tenth."""
        return (self.exposure * 100 / self.limit if self.limit else ZERO).quantize(_TENTH, ROUND_UP)


@router.get("/guarantee", dependencies=[requires(Permission.READ_DECLARATIONS)])
def guarantee(
    request: Request, work: WorkDep, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """The guarantee of each premises, and the entries that made it so."""
    entries = _entries(work.session, before)
    return pages.page(
        request,
        "customs/guarantee.html",
        accounts=_accounts(work.session),
        entries=entries,
        first=before is None,
        next=entries[-1][0].sequence if len(entries) == _PAGE else None,
        strategy_names=STRATEGY_NAMES,
        kind_names=ENTRY_NAMES,
    )


def _accounts(session: Session) -> Sequence[Account]:
    rows = session.exec(
        select(GuaranteeAccount, Premises.name_th, Premises.name_en)
        .join(Premises, col(Premises.id) == col(GuaranteeAccount.premises_id))
        .order_by(col(Premises.code))
    )
    return [Account(*row) for row in rows]


def _entries(session: Session, before: int | None) -> Sequence[tuple[GuaranteeEntry, str]]:
    query = select(GuaranteeEntry, Declaration.reference_number).join(
        Declaration, col(Declaration.id) == col(GuaranteeEntry.declaration_id)
    )
    if before is not None:
        query = query.where(col(GuaranteeEntry.sequence) < before)
    return session.exec(query.order_by(col(GuaranteeEntry.sequence).desc()).limit(_PAGE)).all()
