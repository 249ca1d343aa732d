"""What a declaration line owes on a day, and the rows that say so."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from warehouse.core.money import ZERO
from warehouse.customs import rules
from warehouse.customs.models import DeclarationDuty, DeclarationLine
from warehouse.masterdata import queries as masterdata


def charges(
    session: Session, line: DeclarationLine, policy: rules.Policy, on: date
) -> rules.Charges:
    """Duty and tax of *line* by the tariff and the rules in force on the day *on*.

    Raises:
        TariffLineMissing: the tariff does not name the goods on that day.
        NoPolicy: a rule that is needed does not hold on that day.
        UnitsDiffer: the line counts in a unit that cannot be turned into the rate's.
    """
    tariff = masterdata.tariff_line(session, line.hs_code, line.statistical_code, on)
    rate = rules.DutyRate(
        tariff.rate_type, tariff.value_rate_pct, tariff.specific_rate_baht, tariff.unit
    )
    facts = rules.Line(
        cif_baht=line.cif_baht,
        rate=rate,
        net_weight=rules.Quantity(line.net_weight_kg, rules.KILOGRAM),
        quantity=rules.Quantity(line.quantity, line.unit),
        privilege=line.privilege_code,
    )
    return rules.line_charges(facts, policy, on)


def duty(
    line_id: UUID, component: rules.Component, *, paid: Decimal, exemption_pct: Decimal = ZERO
) -> DeclarationDuty:
    """The row for one duty or tax: assessed as *component*, of which *paid* baht are payable."""
    rate = component.rate or ZERO
    by_measure = component.basis is rules.Basis.SPECIFIC
    return DeclarationDuty(
        line_id=line_id,
        duty_type=component.what,
        base_baht=ZERO if by_measure else component.base,
        value_rate_pct=ZERO if by_measure else rate,
        specific_rate_baht=rate if by_measure else ZERO,
        amount=component.amount,
        exemption_pct=exemption_pct,
        amount_paid=paid,
        discharged_amount=ZERO,
    )
