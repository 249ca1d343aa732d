"""Everybody on the same ten lots: they are picked from, carried and promised at once.

The limit is the same work with a lot for everybody.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Final
from uuid import uuid4

from benchmarks import bond, load, shift
from benchmarks.bond import Pick
from benchmarks.goods import parcel
from benchmarks.house import Clerk, House
from benchmarks.load import Talk, Timing
from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from benchmarks.scanning import scan
from benchmarks.shift import ANSWERED
from warehouse.operations.vocabulary import Step

LOTS: Final = 10
BUYERS: Final = 4
"""So many connections of the partner order one of a lot, again and again."""

_CARRYING: Final = 5  # each fifth of the crew carries lots from bin to bin; the others pick
_FIRST: Final = {"HOT": 7_000_000, "APART": 7_001_000}  # other contests' parcels are lower
_PLENTY: Final = 10_000
_BINS: Final = ("A-01-01", "B-04-03")
_MOST_TRIES: Final = 100
"""Who follows goods from bin to bin for longer than that will never get them."""


class Crowd:
    """The crew, the partner, and the lots that are theirs: fewer than they are, or as many."""

    def __init__(self, house: House, name: str, lots: int, *, turns: int, rounds: int) -> None:
        """*name* begins the SKUs of the lots, of which each has its own."""
        self.house = house
        self.turns = turns
        self.timing = Timing(0, [])
        skus = bond.products(house, name, lots)
        first = _FIRST[name] // lots * lots  # the parcel of the first product
        numbers = range(first, first + lots)
        self.skus = skus
        self.parcels = [parcel(number) for number in numbers]
        bond.enter(house, numbers, skus, _PLENTY)
        shift.store(house, numbers)
        pickers = [at for at, _ in enumerate(house.crew) if at % _CARRYING]
        wanted = [[(skus[at % lots], 1)] for _ in range(rounds * turns) for at in pickers]
        placed = bond.order(house, wanted, released=False)
        self.orders: dict[int, Iterator[list[Pick]]] = {
            at: iter(placed[own :: len(pickers)]) for own, at in enumerate(pickers)
        }
        house.settle()

    def work(self) -> float:
        """Requests a second when all of them are at it."""
        talks = [
            *(
                self._pick(clerk, at) if at % _CARRYING else self._carry(clerk, at)
                for at, clerk in enumerate(self.house.crew)
            ),
            *(self._buy(at) for at in range(BUYERS)),
        ]
        self.timing = shift.work(self.house, talks)
        self.house.prove()
        return self.timing.per_second

    def _pick(self, clerk: Clerk, at: int) -> Talk:
        """Pick orders for one of the lot, wherever it is carried meanwhile."""
        yield scan(clerk, "CMD-PICK")
        for [wanted] in islice(self.orders[at], self.turns):
            answer = yield scan(clerk, wanted.shipment)
            for _ in range(_MOST_TRIES):
                place = shift.told(answer)["location"]
                answer = yield scan(clerk, f"LOC-{place}", ANSWERED)
                if _state(answer) == Step.SCAN_GOODS:
                    answer = yield scan(clerk, wanted.parcel, ANSWERED)
                if _state(answer) == Step.SCAN_ORDER:
                    break
            else:
                raise BenchmarkError(f"{wanted.shipment} cannot be picked: {answer[:600]!r}")

    def _carry(self, clerk: Clerk, at: int) -> Talk:
        """Carry the lot back and forth; who comes after another carries it nowhere."""
        label = self.parcels[at % len(self.parcels)]
        for turn in range(self.turns):
            yield scan(clerk, "CMD-MOVE")
            yield scan(clerk, label)
            yield scan(clerk, f"LOC-{_BINS[(turn + at) % 2]}", ANSWERED)

    def _buy(self, at: int) -> Talk:
        """Order one of a lot after the other."""
        for turn in range(self.turns):
            sku = self.skus[(at + turn) % len(self.skus)]
            yield load.post(
                "/api/v1/orders",
                bond.request(self.house, [(sku, 1)]).model_dump_json(exclude_unset=True),
                '"number"',
                authorization=f"Bearer {self.house.api_key}",
                idempotency_key=str(uuid4()),
            )


def contest(house: House, *, turns: int, rounds: int) -> Contest:
    """*turns* of everybody in a round."""
    everybody = len(house.crew) + BUYERS
    apart = Crowd(house, "APART", everybody, turns=turns, rounds=rounds)
    hot = Crowd(house, "HOT", LOTS, turns=turns, rounds=rounds)
    return Contest(
        f"Hot spot, {everybody} on {LOTS} lots",
        "requests/s",
        Target(),
        [
            Variant("a lot for each", apart.work),
            Variant("ten lots", hot.work, "a lot for each"),
            Variant("99 % within", lambda: hot.timing.ms(99), unit="ms"),
            Variant(
                "deadlocks so far", house.deadlocks, unit="deadlocks", target=Target(at_most=0)
            ),
        ],
    )


def _state(answer: bytes) -> str:
    return str(json.loads(answer)["state"])
