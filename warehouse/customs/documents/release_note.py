"""What goes with goods through the gate (Customs Act s.51): release note and gate pass in one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.money import ZERO
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.form import Box, day
from warehouse.customs.documents.form import House, Owner, house_boxes
from warehouse.customs.documents.statement import Withdrawal, named
from warehouse.masterdata.identifiers import parse_s10, printed_declaration_number

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
_ROLES: Final = (
    "เจ้าหน้าที่ศุลกากร / Customs officer",
    "ผู้ดำเนินการคลัง / Warehouse keeper",
    "เจ้าหน้าที่ประตู / Gate",
)


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """Everything that is printed on a release note; *duty_paid* is after rounding, in baht.

    *parcels* are the numbers that the gate scans; *purpose* says where the goods go.
    """

    number: str
    granted_on: date
    valid_until: date | None
    declaration_number: str
    purpose: str
    house: House
    owner: Owner
    reference: str
    shipment_number: str
    parcels: tuple[str, ...]
    duty_paid: Decimal
    lines: tuple[Withdrawal, ...]


def release_note(note: ReleaseNote, link: str) -> bytes:
    """The gate pass for goods that customs has released, as PDF; *link* is where it is verified.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    heading = forms.Heading(
        title_th="ใบตรวจปล่อยของออกจากคลังสินค้าทัณฑ์บน",
        title_en="Release note (gate pass)",
        bars=note.number,
        number=note.number,
        link=link,
    )
    paper, y_mm = forms.begin(heading, author=note.house.operator_en, page=pdf.A4)
    y_mm = forms.boxes(paper, y_mm, *_boxes(note))
    y_mm = paper.grid(_LINES, _rows(note), x_mm=forms.MARGIN, y_mm=y_mm + 4, size=_SIZE)
    forms.signatures(paper, y_mm, "ตรวจของถูกต้องแล้ว / Goods checked", _ROLES)
    return paper.finish()


def _boxes(note: ReleaseNote) -> Iterator[list[Box]]:
    """The header, row by row, each 190 mm wide."""
    number = printed_declaration_number(note.declaration_number)
    yield [
        ("ใบขนสินค้าออกจากทัณฑ์บน / Declaration", 63, number),
        ("วันที่ตรวจปล่อย / Released on", 63, day(note.granted_on)),
        ("ใช้ได้ถึง / Valid until", 64, day(note.valid_until)),
    ]
    yield [
        ("ออกไปเพื่อ / Leaves for", 63, note.purpose),
        ("คำสั่ง / Order", 63, "\n".join(filter(None, (note.reference, note.shipment_number)))),
        ("หมายเลขพัสดุ / Parcels", 64, ",   ".join(map(_parcel, note.parcels))),
    ]
    yield list(house_boxes(note.house, note.owner))


def _parcel(number: str) -> str:
    item = parse_s10(number)
    return item.printed if item else number


def _rows(note: ReleaseNote) -> Iterator[tuple[str, ...]]:
    for position, line in enumerate(note.lines, start=1):
        yield (str(position), *named(line), *line.quantities, i18n.baht(line.duty_baht))
    lines_baht = sum((line.duty_baht for line in note.lines), ZERO)
    blank = ("",) * 3
    yield ("", "", "", "ปัดเศษ / Rounding", *blank, i18n.baht(note.duty_paid - lines_baht))
    yield ("", "", "", "รวมชำระ / Total paid", *blank, i18n.baht(note.duty_paid))
