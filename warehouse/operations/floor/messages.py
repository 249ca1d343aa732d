"""Every sentence the floor hears: what was done, what to scan next, why something is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.vocabulary import Step, TaskKind, Tone


@dataclass(frozen=True, slots=True)
class Message:
    """A stable *code* for programs, and the gettext key of a *sentence* with facts in braces."""

    code: str
    sentence: str
    tone: Tone = Tone.GOOD


# ── What to do next ──────────────────────────────────────────────────────────────────────────────

TASKS: Final[Mapping[TaskKind, Message]] = {
    TaskKind.RECEIVE: Message("receive", N_("Receiving. Scan a parcel.")),
    TaskKind.PUT_AWAY: Message("put-away", N_("Putting away. Scan a parcel.")),
    TaskKind.PICK: Message("pick", N_("Picking. Scan a pick list.")),
    TaskKind.PACK: Message("pack", N_("Packing. Scan a parcel label.")),
    TaskKind.EXIT: Message("exit", N_("Exit gate. Scan a parcel label.")),
}
CHOOSE_TASK: Final = Message("choose-task", N_("Choose a task."))
PROMPTS: Final[Mapping[Step, str]] = {
    Step.CHOOSE_TASK: N_("Choose a task."),
    Step.SCAN_PARCEL: N_("Scan a parcel."),
    Step.SCAN_LOCATION: N_("Scan the bin."),
    Step.SCAN_ORDER: N_("Scan a pick list."),
    Step.SCAN_BIN: N_("Scan the bin to pick from."),
    Step.SCAN_GOODS: N_("Scan the goods."),
}

# ── What was done ────────────────────────────────────────────────────────────────────────────────

RECEIVED: Final = Message("received", N_("Received {parcel}: {goods}."))
RECEIVED_UNCHECKED: Final = Message(
    "received-unchecked",
    N_("Received {parcel}: {goods}. Its check digit is wrong: compare the label with the parcel."),
    Tone.WARNING,
)
PARCEL_IN_HAND: Final = Message("parcel-in-hand", N_("{parcel} stands at {at}. Scan the new bin."))
STORED: Final = Message("stored", N_("{parcel} is in {location}."))
PICK_NEXT: Final = Message(
    "pick-next", N_("Go to {location}: {quantity} × {sku} from parcel {parcel}.")
)
TAKE: Final = Message(
    "take", N_("{location} is right. Take {quantity} × {sku} from parcel {parcel} and scan it.")
)
MOVED: Final = Message(
    "moved",
    N_("The goods were carried elsewhere. Go to {location}: {quantity} × {sku} from {parcel}."),
    Tone.WARNING,
)
PICKED: Final = Message("picked", N_("{shipment} is picked. Bring it to {location}."))
PACKED: Final = Message("packed", N_("{parcel} is packed."))
EXITED: Final = Message("exited", N_("{parcel} may leave: customs released it."))

# ── Why something is refused ─────────────────────────────────────────────────────────────────────


def _refusal(code: str, sentence: str) -> Message:
    return Message(code, sentence, Tone.REFUSED)


NOTHING_READ: Final = _refusal("nothing-read", N_("Nothing was read. Scan again."))
NO_TASK: Final = _refusal("no-task", N_("Choose a task first, then scan {scanned}."))
UNKNOWN_COMMAND: Final = _refusal("unknown-command", N_("There is no command {scanned}."))
PARCEL_EXPECTED: Final = _refusal("parcel-expected", N_("{scanned} is a place. Scan a parcel."))
PLACE_EXPECTED: Final = _refusal("place-expected", N_("{scanned} is not a place. Scan a bin."))
ORDER_EXPECTED: Final = _refusal("order-expected", N_("{scanned} is a place. Scan a pick list."))
GOODS_EXPECTED: Final = _refusal("goods-expected", N_("{scanned} is a place. Scan the goods."))
UNKNOWN_PARCEL: Final = _refusal(
    "unknown-parcel",
    N_("No parcel {parcel} is announced here. Put it aside and tell the supervisor."),
)
MISREAD: Final = _refusal(
    "misread", N_("The check digit of {parcel} is wrong, and no such parcel is announced here.")
)
OTHER_PREMISES: Final = _refusal(
    "other-premises", N_("Parcel {parcel} is announced for another warehouse. Put it aside.")
)
ALREADY_RECEIVED: Final = _refusal(
    "already-received", N_("Parcel {parcel} was already received: {at}.")
)
NOT_RECEIVED: Final = _refusal(
    "not-received", N_("Parcel {parcel} has not been received. Receive it first.")
)
NOTHING_LEFT: Final = _refusal(
    "nothing-left", N_("Nothing of parcel {parcel} stands at the dock or in a bin.")
)
NOT_A_BIN: Final = _refusal(
    "not-a-bin", N_("{location} is not a place to store goods. Scan a bin.")
)
ALREADY_THERE: Final = _refusal("already-there", N_("Parcel {parcel} is in {location} already."))
UNKNOWN_SHIPMENT: Final = _refusal("unknown-shipment", N_("No shipment {scanned} is known here."))
NOT_TO_PICK: Final = _refusal(
    "not-to-pick", N_("Nothing is left to pick for {shipment}. Its state: {custody}.")
)
WRONG_BIN: Final = _refusal(
    "wrong-bin",
    N_("{scanned} is the wrong bin. Go to {location}: {quantity} × {sku} from parcel {parcel}."),
)
WRONG_GOODS: Final = _refusal(
    "wrong-goods",
    N_("{scanned} is the wrong goods. Take {quantity} × {sku} from parcel {parcel}."),
)
NOT_TO_PACK: Final = _refusal(
    "not-to-pack", N_("{parcel} cannot be packed now. Its state: {custody}.")
)
NOT_TO_EXIT: Final = _refusal(
    "not-to-exit", N_("{parcel} cannot leave: it is not packed. Its state: {custody}.")
)
ALREADY_EXITED: Final = _refusal("already-exited", N_("{parcel} already exited: {at}."))
