"""Where a line may end: between Thai words, never inside one."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

import nlpo3

from warehouse.core.pdf.fonts import shaped

Align = Literal["left", "centre", "right"]

POINTS_PER_MM: Final = 72 / 25.4
SHARE_BEFORE: Final[dict[Align, float]] = {"left": 0.0, "centre": 0.5, "right": 1.0}

_LINE: Final = 1.59  # line height over type size: room for two marks above and a vowel below

_WORDS: Final = "warehouse"  # the name under which nlpo3 keeps our list
_TOKEN: Final = re.compile(r"\s+|[\u0e00-\u0e7f]+|[^\s\u0e00-\u0e7f]+")
# A letter with what is written around it: a vowel before it, vowels and marks after it.
_CLUSTER: Final = re.compile(r"[เ-ไ]?.[\u0300-\u036f\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]*", re.DOTALL)
_NEVER_FIRST: Final = re.compile(
    r"[\u0300-\u036f\u0e30-\u0e3a\u0e45-\u0e4eฯ,.:;!?%/)\]}”’»\-0-9๐-๙]"
)
_NEVER_LAST: Final = re.compile(r"[฿.(\[{“‘«0-9๐-๙]")
_REPEAT: Final = "ๆ"  # stays with its word even across a space
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_ELLIPSIS: Final = "…"


def clean(text: str) -> str:
    """*text* in normal form C, control characters as spaces: what paper carries."""
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text))


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    """How wide *text* stands on paper at *size* points."""
    return shaped(text, bold=bold).width * size / 1000 / POINTS_PER_MM


def line_mm(size: float) -> float:
    """The height of one line at *size* points."""
    return size * _LINE / POINTS_PER_MM


def wrap(
    text: str, width: float, size: float, *, bold: bool = False, most: int | None = None
) -> list[str]:
    """*text* in lines of at most *width* mm at *size* points; a newline always ends one.

    A word longer than a line is broken between letters, never before a mark.  What goes beyond
    *most* lines is cut, and the cut is shown by an ellipsis.
    """
    room = width * POINTS_PER_MM * 1000 / size
    lines = [
        line
        for paragraph in clean(text).split("\n")
        for line in _filled(_fitting(paragraph, room, bold=bold), room, bold=bold)
    ]
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut(lines[most - 1], room, bold=bold)]


def _filled(pieces: Iterator[str], room: float, *, bold: bool) -> Iterator[str]:
    """The *pieces* in lines, each as full as *room* allows."""
    line, used = "", 0
    for piece in pieces:
        if line and used + shaped(piece.rstrip(), bold=bold).width > room:
            yield line.rstrip()
            line, used = "", 0
        line += piece
        used += shaped(piece, bold=bold).width
    yield line.rstrip()


def _fitting(paragraph: str, room: float, *, bold: bool) -> Iterator[str]:
    """The pieces of *paragraph*; one that is wider than *room* comes letter by letter."""
    for piece in _pieces(paragraph):
        if shaped(piece.rstrip(), bold=bold).width <= room:
            yield piece
        else:
            yield from _CLUSTER.findall(piece)


def _cut(line: str, room: float, *, bold: bool) -> str:
    """As much of *line* as fits before an ellipsis."""
    letters = _CLUSTER.findall(line)
    while letters and shaped("".join(letters) + _ELLIPSIS, bold=bold).width > room:
        letters.pop()
    return "".join(letters) + _ELLIPSIS


@lru_cache(maxsize=4096)
def _pieces(paragraph: str) -> tuple[str, ...]:
    """*paragraph* cut wherever a line may end, each piece with the space that follows it."""
    pieces: list[str] = []
    for token in _tokens(paragraph):
        if pieces and (token.isspace() or _belongs(pieces[-1], token)):
            pieces[-1] += token
        else:
            pieces.append(token)
    return tuple(pieces)


def _tokens(paragraph: str) -> Iterator[str]:
    for token in _TOKEN.findall(paragraph):
        if "\u0e00" <= token[0] <= "\u0e7f":
            yield from nlpo3.segment(token, _dictionary())
        else:
            yield token


def _belongs(before: str, after: str) -> bool:
    """Whether no line may end between *before* and *after*."""
    if after.startswith(_REPEAT):
        return True
    if before[-1].isspace():
        return False
    return bool(_NEVER_LAST.match(before[-1]) or _NEVER_FIRST.match(after))


@cache
def _dictionary() -> str:
    said, loaded = nlpo3.load_dict(str(Path(__file__).with_name("thai_words.txt")), _WORDS)
    assert loaded, said
    return _WORDS
