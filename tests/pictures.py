"""Papers looked at as a printer and a scanner see them: pictures, bars and text."""

from io import BytesIO
from math import ceil
from random import Random

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

PRINTER_DPI = 203
POINTS_PER_INCH = 72

_HAIR = 0.001  # of a dot: what rounding may add to a side
_SPECKLE = 60  # levels of grey
_DUSTY = 26  # of 256 dots


def rendered(pdf: bytes, page: int = 0, dpi: float = PRINTER_DPI) -> Image.Image:
    """The *page* of *pdf* in grey, as a printer of *dpi* would print it.

    The sheet is first widened to whole dots: PDFium would stretch the drawing instead.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet, scale = document[page], dpi / POINTS_PER_INCH
        width, height = (ceil(side * scale - _HAIR) - _HAIR for side in sheet.get_size())
        sheet.set_mediabox(0, 0, width / scale, height / scale)
        return sheet.render(scale=scale, grayscale=True).to_pil().copy()
    finally:
        document.close()


def extracted(pdf: bytes, page: int = 0) -> str:
    """The text of one *page*, as a reader copies it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].get_textpage().get_text_bounded().replace("\r\n", "\n").rstrip("\n")
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    """How many pages *pdf* has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def decoded(picture: Image.Image) -> list[bytes]:
    """The bytes of every bar code in *picture*, as a scanner sends them."""
    return [found.bytes for found in zxingcpp.read_barcodes(picture)]


def worn(picture: Image.Image, seed: int = 0) -> Image.Image:
    """*picture* as a tired printer and a dusty lens leave it: blurred by half a dot, speckled."""
    width, height = picture.size
    dust = Image.frombytes("L", picture.size, Random(seed).randbytes(width * height))
    speckles = dust.point(lambda grey: _SPECKLE * (grey < _DUSTY))
    return ImageChops.subtract(picture.filter(ImageFilter.GaussianBlur(0.7)), speckles)


def differing(one: Image.Image, other: Image.Image) -> int:
    """How many dots are clearly dark in one picture and clearly light in the other."""
    difference = ImageChops.difference(one, other).point(lambda grey: 255 * (grey > 128))
    return difference.histogram()[255]


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around everything that is not white: left, top, right, bottom."""
    return ImageChops.invert(picture).getbbox()


def a_photo(shade: int = 120, kind: str = "JPEG") -> bytes:
    """What a camera took: a small grey picture."""
    taken = BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, shade)).save(taken, kind)
    return taken.getvalue()
