"""What open stock would owe under another tariff: by HS chapter, now and then.  Writes nothing."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import money, sheets
from warehouse.core.errors import InvalidRequest
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.core.sheets import MisreadError
from warehouse.customs import queries, rules
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.money import charging
from warehouse.customs.rules import Charges, DutyRate, Excise, Line, Quantity
from warehouse.customs.rules.receipt import IMPORT_DUTY, VAT
from warehouse.customs.vocabulary import AT_CUSTOMS, INTO_BOND, LET_GO
from warehouse.masterdata.models import TariffLine
from warehouse.masterdata.official import TABLES
from warehouse.masterdata.vocabulary import RateType

_SOURCE: Final = "What if"
_CHAPTER: Final = re.compile(r"\s*([0-9]{2})\s*[=:\s]\s*([0-9]{1,4}(?:\.[0-9]{1,3})?)\s*%?\s*")


class TariffUnreadable(InvalidRequest):
    """The proposed tariff cannot be read."""

    code = "tariff-unreadable"
    message = N_("Row {row}, {column}: {reason}")


class ChapterUnreadable(InvalidRequest):
    """A chapter and its rate are not written as such."""

    code = "chapter-unreadable"
    message = N_("{text} is not a chapter and its rate, such as 61 = 20.")


class NothingProposed(InvalidRequest):
    """There is no proposal to compare with."""

    code = "nothing-proposed"
    message = N_("Propose a tariff, or a rate for a chapter.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Other rates of import duty: by HS and statistical code, or per cent by HS chapter.

    A chapter goes before the codes in it; what is in neither stays as it is.
    """

    rates: Mapping[tuple[str, str], DutyRate] = field(default_factory=dict)
    chapters: Mapping[str, Decimal] = field(default_factory=dict)

    def rate_of(self, line: DeclarationLine) -> DutyRate | None:
        """The proposed rate for the goods of *line*, if there is one."""
        if (pct := self.chapters.get(line.hs_code[:2])) is not None:
            return DutyRate(RateType.AD_VALOREM, pct)
        return self.rates.get((line.hs_code, line.statistical_code))


@dataclass(frozen=True, slots=True)
class Owed:
    """Import duty, VAT, and everything else, in baht."""

    duty: Decimal = ZERO
    vat: Decimal = ZERO
    other: Decimal = ZERO

    def __add__(self, more: "Owed") -> "Owed":
        return Owed(self.duty + more.duty, self.vat + more.vat, self.other + more.other)

    def __sub__(self, less: "Owed") -> "Owed":
        return Owed(self.duty - less.duty, self.vat - less.vat, self.other - less.other)

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.duty + self.vat + self.other


@dataclass(frozen=True, slots=True)
class Change:
    """What the open stock of one HS *chapter* owes now, and would owe *then*; empty: of all."""

    chapter: str
    lines: int
    value_baht: Decimal
    now: Owed
    then: Owed

    @property
    def difference(self) -> Owed:
        """How much more would be owed."""
        return self.then - self.now


def proposed(tariff: str, chapters: str) -> Proposal:
    """The proposal of *tariff*, CSV text in the shape of the tariff table, and of *chapters*.

    *chapters* has one a line, such as ``61 = 20``.  Where the tariff has several periods of a
    code, the latest counts.

    Raises:
        NothingProposed: neither says anything.
        TariffUnreadable: the tariff has a row that cannot be read.
        ChapterUnreadable: a line of the chapters cannot be read.
    """
    proposal = Proposal(
        rates=_rates(tariff) if tariff.strip() else {},
        chapters=dict(_chapter(text) for text in chapters.splitlines() if text.strip()),
    )
    if not proposal.rates and not proposal.chapters:
        raise NothingProposed
    return proposal


def compare(
    session: Session, premises_id: UUID, proposal: Proposal, on: date
) -> tuple[Sequence[Change], Change]:
    """How *proposal* would change what open stock owes on the day *on*: each chapter, and all.

    Open stock is what is left of the lines that customs accepted into bond.

    Raises:
        TariffLineMissing, NoPolicy, GoodsNotCounted: see `charging.charges`.
    """
    policy = queries.policy(session)
    lines = _open_lines(session, premises_id)
    tables = charging.tables_for(session, lines, on)
    chapters: dict[str, list[Change]] = defaultdict(list)
    for line in lines:
        now = _left(line, charging.facts(line, tables, policy))
        rate = proposal.rate_of(line)
        then = now if rate is None else replace(now, rate=rate)
        owed = [_owed(rules.line_charges(each, policy, on)) for each in (now, then)]
        chapter = line.hs_code[:2]
        chapters[chapter].append(Change(chapter, 1, now.base_baht, *owed))
    changes = [_sum(chapter, of_lines) for chapter, of_lines in sorted(chapters.items())]
    return changes, _sum("", changes)


def as_csv(changes: Iterable[Change]) -> str:
    """*changes* for a spreadsheet: amounts as plain decimals."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        (
            "chapter", "lines", "value_baht", "duty_now", "duty_then", "duty_difference",
            "vat_now", "vat_then", "vat_difference", "other_now", "other_then", "difference",
        )
    )  # fmt: skip
    for each in changes:
        amounts = (
            each.value_baht, each.now.duty, each.then.duty, each.difference.duty, each.now.vat,
            each.then.vat, each.difference.vat, each.now.other, each.then.other,
            each.difference.total,
        )  # fmt: skip
        writer.writerow((each.chapter, each.lines, *map(money.figures, amounts)))
    return text.getvalue()


def _rates(tariff: str) -> dict[tuple[str, str], DutyRate]:
    try:
        given = sheets.read_all(tariff.encode())
    except MisreadError as misread:
        raise _unreadable(misread.findings[0]) from misread
    read, problems = TABLES["tariff"].rows(given, _SOURCE)
    if problems:
        raise _unreadable(problems[0])
    rows = [row for _, row in read if isinstance(row, TariffLine)]
    return {
        (row.hs_code, row.statistical_code): charging.rate(_SOURCE, row)
        for row in sorted(rows, key=lambda row: row.valid_from)
    }


def _unreadable(problem: sheets.CellFinding) -> TariffUnreadable:
    reason = problem.text("th"), problem.text("en")
    return TariffUnreadable(row=problem.row, column=problem.column, reason=" / ".join(reason))


def _chapter(text: str) -> tuple[str, Decimal]:
    found = _CHAPTER.fullmatch(text)
    if found is None:
        raise ChapterUnreadable(text=text.strip())
    return found[1], Decimal(found[2])


def _open_lines(session: Session, premises_id: UUID) -> Sequence[DeclarationLine]:
    return session.exec(
        select(DeclarationLine)
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(
            Declaration.premises_id == premises_id,
            col(Declaration.document_type).in_(INTO_BOND),
            col(Declaration.state).in_(AT_CUSTOMS | LET_GO),
            col(DeclarationLine.discharged_quantity) < col(DeclarationLine.quantity),
        )
        .order_by(col(DeclarationLine.id))
    ).all()


@money.exact()
def _left(line: DeclarationLine, whole: Line) -> Line:
    """What is left of *line* in bond, as a line of its own."""
    left = line.quantity - line.discharged_quantity
    weight = line.net_weight_kg * left / line.quantity
    assessed = line.cif_assessed_baht
    if assessed is not None:
        assessed = money.to_satang(assessed * left / line.quantity)
    return replace(
        whole,
        cif_baht=line.cif_baht - line.discharged_cif_baht,
        cif_assessed_baht=assessed,
        quantity=Quantity(left, line.unit),
        net_weight=Quantity(weight, rules.KILOGRAM),
        excise=_excise_left(line, whole.excise),
    )


def _excise_left(line: DeclarationLine, whole: Excise | None) -> Excise | None:
    """What is left of the quantity of its own that excise may count."""
    if whole is None or whole.quantity is None:
        return whole
    left = whole.quantity.amount * (line.quantity - line.discharged_quantity) / line.quantity
    return replace(whole, quantity=Quantity(left, whole.quantity.unit))


def _owed(charges: Charges) -> Owed:
    amounts = dict(charges.amounts)
    duty, vat = amounts.pop(IMPORT_DUTY), amounts.pop(VAT)
    return Owed(duty, vat, sum(amounts.values(), ZERO))


def _sum(chapter: str, changes: Sequence[Change]) -> Change:
    return Change(
        chapter,
        sum(each.lines for each in changes),
        sum((each.value_baht for each in changes), ZERO),
        sum((each.now for each in changes), Owed()),
        sum((each.then for each in changes), Owed()),
    )
