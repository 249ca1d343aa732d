"""The machine under random histories: how its rules act, what they act on, what is checked."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import Engine
from sqlmodel import Session

from tests.properties.hall import Answer, Clerk, Company, Hall
from tests.properties.scan_effects import Scans
from tests.properties.stock_book import REAL, Book, Shipment
from warehouse.core.errors import WarehouseError
from warehouse.operations import proofs
from warehouse.shipments.models import Consignment

T = TypeVar("T")
Script = Generator[str, Answer, None]
"""What a clerk scans: each code is sent, and comes back with its answer."""

Reader = psycopg.Connection[tuple[Any, ...]]

WHICH: Final = st.integers(0, 11)
PLACES: Final = tuple(REAL)


class Machine(RuleBasedStateMachine):
    """A hall on a database of its own, the book beside it, and who does what."""

    company: Company
    open_database: Callable[[], AbstractContextManager[tuple[Engine, Reader]]]

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        self.hall = Hall(*self.opened.enter_context(self.open_database()), self.company)
        self.book = Book()
        self.scans = Scans(self.hall, self.book)
        self.clerks = self.hall.clerks()
        self.consignments: list[Consignment] = []
        self.waiting: list[Consignment] = []
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
                code = clerk.next_code or next(clerk.script)
                clerk.next_code = clerk.script.send(self.scan(clerk, code))
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
