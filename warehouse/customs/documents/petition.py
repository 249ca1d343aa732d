"""What is asked of customs on paper: to destroy goods, abandon them, remit the duty on a loss."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.money import ZERO
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.form import Box, day, section
from warehouse.customs.documents.form import House, Owner, house_boxes
from warehouse.customs.documents.statement import Withdrawal, named
from warehouse.customs.vocabulary import Procedure

_SIZE: Final = 8
_LINES: Final = (
    pdf.Column("ลำดับ\nNo.", 11, "right"),
    pdf.Column("ใบขนสินค้าขาเข้า\nImport declaration", 33),
    pdf.Column("พิกัด\nHS code", 20),
    pdf.Column("ชนิดของ\nDescription", 44),
    pdf.Column("จำนวน\nQuantity", 19, "right"),
    pdf.Column("คงเหลือหลัง\nLeft after", 19, "right"),
    pdf.Column("มูลค่า (บาท)\nValue (baht)", 22, "right"),
    pdf.Column("ค่าภาษีอากร\nDuty and tax", 22, "right"),
)
_TITLES: Final[Mapping[Procedure, tuple[str, str]]] = {
    Procedure.DESTRUCTION: ("คำร้องขอทำลายของในคลังสินค้าทัณฑ์บน", "Petition to destroy goods in bond"),
    Procedure.ABANDONMENT: (
        "คำร้องขอยกของในคลังสินค้าทัณฑ์บนให้เป็นของแผ่นดิน",
        "Petition to abandon goods in bond to the State",
    ),
    Procedure.SEIZURE: ("บันทึกการยึดของในคลังสินค้าทัณฑ์บน", "Record of goods in bond that were seized"),
    Procedure.REMISSION: ("คำร้องขอยกเว้นค่าภาษีอากรของที่สูญหาย", "Petition to remit duty on lost goods"),
}
_ASKED: Final[Mapping[Procedure, tuple[str, str]]] = {
    Procedure.DESTRUCTION: (
        "ขออนุญาตทำลายของตามรายการข้างล่างนี้ต่อหน้าพนักงานศุลกากร และขอยกเว้นค่าภาษีอากรของของนั้น",
        "We ask leave to destroy the goods below before an officer, with their duty remitted.",
    ),
    Procedure.ABANDONMENT: (
        "ขอยกของตามรายการข้างล่างนี้ให้เป็นของแผ่นดิน และขอยกเว้นค่าภาษีอากรของของนั้น",
        "We give the goods below to the State, and ask to have their duty remitted.",
    ),
    Procedure.SEIZURE: (
        "ของตามรายการข้างล่างนี้ถูกเจ้าหน้าที่ยึดไปจากคลังสินค้าทัณฑ์บน",
        "The goods below were seized by the authorities and are no longer in the warehouse.",
    ),
    Procedure.REMISSION: (
        "ของตามรายการข้างล่างนี้สูญหายหรือเสียหายในคลังสินค้าทัณฑ์บน จึงขอยกเว้นค่าภาษีอากรของของนั้น",
        "The goods below were lost or damaged in bond; we ask to have their duty remitted.",
    ),
}
_DECISION: Final = "คำสั่งของศุลกากร / Decision of customs"
_CHOICES: Final = (
    "[   ] อนุญาต / granted     [   ] ไม่อนุญาต / refused     เลขที่ / No. ...................."
)


@dataclass(frozen=True, slots=True)
class PetitionPaper:
    """Everything that is printed on a petition; *proposed_on* is the day we propose, if any."""

    number: str
    disposal_number: str
    procedure: Procedure
    made_on: date
    proposed_on: date | None
    place: str
    reason: str
    house: House
    owner: Owner
    lines: tuple[Withdrawal, ...]


def petition(form: PetitionPaper, link: str) -> bytes:
    """A petition to be signed and handed to customs, as PDF.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    title_th, title_en = _TITLES[form.procedure]
    heading = forms.Heading(
        title_th=title_th, title_en=title_en, bars=form.number, number=form.number, link=link
    )
    paper, y_mm = forms.begin(heading, author=form.house.operator_en, page=pdf.A4)
    y_mm = forms.boxes(paper, y_mm, *_boxes(form)) + 3
    for sentence in _ASKED[form.procedure]:
        y_mm = paper.paragraph(forms.MARGIN, y_mm, sentence, width_mm=190, size=9.5)
    y_mm = paper.grid(_LINES, _rows(form.lines), x_mm=forms.MARGIN, y_mm=y_mm + 2, size=_SIZE)
    roles = ("ผู้ดำเนินการคลัง / Warehouse keeper", "เจ้าของของ / Owner of the goods")
    y_mm = forms.signatures(paper, y_mm, "ผู้ยื่นคำร้อง / Petitioner", roles)
    y_mm = section(paper, y_mm, _DECISION, room_mm=45)
    paper.text(forms.MARGIN, y_mm + 2, _CHOICES, size=9.5)
    officers = ("ผู้มีอำนาจอนุมัติ / Approved by", "พนักงานศุลกากรผู้ควบคุม / Supervising officer")
    forms.signatures(paper, y_mm + 5, "", officers)
    return paper.finish()


def _boxes(form: PetitionPaper) -> Iterator[Sequence[Box]]:
    yield house_boxes(form.house, form.owner)
    yield (
        ("วันที่ / Date", 63, day(form.made_on)),
        ("เสนอดำเนินการ / Proposed for", 63, f"{day(form.proposed_on)}\n{form.place}".rstrip()),
        ("เหตุผล / Reason", 64, f"{form.reason}\n{form.disposal_number}"),
    )


def _rows(lines: Sequence[Withdrawal]) -> Iterator[Sequence[str]]:
    for position, line in enumerate(lines, start=1):
        _, withdrawn, after = line.quantities
        amounts = map(i18n.baht, (line.value_withdrawn, line.duty_baht))
        yield (str(position), *named(line), withdrawn, after, *amounts)
    sums: list[Decimal] = [
        sum((line.value_withdrawn for line in lines), ZERO),
        sum((line.duty_baht for line in lines), ZERO),
    ]
    yield ("", "", "", "รวม / Total", "", "", *map(i18n.baht, sums))
