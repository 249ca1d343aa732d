"""What the office does with stock: expect goods, bind them to their import line, promise them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, literal
from sqlmodel import Session, col, select

from warehouse.core import db, ids
from warehouse.core.work import Work
from warehouse.inventory import layers, ledger, queries
from warehouse.inventory.errors import AlreadyBound, DuplicateParcel, NothingHeld
from warehouse.inventory.layers import Wanted
from warehouse.inventory.models import HandlingUnit, Lot, Reservation
from warehouse.inventory.vocabulary import RESERVATION, Regime, ReservationState, StockEvent


@dataclass(frozen=True, slots=True)
class ExpectedGoods:
    """One product in one parcel that is to come."""

    consignment_line_id: UUID
    parcel_number: str
    product_id: UUID
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ExpectedParcel:
    """What is said of a parcel besides its goods; *receptacle* is the mail bag it comes in."""

    receptacle: str | None = None
    declared_kg: Decimal | None = None
    declared_litres: Decimal | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """The line of the import declaration that a lot entered under."""

    lot_id: UUID
    declaration_line_id: UUID
    declaration_number: str
    line_number: int


LOT_NUMBERS: Final = "SELECT nextval('lot_number') FROM generate_series(1, %(amount)s)"
_UNIT_COLUMNS: Final = (
    "id", "premises_id", "partner_id", "consignment_id", "kind", "number", "parent_id",
    "declared_kg", "declared_litres",
)  # fmt: skip
_ALIAS_COLUMNS: Final = ("id", "premises_id", "code", "handling_unit_id")
_PLAIN: Final = ExpectedParcel()
_LOT_COLUMNS: Final = (
    "id", "number", "premises_id", "partner_id", "product_id", "handling_unit_id",
    "consignment_line_id", "quantity", "unit", "regime", "announced_at",
)  # fmt: skip


def expect(
    work: Work,
    *,
    consignment_id: UUID,
    premises_id: UUID,
    partner_id: UUID,
    goods: Sequence[ExpectedGoods],
    parcels: Mapping[str, ExpectedParcel] = MappingProxyType({}),
    regime: Regime = Regime.BONDED,
) -> None:
    """Enter the parcels of a consignment, and a lot for each of *goods*; bonded ones are blocked.

    *parcels*: what is said of some of them besides, by their numbers.

    Raises:
        DuplicateParcel: one of the parcels was announced here before.
    """
    units = {each.parcel_number: ids.new_id() for each in goods}
    _refuse_known(work.session, premises_id, list(units))
    bags: dict[str | None, UUID] = {
        each.receptacle: ids.new_id() for each in parcels.values() if each.receptacle
    }
    of_all = (premises_id, partner_id, consignment_id)
    work.copy(
        "handling_unit",
        _UNIT_COLUMNS,
        [
            *((key, *of_all, "receptacle", bag, None, None, None) for bag, key in bags.items()),
            *(
                (
                    key,
                    *of_all,
                    "parcel",
                    number,
                    bags.get(told.receptacle),
                    told.declared_kg,
                    told.declared_litres,
                )
                for number, key in units.items()
                for told in (parcels.get(number, _PLAIN),)
            ),
        ],
    )
    aliases = [
        (ids.new_id(), premises_id, label, units[number])
        for number, told in parcels.items()
        for label in dict.fromkeys(told.labels)
    ]
    if aliases:
        work.copy("unit_alias", _ALIAS_COLUMNS, aliases)
    numbers = work.sql(LOT_NUMBERS, amount=len(goods)).fetchall()
    work.copy(
        "lot",
        _LOT_COLUMNS,
        (
            (
                ids.new_id(), f"LOT-{work.today.year}-{number:06}", premises_id, partner_id,
                each.product_id, units[each.parcel_number], each.consignment_line_id,
                each.quantity, each.unit, regime.value, work.at,
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


# Sets the shares aside in their balances, or gives them back.
KEEP: Final = """
UPDATE balance SET reserved = balance.reserved + share.quantity * %(sign)s
  FROM (SELECT lot_id, location_id, sum(quantity) AS quantity
          FROM unnest(%(lots)s::uuid[], %(locations)s::uuid[], %(quantities)s::numeric[])
               AS each (lot_id, location_id, quantity) GROUP BY lot_id, location_id) AS share
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
    parcel: str | None = None,
    regime: Regime = Regime.BONDED,
) -> list[Reservation]:
    """Promise *quantity* of a product to an order line, by the owner's method.

    First in first out by import line, or out of the *parcel* that is named.  Only what customs has
    accepted into bond, stands in store and is not held can be promised.

    Raises:
        InsufficientStock, StockHeld: less than that is free.
        ParcelNotByName: the owner's parcels cannot be named.
    """
    wanted = Wanted(product_id, partner_id, premises_id, regime, parcel)
    shares = layers.hold(work, wanted, quantity)
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
    _set_aside(work, reservations, 1)
    work.session.add_all(reservations)
    for reservation in reservations:
        work.emit(StockEvent.RESERVED, reservation.lot_id, reservation=str(reservation.id))
    return reservations


def free(work: Work, reservations: Sequence[Reservation]) -> None:
    """Take back promises whose goods stand where they were promised; the caller holds them."""
    ledger.lock(work, [each.lot_id for each in reservations])
    for reservation in reservations:
        reservation.state = RESERVATION.step(reservation.state, ReservationState.VOIDED)
        work.emit(StockEvent.FREED, reservation.lot_id, reservation=str(reservation.id))
    _set_aside(work, reservations, -1)


# What was promised to an order, is not picked, and is held.
HELD_PROMISES: Final = """
SELECT reservation.id FROM reservation
 WHERE order_line_id IN (SELECT id FROM order_line WHERE order_id = %(order_id)s)
   AND state = 'held' AND EXISTS (SELECT FROM holds_on(lot_id, location_id))
"""


def reallocate(work: Work, order_id: UUID, number: str) -> list[Reservation]:
    """Promise other goods to order *number* in place of those that are held; return them.

    The caller holds the shipment.  The oldest layer that is not held is next in turn.

    Raises:
        NothingHeld: none of what is still to be picked is held.
        InsufficientStock, StockHeld: too little else is free.
    """
    found = [key for (key,) in work.sql(HELD_PROMISES, order_id=order_id)]
    if not found:
        raise NothingHeld(number=number)
    held = list(db.lock(work.session, Reservation, found).values())
    free(work, held)
    anew = []
    for promise in held:
        lot = queries.lot_by_id(work.session, promise.lot_id)
        assert promise.order_line_id is not None, "it was promised to an order"
        anew += reserve(
            work,
            order_line_id=promise.order_line_id,
            product_id=lot.product_id,
            partner_id=lot.partner_id,
            premises_id=lot.premises_id,
            quantity=promise.quantity,
            regime=lot.regime,
        )
    return anew


def _set_aside(work: Work, reservations: Sequence[Reservation], sign: int) -> None:
    work.sql(
        KEEP,
        lots=[each.lot_id for each in reservations],
        locations=[each.location_id for each in reservations],
        quantities=[each.quantity for each in reservations],
        sign=sign,
    )


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
