"""Cases of money that follows later: refund on re-export, interest, surcharge for lateness."""

from decimal import Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess.answers import Answer, Desk, Kind, kind
from warehouse.customs.assess.inputs import InputRefused, Inputs, OneOfBoth
from warehouse.customs.rules import ReExport

_EXPORT: Final = frozenset(
    {"duty_paid", "import_date", "export_date", "claim_date", "identified", "used"}
)


class OutOfOrder(InputRefused):
    """One day must not come before another."""

    code = "out-of-order"
    message = N_("{later} comes before {earlier}.")


def _reexport_refund(inputs: Inputs, desk: Desk) -> Answer:
    """What is given back of import duty, for each export declaration by itself (s.28)."""
    if inputs.has("export_declarations"):
        exports = inputs.objects("export_declarations", _EXPORT)
    else:
        exports = [inputs]
    results, components, whole = [], [], ZERO
    for each in exports:
        case = _case(inputs, each)
        refund = rules.reexport_refund(case, desk.policy)
        obstacles = rules.reexport_obstacles(case, desk.policy)
        amount = ZERO if obstacles else refund.amount
        whole += amount
        results.append({"refund": figures(amount), "reasons": list(obstacles)})
        components.append(refund)
    result: dict[str, object] = {
        "refund": figures(whole),
        "refundable": whole > 0,
        "reasons": list(dict.fromkeys(reason for each in results for reason in each["reasons"])),
        "export_declarations": results,
    }
    return Answer.of(result, components)


def _case(inputs: Inputs, export: Inputs) -> ReExport:
    """One export declaration; what it does not say itself stands beside the list."""
    given = Inputs(inputs.kind, {**inputs.values, **export.values}, export.within)
    imported_on, exported_on = given.day("import_date"), given.day("export_date")
    claimed_on = given.day_or("claim_date", exported_on)
    if exported_on < imported_on:
        raise OutOfOrder(later=f"{export.within}export_date", earlier="import_date")
    if claimed_on < exported_on:
        raise OutOfOrder(later=f"{export.within}claim_date", earlier="export_date")
    return ReExport(
        given.baht("duty_paid"),
        imported_on,
        exported_on,
        claimed_on,
        identified=given.flag("identified") if given.has("identified") else True,
        used=given.flag("used"),
    )


def _interest(inputs: Inputs, desk: Desk) -> Answer:
    """Amount × monthly rate × whole months (Import Duty, fields 9 to 11)."""
    owed = rules.interest(
        inputs.baht("amount"),
        inputs.decimal("monthly_rate_pct"),
        Decimal(inputs.whole("months")),
        desk.policy,
        inputs.day_or("import_date", desk.on),
    )
    return Answer.of({"interest": figures(owed.amount)}, [owed])


def _surcharge(inputs: Inputs, desk: Desk) -> Answer:
    """What is added to duty that is paid late (s.22): by months, or from day to day."""
    if inputs.has("months"):
        if inputs.has("due_date"):
            raise OneOfBoth(first="months", second="due_date")
        months, on = inputs.whole("months"), inputs.day_or("paid_date", desk.on)
    else:
        due_on, on = inputs.day("due_date"), inputs.day("paid_date")
        if on < due_on:
            raise OutOfOrder(later="paid_date", earlier="due_date")
        months = rules.months_begun(due_on, on)
    amount = inputs.baht("amount")
    owed = rules.late_surcharge(amount, months, desk.policy, on)
    result: dict[str, object] = {
        "months": str(months),
        "surcharge": figures(owed.amount),
        "total": figures(amount + owed.amount),
    }
    return Answer.of(result, [owed])


KINDS: Final[dict[str, Kind]] = {
    "reexport_refund": kind(_reexport_refund, "export_declarations", *_EXPORT),
    "interest": kind(_interest, "amount", "monthly_rate_pct", "months", "import_date"),
    "surcharge": kind(_surcharge, "amount", "months", "due_date", "paid_date"),
}
