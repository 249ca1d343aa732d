"""Customs stopped what it had let go: what has not left is held, until customs lets it go on."""

from typing import Final
from uuid import UUID

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.inventory.holds import Level, Target
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import holding

# Of the lots behind a declaration, those of which something still stands in the warehouse.
STANDING: Final = """
SELECT DISTINCT behind.lot_id
  FROM declared_lot AS behind JOIN declaration_line AS line ON line.id = behind.line_id
  JOIN balance ON balance.lot_id = behind.lot_id AND balance.quantity > 0
 WHERE line.declaration_id = %(declaration_id)s ORDER BY 1
"""

HELD: Final = """
SELECT DISTINCT hold.id FROM hold
  JOIN declared_lot AS behind ON behind.lot_id = hold.lot_id
  JOIN declaration_line AS line ON line.id = behind.line_id
 WHERE line.declaration_id = %(declaration_id)s AND hold.closed_at IS NULL
   AND hold.reason = %(reason)s AND hold.note = %(note)s
 ORDER BY hold.id
"""

REASON: Final = Reason.CUSTOMS_DELAY


def hold(work: Work, facts: Facts) -> None:
    """Customs stopped the declaration *subject*: hold every lot of it that is still here."""
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    if declaration.stopped_at is None or _held(work, declaration.id, declaration.reference_number):
        return
    for (lot_id,) in work.sql(STANDING, declaration_id=declaration.id).fetchall():
        holding.place(
            work,
            REASON.value,
            Target(Level.LOT, lot_id),
            note=declaration.reference_number,
            premises_id=declaration.premises_id,
        )


def let_go_on(work: Work, facts: Facts) -> None:
    """Customs lets the declaration *subject* go on: what was held for its stop is free."""
    declaration = customs.declaration_by_id(work.session, UUID(facts["subject"]))
    if declaration.stopped_at is not None:
        return
    for hold_id in _held(work, declaration.id, declaration.reference_number):
        holding.end(work, hold_id, declaration.declaration_number or declaration.reference_number)


def _held(work: Work, declaration_id: UUID, note: str) -> list[UUID]:
    rows = work.sql(HELD, declaration_id=declaration_id, reason=REASON.value, note=note)
    return [hold_id for (hold_id,) in rows.fetchall()]
