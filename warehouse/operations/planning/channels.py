"""Setting up what the floor works by: channels of waves, routes with their lanes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from warehouse.core import db
from warehouse.core.errors import NotFound, RuleViolation
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.inventory import inbound
from warehouse.inventory.vocabulary import LocationKind
from warehouse.masterdata import queries as masterdata
from warehouse.operations.models import ReleaseChannel
from warehouse.shipments import routes
from warehouse.shipments.errors import CodeInUse
from warehouse.shipments.models import Route


class NoTimeOfDay(RuleViolation):
    """A cut-off is a time of day."""

    code = "no-time-of-day"
    message = N_("{value} is not a time of day. Write it like 14:30.")


class NotALane(RuleViolation):
    """A lane is a staging place."""

    code = "not-a-lane"
    message = N_("{location} is not a staging place. Choose one.")


class ChannelNotFound(NotFound):
    """No such channel in these premises."""

    code = "channel-not-found"
    message = N_("There is no channel {code} here.")


@dataclass(frozen=True, slots=True)
class Pace:
    """By when a channel's orders are picked, how many at once, how urgent: higher goes first."""

    cut_off: str
    most_in_progress: int
    priority: int


def add_channel(
    work: Work,
    premises_id: UUID,
    code: str,
    names: tuple[str, str],
    pace: Pace,
    *,
    partner: str = "",
    route: str = "",
) -> ReleaseChannel:
    """Set up the channel *code* of a partner, of a route, of both; *names* are Thai and English.

    Raises:
        CodeInUse: there is one of that code.
        NoTimeOfDay: the cut-off is not one.
        PartnerNotFound, RouteNotFound: there is no such partner or route.
    """
    if _find(work, premises_id, code):
        raise CodeInUse(code=code)
    channel = ReleaseChannel(
        premises_id=premises_id,
        code=code,
        name_th=names[0],
        name_en=names[1],
        partner_id=masterdata.partner_by_code(work.session, partner).id if partner else None,
        route_id=routes.by_code(work.session, premises_id, route).id if route else None,
        cut_off=time_of_day(pace.cut_off),
        most_in_progress=pace.most_in_progress,
        priority=pace.priority,
    )
    work.session.add(channel)
    work.session.flush()
    return channel


def set_pace(work: Work, premises_id: UUID, code: str, pace: Pace) -> ReleaseChannel:
    """Change by when the orders of channel *code* are picked, from the next wave on.

    Raises:
        ChannelNotFound: there is none of that code.
        NoTimeOfDay: the cut-off is not one.
    """
    found = _find(work, premises_id, code)
    if found is None:
        raise ChannelNotFound(code=code)
    channel = db.lock(work.session, ReleaseChannel, [found.id])[found.id]
    channel.cut_off = time_of_day(pace.cut_off)
    channel.most_in_progress, channel.priority = pace.most_in_progress, pace.priority
    work.session.flush()
    return channel


def add_route(
    work: Work,
    premises_id: UUID,
    code: str,
    names: tuple[str, str],
    postcodes: tuple[str, str],
    lane: str,
) -> Route:
    """Set up the route *code*, staged in the place *lane*.

    Raises:
        LocationNotFound, NotALane: there is no such place, or it is for something else.
        CodeInUse, PostcodesReversed: see `routes.add`.
    """
    place = inbound.place(work, premises_id, lane)
    if place.kind != LocationKind.STAGE:
        raise NotALane(location=lane)
    return routes.add(work, premises_id, code, names, postcodes, place.id)


def time_of_day(text: str) -> str:
    """*text* as ``HH:MM``.

    Raises:
        NoTimeOfDay: it is not one.
    """
    try:
        return f"{datetime.strptime(text, '%H:%M'):%H:%M}"  # noqa: DTZ007 (it has no zone)
    except ValueError as wrong:
        raise NoTimeOfDay(value=text) from wrong


def _find(work: Work, premises_id: UUID, code: str) -> ReleaseChannel | None:
    return work.session.exec(
        select(ReleaseChannel).where(
            ReleaseChannel.premises_id == premises_id, ReleaseChannel.code == code
        )
    ).first()
