"""The cells of one row of a reference file: asked for by field, read strictly, refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from warehouse.core.i18n import N_
from warehouse.core.sheets import Cell, CellFinding, MisreadError

REASONS: Final[Mapping[str, str]] = {
    "column-missing": N_("The file has no such column. Add it: {titles}."),
    "column-unclear": N_("Which column this is cannot be told. Give it a title of its own:"
                         " {titles}."),
    "sheet-missing": N_("The workbook has no sheet {sheet}. Add it, or send one sheet with all"
                        " columns."),
    "empty": N_("This is empty. Write it in, or delete the row."),
    "digits": N_("A code of {count} digits belongs here. Format the column as text, so that leading"
                 " zeros stay."),
    "letters": N_("A code of at most {most} letters and digits belongs here."),
    "number": N_("This is not a number of at most {places} decimals, 0 or more. Write it as 12.5."),
    "day": N_("This is no day. Write it as 2026-08-31 or 20260831, in a Gregorian year."),
    "word": N_("Only these are known: {known}. Use one of them."),
    "too-long": N_("This is longer than {most} characters. Shorten it."),
    "ends-before": N_("The row ends before it begins on {first}. Correct one of the two days."),
    "alone": N_("No row of {sheet} fits this one on any day. Add it there, or delete this row."),
}  # fmt: skip

OPEN: Final = "99999999"
"""How the tables of customs write that a row has no end yet."""

YEARS: Final = range(1950, 2200)
"""Years that a day may have; those of the Buddhist era lie beyond."""

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: *number* as a spreadsheet counts, *cells* by field, *titles* as the file has them.

    *source* is what the row says of its origin unless it has a cell for it.
    """

    number: int
    cells: Mapping[str, str]
    titles: Mapping[str, str]
    source: str

    def get(self, field: str, default: str = "") -> str:
        """The cell of *field*; *default* if it is empty or there is no such column."""
        return self.cells.get(field) or default

    def text(self, field: str, most: int, default: str = "") -> str:
        """A text of 1 to *most* characters."""
        value = self.optional(field, most) or default
        if not value:
            raise self.refused(field, "empty")
        return value

    def optional(self, field: str, most: int) -> str:
        """A text of at most *most* characters."""
        value = self.get(field)
        if len(value) > most:
            raise self.refused(field, "too-long", most=most)
        return value

    def letters(self, field: str, most: int) -> str:
        """A code of 1 to *most* ASCII letters and digits, in capitals."""
        value = self.text(field, most).upper()
        if not (value.isascii() and value.isalnum()):
            raise self.refused(field, "letters", most=most)
        return value

    def digits(self, field: str, count: int, *, lost: int = 0) -> str:
        """A code of *count* digits; up to *lost* zeros before it may have been lost."""
        value = self.text(field, 40).replace(".", "")
        if value.isascii() and value.isdecimal() and count - lost <= len(value) <= count:
            return value.zfill(count)
        raise self.refused(field, "digits", count=count)

    def number_of(self, field: str, places: int = 6, default: str = "") -> Decimal:
        """A number, 0 or more, of at most *places* decimals."""
        value = self.text(field, 40, default)
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise self.refused(field, "number", places=places) from None
        exact = number.is_finite() and number == round(number, places)
        if not exact or number < 0 or number >= 10**10:
            raise self.refused(field, "number", places=places)
        return number

    def day(self, field: str) -> date | None:
        """A day; empty or 99999999 is none."""
        value = self.get(field, OPEN)
        if value == OPEN:
            return None
        try:
            found = date.fromisoformat(value)
        except ValueError:
            raise self.refused(field, "day") from None
        if found.year not in YEARS:
            raise self.refused(field, "day")
        return found

    def word(self, field: str, words: Mapping[str, S], default: str = "") -> S:
        """What the cell means by *words*."""
        value = self.text(field, 40, default).casefold()
        if value not in words:
            raise self.refused(field, "word", known=", ".join(sorted(words)))
        return words[value]

    def flag(self, field: str) -> bool:
        """Y or N."""
        value = self.text(field, 1).upper()
        if value not in ("Y", "N"):
            raise self.refused(field, "word", known="Y, N")
        return value == "Y"

    def first(self) -> date:
        """The day from which the row holds."""
        day = self.day("valid_from")
        if day is None:
            raise self.refused("valid_from", "empty")
        return day

    def last(self) -> date | None:
        """The last day on which the row holds; None is open."""
        first, day = self.first(), self.day("valid_to")
        if day is not None and day < first:
            raise self.refused("valid_to", "ends-before", first=first)
        return day

    def origin(self) -> str:
        """Where the row says that it was found."""
        return self.optional("source", 200) or self.source

    def refused(self, field: str, reason: str, **facts: object) -> MisreadError:
        """That the cell of *field* cannot be accepted."""
        title = self.titles.get(field, field)
        value = self.get(field)[:80]
        sentence = REASONS[reason]
        return MisreadError(CellFinding(self.number, title, value, reason, sentence, facts))


def plain(cell: Cell) -> str:
    """*cell* as text: a spreadsheet's number without a trailing .0, its day as ISO 8601."""
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell.normalize():f}"
        case date():
            return cell.isoformat()
        case _:
            return cell
