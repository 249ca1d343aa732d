"""The tasks of the floor, the steps of each, and how an answer sounds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.lifecycle import lifecycle


class TaskKind(StrEnum):
    """What a clerk is doing."""

    ARRIVE = "arrive"
    RECEIVE = "receive"
    PUT_AWAY = "put_away"
    MOVE = "move"
    REPLENISH = "replenish"
    COUNT = "count"
    HANDLE = "handle"
    PICK = "pick"
    PACK = "pack"
    STAGE = "stage"
    LOAD = "load"
    EXIT = "exit"
    RETURN = "return"
    DISPOSE = "dispose"
    TRANSFER_IN = "transfer_in"
    PUT_BACK = "put_back"
    WHY = "why"


TASK_NAMES: Final[Mapping[TaskKind, str]] = {
    TaskKind.ARRIVE: N_("Vehicle arrival"),
    TaskKind.RECEIVE: N_("Receive"),
    TaskKind.PUT_AWAY: N_("Put away"),
    TaskKind.MOVE: N_("Move"),
    TaskKind.REPLENISH: N_("Replenish"),
    TaskKind.COUNT: N_("Count"),
    TaskKind.HANDLE: N_("Repack"),
    TaskKind.PICK: N_("Pick"),
    TaskKind.PACK: N_("Pack"),
    TaskKind.STAGE: N_("Stage"),
    TaskKind.LOAD: N_("Load"),
    TaskKind.EXIT: N_("Exit gate"),
    TaskKind.RETURN: N_("Return"),
    TaskKind.DISPOSE: N_("Dispose"),
    TaskKind.TRANSFER_IN: N_("Transfer in"),
    TaskKind.PUT_BACK: N_("Put back"),
    TaskKind.WHY: N_("Why not out?"),
}


class Step(StrEnum):
    """What the scanner waits for."""

    CHOOSE_TASK = "choose_task"
    SCAN_CONSIGNMENT = "scan_consignment"
    SCAN_VEHICLE = "scan_vehicle"
    SCAN_SEAL = "scan_seal"
    SCAN_PARCEL = "scan_parcel"
    SCAN_UNIT = "scan_unit"
    SCAN_CONTENT = "scan_content"
    SCAN_LOCATION = "scan_location"
    SCAN_ORDER = "scan_order"
    SCAN_TOTE = "scan_tote"
    SCAN_BIN = "scan_bin"
    SCAN_GOODS = "scan_goods"
    SCAN_ITEM = "scan_item"
    SCAN_CARTON = "scan_carton"
    WEIGH = "weigh"
    SCAN_LABEL = "scan_label"
    SCAN_STAGE = "scan_stage"
    SCAN_MANIFEST = "scan_manifest"
    SCAN_DISPOSAL = "scan_disposal"
    SCAN_TARGET = "scan_target"


class Tone(StrEnum):
    """How an answer sounds and looks: a short high tone, a double one, a long low one."""

    GOOD = "good"
    WARNING = "warning"
    REFUSED = "refused"


CANCEL: Final = "CMD-CANCEL"
"""The barcode that puts down what is in hand, and then leaves the task."""

UNDO: Final = "CMD-UNDO"
"""The barcode that takes back the last scan."""

DONE: Final = "CMD-DONE"
"""The barcode that finishes what a task is at: a receipt, a count, a carton, a manifest."""

NEXT: Final = "CMD-NEXT"
"""The barcode that passes over what a task asks for, and goes to the next."""

EXPECTS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.CHOOSE_TASK: ("command",),
    Step.SCAN_CONSIGNMENT: ("consignment", "despatch"),
    Step.SCAN_VEHICLE: ("text",),
    Step.SCAN_SEAL: ("text", "command"),
    Step.SCAN_PARCEL: ("parcel", "command"),
    Step.SCAN_UNIT: ("parcel", "container", "location"),
    Step.SCAN_CONTENT: ("product", "quantity", "text", "command"),
    Step.SCAN_LOCATION: ("location",),
    Step.SCAN_ORDER: ("shipment", "parcel", "command"),
    Step.SCAN_TOTE: ("container",),
    Step.SCAN_BIN: ("location",),
    Step.SCAN_GOODS: ("parcel", "product"),
    Step.SCAN_ITEM: ("product", "parcel", "quantity", "command"),
    Step.SCAN_CARTON: ("carton",),
    Step.WEIGH: ("weight",),
    Step.SCAN_LABEL: ("parcel", "shipment"),
    Step.SCAN_STAGE: ("location",),
    Step.SCAN_MANIFEST: ("manifest",),
    Step.SCAN_DISPOSAL: ("disposal",),
    Step.SCAN_TARGET: ("location", "container"),
}
"""What may be scanned at each step, besides a command."""


class AssignmentKind(StrEnum):
    """What somebody is to do."""

    PUT_AWAY = "put_away"
    REPLENISH = "replenish"
    RELOCATE = "relocate"
    """Carry held goods to a place for held goods."""
    COUNT = "count"
    PICK = "pick"
    PUT_BACK = "put_back"
    """Carry goods of a cancelled order back to the store."""
    INSPECT = "inspect"
    DISPOSE = "dispose"
    CONFLICT = "conflict"
    """A scan that came late and was refused: somebody is to look."""


ASSIGNMENT_NAMES: Final[Mapping[AssignmentKind, str]] = {
    AssignmentKind.PUT_AWAY: N_("Put away"),
    AssignmentKind.REPLENISH: N_("Fill a pick bin"),
    AssignmentKind.RELOCATE: N_("Carry held goods aside"),
    AssignmentKind.COUNT: N_("Count"),
    AssignmentKind.PICK: N_("Pick"),
    AssignmentKind.PUT_BACK: N_("Put back"),
    AssignmentKind.INSPECT: N_("Inspect"),
    AssignmentKind.DISPOSE: N_("Dispose"),
    AssignmentKind.CONFLICT: N_("Look at a late scan"),
}


class AssignmentState(StrEnum):
    """Waiting for somebody, being done, done, no longer needed."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    CANCELLED = "cancelled"


ASSIGNMENT: Final = lifecycle(
    {
        AssignmentState.OPEN: {
            AssignmentState.TAKEN, AssignmentState.DONE, AssignmentState.CANCELLED,
        },
        AssignmentState.TAKEN: {
            AssignmentState.OPEN, AssignmentState.DONE, AssignmentState.CANCELLED,
        },
        AssignmentState.DONE: set(),
        AssignmentState.CANCELLED: set(),
    }
)  # fmt: skip


class WaveState(StrEnum):
    """Collecting orders, on the floor, picked."""

    PLANNED = "planned"
    RELEASED = "released"
    DONE = "done"
    CANCELLED = "cancelled"


WAVE: Final = lifecycle(
    {
        WaveState.PLANNED: {WaveState.RELEASED, WaveState.CANCELLED},
        WaveState.RELEASED: {WaveState.DONE, WaveState.PLANNED},
        WaveState.DONE: set(),
        WaveState.CANCELLED: set(),
    }
)


WAVE_NAMES: Final[Mapping[WaveState, str]] = {
    WaveState.PLANNED: N_("Planned"),
    WaveState.RELEASED: N_("On the floor"),
    WaveState.DONE: N_("Picked"),
    WaveState.CANCELLED: N_("Cancelled"),
}


class FloorEvent(StrEnum):
    """What is recorded of the work of the floor."""

    ASSIGNED = "operations.assignment.made"
    TAKEN_OVER = "operations.assignment.taken_over"
    WAVE_PLANNED = "operations.wave.planned"
    WAVE_RELEASED = "operations.wave.released"
    WAVE_DONE = "operations.wave.done"
    LABELS_PRINTED = "operations.labels.printed"  # of a night; again only with a reason
    SCAN_UNDONE = "operations.scan.undone"
    EXIT_REFUSED = "operations.exit.refused"
    PROVED = "operations.ledgers.proved"
    ALARM_RAISED = "operations.ledgers.alarm"
    CAUSE_NAMED = "operations.ledgers.cause_named"
    OPENING_STAGED = "operations.opening.staged"
    OPENING_SIGNED_OFF = "operations.opening.signed_off"
    OPENING_REFUSED = "operations.opening.refused"


class BatchForm(StrEnum):
    """How a day's papers are handed over."""

    ZIP = "zip"
    MERGED = "merged"


class BatchState(StrEnum):
    """Of a day's papers being put together."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
