"""The truth about goods, in plain Python: what a stock book that is tried should say of them.

Every change is noted with its opposite, so that a clerk can take back the last scan here as there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

REAL: Final = {
    "A-RETURNS": ("receive", "duty_paid"),
    "DOCK-1": ("receive", "bonded"),
    "INSPECT-1": ("inspection", "bonded"),
    "S-1": ("store", "bonded"),
    "S-2": ("store", "bonded"),
    "S-3": ("store", "bonded"),
    "P-1": ("pick", "bonded"),
    "HOLD-1": ("hold", "bonded"),
    "STAGE-1": ("stage", "bonded"),
    "LANE-1": ("stage", "bonded"),
    "D-1": ("store", "duty_paid"),
}
"""The places of each hall: kind and customs status.  Goods of another status never stand there."""

STORED: Final = frozenset({"store", "pick"})
DOCKS: Final = frozenset({"receive", "inspection"})
CONTAINERS: Final = ("CAGE-1", "PALLET-1", "TOTE-1")
OPEN_TO_RELEASE: Final = frozenset({"overdue"})


@dataclass(eq=False)
class Unit:
    """A parcel, or a container of others; *place* is where it stands if no goods say so."""

    premises: str
    number: str
    consignment: str = ""
    parent: "Unit | None" = None
    place: str | None = None
    received: bool = False

    @property
    def is_container(self) -> bool:
        """Whether it is made to hold others."""
        return self.number in CONTAINERS

    @property
    def around(self) -> Iterator["Unit"]:
        """This unit, and those that it lies in."""
        yield self
        if self.parent is not None:
            yield from self.parent.around


@dataclass(eq=False)
class Lot:
    """Goods of one product in one parcel; *layer* orders those that customs has accepted."""

    number: str
    unit: Unit
    sku: str
    quantity: int
    origin: str
    regime: str
    layer: tuple[Any, ...] = ()
    at: Counter[str] = field(default_factory=Counter)


@dataclass(eq=False)
class Promise:
    """So much of a lot for a shipment or another way out, *cause*: still there, or picked."""

    cause: str
    lot: Lot
    place: str
    quantity: int
    picked: bool = False


@dataclass(eq=False)
class Hold:
    """Goods that may not be promised or leave: all that *key* reaches at *level*."""

    premises: str
    level: str
    key: str
    kind: str


@dataclass(eq=False)
class Shipment:
    """What leaves for an order."""

    number: str
    label: str
    order_id: Any
    sku: str
    quantity: int
    custody: str = "stored"
    released: bool = False
    manifest: str = ""


class Book:
    """Lots, promises, holds and locks of two halls."""

    def __init__(self) -> None:
        self.lots: dict[str, Lot] = {}
        self.units: dict[tuple[str, str], Unit] = {}
        self.shipments: dict[str, Shipment] = {}
        self.promises: list[Promise] = []
        self.holds: dict[Any, Hold] = {}
        self.locked: set[tuple[str, str]] = set()
        self.opposites: list[Callable[[], None]] = []

    # ── Changes, each with its opposite ──────────────────────────────────────────────────────────

    def move(self, lot: Lot, source: str, target: str, quantity: int) -> None:
        """*quantity* of *lot* goes from *source* to *target*."""
        lot.at[source] -= quantity
        lot.at[target] += quantity
        self.opposites.append(lambda: lot.at.update({source: quantity, target: -quantity}))

    def change(self, thing: object, **values: object) -> None:
        """*thing* is so from now on."""
        before = {name: getattr(thing, name) for name in values}
        vars(thing).update(values)
        self.opposites.append(lambda: vars(thing).update(before))

    def promise(self, promise: Promise) -> None:
        """One more promise."""
        self.promises.append(promise)
        self.opposites.append(lambda: self.promises.remove(promise))

    def end(self, promises: Iterable[Promise]) -> None:
        """These promises are kept, or given back."""
        for promise in list(promises):
            self.promises.remove(promise)
            self.opposites.append(lambda promise=promise: self.promises.append(promise))

    def taken_back(self, opposites: list[Callable[[], None]]) -> None:
        """What *opposites* were noted for did not happen."""
        for opposite in reversed(opposites):
            opposite()

    # ── What stands where ────────────────────────────────────────────────────────────────────────

    def unit(self, premises: str, number: str) -> Unit:
        """The unit of that number; a new one, if nobody has seen it."""
        return self.units.setdefault((premises, number), Unit(premises, number))

    def in_unit(self, unit: Unit) -> list[Lot]:
        """The lots in a parcel, or in all that is in a container."""
        return [lot for lot in self.lots.values() if unit in lot.unit.around]

    def standing(self, lot: Lot) -> dict[str, int]:
        """How much of *lot* stands in each real place."""
        return {place: there for place, there in lot.at.items() if there and place in REAL}

    def promised(self, lot: Lot, place: str, *, picked: bool | None = None) -> int:
        """How much of that is promised: picked, still there, or both."""
        return sum(
            each.quantity
            for each in self.promises
            if (each.lot, each.place) == (lot, place) and picked in (None, each.picked)
        )

    def of(self, cause: str, *, picked: bool | None = None) -> list[Promise]:
        """The promises of a shipment or another way out."""
        return [
            each for each in self.promises if each.cause == cause and picked in (None, each.picked)
        ]

    def reaches(self, hold: Hold, lot: Lot, place: str | None) -> bool:
        """Whether *hold* reaches *lot* at *place*."""
        keys: dict[str, Iterable[str | None]] = {
            "lot": (lot.number,),
            "product": (lot.sku,),
            "partner": ("ALB",),
            "consignment": (lot.unit.consignment,),
            "handling_unit": (unit.number for unit in lot.unit.around),
            "location": (place,),
            "shipment": (),
        }
        return hold.premises == lot.unit.premises and hold.key in keys[hold.level]

    def held(self, lot: Lot, place: str) -> bool:
        """Whether anything holds it there."""
        return any(self.reaches(hold, lot, place) for hold in self.holds.values())

    def stopped(self, shipment: Shipment) -> bool:
        """Whether a hold stops what was promised to *shipment*, or the shipment."""
        return any(
            hold.kind not in OPEN_TO_RELEASE
            and (
                (hold.level, hold.key) == ("shipment", shipment.number)
                or any(self.reaches(hold, p.lot, p.place) for p in self.of(shipment.number))
            )
            for hold in self.holds.values()
        )

    # ── Rules ────────────────────────────────────────────────────────────────────────────────────

    def carriable(self, unit: Unit) -> list[tuple[Lot, str, int]]:
        """What goes along with *unit*: not what was picked, nor what was taken to a pick bin."""
        stands = [
            (lot, place, free)
            for lot in self.in_unit(unit)
            for place, there in self.standing(lot).items()
            if (free := there - self.promised(lot, place, picked=True))
        ]
        if unit.is_container:
            return [each for each in stands if unit.place in (None, each[1])]
        return [each for each in stands if REAL[each[1]][0] != "pick"] or stands

    def carry(self, goods: Iterable[tuple[Lot, str, int]], target: str) -> None:
        """*goods* go to *target*, and what is promised of them with them."""
        for lot, place, quantity in list(goods):
            if place != target:
                self.move(lot, place, target, quantity)
                for each in self.promises:
                    if (each.lot, each.place, each.picked) == (lot, place, False):
                        self.change(each, place=target)

    def lay(self, unit: Unit, parent: Unit | None, place: str) -> None:
        """*unit* lies in *parent*, and stands in *place* with the containers in it."""
        self.change(unit, parent=parent)
        if unit.is_container or unit.place is not None:
            for each in self.units.values():
                if unit in each.around and (each.is_container or each.place is not None):
                    self.change(each, place=place)

    def first_in_first_out(self, sku: str, quantity: int, premises: str) -> list[Promise] | None:
        """What an order of *quantity* draws on; None if too little may be promised."""
        layers = sorted(
            (*lot.layer, lot.number, place)
            for lot in self.lots.values()
            if lot.sku == sku and lot.layer and lot.regime == "bonded"
            and lot.unit.premises == premises
            for place, there in self.standing(lot).items()
            if REAL[place][0] in STORED and there > self.promised(lot, place)
            and (premises, place) not in self.locked and not self.held(lot, place)
        )  # fmt: skip
        shares = []
        for *_, number, place in layers:
            lot = self.lots[number]
            free = lot.at[place] - self.promised(lot, place)
            if share := min(free, quantity):
                shares.append(Promise("", lot, place, share))
                quantity -= share
        return None if quantity else shares
