"""What a scanner meant, when the computer it types on was set to Thai.

A keyboard-wedge scanner presses the keys of a US keyboard.  Under the Thai Kedmanee layout
``RC338848854TH`` arrives as ``ฑฉ--คคภคคถภธ็``.  All 94 printable keys map one to one, so the typing can
be undone; it must not be normalised first, because NFC and NFKC reorder and split Thai vowels.
"""

from collections.abc import Iterator
from typing import Final

# Each pair: the keys of a US keyboard, and what Kedmanee types for them, by code point.
_ROWS: Final = (
    ("1234567890-=", "ๅ/-ภถ\u0e38\u0e36คตจขช"),
    ("!@#$%^&*()_+", "+๑๒๓๔\u0e39฿๕๖๗๘๙"),
    ("qwertyuiop[]\\", "ๆไ\u0e33พะ\u0e31\u0e35รนยบลฃ"),
    ("QWERTYUIOP{}|", '๐"ฎฑธ\u0e4d\u0e4aณฯญฐ,ฅ'),
    ("asdfghjkl;'", "ฟหกดเ\u0e49\u0e48าสวง"),
    ('ASDFGHJKL:"', "ฤฆฏโฌ\u0e47\u0e4bษศซ."),
    ("zxcvbnm,./", "ผปแอ\u0e34\u0e37ทมใฝ"),
    ("ZXCVBNM<>?", "()ฉฮ\u0e3a\u0e4c?ฒฬฦ"),
    ("`~", "_%"),
)
KEDMANEE: Final = {key: typed for keys, line in _ROWS for key, typed in zip(keys, line, strict=True)}

_UNDO: Final = str.maketrans({typed: key for key, typed in KEDMANEE.items()})
_LOWER: Final = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
_UPPER: Final = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
_OTHER_SHIFT: Final = str.maketrans(_LOWER + _UPPER, _UPPER + _LOWER)


def has_thai(text: str) -> bool:
    """Whether *text* holds a character of the Thai block."""
    return any("\u0e00" <= character <= "\u0e7f" for character in text)


def undo(text: str) -> str:
    """The keys that were pressed for *text*; what Kedmanee cannot type stays as it is."""
    return text.translate(_UNDO)


def readings(text: str) -> Iterator[str]:
    """What may have been scanned where *text* arrived, likeliest first.

    Caps Lock turns the case of letters; on Windows it is a shift lock in Kedmanee and turns every
    key.  That last reading is offered only where all of *text* is Kedmanee's, so that Thai numerals
    typed among Latin letters are never taken for the keys they share.
    """
    keys = undo(text)
    yield keys
    yield keys.swapcase()
    if all(character in _UNDO_POINTS or character.isspace() for character in text):
        yield keys.translate(_OTHER_SHIFT)


_UNDO_POINTS: Final = frozenset(KEDMANEE.values())
