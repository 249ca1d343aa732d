"""A paper in the making: pages of drawing operators, numbered and written at the end."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from typing import Final

from warehouse.core import barcodes
from warehouse.core.pdf import codes, file
from warehouse.core.pdf.fonts import Embedded, shaped, typeface
from warehouse.core.pdf.grid import Column, Grid
from warehouse.core.pdf.lines import (
    POINTS_PER_MM,
    SHARE_BEFORE,
    Align,
    clean,
    line_mm,
    width_mm,
    wrap,
)

_ASCENT: Final = 1.23  # from the top of a line, where ที่ ends, to its baseline, over type size
_HAIRLINE: Final = 0.4  # points
_FOOTER_SIZE: Final = 8
_WATERMARK_SHARE: Final = 0.7  # of the diagonal of a page
_WATERMARK_GREY: Final = 0.88
_WATERMARK_RISE: Final = 0.9  # from the middle of the letters to the top of their line


@dataclass(frozen=True, slots=True)
class Page:
    """A size of paper, in millimetres."""

    width_mm: float
    height_mm: float


A4: Final = Page(210, 297)
LABEL_100X150: Final = Page(100, 150)


class Paper:
    """One file, page after page.

    *footer* stands at the foot of every page, with ``{page}`` and ``{pages}`` filled in.
    """

    def __init__(
        self,
        title: str,
        *,
        page: Page = A4,
        subject: str = "",
        author: str = "",
        footer: str = "",
        margin_mm: float = 15,
    ) -> None:
        self.page = page
        self.margin_mm = margin_mm
        self._title, self._subject, self._author = title, subject, author
        self._footer = footer
        self._fonts = {
            False: Embedded(typeface(bold=False), "S"),
            True: Embedded(typeface(bold=True), "SB"),
        }
        self._background: list[str] = []
        self._code: list[str] = []
        self._full: list[file.Stream] = []

    def next_page(self) -> None:
        """Turn to a new page; nothing more is drawn on the one before."""
        self._full.append(_drawn(self._code))
        self._code = []

    def watermark(self, text: str) -> None:
        """Write *text* behind every page, large, grey and aslant."""
        across, down = self.page.width_mm, self.page.height_mm
        size = _WATERMARK_SHARE * hypot(across, down) / width_mm(text, 1, bold=True)
        slant = atan2(down, across)
        turn = f"{cos(slant):.4f} {sin(slant):.4f} {-sin(slant):.4f} {cos(slant):.4f}"
        x, y = self._point(across / 2, down / 2)
        top_mm = down - size * _WATERMARK_RISE / POINTS_PER_MM
        words = self._written(0, top_mm, text, size, align="centre", bold=True)
        self._background.append(f"q {_WATERMARK_GREY} g {turn} {x:.2f} {y:.2f} cm {words} Q")

    @contextmanager
    def background(self) -> Iterator[None]:
        """Draw what stands behind every page (a letterhead, a form); it is stored once."""
        page, self._code = self._code, self._background
        yield
        self._code = page

    def text(
        self,
        x_mm: float,
        y_mm: float,
        text: str,
        *,
        size: float = 10,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        """Write *text* on one line whose top is at *y_mm*; *x_mm* is its left, middle or right."""
        self._code.append(self._written(x_mm, y_mm, text, size, bold=bold, align=align))

    def paragraph(
        self,
        x_mm: float,
        y_mm: float,
        text: str,
        *,
        width_mm: float,
        size: float = 10,
        bold: bool = False,
        align: Align = "left",
        most: int | None = None,
    ) -> float:
        """Write *text* in lines of *width_mm*, at *most* so many; return where they end, in mm."""
        x_mm += width_mm * SHARE_BEFORE[align]
        lines = wrap(text, width_mm, size, bold=bold, most=most)
        return self.lines(x_mm, y_mm, lines, size=size, bold=bold, align=align)

    def lines(
        self,
        x_mm: float,
        y_mm: float,
        lines: Iterable[str],
        *,
        size: float,
        bold: bool = False,
        align: Align = "left",
    ) -> float:
        """Write *lines* one below the other; return where they end, in mm."""
        for line in lines:
            self.text(x_mm, y_mm, line, size=size, bold=bold, align=align)
            y_mm += line_mm(size)
        return y_mm

    def line(self, x_mm: float, y_mm: float, to_x_mm: float, to_y_mm: float) -> None:
        """Draw a hairline."""
        x, y, to_x, to_y = *self._point(x_mm, y_mm), *self._point(to_x_mm, to_y_mm)
        self._code.append(f"{_HAIRLINE} w {x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S")

    def box(
        self, x_mm: float, y_mm: float, width_mm: float, height_mm: float, *, grey: float = 1
    ) -> None:
        """Draw a hairline frame, filled in *grey* (0 black, 1 none)."""
        x, y = self._point(x_mm, y_mm + height_mm)
        corner = f"{x:.2f} {y:.2f} {width_mm * POINTS_PER_MM:.2f} {height_mm * POINTS_PER_MM:.2f}"
        fill = f"{grey} g {corner} re f 0 g " if grey < 1 else ""
        self._code.append(f"{fill}{_HAIRLINE} w {corner} re S")

    def grid(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        *,
        x_mm: float,
        y_mm: float,
        size: float = 9,
        resume_mm: float | None = None,
    ) -> float:
        """Draw a table; return where it ends, in mm, on the page that is then open.

        The headings are repeated on each page it needs; there it goes on at *resume_mm*, or below
        the margin.
        """
        resume_mm = self.margin_mm if resume_mm is None else resume_mm
        return Grid(self, columns, x_mm, size).draw(rows, y_mm, resume_mm)

    @property
    def foot_mm(self) -> float:
        """Where a page's content ends: above the footer and the margin."""
        footer = 2 * line_mm(_FOOTER_SIZE) if self._footer else 0
        return self.page.height_mm - self.margin_mm - footer

    def code128(
        self,
        x_mm: float,
        y_mm: float,
        data: str,
        *,
        height_mm: float,
        dots: int = 3,
        dpi: int = 203,
    ) -> float:
        """Draw *data* as Code 128 or GS1-128 bars; return the width in mm with both quiet zones.

        *x_mm* is the left of the quiet zone.  A module is *dots* whole dots of a printer of *dpi*,
        and every edge lies on its grid: 3 at 203 dpi (0.375 mm), 4 at 300 dpi (0.339 mm).

        Raises:
            NotEncodable: *data* is no text for bars, or they would leave the page.
        """
        bars, modules = codes.bars(data)
        module = dots * codes.MM_PER_INCH / dpi
        width_mm = (modules + 2 * barcodes.QUIET_MODULES) * module
        if x_mm < 0 or x_mm + width_mm > self.page.width_mm:
            raise barcodes.NotEncodable(data=data, reason=barcodes.TOO_WIDE)
        left_mm = x_mm + barcodes.QUIET_MODULES * module
        foot_mm = self.page.height_mm - y_mm
        self._code.append(
            codes.filled(bars, left_mm, foot_mm, dpi=dpi, width=module, height=height_mm)
        )
        return width_mm

    def data_matrix(
        self, x_mm: float, y_mm: float, data: str, *, dots: int = 3, dpi: int = 203
    ) -> float:
        """Draw *data* (a link, say) as a DataMatrix; return its side in mm with its quiet zone.

        Raises:
            NotEncodable: *data* is empty, too long or not ASCII.
        """
        module = dots * codes.MM_PER_INCH / dpi
        quiet_mm = barcodes.MATRIX_QUIET_MODULES * module
        return self._matrix(x_mm, y_mm, barcodes.data_matrix(data), module, quiet_mm, dpi)

    def qr_code(
        self, x_mm: float, y_mm: float, data: str, *, dots: int = 3, dpi: int = 203
    ) -> float:
        """Draw *data*, a link, as a QR code; return its side in mm with its quiet zone.

        Raises:
            NotEncodable: *data* is empty, too long or not ASCII.
        """
        module = dots * codes.MM_PER_INCH / dpi
        quiet_mm = barcodes.QR_QUIET_MODULES * module
        return self._matrix(x_mm, y_mm, barcodes.qr_code(data), module, quiet_mm, dpi)

    def finish(self) -> bytes:
        """The file: pages numbered, fonts cut down to what is used."""
        self.next_page()
        pages = [[page] for page in self._full]
        if self._footer:
            for number, page in enumerate(pages, start=1):
                page.append(_drawn([self._foot(number)]))
        fonts = [font for font in self._fonts.values() if font.used]
        about = file.Described(
            clean(self._title),
            clean(self._subject),
            clean(self._author),
            archivable=all(font.spoken for font in fonts),
        )
        size = (self.page.width_mm * POINTS_PER_MM, self.page.height_mm * POINTS_PER_MM)
        return file.write(about, size, pages, fonts, "\n".join(self._background).encode())

    def _foot(self, number: int) -> str:
        words = self._footer.format(page=number, pages=len(self._full))
        right_mm = self.page.width_mm - self.margin_mm
        top_mm = self.page.height_mm - self.margin_mm - line_mm(_FOOTER_SIZE)
        return self._written(right_mm, top_mm, words, _FOOTER_SIZE, align="right")

    def _written(
        self, x_mm: float, y_mm: float, text: str, size: float, *, align: Align, bold: bool = False
    ) -> str:
        if not text:
            return ""
        run = shaped(clean(text).replace("\n", " "), bold=bold)
        font = self._fonts[bold]
        font.used |= run.glyphs
        x = x_mm * POINTS_PER_MM - run.width * size / 1000 * SHARE_BEFORE[align]
        y = (self.page.height_mm - y_mm) * POINTS_PER_MM - size * _ASCENT
        shows = " ".join(_raised(rise * size / 1000, glyphs) for rise, glyphs in run.shows)
        return (
            f"/Span <</ActualText <feff{run.actual}>>> BDC BT /{font.resource} {size:g} Tf "
            f"{x:.3f} {y:.3f} Td {shows} ET EMC"
        )

    def _point(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        return x_mm * POINTS_PER_MM, (self.page.height_mm - y_mm) * POINTS_PER_MM

    @staticmethod
    def width_of_code128_mm(data: str, *, dots: int = 3, dpi: int = 203) -> float:
        """How wide the bars of *data* stand, with both quiet zones."""
        return (codes.bars(data)[1] + 2 * barcodes.QUIET_MODULES) * dots * codes.MM_PER_INCH / dpi

    @staticmethod
    def side_of_qr_code_mm(data: str, *, dots: int = 3, dpi: int = 203) -> float:
        """How wide and high the QR code of *data* stands, with its quiet zone."""
        modules = len(barcodes.qr_code(data)) + 2 * barcodes.QR_QUIET_MODULES
        return modules * dots * codes.MM_PER_INCH / dpi

    def _matrix(
        self, x_mm: float, y_mm: float, rows: codes.Matrix, module: float, quiet_mm: float, dpi: int
    ) -> float:
        left_mm, top_mm = x_mm + quiet_mm, y_mm + quiet_mm
        foot_mm, squares = self.page.height_mm - top_mm, codes.squares(rows)
        self._code.append(
            codes.filled(squares, left_mm, foot_mm, dpi=dpi, width=module, height=module)
        )
        return len(rows) * module + 2 * quiet_mm


def _drawn(code: Sequence[str]) -> file.Stream:
    return file.deflated("\n".join(code).encode())


def _raised(rise: float, glyphs: str) -> str:
    if not rise:
        return f"[{glyphs}] TJ"
    return f"{rise:.3f} Ts [{glyphs}] TJ 0 Ts"
