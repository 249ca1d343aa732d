"""What two versions of a declaration say differently, figure by figure and in plain words.

``line 3: HS 6109.10.10 → 6110.20.00, duty +฿41.20, guarantee +฿44.08``
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from warehouse.core import i18n
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.customs.gateway import DeclarationMessage, LineMessage
from warehouse.customs.rules.receipt import TITLES
from warehouse.customs.vocabulary import INTO_BOND

DUTY: Final = "0100"
VAT: Final = "0500"
GUARANTEE: Final = "guarantee"
WHOLE_LINE: Final = "line"

_CONTROL: Final[Mapping[str, str]] = {
    "reference_number": N_("our reference"),
    "arrival_date": N_("import day"),
    "departure_date": N_("day out of bond"),
    "house_bill_of_lading": N_("house bill"),
    "release_port": N_("port of release"),
    "discharge_port": N_("port of discharge"),
    "origin_country_code": N_("origin"),
    "consignment_country_code": N_("country"),
    "total_package_amount": N_("packages"),
    "total_net_weight_kg": N_("net weight, kg"),
    "total_gross_weight_kg": N_("gross weight, kg"),
    "currency_code": N_("currency"),
    "exchange_rate": N_("rate of exchange"),
    "destination_country_code": N_("destination"),
}
_INVOICE: Final[Mapping[str, str]] = {
    "invoice_number": N_("invoice"),
    "invoice_date": N_("invoice day"),
    "consignor_name": N_("consignor"),
}
_LINE: Final[Mapping[str, str]] = {
    "tariff_code": N_("HS"),
    "statistical_code": N_("statistical code"),
    "privilege_code": N_("privilege"),
    "thai_description": N_("Thai description"),
    "english_description": N_("English description"),
    "brand_name": N_("brand"),
    "product_year": N_("product year"),
    "origin_country_code": N_("origin"),
    "origin_criteria": N_("origin criteria"),
    "origin_certificate": N_("proof of origin"),
    "nature_of_transaction": N_("nature of transaction"),
    "net_weight_kg": N_("net weight, kg"),
    "quantity": N_("quantity"),
    "quantity_unit_code": N_("unit"),
    "unit_price_foreign": N_("unit price"),
    "excise_quantity": N_("quantity for excise"),
    "retail_price_baht": N_("suggested retail price"),
    "reference_declaration_number": N_("import declaration"),
    "reference_declaration_line_number": N_("import line"),
    "permits": N_("permits"),
}
_NOTHING: Final = frozenset({None, "", ()})
_SHORT: Final[Mapping[str, str]] = {DUTY: N_("duty"), VAT: N_("VAT")}


@dataclass(frozen=True, slots=True)
class Change:
    """*field* of *line* (None: the whole) said *old* and says *new*; None: it was not there.

    *label* is a gettext key.  *baht*: both are amounts, and the words tell their difference.
    """

    line: int | None
    field: str
    label: str
    old: object
    new: object
    baht: bool = False

    @property
    def changed(self) -> bool:
        """Whether the two say something else."""
        return self.old != self.new

    @property
    def said(self) -> bool:
        """Whether either says anything."""
        return not {self.old, self.new} <= _NOTHING

    def words(self, language: str) -> str:
        """The change in one phrase of *language*."""
        label = i18n.translate(self.label, language)
        if self.baht:
            return f"{label} {_signed(_amount(self.new) - _amount(self.old))}"
        return f"{label} {self.told(self.old, language)} → {self.told(self.new, language)}"

    def told(self, value: object, language: str) -> str:
        """*value*, the old one or the new, as a person reads it."""
        if isinstance(value, Decimal) and self.baht:
            return f"฿{i18n.baht(value)}"
        if self.field == "tariff_code" and isinstance(value, str):
            return f"{value[:4]}.{value[4:6]}.{value[6:]}"
        if isinstance(value, tuple):
            return ", ".join(each.number for each in value) or "–"
        return "–" if value in _NOTHING else i18n.shown(value, language)


def difference(old: DeclarationMessage, new: DeclarationMessage) -> list[Change]:
    """What *new* says otherwise than *old*: the whole first, then line by line."""
    return [each for each in side_by_side(old, new) if each.changed]


def side_by_side(old: DeclarationMessage, new: DeclarationMessage) -> list[Change]:
    """Everything that *old* and *new* say, changed or not, in the order of `difference`."""
    before = {line.item_number: line for line in old.lines}
    after = {line.item_number: line for line in new.lines}
    suspends = new.document_type in INTO_BOND
    return [
        *_of(None, _CONTROL, old, new),
        *_of(None, _INVOICE, old.invoices[0], new.invoices[0]),
        _money(None, "total_tax", N_("payable"), old.total_tax, new.total_tax),
        *(
            change
            for number in sorted(before.keys() | after.keys())
            for change in _in_line(number, before.get(number), after.get(number), suspends=suspends)
        ),
    ]


def in_words(changes: Iterable[Change], language: str) -> list[str]:
    """*changes* as sentences, one for the whole and one for each line."""
    told = []
    for line, group in groupby(changes, key=lambda change: change.line):
        words = ", ".join(change.words(language) for change in group)
        if line is not None:
            words = i18n.translate(N_("line {line}: {changes}"), language, line=line, changes=words)
        told.append(words)
    return told


def _in_line(
    number: int, old: LineMessage | None, new: LineMessage | None, *, suspends: bool
) -> Iterator[Change]:
    if old is None or new is None:
        yield Change(number, WHOLE_LINE, N_("goods"), _goods(old), _goods(new))
    else:
        yield from _of(number, _LINE, old, new)
    yield _money(number, "cif_value_baht", N_("value"), _value(old), _value(new))
    charged, charges = _amounts(old), _amounts(new)
    for kind in sorted(charged.keys() | charges.keys()):
        label = _SHORT.get(kind) or TITLES[kind]
        yield _money(number, kind, label, charged.get(kind, ZERO), charges.get(kind, ZERO))
    if suspends:
        yield _money(number, GUARANTEE, N_("guarantee"), _suspended(old), _suspended(new))


def _of(line: int | None, labels: Mapping[str, str], old: object, new: object) -> Iterator[Change]:
    for field, label in labels.items():
        yield Change(line, field, label, getattr(old, field), getattr(new, field))


def _money(line: int | None, field: str, label: str, old: Decimal, new: Decimal) -> Change:
    return Change(line, field, label, old, new, baht=True)


def _goods(line: LineMessage | None) -> str | None:
    return None if line is None else line.english_description


def _value(line: LineMessage | None) -> Decimal:
    return ZERO if line is None else line.cif_value_baht


def _amounts(line: LineMessage | None) -> Mapping[str, Decimal]:
    return {duty.duty_type: duty.amount for duty in line.duties} if line else {}


def _suspended(line: LineMessage | None) -> Decimal:
    duties = line.duties if line else ()
    return sum((duty.amount - duty.amount_paid for duty in duties), ZERO)


def _amount(value: object) -> Decimal:
    assert isinstance(value, Decimal), "an amount in baht"
    return value


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount > ZERO else '−'}฿{i18n.baht(abs(amount))}"
