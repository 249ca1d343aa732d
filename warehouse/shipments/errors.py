"""What can be wrong with consignments, orders and shipments."""

from warehouse.core.errors import Conflict, InvalidRequest, NotFound, RuleViolation
from warehouse.core.i18n import N_


class ConsignmentNotFound(NotFound):
    """No such consignment among the asker's."""

    code = "consignment-not-found"
    message = N_("There is no consignment {number}.")


class OrderNotFound(NotFound):
    """No such order among the asker's."""

    code = "order-not-found"
    message = N_("There is no order {number}.")


class ShipmentNotFound(NotFound):
    """No such shipment among the asker's."""

    code = "shipment-not-found"
    message = N_("There is no shipment {number}.")


class ReferenceInUse(Conflict):
    """The partner has used this reference before, for something else."""

    code = "reference-in-use"
    message = N_("Reference {external_ref} is already used by {number}. Send a new one.")


class ParcelNumberInUse(Conflict):
    """Two parcels in one warehouse may not carry one number."""

    code = "parcel-number-in-use"
    message = N_("Parcel number {parcel_number} is already in use here.")


class ParcelNumbersExhausted(RuleViolation):
    """The S10 numbers allotted to these premises are used up."""

    code = "parcel-numbers-exhausted"
    message = N_("No parcel numbers are left for {premises}. Enter a new range first.")


class OneOfTwo(InvalidRequest):
    """A list of shipments was asked for without saying which."""

    code = "order-ref-or-parcel-number"
    message = N_("Say which shipments: give an order_ref or a parcel_number.")


class AlreadyArrived(Conflict):
    """A vehicle with a consignment is recorded once."""

    code = "already-arrived"
    message = N_("{number} already arrived: {at}, recorded by {person}.")


class ReceiptClosed(Conflict):
    """A receipt that was compared and closed stays as it is."""

    code = "receipt-closed"
    message = N_("The receipt of {number} is closed. Open a discrepancy for what differs.")


class ManifestNotFound(NotFound):
    """No such manifest in these premises."""

    code = "manifest-not-found"
    message = N_("There is no manifest {number} here.")


class RouteNotFound(NotFound):
    """No such route in these premises."""

    code = "route-not-found"
    message = N_("There is no route {code} here.")


class AlreadyOnManifest(Conflict):
    """A parcel goes with one vehicle."""

    code = "already-on-manifest"
    message = N_("{parcel} is already on {number}.")


class NotAllLoaded(Conflict):
    """A manifest closes only when all that is staged for it is loaded."""

    code = "not-all-loaded"
    message = N_("Still in the lane, and not on {number}: {missing}.")


class ManifestEmpty(Conflict):
    """A vehicle does not leave empty."""

    code = "manifest-empty"
    message = N_("Nothing is loaded on {number}.")


class CodeInUse(Conflict):
    """A code stands for one route, carton or channel of the premises."""

    code = "code-in-use"
    message = N_("{code} is used already. Choose another code.")


class PostcodesReversed(RuleViolation):
    """A range of postcodes begins with the lower one."""

    code = "postcodes-reversed"
    message = N_("{first} comes after {last}. Write the lower postcode first.")
