"""How one value of ours becomes the text of one XML element, and back: the manual's formats.

A record type is a tuple of fields.  The same tuple writes and reads it, so that the two cannot
disagree.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, Final, Protocol

from lxml import etree

from warehouse.customs.gateway import UnknownShape, Unspeakable

_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")


class Form(Protocol):
    """A format of the manual.  Both ways raise ValueError for what does not fit."""

    def write(self, value: object) -> str:
        """*value* as text."""
        ...

    def read(self, text: str) -> object:
        """The value of *text*."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """``an..n``: 1 to *longest* characters, NFC; nothing that XML 1.0 cannot hold."""

    longest: int
    shortest: int = 1

    def write(self, value: object) -> str:
        """*value*, normalised."""
        text = unicodedata.normalize("NFC", str(value))
        if not self.shortest <= len(text) <= self.longest or _NOT_IN_XML.search(text):
            raise ValueError(text)
        return text

    def read(self, text: str) -> str:
        """*text*, if it could have been written."""
        return self.write(text)


@dataclass(frozen=True, slots=True)
class Number:
    """``n..digits,decimals``: no sign.  Rates and prices are *rounded* half-up to fit; no other."""

    digits: int
    decimals: int
    rounded: bool = False

    def write(self, value: object) -> str:
        """*value* with all its decimals."""
        assert isinstance(value, Decimal)
        if not value.is_finite() or value < 0 or value.adjusted() >= self.digits:
            raise ValueError(value)
        fitted = abs(value).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        if len(fitted.as_tuple().digits) > self.digits or (fitted != value and not self.rounded):
            raise ValueError(value)
        return f"{fitted:f}"

    def read(self, text: str) -> Decimal:
        """*text* as an exact number."""
        if not _NUMBER.fullmatch(text):
            raise ValueError(text)
        value = Decimal(text)
        self.write(value)
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """``n..digits`` without decimals."""

    digits: int

    def write(self, value: object) -> str:
        """*value* in ASCII digits."""
        text = str(value)
        if not re.fullmatch(rf"[0-9]{{1,{self.digits}}}", text):
            raise ValueError(value)
        return text

    def read(self, text: str) -> int:
        """*text* as a whole number."""
        return int(self.write(text))


@dataclass(frozen=True, slots=True)
class Day:
    """``n8``: CCYYMMDD, Gregorian."""

    def write(self, value: object) -> str:
        """*value* as eight digits."""
        if not isinstance(value, date):
            raise ValueError(value)
        return f"{value.year:04}{value.month:02}{value.day:02}"

    def read(self, text: str) -> date:
        """The day that eight digits name."""
        if not re.fullmatch("[0-9]{8}", text):
            raise ValueError(text)
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant with its zone, ISO 8601."""

    def write(self, value: object) -> str:
        """*value* with microseconds and offset."""
        assert isinstance(value, datetime)
        return value.isoformat()

    def read(self, text: str) -> datetime:
        """The instant that *text* names."""
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError(text)
        return at


@dataclass(frozen=True, slots=True)
class YesNo:
    """``a1``: Y or N."""

    def write(self, value: object) -> str:
        """Y for true."""
        return "Y" if value else "N"

    def read(self, text: str) -> bool:
        """True for Y."""
        if text not in {"Y", "N"}:
            raise ValueError(text)
        return text == "Y"


REQUIRED: Final = object()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the attribute's *name*, the element's *path*, its format, what absence means."""

    name: str
    path: str
    form: Form
    absent: object = REQUIRED

    def write(self, value: object) -> str | None:
        """*value* as text, or None to leave the element out."""
        if value == self.absent:
            return None
        try:
            return self.form.write(value)
        except ValueError as failure:
            raise Unspeakable(field=self.path, value=str(value)[:80]) from failure

    def read(self, element: etree._Element | None) -> object:
        """The value of *element*."""
        if element is None:
            if self.absent is REQUIRED:
                raise UnknownShape(field=self.path)
            return self.absent
        try:
            return self.form.read(element.text or "")
        except ValueError as failure:
            raise UnknownShape(field=self.path) from failure


Record = tuple[Field, ...]


def write(parent: etree._Element, record: Record, source: object) -> None:
    """Put the fields of *source* under *parent*, in the order of *record*."""
    for field in record:
        text = field.write(getattr(source, field.name))
        if text is not None:
            child(parent, field.path).text = text


def read(parent: etree._Element, record: Record) -> Mapping[str, Any]:
    """The values of *record* under *parent*, by attribute name."""
    return {field.name: field.read(find(parent, field.path)) for field in record}


def child(parent: etree._Element, path: str) -> etree._Element:
    """A new last element at *path* below *parent*, sharing the steps that are already there."""
    *steps, last = _qualified(_namespace(parent), path)
    for step in steps:
        known = parent.find(step)
        parent = etree.SubElement(parent, step) if known is None else known
    return etree.SubElement(parent, last)


def find(parent: etree._Element, path: str) -> etree._Element | None:
    """The first element at *path* below *parent*, in the parent's own namespace."""
    return parent.find("/".join(_qualified(_namespace(parent), path)))


def children(parent: etree._Element, path: str) -> list[etree._Element]:
    """Every element at *path* below *parent*."""
    return list(parent.iterfind("/".join(_qualified(_namespace(parent), path))))


def _namespace(element: etree._Element) -> str:
    """The namespace of *element*; empty without one."""
    name, closed, _ = str(element.tag).partition("}")
    return name.removeprefix("{") if closed else ""


@cache
def _qualified(namespace: str, path: str) -> tuple[str, ...]:
    return tuple(f"{{{namespace}}}{step}" for step in path.split("/"))
