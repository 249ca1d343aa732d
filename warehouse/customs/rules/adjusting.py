"""What of a charge is not paid now: exempted, guaranteed, or deposited in a dispute.

Assessed = exempted + deposited + paid, for each duty or tax (Import Duty, fields 5 to 8).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import money
from warehouse.core.money import PER_CENT, ZERO
from warehouse.customs.rules.charges import Charges
from warehouse.customs.rules.errors import DepositTooLarge
from warehouse.customs.rules.policy import Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import DEPOSIT, VAT, Component, Deposit
from warehouse.customs.rules.totals import rounded_total

PRICE: Final = "D01"
TARIFF: Final = "D02"
QUANTITY: Final = "D03"
EXCISE_QUANTITY: Final = "D30"
GUARANTEE: Final = "D08"


@money.exact()
def exempted(
    charges: Charges, pct: Mapping[str, Decimal], because: tuple[PolicyRow, ...] = ()
) -> Charges:
    """*charges* with so many per cent of each duty type exempted: paid = amount - amount × pct.

    What is paid is rounded, half up to the satang.

    Taxes that were reckoned on the whole charge stay as they are.
    """
    return _changed(charges, lambda each: _exempt(each, pct.get(each.what, ZERO), because))


def deposited(
    charges: Charges, amounts: Mapping[str, Decimal], reason: str, policy: Policy, on: date
) -> Charges:
    """*charges* of which *amounts*, by duty type, are left with customs for *reason* (D01 …).

    Guaranteed charges are such: deposited in full, and nothing paid (e-Import manual 2018 p.114).

    Raises:
        NoPolicy: the manual does not know the *reason*.
        DepositTooLarge: an amount is more than what is charged.
    """
    rule = policy.value(Rule.DEPOSIT_REASON, reason, on)
    for duty_type, amount in amounts.items():
        charged = charges.amounts.get(duty_type, ZERO)
        if amount > charged:
            raise DepositTooLarge(duty_type=duty_type, amount=amount, charged=charged)
    return _changed(charges, lambda each: _deposit(each, amounts.get(each.what, ZERO), rule))


def disputed(
    declared: Charges, assessed: Charges, reason: str, policy: Policy, on: date
) -> Charges:
    """*assessed* charges of which only the *declared* are paid; the difference is deposited.

    VAT is paid in full as it was assessed (e-Import manual 2018 p.107).

    Raises:
        NoPolicy: the manual does not know the *reason*.
    """
    rule = policy.value(Rule.DEPOSIT_REASON, reason, on)
    agreed = declared.amounts

    def settle(each: Component) -> Component:
        difference = each.amount - agreed.get(each.what, ZERO)
        return each if each.what == VAT else _deposit(each, max(difference, ZERO), rule)

    return replace(_changed(assessed, settle), cif_baht=declared.cif_baht)


def deposit_total(charges: Charges, policy: Policy, on: date) -> Component:
    """All that *charges* leave with customs: deposits are not rounded."""
    total = sum((each.deposited for each in charges.components), ZERO)
    return rounded_total(DEPOSIT, total, policy, on)


def _changed(charges: Charges, change: Callable[[Component], Component]) -> Charges:
    return replace(charges, components=tuple(map(change, charges.components)))


def _exempt(charge: Component, pct: Decimal, because: tuple[PolicyRow, ...]) -> Component:
    if not pct:
        return charge
    paid = money.to_satang(charge.amount - charge.amount * pct * PER_CENT)
    return replace(
        charge,
        exempted=charge.exempted + charge.amount - paid,
        amount=paid,
        rules=(*charge.rules, *because),
    )


def _deposit(charge: Component, amount: Decimal, rule: PolicyRow) -> Component:
    if not amount:
        return charge
    return replace(
        charge,
        deposits=(*charge.deposits, Deposit(rule.key, amount)),
        amount=charge.amount - amount,
        rules=(*charge.rules, rule),
    )
