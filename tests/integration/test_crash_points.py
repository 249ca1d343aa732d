"""Two short scenarios fail at every statement, commit and reply, in every way: nothing shows."""

from collections.abc import Iterator
from random import Random

import pytest

from tests.conftest import Copies
from tests.endurance import checks, crashes, floor
from tests.endurance.floor import Floor
from tests.endurance.scenarios import PICK_PACK_AND_EXIT, RECEIVE_AND_PUT_AWAY, Scenario
from tests.endurance.trap import Way


@pytest.fixture(scope="module")
def crashing(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with (
        copies() as database,
        floor.crashable(database.app_url, tmp_path_factory.mktemp("floor")) as opened,
    ):
        yield opened


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("scenario", [RECEIVE_AND_PUT_AWAY, PICK_PACK_AND_EXIT], ids=str)
def test_wherever_it_fails_every_scan_takes_effect_once(
    crashing: Floor, scenario: Scenario, way: Way
) -> None:
    known = crashes.undisturbed(crashing, scenario)

    played = [
        crashes.play(crashing, scenario, plan, known)
        for plan in crashes.plans(known, [way], Random(0), twins=False)
    ]

    assert [each for each in played if each.failures] == []
    assert checks.unproved(crashing.engine) == []
    failed_at = sum(each.points.total() for each in played)
    assert failed_at >= len(known.points) * (1 if way is Way.LOSE else 8)
