"""A table of reference data as a file gives it: one sheet, or several that belong together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from warehouse.core.sheets import CellFinding, MisreadError, Row
from warehouse.masterdata.cells import REASONS, Cells, plain
from warehouse.masterdata.dated import Dated

TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "hs_code": ("HS8", "HS", "Tariff code", "พิกัดศุลกากร 8 หลัก", "พิกัดศุลกากร", "พิกัด"),
    "statistical_code": ("Stat", "Stat3", "Stat code", "รหัสสถิติ"),
    "description_th": ("Thai description", "Thai", "คำอธิบายไทย"),
    "description_en": ("English description", "English", "คำอธิบาย", "คำอธิบายอังกฤษ"),
    "unit": ("Unit code", "หน่วย", "หน่วยตามรหัสสถิติ", "หน่วยตามรหัสสถิต"),
    "rate_type": ("Type", "ประเภทอัตรา"),
    "value_rate_pct": ("Value rate", "Ad valorem rate", "อัตราตามราคา"),
    "specific_rate_baht": ("Specific rate", "อัตราตามสภาพ"),
    "privilege_code": ("Privilege", "รหัสสิทธิพิเศษ"),
    "kind": ("Duty type", "Restriction", "ประเภทอากร", "ข้อจำกัด"),
    "origin_country": ("Origin", "ประเทศกำเนิด"),
    "excise_code": ("Excise", "รหัสสรรพสามิต"),
    "by_retail_price": ("Retail price", "ราคาขายปลีกแนะนำ"),
    "direction": ("Import or export", "นำเข้าหรือส่งออก"),
    "authority_id": ("Authority", "Agency", "หน่วยงาน", "เลขประจำตัวหน่วยงาน"),
    "permit_th": ("Thai", "Thai name", "ใบอนุญาต", "ชื่อไทย"),
    "permit_en": ("English", "English name", "Permit", "ชื่ออังกฤษ"),
    "currency": ("Currency code", "สกุลเงิน"),
    "per_units": ("Per", "Per units", "ต่อหน่วย"),
    "import_rate": ("Rate", "Exchange rate", "อัตราขาเข้า", "อัตรานำเข้า"),
    "export_rate": ("Rate", "Exchange rate", "อัตราขาออก", "อัตราส่งออก"),
    "code": ("รหัส",),
    "name_th": ("Thai", "Thai name", "ชื่อไทย"),
    "name_en": ("English", "English name", "Name", "ชื่ออังกฤษ"),
    "day": ("Date", "วันที่"),
    "declaration_number": ("Declaration", "เลขที่ใบขนสินค้า", "ใบขน"),
    "line_number": ("Line", "Item", "รายการ", "รายการที่"),
    "import_date": ("Import date", "วันนำเข้า"),
    "accepted_on": ("Accepted", "วันที่รับเลขที่"),
    "owner": ("Partner", "เจ้าของ", "ผู้ฝาก"),
    "sku": ("Product code", "รหัสสินค้า"),
    "quantity": ("Balance", "จำนวน", "คงเหลือ"),
    "net_weight_kg": ("Net weight", "น้ำหนักสุทธิ"),
    "exchange_rate": ("อัตราแลกเปลี่ยน",),
    "cif_foreign": ("CIF foreign", "ราคาต่างประเทศ"),
    "cif_baht": ("CIF", "CIF baht", "ราคา", "ราคาบาท"),
    "retail_price_baht": ("Retail price", "ราคาขายปลีกแนะนำ"),
    "excise_quantity": ("ปริมาณตามพิกัดสรรพสามิต",),
    "parcel_number": ("Parcel", "พัสดุ", "หมายเลขพัสดุ"),
    "location": ("Bin", "ที่เก็บ", "ตำแหน่ง"),
    "valid_from": ("Start date", "Effective date", "วันที่เริ่มใช้", "วันเริ่มใช้"),
    "valid_to": ("Finish date", "End date", "Expiry date", "วันที่สิ้นสุด", "วันสิ้นสุด"),
    "source": ("ที่มา",),
}
"""What else a file may call a field."""

MAY_LACK: Final = frozenset(
    {
        "valid_to", "source", "kind", "origin_country", "excise_code", "permit_en",
        "retail_price_baht", "excise_quantity",
    }
)  # fmt: skip
"""Fields whose column a file may leave out."""


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of a table: its *columns*, and which of its rows count."""

    sheet: str
    columns: tuple[str, ...]
    counts: Callable[[Cells], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of reference data.  *parts* are joined on the first of their *columns*."""

    name: str
    title: str
    model: type[Dated]
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    read: Callable[[Cells], Dated]
    official: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What customs calls it, or the sheets that it gives it in."""
        return self.official or tuple(part.sheet for part in self.parts)

    def rows(
        self, sheets: Mapping[str, Sequence[Row]], source: str
    ) -> tuple[list[tuple[Cells, Dated]], list[CellFinding]]:
        """What the *sheets* of a file say, and what in them cannot be read."""
        problems: list[CellFinding] = []
        found = []
        for cells in self._records(sheets, source, problems):
            try:
                found.append((cells, self.read(cells)))
            except MisreadError as refused:
                problems += refused.findings
        return found, problems

    def _records(
        self, sheets: Mapping[str, Sequence[Row]], source: str, problems: list[CellFinding]
    ) -> Iterable[Cells]:
        named = {name.strip().upper(): rows for name, rows in sheets.items()}
        given = [part for part in self.parts if part.sheet in named]
        if not given:
            whole = Part("", self.columns)
            return _cells(whole, next(iter(sheets.values())), source, problems)
        problems += (
            _finding("sheet-missing", sheet=part.sheet) for part in self.parts if part not in given
        )
        read = {
            part.sheet: list(_cells(part, named[part.sheet], source, problems)) for part in given
        }
        return [] if problems else _joined(self.parts, read, problems)


def records(
    columns: Sequence[str], rows: Sequence[Row], source: str
) -> tuple[list[Cells], list[CellFinding]]:
    """The rows of one sheet with *columns*, below its titles; and the columns that it lacks."""
    problems: list[CellFinding] = []
    return list(_cells(Part("", tuple(columns)), rows, source, problems)), problems


def _cells(
    part: Part, rows: Sequence[Row], source: str, problems: list[CellFinding]
) -> Iterator[Cells]:
    """The rows of one sheet below its titles; none if a column cannot be found."""
    first, *further = rows
    places = _places(part, first, problems)
    titles = {
        column: f"{part.sheet} {plain(first.cells[position])}".strip()
        for column, position in places.items()
    }
    for row in further if places else []:
        cells = {
            column: plain(row.cells[position])
            for column, position in places.items()
            if position < len(row.cells)
        }
        record = Cells(row.number, cells, titles, source)
        if part.counts(record):
            yield record


def _places(part: Part, first: Row, problems: list[CellFinding]) -> Mapping[str, int]:
    """Where each column of *part* stands; nothing if one is missing, or could be another too."""
    at: dict[str, list[int]] = defaultdict(list)
    for position, cell in enumerate(first.cells):
        at[_bare(plain(cell))].append(position)
    places: dict[str, int] = {}
    wrong = []
    for column in part.columns:
        known = (column, *TITLES.get(column, ()))
        found = next((at[_bare(title)] for title in known if _bare(title) in at), [])
        if len(found) == 1 and found[0] not in places.values():
            places[column] = found[0]
        elif found or column not in MAY_LACK:
            reason = "column-unclear" if found else "column-missing"
            name = f"{part.sheet} {column}".strip()
            wrong.append(_finding(reason, first.number, name, titles=", ".join(known)))
    problems += wrong
    return {} if wrong else places


def _joined(
    parts: Sequence[Part], read: Mapping[str, Sequence[Cells]], problems: list[CellFinding]
) -> Iterator[Cells]:
    """The rows of the first of *parts*, each beside those of the others that hold with it."""
    spine, *others = parts
    on = spine.columns[0]
    beside = {part.sheet: _by(on, read[part.sheet], problems) for part in others}
    for row in read[spine.sheet]:
        try:
            fitting = [row]
            for part in others:
                matches = beside[part.sheet][_code(row, on)]
                fitting = [each for one in fitting for each in _together(one, matches)]
                if not fitting:
                    raise row.refused(on, "alone", sheet=part.sheet)
            yield from fitting
        except MisreadError as refused:
            problems += refused.findings


def _by(
    on: str, rows: Iterable[Cells], problems: list[CellFinding]
) -> Mapping[str, Sequence[Cells]]:
    found: dict[str, list[Cells]] = defaultdict(list)
    for row in rows:
        try:
            found[_code(row, on)].append(row)
        except MisreadError as refused:
            problems += refused.findings
    return found


def _code(row: Cells, on: str) -> str:
    return row.digits(on, 8, lost=1) if on == "hs_code" else row.letters(on, 3)


def _together(row: Cells, others: Iterable[Cells]) -> Iterator[Cells]:
    """*row* with what each of *others* adds, for the days on which both hold."""
    for other in others:
        first = max(row.first(), other.first())
        ends = [day for day in (row.last(), other.last()) if day is not None]
        if not ends or first <= min(ends):
            span = {
                "valid_from": first.isoformat(),
                "valid_to": min(ends).isoformat() if ends else "",
            }
            cells = {**other.cells, **row.cells, **span}
            titles = {**other.titles, **row.titles}
            yield Cells(row.number, cells, titles, row.source)


def _bare(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _finding(code: str, row: int = 0, column: str = "", **facts: object) -> CellFinding:
    return CellFinding(row, column, "", code, REASONS[code], facts)
