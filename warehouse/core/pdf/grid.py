"""Tables that know where a page ends."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from warehouse.core.pdf.lines import SHARE_BEFORE, Align, line_mm, wrap

if TYPE_CHECKING:
    from warehouse.core.pdf.paper import Paper

_PADDING_MM: Final = 1.0
_HEADING_GREY: Final = 0.92

Cells = list[list[str]]  # of one row: the lines of each cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    heading: str
    width_mm: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on *paper*, with its left edge at *x_mm*."""

    paper: "Paper"
    columns: Sequence[Column]
    x_mm: float
    size: float

    def draw(self, rows: Iterable[Sequence[str]], y_mm: float, resume_mm: float) -> float:
        """Draw *rows* from *y_mm* on, turning pages as needed; return where the last one ends.

        A row stays whole if a page can hold it; a taller one goes on over the page's end.  The
        headings never stand alone at the foot of a page.
        """
        heading = self._cells([column.heading for column in self.columns], bold=True)
        full = self._capacity(resume_mm + self._height(heading))
        parts = (part for row in rows for part in _parts(self._cells(row), full))
        first = next(parts, None)
        room = self._height(heading) + (self._height(first) if first else 0)
        if y_mm + room > self.paper.foot_mm:
            self.paper.next_page()
            y_mm = resume_mm
        y_mm = self._row(y_mm, heading, bold=True)
        for cells in chain([first] if first else (), parts):
            if y_mm + self._height(cells) > self.paper.foot_mm:
                self.paper.next_page()
                y_mm = self._row(resume_mm, heading, bold=True)
            y_mm = self._row(y_mm, cells)
        return y_mm

    def _cells(self, row: Sequence[str], *, bold: bool = False) -> Cells:
        return [
            wrap(text, column.width_mm - 2 * _PADDING_MM, self.size, bold=bold)
            for column, text in zip(self.columns, row, strict=True)
        ]

    def _height(self, cells: Cells) -> float:
        return max(map(len, cells)) * line_mm(self.size) + 2 * _PADDING_MM

    def _capacity(self, y_mm: float) -> int:
        """How many lines a row may have that begins at *y_mm* and ends on the same page."""
        room = self.paper.foot_mm - y_mm - 2 * _PADDING_MM
        return max(1, int(room / line_mm(self.size)))

    def _row(self, y_mm: float, cells: Cells, *, bold: bool = False) -> float:
        x_mm, height = self.x_mm, self._height(cells)
        for column, lines in zip(self.columns, cells, strict=True):
            grey = _HEADING_GREY if bold else 1
            self.paper.box(x_mm, y_mm, column.width_mm, height, grey=grey)
            inner = column.width_mm - 2 * _PADDING_MM
            self.paper.lines(
                x_mm + _PADDING_MM + inner * SHARE_BEFORE[column.align],
                y_mm + _PADDING_MM,
                lines,
                size=self.size,
                bold=bold,
                align=column.align,
            )
            x_mm += column.width_mm
        return y_mm + height


def _parts(cells: Cells, most: int) -> Iterator[Cells]:
    """*cells* in parts of at most so many lines."""
    for at in range(0, max(map(len, cells)), most):
        yield [lines[at : at + most] for lines in cells]
