"""Whatever is done to goods, in whatever order, the books balance and nothing leaves unreleased."""

from contextlib import ExitStack
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.builders import a_house, a_parcel, accepted, an_order, released, stored_parcel
from tests.conftest import TESTER
from tests.integration.books import differences
from tests.integration.floor import Scanner
from warehouse import wiring
from warehouse.core import clock
from warehouse.core.work import Work
from warehouse.inventory import queries
from warehouse.inventory.errors import AlreadyBound, InsufficientStock
from warehouse.inventory.models import Movement
from warehouse.inventory.vocabulary import MovementKind
from warehouse.shipments.models import Order, Shipment

BINS = st.sampled_from(["LOC-A1", "LOC-A2", "LOC-DOCK-1", "LOC-STAGE-1", "LOC-HOME-USE", "LOC-X"])


class Floor(RuleBasedStateMachine):
    """One clerk, one partner, and customs, on a real database; undone at the end."""

    engine: Engine

    parcels = Bundle("parcels")
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        connection = self.opened.enter_context(self.engine.connect())
        self.outer = connection.begin()
        session = self.opened.enter_context(
            Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        )
        self.work = Work(session, TESTER, clock.now(), wiring.SUBSCRIBERS)
        self.house = a_house(self.work)
        self.scanner = Scanner(self.work, self.house.clerk)
        self.exited: set[str] = set()
        self.released: set[str] = set()

    def teardown(self) -> None:
        self.outer.rollback()
        self.opened.close()

    @rule(target=parcels, quantity=st.integers(1, 5))
    def announce(self, quantity: int) -> str:
        return a_parcel(self.work, self.house, quantity)

    @rule(target=parcels, quantity=st.integers(1, 5))
    def store(self, quantity: int) -> str:
        return stored_parcel(self.work, self.house, quantity)

    @rule(parcel=parcels)
    def customs_accepts(self, parcel: str) -> None:
        try:
            with self.work.session.begin_nested():
                accepted(self.work, self.house, parcel)
        except AlreadyBound:
            return

    @rule(parcel=parcels)
    def receive(self, parcel: str) -> None:
        self.scanner.scan("CMD-RECEIVE", parcel)

    @rule(parcel=parcels, place=BINS)
    def put_away(self, parcel: str, place: str) -> None:
        self.scanner.scan("CMD-PUTAWAY", parcel, place)

    @rule(target=orders, quantity=st.integers(1, 7))
    def order(self, quantity: int) -> object:
        available = queries.free_quantity(
            self.work.session,
            product_id=self.house.product.id,
            partner_id=self.house.partner.id,
            premises_id=self.house.premises.id,
        )
        try:
            with self.work.session.begin_nested():
                placed = an_order(self.work, self.house, quantity)
        except InsufficientStock:
            assert available < quantity
            return multiple()
        assert available >= quantity
        return placed

    @rule(placed=orders)
    def customs_releases(self, placed: tuple[Order, Shipment]) -> None:
        order, shipment = placed
        if shipment.number not in self.released:
            released(self.work, self.house, order)
            self.released.add(shipment.number)

    @rule(placed=orders, whole=st.booleans())
    def pick(self, placed: tuple[Order, Shipment], whole: bool) -> None:
        answer = self.scanner.scan("CMD-PICK", placed[1].number)
        while answer["state"] == "scan_bin" and answer["tone"] != "refused":
            location, parcel = answer["data"]["location"], answer["data"]["parcel"]
            answer = self.scanner.scan(f"LOC-{location}", parcel)
            if not whole:
                return

    @rule(placed=orders)
    def pack(self, placed: tuple[Order, Shipment]) -> None:
        answer = self.scanner.scan("CMD-PACK", placed[1].parcel_number)
        if answer["state"] == "scan_item":
            self.scanner.scan(*["BAG-1"] * int(answer["data"]["left"]))
            quantity = answer["data"]["left"]
            self.scanner.scan(f"{Decimal('0.65') * Decimal(quantity)}KG")

    @rule(placed=orders)
    def leave(self, placed: tuple[Order, Shipment]) -> None:
        _, shipment = placed
        self.scanner.wait(61)
        answer = self.scanner.scan("CMD-EXIT", shipment.parcel_number)
        if answer["message"]["code"] == "exited":
            assert shipment.number in self.released
            assert shipment.number not in self.exited
            self.exited.add(shipment.number)

    @rule(code=st.text(max_size=20).filter(lambda text: "\x00" not in text))
    def scan_anything(self, code: str) -> None:
        self.scanner.scan(code)

    @invariant()
    def the_books_add_up(self) -> None:
        assert differences(self.work.session) == []

    @invariant()
    def goods_left_only_for_shipments_that_exited(self) -> None:
        issues = self.work.session.exec(
            select(Movement).where(Movement.kind == MovementKind.ISSUE)
        ).all()
        assert all(issue.release_line_id is not None for issue in issues)
        assert bool(issues) == bool(self.exited)


@pytest.fixture(autouse=True)
def on_the_shared_database(shared_engine: Engine) -> None:
    Floor.engine = shared_engine


TestFloor = Floor.TestCase
TestFloor.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
