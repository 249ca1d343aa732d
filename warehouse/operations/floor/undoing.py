"""Undo: a person takes back the last scan, by a counter-entry that everybody can see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import floor_policy
from warehouse.inventory.vocabulary import FloorRule
from warehouse.operations.floor import messages
from warehouse.operations.floor.dialogue import Dialogue, Hand, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Turn, Undone
from warehouse.operations.floor.flows import FLOW_OF
from warehouse.operations.vocabulary import FloorEvent, Step, TaskKind


class _Last(NamedTuple):
    id: UUID
    code: str
    kind: TaskKind | None
    step: Step
    hand: Hand
    scanned_at: datetime | None
    at: datetime
    undoes_id: UUID | None
    data: Mapping[str, Any]


# The last scan that did something, or took something back.
LAST: Final = """
SELECT id, value, kind, step, hand_before, scanned_at, at, undoes_id, answer->'data'
  FROM scan
 WHERE person_id = %(person_id)s AND tone <> 'refused' AND answer->>'repeated' = 'false'
   AND answer->>'asks' IS DISTINCT FROM 'true'
 ORDER BY sequence DESC LIMIT 1
"""


def undo(turn: Turn) -> tuple[Reply, UUID]:
    """Take back the last scan of this person: its counter-entries, and the dialogue before it.

    Returns the reply and the id of the scan that is undone.

    Raises:
        Refused: there is none, it was undone already, it was too long ago, or its step knows no
            way back.
    """
    last = _last(turn.work, turn.person_id)
    if last is None or last.undoes_id is not None:
        raise Refused(messages.NOTHING_TO_UNDO)
    work = turn.work
    seconds = floor_policy.number(work.session, FloorRule.UNDO_SECONDS, work.today)
    if _apart(turn, last) > seconds:
        raise Refused(messages.TOO_LATE_TO_UNDO, scanned=last.code, seconds=seconds)
    _reverse(turn, last)
    work.emit(FloorEvent.SCAN_UNDONE, last.id, scanned=last.code)
    before = Dialogue(last.kind, last.step, last.hand)
    return Reply(messages.UNDONE, before, {"scanned": last.code}), last.id


def _reverse(turn: Turn, last: _Last) -> None:
    """What the step of *last* did is reversed; a command of the engine's changed only the talk."""
    flow = FLOW_OF[last.kind] if last.kind else None
    if flow is None:
        return
    step = flow.steps[last.step]
    if last.code.startswith("CMD-") and last.code not in step.knows:
        return
    if step.undo is None:
        raise Refused(messages.NOT_UNDOABLE, scanned=last.code)
    step.undo(turn, Undone(last.id, last.code, last.hand, last.data))


def _apart(turn: Turn, last: _Last) -> float:
    """Seconds between the two scans: by the device's clock where both waited on it."""
    if turn.waited and turn.scanned_at is not None and last.scanned_at is not None:
        return (turn.scanned_at - last.scanned_at).total_seconds()
    return (turn.work.at - last.at).total_seconds()


def _last(work: Work, person_id: UUID) -> _Last | None:
    row = work.sql(LAST, person_id=person_id).fetchone()
    if row is None:
        return None
    key, code, kind, step, *rest = row
    return _Last(key, code, kind and TaskKind(kind), Step(step), *rest)
