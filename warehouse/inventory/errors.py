"""What can be wrong with places, parcels, lots and their quantities."""

from warehouse.core.errors import Conflict, NotFound
from warehouse.core.i18n import N_


class LocationNotFound(NotFound):
    """No such place in these premises."""

    code = "location-not-found"
    message = N_("There is no location {code} here.")


class ParcelNotFound(NotFound):
    """No such parcel in these premises."""

    code = "parcel-not-found"
    message = N_("No parcel {parcel} is announced here.")


class DuplicateParcel(Conflict):
    """A parcel number stands for one parcel in these premises, for ever."""

    code = "duplicate-parcel"
    message = N_("Parcel number {parcel} was announced before.")


class InsufficientStock(Conflict):
    """Less is free than was asked for."""

    code = "insufficient-stock"
    message = N_("{available} of {goods} is free, and {wanted} was asked for.")


class AlreadyBound(Conflict):
    """A lot is bound to its import line once and for ever."""

    code = "already-bound"
    message = N_("Lot {lot} is already bound to {declaration}.")


class NoFloorPolicy(NotFound):
    """A rule of the floor is asked for a day on which nothing is said."""

    code = "no-floor-policy"
    message = N_("The rule {rule} says nothing for {on}. The administrator can add it.")


class NotReversible(Conflict):
    """A movement is countered once, and not after something else came of it."""

    code = "not-reversible"
    message = N_("That cannot be taken back: the goods of lot {lot} have moved on.")


class ReleaseTooSmall(Conflict):
    """The release does not cover what was picked."""

    code = "release-too-small"
    message = N_("The release covers {released} of lot {lot}, and {picked} was picked.")
