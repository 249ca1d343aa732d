"""The paper that goes with goods through the gate (Customs Act s.51)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.money import ZERO
from warehouse.core.pdf.form import PAGES, boxes, day, section
from warehouse.customs.documents.form import EntryLine, hs
from warehouse.masterdata.identifiers import parse_s10, printed_declaration_number

_MARGIN: Final = 10.0
_SIZE: Final = 8
_LINES: Final = (
    pdf.Column("รายการ\nItem", 13, "right"),
    pdf.Column("ใบขนสินค้าขาเข้า\nImport declaration", 33),
    pdf.Column("พิกัด\nHS code", 20),
    pdf.Column("ชนิดของ\nDescription", 49),
    pdf.Column("คงเหลือก่อน\nBefore", 18, "right"),
    pdf.Column("เบิกครั้งนี้\nWithdrawn", 18, "right"),
    pdf.Column("คงเหลือหลัง\nAfter", 18, "right"),
    pdf.Column("ค่าภาษีอากร\nDuty paid", 21, "right"),
)
_SIGNATURES: Final = (
    "เจ้าหน้าที่ศุลกากร / Customs officer",
    "ผู้ดำเนินการคลัง / Warehouse keeper",
    "เจ้าหน้าที่ประตู / Gate",
)
_SIGNATURE_WIDTH: Final = 58.0
_SIGNATURES_ROOM: Final = 34.0


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What leaves of one import line: *before* less *withdrawn* stays in bond, in *unit*."""

    entry: EntryLine
    hs_code: str
    description_th: str
    description_en: str
    unit: str
    before: Decimal
    withdrawn: Decimal
    duty_baht: Decimal


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """Everything that is printed on a release note; *duty_paid* is after rounding, in baht."""

    number: str
    granted_on: date
    declaration_number: str
    operator_th: str
    operator_en: str
    premises_th: str
    premises_en: str
    licence_number: str
    owner_th: str
    owner_en: str
    order_number: str
    order_reference: str
    shipment_number: str
    parcel_number: str
    duty_paid: Decimal
    lines: tuple[Withdrawal, ...]


def release_note(note: ReleaseNote) -> bytes:
    """The gate pass for goods that customs has released, as PDF.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    paper = pdf.Paper(
        f"ใบตรวจปล่อย {note.number}",
        subject=f"Release note {note.number}",
        author=note.operator_en,
        footer=f"{note.number}   {PAGES}",
        margin_mm=_MARGIN,
    )
    paper.text(_MARGIN, 9, "ใบตรวจปล่อยของออกจากคลัง", size=15, bold=True)
    paper.text(_MARGIN, 17.5, "สินค้าทัณฑ์บน", size=15, bold=True)
    paper.text(_MARGIN, 26.5, "Release note (gate pass)", size=11)
    width_mm = paper.code128(118, 9, note.number, height_mm=12.5)
    middle_mm = 118 + width_mm / 2
    paper.text(middle_mm, 22.5, note.number, size=13, bold=True, align="centre")
    y_mm = boxes(paper, 35, *_boxes(note))
    rows = [*map(list, _rows(note))]
    y_mm = paper.grid(_LINES, rows, x_mm=_MARGIN, y_mm=y_mm + 4, size=_SIZE)
    _signatures(paper, y_mm)
    return paper.finish()


def _boxes(note: ReleaseNote) -> Iterator[list[tuple[str, float, str]]]:
    """The header, row by row, each 190 mm wide."""
    item = parse_s10(note.parcel_number)
    number = printed_declaration_number(note.declaration_number)
    yield [
        ("ใบขนสินค้าออกจากทัณฑ์บน / Declaration", 63, number),
        ("วันที่ตรวจปล่อย / Released on", 63, day(note.granted_on)),
        ("หมายเลขพัสดุ / Parcel", 64, item.printed if item else note.parcel_number),
    ]
    yield [
        ("คำสั่งซื้อ / Order", 63, f"{note.order_number}\n{note.order_reference}"),
        ("เลขที่นำจ่าย / Shipment", 63, note.shipment_number),
        ("ใบอนุญาตคลัง / Licence", 64, note.licence_number),
    ]
    yield [
        ("ผู้ดำเนินการ / Operator", 63, f"{note.operator_th}\n{note.operator_en}"),
        ("คลังสินค้าทัณฑ์บน / Warehouse", 63, f"{note.premises_th}\n{note.premises_en}"),
        ("เจ้าของของ / Owner", 64, f"{note.owner_th}\n{note.owner_en}"),
    ]


def _rows(note: ReleaseNote) -> Iterator[tuple[str, ...]]:
    for position, line in enumerate(note.lines, start=1):
        number = printed_declaration_number(line.entry.declaration_number)
        yield (
            str(position),
            f"{number}\nรายการ / item {line.entry.line_number}",
            hs(line.hs_code),
            f"{line.description_th}\n{line.description_en}",
            *(
                f"{i18n.quantity(quantity)} {line.unit}"
                for quantity in (line.before, line.withdrawn, line.before - line.withdrawn)
            ),
            i18n.baht(line.duty_baht),
        )
    lines_baht = sum((line.duty_baht for line in note.lines), ZERO)
    blank = ("",) * 3
    yield ("", "", "", "ปัดเศษ / Rounding", *blank, i18n.baht(note.duty_paid - lines_baht))
    yield ("", "", "", "รวมชำระ / Total paid", *blank, i18n.baht(note.duty_paid))


def _signatures(paper: pdf.Paper, y_mm: float) -> None:
    title = "ตรวจของถูกต้องแล้ว / Goods checked"
    y_mm = section(paper, y_mm + 4, title, room_mm=_SIGNATURES_ROOM) + 16
    for place, role in enumerate(_SIGNATURES):
        x_mm = _MARGIN + place * 66
        paper.line(x_mm, y_mm, x_mm + _SIGNATURE_WIDTH, y_mm)
        middle_mm = x_mm + _SIGNATURE_WIDTH / 2
        paper.text(middle_mm, y_mm + 1, role, size=8, align="centre")
        paper.text(middle_mm, y_mm + 6, "วันที่ ......... เวลา .........", size=8, align="centre")
