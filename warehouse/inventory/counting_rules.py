"""What the count of a bin proves, whatever moved while it was counted.  Pure.

A bin stays in use: each counted thing is held against the book as it was at that moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Final, NamedTuple
from uuid import UUID

ZERO: Final = Decimal(0)


class Booked(NamedTuple):
    """A lot that stands in the bin, or stood there since the count began; *quantity* now."""

    lot_id: UUID
    unit_id: UUID
    product_id: UUID
    quantity: Decimal


class Shift(NamedTuple):
    """A movement of a lot since the count began: into the bin or, negative, out of it."""

    sequence: int
    lot_id: UUID
    change: Decimal


class Counted(NamedTuple):
    """So much of a *thing* was there right after movement *sequence*."""

    thing: UUID
    quantity: Decimal
    sequence: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The floor has more than the book, or less, of a parcel or a product.

    *lots*: which may be meant, in the order of the book; none where the book has none.
    """

    counted: Decimal
    booked: Decimal
    unit_id: UUID | None = None
    product_id: UUID | None = None
    lots: tuple[UUID, ...] = ()

    @property
    def change(self) -> Decimal:
        """What is in excess or, negative, missing."""
        return self.counted - self.booked


class Stock(NamedTuple):
    """How much of a lot stands in the bin, and how much of that is promised."""

    lot_id: UUID
    quantity: Decimal
    promised: Decimal


def differences(
    book: Sequence[Booked],
    shifts: Sequence[Shift],
    parcels: Iterable[Counted],
    products: Iterable[Counted],
) -> list[Difference]:
    """Where the floor and the *book* differ; nothing when they agree.

    The last line of a thing counts, and zero takes it back.  A counted parcel stands for all that
    is left of it; a counted product for its lots outside the counted parcels.  A lot that nobody
    saw agrees if the bin was without it at any moment of the count.
    """
    seen_parcels, seen_products = _last(parcels), _last(products)
    loose = [lot for lot in book if lot.unit_id not in seen_parcels]
    unseen = [lot for lot in loose if lot.product_id not in seen_products]
    found = [
        *(_parcel(line, book, shifts) for line in seen_parcels.values()),
        *(_product(line, loose, shifts) for line in seen_products.values()),
        *(_unseen(lot, shifts) for lot in unseen),
    ]
    return [each for each in found if each.change]


def shares(stock: Iterable[Stock], missing: Decimal) -> list[Stock]:
    """How much of each lot in *stock*, the oldest first, makes up what is *missing*.

    What is free goes before what is promised, so that an order is disturbed only when nothing
    else is left.  What has gone out meanwhile cannot be missing here.
    """
    found = list(stock)
    free = _taken([lot.quantity - lot.promised for lot in found], missing)
    promised = _taken([lot.promised for lot in found], missing - sum(free))
    return [
        Stock(lot.lot_id, loose + bound, bound)
        for lot, loose, bound in zip(found, free, promised, strict=True)
        if loose + bound
    ]


def _last(lines: Iterable[Counted]) -> Mapping[UUID, Counted]:
    last = {line.thing: line for line in lines}
    return {thing: line for thing, line in last.items() if line.quantity}


def _parcel(line: Counted, book: Sequence[Booked], shifts: Sequence[Shift]) -> Difference:
    inside = [lot for lot in book if lot.unit_id == line.thing]
    there = any(_at(lot, shifts, line.sequence) for lot in inside)
    return Difference(line.quantity, line.quantity if there else ZERO, unit_id=line.thing)


def _product(line: Counted, loose: Sequence[Booked], shifts: Sequence[Shift]) -> Difference:
    lots = [lot for lot in loose if lot.product_id == line.thing]
    booked = sum((_at(lot, shifts, line.sequence) for lot in lots), ZERO)
    return Difference(
        line.quantity, booked, product_id=line.thing, lots=tuple(lot.lot_id for lot in lots)
    )


def _unseen(lot: Booked, shifts: Sequence[Shift]) -> Difference:
    """Missing is what stood there all the while."""
    later = [each.change for each in reversed(shifts) if each.lot_id == lot.lot_id]
    least = min(accumulate(later, lambda stood, change: stood - change, initial=lot.quantity))
    return Difference(ZERO, least, product_id=lot.product_id, lots=(lot.lot_id,))


def _at(lot: Booked, shifts: Iterable[Shift], sequence: int) -> Decimal:
    """What the book had of *lot* right after movement *sequence*."""
    later = (s.change for s in shifts if s.lot_id == lot.lot_id and s.sequence > sequence)
    return lot.quantity - sum(later, ZERO)


def _taken(amounts: Sequence[Decimal], wanted: Decimal) -> list[Decimal]:
    """*wanted*, taken from *amounts* one after the other as far as they go."""
    taken = []
    for amount in amounts:
        taken.append(min(amount, wanted))
        wanted -= taken[-1]
    return taken
