"""Read what duty and tax follow from: quantities, rates, levies, excise, exemptions."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.customs import rules
from warehouse.customs.assess.inputs import InputRefused, Inputs, MissingInput, OneOfBoth
from warehouse.customs.rules import (
    Charges,
    DutyRate,
    Excise,
    Levy,
    Line,
    Measure,
    Quantity,
)
from warehouse.masterdata.vocabulary import RateType

DUTY_TYPE: Final = "[0-9]{4}"
A_DUTY_TYPE: Final = N_("a duty type of four digits")

_UNIT: Final = "[A-Z0-9]{2,3}"
_A_UNIT: Final = N_("a unit code of UN/ECE Recommendation 20")
_FUNDS: Final = {
    "liquor": ("1412", "1416", "1420", "1424"),
    "tobacco": ("1414", "1418", "1422", "1426"),
}
_MEASURES: Final = {"1": Measure.WEIGHT, "2": Measure.QUANTITY}
_COUNTED: Final = {Measure.WEIGHT: "net_weight", Measure.QUANTITY: "quantity"}
_LEVIES: Final = {
    "special_pct": "0105",
    "surcharge_pct": "0110",
    "anti_dumping_pct": "0111",
    "safeguard_pct": "0114",
    "other_pct": "0600",
    "moc_surcharge_pct": "0603",
}
_LEVY_TYPE: Final = "0105|0110|0111|0114|0600|0603|1401|1404"
_RATE_INPUTS: Final = frozenset(
    {"rate_type", "value_pct", "specific_rate", "specific_unit", "unit", "unit_factor"}
)
_EXCISE_INPUTS: Final = frozenset(
    {
        "value_pct", "retail_price_baht", "specific_rate", "unit", "quantity", "quantity_unit",
        "assessed_quantity", "funds",
    }
)  # fmt: skip

GOODS: Final = frozenset(
    {
        "net_weight", "net_weight_unit", "quantity", "quantity_unit", "assessed_quantity",
        "privilege", "origin_proof",
    }
)  # fmt: skip
RATES: Final = frozenset(
    {
        "duty", "duty_pct", "preferential_duty", "rate_unit_code", "exempt_cif_pct", *_LEVIES,
        "levies", "excise", "excise_pct", "vat_pct", "exemption_pct",
    }
)  # fmt: skip


class DoubledLevy(InputRefused):
    """One duty type is charged twice."""

    code = "doubled-levy"
    message = N_("The levy {duty_type} stands more than once.")


class QuantityMissing(InputRefused):
    """A specific rate needs the weight or the quantity that it is charged on."""

    code = "quantity-needed"
    message = N_("{field} is missing, and the rate is charged by it.")


def line_of(inputs: Inputs, cif_baht: Decimal, cif_assessed_baht: Decimal | None = None) -> Line:
    """The line of *inputs*, worth *cif_baht* as declared."""
    net_weight = quantity_of(inputs, "net_weight", rules.KILOGRAM)
    unit = unit_of(inputs, "rate_unit_code")
    quantity = quantity_of(inputs, "quantity", unit or rules.PIECE)
    assessed = quantity_of(inputs, "assessed_quantity", quantity.unit if quantity else rules.PIECE)
    declared = {Measure.WEIGHT: net_weight, Measure.QUANTITY: assessed or quantity}
    return Line(
        cif_baht=cif_baht,
        rate=_duty_rate(inputs, "duty", declared, unit),
        cif_assessed_baht=cif_assessed_baht,
        exempt_cif_pct=inputs.maybe(inputs.share, "exempt_cif_pct") or Decimal(0),
        net_weight=net_weight,
        quantity=quantity,
        assessed_quantity=assessed,
        privilege=_privilege(inputs),
        preferential_rate=(
            rate_of(inputs.within_object("preferential_duty", _RATE_INPUTS), declared, unit)
            if inputs.has("preferential_duty")
            else None
        ),
        origin_proof=inputs.text("origin_proof").strip() if inputs.has("origin_proof") else "",
        levies=tuple(_levies(inputs, declared, unit)),
        excise=_excise(inputs),
        vat_pct=inputs.maybe(inputs.decimal, "vat_pct"),
    )


def counted(line: Line, fields: Mapping[Measure, str] = _COUNTED, within: str = "") -> Line:
    """*line*, which has what its rates count: *fields* names the inputs, inside *within*.

    Raises:
        QuantityMissing: it has not.
    """
    for rate in (line.rate, line.preferential_rate, *(levy.rate for levy in line.levies)):
        if rate is None or rate.rate_type is RateType.AD_VALOREM:
            continue
        if line.declared(rate.counts) is None:
            raise QuantityMissing(field=within + fields[rate.counts])
    excise = line.excise
    if excise is None or (excise.retail_price is None and not excise.specific_rate):
        return line
    if not (excise.assessed_quantity or excise.quantity or line.declared(Measure.QUANTITY)):
        raise QuantityMissing(field=f"{within}excise.quantity")
    return line


def rate_of(
    inputs: Inputs, declared: Mapping[Measure, Quantity | None], unit: str | None = None
) -> DutyRate:
    """A rate by value, by weight or quantity, or both; *unit* of a measure, if it says none."""
    rate_type = _rate_type(inputs)
    if rate_type is RateType.AD_VALOREM:
        return DutyRate(rate_type, value_pct=inputs.decimal("value_pct"))
    unit = unit_of(inputs, "unit") or unit
    measure = inputs.maybe(lambda _: _measure(inputs), "specific_unit")
    if measure is None:
        measure = DutyRate(rate_type, unit=unit).counts if unit else _measure(inputs)
    return DutyRate(
        rate_type,
        value_pct=inputs.decimal("value_pct") if rate_type is RateType.BOTH else Decimal(0),
        specific_rate=inputs.decimal("specific_rate"),
        unit=unit or _only_unit(declared[measure], measure, inputs),
        measure=measure,
        unit_factor=inputs.maybe(inputs.positive, "unit_factor"),
    )


def quantity_of(inputs: Inputs, name: str, default_unit: str) -> Quantity | None:
    """The quantity *name*, in the unit that ``<name>_unit`` says, or else *default_unit*."""
    if not inputs.has(name):
        return None
    unit = unit_of(inputs, f"{name}_unit") or default_unit
    return Quantity(inputs.positive(name), unit)


def unit_of(inputs: Inputs, name: str) -> str | None:
    """The unit *name*, where it is given."""
    return inputs.text(name, _UNIT, _A_UNIT) if inputs.has(name) else None


def exempted(inputs: Inputs, charges: Charges) -> Charges:
    """*charges* less ``exemption_pct``: one percentage for all, or one by duty type."""
    if not inputs.has("exemption_pct"):
        return charges
    if isinstance(inputs.values["exemption_pct"], str):
        pct = inputs.share("exemption_pct")
        return rules.exempted(charges, dict.fromkeys(charges.amounts, pct))
    by_type = inputs.within_object("exemption_pct", frozenset(charges.amounts))
    return rules.exempted(charges, {each: by_type.share(each) for each in by_type.values})


def _duty_rate(
    inputs: Inputs, name: str, declared: Mapping[Measure, Quantity | None], unit: str | None
) -> DutyRate:
    if not inputs.has(f"{name}_pct"):
        return rate_of(inputs.within_object(name, _RATE_INPUTS), declared, unit)
    if inputs.has(name):
        raise OneOfBoth(first=f"{inputs.within}{name}", second=f"{inputs.within}{name}_pct")
    return DutyRate(RateType.AD_VALOREM, inputs.decimal(f"{name}_pct"))


def assessed_duty_of(inputs: Inputs, line: Line) -> DutyRate:
    """The rate that customs holds to be right, ``assessed_duty`` or ``assessed_duty_pct``."""
    declared = {each: line.declared(each) for each in Measure}
    return _duty_rate(inputs, "assessed_duty", declared, unit_of(inputs, "rate_unit_code"))


def _rate_type(inputs: Inputs) -> RateType:
    """As said, or as the rates that are given show."""
    if inputs.has("rate_type"):
        one_of = "|".join(RateType)
        return RateType(inputs.text("rate_type", one_of, N_("ad_valorem, specific or both")))
    if not inputs.has("specific_rate"):
        return RateType.AD_VALOREM
    return RateType.BOTH if inputs.has("value_pct") else RateType.SPECIFIC


def _measure(inputs: Inputs) -> Measure:
    return _MEASURES[inputs.text("specific_unit", "1|2", N_("1 (weight) or 2 (quantity)"))]


def _only_unit(declared: Quantity | None, measure: Measure, inputs: Inputs) -> str:
    """The unit of a specific rate that names none: the declared one, if that cannot mislead."""
    default = rules.KILOGRAM if measure is Measure.WEIGHT else rules.PIECE
    if declared and declared.unit != default and not inputs.has("unit_factor"):
        raise MissingInput(field=f"{inputs.within}unit")
    return default


def _levies(
    inputs: Inputs, declared: Mapping[Measure, Quantity | None], unit: str | None
) -> Iterator[Levy]:
    levies = [
        Levy(duty_type, DutyRate(RateType.AD_VALOREM, inputs.decimal(name)))
        for name, duty_type in _LEVIES.items()
        if inputs.has(name)
    ]
    if inputs.has("levies"):
        for each in inputs.objects("levies", _RATE_INPUTS | {"duty_type"}):
            duty_type = each.text("duty_type", _LEVY_TYPE, N_("the duty type of a levy"))
            levies.append(Levy(duty_type, rate_of(each, declared, unit)))
    seen: set[str] = set()
    for levy in sorted(levies, key=lambda levy: levy.duty_type):
        if levy.duty_type in seen:
            raise DoubledLevy(duty_type=levy.duty_type)
        seen.add(levy.duty_type)
        yield levy


def _excise(inputs: Inputs) -> Excise | None:
    if inputs.has("excise_pct"):
        if inputs.has("excise"):
            raise OneOfBoth(first=f"{inputs.within}excise", second=f"{inputs.within}excise_pct")
        return Excise(inputs.decimal("excise_pct"))
    if not inputs.has("excise"):
        return None
    within = inputs.within_object("excise", _EXCISE_INPUTS)
    if not within.has("specific_rate"):
        within.given("value_pct")
    unit = unit_of(within, "unit")
    declared = quantity_of(within, "quantity", unit or rules.PIECE)
    assessed = quantity_of(within, "assessed_quantity", declared.unit if declared else rules.PIECE)
    return Excise(
        value_pct=within.maybe(within.decimal, "value_pct") or Decimal(0),
        retail_price=within.maybe(within.baht, "retail_price_baht"),
        specific_rate=within.maybe(within.decimal, "specific_rate") or Decimal(0),
        unit=unit or (declared.unit if declared else rules.PIECE),
        quantity=declared,
        assessed_quantity=assessed,
        funds=tuple(_funds(within)),
    )


def _funds(inputs: Inputs) -> Iterator[str]:
    """``liquor`` or ``tobacco``, or the duty types themselves, each once."""
    known = [*_FUNDS["liquor"], *_FUNDS["tobacco"]]
    given = inputs.values.get("funds", [])
    chosen = _FUNDS.get(given) if isinstance(given, str) else given
    if not isinstance(chosen, list | tuple) or any(each not in known for each in chosen):
        raise inputs.malformed("funds", N_("liquor, tobacco, or a list of 1412 to 1426"))
    yield from (each for each in known if each in chosen)


def _privilege(inputs: Inputs) -> str | None:
    if not inputs.has("privilege"):
        return None
    return inputs.text("privilege", "[A-Z0-9]{3}", N_("a privilege code of three characters"))
