"""Policy as dated data: what the law says, from when to when, and where it says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from warehouse.core.i18n import N_
from warehouse.customs.rules.errors import NoPolicy, OverlappingPolicy

STANDARD: Final = "STANDARD"
BOND: Final = "BOND"
EXTENSION: Final = "EXTENSION"


class Rule(StrEnum):
    """The rules that the arithmetic asks for.  Most are kept by duty type."""

    LINE_AMOUNT = N_("line_amount")
    TOTAL_ROUNDING = N_("total_rounding")
    VAT_PCT = N_("vat_pct")
    LOCAL_PCT_OF_EXCISE = N_("local_pct_of_excise")
    EXEMPT_UP_TO_BAHT = N_("exempt_up_to_baht")
    EXEMPTION_PCT = N_("exemption_pct")
    STORAGE_YEARS = N_("storage_years")


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One rule in force from *valid_from* to *valid_to*, both days included; None is open."""

    name: str
    key: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str

    @property
    def number(self) -> Decimal:
        """The value of a rule that is a figure."""
        return Decimal(self.value)

    def holds(self, on: date) -> bool:
        """Whether the rule is in force on the day *on*."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Policy:
    """Every dated rule there is."""

    periods: Mapping[tuple[str, str], tuple[PolicyRow, ...]]

    @classmethod
    def of(cls, rows: Iterable[PolicyRow]) -> "Policy":
        """The policy that *rows* make up.

        Raises:
            OverlappingPolicy: two rows of one name and key share a day.
        """
        periods: dict[tuple[str, str], tuple[PolicyRow, ...]] = {}
        for row in sorted(rows, key=lambda row: (row.name, row.key, row.valid_from)):
            key = (row.name, row.key)
            periods[key] = (*periods.get(key, ()), row)
        for rows_of_key in periods.values():
            for earlier, later in pairwise(rows_of_key):
                if earlier.holds(later.valid_from):
                    raise OverlappingPolicy(name=later.name, key=later.key, on=later.valid_from)
        return cls(periods)

    def value(self, name: str, key: str, on: date) -> PolicyRow:
        """The rule *name* for *key* in force on the day *on*.

        Raises:
            NoPolicy: there is none.
        """
        for row in self.periods.get((name, key), ()):
            if row.holds(on):
                return row
        raise NoPolicy(name=name, key=key, on=on)
