"""What the server holds of a talk with a scanner, and what a scan makes of it."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from warehouse.operations.floor.messages import Message
from warehouse.operations.vocabulary import Step, TaskKind

Hand = dict[str, Any]
"""What is in hand, as JSON: the ids of things as text, counts, lists."""


class Dialogue(NamedTuple):
    """What a person is doing, what the scanner waits for, and what is in hand."""

    kind: TaskKind | None
    step: Step
    hand: Hand


IDLE: Final = Dialogue(None, Step.CHOOSE_TASK, {})


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, filled from *facts*, and how the dialogue goes on."""

    message: Message
    then: Dialogue
    facts: dict[str, object] = field(default_factory=dict)
