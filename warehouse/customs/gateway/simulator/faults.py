"""A bad day at customs, on order and the same each time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final


class Fault(StrEnum):
    """What can befall a call, a letter, or a consignment."""

    NONE = "none"
    BUSY = "busy"
    REQUEST_LOST = "request-lost"  # customs never has it, and the sender never hears
    ANSWER_LOST = "answer-lost"  # customs has it, and the sender never hears
    DELAYED = "delayed"
    REFUSED = "refused"
    INSPECTED = "inspected"  # red line: looked at before release
    UNMATCHED = "unmatched"  # accepted without a number until the manifest is there
    IN_PARTS = "in-parts"  # some lines are let go before the others
    STOPPED = "stopped"  # let go, in part where there are several lines, and then stopped
    CHANGES_REFUSED = "changes-refused"  # no amendment and no cancellation is agreed to
    DUPLICATED = "duplicated"  # two to five copies of a letter
    REORDERED = "reordered"  # a letter is overtaken by later ones
    CORRUPTED = "corrupted"
    WRONG_CHARSET = "wrong-charset"
    WRONG_SIGNATURE = "wrong-signature"  # a stranger's
    WRONG_REFERENCE = "wrong-reference"  # customs' own signature, on a filing nobody made


OF_CALLS: Final = frozenset(
    {Fault.BUSY, Fault.REQUEST_LOST, Fault.ANSWER_LOST, Fault.DELAYED, Fault.REFUSED}
)
OF_CONSIGNMENTS: Final = frozenset(
    {Fault.INSPECTED, Fault.UNMATCHED, Fault.IN_PARTS, Fault.STOPPED, Fault.CHANGES_REFUSED}
)
OF_LETTERS: Final = frozenset(Fault) - OF_CALLS - OF_CONSIGNMENTS - {Fault.NONE}


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Which call or letter meets which fault.  The same seed gives the same bad day."""

    seed: int = 0
    weights: Mapping[Fault, int] = field(default_factory=dict)
    """How often each fault comes, beside ``NONE``; no weights, no faults."""
    delay: timedelta = timedelta(seconds=15)
    outage_until: datetime | None = None

    def draws(self, kinds: frozenset[Fault]) -> Iterator[Fault]:
        """What each thing of these *kinds* meets, one after the other, without end."""
        chance = Random(f"{self.seed}:{sorted(kinds)}")  # noqa: S311 (a rehearsal, no secret)
        weights = {
            fault: weight
            for fault, weight in self.weights.items()
            if weight > 0 and (fault in kinds or fault is Fault.NONE)
        } or {Fault.NONE: 1}
        while True:
            yield from chance.choices(list(weights), list(weights.values()))


class Weather:
    """The plan in force, and where in it we are.  A new plan begins at its beginning."""

    def __init__(self, plan: FaultPlan) -> None:
        self.change(plan)

    def change(self, plan: FaultPlan) -> None:
        """Let *plan* rule from here on."""
        self.plan = plan
        self.chance = Random(plan.seed)  # noqa: S311 (a rehearsal, no secret)
        self._calls = plan.draws(OF_CALLS)
        self._letters = plan.draws(OF_LETTERS)
        self._consignments = plan.draws(OF_CONSIGNMENTS)

    def call(self, at: datetime) -> Fault:
        """What the next call meets."""
        if self.plan.outage_until is not None and at < self.plan.outage_until:
            return Fault.BUSY
        return next(self._calls)

    def letter(self) -> Fault:
        """What the next letter meets."""
        return next(self._letters)

    def consignment(self) -> Fault:
        """What the next consignment meets."""
        return next(self._consignments)
