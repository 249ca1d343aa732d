"""The days on which customs works: reminders go out before a closed day, periods end after it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlmodel import Session

from warehouse.masterdata import queries

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_FURTHEST: Final = timedelta(days=30)
"""No series of closed days is longer."""


@dataclass(frozen=True, slots=True)
class CustomsCalendar:
    """Saturdays, Sundays and *holidays* are closed."""

    holidays: Collection[date]

    def is_open(self, day: date) -> bool:
        """Whether customs works on *day*."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """The first open day from *day* on: there a period ends whose last day is closed.

        Civil and Commercial Code s.193/8.
        """
        while not self.is_open(day):
            day += _DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The last open day up to *day*: then a reminder is sent, not after its day."""
        while not self.is_open(day):
            day -= _DAY
        return day


def customs_calendar(session: Session, first: date, last: date) -> CustomsCalendar:
    """The calendar that answers for the days from *first* to *last*."""
    return CustomsCalendar(queries.holidays(session, first - _FURTHEST, last + _FURTHEST))
