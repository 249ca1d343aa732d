"""Parcels that come back undelivered or refused, and what their owner wants done with them.

Duty was paid when they left: they come back as duty-paid goods, in lots that name those that left.
Whether duty is refunded, or they enter bond again, is the customs desk's matter (to be confirmed).
"""

from datetime import timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import db, ids, numbers
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.inventory import disposals, floor_policy, inbound, ledger
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.errors import LocationNotFound
from warehouse.inventory.inbound import Place
from warehouse.inventory.models import HandlingUnit
from warehouse.inventory.vocabulary import (
    DisposalKind,
    FloorRule,
    LocationKind,
    MovementKind,
    Regime,
)
from warehouse.masterdata import queries as masterdata
from warehouse.operations.bond.errors import (
    AlreadyReturned,
    ChoiceMade,
    ReturnNotFound,
    ReturnTooLate,
)
from warehouse.shipments import status
from warehouse.shipments.models import Shipment, ShipmentReturn
from warehouse.shipments.vocabulary import Custody, ReturnChoice, ShipmentEvent


class Left(NamedTuple):
    """What left in a parcel: so much of a lot, under a line of a release."""

    lot_id: UUID
    quantity: Decimal
    sku: str
    weight_kg: Decimal


# What left for a shipment's order, by lot.
LEFT: Final = """
SELECT lot.id, sum(movement.quantity), product.sku, sum(movement.quantity) * product.net_weight_kg
  FROM movement JOIN reservation ON reservation.id = movement.reservation_id
  JOIN order_line ON order_line.id = reservation.order_line_id
  JOIN lot ON lot.id = movement.lot_id JOIN product ON product.id = lot.product_id
 WHERE movement.kind = 'issue' AND order_line.order_id = %(order_id)s
 GROUP BY lot.id, product.sku, product.net_weight_kg ORDER BY lot.id
"""

# The dock for goods of a regime, or its inspection room where they are to be looked at; without
# either, the first bin of it.
PLACE: Final = """
SELECT id, code, kind FROM location
 WHERE premises_id = %(premises_id)s AND regime = %(regime)s
   AND kind IN ('receive', 'inspection', 'store')
 ORDER BY (kind = %(first)s) DESC, kind = 'store', code LIMIT 1
"""

UNIT: Final = """
INSERT INTO handling_unit (id, premises_id, partner_id, number, announced, received_at)
VALUES (%(id)s, %(premises_id)s, %(partner_id)s, %(number)s, false, %(at)s)
ON CONFLICT (premises_id, number) DO UPDATE SET received_at = excluded.received_at
RETURNING id
"""

LOT: Final = """
INSERT INTO lot (id, number, premises_id, partner_id, product_id, handling_unit_id, origin,
                 parent_lot_id, quantity, unit, regime, batch, expires_on, serial, announced_at)
SELECT %(id)s, 'LOT-' || %(year)s || '-' || lpad(nextval('lot_number')::text, 6, '0'),
       premises_id, partner_id, product_id, %(unit_id)s, 'returned', id, %(quantity)s,
       unit, %(regime)s, batch, expires_on, serial, %(at)s
  FROM lot WHERE id = %(lot_id)s
"""


def check(work: Work, shipment: Shipment) -> list[Left]:
    """What left in *shipment*, which may come back now.

    Raises:
        AlreadyReturned: it did.
        ReturnTooLate: it left too long ago.
    """
    if earlier := _return_of(work.session, shipment.id):
        raise AlreadyReturned(parcel=shipment.parcel_number, at=earlier.at)
    partner = masterdata.partner_by_id(work.session, shipment.partner_id).code
    days = int(
        floor_policy.number(work.session, FloorRule.RETURN_DAYS, work.today, partner=partner)
    )
    if shipment.changed_at + timedelta(days=days) < work.at:
        raise ReturnTooLate(parcel=shipment.parcel_number, days=days)
    return [Left(*row) for row in work.sql(LEFT, order_id=shipment.order_id)]


def place_for(work: Work, premises_id: UUID, first: LocationKind) -> Place:
    """Where duty-paid goods are put down when they come back: a place of kind *first*, if any.

    Raises:
        LocationNotFound: no place takes duty-paid goods.
    """
    regime = Regime.DUTY_PAID.value
    row = work.sql(PLACE, premises_id=premises_id, regime=regime, first=first.value).fetchone()
    if row is None:
        raise LocationNotFound(code=regime)
    return Place(*row)


def take_back(
    work: Work,
    shipment: Shipment,
    *,
    reason: str,
    weight_kg: Decimal | None,
    target: Place,
    scan_id: UUID | None = None,
) -> ShipmentReturn:
    """Take a dispatched parcel back in at *target*; its owner is to choose what becomes of it.

    Raises:
        AlreadyReturned, ReturnTooLate: it may not come back this way.
        WrongState: it has not left.
    """
    shipment = db.lock(work.session, Shipment, [shipment.id])[shipment.id]
    left = check(work, shipment)
    status.record(work, shipment.id, custody=Custody.RETURNED)
    unit = work.sql(
        UNIT,
        id=ids.new_id(),
        premises_id=shipment.premises_id,
        partner_id=shipment.partner_id,
        number=shipment.parcel_number,
        at=work.at,
    ).fetchone()
    assert unit is not None, "it is there now"
    outside = inbound.place_of_kind(work, shipment.premises_id, LocationKind.HOME_USE)
    ledger.post(
        work,
        MovementKind.RETURN,
        [
            ledger.Line(_lot(work, each, unit[0]), outside.id, each.quantity, under_bond=False)
            for each in left
        ],
        target_id=target.id,
        source_virtual=True,
        scan_id=scan_id,
    )
    partner = masterdata.partner_by_id(work.session, shipment.partner_id).code
    days = floor_policy.number(
        work.session, FloorRule.RETURN_CHOICE_DAYS, work.today, partner=partner
    )
    returned = ShipmentReturn(
        number=numbers.next_number(work, "RTN"),
        shipment_id=shipment.id,
        premises_id=shipment.premises_id,
        partner_id=shipment.partner_id,
        reason=reason,
        weight_kg=weight_kg,
        due_at=work.at + timedelta(days=int(days)),
        at=work.at,
    )
    work.session.add(returned)
    work.session.flush()
    work.emit(ShipmentEvent.SHIPMENT_RETURNED, shipment.id, number=shipment.number, reason=reason)
    return returned


def choose(
    work: Work, shipment: Shipment, choice: ReturnChoice, *, defaulted: bool = False
) -> ShipmentReturn:
    """The owner wants *choice*; goods that are to go on are set aside for that.

    Raises:
        ReturnNotFound: nothing came back.
        ChoiceMade: it was decided before.
    """
    found = _return_of(work.session, shipment.id)
    if found is None:
        raise ReturnNotFound(number=shipment.number)
    returned = db.lock(work.session, ShipmentReturn, [found.id])[found.id]
    if returned.choice is not None:
        raise ChoiceMade(number=shipment.number, choice=returned.choice.value)
    returned.choice, returned.defaulted, returned.chosen_at = choice, defaulted, work.at
    work.emit(
        ShipmentEvent.RETURN_CHOSEN,
        shipment.id,
        number=shipment.number,
        choice=choice.value,
        defaulted="yes" if defaulted else "no",
    )
    kinds = {
        ReturnChoice.RE_EXPORT: DisposalKind.RE_EXPORT,
        ReturnChoice.DESTROY: DisposalKind.DESTRUCTION,
    }
    if choice in kinds:
        disposals.request(
            work,
            DisposalDraft(
                kind=kinds[choice],
                premises_id=shipment.premises_id,
                reason=returned.number,
                goods=_back(work, shipment),
            ),
        )
    return returned


def default_returns(work: Work, _facts: Facts) -> None:
    """Every night: where the owner stayed silent, the agreed default is taken, and says so."""
    silent = work.session.exec(
        select(ShipmentReturn, Shipment)
        .join(Shipment, col(Shipment.id) == col(ShipmentReturn.shipment_id))
        .where(col(ShipmentReturn.choice).is_(None), col(ShipmentReturn.due_at) < work.at)
        .order_by(col(ShipmentReturn.id))
    ).all()
    for _returned, shipment in silent:
        partner = masterdata.partner_by_id(work.session, shipment.partner_id).code
        default = floor_policy.value(
            work.session, FloorRule.RETURN_DEFAULT, work.today, partner=partner
        )
        choose(work, shipment, ReturnChoice(default), defaulted=True)


def unit_of(session: Session, shipment: Shipment) -> UUID:
    """The parcel that came back."""
    return session.exec(
        select(HandlingUnit.id).where(
            HandlingUnit.premises_id == shipment.premises_id,
            HandlingUnit.number == shipment.parcel_number,
        )
    ).one()


def _return_of(session: Session, shipment_id: UUID) -> ShipmentReturn | None:
    query = select(ShipmentReturn).where(ShipmentReturn.shipment_id == shipment_id)
    return session.exec(query).first()


# What came back in a parcel and stands here.
BACK: Final = """
SELECT lot.id, lot.quantity FROM lot JOIN handling_unit AS unit ON unit.id = handling_unit_id
 WHERE unit.premises_id = %(premises_id)s AND unit.number = %(parcel)s AND lot.origin = 'returned'
 ORDER BY lot.id
"""


def _back(work: Work, shipment: Shipment) -> list[Wanted]:
    rows = work.sql(BACK, premises_id=shipment.premises_id, parcel=shipment.parcel_number)
    return [Wanted(*row) for row in rows]


def _lot(work: Work, left: Left, unit_id: UUID) -> UUID:
    key = ids.new_id()
    work.sql(
        LOT,
        id=key,
        year=str(work.today.year),
        unit_id=unit_id,
        quantity=left.quantity,
        regime=Regime.DUTY_PAID.value,
        at=work.at,
        lot_id=left.lot_id,
    )
    return key
