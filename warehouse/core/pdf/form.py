"""What forms share: the head with its codes, boxes with captions, titles of parts, signatures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from warehouse.core import i18n
from warehouse.core.pdf.lines import line_mm, wrap
from warehouse.core.pdf.paper import Page, Paper

TEXT_SIZE: Final = 7.5
PAGES: Final = "หน้า / Page {page} / {pages}"
LANDSCAPE: Final = Page(297, 210)
MARGIN: Final = 10.0

_CAPTION_SIZE: Final = 6.5
_PADDING_MM: Final = 1.0
_TITLE_SIZE: Final = 15.0
_BARS_MM: Final = 12.5
_SIGNING_MM: Final = 13.0  # room to sign in
_GAP_MM: Final = 8.0  # between signatures

Box = tuple[str, float, str]
"""Caption, width in millimetres, content."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a form: its names, its number in bars and in print, where it is verified.

    *link* is empty on what nobody can verify: a sample, say.
    """

    title_th: str
    title_en: str
    bars: str
    number: str
    link: str
    notes: Sequence[str] = ()


def begin(heading: Heading, *, author: str, page: Page, mark: str = "") -> tuple[Paper, float]:
    """A paper with its head drawn, and where the rest begins, in mm; *mark* is its watermark.

    Raises:
        NotEncodable: the number is not one that bars can carry.
    """
    paper = Paper(
        f"{heading.title_th} {heading.number}",
        page=page,
        subject=f"{heading.title_en} {heading.number}",
        author=author,
        footer="   ".join(filter(None, (heading.link, heading.number, PAGES))),
        margin_mm=MARGIN,
    )
    if mark:
        paper.watermark(mark)
    return paper, head(paper, heading)


def head(paper: Paper, heading: Heading) -> float:
    """Titles at the left, bars and QR code at the right; return where they end, in mm."""
    right_mm, top_mm = paper.page.width_mm - MARGIN, MARGIN - 1
    ends_mm = top_mm + _BARS_MM + 1 + line_mm(12)
    if heading.link:
        side_mm = paper.side_of_qr_code_mm(heading.link)
        right_mm -= side_mm
        paper.qr_code(right_mm, top_mm - 2, heading.link)
        ends_mm = max(ends_mm, top_mm - 2 + side_mm)
    bars_mm = paper.width_of_code128_mm(heading.bars)
    left_mm = right_mm - bars_mm
    paper.code128(left_mm, top_mm, heading.bars, height_mm=_BARS_MM)
    paper.text(
        left_mm + bars_mm / 2, top_mm + _BARS_MM + 1, heading.number,
        size=12, bold=True, align="centre",
    )  # fmt: skip
    width_mm = left_mm - MARGIN
    y_mm = paper.paragraph(
        MARGIN, top_mm, heading.title_th, width_mm=width_mm, size=_TITLE_SIZE, bold=True
    )
    y_mm = paper.paragraph(MARGIN, y_mm, heading.title_en, width_mm=width_mm, size=11)
    for note in heading.notes:
        y_mm = paper.paragraph(MARGIN, y_mm, note, width_mm=width_mm, size=8, bold=True)
    return max(y_mm, ends_mm) + 2


def both(sentence: str) -> str:
    """A marked *sentence* in Thai and English."""
    return f"{i18n.translate(sentence, 'th')} / {i18n.translate(sentence, 'en')}"


def day(when: date | None) -> str:
    """*when* in the Buddhist era, and below it in the Gregorian; a dash if there is no such day."""
    return f"{i18n.day(when, 'th')}\n{i18n.day(when, 'en')}" if when else "–"


def numbered(rows: Iterable[Sequence[Box]], first: int = 1) -> Iterator[list[Box]]:
    """*rows* with their captions numbered from *first*, as the boxes of an official form."""
    numbers = count(first)
    for row in rows:
        yield [(f"{next(numbers)} {caption}", width_mm, text) for caption, width_mm, text in row]


def boxes(paper: Paper, y_mm: float, *rows: Sequence[Box]) -> float:
    """Draw *rows* of boxes, each as high as its content needs; return where they end, in mm.

    A row stays whole: it goes to the next page if this one has no room for it.
    """
    for row in rows:
        captions = [
            wrap(caption, width_mm - 2 * _PADDING_MM, _CAPTION_SIZE, bold=True)
            for caption, width_mm, _ in row
        ]
        texts = [
            wrap(text or "–", width_mm - 2 * _PADDING_MM, TEXT_SIZE) for _, width_mm, text in row
        ]
        below_mm = _PADDING_MM / 2 + max(map(len, captions)) * line_mm(_CAPTION_SIZE)
        height_mm = below_mm + max(map(len, texts)) * line_mm(TEXT_SIZE) + _PADDING_MM
        if y_mm + height_mm > paper.foot_mm:
            paper.next_page()
            y_mm = paper.margin_mm
        x_mm = paper.margin_mm
        for (_, width_mm, _), caption, text in zip(row, captions, texts, strict=True):
            paper.box(x_mm, y_mm, width_mm, height_mm)
            left_mm = x_mm + _PADDING_MM
            paper.lines(left_mm, y_mm + _PADDING_MM / 2, caption, size=_CAPTION_SIZE, bold=True)
            paper.lines(left_mm, y_mm + below_mm, text, size=TEXT_SIZE)
            x_mm += width_mm
        y_mm += height_mm
    return y_mm


def section(paper: Paper, y_mm: float, title: str, *, room_mm: float) -> float:
    """Write *title*, on a new page unless *room_mm* is left on this; return where it ends."""
    y_mm += 3
    if y_mm + room_mm > paper.foot_mm:
        paper.next_page()
        y_mm = paper.margin_mm
    paper.text(paper.margin_mm, y_mm, title, size=9.5, bold=True)
    return y_mm + line_mm(9.5)


def signatures(paper: Paper, y_mm: float, title: str, roles: Sequence[str]) -> float:
    """Lines to sign on, side by side, one for each of *roles*; a name may follow on a new line."""
    most = max(role.count("\n") for role in roles) + 2
    room_mm = line_mm(9.5) + _SIGNING_MM + most * line_mm(8) + 4
    y_mm = section(paper, y_mm, title, room_mm=room_mm) + _SIGNING_MM
    across = paper.page.width_mm - 2 * MARGIN
    width_mm = min(70, (across - _GAP_MM * (len(roles) - 1)) / len(roles))
    step_mm = (across - width_mm) / max(1, len(roles) - 1)
    for place, role in enumerate(roles):
        x_mm = MARGIN + place * step_mm
        paper.line(x_mm, y_mm, x_mm + width_mm, y_mm)
        lines = [*role.split("\n"), "วันที่ / Date ......................"]
        for row, text in enumerate(lines):
            paper.text(
                x_mm + width_mm / 2, y_mm + 1 + row * line_mm(8), text, size=8, align="centre"
            )
    return y_mm + 1 + most * line_mm(8)
