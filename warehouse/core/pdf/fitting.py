"""What must fit its place whatever it says: a text as large as can be, a code that is scanned."""

from collections.abc import Sequence
from typing import Final

from warehouse.core import barcodes
from warehouse.core.pdf.lines import line_mm, wrap
from warehouse.core.pdf.paper import Paper

_DOTS: Final = 3
_DPI: Final = 203
_MODULE_MM: Final = _DOTS * 25.4 / _DPI


def largest_size(text: str, sizes: Sequence[float], *, width_mm: float, height_mm: float) -> float:
    """The first of *sizes*, in points, at which *text* fits, bold or not; the last if none does."""
    return next(
        (
            size
            for size in sizes
            if len(wrap(text, width_mm, size, bold=True)) * line_mm(size) <= height_mm
        ),
        sizes[-1],
    )


def draw_code(
    paper: Paper, x_mm: float, y_mm: float, data: str, *, width_mm: float, height_mm: float
) -> None:
    """Draw *data* in the middle of *width_mm*: as Code 128, or as DataMatrix if that is too wide.

    A number of a partner may have 35 characters; as bars of three dots that is more than a label.
    A DataMatrix needs 17 mm whatever *height_mm*.

    Raises:
        NotEncodable: *data* is empty, too long or not ASCII.
    """
    modules = sum(barcodes.code128_modules(data)) + 2 * barcodes.QUIET_MODULES
    spare_mm = width_mm - modules * _MODULE_MM
    if spare_mm >= 0:
        paper.code128(x_mm + spare_mm / 2, y_mm, data, height_mm=height_mm, dots=_DOTS, dpi=_DPI)
    else:
        side = len(barcodes.data_matrix(data)) + 2 * barcodes.MATRIX_QUIET_MODULES
        left_mm = x_mm + (width_mm - side * _MODULE_MM) / 2
        paper.data_matrix(left_mm, y_mm, data, dots=_DOTS, dpi=_DPI)
