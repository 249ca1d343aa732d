"""What the customs desk has to do next, whatever it is about, by when it is due.

Each kind of work is one statement; together they are the worklist.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.operations.clearance import exits


class Todo(StrEnum):
    """Kinds of work; in this order where nothing says by when."""

    REFUSED = "refused"
    WITHOUT_NUMBER = "without_number"
    STOPPED = "stopped"
    CASE = "case"
    INSPECTION = "inspection"
    UNANSWERED = "unanswered"
    CORRECTION = "correction"
    APPROVAL = "approval"
    AMENDMENT = "amendment"
    BY_HAND = "by_hand"
    PERMIT = "permit"
    LETTER = "letter"
    LETTER_ENDS = "letter_ends"
    DEADLINE = "deadline"
    EXTENSION = "extension"
    EXIT = "exit"
    DISCREPANCY = "discrepancy"
    DISPOSAL = "disposal"
    PAYMENT = "payment"
    COLLECTION = "collection"


TODO_NAMES: Final[Mapping[Todo, str]] = {
    Todo.REFUSED: N_("Customs refused it: correct and file again"),
    Todo.WITHOUT_NUMBER: N_("Accepted without a number: mend the manifest"),
    Todo.STOPPED: N_("Customs stopped it: talk to the officer"),
    Todo.CASE: N_("To be corrected in writing after its release"),
    Todo.INSPECTION: N_("Customs inspects: record the result"),
    Todo.UNANSWERED: N_("No answer of customs yet: it is being asked"),
    Todo.CORRECTION: N_("Cannot be filed as it is: correct it"),
    Todo.APPROVAL: N_("Waits for a second person's approval"),
    Todo.AMENDMENT: N_("Amendment waits for a second person's approval"),
    Todo.BY_HAND: N_("Paper of customs waits for a second person: compare and confirm"),
    Todo.PERMIT: N_("Permit waits for a second person's approval"),
    Todo.LETTER: N_("Letter of guarantee waits for a second person's approval"),
    Todo.LETTER_ENDS: N_("Letter of guarantee ends: replace it"),
    Todo.DEADLINE: N_("Time in bond ends: choose a way out"),
    Todo.EXTENSION: N_("More time was asked for: record the answer"),
    Todo.EXIT: N_("Left and not confirmed: get the proof of exit"),
    Todo.DISCREPANCY: N_("Difference: find out, or declare it"),
    Todo.DISPOSAL: N_("Asked for another way out: decide"),
    Todo.PAYMENT: N_("Payment belongs to nothing yet: match it"),
    Todo.COLLECTION: N_("Collection order: paid, disputed or to return"),
}

_OF_DECLARATION: Final = """
    SELECT reference_number, '/declarations/' || reference_number,
           coalesce(declaration_number, invoice_number), {due}, {since}
      FROM declaration WHERE premises_id = %(premises_id)s AND {which}
"""
_STATEMENTS: Final[Mapping[Todo, str]] = {
    Todo.REFUSED: _OF_DECLARATION.format(
        which="state = 'rejected'", due="sent_at", since="sent_at"
    ),
    Todo.WITHOUT_NUMBER: _OF_DECLARATION.format(
        which="state = 'without_number'", due="sent_at", since="sent_at"
    ),
    Todo.STOPPED: _OF_DECLARATION.format(
        which="stopped_at IS NOT NULL AND state = 'released'", due="stopped_at", since="stopped_at"
    ),
    Todo.INSPECTION: _OF_DECLARATION.format(
        which="state = 'red'", due="numbered_at", since="numbered_at"
    ).replace("'/declarations/'", "'/inspections/'"),
    Todo.UNANSWERED: _OF_DECLARATION.format(
        which="state = 'unknown'", due="NULL::timestamptz", since="sent_at"
    ),
    Todo.CORRECTION: _OF_DECLARATION.format(
        which="state = 'draft' AND (refusals <> '[]' OR findings @> '[{\"severity\": \"error\"}]')",
        due="drafted_at",
        since="drafted_at",
    ),
    Todo.APPROVAL: _OF_DECLARATION.format(
        which="state = 'draft' AND refusals = '[]'"
        ' AND NOT findings @> \'[{"severity": "error"}]\'',
        due="NULL::timestamptz",
        since="drafted_at",
    ),
    Todo.EXIT: f"""
        SELECT reference_number, '/exits', coalesce(declaration_number, invoice_number),
               gone_at + make_interval(days => %(exit_days)s), gone_at
          FROM ({exits.GONE}) AS gone JOIN declaration USING (id)
    """,  # noqa: S608 (statements of ours)
    Todo.AMENDMENT: """
        SELECT reference_number, '/declarations/' || reference_number, amendment.reason,
               NULL::timestamptz, requested_at
          FROM amendment JOIN declaration ON declaration.id = declaration_id
         WHERE premises_id = %(premises_id)s AND amendment.state = 'draft'
    """,
    Todo.BY_HAND: """
        SELECT reference_number, '/by-hand/' || reference_number, decision.number,
               NULL::timestamptz, recorded_at
          FROM hand_decision AS decision JOIN declaration ON declaration.id = declaration_id
         WHERE premises_id = %(premises_id)s AND decision.approved_at IS NULL
           AND withdrawn_at IS NULL
    """,
    Todo.PERMIT: """
        SELECT number, '/permits', hs_code, NULL::timestamptz, recorded_at
          FROM permit WHERE approved_at IS NULL AND withdrawn_at IS NULL
    """,
    Todo.LETTER: """
        SELECT number, '/guarantee', bank, NULL::timestamptz, recorded_at
          FROM guarantee_letter JOIN guarantee_account AS account ON account.id = account_id
         WHERE premises_id = %(premises_id)s AND approved_at IS NULL AND withdrawn_at IS NULL
    """,
    Todo.LETTER_ENDS: """
        SELECT number, '/guarantee', bank,
               (guarantee_letter.valid_to + 1)::timestamp AT TIME ZONE 'Asia/Bangkok', recorded_at
          FROM guarantee_letter JOIN guarantee_account AS account ON account.id = account_id
         WHERE premises_id = %(premises_id)s AND approved_at IS NOT NULL AND ended_at IS NULL
           AND guarantee_letter.valid_to <= %(soon)s
    """,
    Todo.DEADLINE: """
        SELECT reference_number, '/deadlines', coalesce(declaration_number, ''),
               (storage_ends_on + 1)::timestamp AT TIME ZONE 'Asia/Bangkok', numbered_at
          FROM declaration
         WHERE premises_id = %(premises_id)s AND storage_ends_on <= %(soon)s
           AND EXISTS (SELECT FROM declaration_line WHERE declaration_id = declaration.id
                          AND discharged_quantity < quantity)
    """,
    Todo.EXTENSION: """
        SELECT reference_number, '/deadlines', extension.reason,
               (storage_ends_on + 1)::timestamp AT TIME ZONE 'Asia/Bangkok', requested_at
          FROM deadline_extension AS extension
          JOIN declaration ON declaration.id = declaration_id
         WHERE premises_id = %(premises_id)s AND extension.state = 'requested'
    """,
    Todo.DISCREPANCY: """
        SELECT number, '/discrepancies/' || number, kind, due_at, opened_at
          FROM discrepancy WHERE premises_id = %(premises_id)s AND state <> 'closed'
    """,
    Todo.DISPOSAL: """
        SELECT number, '/disposals/' || number, reason, scheduled_for, requested_at
          FROM disposal WHERE premises_id = %(premises_id)s AND state = 'requested'
           AND kind <> 'loss'
    """,
    Todo.PAYMENT: """
        SELECT number, '/payments', names, NULL::timestamptz, captured_at
          FROM payment WHERE premises_id = %(premises_id)s AND matched_at IS NULL
    """,
    Todo.COLLECTION: """
        SELECT number, '/collections', parcel_number,
               (pay_by + 1)::timestamp AT TIME ZONE 'Asia/Bangkok', issued_at
          FROM collection_order
         WHERE premises_id = %(premises_id)s AND state IN ('issued', 'disputed')
    """,
    Todo.CASE: """
        SELECT reference_number, '/declarations/' || reference_number, post_clearance_case.reason,
               post_clearance_case.opened_at, post_clearance_case.opened_at
          FROM post_clearance_case JOIN declaration ON declaration.id = declaration_id
         WHERE premises_id = %(premises_id)s AND post_clearance_case.closed_at IS NULL
    """,
}
_ALL: Final = "\nUNION ALL\n".join(
    f"SELECT '{todo.value}', each.* FROM ({statement}) AS each (number, link, note, due_at, since)"  # noqa: S608 (statements of ours)
    for todo, statement in _STATEMENTS.items()
)
WORK: Final = f"""
SELECT * FROM ({_ALL}) AS work (todo, number, link, note, due_at, since)
 WHERE %(only)s::text IS NULL OR todo = %(only)s
 ORDER BY due_at NULLS LAST, since LIMIT %(limit)s
"""  # noqa: S608 (statements of ours)
FIGURES: Final = f"""
SELECT todo, count(*) FROM ({_ALL}) AS work (todo, number, link, note, due_at, since) GROUP BY 1
"""  # noqa: S608 (statements of ours)

SOON_DAYS: Final = 30
"""Ends of letters and of storage are on the list so long before."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: *number* names it, *link* leads to it, *due_at* None: as soon as can be."""

    todo: Todo
    number: str
    link: str
    note: str
    due_at: datetime | None
    since: datetime

    def overdue(self, at: datetime) -> bool:
        """Whether it should have been done before *at*."""
        return self.due_at is not None and self.due_at < at


@dataclass(frozen=True, slots=True)
class Worklist:
    """What waits: the most urgent *items*, and how much of each kind there is."""

    items: Sequence[Item]
    figures: Mapping[Todo, int]


def worklist(
    work: Work, premises_id: UUID, *, only: Todo | None = None, most: int = 100
) -> Worklist:
    """What the desk of a premises has to do, by when it is due; of one kind, or of all."""
    soon = work.today + timedelta(days=SOON_DAYS)
    exit_days = exits.allowed_days(work.session, work.today)
    facts = {"premises_id": premises_id, "soon": soon, "exit_days": exit_days}
    figures = Counter({Todo(name): count for name, count in work.sql(FIGURES, **facts)})
    rows = work.sql(WORK, **facts, only=only, limit=most).fetchall()
    return Worklist([Item(Todo(todo), *rest) for todo, *rest in rows], figures)
