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
EXPORTED: Final = "EXPORTED"
EXTENSION: Final = "EXTENSION"


class Rule(StrEnum):
    """The rules that the arithmetic asks for.  Most are kept by duty type."""

    LINE_AMOUNT = N_("line_amount")
    TOTAL_ROUNDING = N_("total_rounding")
    VAT_PCT = N_("vat_pct")
    LOCAL_PCT_OF_EXCISE = N_("local_pct_of_excise")
    EXEMPT_UP_TO_BAHT = N_("exempt_up_to_baht")
    LOW_VALUE_PRIVILEGE = N_("low_value_privilege")
    EXEMPTION_PCT = N_("exemption_pct")
    STORAGE_YEARS = N_("storage_years")
    FUND_PCT_OF_EXCISE = N_("fund_pct_of_excise")
    FUNDS_OF_HEADING = N_("funds_of_heading")
    ORIGIN_PROOF = N_("origin_proof")
    QUOTE_UNITS = N_("quote_units")
    INSURANCE_PCT_OF_FOB = N_("insurance_pct_of_fob")
    FREIGHT_PCT_OF_FOB = N_("freight_pct_of_fob")
    TO_FOB_PCT = N_("to_fob_pct")
    COMMISSION_PCT = N_("commission_pct")
    DEPOSIT_REASON = N_("deposit_reason")
    POSTAL_FOB_LIMIT_BAHT = N_("postal_fob_limit_baht")
    EXPRESS_FOB_LIMIT_BAHT = N_("express_fob_limit_baht")
    POSTAL_EXPORT_LIMIT_BAHT = N_("postal_export_limit_baht")
    REFUND_PCT = N_("refund_pct")
    REFUND_KEEP_BAHT = N_("refund_keep_baht")
    REFUND_MONTHS = N_("refund_months")
    LATE_PCT_A_MONTH = N_("late_pct_a_month")
    LATE_CAP_PCT = N_("late_cap_pct")


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
        if found := self.find(name, key, on):
            return found
        raise NoPolicy(name=name, key=key, on=on)

    def special(self, name: str, key: str, on: date) -> PolicyRow:
        """The rule *name* for *key*, or else the standard one.

        Raises:
            NoPolicy: there is neither.
        """
        return self.find(name, key, on) or self.value(name, STANDARD, on)

    def find(self, name: str, key: str, on: date) -> PolicyRow | None:
        """The rule *name* for *key* in force on the day *on*, if there is one."""
        for row in self.periods.get((name, key), ()):
            if row.holds(on):
                return row
        return None
