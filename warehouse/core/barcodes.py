"""Bar codes: Code 128 and GS1-128 as modules, SVG and PNG; DataMatrix and QR code for links.

One encoder serves paper and screen, so that both always carry the same bars.  python-barcode's
own encoder takes the digits 99 for a change of code set and makes GS1-128 a character too long;
reportlab's DataMatrix prints ``:`` as ``^`` and adds a NUL.  What is right in them (tables,
writers, error correction, placement) is used here.
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Final, Literal, get_args

from barcode.charsets import code128 as tables
from barcode.writer import ImageWriter, SVGWriter
from biip import ParseError
from biip.gs1_element_strings import GS1ElementString
from reportlab.graphics.barcode.ecc200datamatrix import ECC200DataMatrix
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from warehouse.core.errors import InvalidRequest
from warehouse.core.i18n import N_

FNC1: Final = "\xf1"  # GS1's mark: first in a GS1-128 symbol, and after each value of free length
QUIET_MODULES: Final = 10  # white on either side of Code 128, ISO/IEC 15417
MATRIX_QUIET_MODULES: Final = 1  # white around a DataMatrix, ISO/IEC 16022
QR_QUIET_MODULES: Final = 4  # white around a QR code, ISO/IEC 18004

TOO_WIDE: Final = N_("it is too wide for the paper")

_LONGEST: Final = 80  # characters; scanners and paper end here
_LONGEST_LINK: Final = 144  # data codewords of a DataMatrix of 44 × 44

_CodeSet = Literal["A", "B", "C"]
_SETS: Final[tuple[_CodeSet, ...]] = get_args(_CodeSet)
_STARTS: Final[dict[_CodeSet, int]] = {"A": 103, "B": 104, "C": 105}
_SWITCHES: Final[dict[_CodeSet, int]] = {"A": 101, "B": 100, "C": 99}
_FNC1_VALUE: Final = 102
_PAD: Final = 129
_STOP: Final = "1100011101011"
_MODULUS: Final = 103

_SCREEN_MODULE_MM: Final = 0.3
_SCREEN_DPI: Final = 254  # a module on screen is three whole pixels
_HAIR_MM: Final = 0.0001  # the writer cuts pixels off after the point: 2.9999 must not become 2


class NotEncodable(InvalidRequest):
    """The text cannot be drawn as a bar code that scanners read back unchanged."""

    code = "not-encodable"
    message = N_("{data} cannot be printed as a bar code: {reason}")


@lru_cache(maxsize=4096)
def code128_modules(data: str) -> tuple[int, ...]:
    """The Code 128 symbol of *data*: widths of bar, space, bar … in modules, as short as can be.

    *data* is ASCII; FNC1 in it makes GS1-128.  Quiet zones are not included.

    Raises:
        NotEncodable: *data* is empty, too long, or not ASCII.
    """
    _check(data, allowed=FNC1, longest=_LONGEST)
    values = _values(data)
    check = (values[0] + sum(at * value for at, value in enumerate(values))) % _MODULUS
    bits = "".join(tables.CODES[value] for value in (*values, check)) + _STOP
    return tuple(len(list(same)) for _, same in groupby(bits))


def gs1_128(elements: Sequence[tuple[str, str]]) -> str:
    """What a GS1-128 symbol of *elements* carries: pairs of application identifier and value.

    ``gs1_128([("00", sscc)])`` is ready for code128_modules.  Values of free length are ended with
    FNC1; brackets belong to the print below the bars, never to the symbol (GS1 General
    Specifications, 7.8).

    Raises:
        NotEncodable: an identifier is unknown, or its value has the wrong form or check digit.
    """
    parsed = [_gs1_element(identifier, value) for identifier, value in elements]
    body = "".join(
        f"{each.ai.ai}{each.value}{FNC1 if each.ai.separator_required else ''}" for each in parsed
    )
    return FNC1 + body.removesuffix(FNC1)


def data_matrix(data: str) -> tuple[tuple[bool, ...], ...]:
    """The DataMatrix symbol (ECC 200, 44 × 44) of *data*, row by row from the top, dark is true.

    Raises:
        NotEncodable: *data* is empty, longer than 144 characters, or not ASCII.
    """
    _check(data, allowed="", longest=_LONGEST_LINK)
    symbol = _DataMatrix(data)
    symbol.validate()
    rows = symbol.encode()  # from the bottom, as PDF counts
    return tuple(tuple(bool(module) for module in row) for row in reversed(rows))


@lru_cache(maxsize=256)
def qr_code(data: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of *data*, row by row from the top, dark is true; a seventh of it may be lost.

    Raises:
        NotEncodable: *data* is empty, longer than 144 characters, or not ASCII.
    """
    _check(data, allowed="", longest=_LONGEST_LINK)
    symbol = QRCode(None, QRErrorCorrectLevel.M)
    symbol.addData(data)
    symbol.make()
    return tuple(tuple(map(bool, row)) for row in symbol.modules)


def svg(data: str, height_mm: float = 15) -> str:
    """The Code 128 symbol of *data* as an SVG picture for a screen.

    Raises:
        NotEncodable: *data* is empty, too long, or not ASCII.
    """
    writer = SVGWriter()
    picture: bytes = writer.render(_set_up(writer, data, height_mm))
    return picture.decode()


def png(data: str, height_mm: float = 15) -> bytes:
    """The Code 128 symbol of *data* as a PNG picture, three pixels a module, ten a millimetre.

    Raises:
        NotEncodable: *data* is empty, too long, or not ASCII.
    """
    writer = ImageWriter(mode="L", dpi=_SCREEN_DPI)
    file = BytesIO()
    writer.write(writer.render(_set_up(writer, data, height_mm)), file)
    return file.getvalue()


def _check(data: str, *, allowed: str, longest: int) -> None:
    if not data:
        raise NotEncodable(data=data, reason=N_("it is empty"))
    if len(data) > longest:
        raise NotEncodable(data=data, reason=N_("it is too long"))
    if not all(char.isascii() or char in allowed for char in data):
        raise NotEncodable(data=data, reason=N_("bar codes carry only ASCII letters and digits"))


def _values(data: str) -> tuple[int, ...]:
    """The symbol characters of *data*, start character first, in the fewest possible.

    Worked from the end: *tails* holds the shortest way to write the rest with each code set in
    force, last for the whole of *data*.
    """
    tails: list[dict[_CodeSet, tuple[int, ...]]] = [dict.fromkeys(_SETS, ())]
    for at in reversed(range(len(data))):
        written = {
            name: (value, *tails[-width][name])
            for name in _SETS
            for value, width in _first(data, at, name)
        }
        best = min(written, key=lambda name: len(written[name]))
        other = (_SWITCHES[best], *written[best])
        tails.append({name: min(written.get(name, other), other, key=len) for name in _SETS})
    return min(((_STARTS[name], *tails[-1][name]) for name in _SETS), key=len)


def _first(data: str, at: int, name: _CodeSet) -> Sequence[tuple[int, int]]:
    """The value that code set *name* has for what stands *at*, and how many characters it takes."""
    if data[at] == FNC1:
        return [(_FNC1_VALUE, 1)]
    if name == "C":
        pair = data[at : at + 2]
        return [(int(pair), 2)] if len(pair) == 2 and pair.isdigit() else []
    value = (tables.A if name == "A" else tables.B).get(data[at])
    return [] if value is None else [(value, 1)]


class _DataMatrix(ECC200DataMatrix):  # type: ignore[misc]  # reportlab has no types
    """A DataMatrix whose text is in the plain ASCII encodation, ISO/IEC 16022, 5.2.3."""

    def _encode_c40(self, value: str) -> list[int]:
        codewords = [ord(char) + 1 for char in value]
        if len(codewords) < _LONGEST_LINK:
            codewords.append(_PAD)
        for at in range(len(codewords) + 1, _LONGEST_LINK + 1):
            scrambled = _PAD + 149 * at % 253 + 1
            codewords.append(scrambled if scrambled <= 254 else scrambled - 254)
        return codewords


def _gs1_element(identifier: str, value: str) -> GS1ElementString:
    data = f"{identifier}{value}"
    try:
        element = GS1ElementString.parse(data)
    except ParseError as failure:
        raise NotEncodable(data=data, reason=N_("it is not a GS1 element")) from failure
    if element.ai.ai != identifier:
        raise NotEncodable(data=data, reason=N_("it is not a GS1 element"))
    if element.sscc_error or element.gtin_error or element.gln_error:
        raise NotEncodable(data=data, reason=N_("its check digit is wrong"))
    return element


def _set_up(writer: SVGWriter | ImageWriter, data: str, height_mm: float) -> list[str]:
    """Tell *writer* the sizes; return *data* in the one form it draws, a string of 1 and 0."""
    writer.set_options(
        {
            "module_width": _SCREEN_MODULE_MM,
            "module_height": height_mm,
            "quiet_zone": QUIET_MODULES * _SCREEN_MODULE_MM + _HAIR_MM,
        }
    )
    widths = code128_modules(data)
    return ["".join("10"[at % 2] * width for at, width in enumerate(widths))]
