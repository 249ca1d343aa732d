"""Duty, excise, local tax, funds and VAT of one line (e-Import manual 2018, pp.130-135).

Every amount is rounded by the dated rule of its duty type, and the rounded amount feeds the next.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import money
from warehouse.core.i18n import N_
from warehouse.core.money import PER_CENT, ZERO
from warehouse.customs.rules.errors import QuantityNeeded
from warehouse.customs.rules.line import DutyRate, Excise, Line
from warehouse.customs.rules.policy import STANDARD, Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import (
    ANTI_DUMPING,
    BAHT,
    COMMERCE_SURCHARGE,
    EXCISE,
    IMPORT_DUTY,
    LOCAL_TAX,
    OTHER,
    SAFEGUARD,
    SPECIAL,
    SURCHARGE,
    VAT,
    Basis,
    Component,
)
from warehouse.customs.rules.reckoning import figure, percentage
from warehouse.customs.rules.units import Measure, Quantity, amount_in
from warehouse.masterdata.vocabulary import RateType

UNPROVEN: Final = N_("There is no proof of origin, so the normal rate holds")
PREFERENTIAL: Final = N_("The rate of the privilege")
PARTLY_EXEMPT: Final = N_("A share of the value is exempt from import duty")
NO_RETAIL_PRICE: Final = N_("No suggested retail price is known, so the value is CIF and duty")

PROOF_REQUIRED: Final = "REQUIRED"
PROOF_NOT_REQUIRED: Final = "NOT_REQUIRED"

_WTO: Final = "WTO"
_VAT_COUNTS: Final = frozenset(
    {
        IMPORT_DUTY, SPECIAL, SURCHARGE, ANTI_DUMPING, SAFEGUARD, EXCISE, LOCAL_TAX, OTHER,
        COMMERCE_SURCHARGE,
    }
)  # fmt: skip
"""What VAT is charged on beside the value; the funds are not among it (manual pp.130-133)."""


@dataclass(frozen=True, slots=True)
class Charges:
    """What one line of *cif_baht* owes, each charge with its reasons."""

    cif_baht: Decimal
    components: tuple[Component, ...]

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Baht to be paid, by duty type."""
        return {each.what: each.amount for each in self.components}

    @property
    def assessed(self) -> dict[str, Decimal]:
        """Baht of the whole charge by duty type, whether paid, exempted or deposited."""
        return {each.what: each.assessed for each in self.components}


@money.exact()
def line_charges(line: Line, policy: Policy, on: date) -> Charges:
    """What *line* owes by the rules in force on the day *on*.

    Raises:
        NoPolicy: a rule that is needed does not reach back, or on, to that day.
        QuantityNeeded: a rate is by weight or quantity, and the line has none.
        UnitsDiffer: the line counts in a unit that cannot be turned into the rate's.
    """
    assert line.base_baht >= 0
    duty = _import_duty(line, policy, on)
    components = [duty]
    feeds_excise = line.base_baht + duty.amount
    for levy in line.levies:
        charge = _charged(levy.duty_type, line.base_baht, levy.rate, line, policy, on)
        components.append(charge)
        if levy.duty_type == SAFEGUARD:
            feeds_excise += charge.amount
    if line.excise is not None:
        components += _excise(line.excise, feeds_excise, line, policy, on)
    components.append(value_added_tax(line, components, policy, on))
    return Charges(line.cif_baht, tuple(components))


def value_added_tax(
    line: Line, charges: Iterable[Component], policy: Policy, on: date
) -> Component:
    """VAT on the value of *line* and those *charges* on it that count, less what is exempted.

    Raises:
        NoPolicy: no rate holds on the day *on*.
    """
    base = line.base_baht + sum((each.amount for each in charges if each.what in _VAT_COUNTS), ZERO)
    if line.vat_pct is not None:
        return percentage(VAT, base, line.vat_pct, policy, on)
    standard = policy.value(Rule.VAT_PCT, STANDARD, on)
    return percentage(VAT, base, standard.number, policy, on, because=(standard,))


def earned_rate(line: Line, policy: Policy, on: date) -> tuple[DutyRate, PolicyRow | None]:
    """The rate of import duty that *line* earns, and the rule on proof of origin that it meets.

    Raises:
        NoPolicy: no rule on proofs of origin holds on the day *on*.
    """
    if line.preferential_rate is None:
        return line.rate, None
    asked = line.proof_rule or policy.special(Rule.ORIGIN_PROOF, line.privilege or STANDARD, on)
    earned = bool(line.origin_proof) or asked.value == PROOF_NOT_REQUIRED
    return line.preferential_rate if earned else line.rate, asked


def _import_duty(line: Line, policy: Policy, on: date) -> Component:
    """On what is not exempted of the value, by the rate that the proof of origin earns."""
    value = line.base_baht - line.base_baht * line.exempt_cif_pct * PER_CENT
    rate, asked = earned_rate(line, policy, on)
    duty = _charged(IMPORT_DUTY, value, rate, line, policy, on)
    if asked is None:
        return replace(duty, note=PARTLY_EXEMPT) if line.exempt_cif_pct else duty
    note = UNPROVEN if rate is line.rate else PREFERENTIAL
    return replace(duty, note=note, rules=(*duty.rules, asked))


def _charged(
    what: str, value: Decimal, rate: DutyRate, line: Line, policy: Policy, on: date
) -> Component:
    """The higher of both where the rate has both, save that WTO goods pay duty by value."""
    rate_type = rate.rate_type
    if what == IMPORT_DUTY and rate_type is RateType.BOTH and line.privilege == _WTO:
        rate_type = RateType.AD_VALOREM
    match rate_type:
        case RateType.AD_VALOREM:
            return _by_value(what, value, rate, policy, on)
        case RateType.SPECIFIC:
            return _by_measure(what, rate, line, policy, on)
        case RateType.BOTH:
            by_value = _by_value(what, value, rate, policy, on)
            by_measure = _by_measure(what, rate, line, policy, on)
            if by_measure.exact > by_value.exact:
                return replace(by_measure, instead_of=by_value)
            return replace(by_value, instead_of=by_measure)


def _by_value(what: str, value: Decimal, rate: DutyRate, policy: Policy, on: date) -> Component:
    return percentage(
        what, value, rate.value_pct, policy, on, basis=Basis.AD_VALOREM, because=rate.grounds
    )


def _by_measure(what: str, rate: DutyRate, line: Line, policy: Policy, on: date) -> Component:
    declared = line.declared(rate.counts)
    if declared is None:
        raise QuantityNeeded(measure=rate.counts)
    if rate.unit_factor is None:
        counted = amount_in(declared, rate.unit)
    else:
        counted = declared.amount * rate.unit_factor
    return figure(
        what,
        Basis.SPECIFIC,
        base=(counted, rate.unit),
        rate=(rate.specific_rate, f"{BAHT} per {rate.unit}"),
        exact=rate.specific_rate * counted,
        rules=(policy.value(Rule.LINE_AMOUNT, what, on), *rate.grounds),
    )


def _excise(
    excise: Excise, value: Decimal, line: Line, policy: Policy, on: date
) -> Iterator[Component]:
    """Excise, the local tax on it, and what the funds take of it."""
    charged = _excise_alone(excise, value, line, policy, on)
    if excise.by_retail_price and excise.retail_price is None:
        charged = replace(charged, note=NO_RETAIL_PRICE)
    yield charged
    local = policy.value(Rule.LOCAL_PCT_OF_EXCISE, STANDARD, on)
    yield percentage(LOCAL_TAX, charged.amount, local.number, policy, on, because=(local,))
    for fund in excise.funds:
        share = policy.value(Rule.FUND_PCT_OF_EXCISE, fund, on)
        yield percentage(fund, charged.amount, share.number, policy, on, because=(share,))


def _excise_alone(
    excise: Excise, value: Decimal, line: Line, policy: Policy, on: date
) -> Component:
    if excise.retail_price is not None:
        quantity = _excise_quantity(excise, line)
        value = excise.retail_price * quantity.amount
    by_value = percentage(EXCISE, value, excise.value_pct, policy, on, because=excise.grounds)
    if not excise.specific_rate:
        return by_value
    counted = amount_in(_excise_quantity(excise, line), excise.unit)
    by_measure = excise.specific_rate * counted
    rate_unit = f"{BAHT} per {excise.unit}"
    if not excise.value_pct:
        return figure(
            EXCISE,
            Basis.SPECIFIC,
            base=(counted, excise.unit),
            rate=(excise.specific_rate, rate_unit),
            exact=by_measure,
            rules=by_value.rules,
        )
    return figure(
        EXCISE,
        Basis.PERCENTAGE,
        base=(value, BAHT),
        rate=(excise.value_pct, f"% + {excise.specific_rate:f} {rate_unit} × {counted:f}"),
        exact=by_value.exact + by_measure,
        rules=by_value.rules,
    )


def _excise_quantity(excise: Excise, line: Line) -> Quantity:
    counted = excise.assessed_quantity or excise.quantity or line.declared(Measure.QUANTITY)
    if counted is None:
        raise QuantityNeeded(measure=Measure.QUANTITY)
    return counted


def funds_of(hs_code: str, policy: Policy, on: date) -> tuple[str, ...]:
    """The duty types of the funds that goods of *hs_code* feed: those of liquor and tobacco."""
    found: PolicyRow | None = policy.find(Rule.FUNDS_OF_HEADING, hs_code[:4], on)
    return tuple(found.value.split()) if found else ()
