"""How a price becomes the customs value CIF: what is known, and what stands in for the rest.

Where evidence is missing, Notification 16/2561 says what to take: insurance 1 % of FOB, freight by
sea or land 10 % of it, 3 % on top of a price EXW, FCA or FAS.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from warehouse.core import money
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.customs.rules.errors import FreightNeeded, MoreThanPrice
from warehouse.customs.rules.policy import STANDARD, Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import (
    ADDITION,
    BAHT,
    CIF,
    COMMISSION,
    DEDUCTION,
    FOB,
    FREIGHT,
    INSURANCE,
    Basis,
    Component,
)
from warehouse.customs.rules.reckoning import figure, percentage
from warehouse.customs.rules.value import Quote, customs_value


class Terms(StrEnum):
    """Terms of trade (Incoterms 2020)."""

    EXW = "EXW"
    FCA = "FCA"
    FAS = "FAS"
    FOB = "FOB"
    CFR = "CFR"
    CPT = "CPT"
    CIF = "CIF"
    CIP = "CIP"
    DAP = "DAP"
    DPU = "DPU"
    DDP = "DDP"

    @property
    def without_freight(self) -> bool:
        """Whether the price leaves the freight out."""
        return self in _WITHOUT_FREIGHT


class Way(StrEnum):
    """How goods come, as far as the freight hangs on it."""

    SEA = N_("sea")
    LAND = N_("land")
    AIR = N_("air")
    POST = N_("post")
    EXPRESS = N_("express")


_BEFORE_FOB: Final = frozenset({Terms.EXW, Terms.FCA, Terms.FAS})
_WITHOUT_FREIGHT: Final = _BEFORE_FOB | {Terms.FOB}
_WITHOUT_INSURANCE: Final = _WITHOUT_FREIGHT | {Terms.CFR, Terms.CPT}

_BY_DEFAULT: Final = N_("No evidence was given, so the share that the notification names is taken")
_WHOLE: Final = N_("What of the price is freight or insurance is not known")


@dataclass(frozen=True, slots=True)
class Price:
    """What an invoice says, in the money of *quote* (None: baht).

    *to_fob* are the proven costs up to on board, *freight* and *insurance* the proven ones; None
    where there is no evidence.  *commissioned*:
    a condition holds that makes customs add a selling commission; *commission* is the proven one.
    """

    amount: Decimal
    terms: Terms
    way: Way | None = None
    quote: Quote | None = None
    to_fob: Decimal | None = None
    freight: Decimal | None = None
    insurance: Decimal | None = None
    commission: Decimal | None = None
    commissioned: bool = False
    additions: Decimal = ZERO
    deductions: Decimal = ZERO

    @property
    def currency(self) -> str:
        """The money that it is in."""
        return self.quote.currency if self.quote else BAHT


@dataclass(frozen=True, slots=True)
class BuildUp:
    """The customs value *cif_baht*, and every figure that it is made of, in order.

    *fob* and *cif* are in the price's currency.
    """

    fob: Decimal
    fob_baht: Decimal
    cif: Decimal
    cif_baht: Decimal
    components: tuple[Component, ...]


@money.exact()
def cif_build_up(price: Price, policy: Policy, on: date) -> BuildUp:
    """The customs value of goods bought at *price*, by the rules of the day *on*.

    Raises:
        FreightNeeded: goods that come so have no default freight.
        MoreThanPrice: what the price holds, or what comes off it, is more than it.
        NoPolicy: a rule is not known on that day.
    """
    fob = _fob(price, policy, on)
    parts = [
        fob,
        *_freight(price, fob.amount, policy, on),
        *_insurance(price, fob.amount, policy, on),
        *_commission(price, policy, on),
    ]
    if price.additions:
        parts.append(_given(ADDITION, price.additions, price, policy, on))
    cif = sum((each.amount for each in parts), ZERO)
    if price.deductions > cif:
        raise MoreThanPrice(taken=price.deductions, price=cif)
    if price.deductions:
        taken = _given(DEDUCTION, price.deductions, price, policy, on)
        parts.append(taken)
        cif -= taken.amount
    if price.quote is None:
        return BuildUp(fob.amount, fob.amount, cif, cif, tuple(parts))
    fob_baht = customs_value(fob.amount, price.quote, policy, on, what=FOB)
    cif_baht = customs_value(cif, price.quote, policy, on)
    return BuildUp(fob.amount, fob_baht.amount, cif, cif_baht.amount, (*parts, fob_baht, cif_baht))


def _fob(price: Price, policy: Policy, on: date) -> Component:
    if price.terms in _BEFORE_FOB:
        if price.to_fob is not None:
            return _given(FOB, price.amount + price.to_fob, price, policy, on)
        more = policy.value(Rule.TO_FOB_PCT, STANDARD, on)
        fob = _share(FOB, price.amount, 100 + more.number, price, policy, on, because=more)
        return replace(fob, note=_BY_DEFAULT)
    included = []
    if price.terms not in _WITHOUT_FREIGHT:
        included.append(price.freight)
    if price.terms not in _WITHOUT_INSURANCE:
        included.append(price.insurance)
    known = sum((each for each in included if each is not None), ZERO)
    if known > price.amount:
        raise MoreThanPrice(taken=known, price=price.amount)
    fob = _given(FOB, price.amount - known, price, policy, on)
    return replace(fob, note=_WHOLE) if None in included else fob


def _freight(price: Price, fob: Decimal, policy: Policy, on: date) -> Iterator[Component]:
    if price.freight is not None:
        yield _given(FREIGHT, price.freight, price, policy, on)
    elif price.terms in _WITHOUT_FREIGHT:
        way = price.way.name if price.way else ""
        default = policy.find(Rule.FREIGHT_PCT_OF_FOB, way, on)
        if default is None:
            raise FreightNeeded(way=price.way or "")
        freight = _share(FREIGHT, fob, default.number, price, policy, on, because=default)
        yield replace(freight, note=_BY_DEFAULT)


def _insurance(price: Price, fob: Decimal, policy: Policy, on: date) -> Iterator[Component]:
    if price.insurance is not None:
        yield _given(INSURANCE, price.insurance, price, policy, on)
    elif price.terms in _WITHOUT_INSURANCE:
        default = policy.value(Rule.INSURANCE_PCT_OF_FOB, STANDARD, on)
        insurance = _share(INSURANCE, fob, default.number, price, policy, on, because=default)
        yield replace(insurance, note=_BY_DEFAULT)


def _commission(price: Price, policy: Policy, on: date) -> Iterator[Component]:
    if price.commission is not None:
        yield _given(COMMISSION, price.commission, price, policy, on)
    elif price.commissioned:
        default = policy.value(Rule.COMMISSION_PCT, STANDARD, on)
        commission = _share(
            COMMISSION, price.amount, default.number, price, policy, on, because=default
        )
        yield replace(commission, note=_BY_DEFAULT)


def _given(what: str, amount: Decimal, price: Price, policy: Policy, on: date) -> Component:
    rounding = policy.value(Rule.LINE_AMOUNT, CIF, on)
    return figure(what, Basis.GIVEN, base=(amount, price.currency), exact=amount, rules=(rounding,))


def _share(
    what: str,
    base: Decimal,
    pct: Decimal,
    price: Price,
    policy: Policy,
    on: date,
    *,
    because: PolicyRow,
) -> Component:
    return percentage(
        what, base, pct, policy, on, because=(because,), unit=price.currency, rounded_as=CIF
    )
