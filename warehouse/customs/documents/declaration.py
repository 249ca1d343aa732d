"""Declarations in the layout logic of กศก.99/1 (types 0, A, C, P) and กศก.101/1 (1, B, D).

The electronic message is the legal declaration; this is what people read, file and sign beside it.
Until customs has given a number every page says that it is a working copy.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.form import both, section
from warehouse.customs.documents.declaration_boxes import header
from warehouse.customs.documents.declared import DeclarationPaper, Duty, PaperLine
from warehouse.customs.documents.form import hs
from warehouse.customs.documents.reckoning import draw_reckoning
from warehouse.customs.rules.receipt import TITLES
from warehouse.masterdata.identifiers import printed_declaration_number

WORKING_COPY: Final = "ร่าง WORKING COPY"
_LEGAL: Final = (
    "พิมพ์จากข้อมูลอิเล็กทรอนิกส์ ซึ่งเป็นใบขนสินค้าตามกฎหมาย / "
    "Printed from the electronic message, which is the legal declaration"
)
_NOT_FILED: Final = (
    "สำเนาสำหรับใช้งาน: ศุลกากรยังไม่ออกเลขที่ใบขนสินค้า / WORKING COPY: customs has given no number yet"
)
_CERTIFIED: Final = (
    "ข้าพเจ้าขอรับรองว่ารายการข้างต้นเป็นความจริงทุกประการ / "
    "I certify that the above is true in every respect"
)
_SIZE: Final = 7.5
_CHARGE: Final = 5  # columns of one duty or tax
_FIRST_COLUMN: Final = 33  # the number of the first column, behind the boxes of the header


def _columns(value_th: str, value_en: str) -> tuple[pdf.Column, ...]:
    columns: tuple[tuple[str, float, pdf.Align], ...] = (
        ("รายการ\nItem", 12, "right"),
        ("พิกัด / รหัสสถิติ\nHS / stat. code", 21, "left"),
        ("ชนิดของ\nDescription", 58, "left"),
        ("กำเนิด\nOrigin", 12, "left"),
        ("ปริมาณ / น้ำหนัก\nQuantity / weight", 27, "right"),
        (f"ราคาหน่วย / {value_th}\nUnit price / {value_en}", 31, "right"),
        (f"{value_th} (บาท)\n{value_en} (baht)", 23, "right"),
        ("ประเภท\nType", 11, "left"),
        ("อัตรา\nRate", 13, "right"),
        ("ค่าภาษีอากร\nAmount", 23, "right"),
        ("ยกเว้น\nExempted", 23, "right"),
        ("ชำระ, ประกัน\nPaid, deposit", 23, "right"),
    )
    return tuple(
        pdf.Column(f"{number} {caption}", width_mm, align)
        for number, (caption, width_mm, align) in enumerate(columns, start=_FIRST_COLUMN)
    )


_IMPORT: Final = _columns("ซี.ไอ.เอฟ.", "CIF")
_EXPORT: Final = _columns("เอฟ.โอ.บี.", "FOB")
_TOTALS: Final = (
    pdf.Column("ภาษีอากร / Duty or tax", 79),
    pdf.Column("ค่าภาษีอากร / Assessed", 33, "right"),
    pdf.Column("พักชำระ, ยกเว้น / Suspended", 33, "right"),
    pdf.Column("ต้องชำระ / Due", 33, "right"),
    pdf.Column("ปัดเศษ / Rounding", 33, "right"),
    pdf.Column("ยอดชำระ / Payable", 33, "right"),
    pdf.Column("วางประกัน / Deposit", 33, "right"),
)


def declaration(form: DeclarationPaper, link: str) -> bytes:
    """*form* as PDF; *link* leads to where it is verified.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    way_th, way_en, blank = (
        ("ใบขนสินค้าขาออก", "Export declaration", "กศก.101/1")
        if form.exports
        else ("ใบขนสินค้าขาเข้า", "Import declaration", "กศก.99/1")
    )
    number = printed_declaration_number(form.number) if form.number else form.reference_number
    heading = forms.Heading(
        title_th=f"{way_th}   (ตามแบบ {blank})",
        title_en=way_en,
        bars=form.number or form.reference_number,
        number=number,
        link=link,
        notes=(_LEGAL if form.number else _NOT_FILED,),
    )
    mark = "" if form.number else WORKING_COPY
    paper, y_mm = forms.begin(
        heading, author=form.house.operator_en, page=forms.LANDSCAPE, mark=mark
    )
    y_mm = forms.boxes(paper, y_mm, *forms.numbered(header(form)))
    columns = _EXPORT if form.exports else _IMPORT
    y_mm = paper.grid(columns, map(_line, form.lines), x_mm=forms.MARGIN, y_mm=y_mm + 3, size=_SIZE)
    title = "รวมค่าภาษีอากร (บาท) / Duties and taxes (baht)"
    y_mm = section(paper, y_mm, title, room_mm=22 + 7 * len(form.totals))
    y_mm = paper.grid(_TOTALS, _totals(form), x_mm=forms.MARGIN, y_mm=y_mm, size=_SIZE)
    roles = ("ผู้ยื่นใบขนสินค้า / Declarant", "พนักงานศุลกากร / Customs officer")
    y_mm = forms.signatures(paper, y_mm, _CERTIFIED, roles)
    explained = [(line.line_number, each) for line in form.lines for each in line.explained]
    if explained:
        draw_reckoning(paper, y_mm, explained)
    return paper.finish()


def _line(line: PaperLine) -> list[str]:
    charges = [row for duty in line.duties for row in _charges(duty)]
    value = i18n.baht(line.value_baht)
    foreign = (f"{line.unit_price_foreign:,.5f}", i18n.baht(line.value_foreign))
    if line.assessed_baht is not None:
        value += f"\nประเมิน / assessed\n{i18n.baht(line.assessed_baht)}"
    return [
        str(line.line_number),
        f"{hs(line.hs_code)}\n{line.statistical_code}  {line.privilege_code}\n{line.export_tariff}"
        .rstrip(),
        "\n".join(_description(line)),
        line.origin_country,
        f"{i18n.quantity(line.quantity)} {line.unit}\n{line.net_weight_kg:,.3f} KGM",
        "\n".join(f"{line.currency} {each}" for each in foreign),
        value,
        *("\n".join(charge[at] for charge in charges) for at in range(_CHARGE)),
    ]  # fmt: skip


def _charges(duty: Duty) -> Iterator[tuple[str, ...]]:
    """Type, rate, amount, exempted, paid; below it a second rate, and what is deposited and why."""
    exempted = duty.amount - duty.paid - duty.deposited
    rate, *other_rates = duty.rates
    yield (duty.duty_type, rate, *map(i18n.baht, (duty.amount, exempted, duty.paid)))
    for other in other_rates:
        yield ("", other, "", "", "")
    for deposit in duty.deposits:
        yield (deposit.reason_code, "", "", "", i18n.baht(deposit.amount))


def _description(line: PaperLine) -> Iterator[str]:
    yield line.description_th
    yield f"{line.description_en}, {line.brand}"
    if line.entry:
        number = printed_declaration_number(line.entry.declaration_number)
        yield f"อ้างถึง / Ref. {number} รายการ / item {line.entry.line_number}"
    if line.origin_proof:
        yield f"หลักฐานถิ่นกำเนิด / Proof of origin {line.origin_proof}"
    for permit in line.permits:
        issued = i18n.day(permit.issued_on, "th")
        yield f"ใบอนุญาต / Permit {permit.number} ({issued}) {permit.authority_id}"


def _totals(form: DeclarationPaper) -> Iterator[Sequence[str]]:
    for total in form.totals:
        title = f"{total.duty_type}  {both(TITLES[total.duty_type])}"
        yield (title, *map(i18n.baht, total.amounts))
    yield ("รวมทั้งสิ้น / Total", *map(i18n.baht, form.sums))
