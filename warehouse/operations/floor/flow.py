"""The contract of a flow: a task of the floor, told as steps that each take one scan.

A flow module has a function for each step and ends with ``FLOW: Final = Flow(...)``; `flows.FLOWS`
lists them.  The engine (`scanning`) finds the step, gives it a `Turn`, keeps its `Reply`:

* A step says no by ``raise Refused(say.X, fact=…)``: what it did is undone, the scan and its
  answer stay, the dialogue stays where it was.
* A step asks by ``raise Ask(say.X, fact=…)``: likewise undone; when the very next scan is the same
  code it means yes, and the step is called again with *turn.confirmed*.
* A step goes on with ``Reply(say.X, turn.go(Step.Y, parcel=parcel.id), facts)``.  Where it may lead
  is declared in `StepOf.then`; the engine asserts it, and docs/floor draws it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from warehouse.core.errors import WarehouseError
from warehouse.core.work import Work
from warehouse.operations.floor.dialogue import Dialogue, Hand, Reply
from warehouse.operations.floor.labels import Kind, Label
from warehouse.operations.floor.messages import Message
from warehouse.operations.vocabulary import Step, TaskKind


class Undone(NamedTuple):
    """The scan that is to be undone, and what was in *hand* before it."""

    scan_id: UUID
    code: str
    hand: Hand
    data: Mapping[str, object]
    """What the answer to it told programs."""


@dataclass(frozen=True, slots=True)
class StepOf:
    """A step of a flow.

    *prompt* is said while the scanner waits here; *then* are the steps that a reply may lead to
    (`Step.CHOOSE_TASK` ends the task).  *knows* are the commands that are given to *act*, besides
    those of the engine.  *doubled*: the same code within a minute is a trigger pressed twice; False
    where every scan counts.  *together* takes several scans of different codes as *act* would take
    them one after the other, all of them leading back to where they began; None, or a refusal, and
    they are taken one by one.  *undo* makes the counter-entries of an accepted scan, or raises
    Refused; the engine restores the dialogue.  None: what was done here cannot be undone.
    """

    act: Callable[["Turn"], Reply]
    prompt: str
    then: frozenset[Step]
    knows: frozenset[str] = frozenset()
    doubled: bool = True
    together: Callable[[Sequence["Turn"]], Sequence[Reply] | None] | None = None
    undo: Callable[["Turn", Undone], None] | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A task of the floor.  *command* is the barcode that begins it, at the first of *steps*.

    *in_hand* is what a page that opens in the middle says; without one the *title* is said.
    *offline*: scans that waited on a device without a network are taken; False where goods could
    leave on old knowledge.  *refused* records a refusal, besides the scan, after it was undone.
    """

    kind: TaskKind
    command: str
    title: Message
    steps: Mapping[Step, StepOf]
    in_hand: Callable[[Work, UUID, Dialogue], Reply] | None = None
    offline: bool = True
    refused: Callable[["Turn", WarehouseError], None] | None = None

    def begin(self) -> Dialogue:
        """The first step, with nothing in hand."""
        return Dialogue(self.kind, next(iter(self.steps)), {})


@dataclass(frozen=True, slots=True)
class Turn:
    """One scan, in its place in the dialogue.  *code* is what is looked up.

    *flow* is the task that is being done; None where none is chosen.
    *confirmed*: the step asked, and this is the second scan of the code, which means yes.
    *waited*: the scan was made without a network and is replayed now; *scanned_at*: the device's
    clock when it was made, if it told.
    """

    work: Work
    premises_id: UUID
    person_id: UUID
    scan_id: UUID
    label: Label
    code: str
    dialogue: Dialogue
    flow: Flow | None
    confirmed: bool
    waited: bool
    scanned_at: datetime | None

    @property
    def step(self) -> StepOf | None:
        """The step that the dialogue waits at; None where no task is chosen."""
        return self.flow.steps[self.dialogue.step] if self.flow else None

    @property
    def is_place(self) -> bool:
        """Whether a location was scanned."""
        return self.label.kind is Kind.LOCATION

    @property
    def place(self) -> str:
        """The code of the location that was scanned."""
        return self.code.removeprefix("LOC-")

    @property
    def hand(self) -> Hand:
        """What is in hand."""
        return self.dialogue.hand

    def uuid(self, name: str) -> UUID:
        """The id of *name*, which an earlier step took in hand."""
        return UUID(self.dialogue.hand[name])

    def go(self, step: Step, **hand: object) -> Dialogue:
        """This task at *step*, with *hand* taken as well; None puts a thing down."""
        taken = self.dialogue.hand | {name: _plain(thing) for name, thing in hand.items()}
        held = {name: thing for name, thing in taken.items() if thing is not None}
        return Dialogue(self.dialogue.kind, step, held)

    def begin(self) -> Dialogue:
        """The first step of this task, with nothing in hand."""
        assert self.flow is not None, "a step belongs to a task"
        return self.flow.begin()


def put_down(turn: Turn, undone: Undone) -> None:
    """The *undo* of a step that only took something in hand: there is nothing to reverse."""


def _plain(thing: object) -> object:
    """*thing* as JSON keeps it."""
    match thing:
        case UUID() | Decimal():
            return str(thing)
        case datetime() | date():
            return thing.isoformat()
        case _:
            return thing
