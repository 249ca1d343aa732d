"""Waves: the shipments of a channel that are picked for one cut-off, and when the floor gets them.

A shipment belongs to the first cut-off after it was ordered; it is in a wave by its piece of work,
which nobody is handed before the wave is released.  A channel never has more in its waves than the
floor may pick at once: the rest waits, and is planned as soon as there is room.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import clock, db, numbers
from warehouse.core.errors import Conflict, RuleViolation
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.masterdata.models import Premises
from warehouse.operations.models import Assignment, ReleaseChannel, Wave
from warehouse.operations.planning import assignments, channels, wave_board
from warehouse.operations.vocabulary import (
    WAVE,
    AssignmentKind,
    FloorEvent,
    WaveState,
)
from warehouse.shipments import routes

GENERAL: Final = "GENERAL"
"""The code of the channel for whatever belongs to no other, so that nothing is forgotten."""

DUE: Final = "UPDATE assignment SET due_at = %(at)s WHERE wave_id = %(wave_id)s"


class ChannelFull(Conflict):
    """The floor picks so many of a channel's shipments at once, and no more."""

    code = "channel-full"
    message = N_("{channel} has {in_progress} on the floor, and {most} is the most at once.")


class CutOffTaken(Conflict):
    """A channel has one wave for a cut-off."""

    code = "cut-off-taken"
    message = N_("{number} is for that cut-off already.")


class CutOffPast(RuleViolation):
    """A cut-off lies ahead."""

    code = "cut-off-past"
    message = N_("{at} is past. Choose a later time.")


def plan_waves(work: Work, _facts: Facts) -> None:
    """Plan, release and finish what is due in all premises.

    Shipments are touched last: whoever picks one has locked its piece of work before it.
    """
    for premises_id in work.session.exec(select(Premises.id).order_by(col(Premises.code))).all():
        plan(work, premises_id)
        release_due(work, premises_id)
        finish(work, premises_id)
        routes.assign(work, premises_id)


def plan(work: Work, premises_id: UUID) -> int:
    """Put what waits into the wave of its channel's next cut-off; return how many shipments."""
    found = _locked_channels(work, premises_id)
    room = {
        each.id: each.most_in_progress - wave_board.pending(work.session, each.id, *WaveState)
        for each in found
    }
    planned = 0
    for shipment_id, partner_id, route_id, created_at in wave_board.unplanned(work, premises_id):
        channel = _channel_of(found, partner_id, route_id)
        if room[channel.id] <= 0:
            continue
        wave = _wave(work, channel, cut_off_after(channel, created_at))
        added = assignments.add(
            work,
            AssignmentKind.PICK,
            premises_id,
            priority=channel.priority,
            due_at=wave.cut_off_at,
            wave_id=wave.id,
            shipment_id=shipment_id,
        )
        if added is None:
            continue
        if wave_board.still_stored(work, shipment_id):
            room[channel.id] -= 1
            planned += 1
        else:  # somebody picked it after we looked and before its piece of work was there
            assignments.cancel(work, work.session.get_one(Assignment, added))
    return planned


def release_due(work: Work, premises_id: UUID) -> None:
    """Release what the floor has room for, save what somebody holds back."""
    for wave in wave_board.in_state(work.session, premises_id, WaveState.PLANNED):
        channel = _lock_channel(work, wave.channel_id)
        if wave.released_at is None and not _too_much(work.session, channel, wave):
            release(work, wave)


def release(work: Work, wave: Wave) -> Wave:
    """Give *wave* to the floor: from now on its shipments are handed out.

    Raises:
        ChannelFull: the floor would have more of the channel than it may.
        WrongState: it is not planned.
    """
    channel = _lock_channel(work, wave.channel_id)
    wave = _lock(work, wave)
    released = WAVE.step(wave.state, WaveState.RELEASED)
    if _too_much(work.session, channel, wave):
        raise ChannelFull(
            channel=channel.code,
            in_progress=wave_board.pending(work.session, channel.id, WaveState.RELEASED),
            most=channel.most_in_progress,
        )
    wave.state = released
    wave.released_at = work.at
    work.emit(FloorEvent.WAVE_RELEASED, wave.id, number=wave.number)
    work.session.flush()
    return wave


def hold_back(work: Work, wave: Wave) -> Wave:
    """Hand out no more of *wave* until somebody releases it again.

    Raises:
        WrongState: it is not on the floor.
    """
    wave = _lock(work, wave)
    wave.state = WAVE.step(wave.state, WaveState.PLANNED)
    work.emit(FloorEvent.WAVE_PLANNED, wave.id, number=wave.number, held_back="yes")
    work.session.flush()
    return wave


def set_cut_off(work: Work, wave: Wave, time_of_day: str) -> Wave:
    """Move the cut-off of *wave* to another time, ``HH:MM`` in Bangkok, of its day.

    Raises:
        NoTimeOfDay: that is not one.
        CutOffPast: it is over.
        CutOffTaken: another wave of the channel has that cut-off.
    """
    wave = _lock(work, wave)
    day = clock.local_date(wave.cut_off_at)
    time_then = time.fromisoformat(channels.time_of_day(time_of_day))
    at = datetime.combine(day, time_then, clock.BANGKOK).astimezone(UTC)
    if at <= work.at:
        raise CutOffPast(at=at)
    if (other := wave_board.find(work.session, wave.channel_id, at)) and other.id != wave.id:
        raise CutOffTaken(number=other.number)
    wave.cut_off_at = at
    work.session.flush()
    work.sql(DUE, at=at, wave_id=wave.id)
    return wave


def finish(work: Work, premises_id: UUID) -> None:
    """End the waves whose cut-off is over and of which nothing is left to pick."""
    for wave in wave_board.in_state(work.session, premises_id, WaveState.RELEASED):
        if wave.cut_off_at <= work.at and not wave_board.size(work.session, wave):
            wave = _lock(work, wave)  # noqa: PLW2901 (the same wave, read afresh)
            wave.state = WAVE.step(wave.state, WaveState.DONE)
            wave.done_at = work.at
            work.emit(FloorEvent.WAVE_DONE, wave.id, number=wave.number)
    work.session.flush()


def cut_off_after(channel: ReleaseChannel, ordered_at: datetime) -> datetime:
    """The first cut-off of *channel* after *ordered_at*."""
    local = ordered_at.astimezone(clock.BANGKOK)
    today = datetime.combine(local.date(), time.fromisoformat(channel.cut_off), clock.BANGKOK)
    at = today if today > local else today + timedelta(days=1)
    return at.astimezone(UTC)


def _channel_of(
    found: Sequence[ReleaseChannel], partner_id: UUID, route_id: UUID | None
) -> ReleaseChannel:
    """The channel that fits best: of partner and route, of the partner, of the route, any."""
    fitting = [
        each
        for each in found
        if each.partner_id in {None, partner_id} and each.route_id in {None, route_id}
    ]
    return max(fitting, key=lambda each: (each.partner_id is not None, each.route_id is not None))


def _locked_channels(work: Work, premises_id: UUID) -> Sequence[ReleaseChannel]:
    """The channels of the premises, held: room in them is counted and given out by one alone."""
    found = wave_board.channels_of(work.session, premises_id)
    if not any(each.partner_id is None and each.route_id is None for each in found):
        db.lock(work.session, Premises, [premises_id])
        found = wave_board.channels_of(work.session, premises_id)
    if not any(each.partner_id is None and each.route_id is None for each in found):
        work.session.add(
            ReleaseChannel(
                premises_id=premises_id,
                code=GENERAL,
                name_th="ทั่วไป",
                name_en="General",
                cut_off="16:00",
                most_in_progress=200,
            )
        )
        work.session.flush()
        found = wave_board.channels_of(work.session, premises_id)
    return list(db.lock(work.session, ReleaseChannel, [each.id for each in found]).values())


def _lock_channel(work: Work, channel_id: UUID) -> ReleaseChannel:
    return db.lock(work.session, ReleaseChannel, [channel_id])[channel_id]


def _lock(work: Work, wave: Wave) -> Wave:
    return db.lock(work.session, Wave, [wave.id])[wave.id]


def _wave(work: Work, channel: ReleaseChannel, at: datetime) -> Wave:
    """The wave of *channel*, held, for the cut-off *at*; the next day's, where that one is over."""
    found = wave_board.find(work.session, channel.id, at)
    if found is not None and found.state in (WaveState.DONE, WaveState.CANCELLED):
        return _wave(work, channel, at + timedelta(days=1))
    if found is None:
        found = Wave(
            number=numbers.next_number(work, "WAV"),
            premises_id=channel.premises_id,
            channel_id=channel.id,
            cut_off_at=at,
            state=WaveState.PLANNED,
            planned_at=work.at,
        )
        work.session.add(found)
        work.emit(FloorEvent.WAVE_PLANNED, found.id, number=found.number)
        work.session.flush()
    return found


def _too_much(session: Session, channel: ReleaseChannel, wave: Wave) -> bool:
    """Whether the floor would have more of *channel* than it may, with *wave*."""
    now = wave_board.pending(session, channel.id, WaveState.RELEASED)
    return now + wave_board.size(session, wave) > channel.most_in_progress
