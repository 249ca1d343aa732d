"""Every figure with its reasons: one object for API, paper and screen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, Rounding, figures
from warehouse.customs.rules.policy import PolicyRow

BAHT: Final = "THB"

CIF: Final = "CIF"
CIF_FOREIGN: Final = "CIF_FOREIGN"
FOB: Final = "FOB"
INSURANCE: Final = "INSURANCE"
FREIGHT: Final = "FREIGHT"
COMMISSION: Final = "COMMISSION"
ADDITION: Final = "ADDITION"
DEDUCTION: Final = "DEDUCTION"
DEPOSIT: Final = "DEPOSIT"
INTEREST: Final = "INTEREST"
LATE: Final = "LATE"
REFUND: Final = "REFUND"

IMPORT_DUTY: Final = "0100"
SPECIAL: Final = "0105"
SURCHARGE: Final = "0110"
ANTI_DUMPING: Final = "0111"
SAFEGUARD: Final = "0114"
EXCISE: Final = "0300"
LOCAL_TAX: Final = "0400"
VAT: Final = "0500"
OTHER: Final = "0600"
COMMERCE_SURCHARGE: Final = "0603"
OIL_FUND: Final = "1401"
ENERGY_FUND: Final = "1404"

# Duty types of the e-Import manual 2018 p.122; 1412 to 1426 are charged on liquor and tobacco.
TITLES: Final = {
    CIF: N_("Customs value (CIF)"),
    CIF_FOREIGN: N_("Customs value (CIF) in foreign currency"),
    FOB: N_("Value on board (FOB)"),
    INSURANCE: N_("Insurance"),
    FREIGHT: N_("Freight"),
    COMMISSION: N_("Selling commission"),
    ADDITION: N_("Added to the price"),
    DEDUCTION: N_("Taken off the price"),
    INTEREST: N_("Interest"),
    LATE: N_("Surcharge for late payment"),
    REFUND: N_("Refund of import duty"),
    IMPORT_DUTY: N_("Import duty"),
    SPECIAL: N_("Special duty"),
    SURCHARGE: N_("Surcharge"),
    ANTI_DUMPING: N_("Anti-dumping and countervailing duty"),
    SAFEGUARD: N_("Safeguard duty"),
    EXCISE: N_("Excise"),
    "0310": N_("Liquor tax"),
    "0320": N_("Tobacco tax"),
    "0330": N_("Playing-card tax"),
    LOCAL_TAX: N_("Local tax"),
    VAT: N_("Value added tax"),
    OTHER: N_("Other charge"),
    COMMERCE_SURCHARGE: N_("Commerce surcharge"),
    OIL_FUND: N_("Oil fund"),
    ENERGY_FUND: N_("Energy conservation fund"),
    "1412": N_("ThaiHealth fund"),
    "1414": N_("ThaiHealth fund"),
    "1416": N_("Thai PBS"),
    "1418": N_("Thai PBS"),
    "1420": N_("Sports fund"),
    "1422": N_("Sports fund"),
    "1424": N_("Elderly fund"),
    "1426": N_("Elderly fund"),
    DEPOSIT: N_("Deposit"),
}


class Basis(StrEnum):
    """What kind of reckoning a component is."""

    EXCHANGE = "EXCHANGE"
    ASSESSED = "ASSESSED"
    GIVEN = "GIVEN"
    SUM = "SUM"
    AD_VALOREM = "AD_VALOREM"
    SPECIFIC = "SPECIFIC"
    PERCENTAGE = "PERCENTAGE"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class Deposit:
    """So many baht left with customs for *reason* (D01 …, e-Import manual 2018 p.120)."""

    reason: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Component:
    """One figure: *base* × *rate* = *exact*, rounded, is *assessed*; what is left is *amount*.

    What is left: less what is *exempted* and what is deposited.  *what* is a duty type, or CIF and
    the like; amounts are baht, save where *base_unit* is another currency and the basis no
    exchange.  *rate* is None where amounts are added up or replaced.  *instead_of* is the
    reckoning that lost where the higher of two counts.  *note* is a gettext key: what else there
    is to say.
    """

    what: str
    basis: Basis
    base: Decimal
    base_unit: str
    rate: Decimal | None
    rate_unit: str
    exact: Decimal
    rounding: Rounding
    amount: Decimal
    rules: tuple[PolicyRow, ...]
    exempted: Decimal = ZERO
    deposits: tuple[Deposit, ...] = ()
    instead_of: "Component | None" = None
    note: str = ""

    @property
    def deposited(self) -> Decimal:
        """What is left with customs until a question is settled."""
        return sum([each.amount for each in self.deposits], ZERO)

    @property
    def assessed(self) -> Decimal:
        """The whole charge: exempted, deposited, and to be paid."""
        return self.amount + self.exempted + self.deposited

    @property
    def effective_from(self) -> date:
        """The day since which all the rules behind the figure have been in force together."""
        return max([rule.valid_from for rule in self.rules])

    @property
    def source(self) -> str:
        """Where the law says so."""
        return "; ".join(dict.fromkeys([rule.source for rule in self.rules]))


def receipt(component: Component) -> dict[str, str]:
    """*component* as it is stored, sent and shown: decimal strings; *title* is a gettext key.

    Every key is always there.  ``rate`` and ``rate_unit`` are empty where there is none;
    ``instead_of`` names the reckoning and the amount that were lower, or is empty; so is ``note``.
    """
    lower = component.instead_of
    return {
        "what": component.what,
        "title": TITLES[component.what],
        "basis": component.basis.value,
        "base": figures(component.base),
        "base_unit": component.base_unit,
        "rate": "" if component.rate is None else figures(component.rate),
        "rate_unit": component.rate_unit,
        "exact": figures(component.exact),
        "rounding": component.rounding.value,
        "exempted": figures(component.exempted),
        "deposited": figures(component.deposited),
        "deposit_reason": " ".join([each.reason for each in component.deposits]),
        "amount": figures(component.amount),
        "effective_from": component.effective_from.isoformat(),
        "source": component.source,
        "instead_of": f"{lower.basis} {figures(lower.amount)}" if lower else "",
        "note": component.note,
    }
