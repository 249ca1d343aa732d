"""A consignment from the dock to the end of its receipt."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, or_, select

from warehouse.core import db
from warehouse.core.work import Work
from warehouse.shipments.errors import AlreadyArrived, ConsignmentNotFound, ReceiptClosed
from warehouse.shipments.models import Arrival, Consignment
from warehouse.shipments.vocabulary import CONSIGNMENT, ConsignmentState, ShipmentEvent

CLOSED: Final = frozenset({ConsignmentState.CLOSED, ConsignmentState.CLOSED_WITH_DISCREPANCY})
"""Receipts to which nothing is added and from which nothing is taken back."""


def named(session: Session, premises_id: UUID, label: str) -> Sequence[Consignment]:
    """The consignments of the premises that *label* may mean, newest first.

    It is our own number, a partner's reference, or the UPU S8 despatch they come with.
    """
    return session.exec(
        select(Consignment)
        .where(
            Consignment.premises_id == premises_id,
            or_(
                Consignment.number == label.upper(),
                Consignment.external_ref == label,
                Consignment.despatch == label,
            ),
        )
        .order_by(col(Consignment.announced_at).desc())
    ).all()


def arrival_of(session: Session, consignment_id: UUID) -> Arrival | None:
    """How the consignment came, if it has."""
    return session.exec(select(Arrival).where(Arrival.consignment_id == consignment_id)).first()


def bare(seal: str) -> str:
    """*seal* as it is compared: people leave spaces and hyphens out, or put them in."""
    return seal.upper().replace(" ", "").replace("-", "")


def arrive(
    work: Work, consignment_id: UUID, *, vehicle: str, seals: Sequence[str], scan_id: UUID
) -> Arrival:
    """The vehicle with a consignment is at the dock, carrying *seals*.

    It is intact when every announced seal was found and no other, or none was announced.

    Raises:
        ConsignmentNotFound: there is none.
        AlreadyArrived: somebody has recorded it.
    """
    consignment = lock(work, consignment_id)
    if earlier := arrival_of(work.session, consignment_id):
        raise AlreadyArrived(number=consignment.number, at=earlier.at, person=earlier.actor)
    announced, found = set(map(bare, consignment.seals)), set(map(bare, seals))
    arrival = Arrival(
        consignment_id=consignment_id,
        vehicle=vehicle,
        seals=list(seals),
        intact=not announced or announced == found,
        scan_id=scan_id,
        actor=work.actor.name,
        at=work.at,
    )
    work.session.add(arrival)
    if consignment.state is ConsignmentState.ANNOUNCED:
        consignment.state = ConsignmentState.ARRIVED
    work.emit(
        ShipmentEvent.CONSIGNMENT_ARRIVED,
        consignment_id,
        number=consignment.number,
        vehicle=vehicle,
        seals="intact" if arrival.intact else "differ",
    )
    return arrival


def lock(work: Work, consignment_id: UUID) -> Consignment:
    """The consignment, held to the end of the transaction.

    Raises:
        ConsignmentNotFound: there is none.
    """
    found = db.lock(work.session, Consignment, [consignment_id], missing=ConsignmentNotFound)
    return found[consignment_id]


def require_open(consignment: Consignment) -> None:
    """Nothing is taken back from a receipt that was closed.

    Raises:
        ReceiptClosed: it was.
    """
    if consignment.state in CLOSED:
        raise ReceiptClosed(number=consignment.number)


def close_receipt(work: Work, consignment: Consignment, *, complete: bool) -> None:
    """What came is compared with what was announced; *complete*: all of it came, as it should.

    The caller holds *consignment* locked.

    Raises:
        ReceiptClosed: it was closed before.
        WrongState: it has not arrived.
    """
    require_open(consignment)
    if consignment.state is ConsignmentState.ARRIVED:  # a vehicle may come with nothing of it
        consignment.state = CONSIGNMENT.step(consignment.state, ConsignmentState.RECEIVING)
    target = ConsignmentState.CLOSED if complete else ConsignmentState.CLOSED_WITH_DISCREPANCY
    consignment.state = CONSIGNMENT.step(consignment.state, target)
    work.emit(
        ShipmentEvent.CONSIGNMENT_CLOSED,
        consignment.id,
        number=consignment.number,
        complete="yes" if complete else "no",
    )


def reopen(consignment: Consignment) -> None:
    """A parcel is awaited again: not all of the consignment is here any more.

    Raises:
        ReceiptClosed: its receipt was closed.
    """
    require_open(consignment)
    if consignment.state is ConsignmentState.RECEIVED:
        consignment.state = CONSIGNMENT.step(consignment.state, ConsignmentState.RECEIVING)
