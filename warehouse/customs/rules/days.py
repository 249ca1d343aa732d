"""Days counted in months, as the law counts them."""

import calendar
from datetime import MAXYEAR, date


def months_after(day: date, months: int) -> date:
    """The same day so many *months* later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    last_day = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last_day))


def months_begun(since: date, until: date) -> int:
    """How many months have begun after *since* by *until*: a part of a month counts in full."""
    assert since <= until
    months = (until.year - since.year) * 12 + until.month - since.month
    return months + 1 if months_after(since, months) < until else months
