"""Duty and tax of goods that enter bond: reckoned as ever, and exempted while they stay.

Exempted by 100 %, VAT and excise too (e-Import manual 2018 p.101).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from warehouse.customs import rules
from warehouse.customs.models import DeclarationLine
from warehouse.customs.money import charging
from warehouse.customs.money.charging import Duty


def reckon(
    session: Session,
    rows: Sequence[DeclarationLine],
    quote: rules.Quote,
    policy: rules.Policy,
    on: date,
) -> list[list[Duty]]:
    """Value *rows* at *quote*, with receipts; return what `suspend` does, in their order.

    Raises:
        TariffLineMissing, NoPolicy, GoodsNotCounted: see `suspend`.
    """
    values = [rules.customs_value(row.cif_foreign, quote, policy, on) for row in rows]
    for row, value in zip(rows, values, strict=True):
        row.cif_baht = value.amount
    duties = suspend(session, rows, policy, on)
    for row, value in zip(rows, values, strict=True):
        row.explained = [rules.receipt(value), *row.explained]
    return duties


def suspend(
    session: Session, rows: Sequence[DeclarationLine], policy: rules.Policy, on: date
) -> list[list[Duty]]:
    """The duties and taxes of each of *rows*, whose values are known, and receipts on the rows.

    Raises:
        TariffLineMissing: the tariff does not name the goods on the day *on*.
        NoPolicy: a rule is not known for that day.
        GoodsNotCounted: a line counts in a unit that cannot be turned into the rate's.
    """
    charged = charging.charges_of(session, rows, policy, on)
    return [
        _suspended(row, charges, policy, on) for row, charges in zip(rows, charged, strict=True)
    ]


def _suspended(
    row: DeclarationLine, charges: rules.Charges, policy: rules.Policy, on: date
) -> list[Duty]:
    duties, explained = [], []
    for component, part in zip(
        charges.components, rules.suspended(charges, policy, on), strict=True
    ):
        duties.append(
            charging.duty(row.id, component, paid=part.payable, exemption_pct=part.rule.number)
        )
        exempted = replace(
            component,
            exempted=part.suspended,
            amount=part.payable,
            rules=(*component.rules, part.rule),
        )
        explained.append(rules.receipt(exempted))
    row.explained = explained
    return duties
