"""What the floor hears at the exit gate; why something is refused there stands in `why`."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message, refusal

EXIT: Final = Message("exit", N_("Exit gate. Scan a parcel label."))
EXITED: Final = Message("exited", N_("{parcel} may leave: customs released it."))
EXITED_FREE: Final = Message("exited", N_("{parcel} may leave: nothing in it is under bond."))
MANIFEST_EXITED: Final = Message("manifest-exited", N_("{manifest} may leave: {count} parcels."))
MANIFEST_NOT_CLOSED: Final = refusal(
    "manifest-not-closed", N_("{manifest} is not closed yet. Finish loading first.")
)
MANIFEST_GONE: Final = refusal("manifest-gone", N_("{manifest} already left: {at}."))
MANIFEST_STAYS: Final = refusal(
    "manifest-stays",
    N_("Nothing of {manifest} leaves: {parcel} may not. Ask why, or take it off the vehicle."),
)
ON_VEHICLE: Final = refusal(
    "on-vehicle", N_("{parcel} stands on {manifest}: scan the manifest, all of it leaves together.")
)
