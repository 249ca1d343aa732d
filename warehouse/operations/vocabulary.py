"""The tasks of the floor, the steps of each, and how an answer sounds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class TaskKind(StrEnum):
    """What a clerk is doing."""

    RECEIVE = "receive"
    PUT_AWAY = "put_away"
    PICK = "pick"
    PACK = "pack"
    EXIT = "exit"


class Step(StrEnum):
    """What the scanner waits for."""

    CHOOSE_TASK = "choose_task"
    SCAN_PARCEL = "scan_parcel"
    SCAN_LOCATION = "scan_location"
    SCAN_ORDER = "scan_order"
    SCAN_BIN = "scan_bin"
    SCAN_GOODS = "scan_goods"


class Tone(StrEnum):
    """How an answer sounds and looks: a short high tone, a double one, a long low one."""

    GOOD = "good"
    WARNING = "warning"
    REFUSED = "refused"


FIRST_STEP: Final[Mapping[TaskKind, Step]] = {
    TaskKind.RECEIVE: Step.SCAN_PARCEL,
    TaskKind.PUT_AWAY: Step.SCAN_PARCEL,
    TaskKind.PICK: Step.SCAN_ORDER,
    TaskKind.PACK: Step.SCAN_PARCEL,
    TaskKind.EXIT: Step.SCAN_PARCEL,
}

COMMANDS: Final[Mapping[str, TaskKind]] = {
    "CMD-RECEIVE": TaskKind.RECEIVE,
    "CMD-PUTAWAY": TaskKind.PUT_AWAY,
    "CMD-PICK": TaskKind.PICK,
    "CMD-PACK": TaskKind.PACK,
    "CMD-EXIT": TaskKind.EXIT,
}
"""The barcodes that choose a task."""

CANCEL: Final = "CMD-CANCEL"
"""The barcode that puts down what is in hand, and then leaves the task."""

EXPECTS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.CHOOSE_TASK: ("command",),
    Step.SCAN_PARCEL: ("parcel",),
    Step.SCAN_LOCATION: ("location",),
    Step.SCAN_ORDER: ("shipment", "parcel"),
    Step.SCAN_BIN: ("location",),
    Step.SCAN_GOODS: ("parcel", "product"),
}
"""What may be scanned at each step, besides a command."""
