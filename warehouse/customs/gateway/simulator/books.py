"""Customs' own books: numbers issued, what stands in bond under them, what was let out of it.

They are kept by what is filed alone, and know nothing of the warehouse's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from warehouse.core import clock
from warehouse.customs.gateway import DeclarationMessage, LineMessage, Reason

INTO_BOND: Final = frozenset({"0", "A", "C"})
OUT_OF_BOND: Final = frozenset({"P", "1", "B", "D"})

_RUNNING: Final = 99_999
_BUDDHIST_ERA: Final = 543

Key = tuple[str, int]
"""A declaration number and a line number."""


@dataclass(slots=True)
class BondedLine:
    """A line that stands in bond, and how much of it customs has not yet let out."""

    line: LineMessage
    left: Decimal

    @property
    def gone(self) -> Decimal:
        """How much of it customs has let out."""
        return self.line.quantity - self.left


@dataclass(slots=True)
class Books:
    """What customs has accepted: *declared* by declaration number, *bonded* by line."""

    declared: dict[str, DeclarationMessage] = field(default_factory=dict)
    bonded: dict[Key, BondedLine] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _running: dict[str, int] = field(default_factory=dict)
    _payments: int = 0

    def number_of(self, reference_number: str) -> str | None:
        """The number that was issued for *reference_number*."""
        return self._numbers.get(reference_number)

    def next_number(self, document_type: str, at: datetime) -> str:
        """A number as customs issues it: A0, day, type, Buddhist year, month, running number."""
        day = clock.local_date(at)
        month = f"{_buddhist(day.year)}{day.month:02}"
        series, running = divmod(self._running.get(month, 0), _RUNNING)
        letter, digit = divmod(series, 10)
        return f"{chr(ord('A') + letter)}{digit}{day.day:02}{document_type}{month}{running + 1:05}"

    def next_payment(self, port: str, at: datetime) -> str:
        """A payment number as customs issues it: port, running number, day."""
        day = clock.local_date(at)
        return f"{port}-{self._payments + 1:06}/{day.day:02}-{day.month:02}-{_buddhist(day.year)}"

    def enter(self, number: str, message: DeclarationMessage) -> None:
        """*message* was accepted under *number*."""
        self._numbers[message.reference_number] = number
        self.declared[number] = message
        self._payments += 1
        if number[0].isalpha():  # not issued by hand
            month = number[5:9]
            self._running[month] = self._running.get(month, 0) + 1
        for line in message.lines:
            if message.document_type in INTO_BOND:
                self.bonded[number, line.item_number] = BondedLine(line, left=line.quantity)
            elif key := reference(line):
                self.bonded[key].left -= line.quantity

    def amend(self, number: str, message: DeclarationMessage) -> None:
        """What was declared under *number* says what *message* says from now on."""
        if message.document_type in INTO_BOND:
            for line in message.lines:
                bonded = self.bonded[number, line.item_number]
                bonded.left = line.quantity - bonded.gone
                bonded.line = line
        else:
            self._let_out(self.declared[number].lines, -1)
            self._let_out(message.lines, 1)
        self.declared[number] = message

    def cancel(self, number: str) -> None:
        """What was declared under *number* counts for nothing."""
        message = self.declared.pop(number)
        if message.document_type in INTO_BOND:
            for line in message.lines:
                del self.bonded[number, line.item_number]
        else:
            self._let_out(message.lines, -1)

    def wrong(self, message: DeclarationMessage, *, amends: str | None = None) -> Iterator[Reason]:
        """Why the books do not allow *message*; *amends*: the declaration that it replaces."""
        if message.document_type not in INTO_BOND:
            earlier = () if amends is None else self.declared[amends].lines
            yield from self._not_there(message.lines, earlier)
        elif amends is not None:
            yield from self._too_small(amends, message.lines)

    def _not_there(
        self, lines: Sequence[LineMessage], earlier: Sequence[LineMessage]
    ) -> Iterator[Reason]:
        """Why *lines* cannot be let out of bond, in the place of *earlier* ones."""
        wanted: defaultdict[Key, Decimal] = defaultdict(Decimal)
        for line in earlier:
            if key := reference(line):
                wanted[key] -= line.quantity
        for line in lines:
            if (key := reference(line)) is None:
                continue
            bonded = self.bonded.get(key)
            if bonded is None:
                yield Reason("D51", "Reference Declaration Line Not Found", line.item_number)
                continue
            if not _same_goods(line, bonded.line):
                yield Reason("D51", "Goods Not Equal Reference Declaration", line.item_number)
            wanted[key] += line.quantity
            if wanted[key] > bonded.left:
                yield Reason("D25", "Quantity Greater Than Left In Bond", line.item_number)

    def _too_small(self, number: str, lines: Iterable[LineMessage]) -> Iterator[Reason]:
        for line in lines:
            bonded = self.bonded.get((number, line.item_number))
            if bonded is None:
                yield Reason("D01", "Line Not In Declaration", line.item_number)
            elif line.quantity < bonded.gone:
                yield Reason("D25", "Quantity Less Than Let Out Of Bond", line.item_number)

    def _let_out(self, lines: Iterable[LineMessage], times: int) -> None:
        for line in lines:
            if key := reference(line):
                self.bonded[key].left -= times * line.quantity


def reference(line: LineMessage) -> Key | None:
    """The import line that *line* draws down; None for goods that were never in bond."""
    if line.reference_declaration_number is None:
        return None
    return line.reference_declaration_number, line.reference_declaration_line_number or 0


def _same_goods(line: LineMessage, entered: LineMessage) -> bool:
    """Same HS, statistical code, descriptions and unit (manual p.101)."""

    def goods(each: LineMessage) -> tuple[str, ...]:
        return (
            each.tariff_code,
            each.statistical_code,
            each.thai_description,
            each.english_description,
            each.quantity_unit_code,
        )

    return goods(line) == goods(entered)


def _buddhist(year: int) -> str:
    return f"{(year + _BUDDHIST_ERA) % 100:02}"
