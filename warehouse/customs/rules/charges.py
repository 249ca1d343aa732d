"""Duty, excise, local tax and VAT of one line (e-Import manual 2018, pp.130-135).

Every amount is rounded by the dated rule of its duty type, and the rounded amount feeds the next.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import money
from warehouse.core.money import PER_CENT, ZERO, Rounding
from warehouse.customs.rules.errors import QuantityNeeded
from warehouse.customs.rules.policy import STANDARD, Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import (
    ANTI_DUMPING,
    CIF,
    CIF_FOREIGN,
    EXCISE,
    IMPORT_DUTY,
    LOCAL_TAX,
    VAT,
    Basis,
    Component,
)
from warehouse.customs.rules.units import Measure, Quantity, amount_in, measure_of
from warehouse.masterdata.vocabulary import RateType

_BAHT: Final = "THB"
_WTO: Final = "WTO"


@dataclass(frozen=True, slots=True)
class DutyRate:
    """A rate of the tariff: *value_pct* per cent of the value, *specific_rate* baht per *unit*.

    Without a *measure* a rate by a unit of weight counts net weight, any other the quantity.
    """

    rate_type: RateType
    value_pct: Decimal = ZERO
    specific_rate: Decimal = ZERO
    unit: str = ""
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The facts of one line that its charges follow from.  Percentages are per cent.

    *cif_assessed_baht*, where customs has set it, replaces *cif_baht* as the base.  A *vat_pct*
    of None means the rate in force; *anti_dumping_pct* or *excise_pct* of None, no such charge.
    """

    cif_baht: Decimal
    rate: DutyRate
    cif_assessed_baht: Decimal | None = None
    net_weight: Quantity | None = None
    quantity: Quantity | None = None
    privilege: str | None = None
    anti_dumping_pct: Decimal | None = None
    excise_pct: Decimal | None = None
    vat_pct: Decimal | None = None

    @property
    def base_baht(self) -> Decimal:
        """The value that duty and VAT are charged on."""
        return self.cif_baht if self.cif_assessed_baht is None else self.cif_assessed_baht


@dataclass(frozen=True, slots=True)
class Charges:
    """What one line of *cif_baht* owes, each charge with its reasons."""

    cif_baht: Decimal
    components: tuple[Component, ...]

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Baht by duty type."""
        return {each.what: each.amount for each in self.components}


@dataclass(frozen=True, slots=True)
class Quote:
    """The customs rate of exchange: *baht* for every *units* of *currency*.

    Customs quotes the yen per 100 and the rupiah per 1,000.
    """

    currency: str
    baht: Decimal
    units: Decimal

    def __post_init__(self) -> None:
        assert self.baht > 0, "money is worth something"
        assert self.units > 0, "a quote is for some units"

    def __str__(self) -> str:
        return f"{_BAHT} per {self.units:f} {self.currency}"


@money.exact()
def customs_value(foreign: Decimal, quote: Quote, policy: Policy, on: date) -> Component:
    """*foreign* money in baht, at *quote*.

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    rounding = policy.value(Rule.LINE_AMOUNT, CIF, on)
    exact = foreign * quote.baht / quote.units
    return _component(
        CIF,
        Basis.EXCHANGE,
        base=(foreign, quote.currency),
        rate=(quote.baht, str(quote)),
        exact=exact,
        rules=(rounding,),
    )


def assessed_value(
    cif_baht: Decimal, cif_assessed_baht: Decimal, policy: Policy, on: date
) -> Component:
    """The value that customs set, in place of *cif_baht* (Import Detail, field 39).

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    return _component(
        CIF,
        Basis.ASSESSED,
        base=(cif_baht, _BAHT),
        rate=(None, ""),
        exact=cif_assessed_baht,
        rules=(policy.value(Rule.LINE_AMOUNT, CIF, on),),
    )


@money.exact()
def control_value(baht: Decimal, quote: Quote, policy: Policy, on: date) -> Component:
    """*baht* in the currency of a declaration's control record, at *quote*.

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    rounding = policy.value(Rule.LINE_AMOUNT, CIF, on)
    exact = baht * quote.units / quote.baht
    return _component(
        CIF_FOREIGN,
        Basis.EXCHANGE,
        base=(baht, _BAHT),
        rate=(quote.baht, str(quote)),
        exact=exact,
        rules=(rounding,),
    )


@money.exact()
def line_charges(line: Line, policy: Policy, on: date) -> Charges:
    """What *line* owes by the rules in force on the day *on*.

    Raises:
        NoPolicy: a rule that is needed does not reach back, or on, to that day.
        QuantityNeeded: the rate is by weight or quantity, and the line has none.
        UnitsDiffer: the line counts in a unit that cannot be turned into the rate's.
    """
    assert line.base_baht >= 0
    base = line.base_baht
    duty = _import_duty(line, policy, on)
    components = [duty]
    if line.anti_dumping_pct is not None:
        components.append(_percentage(ANTI_DUMPING, base, line.anti_dumping_pct, policy, on))
    if line.excise_pct is not None:
        excise = _percentage(EXCISE, base + duty.amount, line.excise_pct, policy, on)
        of_excise = policy.value(Rule.LOCAL_PCT_OF_EXCISE, STANDARD, on)
        local = _percentage(
            LOCAL_TAX, excise.amount, of_excise.number, policy, on, rate_rule=of_excise
        )
        components += [excise, local]
    value_with_charges = base + sum(each.amount for each in components)
    components.append(_vat(value_with_charges, line.vat_pct, policy, on))
    return Charges(line.cif_baht, tuple(components))


@money.exact()
def low_value_charges(cif_baht: Decimal, duty_pct: Decimal, policy: Policy, on: date) -> Charges:
    """What a whole consignment of unrestricted goods imported on *on* owes.

    Up to the limit of that day duty, VAT or both are exempt (tariff decree Part 4 item 12 and the
    notifications on low-value goods).

    Raises:
        NoPolicy: no rule holds on that day.
    """
    duty = _percentage(IMPORT_DUTY, cif_baht, duty_pct, policy, on, basis=Basis.AD_VALOREM)
    duty = _exempt_up_to(policy.value(Rule.EXEMPT_UP_TO_BAHT, IMPORT_DUTY, on), cif_baht, duty)
    vat = _vat(cif_baht + duty.amount, None, policy, on)
    vat = _exempt_up_to(policy.value(Rule.EXEMPT_UP_TO_BAHT, VAT, on), cif_baht, vat)
    return Charges(cif_baht, (duty, vat))


def _import_duty(line: Line, policy: Policy, on: date) -> Component:
    """The higher of both where the rate has both, save that WTO goods pay by value."""
    rate_type = line.rate.rate_type
    if rate_type is RateType.BOTH and line.privilege == _WTO:
        rate_type = RateType.AD_VALOREM
    match rate_type:
        case RateType.AD_VALOREM:
            return _by_value(line, policy, on)
        case RateType.SPECIFIC:
            return _by_measure(line, policy, on)
        case RateType.BOTH:
            by_value, by_measure = _by_value(line, policy, on), _by_measure(line, policy, on)
            if by_measure.exact > by_value.exact:
                return replace(by_measure, instead_of=by_value)
            return replace(by_value, instead_of=by_measure)


def _by_value(line: Line, policy: Policy, on: date) -> Component:
    return _percentage(
        IMPORT_DUTY, line.base_baht, line.rate.value_pct, policy, on, basis=Basis.AD_VALOREM
    )


def _by_measure(line: Line, policy: Policy, on: date) -> Component:
    rate = line.rate
    measure = rate.measure or measure_of(rate.unit)
    declared = line.net_weight if measure is Measure.WEIGHT else line.quantity
    if declared is None:
        raise QuantityNeeded(measure=measure)
    counted = amount_in(declared, rate.unit)
    exact = rate.specific_rate * counted
    return _component(
        IMPORT_DUTY,
        Basis.SPECIFIC,
        base=(counted, rate.unit),
        rate=(rate.specific_rate, f"{_BAHT} per {rate.unit}"),
        exact=exact,
        rules=(policy.value(Rule.LINE_AMOUNT, IMPORT_DUTY, on),),
    )


def _vat(base: Decimal, override_pct: Decimal | None, policy: Policy, on: date) -> Component:
    if override_pct is not None:
        return _percentage(VAT, base, override_pct, policy, on)
    standard = policy.value(Rule.VAT_PCT, STANDARD, on)
    return _percentage(VAT, base, standard.number, policy, on, rate_rule=standard)


def _percentage(
    what: str,
    base: Decimal,
    pct: Decimal,
    policy: Policy,
    on: date,
    *,
    basis: Basis = Basis.PERCENTAGE,
    rate_rule: PolicyRow | None = None,
) -> Component:
    rules = (policy.value(Rule.LINE_AMOUNT, what, on), *((rate_rule,) if rate_rule else ()))
    exact = base * pct * PER_CENT
    return _component(what, basis, base=(base, _BAHT), rate=(pct, "%"), exact=exact, rules=rules)


def _component(
    what: str,
    basis: Basis,
    *,
    base: tuple[Decimal, str],
    rate: tuple[Decimal | None, str],
    exact: Decimal,
    rules: tuple[PolicyRow, ...],
) -> Component:
    """The first of *rules* says how the line's amount is rounded."""
    rounding = Rounding(rules[0].value)
    amount = money.rounded(exact, rounding)
    return Component(what, basis, *base, *rate, exact, rounding, amount, rules)


def _exempt_up_to(limit: PolicyRow, cif_baht: Decimal, charge: Component) -> Component:
    charge = replace(charge, rules=(*charge.rules, limit))
    if cif_baht > limit.number:
        return charge
    return replace(charge, amount=ZERO, exempted=charge.amount)
