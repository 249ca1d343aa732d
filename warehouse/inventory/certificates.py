"""Papers on goods that went another way: the certificate of destruction, the transfer note."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from warehouse.core import clock, i18n, pdf
from warehouse.core.pdf.form import PAGES, boxes, day, section
from warehouse.masterdata.identifiers import printed_declaration_number

_MARGIN: Final = 10.0
_SIZE: Final = 8
_LINES: Final = (
    pdf.Column("ลำดับ\nNo.", 12, "right"),
    pdf.Column("หมายเลขพัสดุ\nParcel", 42),
    pdf.Column("ล็อต\nLot", 32),
    pdf.Column("ใบขนสินค้าขาเข้า\nImport declaration", 34),
    pdf.Column("ชนิดของ\nDescription", 48),
    pdf.Column("จำนวน\nQuantity", 22, "right"),
)
_SIGNATURES_ROOM: Final = 34.0


@dataclass(frozen=True, slots=True)
class DisposedLine:
    """So much of a lot, and where it stands in the customs book."""

    parcel: str
    lot: str
    declaration_number: str | None
    line_number: int | None
    description_th: str
    description_en: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class DisposalPaper:
    """Everything that is printed of a disposal that was carried out.

    *officer* saw the destruction, or signed the permit; *destination* and *seal* are those of
    goods that went on under seal.
    """

    title_th: str
    title_en: str
    number: str
    carried_out_at: datetime
    authority: str
    officer: str
    reason: str
    destination: str
    seal: str
    operator_th: str
    operator_en: str
    premises_th: str
    premises_en: str
    licence_number: str
    owner_th: str
    owner_en: str
    lines: tuple[DisposedLine, ...]


def disposal_paper(form: DisposalPaper) -> bytes:
    """The paper that proves where the goods went, as PDF.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    paper = pdf.Paper(
        f"{form.title_th} {form.number}",
        subject=f"{form.title_en} {form.number}",
        author=form.operator_en,
        footer=f"{form.number}   {PAGES}",
        margin_mm=_MARGIN,
    )
    paper.text(_MARGIN, 9, form.title_th, size=15, bold=True)
    paper.text(_MARGIN, 18, form.title_en, size=11)
    width_mm = paper.code128(128, 9, form.number, height_mm=12.5)
    paper.text(128 + width_mm / 2, 22.5, form.number, size=12, bold=True, align="centre")
    y_mm = boxes(paper, 35, *_boxes(form))
    y_mm = paper.grid(_LINES, list(_rows(form)), x_mm=_MARGIN, y_mm=y_mm + 4, size=_SIZE)
    _signatures(paper, y_mm, form.officer)
    return paper.finish()


def _boxes(form: DisposalPaper) -> Iterator[list[tuple[str, float, str]]]:
    """The header, row by row, each 190 mm wide."""
    yield [
        ("เลขที่อนุมัติของศุลกากร / Permit of customs", 63, form.authority),
        ("ดำเนินการเมื่อ / Carried out on", 63, day(clock.local_date(form.carried_out_at))),
        ("เหตุผล / Reason", 64, form.reason),
    ]
    yield [
        ("ผู้ดำเนินการ / Operator", 63, f"{form.operator_th}\n{form.operator_en}"),
        (
            "คลังสินค้าทัณฑ์บน / Warehouse",
            63,
            f"{form.premises_th}\n{form.premises_en}\n{form.licence_number}",
        ),
        ("เจ้าของของ / Owner", 64, f"{form.owner_th}\n{form.owner_en}"),
    ]
    if form.seal or form.destination:
        yield [
            ("ปลายทาง / Destination", 127, form.destination),
            ("หมายเลขซีล / Seal", 63, form.seal),
        ]


def _rows(form: DisposalPaper) -> Iterator[list[str]]:
    for position, line in enumerate(form.lines, start=1):
        number = line.declaration_number and printed_declaration_number(line.declaration_number)
        yield [
            str(position),
            line.parcel,
            line.lot,
            f"{number}\nรายการ / item {line.line_number}" if number else "–",
            f"{line.description_th}\n{line.description_en}",
            f"{i18n.quantity(line.quantity)} {line.unit}",
        ]


def _signatures(paper: pdf.Paper, y_mm: float, officer: str) -> None:
    title = "ลงชื่อเป็นพยาน / Signed"
    y_mm = section(paper, y_mm + 4, title, room_mm=_SIGNATURES_ROOM) + 16
    roles = (
        f"เจ้าหน้าที่ศุลกากร / Customs officer\n{officer}",
        "ผู้ดำเนินการคลัง / Warehouse keeper",
    )
    for place, role in enumerate(roles):
        x_mm = _MARGIN + place * 100
        paper.line(x_mm, y_mm, x_mm + 88, y_mm)
        for row, text in enumerate(role.split("\n")):
            paper.text(x_mm + 44, y_mm + 1 + row * 5, text, size=8, align="centre")
