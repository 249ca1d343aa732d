"""What a case is answered with, and what every answer may look at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warehouse.core.money import ZERO, figures
from warehouse.customs.assess.inputs import Inputs
from warehouse.customs.rules import Component, Policy, receipt


@dataclass(frozen=True, slots=True)
class Case:
    """One question, as it came."""

    id: str
    kind: str
    inputs: object


@dataclass(frozen=True, slots=True)
class Desk:
    """What every answer may look at: the policy, today, and the other cases of the request."""

    policy: Policy
    on: date
    cases: Mapping[str, Case]


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures, and how they came about."""

    result: dict[str, object]
    explained: list[dict[str, str]]

    @classmethod
    def of(cls, result: dict[str, object], components: Iterable[Component]) -> "Answer":
        """The answer *result*, explained by *components*, whose notes it repeats."""
        explained = [receipt(each) for each in components]
        notes = dict.fromkeys(each["note"] for each in explained if each["note"])
        return cls(result | {"notes": list(notes)} if notes else result, explained)


@dataclass(frozen=True, slots=True)
class Kind:
    """The inputs that a kind of case knows, and how it is answered."""

    known: frozenset[str]
    answer: Callable[[Inputs, Desk], Answer]


def kind(answer: Callable[[Inputs, Desk], Answer], *known: str) -> Kind:
    """The kind of case with the inputs *known* that *answer* answers."""
    return Kind(frozenset(known), answer)


def totals_of(totals: Iterable[Component]) -> dict[str, object]:
    """The results ``totals`` by duty type and ``total_tax``."""
    amounts = {each.what: each.amount for each in totals}
    return {"totals": shown(amounts), "total_tax": figures(sum(amounts.values(), ZERO))}


def shown(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    """*amounts* as decimal strings."""
    return {name: figures(amount) for name, amount in amounts.items()}
