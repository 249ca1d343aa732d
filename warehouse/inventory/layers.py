"""Which goods an order may draw on: free, not held, in store, in the owner's lawful order.

FIFO: layers by acceptance, declaration number and line.  Specific identification: the parcel that
was named is its own layer; without a name the oldest parcels are taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import ledger, queries
from warehouse.inventory.errors import InsufficientStock, ParcelNotByName, StockHeld
from warehouse.inventory.holds import Held
from warehouse.inventory.vocabulary import Regime, StockMethod


@dataclass(frozen=True, slots=True)
class Wanted:
    """Goods of one product and owner in one warehouse; of one *parcel* where it is named."""

    product_id: UUID
    partner_id: UUID
    premises_id: UUID
    regime: Regime = Regime.BONDED
    parcel: str | None = None


class Layer(NamedTuple):
    """What is free of a lot in one place."""

    lot_id: UUID
    location_id: UUID
    free: Decimal
    held: bool


_DRAWABLE: Final = """
  FROM lot JOIN balance ON balance.lot_id = lot.id
           JOIN location ON location.id = balance.location_id
 WHERE lot.product_id = %(product_id)s AND lot.partner_id = %(partner_id)s
   AND lot.premises_id = %(premises_id)s AND lot.regime = %(regime)s
   AND (lot.accepted_at IS NOT NULL OR lot.regime <> 'bonded')
   AND (%(parcel)s::text IS NULL OR lot.handling_unit_id = (
           SELECT id FROM handling_unit
            WHERE premises_id = %(premises_id)s AND number = %(parcel)s))
   AND location.kind IN ('store', 'pick') AND location.id NOT IN (SELECT id FROM closed)
   AND balance.quantity > balance.reserved
"""
_CLOSED: Final = """
closed AS (
    SELECT location_id AS id FROM location_lock WHERE closed_at IS NULL
    UNION
    SELECT location.id FROM location JOIN closed ON location.parent_id = closed.id
)
"""

# The oldest free layers of a product that together have the quantity, or all there are; whether
# a hold reaches one is asked of these alone.
_LAYERS: Final = """
WITH RECURSIVE {closed}, layer AS (
    SELECT lot.id AS lot_id, balance.location_id, balance.quantity - balance.reserved AS free,
           sum(balance.quantity - balance.reserved) OVER fifo AS free_to_here
    {drawable} AND balance.id <> ALL(%(held)s)
    WINDOW fifo AS (ORDER BY lot.accepted_at, lot.declaration_number, lot.line_number, lot.number,
                             location.code)
)
SELECT lot_id, location_id, free, EXISTS (SELECT FROM holds_on(lot_id, location_id))
  FROM layer WHERE free_to_here - free < %(quantity)s ORDER BY free_to_here
"""
LAYERS: Final = _LAYERS.format(closed=_CLOSED, drawable=_DRAWABLE)

_HELD: Final = """
WITH RECURSIVE {closed}
SELECT balance.id, balance.quantity - balance.reserved, hold.id, hold.kind, hold.reason,
       unit.number, hold.opened_at
  FROM (SELECT balance.* {drawable}) AS balance
  JOIN lot ON lot.id = balance.lot_id JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  CROSS JOIN LATERAL (SELECT * FROM holds_on(balance.lot_id, balance.location_id)
                       ORDER BY opened_at LIMIT 1) AS hold
 ORDER BY hold.opened_at, balance.id
"""
HELD: Final = _HELD.format(closed=_CLOSED, drawable=_DRAWABLE)

METHOD: Final = """
SELECT method FROM owner_method
 WHERE premises_id = %(premises_id)s AND partner_id = %(partner_id)s
"""


def hold(work: Work, wanted: Wanted, quantity: Decimal) -> list[Layer]:
    """The layers that make up *quantity*, each with its share, locked to the end of the work.

    They are looked at again after they are locked, until what is needed is what is locked and no
    hold reaches it.

    Raises:
        ParcelNotByName: a parcel is named, and the owner's goods are drawn first in first out.
        StockHeld: less is free than that, because some is held.
        InsufficientStock: less is free than that.
    """
    if wanted.parcel is not None:
        _refuse_unnamed(work, wanted)
    locked: set[UUID] = set()
    held: list[tuple[UUID, Decimal, Held]] = []
    while True:
        layers = _layers(work, wanted, quantity, [balance for balance, _, _ in held])
        needed = {layer.lot_id for layer in layers}
        if any(layer.held for layer in layers):
            held = _held(work, wanted)
        elif (available := sum((each.free for each in layers), Decimal(0))) < quantity:
            raise _shortage(work, wanted, available, quantity, held)
        elif needed <= locked:
            return _shares(layers, quantity)
        else:
            ledger.lock(work, list(needed))
            locked |= needed


def _layers(work: Work, wanted: Wanted, quantity: Decimal, held: Sequence[UUID]) -> list[Layer]:
    rows = work.sql(LAYERS, **_named(wanted), quantity=quantity, held=list(held))
    return [Layer(*row) for row in rows]


def _held(work: Work, wanted: Wanted) -> list[tuple[UUID, Decimal, Held]]:
    """What of the goods is held: the balance, how much, and by what."""
    rows = work.sql(HELD, **_named(wanted))
    return [(balance, free, Held.read(tuple(hold))) for balance, free, *hold in rows]


def _named(wanted: Wanted) -> dict[str, object]:
    return {
        "product_id": wanted.product_id,
        "partner_id": wanted.partner_id,
        "premises_id": wanted.premises_id,
        "regime": wanted.regime.value,
        "parcel": wanted.parcel,
    }


def _refuse_unnamed(work: Work, wanted: Wanted) -> None:
    row = work.sql(METHOD, premises_id=wanted.premises_id, partner_id=wanted.partner_id).fetchone()
    if row != (StockMethod.SPECIFIC,):
        raise ParcelNotByName(parcel=wanted.parcel)


def _shares(layers: Sequence[Layer], quantity: Decimal) -> list[Layer]:
    """How much of each of *layers* makes up *quantity*: all of each but the last."""
    before = sum((layer.free for layer in layers[:-1]), Decimal(0))
    return [*layers[:-1], layers[-1]._replace(free=quantity - before)]


def _shortage(
    work: Work,
    wanted: Wanted,
    available: Decimal,
    quantity: Decimal,
    held: Sequence[tuple[UUID, Decimal, Held]],
) -> InsufficientStock:
    goods = queries.sku_of(work.session, wanted.product_id)
    if not held:
        return InsufficientStock(goods=goods, available=available, wanted=quantity)
    first = held[0][2]
    return StockHeld(
        goods=goods,
        available=available,
        wanted=quantity,
        held=sum((free for _, free, _ in held), Decimal(0)),
        reason_code=first.reason.value,
        because=first.facts["because"],
    )
