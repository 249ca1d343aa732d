"""The case of goods that leave bond in parts: the value is frozen, the rate is of each day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from warehouse.core.errors import InvalidRequest
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess import facts
from warehouse.customs.assess.answers import Answer, Desk, Kind, kind, shown, totals_of
from warehouse.customs.assess.inputs import Inputs
from warehouse.customs.rules import Charges, Component, Policy, Quantity

_GRAM: Final = Decimal("0.001")
_ENTRY: Final = facts.VALUE | {"quantity", "unit", "net_weight", "import_date"}
_RATES: Final = (facts.RATES - {"exemption_pct"}) | {"privilege", "origin_proof"}
_RELEASE: Final = _RATES | {"release_date", "quantity", "exported"}
_PERIOD: Final = _RATES | {"valid_from", "valid_to"}


class MoreThanLeft(InvalidRequest):
    """More is released than is left in bond."""

    code = "more-than-left"
    message = N_("{field} is {wanted}, and {left} are left in bond.")


class BeforeEntry(InvalidRequest):
    """Goods cannot leave before they came."""

    code = "before-entry"
    message = N_("{field} is {on}, before the import date {imported_on}.")


class NoRateThen(InvalidRequest):
    """No rate was given for that day."""

    code = "no-rate-then"
    message = N_("No rate is given that holds on {on}.")


@dataclass(frozen=True, slots=True)
class _Entry:
    """Goods as they were frozen at import completion (Customs Act s.14(1))."""

    cif_baht: Decimal
    quantity: Quantity
    net_weight: Decimal | None
    imported_on: date
    valuation: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class _Release:
    """One release: its share of the frozen value, and what it owes at the rates of its day."""

    on: date
    quantity: Decimal
    charges: Charges
    totals: tuple[Component, ...]
    value_left: Decimal
    quantity_left: Decimal


def _bonded_release(inputs: Inputs, desk: Desk) -> Answer:
    """Releases in the order given; the one that empties the entry takes the remainder."""
    entry = _entry(inputs, desk)
    releases = list(_releases(inputs, entry, desk.policy))
    ends_on = rules.storage_ends_on(entry.imported_on, desk.policy)
    results = [
        {
            "release_date": each.on.isoformat(),
            "in_time": each.on <= ends_on,
            "quantity": figures(each.quantity),
            "cif_baht": figures(each.charges.cif_baht),
            **shown(each.charges.amounts),
            **totals_of(each.totals),
            "cif_baht_left": figures(each.value_left),
            "quantity_left": figures(each.quantity_left),
        }
        for each in releases
    ]
    whole = sum((total.amount for each in releases for total in each.totals), ZERO)
    result: dict[str, object] = {
        "cif_baht": figures(entry.cif_baht),
        "releases": results,
        "cif_baht_left": figures(releases[-1].value_left),
        "quantity_left": figures(releases[-1].quantity_left),
        "total_tax": figures(whole),
        "storage_ends_on": ends_on.isoformat(),
    }
    components = [*entry.valuation]
    for each in releases:
        components += [*each.charges.components, *each.totals]
    return Answer.of(result, components)


def _entry(inputs: Inputs, desk: Desk) -> _Entry:
    given = inputs.within_object("entry", _ENTRY)
    imported_on = given.day("import_date")
    cif_baht, valuation = facts.value_of(given, desk.policy, imported_on)
    unit = facts.unit_of(given, "unit") or rules.PIECE
    return _Entry(
        cif_baht,
        Quantity(given.positive("quantity"), unit),
        given.maybe(given.positive, "net_weight"),
        imported_on,
        valuation,
    )


def _releases(inputs: Inputs, entry: _Entry, policy: Policy) -> Iterator[_Release]:
    value_left, quantity_left = entry.cif_baht, entry.quantity.amount
    weight_left = entry.net_weight
    for given in inputs.objects("releases", _RELEASE):
        on, quantity = given.day("release_date"), given.positive("quantity")
        if on < entry.imported_on:
            raise BeforeEntry(
                field=f"{given.within}release_date", on=on, imported_on=entry.imported_on
            )
        if quantity > quantity_left:
            field = f"{given.within}quantity"
            raise MoreThanLeft(field=field, wanted=quantity, left=quantity_left)
        share = rules.discharged_value(
            entry.cif_baht,
            entry.quantity.amount,
            quantity,
            value_left=value_left,
            quantity_left=quantity_left,
        )
        value_left, quantity_left = value_left - share, quantity_left - quantity
        line = facts.line_of(_rates_on(inputs, given, on), share)
        line = replace(line, quantity=Quantity(quantity, entry.quantity.unit))
        if entry.net_weight is not None and weight_left is not None:
            weight = _weight(entry, quantity) if quantity_left else weight_left
            weight_left -= weight
            line = replace(line, net_weight=Quantity(weight, rules.KILOGRAM))
        charges = rules.line_charges(line, policy, on)
        if given.flag("exported"):
            charges = rules.exported(charges, policy, on)
        totals = rules.declaration_totals([charges], policy, on)
        yield _Release(on, quantity, charges, totals, value_left, quantity_left)


def _rates_on(inputs: Inputs, given: Inputs, on: date) -> Inputs:
    """The rates of a release: its own, or those of the day from the dated list, or the one for all.

    *given* is the release itself, and its own rates go before all others.
    """
    values = {name: value for name, value in inputs.values.items() if name in _RATES}
    if inputs.has("rates"):
        for period in inputs.objects("rates", _PERIOD):
            ends_on = period.maybe(period.day, "valid_to")
            if period.day("valid_from") <= on and (ends_on is None or on <= ends_on):
                values |= {name: each for name, each in period.values.items() if name in _RATES}
                break
        else:
            raise NoRateThen(on=on)
    values |= {name: each for name, each in given.values.items() if name in _RATES}
    return Inputs(given.kind, values, given.within)


def _weight(entry: _Entry, quantity: Decimal) -> Decimal:
    """The share of the net weight, to the gram."""
    assert entry.net_weight is not None
    exact = entry.net_weight * quantity / entry.quantity.amount
    return max(exact.quantize(_GRAM, ROUND_HALF_UP), _GRAM)


KINDS: Final[dict[str, Kind]] = {
    "bonded_release": kind(_bonded_release, "entry", "releases", "rates", *_RATES),
}
