"""Each kind of case: what it asks, and the result with its explanation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core.errors import InvalidRequest, WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess.inputs import Inputs, shown
from warehouse.customs.assess.lines import A_CURRENCY, CURRENCY, LINE_KINDS, AssessedLine
from warehouse.customs.rules import Component, Policy, receipt
from warehouse.masterdata import identifiers

_TAX_ID_SOURCE: Final = "Tax ids listed in the e-Import manual 2018 pp.123-124, all of which agree"
_NUMBER_SOURCE: Final = "e-Import manual 2018; customs receipt กศก.123, specimen of 14 Jun 2561"


class UnknownKind(InvalidRequest):
    """Nothing is known of such cases."""

    code = "unknown-kind"
    message = N_("There is no kind {kind}. Known are {known}.")


class UnknownLine(InvalidRequest):
    """A declaration names a line that is not in the request."""

    code = "unknown-line"
    message = N_("There is no line {line} in this request.")


class DoubledLine(InvalidRequest):
    """A declaration counts one line twice."""

    code = "doubled-line"
    message = N_("The line {line} is counted more than once.")


class LineRefused(InvalidRequest):
    """A declaration counts a line that could not be assessed."""

    code = "line-refused"
    message = N_("The line {line} was refused itself; see its own answer.")


@dataclass(frozen=True, slots=True)
class Case:
    """One question, as it came."""

    id: str
    kind: str
    inputs: object


@dataclass(frozen=True, slots=True)
class Desk:
    """What every answer may look at: the policy, today, and the other cases of the request."""

    policy: Policy
    on: date
    cases: Mapping[str, Case]


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures, and how they came about."""

    result: dict[str, object]
    explained: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """The inputs that a kind of case knows, and how it is answered."""

    known: frozenset[str]
    answer: Callable[[Inputs, Desk], Answer]


def answer_case(case: Case, desk: Desk) -> Answer:
    """Answer *case*.

    Raises:
        InvalidRequest: its kind or its inputs are not understood.
        RuleViolation: the rules have no answer to it.
    """
    if case.kind in LINE_KINDS:
        return _line(_assessed(case, desk), desk)
    if kind := _KINDS.get(case.kind):
        return kind.answer(Inputs.of(case.kind, case.inputs, kind.known), desk)
    raise UnknownKind(kind=shown(case.kind), known=sorted([*LINE_KINDS, *_KINDS]))


def _assessed(case: Case, desk: Desk) -> AssessedLine:
    kind = LINE_KINDS[case.kind]
    return kind.assess(Inputs.of(case.kind, case.inputs, kind.known), desk.policy, desk.on)


def _line(line: AssessedLine, desk: Desk) -> Answer:
    """A line, and its totals as if it were a whole declaration."""
    totals = rules.declaration_totals([line.charges], desk.policy, line.on)
    result = {
        "cif_baht": figures(line.charges.cif_baht),
        **{duty_type: figures(amount) for duty_type, amount in line.charges.amounts.items()},
        **_totals(totals),
    }
    return Answer(result, [receipt(each) for each in (*line.components, *totals)])


def _declaration_total(inputs: Inputs, desk: Desk) -> Answer:
    """The sum of lines of the same request; by its import date, or the latest of theirs."""
    quote = rules.Quote(
        inputs.text("control_currency", CURRENCY, A_CURRENCY),
        inputs.positive("control_exchange_rate"),
        inputs.positive("control_rate_unit") if inputs.has("control_rate_unit") else Decimal(1),
    )
    lines = [_line_of_declaration(line_id, desk) for line_id in _line_ids(inputs)]
    on = inputs.day_or("import_date", max(line.on for line in lines))
    totals = rules.declaration_totals([line.charges for line in lines], desk.policy, on)
    cif_baht = sum((line.charges.cif_baht for line in lines), ZERO)
    control = rules.control_value(cif_baht, quote, desk.policy, on)
    result = {
        "control_cif_baht": figures(cif_baht),
        "control_cif_foreign": figures(control.amount),
        "sums": {each.what: figures(each.base) for each in totals},
        **_totals(totals),
    }
    return Answer(result, [receipt(each) for each in (control, *totals)])


def _line_ids(inputs: Inputs) -> list[str]:
    given = inputs.given("lines")
    if not isinstance(given, list) or not given:
        raise inputs.malformed("lines", N_("a list of the ids of lines, one or more"))
    for position, line_id in enumerate(given):
        if not isinstance(line_id, str):
            raise inputs.malformed("lines", N_("a list of the ids of lines, one or more"))
        if line_id in given[:position]:
            raise DoubledLine(line=shown(line_id))
    return given


def _line_of_declaration(line_id: str, desk: Desk) -> AssessedLine:
    case = desk.cases.get(line_id)
    if case is None or case.kind not in LINE_KINDS:
        raise UnknownLine(line=shown(line_id))
    try:
        return _assessed(case, desk)
    except WarehouseError as refusal:
        raise LineRefused(line=shown(line_id)) from refusal


def _rounding_total(inputs: Inputs, desk: Desk) -> Answer:
    duty_type = inputs.text(
        "duty_type", f"[0-9]{{4}}|{rules.DEPOSIT}", N_("a duty type of four digits, or DEPOSIT")
    )
    on = inputs.day_or("import_date", desk.on)
    total = rules.rounded_total(duty_type, inputs.decimal("raw_total"), desk.policy, on)
    result: dict[str, object] = {"rule": total.rounding.value, "total": figures(total.amount)}
    return Answer(result, [receipt(total)])


def _tax_id(inputs: Inputs, _: Desk) -> Answer:
    value = inputs.text("value")
    result: dict[str, object] = {"valid": identifiers.is_tax_id(value)}
    first, last = value[:12], value[12:]
    if len(last) == 1 and first.isascii() and first.isdigit():
        result["check_digit"] = str(identifiers.tax_id_check_digit(first))
    rule = "check digit = (11 - sum of d(i) x (14 - i) mod 11) mod 10, i = 1 to 12"
    return Answer(result, [_form("TAX_ID", N_("Thai tax id"), value, rule, _TAX_ID_SOURCE)])


def _declaration_number(inputs: Inputs, _: Desk) -> Answer:
    value = inputs.text("value")
    parts = identifiers.declaration_number_parts(value)
    result: dict[str, object] = {"valid": parts is not None}
    if parts:
        result["parts"] = parts
    return Answer(result, [_number_form(value)])


def _declaration_number_print(inputs: Inputs, _: Desk) -> Answer:
    printed = inputs.text("printed")
    value = identifiers.stored_declaration_number(printed)
    result: dict[str, object] = {"valid": value is not None, "value": value}
    return Answer(result, [_number_form(printed)])


_KINDS: Final[Mapping[str, Kind]] = {
    "declaration_total": Kind(
        frozenset(
            {
                "lines", "control_currency", "control_exchange_rate", "control_rate_unit",
                "import_date",
            }
        ),
        _declaration_total,
    ),
    "rounding_total": Kind(frozenset({"duty_type", "raw_total", "import_date"}), _rounding_total),
    "tax_id": Kind(frozenset({"value"}), _tax_id),
    "declaration_number": Kind(frozenset({"value"}), _declaration_number),
    "declaration_number_print": Kind(frozenset({"printed"}), _declaration_number_print),
}  # fmt: skip


def _totals(totals: Iterable[Component]) -> dict[str, object]:
    amounts = {each.what: each.amount for each in totals}
    return {
        "totals": {duty_type: figures(amount) for duty_type, amount in amounts.items()},
        "total_tax": figures(sum(amounts.values(), ZERO)),
    }


def _number_form(value: str) -> dict[str, str]:
    rule = "series 2, day 2, document type 1, Buddhist year 2, month 2, running 5"
    return _form("DECLARATION_NUMBER", N_("Declaration number"), value, rule, _NUMBER_SOURCE)


def _form(what: str, title: str, value: str, rule: str, source: str) -> dict[str, str]:
    """A number's form, told with the keys of a receipt that it has."""
    return {"what": what, "title": title, "base": shown(value), "rule": rule, "source": source}
