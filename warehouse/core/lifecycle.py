"""State machines as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from warehouse.core.errors import WrongState

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S]):
    """The states a record passes through, and every step it may take between them."""

    steps: Mapping[S, frozenset[S]]

    def step(self, current: S, target: S) -> S:
        """Return *target*, or raise WrongState if it cannot follow *current*."""
        if target in self.steps[current]:
            return target
        raise WrongState(state=current.value, target=target.value)

    def before(self, target: S) -> tuple[S, ...]:
        """The states from which *target* may follow: for statements that decide in SQL."""
        return tuple(state for state, following in self.steps.items() if target in following)


def lifecycle(steps: Mapping[S, set[S]]) -> Lifecycle[S]:
    """Build a Lifecycle, checking that every state is listed."""
    states = set(type(next(iter(steps))))
    assert states == set(steps), "every state must be listed"
    return Lifecycle({state: frozenset(following) for state, following in steps.items()})
