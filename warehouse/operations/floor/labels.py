"""What a scanned label names.

One scan, one answer: `identify` never refuses.  The order in which the kinds are tried decides what
an ambiguous code is; it goes from what only we or the post print to what any courier may print.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from warehouse.masterdata import element_strings, identifiers
from warehouse.masterdata.element_strings import Element
from warehouse.operations.floor import keyboard

_GS: Final = element_strings.SEPARATOR
_SPELLED_GS: Final = re.compile(r"\{GS\}|<GS>", re.IGNORECASE)
_OUTER: Final = " \t\r\n\u00a0\ufeff"
_AIM: Final = re.compile(r"\][A-Za-z][0-9]")  # ISO/IEC 15424: what symbology the scanner saw
_GS1_SYMBOLOGIES: Final = frozenset(("]C1", "]e0", "]d2", "]Q3"))
_GTIN: Final = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_SSCC: Final = re.compile(r"(00)?([0-9]{18})")
_SSCC_FIRST: Final = re.compile(r"00([0-9]{18}).")
_NEAR_S9: Final = re.compile(r"[A-Z]{12,16}[0-9]{4,18}")
_NEAR_S10: Final = re.compile(r"[A-Z]{2}(?:[0-9]{8}|[0-9]{10})[A-Z]{2}")
_QUANTITY: Final = re.compile(r"[x×]? ?([0-9]{1,5}) ?[x×]?", re.IGNORECASE)
_WEIGHT: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?(KG|G)")
_SIZE: Final = re.compile(r"([0-9]{1,4}) ?[X*] ?([0-9]{1,4}) ?[X*] ?([0-9]{1,4}) ?(?:CM)?")
_MAIL_CATEGORIES: Final = "ABCD"  # air, surface air lifted, surface, priority by surface
_MAIL_CLASSES: Final = "UCET"  # letters, parcels, EMS, empty receptacles
_S9_FLAGS: Final = "019"  # no, yes, not available
_PARTNERS: Final = {
    "LP": re.compile(r"LP[0-9]{8,20}"),
    "LBX": re.compile(r"LBX[0-9A-Z]{6,20}"),
    "LZD": re.compile(r"LZD[0-9A-Z]{6,20}"),
    "17-digit": re.compile(r"[0-9]{17}"),
}


class Kind(StrEnum):
    """What a label can name."""

    S10 = "s10"
    S9 = "s9"
    S8 = "s8"
    SSCC = "sscc"
    GTIN = "gtin"
    GS1 = "gs1"
    LOCATION = "location"
    COMMAND = "command"
    PARTNER = "partner"
    QUANTITY = "quantity"
    WEIGHT = "weight"
    SIZE = "size"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Label:
    """What one scan names.

    *value* is the normal form, which is looked up.  *check_ok* is None where the kind has no check
    digit.  *repaired* says that a Thai keyboard layout was undone.  *warnings* are stable words for
    programs, listed in docs/identify.md.  *raw* is the scan, untouched.
    """

    kind: Kind
    value: str
    check_ok: bool | None = None
    repaired: bool = False
    fields: Mapping[str, str | int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    raw: str = ""


def identify(code: str) -> Label:
    """Say what *code*, a scan exactly as it arrived, names."""
    return replace(_repaired(code) or _classify(code), raw=code)


def identify_json(code: str) -> dict[str, object]:
    """`identify` as the JSON object of docs/identify.md."""
    label = identify(code)
    return {
        "kind": label.kind.value,
        "value": label.value,
        "check_ok": label.check_ok,
        "repaired": label.repaired,
        "fields": dict(label.fields),
        "warnings": list(label.warnings),
        "raw": label.raw,
    }


# ── The Thai keyboard ────────────────────────────────────────────────────────────────────────────


def _repaired(code: str) -> Label | None:
    """The label in *code* typed under a Thai layout; None if that makes no sense of it."""
    if not keyboard.typed_in_thai(code):
        return None
    for keys in keyboard.readings(code):
        label = _classify(keys)
        if label.kind is not Kind.UNKNOWN:
            return replace(label, repaired=True, warnings=("layout_fixed", *label.warnings))
    return None


# ── Classification ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Content:
    """What a symbol holds, without what the scanner added.  *gs1*: the symbol says it is GS1."""

    text: str
    gs1: bool

    @property
    def compact(self) -> str:
        """Capitals without the spaces and hyphens that people read numbers with."""
        return self.text.upper().replace(" ", "").replace("-", "")


def _classify(scan: str) -> Label:
    text = scan.strip(_OUTER)
    aim = _AIM.match(text)
    symbology, text = (aim.group(), text[3:]) if aim else ("", text)
    # Only ASCII is read: Thai and full-width digits are not digits, and İ, ß or ſ not capitals.
    if not text.replace("×", "x").isascii():
        return Label(Kind.UNKNOWN, text)
    typed = element_strings.from_typed(text)
    marked = _GS + typed if typed else _SPELLED_GS.sub(_GS, text)
    content = _Content(marked.strip(_GS), symbology in _GS1_SYMBOLOGIES or _GS in marked)
    return next((label for read in _READERS if (label := read(content))), _unknown(text, content))


def _own(content: _Content) -> Label | None:
    code = content.text.upper()
    if identifiers.is_location_code(code):
        return Label(Kind.LOCATION, code)
    if identifiers.is_command_code(code):
        return Label(Kind.COMMAND, code)
    return None


def _s10(content: _Content) -> Label | None:
    if not (item := identifiers.parse_s10(content.compact)):
        return None
    check_ok = item.check == item.expected_check
    found = {
        "check_digit": not check_ok,
        "country": item.country not in identifiers.COUNTRIES,
        f"indicator_{item.indicator}": item.indicator is not identifiers.Indicator.ASSIGNED,
    }
    fields = {
        "service": item.service,
        "indicator": item.indicator.value,
        "serial": item.serial,
        "check": item.check,
        "expected_check": item.expected_check,
        "country": item.country,
        "printed": item.printed,
    }
    return Label(Kind.S10, str(item), check_ok, fields=fields, warnings=_where_true(found))


def _s9(content: _Content) -> Label | None:
    if not (receptacle := identifiers.parse_s9(content.compact)):
        return None
    fields = _despatch_fields(receptacle.despatch) | {
        "receptacle": receptacle.receptacle,
        "highest": receptacle.highest,
        "registered": receptacle.registered,
        "weight_hg": receptacle.weight_hg,
        "weight_kg": f"{receptacle.weight_hg // 10}.{receptacle.weight_hg % 10}",
        "s8": content.compact[:20],
    }
    warnings = _despatch_warnings(receptacle.despatch) + _where_true(
        {
            "highest": receptacle.highest not in _S9_FLAGS,
            "registered": receptacle.registered not in _S9_FLAGS,
        }
    )
    return Label(Kind.S9, content.compact, fields=fields, warnings=warnings)


def _s8(content: _Content) -> Label | None:
    despatch = identifiers.parse_s8(content.compact)
    # Twenty characters without a check digit: an unknown category is some other text.
    if despatch is None or despatch.category not in _MAIL_CATEGORIES:
        return None
    fields, warnings = _despatch_fields(despatch), _despatch_warnings(despatch)
    return Label(Kind.S8, content.compact, fields=fields, warnings=warnings)


def _despatch_fields(despatch: identifiers.S8) -> dict[str, str | int]:
    return {
        "origin": despatch.origin,
        "dest": despatch.dest,
        "category": despatch.category,
        "subclass": despatch.subclass,
        "year": despatch.year,
        "despatch": despatch.despatch,
    }


def _despatch_warnings(despatch: identifiers.S8) -> tuple[str, ...]:
    return _where_true(
        {
            "country": not {despatch.origin[:2], despatch.dest[:2]} <= identifiers.COUNTRIES,
            "category": despatch.category not in _MAIL_CATEGORIES,
            "subclass": despatch.subclass[0] not in _MAIL_CLASSES,
        }
    )


def _sscc(content: _Content) -> Label | None:
    match = _SSCC.fullmatch(content.text.replace(" ", ""))
    if not match:
        return None
    prefix, number = match.groups()
    # In a GS1 symbol an SSCC has its (00); eighteen other digits may be any element string.
    if content.gs1 and not prefix and not identifiers.gs1_check_ok(number):
        return None
    return _gs1_key(Kind.SSCC, number, {"extension": number[0]})


def _gs1(content: _Content) -> Label | None:
    if not _declares_gs1(content) or not (elements := element_strings.parse(content.text)):
        return None
    checks = [element.check_ok for element in elements if element.check_ok is not None]
    fields = {element.ai: element.value for element in elements}
    found = {
        "check_digit": not all(checks),
        "date": any(element.date_ok is False for element in elements),
        "repeated": len(fields) < len(elements),
    }
    return Label(
        Kind.GS1,
        _normal(elements, content.text),
        all(checks) if checks else None,
        fields=fields,
        warnings=_where_true(found),
    )


def _normal(elements: tuple[Element, ...], text: str) -> str:
    """The line under the bars; *text* itself where brackets in the data would mislead."""
    if any(set("()").intersection(element.scanned) for element in elements):
        return f"]C1{text}"
    return element_strings.printed(elements)


def _declares_gs1(content: _Content) -> bool:
    first = _SSCC_FIRST.match(content.text)
    return content.gs1 or bool(first and identifiers.gs1_check_ok(first.group(1)))


def _gtin(content: _Content) -> Label | None:
    number = content.text.replace(" ", "")
    if not _GTIN.fullmatch(number):
        return None
    # Thirteen digits are a GTIN whatever the check digit; other lengths are too common without it.
    if len(number) != 13 and not identifiers.gs1_check_ok(number):
        return None
    return _gs1_key(Kind.GTIN, number, {"gtin14": number.zfill(14)})


def _gs1_key(kind: Kind, number: str, fields: Mapping[str, str | int]) -> Label:
    check, expected = int(number[-1]), identifiers.gs1_check_digit(number[:-1])
    return Label(
        kind,
        number,
        check == expected,
        fields={**fields, "check": check, "expected_check": expected},
        warnings=_where_true({"check_digit": check != expected}),
    )


def _partner(content: _Content) -> Label | None:
    for scheme, pattern in _PARTNERS.items():
        if pattern.fullmatch(content.text.upper()):
            return Label(Kind.PARTNER, content.text.upper(), fields={"scheme": scheme})
    return None


def _quantity(content: _Content) -> Label | None:
    if not (match := _QUANTITY.fullmatch(content.text)):
        return None
    return Label(Kind.QUANTITY, str(int(match[1])), fields={"quantity": int(match[1])})


def _weight(content: _Content) -> Label | None:
    if not (match := _WEIGHT.fullmatch(content.text.upper())):
        return None
    kilograms = Decimal(match[1]) / (1 if match[2] == "KG" else 1000)
    written = f"{kilograms.normalize():f}"
    return Label(Kind.WEIGHT, f"{written}KG", fields={"weight_kg": written})


def _size(content: _Content) -> Label | None:
    if not (match := _SIZE.fullmatch(content.text.upper())):
        return None
    length, width, height = (int(side) for side in match.groups())
    litres = f"{(Decimal(length * width * height) / 1000).normalize():f}"
    return Label(Kind.SIZE, f"{length}X{width}X{height}CM", fields={"litres": litres})


def _unknown(text: str, content: _Content) -> Label:
    found = {
        "empty": not text,
        "gs1_syntax": content.gs1,
        "length": bool(_NEAR_S10.fullmatch(content.compact))
        or (bool(_NEAR_S9.fullmatch(content.compact)) and len(content.compact) not in (20, 29)),
    }
    return Label(Kind.UNKNOWN, text, warnings=_where_true(found))


def _where_true(found: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(word for word, holds in found.items() if holds)


_READERS: Final[tuple[Callable[[_Content], Label | None], ...]] = (
    _own, _s10, _s9, _s8, _sscc, _gs1, _gtin, _partner, _quantity, _weight, _size,
)  # fmt: skip
