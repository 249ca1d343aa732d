"""Races: two commands begun at the same moment on the same goods, for each pair of commands.

Each race takes a fresh parcel with the last two units of a product, brought to where the first
command may act on them.  Nobody may be answered with a fault, and what can be done once is done
once.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from tests.builders import House, an_order
from tests.customs_builders import declared, released
from tests.endurance import checks
from tests.endurance.floor import MOST_ATTEMPTS, Floor, Scanner
from warehouse.core.errors import WarehouseError

UNITS: Final = 2
CLERKS: Final = 4
"""So many do each of the two commands."""


@dataclass
class Goods:
    """A parcel with the last units of a product, and the shipment that takes one of them."""

    house: House
    parcel: str
    shipment: str = "SHP-0000-000000"
    label: str = "EE000000016TH"

    @property
    def item(self) -> Sequence[str]:
        """What is scanned of one unit as it is packed: which product it is, and its weight."""
        return self.house.product.sku, f"{self.house.product.net_weight_kg}KG"


@dataclass(frozen=True, slots=True)
class Command:
    """Something that clerks, or orders, do to goods.

    *begins*: the code that chooses the task.  *act* does the rest; what it says tells whether it
    was done.  *most*: how often it can be done to the same goods, however many try.
    """

    name: str
    act: Callable[[Floor, Scanner, Goods], str]
    begins: str = ""
    most: int | None = 1


@dataclass
class Raced:
    """What a race came to: what was said to whom how often, and what was wrong."""

    first: Command
    second: Command
    said: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def _scans(barcodes: Callable[[Goods], Sequence[str]]) -> Callable[[Floor, Scanner, Goods], str]:
    """Scanning the barcodes; what the last scan was answered, and every refusal has a reason."""

    def act(_floor: Floor, scanner: Scanner, goods: Goods) -> str:
        answer = scanner.scan(*barcodes(goods))[-1]
        message = answer["message"]
        assert message["th"], message
        assert message["en"], message
        return f"{answer['tone']} {message['code']}"

    return act


def _order(floor: Floor, _scanner: Scanner, goods: Goods) -> str:
    """Order one unit, declare it and let customs release it."""
    try:
        with floor.begin() as work:
            order, shipment = an_order(work, goods.house, 1)
        goods.shipment, goods.label = shipment.number, shipment.parcel_number
        with floor.begin() as work:
            released(work, declared(work, order))
    except WarehouseError as refusal:
        return f"refused {refusal.code}"
    return "good ordered"


COMMANDS: Final = (
    Command("receive", _scans(lambda goods: [goods.parcel]), "CMD-RECEIVE"),
    Command("put away", _scans(lambda goods: [goods.parcel, "LOC-A1"]), "CMD-PUTAWAY", most=None),
    Command("carry", _scans(lambda goods: [goods.parcel, "LOC-A2"]), "CMD-PUTAWAY", most=None),
    Command("order", _order, most=UNITS),
    Command("pick", _scans(lambda goods: [goods.shipment, "LOC-A2", goods.parcel]), "CMD-PICK"),
    Command("pack", _scans(lambda goods: [goods.label, *goods.item]), "CMD-PACK"),
    Command("exit", _scans(lambda goods: [goods.label]), "CMD-EXIT"),
)
"""Every command that races, in the order in which goods meet them.  A new one is one entry."""

PAIRS: Final = tuple(product(COMMANDS, repeat=2))


def race(floor: Floor, first: Command, second: Command) -> Raced:
    """Let CLERKS clerks do *first* and as many *second* at once, on goods ready for *first*."""
    raced = Raced(first, second)
    goods = _ready(floor, first)
    floor.attempts = 1
    barrier = threading.Barrier(2 * CLERKS)
    scanners = [floor.scanner() for _ in range(2 * CLERKS)]

    def do(command: Command, scanner: Scanner) -> str:
        if command.begins:
            scanner.scan(command.begins)
        barrier.wait()
        try:
            return f"{command.name}: {command.act(floor, scanner, goods)}"
        except Exception as failure:  # noqa: BLE001 (whatever it is, it is what the race found)
            return f"{command.name}: failed {failure!r}"

    with ThreadPoolExecutor(2 * CLERKS) as threads:
        raced.said.update(threads.map(do, [first, second] * CLERKS, scanners))
    floor.attempts = MOST_ATTEMPTS
    raced.failures = [said for said in raced.said if ": failed " in said]
    raced.failures += [
        f"{command.name} was done {done} times"
        for command in {first, second}
        if (done := _done(raced, command)) > (command.most or done)
    ]
    if not _done(raced, first) + _done(raced, second):
        raced.failures.append("nobody could do anything")
    raced.failures += checks.unproved(floor.engine)
    raced.failures += checks.failures(floor.engine, floor.sent, dict(floor.acknowledged))
    return raced


def _done(raced: Raced, command: Command) -> int:
    """How many did it."""
    good = f"{command.name}: good"
    return sum(times for said, times in raced.said.items() if said.startswith(good))


def _ready(floor: Floor, command: Command) -> Goods:
    """Fresh goods, after every command that comes before *command*."""
    kind, parcel = floor.in_bond(UNITS)
    goods = Goods(replace(floor.house, product=kind), parcel)
    scanner = floor.scanner()
    for earlier in COMMANDS[: COMMANDS.index(command)]:
        if earlier.begins:
            scanner.scan(earlier.begins)
        said = earlier.act(floor, scanner, goods)
        assert said.startswith("good"), f"{earlier.name}: {said}"
    return goods
