"""Bars that scanners read: compared as bytes, in pictures at the resolution of a label printer."""

from io import BytesIO
from itertools import groupby
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests import pictures
from warehouse.core import barcodes, pdf

MM_PER_INCH = 25.4
SSCC = barcodes.gs1_128([("00", "106141411234567897")])
PRINTED = {
    "EE100000025TH": b"EE100000025TH",
    "RC338848854TH": b"RC338848854TH",
    "LOC-A-01-01": b"LOC-A-01-01",
    SSCC: b"00106141411234567897",
}


def a_label(data: str) -> bytes:
    paper = pdf.Paper("Label", page=pdf.LABEL_100X150)
    paper.code128(12.3, 20.7, data, height_mm=12.5)
    return paper.finish()


def as_png(data: str) -> Image.Image:
    return Image.open(BytesIO(barcodes.png(data)))


def runs(picture: Image.Image, y: int) -> list[tuple[int, int]]:
    """The row *y* of *picture* as greys and how many dots of each."""
    row = picture.convert("L").crop((0, y, picture.width, y + 1)).tobytes()
    return [(grey, len(list(same))) for grey, same in groupby(row)]


@pytest.mark.parametrize(("data", "scanned"), PRINTED.items())
def test_a_printed_code_is_scanned_as_the_same_bytes(data: str, scanned: bytes) -> None:
    picture = pictures.rendered(a_label(data))

    assert pictures.decoded(picture) == [scanned]


@pytest.mark.parametrize(("data", "scanned"), PRINTED.items())
def test_a_worn_and_slanted_label_is_still_scanned(data: str, scanned: bytes) -> None:
    picture = pictures.rendered(a_label(data))

    worn = [pictures.worn(picture.rotate(2, fillcolor=255), seed) for seed in range(5)]

    assert [pictures.decoded(each) for each in worn] == [[scanned]] * 5


@pytest.mark.parametrize(("dots", "dpi"), [(3, 203), (4, 300)])
def test_every_bar_is_a_whole_number_of_printer_dots(dots: int, dpi: int) -> None:
    paper = pdf.Paper("Bars", page=pdf.LABEL_100X150)
    paper.code128(3.33, 2, "EE100000025TH", height_mm=12.5, dots=dots, dpi=dpi)

    inside = runs(pictures.rendered(paper.finish(), dpi=dpi), y=80)[1:-1]

    assert {grey for grey, _ in inside} <= {0, 1, 254, 255}  # no dot is half covered
    assert [width % dots for _, width in inside] == [0] * len(inside)
    assert tuple(width // dots for _, width in inside) == barcodes.code128_modules("EE100000025TH")


def test_ten_modules_on_either_side_stay_white() -> None:
    paper = pdf.Paper("Bars", page=pdf.LABEL_100X150)

    width_mm = paper.code128(0, 10, "EE100000025TH", height_mm=12.5)

    left, *_, right = runs(pictures.rendered(paper.finish()), y=120)
    assert width_mm == pytest.approx((156 + 2 * 10) * 3 * MM_PER_INCH / 203)
    assert left == (255, 30)
    assert right[1] >= 30


def test_bars_that_would_leave_the_paper_are_refused() -> None:
    paper = pdf.Paper("Label", page=pdf.LABEL_100X150)

    with pytest.raises(barcodes.NotEncodable, match="too wide"):
        paper.code128(40, 10, "EE100000025TH", height_mm=12.5)


@pytest.mark.parametrize(
    ("data", "modules"),
    [
        ("EE100000025TH", 156),  # B, eight digits in C, B
        (SSCC, 156),  # C throughout
        ("123456", 68),
        ("12345", 79),
        ("A123", 79),
        ("A1234", 79),  # four digits at the end are worth a change of code set
        ("990", 68),
    ],
)
def test_a_symbol_is_as_short_as_the_standard_allows(data: str, modules: int) -> None:
    assert sum(barcodes.code128_modules(data)) == modules


@given(st.text(st.characters(max_codepoint=127), min_size=1, max_size=24))
@example("990")
@example("99A99\x01a")
@settings(deadline=None, max_examples=60)
def test_any_ascii_text_is_scanned_unchanged(data: str) -> None:
    assert pictures.decoded(as_png(data)) == [data.encode()]


@pytest.mark.parametrize("data", ["", "คลัง", "café", "A" * 81])
def test_what_bars_cannot_carry_is_refused(data: str) -> None:
    with pytest.raises(barcodes.NotEncodable):
        barcodes.code128_modules(data)


def test_free_length_values_are_separated_and_brackets_are_not_encoded() -> None:
    data = barcodes.gs1_128([("10", "34567"), ("21", "ABC"), ("37", "25")])

    assert pictures.decoded(as_png(data)) == [b"1034567\x1d21ABC\x1d3725"]


@pytest.mark.parametrize(
    "element",
    [
        ("00", "106141411234567890"),  # check digit
        ("01", "09501101530004"),  # check digit
        ("00", "10614141123456789"),  # a digit short
        ("(00)", "106141411234567897"),
        ("0", "0106141411234567897"),  # another identifier's digits
        ("10", "A" * 21),
        ("10", "ล็อต"),
    ],
)
def test_a_wrong_gs1_element_is_refused(element: tuple[str, str]) -> None:
    with pytest.raises(barcodes.NotEncodable):
        barcodes.code128_modules(barcodes.gs1_128([element]))


def test_a_picture_for_the_screen_has_bars_of_whole_pixels() -> None:
    left, *inside, right = runs(as_png("EE100000025TH"), y=50)

    assert [width % 3 for _, width in inside] == [0] * len(inside)
    assert left == right == (255, 30)


def test_an_svg_shows_the_same_bars_between_quiet_zones() -> None:
    root = ElementTree.fromstring(barcodes.svg("EE100000025TH"))

    rectangles = root.findall(".//{http://www.w3.org/2000/svg}rect")[1:]
    edges = [float(bar.attrib["x"].removesuffix("mm")) for bar in rectangles]
    widths = [float(bar.attrib["width"].removesuffix("mm")) for bar in rectangles]
    bars = barcodes.code128_modules("EE100000025TH")[::2]
    assert widths == pytest.approx([bar * 0.3 for bar in bars])
    assert edges[0] == pytest.approx(3)
    assert root.attrib["width"] == "52.800mm"  # (156 + 20) modules


@pytest.mark.parametrize(
    "link", ["https://wh.example/v/8f0c?h=1b37&n=2", "a", "x" * 143, "~" * 144]
)
def test_a_printed_link_is_scanned_unchanged(link: str) -> None:
    paper = pdf.Paper("Label", page=pdf.LABEL_100X150)
    paper.data_matrix(10, 10, link)

    picture = pictures.rendered(paper.finish())

    assert pictures.decoded(picture) == [link.encode()]


def test_a_link_too_long_for_its_symbol_is_refused() -> None:
    with pytest.raises(barcodes.NotEncodable, match="too long"):
        barcodes.data_matrix("x" * 145)
