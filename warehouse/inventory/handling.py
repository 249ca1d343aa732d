"""Usual forms of handling: repack, relabel, kit, split, under the officer's permission.

What goes in comes out, for each import line: nothing is made and nothing lost (Customs Act s.120;
its reach over bonded warehouses is to be confirmed by the customs desk).  The goods pass through
the virtual place HANDLED, and what comes out stays bound to the line it came in under.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.access import queries as people
from warehouse.core import numbers
from warehouse.core.work import Work
from warehouse.inventory import admission, inbound, ledger
from warehouse.inventory.errors import (
    DuplicateParcel,
    GoodsHeld,
    HandlingNotFound,
    HandlingUnequal,
    NotInBond,
    NotPermitted,
    OwnersInOneParcel,
    PermissionMissing,
)
from warehouse.inventory.holds import Held
from warehouse.inventory.inbound import Place
from warehouse.inventory.models import Handling, HandlingUnit, Lot
from warehouse.inventory.standing import Stand
from warehouse.inventory.vocabulary import (
    HandlingKind,
    LocationKind,
    LotOrigin,
    MovementKind,
    StockEvent,
)


class Made(NamedTuple):
    """So much of a lot that comes out, in a parcel with a new label."""

    parcel: str
    lot_id: UUID
    quantity: Decimal


HELD: Final = """
SELECT hold.id, hold.kind, hold.reason, lot.number, hold.opened_at
  FROM lot, LATERAL holds_on(lot.id, %(place_id)s) AS hold
 WHERE lot.id = ANY(%(lots)s) LIMIT 1
"""


def permit(
    work: Work, kind: HandlingKind, *, permission: str, officer: str, note: str = ""
) -> Handling:
    """Record that customs permits a handling in the actor's premises: *permission* is its number.

    *officer* is the user name or badge of the officer who gave it.

    Raises:
        PermissionMissing: it has no number.
        UnknownOfficer: nobody of that name is an officer here.
    """
    assert work.actor.premises_id is not None, "who records it works somewhere"
    if not permission.strip():
        raise PermissionMissing
    handling = Handling(
        number=numbers.next_number(work, "HDL"),
        premises_id=work.actor.premises_id,
        kind=kind,
        permission=permission.strip(),
        officer_id=people.officer(work.session, officer).id,
        note=note,
        actor=work.actor.name,
        at=work.at,
    )
    work.session.add(handling)
    work.emit(
        StockEvent.HANDLING_PERMITTED,
        handling.id,
        number=handling.number,
        permission=handling.permission,
    )
    work.session.flush()
    return handling


def by_number(session: Session, premises_id: UUID, number: str) -> Handling:
    """The handling *number* of the premises.

    Raises:
        HandlingNotFound: there is none.
    """
    found = session.exec(
        select(Handling).where(Handling.premises_id == premises_id, Handling.number == number)
    ).first()
    if found is None:
        raise HandlingNotFound(number=number)
    return found


def carry_out(
    work: Work,
    handling: Handling,
    taken: Sequence[Stand],
    made: Sequence[Made],
    target: Place,
    *,
    scan_id: UUID | None = None,
) -> list[Lot]:
    """Turn what is *taken* into what is *made*, which then stands in *target*; the new lots.

    Raises:
        NotPermitted: that is another form of handling.
        HandlingUnequal: of some lot, more or less comes out than goes in.
        NotInBond: customs has not accepted some of it yet.
        GoodsHeld: a hold is on some of it.
        OwnersInOneParcel: goods of two owners would lie in one parcel.
        DuplicateParcel: a label is in use.
        InsufficientStock: less of it is free.
        LocationLocked, MayNotStand: see `admission.admit`.
    """
    _require_equal(taken, made)
    _require_permitted(handling, taken, made)
    entrance = admission.approach(work, target)
    ledger.lock(work, sorted({each.lot_id for each in taken}))
    lots = _lots(work.session, [each.lot_id for each in taken])
    _refuse(work, lots, target)
    admission.admit(work, handling.premises_id, entrance, taken)
    handled = inbound.place_of_kind(work, handling.premises_id, LocationKind.HANDLED)
    ledger.post(
        work,
        MovementKind.HANDLE,
        [
            ledger.Line(each.lot_id, each.location_id, each.quantity, each.under_bond)
            for each in taken
        ],
        target_id=handled.id,
        target_virtual=True,
        scan_id=scan_id,
        handling_id=handling.id,
    )
    children = _children(work, lots, made)
    ledger.post(
        work,
        MovementKind.HANDLE,
        [
            ledger.Line(lot.id, handled.id, lot.quantity, lots[made_of.lot_id].under_bond is True)
            for lot, made_of in zip(children, made, strict=True)
        ],
        target_id=target.id,
        source_virtual=True,
        scan_id=scan_id,
        handling_id=handling.id,
    )
    return children


def _require_equal(taken: Sequence[Stand], made: Sequence[Made]) -> None:
    put_in, taken_out = _by_lot(taken), _by_lot(made)
    if put_in != taken_out or any(each.quantity <= 0 for each in made):
        raise HandlingUnequal(
            put_in=sum(put_in.values(), Decimal(0)), taken_out=sum(taken_out.values(), Decimal(0))
        )


def _by_lot(goods: Sequence[Stand] | Sequence[Made]) -> dict[UUID, Decimal]:
    quantities: dict[UUID, Decimal] = defaultdict(Decimal)
    for each in goods:
        quantities[each.lot_id] += each.quantity
    return quantities


def _require_permitted(handling: Handling, taken: Sequence[Stand], made: Sequence[Made]) -> None:
    """Repacking may be anything; the other forms say what they are."""
    lots_in, lots_out = len({each.lot_id for each in taken}), len(made)
    done = {
        HandlingKind.REPACK: True,
        HandlingKind.RELABEL: lots_out == lots_in,
        HandlingKind.KIT: len({each.parcel for each in made}) == 1,
        HandlingKind.SPLIT: lots_out > lots_in,
    }
    if not done[handling.kind]:
        raise NotPermitted(number=handling.number)


def _lots(session: Session, keys: Sequence[UUID]) -> Mapping[UUID, Lot]:
    found = session.exec(
        select(Lot).where(col(Lot.id).in_(keys)).execution_options(populate_existing=True)
    )
    return {lot.id: lot for lot in found}


def _refuse(work: Work, lots: Mapping[UUID, Lot], target: Place) -> None:
    """A hold on a lot or its parcel would not reach what comes out; nor would an acceptance."""
    for lot in lots.values():
        if lot.accepted_at is None:
            raise NotInBond(lot=lot.number)
    for row in work.sql(HELD, lots=list(lots), place_id=target.id):
        raise GoodsHeld(**Held.read(row).facts)


def _children(work: Work, lots: Mapping[UUID, Lot], made: Sequence[Made]) -> list[Lot]:
    """The lots that come out, in parcels of their own, bound as their parents are."""
    units: dict[str, HandlingUnit] = {}
    for each in made:
        unit = units.get(each.parcel)
        if unit is None:
            units[each.parcel] = _parcel(work, each.parcel, lots[each.lot_id])
        elif unit.partner_id != lots[each.lot_id].partner_id:
            raise OwnersInOneParcel(parcel=each.parcel)
    children = [_child(work, lots[each.lot_id], each, units[each.parcel]) for each in made]
    work.session.add_all(children)
    work.session.flush()
    return children


def _parcel(work: Work, number: str, parent: Lot) -> HandlingUnit:
    known = select(HandlingUnit.id).where(
        HandlingUnit.premises_id == parent.premises_id, HandlingUnit.number == number
    )
    if work.session.exec(known).first() is not None:
        raise DuplicateParcel(parcel=number)
    old = work.session.get_one(HandlingUnit, parent.handling_unit_id)
    unit = HandlingUnit(
        premises_id=parent.premises_id,
        partner_id=parent.partner_id,
        consignment_id=old.consignment_id,
        number=number,
        received_at=work.at,
    )
    work.session.add(unit)
    work.session.flush()
    return unit


def _child(work: Work, parent: Lot, made: Made, unit: HandlingUnit) -> Lot:
    return Lot(
        number=numbers.next_number(work, "LOT"),
        premises_id=parent.premises_id,
        partner_id=parent.partner_id,
        product_id=parent.product_id,
        handling_unit_id=unit.id,
        origin=LotOrigin.HANDLED,
        parent_lot_id=parent.id,
        quantity=made.quantity,
        unit=parent.unit,
        regime=parent.regime,
        batch=parent.batch,
        expires_on=parent.expires_on,
        serial=parent.serial,
        declaration_line_id=parent.declaration_line_id,
        declaration_number=parent.declaration_number,
        line_number=parent.line_number,
        accepted_at=parent.accepted_at,
        announced_at=work.at,
    )
