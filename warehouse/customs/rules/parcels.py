"""Parcels of the post and of express carriers: which belong together, and what becomes of them.

Postal Customs Service guide of 30 March 2563; Notification 130/2561 for express.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Final

from warehouse.core import money
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.customs.rules.adjusting import exempted
from warehouse.customs.rules.charges import Charges, earned_rate
from warehouse.customs.rules.errors import OneRateNeeded
from warehouse.customs.rules.line import DutyRate, Line
from warehouse.customs.rules.low_value import low_value_charges
from warehouse.customs.rules.policy import STANDARD, Policy, PolicyRow, Rule
from warehouse.masterdata.vocabulary import RateType

SAMPLE: Final = "SAMPLE"
DOCUMENT: Final = "DOCUMENT"
JEWELLERY: Final = "JEWELLERY"


class PostalGroup(StrEnum):
    """Groups of postal imports (Postal guide)."""

    EXEMPT = "1"
    COLLECTED_BY_POST = "2"
    HELD = "3a"
    DECLARED = "3b"


POSTAL_HANDLING: Final[Mapping[PostalGroup, str]] = {
    PostalGroup.EXEMPT: N_("Handed to the post for delivery"),
    PostalGroup.COLLECTED_BY_POST: N_("Assessed with the post, which collects at the door"),
    PostalGroup.HELD: N_("Held; the recipient clears it at the counter"),
    PostalGroup.DECLARED: N_("Held; a full declaration is needed"),
}


class ExpressGroup(StrEnum):
    """Groups of express imports (Notification 130/2561)."""

    DOCUMENTS = "1"
    EXEMPT = "2"
    ONE_RATE = "3"
    DECLARED = "4"


EXPRESS_HANDLING: Final[Mapping[ExpressGroup, str]] = {
    ExpressGroup.DOCUMENTS: N_("Documents"),
    ExpressGroup.EXEMPT: N_("Exempt"),
    ExpressGroup.ONE_RATE: N_("The highest rate counts for everything"),
    ExpressGroup.DECLARED: N_("A full declaration is needed"),
}


@dataclass(frozen=True, slots=True)
class Article:
    """One kind of goods in a parcel, with its own rate of duty.

    *exempt* names the exemption that it has of itself: SAMPLE or DOCUMENT.  *examined*: it needs a
    laboratory, a valuation, or clearance at the counter.
    """

    line: Line
    fob_baht: Decimal
    restricted: bool = False
    examined: bool = False
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel, or all articles under one house air waybill."""

    number: str
    sender: str
    recipient: str
    arrived_on: date
    articles: Sequence[Article]


@dataclass(frozen=True, slots=True)
class Consignment:
    """What one sender sends one recipient at one time, in however many *parcels*."""

    parcels: Sequence[Parcel]

    @property
    def articles(self) -> tuple[Article, ...]:
        """Everything in it."""
        return tuple(chain.from_iterable(parcel.articles for parcel in self.parcels))

    @property
    def arrived_on(self) -> date:
        """The import day, on which the mail bag was opened."""
        return self.parcels[0].arrived_on

    @property
    def fob_baht(self) -> Decimal:
        """The value that decides the group."""
        return sum((each.fob_baht for each in self.articles), ZERO)

    @property
    def cif_baht(self) -> Decimal:
        """The customs value."""
        return sum((each.line.base_baht for each in self.articles), ZERO)

    @property
    def restricted(self) -> bool:
        """Whether some of it needs leave, or is forbidden."""
        return any(each.restricted for each in self.articles)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A consignment with its *group*, and what each of its lines owes."""

    consignment: Consignment
    group: str
    handling: str
    charges: tuple[Charges, ...]


def together(parcels: Iterable[Parcel]) -> list[Consignment]:
    """*parcels* by what belongs together: one sender, one recipient, one arrival."""
    groups: dict[tuple[str, str, date], list[Parcel]] = {}
    for each in parcels:
        groups.setdefault((each.sender, each.recipient, each.arrived_on), []).append(each)
    return [Consignment(parcels) for parcels in groups.values()]


def clear_postal(consignment: Consignment, policy: Policy) -> Cleared:
    """*consignment* in its postal group: each article bears its own rate.

    Raises:
        NoPolicy: no rule holds on the day of arrival.
        QuantityNeeded, UnitsDiffer: see `line_charges`.
    """
    limit = policy.value(Rule.POSTAL_FOB_LIMIT_BAHT, STANDARD, consignment.arrived_on)
    charges = _charged(consignment, policy)
    if consignment.restricted or consignment.fob_baht > limit.number:
        group = PostalGroup.DECLARED
    elif any(each.examined for each in consignment.articles):
        group = PostalGroup.HELD
    elif _owed(charges):
        group = PostalGroup.COLLECTED_BY_POST
    else:
        group = PostalGroup.EXEMPT
    return Cleared(consignment, group, POSTAL_HANDLING[group], charges)


def clear_express(consignment: Consignment, policy: Policy) -> Cleared:
    """*consignment* under one house air waybill in its express group.

    In group 3 everything bears the highest rate, on the value of all.

    Raises:
        NoPolicy: no rule holds on the day of arrival.
        OneRateNeeded: goods in group 3 bear more than one duty by value.
        QuantityNeeded, UnitsDiffer: see `line_charges`.
    """
    limit = policy.value(Rule.EXPRESS_FOB_LIMIT_BAHT, STANDARD, consignment.arrived_on)
    charges = _charged(consignment, policy)
    if consignment.restricted or consignment.fob_baht > limit.number:
        group = ExpressGroup.DECLARED
    elif all(each.exempt == DOCUMENT for each in consignment.articles):
        group = ExpressGroup.DOCUMENTS
    elif not _owed(charges):
        group = ExpressGroup.EXEMPT
    else:
        group = ExpressGroup.ONE_RATE
        charges = (_at_highest_rate(consignment, policy),)
    return Cleared(consignment, group, EXPRESS_HANDLING[group], charges)


def _owed(charges: Iterable[Charges]) -> Decimal:
    return sum((sum(each.amounts.values(), ZERO) for each in charges), ZERO)


def _charged(consignment: Consignment, policy: Policy) -> tuple[Charges, ...]:
    on = consignment.arrived_on
    return tuple(_of_article(each, consignment, policy, on) for each in consignment.articles)


def _of_article(article: Article, whole: Consignment, policy: Policy, on: date) -> Charges:
    charges = low_value_charges(
        article.line,
        policy,
        on,
        consignment_baht=whole.cif_baht,
        restricted=whole.restricted,
    )
    if not article.exempt:
        return charges
    rule = policy.value(Rule.EXEMPTION_PCT, article.exempt, on)
    return exempted(charges, dict.fromkeys(charges.amounts, rule.number), (rule,))


@money.exact()
def _at_highest_rate(consignment: Consignment, policy: Policy) -> Charges:
    on = consignment.arrived_on
    dutiable = [each.line for each in consignment.articles if not each.exempt]
    rates = [earned_rate(each, policy, on)[0] for each in dutiable]
    if any(each.rate_type is not RateType.AD_VALOREM for each in rates):
        raise OneRateNeeded
    if any(each.levies or each.excise or each.exempt_cif_pct for each in dutiable):
        raise OneRateNeeded
    if any(each.vat_pct is not None for each in dutiable):
        raise OneRateNeeded
    highest: DutyRate = max(rates, key=lambda rate: rate.value_pct)
    value = sum((each.base_baht for each in dutiable), ZERO)
    return low_value_charges(
        Line(value, highest), policy, on, consignment_baht=consignment.cif_baht
    )


class Obstacle(StrEnum):
    """Why a postal export needs a declaration (Postal guide 6.1)."""

    PROHIBITED = N_("The goods may not be exported")
    UNLICENSED = N_("The licence that they need is missing")
    DUTIABLE = N_("They bear export duty")
    VALUE = N_("They are worth more than the limit")
    DRAWBACK = N_("A drawback is claimed")
    COMPENSATION = N_("Tax compensation is claimed")
    REIMPORT = N_("A re-import certificate is wanted")
    VAT_EVIDENCE = N_("Evidence for VAT at 0 % is wanted")
    BONDED = N_("They come out of bond, so type 1 names the import line")


@dataclass(frozen=True, slots=True)
class PostalExport:
    """Goods of *value_baht* sent abroad by post, and what else is true of them."""

    value_baht: Decimal
    jewellery: bool = False
    stands: frozenset[Obstacle] = frozenset()


def export_limit(sent: PostalExport, policy: Policy, on: date) -> PolicyRow:
    """What *sent* may be worth at most without a declaration, on the day *on*.

    Raises:
        NoPolicy: no rule holds on that day.
    """
    key = JEWELLERY if sent.jewellery else STANDARD
    return policy.value(Rule.POSTAL_EXPORT_LIMIT_BAHT, key, on)


def export_obstacles(sent: PostalExport, policy: Policy, on: date) -> tuple[Obstacle, ...]:
    """Why *sent* needs a declaration on the day *on*; nothing where the post may just take it.

    Raises:
        NoPolicy: no rule holds on that day.
    """
    dear = sent.value_baht > export_limit(sent, policy, on).number
    stands = sent.stands | {Obstacle.VALUE} if dear else sent.stands
    return tuple(each for each in Obstacle if each in stands)
