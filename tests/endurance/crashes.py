"""Crash points: each request of a scenario fails at each of its points, in each way.

Each play takes fresh goods and fails once in every request; the scanner sends again, with the same
ids, until it is answered.  What is left must be what an undisturbed play leaves.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from random import Random
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from tests.endurance import checks
from tests.endurance.floor import Fault, Floor, Unanswered
from tests.endurance.scenarios import Scenario
from tests.endurance.trap import Way

ALL_WAYS: Final = tuple(Way)

Plan = Sequence[Fault | None]
"""How each request of a play fails."""

# What each scan was answered and did.
_EFFECTS: Final = """
SELECT scan.id, scan.tone, scan.answer #>> '{message,code}',
       array(SELECT kind || ' ' || quantity FROM movement WHERE scan_id = scan.id ORDER BY 1)
  FROM scan WHERE id = ANY(:ids)
"""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """How many points each request of a scenario passes, and what its scans leave."""

    points: list[int]
    effects: list[Any]


@dataclass
class Crashed:
    """A play: how many faults of each way it met, where, and what was wrong afterwards."""

    points: Counter[Way] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def undisturbed(floor: Floor, scenario: Scenario) -> Undisturbed:
    """Play *scenario* without a fault."""
    scanner = floor.scanner()
    points, answers = [], []
    for request in _requests(floor, scenario):
        answers += scanner.send(request)
        points.append(floor.trap.passed)
    return Undisturbed(points, _effects(floor, answers))


def plans(
    known: Undisturbed, ways: Sequence[Way], random: Random, *, twins: bool = True
) -> list[Plan]:
    """Plans, in any order, that together fail once at each point of each request in each way.

    Without *twins*: who is killed or cut off after a statement cannot tell that from before the
    next one, so of such two points one is left out.
    """
    made = list(_plans(known.points, ways, twins=twins))
    random.shuffle(made)
    return made


def play(floor: Floor, scenario: Scenario, plan: Plan, known: Undisturbed) -> Crashed:
    """Play *scenario* with the faults of *plan*, and look at what it leaves."""
    crashed = Crashed()
    scanner = floor.scanner()
    floor.acknowledged.clear()
    answers = []
    try:
        for request, fault in zip(_requests(floor, scenario), plan, strict=True):
            answers += scanner.send(request, fault)
            if fault:
                crashed.points[fault.way] += 1
                crashed.places.append(f"{fault.way} at {fault.at}, {floor.trap.place}")
    except Unanswered as failure:
        floor.trap.clear()
        crashed.failures.append(str(failure))
    crashed.failures += checks.failures(floor.engine, floor.sent, dict(floor.acknowledged))
    effects = _effects(floor, answers)
    if effects != known.effects:
        crashed.failures.append(f"{effects} instead of {known.effects}")
    return crashed


def _plans(points: Sequence[int], ways: Sequence[Way], *, twins: bool) -> Iterator[Plan]:
    for way in ways:
        chosen = [_chosen(most, way, twins=twins) for most in points]
        for plan in zip_longest(*chosen):
            yield [None if at is None else Fault(way, at) for at in plan]


def _chosen(most: int, way: Way, *, twins: bool) -> range:
    """Where to fail of *most* points: pairs around statements and commits, then the reply."""
    match way:
        case Way.LOSE:  # a reply can be lost only where it leaves
            return range(most - 1, most)
        case Way.DISCONNECT | Way.KILL if not twins:
            return range(0, most, 2)
        case _:
            return range(most)


def _requests(floor: Floor, scenario: Scenario) -> list[list[str]]:
    barcodes = list(scenario.arrange(floor))
    return [barcodes] if scenario.batch else [[barcode] for barcode in barcodes]


def _effects(floor: Floor, answers: Sequence[dict[str, Any]]) -> list[Any]:
    asked = [UUID(each["scan_id"]) for each in answers]
    with floor.engine.connect() as connection:
        rows = connection.execute(sa.text(_EFFECTS), {"ids": asked})
        by_scan = {key: tuple(effects) for key, *effects in rows}
    return [by_scan.get(key) for key in asked]
