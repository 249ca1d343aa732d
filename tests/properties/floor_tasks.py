"""What clerks do with a scanner: one script for each task, as far as its clerk goes with it."""

import functools
from collections.abc import Callable, Iterable
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.properties.desk_acts import Desk
from tests.properties.floor_machine import PLACES, WHICH, Script
from tests.properties.hall import HERE, SKUS
from tests.properties.stock_book import CONTAINERS, REAL, Shipment
from warehouse.inventory.vocabulary import DisposalKind

CLERKS: Final = st.sampled_from([0, 1, 0, 1, 0, 1, 2])
SOMEWHERE_ELSE: Final = st.just(2)
FAR: Final = st.sampled_from([12, 12, 12, 1, 2, 3, 4])


def task(needs: str = "book.units", clerks: st.SearchStrategy[int] = CLERKS) -> Any:
    """A task of the floor: a clerk begins the script and goes so many scans *far* with it.

    *needs*: what of the machine must not be empty, or the task makes no sense.
    """

    def wrapped(script: Callable[[Any, int, int], Script]) -> Any:
        @functools.wraps(script)
        def begin(self: Any, clerk: int, which: int, other: int, far: int) -> None:
            self.begin(self.clerks[clerk], script(self, which, other), far)

        there = precondition(lambda self: bool(attrgetter(needs)(self)))
        return there(rule(clerk=clerks, which=WHICH, other=WHICH, far=FAR)(begin))

    return wrapped


def _each(codes: Iterable[str]) -> Script:
    """Scan each of *codes*, whatever is answered."""
    for code in codes:  # noqa: UP028 (a list takes no answers)
        yield code


class Tasks(Desk):
    """Rules of what happens on the floor.  A new task is one script."""

    # ── Tasks of the floor ───────────────────────────────────────────────────────────────────────

    @task()
    def receive(self, which: int, other: int) -> Script:
        """Two parcels, as announced or not; what is asked is answered yes."""
        yield "CMD-RECEIVE"
        for each in (which, other):
            parcel = self.parcel(each, here=lambda unit: not unit.received)
            answer = yield parcel
            if answer["asks"]:
                yield parcel

    @rule(which=WHICH, other=WHICH, clerk=CLERKS)
    def go_in(self, which: int, other: int, clerk: int) -> None:
        """A consignment is entered; its parcels come in and go to their bins."""
        if which % 3 == 0:
            self.announce(1 + which % 4, other % 4, SKUS[other % 2])
        if self.waiting:
            self.customs_accepts(which)
        self.begin(self.clerks[clerk], Tasks.receive_all(self, which), 12)
        self.begin(self.clerks[clerk], Tasks.put_away_all(self, which), 12)

    def receive_all(self, which: int) -> Script:
        """Every parcel of the newest consignments that has not come."""
        yield "CMD-RECEIVE"
        for unit in list(self.book.units.values())[-4:]:
            if not unit.received and not unit.is_container:
                yield unit.number

    def put_away_all(self, which: int) -> Script:
        """Every parcel at a dock."""
        yield "CMD-PUTAWAY"
        for unit in list(self.book.units.values()):
            if self._at_dock(unit):
                answer = yield unit.number
                yield f"LOC-{answer['data'].get('location', 'S-1')}"

    @rule(which=WHICH, other=WHICH, clerk=CLERKS)
    def go_out(self, which: int, other: int, clerk: int) -> None:
        """A shipment, maybe of a new order, goes on as far as it can: picked, packed, let out."""
        if which % 2 or not self.book.shipments:
            self.order(1 + which % 3, SKUS[other % 3 == 0], goes=True)
        scripts = {"stored": self.picking, "picked": self.packing, "packed": self.leaving}
        for shipment in list(self.book.shipments.values())[-1 - which % 2 :]:
            for _ in scripts:
                if script := scripts.get(shipment.custody):
                    self.begin(self.clerks[clerk], script(shipment, other), 30)

    @rule(which=WHICH, other=WHICH, kind=st.sampled_from(DisposalKind))
    def go_elsewhere(self, which: int, other: int, kind: DisposalKind) -> None:
        """Goods are permitted another way out, gathered, and go; a transfer arrives."""
        self.ask_for_disposal(which, kind, part=which % 2 == 0, permitted=True)
        if self.scans.disposals:
            newest = len(self.scans.disposals) - 1
            self.begin(self.clerks[other % 2], self.disposing(newest), 30)
            self.begin(self.clerks[2], self.arriving(newest, other), 30)

    @rule(which=WHICH, other=WHICH)
    def go_and_count(self, which: int, other: int) -> None:
        """Two people count a place, and find the same."""
        for clerk in self.clerks[:2]:
            self.begin(clerk, self.counting(self.place(which), other), 30)

    @task()
    def open_parcel(self, which: int, other: int) -> Script:
        """A parcel at the dock is opened and counted, rightly or not."""
        yield "CMD-RECEIVE"
        yield self.parcel(which, here=self._at_dock)
        answer = yield "CMD-OPEN"
        if answer["state"] == "scan_content":
            yield self.pick_one(SKUS, other)
            yield str(1 + other % 5)
            answer = yield "CMD-DONE"
            if answer["asks"] and other % 3:
                yield "CMD-DONE"

    def _at_dock(self, unit: Any) -> bool:
        return any(
            REAL[place][0] in ("receive", "inspection")
            for lot in self.book.in_unit(unit)
            for place in self.book.standing(lot)
        )

    @task()
    def look_at_parcel(self, which: int, other: int) -> Script:
        """A parcel is damaged, or weighed."""
        yield "CMD-RECEIVE"
        yield self.parcel(which, here=lambda unit: unit.received)
        yield ("CMD-DAMAGED", "1.25KG", "12 L")[other % 3]

    @task()
    def receive_extra(self, which: int, other: int) -> Script:
        """A parcel that nobody announced comes with a consignment."""
        yield "CMD-RECEIVE"
        yield self.parcel(which)
        number = f"EXTRA{other:05}"
        yield number
        yield number

    @task()
    def close_receipt(self, which: int, other: int) -> Script:
        """The receipt of a consignment is closed, with whatever has come."""
        yield "CMD-RECEIVE"
        yield self.pick_one(self.consignments, which).number
        answer = yield "CMD-DONE"
        if answer["asks"]:
            yield "CMD-DONE"

    @task()
    def arrive(self, which: int, other: int) -> Script:
        """A vehicle is at the dock."""
        yield "CMD-ARRIVE"
        yield self.pick_one(self.consignments, which).number
        yield "1AB-2345"
        yield "CMD-DONE"

    @task()
    def put_away(self, which: int, other: int) -> Script:
        """A parcel goes to the bin that is told, or to another."""
        yield "CMD-PUTAWAY"
        answer = yield self.parcel(which, here=lambda unit: unit.received)
        told = answer["data"].get("location")
        place = told if told and other % 3 else self.place(other)
        answer = yield f"LOC-{place}"
        if answer["asks"]:
            yield f"LOC-{place}"

    @task()
    def move(self, which: int, other: int) -> Script:
        """A parcel, a container or all of a place goes somewhere, or into a container."""
        yield "CMD-MOVE"
        unit = self._movable(which)
        answer = yield unit
        if answer["asks"]:
            yield unit
        target = self.pick_one([*(f"LOC-{place}" for place in PLACES), *CONTAINERS], other)
        answer = yield target
        if answer["asks"]:
            yield target

    @task()
    def nest(self, which: int, other: int) -> Script:
        """A parcel or a container goes into a container."""
        yield "CMD-MOVE"
        yield self._movable(which)
        target = self.pick_one(CONTAINERS, other)
        answer = yield target
        if answer["asks"]:
            yield target

    def _movable(self, which: int) -> str:
        if which % 4 == 0:
            return self.pick_one(CONTAINERS, which // 4)
        if which % 4 == 1:
            return f"LOC-{self.place(which // 4)}"
        return self.parcel(which, here=lambda unit: unit.received)

    @task()
    def replenish(self, which: int, other: int) -> Script:
        """A pick bin is filled from the store."""
        yield "CMD-REPLENISH"
        answer = yield "LOC-P-1" if which % 2 else "CMD-NEXT"
        if answer["state"] == "scan_bin":
            yield f"LOC-{answer['data']['source']}"
            answer = yield answer["data"]["parcel"]
            if other % 2:
                yield str(1 + other % 3)
            yield "LOC-P-1"

    @task()
    def count(self, which: int, other: int) -> Script:
        """A place is counted, rightly or not."""
        yield from self.counting(self.place(which), other)

    def counting(self, place: str, other: int) -> Script:
        """*place* is counted: parcel by parcel, one of them left out, or by product."""
        yield "CMD-COUNT"
        answer = yield f"LOC-{place}"
        if answer["asks"]:
            answer = yield f"LOC-{place}"
        if answer["state"] != "scan_item":
            return
        there = sorted(
            {
                lot.unit.number
                for lot in self.book.lots.values()
                if lot.unit.premises == HERE and place in self.book.standing(lot)
            }
        )
        yield from _each(there[other % 3 == 0 :])
        if other % 5 == 0:
            yield SKUS[other % 2]
        answer = yield "CMD-DONE"
        if answer["message"]["code"] == "nothing-counted":
            yield "CMD-EMPTY"

    @task("handlings")
    def handle(self, which: int, other: int) -> Script:
        """Parcels go into a handling and come out in new ones."""
        if not self.handlings:
            return
        yield "CMD-HANDLE"
        yield self.pick_one(self.handlings, which)
        for each in range(1 + other % 2):
            yield self.parcel(which + 2 * each, here=lambda unit: unit.received)
        yield "CMD-DONE"
        self.labels += 1
        answer = yield f"NEW-{self.labels:04}"
        if other % 2 and answer["state"] == "scan_content":
            yield self.pick_one(SKUS, other)
            yield "CMD-NEXT"
            yield f"NEW-{self.labels:04}-B"
        yield "CMD-DONE"

    @task("book.shipments")
    def pick(self, which: int, other: int) -> Script:
        """An order is picked, maybe short, or the next that waits."""
        if shipment := self.shipment(which, "stored"):
            yield from self.picking(shipment, other)

    def picking(self, shipment: Shipment, other: int) -> Script:
        """*shipment* is picked: bin by bin, by parcel or by item, maybe short."""
        yield "CMD-PICK"
        answer = yield shipment.number if other % 4 else "CMD-NEXT"
        if answer["asks"]:
            answer = yield shipment.number
        while answer["state"] == "scan_bin" and answer["tone"] != "refused":
            told = answer["data"]
            answer = yield f"LOC-{told['location']}"
            if answer["state"] != "scan_goods":
                return
            if other == 7:  # one is there, the others are not
                yield told["sku"]
                answer = yield "CMD-SHORT"
            else:
                answer = yield told["parcel"]

    @task("book.shipments")
    def pack(self, which: int, other: int) -> Script:
        """A picked order is packed."""
        if shipment := self.shipment(which, "picked"):
            yield from self.packing(shipment, other)

    def packing(self, shipment: Shipment, other: int) -> Script:
        """*shipment* is packed: every item, then the weight, maybe a wrong one."""
        yield "CMD-PACK"
        answer = yield shipment.label
        if answer["state"] == "scan_item":
            yield shipment.sku
            yield str(shipment.quantity)
            yield f"{Decimal('0.65') * (shipment.quantity + (other == 11))}KG"

    @task("book.shipments")
    def stage(self, which: int, other: int) -> Script:
        """A packed parcel goes to its lane."""
        shipment = self.shipment(which, "packed")
        if shipment is None:
            return
        yield "CMD-STAGE"
        yield shipment.label
        yield f"LOC-{'LANE-1' if other % 3 else self.place(other)}"

    @task("manifests")
    def load(self, which: int, other: int) -> Script:
        """Parcels go on a vehicle, which is sealed."""
        if not self.manifests:
            return
        yield "CMD-LOAD"
        yield self.pick_one(self.manifests, other)
        for each in (which, which + 2):
            if shipment := self.shipment(each, "packed"):
                yield shipment.label
        yield "CMD-DONE"
        yield "SEAL-1"

    @task("book.shipments")
    def leave(self, which: int, other: int) -> Script:
        """A parcel, or a vehicle, comes to the gate."""
        if shipment := self.shipment(which, "packed", "picked"):
            yield from self.leaving(shipment, other)
        if self.manifests:
            yield self.pick_one(self.manifests, other)

    def leaving(self, shipment: Shipment, _other: int) -> Script:
        """*shipment* comes to the gate."""
        yield "CMD-EXIT"
        yield shipment.label

    @task("cancelled")
    def put_back(self, which: int, other: int) -> Script:
        """Goods of a cancelled order go back to the store."""
        shipment = self.shipment(which, "cancelled")
        if shipment is None:
            return
        yield "CMD-PUTBACK"
        yield shipment.label
        yield f"LOC-{('S-1', 'S-2', self.place(other))[other % 3]}"

    @task("dispatched")
    def bring_back(self, which: int, other: int) -> Script:
        """A parcel that left comes back."""
        shipment = self.shipment(which, "dispatched")
        if shipment is None:
            return
        yield "CMD-RETURN"
        yield shipment.label
        yield f"{Decimal('0.65') * (shipment.quantity + other % 2)}KG"

    @task("scans.disposals")
    def dispose(self, which: int, other: int) -> Script:
        """Goods of another way out are gathered, and go."""
        yield from self.disposing(which)

    def disposing(self, which: int) -> Script:
        """All parcels of a disposal are brought, the vehicle is sealed."""
        number = self.pick_one(list(self.scans.disposals), which)
        yield "CMD-DISPOSE"
        yield number
        yield from _each(
            sorted({each.lot.unit.number for each in self.book.of(number, picked=False)})
        )
        answer = yield "CMD-DONE"
        if answer["state"] == "scan_seal":
            yield "SEAL-9"

    @task("scans.disposals", SOMEWHERE_ELSE)
    def transfer_in(self, which: int, other: int) -> Script:
        """A transfer arrives at the other hall, maybe not all of it."""
        yield from self.arriving(which, other)

    def arriving(self, which: int, other: int) -> Script:
        """The seal is compared, parcels are taken in, the rest is missing."""
        yield "CMD-TRANSFER-IN"
        answer = yield self.pick_one(list(self.scans.disposals), which)
        if answer["tone"] == "refused":
            return
        yield "SEAL-9" if other % 3 else "SEAL-8"
        sent = {lot.unit.number for lot in self.book.lots.values() if lot.at["IN-TRANSIT-BOND"]}
        yield from _each(sorted(sent)[other % 5 == 0 :])
        answer = yield "CMD-DONE"
        if answer["asks"]:
            yield "CMD-DONE"

    @task()
    def ask_why(self, which: int, other: int) -> Script:
        """Why can't this leave?"""
        yield "CMD-WHY"
        yield self.parcel(which)
        if shipment := self.shipment(other):
            yield shipment.label

    @rule(clerk=CLERKS, far=FAR)
    def go_on(self, clerk: int, far: int) -> None:
        """A clerk goes on with what they are at."""
        self.play(self.clerks[clerk], far)

    @rule(clerk=CLERKS)
    def undo(self, clerk: int) -> None:
        """A clerk takes back the last scan."""
        self.clerks[clerk].script = None
        self.scan(self.clerks[clerk], "CMD-UNDO")

    @rule(clerk=CLERKS, which=WHICH, code=st.text(max_size=12) | st.just(""))
    def scan_anything(self, clerk: int, which: int, code: str) -> None:
        """A clerk scans something that is no part of what they are at."""
        self.clerks[clerk].script = None
        known = [
            "CMD-CANCEL",
            "CMD-DONE",
            "CMD-NEXT",
            self.parcel(which),
            f"LOC-{self.place(which)}",
        ]
        self.scan(self.clerks[clerk], self.pick_one([*known, code.replace("\x00", "")], which))
