"""Some pairs of commands, by many at the same moment; scripts/soak.py races every pair."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.conftest import Copies
from tests.endurance import floor, races
from tests.endurance.floor import Floor
from tests.endurance.races import (
    CARRY,
    COUNT,
    EXIT,
    GATHER,
    HOLD,
    LOAD,
    MOVE,
    ORDER,
    PACK,
    PICK,
    RECEIVE,
    Command,
)

SOME: Final = (
    (RECEIVE, RECEIVE), (CARRY, MOVE), (ORDER, ORDER), (PICK, PICK), (PACK, HOLD), (LOAD, EXIT),
    (EXIT, EXIT), (COUNT, GATHER),
)  # fmt: skip


@pytest.fixture(scope="module")
def racing(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with (
        copies() as database,
        floor.crashable(database.app_url, tmp_path_factory.mktemp("floor")) as opened,
    ):
        yield opened


@pytest.mark.parametrize(
    ("first", "second"), SOME, ids=[f"{first.name}-{second.name}" for first, second in SOME]
)
def test_what_many_do_at_once_is_done_as_if_one_by_one(
    racing: Floor, first: Command, second: Command
) -> None:
    raced = races.race(racing, first, second)

    assert raced.failures == []
    assert raced.said.total() == 2 * races.CLERKS
