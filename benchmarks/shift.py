"""What a clerk does with a scanner, as a talk with the warehouse: the answer says where to go."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from benchmarks import load
from benchmarks.bond import Pick
from benchmarks.goods import parcel
from benchmarks.house import Clerk, House
from benchmarks.load import Client, Talk, Timing
from benchmarks.scanning import scan

ANSWERED: Final = '"tone"'
"""In every answer: what others do meanwhile decides whether the scan was accepted."""


def receive(clerk: Clerk, parcels: Sequence[str]) -> Talk:
    """Receive *parcels*."""
    yield scan(clerk, "CMD-RECEIVE")
    for each in parcels:
        yield scan(clerk, each)


def put_away(clerk: Clerk, parcels: Sequence[str]) -> Talk:
    """Put *parcels* away where the answers say."""
    yield scan(clerk, "CMD-PUTAWAY")
    for each in parcels:
        answer = yield scan(clerk, each)
        yield scan(clerk, f"LOC-{told(answer)['location']}")


def move(clerk: Clerk, parcels: Sequence[str], target: str) -> Talk:
    """Carry *parcels* to the bin *target*."""
    yield scan(clerk, "CMD-MOVE")
    for each in parcels:
        yield scan(clerk, each)
        yield scan(clerk, f"LOC-{target}")


def count(clerk: Clerk, place: str, parcels: Sequence[str]) -> Talk:
    """Count the bin *place*, in which are *parcels*."""
    for barcode in ("CMD-COUNT", f"LOC-{place}", *parcels, "CMD-DONE"):
        yield scan(clerk, barcode)


def pick(clerk: Clerk, orders: Sequence[Sequence[Pick]]) -> Talk:
    """Pick all lots of *orders*, one order after the other."""
    yield scan(clerk, "CMD-PICK")
    for lots in orders:
        yield scan(clerk, lots[0].shipment)
        for each in lots:
            yield scan(clerk, f"LOC-{each.location}")
            yield scan(clerk, each.parcel)


def leave(clerk: Clerk, orders: Sequence[Sequence[Pick]]) -> Talk:
    """Pack *orders*, each a whole parcel, and let them out of the gate."""
    for command in ("CMD-PACK", "CMD-EXIT"):
        yield scan(clerk, command)
        for lots in orders:
            yield scan(clerk, lots[0].leaves)


def ask_why(clerk: Clerk, parcels: Sequence[str]) -> Talk:
    """Ask of *parcels* why they cannot leave."""
    yield scan(clerk, "CMD-WHY", ANSWERED)
    for each in parcels:
        yield scan(clerk, each, ANSWERED)


def one_by_one(talks: Iterable[Talk]) -> Talk:
    """*talks*, each after the one before."""
    for talk in talks:
        yield from talk


def store(house: House, parcels: range) -> None:
    """All clerks together receive *parcels* and put them away."""
    shares = [
        (clerk, [parcel(number) for number in parcels[at :: len(house.clerks)]])
        for at, clerk in enumerate(house.clerks)
    ]
    for doing in (receive, put_away):
        work(house, [doing(clerk, share) for clerk, share in shares])


def work(house: House, talks: Sequence[Talk]) -> Timing:
    """Let everybody talk at once, to two web programs."""
    ports = house.web(2)
    return load.timed([Client(ports[at % 2], talk) for at, talk in enumerate(talks)])


def told(answer: bytes) -> Mapping[str, Any]:
    """The facts of an answer to a scan."""
    facts: Mapping[str, Any] = json.loads(answer)["data"]
    return facts
