"""GS1 element strings: what a GS1-128, DataMatrix or QR symbol says of what it is stuck on.

Only for content that a symbol declares to be GS1: ordinary courier numbers parse as element
strings too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from biip import ParseConfig, ParseError
from biip.gs1_element_strings import GS1ElementString

from warehouse.masterdata import identifiers

SEPARATOR: Final = "\x1d"  # GS, which scanners send for the FNC1 between elements

_LENIENT: Final = ParseConfig(gs1_element_strings_verify_date=False)
_DATES: Final = frozenset(("11", "12", "13", "15", "16", "17"))
_DATE: Final = re.compile(r"1[1-7][0-9]{6}")
_CHECKED: Final = re.compile(r"0[0-3]|402|41[0-7]")  # SSCC, GTIN, GSIN, GLN end in a check digit
_WEIGHTS_AND_MEASURES: Final = re.compile(r"3[1-6][0-9]{2}")
_TYPED: Final = re.compile(r"(?:\([0-9]{2,4}\)[^()]+)+")


@dataclass(frozen=True, slots=True)
class Element:
    """One application identifier (*ai*) with its data.

    *scanned* is the data as encoded.  *value* is the same with dates as ISO days and measures as
    decimal numbers.  *check_ok* and *date_ok* are None where there is no check digit or date.
    """

    ai: str
    scanned: str
    value: str
    check_ok: bool | None = None
    date_ok: bool | None = None


def parse(content: str) -> tuple[Element, ...] | None:
    """Read *content*, its elements parted by SEPARATOR; None where it breaks GS1's rules."""
    try:
        elements = tuple(
            element for part in content.split(SEPARATOR) for element in _elements(part)
        )
    except ParseError:
        return None
    return elements or None


def from_typed(text: str) -> str | None:
    """The content of ``(01)09501101530003(10)ABC`` as a person types it; None for other text."""
    compact = text.replace(" ", "")
    if not _TYPED.fullmatch(compact):
        return None
    return compact[1:].replace("(", SEPARATOR).replace(")", "")


def printed(elements: tuple[Element, ...]) -> str:
    """The line under the bars: ``(01)09501101530003(10)ABC``."""
    return "".join(f"({element.ai}){element.scanned}" for element in elements)


def _elements(part: str) -> Iterator[Element]:
    """The elements of one *part* between separators; only the last may be of free length."""
    while part:
        if part[:2] in _DATES and _DATE.match(part):
            element, part = _date(part[:2], part[2:8]), part[8:]
        else:
            found = GS1ElementString.extract(part, config=_LENIENT)
            part = part[len(found.ai.ai) + len(found.value) :]
            if part and found.ai.separator_required:
                raise ParseError(f"({found.ai.ai}) is too long")
            element = _element(found)
        yield element


def _date(ai: str, digits: str) -> Element:
    """A date YYMMDD; day 00 is the end of the month, and an impossible one stays as scanned."""
    try:
        day = GS1ElementString.parse(ai + digits).date
    except ParseError:
        return Element(ai, digits, digits, date_ok=False)
    return Element(ai, digits, str(day), date_ok=True)


def _element(found: GS1ElementString) -> Element:
    ai, scanned = found.ai.ai, found.value
    if _CHECKED.fullmatch(ai):
        return Element(ai, scanned, scanned, check_ok=identifiers.gs1_check_ok(scanned))
    if _WEIGHTS_AND_MEASURES.fullmatch(ai):
        return Element(ai, scanned, str(found.decimal))
    return Element(ai, scanned, scanned)
