"""Each kind of case: what it asks, and the result with its explanation."""

from collections.abc import Mapping
from typing import Final

from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess import numbers, parcels, refunds, releases, values, worth
from warehouse.customs.assess.answers import Answer, Case, Desk, Kind, kind, totals_of
from warehouse.customs.assess.inputs import InputRefused, Inputs, shown
from warehouse.customs.assess.lines import LINE_KINDS, AssessedLine, kind_of


class UnknownKind(InputRefused):
    """Nothing is known of such cases."""

    code = "unknown-kind"
    message = N_("There is no kind {kind}. Known are {known}.")


class UnknownLine(InputRefused):
    """A declaration names a line that is not in the request."""

    code = "unknown-line"
    message = N_("There is no line {line} in this request.")


class DoubledLine(InputRefused):
    """A declaration counts one line twice."""

    code = "doubled-line"
    message = N_("The line {line} is counted more than once.")


class LineRefused(InputRefused):
    """A declaration counts a line that could not be assessed."""

    code = "line-refused"
    message = N_("The line {line} was refused itself; see its own answer.")


def answer_case(case: Case, desk: Desk) -> Answer:
    """Answer *case*.

    Raises:
        InvalidRequest: its kind or its inputs are not understood.
        RuleViolation: the rules have no answer to it.
    """
    asked = KINDS.get(case.kind)
    if asked is None:
        raise UnknownKind(kind=shown(case.kind), known=", ".join(sorted(KINDS)))
    return asked.answer(Inputs.of(case.kind, case.inputs, asked.known), desk)


def _assessed(case: Case, desk: Desk) -> AssessedLine:
    line = LINE_KINDS[case.kind]
    return line.assess(Inputs.of(case.kind, case.inputs, line.known), desk.policy, desk.on)


def _declaration_total(inputs: Inputs, desk: Desk) -> Answer:
    """The sum of lines of the same request; by its import date, or the latest of theirs."""
    lines = [_line_of_declaration(line_id, desk) for line_id in _line_ids(inputs)]
    on = inputs.day_or("import_date", max(line.on for line in lines))
    quote = worth.quote_of(inputs, desk.policy, on, prefix="control_")
    totals = rules.declaration_totals([line.charges for line in lines], desk.policy, on)
    cif_baht = sum((line.charges.cif_baht for line in lines), ZERO)
    control = rules.control_value(cif_baht, quote, desk.policy, on)
    result: dict[str, object] = {
        "control_cif_baht": figures(cif_baht),
        "control_cif_foreign": figures(control.amount),
        "sums": {each.what: figures(each.base) for each in totals},
        **totals_of(totals),
    }
    deposits = [rules.deposit_total(line.charges, desk.policy, on).amount for line in lines]
    if any(deposits):
        deposit = rules.rounded_total(rules.DEPOSIT, sum(deposits, ZERO), desk.policy, on)
        result["total_deposit"] = figures(deposit.amount)
        totals += (deposit,)
    return Answer.of(result, (control, *totals))


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
    return Answer.of(result, [total])


KINDS: Final[Mapping[str, Kind]] = {
    **{name: kind_of(line) for name, line in LINE_KINDS.items()},
    "declaration_total": kind(
        _declaration_total,
        "lines", "control_currency", "control_exchange_rate", "control_rate_unit", "import_date",
    ),
    "rounding_total": kind(_rounding_total, "duty_type", "raw_total", "import_date"),
    **values.KINDS,
    **parcels.KINDS,
    **releases.KINDS,
    **refunds.KINDS,
    **numbers.KINDS,
}  # fmt: skip
"""Every kind of case, by its name."""
