"""Read what goods are worth: baht, or foreign money and its rate of exchange."""

from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.customs import rules
from warehouse.customs.assess.inputs import InputRefused, Inputs
from warehouse.customs.rules import Component, Policy, Quote
from warehouse.customs.rules.receipt import BAHT

VALUE: Final = frozenset({"cif_baht", "cif_foreign", "currency", "exchange_rate", "rate_unit"})

_CURRENCY: Final = "[A-Z]{3}"
_A_CURRENCY: Final = N_("a currency code of ISO 4217 in capitals, such as USD")


class Contradiction(InputRefused):
    """Two inputs say different things about one amount."""

    code = "contradicting-inputs"
    message = N_("{field} is {given}, and the foreign amount makes {reckoned}.")


def value_of(inputs: Inputs, policy: Policy, on: date) -> tuple[Decimal, tuple[Component, ...]]:
    """The customs value in baht, and how foreign money came to it."""
    if not inputs.has("cif_foreign"):
        return inputs.baht("cif_baht"), ()
    quote = quote_of(inputs, policy, on)
    converted = rules.customs_value(inputs.decimal("cif_foreign"), quote, policy, on)
    given = inputs.maybe(inputs.baht, "cif_baht")
    if given not in {None, converted.amount}:
        raise Contradiction(
            field=f"{inputs.within}cif_baht", given=given, reckoned=converted.amount
        )
    return converted.amount, (converted,)


def quote_of(inputs: Inputs, policy: Policy, on: date, prefix: str = "") -> Quote:
    """The rate of exchange; unsaid, for as many units as customs quotes the currency for.

    Baht need none.
    """
    currency = inputs.text(f"{prefix}currency", _CURRENCY, _A_CURRENCY)
    units = inputs.maybe(inputs.positive, f"{prefix}rate_unit")
    if units is None:
        units = rules.quote_units(currency, policy, on)
    if currency != BAHT:
        return Quote(currency, inputs.positive(f"{prefix}exchange_rate"), units)
    rate = inputs.maybe(inputs.positive, f"{prefix}exchange_rate")
    if rate not in {None, units}:
        raise inputs.malformed(f"{prefix}exchange_rate", N_("1, for a baht is worth a baht"))
    return Quote(currency, units, units)
