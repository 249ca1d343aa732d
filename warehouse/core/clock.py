"""The only reader of the wall clock: UTC instants, Bangkok days."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

BANGKOK: Final = ZoneInfo("Asia/Bangkok")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def local_date(at: datetime) -> date:
    """The calendar day at the warehouse at instant *at* (aware)."""
    assert at.tzinfo is not None, "an instant has a zone"
    return at.astimezone(BANGKOK).date()


def midnight(day: date) -> datetime:
    """The instant at which *day* begins at the warehouse, in UTC."""
    return datetime.combine(day, time(), BANGKOK).astimezone(UTC)
