"""The fields of a declaration that a person may correct, and what each of them takes.

Sizes are those of the e-Import manual of 2018, pp.7-49; a rule's id is the field's number there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.customs.checking.findings import Finding, Owner, Rule

PERMITS: Final = "permits"


class NotTaken(Exception):
    """A field does not take what was written into it; *sentence* is a gettext key that says why."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


@dataclass(frozen=True, slots=True)
class PermitNamed:
    """A permit as a line names it."""

    number: str
    issue_date: date
    authority_id: str


Read = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Field:
    """A field under its column's *name*, what it is called (a gettext key), and how it is read."""

    name: str
    rule: str
    label: str
    read: Read
    follows_goods: bool = False
    """Out of bond it is as it came in; only an entry of ours may say something else."""
    revalues: bool = False
    """Value, duty and tax of the line are reckoned anew."""
    said_later: bool = False
    """What an entry does not say, home use may."""


def finding(field: Field, line: str, why: NotTaken) -> Finding:
    """What is wrong with *field* of *line* (empty: the whole), as findings are kept."""
    rule = Rule(field.rule, field.name, Owner.LIAISON, why.sentence)
    return rule.finding(why.facts, int(line) if line else None)


def written(value: object) -> str:
    """*value* as a person writes it into its field."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
        case tuple():
            return "\n".join(
                f"{each.number} {each.issue_date.isoformat()} {each.authority_id}" for each in value
            )
        case _:
            return str(value)


def _text(most: int, *, needed: bool = True) -> Read:
    def read(text: str) -> str:
        text = " ".join(text.split())
        if needed and not text:
            raise NotTaken(N_("This is required."))
        if len(text) > most:
            raise NotTaken(N_("This is too long: at most {most} characters."), most=most)
        if not text.isprintable():
            raise NotTaken(N_("This holds a sign that cannot be printed."))
        return text

    return read


def _digits(count: int) -> Read:
    def read(text: str) -> str:
        if not re.fullmatch(f"[0-9]{{{count}}}", plain := re.sub(r"[ .]", "", text)):
            raise NotTaken(N_("Write {count} digits."), count=count)
        return plain

    return read


def _letters(pattern: str, example: str) -> Read:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, plain := text.strip().upper()):
            raise NotTaken(N_("Write it as in {example}."), example=example)
        return plain

    return read


def _number(whole: int, decimals: int) -> Read:
    """A number above zero in the manual's format ``n..(whole+decimals),decimals``."""

    def read(text: str) -> Decimal:
        plain = text.strip()
        if not re.fullmatch(rf"-?[0-9]+(\.[0-9]{{1,{decimals}}})?", plain):
            raise NotTaken(
                N_("Write a number such as {example}, with at most {decimals} decimals."),
                example="12.5",
                decimals=decimals,
            )
        number = Decimal(plain)
        if number <= ZERO:
            raise NotTaken(N_("This must be more than 0."))
        if number >= 10**whole:
            raise NotTaken(N_("This is more than the field can hold."))
        return number

    return read


def _optional(read: Read) -> Read:
    return lambda text: read(text) if text.strip() else None


def _count(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]+", plain := text.strip()):
        raise NotTaken(N_("Write a whole number."))
    if int(plain) <= 0:
        raise NotTaken(N_("This must be more than 0."))
    if len(plain) > 8:  # n..8
        raise NotTaken(N_("This is more than the field can hold."))
    return int(plain)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotTaken(N_("Write the day as in {example}."), example="2026-08-31") from None


_permit_number = _text(35)
_authority = _text(17)


def _permits(text: str) -> tuple[PermitNamed, ...]:
    """One permit a line: its number, its day of issue, its authority's id."""
    found = []
    for line in filter(None, map(str.split, text.splitlines())):
        if len(line) != 3:
            raise NotTaken(
                N_("Write one permit a line: number, day and authority, as in {example}."),
                example="FDA-1/2569 2026-01-31 0994000165676",
            )
        number, day, authority = line
        _permit_number(number), _authority(authority)
        found.append(PermitNamed(number, _day(day), authority))
    return tuple(found)


CONTROL: Final[Mapping[str, Field]] = {
    field.name: field
    for field in (
        Field("house_bill", "C23", N_("House bill"), _text(35)),
        Field("consignor_name", "I9", N_("Consignor"), _text(70)),
        Field("consignment_country", "C29", N_("Country"), _letters("[A-Z]{2}", "CN")),
        Field("invoice_number", "I1", N_("Invoice number"), _text(35)),
        Field("invoice_date", "I2", N_("Invoice day"), _day),
        Field("package_amount", "C31", N_("Packages"), _count),
        Field("gross_weight_kg", "C35", N_("Gross weight, kg"), _number(8, 3)),
    )
}
LINE: Final[Mapping[str, Field]] = {
    field.name: field
    for field in (
        Field("hs_code", "D04", N_("HS code"), _digits(8), follows_goods=True, revalues=True),
        Field(
            "statistical_code", "D06", N_("Statistical code"), _digits(3),
            follows_goods=True, revalues=True,
        ),
        Field("description_th", "D14", N_("Description in Thai"), _text(512), follows_goods=True),
        Field(
            "description_en", "D15", N_("Description in English"), _text(512), follows_goods=True
        ),
        Field(
            "origin_country", "D22", N_("Origin"), _letters("[A-Z]{2}", "CN"),
            follows_goods=True, revalues=True,
        ),
        Field(
            "privilege_code", "D08", N_("Privilege"), _letters("[A-Z0-9]{3}", "000"),
            follows_goods=True, revalues=True,
        ),
        Field(
            "origin_criteria", "D64", N_("Origin criteria"), _text(35, needed=False),
            follows_goods=True, revalues=True,
        ),
        Field(
            "origin_certificate", "D66", N_("Proof of origin"), _text(35, needed=False),
            follows_goods=True, revalues=True,
        ),
        Field("brand", "D20", N_("Brand"), _text(35), follows_goods=True),
        Field("product_year", "D19", N_("Product year"), _letters("[0-9]{4}|0", "2026")),
        Field("net_weight_kg", "D23", N_("Net weight, kg"), _number(8, 3), revalues=True),
        Field(
            "quantity", "D25", N_("Quantity"), _number(11, 3), follows_goods=True, revalues=True
        ),
        Field(
            "unit_price_foreign", "D29", N_("Unit price"), _number(11, 5),
            follows_goods=True, revalues=True,
        ),
        Field(
            "excise_quantity", "D56", N_("Quantity for excise"), _optional(_number(11, 3)),
            follows_goods=True, revalues=True, said_later=True,
        ),
        Field(
            "retail_price_baht", "D70", N_("Suggested retail price of one, baht without VAT"),
            _optional(_number(14, 2)), follows_goods=True, revalues=True, said_later=True,
        ),
        Field(PERMITS, "P1", N_("Permits"), _permits),
    )
}  # fmt: skip

LABELS: Final[Mapping[str, str]] = {
    name: field.label for fields in (CONTROL, LINE) for name, field in fields.items()
}

_BY_RULE: Final = {
    field.rule: field.name for fields in (CONTROL, LINE) for field in fields.values()
} | {"D37": "unit_price_foreign", "C33": "gross_weight_kg"}


def named_by(code: str) -> str:
    """The field that customs means by an error *code*; empty if none of these."""
    return _BY_RULE.get(code, "")
