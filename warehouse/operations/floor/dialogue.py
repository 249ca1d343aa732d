"""What one scan sees, and what a step of a task makes of it."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.operations.floor.labels import Kind, Label
from warehouse.operations.floor.messages import Message
from warehouse.operations.vocabulary import FIRST_STEP, Step, TaskKind


class Dialogue(NamedTuple):
    """What a person is doing, what the scanner waits for, and what is in hand."""

    kind: TaskKind | None = None
    step: Step = Step.CHOOSE_TASK
    handling_unit_id: UUID | None = None
    location_id: UUID | None = None
    shipment_id: UUID | None = None


IDLE: Final = Dialogue()


def begin(kind: TaskKind) -> Dialogue:
    """The dialogue of *kind* with nothing in hand."""
    return Dialogue(kind, FIRST_STEP[kind])


@dataclass(frozen=True, slots=True)
class Turn:
    """One scan, in its place in the dialogue.  *code* is what is looked up."""

    work: Work
    premises_id: UUID
    scan_id: UUID
    label: Label
    code: str
    dialogue: Dialogue

    @property
    def is_place(self) -> bool:
        """Whether a location was scanned."""
        return self.label.kind is Kind.LOCATION

    @property
    def place(self) -> str:
        """The code of the location that was scanned."""
        return self.code.removeprefix("LOC-")


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, filled from *facts*, and how the dialogue goes on."""

    message: Message
    then: Dialogue
    facts: dict[str, object] = field(default_factory=dict)
