"""What the floor hears inside the warehouse: putting away."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal

# ── What to do next ──────────────────────────────────────────────────────────────────────────────

PUT_AWAY: Final = Message("put-away", N_("Putting away. Scan a parcel."))
SCAN_LOCATION: Final = N_("Scan the bin.")

# ── What was done ────────────────────────────────────────────────────────────────────────────────

PARCEL_IN_HAND: Final = Message("parcel-in-hand", N_("{parcel} stands at {at}. Scan the new bin."))
STORED: Final = Message("stored", N_("{parcel} is in {location}."))

# ── Why something is refused ─────────────────────────────────────────────────────────────────────

NOT_RECEIVED: Final = refusal(
    "not-received", N_("Parcel {parcel} has not been received. Receive it first.")
)
NOTHING_LEFT: Final = refusal(
    "nothing-left", N_("Nothing of parcel {parcel} stands at the dock or in a bin.")
)
NOT_A_BIN: Final = refusal("not-a-bin", N_("{location} is not a place to store goods. Scan a bin."))
ALREADY_THERE: Final = refusal("already-there", N_("Parcel {parcel} is in {location} already."))
