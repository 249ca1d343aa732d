"""Whatever is done on the floor, in whatever order, the stock book is right after every step.

Two clerks of one hall and one of another scan, with their dialogues interleaved; the desk acts
between; time passes.  `stock_book` and `scan_effects` keep the truth in plain Python, and it is held
against the database after every step, the proofs of ``warehouse verify`` at the end of a history.
"""

import functools
import os
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, make_url
from sqlmodel import Session, select

from tests import builders, customs_builders
from tests.builders import House
from tests.conftest import Server
from tests.pictures import a_photo
from tests.properties.hall import HERE, SKUS, THERE, Answer, Clerk, Company, Hall, furnish
from tests.properties.scan_effects import Scans
from tests.properties.stock_book import CONTAINERS, REAL, Book, Promise, Shipment
from warehouse.core import db, migrate
from warehouse.core import postgres as embedded
from warehouse.core.errors import WarehouseError
from warehouse.inventory import discrepancies, handling, holds, locks
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.holds import Level, Target
from warehouse.inventory.models import Discrepancy, Lot
from warehouse.inventory.vocabulary import Cause, DisposalKind, HandlingKind, Outcome
from warehouse.masterdata.reasons import Reason
from warehouse.operations import cancelling, counting, holding, proofs, settling
from warehouse.operations.bond import disposing, returning
from warehouse.shipments import manifests
from warehouse.shipments import queries as shipping
from warehouse.shipments.models import Consignment, Order
from warehouse.shipments.models import Shipment as ShipmentRow
from warehouse.shipments.vocabulary import ReturnChoice

T = TypeVar("T")
Script = Generator[str, Answer, None]

Reader = psycopg.Connection[tuple[Any, ...]]

CLERKS: Final = st.sampled_from([0, 1, 0, 1, 0, 1, 2])
SOMEWHERE_ELSE: Final = st.just(2)
WHICH: Final = st.integers(0, 11)
FAR: Final = st.sampled_from([12, 12, 12, 1, 2, 3, 4])
PLACES: Final = tuple(REAL)
_UNHURRIED: Final = "options=-csynchronous_commit%3Doff"
"""Nobody pulls the plug on these databases."""


_TARGETS: Final = {
    "lot": "SELECT id FROM lot WHERE premises_id = %(premises)s ORDER BY number",
    "handling_unit": "SELECT id FROM handling_unit WHERE premises_id = %(premises)s ORDER BY number",
    "location": "SELECT id FROM location WHERE premises_id = %(premises)s AND NOT virtual"
    " ORDER BY code",
    "product": "SELECT id FROM product WHERE %(premises)s IS NOT NULL ORDER BY sku",
    "shipment": "SELECT id FROM shipment WHERE premises_id = %(premises)s ORDER BY number",
    "consignment": "SELECT id FROM consignment WHERE premises_id = %(premises)s ORDER BY number",
}


def task(needs: str = "book.units", clerks: st.SearchStrategy[int] = CLERKS) -> Any:
    """A task of the floor: a clerk begins the script and goes so many scans *far* with it.

    *needs*: what of the machine must not be empty, or the task makes no sense.
    """

    def wrapped(script: Callable[["Floor", int, int], Script]) -> Any:
        @functools.wraps(script)
        def begin(self: "Floor", clerk: int, which: int, other: int, far: int) -> None:
            self.begin(self.clerks[clerk], script(self, which, other), far)

        there = precondition(lambda self: bool(attrgetter(needs)(self)))
        return there(rule(clerk=clerks, which=WHICH, other=WHICH, far=FAR)(begin))

    return wrapped


class Floor(RuleBasedStateMachine):
    """A history: tasks of clerks, acts of the desk, time."""

    open_database: Callable[[], AbstractContextManager[tuple[Engine, Reader]]]
    company: Company

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        self.hall = Hall(*self.opened.enter_context(self.open_database()), self.company)
        self.book = Book()
        self.scans = Scans(self.hall, self.book)
        self.clerks = self.hall.clerks()
        self.consignments: list[Consignment] = []
        self.accepted: set[str] = set()
        self.handlings: list[str] = []
        self.manifests: list[str] = []
        self.labels = 0
        self.checked: datetime | None = None

    def teardown(self) -> None:
        try:
            with Session(self.hall.engine) as session:
                broken = [each for each in proofs.prove(session) if not each.holds]
            assert not broken, broken
        finally:
            self.opened.close()

    # ── How rules act ────────────────────────────────────────────────────────────────────────────

    def begin(self, clerk: Clerk, script: Script, far: int) -> None:
        """*clerk* begins *script*, whatever they were at."""
        clerk.script, clerk.next_code = script, ""
        self.play(clerk, far)

    def play(self, clerk: Clerk, far: int) -> None:
        """*clerk* goes on with what they are at, for *far* scans or to its end."""
        for _ in range(far):
            if clerk.script is None:
                return
            try:
                code = clerk.script.send(None) if not clerk.next_code else clerk.next_code
            except StopIteration:
                clerk.script = None
                return
            answer = self.scan(clerk, code)
            try:
                clerk.next_code = clerk.script.send(answer)
            except StopIteration:
                clerk.script = None

    def scan(self, clerk: Clerk, code: str) -> Answer:
        """One scan, and what it means."""
        answer = self.hall.scan(clerk, code)
        self.scans.follow(clerk, answer)
        self.check()
        return answer

    @contextmanager
    def may_be_refused(self, role: str) -> Iterator[Any]:
        """The desk acts as *role*; what is refused changes nothing."""
        with suppress(WarehouseError), self.hall.act(self.company.people[role]) as work:
            yield work

    def check(self) -> None:
        """The database says the same as the book."""
        if self.checked == self.hall.at:
            return
        self.checked = self.hall.at
        self.book.holds = self.hall.open_holds()
        book = self.book
        assert self._rows(_STANDING) == {
            (lot.number, place): there
            for lot in book.lots.values()
            for place, there in lot.at.items()
            if there
        }
        assert self._rows(_BALANCES) == {
            (lot.number, place): (there, book.promised(lot, place))
            for lot in book.lots.values()
            for place, there in book.standing(lot).items()
        }
        promised: dict[Any, int] = {}
        for each in book.promises:
            key = (each.cause, each.lot.number, each.place, "picked" if each.picked else "held")
            promised[key] = promised.get(key, 0) + each.quantity
        assert self._rows(_PROMISES, 4) == promised
        assert self._rows(_CUSTODY, 1) == {
            (each.number,): each.custody for each in book.shipments.values()
        }
        for lot in book.lots.values():
            for place in book.standing(lot):
                assert REAL[place][1] == lot.regime, f"{lot.regime} {lot.number} in {place}"

    def _rows(self, statement: str, keys: int = 2) -> dict[Any, Any]:
        """What *statement* finds: its first *keys* columns name the others."""
        found = {}
        for row in self.hall.rows(statement):
            plain = tuple(int(each) if isinstance(each, Decimal) else each for each in row)
            found[plain[:keys]] = plain[keys] if len(plain) == keys + 1 else plain[keys:]
        return found

    # ── Choosing what to act on ──────────────────────────────────────────────────────────────────

    def pick_one(self, things: Sequence[T], which: int) -> T:
        """One of *things*."""
        return things[which % len(things)]

    def parcel(self, which: int, *, here: Callable[[Any], bool] = bool) -> str:
        """The number of a parcel: mostly one that is *here*, as the task wants it."""
        every = [unit for unit in self.book.units.values() if not unit.is_container]
        right = [unit for unit in every if here(unit)]
        found = right if right and which % 6 else every
        return self.pick_one(found, which // 2).number if found else "RC000000005CN"

    def shipment(self, which: int, *custody: str) -> Shipment | None:
        """A shipment: mostly one in *custody*."""
        every = list(self.book.shipments.values())
        right = [each for each in every if each.custody in custody]
        found = right if right and which % 6 else every
        return self.pick_one(found, which // 2) if found else None

    def place(self, which: int) -> str:
        """A place of the hall."""
        return self.pick_one(PLACES, which)

    def in_custody(self, custody: str) -> list[Shipment]:
        """The shipments of which that is true."""
        return [each for each in self.book.shipments.values() if each.custody == custody]

    @property
    def cancelled(self) -> list[Shipment]:
        """Shipments that do not leave any more."""
        return self.in_custody("cancelled")

    @property
    def dispatched(self) -> list[Shipment]:
        """Shipments that have left."""
        return self.in_custody("dispatched")

    # ── Goods are announced, declared, ordered ───────────────────────────────────────────────────

    @initialize(first=st.integers(1, 5), second=st.integers(0, 4), stored=st.booleans())
    def begins(self, first: int, second: int, stored: bool) -> None:  # noqa: FBT001
        """Goods are announced; mostly they are in bond and in store already."""
        self.announce(first, second, SKUS[0])
        if stored:
            self.customs_accepts(0)
            for number in sorted(unit.number for unit in self.book.units.values()):
                for code in ("CMD-RECEIVE", number, "CMD-PUTAWAY", number, "LOC-S-1"):
                    if self.scan(self.clerks[0], code)["asks"]:
                        self.scan(self.clerks[0], code)

    @rule(first=st.integers(1, 5), second=st.integers(0, 4), sku=st.sampled_from(SKUS))
    def announce(self, first: int, second: int, sku: str) -> None:
        """A consignment of two parcels, the second maybe of two products."""
        one, two = builders.a_parcel_number(), builders.a_parcel_number()
        products = self.company.products
        goods = [(one, products[sku], Decimal(first))]
        if second:
            goods += [(two, products[each], Decimal(second)) for each in SKUS[: 1 + second % 2]]
        with self.hall.act() as work:
            consignment = builders.a_consignment(work, self.company.houses[HERE], goods)
            consignment.currency = "THB"
        self.consignments.append(consignment)
        self.scans.adopt_lots("announced")

    @rule(which=WHICH)
    def customs_accepts(self, which: int) -> None:
        """Customs accepts a consignment into bond."""
        consignment = self.pick_one(self.consignments, which)
        with self.may_be_refused("liaison") as work:
            declaration = customs_builders.drafted(work, consignment)
            if declaration is None:
                return
            customs_builders.accepted(work, declaration)
        layers = self.hall.rows(_LAYERS)
        for number, *layer in layers:
            self.book.lots[number].layer = tuple(layer)

    @rule(quantity=st.integers(1, 4), sku=st.sampled_from(SKUS), goes=st.booleans())
    def order(self, quantity: int, sku: str, goes: bool) -> None:  # noqa: FBT001
        """An order draws on the oldest layers that may be promised, or on none."""
        wanted = self.book.first_in_first_out(sku, quantity, HERE)
        house = self.company.houses[HERE]
        house = House(
            house.premises, house.partner, self.company.products[sku], house.places, house.clerk
        )
        placed: list[tuple[Order, ShipmentRow]] = []
        with self.may_be_refused("liaison") as work:
            placed = [builders.an_order(work, house, quantity)]
        assert (wanted is None) == (not placed), f"{quantity} × {sku}: {wanted}"
        for order, row in placed:
            for each in wanted or ():
                self.book.promise(Promise(row.number, each.lot, each.place, each.quantity))
            self.book.shipments[row.number] = Shipment(
                row.number, row.parcel_number, order.id, sku, quantity
            )
            if goes:
                self.customs_releases(row.number)

    @rule(which=WHICH)
    def customs_decides(self, which: int) -> None:
        """Customs releases the goods of an order."""
        if shipment := self.shipment(which, "stored", "picked", "packed"):
            self.customs_releases(shipment.number)

    def customs_releases(self, number: str) -> None:
        """The goods of shipment *number* are declared, and customs lets them go."""
        shipment = self.book.shipments[number]
        with self.may_be_refused("liaison") as work:
            order = work.session.get_one(Order, shipment.order_id)
            declaration = customs_builders.declared(work, order)
            if declaration is None:
                return
            customs_builders.released(work, declaration)
            work.session.flush()
            shipment.released = True

    @rule(which=WHICH)
    def cancel_order(self, which: int) -> None:
        """An order is cancelled: what is not picked is free, what is picked is to be put back."""
        shipment = self.shipment(which, "stored", "picked", "packed")
        if shipment is None:
            return
        with self.may_be_refused("liaison") as work:
            order = work.session.get_one(Order, shipment.order_id)
            cancelling.cancel(work, order)
            work.session.flush()
            self.book.end(self.book.of(shipment.number, picked=False))
            shipment.custody, shipment.released = "cancelled", False

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
        self.customs_accepts(-1 - which % 2)
        self.begin(self.clerks[clerk], Floor.receive_all(self, which), 12)
        self.begin(self.clerks[clerk], Floor.put_away_all(self, which), 12)

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

    @precondition(lambda self: self.book.shipments)
    @rule(which=WHICH, other=WHICH, clerk=CLERKS)
    def go_out(self, which: int, other: int, clerk: int) -> None:
        """A shipment goes on as far as it can: picked, packed, let out."""
        scripts = {"stored": self.picking, "picked": self.packing, "packed": self.leaving}
        shipment = self.pick_one(list(self.book.shipments.values()), which)
        if shipment.custody == "stored" and not shipment.released:
            self.customs_releases(shipment.number)
        for _ in scripts:
            if script := scripts.get(shipment.custody):
                self.begin(self.clerks[clerk], script(shipment, other), 30)

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
        place = self.place(which)
        yield "CMD-COUNT"
        answer = yield f"LOC-{place}"
        if answer["asks"]:
            answer = yield f"LOC-{place}"
        if answer["state"] != "scan_item":
            return
        clerk = self._scanning(place)
        there = sorted({
            lot.unit.number
            for lot in self.book.lots.values()
            if lot.unit.premises == clerk and place in self.book.standing(lot)
        })
        for number in there[other % 3 == 0 :]:
            yield number
        if other % 5 == 0:
            yield SKUS[other % 2]
        answer = yield "CMD-DONE"
        if answer["message"]["code"] == "nothing-counted":
            yield "CMD-EMPTY"

    def _scanning(self, place: str) -> str:
        return HERE

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
        if not self.scans.disposals:
            return
        number = self.pick_one(list(self.scans.disposals), which)
        yield "CMD-DISPOSE"
        yield number
        for each in {promise.lot.unit.number for promise in self.book.of(number, picked=False)}:
            yield each
        yield "CMD-DONE"
        yield "SEAL-9"

    @task("scans.disposals", SOMEWHERE_ELSE)
    def transfer_in(self, which: int, other: int) -> Script:
        """A transfer arrives at the other hall, maybe not all of it."""
        sent = [number for number, kind in self.scans.disposals.items() if kind == "transfer"]
        if not sent:
            return
        yield "CMD-TRANSFER-IN"
        yield self.pick_one(sent, which)
        yield "SEAL-9" if other % 3 else "SEAL-8"
        for number in sorted({
            lot.unit.number for lot in self.book.lots.values() if lot.at["IN-TRANSIT-BOND"]
        })[other % 2 :]:
            yield number
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
        known = ["CMD-CANCEL", "CMD-DONE", "CMD-NEXT", self.parcel(which), f"LOC-{self.place(which)}"]
        self.scan(self.clerks[clerk], self.pick_one([*known, code.replace("\x00", "")], which))

    # ── Acts of the desk ─────────────────────────────────────────────────────────────────────────

    @rule(
        level=st.sampled_from(sorted(_TARGETS)),
        reason=st.sampled_from(sorted(Reason)),
        which=WHICH,
    )
    def hold(self, level: str, reason: Reason, which: int) -> None:
        """Something is held, for some reason."""
        premises = self.company.houses[HERE].premises.id
        rows = self.hall.rows(_TARGETS[level], premises=premises)
        if rows:
            with self.may_be_refused("liaison") as work:
                target = Target(Level(level), self.pick_one(rows, which)[0])
                holding.place(work, reason, target)

    @precondition(lambda self: self.book.holds)
    @rule(which=WHICH)
    def lift(self, which: int) -> None:
        """A hold ends, by whoever may end it."""
        for role in ("supervisor", "liaison"):
            with self.may_be_refused(role) as work:
                holding.lift(work, self.pick_one(sorted(self.book.holds), which), "looked at it")

    @rule(which=WHICH, opens=st.booleans())
    def lock(self, which: int, opens: bool) -> None:  # noqa: FBT001
        """A place is locked down, or open again."""
        code = self.pick_one(("S-1", "S-2", "P-1", "STAGE-1", "DOCK-1"), which)
        place = self.company.houses[HERE].places[code]
        with self.may_be_refused("supervisor") as work:
            if opens:
                locks.open_again(work, place.id)
            else:
                locks.lock_down(work, place.id, "leak")
            work.session.flush()
            (self.book.locked.discard if opens else self.book.locked.add)((HERE, code))

    @rule(kind=st.sampled_from(HandlingKind))
    def permit_handling(self, kind: HandlingKind) -> None:
        """The officer permits a handling."""
        with self.may_be_refused("supervisor") as work:
            self.handlings.append(
                handling.permit(work, kind, permission="P-1", officer="officer").number
            )

    @rule(which=WHICH, kind=st.sampled_from(DisposalKind), part=st.booleans(), permitted=st.booleans())
    def ask_for_disposal(
        self, which: int, kind: DisposalKind, part: bool, permitted: bool  # noqa: FBT001
    ) -> None:
        """Somebody asks that goods go another way out; customs permits it, mostly."""
        standing = [lot for lot in self.book.lots.values() if self.book.standing(lot)]
        if not standing or kind is DisposalKind.LOSS:
            return
        lot = self.pick_one(standing, which)
        free = sum(
            there - self.book.promised(lot, place)
            for place, there in self.book.standing(lot).items()
        )
        wanted = max(1, free // 2 if part else free)
        there = self.company.houses[THERE].premises.id if kind is DisposalKind.TRANSFER else None
        with self.may_be_refused("liaison") as work:
            row = work.session.exec(select(Lot).where(Lot.number == lot.number)).one()
            disposal = disposing.request(
                work,
                DisposalDraft(
                    kind, self.company.houses[HERE].premises.id, "asked",
                    [Wanted(row.id, Decimal(wanted))], to_premises_id=there, destination="FZ",
                ),
            )  # fmt: skip
            self.scans.disposals[disposal.number] = kind.value
        self.set_aside(lot, wanted)
        if permitted and self.scans.disposals:
            self.permit(len(self.scans.disposals) - 1)

    def set_aside(self, lot: Any, wanted: int) -> None:
        """The newest disposal has its goods, the nearest first."""
        number = next(reversed(self.scans.disposals), "")
        if not number or self.book.of(number) or number in self.accepted:
            return
        self.accepted.add(number)
        for place, there in sorted(self.book.standing(lot).items()):
            if share := min(wanted, there - self.book.promised(lot, place)):
                self.book.promise(Promise(number, lot, place, share))
                wanted -= share

    @precondition(lambda self: self.scans.disposals)
    @rule(which=WHICH)
    def permit(self, which: int) -> None:
        """Customs permits another way out; a second person agrees."""
        number = self.pick_one(list(self.scans.disposals), which)
        with self.may_be_refused("liaison") as work:
            disposing.record_permit(
                work, number, authority="KK 1/2569", officer="officer",
                valid_until=self.hall.at + timedelta(days=1),
            )  # fmt: skip
        with self.may_be_refused("manager") as work:
            disposing.approve(work, number)

    @precondition(lambda self: self.scans.disposals)
    @rule(which=WHICH)
    def certify(self, which: int) -> None:
        """The officer has seen a destruction."""
        number = self.pick_one(list(self.scans.disposals), which)
        with self.may_be_refused("liaison") as work:
            disposing.certify(work, number, witness="officer")
            work.session.flush()
            self.scans.sent(number)

    @precondition(lambda self: self.scans.disposals)
    @rule(which=WHICH)
    def cancel_disposal(self, which: int) -> None:
        """Another way out is given up: its goods are free where they stand."""
        number = self.pick_one(list(self.scans.disposals), which)
        with self.may_be_refused("manager") as work:
            disposing.cancel(work, number)
            work.session.flush()
            self.book.end(self.book.of(number))

    @rule(vehicle=st.sampled_from(["1AB-1", "2AB-2"]))
    def open_manifest(self, vehicle: str) -> None:
        """A vehicle is at the gate."""
        with self.hall.act(self.company.people["supervisor"]) as work:
            manifest = manifests.open_for(
                work, self.company.houses[HERE].premises.id, self.company.route.id, vehicle, ""
            )
            self.manifests.append(manifest.number)

    @rule(which=WHICH, choice=st.sampled_from(ReturnChoice))
    def choose_return(self, which: int, choice: ReturnChoice) -> None:
        """The owner says what becomes of a parcel that came back."""
        shipment = self.shipment(which, "returned")
        if shipment is None:
            return
        with self.may_be_refused("liaison") as work:
            row = shipping.shipment_by_number(work.session, shipment.number)
            returning.choose(work, row, choice)
        self.adopt_promises()

    @rule(which=WHICH, outcome=st.sampled_from(Outcome), cause=st.sampled_from(Cause))
    def close_case(self, which: int, outcome: Outcome, cause: Cause) -> None:
        """A manager ends a case: what never came is abroad, what was found stands there again."""
        cases = self.hall.rows("SELECT id, kind, number FROM discrepancy WHERE state <> 'closed' ORDER BY number")
        if not cases:
            return
        key, kind, number = self.pick_one(cases, which)
        with self.may_be_refused("manager") as work:
            discrepancies.add_photo(work, key, a_photo())
            discrepancies.approve(work, key)
        before = self.hall.rows("SELECT count(*) FROM movement")
        with self.may_be_refused("manager") as work:
            if kind == "count_short" and outcome is Outcome.FOUND:
                counting.find(work, key, place="S-3", cause=cause)
            else:
                settling.close(
                    work, key, outcome=outcome, cause=cause, note="", authority="KK 2/2569",
                    officer="officer",
                )  # fmt: skip
        if self.hall.rows("SELECT count(*) FROM movement") != before:
            self.scans.adopt_differences([number])

    @rule(hours=st.sampled_from([0.02, 2, 26, 24 * 8]))
    def wait(self, hours: float) -> None:
        """Time passes, and the clock's jobs are done."""
        self.hall.at += timedelta(hours=hours)
        self.hall.night()
        self.adopt_promises()

    def adopt_promises(self) -> None:
        """What jobs promised or gave back: only of goods that stand where they are promised."""
        lots = self.book.lots
        shown = {
            (cause, lot, place, state == "picked"): int(quantity)
            for cause, lot, place, state, quantity in self.hall.rows(_PROMISES)
        }
        known = {
            (each.cause, each.lot.number, each.place, each.picked): each
            for each in self.book.promises
        }
        self.book.end([each for key, each in known.items() if key not in shown])
        for key, quantity in shown.items():
            if key not in known:
                cause, number, place, picked = key
                assert not picked, f"{cause} was picked by nobody"
                self.book.promise(Promise(cause, lots[number], place, quantity))
        self.scans.disposals |= dict(self.hall.rows("SELECT number, kind FROM disposal ORDER BY number"))

    @invariant()
    def the_book_is_right(self) -> None:
        """After every step; and after every scan of it, see `scan`."""
        self.check()


_STANDING: Final = """
SELECT lot.number, location.code, sum(ends.quantity)
  FROM (SELECT lot_id, to_location_id AS location_id, quantity FROM movement
        UNION ALL
        SELECT lot_id, from_location_id, -quantity FROM movement) AS ends
  JOIN lot ON lot.id = lot_id JOIN location ON location.id = location_id
 GROUP BY 1, 2 HAVING sum(ends.quantity) <> 0
"""

_BALANCES: Final = """
SELECT lot.number, location.code, balance.quantity, reserved
  FROM balance JOIN lot ON lot.id = lot_id JOIN location ON location.id = location_id
 WHERE balance.quantity <> 0 OR reserved <> 0
"""

_PROMISES: Final = """
SELECT coalesce(shipment.number, disposal.number), lot.number, location.code, reservation.state,
       sum(reservation.quantity)
  FROM reservation JOIN lot ON lot.id = lot_id JOIN location ON location.id = location_id
  LEFT JOIN order_line ON order_line.id = order_line_id
  LEFT JOIN shipment ON shipment.order_id = order_line.order_id
  LEFT JOIN disposal_line ON disposal_line.id = disposal_line_id
  LEFT JOIN disposal ON disposal.id = disposal_id
 WHERE reservation.state IN ('held', 'picked') GROUP BY 1, 2, 3, 4
"""

_CUSTODY: Final = "SELECT number, custody FROM shipment"

_LAYERS: Final = """
SELECT number, accepted_at, declaration_number, line_number FROM lot WHERE accepted_at IS NOT NULL
"""

# ── Running it ───────────────────────────────────────────────────────────────────────────────────


@contextmanager
def on_databases_of(server: Server, migrated: str) -> Iterator[type[Floor]]:
    """The machine; each history has a database of its own, furnished alike."""
    template = f"{migrated}_floor"
    numbers = count(1)

    def create(name: str, source: str) -> None:
        server.execute(
            "CREATE DATABASE {name} TEMPLATE {source} OWNER {owner}",
            name=name,
            source=source,
            owner=embedded.OWNER,
        )

    @contextmanager
    def engine(name: str) -> Iterator[Engine]:
        opened = db.create_engine(f"{server.url(embedded.APP, name)}?{_UNHURRIED}")
        yield opened
        opened.dispose()

    @contextmanager
    def fresh() -> Iterator[tuple[Engine, Reader]]:
        name = f"{template}_{next(numbers)}"
        create(name, template)
        address = server.url(embedded.APP, name).replace("+psycopg", "")
        with engine(name) as opened, psycopg.connect(address, autocommit=True) as reader:
            yield opened, reader
        server.execute("DROP DATABASE {name} WITH (FORCE)", name=name)

    class OnFreshDatabases(Floor):
        open_database = staticmethod(fresh)

    create(template, migrated)
    with engine(template) as opened:
        OnFreshDatabases.company = furnish(opened)
    yield OnFreshDatabases
    server.execute("DROP DATABASE {name} WITH (FORCE)", name=template)


def _as_long_as(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def run(examples: int, steps: int, first: int) -> None:
    """Play *examples* histories of *steps* each, drawn from seed *first*, on a server of their own.

    Raises:
        AssertionError: the program did not do as the book says; the shortest history that shows it
            is printed.
    """
    with tempfile.TemporaryDirectory(prefix="floor-") as name:
        own = embedded.start(Path(name))
        try:
            migrate.upgrade(own.url(embedded.OWNER))
            superuser = make_url(own.url(embedded.SUPERUSER, "postgres"))
            server = Server(superuser, dict(own.passwords))
            with on_databases_of(server, embedded.DATABASE) as machine:
                seed(first)(machine)
                run_state_machine_as_test(machine, settings=_as_long_as(examples, steps))
        finally:
            own.stop()


def test_any_history_of_the_floor_leaves_the_book_right(
    postgres: Server, migrated_database: str
) -> None:
    examples = int(os.environ.get("FLOOR_EXAMPLES", "25"))
    steps = int(os.environ.get("FLOOR_STEPS", "40"))
    with on_databases_of(postgres, migrated_database) as machine:
        run_state_machine_as_test(machine, settings=_as_long_as(examples, steps))
