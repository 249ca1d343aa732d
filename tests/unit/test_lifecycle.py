"""Lifecycles: order as data."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.core.errors import WrongState
from warehouse.core.lifecycle import Lifecycle, lifecycle
from warehouse.customs.vocabulary import DECLARATION, DeclarationState
from warehouse.inventory.vocabulary import RESERVATION
from warehouse.shipments.vocabulary import CONSIGNMENT, CUSTODY, CUSTOMS_STATUS

LIFECYCLES: list[Lifecycle] = [DECLARATION, RESERVATION, CONSIGNMENT, CUSTODY, CUSTOMS_STATUS]


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


def test_a_step_that_is_listed_is_taken() -> None:
    lights = lifecycle({Light.RED: {Light.GREEN}, Light.GREEN: set()})

    assert lights.step(Light.RED, Light.GREEN) is Light.GREEN


def test_a_step_that_is_not_listed_names_both_states() -> None:
    lights = lifecycle({Light.RED: {Light.GREEN}, Light.GREEN: set()})

    with pytest.raises(WrongState) as refused:
        lights.step(Light.GREEN, Light.RED)

    assert refused.value.facts == {"state": "green", "target": "red"}


def test_a_lifecycle_must_list_every_state() -> None:
    with pytest.raises(AssertionError, match="every state must be listed"):
        lifecycle({Light.RED: set()})


def test_what_customs_released_is_delivered_or_as_a_petition_given_up() -> None:
    assert DECLARATION.steps[DeclarationState.RELEASED] == {
        DeclarationState.DELIVERED,
        DeclarationState.CANCELLED,
    }
    assert DECLARATION.steps[DeclarationState.DELIVERED] == frozenset()


def test_what_customs_inspects_is_released_only_after_the_result() -> None:
    assert DECLARATION.steps[DeclarationState.RED] == {DeclarationState.EXAMINED}


@pytest.mark.parametrize("states", LIFECYCLES)
def test_every_state_is_reached_from_the_first(states: Lifecycle) -> None:
    first = next(iter(states.steps))
    reached, waiting = {first}, [first]

    while waiting:
        for following in states.steps[waiting.pop()] - reached:
            reached.add(following)
            waiting.append(following)

    assert reached == set(states.steps)


@given(st.sampled_from(LIFECYCLES), st.data())
def test_what_may_come_before_is_what_may_follow(states: Lifecycle, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(list(states.steps)))

    before = states.before(target)

    assert set(before) == {state for state in states.steps if target in states.steps[state]}
