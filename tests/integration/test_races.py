"""Each command against itself, by many at the same moment; scripts/soak.py races every pair."""

from collections.abc import Iterator

import pytest

from tests.conftest import Copies
from tests.endurance import floor, races
from tests.endurance.floor import Floor
from tests.endurance.races import COMMANDS, Command


@pytest.fixture(scope="module")
def racing(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with (
        copies() as database,
        floor.crashable(database.app_url, tmp_path_factory.mktemp("floor")) as opened,
    ):
        yield opened


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_what_many_do_at_once_is_done_as_if_one_by_one(racing: Floor, command: Command) -> None:
    raced = races.race(racing, command, command)

    assert raced.failures == []
    assert raced.said.total() == 2 * races.CLERKS
