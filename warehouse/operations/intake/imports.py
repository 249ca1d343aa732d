"""Files from partners: a consignment from CSV or XLSX, all of it or nothing.

The first row has titles.  What is said once of a consignment stands in a column, where further rows
repeat it or leave it blank, or is said beside the file.  The same bytes from the same partner are
the same import.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import select

from warehouse.core import db, sheets
from warehouse.core.i18n import N_
from warehouse.core.sheets import Cell, CellFinding, MisreadError, Row
from warehouse.core.work import Work
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.errors import PremisesNotFound
from warehouse.masterdata.models import Partner
from warehouse.operations.intake import announcing, columns, findings
from warehouse.operations.intake.announcing import Goods, Heading
from warehouse.operations.intake.findings import Finding, shortened
from warehouse.operations.models import ImportedFile
from warehouse.shipments import queries as shipments

REASONS: Final[Mapping[str, str]] = {
    "column-missing": N_("The file has no such column."),
    "column-twice": N_("Two columns hold the same thing."),
    "column-unknown": N_("This column is not known and was left out."),
    "differs": N_("This must be the same in every row: row {row} has {value}."),
    "differs-from-beside": N_("This must be {value}, as was said beside the file."),
    "unknown-premises": N_("There is no bonded warehouse {name}."),
    "premises-missing": N_("Say which bonded warehouse this goes to."),
    "no-lines": N_("The file has titles, but no rows below them."),
}  # fmt: skip

_OF_EVERY_ROW: Final = frozenset(Goods.model_fields)
_OF_THE_WHOLE: Final = tuple(Heading.model_fields)
_REQUIRED: Final = [
    name
    for model in (Heading, Goods)
    for name, each in model.model_fields.items()
    if each.is_required()
]
_DAYS: Final = frozenset({"arrival_date", "invoice_date"})
_WRITTEN_DAY: Final = re.compile(
    r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})"
    r"|(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"
)
_BUDDHIST_ERA: Final = 543
_BUDDHIST_YEARS: Final = range(2543, 2643)  # 2000 to 2099

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the consignment *number*, or the *problems* that kept it out.

    *again*: these bytes were taken in before.
    """

    number: str = ""
    consignment_id: UUID | None = None
    again: bool = False
    problems: tuple[CellFinding, ...] = ()
    warnings: tuple[CellFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """A file's rows, and which field each column holds."""

    titles: Mapping[str, str]
    rows: Sequence[tuple[int, Mapping[str, Cell]]]
    beside: Mapping[str, str]
    warnings: tuple[CellFinding, ...]

    def finding(self, found: Finding) -> CellFinding:
        """*found* of a heading or a line, at its row and column."""
        match found.place:
            case ("lines", int() as position, str() as name, *_):
                row = self.rows[position][0]
            case (str() as name, *_):
                row = self.row_of(name)
            case _:
                row, name = self.rows[0][0], ""
        title = self.titles.get(name, name)
        return CellFinding(row, title, found.value, found.code, found.sentence, found.facts)

    def row_of(self, name: str) -> int:
        """The row that says *name*, or else the first; 0 is beside the file."""
        if name in self.beside:
            return 0
        saying = (number for number, cells in self.rows if cells.get(name) is not None)
        return next(saying, self.rows[0][0])


def take_in(work: Work, partner_code: str, name: str, content: bytes, say: Say) -> Taken:
    """Take in *content*, the file *name* of the partner *partner_code*; *say* tells of progress.

    Raises:
        PartnerNotFound: there is no such partner.
        ReferenceInUse: the partner has announced something else under this reference.
    """
    partner = masterdata.partner_by_code(work.session, partner_code)
    return take_in_for(work, partner.id, name, content, say)


def take_in_for(
    work: Work,
    partner_id: UUID,
    name: str,
    content: bytes,
    say: Say,
    beside: Mapping[str, str] = MappingProxyType({}),
) -> Taken:
    """Take in *content*, the file *name* of the partner *partner_id*.

    *beside*: what is said of the whole consignment beside the file.

    Raises:
        ReferenceInUse: the partner has announced something else under this reference.
    """
    db.lock(work.session, Partner, [partner_id])
    sha256 = hashlib.sha256(content).hexdigest()
    if earlier := _earlier(work, partner_id, sha256):
        consignment = shipments.consignment_by_id(work.session, earlier.consignment_id)
        return Taken(number=consignment.number, consignment_id=consignment.id, again=True)
    say("Reading the file")
    try:
        table = _table(sheets.read(content), beside)
    except MisreadError as failure:
        return Taken(problems=failure.findings)
    say(f"Checking {len(table.rows):,} rows")
    taken = _announced(work, partner_id, table, say)
    if taken.consignment_id is not None:
        imported = ImportedFile(
            partner_id=partner_id,
            sha256=sha256,
            name=name[:200],
            consignment_id=taken.consignment_id,
            at=work.at,
        )
        work.session.add(imported)
    return taken


def _earlier(work: Work, partner_id: UUID, sha256: str) -> ImportedFile | None:
    return work.session.exec(
        select(ImportedFile).where(
            ImportedFile.partner_id == partner_id, ImportedFile.sha256 == sha256
        )
    ).first()


def _announced(work: Work, partner_id: UUID, table: _Table, say: Say) -> Taken:
    """Check every cell of *table*, then enter all of it or nothing."""
    said, differing = _said_once(table)
    problems = list(differing)
    heading, wrong = _heading(said)
    goods, wrong_lines = _goods(table)
    problems += map(table.finding, (*wrong, *wrong_lines))
    premises_id, nowhere = _premises(work, said, table)
    problems += nowhere
    if heading is not None:
        problems += map(table.finding, announcing.implausible_days(work, heading))
    if premises_id is None:
        return Taken(problems=_in_order(problems))
    checked = announcing.check(work, partner_id, premises_id, goods)
    problems += map(table.finding, checked.findings)
    if problems or heading is None:
        return Taken(problems=_in_order(problems))
    say(f"Entering {len(checked.lines):,} lines")
    announced = announcing.enter(work, partner_id, premises_id, heading, checked)
    return Taken(
        number=announced.consignment.number,
        consignment_id=announced.consignment.id,
        warnings=(*table.warnings, *map(table.finding, announced.warnings)),
    )


def _table(rows: Sequence[Row], beside: Mapping[str, str]) -> _Table:
    """Which column holds what.

    Raises:
        MisreadError: columns are missing or doubled, or there is nothing below the titles.
    """
    first, *further = rows
    titles: dict[str, str] = {}
    positions: dict[str, int] = {}
    wrong: list[CellFinding] = []
    unknown: list[CellFinding] = []
    for position, title in enumerate(first.cells):
        if title is None:
            continue
        name = columns.field_of(str(title))
        if name is None:
            unknown.append(_cell(first.number, str(title), "", "column-unknown"))
        elif name in positions:
            wrong.append(_cell(first.number, str(title), titles[name], "column-twice"))
        else:
            titles[name], positions[name] = str(title), position
    missing = [name for name in _REQUIRED if name not in positions and name not in beside]
    if not {"sku", "gtin"} & positions.keys():
        missing.append("sku")
    wrong += [_cell(first.number, name, "", "column-missing") for name in missing]
    if not further:
        wrong.append(_cell(first.number, "", "", "no-lines"))
    if wrong:
        raise MisreadError(*wrong, *unknown)
    filled = [(row.number, _named(row.cells, positions)) for row in further]
    return _Table(titles, filled, beside, tuple(unknown))


def _named(cells: Sequence[Cell], positions: Mapping[str, int]) -> Mapping[str, Cell]:
    """The cells that hold something, by their field."""
    return {
        name: cell
        for name, position in positions.items()
        if position < len(cells) and (cell := cells[position]) is not None
    }


def _said_once(table: _Table) -> tuple[Mapping[str, Cell], Sequence[CellFinding]]:
    """What the rows say of the whole consignment, and where one of them says otherwise."""
    said: dict[str, Cell] = dict(table.beside)
    where = dict.fromkeys(table.beside, 0)
    differing: list[CellFinding] = []
    for number, cells in table.rows:
        for name in filter(cells.__contains__, _OF_THE_WHOLE):
            if name not in said:
                said[name], where[name] = cells[name], number
            elif said[name] != cells[name]:
                code = "differs" if where[name] else "differs-from-beside"
                facts = {"row": where[name], "value": shortened(said[name])}
                title = table.titles[name]
                differing.append(_cell(number, title, shortened(cells[name]), code, facts))
    return said, differing


def _heading(said: Mapping[str, Cell]) -> tuple[Heading | None, Sequence[Finding]]:
    days = {name: day_of(said[name]) for name in _DAYS & said.keys()}
    try:
        return Heading.model_validate({**said, **days}), ()
    except ValidationError as refused:
        return None, list(findings.of(refused))


def _goods(table: _Table) -> tuple[Sequence[tuple[int, Goods]], Sequence[Finding]]:
    """Every row that is well formed, with its position, and what is wrong with the others."""
    goods: list[tuple[int, Goods]] = []
    wrong: list[Finding] = []
    for position, (_, cells) in enumerate(table.rows):
        values = {name: cell for name, cell in cells.items() if name in _OF_EVERY_ROW}
        try:
            goods.append((position, Goods.model_validate(values)))
        except ValidationError as refused:
            wrong += findings.of(refused, "lines", position)
    return goods, wrong


def _premises(
    work: Work, said: Mapping[str, Cell], table: _Table
) -> tuple[UUID | None, Sequence[CellFinding]]:
    code = said.get("premises")
    try:
        return announcing.premises_named(work, None if code is None else str(code)), ()
    except PremisesNotFound:
        reason = "premises-missing" if code is None else "unknown-premises"
        title = table.titles.get("premises", "premises")
        value = "" if code is None else shortened(code)
        return None, (_cell(table.row_of("premises"), title, value, reason, {"name": value}),)


def day_of(cell: Cell) -> date | str | None:
    """The day that *cell* writes: 2026-08-31, 31/08/2026, or either with a Buddhist year.

    What is no such day is given back as it is, to be refused with its reason.
    """
    if isinstance(cell, date):
        return cell
    text = str(cell)
    match = _WRITTEN_DAY.fullmatch(text)
    if match is None:
        return text
    year = int(match["year"] or match["y"])
    if year in _BUDDHIST_YEARS:
        year -= _BUDDHIST_ERA
    try:
        return date(year, int(match["month"] or match["m"]), int(match["day"] or match["d"]))
    except ValueError:
        return text


def _in_order(problems: Sequence[CellFinding]) -> tuple[CellFinding, ...]:
    return tuple(sorted(problems, key=lambda found: found.row))


def _cell(
    row: int, column: str, value: str, code: str, facts: Mapping[str, object] = MappingProxyType({})
) -> CellFinding:
    return CellFinding(row, column, value, code, REASONS[code], facts)
