"""Consignments as the desk sees them: what came, where it stands, what customs has answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import Session, col, func, select

from warehouse.core.work import Work
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import INTO_BOND, DeclarationState
from warehouse.inventory.models import Balance, HandlingUnit, Location, Lot
from warehouse.inventory.vocabulary import UnitKind
from warehouse.masterdata.models import Partner, Product
from warehouse.operations import wall
from warehouse.shipments.models import Consignment, ConsignmentLine


@dataclass(frozen=True, slots=True)
class Arrival:
    """A consignment, how many of its parcels came, and its declaration, if it has one."""

    consignment: Consignment
    partner: str
    declaration: Declaration | None
    parcels: int
    received: int


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of a consignment with its lot; *places* says how much stands where."""

    line: ConsignmentLine
    product: Product
    lot: Lot
    places: Sequence[tuple[str, Decimal]]


def newest(work: Work, *, before: str | None = None, limit: int = 50) -> Sequence[Arrival]:
    """The newest consignments here first; *before* is the last number of the page above."""
    query = (
        select(Consignment, Partner.code, Declaration)
        .join(Partner, col(Partner.id) == col(Consignment.partner_id))
        .outerjoin(
            Declaration,
            and_(
                col(Declaration.consignment_id) == col(Consignment.id),
                col(Declaration.document_type).in_(INTO_BOND),
                col(Declaration.state) != DeclarationState.CANCELLED,
            ),
        )
        .where(wall.seen(work, col(Consignment.premises_id)))
    )
    if before is not None:
        query = query.where(col(Consignment.number) < before)
    rows = work.session.exec(query.order_by(col(Consignment.number).desc()).limit(limit)).all()
    parcels = _parcels(work.session, [row[0].id for row in rows])
    return [Arrival(*row, *parcels[row[0].id]) for row in rows]


def _parcels(session: Session, consignment_ids: Sequence[UUID]) -> Mapping[UUID, tuple[int, int]]:
    """How many parcels each consignment has, and how many of them came."""
    rows = session.exec(
        select(HandlingUnit.consignment_id, func.count(), func.count(col(HandlingUnit.received_at)))
        .where(
            col(HandlingUnit.consignment_id).in_(consignment_ids),
            col(HandlingUnit.kind) == UnitKind.PARCEL,
        )
        .group_by(col(HandlingUnit.consignment_id))
    )
    return {key: (parcels, received) for key, parcels, received in rows if key is not None}


def goods(
    session: Session, consignment_id: UUID, *, after: int = 0, limit: int = 50
) -> Sequence[Goods]:
    """The lines of a consignment behind line *after*, in order."""
    rows = session.exec(
        select(ConsignmentLine, Product, Lot)
        .join(Product, col(Product.id) == col(ConsignmentLine.product_id))
        .join(Lot, col(Lot.consignment_line_id) == col(ConsignmentLine.id))
        .where(
            ConsignmentLine.consignment_id == consignment_id,
            col(ConsignmentLine.line_number) > after,
        )
        .order_by(col(ConsignmentLine.line_number))
        .limit(limit)
    ).all()
    places = standing(session, (lot.id for _, _, lot in rows))
    return [Goods(line, product, lot, places.get(lot.id, ())) for line, product, lot in rows]


def standing(
    session: Session, lot_ids: Iterable[UUID]
) -> Mapping[UUID, Sequence[tuple[str, Decimal]]]:
    """Where each lot stands, and how much of it there; a lot that is nowhere is left out."""
    found: dict[UUID, list[tuple[str, Decimal]]] = {}
    rows = session.exec(
        select(Balance.lot_id, Location.code, col(Balance.quantity))
        .join(Location, col(Location.id) == col(Balance.location_id))
        .where(col(Balance.lot_id).in_(list(lot_ids)), col(Balance.quantity) > 0)
        .order_by(col(Location.code))
    )
    for lot_id, code, quantity in rows:
        found.setdefault(lot_id, []).append((code, quantity))
    return found
