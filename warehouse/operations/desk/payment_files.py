"""A file of payments as rows to look at before any is taken in."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from warehouse.core import clock, sheets
from warehouse.core.i18n import N_
from warehouse.core.sheets import Cell, MisreadError
from warehouse.customs.money.payments import PaymentDraft
from warehouse.customs.vocabulary import PaymentKind

TITLES: Final[Mapping[str, frozenset[str]]] = {
    "number": frozenset({"number", "receipt", "receipt number", "proof", "เลขที่", "เลขที่ใบเสร็จ"}),
    "amount": frozenset({"amount", "baht", "จำนวนเงิน", "บาท"}),
    "paid_at": frozenset({"paid at", "paid", "date", "วันที่ชำระ", "วันที่"}),
    "names": frozenset({"names", "pays", "order", "declaration", "เลขอ้างอิง", "ชำระสำหรับ"}),
}  # fmt: skip
"""Each column, and the titles that stand for it; capitals do not matter."""

MOST_ROWS: Final = 1_000
COLUMN_MISSING: Final = N_("The file has no such column.")
NOT_A_SUM: Final = N_("This is no sum of baht and satang above zero.")
NOT_A_DAY: Final = N_("This is no day, or day and time: 2026-08-03 14:05.")
REPEATED: Final = N_("This number stands in an earlier row.")
EMPTY: Final = N_("This is empty, or longer than 40 characters.")

_LONGEST: Final = 40
_MOST_BAHT: Final = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be taken; *row* 1 has the titles."""

    row: int
    column: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would add, and what is wrong with it."""

    drafts: Sequence[PaymentDraft]
    problems: Sequence[Problem]

    @property
    def text(self) -> str:
        """The drafts as a CSV file again."""
        sink = io.StringIO()
        writer = csv.writer(sink)
        writer.writerow(TITLES)
        for each in self.drafts:
            writer.writerow([each.number, each.amount, each.paid_at.isoformat(), each.names])
        return sink.getvalue()


def read(kind: PaymentKind, content: bytes) -> Preview:
    """The payments of *kind* that a CSV or XLSX file holds.

    Raises:
        MisreadError: it is no such file.
    """
    titles, *rows = sheets.read(content, most_rows=MOST_ROWS)
    places = _places(titles.cells)
    if missing := [name for name in TITLES if name not in places]:
        return Preview([], [Problem(1, name, "", COLUMN_MISSING) for name in missing])
    drafts: list[PaymentDraft] = []
    problems: list[Problem] = []
    for row in rows:
        cells = {
            name: row.cells[place] if place < len(row.cells) else None
            for name, place in places.items()
        }
        found = list(_problems(row.number, cells))
        if _text(cells["number"]) in {each.number for each in drafts}:
            found.append(Problem(row.number, "number", _text(cells["number"]), REPEATED))
        problems += found
        if not found:
            drafts.append(_draft(kind, cells))
    return Preview(drafts, problems)


def misread(failure: MisreadError) -> Preview:
    """A file that cannot be read at all, as a preview of nothing."""
    return Preview(
        [], [Problem(each.row, each.column, each.value, each.sentence) for each in failure.findings]
    )


def _places(titles: Sequence[Cell]) -> dict[str, int]:
    said = [" ".join(str(title or "").casefold().replace("_", " ").split()) for title in titles]
    return {
        name: place
        for name, names in TITLES.items()
        for place, title in enumerate(said)
        if title in names
    }


def _problems(row: int, cells: Mapping[str, Cell]) -> Iterable[Problem]:
    for name in ("number", "names"):
        if not 1 <= len(_text(cells[name])) <= _LONGEST:
            yield Problem(row, name, _text(cells[name]), EMPTY)
    if _baht(cells["amount"]) is None:
        yield Problem(row, "amount", _text(cells["amount"]), NOT_A_SUM)
    if _instant(cells["paid_at"]) is None:
        yield Problem(row, "paid_at", _text(cells["paid_at"]), NOT_A_DAY)


def _draft(kind: PaymentKind, cells: Mapping[str, Cell]) -> PaymentDraft:
    amount, paid_at = _baht(cells["amount"]), _instant(cells["paid_at"])
    assert amount is not None, "a row without problems has a sum"
    assert paid_at is not None, "a row without problems has a day"
    return PaymentDraft(kind, _text(cells["number"]), amount, paid_at, _text(cells["names"]))


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _baht(cell: Cell) -> Decimal | None:
    try:
        amount = Decimal(_text(cell).replace(",", ""))
    except InvalidOperation:
        return None
    whole_satang = amount.is_finite() and amount == amount.quantize(Decimal("0.01"))
    return amount if whole_satang and 0 < amount < _MOST_BAHT else None


def _instant(cell: Cell) -> datetime | None:
    try:
        said = datetime.fromisoformat(_text(cell))
    except ValueError:
        return None
    return (said if said.tzinfo else said.replace(tzinfo=clock.BANGKOK)).astimezone(UTC)
