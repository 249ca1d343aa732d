"""Every figure with its reasons: one object for API, paper and screen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, Rounding, figures
from warehouse.customs.rules.policy import PolicyRow

CIF: Final = "CIF"
DEPOSIT: Final = "DEPOSIT"
CIF_FOREIGN: Final = "CIF_FOREIGN"
IMPORT_DUTY: Final = "0100"
ANTI_DUMPING: Final = "0111"
EXCISE: Final = "0300"
LOCAL_TAX: Final = "0400"
VAT: Final = "0500"

# Duty types of the e-Import manual 2018 p.122; 1416 to 1426 are charged on liquor and tobacco.
TITLES: Final = {
    CIF: N_("Customs value (CIF)"),
    CIF_FOREIGN: N_("Customs value (CIF) in foreign currency"),
    IMPORT_DUTY: N_("Import duty"),
    "0105": N_("Special duty"),
    "0110": N_("Surcharge"),
    ANTI_DUMPING: N_("Anti-dumping and countervailing duty"),
    "0114": N_("Safeguard duty"),
    EXCISE: N_("Excise"),
    "0310": N_("Liquor tax"),
    "0320": N_("Tobacco tax"),
    "0330": N_("Playing-card tax"),
    LOCAL_TAX: N_("Local tax"),
    VAT: N_("Value added tax"),
    "0603": N_("Commerce surcharge"),
    "1401": N_("Oil fund"),
    "1404": N_("Energy conservation fund"),
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
    AD_VALOREM = "AD_VALOREM"
    SPECIFIC = "SPECIFIC"
    PERCENTAGE = "PERCENTAGE"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class Component:
    """One figure: *base* × *rate* = *exact*, rounded, less what is *exempted*, is *amount*.

    *what* is a duty type, or CIF; amounts are baht, save that of CIF_FOREIGN.  *rate* is None
    where amounts are added up or replaced.  *instead_of* is the reckoning that lost where the
    higher of two counts.
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
    instead_of: "Component | None" = None

    @property
    def effective_from(self) -> date:
        """The day since which all the rules behind the figure have been in force together."""
        return max(rule.valid_from for rule in self.rules)

    @property
    def source(self) -> str:
        """Where the law says so."""
        return "; ".join(dict.fromkeys(rule.source for rule in self.rules))


def receipt(component: Component) -> dict[str, str]:
    """*component* as it is stored, sent and shown: decimal strings; *title* is a gettext key.

    Every key is always there.  ``rate`` and ``rate_unit`` are empty where there is none;
    ``instead_of`` names the reckoning and the amount that were lower, or is empty.
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
        "amount": figures(component.amount),
        "effective_from": component.effective_from.isoformat(),
        "source": component.source,
        "instead_of": f"{lower.basis} {figures(lower.amount)}" if lower else "",
    }
