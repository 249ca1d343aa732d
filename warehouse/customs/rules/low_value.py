"""Goods of low value, by the import date: what a consignment up to a limit is exempt from.

Tariff decree Part 4 item 12 and the notifications on low-value goods.  The limit is held against
the whole consignment: everything that one sender sends one recipient at one time.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import money
from warehouse.core.money import ZERO
from warehouse.customs.rules.charges import Charges, line_charges, value_added_tax
from warehouse.customs.rules.line import Line
from warehouse.customs.rules.policy import STANDARD, Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import IMPORT_DUTY, VAT, Component

PART_4: Final = "004"


@money.exact()
def low_value_charges(
    line: Line,
    policy: Policy,
    on: date,
    *,
    consignment_baht: Decimal | None = None,
    restricted: bool = False,
) -> Charges:
    """What *line* owes as part of a consignment of *consignment_baht*, CIF, imported on *on*.

    Unsaid, the line is the whole consignment.  Up to the limit of that day duty, VAT or both are
    exempt; duty that is exempted is no part of the base of VAT.  Restricted goods get none.

    Raises:
        NoPolicy: no rule holds on that day.
        QuantityNeeded: a rate is by weight or quantity, and the line has none.
        UnitsDiffer: the line counts in a unit that cannot be turned into the rate's.
    """
    charges = line_charges(line, policy, on)
    if restricted:
        return charges
    whole = line.base_baht if consignment_baht is None else consignment_baht
    of_duty, of_vat = (
        policy.value(Rule.EXEMPT_UP_TO_BAHT, each, on) for each in (IMPORT_DUTY, VAT)
    )
    kept = [
        _exempt_up_to(of_duty, whole, each) if each.what == IMPORT_DUTY else each
        for each in charges.components[:-1]
    ]
    tax = _exempt_up_to(of_vat, whole, value_added_tax(line, kept, policy, on))
    return replace(charges, components=(*kept, tax))


def low_value_privilege(charges: Charges, policy: Policy, on: date) -> str:
    """The privilege under which *charges* are exempt as goods of low value; empty: they are not.

    Where VAT is exempt too it is always Part 4 of the tariff decree; duty alone, that of the day.

    Raises:
        NoPolicy: no rule holds on the day *on*.
    """
    forgone = {each.what for each in charges.components if each.exempted}
    if not forgone:
        return ""
    return PART_4 if VAT in forgone else policy.value(Rule.LOW_VALUE_PRIVILEGE, STANDARD, on).value


def _exempt_up_to(limit: PolicyRow, whole: Decimal, charge: Component) -> Component:
    charge = replace(charge, rules=(*charge.rules, limit))
    if whole > limit.number:
        return charge
    return replace(charge, amount=ZERO, exempted=charge.amount)
