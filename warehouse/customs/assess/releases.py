"""The case of goods that leave bond in parts: the value is frozen, the rate is of each day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.money import ZERO, figures
from warehouse.customs import rules
from warehouse.customs.assess import facts, worth
from warehouse.customs.assess.answers import Answer, Desk, Kind, kind, shown, totals_of
from warehouse.customs.assess.inputs import InputRefused, Inputs, Json
from warehouse.customs.rules import Charges, Component, Measure, Policy, Quantity

_GRAM: Final = Decimal("0.001")
_COUNTED: Final = {Measure.WEIGHT: "entry.net_weight", Measure.QUANTITY: "entry.quantity"}
_ENTRY: Final = worth.VALUE | {"quantity", "unit", "net_weight", "import_date"}
_RATES: Final = (facts.RATES - {"exemption_pct"}) | {"privilege", "origin_proof"}
_RELEASE: Final = _RATES | {"release_date", "quantity", "exported"}
_SAME: Final = {
    "duty": "duty_pct", "duty_pct": "duty", "excise": "excise_pct", "excise_pct": "excise",
}  # fmt: skip
"""Two ways to say one rate: a nearer one replaces a farther one that is said the other way."""
_PERIOD: Final = _RATES | {"valid_from", "valid_to"}


class MoreThanLeft(InputRefused):
    """More is released than is left in bond."""

    code = "more-than-left"
    message = N_("{field} is {wanted}, and {left} are left in bond.")


class BeforeEntry(InputRefused):
    """Goods cannot leave before they came."""

    code = "before-entry"
    message = N_("{field} is {on}, before the import date {imported_on}.")


class BeforeRelease(InputRefused):
    """The last release takes the remainder, so their order counts."""

    code = "before-release"
    message = N_("{field} is {on}, before the release of {released_on} that stands above it.")


class TooLight(InputRefused):
    """A release would weigh nothing."""

    code = "too-light"
    message = N_("{field} is {weight}, which leaves no gram for one of the releases.")


class NoRateThen(InputRefused):
    """No rate was given for that day."""

    code = "no-rate-then"
    message = N_("No rate is given that holds on {on}.")


class TwoRatesThen(InputRefused):
    """Two rates were given for that day."""

    code = "two-rates-then"
    message = N_("More than one of the rates holds on {on}.")


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
    cif_baht, valuation = worth.value_of(given, desk.policy, imported_on)
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
    released_on = entry.imported_on
    for given in inputs.objects("releases", _RELEASE):
        on, quantity = given.day("release_date"), given.positive("quantity")
        if on < entry.imported_on:
            raise BeforeEntry(
                field=f"{given.within}release_date", on=on, imported_on=entry.imported_on
            )
        if on < released_on:
            raise BeforeRelease(field=f"{given.within}release_date", on=on, released_on=released_on)
        released_on = on
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
            weight = _weight(entry, quantity, weight_left) if quantity_left else weight_left
            if not weight:
                raise TooLight(field="entry.net_weight", weight=entry.net_weight)
            weight_left -= weight
            line = replace(line, net_weight=Quantity(weight, rules.KILOGRAM))
        charges = rules.line_charges(facts.counted(line, _COUNTED), policy, on)
        if given.flag("exported"):
            charges = rules.exported(charges, policy, on)
        totals = rules.declaration_totals([charges], policy, on)
        yield _Release(on, quantity, charges, totals, value_left, quantity_left)


def _rates_on(inputs: Inputs, given: Inputs, on: date) -> Inputs:
    """The rates of a release: its own, or those of the day from the dated list, or the one for all.

    *given* is the release itself, and its own rates go before all others.
    """
    values: Json = {}
    for each in (inputs, *_periods_on(inputs, on), given):
        own = {name: value for name, value in each.values.items() if name in _RATES}
        told = own.keys() | {_SAME[name] for name in own if name in _SAME}
        values = {name: value for name, value in values.items() if name not in told} | own
    return Inputs(given.kind, values, given.within)


def _periods_on(inputs: Inputs, on: date) -> list[Inputs]:
    """Of the dated list, if there is one, the rates of the day."""
    if not inputs.has("rates"):
        return []
    periods = inputs.objects("rates", _PERIOD)
    holding = [
        each
        for each in periods
        if each.day("valid_from") <= on <= each.day_or("valid_to", date.max)
    ]
    if not holding:
        raise NoRateThen(on=on)
    if len(holding) > 1:
        raise TwoRatesThen(on=on)
    return holding


def _weight(entry: _Entry, quantity: Decimal, weight_left: Decimal) -> Decimal:
    """The share of the net weight, to the gram."""
    assert entry.net_weight is not None
    exact = entry.net_weight * quantity / entry.quantity.amount
    return min(exact.quantize(_GRAM, ROUND_HALF_UP), weight_left)


KINDS: Final[dict[str, Kind]] = {
    "bonded_release": kind(_bonded_release, "entry", "releases", "rates", *_RATES),
}
