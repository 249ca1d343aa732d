"""Goods whose time in bond runs out: somebody is told in time, then they are held.

What is overdue can still leave: abroad, or against duty.  When customs grants more time, the hold
ends.
"""

from datetime import date
from typing import Final
from uuid import UUID

from warehouse.access import queries as people
from warehouse.core.jobs import Begin, Facts
from warehouse.core.work import Work
from warehouse.customs.clearing import deadlines
from warehouse.customs.clearing.deadlines import Deadline
from warehouse.customs.models import Declaration
from warehouse.inventory.holds import Level, Target
from warehouse.masterdata.calendar import customs_calendar
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import digest, holding

# What stands here of an entry and is not held for its time yet.
UNHELD: Final = """
SELECT DISTINCT lot.id FROM lot
  JOIN declaration_line AS line ON line.id = lot.declaration_line_id
  JOIN balance ON balance.lot_id = lot.id AND balance.quantity > 0
 WHERE line.declaration_id = %(entry_id)s
   AND NOT EXISTS (SELECT FROM hold WHERE hold.lot_id = lot.id AND closed_at IS NULL
                                      AND reason = %(reason)s)
 ORDER BY lot.id
"""


def watch_deadlines(begin: Begin, _facts: Facts) -> None:
    """Every night: tell of the time that is left, hold what has none.

    Each entry has a transaction of its own and each notice is kept, so that a run that was cut off
    is completed by the next, and nobody is told twice; the people on duty get one digest.
    """
    with begin() as work:
        entries = deadlines.running(work.session, work.today)
    for deadline in entries:
        with begin() as work:
            _watch(work, deadline)
    for premises_id in sorted({deadline.entry.premises_id for deadline in entries}):
        with begin() as work:
            digest.send(work, premises_id)


def decide(
    work: Work, declaration: Declaration, *, granted: bool, document_number: str, officer: str
) -> Declaration:
    """Record customs' answer, which *officer* signed; what has time again is held no more.

    Raises:
        UnknownOfficer: nobody of that name is an officer here.
        ExtensionNotFound, ExtensionDecided, PaperMissing: as `deadlines.decide` says.
    """
    entry = deadlines.decide(
        work,
        declaration,
        granted=granted,
        document_number=document_number,
        officer_id=people.officer(work.session, officer).id,
    )
    if entry.storage_ends_on is not None and entry.storage_ends_on >= work.today:
        for hold_id in _holds(work, entry.id):
            holding.end(work, hold_id, document_number)
    return entry


def _watch(work: Work, deadline: Deadline) -> None:
    if deadline.overdue:
        _hold(work, deadline)
    calendar = customs_calendar(work.session, work.today, deadline.ends_on)
    days = deadlines.step_due(deadline, calendar, work.today)
    if days is not None:
        deadlines.tell(work, deadline, -1 if deadline.overdue else days)


def _hold(work: Work, deadline: Deadline) -> None:
    entry = deadline.entry
    rows = work.sql(UNHELD, entry_id=entry.id, reason=Reason.STORAGE_OVERDUE.value).fetchall()
    for (lot_id,) in rows:
        holding.place(
            work,
            Reason.STORAGE_OVERDUE.value,
            Target(Level.LOT, lot_id),
            note=_note(entry, deadline.ends_on),
            premises_id=entry.premises_id,
        )


def _note(entry: Declaration, ends_on: date) -> str:
    return f"{entry.declaration_number or entry.reference_number} {ends_on.isoformat()}"


def _holds(work: Work, entry_id: UUID) -> list[UUID]:
    rows = work.sql(
        "SELECT DISTINCT hold.id FROM hold JOIN lot ON lot.id = hold.lot_id"
        " JOIN declaration_line AS line ON line.id = lot.declaration_line_id"
        " WHERE line.declaration_id = %(entry_id)s AND closed_at IS NULL"
        " AND hold.reason = %(reason)s ORDER BY hold.id",
        entry_id=entry_id,
        reason=Reason.STORAGE_OVERDUE.value,
    )
    return [key for (key,) in rows]
