"""The tasks of the floor, the steps of each, and how an answer sounds."""

from enum import StrEnum


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
