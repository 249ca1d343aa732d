"""Codes as filled squares and bars, every edge on the dots of the printer."""

from functools import lru_cache
from itertools import accumulate, groupby
from typing import Final

from warehouse.core import barcodes
from warehouse.core.pdf.lines import POINTS_PER_MM

MM_PER_INCH: Final = 25.4

Matrix = tuple[tuple[bool, ...], ...]
"""A code of squares, row by row from the top, dark is true."""


@lru_cache(maxsize=1024)
def bars(data: str) -> tuple[str, int]:
    """The bars of *data* as rectangles below the origin, in modules, and how many modules wide."""
    widths = barcodes.code128_modules(data)
    edges = list(accumulate(widths, initial=0))
    bars = zip(edges[::2], widths[::2], strict=False)  # after the last bar comes the end
    return "".join(f"{left} -1 {width} 1 re " for left, width in bars), edges[-1]


@lru_cache(maxsize=256)
def squares(rows: Matrix) -> str:
    """The dark squares of *rows* below the origin, those side by side as one."""
    drawn = []
    for y, row in enumerate(rows):
        x = 0
        for dark, same in groupby(row):
            wide = len(list(same))
            if dark:
                drawn.append(f"{x} {-y - 1} {wide} 1 re ")
            x += wide
    return "".join(drawn)


def filled(shapes: str, x_mm: float, y_mm: float, *, dpi: int, width: float, height: float) -> str:
    """*shapes*, in modules of *width* × *height* mm, below a corner on the dot grid.

    *x_mm* and *y_mm* run from the left and from the foot of the page.
    """
    dot_mm = MM_PER_INCH / dpi
    x, y = (round(mm / dot_mm) * dot_mm for mm in (x_mm, y_mm))
    scale_x, scale_y = width * POINTS_PER_MM, round(height / dot_mm) * dot_mm * POINTS_PER_MM
    corner = f"{x * POINTS_PER_MM:.6f} {y * POINTS_PER_MM:.6f}"
    return f"q {scale_x:.6f} 0 0 {scale_y:.6f} {corner} cm {shapes}f Q"
