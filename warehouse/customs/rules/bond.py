"""Goods in bond: what is suspended, how long they may stay, what a part takes with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warehouse.core import money
from warehouse.core.money import PER_CENT
from warehouse.customs.rules.adjusting import exempted
from warehouse.customs.rules.charges import Charges
from warehouse.customs.rules.days import months_after
from warehouse.customs.rules.errors import ExtensionTooLong
from warehouse.customs.rules.policy import (
    BOND,
    EXPORTED,
    EXTENSION,
    STANDARD,
    Policy,
    PolicyRow,
    Rule,
)


@dataclass(frozen=True, slots=True)
class Suspension:
    """One charge at entry into bond: *assessed* = *suspended* + *payable*, in baht."""

    duty_type: str
    assessed: Decimal
    suspended: Decimal
    rule: PolicyRow

    @property
    def payable(self) -> Decimal:
        """What is still paid at entry."""
        return self.assessed - self.suspended


@money.exact()
def suspended(charges: Charges, policy: Policy, on: date) -> tuple[Suspension, ...]:
    """The charges of a line entering bond on *on*, exempted while it stays.

    Exemption rate 100, VAT and excise too (e-Import manual 2018 p.101).

    Raises:
        NoPolicy: no exemption rate holds on that day.
    """
    rule = policy.value(Rule.EXEMPTION_PCT, BOND, on)
    return tuple(
        Suspension(duty_type, amount, money.to_satang(amount * rule.number * PER_CENT), rule)
        for duty_type, amount in charges.amounts.items()
    )


def in_bond(charges: Charges, policy: Policy, on: date) -> Charges:
    """*charges* as they stand while the goods are in bond: exempted, and nothing to pay.

    Raises:
        NoPolicy: no exemption rate holds on the day *on*.
    """
    return _exempted(charges, BOND, policy, on)


def exported(charges: Charges, policy: Policy, on: date) -> Charges:
    """*charges* on goods that leave bond for abroad: free of import and export duty (s.124, s.126).

    Raises:
        NoPolicy: no exemption rate holds on the day *on*.
    """
    return _exempted(charges, EXPORTED, policy, on)


def _exempted(charges: Charges, because: str, policy: Policy, on: date) -> Charges:
    rule = policy.value(Rule.EXEMPTION_PCT, because, on)
    return exempted(charges, dict.fromkeys(charges.amounts, rule.number), (rule,))


def discharged_value(
    entry_value: Decimal,
    entry_quantity: Decimal,
    quantity: Decimal,
    *,
    value_left: Decimal,
    quantity_left: Decimal,
) -> Decimal:
    """The customs value that *quantity* takes with it out of an entry frozen at *entry_value*.

    Value × quantity ÷ entry quantity, half up to the satang; the discharge that empties the entry
    takes what earlier ones left, so that all of them add up to the frozen value.
    """
    return money.share(
        entry_value, quantity, entry_quantity, total_left=value_left, whole_left=quantity_left
    )


def storage_ends_on(imported_on: date, policy: Policy, *, extension_years: int = 0) -> date:
    """The last day in Bangkok that goods imported on *imported_on* may stay in bond.

    Two years from the *import* date, not from storage, and at most one more when extended
    (Customs Tax Incentives Clinic guide).  Where that year has no 29 February it is the 28th.

    Raises:
        ExtensionTooLong: *extension_years* is more than may be granted.
        NoPolicy: no storage period is known for that day.
    """
    assert extension_years >= 0
    allowed = int(policy.value(Rule.STORAGE_YEARS, EXTENSION, imported_on).number)
    if extension_years > allowed:
        raise ExtensionTooLong(allowed=allowed, asked=extension_years)
    years = int(policy.value(Rule.STORAGE_YEARS, STANDARD, imported_on).number) + extension_years
    return months_after(imported_on, 12 * years)
