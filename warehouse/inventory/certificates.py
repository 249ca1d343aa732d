"""Papers on goods that went another way: the certificate of destruction, the transfer note."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from warehouse.core import clock, i18n, pdf
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.form import Box, day
from warehouse.masterdata.identifiers import printed_declaration_number

_SIZE: Final = 8
_LINES: Final = (
    pdf.Column("ลำดับ\nNo.", 12, "right"),
    pdf.Column("หมายเลขพัสดุ\nParcel", 42),
    pdf.Column("ล็อต\nLot", 32),
    pdf.Column("ใบขนสินค้าขาเข้า\nImport declaration", 34),
    pdf.Column("ชนิดของ\nDescription", 48),
    pdf.Column("จำนวน\nQuantity", 22, "right"),
)


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


def disposal_paper(form: DisposalPaper, link: str) -> bytes:
    """The paper that proves where the goods went, as PDF; *link* is where it is verified.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    heading = forms.Heading(
        title_th=form.title_th,
        title_en=form.title_en,
        bars=form.number,
        number=form.number,
        link=link,
    )
    paper, y_mm = forms.begin(heading, author=form.operator_en, page=pdf.A4)
    y_mm = forms.boxes(paper, y_mm, *_boxes(form))
    y_mm = paper.grid(_LINES, _rows(form), x_mm=forms.MARGIN, y_mm=y_mm + 4, size=_SIZE)
    officer = f"เจ้าหน้าที่ศุลกากร / Customs officer\n{form.officer}".rstrip()
    roles = [officer, "ผู้ดำเนินการคลัง / Warehouse keeper"]
    if form.destination:
        roles.append("ผู้รับของปลายทาง / Receiver")
    forms.signatures(paper, y_mm, "ลงชื่อเป็นพยาน / Signed", roles)
    return paper.finish()


def _boxes(form: DisposalPaper) -> Iterator[list[Box]]:
    """The header, row by row, each 190 mm wide."""
    yield [
        ("เลขที่อนุมัติ, ใบขนสินค้า / Permit, declaration", 63, form.authority),
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
            ("ปลายทาง / Destination", 126, form.destination),
            ("หมายเลขซีล / Seal", 64, form.seal),
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
