"""The discrepancy report: what differs, its tariff class and value, and until when it is due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.pdf.form import PAGES, Box, both, boxes, section
from warehouse.inventory.vocabulary import DISCREPANCY_NAMES, DiscrepancyKind

_MARGIN: Final = 10.0
_LINES: Final = (
    pdf.Column("เลขที่\nNumber", 26),
    pdf.Column("สิ่งที่ต่าง\nDifference", 33),
    pdf.Column("ของ\nGoods", 36),
    pdf.Column("พิกัด\nHS code", 18),
    pdf.Column("ตามเอกสาร\nExpected", 24),
    pdf.Column("ที่พบ\nFound", 24),
    pdf.Column("มูลค่า / อากร\nValue / duty", 29, "right"),
)
_SIGNATURES: Final = (
    "ผู้ดำเนินการคลัง / Warehouse keeper",
    "เจ้าหน้าที่ศุลกากร / Customs officer",
)
_SIGNATURE_WIDTH: Final = 80.0


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One case.  *value* is in *currency*, *duty_baht* what bond suspends on it."""

    number: str
    kind: DiscrepancyKind
    goods: str
    description: str
    hs_code: str
    expected: str
    found: str
    value: Decimal | None
    currency: str
    duty_baht: Decimal
    photos: int
    due_at: datetime
    left_hours: int | None
    """Until it is due; negative when overdue, None when it has ended."""


@dataclass(frozen=True, slots=True)
class DiscrepancyReport:
    """Everything that is printed on the report *number*: a case, or all of a consignment."""

    number: str
    premises_th: str
    premises_en: str
    licence_number: str
    owner_th: str
    owner_en: str
    consignment: str
    reference: str
    made_at: datetime
    lines: Sequence[ReportLine]


def discrepancy_report(report: DiscrepancyReport) -> bytes:
    """*report*, as PDF (Customs Act s.125).

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    paper = pdf.Paper(
        f"รายงานผลต่าง {report.number}",
        subject=f"Discrepancy report {report.number}",
        author=report.premises_en,
        footer=f"{report.number}   {PAGES}",
        margin_mm=_MARGIN,
    )
    paper.text(_MARGIN, 9, "รายงานผลต่างของของในคลัง", size=15, bold=True)
    paper.text(_MARGIN, 17.5, "สินค้าทัณฑ์บน", size=15, bold=True)
    paper.text(_MARGIN, 26.5, "Discrepancy report (Customs Act s.125)", size=11)
    paper.code128(118, 9, report.number, height_mm=12.5)
    paper.text(158, 22.5, report.number, size=13, bold=True, align="centre")
    y_mm = boxes(paper, 35, *_boxes(report))
    rows = [list(_row(line)) for line in report.lines]
    y_mm = paper.grid(_LINES, rows, x_mm=_MARGIN, y_mm=y_mm + 4, size=8)
    _signatures(paper, y_mm)
    return paper.finish()


def _boxes(report: DiscrepancyReport) -> Iterator[list[Box]]:
    yield [
        ("คลังสินค้าทัณฑ์บน / Warehouse", 95, f"{report.premises_th}\n{report.premises_en}"),
        ("เจ้าของของ / Owner", 95, f"{report.owner_th}\n{report.owner_en}"),
    ]
    yield [
        ("ใบอนุญาตคลัง / Licence", 63, report.licence_number),
        ("ใบรับสินค้า / Consignment", 63, f"{report.consignment}\n{report.reference}"),
        ("พิมพ์เมื่อ / Printed at", 64, _instant(report.made_at)),
    ]


def _row(line: ReportLine) -> Iterator[str]:
    yield f"{line.number}\n{_countdown(line)}"
    yield both(DISCREPANCY_NAMES[line.kind]).replace(" / ", "\n")
    yield f"{line.goods}\n{line.description}"
    yield line.hs_code
    yield line.expected or "–"
    yield f"{line.found or '–'}\nภาพ / photos {line.photos}"
    value = f"{i18n.baht(line.value)} {line.currency}" if line.value is not None else "–"
    yield f"{value}\n{i18n.baht(line.duty_baht)} THB"


def _countdown(line: ReportLine) -> str:
    due = _instant(line.due_at)
    if line.left_hours is None:
        return f"ยุติแล้ว / ended\n{due}"
    if line.left_hours < 0:
        return f"เกินกำหนด / overdue {-line.left_hours} h\n{due}"
    return f"เหลือ / left {line.left_hours} h\n{due}"


def _instant(at: datetime) -> str:
    return f"{i18n.moment(at, 'th')}\n{i18n.moment(at, 'en')}"


def _signatures(paper: pdf.Paper, y_mm: float) -> None:
    title = "รับทราบผลต่าง / Seen"
    y_mm = section(paper, y_mm + 4, title, room_mm=34) + 16
    for place, role in enumerate(_SIGNATURES):
        x_mm = _MARGIN + place * 100
        paper.line(x_mm, y_mm, x_mm + _SIGNATURE_WIDTH, y_mm)
        paper.text(x_mm + _SIGNATURE_WIDTH / 2, y_mm + 1, role, size=8, align="centre")
