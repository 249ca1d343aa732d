"""What is known of a count and of its cases: who touched the goods last, where to look, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.work import Work
from warehouse.inventory.errors import DiscrepancyNotFound
from warehouse.inventory.models import Count, Discrepancy, Disposal, HandlingUnit, Lot
from warehouse.inventory.vocabulary import Cause, CountReason, CountState
from warehouse.masterdata.models import Product


class Planned(NamedTuple):
    """A count on the list."""

    number: str
    location: str
    zone: str | None
    reason: CountReason
    state: CountState
    round: int
    person: str | None
    planned_at: datetime
    closed_at: datetime | None
    accurate: bool | None


class Accuracy(NamedTuple):
    """How many counts of a zone were closed lately, and how many found what the book says."""

    zone: str
    counts: int
    accurate: int

    @property
    def per_cent(self) -> Decimal:
        """The share of those that agreed."""
        return (Decimal(100) * self.accurate / self.counts).quantize(Decimal("0.1"))


class Line(NamedTuple):
    """What was counted in a round, and by whom."""

    round: int
    person: str
    label: str
    quantity: Decimal
    at: datetime


class Touch(NamedTuple):
    """Somebody scanned or moved the goods: *did* is a kind of movement, or ``scan``."""

    at: datetime
    actor: str
    did: str
    source: str
    target: str


class Likely(NamedTuple):
    """A root cause that closed such cases before; nearer ones weigh more."""

    cause: Cause
    weight: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case of a count, with what helps to find the goods.

    *seen_at*: when the book and the floor last agreed; the cameras show what happened between
    that instant and the opening of the case.
    """

    case: Discrepancy
    goods: str
    disposal: str | None
    seen_at: datetime | None
    touches: Sequence[Touch]
    causes: Sequence[Likely]


COUNTS: Final = """
SELECT count.number, location.code, zone.code, count.reason, count.state, count.round,
       person.username, planned_at, closed_at, accurate
  FROM count JOIN location ON location.id = count.location_id
  LEFT JOIN location AS zone ON zone.id = location.parent_id
  LEFT JOIN person ON person.id = count.person_id
 WHERE count.premises_id = %(premises_id)s
   AND (%(open)s = (count.state NOT IN ('closed', 'cancelled')))
 ORDER BY coalesce(closed_at, planned_at) DESC, count.number DESC LIMIT %(limit)s
"""

ACCURACY: Final = """
SELECT coalesce(zone.code, '–'), count(*), count(*) FILTER (WHERE accurate)
  FROM count JOIN location ON location.id = count.location_id
  LEFT JOIN location AS zone ON zone.id = location.parent_id
 WHERE count.premises_id = %(premises_id)s AND accurate IS NOT NULL
   AND closed_at > %(at)s::timestamptz - interval '90 days'
 GROUP BY 1 ORDER BY 1
"""

LINES: Final = """
SELECT line.round, person.username, coalesce(unit.number, product.sku, line.code), line.quantity,
       line.at
  FROM count_line AS line JOIN person ON person.id = line.person_id
  LEFT JOIN handling_unit AS unit ON unit.id = line.handling_unit_id
  LEFT JOIN product ON product.id = line.product_id
 WHERE line.count_id = %(count_id)s ORDER BY line.position
"""

TOUCHES: Final = """
SELECT * FROM (
    SELECT movement.at, movement.actor, movement.kind, source.code, target.code
      FROM movement JOIN location AS source ON source.id = from_location_id
      JOIN location AS target ON target.id = to_location_id
     WHERE lot_id = %(lot_id)s AND movement.at <= %(at)s
       AND discrepancy_id IS DISTINCT FROM %(case_id)s
    UNION ALL
    SELECT scan.at, person.username, 'scan', scan.value, ''
      FROM person JOIN scan ON scan.person_id = person.id
     WHERE person.premises_id = %(premises_id)s AND scan.value = ANY(%(labels)s)
       AND scan.at <= %(at)s
) AS touch ORDER BY at DESC LIMIT 10
"""

# The last time somebody moved the goods here by scan, or counted the bin as the book has it.
SEEN: Final = """
SELECT greatest(
    (SELECT max(at) FROM movement
      WHERE lot_id = %(lot_id)s AND %(location_id)s IN (from_location_id, to_location_id)
        AND discrepancy_id IS NULL AND at < %(at)s),
    (SELECT max(closed_at) FROM count
      WHERE location_id = %(location_id)s AND accurate AND closed_at < %(at)s))
"""

CAUSES: Final = """
SELECT cause, sum(1 + 2 * (coalesce(lot.product_id = %(product_id)s, false))::integer
                    + (coalesce(discrepancy.location_id = %(location_id)s, false))::integer)
  FROM discrepancy LEFT JOIN lot ON lot.id = discrepancy.lot_id
 WHERE discrepancy.premises_id = %(premises_id)s AND discrepancy.kind = %(kind)s
   AND state = 'closed' AND cause IS NOT NULL
 GROUP BY cause ORDER BY 2 DESC, cause LIMIT 5
"""


def counts(work: Work, premises_id: UUID, *, open_ones: bool, limit: int = 100) -> list[Planned]:
    """The counts that are open, or that are over, the newest first."""
    rows = work.sql(COUNTS, premises_id=premises_id, open=open_ones, limit=limit)
    return [
        Planned(number, location, zone, CountReason(reason), CountState(state), *rest)
        for number, location, zone, reason, state, *rest in rows
    ]


def accuracy(work: Work, premises_id: UUID) -> list[Accuracy]:
    """How often each zone was as the book says, over the last ninety days."""
    return [Accuracy(*row) for row in work.sql(ACCURACY, premises_id=premises_id, at=work.at)]


def lines(work: Work, count: Count) -> list[Line]:
    """What was counted, in the order in which it was; nothing before a round has ended."""
    if count.state is CountState.COUNTING:
        return []
    return [Line(*row) for row in work.sql(LINES, count_id=count.id)]


def case_by_number(session: Session, premises_id: UUID, number: str) -> Discrepancy:
    """The case *number* of a count in the premises.

    Raises:
        DiscrepancyNotFound: there is none.
    """
    found = session.exec(
        select(Discrepancy).where(
            Discrepancy.premises_id == premises_id,
            Discrepancy.number == number,
            col(Discrepancy.count_id).is_not(None),
        )
    ).first()
    if found is None:
        raise DiscrepancyNotFound(key=number)
    return found


def of_count(work: Work, count: Count) -> list[Dossier]:
    """The cases of a count, each with what is known of it."""
    cases = work.session.exec(
        select(Discrepancy)
        .where(Discrepancy.count_id == count.id)
        .order_by(col(Discrepancy.number))
    ).all()
    return [_dossier(work, case) for case in cases]


def _dossier(work: Work, case: Discrepancy) -> Dossier:
    lot = work.session.get_one(Lot, case.lot_id)
    product = work.session.get_one(Product, lot.product_id)
    unit = work.session.get_one(HandlingUnit, lot.handling_unit_id)
    disposal = work.session.get(Disposal, case.disposal_id) if case.disposal_id else None
    about = {"lot_id": lot.id, "premises_id": case.premises_id, "at": case.opened_at}
    labels = [label for label in (unit.number, product.sku, product.gtin) if label]
    seen = work.sql(SEEN, **about, location_id=case.location_id).fetchone()
    causes = work.sql(
        CAUSES,
        premises_id=case.premises_id,
        kind=case.kind.value,
        product_id=product.id,
        location_id=case.location_id,
    )
    return Dossier(
        case=case,
        goods=f"{product.sku} · {unit.number}",
        disposal=disposal.number if disposal else None,
        seen_at=seen[0] if seen else None,
        touches=[Touch(*row) for row in work.sql(TOUCHES, **about, case_id=case.id, labels=labels)],
        causes=[Likely(Cause(cause), weight) for cause, weight in causes],
    )
