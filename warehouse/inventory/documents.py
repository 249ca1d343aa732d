"""Labels of places and goods: 100 × 50 mm, one a page, for printers of 203 dpi."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.pdf.fitting import draw_code, largest_size
from warehouse.masterdata.identifiers import printed_declaration_number

_PAGE: Final = pdf.Page(100, 50)
_LEFT: Final = 4.0
_WIDTH: Final = 92.0
_CODE_SIZES: Final = (28, 20, 14, 10)
_CODE_ROOM: Final = 15.8


@dataclass(frozen=True, slots=True)
class LocationLabel:
    """Everything that is printed for a place; *barcode* is what a scanner reads."""

    code: str
    barcode: str
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True)
class GoodsLabel:
    """Everything that is printed for a lot; its parcel's number is what a scanner reads."""

    parcel_number: str
    lot_number: str
    consignment_number: str
    sku: str
    name_th: str
    name_en: str
    quantity: Decimal
    unit: str
    declaration_number: str | None
    line_number: int | None


def location_labels(labels: Sequence[LocationLabel]) -> bytes:
    """*labels*, as PDF.

    Raises:
        NotEncodable: a code is not ASCII.
    """
    paper = pdf.Paper("Locations", page=_PAGE)
    for position, label in enumerate(labels):
        if position:
            paper.next_page()
        size = largest_size(label.code, _CODE_SIZES, width_mm=_WIDTH, height_mm=_CODE_ROOM)
        paper.text(50, 1.5, label.code, size=size, bold=True, align="centre")
        draw_code(paper, 1, 18, label.barcode, width_mm=98, height_mm=17)
        for y_mm, name in ((37, label.name_th), (42.5, label.name_en)):
            _line(paper, y_mm, name, size=9, align="centre")
    return paper.finish()


def goods_labels(labels: Sequence[GoodsLabel]) -> bytes:
    """*labels*, as PDF.

    Raises:
        NotEncodable: a parcel number is not ASCII.
    """
    paper = pdf.Paper("Goods", page=_PAGE)
    for position, label in enumerate(labels):
        if position:
            paper.next_page()
        draw_code(paper, 1, 1.7, label.parcel_number, width_mm=98, height_mm=12.5)
        _line(paper, 18.9, label.parcel_number, size=9, bold=True, align="centre")
        amount = f"{i18n.quantity(label.quantity)} {label.unit}"
        _line(paper, 24, f"{label.lot_number}   {amount}   {label.sku}", size=9, bold=True)
        _line(paper, 29, label.name_th, size=8)
        _line(paper, 33.5, label.name_en, size=8)
        _line(paper, 38, f"ใบรับสินค้า / Consignment {label.consignment_number}", size=8)
        _line(paper, 42.5, f"ใบขนสินค้าขาเข้า / Import declaration {_bond(label)}", size=8)
    return paper.finish()


def _bond(label: GoodsLabel) -> str:
    """Where the goods stand in the customs book, or that they are not in it yet."""
    if label.declaration_number is None:
        return "ยังไม่มีเลขที่ / none yet"
    return f"{printed_declaration_number(label.declaration_number)} / {label.line_number}"


def _line(
    paper: pdf.Paper,
    y_mm: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    align: pdf.Align = "left",
) -> None:
    paper.paragraph(_LEFT, y_mm, text, width_mm=_WIDTH, size=size, bold=bold, align=align, most=1)
