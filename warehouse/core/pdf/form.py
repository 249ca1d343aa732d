"""What forms share: boxes with captions, titles of parts, days and words in both languages."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from warehouse.core import i18n
from warehouse.core.pdf.grid import Column
from warehouse.core.pdf.lines import line_mm
from warehouse.core.pdf.paper import Paper

CAPTION_SIZE: Final = 7.5
PAGES: Final = "หน้า / Page {page} / {pages}"

Box = tuple[str, float, str]
"""Caption, width in millimetres, content."""


def both(sentence: str) -> str:
    """A marked *sentence* in Thai and English."""
    return f"{i18n.translate(sentence, 'th')} / {i18n.translate(sentence, 'en')}"


def day(when: date) -> str:
    """*when* in the Buddhist era, and below it in the Gregorian."""
    return f"{i18n.day(when, 'th')}\n{i18n.day(when, 'en')}"


def boxes(paper: Paper, y_mm: float, *rows: Sequence[Box]) -> float:
    """Draw *rows* of boxes, each as high as its content needs; return where they end, in mm."""
    for row in rows:
        columns = [Column(caption, width_mm) for caption, width_mm, _ in row]
        content = [[text for _, _, text in row]]
        y_mm = paper.grid(columns, content, x_mm=paper.margin_mm, y_mm=y_mm, size=CAPTION_SIZE)
    return y_mm


def section(paper: Paper, y_mm: float, title: str, *, room_mm: float) -> float:
    """Write *title*, on a new page unless *room_mm* is left on this; return where it ends."""
    y_mm += 3
    if y_mm + room_mm > paper.foot_mm:
        paper.next_page()
        y_mm = paper.margin_mm
    paper.text(paper.margin_mm, y_mm, title, size=9.5, bold=True)
    return y_mm + line_mm(9.5)
