"""What the floor hears where goods come in: receiving."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.vocabulary import Tone

# ── What to do next ──────────────────────────────────────────────────────────────────────────────

RECEIVE: Final = Message("receive", N_("Receiving. Scan a parcel."))

# ── What was done ────────────────────────────────────────────────────────────────────────────────

RECEIVED: Final = Message("received", N_("Received {parcel}: {goods}."))
RECEIVED_UNCHECKED: Final = Message(
    "received-unchecked",
    N_("Received {parcel}: {goods}. Its check digit is wrong: compare the label with the parcel."),
    Tone.WARNING,
)

# ── Why something is refused ─────────────────────────────────────────────────────────────────────

MISREAD: Final = refusal(
    "misread", N_("The check digit of {parcel} is wrong, and no such parcel is announced here.")
)
OTHER_PREMISES: Final = refusal(
    "other-premises", N_("Parcel {parcel} is announced for another warehouse. Put it aside.")
)
ALREADY_RECEIVED: Final = refusal(
    "already-received", N_("Parcel {parcel} was already received: {at}.")
)
