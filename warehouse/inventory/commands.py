"""What the office does with stock: expect goods, bind them to their import line, promise them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, literal
from sqlmodel import Session, col, select

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import ledger, queries
from warehouse.inventory.errors import AlreadyBound, DuplicateParcel, InsufficientStock
from warehouse.inventory.models import HandlingUnit, Lot, Reservation
from warehouse.inventory.vocabulary import ReservationState, StockEvent


@dataclass(frozen=True, slots=True)
class ExpectedGoods:
    """One product in one parcel that is to come."""

    consignment_line_id: UUID
    parcel_number: str
    product_id: UUID
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Binding:
    """The line of the import declaration that a lot entered under."""

    lot_id: UUID
    declaration_line_id: UUID
    declaration_number: str
    line_number: int


LOT_NUMBERS: Final = "SELECT nextval('lot_number') FROM generate_series(1, %(amount)s)"
_UNIT_COLUMNS: Final = ("id", "premises_id", "partner_id", "consignment_id", "number")
_LOT_COLUMNS: Final = (
    "id", "number", "premises_id", "partner_id", "product_id", "handling_unit_id",
    "consignment_line_id", "quantity", "unit", "announced_at",
)  # fmt: skip


def expect(
    work: Work,
    *,
    consignment_id: UUID,
    premises_id: UUID,
    partner_id: UUID,
    goods: Sequence[ExpectedGoods],
) -> None:
    """Enter the parcels of a consignment, and a lot for each of *goods*, blocked by customs.

    Raises:
        DuplicateParcel: one of the parcels was announced here before.
    """
    units = {each.parcel_number: ids.new_id() for each in goods}
    _refuse_known(work.session, premises_id, list(units))
    work.copy(
        "handling_unit",
        _UNIT_COLUMNS,
        ((key, premises_id, partner_id, consignment_id, number) for number, key in units.items()),
    )
    numbers = work.sql(LOT_NUMBERS, amount=len(goods)).fetchall()
    work.copy(
        "lot",
        _LOT_COLUMNS,
        (
            (
                ids.new_id(), f"LOT-{work.today.year}-{number:06}", premises_id, partner_id,
                each.product_id, units[each.parcel_number], each.consignment_line_id,
                each.quantity, each.unit, work.at,
            )
            for each, (number,) in zip(goods, numbers, strict=True)
        ),
    )  # fmt: skip


# Binds each lot that is not bound yet, and tells of it.
BIND: Final = """
WITH binding AS (
    SELECT * FROM unnest(%(events)s::uuid[], %(lots)s::uuid[], %(lines)s::uuid[],
                         %(declarations)s::text[], %(line_numbers)s::integer[])
        AS binding (event_id, lot_id, line_id, declaration_number, line_number)
), bound AS (
    UPDATE lot
       SET declaration_line_id = binding.line_id,
           declaration_number = binding.declaration_number,
           line_number = binding.line_number, accepted_at = %(accepted_at)s
      FROM binding WHERE lot.id = binding.lot_id AND lot.declaration_line_id IS NULL
    RETURNING lot.id
), told AS (
    INSERT INTO event (id, name, subject, actor, at, facts)
    SELECT event_id, %(event)s, lot_id, %(actor)s, %(at)s, jsonb_build_object(
               'declaration', declaration_number, 'line', line_number::text)
      FROM binding JOIN bound ON bound.id = binding.lot_id
)
SELECT count(*) FROM bound
"""


def bind(work: Work, bindings: Sequence[Binding], accepted_at: datetime) -> None:
    """Bind each lot, once and for ever, to the line that customs accepted at *accepted_at*.

    From then on it is a FIFO layer that an order may draw on: what leaves is written off against
    the line it came in under.

    Raises:
        AlreadyBound: a lot is bound already.
    """
    lots = [binding.lot_id for binding in bindings]
    ledger.lock(work, lots)
    _refuse_bound(work.session, lots)
    events = [ids.new_id() for _ in bindings]
    work.sql(
        BIND,
        events=events,
        lots=lots,
        lines=[binding.declaration_line_id for binding in bindings],
        declarations=[binding.declaration_number for binding in bindings],
        line_numbers=[binding.line_number for binding in bindings],
        accepted_at=accepted_at,
        event=StockEvent.BOUND.value,
        actor=work.actor.name,
        at=work.at,
    )
    for lot_id, event_id in zip(lots, events, strict=True):
        work.follow(StockEvent.BOUND, lot_id, event_id)


class _Layer(NamedTuple):
    """What is free of a bound lot in one place."""

    lot_id: UUID
    location_id: UUID
    free: Decimal


# The oldest free layers of a product that together have the quantity, or all there are.
LAYERS: Final = """
WITH layer AS (
    SELECT lot.id AS lot_id, balance.location_id, balance.quantity - balance.reserved AS free,
           sum(balance.quantity - balance.reserved) OVER fifo AS free_to_here
      FROM lot JOIN balance ON balance.lot_id = lot.id
               JOIN location ON location.id = balance.location_id
     WHERE lot.product_id = %(product_id)s AND lot.partner_id = %(partner_id)s
       AND lot.premises_id = %(premises_id)s AND lot.accepted_at IS NOT NULL
       AND location.kind = 'store' AND balance.quantity > balance.reserved
    WINDOW fifo AS (ORDER BY lot.accepted_at, lot.declaration_number, lot.line_number, lot.number,
                             location.code)
)
SELECT lot_id, location_id, free FROM layer
 WHERE free_to_here - free < %(quantity)s ORDER BY free_to_here
"""

# Sets the shares aside in their balances.
KEEP: Final = """
UPDATE balance SET reserved = balance.reserved + share.quantity
  FROM unnest(%(lots)s::uuid[], %(locations)s::uuid[], %(quantities)s::numeric[])
       AS share (lot_id, location_id, quantity)
 WHERE balance.lot_id = share.lot_id AND balance.location_id = share.location_id
"""


def reserve(
    work: Work,
    *,
    order_line_id: UUID,
    product_id: UUID,
    partner_id: UUID,
    premises_id: UUID,
    quantity: Decimal,
) -> list[Reservation]:
    """Promise *quantity* of a product to an order line, first in first out by import line.

    Only what customs has accepted into bond, and what stands in store, can be promised.

    Raises:
        InsufficientStock: less than that is free.
    """
    wanted = {"product_id": product_id, "partner_id": partner_id, "premises_id": premises_id}
    shares = _shares(_held_layers(work, wanted, quantity), quantity)
    work.sql(
        KEEP,
        lots=[share.lot_id for share in shares],
        locations=[share.location_id for share in shares],
        quantities=[share.free for share in shares],
    )
    reservations = [
        Reservation(
            order_line_id=order_line_id,
            lot_id=share.lot_id,
            location_id=share.location_id,
            quantity=share.free,
            state=ReservationState.HELD,
            at=work.at,
        )
        for share in shares
    ]
    work.session.add_all(reservations)
    for reservation in reservations:
        work.emit(StockEvent.RESERVED, reservation.lot_id, reservation=str(reservation.id))
    return reservations


def _held_layers(work: Work, wanted: Mapping[str, UUID], quantity: Decimal) -> list[_Layer]:
    """Lock the layers that are needed; look again, until what is needed is what is locked."""
    held: set[UUID] = set()
    while True:
        rows = work.sql(LAYERS, **wanted, quantity=quantity)
        layers = [_Layer(*row) for row in rows]
        if (available := sum((layer.free for layer in layers), Decimal(0))) < quantity:
            goods = queries.sku_of(work.session, wanted["product_id"])
            raise InsufficientStock(goods=goods, available=available, wanted=quantity)
        needed = {layer.lot_id for layer in layers}
        if needed <= held:
            return layers
        ledger.lock(work, list(needed))
        held |= needed


def _shares(layers: Sequence[_Layer], quantity: Decimal) -> list[_Layer]:
    """How much of each of *layers* makes up *quantity*: all of each but the last."""
    before = sum((layer.free for layer in layers[:-1]), Decimal(0))
    return [*layers[:-1], layers[-1]._replace(free=quantity - before)]


def _refuse_known(session: Session, premises_id: UUID, numbers: Sequence[str]) -> None:
    any_of_them = any_(literal(list(numbers), ARRAY(Text)))  # one parameter, not ten thousand
    known = session.exec(
        select(HandlingUnit.number)
        .where(HandlingUnit.premises_id == premises_id, col(HandlingUnit.number) == any_of_them)
        .order_by(col(HandlingUnit.number))
        .limit(1)
    ).first()
    if known is not None:
        raise DuplicateParcel(parcel=known)


def _refuse_bound(session: Session, lots: Sequence[UUID]) -> None:
    bound = session.exec(
        select(Lot.number, Lot.declaration_number)
        .where(col(Lot.id).in_(lots), col(Lot.declaration_number).is_not(None))
        .order_by(col(Lot.number))
        .limit(1)
    ).first()
    if bound is not None:
        raise AlreadyBound(lot=bound[0], declaration=bound[1])
