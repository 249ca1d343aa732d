"""Restricted goods, and the permits that they need (manual pp.48-49; restriction tables).

Restrictions count by HS code, statistical code, direction and day.  No row at all means that nobody
knows: that is not 'none', and somebody has to find out and say so.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.customs.checking import permits
from warehouse.customs.checking.findings import (
    UNKNOWN_RESTRICTION,
    Check,
    Facts,
    Finding,
    Owner,
    Rule,
    Severity,
    Words,
    when,
)
from warehouse.customs.checking.validation.subject import Attached, Line, Subject
from warehouse.customs.models import Permit
from warehouse.masterdata.models import Restriction
from warehouse.masterdata.vocabulary import CodeList, RestrictionKind

MISSING: Final = Rule(
    "R01",
    "permits",
    Owner.PARTNER,
    N_(
        "{hs_code}/{statistical_code} needs a permit: {permit} (agency {agency}). Send it, then"
        " record and attach it."
    ),
)
UNKNOWN: Final = Rule(
    UNKNOWN_RESTRICTION,
    "permits",
    Owner.LIAISON,
    N_(
        "Nobody knows whether {hs_code}/{statistical_code} needs a permit: the restriction table"
        " says nothing. Ask the agencies, then confirm here that none is needed."
    ),
    Severity.WARNING,
)
PROHIBITED: Final = Rule(
    "R03",
    "hs_code",
    Owner.PARTNER,
    N_("{hs_code}/{statistical_code} is prohibited: {source}. Customs takes no declaration of it."),
)
RULES: Final = (MISSING, UNKNOWN, PROHIBITED)


def restricted(line: Line) -> Iterator[Finding]:
    """What the restriction table says against *line*."""
    if line.of.direction is None:
        return
    rows = line.of.restrictions.get(line.commodity)
    number = line.row.line_number
    if rows is None:
        if "/".join(line.commodity) not in line.of.cleared:
            yield UNKNOWN.finding(line.named, number)
        return
    for row in rows:
        yield from _restriction(line, row, number)


def _restriction(line: Line, row: Restriction, number: int) -> Iterator[Finding]:
    match row.kind:
        case RestrictionKind.PROHIBITED:
            yield PROHIBITED.finding({**line.named, "source": row.source}, number)
        case RestrictionKind.PERMIT:
            if all(each.named.authority_id != row.authority_id for each in line.permits):
                permit = Words(row.permit_th, row.permit_en)
                facts = {**line.named, "permit": permit, "agency": row.authority_id}
                yield MISSING.finding(facts, number)
        case RestrictionKind.NONE:
            pass


def _ours(line: Line) -> Iterator[tuple[Attached, Permit]]:
    """Its permits that our book keeps; numbers such as EXEMPT1 stand for themselves."""
    for each in line.permits:
        if each.permit is not None:
            yield each, each.permit


def _unapproved(line: Line) -> Facts | None:
    waiting = [
        permit.number
        for _, permit in _ours(line)
        if permit.approved_by is None and permit.withdrawn_at is None
    ]
    return when(waiting, numbers=waiting)


def _withdrawn(line: Line) -> Facts | None:
    gone = [permit.number for _, permit in _ours(line) if permit.withdrawn_at is not None]
    return when(gone, numbers=gone)


def _out_of_date(line: Line) -> Facts | None:
    for _, permit in _ours(line):
        if not permits.in_date(permit, line.of.today):
            return {"number": permit.number, "on": permit.valid_to or permit.valid_from}
    return None


def _other_goods(line: Line) -> Facts | None:
    direction = line.of.direction
    other = [
        permit.number
        for _, permit in _ours(line)
        if direction is not None and not permits.fits(permit, line.row, direction)
    ]
    return when(other, numbers=other, **line.named)


def _agency(line: Line) -> Facts | None:
    unknown = [
        each.named.authority_id
        for each in line.permits
        if each.permit is not None
        and not line.of.knows(CodeList.AUTHORITY, each.named.authority_id)
    ]
    return when(unknown, agencies=unknown)


def _issued(line: Line) -> Facts | None:
    late = [each.named.number for each in line.permits if each.named.issue_date > line.of.today]
    return when(late, numbers=late)


def too_little(seen: Subject) -> Facts | None:
    """Permits that have less left than all the lines that name them, and nothing else, need."""
    if seen.declaration.state not in permits.NOT_DRAWN:
        return None
    needed: dict[str, Decimal] = {}
    room: dict[str, Decimal] = {}
    for row in seen.rows:
        of_agency: dict[str, list[Permit]] = {}
        for each in seen.attached.get(row.id, ()):
            if each.permit is not None:
                of_agency.setdefault(each.permit.authority_id, []).append(each.permit)
        for held in of_agency.values():
            if any(permits.left(permit) is None for permit in held):
                continue
            key = ", ".join(sorted(permit.number for permit in held))
            needed[key] = needed.get(key, ZERO) + (permits.wanted(held[0], row) or row.quantity)
            room[key] = sum((permits.left(permit) or ZERO for permit in held), ZERO)
    short = [key for key, quantity in needed.items() if quantity > room[key]]
    if not short:
        return None
    return {"numbers": short[0], "left": room[short[0]], "wanted": needed[short[0]]}


LINE_CHECKS: Final[tuple[Check[Line], ...]] = (
    Check(
        Rule("P01.1", "permits", Owner.MANAGER,
             N_("Permits {numbers} wait for a second person's approval.")),
        _unapproved,
    ),
    Check(
        Rule("P01.2", "permits", Owner.PARTNER,
             N_("Permit {number} does not hold today; it ended on {on}. Send a new one.")),
        _out_of_date,
    ),
    Check(
        Rule("P01.3", "permits", Owner.LIAISON,
             N_("Permits {numbers} are for other goods than {hs_code}/{statistical_code}, or for"
                " the other direction.")),
        _other_goods,
    ),
    Check(
        Rule("P01.5", "permits", Owner.LIAISON,
             N_("Permits {numbers} were recorded wrongly and are withdrawn. Name others.")),
        _withdrawn,
    ),
    Check(
        Rule("P02.1", "permits", Owner.LIAISON,
             N_("Permits {numbers} were issued on a day that is still to come.")),
        _issued,
    ),
    Check(
        Rule("P03.1", "permits", Owner.LIAISON,
             N_("Customs knows no such agencies: {agencies}.")),
        _agency,
    ),
)  # fmt: skip
CHECKS: Final[tuple[Check[Subject], ...]] = (
    Check(
        Rule("P01.4", "permits", Owner.PARTNER,
             N_("Permit {numbers} has {left} left, and {wanted} are needed. Send another permit, or"
                " split the declaration.")),
        too_little,
    ),
)  # fmt: skip
