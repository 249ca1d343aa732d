"""What is said of other ways out of bond, of transfers that arrive, and of returns."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.vocabulary import Tone

# ── Other ways out ───────────────────────────────────────────────────────────────────────────────

DISPOSE: Final = Message("dispose", N_("Other ways out. Scan the number of the paper."))
SCAN_DISPOSAL: Final = N_("Scan the number of the paper (DSP-…).")
SCAN_ITS_PARCELS: Final = N_("Scan each parcel that belongs to it.")
SCAN_ITS_SEAL: Final = N_("Scan or type the new seal.")
GATHER: Final = Message("gather", N_("{number}: {kind}. Bring {parcels}."))
GATHERED: Final = Message("gathered", N_("{parcel} belongs to {number}. Still to bring: {left}."))
ALL_GATHERED: Final = Message(
    "all-gathered", N_("{parcel} was the last of {number}. Press Finish to let the goods go.")
)
WAITS_FOR_WITNESS: Final = Message(
    "waits-for-witness",
    N_("All of {number} is here. The officer watches; the desk then certifies the destruction."),
)
SEAL_NEXT: Final = Message("seal-next", N_("All of {number} is here. Seal the vehicle."))
GONE: Final = Message("gone", N_("{number} has left: {kind}."))
NOT_TO_GATHER: Final = refusal(
    "not-to-gather", N_("{number} cannot be carried out now. Its state: {state}.")
)

# ── Transfers that arrive ────────────────────────────────────────────────────────────────────────

TRANSFER_IN: Final = Message(
    "transfer-in", N_("Transfer from another warehouse. Scan the number of the paper.")
)
SCAN_FOUND_SEAL: Final = N_("Scan or type the seal on the vehicle.")
SEAL_OF: Final = Message("seal-of", N_("{number}: {parcels} parcels. Read the seal."))
SEAL_INTACT: Final = Message("seal-intact", N_("Seal {seal} is intact. Scan the parcels."))
SEAL_BROKEN: Final = Message(
    "seal-broken",
    N_("Seal {found} is not {seal}: case {case}. Take a photo. The goods go to inspection."),
    Tone.WARNING,
)
TRANSFERRED: Final = Message("transferred", N_("{parcel} is here. Still to come: {left}."))
TRANSFER_CLOSED: Final = Message("transfer-closed", N_("{number} has arrived in full."))
TRANSFER_SHORT: Final = Message(
    "transfer-short",
    N_("{number} is closed. Missing on the way: {parcels}. A case is open."),
    Tone.WARNING,
)
NOT_SENT: Final = refusal("not-sent", N_("{number} is not on its way here. Its state: {state}."))
NOT_IN_TRANSFER: Final = refusal(
    "not-in-transfer", N_("{parcel} is not part of {number}, or has been received already.")
)
REALLY_ALL: Final = Message(
    "really-all",
    N_("{left} parcels of {number} are missing. Press Finish again to close it short."),
    Tone.WARNING,
)

# ── Returns ──────────────────────────────────────────────────────────────────────────────────────

RETURN: Final = Message("return", N_("Returns. Scan the parcel that came back."))
WEIGH_IT: Final = N_("Weigh the parcel: type the weight, such as 1.25KG.")
WEIGH_RETURN: Final = Message(
    "weigh-return", N_("{parcel} left with {goods}. Weigh it: type the weight, such as 1.25KG.")
)
TAKEN_BACK: Final = Message(
    "taken-back", N_("{parcel} is back at {location}. Its owner decides by {due}.")
)
TAKEN_BACK_DIFFERS: Final = Message(
    "taken-back-differs",
    N_("{parcel} weighs {found} kg, and {expected} kg left. Case {case}: bring it to inspection."),
    Tone.WARNING,
)
NOT_OUT: Final = refusal("not-out", N_("{parcel} has not left. Its state: {custody}."))
WEIGHT_EXPECTED: Final = refusal(
    "weight-expected", N_("{scanned} is not a weight. Type it like 1.25KG.")
)
