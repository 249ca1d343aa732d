"""The rules that a declaration must keep before it is sent, by part of the manual."""

from collections.abc import Sequence
from typing import Final

from warehouse.customs.checking.findings import Check, Rule
from warehouse.customs.checking.validation import bond, control, detail, formats, papers
from warehouse.customs.checking.validation.subject import Line, Subject, subject

CHECKS: Final[tuple[Check[Subject], ...]] = (*control.CHECKS, *papers.CHECKS, *bond.CHECKS)
LINE_CHECKS: Final[tuple[Check[Line], ...]] = (
    *detail.CHECKS,
    *papers.LINE_CHECKS,
    *bond.LINE_CHECKS,
)


def rules() -> Sequence[Rule]:
    """Every rule there is, by id."""
    of_fields = (formats.rule_of(each) for part in formats.PARTS for each in part.values())
    of_checks = (check.rule for check in CHECKS)
    of_lines = (check.rule for check in LINE_CHECKS)
    every = (*of_fields, *of_checks, *of_lines, *papers.RULES, bond.NO_ROOM)
    found = {each.id: each for each in every}
    return sorted(found.values(), key=lambda each: each.id)


__all__ = ["CHECKS", "LINE_CHECKS", "Line", "Subject", "rules", "subject"]
