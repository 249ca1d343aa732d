"""The lawful ways out for goods whose time in bond runs out: cost, time and papers of each.

After the last day only export and payment are left (Customs Tax Incentives Clinic guide: "export or
pay tax"); whether destruction and abandonment are still open then is to be confirmed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, exact, share, to_satang
from warehouse.customs import queries
from warehouse.customs.clearing import deadlines
from warehouse.customs.clearing.deadlines import Deadline
from warehouse.customs.models import DeclarationLine
from warehouse.customs.money import charging
from warehouse.customs.rules import Policy
from warehouse.customs.vocabulary import Procedure


class ExitRule(StrEnum):
    """The dated rules that an exit is estimated by, each kept by procedure."""

    FEE = N_("exit_fee_baht")
    CARRIAGE = N_("exit_baht_per_kg")
    LEAD = N_("exit_lead_days")


PAPERS: Final[Mapping[Procedure, str]] = {
    Procedure.HOME_USE: N_("An order or a buyer; declaration type P; payment"),
    Procedure.RE_EXPORT: N_("Declaration type 1; carrier's booking; proof of exit"),
    Procedure.TO_FREE_ZONE: N_("Declaration type D; the zone's acceptance; seal"),
    Procedure.DESTRUCTION: N_("Petition; customs' permit; an officer as witness; certificate"),
    Procedure.ABANDONMENT: N_("Petition; customs' note of acceptance"),
}
_AFTER_THE_LAST_DAY: Final = frozenset({Procedure.HOME_USE, Procedure.RE_EXPORT})


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way for all that is left of an entry: *cost* = *duty* + fee + carriage, in baht."""

    procedure: Procedure
    duty: Decimal
    cost: Decimal
    lead_days: int
    papers: str


def ways_out(session: Session, deadline: Deadline, today: date) -> list[WayOut]:
    """The lawful ways that still end in time, the cheapest first.

    The duty of home use is that of *today*, on the frozen value of what is left (Customs Act
    s.14(1)).  Overdue goods have only what the law leaves them, however long it takes.

    Raises:
        TariffLineMissing: the tariff does not name some of the goods today.
    """
    lines = deadlines.open_lines(session, deadline.entry.id)
    policy = queries.policy(session)
    found = [
        _way(session, procedure, lines, policy, today)
        for procedure in PAPERS
        if not deadline.overdue or procedure in _AFTER_THE_LAST_DAY
    ]
    in_time = [way for way in found if deadline.overdue or way.lead_days <= deadline.days_left]
    return sorted(in_time, key=lambda way: (way.cost, way.lead_days))


def _way(
    session: Session,
    procedure: Procedure,
    lines: Sequence[DeclarationLine],
    policy: Policy,
    today: date,
) -> WayOut:
    duty = _duty(session, lines, policy, today) if procedure is Procedure.HOME_USE else ZERO
    fee = policy.value(ExitRule.FEE, procedure, today).number
    carriage = policy.value(ExitRule.CARRIAGE, procedure, today).number
    lead = int(policy.value(ExitRule.LEAD, procedure, today).number)
    with exact():
        cost = to_satang(duty + fee + carriage * sum(map(_weight_left, lines), ZERO))
    return WayOut(procedure, duty, cost, lead, PAPERS[procedure])


def _duty(
    session: Session, lines: Sequence[DeclarationLine], policy: Policy, today: date
) -> Decimal:
    """Duty and tax on what is left of *lines* at today's rates: an estimate, to the satang."""
    due = ZERO
    for line in lines:
        whole = sum(charging.charges(session, line, policy, today).amounts.values(), ZERO)
        left = line.quantity - line.discharged_quantity
        due += share(whole, left, line.quantity, total_left=whole, whole_left=line.quantity)
    return due


def _weight_left(line: DeclarationLine) -> Decimal:
    with exact():
        left = line.quantity - line.discharged_quantity
        return line.net_weight_kg * left / line.quantity
