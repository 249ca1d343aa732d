"""How a warehouse drafts and files its declarations: dated rules, approved by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, or_, select

from warehouse.access.errors import SecondPersonNeeded
from warehouse.core import clock, db
from warehouse.core.work import Work
from warehouse.customs.errors import (
    FilingRuleApproved,
    FilingRuleNotFound,
    FilingRuleNotLater,
)
from warehouse.customs.models import FilingRule
from warehouse.customs.vocabulary import Approval, CustomsEvent, DocumentType

MOST_LINES: Final = 9_999
"""Of one declaration (e-Import manual 2018)."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time of the day, in Bangkok; one that closes before it opens goes past midnight."""

    opens: time
    closes: time

    def holds(self, at: datetime) -> bool:
        """Whether the window is open at *at*."""
        now = at.astimezone(clock.BANGKOK).time()
        if self.opens <= self.closes:
            return self.opens <= now < self.closes
        return now >= self.opens or now < self.closes


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one kind of declaration on a day."""

    approval: Approval = Approval.STANDING
    merge_by: tuple[str, ...] = ("sku",)
    most_lines: int = MOST_LINES
    most_packages: int | None = None
    window: Window | None = None

    def open_at(self, at: datetime) -> bool:
        """Whether what is approved may be sent at *at*."""
        return self.window is None or self.window.holds(at)


NO_RULE: Final = Rule()
"""Where a warehouse has set none: each at once, one product and price a line."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it is to hold from *valid_from* on, with the decision that it rests on."""

    document_type: DocumentType
    rule: Rule
    valid_from: date
    source: str


def rule_of(session: Session, premises_id: UUID, document_type: DocumentType, on: date) -> Rule:
    """The rule of a warehouse for a kind of declaration on the day *on*, or `NO_RULE`."""
    row = session.exec(
        select(FilingRule).where(
            FilingRule.premises_id == premises_id,
            FilingRule.document_type == document_type,
            col(FilingRule.approved_by).is_not(None),
            col(FilingRule.valid_from) <= on,
            or_(col(FilingRule.valid_to).is_(None), col(FilingRule.valid_to) >= on),
        )
    ).first()
    if row is None:
        return NO_RULE
    opens, closes = row.window_opens, row.window_closes
    return Rule(
        approval=row.approval,
        merge_by=tuple(row.merge_by),
        most_lines=row.most_lines,
        most_packages=row.most_packages,
        window=Window(opens, closes) if opens is not None and closes is not None else None,
    )


def of_premises(session: Session, premises_id: UUID) -> Sequence[FilingRule]:
    """Every rule of a warehouse, by kind, the newest first."""
    return session.exec(
        select(FilingRule)
        .where(FilingRule.premises_id == premises_id)
        .order_by(col(FilingRule.document_type), col(FilingRule.valid_from).desc())
    ).all()


def record(work: Work, premises_id: UUID, draft: RuleDraft) -> FilingRule:
    """Write *draft* down; it counts once somebody else has approved it."""
    window = draft.rule.window
    row = FilingRule(
        premises_id=premises_id,
        document_type=draft.document_type,
        approval=draft.rule.approval,
        merge_by=list(draft.rule.merge_by),
        most_lines=draft.rule.most_lines,
        most_packages=draft.rule.most_packages,
        window_opens=window.opens if window else None,
        window_closes=window.closes if window else None,
        valid_from=draft.valid_from,
        source=draft.source,
        recorded_by=work.actor.name,
    )
    work.session.add(row)
    work.emit(CustomsEvent.FILING_RULE_RECORDED, row.id, document_type=draft.document_type.value)
    return row


def approve(work: Work, premises_id: UUID, rule_id: UUID) -> FilingRule:
    """Let a rule hold from its first day on, in place of the one before it (invariant I-19).

    Raises:
        FilingRuleNotFound: the warehouse has no such rule, or it is withdrawn.
        SecondPersonNeeded: the same person recorded it.
        FilingRuleNotLater: one that begins on that day or later is approved already.
    """
    row = _locked(work, premises_id, rule_id)
    if row.approved_by is not None:
        return row
    if row.recorded_by == work.actor.name:
        raise SecondPersonNeeded(person=work.actor.name)
    for earlier in _lasting(work.session, row):
        if earlier.valid_from >= row.valid_from:
            raise FilingRuleNotLater(since=earlier.valid_from)
        earlier.valid_to = row.valid_from - timedelta(days=1)
    work.session.flush()
    row.approved_by = work.actor.name
    work.emit(CustomsEvent.FILING_RULE_APPROVED, row.id, document_type=row.document_type.value)
    return row


def withdraw(work: Work, premises_id: UUID, rule_id: UUID) -> FilingRule:
    """A rule was recorded wrongly, and nobody has approved it: it never holds.

    Raises:
        FilingRuleNotFound: the warehouse has no such rule, or it is withdrawn.
        FilingRuleApproved: it is approved.
    """
    row = _locked(work, premises_id, rule_id)
    if row.approved_by is not None:
        raise FilingRuleApproved(person=row.approved_by)
    row.withdrawn_by, row.withdrawn_at = work.actor.name, work.at
    work.emit(CustomsEvent.FILING_RULE_WITHDRAWN, row.id, document_type=row.document_type.value)
    return row


def _locked(work: Work, premises_id: UUID, rule_id: UUID) -> FilingRule:
    row = db.lock(work.session, FilingRule, [rule_id], missing=FilingRuleNotFound)[rule_id]
    if row.premises_id != premises_id or row.withdrawn_at is not None:
        raise FilingRuleNotFound
    return row


def _lasting(session: Session, row: FilingRule) -> Sequence[FilingRule]:
    """What is approved for the same declarations and holds on the first day of *row*, or later."""
    return session.exec(
        select(FilingRule).where(
            FilingRule.premises_id == row.premises_id,
            FilingRule.document_type == row.document_type,
            col(FilingRule.approved_by).is_not(None),
            or_(col(FilingRule.valid_to).is_(None), col(FilingRule.valid_to) >= row.valid_from),
        )
    ).all()
