"""Cancelling an order: what is promised to it is freed, what is picked goes back to bond.

Locks, in this order: the work on it, its shipment, guarantee and declaration, release, lots.
"""

from warehouse.core import db
from warehouse.core.errors import Conflict
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.customs import commands as customs
from warehouse.customs import queries as declarations
from warehouse.customs.clearing import authorising
from warehouse.customs.vocabulary import OURS_ALONE
from warehouse.inventory import promised
from warehouse.inventory.vocabulary import ReservationState
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind
from warehouse.shipments import orders
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Order, Shipment
from warehouse.shipments.vocabulary import CUSTODY, CUSTODY_NAMES, Custody


class NotCancellable(Conflict):
    """An order is cancelled before it leaves, and once."""

    code = "not-cancellable"
    message = N_("Order {number} cannot be cancelled. Its goods: {custody}.")


def cancel(work: Work, order: Order) -> Shipment:
    """Cancel *order*; return its shipment.

    What nobody has picked is free at once.  What is picked stays promised until somebody has
    scanned it back into a bin.  A declaration that customs does not have is withdrawn; one that
    customs has is the customs desk's matter, and a release is revoked so that the gate stays shut.

    Raises:
        NotCancellable: it was cancelled before, stands on a vehicle, or has left.
    """
    shipment_id = shipments.shipment_of_order(work.session, order.id).id
    picking = assignments.find(work, AssignmentKind.PICK, shipment_id=shipment_id)
    shipment = db.lock(work.session, Shipment, [shipment_id])[shipment_id]
    if shipment.custody not in CUSTODY.before(Custody.CANCELLED):
        raise NotCancellable(number=order.number, custody=CUSTODY_NAMES[shipment.custody])
    _close_customs(work, order)
    held = promised.of_order(work, order.id, ReservationState.HELD)
    promised.give_back(work, held)
    if promised.of_order(work, order.id, ReservationState.PICKED):
        assignments.add(work, AssignmentKind.PUT_BACK, order.premises_id, shipment_id=shipment_id)
    if picking is not None:
        assignments.cancel(work, picking)
    orders.cancel(work, order.id, shipment_id)
    work.session.refresh(shipment)
    return shipment


def _close_customs(work: Work, order: Order) -> None:
    """Nothing of *order* is to leave bond any more."""
    declaration = declarations.declaration_of_order(work.session, order.id)
    if declaration is not None and declaration.state in OURS_ALONE:
        customs.cancel(work, declaration)
    if release := declarations.release_of_order(work.session, order.id):
        authorising.revoke(work, release.id)
