"""Cases that are one line of a declaration: a tax line, a low-value consignment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core.errors import InvalidRequest
from warehouse.core.i18n import N_
from warehouse.customs import rules
from warehouse.customs.assess.inputs import Inputs, MissingInput
from warehouse.customs.rules import Charges, Component, DutyRate, Line, Measure, Policy, Quantity
from warehouse.masterdata.vocabulary import RateType

CURRENCY: Final = "[A-Z]{3}"
A_CURRENCY: Final = N_("a currency code of ISO 4217")

_UNIT: Final = "[A-Z0-9]{2,3}"
_A_UNIT: Final = N_("a unit code of UN/ECE Recommendation 20")
_MEASURES: Final = {"1": Measure.WEIGHT, "2": Measure.QUANTITY}
_DUTY_INPUTS: Final = frozenset({"rate_type", "value_pct", "specific_rate", "specific_unit"})


class Contradiction(InvalidRequest):
    """Two inputs say different things about one amount."""

    code = "contradicting-inputs"
    message = N_("{field} is {given}, and the foreign amount makes {reckoned}.")


@dataclass(frozen=True, slots=True)
class AssessedLine:
    """The charges of one line by the rules of the day *on*.

    *valuation* is how its value came about, where that was foreign money or set by customs.
    """

    charges: Charges
    on: date
    valuation: tuple[Component, ...] = ()

    @property
    def components(self) -> tuple[Component, ...]:
        """Every figure of the line, in the order of reckoning."""
        return (*self.valuation, *self.charges.components)


@dataclass(frozen=True, slots=True)
class LineKind:
    """The inputs that a kind of line knows, and how it is assessed."""

    known: frozenset[str]
    assess: Callable[[Inputs, Policy, date], AssessedLine]


def tax_line(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """One line by the rules of its import date, or of *on* where it gives none."""
    on = inputs.day_or("import_date", on)
    cif_baht, valuation = _customs_value(inputs, policy, on)
    cif_assessed_baht = _optional(inputs.baht, inputs, "cif_assessed_baht")
    if cif_assessed_baht is not None:
        valuation += (rules.assessed_value(cif_baht, cif_assessed_baht, policy, on),)
    net_weight = _quantity(inputs, "net_weight", rules.KILOGRAM)
    quantity = _quantity(inputs, "quantity", _unit(inputs, "rate_unit_code") or rules.PIECE)
    line = Line(
        cif_baht=cif_baht,
        rate=_duty_rate(inputs, net_weight, quantity),
        cif_assessed_baht=cif_assessed_baht,
        net_weight=net_weight,
        quantity=quantity,
        privilege=_privilege(inputs),
        levies=tuple(
            rules.Levy("0111", DutyRate(RateType.AD_VALOREM, inputs.decimal(name)))
            for name in ("anti_dumping_pct",)
            if inputs.has(name)
        ),
        excise=rules.Excise(inputs.decimal("excise_pct")) if inputs.has("excise_pct") else None,
        vat_pct=_optional(inputs.decimal, inputs, "vat_pct"),
    )
    return AssessedLine(rules.line_charges(line, policy, on), on, valuation)


def low_value(inputs: Inputs, policy: Policy, _: date) -> AssessedLine:
    """A whole consignment of unrestricted goods, by the rules of its import date."""
    imported_on = inputs.day("import_date")
    line = Line(
        inputs.baht("cif_baht"), DutyRate(RateType.AD_VALOREM, inputs.decimal("duty_pct"))
    )
    charges = rules.low_value_charges(line, policy, imported_on)
    return AssessedLine(charges, imported_on)


LINE_KINDS: Final[Mapping[str, LineKind]] = {
    "tax_line": LineKind(
        frozenset(
            {
                "cif_baht", "cif_foreign", "currency", "exchange_rate", "rate_unit",
                "cif_assessed_baht", "duty", "net_weight", "net_weight_unit", "quantity",
                "quantity_unit", "rate_unit_code", "privilege", "anti_dumping_pct", "excise_pct",
                "vat_pct", "import_date",
            }
        ),
        tax_line,
    ),
    "low_value": LineKind(frozenset({"import_date", "cif_baht", "duty_pct"}), low_value),
}  # fmt: skip


def _customs_value(
    inputs: Inputs, policy: Policy, on: date
) -> tuple[Decimal, tuple[Component, ...]]:
    if not inputs.has("cif_foreign"):
        return inputs.baht("cif_baht"), ()
    quote = rules.Quote(
        inputs.text("currency", CURRENCY, A_CURRENCY),
        inputs.positive("exchange_rate"),
        inputs.positive("rate_unit"),
    )
    converted = rules.customs_value(inputs.decimal("cif_foreign"), quote, policy, on)
    given = _optional(inputs.baht, inputs, "cif_baht")
    if given not in {None, converted.amount}:
        raise Contradiction(field="cif_baht", given=given, reckoned=converted.amount)
    return converted.amount, (converted,)


def _duty_rate(inputs: Inputs, net_weight: Quantity | None, quantity: Quantity | None) -> DutyRate:
    duty = inputs.within_object("duty", _DUTY_INPUTS)
    rate_type = RateType(
        duty.text("rate_type", "|".join(RateType), N_("ad_valorem, specific or both"))
    )
    if rate_type is RateType.AD_VALOREM:
        return DutyRate(rate_type, value_pct=duty.decimal("value_pct"))
    measure = _MEASURES[duty.text("specific_unit", "1|2", N_("1 (weight) or 2 (quantity)"))]
    return DutyRate(
        rate_type,
        value_pct=duty.decimal("value_pct") if rate_type is RateType.BOTH else Decimal(0),
        specific_rate=duty.decimal("specific_rate"),
        unit=_rate_unit(inputs, net_weight if measure is Measure.WEIGHT else quantity, measure),
        measure=measure,
    )


def _rate_unit(inputs: Inputs, declared: Quantity | None, measure: Measure) -> str:
    """The unit of the specific rate; unsaid, it is the declared one, if that cannot mislead."""
    if unit := _unit(inputs, "rate_unit_code"):
        return unit
    default = rules.KILOGRAM if measure is Measure.WEIGHT else rules.PIECE
    if declared and declared.unit != default:
        raise MissingInput(field="rate_unit_code")
    return default


def _quantity(inputs: Inputs, name: str, default_unit: str) -> Quantity | None:
    unit = _unit(inputs, f"{name}_unit") or default_unit
    return Quantity(inputs.positive(name), unit) if inputs.has(name) else None


def _unit(inputs: Inputs, name: str) -> str | None:
    return inputs.text(name, _UNIT, _A_UNIT) if inputs.has(name) else None


def _privilege(inputs: Inputs) -> str | None:
    if not inputs.has("privilege"):
        return None
    return inputs.text("privilege", "[A-Z0-9]{3}", N_("a privilege code of three characters"))


def _optional(read: Callable[[str], Decimal], inputs: Inputs, name: str) -> Decimal | None:
    return read(name) if inputs.has(name) else None
