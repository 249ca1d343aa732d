"""What a scanner meant, when the computer it types on was set to Thai.

A keyboard-wedge scanner presses the keys of a US keyboard.  Under the Thai Kedmanee layout
``RC338848854TH`` arrives as ``ฑฉ--คคภคคถภธ็``.  All 94 printable keys map one to one, so the
typing can be undone; it must not be normalised first: NFC and NFKC reorder and split Thai vowels.
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
KEDMANEE: Final = {
    key: typed for keys, line in _ROWS for key, typed in zip(keys, line, strict=True)
}

_UNDO: Final = str.maketrans({typed: key for key, typed in KEDMANEE.items()})
_LOWER: Final = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
_UPPER: Final = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
_OTHER_SHIFT: Final = str.maketrans(_LOWER + _UPPER, _UPPER + _LOWER)


def typed_in_thai(text: str) -> bool:
    """Whether *text* may be a scan under a Thai layout: Thai characters, and no Latin letter."""
    thai = any("\u0e00" <= character <= "\u0e7f" for character in text)
    return thai and not any(character.isascii() and character.isalpha() for character in text)


def undo(text: str) -> str:
    """The keys that were pressed for *text*; what Kedmanee cannot type stays as it is."""
    return text.translate(_UNDO)


def readings(text: str) -> Iterator[str]:
    """What may have been scanned where *text* arrived, likeliest first.

    Caps Lock turns the case of letters, so small letters alone are read as capitals first: labels
    are printed in capitals.  In Kedmanee on Windows it is a shift lock and turns every key.  That
    reading is offered only where it gives capitals, so that Thai numerals are never taken for the
    keys they share.
    """
    keys = undo(text)
    turned = keys.swapcase()
    yield from (turned, keys) if keys.islower() else (keys, turned)
    if (shift_locked := keys.translate(_OTHER_SHIFT)).isupper():
        yield shift_locked
