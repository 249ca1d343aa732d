"""Released goods have left: their declaration is done with (e-Import manual 2018, pp.142-143)."""

from uuid import UUID

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs import queries as customs
from warehouse.customs.vocabulary import DeclarationState, DocumentType
from warehouse.shipments.models import Shipment


def note_delivery(work: Work, facts: Facts) -> None:
    """The shipment *subject* went through the gate: what released it for home use is delivered.

    An export is delivered when the border confirms it; see `remitting.confirm_exit`.
    """
    shipment = work.session.get_one(Shipment, UUID(facts["subject"]))
    declaration = customs.declaration_of_order(work.session, shipment.order_id)
    if declaration is None or declaration.document_type is not DocumentType.HOME_USE:
        return
    commands.lock(work, declaration.id)
    if declaration.state is DeclarationState.RELEASED:
        commands.deliver(work, declaration)
