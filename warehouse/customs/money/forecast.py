"""The guarantee in the next thirty days: what will be suspended, what will stand behind it.

Pure reckoning; what comes and goes is gathered by whoever asks.  Whatever waits is counted on the
day on which it is planned, as if nothing stood in its way: so the days show that do not fit.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from warehouse.core.money import ZERO
from warehouse.customs.models import GuaranteeAccount, GuaranteeLetter
from warehouse.customs.money import guarantee

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Change:
    """*baht* of duty and tax that will be suspended *on* a day because of *number*; < 0: freed."""

    on: date
    number: str
    baht: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """The guarantee at the end of a day; *limit* None: any amount may be suspended."""

    on: date
    exposure: Decimal
    in_force: Decimal
    limit: Decimal | None
    used_pct: Decimal
    changes: Sequence[Change]

    @property
    def short(self) -> Decimal:
        """How much too much would be suspended, in baht."""
        return ZERO if self.limit is None else max(self.exposure - self.limit, ZERO)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days from today on; those that will not fit; what would make the first of them fit."""

    days: Sequence[Day]

    @property
    def first_short(self) -> Day | None:
        """The first day that will not fit."""
        return next((day for day in self.days if day.short), None)

    @property
    def defer(self) -> Change | None:
        """The smallest of what comes until the first short day that makes it fit, put off.

        If none of them is enough alone, the largest.
        """
        short = self.first_short
        if short is None:
            return None
        coming = sorted(
            (
                change
                for day in self.days
                if day.on <= short.on
                for change in day.changes
                if change.baht > ZERO
            ),
            key=lambda change: change.baht,
        )
        enough = (change for change in coming if change.baht >= short.short)
        return next(enough, coming[-1] if coming else None)


def forecast(
    account: GuaranteeAccount,
    letters: Iterable[GuaranteeLetter],
    changes: Iterable[Change],
    today: date,
) -> Forecast:
    """*account* from *today* on, with its approved *letters* and the planned *changes*.

    What was planned for a day that has passed is expected today; what comes after the last day is
    left out.
    """
    planned: dict[date, list[Change]] = defaultdict(list)
    for change in changes:
        planned[max(change.on, today)].append(change)
    behind = [letter for letter in letters if letter.approved_at and not letter.ended_at]
    exposure, days = guarantee.exposure(account), []
    for on in (today + timedelta(days=number) for number in range(DAYS + 1)):
        exposure = max(exposure + sum((each.baht for each in planned[on]), ZERO), ZERO)
        in_force = _in_force(behind, on)
        days.append(
            Day(
                on,
                exposure,
                in_force,
                guarantee.limit(account, in_force),
                guarantee.used_pct(account, exposure, in_force),
                sorted(planned[on], key=lambda change: change.number),
            )
        )
    return Forecast(days)


def _in_force(letters: Sequence[GuaranteeLetter], on: date) -> Decimal:
    """The sum of *letters* on a day: one that begins takes the place of the one it replaces."""
    running = [
        letter
        for letter in letters
        if letter.valid_from <= on and (letter.valid_to is None or on <= letter.valid_to)
    ]
    replaced = {letter.replaces_id for letter in running}
    return sum((letter.amount for letter in running if letter.id not in replaced), ZERO)
