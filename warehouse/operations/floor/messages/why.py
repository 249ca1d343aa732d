"""What stands between goods and the gate: what is true, who can clear it, what comes next."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.inventory.errors import GoodsHeld
from warehouse.operations.floor.messages import Message, refusal

WHY: Final = Message(
    "why", N_("Why can't this leave? Scan a parcel, a shipment, a lot or an order.")
)
SCAN_ANYTHING: Final = N_("Scan a parcel, a shipment, a lot or an order.")
UNKNOWN_THING: Final = refusal(
    "unknown-thing", N_("Nothing {scanned} is known here. Check the label, then scan again.")
)

MAY_LEAVE: Final = Message(
    "may-leave", N_("{what} may leave: nothing stands in the way. Bring it to the gate.")
)

# ── In the order in which they have to be cleared ────────────────────────────────────────────────

ALREADY_EXITED: Final = refusal("already-exited", N_("{parcel} already exited: {at}."))
GONE: Final = refusal("gone", N_("Nothing of {what} is here any more: {place}, {at}."))
CANCELLED: Final = refusal(
    "order-cancelled",
    N_("The order of {parcel} was cancelled; the floor carries its goods back to the store."),
)
NOT_RECEIVED: Final = refusal(
    "not-received-yet", N_("{what} has not been received; the dock receives it by scan.")
)
NOT_ENTERED: Final = refusal(
    "not-entered",
    N_("{what} is not entered into bond: nothing is declared yet; the customs desk can clear it."),
)
ENTRY_WAITS: Final = refusal(
    "entry-waits",
    N_("{what} is not entered into bond: {waiting}; the customs desk can clear it."),
)
HELD: Final = refusal(GoodsHeld.code, GoodsHeld.message)
NOT_STORED: Final = refusal(
    "not-stored", N_("{what} still stands at {place}; the floor puts it away first.")
)
NOT_ORDERED: Final = refusal(
    "not-ordered", N_("Nobody has ordered {what} ({place}); its owner can order it.")
)
NOT_PICKED: Final = refusal(
    "not-picked", N_("{parcel} is not picked; the floor picks shipment {shipment} next.")
)
NOT_PACKED: Final = refusal(
    "not-packed", N_("{parcel} is picked and not packed; the packing table packs it next.")
)
