"""What can be wrong with places, parcels, lots and their quantities."""

from typing import Final

from warehouse.core.errors import Conflict, Forbidden, NotFound, RuleViolation
from warehouse.core.i18n import N_, translate


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


class StockHeld(InsufficientStock):
    """Less is free than was asked for, because some is held."""

    code = "stock-held"
    message = N_(
        "{available} of {goods} is free, and {wanted} was asked for. {held} is held: {because}."
    )


class ParcelNotByName(RuleViolation):
    """Goods that are drawn first in first out cannot be chosen by their parcel."""

    code = "parcel-not-by-name"
    message = N_(
        "Parcel {parcel} cannot be chosen: this owner's goods are taken first in first out."
        " Order them without naming a parcel."
    )


class HoldNotFound(NotFound):
    """No such hold in these premises."""

    code = "hold-not-found"
    message = N_("There is no hold {key} here.")


class ReasonMissing(RuleViolation):
    """Nothing is held without a coded reason."""

    code = "hold-reason-missing"
    message = N_("A hold needs a reason. Choose one from the list.")


class NoteMissing(RuleViolation):
    """Whoever lifts a hold says why."""

    code = "lifting-note-missing"
    message = N_("Say in a note why the hold is lifted.")


class MayNotLift(Forbidden):
    """A hold is lifted by the role that answers for it."""

    code = "may-not-lift"
    message = N_("Your role cannot lift this hold ({kind}). {who} can.")


class HoldLifted(Conflict):
    """A hold ends once."""

    code = "hold-lifted"
    message = N_("This hold was lifted already: {person}, {at}.")


class NothingHeld(Conflict):
    """Only what is held is promised anew from other goods."""

    code = "nothing-held"
    message = N_("No reserved goods of {number} are held. Nothing has to be taken elsewhere.")


class AlreadyBound(Conflict):
    """A lot is bound to its import line once, until customs cancels the declaration."""

    code = "already-bound"
    message = N_("Lot {lot} is already bound to {declaration}.")


class LotPromised(Conflict):
    """What an order waits for stays where it was declared."""

    code = "lot-promised"
    message = N_("Lot {lot} is promised to an order. Free it first.")


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
    """A hold stops goods from being picked, packed or let out (invariant I-6)."""

    code = "goods-held"
    message = N_("{goods} is held: {kind} ({because}). {who} can lift it; it stays until then.")


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


class NothingMissing(Conflict):
    """Only goods that are missing are found again, or lost for good."""

    code = "nothing-missing"
    message = N_(
        "{number} misses no goods that stand in the books: there is nothing to find or lose."
    )


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


_INSTEAD: Final = N_("Take it to {instead}.")
_NOWHERE: Final = N_("No other bin may take it now: tell the supervisor.")


class MayNotStand(RuleViolation):
    """Goods may not stand in that place (invariant I-15).

    *instead* is the nearest bin where they may, or None; without it nothing is advised.
    """

    code = "may-not-stand"
    message = N_("These goods may not stand in {location}.")

    def text(self, language: str) -> str:
        """What is against it, and where to take the goods."""
        why = super().text(language)
        if "instead" not in self.facts:
            return why
        advice = _NOWHERE if self.facts["instead"] is None else _INSTEAD
        return f"{why} {translate(advice, language, **self.facts)}"


class RegimesApart(MayNotStand):
    """Bonded, duty-paid, export and domestic goods stand apart."""

    code = "regimes-apart"
    message = N_("{location} is for goods of another customs status.")


class OwnersApart(MayNotStand):
    """The place keeps the goods of each owner apart."""

    code = "owners-apart"
    message = N_("{location} does not mix owners, and another owner's goods stand there.")


class MethodsApart(MayNotStand):
    """Goods drawn on by layer and goods drawn on by parcel never share a bin."""

    code = "methods-apart"
    message = N_("{location} holds goods that are drawn on by another method.")


class LayersApart(MayNotStand):
    """The place keeps the layers of a product apart."""

    code = "layers-apart"
    message = N_("{location} holds the same goods of another import line.")


class PlaceFull(MayNotStand):
    """The place holds so many kilograms, litres or parcels, and no more."""

    code = "place-full"
    message = N_("{location} has no room for this.")


class LocationLocked(MayNotStand):
    """A place is locked down: nothing is put there or taken from there."""

    code = "location-locked"
    message = N_("{location} is locked by {person}: {reason}.")


class AlreadyLocked(Conflict):
    """A place has one lock at a time."""

    code = "already-locked"
    message = N_("{location} is locked already, by {person}: {reason}.")


class NotLocked(Conflict):
    """What is open cannot be opened."""

    code = "not-locked"
    message = N_("{location} is not locked.")


class NotABin(RuleViolation):
    """Goods do not lie there."""

    code = "not-a-bin"
    message = N_("{location} is not a place to put this. Scan a bin.")


class NotReceived(Conflict):
    """What has not come cannot be carried."""

    code = "not-received"
    message = N_("Parcel {parcel} has not been received. Receive it first.")


class ContainerNotFound(NotFound):
    """No such container in these premises."""

    code = "container-not-found"
    message = N_("There is no container {number} here.")


class NestsInItself(RuleViolation):
    """Containers lie in one another as a tree."""

    code = "nests-in-itself"
    message = N_("{container} is in {unit}, or is it: {unit} cannot be put into it.")


class NestsTooDeep(RuleViolation):
    """What a scanner finds, people can find too."""

    code = "nests-too-deep"
    message = N_("With {unit} in {container} more than {most} would lie in one another.")


class PlaceOfContainerUnknown(Conflict):
    """Nothing is put into a container that stands nowhere."""

    code = "place-of-container-unknown"
    message = N_("Nobody has said where {container} stands. Put it down in a place first.")


class UnitMoved(Conflict):
    """Somebody else carried it meanwhile."""

    code = "unit-moved"
    message = N_("{unit} was carried elsewhere meanwhile. Scan it again.")


class PermissionMissing(RuleViolation):
    """Handling under customs control has the officer's permission (Customs Act s.120)."""

    code = "permission-missing"
    message = N_("Name the customs permission that allows this.")


class HandlingUnequal(RuleViolation):
    """What goes into handling comes out of it, for each import line."""

    code = "handling-unequal"
    message = N_(
        "{put_in} goes in and {taken_out} comes out: the same has to come out of each lot."
    )


class HandlingNotFound(NotFound):
    """No such permission to handle goods in these premises."""

    code = "handling-not-found"
    message = N_("There is no permitted handling {number} here.")


class NotPermitted(RuleViolation):
    """Customs permits one form of handling at a time."""

    code = "not-permitted"
    message = N_("{number} permits another form of handling than this.")


class NotInBond(Conflict):
    """Goods are handled only once customs has accepted their entry."""

    code = "not-in-bond"
    message = N_("Customs has not accepted lot {lot} into bond yet.")


class OwnersInOneParcel(RuleViolation):
    """A parcel belongs to one owner."""

    code = "owners-in-one-parcel"
    message = N_("Goods of two owners do not go into one parcel {parcel}.")


class WrittenOff(Conflict):
    """Goods that were declared lost belong to customs' books, not to the stock."""

    code = "written-off"
    message = N_("Parcel {parcel} was written off as missing. The customs desk can take it in.")


class NotAtDock(Conflict):
    """A parcel is opened and counted where it came in."""

    code = "not-at-dock"
    message = N_("Parcel {parcel} is not at the dock any more. Count it in its bin.")


class CountNotFound(NotFound):
    """No such count in these premises."""

    code = "count-not-found"
    message = N_("There is no count {key} here.")


class CountedBefore(Conflict):
    """Nobody counts a bin twice: a recount is another person's (invariant I-19)."""

    code = "counted-before"
    message = N_("You have counted this bin before. Another person counts it now: {number}.")


class AlreadyIdentified(Conflict):
    """What is in an extra parcel is said once; what differs then is a discrepancy."""

    code = "already-identified"
    message = N_("What is in parcel {parcel} was said before.")


class PhotoNotFound(NotFound):
    """No such photo in these premises."""

    code = "photo-not-found"
    message = N_("There is no photo {key} here.")


class LeastMissing(RuleViolation):
    """A rule by value or by accuracy has a threshold."""

    code = "least-missing"
    message = N_("Say from how many baht, or below how many per cent, a bin is to be counted.")
