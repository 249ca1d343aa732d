"""Holds: goods that may not be promised or leave, though they may be carried inside bond.

A hold is on one thing and reaches everything in it; the SQL function ``holds_on`` says which reach
a lot at a place.  Whoever places one locks the lots it reaches first: an exit or a promise that is
under way is either done before it or sees it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypedDict, Unpack, cast
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.access.vocabulary import PERMISSIONS, ROLE_NAMES, Permission, Role
from warehouse.core import db
from warehouse.core.work import Work
from warehouse.inventory.errors import (
    GoodsHeld,
    HoldLifted,
    HoldNotFound,
    MayNotLift,
    NoteMissing,
    ReasonMissing,
)
from warehouse.inventory.models import Hold
from warehouse.inventory.vocabulary import (
    CUSTOMS_HOLDS,
    HOLD_NAMES,
    OPEN_TO_RELEASE,
    HoldKind,
    StockEvent,
)
from warehouse.masterdata.reasons import REASON_NAMES, Reason

KIND_OF: Final[Mapping[Reason, HoldKind]] = {
    Reason.CUSTOMS_DOCUMENTATION: HoldKind.CUSTOMS,
    Reason.CUSTOMS_DUTIES_UNPAID: HoldKind.CUSTOMS,
    Reason.CUSTOMS_PROHIBITED: HoldKind.CUSTOMS,
    Reason.CUSTOMS_INSPECTION: HoldKind.CUSTOMS,
    Reason.CUSTOMS_DELAY: HoldKind.CUSTOMS,
    Reason.PERMIT_MISSING: HoldKind.PERMIT,
    Reason.VALUE_QUERY: HoldKind.CUSTOMS,
    Reason.HS_QUERY: HoldKind.CUSTOMS,
    Reason.STORAGE_OVERDUE: HoldKind.OVERDUE,
    Reason.GUARANTEE_LIMIT: HoldKind.CUSTOMS,
    Reason.WEIGHT_MISMATCH: HoldKind.INSPECTION,
    Reason.SEAL_MISMATCH: HoldKind.INSPECTION,
    Reason.UNANNOUNCED: HoldKind.INSPECTION,
    Reason.DAMAGED: HoldKind.DAMAGE,
    Reason.COUNT_DIFFERENCE: HoldKind.COUNT,
    Reason.RETURN_DIFFERENCE: HoldKind.INSPECTION,
    Reason.OWNER_REQUEST: HoldKind.PARTNER,
    Reason.PAYMENT_MISSING: HoldKind.PAYMENT,
}
"""The kind of hold that each reason makes."""


class Level(StrEnum):
    """What a hold can be on: the name of its column, without ``_id``."""

    PARTNER = "partner"
    PRODUCT = "product"
    CONSIGNMENT = "consignment"
    UNIT = "handling_unit"
    LOT = "lot"
    LOCATION = "location"
    SHIPMENT = "shipment"


class Target(NamedTuple):
    """The one thing that a hold is on."""

    level: Level
    id: UUID


class On(TypedDict, total=False):
    """The one thing that a hold is on, by the name of its column."""

    partner_id: UUID
    product_id: UUID
    consignment_id: UUID
    handling_unit_id: UUID
    lot_id: UUID
    location_id: UUID
    shipment_id: UUID


class Held(NamedTuple):
    """A hold that stops *goods*: a parcel, or a shipment."""

    id: UUID
    kind: HoldKind
    reason: Reason
    goods: str
    opened_at: datetime

    @classmethod
    def read(cls, row: tuple[Any, ...]) -> "Held":
        """What a statement found of a hold, in this order."""
        key, kind, reason, goods, opened_at = row
        return cls(key, HoldKind(kind), Reason(reason), goods, opened_at)

    @property
    def facts(self) -> dict[str, object]:
        """For a sentence: what is held, why, and who can lift it."""
        return {
            "goods": self.goods,
            "kind": HOLD_NAMES[self.kind],
            "because": REASON_NAMES[self.reason],
            "reason_code": self.reason.value,
            "who": [ROLE_NAMES[role] for role in lifters(self.kind)],
        }


_INSIDE: Final = """
WITH RECURSIVE inside AS (
    SELECT %(id)s::uuid AS id
    UNION SELECT {table}.id FROM {table} JOIN inside ON {table}.parent_id = inside.id
)
SELECT {found} JOIN inside ON inside.id = {place} {more}
"""
REACHED: Final[Mapping[Level, str]] = {
    Level.LOT: "SELECT %(id)s::uuid",
    Level.PRODUCT: "SELECT id FROM lot WHERE product_id = %(id)s",
    Level.PARTNER: "SELECT id FROM lot WHERE partner_id = %(id)s",
    Level.CONSIGNMENT: "SELECT lot.id FROM lot JOIN handling_unit AS unit"
    " ON unit.id = handling_unit_id WHERE unit.consignment_id = %(id)s",
    Level.LOCATION: _INSIDE.format(
        table="location", found="lot_id FROM balance", place="location_id", more=""
    ),
    Level.UNIT: _INSIDE.format(
        table="handling_unit",
        found="lot.id FROM lot",
        place="handling_unit_id",
        more="UNION SELECT lot_id FROM reservation JOIN inside ON inside.id = container_id"
        " WHERE state = 'picked'",
    ),
    Level.SHIPMENT: "SELECT lot_id FROM reservation JOIN order_line AS line"
    " ON line.id = order_line_id JOIN shipment USING (order_id) WHERE shipment.id = %(id)s",
}
"""Where to find the lots that a hold on the thing *id* reaches, by what that thing is."""

LOCK_REACHED: Final = """
SELECT lot.id FROM lot
 WHERE premises_id = %(premises_id)s AND id IN ({reached})
   AND EXISTS (SELECT FROM balance WHERE lot_id = lot.id AND quantity > 0)
 ORDER BY id FOR NO KEY UPDATE
"""

# The hold on what was promised to an order that has to be lifted first: customs' before others.
# What stands in a tote is held with the tote.
STOPPING: Final = """
WITH RECURSIVE promised AS (
    SELECT reservation.lot_id, reservation.location_id, container_id, unit.number AS goods
      FROM reservation JOIN lot ON lot.id = lot_id
      JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
     WHERE order_line_id IN (SELECT id FROM order_line WHERE order_id = %(order_id)s)
       AND state IN ('held', 'picked')
), around AS (
    SELECT container_id AS id, goods FROM promised WHERE container_id IS NOT NULL
    UNION
    SELECT unit.parent_id, goods FROM handling_unit AS unit JOIN around ON around.id = unit.id
     WHERE unit.parent_id IS NOT NULL
)
SELECT id, kind, reason, goods, opened_at FROM (
    SELECT hold.id, kind, reason, goods, opened_at
      FROM promised CROSS JOIN LATERAL holds_on(lot_id, location_id) AS hold
    UNION ALL
    SELECT hold.id, kind, reason, goods, opened_at
      FROM around JOIN hold ON hold.handling_unit_id = around.id AND closed_at IS NULL
    UNION ALL
    SELECT hold.id, kind, reason, shipment.number, opened_at
      FROM hold JOIN shipment ON shipment.id = hold.shipment_id
     WHERE shipment.order_id = %(order_id)s AND closed_at IS NULL
) AS found
 WHERE kind <> ALL(%(open)s)
 ORDER BY kind = ANY(%(customs)s) DESC, opened_at, id LIMIT 1
"""

REACHING: Final = """
SELECT hold.id, hold.kind, reason, unit.number, opened_at
  FROM lot JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
 CROSS JOIN LATERAL holds_on(lot.id, %(place_id)s) AS hold
 WHERE lot.id = %(lot_id)s ORDER BY hold.kind = ANY(%(customs)s) DESC, opened_at, hold.id LIMIT 1
"""


def place(
    work: Work,
    kind: HoldKind,
    reason: str,
    *,
    premises_id: UUID,
    note: str = "",
    officer_id: UUID | None = None,
    discrepancy_id: UUID | None = None,
    **on: Unpack[On],
) -> Hold:
    """Hold the one thing *on*, on the word of an officer where one is named.

    The caller holds the shipments that have goods of it: `operations.holding` does.

    Raises:
        ReasonMissing: *reason* is none of the coded ones.
    """
    refuse_unreasoned(reason)
    hold = Hold(
        premises_id=premises_id,
        kind=kind,
        reason=reason,
        note=note,
        officer_id=officer_id,
        discrepancy_id=discrepancy_id,
        opened_by=work.actor.name,
        opened_at=work.at,
        **on,
    )
    target = target_of(hold)
    statement = LOCK_REACHED.format(reached=REACHED[target.level])
    work.sql(statement, premises_id=premises_id, id=target.id)
    work.session.add(hold)
    work.emit(StockEvent.HELD, hold.id, kind=kind.value, reason=reason, on=target.level.value)
    work.session.flush()
    return hold


def lift(work: Work, hold_id: UUID, note: str) -> Hold:
    """End a hold of the actor's premises, and say why.

    Raises:
        HoldNotFound: there is none here.
        HoldLifted: it was ended before.
        MayNotLift: it is for another role to end.
        NoteMissing: *note* says nothing.
    """
    hold = db.lock(work.session, Hold, [hold_id], missing=HoldNotFound)[hold_id]
    if hold.premises_id != work.actor.premises_id:
        raise HoldNotFound(key=str(hold_id))
    if hold.closed_at is not None:
        raise HoldLifted(person=hold.closed_by, at=hold.closed_at)
    if Role(work.actor.role) not in lifters(hold.kind):
        raise MayNotLift(
            kind=HOLD_NAMES[hold.kind], who=[ROLE_NAMES[role] for role in lifters(hold.kind)]
        )
    if not note.strip():
        raise NoteMissing
    return _end(work, hold, note.strip())


def end(work: Work, hold_id: UUID, note: str) -> Hold:
    """End a hold because what it waited for has come; whoever ended it before was right, too.

    Raises:
        HoldNotFound: there is none.
    """
    hold = db.lock(work.session, Hold, [hold_id], missing=HoldNotFound)[hold_id]
    return hold if hold.closed_at is not None else _end(work, hold, note)


def lift_of_discrepancy(
    work: Work, discrepancy_id: UUID, note: str, *, shipment_id: UUID | None = None
) -> list[Hold]:
    """End what a case held, now that it has ended, or that it stops *shipment_id* no more.

    Returns the holds.
    """
    of_case = select(Hold.id).where(
        Hold.discrepancy_id == discrepancy_id, col(Hold.closed_at).is_(None)
    )
    if shipment_id is not None:
        of_case = of_case.where(Hold.shipment_id == shipment_id)
    locked = db.lock(work.session, Hold, work.session.exec(of_case).all())
    return [_end(work, hold, note) for hold in locked.values() if hold.closed_at is None]


def refuse_unreasoned(reason: str) -> None:
    """Nothing is held without a reason.

    Raises:
        ReasonMissing: *reason* is none of the coded ones.
    """
    if reason not in set(Reason):
        raise ReasonMissing


def target_of(hold: Hold) -> Target:
    """What *hold* is on."""
    [target] = (
        Target(level, key) for level in Level if (key := getattr(hold, f"{level.value}_id"))
    )
    return target


def on(target: Target) -> On:
    """*target*, as `place` takes it."""
    return cast("On", {f"{target.level.value}_id": target.id})


def lots_reached(work: Work, target: Target) -> list[UUID]:
    """The lots that a hold on *target* reaches, here or gone."""
    return [key for (key,) in work.sql(REACHED[target.level], id=target.id)]


def lifters(kind: HoldKind) -> list[Role]:
    """The roles that end a hold of *kind*."""
    needed = Permission.LIFT_CUSTOMS_HOLDS if kind in CUSTOMS_HOLDS else Permission.LIFT_FLOOR_HOLDS
    return [role for role, allowed in PERMISSIONS.items() if needed in allowed]


def stopping(work: Work, order_id: UUID) -> Held | None:
    """The hold that stops what was promised to an order, or its shipment; None when none does.

    What customs has released may leave though its storage time has ended.
    """
    row = work.sql(
        STOPPING, order_id=order_id, open=list(OPEN_TO_RELEASE), customs=list(CUSTOMS_HOLDS)
    ).fetchone()
    return None if row is None else Held.read(row)


def reaching(work: Work, lot_id: UUID, place_id: UUID | None) -> Held | None:
    """The hold that reaches a lot at a place, customs' before others; None when none does."""
    row = work.sql(
        REACHING, lot_id=lot_id, place_id=place_id, customs=list(CUSTOMS_HOLDS)
    ).fetchone()
    return None if row is None else Held.read(row)


def refuse_held(work: Work, order_id: UUID) -> None:
    """Nothing of an order is held.

    Raises:
        GoodsHeld: something is.
    """
    if held := stopping(work, order_id):
        raise GoodsHeld(**held.facts)


def by_id(session: Session, premises_id: UUID, hold_id: UUID) -> Hold:
    """The hold *hold_id* of the premises.

    Raises:
        HoldNotFound: there is none.
    """
    found = session.get(Hold, hold_id)
    if found is None or found.premises_id != premises_id:
        raise HoldNotFound(key=str(hold_id))
    return found


def _end(work: Work, hold: Hold, note: str) -> Hold:
    hold.closed_by, hold.closed_at, hold.closing_note = work.actor.name, work.at, note
    work.emit(StockEvent.HOLD_LIFTED, hold.id, kind=hold.kind.value, reason=hold.reason)
    work.session.flush()
    return hold
