"""The whole floor at work: forty scanners on everything at once, a worker beside.

The limit is the rate at which the same clerks receive, scan by scan, in the same run.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from benchmarks import bond, shift
from benchmarks.bond import Pick
from benchmarks.goods import content, parcel
from benchmarks.house import Clerk, House
from benchmarks.load import Talk, Timing
from benchmarks.measure import Contest, Target, Variant
from benchmarks.scanning import announce
from warehouse.inventory import places
from warehouse.inventory.vocabulary import LocationKind

_FIRST: Final = 6_000_000  # other contests receive parcels of lower numbers
_SPARE: Final = 200  # the last of a consignment are counted one by one: leave them
_IN: Final = 5  # parcels that come, in each turn of each clerk
_MOVED: Final = 2  # of these, to the clerk's own bin, which is then counted
_OUT: Final = 3  # orders that leave
_ALONE: Final = 20  # parcels that each receives when nothing else is done


class Floor:
    """The crew, what is announced to it, and what it may let out."""

    def __init__(self, house: House, turns: int, rounds: int) -> None:
        self.house = house
        self.turns = turns
        crew = len(house.crew)
        leaving = crew * turns * rounds * _OUT
        arriving = crew * rounds * (turns * _IN + _ALONE)
        bond.enter(house, range(_FIRST, _FIRST + leaving))
        first = _FIRST + leaving
        announce(house, range(first, first + arriving + _SPARE))
        self.arriving = map(parcel, range(first, first + arriving))
        self.orders = self._stored(range(_FIRST, _FIRST + leaving))
        self.bins = self._own_bins()
        self.timing = Timing(0, [])
        house.settle()

    def receiving(self) -> float:
        """Scans a second when everybody receives."""
        talks = [shift.receive(clerk, self._next(_ALONE)) for clerk in self.house.crew]
        return shift.work(self.house, talks).per_second

    def mixed(self) -> float:
        """Scans a second of everything at once; half of the crew begins with what leaves."""
        talks = [
            self._turns(clerk, out_first=at % 2 == 0) for at, clerk in enumerate(self.house.crew)
        ]
        with self.house.worker():
            self.timing = shift.work(self.house, talks)
        self.house.prove()
        return self.timing.per_second

    def _turns(self, clerk: Clerk, *, out_first: bool) -> Talk:
        for _ in range(self.turns):
            yield from self._turn(clerk, out_first=out_first)

    def _turn(self, clerk: Clerk, *, out_first: bool) -> Talk:
        """What comes in and what leaves in one turn of *clerk*."""
        coming = self._next(_IN)
        own, there = self.bins[clerk.username]
        there += coming[:_MOVED]
        inbound = (
            shift.receive(clerk, coming),
            shift.put_away(clerk, coming),
            shift.move(clerk, coming[:_MOVED], own),
            shift.count(clerk, own, tuple(there)),
        )
        orders = list(islice(self.orders, _OUT))
        outbound = (
            shift.pick(clerk, orders),
            shift.leave(clerk, orders),
            shift.ask_why(clerk, coming[_MOVED:]),
        )
        return shift.one_by_one((*outbound, *inbound) if out_first else (*inbound, *outbound))

    def _next(self, amount: int) -> list[str]:
        return list(islice(self.arriving, amount))

    def _own_bins(self) -> dict[str, tuple[str, list[str]]]:
        """By clerk: the code of a new bin, and the parcels that were carried there."""
        with self.house.begin() as work:
            for clerk in self.house.crew:
                code = f"OWN-{clerk.username}".upper()
                places.add(work, self.house.premises_id, code, code, code, LocationKind.STORE)
        return {each.username: (f"OWN-{each.username}".upper(), []) for each in self.house.crew}

    def _stored(self, parcels: range) -> Iterator[list[Pick]]:
        """Orders that customs let go, each for one of *parcels*, which are in their bins."""
        shift.store(self.house, parcels)
        wanted = [[content(number, self.house.skus)] for number in parcels]
        return iter(bond.order(self.house, wanted, released=True))


def contest(house: House, *, turns: int, rounds: int) -> Contest:
    """*turns* of each of the crew in a round."""
    floor = Floor(house, turns, rounds)

    def within(percent: int) -> Variant:
        return Variant(
            f"{percent} % within", lambda: floor.timing.ms(percent), unit="ms", target=Target()
        )

    return Contest(
        f"Mixed floor, {len(house.crew)} scanners",
        "scans/s",
        Target(),
        [
            Variant("receiving alone", floor.receiving),
            Variant("everything at once", floor.mixed, "receiving alone"),
            *map(within, (50, 95, 99)),
        ],
    )
