"""What can be wrong with places, parcels, lots and their quantities."""

from warehouse.core.errors import Conflict, NotFound, RuleViolation
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


class DisposalNotFound(NotFound):
    """No such disposal in these premises."""

    code = "disposal-not-found"
    message = N_("There is no disposal {key} here.")


class OneOwner(RuleViolation):
    """A disposal concerns goods of one owner in one warehouse."""

    code = "one-owner"
    message = N_("The goods of one disposal belong to one owner and stand in one warehouse.")


class GoodsHeld(Conflict):
    """A hold stops goods from leaving or being promised."""

    code = "goods-held"
    message = N_("Lot {lot} is held: {hold}, {reason}.")


class NotPartOfDisposal(Conflict):
    """What was brought does not belong to it, or was brought already."""

    code = "not-part-of-disposal"
    message = N_("Parcel {parcel} is not awaited for {number}.")


class NotGathered(Conflict):
    """What is not there cannot go."""

    code = "not-gathered"
    message = N_("{number} is not complete: {parcels} is still to be brought.")


class WitnessNeeded(RuleViolation):
    """Goods under customs control are destroyed before an officer's eyes."""

    code = "witness-needed"
    message = N_("{number} cannot be certified: no customs officer has witnessed it.")


class DiscrepancyNotFound(NotFound):
    """No such case in these premises."""

    code = "discrepancy-not-found"
    message = N_("There is no discrepancy {key} here.")


class PhotoMissing(Conflict):
    """Damage and broken seals are proved by a photo."""

    code = "photo-missing"
    message = N_("Discrepancy {number} has no photo yet. Take one first.")


class NotAPicture(RuleViolation):
    """A photo is a picture that can be shown."""

    code = "not-a-picture"
    message = N_("That is no JPEG, PNG or WebP picture of at most {most} MB.")


class TooManyPhotos(Conflict):
    """A case has a bounded number of photos."""

    code = "too-many-photos"
    message = N_("Discrepancy {number} has {most} photos already.")


class AuthorityMissing(RuleViolation):
    """What customs decides is proved by a paper, and an approval by its officer."""

    code = "authority-missing"
    message = N_("Name the customs paper that decided this, and the officer who approved it.")


class AboveApprovalLimit(Conflict):
    """More duty is at stake than one manager may approve (invariant I-19)."""

    code = "above-approval-limit"
    message = N_(
        "{at_stake} baht of duty is at stake in {number}. Above {limit} baht another manager"
        " approves it first."
    )


class StillMissing(Conflict):
    """A case ends only when its goods are found or written off."""

    code = "still-missing"
    message = N_("{quantity} of {number} is still missing: find it, or have it written off first.")
