"""Filings on the worst days, in short; scripts/soak.py does the same for long."""

from collections import Counter

from sqlalchemy import Engine

from tests.endurance import declarations
from warehouse.customs.gateway.simulator import Fault

COUNT = 500


def test_no_filing_is_lost_or_doubled_on_the_worst_days(database: Engine) -> None:
    with declarations.campaign(database, count=COUNT, seed=11) as day:
        outcome = declarations.fight(day)

    assert outcome.failures == []
    assert outcome.counts["declarations"] > COUNT * 0.9
    assert outcome.counts["outages"] >= 1
    assert min(outcome.counts[each] for each in ("stopped", "changes", "rejected")) > 0


def test_a_third_of_the_replies_lost_doubles_nothing(database: Engine) -> None:
    weather = Counter({Fault.ANSWER_LOST: 3, Fault.NONE: 7})

    with declarations.campaign(database, count=30, seed=24, weather=weather, outage=None) as day:
        outcome = declarations.fight(day)

    assert outcome.failures == []
    assert (
        outcome.counts["released"] + outcome.counts["cancelled"] == outcome.counts["declarations"]
    )
