"""The assessment of a declaration, line by line: what a receipt says before customs gives it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.form import both, day, section
from warehouse.customs.documents.declared import DeclarationPaper, PaperLine
from warehouse.customs.documents.form import house_boxes, hs
from warehouse.customs.documents.reckoning import Receipt, Sources, explained_by, since
from warehouse.customs.rules.receipt import TITLES
from warehouse.customs.vocabulary import PROCEDURE_NAMES
from warehouse.masterdata.identifiers import printed_declaration_number

_SIZE: Final = 7.5
_NO_RECEIPT: Final = (
    "ใบแสดงการคำนวณ มิใช่ใบเสร็จรับเงินของกรมศุลกากร / "
    "A reckoning; customs gives the receipt (กศก.122, กศก.123)"
)
_FIGURES: Final = (
    pdf.Column("ภาษีอากร\nCharge", 42),
    pdf.Column("การคำนวณ\nReckoning", 68, "right"),
    pdf.Column("ยกเว้น\nExempted", 21, "right"),
    pdf.Column("จำนวนเงิน\nAmount", 22, "right"),
    pdf.Column("มีผลตั้งแต่\nIn force since", 25),
    pdf.Column("ที่มา\nSource", 12, "right"),
)
_TOTALS: Final = (
    pdf.Column("ภาษีอากร / Duty or tax", 58),
    pdf.Column("ค่าภาษีอากร\nAssessed", 22, "right"),
    pdf.Column("พักชำระ, ยกเว้น\nSuspended", 22, "right"),
    pdf.Column("ต้องชำระ\nDue", 22, "right"),
    pdf.Column("ปัดเศษ\nRounding", 22, "right"),
    pdf.Column("ยอดชำระ\nPayable", 22, "right"),
    pdf.Column("วางประกัน\nDeposit", 22, "right"),
)


def assessment(form: DeclarationPaper, link: str) -> bytes:
    """How each figure of a declaration came about, and what is paid, as PDF.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    number = form.number or form.reference_number
    heading = forms.Heading(
        title_th="ใบประเมินค่าภาษีอากร",
        title_en="Assessment of duty and tax",
        bars=number,
        number=printed_declaration_number(number),
        link=link,
        notes=(_NO_RECEIPT,),
    )
    paper, y_mm = forms.begin(heading, author=form.house.operator_en, page=pdf.A4)
    about = (
        ("ประเภท / Type", 63, f"{form.document_type}\n{both(PROCEDURE_NAMES[form.procedure])}"),
        ("วันนำเข้า / Import date", 63, day(form.import_date)),
        ("เลขที่ชำระ / Payment number", 64, form.payment_number),
    )
    y_mm = forms.boxes(paper, y_mm, house_boxes(form.house, form.owner), about)
    sources = Sources([each for line in form.lines for each in line.explained])
    for line in form.lines:
        name = f"รายการ / Item {line.line_number}   {hs(line.hs_code)}   {_goods(line)}"
        y_mm = section(paper, y_mm, pdf.wrap(name, 190, 9.5, bold=True, most=1)[0], room_mm=25)
        rows = (_figure(each, sources) for each in line.explained)
        y_mm = paper.grid(_FIGURES, rows, x_mm=forms.MARGIN, y_mm=y_mm, size=_SIZE)
    y_mm = section(paper, y_mm, "รวม (บาท) / Total (baht)", room_mm=22 + 7 * len(form.totals))
    y_mm = paper.grid(_TOTALS, _totals(form), x_mm=forms.MARGIN, y_mm=y_mm, size=_SIZE)
    sources.draw(paper, y_mm)
    return paper.finish()


def _goods(line: PaperLine) -> str:
    amounts = [f"{i18n.quantity(line.quantity)} {line.unit}"]
    if line.excise_quantity is not None:
        amounts.append(f"{i18n.quantity(line.excise_quantity)} {line.excise_unit}")
    if line.retail_price_baht is not None:
        amounts.append(f"ราคาขายปลีก / Retail price {i18n.baht(line.retail_price_baht)}")
    return "   ".join([*amounts, line.description_th])


def _figure(each: Receipt, sources: Sources) -> Sequence[str]:
    return (
        both(each["title"]).replace(" / ", "\n"),
        "\n".join(explained_by(each)),
        i18n.baht(Decimal(each["exempted"])),
        i18n.baht(Decimal(each["amount"])),
        since(each),
        sources.note(each),
    )


def _totals(form: DeclarationPaper) -> Iterator[Sequence[str]]:
    for total in form.totals:
        title = f"{total.duty_type}  {both(TITLES[total.duty_type])}"
        yield (title, *map(i18n.baht, total.amounts))
    yield ("รวมทั้งสิ้น / Total", *map(i18n.baht, form.sums))
