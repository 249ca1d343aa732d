"""Every figure with its reasons: base × rate = amount, since when, and where the law says so."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.i18n import N_
from warehouse.core.money import Rounding
from warehouse.core.pdf.form import MARGIN, TEXT_SIZE, both, section

Receipt = Mapping[str, str]
"""One figure; see ``rules.receipt``."""

ROUNDING_NAMES: Final[Mapping[str, str]] = {
    Rounding.HALF_UP_SATANG: N_("half up to the satang"),
    Rounding.TRUNCATE_SATANG: N_("cut off at the satang"),
    Rounding.TRUNCATE_BAHT: N_("cut off at the baht"),
    Rounding.NONE: N_("not rounded"),
}

_COLUMNS: Final = (
    pdf.Column("รายการ / Item", 20, "right"),
    pdf.Column("ภาษีอากร / Charge", 72),
    pdf.Column("การคำนวณ / Reckoning", 67, "right"),
    pdf.Column("ยกเว้น / Exempted", 27, "right"),
    pdf.Column("จำนวนเงิน / Amount", 28, "right"),
    pdf.Column("มีผลตั้งแต่ / In force since", 42),
    pdf.Column("ที่มา / Source", 21, "right"),
)


class Sources:
    """The places in the law that figures rest on, each written once and named by a number."""

    def __init__(self, explained: Sequence[Receipt]) -> None:
        texts = dict.fromkeys(each["source"] for each in explained)
        self._notes = {text: f"[{number}]" for number, text in enumerate(texts, start=1)}

    def note(self, each: Receipt) -> str:
        """What stands beside the figure *each*."""
        return self._notes[each["source"]]

    def draw(self, paper: pdf.Paper, y_mm: float) -> float:
        """Write them down from *y_mm* on; return where they end."""
        across = paper.page.width_mm - 2 * MARGIN
        columns = (
            pdf.Column("ที่ / No.", 20, "right"),
            pdf.Column("กฎหมายและประกาศ / Act, notification, manual", across - 20),
        )
        y_mm = section(paper, y_mm, "ที่มา / Sources", room_mm=15)
        rows = ([note, text] for text, note in self._notes.items())
        return paper.grid(columns, rows, x_mm=MARGIN, y_mm=y_mm, size=TEXT_SIZE)


def draw_reckoning(paper: pdf.Paper, y_mm: float, explained: Sequence[tuple[int, Receipt]]) -> None:
    """Draw *explained*, pairs of line number and receipt, from *y_mm* on."""
    sources = Sources([each for _, each in explained])
    rows = (
        [
            str(number),
            both(each["title"]),
            reckoned(each),
            i18n.baht(Decimal(each["exempted"])),
            i18n.baht(Decimal(each["amount"])),
            since(each),
            sources.note(each),
        ]
        for number, each in explained
    )
    title = "รายละเอียดการคำนวณ / How each figure was reckoned"
    y_mm = section(paper, y_mm, title, room_mm=25)
    y_mm = paper.grid(_COLUMNS, rows, x_mm=MARGIN, y_mm=y_mm, size=TEXT_SIZE)
    sources.draw(paper, y_mm)


def reckoned(each: Receipt) -> str:
    """Base × rate = amount, as it stands before rounding."""
    reckoning = f"{Decimal(each['base']):,f} {each['base_unit']}"
    if each["rate"]:
        reckoning += f" × {Decimal(each['rate']):,f} {each['rate_unit']}"
        reckoning += f" = {Decimal(each['exact']):,f}"
    return reckoning


def explained_by(each: Receipt) -> Iterator[str]:
    """The reckoning of a figure, how it was rounded, and the reckoning that it beat."""
    yield reckoned(each)
    yield both(ROUNDING_NAMES[each["rounding"]])
    if each["instead_of"]:
        yield f"แทน / instead of {each['instead_of']}"


def since(each: Receipt) -> str:
    """The day since which the rules behind a figure are in force."""
    return i18n.day(date.fromisoformat(each["effective_from"]), "th")
