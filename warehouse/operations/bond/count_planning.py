"""Which bins are counted without anybody asking: by time, by value, by accuracy, when emptied."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import col, or_, select

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.inventory.errors import LeastMissing
from warehouse.inventory.models import CountRule
from warehouse.inventory.vocabulary import CountReason
from warehouse.operations.bond import counting

# A bin is due if nobody is counting it, nobody has for so many days, and it meets the condition.
_DUE: Final = """
SELECT bin.id FROM location AS bin
 WHERE bin.premises_id = %(premises_id)s AND bin.kind IN ('store', 'pick')
   AND NOT EXISTS (SELECT FROM count WHERE count.location_id = bin.id
                      AND state NOT IN ('closed', 'cancelled'))
   AND {condition}
 ORDER BY bin.code
"""
_NOT_COUNTED_LATELY: Final = """
NOT EXISTS (SELECT FROM count WHERE count.location_id = bin.id AND state = 'closed'
               AND closed_at > %(at)s::timestamptz - make_interval(days => %(days)s))
"""
_WORTH: Final = """
%(least)s <= (
    SELECT sum(line.cif_baht * balance.quantity / line.quantity)
      FROM balance JOIN lot ON lot.id = balance.lot_id
      JOIN declaration_line AS line ON line.id = lot.declaration_line_id
     WHERE balance.location_id = bin.id)
"""
_INACCURATE: Final = """
%(least)s > (
    SELECT 100.0 * count(*) FILTER (WHERE accurate) / count(*)
      FROM count WHERE count.location_id = bin.id AND accurate IS NOT NULL
    HAVING count(*) > 0)
"""
# A pick took the last that the book had there, and nobody has looked since.
_EMPTIED: Final = """
NOT EXISTS (SELECT FROM balance WHERE location_id = bin.id AND quantity > 0)
AND EXISTS (
    SELECT FROM movement
     WHERE from_location_id = bin.id AND kind = 'pick'
       AND at > %(at)s::timestamptz - make_interval(days => %(days)s)
       AND NOT EXISTS (SELECT FROM count WHERE count.location_id = bin.id AND state = 'closed'
                          AND closed_at > movement.at))
"""
DUE: Final[Mapping[CountReason, str]] = {
    reason: _DUE.format(condition=" AND ".join(conditions))
    for reason, conditions in {
        CountReason.PERIOD: (_NOT_COUNTED_LATELY,),
        CountReason.VALUE: (_NOT_COUNTED_LATELY, _WORTH),
        CountReason.ACCURACY: (_NOT_COUNTED_LATELY, _INACCURATE),
        CountReason.ZERO: (_EMPTIED,),
    }.items()
}


MEASURED: Final = frozenset({CountReason.VALUE, CountReason.ACCURACY})
"""Rules that say from how much, or below which share."""


def plan_counts(work: Work, _facts: Facts) -> None:
    """Every hour: ask for the counts that the rules of each warehouse want today."""
    rules = work.session.exec(
        select(CountRule)
        .where(
            CountRule.valid_from <= work.today,
            or_(col(CountRule.valid_to).is_(None), col(CountRule.valid_to) >= work.today),
        )
        .order_by(col(CountRule.premises_id), col(CountRule.reason), col(CountRule.id))
    ).all()
    for rule in rules:
        for location_id in due(work, rule):
            counting.plan(work, rule.premises_id, location_id, rule.reason)


def set_rule(
    work: Work, premises_id: UUID, reason: CountReason, days: int, least: Decimal | None
) -> CountRule:
    """Let bins be counted for *reason* from today; an earlier rule for it ends.

    *least*: baht, or per cent, as `CountRule` says.

    Raises:
        LeastMissing: a rule by value or accuracy says from how much, or below which share.
    """
    if reason in MEASURED and least is None:
        raise LeastMissing
    for earlier in work.session.exec(
        select(CountRule).where(
            CountRule.premises_id == premises_id,
            CountRule.reason == reason,
            col(CountRule.valid_to).is_(None),
        )
    ):
        if earlier.valid_from == work.today:
            work.session.delete(earlier)
        else:
            earlier.valid_to = work.today - timedelta(days=1)
    rule = CountRule(
        premises_id=premises_id, reason=reason, days=days, least=least, valid_from=work.today
    )
    work.session.add(rule)
    work.session.flush()
    return rule


def due(work: Work, rule: CountRule) -> list[UUID]:
    """The bins that *rule* wants counted now, by code."""
    rows = work.sql(
        DUE[rule.reason],
        premises_id=rule.premises_id,
        at=work.at,
        days=rule.days,
        least=rule.least,
    )
    return [location_id for (location_id,) in rows]
