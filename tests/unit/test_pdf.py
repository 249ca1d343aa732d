"""Papers as people and programs read them: Thai in its places, text that extracts, equal bytes."""

import tracemalloc
import unicodedata
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeStr
from reportlab.pdfgen.canvas import Canvas

from tests import pictures
from warehouse.core import pdf
from warehouse.core.pdf import fonts

WORDS = ("ที่", "ปั๊ม", "น้ำ", "กรุ๊ป", "ผู้นำเข้า", "กฎฐู้", "คลังสินค้าทัณฑ์บน")
MIXED = "Importer ผู้นำเข้า: Group กรุ๊ป จำกัด (มหาชน), 1,250.00 บาท ที่ 8110–26"
SENTENCE = (
    "กรมศุลกากรกำหนดให้ผู้นำเข้าเก็บของไว้ในคลังสินค้าทัณฑ์บน (ประเภททั่วไป) ได้ไม่เกิน 2 ปี "
    "นับแต่วันนำเข้า พร้อมวางประกันต่าง ๆ ตามที่อธิบดีประกาศ พ.ศ. 2560 เช่น ค่าภาษีอากร ฿1,250.00"
)
SHEET = pdf.Page(200, 50)
SIZE = 60
FONT = Path(fonts.__file__).parent.parent / "fonts" / "Sarabun-Regular.ttf"


def written(text: str, **how: float) -> Image.Image:
    paper = pdf.Paper("Word", page=SHEET)
    paper.text(10, 5, text, size=SIZE, **how)
    return pictures.rendered(paper.finish())


def written_by_reportlab(text: str, *, shaped: bool) -> Image.Image:
    """*text* at the same place by another hand."""
    pdfmetrics.registerFont(TTFont("Reference", FONT))
    file = BytesIO()
    canvas = Canvas(file, pagesize=(SHEET.width_mm * mm, SHEET.height_mm * mm))
    line = canvas.beginText(10 * mm, 45 * mm - 1.23 * SIZE)
    line.setFont("Reference", SIZE)
    line.textOut(shapeStr(text, "Reference", SIZE) if shaped else text)
    canvas.drawText(line)
    canvas.showPage()
    canvas.save()
    return pictures.rendered(file.getvalue())


def shapes(picture: Image.Image) -> int:
    """How many separate pieces of ink there are in *picture*."""
    ink = picture.point(lambda grey: 255 * (grey > 128))
    count = 0
    while (at := ink.tobytes().find(0)) >= 0:
        ImageDraw.floodfill(ink, (at % ink.width, at // ink.width), 255)
        count += 1
    return count


@pytest.mark.parametrize("word", WORDS)
def test_thai_marks_stand_where_a_reference_shaper_puts_them(word: str) -> None:
    ours = written(word)

    assert pictures.differing(ours, written_by_reportlab(word, shaped=True)) == 0


@pytest.mark.parametrize("word", [word for word in WORDS if word != "ผู้นำเข้า"])
def test_unshaped_thai_would_look_different(word: str) -> None:
    ours = written(word)

    assert pictures.differing(ours, written_by_reportlab(word, shaped=False)) > 300


@pytest.mark.parametrize(("word", "pieces"), [("ที่", 3), ("น้ำ", 4), ("กรุ๊ป", 5), ("กฎฐู้", 5)])
def test_no_two_marks_touch(word: str, pieces: int) -> None:
    assert shapes(written(word)) == pieces


def test_thai_after_latin_is_shaped_as_thai() -> None:
    after = written("Oil น้ำ")

    assert shapes(after) == 4 + 4  # O, the i and its dot, l; น and its marks, and า


@pytest.mark.parametrize("text", [*WORDS, MIXED, SENTENCE[:60], "cafe\u0301 ปี่ ฯลฯ"])
@pytest.mark.parametrize("bold", [False, True])
def test_text_extracts_as_it_was_given(text: str, *, bold: bool) -> None:
    paper = pdf.Paper("Text")
    paper.text(10, 10, text, size=8, bold=bold)

    assert pictures.extracted(paper.finish()) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("bold", [False, True])
def test_a_line_has_room_for_two_marks_above_and_a_vowel_below(*, bold: bool) -> None:
    dots_per_mm = pictures.PRINTER_DPI / 25.4

    _, above, _, below = pictures.ink(written("ปั๊มที่ผู้ปู่กฎฐู้", bold=bold))

    assert above >= 5 * dots_per_mm - 1
    assert below <= (5 + pdf.line_mm(SIZE)) * dots_per_mm + 1


@pytest.mark.parametrize(("align", "edge"), [("left", 0), ("right", 2)])
def test_text_is_aligned_to_its_x(align: str, edge: int) -> None:
    paper = pdf.Paper("Text", page=SHEET)
    paper.text(100, 5, "HIIH", size=SIZE, align=align)

    box = pictures.ink(pictures.rendered(paper.finish()))

    assert box[edge] == pytest.approx(100 * pictures.PRINTER_DPI / 25.4, abs=16)  # the H's margin


def a_full_paper() -> bytes:
    paper = pdf.Paper("ใบขนสินค้า", subject="ทดสอบ", footer="หน้า {page} / {pages}")
    paper.text(15, 15, MIXED, bold=True)
    paper.code128(100, 20, "EE100000025TH", height_mm=12.5)
    paper.grid([pdf.Column("รายการ", 60)], [[SENTENCE]] * 20, x_mm=15, y_mm=50)
    return paper.finish()


def test_equal_content_gives_equal_bytes() -> None:
    first = a_full_paper()

    fonts.shaped.cache_clear()
    fonts.typeface.cache_clear()
    written("ญู ฐู ฬู fi Ŵ")  # glyphs met in another order

    assert a_full_paper() == first


def test_a_file_says_what_it_is() -> None:
    file = a_full_paper()
    document = pypdfium2.PdfDocument(file)

    facts = document.get_metadata_dict()
    document.close()

    assert (facts["Title"], facts["Subject"]) == ("ใบขนสินค้า", "ทดสอบ")
    assert b"/Lang (th)" in file


@pytest.mark.parametrize("width", range(17, 90, 3))
def test_lines_end_only_between_words(width: int) -> None:
    lines = pdf.wrap(SENTENCE, width, 10)

    assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")
    assert all(pdf.width_mm(line, 10) <= width for line in lines)
    for line, following in pairwise(lines):
        assert line[-1] not in "เแโใไ(฿"
        assert following[0] not in "ะัาำิีึืุูๅ็่้๊๋์ๆฯ),."
    for word in ("ทัณฑ์บน", "กำหนด", "ผู้นำเข้า", "ศุลกากร", "ต่าง ๆ", "฿1,250.00", "2560"):
        assert word in "\n".join(lines)


def test_a_word_wider_than_a_line_is_broken_between_letters() -> None:
    code = "LOC-" + "A1" * 40

    lines = pdf.wrap(f"ที่เก็บ {code}", 30, 10)

    assert "".join(lines) == f"ที่เก็บ {code}"
    assert all(pdf.width_mm(line, 10) <= 30 for line in lines)


def test_no_letter_loses_its_marks_however_narrow_the_column() -> None:
    lines = pdf.wrap("ผู้นำเข้าปั๊ม", 1, 10)

    assert lines == ["ผู้", "นำ", "เข้า", "ปั๊", "ม"]


def test_newlines_and_blank_lines_are_kept() -> None:
    assert pdf.wrap("หนึ่ง\n\nสอง", 50, 10) == ["หนึ่ง", "", "สอง"]


def test_what_exceeds_its_lines_is_cut_visibly() -> None:
    lines = pdf.wrap(SENTENCE, 40, 10, most=2)

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert pdf.width_mm(lines[1], 10) <= 40


def test_pages_are_numbered_and_headings_repeated() -> None:
    paper = pdf.Paper("Long", footer="หน้า {page} / {pages}")
    rows = [[str(number), f"สินค้า {number}"] for number in range(1, 101)]
    paper.grid([pdf.Column("ที่", 20, "right"), pdf.Column("รายการ", 60)], rows, x_mm=15, y_mm=30)
    file = paper.finish()

    count = pictures.page_count(file)
    texts = [pictures.extracted(file, page) for page in range(count)]

    assert count > 1
    for number, text in enumerate(texts, start=1):
        assert "รายการ" in text
        assert text.endswith(f"หน้า {number} / {count}")
    everything = "\n".join(texts)
    assert all(f"สินค้า {number}" in everything for number in range(1, 101))


def test_a_row_taller_than_a_page_goes_on_over_it() -> None:
    paper = pdf.Paper("Tall")
    words = [f"คำ{number}" for number in range(300)]
    paper.text(15, 15, "รายการ")
    paper.grid([pdf.Column("รายการ", 30)], [["\n".join(words)]], x_mm=15, y_mm=200)
    file = paper.finish()

    pages = [pictures.extracted(file, page) for page in range(pictures.page_count(file))]

    assert [word for page in pages for word in page.split() if word != "รายการ"] == words
    for page in range(len(pages)):
        _, _, _, bottom = pictures.ink(pictures.rendered(file, page, dpi=72))
        assert bottom <= (297 - 15) * 72 / 25.4 + 1


def test_what_stands_behind_every_page_is_stored_once() -> None:
    def with_letterhead(pages: int) -> bytes:
        paper = pdf.Paper("Letters")
        with paper.background():
            for line in range(40):
                paper.text(15, 10 + 6 * line, SENTENCE[line : line + 50])
        for page in range(pages):
            paper.text(15, 270, f"หน้า {page}")
            if page < pages - 1:
                paper.next_page()
        return paper.finish()

    one, three = with_letterhead(1), with_letterhead(3)

    assert [pictures.extracted(three, page).count(SENTENCE[5:50]) for page in range(3)] == [6, 6, 6]
    assert len(three) - len(one) < 1500


def test_a_grey_box_does_not_hide_what_is_written_on_it() -> None:
    paper = pdf.Paper("Box", page=SHEET)
    paper.box(5, 5, 100, 30, grey=0.9)
    paper.text(10, 5, "HHH", size=SIZE)

    greys = pictures.rendered(paper.finish()).histogram()

    assert greys[0] > 1000
    assert greys[230] > 10_000


def test_headings_never_stand_alone_at_the_foot_of_a_page() -> None:
    paper = pdf.Paper("Foot")
    paper.text(15, 15, "above")
    paper.grid([pdf.Column("รายการ", 30)], [["one\ntwo\nthree"]], x_mm=15, y_mm=265)
    file = paper.finish()

    first, second = (pictures.extracted(file, page) for page in range(2))

    assert first == "above"
    assert second.split() == ["รายการ", "one", "two", "three"]


def test_a_file_says_that_an_archive_may_take_it_unless_it_lacks_a_letter() -> None:
    files = {}
    for text in ("ที่ปั๊มน้ำ ญู ฐู Latin 123", "漢字"):
        paper = pdf.Paper("กฎ <&>", subject="S", author="A")
        paper.text(15, 15, text)
        files[text] = paper.finish()

    plain, foreign = files.values()

    for file in files.values():
        assert file.startswith(b"%PDF-1.7\n%")
        assert b"/OutputIntents" in file
        assert "กฎ &lt;&amp;&gt;".encode() in file
        assert b"/Helvetica" not in file
        assert file.count(b"\nendstream\n") == file.count(b"endstream")
    assert b"<pdfaid:part>2</pdfaid:part>" in plain
    assert b"pdfaid" not in foreign


def test_a_watermark_stands_on_every_page_behind_the_text() -> None:
    paper = pdf.Paper("Draft")
    paper.watermark("ร่าง DRAFT")
    paper.text(15, 15, "one")
    paper.next_page()
    paper.text(15, 15, "two")

    file = paper.finish()

    pages = [pictures.extracted(file, page) for page in range(2)]
    assert [page.split() for page in pages] == [["ร่าง", "DRAFT", "one"], ["ร่าง", "DRAFT", "two"]]


def test_a_page_that_is_full_is_kept_as_small_as_in_the_file() -> None:
    columns = [pdf.Column(f"หัวข้อ {number}", 18) for number in range(10)]
    paper = pdf.Paper("Many", footer="{page} / {pages}")
    row = [f"ช่อง {cell}" for cell in range(10)]
    paper.grid(columns, [row] * 50, x_mm=10, y_mm=10)
    tracemalloc.start()

    paper.grid(columns, [row] * 500, x_mm=10, y_mm=10)

    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    file = paper.finish()
    pages = pictures.page_count(file)
    assert pages > 12
    assert kept / pages < 2 * len(file) / pages < 16_000
