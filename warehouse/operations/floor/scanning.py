"""One scan, one answer: find the step, take it, keep both.

The server holds the dialogue.  What is refused is an answer like any other: the step is undone,
the scan and its answer stay.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.operations.errors import NoPremises
from warehouse.operations.floor import answering, keeping, keyboard, labels, messages, stepping
from warehouse.operations.floor.answering import Answer
from warehouse.operations.floor.dialogue import IDLE, Dialogue, Reply
from warehouse.operations.floor.errors import ScanChanged
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.flows import FLOW_OF
from warehouse.operations.floor.keeping import UNRECORDED, Kept, Scanned
from warehouse.operations.floor.labels import Kind, Label
from warehouse.operations.floor.stepping import Outcome
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, Tone

DOUBLED_WITHIN: Final = timedelta(seconds=60)
"""For so long the same code in the same step is a trigger pressed twice, not a second act."""

_OF_WHAT_CAME_BEFORE: Final = frozenset({Kind.COMMAND, Kind.WEIGHT, Kind.SIZE})
"""Labels that speak of the scan before them, which is written first; no trigger pressed twice."""

SKEWED: Final = 300
"""Seconds by which the clock of a device may be wrong before an answer says so."""


def scan(work: Work, scanned: Scanned) -> str:
    """Take the step that *scanned* asks for; return the answer, as JSON.

    The same scan again gets the same answer, byte for byte, and changes nothing.

    Raises:
        ScanChanged: a scan with this id had other content.
        NoPremises: the actor works nowhere.
    """
    [answer] = replay(work, [scanned])
    if isinstance(answer, ScanChanged):
        raise answer
    return answer


def replay(work: Work, scans: Sequence[Scanned]) -> list[str | ScanChanged]:
    """Take *scans*, one after the other, as if each had been sent alone; return the answers.

    Raises:
        NoPremises: the actor works nowhere.
    """
    read = [_Read(each, *_meant(labels.identify(each.barcode))) for each in scans]
    sitting = _sit_down(work, read)
    answers = sitting.answer_all(read)
    sitting.write()
    return answers


def current(work: Work) -> Answer:
    """What the actor is doing, what is in hand and what to scan next: for a page that opens."""
    person_id, premises_id = _clerk(work)
    here = keeping.peek(work, person_id) or IDLE
    if here.kind is None:
        return answering.accepted(None, Reply(messages.CHOOSE_TASK, here))
    flow = FLOW_OF[here.kind]
    if flow.in_hand is None or here == flow.begin():
        return answering.accepted(None, Reply(flow.title, here))
    return answering.accepted(None, flow.in_hand(work, premises_id, here))


class _Read(NamedTuple):
    """A scan, what its label is, and what is looked up."""

    scanned: Scanned
    label: Label
    code: str


@dataclass(slots=True)
class _Sitting:
    """One person's scans in one transaction: the dialogue is held, what came before is known."""

    work: Work
    person_id: UUID
    premises_id: UUID
    task_id: UUID
    dialogue: Dialogue
    since: int
    known: dict[UUID, Kept]
    last: dict[tuple[object, str], Kept]
    unwritten: list[dict[str, object]] = field(default_factory=list)
    conflicts: dict[UUID, dict[str, str]] = field(default_factory=dict)
    begun_by: UUID | None = None
    moved: bool = False
    taken: int = 0

    def answer_all(self, read: Sequence[_Read]) -> list[str | ScanChanged]:
        """The answers to scans, taken together as far as the step can, the rest by halves."""
        if len(read) == 1:
            return [self.answer(read[0])]
        if answers := self._together(read):
            return [*answers]
        half = len(read) // 2
        return self.answer_all(read[:half]) + self.answer_all(read[half:])

    def answer(self, read: _Read) -> str | ScanChanged:
        """The answer to a scan: the one it got before, or that of the step."""
        scanned = read.scanned
        earlier = self.known.get(scanned.id)
        if earlier is None:
            return self._take(read)
        if (self.person_id, scanned.content) != (earlier.person_id, earlier.content):
            return ScanChanged(scan_id=str(scanned.id))
        return earlier.answer

    def write(self) -> None:
        """Record what is not recorded yet: scans, answers, how the dialogue goes on."""
        if self.unwritten:
            keeping.record(self.work, self.person_id, self.premises_id, self.unwritten)
        if self.moved:
            keeping.move(self.work, self.task_id, self.dialogue, self.begun_by)
        for scan_id, facts in self.conflicts.items():
            assignments.add(
                self.work, AssignmentKind.CONFLICT, self.premises_id, scan_id=scan_id, facts=facts
            )
        self.unwritten, self.begun_by, self.moved, self.conflicts = [], None, False, {}

    def _together(self, read: Sequence[_Read]) -> list[str] | None:
        here, asked = stepping.unasked(self.dialogue)
        codes = {each.code for each in read if self._is_plain(each, here)}
        if asked or len(codes) < len(read):
            return None
        outcomes = stepping.attempt_together([self._turn(each, here) for each in read])
        if outcomes is None:
            return None
        return [
            self._keep(each, here, outcome) for each, outcome in zip(read, outcomes, strict=True)
        ]

    def _is_plain(self, read: _Read, here: Dialogue) -> bool:
        """Whether a scan is for the step alone to judge."""
        scanned, label, code = read
        alone = not code or scanned.id in self.known or label.kind in _OF_WHAT_CAME_BEFORE
        return not alone and self._doubled(read, here) is None

    def _turn(self, read: _Read, here: Dialogue, *, confirmed: bool = False) -> Turn:
        scanned, label, code = read
        return Turn(
            self.work,
            self.premises_id,
            self.person_id,
            scanned.id,
            label,
            code,
            here,
            FLOW_OF[here.kind] if here.kind else None,
            confirmed,
            scanned.waited,
            scanned.scanned_at,
        )

    def _take(self, read: _Read) -> str:
        scanned, label, code = read
        here, asked = stepping.unasked(self.dialogue)
        confirmed = asked == code and not scanned.waited
        doubled = None if confirmed else self._doubled(read, here)
        if doubled is not None:
            outcome = Outcome(here, answering.again(doubled, scanned.id))
        else:
            if label.kind in _OF_WHAT_CAME_BEFORE:
                self.write()
            outcome = stepping.attempt(self._turn(read, here, confirmed=confirmed))
        return self._keep(read, here, outcome)

    def _doubled(self, read: _Read, here: Dialogue) -> str | None:
        """The answer that the same code got just now, if it is a trigger pressed twice."""
        scanned, label, code = read
        counts = here.kind and not FLOW_OF[here.kind].steps[here.step].doubled
        earlier = self.last.get((scanned.device, code))
        if earlier is None or counts or earlier.order < self.since:
            return None
        if label.kind in _OF_WHAT_CAME_BEFORE:
            return None
        return earlier.answer if _apart(scanned, earlier, self.work) < DOUBLED_WITHIN else None

    def _keep(self, read: _Read, here: Dialogue, outcome: Outcome) -> str:
        scanned, _, code = read
        skew = _skew(scanned, self.work)
        if skew is not None and abs(skew) > SKEWED:
            outcome.answer["data"]["skew"] = skew
        text = json.dumps(outcome.answer, ensure_ascii=False)
        tone = outcome.answer["tone"]
        self.unwritten.append(
            {
                "id": scanned.id,
                "device": scanned.device,
                "barcode": scanned.barcode,
                "value": code,
                "kind": here.kind,
                "step": here.step,
                "hand_before": here.hand,
                "tone": tone,
                "answer": text,
                "waited": scanned.waited,
                "skew_seconds": skew,
                "undoes_id": outcome.undoes_id,
                "device_sequence": scanned.sequence,
                "scanned_at": scanned.scanned_at,
            }
        )
        if scanned.waited and tone == Tone.REFUSED:
            self.conflicts[scanned.id] = {"scanned": code, "why": outcome.answer["message"]["code"]}
        self._remember(read, outcome, text)
        return text

    def _remember(self, read: _Read, outcome: Outcome, text: str) -> None:
        """What later scans of this sitting go by."""
        scanned, _, code = read
        order = UNRECORDED + self.taken
        self.taken += 1
        stands = not (outcome.answer["asks"] or outcome.answer["tone"] == Tone.REFUSED)
        kept = Kept(
            scanned.id, self.person_id, scanned.content, code, order, self.work.at, stands, text
        )
        self.known[scanned.id] = kept
        if stands:
            self.last[scanned.device, code] = kept
        if outcome.then != self.dialogue:
            self.dialogue, self.moved = outcome.then, True
        if outcome.anew:
            self.since, self.begun_by, self.moved = order, scanned.id, True


def _sit_down(work: Work, read: Sequence[_Read]) -> _Sitting:
    person_id, premises_id = _clerk(work)
    task = keeping.hold(work, person_id)
    kept = keeping.look_back(
        work, person_id, [each.scanned for each in read], [each.code for each in read], task.since
    )
    known = {each.id: each for each in kept}
    standing = sorted((each for each in kept if each.stands), key=lambda each: each.order)
    last = {(each.content[0], each.code): each for each in standing}
    return _Sitting(work, person_id, premises_id, task.id, task.dialogue, task.since, known, last)


def _clerk(work: Work) -> tuple[UUID, UUID]:
    """Who scans, and where."""
    assert work.actor.id is not None, "the door lets only people through"
    if work.actor.premises_id is None:
        raise NoPremises(person=work.actor.name)
    return work.actor.id, work.actor.premises_id


def _meant(label: Label) -> tuple[Label, str]:
    """What to look up: also a number of ours or a SKU that was typed under a Thai layout."""
    if label.kind is Kind.UNKNOWN and keyboard.typed_in_thai(label.value):
        return label, next(keyboard.readings(label.value))
    return label, label.value


def _apart(scanned: Scanned, earlier: Kept, work: Work) -> timedelta:
    """The time between two scans: by the device's clock if it told both."""
    scanned_at = earlier.content[2]
    if scanned.scanned_at is not None and isinstance(scanned_at, datetime):
        return abs(scanned.scanned_at - scanned_at)
    return work.at - earlier.at


def _skew(scanned: Scanned, work: Work) -> int | None:
    """Seconds by which the device's clock is behind ours, if it told."""
    told = scanned.sent_at or (None if scanned.waited else scanned.scanned_at)
    return None if told is None else round((work.at - told).total_seconds())
