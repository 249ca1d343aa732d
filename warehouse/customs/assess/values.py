"""Cases about the customs value: exchange, and how a price becomes CIF."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess import worth
from warehouse.customs.assess.answers import Answer, Desk, Kind, kind, shown
from warehouse.customs.assess.inputs import Inputs, MissingInput, OneOfBoth
from warehouse.customs.rules import Component, Policy, Price, Quote, Terms, Way
from warehouse.customs.rules.receipt import (
    ADDITION,
    BAHT,
    COMMISSION,
    DEDUCTION,
    FOB,
    FREIGHT,
    INSURANCE,
)

_PARTS: Final = ("freight", "insurance", "commission", "addition", "deduction")

# By name, or by mode of transport (Import Control, field 18): rail, road and pipes are land.
_WAYS: Final = {
    **{each.name.lower(): each for each in Way},
    "1": Way.SEA, "2": Way.LAND, "3": Way.LAND, "4": Way.AIR, "5": Way.POST, "7": Way.LAND,
    "8": Way.SEA,
}  # fmt: skip
# Freight by evidence, the best first (Notification 16/2561).
_FREIGHTS: Final = (
    "freight", "hawb_freight", "mawb_freight", "iata_freight", "zone_freight", "parcel_tariff",
)  # fmt: skip
# What each cost is a part of.  All may be given in the price's money, or in baht.
_COSTS: Final = {
    "price": FOB,
    "to_fob": FOB,
    **dict.fromkeys(_FREIGHTS, FREIGHT),
    "insurance": INSURANCE,
    "commission": COMMISSION,
    "additions": ADDITION,
    "deductions": DEDUCTION,
    "discount": DEDUCTION,
}
_DISCOUNTS: Final = frozenset({"cash", "quantity", "trade"})
"""Taken off without question; others need evidence."""
_CONDITIONS: Final = (
    "importer_is_not_buyer", "sold_to_is_not_ship_to", "consignee_is_not_notify_party",
    "third_party_pays", "several_parties",
)  # fmt: skip
"""Any of them makes customs add a selling commission that is not proven (Notification 16/2561)."""


def _exchange(inputs: Inputs, desk: Desk) -> Answer:
    """Foreign money in baht, or baht in foreign money."""
    on = inputs.day_or("import_date", desk.on)
    quote = worth.quote_of(inputs, desk.policy, on)
    if inputs.has("amount_baht"):
        if inputs.has("amount_foreign"):
            raise OneOfBoth(first="amount_foreign", second="amount_baht")
        converted = rules.control_value(inputs.baht("amount_baht"), quote, desk.policy, on)
        name = "amount_foreign"
    else:
        amount = inputs.decimal("amount_foreign")
        converted = rules.customs_value(amount, quote, desk.policy, on)
        name = "amount_baht"
    result: dict[str, object] = {
        name: figures(converted.amount),
        "rate_unit": figures(quote.units),
    }
    return Answer.of(result, [converted])


def _cif_build_up(inputs: Inputs, desk: Desk) -> Answer:
    """CIF of a price: what is given, and the defaults for what is not."""
    on = inputs.day_or("import_date", desk.on)
    quote = None
    if any(inputs.has(each) for each in ("currency", "exchange_rate", "rate_unit")):
        quote = worth.quote_of(inputs, desk.policy, on)
    if quote and quote.currency == BAHT:
        quote = None
    costs, converted = _costs(inputs, quote, desk.policy, on)
    price = _price(inputs, costs, None if converted else quote)
    built = rules.cif_build_up(price, desk.policy, on)
    amounts = {each.what.lower(): each.amount for each in built.components}
    foreign = built.cif
    if converted and quote:
        foreign = rules.control_value(built.cif_baht, quote, desk.policy, on).amount
    result: dict[str, object] = {
        "price": figures(price.amount),
        **shown({name: amounts[name] for name in _PARTS if name in amounts}),
        "fob": figures(built.fob),
        "fob_baht": figures(built.fob_baht),
        "cif_baht": figures(built.cif_baht),
        "cif_foreign": figures(foreign),
        "currency": price.currency,
    }
    return Answer.of(result, [*converted, *built.components])


def _costs(
    inputs: Inputs, quote: Quote | None, policy: Policy, on: date
) -> tuple[dict[str, Decimal], list[Component]]:
    """Every cost that is given: in the price's money, or all in baht where one of them is."""
    costs: dict[str, Decimal] = {}
    converted = []
    in_baht = any(inputs.has(f"{name}_baht") for name in _COSTS)
    for name, what in _COSTS.items():
        if inputs.has(f"{name}_baht"):
            if inputs.has(name):
                raise OneOfBoth(first=name, second=f"{name}_baht")
            costs[name] = inputs.baht(f"{name}_baht")
        elif inputs.has(name):
            costs[name] = inputs.decimal(name)
            if in_baht and quote:
                converted.append(rules.customs_value(costs[name], quote, policy, on, what=what))
                costs[name] = converted[-1].amount
    return costs, converted


def _price(inputs: Inputs, costs: Mapping[str, Decimal], quote: Quote | None) -> Price:
    if "price" not in costs:
        raise MissingInput(field="price")
    terms = Terms(inputs.text("trade_terms", "|".join(Terms), N_("an Incoterm such as FOB")))
    freight = next((costs[name] for name in _FREIGHTS if name in costs), None)
    way = None
    if inputs.has("transport") or (freight is None and terms.without_freight):
        way = _WAYS[inputs.text("transport", "|".join(_WAYS), N_("sea, land, air, post, express"))]
    return Price(
        amount=costs["price"] - _discount(inputs, costs),
        terms=terms,
        way=way,
        quote=quote,
        to_fob=costs.get("to_fob"),
        freight=freight,
        insurance=costs.get("insurance"),
        commission=costs.get("commission"),
        commissioned=_commissioned(inputs),
        additions=costs.get("additions", ZERO),
        deductions=costs.get("deductions", ZERO),
    )


def _commissioned(inputs: Inputs) -> bool:
    if not inputs.has("commission_conditions"):
        return False
    return bool(
        inputs.list_of(
            "commission_conditions", "|".join(_CONDITIONS), N_("a list of the known conditions")
        )
    )


def _discount(inputs: Inputs, costs: Mapping[str, Decimal]) -> Decimal:
    """What may be taken off: cash, quantity and trade discounts, others with evidence."""
    if "discount" not in costs:
        return ZERO
    kind = inputs.text(
        "discount_kind", "cash|quantity|trade|other", N_("cash, quantity, trade, other")
    )
    if kind not in _DISCOUNTS and not inputs.flag("discount_evidence"):
        return ZERO
    if costs["discount"] > costs["price"]:
        given = "discount" if inputs.has("discount") else "discount_baht"
        raise inputs.malformed(given, N_("no more than the price"))
    return costs["discount"]


KINDS: Final[dict[str, Kind]] = {
    "exchange": kind(
        _exchange,
        "amount_foreign", "amount_baht", "currency", "exchange_rate", "rate_unit", "import_date",
    ),
    "cif_build_up": kind(
        _cif_build_up,
        *_COSTS, *(f"{name}_baht" for name in _COSTS),
        "trade_terms", "transport", "currency", "exchange_rate", "rate_unit", "import_date",
        "commission_conditions", "discount_kind", "discount_evidence",
    ),
}  # fmt: skip
