"""Thai, English and Chinese sentences, days and numbers.

English sentences in the source are the gettext keys.  Thai is the default language and complete;
Chinese is complete for the floor, and elsewhere says in English what it lacks.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from warehouse.core import clock

LANGUAGES: Final = ("th", "en", "zh")
DEFAULT: Final = "th"

_LOCALE: Final = Path(__file__).parent.parent / "locale"
_THAI_MONTHS: Final = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_BUDDHIST_ERA: Final = 543


def N_(sentence: str) -> str:  # noqa: N802 (gettext's own name: marks a sentence for translation)
    """Mark *sentence* as a gettext key, and return it unchanged."""
    return sentence


@cache
def catalogue(language: str) -> NullTranslations:
    """The sentences of *language*, read from its ``messages.po``; English is the key itself."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    with (_LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translate(sentence: str, language: str, /, **facts: object) -> str:
    """*sentence* in *language*, its braces filled from *facts*, each shown for a reader.

    A fact that is itself a marked sentence (a state's name, say) is translated too.
    """
    text = catalogue(language).gettext(sentence)
    return text.format(**{name: shown(fact, language) for name, fact in facts.items()})


def shown(fact: object, language: str) -> str:
    """*fact* as a person reads it in *language*."""
    match fact:
        case datetime():
            return moment(fact, language)
        case date():
            return day(fact, language)
        case Decimal():
            return quantity(fact)
        case list() | tuple():
            return ", ".join(shown(each, language) for each in fact) or "–"
        case str() if fact:
            return catalogue(language).gettext(fact)
        case _:
            return str(fact)


def day(when: date, language: str) -> str:
    """*when* for a reader: a Buddhist year in Thai, a Gregorian one elsewhere."""
    match language:
        case "th":
            return f"{when.day} {_THAI_MONTHS[when.month - 1]} {when.year + _BUDDHIST_ERA}"
        case "zh":
            return f"{when.year}年{when.month}月{when.day}日"
        case _:
            return f"{when.day} {when:%B %Y}"


def moment(at: datetime, language: str) -> str:
    """*at* as day and Bangkok time."""
    local = at.astimezone(clock.BANGKOK)
    return f"{day(local.date(), language)} {local:%H:%M}"


def quantity(amount: Decimal) -> str:
    """*amount* with thousands separators and no trailing zeros: 1,250 or 0.5."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def baht(amount: Decimal) -> str:
    """*amount* in baht to the satang: 1,250.00."""
    return f"{amount:,.2f}"


def preferred(accept_language: str, languages: Sequence[str] = LANGUAGES) -> str:
    """Which of *languages* an Accept-Language header wants most, or Thai."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.lower().split(","):
        tag, _, parameter = part.partition(";")
        name = tag.strip().split("-")[0]
        if name in languages:
            wanted.append((_weight(parameter), name))
    best = max(wanted, key=lambda each: each[0], default=(0.0, DEFAULT))
    return best[1] if best[0] > 0 else DEFAULT


def _weight(parameter: str) -> float:
    """The ``q`` of one range, 0 to 1 (RFC 9110 §12.4.2); 1 if it has none or is not readable."""
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", parameter)
    return float(found[1]) if found else 1.0
