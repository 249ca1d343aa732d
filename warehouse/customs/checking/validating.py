"""Our own look at a declaration before customs has one: every rule, all at once.

What is found is kept on the declaration; an error keeps it from being filed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.customs.checking import validation
from warehouse.customs.checking.findings import Finding, Owner, Rule, Severity
from warehouse.customs.checking.validation import Line, Subject, bond, formats, papers
from warehouse.customs.models import Declaration

MOST_OF_A_RULE: Final = 100
"""Of one rule so many findings are kept, and then how many more there are."""

_MORE: Final = N_("Rule {rule} is broken on {count} more lines.")


def validate(work: Work, declaration: Declaration) -> list[Finding]:
    """Look at *declaration* by every rule, and keep what was found on it."""
    declaration.findings = _capped(_found(validation.subject(work, declaration)))
    return declaration.findings


def _found(seen: Subject) -> Iterator[Finding]:
    yield from formats.misfits(seen.message)
    for check in validation.CHECKS:
        facts = check.wrong(seen)
        if facts is not None:
            yield check.rule.finding(facts)
    yield from bond.guarantee_room(seen)
    for row, message in zip(seen.rows, seen.message.lines, strict=True):
        yield from _found_in_line(Line(seen, row, message))


def _found_in_line(line: Line) -> Iterator[Finding]:
    for check in validation.LINE_CHECKS:
        facts = check.wrong(line)
        if facts is not None:
            yield check.rule.finding(facts, line.row.line_number)
    yield from papers.restricted(line)


def _capped(found: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    last: dict[str, Finding] = {}
    counts: Counter[str] = Counter()
    for finding in found:
        counts[finding["rule"]] += 1
        if counts[finding["rule"]] <= MOST_OF_A_RULE:
            kept.append(finding)
            last[finding["rule"]] = finding
    return kept + [
        _more(last[rule], count - MOST_OF_A_RULE)
        for rule, count in counts.items()
        if count > MOST_OF_A_RULE
    ]


def _more(finding: Finding, count: int) -> Finding:
    rule = Rule(
        finding["rule"],
        finding["field"],
        Owner(finding["owner"]),
        _MORE,
        Severity(finding["severity"]),
    )
    return rule.finding({"rule": rule.id, "count": count})
