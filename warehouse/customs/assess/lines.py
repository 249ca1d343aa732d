"""Cases that are one line of a declaration, or one whole consignment of low value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess import facts, worth
from warehouse.customs.assess.answers import Answer, Desk, Kind, shown, totals_of
from warehouse.customs.assess.facts import GOODS, RATES
from warehouse.customs.assess.inputs import Inputs, MissingInput
from warehouse.customs.rules import Charges, Component, Line, Policy

_REASON: Final = "[A-Z][0-9]{2}"
_A_REASON: Final = N_("a deposit reason such as D02")
_A_TYPE: Final = N_("a type that the method allows")
_GUARANTEES: Final = {"A": "CBM", "H": "CE", "L": ""}
_CASH: Final = "C"


@dataclass(frozen=True, slots=True)
class AssessedLine:
    """The charges of one line by the rules of the day *on*.

    *valuation* is how its value came about, where that was foreign money or set by customs;
    *more* are results of its kind alone.
    """

    charges: Charges
    on: date
    valuation: tuple[Component, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def components(self) -> tuple[Component, ...]:
        """Every figure of the line, in the order of reckoning."""
        return (*self.valuation, *self.charges.components)


@dataclass(frozen=True, slots=True)
class LineKind:
    """The inputs that a kind of line knows, and how it is assessed."""

    known: frozenset[str]
    assess: Callable[[Inputs, Policy, date], AssessedLine]


def answer_line(line: AssessedLine, desk: Desk) -> Answer:
    """*line*, with its totals as if it were a whole declaration."""
    charges = line.charges
    totals = rules.declaration_totals([charges], desk.policy, line.on)
    result: dict[str, object] = {
        "cif_baht": figures(charges.cif_baht),
        **shown(charges.amounts),
        **totals_of(totals),
    }
    components = [*line.components, *totals]
    if any(each.exempted or each.deposits for each in charges.components):
        result |= {
            "assessed": shown(charges.assessed),
            "paid": shown(charges.amounts),
            "exempted": shown({each.what: each.exempted for each in charges.components}),
            "deposited": shown({each.what: each.deposited for each in charges.components}),
        }
        deposit = rules.deposit_total(charges, desk.policy, line.on)
        if deposit.amount:
            components.append(deposit)
        result["total_deposit"] = figures(deposit.amount)
    return Answer.of(result | dict(line.more), components)


def tax_line(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """One line by the rules of its import date, or of *on* where it gives none."""
    on = inputs.day_or("import_date", on)
    line, valuation = _line(inputs, policy, on)
    charges = facts.exempted(inputs, rules.line_charges(line, policy, on))
    return AssessedLine(charges, on, valuation)


def low_value(inputs: Inputs, policy: Policy, _: date) -> AssessedLine:
    """Goods of low value, by the rules of their import date."""
    on = inputs.day("import_date")
    line, valuation = _line(inputs, policy, on)
    whole = inputs.maybe(inputs.baht, "consignment_cif_baht")
    if whole is not None and whole < line.base_baht:
        raise inputs.malformed("consignment_cif_baht", N_("no less than the value of the line"))
    charges = rules.low_value_charges(
        line, policy, on, consignment_baht=whole, restricted=inputs.flag("restricted")
    )
    privilege = rules.low_value_privilege(charges, policy, on)
    return AssessedLine(charges, on, valuation, {"privilege": privilege})


def exemption(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """A line that is exempted: of a share of its value, or of a share of each charge."""
    if not inputs.has("exempt_cif_pct"):
        inputs.given("exemption_pct")
    return tax_line(inputs, policy, on)


def deposit(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """A line whose charges, or named amounts of them, are left with customs."""
    line = tax_line(inputs, policy, on)
    reason = inputs.text("deposit_reason", _REASON, _A_REASON)
    charges = _left(inputs, line, reason, policy)
    return replace(line, charges=charges)


def guarantee(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """A line whose charges are guaranteed in place of paid (e-Import manual 2018 p.114).

    Of the deposit only cash is paid through customs: total tax less tax card, plus the deposit
    under guarantee type C (Import Control, fields 46 and 61).
    """
    line = tax_line(inputs, policy, on)
    reason = "D08"
    if inputs.has("deposit_reason"):
        reason = inputs.text("deposit_reason", _REASON, _A_REASON)
    charges = _left(inputs, line, reason, policy)
    method, kind = _guarantee(inputs)
    totals = rules.declaration_totals([charges], policy, line.on)
    due = sum((each.amount for each in totals), ZERO)
    card = inputs.maybe(inputs.baht, "tax_card_baht") or ZERO
    if card > due:
        raise inputs.malformed("tax_card_baht", N_("no more than the total tax"))
    left = rules.deposit_total(charges, policy, line.on).amount
    more = {
        "guarantee_method": method,
        "guarantee_type": kind,
        "total_payment": figures(due - card + (left if kind == _CASH else ZERO)),
        "total_deposit_amount": figures(left if (method, kind) == ("H", "E") else ZERO),
    }
    return replace(line, charges=charges, more=more)


def price_dispute(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """Customs holds the price to be higher: the difference is deposited, D01 (manual p.107)."""
    inputs.given("cif_assessed_baht")
    on = inputs.day_or("import_date", on)
    assessed, valuation = _line(inputs, policy, on)
    declared = replace(assessed, cif_assessed_baht=None)
    return _disputed(inputs, (declared, assessed), "D01", policy, on, valuation)


def tariff_dispute(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """Customs holds another rate to be right: the difference is deposited, D02."""
    on = inputs.day_or("import_date", on)
    declared, valuation = _line(inputs, policy, on)
    assessed = replace(declared, rate=facts.assessed_duty_of(inputs, declared))
    return _disputed(inputs, (declared, assessed), "D02", policy, on, valuation)


def quantity_dispute(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """Customs counts or weighs more: the difference is deposited, D03."""
    on = inputs.day_or("import_date", on)
    assessed, valuation = _line(inputs, policy, on)
    declared = replace(assessed, assessed_quantity=None)
    if inputs.has("assessed_net_weight"):
        unit = assessed.net_weight.unit if assessed.net_weight else rules.KILOGRAM
        weight = facts.quantity_of(inputs, "assessed_net_weight", unit)
        assessed = replace(assessed, net_weight=weight)
    elif not inputs.has("assessed_quantity"):
        raise MissingInput(field="assessed_quantity")
    return _disputed(inputs, (declared, assessed), "D03", policy, on, valuation)


def excise_dispute(inputs: Inputs, policy: Policy, on: date) -> AssessedLine:
    """Customs counts more for excise: the difference is deposited, D30."""
    on = inputs.day_or("import_date", on)
    assessed, valuation = _line(inputs, policy, on)
    if assessed.excise is None or assessed.excise.assessed_quantity is None:
        raise MissingInput(field="excise.assessed_quantity")
    declared = replace(assessed, excise=replace(assessed.excise, assessed_quantity=None))
    return _disputed(inputs, (declared, assessed), "D30", policy, on, valuation)


def bonded_entry(inputs: Inputs, policy: Policy, _: date) -> AssessedLine:
    """A line that enters bond: assessed as ever, and exempted while it stays (manual p.101)."""
    on = inputs.day("import_date")
    line, valuation = _line(inputs, policy, on)
    charges = rules.in_bond(rules.line_charges(line, policy, on), policy, on)
    ends_on = rules.storage_ends_on(on, policy)
    return AssessedLine(charges, on, valuation, {"storage_ends_on": ends_on.isoformat()})


_LINE: Final = worth.VALUE | GOODS | RATES | {"cif_assessed_baht", "import_date"}
_BASE: Final = _LINE - {"exemption_pct"}
_LEFT: Final = {"deposit_reason", "deposited"}

LINE_KINDS: Final[Mapping[str, LineKind]] = {
    "tax_line": LineKind(_LINE, tax_line),
    "low_value": LineKind(_BASE | {"consignment_cif_baht", "restricted"}, low_value),
    "exemption": LineKind(_LINE, exemption),
    "deposit": LineKind(_LINE | _LEFT, deposit),
    "guarantee": LineKind(
        _LINE | _LEFT | {"guarantee_method", "guarantee_type", "tax_card_baht"}, guarantee
    ),
    "price_dispute": LineKind(_LINE, price_dispute),
    "tariff_dispute": LineKind(_LINE | {"assessed_duty", "assessed_duty_pct"}, tariff_dispute),
    "quantity_dispute": LineKind(_LINE | {"assessed_net_weight"}, quantity_dispute),
    "excise_dispute": LineKind(_LINE, excise_dispute),
    "bonded_entry": LineKind(_BASE, bonded_entry),
}


def kind_of(line: LineKind) -> Kind:
    """*line* as a kind of case."""
    return Kind(
        line.known,
        lambda inputs, desk: answer_line(line.assess(inputs, desk.policy, desk.on), desk),
    )


def _line(inputs: Inputs, policy: Policy, on: date) -> tuple[Line, tuple[Component, ...]]:
    """The line, and how its value came about."""
    cif_baht, valuation = worth.value_of(inputs, policy, on)
    assessed_baht = inputs.maybe(inputs.baht, "cif_assessed_baht")
    if assessed_baht is not None:
        valuation += (rules.assessed_value(cif_baht, assessed_baht, policy, on),)
    return facts.counted(facts.line_of(inputs, cif_baht, assessed_baht)), valuation


def _left(inputs: Inputs, line: AssessedLine, reason: str, policy: Policy) -> Charges:
    """What ``deposited`` names is left with customs: duty types, or amounts; unsaid, everything."""
    charges = line.charges
    given = inputs.values.get("deposited")
    if isinstance(given, dict):
        named = inputs.within_object("deposited", frozenset(charges.amounts))
        amounts = {each: named.baht(each) for each in named.values}
    elif given is None:
        amounts = charges.amounts
    else:
        types = inputs.list_of("deposited", facts.DUTY_TYPE, facts.A_DUTY_TYPE)
        amounts = {each: amount for each, amount in charges.amounts.items() if each in types}
        if len(amounts) < len(types):
            raise inputs.malformed("deposited", N_("a list of duty types that are charged"))
    return rules.deposited(charges, amounts, reason, policy, line.on)


def _guarantee(inputs: Inputs) -> tuple[str, str]:
    """Method and type (Import Control, fields 56-57): A takes C, B or M, H takes C or E."""
    if not inputs.has("guarantee_method") and not inputs.has("guarantee_type"):
        return "", ""
    method = inputs.text("guarantee_method", "[AHL]", N_("A (customs), H (bank) or L (nothing)"))
    types = _GUARANTEES[method]
    if not types:
        if inputs.has("guarantee_type"):
            raise inputs.malformed("guarantee_type", _A_TYPE)
        return method, ""
    kind = inputs.text("guarantee_type", f"[{types}]", _A_TYPE)
    return method, kind


def _disputed(
    inputs: Inputs,
    lines: tuple[Line, Line],
    reason: str,
    policy: Policy,
    on: date,
    valuation: tuple[Component, ...],
) -> AssessedLine:
    """The line as declared, and as customs sees it."""
    declared, assessed = (
        facts.exempted(inputs, rules.line_charges(line, policy, on)) for line in lines
    )
    charges = rules.disputed(declared, assessed, reason, policy, on)
    return AssessedLine(charges, on, valuation)
