"""How the waves stand: late, waiting, on the floor, done.  Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from warehouse.core.errors import NotFound
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.operations.models import Assignment, ReleaseChannel, Wave
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, AssignmentState, WaveState
from warehouse.shipments import routes

# Promised, nobody's work yet, and nothing of it held or missing in its bin.
WAITING: Final = f"""
SELECT shipment.id, partner_id, coalesce(route_id, {routes.BY_POSTCODE}), created_at FROM shipment
 WHERE premises_id = %(premises_id)s AND custody = 'stored'
   AND NOT EXISTS (SELECT FROM assignment WHERE shipment_id = shipment.id AND kind = 'pick'
                      AND state IN ('open', 'taken'))
   AND NOT EXISTS (
        SELECT FROM order_line JOIN reservation ON order_line_id = order_line.id
         WHERE order_line.order_id = shipment.order_id AND reservation.state = 'held'
           AND (EXISTS (SELECT FROM holds_on(lot_id, reservation.location_id))
                OR EXISTS (SELECT FROM count WHERE count.location_id = reservation.location_id
                              AND reason = 'requested' AND state NOT IN ('closed', 'cancelled'))))
 ORDER BY created_at, shipment.id
"""  # noqa: S608 (no words of a user)
STORED: Final = "SELECT FROM shipment WHERE id = %(id)s AND custody = 'stored'"


class WaveNotFound(NotFound):
    """No such wave in these premises."""

    code = "wave-not-found"
    message = N_("There is no wave {number} here.")


class Unplanned(NamedTuple):
    """A shipment that is in no wave yet."""

    shipment_id: UUID
    partner_id: UUID
    route_id: UUID | None
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A wave and how far it is: so many wait, are being picked, are picked."""

    wave: Wave
    channel: ReleaseChannel
    waiting: int
    picking: int
    picked: int
    late: bool


def by_number(session: Session, premises_id: UUID, number: str) -> Wave:
    """The wave *number* of the premises.

    Raises:
        WaveNotFound: there is none.
    """
    query = select(Wave).where(Wave.premises_id == premises_id, Wave.number == number)
    if found := session.exec(query).first():
        return found
    raise WaveNotFound(number=number)


def board(session: Session, premises_id: UUID, at: datetime, *, done: int = 20) -> list[Standing]:
    """The waves that are not done, the earliest cut-off first, and the last *done* that are."""
    waves = [
        *in_state(session, premises_id, WaveState.PLANNED, WaveState.RELEASED),
        *reversed(in_state(session, premises_id, WaveState.DONE)[-done:]),
    ]
    channels = {each.id: each for each in channels_of(session, premises_id)}
    amounts = _amounts(session, [each.id for each in waves])
    return [_standing(wave, channels[wave.channel_id], amounts, at) for wave in waves]


def channels_of(session: Session, premises_id: UUID) -> Sequence[ReleaseChannel]:
    """The channels of the premises, the most urgent first."""
    return session.exec(
        select(ReleaseChannel)
        .where(ReleaseChannel.premises_id == premises_id)
        .order_by(col(ReleaseChannel.priority).desc(), col(ReleaseChannel.code))
    ).all()


def unplanned(work: Work, premises_id: UUID) -> list[Unplanned]:
    """The shipments that wait for room in their channel, the oldest order first."""
    return [Unplanned(*row) for row in work.sql(WAITING, premises_id=premises_id)]


def still_stored(work: Work, shipment_id: UUID) -> bool:
    """Whether a shipment is to be picked, as of now."""
    return work.sql(STORED, id=shipment_id).fetchone() is not None


def find(session: Session, channel_id: UUID, at: datetime) -> Wave | None:
    """The wave of a channel for the cut-off *at*."""
    return session.exec(
        select(Wave).where(Wave.channel_id == channel_id, Wave.cut_off_at == at)
    ).first()


def in_state(session: Session, premises_id: UUID, *states: WaveState) -> Sequence[Wave]:
    """The waves of the premises in *states*, the earliest cut-off first."""
    return session.exec(
        select(Wave)
        .where(Wave.premises_id == premises_id, col(Wave.state).in_(states))
        .order_by(col(Wave.cut_off_at), col(Wave.number))
    ).all()


def pending(session: Session, channel_id: UUID, *states: WaveState) -> int:
    """How many shipments are still to be picked in waves of a channel in *states*."""
    return session.exec(
        select(func.count())
        .select_from(Assignment)
        .join(Wave, col(Wave.id) == col(Assignment.wave_id))
        .where(
            Wave.channel_id == channel_id,
            col(Wave.state).in_(states),
            Assignment.kind == AssignmentKind.PICK,
            col(Assignment.state).in_(assignments.PENDING),
        )
    ).one()


def size(session: Session, wave: Wave) -> int:
    """How many shipments of *wave* are still to be picked."""
    amounts = _amounts(session, [wave.id])
    return sum(amounts.get((wave.id, state), 0) for state in assignments.PENDING)


def _amounts(
    session: Session, waves: Sequence[UUID]
) -> Mapping[tuple[UUID | None, AssignmentState], int]:
    rows = session.exec(
        select(Assignment.wave_id, Assignment.state, func.count())
        .where(col(Assignment.wave_id).in_(waves), Assignment.kind == AssignmentKind.PICK)
        .group_by(col(Assignment.wave_id), col(Assignment.state))
    )
    return {(wave_id, AssignmentState(state)): amount for wave_id, state, amount in rows}


def _standing(
    wave: Wave,
    channel: ReleaseChannel,
    amounts: Mapping[tuple[UUID | None, AssignmentState], int],
    at: datetime,
) -> Standing:
    waiting, picking, picked = (
        amounts.get((wave.id, state), 0)
        for state in (AssignmentState.OPEN, AssignmentState.TAKEN, AssignmentState.DONE)
    )
    late = bool(waiting + picking) and wave.cut_off_at <= at
    return Standing(wave, channel, waiting, picking, picked, late)
