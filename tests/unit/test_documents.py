"""Every paper as people, printers and scanners see it: pictures, bars and text."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest
from PIL import Image
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeStr
from reportlab.pdfgen.canvas import Canvas

from tests import paper_samples as samples
from tests import pictures
from warehouse.core import pdf
from warehouse.core.barcodes import NotEncodable
from warehouse.core.pdf import fonts, form
from warehouse.customs.documents import (
    assessment,
    collection_order,
    declaration,
    entry_statement,
    petition,
    release_note,
    withdrawal_statement,
)
from warehouse.inventory.certificates import disposal_paper
from warehouse.inventory.documents import goods_labels, location_labels
from warehouse.shipments.documents import shipment_label, shipment_labels

THAI_WORDS = ("ที่", "ปั๊ม", "น้ำ", "กรุ๊ป", "ผู้นำเข้า", "กฎฐู้", "คลังสินค้าทัณฑ์บน")
DOTS_PER_MM = pictures.PRINTER_DPI / 25.4
BOLD = Path(fonts.__file__).parent.parent / "fonts" / "Sarabun-Bold.ttf"
LONG_NUMBER = samples.LONG_NUMBER.encode()
LINK = samples.LINK.encode()

MAKERS: dict[str, Callable[[], bytes]] = {
    "label": lambda: shipment_label(samples.LABEL),
    "full label": lambda: shipment_label(samples.FULL_LABEL),
    "into bond": lambda: declaration(samples.INTO_BOND, samples.LINK),
    "home use": lambda: declaration(samples.HOME_USE, samples.LINK),
    "sixty lines": lambda: declaration(samples.SIXTY_LINES, samples.LINK),
    "working copy": lambda: declaration(samples.DRAFT, samples.LINK),
    "abroad": lambda: declaration(samples.ABROAD, samples.LINK),
    "disputed": lambda: declaration(samples.DISPUTED, samples.LINK),
    "entry statement": lambda: entry_statement(samples.ENTRY_STATEMENT, samples.LINK),
    "withdrawal": lambda: withdrawal_statement(samples.WITHDRAWAL_STATEMENT, samples.LINK),
    "assessment": lambda: assessment(samples.DISPUTED, samples.LINK),
    "petition": lambda: petition(samples.PETITION, samples.LINK),
    "collection order": lambda: collection_order(samples.COLLECTION, samples.LINK),
    "certificate": lambda: disposal_paper(samples.CERTIFICATE, samples.LINK),
    "release note": lambda: release_note(samples.NOTE, samples.LINK),
    "long release note": lambda: release_note(samples.LONG_NOTE, samples.LINK),
    "place": lambda: location_labels([samples.PLACE]),
    "full place": lambda: location_labels([samples.FULL_PLACE]),
    "lot": lambda: goods_labels([samples.LOT]),
    "full lot": lambda: goods_labels([samples.FULL_LOT]),
}
CODES = {
    "label": {b"EE100000025TH", b"SHP-2026-000123"},
    "full label": {LONG_NUMBER, b"SHP-2026-12345678901"},
    "into bond": {b"A0030690800012", LINK},
    "home use": {b"A003P690800013", LINK},
    "sixty lines": {b"A0030690800012", LINK},
    "working copy": {b"TPBW000000001", LINK},
    "abroad": {b"A0031690800014", LINK},
    "disputed": {b"A003P690800013", LINK},
    "entry statement": {b"A0030690800012", LINK},
    "withdrawal": {b"A003P690800013", LINK},
    "assessment": {b"A003P690800013", LINK},
    "petition": {b"TPBW000000009", LINK},
    "collection order": {b"COL-2026-000123", b"EE123456785CN", LINK},
    "certificate": {b"DSP-2026-000004", LINK},
    "release note": {b"REL-2026-000123", LINK},
    "long release note": {b"REL-2026-000123", LINK},
    "place": {b"LOC-A-01-03"},
    "full place": {b"LOC-" + b"R" * 30},
    "lot": {b"LP00123456789012CN"},
    "full lot": {LONG_NUMBER},
}
PAPERS = {name: (make(), CODES[name]) for name, make in MAKERS.items()}
HAIR = 0.1  # mm
BUYER = (0, 408, 800, 466)  # dots: where the buyer's name stands
each_paper = pytest.mark.parametrize("name", PAPERS)


def texts(file: bytes) -> list[str]:
    return [pictures.extracted(file, page) for page in range(pictures.page_count(file))]


class Box(NamedTuple):
    """Where something was drawn, in millimetres from the left and the top; page 0 is on all."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def covers(self, other: "Box") -> bool:
        """Whether more than a hair of one lies on the other."""
        return (
            (self.page == other.page or 0 in (self.page, other.page))
            and min(self.right, other.right) - max(self.left, other.left) > HAIR
            and min(self.bottom, other.bottom) - max(self.top, other.top) > HAIR
        )


class WatchedPaper(pdf.Paper):
    """Paper that remembers where each line of text and each code was put."""

    drawn: ClassVar[list[Box]] = []
    number = 1

    def next_page(self) -> None:
        super().next_page()
        self.number += 1

    def text(self, x_mm: float, y_mm: float, text: str, **how: Any) -> None:
        super().text(x_mm, y_mm, text, **how)
        size = how.get("size", 10)
        width = pdf.width_mm(text, size, bold=how.get("bold", False))
        left = x_mm - width * {"left": 0, "centre": 0.5, "right": 1}[how.get("align", "left")]
        self._remember(left, y_mm, width, pdf.line_mm(size), text)

    def code128(self, x_mm: float, y_mm: float, data: str, **how: Any) -> float:
        width = super().code128(x_mm, y_mm, data, **how)
        self._remember(x_mm, y_mm, width, how["height_mm"], data)
        return width

    def data_matrix(self, x_mm: float, y_mm: float, data: str, **how: Any) -> float:
        side = super().data_matrix(x_mm, y_mm, data, **how)
        self._remember(x_mm, y_mm, side, side, data)
        return side

    def qr_code(self, x_mm: float, y_mm: float, data: str, **how: Any) -> float:
        side = super().qr_code(x_mm, y_mm, data, **how)
        self._remember(x_mm, y_mm, side, side, data)
        return side

    def _remember(self, left: float, top: float, width: float, height: float, what: str) -> None:
        page = 0 if self._code is self._background else self.number
        self.drawn.append(Box(page, left, top, left + width, top + height, what))


@each_paper
def test_the_bars_are_scanned_as_the_exact_bytes(name: str) -> None:
    file, codes = PAPERS[name]

    first_page = pictures.rendered(file)

    assert set(pictures.decoded(first_page)) == codes


@each_paper
def test_worn_and_slanted_bars_are_still_scanned(name: str) -> None:
    file, codes = PAPERS[name]

    worn = pictures.worn(pictures.rendered(file).rotate(2, fillcolor=255))

    assert set(pictures.decoded(worn)) == codes


@each_paper
def test_nothing_leaves_the_page(name: str) -> None:
    file, _ = PAPERS[name]

    for page in range(pictures.page_count(file)):
        picture = pictures.rendered(file, page)
        left, top, right, bottom = pictures.ink(picture)
        assert min(left, top, picture.width - right, picture.height - bottom) >= 1.5 * DOTS_PER_MM


@each_paper
def test_nothing_is_drawn_over_another(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "Paper", WatchedPaper)
    monkeypatch.setattr(form, "Paper", WatchedPaper)
    monkeypatch.setattr(WatchedPaper, "drawn", drawn := [])

    MAKERS[name]()

    assert len(drawn) > 2
    assert [pair for pair in combinations(drawn, 2) if pair[0].covers(pair[1])] == []


@each_paper
def test_equal_content_gives_equal_bytes(name: str) -> None:
    first, _ = PAPERS[name]

    fonts.shaped.cache_clear()

    assert MAKERS[name]() == first


@pytest.mark.parametrize("word", THAI_WORDS)
def test_thai_marks_stand_where_a_reference_shaper_puts_them(word: str) -> None:
    label = replace(samples.LABEL, buyer_name=word)

    ours = pictures.rendered(shipment_label(label)).crop(BUYER)

    assert pictures.differing(ours, by_another_hand(word).crop(BUYER)) == 0


def by_another_hand(name: str) -> Image.Image:
    """A label with nothing on it but the buyer's *name*, set by reportlab."""
    pdfmetrics.registerFont(TTFont("Reference bold", BOLD))
    file = BytesIO()
    canvas = Canvas(file, pagesize=(100 * mm, 150 * mm))
    line = canvas.beginText(4 * mm, 99 * mm - 1.23 * 13)
    line.setFont("Reference bold", 13)
    line.textOut(shapeStr(name, "Reference bold", 13))
    canvas.drawText(line)
    canvas.showPage()
    canvas.save()
    return pictures.rendered(file.getvalue())


# ── The shipment label ───────────────────────────────────────────────────────────────────────────


def test_a_label_carries_everything_in_both_languages() -> None:
    (text,) = texts(PAPERS["label"][0])

    for expected in (
        "EE 100 000 025 TH", "SHP-2026-000123", "TB-99887766", "นางสาวสุดารัตน์ ผู้นำเข้า",
        "โทร. 081-234-5678", "นนทบุรี", "11000", "1,250.5 kg",
        "2 C62 × TEE-BLK-M เสื้อยืดผ้าฝ้ายถัก",
    ):  # fmt: skip
        assert expected in text
    assert samples.LABEL.address.replace(" ", "") in re.sub(r"\s", "", text)


def test_a_long_address_is_whole_and_what_else_is_cut_shows_it() -> None:
    (text,) = texts(PAPERS["full label"][0])

    together = re.sub(r"\s", "", text)
    assert re.sub(r"\s", "", samples.FULL_LABEL.address) in together
    assert re.sub(r"\s", "", samples.FULL_LABEL.buyer_name) in together
    assert "OOO…" in together
    assert "และอีก 8 รายการ / and 8 more" in text


def test_the_bars_of_the_parcel_are_high_enough_for_the_post() -> None:
    picture = pictures.rendered(PAPERS["label"][0])

    left, top, *_ = pictures.ink(picture.crop((0, 168, 800, 320)))
    first_bar = picture.crop((left + 1, 168 + top, left + 2, 320)).tobytes()

    assert first_bar.count(b"\0") >= 12.5 * DOTS_PER_MM


def test_many_labels_are_one_file_with_a_page_for_each() -> None:
    numbers = [f"LP{number:012}TH" for number in range(3)]

    file = shipment_labels([replace(samples.LABEL, parcel_number=number) for number in numbers])

    read = [pictures.decoded(pictures.rendered(file, page)) for page in range(3)]
    assert [codes[0].decode() for codes in read] == numbers


def test_a_number_that_bars_cannot_carry_is_refused() -> None:
    with pytest.raises(NotEncodable):
        shipment_label(replace(samples.LABEL, parcel_number="พัสดุ1"))


# ── The declaration ──────────────────────────────────────────────────────────────────────────────


def test_goods_into_bond_show_what_is_suspended_and_until_when() -> None:
    text = "\n".join(texts(PAPERS["into bond"][0]))

    for expected in (
        "A003-0690800012", "TPBW000000001", "0105546095724-0", "25 กุมภาพันธ์ 2571",
        "4202.22.00", "1,250 C62", "USD 0.80000", "USD 1,000.00", "THB 31,300.00",
        "31.30000 THB / 1 USD", "Printed from the electronic message",
        "37,560.00 THB × 7.00 % = 2,629.20", "13 พฤศจิกายน 2560", "อากรขาเข้า / Import duty",
        "ที่ปั๊มน้ำกรุ๊ป ผู้นำเข้า กฎฐู้",
    ):  # fmt: skip
        assert expected in text
    assert totals(text) == ["8,889.20", "8,889.20", "0.00", "0.00", "0.00", "0.00"]


def test_goods_for_home_use_show_what_is_paid_and_drawn_down() -> None:
    text = "\n".join(texts(PAPERS["home use"][0]))

    assert "Ref. A003-0690800012 รายการ / item 7" in text
    assert totals(text) == ["8,889.20", "0.00", "8,889.20", "-0.20", "8,889.00", "0.00"]


def totals(text: str) -> list[str]:
    """Assessed, suspended, due, rounding, payable, deposited: all duties and taxes together."""
    (row,) = re.findall(r"รวมทั้งสิ้น / Total((?:\s+-?[0-9.,]+){6})", text)
    return row.split()


def test_every_page_of_a_working_copy_says_so_and_no_page_of_a_filed_declaration() -> None:
    marked = texts(declaration(replace(samples.SIXTY_LINES, number=None), samples.LINK))
    filed = texts(PAPERS["sixty lines"][0])

    assert all("ร่าง WORKING COPY" in page for page in marked)
    assert not any("WORKING COPY" in page for page in filed)


def test_goods_that_go_abroad_take_the_export_layout() -> None:
    text = "\n".join(texts(PAPERS["abroad"][0]))

    for expected in (
        "กศก.101/1", "10 ผู้รับของ / Consignee", "KYOTO RETAIL KK", "ราคา เอฟ.โอ.บี. / FOB value",
        "9PART3", "Ref. A003-0690800012 รายการ / item 7", "ส่งกลับออกไป / Re-export",
    ):  # fmt: skip
        assert expected in text
    assert totals(text) == ["0.00"] * 6


def test_a_dispute_shows_the_assessed_value_the_deposit_and_the_permit() -> None:
    text = "\n".join(texts(PAPERS["disputed"][0]))

    for expected in (
        "assessed\n41,300.00", "0100 D01 0500", "20 % ฿12.5", "Permit FDA 1-2569", "0994000165676",
        "WO E1234567890",
    ):  # fmt: skip
        assert re.sub(r"\s", "", expected) in re.sub(r"\s", "", text)
    assert totals(text) == ["11,729.20", "0.00", "9,729.20", "-0.20", "9,729.00", "2,000.00"]


def test_boxes_and_columns_are_numbered_as_one_row() -> None:
    text = texts(PAPERS["into bond"][0])[0]

    numbers = [int(each) for each in re.findall(r"(?m)^([1-9][0-9]?)\s(?=[ก-๙])", text)]
    assert set(numbers) == set(range(1, 45))


def test_sixty_lines_are_all_there_under_repeated_headings() -> None:
    pages = texts(PAPERS["sixty lines"][0])

    together = "\n".join(pages)
    assert all(f"Item number {number};" in together for number in range(1, 61))
    assert together.count("1,234,567,890.12") == 60 * 2 * 2
    for page in pages:
        assert ("Item number" in page) <= ("HS / stat. code" in page)
    for number, page in enumerate(pages, start=1):
        assert page.endswith(f"หน้า / Page {number} / {len(pages)}")


def test_a_source_that_many_figures_share_is_written_once() -> None:
    together = "\n".join(texts(PAPERS["sixty lines"][0]))

    assert together.count("Customs Act B.E. 2560 s.14, 0500") == 1
    assert together.count("[2]") == 60 + 1


# ── The release note, places and lots ────────────────────────────────────────────────────────────


def test_a_release_note_shows_before_withdrawn_after_and_what_was_paid() -> None:
    (text,) = texts(PAPERS["release note"][0])

    for expected in (
        "REL-2026-000123", "A003-P690800013", "A003-0690800012", "EE 100 000 025 TH",
        "27 กุมภาพันธ์ 2569", "1,250 C62", "4 C62", "1,246 C62", "-0.20", "8,889.00",
    ):  # fmt: skip
        assert expected in text


def test_the_statement_of_an_entry_tells_each_withdrawal_before_withdrawn_after() -> None:
    (text,) = texts(PAPERS["entry statement"][0])

    flat = " ".join(text.split())
    assert "/ Home use 1,250 C62 4 C62 1,246 C62" in flat
    assert "A003-1690800014 ส่งกลับออกไป / Re-export 1,246 C62 40 C62 1,206 C62" in flat


def test_a_statement_of_withdrawal_tells_quantity_and_value_before_and_after() -> None:
    (text,) = texts(PAPERS["withdrawal"][0])

    assert "1,250 C62 4 C62 1,246 C62 31,300.00 100.16 31,199.84" in " ".join(text.split())


def test_a_collection_order_has_two_copies_and_says_until_when() -> None:
    first, second = texts(PAPERS["collection order"][0])

    assert "ฉบับที่ 1" in first
    assert "ฉบับที่ 2" in second
    for page in (first, second):
        for expected in (
            "EE 123 456 785 CN", "4202.22.00 / 000", "0100", "0500", "8,889.00", "20 มีนาคม 2569",
            "12 มีนาคม 2569", "นายสมชาย ศุลกากร", "31,300.00",
        ):  # fmt: skip
            assert expected in page


def test_a_petition_leaves_room_for_the_decision_of_customs() -> None:
    (text,) = texts(PAPERS["petition"][0])

    for expected in ("คำร้องขอทำลายของ", "อนุญาต / granted", "ไม่อนุญาต / refused", "4 C62"):
        assert expected in text


def test_a_place_is_named_as_its_bars_are() -> None:
    (text,) = texts(PAPERS["place"][0])

    assert text.split("\n") == ["A-01-03", "ชั้น A-01-03 ที่เก็บน้ำ", "Shelf A-01-03"]


def test_goods_that_customs_has_not_numbered_say_so() -> None:
    waiting = replace(samples.LOT, declaration_number=None, line_number=None)

    bound, unbound = texts(goods_labels([samples.LOT, waiting]))

    assert "A003-0690800012 / 7" in bound
    assert "ยังไม่มีเลขที่ / none yet" in unbound
