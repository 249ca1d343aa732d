"""Scans that waited on devices without a network: sent together, next to one by one."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from benchmarks import load
from benchmarks.goods import parcel
from benchmarks.house import CLIENTS, Clerk, House
from benchmarks.load import Client, Request
from benchmarks.measure import BenchmarkError, Contest, Target, Variant
from benchmarks.scanning import RECEIVED, announce, by_clerk, scan
from warehouse.core import clock, ids

TARGET: Final = Target(at_least=4)
DEVICES: Final = 4  # that find the network again at once
_FIRST: Final = 5_000_000  # other contests receive parcels of lower numbers
_SPARE: Final = 200  # the last of a consignment are counted one by one: leave them


class Dock:
    """Clerks who receive, each parcel once; *waiting* scans come back on each device."""

    def __init__(self, house: House, turns: int, waiting: int, rounds: int) -> None:
        self.house = house
        self.turns = turns
        self.waiting = waiting
        self.unused = _FIRST
        of_a_round = CLIENTS * turns + DEVICES * waiting
        announce(house, range(_FIRST, _FIRST + rounds * of_a_round + _SPARE))
        house.settle()
        self._send([[scan(clerk, "CMD-RECEIVE")] for clerk in house.clerks])

    def one_by_one(self) -> float:
        """Scans a second, each sent alone, by as many clerks as there are."""
        with self._receiving(CLIENTS * self.turns):
            return self._send(
                [[scan(clerk, parcel(self._take())) for _ in range(self.turns)]
                 for clerk in self.house.clerks]
            )  # fmt: skip

    def together(self) -> float:
        """Scans a second, all that waited on a device in one request."""
        batches = [
            [_batch(clerk, [parcel(self._take()) for _ in range(self.waiting)])]
            for clerk in self.house.clerks[:DEVICES]
        ]
        with self._receiving(DEVICES * self.waiting):
            return self._send(batches) * self.waiting

    def _send(self, requests: Sequence[Sequence[Request]]) -> float:
        ports = self.house.web(2)
        return load.run([Client(ports[at % 2], each) for at, each in enumerate(requests)])

    def _take(self) -> int:
        """A parcel that nobody has received yet."""
        self.unused += 1
        return self.unused - 1

    @contextmanager
    def _receiving(self, scans: int) -> Iterator[None]:
        """Make sure that every scan of the block received its parcel."""
        [(before,)] = self.house.rows(RECEIVED)
        yield
        [(after,)] = self.house.rows(RECEIVED)
        if after - before != scans:
            raise BenchmarkError(f"{scans} scans received {after - before} parcels.")


def _batch(clerk: Clerk, barcodes: Sequence[str]) -> Request:
    """The scans of an outage, a parcel every five seconds."""
    now = clock.now()
    scans = [
        {
            "scan_id": str(ids.new_id()),
            "barcode": barcode,
            "device": clerk.username,
            "sequence": sequence,
            "scanned_at": (now - timedelta(seconds=5 * (len(barcodes) - sequence))).isoformat(),
            "waited": True,
        }
        for sequence, barcode in enumerate(barcodes)
    ]
    body = json.dumps({"scans": scans, "sent_at": now.isoformat()})
    return load.post("/api/v1/scans:batch", body, '"tone": "good"', **by_clerk(clerk))


def contest(house: House, *, turns: int, waiting: int, rounds: int) -> Contest:
    """Send *waiting* scans of each device together, and *turns* scans of each clerk alone."""
    dock = Dock(house, turns, waiting, rounds)
    return Contest(
        f"Replay of {waiting} scans",
        "scans/s",
        TARGET,
        [
            Variant("scan by scan", dock.one_by_one),
            Variant("in batches", dock.together, "scan by scan"),
        ],
    )
