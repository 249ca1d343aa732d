"""Statements of bond: what an entry brought in, and what is withdrawn of it.

19 CFR 144.32 asks for three figures on every withdrawal: before, withdrawn, after; they stand
wherever goods leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.money import ZERO
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.form import Box, both, day, section
from warehouse.customs.documents.form import EntryLine, House, Owner, house_boxes, hs
from warehouse.customs.vocabulary import PROCEDURE_NAMES, DocumentType, Procedure
from warehouse.masterdata.identifiers import printed_declaration_number

_SIZE: Final = 7.5
_STORED: Final = (
    pdf.Column("รายการ\nItem", 12, "right"),
    pdf.Column("พิกัด / รหัสสถิติ\nHS / stat. code", 24),
    pdf.Column("ชนิดของ\nDescription", 77),
    pdf.Column("ปริมาณตามใบขน\nDeclared", 26, "right"),
    pdf.Column("ปริมาณที่รับรอง\nCertified", 26, "right"),
    pdf.Column("น้ำหนักสุทธิ (KGM)\nNet weight", 26, "right"),
    pdf.Column("ซี.ไอ.เอฟ. (บาท)\nCIF (baht)", 28, "right"),
    pdf.Column("ภาษีอากรที่พักชำระ\nDuty suspended", 28, "right"),
    pdf.Column("คงเหลือ\nIn bond", 30, "right"),
)
_LEFT: Final = (
    pdf.Column("รายการ\nItem", 14, "right"),
    pdf.Column("วันที่\nDate", 32),
    pdf.Column("ใบขนสินค้าออก / เอกสาร\nDeclaration out / paper", 50),
    pdf.Column("เพื่อ\nFor", 79),
    pdf.Column("คงเหลือก่อน\nBefore", 34, "right"),
    pdf.Column("เบิกครั้งนี้\nWithdrawn", 34, "right"),
    pdf.Column("คงเหลือหลัง\nAfter", 34, "right"),
)
_WITHDRAWN: Final = (
    pdf.Column("รายการ\nItem", 12, "right"),
    pdf.Column("ตัดจากใบขนสินค้าขาเข้า\nCut from import declaration", 40),
    pdf.Column("พิกัด\nHS code", 20),
    pdf.Column("ชนิดของ\nDescription", 67),
    pdf.Column("ปริมาณ คงเหลือก่อน\nQuantity before", 23, "right"),
    pdf.Column("เบิกครั้งนี้\nWithdrawn", 23, "right"),
    pdf.Column("คงเหลือหลัง\nAfter", 23, "right"),
    pdf.Column("มูลค่า (บาท) ก่อน\nValue before", 23, "right"),
    pdf.Column("เบิกครั้งนี้\nWithdrawn", 23, "right"),
    pdf.Column("คงเหลือหลัง\nAfter", 23, "right"),
)
_ROLES: Final = (
    "เจ้าหน้าที่ศุลกากร / Customs officer",
    "ผู้ดำเนินการคลัง / Warehouse keeper",
)


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
    value_before: Decimal
    value_withdrawn: Decimal
    duty_baht: Decimal

    @property
    def quantities(self) -> tuple[str, ...]:
        """Before, withdrawn, after."""
        steps = (self.before, self.withdrawn, self.before - self.withdrawn)
        return tuple(f"{i18n.quantity(each)} {self.unit}" for each in steps)

    @property
    def values(self) -> tuple[str, ...]:
        """Before, withdrawn, after, in baht."""
        left = self.value_before - self.value_withdrawn
        return tuple(map(i18n.baht, (self.value_before, self.value_withdrawn, left)))


@dataclass(frozen=True, slots=True)
class Left:
    """One withdrawal from a line of an entry: by which declaration or paper, and what for."""

    line_number: int
    on: date
    number: str
    procedure: Procedure
    unit: str
    before: Decimal
    withdrawn: Decimal


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line of an entry into bond, in *unit*; *certified* is None before the officer's count."""

    line_number: int
    hs_code: str
    statistical_code: str
    description_th: str
    description_en: str
    unit: str
    declared: Decimal
    certified: Decimal | None
    in_bond: Decimal
    net_weight_kg: Decimal
    cif_baht: Decimal
    suspended_baht: Decimal


@dataclass(frozen=True, slots=True)
class EntryStatement:
    """Everything that is printed on the statement of one entry into bond, as it stood *on*."""

    declaration_number: str
    reference_number: str
    on: date
    import_date: date
    stored_on: date | None
    storage_ends_on: date | None
    certified_by: str
    house_bill: str
    house: House
    owner: Owner
    lines: tuple[StoredLine, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class WithdrawalStatement:
    """Everything that is printed on the statement of one declaration, or petition, out of bond."""

    number: str
    reference_number: str
    document_type: DocumentType
    procedure: Procedure
    on: date
    house: House
    owner: Owner
    lines: tuple[Withdrawal, ...]


def entry_statement(form: EntryStatement, link: str) -> bytes:
    """What an entry brought into bond (Customs Act s.124), and what left of it since; as PDF.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    title = ("บัญชีของที่นำเข้าเก็บในคลังสินค้าทัณฑ์บน", "Bonded entry statement")
    paper, y_mm = _begin(title, form.declaration_number, form.on, form.house, link)
    y_mm = forms.boxes(paper, y_mm, _across(form.house, form.owner), _entered(form))
    rows = [*map(_stored, form.lines), _sums(form.lines)]
    y_mm = paper.grid(_STORED, rows, x_mm=forms.MARGIN, y_mm=y_mm + 3, size=_SIZE)
    if form.left:
        y_mm = section(paper, y_mm, "การเบิกของ / Withdrawals", room_mm=24)
        left = map(_left, form.left)
        y_mm = paper.grid(_LEFT, left, x_mm=forms.MARGIN, y_mm=y_mm, size=_SIZE)
    forms.signatures(paper, y_mm, "ตรวจรับของเข้าเก็บถูกต้อง / Certified as stored", _ROLES)
    return paper.finish()


def withdrawal_statement(form: WithdrawalStatement, link: str) -> bytes:
    """What one declaration withdraws of each import line: before, withdrawn, after; as PDF.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    title = ("บัญชีการเบิกของออกจากคลังสินค้าทัณฑ์บน", "Bonded withdrawal statement")
    paper, y_mm = _begin(title, form.number, form.on, form.house, link)
    about = (
        ("เลขที่อ้างอิง / Reference", 92, form.reference_number),
        ("ประเภท / Type", 92, form.document_type.value),
        ("เพื่อ / For", 93, both(PROCEDURE_NAMES[form.procedure])),
    )
    y_mm = forms.boxes(paper, y_mm, _across(form.house, form.owner), about)
    rows = [
        [str(place), *named(line), *line.quantities, *line.values]
        for place, line in enumerate(form.lines, start=1)
    ]
    y_mm = paper.grid(_WITHDRAWN, rows, x_mm=forms.MARGIN, y_mm=y_mm + 3, size=_SIZE)
    forms.signatures(paper, y_mm, "ตรวจสอบถูกต้อง / Checked", _ROLES)
    return paper.finish()


def named(line: Withdrawal) -> tuple[str, ...]:
    """Of which import line, and what: three cells."""
    number = printed_declaration_number(line.entry.declaration_number)
    return (
        f"{number}\nรายการ / item {line.entry.line_number}",
        hs(line.hs_code),
        f"{line.description_th}\n{line.description_en}",
    )


def _begin(
    title: tuple[str, str], number: str, on: date, house: House, link: str
) -> tuple[pdf.Paper, float]:
    heading = forms.Heading(
        *title,
        bars=number,
        number=printed_declaration_number(number),
        link=link,
        notes=(f"ณ วันที่ {i18n.day(on, 'th')} / as of {i18n.day(on, 'en')}",),
    )
    return forms.begin(heading, author=house.operator_en, page=forms.LANDSCAPE)


def _across(house: House, owner: Owner) -> Sequence[Box]:
    """Operator, warehouse and owner, 277 mm wide."""
    return [
        (caption, width_mm, text)
        for (caption, _, text), width_mm in zip(
            house_boxes(house, owner), (92.0, 92.0, 93.0), strict=True
        )
    ]


def _entered(form: EntryStatement) -> Sequence[Box]:
    return (
        ("เลขที่อ้างอิง / Reference", 46, form.reference_number),
        ("ใบตราส่ง / House bill", 46, form.house_bill),
        ("วันนำเข้า / Import date", 46, day(form.import_date)),
        ("วันนำเข้าเก็บ / Stored on", 46, day(form.stored_on)),
        ("เก็บได้ถึง / Storage ends", 46, day(form.storage_ends_on)),
        ("เจ้าหน้าที่ผู้รับรอง / Certified by", 47, form.certified_by),
    )


def _stored(line: StoredLine) -> list[str]:
    certified = "–" if line.certified is None else f"{i18n.quantity(line.certified)} {line.unit}"
    return [
        str(line.line_number),
        f"{hs(line.hs_code)}\n{line.statistical_code}",
        f"{line.description_th}\n{line.description_en}",
        f"{i18n.quantity(line.declared)} {line.unit}",
        certified,
        f"{line.net_weight_kg:,.3f}",
        i18n.baht(line.cif_baht),
        i18n.baht(line.suspended_baht),
        f"{i18n.quantity(line.in_bond)} {line.unit}",
    ]


def _sums(lines: Sequence[StoredLine]) -> list[str]:
    weight = sum((line.net_weight_kg for line in lines), ZERO)
    cif = sum((line.cif_baht for line in lines), ZERO)
    suspended = sum((line.suspended_baht for line in lines), ZERO)
    sums = (f"{weight:,.3f}", i18n.baht(cif), i18n.baht(suspended))
    return ["", "", "รวม / Total", "", "", *sums, ""]


def _left(row: Left) -> Sequence[str]:
    steps = (row.before, row.withdrawn, row.before - row.withdrawn)
    return (
        str(row.line_number),
        i18n.day(row.on, "th"),
        printed_declaration_number(row.number),
        both(PROCEDURE_NAMES[row.procedure]),
        *(f"{i18n.quantity(each)} {row.unit}" for each in steps),
    )
