"""What the floor hears where goods go out: picking, packing, the exit gate."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.vocabulary import Tone

# ── What to do next ──────────────────────────────────────────────────────────────────────────────

PICK: Final = Message("pick", N_("Picking. Scan a pick list."))
PACK: Final = Message("pack", N_("Packing. Scan a parcel label."))
EXIT: Final = Message("exit", N_("Exit gate. Scan a parcel label."))
SCAN_ORDER: Final = N_("Scan a pick list.")
SCAN_BIN: Final = N_("Scan the bin to pick from.")
SCAN_GOODS: Final = N_("Scan the goods.")

# ── What was done ────────────────────────────────────────────────────────────────────────────────

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

ORDER_EXPECTED: Final = refusal("order-expected", N_("{scanned} is a place. Scan a pick list."))
GOODS_EXPECTED: Final = refusal("goods-expected", N_("{scanned} is a place. Scan the goods."))
UNKNOWN_SHIPMENT: Final = refusal("unknown-shipment", N_("No shipment {scanned} is known here."))
NOT_TO_PICK: Final = refusal(
    "not-to-pick", N_("Nothing is left to pick for {shipment}. Its state: {custody}.")
)
WRONG_BIN: Final = refusal(
    "wrong-bin",
    N_("{scanned} is the wrong bin. Go to {location}: {quantity} × {sku} from parcel {parcel}."),
)
WRONG_GOODS: Final = refusal(
    "wrong-goods",
    N_("{scanned} is the wrong goods. Take {quantity} × {sku} from parcel {parcel}."),
)
NOT_TO_PACK: Final = refusal(
    "not-to-pack", N_("{parcel} cannot be packed now. Its state: {custody}.")
)
NOT_TO_EXIT: Final = refusal(
    "not-to-exit", N_("{parcel} cannot leave: it is not packed. Its state: {custody}.")
)
ALREADY_EXITED: Final = refusal("already-exited", N_("{parcel} already exited: {at}."))
