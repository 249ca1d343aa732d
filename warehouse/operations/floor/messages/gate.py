"""What the floor hears at the exit gate; why something is refused there stands in `why`."""

from typing import Final

from warehouse.core.i18n import N_
from warehouse.operations.floor.messages import Message

EXIT: Final = Message("exit", N_("Exit gate. Scan a parcel label."))
EXITED: Final = Message("exited", N_("{parcel} may leave: customs released it."))
EXITED_FREE: Final = Message("exited", N_("{parcel} may leave: nothing in it is under bond."))
