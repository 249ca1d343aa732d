"""A count proves what is missing and what is too much, whatever is moved while it is made."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from warehouse.inventory.counting_rules import (
    Booked,
    Counted,
    Difference,
    Shift,
    Stock,
    differences,
    shares,
)

PRODUCTS = [UUID(int=number) for number in (1, 2)]
LOTS = [(UUID(int=10 + number), UUID(int=20 + number), PRODUCTS[number % 2]) for number in range(4)]
"""A lot, its parcel, its product."""
few = st.integers(0, 5)
lots = st.sampled_from(LOTS)


class Bin(RuleBasedStateMachine):
    """A bin with a book and a floor, which differ by what was taken or left before the count."""

    @initialize(booked=st.lists(few, min_size=4, max_size=4), data=st.data())
    def begin(self, booked: list[int], data: st.DataObject) -> None:
        self.sequence = 0
        self.shifts: list[Shift] = []
        self.parcels: list[Counted] = []
        self.products: list[Counted] = []
        self.book: dict[UUID, int] = {}
        self.floor: dict[UUID, int] = {}
        self.amiss: dict[UUID, int] = {}
        for (lot, *_), there in zip(LOTS, booked, strict=True):
            amiss = data.draw(st.integers(-there, 3))
            self.book[lot], self.floor[lot] = there, there + amiss
            self.amiss[lot] = amiss
        self.by_parcel: set[UUID] = set()

    @rule(lot=lots, quantity=st.integers(1, 3))
    def carry_in(self, lot: tuple[UUID, UUID, UUID], quantity: int) -> None:
        self._shift(lot[0], quantity)

    @rule(lot=lots, quantity=st.integers(1, 3))
    def carry_out(self, lot: tuple[UUID, UUID, UUID], quantity: int) -> None:
        """Nobody carries off what is missing, nor goods that the book does not have."""
        there = min(self.book[lot[0]], self.floor[lot[0]])
        if quantity < there or (quantity == there and not self.amiss[lot[0]]):
            self._shift(lot[0], -quantity)

    @rule(product=st.sampled_from(PRODUCTS))
    def count_product(self, product: UUID) -> None:
        """All that lies loose of a product, at one moment."""
        self.products.append(self._loose(product))

    @rule(lot=lots)
    def count_parcel(self, lot: tuple[UUID, UUID, UUID]) -> None:
        """A parcel is whole, or not there: what is amiss in it shows only when it is opened."""
        lot_id, unit_id, product = lot
        loose = product in {line.thing for line in self.products}
        if self.floor[lot_id] and not self.amiss[lot_id] and not loose:
            self.parcels.append(Counted(unit_id, Decimal(1), self.sequence))
            self.by_parcel.add(unit_id)

    @invariant()
    def what_is_amiss_is_what_is_found(self) -> None:
        """However long ago each thing was counted: the differences are what was amiss before."""
        counted = {line.thing for line in self.products}
        rest = [self._loose(product) for product in PRODUCTS if product not in counted]
        found = self._differences([*self.products, *rest])
        expected: dict[UUID, int] = defaultdict(int)
        for lot, unit, product in LOTS:
            if unit not in self.by_parcel:
                expected[product] += self.amiss[lot]
        assert by_product(found) == {key: each for key, each in expected.items() if each}

    def _loose(self, product: UUID) -> Counted:
        there = sum(
            self.floor[lot]
            for lot, unit, each in LOTS
            if each == product and unit not in self.by_parcel
        )
        return Counted(product, Decimal(there), self.sequence)

    def _differences(self, products: list[Counted]) -> list[Difference]:
        book = [Booked(lot, unit, each, Decimal(self.book[lot])) for lot, unit, each in LOTS]
        return differences(book, self.shifts, self.parcels, products)

    def _shift(self, lot: UUID, change: int) -> None:
        self.sequence += 1
        self.book[lot] += change
        self.floor[lot] += change
        self.shifts.append(Shift(self.sequence, lot, Decimal(change)))


def by_product(found: list[Difference]) -> dict[UUID, int]:
    sums: dict[UUID, int] = defaultdict(int)
    for each in found:
        assert each.product_id is not None, "no parcel is in excess"
        sums[each.product_id] += int(each.change)
    return {product: change for product, change in sums.items() if change}


TestBin = Bin.TestCase


@given(
    st.lists(st.tuples(few, few).map(lambda each: (max(each), min(each))), max_size=5),
    st.integers(0, 30),
)
def test_shares_make_up_what_is_missing_and_spare_what_is_promised(
    stock: list[tuple[int, int]], missing: int
) -> None:
    lots = [
        Stock(UUID(int=number), Decimal(there), Decimal(promised))
        for number, (there, promised) in enumerate(stock)
    ]

    found = shares(lots, Decimal(missing))

    total, promised = sum(there for there, _ in stock), sum(each for _, each in stock)
    taken, broken = sum(each.quantity for each in found), sum(each.promised for each in found)
    assert taken == min(missing, total)
    assert broken == max(0, taken - (total - promised))
    assert all(each.promised <= each.quantity for each in found)


def test_a_parcel_that_the_book_has_elsewhere_is_in_excess() -> None:
    lot, unit, product = LOTS[0]
    book = [Booked(lot, unit, product, Decimal(0))]

    [found] = differences(book, [], [Counted(unit, Decimal(1), 7)], [])

    assert (found.unit_id, found.change) == (unit, 1)


def test_a_parcel_that_was_carried_in_before_it_was_seen_agrees() -> None:
    lot, unit, product = LOTS[0]
    book = [Booked(lot, unit, product, Decimal(3))]
    shifts = [Shift(7, lot, Decimal(3))]

    assert differences(book, shifts, [Counted(unit, Decimal(1), 7)], []) == []


def test_a_parcel_that_nobody_saw_and_that_came_in_meanwhile_agrees() -> None:
    lot, unit, product = LOTS[0]

    assert (
        differences([Booked(lot, unit, product, Decimal(3))], [Shift(7, lot, Decimal(3))], [], [])
        == []
    )


def test_the_last_line_counts_and_zero_takes_it_back() -> None:
    lot, unit, product = LOTS[0]
    book = [Booked(lot, unit, product, Decimal(3))]
    lines = [Counted(product, Decimal(9), 7), Counted(product, Decimal(3), 7)]

    taken_back = [*lines, Counted(product, Decimal(0), 8)]

    assert differences(book, [], [], lines) == []
    assert [each.change for each in differences(book, [], [], taken_back)] == [-3]
