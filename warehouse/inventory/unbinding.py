"""Customs cancelled a declaration: its lots wait for another, as before it was accepted."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Work
from warehouse.inventory import ledger
from warehouse.inventory.errors import LotPromised
from warehouse.inventory.models import Lot, Reservation
from warehouse.inventory.vocabulary import ReservationState, StockEvent


def lots_of(session: Session, line_ids: Iterable[UUID]) -> list[Lot]:
    """The lots that are bound to the import lines *line_ids*."""
    found = session.exec(
        select(Lot).where(col(Lot.declaration_line_id).in_(list(line_ids))).order_by(col(Lot.id))
    )
    return list(found)


def refuse_promised(session: Session, lots: Iterable[Lot]) -> None:
    """Go on only if none of *lots* is promised to an order, or picked for one.

    Raises:
        LotPromised: one is.
    """
    numbers = {lot.id: lot.number for lot in lots}
    promised = session.exec(
        select(Reservation.lot_id)
        .where(
            col(Reservation.lot_id).in_(list(numbers)),
            col(Reservation.state).in_([ReservationState.HELD, ReservationState.PICKED]),
        )
        .order_by(col(Reservation.lot_id))
    ).first()
    if promised is not None:
        raise LotPromised(lot=numbers[promised])


def unbind(work: Work, line_ids: Iterable[UUID]) -> None:
    """Free the lots of *line_ids*, whose declaration customs has cancelled, to be declared again.

    Raises:
        LotPromised: one is promised to an order, or picked for one.
    """
    lots = lots_of(work.session, line_ids)
    ledger.lock(work, [lot.id for lot in lots])
    refuse_promised(work.session, lots)
    for lot in lots:
        work.emit(
            StockEvent.UNBOUND,
            lot.id,
            declaration=lot.declaration_number or "",
            line=str(lot.line_number),
        )
        lot.declaration_line_id = lot.declaration_number = None
        lot.line_number = lot.accepted_at = None
    work.session.flush()
