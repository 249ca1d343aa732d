"""Counting a bin: rounds, lines, and what to do with the goods that differ.

The bin stays in use.  A line says what was counted and which movement was the last before it;
closing a round locks the lots of the bin, then holds the lines against the book.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from warehouse.core import db, ids, numbers
from warehouse.core.work import Work
from warehouse.inventory import counting_rules as rules
from warehouse.inventory import floor_policy, ledger
from warehouse.inventory.counting_rules import Booked, Counted, Difference, Shift
from warehouse.inventory.errors import CountedBefore, CountNotFound
from warehouse.inventory.models import Count, CountLine
from warehouse.inventory.vocabulary import (
    COUNT,
    CountReason,
    CountState,
    FloorRule,
    StockEvent,
)

ENDED: Final = (CountState.CLOSED, CountState.CANCELLED)


class Tallied(NamedTuple):
    """So much of a thing was counted in this round; neither parcel nor product: not in the book."""

    label: str
    quantity: Decimal
    unit_id: UUID | None
    product_id: UUID | None
    sequence: int


LAST_MOVEMENT: Final = """
SELECT coalesce(max(sequence), 0) FROM movement
 WHERE %(at)s::timestamptz IS NULL OR at <= %(at)s
"""

TALLY: Final = """
SELECT coalesce(unit.number, product.sku, line.code), line.quantity, line.handling_unit_id,
       line.product_id, line.sequence
  FROM (SELECT DISTINCT ON (coalesce(handling_unit_id::text, product_id::text, code)) *
          FROM count_line WHERE count_id = %(count_id)s AND round = %(round)s
         ORDER BY coalesce(handling_unit_id::text, product_id::text, code), position DESC) AS line
  LEFT JOIN handling_unit AS unit ON unit.id = line.handling_unit_id
  LEFT JOIN product ON product.id = line.product_id
 WHERE line.quantity > 0 ORDER BY line.position
"""

# What a scan counted, and how much of it had been counted before.
BEFORE: Final = """
SELECT line.code, line.handling_unit_id, line.product_id, coalesce((
           SELECT before.quantity FROM count_line AS before
            WHERE before.count_id = line.count_id AND before.round = line.round
              AND before.position < line.position
              AND (before.code, before.handling_unit_id, before.product_id)
                  IS NOT DISTINCT FROM (line.code, line.handling_unit_id, line.product_id)
            ORDER BY before.position DESC LIMIT 1), 0)
  FROM count_line AS line WHERE line.scan_id = %(of_scan)s ORDER BY line.position
"""

# What stands in the bin, or stood there since the round began, the oldest layer first.
_BOOK: Final = """
SELECT lot.id, lot.handling_unit_id, lot.product_id, coalesce(balance.quantity, 0)
  FROM lot LEFT JOIN balance ON balance.lot_id = lot.id AND balance.location_id = %(location_id)s
 WHERE lot.id IN (SELECT lot_id FROM balance WHERE location_id = %(location_id)s AND quantity > 0
                  UNION
                  SELECT lot_id FROM movement WHERE sequence > %(since)s
                     AND %(location_id)s IN (from_location_id, to_location_id))
 ORDER BY lot.accepted_at, lot.declaration_number, lot.line_number, lot.number
"""

_SHIFTS: Final = """
SELECT sequence, lot_id, CASE WHEN to_location_id = %(location_id)s THEN quantity ELSE -quantity END
  FROM movement
 WHERE sequence > %(since)s AND %(location_id)s IN (from_location_id, to_location_id)
 ORDER BY sequence
"""

MOVED_SINCE: Final = """
SELECT EXISTS (SELECT FROM movement JOIN lot ON lot.id = lot_id
                WHERE movement.sequence > %(since)s AND product_id = %(product_id)s
                  AND %(location_id)s IN (from_location_id, to_location_id))
"""

# The parcels that one label stands for: itself, or all that a container holds.
PARCELS_IN: Final = """
WITH RECURSIVE inside AS (
    SELECT id FROM handling_unit WHERE id = %(unit_id)s
    UNION ALL
    SELECT unit.id FROM handling_unit AS unit JOIN inside ON unit.parent_id = inside.id
)
SELECT id, number FROM handling_unit
 WHERE id IN (SELECT id FROM inside)
   AND EXISTS (SELECT FROM lot WHERE lot.handling_unit_id = handling_unit.id)
 ORDER BY number
"""

# Of several owners' products with one label, those that stand here, or else anywhere in the hall.
OWNED_HERE: Final = """
SELECT lot.product_id, bool_or(balance.location_id = %(location_id)s)
  FROM lot JOIN balance ON balance.lot_id = lot.id
  JOIN location ON location.id = balance.location_id
 WHERE lot.product_id = ANY(%(products)s) AND balance.quantity > 0
   AND location.premises_id = (SELECT premises_id FROM location WHERE id = %(location_id)s)
 GROUP BY lot.product_id ORDER BY lot.product_id
"""


def plan(work: Work, premises_id: UUID, location_id: UUID, reason: CountReason) -> Count | None:
    """Ask that a bin be counted; None where a count of it is open already."""
    row = insert(Count).values(
        id=ids.new_id(),
        number=numbers.next_number(work, "CNT"),
        premises_id=premises_id,
        location_id=location_id,
        reason=reason,
        state=CountState.PLANNED,
        round=0,
        planned_at=work.at,
    )
    added = work.session.execute(
        row.on_conflict_do_nothing().returning(col(Count.id))
    ).scalar_one_or_none()
    if added is None:
        return None
    work.emit(StockEvent.COUNT_PLANNED, added, reason=reason.value)
    return work.session.get_one(Count, added)


def of_bin(work: Work, location_id: UUID) -> Count | None:
    """The open count of a bin, locked; None where there is none."""
    return work.session.exec(
        select(Count)
        .where(Count.location_id == location_id, col(Count.state).not_in(ENDED))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()


def lock(work: Work, count_id: UUID) -> Count:
    """The count, held to the end of the transaction.

    Raises:
        CountNotFound: there is none in the actor's premises.
    """
    count = db.lock(work.session, Count, [count_id], missing=CountNotFound)[count_id]
    if work.actor.premises_id not in (None, count.premises_id):
        raise CountNotFound(key=str(count_id))
    return count


def by_number(session: Session, premises_id: UUID, number: str) -> Count:
    """The count *number* of the premises.

    Raises:
        CountNotFound: there is none.
    """
    query = select(Count).where(Count.premises_id == premises_id, Count.number == number)
    if found := session.exec(query).first():
        return found
    raise CountNotFound(key=number)


def begin(work: Work, count: Count, person_id: UUID, *, at: datetime | None = None) -> None:
    """*person_id* begins the next round of *count*, locked.

    *at*: when they began, if they told later.

    Raises:
        CountedBefore: they counted this bin in an earlier round.
        WrongState: it is being counted, or a case is open.
    """
    refuse_same_person(work, count, person_id)
    count.state = COUNT.step(count.state, CountState.COUNTING)
    count.round += 1
    count.person_id = person_id
    count.started_at = at or work.at
    count.started_sequence = last_movement(work, at)
    work.session.flush()


def take_over(work: Work, count: Count, person_id: UUID) -> None:
    """*person_id* goes on with the round that another began.

    Raises:
        CountedBefore: they counted this bin in an earlier round.
    """
    refuse_same_person(work, count, person_id)
    count.person_id = person_id
    work.session.flush()


def refuse_same_person(work: Work, count: Count, person_id: UUID) -> None:
    """Nobody counts a bin twice.

    Raises:
        CountedBefore: *person_id* counted in an earlier round.
    """
    earlier = select(CountLine.id).where(
        CountLine.count_id == count.id,
        CountLine.person_id == person_id,
        CountLine.round <= (count.round - (count.state is CountState.COUNTING)),
    )
    ended_it = count.state is CountState.COUNTED and count.person_id == person_id
    if ended_it or work.session.exec(earlier.limit(1)).first():
        raise CountedBefore(number=count.number)


def last_movement(work: Work, at: datetime | None = None) -> int:
    """The sequence of the last movement, now or at an earlier instant."""
    row = work.sql(LAST_MOVEMENT, at=at).fetchone()
    assert row is not None, "an aggregate has a row"
    return int(row[0])


def note(
    work: Work,
    count: Count,
    code: str,
    quantity: Decimal,
    *,
    person_id: UUID,
    scan_id: UUID | None,
    unit_id: UUID | None = None,
    product_id: UUID | None = None,
    at: datetime | None = None,
) -> None:
    """*quantity* of a thing is counted so far in this round; zero takes it back."""
    work.session.add(
        CountLine(
            count_id=count.id,
            round=count.round,
            person_id=person_id,
            product_id=product_id,
            handling_unit_id=unit_id,
            code=code,
            quantity=quantity,
            sequence=last_movement(work, at),
            scan_id=scan_id,
            at=work.at,
        )
    )
    work.session.flush()


def take_back(work: Work, count: Count, of_scan: UUID, *, person_id: UUID, scan_id: UUID) -> None:
    """Count what scan *of_scan* counted as it was before, in new lines."""
    for code, unit_id, product_id, before in work.sql(BEFORE, of_scan=of_scan).fetchall():
        note(
            work,
            count,
            code,
            before,
            person_id=person_id,
            scan_id=scan_id,
            unit_id=unit_id,
            product_id=product_id,
        )


def tally(work: Work, count: Count) -> list[Tallied]:
    """What was counted in this round so far, in the order in which it was last counted."""
    rows = work.sql(TALLY, count_id=count.id, round=count.round)
    return [Tallied(*row) for row in rows]


def moved_since(work: Work, count: Count, product_id: UUID, sequence: int) -> bool:
    """Whether some of a product went into the bin or out of it after movement *sequence*."""
    row = work.sql(
        MOVED_SINCE, location_id=count.location_id, product_id=product_id, since=sequence
    ).fetchone()
    assert row is not None, "EXISTS has a row"
    return bool(row[0])


def parcels_in(work: Work, unit_id: UUID) -> list[tuple[UUID, str]]:
    """The parcels that a label stands for, by number: itself, or all that a container holds."""
    return [(key, number) for key, number in work.sql(PARCELS_IN, unit_id=unit_id)]


def likely_products(work: Work, count: Count, products: Sequence[UUID]) -> list[UUID]:
    """Which of *products*, that share one label, are meant: those here, or those in the hall."""
    rows = work.sql(OWNED_HERE, location_id=count.location_id, products=list(products)).fetchall()
    return [key for key, here in rows if here] or [key for key, _ in rows]


def close_round(work: Work, count: Count) -> list[Difference]:
    """End the round of *count*, locked: hold its lines against the book; return what differs.

    The first time another person is to count again; after that cases are due, and the count is
    under investigation.
    """
    found = _compare(work, count)
    if not found:
        target = CountState.CLOSED
    else:
        target = CountState.COUNTED if count.round == 1 else CountState.INVESTIGATING
    count.state = COUNT.step(count.state, target)
    if target is CountState.CLOSED:
        end(work, count, accurate=True)
    work.session.flush()
    return found


def settle(work: Work, count_id: UUID) -> None:
    """The last case of a count is closed: so is the count."""
    count = lock(work, count_id)
    if count.state is CountState.INVESTIGATING:
        count.state = COUNT.step(count.state, CountState.CLOSED)
        end(work, count, accurate=False)


def end(work: Work, count: Count, *, accurate: bool) -> None:
    """Note that *count* is over, and whether the bin was as the book said."""
    count.closed_at, count.accurate = work.at, accurate
    work.emit(StockEvent.COUNT_ENDED, count.id, number=count.number, accurate=str(accurate))


def _compare(work: Work, count: Count) -> list[Difference]:
    """Lock the lots of the bin, then look."""
    bin_since = {"location_id": count.location_id, "since": count.started_sequence}
    ledger.lock(work, [row[0] for row in work.sql(_BOOK, **bin_since)])
    counted = tally(work, count)
    tolerance = floor_policy.number(work.session, FloorRule.COUNT_TOLERANCE, work.today)
    found = rules.differences(
        [Booked(*row) for row in work.sql(_BOOK, **bin_since)],
        [Shift(*row) for row in work.sql(_SHIFTS, **bin_since)],
        [Counted(e.unit_id, e.quantity, e.sequence) for e in counted if e.unit_id],
        [Counted(e.product_id, e.quantity, e.sequence) for e in counted if e.product_id],
    )
    return [each for each in found if abs(each.change) > tolerance]
