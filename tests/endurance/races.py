"""Races: two commands begun at the same moment on the same goods, for each pair of commands.

Each race takes a fresh parcel with all there is of a product, brought to where the first command
may act on it.  Nobody may be answered with a fault, what can be done once is done once, and who
comes too late is told why.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from tests.builders import House, an_order
from tests.customs_builders import declared, released
from tests.endurance import arranging, checks
from tests.endurance.floor import LANE, MOST_ATTEMPTS, Floor, Scanner
from tests.leaving import somebody
from warehouse.access.vocabulary import Role
from warehouse.core.errors import WarehouseError
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import holding

UNITS: Final = 3
"""All there is of the goods; one of them is to leave another way."""

CLERKS: Final = 4
"""So many do each of the two commands."""


@dataclass
class Goods:
    """A parcel with the last units of a product, a bin of its own, and the papers about them.

    The shipment takes one of them, the disposal another.
    """

    house: House
    parcel: str
    bin: str
    shipment: str = "SHP-0000-000000"
    label: str = "EE000000016TH"
    manifest: str = "MAN-0000-000000"
    disposal: str = "DSP-0000-000000"

    @property
    def item(self) -> Sequence[str]:
        """What is scanned of one unit as it is packed: which product it is, and its weight."""
        return self.house.product.sku, f"{self.house.product.net_weight_kg}KG"


@dataclass(frozen=True, slots=True)
class Command:
    """Something that clerks, or orders, do to goods.

    *begins*: the code that chooses the task.  *act* does the rest; what it says tells whether it
    was done.  *after* is what has to be done before; *anytime*: that makes no difference.  *most*:
    how often it can be done to the same goods, however many try.
    """

    name: str
    act: Callable[[Floor, Scanner, Goods], str]
    begins: str = ""
    after: "Command | None" = None
    anytime: bool = False
    most: int | None = 1


@dataclass
class Raced:
    """What a race came to: what was said to whom how often, and what was wrong."""

    first: Command
    second: Command
    said: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def _scans(barcodes: Callable[[Goods], Sequence[str]]) -> Callable[[Floor, Scanner, Goods], str]:
    """Scanning the barcodes until one is refused, each question meant yes; the last answer."""

    def act(_floor: Floor, scanner: Scanner, goods: Goods) -> str:
        for barcode in barcodes(goods):
            [answer] = scanner.scan(barcode)
            if answer["asks"]:
                [answer] = scanner.scan(barcode)
            message = answer["message"]
            assert message["th"], message
            assert message["en"], message
            if answer["tone"] == "refused":
                break
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


def _papers(floor: Floor, _scanner: Scanner, goods: Goods) -> str:
    """The desk has what the goods may leave with."""
    goods.disposal = arranging.disposal(floor, goods.parcel, 1)
    goods.manifest = arranging.a_manifest(floor)
    return "good papers"


def _hold(floor: Floor, _scanner: Scanner, goods: Goods) -> str:
    """Customs wants to see the parcel."""
    try:
        with floor.begin() as work:
            desk = somebody(work, goods.house, Role.SUPERVISOR)
            thing = holding.find(desk, goods.parcel)
            holding.place(desk, Reason.CUSTOMS_INSPECTION, thing.target)
    except WarehouseError as refusal:
        return f"refused {refusal.code}"
    return "good held"


RECEIVE: Final = Command("receive", _scans(lambda goods: [goods.parcel]), "CMD-RECEIVE")
PUT_AWAY: Final = Command(
    "put away", _scans(lambda goods: [goods.parcel, "LOC-A1"]), "CMD-PUTAWAY", RECEIVE, most=None
)
CARRY: Final = Command(
    "carry",
    _scans(lambda goods: [goods.parcel, f"LOC-{goods.bin}"]),
    "CMD-PUTAWAY",
    PUT_AWAY,
    most=None,
)
_PAPERS: Final = Command("papers", _papers, after=CARRY)
ORDER: Final = Command("order", _order, after=_PAPERS, most=UNITS)
PICK: Final = Command(
    "pick",
    _scans(lambda goods: [goods.shipment, f"LOC-{goods.bin}", goods.parcel]),
    "CMD-PICK",
    ORDER,
)
PACK: Final = Command("pack", _scans(lambda goods: [goods.label, *goods.item]), "CMD-PACK", PICK)
STAGE: Final = Command(
    "stage", _scans(lambda goods: [goods.label, f"LOC-{LANE}"]), "CMD-STAGE", PACK, most=None
)
LOAD: Final = Command(
    "load", _scans(lambda goods: [goods.manifest, goods.label]), "CMD-LOAD", STAGE
)
EXIT: Final = Command("exit", _scans(lambda goods: [goods.label]), "CMD-EXIT", PACK)
MOVE: Final = Command(
    "move", _scans(lambda goods: [goods.parcel, "LOC-A1"]), "CMD-MOVE", anytime=True, most=None
)
COUNT: Final = Command(
    "count",
    _scans(lambda goods: [f"LOC-{goods.bin}", goods.parcel, "CMD-DONE"]),
    "CMD-COUNT",
    anytime=True,
    most=None,
)
HOLD: Final = Command("hold", _hold, anytime=True, most=None)
GATHER: Final = Command(
    "gather", _scans(lambda goods: [goods.disposal, goods.parcel]), "CMD-DISPOSE", anytime=True
)

COMMANDS: Final = (
    RECEIVE, PUT_AWAY, CARRY, ORDER, PICK, PACK, STAGE, LOAD, EXIT, MOVE, COUNT, HOLD, GATHER,
)  # fmt: skip
"""Every command that races.  A new one is one entry."""

_CARRIED: Final = frozenset({PUT_AWAY, CARRY, MOVE})
_TAKEN: Final = _CARRIED | {PICK, GATHER}

TOO_LATE: Final[Mapping[Command, Mapping[str, frozenset[Command]]]] = {
    RECEIVE: {"already-received": frozenset({RECEIVE})},
    PUT_AWAY: {
        "already-there": _CARRIED,
        "nothing-left": _TAKEN,
        "wrong-bin": frozenset({HOLD}),
    },
    CARRY: {
        "already-there": _CARRIED,
        "nothing-left": _TAKEN,
        "wrong-bin": frozenset({HOLD}),
    },
    ORDER: {
        "insufficient-stock": frozenset({ORDER}),
        "stock-held": frozenset({HOLD}),
    },
    PICK: {
        "not-yours": frozenset({PICK}),
        "not-to-pick": frozenset({PICK}),
        "wrong-bin": _CARRIED,
        "goods-held": frozenset({HOLD}),
    },
    PACK: {"not-to-pack": frozenset({PACK}), "goods-held": frozenset({HOLD})},
    STAGE: {"not-to-stage": frozenset({LOAD, EXIT})},
    LOAD: {"already-on-manifest": frozenset({LOAD}), "not-to-load": frozenset({EXIT})},
    EXIT: {
        "already-exited": frozenset({EXIT}),
        "on-vehicle": frozenset({LOAD}),
        "goods-held": frozenset({HOLD}),
    },
    MOVE: {"already-there": _CARRIED, "nothing-left": _TAKEN},
    COUNT: {
        "taken-over": frozenset({COUNT}),
        "counted-before": frozenset({COUNT}),
        "under-investigation": frozenset({COUNT}),
        "count-again": _TAKEN,
        "count-differs": _TAKEN,
    },
    GATHER: {"not-part-of-disposal": frozenset({GATHER}), "goods-held": frozenset({HOLD})},
}
"""What who comes too late may be told, by what they wanted: the acts that each answer speaks of."""

TOO_EARLY: Final[Mapping[str, Command]] = {
    "not-received": RECEIVE,
    "insufficient-stock": CARRY,
    "count-again": CARRY,
    "count-differs": CARRY,
    "disposal-not-found": _PAPERS,
    "manifest-not-found": _PAPERS,
    "unknown-shipment": ORDER,
    "not-picked": PICK,
    "not-to-pack": PICK,
    "not-packed": PACK,
    "not-to-stage": PACK,
    "not-to-load": PACK,
}
"""What who comes too early may be told: what each answer says is still to be done."""

_TOLD_AT_ONCE: Final = frozenset({PICK, COUNT})
"""Acts that others are told of from their first scan, whatever becomes of them."""

PAIRS: Final = tuple(product(COMMANDS, repeat=2))


def race(floor: Floor, first: Command, second: Command) -> Raced:
    """Let CLERKS clerks do *first* and as many *second* at once, on goods ready for *first*."""
    raced = Raced(first, second)
    before = _before(next((each for each in (first, second) if not each.anytime), ORDER))
    goods = _ready(floor, before)
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
    raced.failures += _unexplained(raced, before)
    raced.failures += checks.unproved(floor.engine)
    raced.failures += checks.failures(floor.engine, floor.sent, dict(floor.acknowledged))
    return raced


def _done(raced: Raced, command: Command) -> int:
    """How many did it."""
    good = f"{command.name}: good"
    return sum(times for said, times in raced.said.items() if said.startswith(good))


def _unexplained(raced: Raced, before: Sequence[Command]) -> list[str]:
    """Answers that name neither an act that was done, in the race or before, nor one that lacks."""
    raced_by = {each.name: each for each in (raced.first, raced.second)}
    done = {*before, *(each for each in raced_by.values() if _done(raced, each))}
    done |= _TOLD_AT_ONCE & set(raced_by.values())
    found = []
    for said in raced.said:
        name, answer = said.split(": ", 1)
        tone, code = answer.split(" ", 1)
        late = done & TOO_LATE.get(raced_by[name], {}).get(code, frozenset())
        early = code in TOO_EARLY and TOO_EARLY[code] not in before
        if tone in ("refused", "warning") and not (late or early):
            found.append(f"{said}: does not say why")
    return found


def _ready(floor: Floor, before: Sequence[Command]) -> Goods:
    """Fresh goods, after all that is done *before*."""
    kind, parcel = floor.in_bond(UNITS)
    goods = Goods(replace(floor.house, product=kind), parcel, arranging.a_place(floor))
    scanner = floor.scanner()
    for earlier in before:
        if earlier.begins:
            scanner.scan(earlier.begins)
        said = earlier.act(floor, scanner, goods)
        assert said.startswith("good"), f"{earlier.name}: {said}"
    return goods


def _before(command: Command) -> list[Command]:
    """What has to be done before *command*, the first thing first."""
    return [*_before(command.after), command.after] if command.after else []
