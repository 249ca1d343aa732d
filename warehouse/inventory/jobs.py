"""Jobs of the stock: the clock of discrepancies."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from warehouse.core.work import Work
from warehouse.inventory import discrepancies
from warehouse.inventory.models import Discrepancy
from warehouse.inventory.vocabulary import StockEvent

NEAR: Final = timedelta(hours=12)

# Open cases whose clock runs out before *near*, and whether somebody was warned.
RUNNING_OUT: Final = """
SELECT id, due_at <= %(at)s, EXISTS (
           SELECT FROM event WHERE subject = discrepancy.id AND event.name = %(warned)s)
  FROM discrepancy
 WHERE state IN ('open', 'investigating') AND due_at <= %(near)s
 ORDER BY id
"""


def watch_discrepancies(work: Work, _facts: Mapping[str, str]) -> None:
    """Warn twelve hours before a case is due; when it is due it becomes a customs matter.

    Nothing is adjusted: only its state changes, and customs is told (Customs Act s.125).
    """
    rows = work.sql(
        RUNNING_OUT, at=work.at, near=work.at + NEAR, warned=StockEvent.DISCREPANCY_NEAR_DUE.value
    ).fetchall()
    for discrepancy_id, due, warned in rows:
        if due:
            discrepancies.escalate(work, discrepancy_id)
        elif not warned:
            case = work.session.get_one(Discrepancy, discrepancy_id)
            work.emit(
                StockEvent.DISCREPANCY_NEAR_DUE,
                case.id,
                number=case.number,
                due_at=case.due_at.isoformat(),
            )
