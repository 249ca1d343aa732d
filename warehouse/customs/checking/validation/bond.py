"""What the bonded warehouse itself must have in order: licence, guarantee, time, approval."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from warehouse.core.i18n import N_
from warehouse.customs import queries, rules
from warehouse.customs.checking.findings import (
    Check,
    Facts,
    Finding,
    Owner,
    Rule,
    Severity,
    Words,
    when,
)
from warehouse.customs.checking.permits import NOT_DRAWN
from warehouse.customs.checking.validation.subject import Line, Subject
from warehouse.customs.money import guarantee
from warehouse.customs.vocabulary import Approval


def _licence(seen: Subject) -> Facts | None:
    if not seen.enters:
        return None
    first, last = seen.premises.licence_from, seen.premises.licence_to
    for on in (seen.declaration.import_date, seen.today):
        if on < first or (last is not None and last < on):
            return {"licence": seen.premises.licence_number, "on": on}
    return None


def _licensed_goods(line: Line) -> Facts | None:
    covered = line.of.premises.licensed_goods
    fits = not covered or line.row.hs_code.startswith(tuple(covered))
    return when(
        line.of.enters and not fits,
        licence=line.of.premises.licence_number,
        hs_code=line.row.hs_code,
    )


def _time_over(seen: Subject) -> Facts | None:
    """Goods that came long ago would be overdue on the day that customs accepts them."""
    if not seen.enters:
        return None
    ends = _ends(seen)
    return when(ends < seen.today, on=ends, imported=seen.declaration.import_date)


def _ends(seen: Subject) -> date:
    return rules.storage_ends_on(seen.declaration.import_date, seen.policy)


def _second_person(seen: Subject) -> Facts | None:
    waits = seen.rule.approval is Approval.SECOND_PERSON and seen.declaration.approved_by is None
    return when(waits, person=seen.declaration.drafted_by)


CHECKS: Final[tuple[Check[Subject], ...]] = (
    Check(
        Rule("L01", "licence", Owner.MANAGER,
             N_("Licence {licence} is not in force on {on}. No goods may enter bond under it: renew"
                " it first.")),
        _licence,
    ),
    Check(
        Rule("L03", "import_date", Owner.LIAISON,
             N_("Imported on {imported}, these goods would have to leave bond by {on}, which is"
                " past. Ask customs.")),
        _time_over,
    ),
    Check(
        Rule("A01", "approved_by", Owner.LIAISON,
             N_("{person} drafted this, so another person has to approve it."), Severity.WARNING),
        _second_person,
    ),
)  # fmt: skip
LINE_CHECKS: Final[tuple[Check[Line], ...]] = (
    Check(
        Rule("L02", "hs_code", Owner.MANAGER,
             N_("Licence {licence} does not cover goods of {hs_code}. They cannot enter this"
                " warehouse.")),
        _licensed_goods,
    ),
)  # fmt: skip

NO_ROOM: Final = Rule(
    "G01",
    "guarantee",
    Owner.MANAGER,
    N_("{why}"),
    Severity.WARNING,
)
"""Queueing decides it under the account's lock; here it is only foretold."""


def guarantee_room(seen: Subject) -> Iterator[Finding]:
    """What the guarantee would say to this declaration, and to it alone, now."""
    if seen.declaration.state in NOT_DRAWN:
        amount = queries.suspended_baht(seen.work.session, seen.declaration.id)
        why = guarantee.refusal(seen.work, seen.declaration.premises_id, amount)
        if why is not None:
            yield NO_ROOM.finding({"why": Words(why.text("th"), why.text("en"))})
