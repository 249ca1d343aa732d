"""What customs gives back on re-export, and what it asks for late payment."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from warehouse.core import money
from warehouse.core.i18n import N_
from warehouse.core.money import PER_CENT, ZERO
from warehouse.customs.rules.days import months_after
from warehouse.customs.rules.policy import STANDARD, Policy, Rule
from warehouse.customs.rules.receipt import BAHT, INTEREST, LATE, REFUND, Basis, Component
from warehouse.customs.rules.reckoning import figure, percentage

REEXPORT: Final = "REEXPORT"
EXPORT: Final = "EXPORT"
CLAIM: Final = "CLAIM"

_CAPPED: Final = N_("No more than the capped share of the duty")


class Obstacle(StrEnum):
    """Why import duty is not given back on re-export (Customs Act s.28)."""

    EXPORTED_LATE = N_("Exported later than the law allows")
    CLAIMED_LATE = N_("Claimed later than the law allows")
    NOT_IDENTIFIED = N_("The goods were not proven to be those imported")
    USED = N_("The goods were used in Thailand")


@dataclass(frozen=True, slots=True)
class ReExport:
    """Goods that leave again under one export declaration, on which *duty_paid* baht rested."""

    duty_paid: Decimal
    imported_on: date
    exported_on: date
    claimed_on: date
    identified: bool = True
    used: bool = False


@money.exact()
def reexport_refund(case: ReExport, policy: Policy) -> Component:
    """Nine tenths of the duty, or what exceeds 1,000 baht of it: the higher (Customs Act s.28).

    The rules are those of the day of the claim.

    Raises:
        NoPolicy: no rule holds on that day.
    """
    on = case.claimed_on
    share = policy.value(Rule.REFUND_PCT, REEXPORT, on)
    kept = policy.value(Rule.REFUND_KEEP_BAHT, REEXPORT, on)
    by_share = percentage(REFUND, case.duty_paid, share.number, policy, on, because=(share,))
    excess = figure(
        REFUND,
        Basis.SUM,
        base=(case.duty_paid, BAHT),
        exact=max(case.duty_paid - kept.number, ZERO),
        rate=(kept.number, f"{BAHT} kept"),
        rules=(by_share.rules[0], kept),
    )
    if excess.exact > by_share.exact:
        return replace(excess, instead_of=by_share)
    return replace(by_share, instead_of=excess)


def reexport_obstacles(case: ReExport, policy: Policy) -> tuple[Obstacle, ...]:
    """What stands against a refund: time, identity, use.

    Raises:
        NoPolicy: no rule holds on the day of the claim.
    """
    months = {
        step: int(policy.value(Rule.REFUND_MONTHS, step, case.claimed_on).number)
        for step in (EXPORT, CLAIM)
    }
    found = {
        Obstacle.EXPORTED_LATE: case.exported_on > months_after(case.imported_on, months[EXPORT]),
        Obstacle.CLAIMED_LATE: case.claimed_on > months_after(case.exported_on, months[CLAIM]),
        Obstacle.NOT_IDENTIFIED: not case.identified,
        Obstacle.USED: case.used,
    }
    return tuple(obstacle for obstacle, stands in found.items() if stands)


@money.exact()
def interest(
    amount: Decimal, monthly_pct: Decimal, months: Decimal, policy: Policy, on: date
) -> Component:
    """Amount × monthly rate × months (Import Duty, fields 9 to 11).

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    return percentage(INTEREST, amount, monthly_pct * months, policy, on)


@money.exact()
def late_surcharge(amount: Decimal, months: int, policy: Policy, on: date) -> Component:
    """What is added to *amount* of duty paid so many *months* late, a part counting as one (s.22).

    Raises:
        NoPolicy: no rule holds on the day *on*.
    """
    monthly = policy.value(Rule.LATE_PCT_A_MONTH, STANDARD, on)
    cap = policy.value(Rule.LATE_CAP_PCT, STANDARD, on)
    because = (monthly, cap)
    owed = percentage(LATE, amount, monthly.number * months, policy, on, because=because)
    limit = money.to_satang(amount * cap.number * PER_CENT)
    if owed.amount <= limit:
        return owed
    return replace(owed, amount=limit, note=_CAPPED)
