"""One scan, one answer: find the step, take it, keep both.

The server holds the dialogue.  What is refused is an answer like any other: the step is undone,
the scan and its answer stay.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlmodel import Session

from warehouse.core import ids
from warehouse.core.errors import Conflict, NotFound, RuleViolation
from warehouse.core.work import Work
from warehouse.operations.floor import (
    answering,
    dialogue,
    dispatch,
    keyboard,
    labels,
    messages,
    packing,
    picking,
    putaway,
    receiving,
)
from warehouse.operations.floor.answering import Answer
from warehouse.operations.floor.dialogue import IDLE, Dialogue, Reply, Turn
from warehouse.operations.floor.errors import NoPremises, Refused, ScanChanged
from warehouse.operations.floor.labels import Kind, Label
from warehouse.operations.vocabulary import CANCEL, COMMANDS, Step, TaskKind

STEPS: Final[Mapping[tuple[TaskKind, Step], Callable[[Turn], Reply]]] = {
    (TaskKind.RECEIVE, Step.SCAN_PARCEL): receiving.scan_parcel,
    (TaskKind.PUT_AWAY, Step.SCAN_PARCEL): putaway.scan_parcel,
    (TaskKind.PUT_AWAY, Step.SCAN_LOCATION): putaway.scan_location,
    (TaskKind.PICK, Step.SCAN_ORDER): picking.scan_order,
    (TaskKind.PICK, Step.SCAN_BIN): picking.scan_bin,
    (TaskKind.PICK, Step.SCAN_GOODS): picking.scan_goods,
    (TaskKind.PACK, Step.SCAN_PARCEL): packing.scan_parcel,
    (TaskKind.EXIT, Step.SCAN_PARCEL): dispatch.scan_parcel,
}
"""What each scan does, by what the person is doing."""

DOUBLED_WITHIN: Final = timedelta(seconds=60)
"""For so long the same code in the same step is a trigger pressed twice, not a second act."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """One pull of the trigger.  The device made *id*, and counts its scans in *sequence*."""

    id: UUID
    barcode: str
    device: str
    scanned_at: datetime | None = None
    sequence: int | None = None


class _Task(NamedTuple):
    id: UUID
    since: int
    dialogue: Dialogue


TASK: Final = """
SELECT id, since, kind, step, handling_unit_id, location_id, shipment_id
  FROM task WHERE person_id = %(person_id)s
"""
# Scans of one person queue here; the row says what the person is doing.
HOLD: Final = f"{TASK} FOR NO KEY UPDATE"

FIRST_SCAN: Final = """
INSERT INTO task (id, person_id, step, since) VALUES (%(id)s, %(person_id)s, %(step)s, 0)
ON CONFLICT (person_id) DO NOTHING
"""

# The scan of this id, and the last one of this code that was accepted in the present step: sent
# after HOLD, so that it sees every scan before this one.
LOOK_BACK: Final = """
SELECT id, person_id, device, barcode, scanned_at, device_sequence, answer::text
  FROM scan WHERE id = %(id)s
UNION ALL
(SELECT id, person_id, device, barcode, scanned_at, device_sequence, answer::text
   FROM scan
  WHERE person_id = %(person_id)s AND value = %(code)s AND id <> %(id)s AND device = %(device)s
    AND tone <> 'refused' AND sequence >= %(since)s AND at > %(after)s
  ORDER BY sequence DESC LIMIT 1)
"""

# Keeps the scan with its answer; where the dialogue moved on, this scan began the step.
RECORD: Final = """
WITH kept AS (
    INSERT INTO scan (id, person_id, premises_id, device, barcode, value, kind, step, tone, answer,
                      device_sequence, scanned_at, at)
    VALUES (%(id)s, %(person_id)s, %(premises_id)s, %(device)s, %(barcode)s, %(code)s, %(kind)s,
            %(step)s, %(tone)s, %(answer)s::json, %(device_sequence)s, %(scanned_at)s, %(at)s)
    RETURNING sequence
)
UPDATE task
   SET kind = %(next_kind)s, step = %(next_step)s, handling_unit_id = %(handling_unit_id)s,
       location_id = %(location_id)s, shipment_id = %(shipment_id)s, since = kept.sequence
  FROM kept WHERE task.id = %(task_id)s AND %(moved)s
"""


def scan(work: Work, scanned: Scanned) -> str:
    """Take the step that *scanned* asks for; return the answer, as JSON.

    The same scan again gets the same answer, byte for byte, and changes nothing.

    Raises:
        ScanChanged: a scan with this id had other content.
        NoPremises: the actor works nowhere.
    """
    person_id, premises_id = _clerk(work)
    task = _hold(work, person_id)
    label = labels.identify(scanned.barcode)
    code = _meant(label)
    earlier, doubled = _look_back(work, person_id, scanned, code, task.since)
    if earlier is not None:
        return earlier
    if doubled is not None and label.kind is not Kind.COMMAND:
        then, answer = task.dialogue, answering.again(doubled, scanned.id)
    else:
        turn = Turn(work, premises_id, scanned.id, label, code, task.dialogue)
        then, answer = _attempt(turn)
    text = json.dumps(answer, ensure_ascii=False)
    work.sql(
        RECORD,
        id=scanned.id,
        person_id=person_id,
        premises_id=premises_id,
        device=scanned.device,
        barcode=scanned.barcode,
        code=code,
        kind=task.dialogue.kind,
        step=task.dialogue.step,
        tone=answer["tone"],
        answer=text,
        device_sequence=scanned.sequence,
        scanned_at=scanned.scanned_at,
        at=work.at,
        task_id=task.id,
        moved=then != task.dialogue,
        next_kind=then.kind,
        next_step=then.step,
        handling_unit_id=then.handling_unit_id,
        location_id=then.location_id,
        shipment_id=then.shipment_id,
    )
    return text


def current(work: Work) -> Answer:
    """What the actor is doing, what is in hand and what to scan next: for a page that opens."""
    person_id, premises_id = _clerk(work)
    row = work.sql(TASK, person_id=person_id).fetchone()
    here = IDLE if row is None else _task(row).dialogue
    match here.kind, here.step:
        case None, _:
            return answering.accepted(None, Reply(messages.CHOOSE_TASK, here))
        case TaskKind.PUT_AWAY, Step.SCAN_LOCATION:
            return answering.accepted(None, putaway.in_hand(work, premises_id, here))
        case TaskKind.PICK, Step.SCAN_BIN | Step.SCAN_GOODS:
            return answering.accepted(None, picking.in_hand(work, premises_id, here))
        case kind, _:
            return answering.accepted(None, Reply(messages.TASKS[kind], here))


def _clerk(work: Work) -> tuple[UUID, UUID]:
    """Who scans, and where."""
    assert work.actor.id is not None, "the door lets only people through"
    if work.actor.premises_id is None:
        raise NoPremises(person=work.actor.name)
    return work.actor.id, work.actor.premises_id


def _hold(work: Work, person_id: UUID) -> _Task:
    row = work.sql(HOLD, person_id=person_id).fetchone()
    if row is None:
        work.sql(FIRST_SCAN, id=ids.new_id(), person_id=person_id, step=Step.CHOOSE_TASK)
        return _hold(work, person_id)
    return _task(row)


def _task(row: tuple[Any, ...]) -> _Task:
    key, since, kind, step, *in_hand = row
    return _Task(key, since, Dialogue(kind and TaskKind(kind), Step(step), *in_hand))


def _meant(label: Label) -> str:
    """What to look up: also a number of ours or a SKU that was typed under a Thai layout."""
    if label.kind is Kind.UNKNOWN and keyboard.typed_in_thai(label.value):
        return next(keyboard.readings(label.value))
    return label.value


def _look_back(
    work: Work, person_id: UUID, scanned: Scanned, code: str, since: int
) -> tuple[str | None, str | None]:
    """The answer that this scan got before, and that of the same code just now."""
    rows = work.sql(
        LOOK_BACK,
        id=scanned.id,
        person_id=person_id,
        code=code,
        device=scanned.device,
        since=since,
        after=work.at - DOUBLED_WITHIN,
    ).fetchall()
    sent = (person_id, scanned.device, scanned.barcode, scanned.scanned_at, scanned.sequence)
    doubled = None
    for key, *content, answer in rows:
        if key != scanned.id:
            doubled = answer
        elif tuple(content) == sent:
            return answer, None
        else:
            raise ScanChanged(scan_id=str(scanned.id))
    return None, doubled


def _attempt(turn: Turn) -> tuple[Dialogue, Answer]:
    """Take the step, or undo it and say why."""
    turn.work.sql("SAVEPOINT step")
    try:
        reply = _step(turn)
    except (Conflict, NotFound, RuleViolation) as refusal:
        _forget(turn.work.session)
        turn.work.sql("ROLLBACK TO SAVEPOINT step")
        return turn.dialogue, answering.refused(turn.scan_id, turn.dialogue, refusal)
    return reply.then, answering.accepted(turn.scan_id, reply)


def _forget(session: Session) -> None:
    """Undo what the step had not written yet: a later flush would write it."""
    for unwritten in list(session.new):
        session.expunge(unwritten)
    session.expire_all()


def _step(turn: Turn) -> Reply:
    if not turn.code:
        raise Refused(messages.NOTHING_READ)
    if turn.label.kind is Kind.COMMAND:
        return _command(turn)
    if turn.dialogue.kind is None:
        raise Refused(messages.NO_TASK, scanned=turn.code)
    return STEPS[turn.dialogue.kind, turn.dialogue.step](turn)


def _command(turn: Turn) -> Reply:
    if kind := COMMANDS.get(turn.code):
        return Reply(messages.TASKS[kind], dialogue.begin(kind))
    if turn.code != CANCEL:
        raise Refused(messages.UNKNOWN_COMMAND, scanned=turn.code)
    kind = turn.dialogue.kind
    if kind is None or turn.dialogue == dialogue.begin(kind):
        return Reply(messages.CHOOSE_TASK, IDLE)
    return Reply(messages.TASKS[kind], dialogue.begin(kind))
