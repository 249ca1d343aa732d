"""How one figure is made: exact, then rounded by the dated rule of its kind."""

from datetime import date
from decimal import Decimal

from warehouse.core import money
from warehouse.core.money import PER_CENT, Rounding
from warehouse.customs.rules.policy import Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import BAHT, Basis, Component


def figure(
    what: str,
    basis: Basis,
    *,
    base: tuple[Decimal, str],
    exact: Decimal,
    rules: tuple[PolicyRow, ...],
    rate: tuple[Decimal | None, str] = (None, ""),
) -> Component:
    """The figure *exact*, rounded as the first of *rules* says."""
    rounding = Rounding(rules[0].value)
    amount = money.rounded(exact, rounding)
    return Component(what, basis, *base, *rate, exact, rounding, amount, rules)


def percentage(
    what: str,
    base: Decimal,
    pct: Decimal,
    policy: Policy,
    on: date,
    *,
    basis: Basis = Basis.PERCENTAGE,
    because: tuple[PolicyRow, ...] = (),
    unit: str = BAHT,
    rounded_as: str | None = None,
) -> Component:
    """*pct* per cent of *base*; the rows *because* say where the rate comes from.

    *rounded_as*: whose rounding rule counts, if not that of *what*.

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    rounding = policy.value(Rule.LINE_AMOUNT, rounded_as or what, on)
    return figure(
        what,
        basis,
        base=(base, unit),
        rate=(pct, "%"),
        exact=base * pct * PER_CENT,
        rules=(rounding, *because),
    )
