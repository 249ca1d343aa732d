"""The collection order (ใบสั่งเก็บเงิน) of a postal parcel of group 2: two copies, one file.

Postal Customs Service guide of 30 March 2563; Notification 128/2567.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.form import Box, both, day
from warehouse.customs.documents.form import House, hs
from warehouse.customs.documents.reckoning import Receipt, explained_by, since
from warehouse.customs.rules.receipt import Basis
from warehouse.masterdata.identifiers import parse_s10

_SIZE: Final = 8.5
_COPIES: Final = (
    "ฉบับที่ 1 สำหรับผู้รับ / Copy 1, for the addressee",
    "ฉบับที่ 2 สำหรับไปรษณีย์ / Copy 2, for the post",
)
_CHARGES: Final = (
    pdf.Column("รหัสรายได้\nRevenue code", 22),
    pdf.Column("ค่าภาษีอากร\nCharge", 48),
    pdf.Column("การคำนวณ\nReckoning", 67, "right"),
    pdf.Column("มีผลตั้งแต่\nIn force since", 28),
    pdf.Column("จำนวนเงิน (บาท)\nAmount (baht)", 25, "right"),
)
_TERMS: Final = (
    "ชำระก่อนรับของ ที่ทำการไปรษณีย์เก็บของไว้ 15 วัน พ้นกำหนดจะส่งคืนต้นทาง",
    "Pay before delivery. The post holds the parcel for 15 days, then returns it to the sender.",
    "หากไม่เห็นด้วยกับการประเมิน ให้โต้แย้งภายใน 7 วันนับแต่วันที่ออกใบสั่งเก็บเงิน",
    "An assessment may be disputed within 7 days of the day of this order.",
)


@dataclass(frozen=True, slots=True)
class CollectionPaper:
    """Everything that is printed on a collection order; amounts in baht."""

    number: str
    parcel_number: str
    issued_on: date
    import_date: date
    pay_by: date
    dispute_by: date
    recipient_name: str
    recipient_address: str
    sender_name: str
    sender_country: str
    description: str
    hs_code: str
    statistical_code: str
    origin_country: str
    quantity: Decimal
    weight_kg: Decimal
    value_baht: Decimal
    total_tax: Decimal
    assessor: str
    house: House
    explained: tuple[Receipt, ...]


def collection_order(form: CollectionPaper, link: str) -> bytes:
    """The two copies of a collection order, as PDF.

    Raises:
        NotEncodable: its number, or its parcel's, is not one that bars can carry.
    """
    first, second = _COPIES
    paper, y_mm = forms.begin(
        _heading(form, link, first), author=form.house.operator_en, page=pdf.A4
    )
    _draw(paper, y_mm, form)
    paper.next_page()
    _draw(paper, forms.head(paper, _heading(form, link, second)), form)
    return paper.finish()


def _heading(form: CollectionPaper, link: str, copy: str) -> forms.Heading:
    return forms.Heading(
        title_th="ใบสั่งเก็บเงินค่าภาษีอากร",
        title_en="Collection order, postal parcel of group 2",
        bars=form.number,
        number=form.number,
        link=link,
        notes=(copy,),
    )


def _draw(paper: pdf.Paper, y_mm: float, form: CollectionPaper) -> None:
    width_mm = paper.code128(forms.MARGIN, y_mm, form.parcel_number, height_mm=12.5)
    item = parse_s10(form.parcel_number)
    paper.text(
        forms.MARGIN + width_mm + 4, y_mm + 3,
        f"หมายเลขสิ่งของ / Tracking number  {item.printed if item else form.parcel_number}",
        size=11, bold=True,
    )  # fmt: skip
    y_mm = forms.boxes(paper, y_mm + 15, *_boxes(form))
    y_mm = paper.grid(_CHARGES, _rows(form), x_mm=forms.MARGIN, y_mm=y_mm + 3, size=_SIZE) + 3
    for sentence in _TERMS:
        y_mm = paper.paragraph(forms.MARGIN, y_mm, sentence, width_mm=190, size=9)
    roles = (
        f"พนักงานศุลกากรผู้ประเมิน / Assessor\n{form.assessor}",
        "เจ้าหน้าที่ไปรษณีย์ผู้เก็บเงิน / Collected by",
        "ผู้รับ / Addressee",
    )
    forms.signatures(paper, y_mm, "", roles)


def _boxes(form: CollectionPaper) -> Iterator[Sequence[Box]]:
    yield (
        ("ผู้รับ / Addressee", 95, f"{form.recipient_name}\n{form.recipient_address}"),
        ("ผู้ส่ง / Sender", 47, f"{form.sender_name}\n{form.sender_country}"),
        ("ที่ทำการ / Office", 48, f"{form.house.name_th}\n{form.house.name_en}"),
    )
    yield (
        ("ชนิดของ / Goods", 95, form.description),
        ("พิกัด / รหัสสถิติ / Tariff", 47, f"{hs(form.hs_code)} / {form.statistical_code}"),
        ("ประเทศกำเนิด / Origin", 48, form.origin_country),
    )
    yield (
        ("ปริมาณ / Quantity", 47.5, i18n.quantity(form.quantity)),
        ("น้ำหนัก / Weight", 47.5, f"{form.weight_kg:,.3f} KGM"),
        ("ราคาประเมิน (บาท) / Assessed price", 47, i18n.baht(form.value_baht)),
        ("ผู้ประเมิน / Assessor", 48, form.assessor),
    )
    yield (
        ("วันนำเข้า / Import date", 47.5, day(form.import_date)),
        ("วันที่ออก / Issued on", 47.5, day(form.issued_on)),
        ("โต้แย้งได้ถึง / Dispute until", 47, day(form.dispute_by)),
        ("ชำระภายใน / Pay by", 48, day(form.pay_by)),
    )


def _rows(form: CollectionPaper) -> Iterator[Sequence[str]]:
    for each in form.explained:
        code = each["what"] if each["what"].isdecimal() else ""
        total = "รวม / Total   " if each["basis"] == Basis.TOTAL else ""
        yield (
            code,
            f"{total}{both(each['title'])}",
            "\n".join(explained_by(each)),
            since(each),
            i18n.baht(Decimal(each["amount"])),
        )
    yield ("", "รวมเรียกเก็บ / To collect", "", "", i18n.baht(form.total_tax))
