"""The import declaration as a working copy, by the layout of กศก.99/1.

The electronic message is the legal declaration; this is what people read, file and sign beside it.
Type 0 shows what is suspended and until when, type P what is paid and what it draws down.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.core.pdf.form import PAGES, both, boxes, day, section
from warehouse.customs.documents.form import EntryLine, hs
from warehouse.customs.documents.reckoning import draw_reckoning
from warehouse.customs.rules.receipt import TITLES
from warehouse.customs.vocabulary import DocumentType
from warehouse.masterdata.identifiers import printed_declaration_number

DOCUMENT_TYPE_NAMES: Final = {
    DocumentType.IMPORT: N_("From abroad into bond"),
    DocumentType.HOME_USE: N_("Out of bond for home use"),
}

_LANDSCAPE: Final = pdf.Page(297, 210)
_MARGIN: Final = 10.0
_BARS_LEFT: Final = 222.0
_SIZE: Final = 7.5
_LINES: Final = (
    pdf.Column("รายการ\nItem", 12, "right"),
    pdf.Column("พิกัด / รหัสสถิติ\nHS / stat. code", 21),
    pdf.Column("ชนิดของ\nDescription", 58),
    pdf.Column("กำเนิด\nOrigin", 12),
    pdf.Column("ปริมาณ / น้ำหนัก\nQuantity / weight", 27, "right"),
    pdf.Column("ราคาหน่วย / ซี.ไอ.เอฟ.\nUnit price / CIF", 31, "right"),
    pdf.Column("ซี.ไอ.เอฟ. (บาท)\nCIF (baht)", 23, "right"),
    pdf.Column("ประเภท\nType", 11),
    pdf.Column("อัตรา\nRate", 13, "right"),
    pdf.Column("ค่าภาษีอากร\nAmount", 23, "right"),
    pdf.Column("ยกเว้น\nExempted", 23, "right"),
    pdf.Column("ชำระ\nPaid", 23, "right"),
)
_TOTALS: Final = (
    pdf.Column("ภาษีอากร / Duty or tax", 87),
    pdf.Column("ค่าภาษีอากร / Assessed", 38, "right"),
    pdf.Column("พักชำระ / Suspended", 38, "right"),
    pdf.Column("ต้องชำระ / Due", 38, "right"),
    pdf.Column("ปัดเศษ / Rounding", 38, "right"),
    pdf.Column("ยอดชำระ / Payable", 38, "right"),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty or tax of a line, in baht; the rate is per cent of value or baht per unit."""

    duty_type: str
    value_rate_pct: Decimal
    specific_rate_baht: Decimal
    amount: Decimal
    paid: Decimal

    @property
    def rate(self) -> str:
        """The rate as it is read."""
        if self.specific_rate_baht:
            return f"฿{i18n.quantity(self.specific_rate_baht)}"
        return f"{i18n.quantity(self.value_rate_pct)} %"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line; *explained* are the receipts of its figures (see ``rules.receipt``)."""

    line_number: int
    hs_code: str
    statistical_code: str
    privilege_code: str
    description_th: str
    description_en: str
    brand: str
    origin_country: str
    quantity: Decimal
    unit: str
    net_weight_kg: Decimal
    currency: str
    unit_price_foreign: Decimal
    cif_foreign: Decimal
    cif_baht: Decimal
    duties: tuple[Duty, ...]
    explained: tuple[Mapping[str, str], ...]
    entry: EntryLine | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """One duty or tax over all lines, in baht: *due* + *rounding* is paid."""

    duty_type: str
    assessed: Decimal
    due: Decimal
    rounding: Decimal

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """Assessed, suspended, due, rounding, payable."""
        suspended, payable = self.assessed - self.due, self.due + self.rounding
        return self.assessed, suspended, self.due, self.rounding, payable


@dataclass(frozen=True, slots=True)
class DeclarationPaper:
    """Everything that is printed on a declaration, types 0 and P."""

    document_type: DocumentType
    declaration_number: str
    reference_number: str
    numbered_on: date
    import_date: date
    storage_ends_on: date | None
    operator_th: str
    operator_en: str
    operator_tax_id: str
    operator_branch: str
    premises_th: str
    premises_en: str
    licence_number: str
    tax_incentive_id: str
    owner_th: str
    owner_en: str
    owner_tax_id: str
    consignor: str
    consignment_country: str
    transport: str
    house_bill: str
    port: str
    invoice_number: str
    invoice_date: date
    currency: str
    exchange_rate: Decimal
    exchange_per_units: int
    package_amount: int
    gross_weight_kg: Decimal
    net_weight_kg: Decimal
    cif_foreign: Decimal
    cif_baht: Decimal
    lines: tuple[PaperLine, ...]
    totals: tuple[Total, ...]


def declaration(form: DeclarationPaper) -> bytes:
    """The working copy of a declaration that customs has numbered, as PDF."""
    number = printed_declaration_number(form.declaration_number)
    paper = pdf.Paper(
        f"ใบขนสินค้าขาเข้า {number}",
        page=_LANDSCAPE,
        subject=f"Import declaration {number}, working copy",
        author=form.operator_en,
        footer=f"{number}   สำเนาสำหรับใช้งาน / WORKING COPY   {PAGES}",
        margin_mm=_MARGIN,
    )
    _head(paper, form, number)
    y_mm = boxes(paper, 31, *_boxes(form))
    lines = [_line(line) for line in form.lines]
    y_mm = paper.grid(_LINES, lines, x_mm=_MARGIN, y_mm=y_mm + 3, size=_SIZE)
    y_mm = section(
        paper, y_mm, "รวมค่าภาษีอากร (บาท) / Duties and taxes (baht)",
        room_mm=14 + 7 * len(form.totals),
    )  # fmt: skip
    y_mm = paper.grid(_TOTALS, list(_totals(form.totals)), x_mm=_MARGIN, y_mm=y_mm, size=_SIZE)
    explained = [(line.line_number, each) for line in form.lines for each in line.explained]
    draw_reckoning(paper, y_mm, explained)
    return paper.finish()


def _head(paper: pdf.Paper, form: DeclarationPaper, number: str) -> None:
    paper.text(_MARGIN, 8, "ใบขนสินค้าขาเข้า / Import declaration", size=15, bold=True)
    kind = f"ประเภท / Type {form.document_type}: {both(DOCUMENT_TYPE_NAMES[form.document_type])}"
    paper.text(_MARGIN, 16.5, kind, size=10)
    paper.text(
        _MARGIN, 23,
        "สำเนาสำหรับใช้งาน: ใบขนสินค้าตามกฎหมายคือข้อมูลอิเล็กทรอนิกส์ / "
        "WORKING COPY: the electronic message is the legal declaration",
        size=8, bold=True,
    )  # fmt: skip
    width_mm = paper.code128(_BARS_LEFT, 8, form.declaration_number, height_mm=12.5)
    middle_mm = _BARS_LEFT + width_mm / 2
    paper.text(middle_mm, 21.5, number, size=12, bold=True, align="centre")


def _boxes(form: DeclarationPaper) -> Iterator[Sequence[tuple[str, float, str]]]:
    """The header, row by row, each 277 mm wide."""
    ends = day(form.storage_ends_on) if form.storage_ends_on else "-"
    per = f"{form.exchange_per_units} {form.currency}"
    yield (
        ("เลขที่อ้างอิง / Reference", 45, form.reference_number),
        ("วันที่รับเลขที่ / Accepted", 58, day(form.numbered_on)),
        ("วันนำเข้า / Import date", 58, day(form.import_date)),
        ("เก็บในทัณฑ์บนได้ถึง / Storage ends", 58, ends),
        ("ใบอนุญาตคลัง / Licence", 58, f"{form.licence_number}\n{form.tax_incentive_id}"),
    )
    yield (
        ("ผู้ดำเนินการ / Operator", 103, f"{form.operator_th}\n{form.operator_en}"),
        ("เลขประจำตัวผู้เสียภาษี / Tax id", 58, f"{form.operator_tax_id}-{form.operator_branch}"),
        ("คลังสินค้าทัณฑ์บน / Warehouse", 116, f"{form.premises_th}\n{form.premises_en}"),
    )
    yield (
        ("เจ้าของของ / Owner", 103, f"{form.owner_th}\n{form.owner_en}"),
        ("เลขประจำตัวผู้เสียภาษี / Tax id", 58, form.owner_tax_id),
        ("ผู้ส่ง / Consignor", 116, f"{form.consignor}\n{form.consignment_country}"),
    )
    yield (
        ("พาหนะ / Transport", 45, form.transport),
        ("ใบตราส่ง / House bill", 58, form.house_bill),
        ("ด่านตรวจปล่อยและขนถ่าย / Ports", 58, form.port),
        ("บัญชีราคาสินค้า / Invoice", 116,
         f"{form.invoice_number}\n{i18n.day(form.invoice_date, 'th')}"),
    )  # fmt: skip
    yield (
        ("หีบห่อ / Packages", 45, f"{form.package_amount:,} PK"),
        ("น้ำหนักรวม, สุทธิ / Gross, net", 58,
         f"{_kg(form.gross_weight_kg)}\n{_kg(form.net_weight_kg)}"),
        ("อัตราแลกเปลี่ยน / Exchange rate", 58, f"{form.exchange_rate:,.5f} THB / {per}"),
        ("ราคา ซี.ไอ.เอฟ. / CIF value", 116,
         f"{form.currency} {i18n.baht(form.cif_foreign)}\nTHB {i18n.baht(form.cif_baht)}"),
    )  # fmt: skip


def _kg(weight: Decimal) -> str:
    return f"{weight:,.3f} KGM"


def _line(line: PaperLine) -> list[str]:
    return [
        str(line.line_number),
        f"{hs(line.hs_code)}\n{line.statistical_code}  {line.privilege_code}",
        "\n".join(_description(line)),
        line.origin_country,
        f"{i18n.quantity(line.quantity)} {line.unit}\n{_kg(line.net_weight_kg)}",
        "\n".join((f"{line.currency} {line.unit_price_foreign:,.5f}", _foreign(line))),
        i18n.baht(line.cif_baht),
        "\n".join(duty.duty_type for duty in line.duties),
        "\n".join(duty.rate for duty in line.duties),
        "\n".join(i18n.baht(duty.amount) for duty in line.duties),
        "\n".join(i18n.baht(duty.amount - duty.paid) for duty in line.duties),
        "\n".join(i18n.baht(duty.paid) for duty in line.duties),
    ]


def _foreign(line: PaperLine) -> str:
    return f"{line.currency} {i18n.baht(line.cif_foreign)}"


def _description(line: PaperLine) -> Iterator[str]:
    yield line.description_th
    yield f"{line.description_en}, {line.brand}"
    if line.entry:
        number = printed_declaration_number(line.entry.declaration_number)
        yield f"อ้างถึง / Ref. {number} รายการ / item {line.entry.line_number}"


def _totals(totals: Sequence[Total]) -> Iterator[list[str]]:
    for total in totals:
        title = f"{total.duty_type}  {both(TITLES[total.duty_type])}"
        yield [title, *map(i18n.baht, total.amounts)]
    sums = (sum(amounts, ZERO) for amounts in zip(*(t.amounts for t in totals), strict=True))
    yield ["รวมทั้งสิ้น / Total", *map(i18n.baht, sums)]
