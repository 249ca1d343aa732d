"""Tables that know where a page ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

    def draw(self, rows: Sequence[Sequence[str]], y_mm: float, resume_mm: float) -> float:
        """Draw *rows* from *y_mm* on, turning pages as needed; return where the last one ends.

        A row stays whole if a page can hold it; a taller one goes on over the page's end.
        """
        heading = self._cells([column.heading for column in self.columns], bold=True)
        y_mm = self._row(y_mm, heading, bold=True)
        full = self._capacity(resume_mm + self._height(heading))
        for row in rows:
            for cells in _parts(self._cells(row), full):
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
            self._cell(x_mm, y_mm + _PADDING_MM, column, lines, bold=bold)
            x_mm += column.width_mm
        return y_mm + height

    def _cell(
        self, x_mm: float, y_mm: float, column: Column, lines: list[str], *, bold: bool
    ) -> None:
        inner = column.width_mm - 2 * _PADDING_MM
        x_mm += _PADDING_MM + inner * SHARE_BEFORE[column.align]
        for line in lines:
            self.paper.text(x_mm, y_mm, line, size=self.size, bold=bold, align=column.align)
            y_mm += line_mm(self.size)


def _parts(cells: Cells, most: int) -> Iterator[Cells]:
    """*cells* in parts of at most so many lines."""
    for at in range(0, max(map(len, cells)), most):
        yield [lines[at : at + most] for lines in cells]
