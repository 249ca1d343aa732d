"""A CSV or XLSX file as rows of cells, bounded in every direction, and nothing guessed.

Text is decoded strictly: a byte order mark decides, then UTF-8, then Windows-874 if what comes out
can be Thai.  A workbook is measured before it is opened, since what its headers say may be a lie.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from warehouse.core.i18n import N_, translate

MOST_BYTES: Final = 10 * 2**20
MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 100
MOST_UNPACKED: Final = 100 * 2**20
MOST_RATIO: Final = 100
MOST_MEMBERS: Final = 2_000

REASONS: Final[Mapping[str, str]] = {
    "file-empty": N_("The file has no rows."),
    "file-too-large": N_("The file is larger than {most_mb} MB."),
    "too-many-rows": N_("The file has more than {most} rows. Send it in parts."),
    "too-many-columns": N_("The file has more than {most} columns."),
    "undecodable": N_("This is neither UTF-8 nor Windows-874. Save the file as CSV UTF-8."),
    "not-csv": N_("Quotes or line ends are not those of a CSV file."),
    "old-workbook": N_("This is an old or a locked workbook. Save it as XLSX without a password,"
                       " or as CSV UTF-8."),
    "not-a-workbook": N_("This workbook cannot be opened. Save it again as XLSX, or as CSV UTF-8."),
    "unpacks-too-large": N_("This workbook unpacks to more than is taken."),
    "formula": N_("This cell is a formula. Paste its value instead."),
}  # fmt: skip

Cell = str | Decimal | date | None

_ZIP: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_UTF_8_MARK: Final = b"\xef\xbb\xbf"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = ",;\t"
# A Thai vowel sign or tone mark stands above or below a Thai letter.
_LOST_MARK: Final = re.compile("(?<![\u0e01-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL: Final = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>(\s*<(?:\w+:)?f\b)?'
)
_LOCAL_HEADER: Final = 30


@dataclass(frozen=True, slots=True)
class CellFinding:
    """One cell of a file that cannot be accepted.  *row* is 1 for the titles, 0 for the file."""

    row: int
    column: str
    value: str
    code: str
    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The reason, in *language*."""
        return translate(self.sentence, language, **self.facts)

    def told(self, language: str) -> dict[str, object]:
        """This as a member of an answer."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.text(language),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file; *number* is as a spreadsheet counts, from 1."""

    number: int
    cells: tuple[Cell, ...]


class MisreadError(Exception):
    """The file cannot be read; *findings* say where and why."""

    def __init__(self, *findings: CellFinding) -> None:
        super().__init__(findings)
        self.findings = findings


def read(content: bytes, *, most_rows: int = MOST_ROWS) -> Sequence[Row]:
    """The rows of *content* that hold something, titles first; of a workbook, its first sheet.

    Raises:
        MisreadError: it is too large, or not a file of a kind that is taken.
    """
    _, rows = next(_sheets(content, most_rows), ("", ()))
    if not rows:
        raise _misread("file-empty")
    return rows


def read_all(content: bytes, *, most_rows: int = MOST_ROWS) -> Mapping[str, Sequence[Row]]:
    """The sheets of *content* that hold something, by name; a CSV file is one without a name.

    Raises:
        MisreadError: it is too large, or not a file of a kind that is taken.
    """
    found = {name: rows for name, rows in _sheets(content, most_rows) if rows}
    if not found:
        raise _misread("file-empty")
    return found


def _sheets(content: bytes, most_rows: int) -> Iterator[tuple[str, Sequence[Row]]]:
    if len(content) > MOST_BYTES:
        raise _misread("file-too-large", most_mb=MOST_BYTES // 2**20)
    if content.startswith(_OLD_WORKBOOK):
        raise _misread("old-workbook")
    if content.startswith(_ZIP):
        for name, cells in _workbook(content, most_rows):
            yield name, _rows(cells, most_rows)
    else:
        yield "", _rows(_csv(_decoded(content)), most_rows)


def _rows(cells: Iterable[tuple[Cell, ...]], most: int) -> Sequence[Row]:
    rows: list[Row] = []
    for number, row in enumerate(cells, start=1):
        if any(cell is not None for cell in row):
            rows.append(Row(number, row))
        if len(rows) > most + 1:
            raise _misread("too-many-rows", most=most)
    if max((len(row.cells) for row in rows), default=0) > MOST_COLUMNS:
        raise _misread("too-many-columns", most=MOST_COLUMNS)
    return rows


def letters(index: int) -> str:
    """How a spreadsheet names its column *index*, counted from 0: A, B, … Z, AA."""
    name = ""
    while index >= 0:
        name, index = chr(ord("A") + index % 26) + name, index // 26 - 1
    return name


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF_16_MARKS):
        return _strictly(content, "utf-16")
    if content.startswith(_UTF_8_MARK):
        return _strictly(content.removeprefix(_UTF_8_MARK), "utf-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as failure:
        # Letters of several bytes were read before the fault: it is UTF-8, and damaged there.
        if not content[: failure.start].isascii():
            raise _undecodable(content, failure.start) from None
    text = _strictly(content, "cp874")
    if lost := _LOST_MARK.search(text):
        raise _undecodable(content, lost.start())
    return text


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as failure:
        raise _undecodable(content, failure.start) from None


def _undecodable(content: bytes, at: int) -> MisreadError:
    """What to say of byte *at*.  Rows and columns are the same in every encoding of one byte."""
    before = content[:at].decode("latin-1")
    line = before.rpartition("\n")[2]
    row, column = before.count("\n") + 1, sum(line.count(each) for each in _DELIMITERS)
    return MisreadError(_found("undecodable", row, letters(column), f"0x{content[at]:02X}"))


def _csv(text: str) -> Iterator[tuple[Cell, ...]]:
    if "\0" in text:
        raise MisreadError(_found("not-csv", text[: text.index("\0")].count("\n") + 1))
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield tuple(cell.strip() or None for cell in cells)
    except csv.Error:
        raise MisreadError(_found("not-csv", reader.line_num)) from None


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────────


def _workbook(content: bytes, most_rows: int) -> Iterator[tuple[str, Iterator[tuple[Cell, ...]]]]:
    try:
        _look_over(content, most_rows)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, (tuple(map(_cell, row)) for row in rows)
    except (CalamineError, zipfile.BadZipFile, zlib.error):
        raise _misread("not-a-workbook") from None


def _look_over(content: bytes, most_rows: int) -> None:
    """Unpack every member under a bound; refuse formulas, and cells far from all others."""
    unpacked = 0
    members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    if len(members) > MOST_MEMBERS:
        raise _misread("unpacks-too-large")
    for member in members:
        held = _unpacked(content, member, most=MOST_UNPACKED - unpacked)
        unpacked += len(held)
        if unpacked > MOST_RATIO * len(content):
            raise _misread("unpacks-too-large")
        if _SHEET.fullmatch(member.filename):
            _look_over_cells(held, most_rows)


def _unpacked(content: bytes, member: zipfile.ZipInfo, *, most: int) -> bytes:
    """The true content of *member*, whatever its header says of its size."""
    names = content[member.header_offset + 26 : member.header_offset + _LOCAL_HEADER]
    name_and_extra = int.from_bytes(names[:2], "little") + int.from_bytes(names[2:], "little")
    begins = member.header_offset + _LOCAL_HEADER + name_and_extra
    packed = content[begins : begins + member.compress_size]
    match member.compress_type:
        case zipfile.ZIP_STORED:
            held = packed
        case zipfile.ZIP_DEFLATED:
            held = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most + 1)
        case _:
            raise zipfile.BadZipFile
    if len(held) > most:
        raise _misread("unpacks-too-large")
    return held


def _look_over_cells(sheet: bytes, most_rows: int) -> None:
    formulas: list[CellFinding] = []
    for column, row, formula in _CELL.findall(sheet):
        # The reader fills in every cell up to the farthest: two cells can ask for all of memory.
        if len(column) > 2:
            raise _misread("too-many-columns", most=MOST_COLUMNS)
        if int(row) > 2 * most_rows:
            raise _misread("too-many-rows", most=most_rows)
        if formula:
            formulas.append(_found("formula", int(row), column.decode()))
    if formulas:
        raise MisreadError(*formulas)


def _cell(value: object) -> Cell:
    """What a spreadsheet's cell holds: text as it is, a number exactly as it is shown, a day."""
    match value:
        case str():
            return value.strip() or None
        case bool():
            return str(value).upper()
        case int() | float():
            return Decimal(repr(value))
        case datetime():
            return value.date()
        case date():
            return value
        case _:
            return str(value)


def _misread(code: str, **facts: int) -> MisreadError:
    return MisreadError(CellFinding(0, "", "", code, REASONS[code], facts))


def _found(code: str, row: int, column: str = "", value: str = "") -> CellFinding:
    return CellFinding(row, column, value, code, REASONS[code])
