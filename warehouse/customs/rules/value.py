"""The customs value of a line: foreign money in baht, and what customs sets in its place."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warehouse.core import money
from warehouse.customs.rules.policy import Policy, Rule
from warehouse.customs.rules.receipt import BAHT, CIF, CIF_FOREIGN, Basis, Component
from warehouse.customs.rules.reckoning import figure


@dataclass(frozen=True, slots=True)
class Quote:
    """The customs rate of exchange: *baht* for every *units* of *currency*.

    Customs quotes the yen per 100 and the rupiah per 1,000.
    """

    currency: str
    baht: Decimal
    units: Decimal

    def __post_init__(self) -> None:
        assert self.baht > 0, "money is worth something"
        assert self.units > 0, "a quote is for some units"

    def __str__(self) -> str:
        return f"{BAHT} per {self.units:f} {self.currency}"


def quote_units(currency: str, policy: Policy, on: date) -> Decimal:
    """How many units of *currency* customs quotes its rate for."""
    return policy.special(Rule.QUOTE_UNITS, currency, on).number


@money.exact()
def customs_value(
    foreign: Decimal, quote: Quote, policy: Policy, on: date, *, what: str = CIF
) -> Component:
    """*foreign* money in baht, at *quote*.

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    return figure(
        what,
        Basis.EXCHANGE,
        base=(foreign, quote.currency),
        rate=(quote.baht, str(quote)),
        exact=foreign * quote.baht / quote.units,
        rules=(policy.value(Rule.LINE_AMOUNT, CIF, on),),
    )


def assessed_value(
    cif_baht: Decimal, cif_assessed_baht: Decimal, policy: Policy, on: date
) -> Component:
    """The value that customs set, in place of *cif_baht* (Import Detail, field 39).

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    return figure(
        CIF,
        Basis.ASSESSED,
        base=(cif_baht, BAHT),
        exact=cif_assessed_baht,
        rules=(policy.value(Rule.LINE_AMOUNT, CIF, on),),
    )


@money.exact()
def control_value(baht: Decimal, quote: Quote, policy: Policy, on: date) -> Component:
    """*baht* in the currency of a declaration's control record, at *quote*.

    Raises:
        NoPolicy: no rounding rule holds on the day *on*.
    """
    return figure(
        CIF_FOREIGN,
        Basis.EXCHANGE,
        base=(baht, BAHT),
        rate=(quote.baht, str(quote)),
        exact=baht * quote.units / quote.baht,
        rules=(policy.value(Rule.LINE_AMOUNT, CIF, on),),
    )
