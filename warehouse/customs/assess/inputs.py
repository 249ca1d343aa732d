"""Read the inputs of one case strictly: what is missing, unknown or malformed is said by name."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from warehouse.core.errors import InvalidRequest
from warehouse.core.i18n import N_, translate
from warehouse.core.money import to_satang
from warehouse.masterdata.cells import YEARS

Json = Mapping[str, object]
T = TypeVar("T")

_DECIMAL: Final = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,10})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE: Final = re.compile(r"[0-9]{1,4}")
_TEXT: Final = r"(?s:[^\ud800-\udfff]*)"
_SHOWN: Final = 60
_ALL: Final = 100

A_DECIMAL: Final = N_('a decimal in quotation marks, digits and a point only, such as "31300.00"')
A_BAHT_AMOUNT: Final = N_('an amount in baht with at most two decimals, such as "31300.00"')
MORE_THAN_ZERO: Final = N_("more than zero")
A_DAY: Final = N_('a Gregorian day such as "2026-01-31"; the year 2569 B.E. is 2026')
A_TEXT: Final = N_("a text")
AN_OBJECT: Final = N_("an object that says each thing once")
OBJECTS: Final = N_("a list of objects, one or more")
A_FLAG: Final = N_("true or false")
A_WHOLE_NUMBER: Final = N_('a whole number in quotation marks, such as "3"')
A_PERCENTAGE: Final = N_("a percentage of at most 100, in quotation marks")


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it was *written*: no input takes one, but a refusal shows it."""

    written: str


@dataclass(frozen=True, slots=True)
class Twice:
    """A JSON object in which *name* stands twice: the last of two amounts would win unseen."""

    name: str


@dataclass(frozen=True, slots=True)
class _Verbatim:
    """A fact that is no sentence of ours, though it may read like one: ``duty``, say."""

    written: str

    def __str__(self) -> str:
        return self.written


class InputRefused(InvalidRequest):
    """Something is wrong with an input; names and values are told in the letters they came in."""

    def text(self, language: str) -> str:
        """The sentence, in *language*; of its facts only what was *expected* is ours."""
        return translate(
            self.message,
            language,
            **{
                name: _Verbatim(fact) if isinstance(fact, str) and name != "expected" else fact
                for name, fact in self.facts.items()
            },
        )


class MissingInput(InputRefused):
    """An input that the case needs is not there."""

    code = "missing-input"
    message = N_("{field} is missing.")


class UnknownInput(InputRefused):
    """Nobody would read that input; a slip in its name must not change a figure silently."""

    code = "unknown-input"
    message = N_("{field} is not an input of {kind}. Known are {known}.")


class MalformedInput(InputRefused):
    """An input is not of its form."""

    code = "malformed-input"
    message = N_("{field} is {value}; it must be {expected}.")


class OneOfBoth(InputRefused):
    """Two inputs say the same thing in two ways."""

    code = "one-of-both"
    message = N_("Give {first} or {second}, not both.")


def shown(value: object) -> str:
    """*value* as it was written, shortened, fit to stand in a sentence."""
    match value:
        case dict():
            return "{…}"
        case list():
            return "[…]"
        case Number(written):
            text = written
        case Twice(name):
            text = f"{{{shown(name)} …, {shown(name)} …}}"
        case str() if value and value.isprintable():
            text = value
        case _:
            text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The named inputs of a case of *kind*; null counts as absent.  *within* names their parent."""

    kind: str
    values: Json
    within: str = ""

    @classmethod
    def of(cls, kind: str, values: object, known: frozenset[str], within: str = "") -> "Inputs":
        """The inputs *values*.

        Raises:
            MalformedInput: they are not a JSON object.
            UnknownInput: one of them is not *known*.
        """
        if not isinstance(values, dict):
            field = within.rstrip(".") or "inputs"
            raise MalformedInput(field=field, value=shown(values), expected=AN_OBJECT)
        for name in values:
            if name not in known:
                raise UnknownInput(
                    field=within + shown(name), kind=kind, known=", ".join(sorted(known))
                )
        present = {name: value for name, value in values.items() if value is not None}
        return cls(kind, present, within)

    def has(self, name: str) -> bool:
        """Whether *name* is given."""
        return name in self.values

    def given(self, name: str) -> object:
        """The input *name* as it came.

        Raises:
            MissingInput: it is not there.
        """
        if not self.has(name):
            raise MissingInput(field=self.within + name)
        return self.values[name]

    def within_object(self, name: str, known: frozenset[str]) -> "Inputs":
        """The inputs inside the object *name*."""
        return Inputs.of(self.kind, self.given(name), known, within=f"{self.within}{name}.")

    def objects(self, name: str, known: frozenset[str]) -> list["Inputs"]:
        """The inputs inside each object of the list *name*."""
        given = self.given(name)
        if not isinstance(given, list) or not given:
            raise self.malformed(name, OBJECTS)
        return [
            Inputs.of(self.kind, each, known, within=f"{self.within}{name}[{position}].")
            for position, each in enumerate(given, start=1)
        ]

    def maybe(self, read: Callable[[str], T], name: str) -> T | None:
        """What *read* makes of *name*, where it is given."""
        return read(name) if self.has(name) else None

    def flag(self, name: str) -> bool:
        """Whether *name* is true; it is not where it is not given."""
        if not self.has(name):
            return False
        value = self.values[name]
        if not isinstance(value, bool):
            raise self.malformed(name, A_FLAG)
        return value

    def whole(self, name: str) -> int:
        """A whole number of zero or more."""
        value = self.given(name)
        if not isinstance(value, str) or not _WHOLE.fullmatch(value):
            raise self.malformed(name, A_WHOLE_NUMBER)
        return int(value)

    def share(self, name: str) -> Decimal:
        """A percentage that cannot be more than all."""
        pct = self.decimal(name)
        if pct > _ALL:
            raise self.malformed(name, A_PERCENTAGE)
        return pct

    def decimal(self, name: str) -> Decimal:
        """A decimal of zero or more.  JSON numbers are refused: they may have been floats."""
        value = self.given(name)
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise self.malformed(name, A_DECIMAL)
        return Decimal(value)

    def positive(self, name: str) -> Decimal:
        """A decimal of more than zero."""
        amount = self.decimal(name)
        if not amount:
            raise self.malformed(name, MORE_THAN_ZERO)
        return amount

    def baht(self, name: str) -> Decimal:
        """An amount in baht, to the satang."""
        amount = self.decimal(name)
        if amount != to_satang(amount):
            raise self.malformed(name, A_BAHT_AMOUNT)
        return amount

    def day(self, name: str) -> date:
        """A calendar day; a year of the Buddhist era is refused, for it would be far off."""
        value = self.given(name)
        if isinstance(value, str) and _DAY.fullmatch(value):
            with suppress(ValueError):
                day = date.fromisoformat(value)
                if day.year in YEARS:
                    return day
        raise self.malformed(name, A_DAY)

    def day_or(self, name: str, default: date) -> date:
        """A calendar day; *default* where none is given."""
        return self.day(name) if self.has(name) else default

    def text(self, name: str, pattern: str = _TEXT, expected: str = A_TEXT) -> str:
        """A text that is *pattern* from end to end."""
        value = self.given(name)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self.malformed(name, expected)
        return value

    def list_of(self, name: str, pattern: str, expected: str) -> list[str]:
        """A list of texts, one or more, each once, each *pattern* from end to end."""
        given = self.given(name)
        if not isinstance(given, list) or not given or len(set(map(str, given))) < len(given):
            raise self.malformed(name, expected)
        for each in given:
            if not isinstance(each, str) or not re.fullmatch(pattern, each):
                raise self.malformed(name, expected)
        return given

    def malformed(self, name: str, expected: str) -> MalformedInput:
        """The refusal of input *name*, which must be what *expected* says."""
        return MalformedInput(
            field=self.within + name, value=shown(self.values[name]), expected=expected
        )
