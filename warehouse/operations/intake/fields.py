"""The fields that partners send, in a request or in a file: read strictly, refused with a reason.

Each reader takes a text, or what a spreadsheet held, and gives the value or says what is wrong with
it.  Nothing is guessed: a number with a thousands separator, a Thai digit or a Buddhist year is
refused rather than read as something else.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from warehouse.core.errors import SENTENCE
from warehouse.core.i18n import N_
from warehouse.masterdata import identifiers

REASONS: Final[Mapping[str, str]] = {
    "required": N_("This is required."),
    "unexpected": N_("There is no such field."),
    "not-text": N_("This is not text. Format the column of the spreadsheet as text: a number"
                   " may have lost its leading zeros."),
    "control-character": N_("This holds a control character."),
    "too-long": N_("This has more than {most} characters."),
    "not-an-identifier": N_("Begin with a letter or digit, then use only the letters A–Z, digits,"
                            " spaces and - . _ / + # : ."),
    "not-a-number": N_("Write a plain number such as 1250.5, with digits 0–9 and no separator."),
    "not-positive": N_("This must be more than zero."),
    "negative": N_("This may not be less than zero."),
    "too-large": N_("This may not be more than {most}."),
    "too-precise": N_("This has more than {decimals} decimals."),
    "not-a-day": N_("Write a day as 2026-08-31, or in a file as 31/08/2026 or 31/08/2569."),
    "implausible-day": N_("This must be a day from {first} to {last}."),
    "not-a-country": N_("Use a country code of two letters of ISO 3166-1."),
    "not-a-currency": N_("Use a currency code of three letters of ISO 4217."),
    "not-cif": N_("Prices must be CIF."),
    "not-a-postcode": N_("Use a postcode of five digits."),
    "not-a-despatch": N_("This is no UPU S8 despatch: two offices of six letters, the category and"
                         " subclass of mail, a digit of the year and four of the despatch."),
    "not-a-receptacle": N_("This is no UPU S9 receptacle: its despatch, three digits, two flags"
                           " and a weight of four digits."),
    "too-few": N_("At least {least} is needed."),
    "too-many": N_("At most {most} may be sent at once."),
    "not-an-object": N_("This does not have the right form."),
}  # fmt: skip
"""What can be wrong with one value, by a stable code."""

MOST_QUANTITY: Final = Decimal(1_000_000)
MOST_PRICE: Final = Decimal(10_000_000)
MOST_WEIGHT_KG: Final = Decimal(1_000_000)
MOST_EXCISE_QUANTITY: Final = Decimal(10_000_000_000)
MOST_CENTIMETRES: Final = Decimal(1_000)
MOST_TEXTS: Final = 50

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/+#:-]*")
_NUMBER: Final = re.compile(r"(-?[0-9]{1,18})(?:\.([0-9]{1,18}))?")
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_POSTCODE: Final = re.compile(r"[1-9][0-9]{4}")
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2099
# Marks that reorder the text around them: what is read is not what is stored.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refusal(code: str, **facts: object) -> PydanticCustomError:
    """What a reader raises: the reason *code*, and its facts."""
    return PydanticCustomError(code, REASONS[code], {**facts, SENTENCE: REASONS[code]})


def _text(value: object, most: int) -> str:
    """*value* as NFC text, which keeps sara am in one piece, without outer spaces."""
    if not isinstance(value, str):
        raise refusal("not-text")
    text = value.strip() if value.isascii() else unicodedata.normalize("NFC", value).strip()
    if not text:
        raise refusal("required")
    if not text.isprintable() and any(map(_is_control, text)):
        raise refusal("control-character")
    if len(text) > most:
        raise refusal("too-long", most=most)
    return text


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _REORDERING


def _identifier(value: object, most: int) -> str:
    text = _text(value, most)
    if not _IDENTIFIER.fullmatch(text):
        raise refusal("not-an-identifier")
    return text


def _number(value: object, most: Decimal, decimals: int) -> Decimal:
    """*value* exactly: text, a whole number, or a spreadsheet's number; never a binary fraction."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise refusal("not-a-number")
    match = _NUMBER.fullmatch(f"{value:f}" if isinstance(value, Decimal) else str(value).strip())
    if match is None:
        raise refusal("not-a-number")
    number = Decimal(match.group())
    if number > most:
        raise refusal("too-large", most=most)
    if len((match.group(2) or "").rstrip("0")) > decimals:
        raise refusal("too-precise", decimals=decimals)
    return number


def _positive(value: object, most: Decimal, decimals: int = 3) -> Decimal:
    number = _number(value, most, decimals)
    if number <= 0:
        raise refusal("not-positive")
    return number


def _price(value: object) -> Decimal:
    number = _number(value, MOST_PRICE, decimals=6)
    if number < 0:
        raise refusal("negative")
    return number


def _day(value: object) -> date:
    """*value* as a Gregorian day: ISO 8601 text, or the date that a file's reader found."""
    if isinstance(value, date):
        day = value
    else:
        match = _ISO_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise refusal("not-a-day")
        try:
            day = date(*map(int, match.groups()))
        except ValueError:
            raise refusal("not-a-day") from None
    first, last = date(_FIRST_YEAR, 1, 1), date(_LAST_YEAR, 12, 31)
    if not first <= day <= last:
        raise refusal("implausible-day", first=first, last=last)
    return day


def _country(value: object) -> str:
    if not isinstance(value, str) or value not in identifiers.COUNTRIES:
        raise refusal("not-a-country")
    return value


def _currency(value: object) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise refusal("not-a-currency")
    return value


def _cif(value: object) -> str:
    if value != "CIF":
        raise refusal("not-cif")
    return "CIF"


def _postcode(value: object) -> str:
    if not isinstance(value, str) or not _POSTCODE.fullmatch(value):
        raise refusal("not-a-postcode")
    return value


def _texts(value: object, most_each: int) -> tuple[str, ...]:
    """A list of texts; in a file they stand in one cell, with commas or semicolons between."""
    texts = re.split("[;,\n]", value) if isinstance(value, str) else value
    if not isinstance(texts, list | tuple):
        raise refusal("not-text")
    if len(texts) > MOST_TEXTS:
        raise refusal("too-many", most=MOST_TEXTS)
    return tuple(_text(text, most_each) for text in texts)


def _despatch(value: object) -> str:
    text = _text(value, 30).upper().replace(" ", "")
    if identifiers.parse_s8(text) is None:
        raise refusal("not-a-despatch")
    return text


def _receptacle(value: object) -> str:
    text = _text(value, 40).upper().replace(" ", "")
    if identifiers.parse_s9(text) is None:
        raise refusal("not-a-receptacle")
    return text


def _decimal_schema(example: str) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"},
                {"type": "integer", "minimum": 0},
            ],
            "examples": [example],
        }
    )


def _text_schema(most: int, pattern: str | None = None) -> WithJsonSchema:
    shape: dict[str, object] = {"type": "string", "minLength": 1, "maxLength": most}
    return WithJsonSchema(shape | ({"pattern": pattern} if pattern else {}))


def _texts_schema(most_each: int) -> WithJsonSchema:
    each = {"type": "string", "minLength": 1, "maxLength": most_each}
    return WithJsonSchema({"type": "array", "items": each, "maxItems": MOST_TEXTS})


_SPELLED: Final = f"^{_IDENTIFIER.pattern}$"

Reference = Annotated[
    str, BeforeValidator(lambda value: _identifier(value, 40)), _text_schema(40, _SPELLED)
]
"""A partner's own name for what it sends."""
Identifier = Annotated[
    str, BeforeValidator(lambda value: _identifier(value, 35)), _text_schema(35, _SPELLED)
]
"""A number on a paper, a parcel or a product: ASCII, leading zeros kept."""
Name = Annotated[str, BeforeValidator(lambda value: _text(value, 70)), _text_schema(70)]
LongName = Annotated[str, BeforeValidator(lambda value: _text(value, 120)), _text_schema(120)]
ShortName = Annotated[str, BeforeValidator(lambda value: _text(value, 60)), _text_schema(60)]
Address = Annotated[str, BeforeValidator(lambda value: _text(value, 300)), _text_schema(300)]
Phone = Annotated[str, BeforeValidator(lambda value: _text(value, 30)), _text_schema(30)]
Quantity = Annotated[
    Decimal, BeforeValidator(lambda value: _positive(value, MOST_QUANTITY)), _decimal_schema("12")
]
"""So many of a product's unit, more than none."""
Weight = Annotated[
    Decimal,
    BeforeValidator(lambda value: _positive(value, MOST_WEIGHT_KG)),
    _decimal_schema("0.350"),
]
"""Kilograms."""
Centimetres = Annotated[
    Decimal,
    BeforeValidator(lambda value: _positive(value, MOST_CENTIMETRES)),
    _decimal_schema("30"),
]
"""A side of a parcel."""
Price = Annotated[Decimal, BeforeValidator(_price), _decimal_schema("12.50")]
"""Of one unit, CIF, in the consignment's currency."""
RetailPrice = Annotated[
    Decimal,
    BeforeValidator(lambda value: _positive(value, MOST_PRICE, decimals=2)),
    _decimal_schema("1490.00"),
]
"""Of one unit, in baht, as suggested to the public, without VAT (Excise Act B.E. 2560)."""
ExciseQuantity = Annotated[
    Decimal,
    BeforeValidator(lambda value: _positive(value, MOST_EXCISE_QUANTITY)),
    _decimal_schema("1.680"),
]
"""In the unit of the excise tariff: litres of pure alcohol, grams."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Country = Annotated[str, BeforeValidator(_country), _text_schema(2, "^[A-Z]{2}$")]
Currency = Annotated[str, BeforeValidator(_currency), _text_schema(3, "^[A-Z]{3}$")]
TradeTerms = Annotated[str, BeforeValidator(_cif), WithJsonSchema({"const": "CIF"})]
Postcode = Annotated[str, BeforeValidator(_postcode), _text_schema(5, f"^{_POSTCODE.pattern}$")]
Vehicle = Annotated[str, BeforeValidator(lambda value: _text(value, 30)), _text_schema(30)]
"""The plate of a vehicle, Thai letters included."""
Seals = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: _texts(value, 40)), _texts_schema(40)
]
Labels = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: _texts(value, 60)), _texts_schema(60)
]
"""What else is stuck on a parcel and may be scanned."""
Despatch = Annotated[str, BeforeValidator(_despatch), _text_schema(20, "^[A-Z0-9]{20}$")]
"""UPU S8."""
Receptacle = Annotated[str, BeforeValidator(_receptacle), _text_schema(29, "^[A-Z0-9]{29}$")]
"""UPU S9: a mail bag."""
