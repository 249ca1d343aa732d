"""What is kept of a person's scans: what they are doing, every scan, every answer.  Plain SQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.operations.floor.dialogue import Dialogue
from warehouse.operations.vocabulary import Step, TaskKind

UNRECORDED: Final = 2**62
"""The order of a scan that is not recorded yet is this and more: it comes after all that are."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """One pull of the trigger.  The device made *id*, and counts its scans in *sequence*.

    *waited*: it was made without a network.  *sent_at*: the device's clock when it was sent.
    """

    id: UUID
    barcode: str
    device: str
    scanned_at: datetime | None = None
    sequence: int | None = None
    waited: bool = False
    sent_at: datetime | None = None

    @property
    def content(self) -> tuple[object, ...]:
        """What stays the same when the scan is sent again."""
        return self.device, self.barcode, self.scanned_at, self.sequence


class Task(NamedTuple):
    """The row of a person, locked.  *since* is the order of the scan that began the step."""

    id: UUID
    since: int
    dialogue: Dialogue


class Kept(NamedTuple):
    """A scan and its answer.  *stands*: it was neither refused nor a question."""

    id: UUID
    person_id: UUID
    content: tuple[object, ...]
    code: str
    order: int
    at: datetime
    stands: bool
    answer: str


TASK: Final = "SELECT id, since, kind, step, hand FROM task WHERE person_id = %(person_id)s"

# Scans of one person queue here; the row says what the person is doing.
HOLD: Final = f"{TASK} FOR NO KEY UPDATE"

FIRST_SCAN: Final = """
INSERT INTO task (id, person_id, step, since) VALUES (%(id)s, %(person_id)s, %(step)s, 0)
ON CONFLICT (person_id) DO NOTHING
"""

_KEPT: Final = """
SELECT id, person_id, device, barcode, scanned_at, device_sequence, value, sequence, at,
       tone <> 'refused' AND answer->>'asks' IS DISTINCT FROM 'true', answer::text
  FROM scan
"""

# The scans of these ids, and the last one of each of these codes that stood: sent after HOLD, so
# that it sees every scan before these.
_LOOK_BACK: Final = """
{kept} WHERE id = ANY(%(ids)s)
UNION ALL
SELECT latest.* FROM unnest(%(codes)s::text[], %(devices)s::text[]) AS again (code, device)
 CROSS JOIN LATERAL (
    {kept}
     WHERE person_id = %(person_id)s AND value = again.code AND device = again.device
       AND tone <> 'refused' AND answer->>'asks' IS DISTINCT FROM 'true'
       AND sequence >= %(since)s AND id <> ALL(%(ids)s)
     ORDER BY sequence DESC LIMIT 1
 ) AS latest
"""
LOOK_BACK: Final = _LOOK_BACK.format(kept=_KEPT)

# However many, in one statement; in this order.
RECORD: Final = """
INSERT INTO scan (id, person_id, premises_id, device, barcode, value, kind, step, hand_before,
                  tone, answer, waited, skew_seconds, undoes_id, device_sequence, scanned_at, at)
SELECT id, %(person_id)s, %(premises_id)s, device, barcode, value, kind, step, hand_before,
       tone, answer::json, waited, skew_seconds, undoes_id, device_sequence, scanned_at, %(at)s
  FROM json_to_recordset(%(scans)s::json)
    AS scanned (id uuid, device text, barcode text, value text, kind text, step text,
                hand_before jsonb, tone text, answer text, waited boolean, skew_seconds integer,
                undoes_id uuid, device_sequence bigint, scanned_at timestamptz)
"""

# The dialogue moved on; the scan that began the step is recorded by now, unless it is an old one.
MOVE: Final = """
UPDATE task
   SET kind = %(kind)s, step = %(step)s, hand = %(hand)s::jsonb,
       since = COALESCE((SELECT sequence FROM scan WHERE id = %(begun_by)s), since)
 WHERE id = %(id)s
"""


def peek(work: Work, person_id: UUID) -> Dialogue | None:
    """What the person is doing, not locked; None before the first scan."""
    row = work.sql(TASK, person_id=person_id).fetchone()
    return None if row is None else _task(row).dialogue


def hold(work: Work, person_id: UUID) -> Task:
    """Lock the row of the person, who may scan for the first time."""
    row = work.sql(HOLD, person_id=person_id).fetchone()
    if row is None:
        work.sql(FIRST_SCAN, id=ids.new_id(), person_id=person_id, step=Step.CHOOSE_TASK)
        return hold(work, person_id)
    return _task(row)


def look_back(
    work: Work, person_id: UUID, scans: Sequence[Scanned], codes: Sequence[str], since: int
) -> list[Kept]:
    """Those of *scans* that came before, and the last that stood of each of their *codes*."""
    rows = work.sql(
        LOOK_BACK,
        ids=[each.id for each in scans],
        person_id=person_id,
        codes=list(codes),
        devices=[each.device for each in scans],
        since=since,
    )
    return [
        Kept(key, person, tuple(content), code, order, at, stands, answer)
        for key, person, *content, code, order, at, stands, answer in rows
    ]


def record(
    work: Work, person_id: UUID, premises_id: UUID, scans: Sequence[Mapping[str, object]]
) -> None:
    """Keep *scans*, columns by name, with their answers."""
    text = json.dumps(scans, ensure_ascii=False, default=str)
    work.sql(RECORD, person_id=person_id, premises_id=premises_id, at=work.at, scans=text)


def move(work: Work, task_id: UUID, then: Dialogue, begun_by: UUID | None) -> None:
    """Remember how the dialogue goes on, and which scan began the step if it is a new one."""
    work.sql(
        MOVE,
        id=task_id,
        kind=then.kind,
        step=then.step,
        hand=json.dumps(then.hand, ensure_ascii=False),
        begun_by=begun_by,
    )


def _task(row: tuple[Any, ...]) -> Task:
    key, since, kind, step, hand = row
    return Task(key, since, Dialogue(kind and TaskKind(kind), Step(step), hand))
