"""Papers: labels next to a bare canvas that draws their bars, and declarations."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import accumulate, cycle, islice
from pathlib import Path
from typing import Final

import pypdfium2
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.goods import consignment
from benchmarks.house import House
from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from warehouse.core import barcodes
from warehouse.core.pdf import fonts
from warehouse.core.work import Work
from warehouse.customs import documents
from warehouse.customs import queries as customs
from warehouse.customs.documents import DeclarationPaper
from warehouse.masterdata import identifiers
from warehouse.operations.clearance import entry
from warehouse.operations.intake import announcing
from warehouse.operations.printing import customs_forms
from warehouse.shipments.documents import LabelLine, ShipmentLabel, shipment_labels

LABELS: Final = Target(at_least=0.5)
DECLARATIONS: Final = Target(at_least=60)
MANY_PAGES: Final = Target(at_least=100)
SINGLE: Final = Target(at_most=20)
BESIDE_BARE: Final = Target()
_POINTS_PER_MM: Final = 72 / 25.4
_MODULE: Final = 3 * 72 / 203  # points: three dots of a label printer
_LINES: Final = 12  # of a declaration
_LINK: Final = "https://warehouse.example.th/verify/ABCDEFGHIJKLMNOP"
_BARE: Final = "Bare Sarabun"
_SARABUN: Final = Path(fonts.__file__).parent.parent / "fonts" / "Sarabun-Regular.ttf"
_FIRST_PARCEL: Final = 2_000_000_000  # behind those that are announced elsewhere

_FIRST_NAMES: Final = ("ปิยะดา", "กรุง", "น้ำฝน", "ณัฐพงศ์", "อรุณี", "ธีรเดช", "พิมพ์ใจ", "สมบูรณ์")
_SURNAMES: Final = ("น้ำทิพย์", "ผู้นำเข้า", "ศรีสุวรรณ", "รุ่งเรืองกิจ", "ทองคำ", "เจริญสุข", "บุญมี")
_STREETS: Final = (
    "ซอยลาดพร้าว 15 ถนนลาดพร้าว แขวงจอมพล เขตจตุจักร",
    "หมู่บ้านสุขใจ ถนนแจ้งวัฒนะ แขวงทุ่งสองห้อง เขตหลักสี่",
    "หมู่ 4 ถนนเชียงใหม่-ลำพูน ตำบลวัดเกต อำเภอเมืองเชียงใหม่",
    "อาคารปั๊มน้ำ ชั้น 2 ถนนมิตรภาพ ตำบลในเมือง อำเภอเมืองขอนแก่น",
)
_PROVINCES: Final = (
    ("กรุงเทพมหานคร", "10900"), ("กรุงเทพมหานคร", "10210"), ("เชียงใหม่", "50000"),
    ("ขอนแก่น", "40000"),
)  # fmt: skip


def labels(*, amount: int) -> Contest:
    """Print so many labels into one file."""
    ours = [_label(own) for own in range(amount)]

    def by_us() -> float:
        began = time.process_time()
        content = shipment_labels(ours)
        return _checked(amount / (time.process_time() - began), [content], amount)

    def bare() -> float:
        began = time.process_time()
        content = _bars_alone(ours)
        return _checked(amount / (time.process_time() - began), [content], amount)

    by_us()
    return Contest(
        f"{amount:,} labels",
        "labels/s",
        LABELS,
        [Variant("bare canvas", bare), Variant("in one file", by_us, "bare canvas")],
    )


def declarations(house: House, *, amount: int, lines: int) -> Contest:
    """Print so many declarations, a file each; then one of so many *lines*, and one of a page.

    They are entries into bond, as if customs had answered.  The bare canvas writes the text of the
    long one, line by line, in the same typeface: it shapes nothing and draws no box.
    """
    with house.begin() as work:
        forms = [_form(work, house, own) for own in range(amount)]
    pages = sum(_pages(documents.declaration(form, _LINK)) for form in forms)
    long, short = _of_lines(forms[0], lines), _of_lines(forms[0], 1)
    text = _text(documents.declaration(long, _LINK))

    def each() -> float:
        began = time.process_time()
        files = [documents.declaration(form, _LINK) for form in forms]
        return _checked(pages / (time.process_time() - began), files, pages)

    def in_one() -> float:
        began = time.process_time()
        content = documents.declaration(long, _LINK)
        return _checked(len(text) / (time.process_time() - began), [content], len(text))

    def bare() -> float:
        began = time.process_time()
        content = _text_alone(text)
        return _checked(len(text) / (time.process_time() - began), [content], len(text))

    def single() -> float:
        links = [f"{_LINK[:-4]}{own:04}".replace("0", "A") for own in range(amount)]
        began = time.process_time()
        for link in links:
            documents.declaration(short, link)
        return (time.process_time() - began) / amount * 1000

    return Contest(
        f"{amount:,} declarations of {_LINES} lines",
        "pages/s",
        DECLARATIONS,
        [
            Variant(f"files of {pages / amount:.1f} pages", each),
            Variant("bare canvas", bare),
            Variant(f"one of {lines:,} lines, {len(text):,} pages", in_one, "bare canvas",
                    target=BESIDE_BARE),
            Variant(f"one of {lines:,} lines, alone", in_one, target=MANY_PAGES),
            Variant("one of a line, each", single, unit="ms CPU", target=SINGLE),
        ],
    )  # fmt: skip


def _of_lines(form: DeclarationPaper, lines: int) -> DeclarationPaper:
    """*form* with so many lines, no two alike."""
    drawn = (
        replace(line, line_number=number, description_en=f"{line.description_en} {number}")
        for number, line in enumerate(islice(cycle(form.lines), lines), start=1)
    )
    return replace(form, lines=tuple(drawn))


def _text(content: bytes) -> list[list[str]]:
    """The lines of text on each page."""
    with closing(pypdfium2.PdfDocument(content)) as document:
        return [page.get_textpage().get_text_bounded().splitlines() for page in document]


def _text_alone(pages: Sequence[Sequence[str]]) -> bytes:
    """*pages* of text, line below line, and nothing else."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(297 * _POINTS_PER_MM, 210 * _POINTS_PER_MM), pageCompression=1)
    pdfmetrics.registerFont(TTFont(_BARE, _SARABUN))
    for lines in pages:
        canvas.setFont(_BARE, 7.5)
        for row, line in enumerate(lines):
            canvas.drawString(30 + row % 8 * 95, 570 - row // 8 * 12, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _checked(figure: float, files: Sequence[bytes], expected: int) -> float:
    """*figure*, if *files* have as many pages as is *expected*."""
    if (found := sum(map(_pages, files))) != expected:
        raise BenchmarkError(f"{expected} pages were expected, and {found} came.")
    return figure


def _pages(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


def _label(own: int) -> ShipmentLabel:
    """A label whose buyer, address, numbers and goods are those of no other one."""
    first, last = _FIRST_NAMES[own % 8], _SURNAMES[own // 8 % 7]
    province, postcode = _PROVINCES[own % 4]
    return ShipmentLabel(
        operator_th="บริษัท ไปรษณีย์ไทย จำกัด",
        operator_en="THAILAND POST COMPANY LIMITED",
        return_address="คลังสินค้าทัณฑ์บน หลักสี่ 111 ถนนแจ้งวัฒนะ หลักสี่ กรุงเทพมหานคร 10210",
        parcel_number=identifiers.make_s10("EE", 10_000_000 + own, "TH"),
        shipment_number=f"SHP-2026-{own + 1:06}",
        order_reference=f"SO-2026-{own + 40_000}",
        buyer_name=f"คุณ{first} {last}",
        buyer_phone=f"08{12_345_678 + own * 37}",
        address=f"{own // 4 + 1}/{own % 90 + 1} {_STREETS[own % 4]}",
        province=province,
        postcode=postcode,
        weight_kg=Decimal(own % 900 + 100).scaleb(-3),
        lines=(
            LabelLine(f"SKU-{own:05}", "เสื้อยืดผ้าฝ้ายถัก", Decimal(1 + own % 5), "C62"),
            LabelLine("BAG-1", "กระเป๋าถือหนังเทียม", Decimal(1), "C62"),
        ),
    )


def _bars_alone(labels: Sequence[ShipmentLabel]) -> bytes:
    """The two codes of each label in rectangles on a page, and nothing else."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(100 * _POINTS_PER_MM, 150 * _POINTS_PER_MM), pageCompression=1)
    for label in labels:
        for number, y, height in ((label.parcel_number, 330, 43), (label.shipment_number, 70, 24)):
            widths = barcodes.code128_modules(number)
            edges = accumulate(widths, initial=10)
            for at, (left, width) in enumerate(zip(edges, widths, strict=False)):
                if at % 2 == 0:
                    x, wide = left * _MODULE, width * _MODULE
                    canvas.rect(x, y, wide, height, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _form(work: Work, house: House, own: int) -> DeclarationPaper:
    """What stands on the declaration of a consignment that nobody else announced."""
    first = _FIRST_PARCEL + own * _LINES
    announcement = consignment(house, range(first, first + _LINES))
    announced = announcing.announce(work, house.partner_id, announcement).consignment
    entry.draft_entry(work, {"subject": str(announced.id)})
    declaration = customs.declaration_of_consignment(work.session, announced.id)
    if declaration is None:
        raise BenchmarkError(f"{announced.number} could not be declared into bond.")
    declaration.declaration_number = f"A0110690{own:06}"
    declaration.numbered_at = work.at
    work.session.flush()
    return customs_forms.declaration_form(work.session, declaration)
