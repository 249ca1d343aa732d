"""What a declaration pays: its lines added up by duty type, each total rounded by its rule."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from warehouse.core import money
from warehouse.core.money import ZERO
from warehouse.customs.rules.charges import Charges
from warehouse.customs.rules.policy import Policy, Rule
from warehouse.customs.rules.receipt import BAHT, Basis, Component
from warehouse.customs.rules.reckoning import figure


@money.exact()
def declaration_totals(lines: Iterable[Charges], policy: Policy, on: date) -> tuple[Component, ...]:
    """The total of each duty type over what *lines* pay, in the order of the types.

    A total's *amount* less its *exact* sum is the rounding entry of the duty ledger.

    Raises:
        NoPolicy: a duty type has no rounding rule on the day *on*.
    """
    sums: dict[str, Decimal] = {}
    for line in lines:
        for duty_type, amount in line.amounts.items():
            sums[duty_type] = sums.get(duty_type, ZERO) + amount
    return tuple(rounded_total(each, sums[each], policy, on) for each in sorted(sums))


def rounded_total(duty_type: str, total: Decimal, policy: Policy, on: date) -> Component:
    """*total* baht of *duty_type* (or DEPOSIT) as it is paid (rounding table of 1 Feb 2018).

    Raises:
        NoPolicy: the table does not name the type; export duty, 0200, is such a one.
    """
    assert total >= 0
    return figure(
        duty_type,
        Basis.TOTAL,
        base=(total, BAHT),
        exact=total,
        rules=(policy.value(Rule.TOTAL_ROUNDING, duty_type, on),),
    )
