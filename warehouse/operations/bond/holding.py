"""Holding goods: stock is held, its shipments say so, and the floor is asked to carry it aside.

Lifting a hold takes all of that back.  What was promised of held goods stays promised; a supervisor
may promise other goods in its place.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from warehouse.access import queries as people
from warehouse.core import db
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.inventory import commands as inventory
from warehouse.inventory import holds
from warehouse.inventory.holds import Level, Target
from warehouse.inventory.models import HandlingUnit, Hold, Reservation
from warehouse.inventory.vocabulary import CONTAINERS, HoldKind
from warehouse.masterdata.reasons import Reason
from warehouse.operations import wall
from warehouse.operations.clearance import refiling
from warehouse.operations.errors import NameNotPlain, NothingOfThatName
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind
from warehouse.shipments import status
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import ShipmentEvent

CARRIED_ASIDE: Final = frozenset({HoldKind.CUSTOMS, HoldKind.INSPECTION, HoldKind.DAMAGE})
"""Kinds of holds whose parcels are to stand where held goods stand."""

FIND: Final = """
SELECT 'handling_unit', id, number FROM handling_unit
 WHERE premises_id = %(premises_id)s AND number = %(code)s
UNION
SELECT 'handling_unit', unit.id, unit.number
  FROM unit_alias JOIN handling_unit AS unit ON unit.id = unit_alias.handling_unit_id
 WHERE unit_alias.premises_id = %(premises_id)s AND code = %(code)s
UNION
SELECT 'lot', id, number FROM lot WHERE premises_id = %(premises_id)s AND number = %(code)s
UNION
SELECT 'consignment', id, number FROM consignment
 WHERE premises_id = %(premises_id)s AND number = %(code)s
UNION
SELECT 'shipment', id, number FROM shipment
 WHERE premises_id = %(premises_id)s AND (number = %(code)s OR parcel_number = %(code)s)
UNION
SELECT 'location', id, code FROM location
 WHERE premises_id = %(premises_id)s AND NOT virtual AND 'LOC-' || code = %(place)s
UNION
SELECT 'product', product.id, partner.code || '/' || sku
  FROM product JOIN partner ON partner.id = product.partner_id
 WHERE %(code)s IN (sku, partner.code || '/' || sku)
UNION
SELECT 'partner', id, code FROM partner WHERE code = %(code)s
ORDER BY 1, 3
"""

# Shipments that are still here, and that have goods of the target promised to them.
_SHIPMENTS: Final = """
SELECT DISTINCT shipment.id
  FROM reservation JOIN order_line ON order_line.id = reservation.order_line_id
  JOIN shipment ON shipment.order_id = order_line.order_id
 WHERE reservation.state IN ('held', 'picked') AND shipment.premises_id = %(premises_id)s
   AND reservation.lot_id IN ({reached})
"""

# What has to be carried so that held goods stand aside: the container that is held, the tote they
# were picked into, or their parcel; and the place that waits for them.
TO_CARRY: Final = """
SELECT DISTINCT coalesce(%(container_id)s::uuid, promise.container_id, lot.handling_unit_id),
       aside.id
  FROM lot JOIN balance ON balance.lot_id = lot.id AND balance.quantity > 0
  JOIN location ON location.id = balance.location_id
  LEFT JOIN reservation AS promise ON promise.lot_id = lot.id AND promise.state = 'picked'
                                  AND promise.location_id = location.id
  LEFT JOIN LATERAL (SELECT id FROM location AS place
                      WHERE place.premises_id = lot.premises_id AND place.kind = 'hold'
                        AND place.regime = lot.regime ORDER BY code LIMIT 1) AS aside ON true
 WHERE lot.id = ANY(%(lots)s) AND location.kind <> 'hold'
   AND NOT EXISTS (SELECT FROM assignment
                    WHERE kind = 'relocate' AND state IN ('open', 'taken')
                      AND handling_unit_id = coalesce(
                              %(container_id)s::uuid, promise.container_id, lot.handling_unit_id))
 ORDER BY 1
"""

# Parcels of these lots that stand aside, promised to nobody, and are not held any more.
TO_STORE: Final = """
SELECT DISTINCT lot.handling_unit_id
  FROM lot JOIN balance ON balance.lot_id = lot.id AND balance.quantity > balance.reserved
  JOIN location ON location.id = balance.location_id AND location.kind = 'hold'
 WHERE lot.id = ANY(%(lots)s) AND NOT EXISTS (SELECT FROM holds_on(lot.id, location.id))
 ORDER BY 1
"""

STILL_HELD: Final = """
SELECT EXISTS (SELECT FROM balance CROSS JOIN LATERAL holds_on(lot_id, location_id)
                WHERE balance.lot_id = ANY(%(lots)s) AND quantity > 0)
"""


class Thing(NamedTuple):
    """What a number names, and how it is called in full."""

    target: Target
    name: str


def find(work: Work, number: str) -> Thing:
    """The one thing of the actor's premises that *number* names: a parcel, a lot, an owner.

    Raises:
        NothingOfThatName, NameNotPlain: there is none, or more than one.
        NoPremises: the actor works nowhere.
    """
    code = number.strip().upper()
    place = code if code.startswith("LOC-") else f"LOC-{code}"
    found = [
        Thing(Target(Level(level), key), name)
        for level, key, name in work.sql(FIND, premises_id=wall.here(work), code=code, place=place)
    ]
    if not found:
        raise NothingOfThatName(number=number)
    if len(found) > 1:
        raise NameNotPlain(number=number, names=[each.name for each in found])
    return found[0]


def place(
    work: Work,
    reason: str,
    target: Target,
    *,
    kind: HoldKind | None = None,
    note: str = "",
    officer: str = "",
    discrepancy_id: UUID | None = None,
    premises_id: UUID | None = None,
) -> Hold:
    """Hold *target*, on the word of *officer* (username or badge) where one gave it.

    *kind* follows from the *reason* unless it is given; the clock, which works nowhere, says in
    which premises.

    Raises:
        ReasonMissing: *reason* is none of the coded ones.
        UnknownOfficer: nobody of that name is an officer here.
    """
    holds.refuse_unreasoned(reason)
    officer_id = people.officer(work.session, officer).id if officer.strip() else None
    premises_id = premises_id or wall.here(work)
    told: set[UUID] = set()
    while True:
        attempt = work.session.begin_nested()
        affected = _shipments(work, premises_id, target) | told
        db.lock(work.session, Shipment, affected)
        hold = holds.place(
            work,
            kind or holds.KIND_OF[Reason(reason)],
            reason,
            premises_id=premises_id,
            note=note.strip(),
            officer_id=officer_id,
            discrepancy_id=discrepancy_id,
            **holds.on(target),
        )
        told = _shipments(work, premises_id, target)
        if told <= affected:
            break
        attempt.rollback()  # goods were promised meanwhile: their shipments come before the lots
    attempt.commit()
    _carry_aside(work, hold, target)
    tell(work, affected)
    return hold


def lift(work: Work, hold_id: UUID, note: str) -> Hold:
    """End a hold, say why, and let the work go on.

    Raises:
        HoldNotFound, HoldLifted, MayNotLift, NoteMissing: as `holds.lift` says.
    """
    hold = holds.by_id(work.session, wall.here(work), hold_id)
    return _let_go_on(work, hold, lambda: holds.lift(work, hold_id, note))


def end(work: Work, hold_id: UUID, note: str) -> Hold:
    """End a hold of any premises, because what it waited for has come, and let the work go on."""
    hold = work.session.get_one(Hold, hold_id)
    return _let_go_on(work, hold, lambda: holds.end(work, hold_id, note))


def reallocate(work: Work, number: str) -> Sequence[Reservation]:
    """Promise other goods to shipment *number* in place of those that are held.

    Its declaration, if customs does not have it yet, is drafted anew for the new goods.

    Raises:
        NoPremises: the actor works nowhere.
        ShipmentNotFound: there is none here.
        WrongState: customs has the declaration already: its goods are named there.
        NothingHeld: none of what is still to be picked is held.
        InsufficientStock, StockHeld: too little else is free.
    """
    shipment = wall.own_shipment(work, number)
    db.lock(work.session, Shipment, [shipment.id])
    if declaration := customs.declaration_of_order(work.session, shipment.order_id):
        refiling.file_again(work, declaration)
    anew = inventory.reallocate(work, shipment.order_id, shipment.number)
    tell(work, {shipment.id})
    return anew


def _shipments(work: Work, premises_id: UUID, target: Target) -> set[UUID]:
    if target.level is Level.SHIPMENT:
        return {target.id}
    statement = _SHIPMENTS.format(reached=holds.REACHED[target.level])
    return {key for (key,) in work.sql(statement, premises_id=premises_id, id=target.id)}


def tell(work: Work, affected: set[UUID]) -> None:
    """Let each shipment say what holds it now, or that nothing does."""
    for shipment in db.lock(work.session, Shipment, affected).values():
        held = holds.stopping(work, shipment.order_id)
        reason = held.reason.value if held else ""
        if status.record_hold(work, shipment.id, reason):
            event = ShipmentEvent.SHIPMENT_HELD if held else ShipmentEvent.SHIPMENT_FREED
            work.emit(event, shipment.id, number=shipment.number, reason=reason)


def _carry_aside(work: Work, hold: Hold, target: Target) -> None:
    if hold.kind not in CARRIED_ASIDE or target.level not in (Level.UNIT, Level.LOT):
        return
    unit = work.session.get(HandlingUnit, target.id)
    container_id = unit.id if unit and unit.kind in CONTAINERS else None
    rows = work.sql(
        TO_CARRY, lots=holds.lots_reached(work, target), container_id=container_id
    ).fetchall()
    for unit_id, place_id in rows:
        assignments.add(
            work,
            AssignmentKind.RELOCATE,
            hold.premises_id,
            handling_unit_id=unit_id,
            location_id=place_id,
            facts={"hold": str(hold.id), "reason": hold.reason},
        )


def _relocations(work: Work, hold_id: UUID) -> Sequence[Assignment]:
    """The pending requests to carry goods of a hold aside, locked before anything else."""
    return work.session.exec(
        select(Assignment)
        .where(
            Assignment.kind == AssignmentKind.RELOCATE,
            col(Assignment.state).in_(assignments.PENDING),
            col(Assignment.facts)["hold"].astext == str(hold_id),
        )
        .order_by(col(Assignment.id))
        .with_for_update(key_share=True)
    ).all()


def _let_go_on(work: Work, hold: Hold, ended: Callable[[], Hold]) -> Hold:
    """What *hold* held is carried aside no more, but put away; its shipments say so."""
    target = holds.target_of(hold)
    relocations = _relocations(work, hold.id)
    affected = _shipments(work, hold.premises_id, target)
    db.lock(work.session, Shipment, affected)
    hold = ended()
    lots = holds.lots_reached(work, target)
    if relocations and not _any_held(work, lots):
        for relocation in relocations:
            assignments.cancel(work, relocation)
    for (unit_id,) in work.sql(TO_STORE, lots=lots).fetchall():
        assignments.add(work, AssignmentKind.PUT_AWAY, hold.premises_id, handling_unit_id=unit_id)
    tell(work, affected)
    return hold


def _any_held(work: Work, lots: Sequence[UUID]) -> bool:
    return bool(work.sql(STILL_HELD, lots=list(lots)).fetchall()[0][0])
