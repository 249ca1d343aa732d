"""Every figure with its reasons: base × rate = amount, since when, and where the law says so."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.pdf.form import TEXT_SIZE, both, section

_COLUMNS: Final = (
    pdf.Column("รายการ / Item", 20, "right"),
    pdf.Column("ภาษีอากร / Charge", 72),
    pdf.Column("การคำนวณ / Reckoning", 67, "right"),
    pdf.Column("ยกเว้น / Exempted", 27, "right"),
    pdf.Column("จำนวนเงิน / Amount", 28, "right"),
    pdf.Column("มีผลตั้งแต่ / In force since", 42),
    pdf.Column("ที่มา / Source", 21, "right"),
)
_SOURCES: Final = (
    pdf.Column("ที่ / No.", 20, "right"),
    pdf.Column("กฎหมายและประกาศ / Act, notification, manual", 257),
)


def draw_reckoning(
    paper: pdf.Paper, y_mm: float, explained: Sequence[tuple[int, Mapping[str, str]]]
) -> None:
    """Draw *explained*, pairs of line number and receipt (see ``rules.receipt``), from *y_mm* on.

    A source that many figures share is written once, below.
    """
    sources = list(dict.fromkeys(each["source"] for _, each in explained))
    notes = {source: f"[{number}]" for number, source in enumerate(sources, start=1)}
    rows = (_receipt(number, each, notes) for number, each in explained)
    title = "รายละเอียดการคำนวณ / How each figure was reckoned"
    y_mm = section(paper, y_mm, title, room_mm=25)
    y_mm = paper.grid(_COLUMNS, rows, x_mm=paper.margin_mm, y_mm=y_mm, size=TEXT_SIZE)
    y_mm = section(paper, y_mm, "ที่มา / Sources", room_mm=15)
    named = [[note, source] for source, note in notes.items()]
    paper.grid(_SOURCES, named, x_mm=paper.margin_mm, y_mm=y_mm, size=TEXT_SIZE)


def _receipt(line_number: int, each: Mapping[str, str], notes: Mapping[str, str]) -> list[str]:
    reckoning = f"{Decimal(each['base']):,f} {each['base_unit']}"
    if each["rate"]:
        reckoning += f" × {Decimal(each['rate']):,f} {each['rate_unit']}"
        reckoning += f" = {Decimal(each['exact']):,f}"
    return [
        str(line_number),
        both(each["title"]),
        reckoning,
        i18n.baht(Decimal(each["exempted"])),
        i18n.baht(Decimal(each["amount"])),
        i18n.day(date.fromisoformat(each["effective_from"]), "th"),
        notes[each["source"]],
    ]
