"""Paper: every document and label is drawn with this.

    paper = pdf.Paper("ใบขนสินค้าขาเข้า 8110-0-26-00001", footer="หน้า {page} / {pages}")
    paper.text(15, 15, "กรมศุลกากร", size=14, bold=True)
    paper.code128(140, 12, "EE100000025TH", height_mm=12.5)
    paper.grid(columns, rows, x_mm=15, y_mm=60)
    return paper.finish()

Millimetres run from the left and from the top; type sizes are in points; text is Sarabun, shaped,
and extracts exactly as it was given (in normal form C).  Equal content gives equal bytes.
"""

from warehouse.core.pdf.grid import Column
from warehouse.core.pdf.lines import Align, line_mm, width_mm, wrap
from warehouse.core.pdf.paper import A4, LABEL_100X150, Page, Paper

__all__ = [
    "A4",
    "LABEL_100X150",
    "Align",
    "Column",
    "Page",
    "Paper",
    "line_mm",
    "width_mm",
    "wrap",
]
