"""Duty and tax of mixed lines: from JSON to JSON, and the arithmetic alone."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import cycle, islice
from typing import Final

from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from warehouse.customs import assess, rules
from warehouse.customs.policy import shipped_policy
from warehouse.customs.rules import DutyRate, Excise, Levy, Line, Quantity
from warehouse.masterdata.vocabulary import RateType

TARGET: Final = Target(at_least=5_000)
_ON: Final = date(2026, 1, 15)
_BY_WEIGHT: Final = {"value_pct": "30", "specific_rate": "25", "unit": "KGM"}

# What a day of declarations is made of: mostly goods by value, some of everything else.
_KINDS: Final[tuple[tuple[str, dict[str, object]], ...]] = (
    ("tax_line", {"duty_pct": "20"}),
    ("tax_line", {"duty_pct": "30"}),
    ("bonded_entry", {"duty_pct": "10"}),
    ("tax_line", {"duty": _BY_WEIGHT, "net_weight": "12.5"}),
    ("tax_line", {"duty_pct": "5", "excise_pct": "8"}),
    ("bonded_entry", {"duty_pct": "30"}),
    ("tax_line", {"duty_pct": "10", "anti_dumping_pct": "12.5", "safeguard_pct": "5"}),
    (
        "tax_line",
        {
            "duty_pct": "20", "privilege": "ATG", "preferential_duty": {"value_pct": "0"},
            "origin_proof": "D-1",
        },
    ),
    ("price_dispute", {"duty_pct": "20", "cif_assessed_baht": "99999.99"}),
    ("low_value", {"duty_pct": "20"}),
)  # fmt: skip


def contest(*, lines: int) -> Contest:
    """Assess so many *lines*, seconds of one core."""
    vectors = [_case(number, *kind) for number, kind in enumerate(islice(cycle(_KINDS), lines))]
    request = json.dumps({"vectors": vectors})
    facts = list(islice(cycle(_facts()), lines))
    policy = shipped_policy()

    def answered() -> int:
        answers = assess.written(assess.answers(assess.read(request), _ON))
        return sum('"result": {' in each for each in answers)

    def reckoned() -> int:
        return sum(bool(rules.line_charges(each, policy, _ON).components) for each in facts)

    return Contest(
        f"{lines:,} lines assessed",
        "lines/s of a core",
        TARGET,
        [
            Variant("from JSON to JSON", lambda: _timed(answered, lines)),
            Variant("the arithmetic alone", lambda: _timed(reckoned, lines)),
        ],
    )


def _timed(work: Callable[[], int], lines: int) -> float:
    began = time.process_time()
    done = work()
    took = time.process_time() - began
    if done != lines:
        raise BenchmarkError(f"{done} of {lines} lines were assessed.")
    return lines / took


def _case(number: int, kind: str, inputs: dict[str, object]) -> dict[str, object]:
    given = {"cif_baht": f"{1_000 + number % 9_000}.{number % 100:02}", **inputs}
    return {"id": f"L{number}", "kind": kind, "inputs": given | {"import_date": _ON.isoformat()}}


def _facts() -> Iterator[Line]:
    """Lines like those of the request, ready to be reckoned."""
    by_value = DutyRate(RateType.AD_VALOREM, Decimal(20))
    both = DutyRate(RateType.BOTH, Decimal(30), Decimal(25), rules.KILOGRAM)
    weight = Quantity(Decimal("12.5"), rules.KILOGRAM)
    for number in range(100):
        value = Decimal(1_000 + number)
        yield Line(value, by_value)
        yield Line(value, both, net_weight=weight)
        yield Line(value, by_value, excise=Excise(Decimal(8)))
        yield Line(value, by_value, levies=(Levy("0111", by_value), Levy("0114", by_value)))
