"""What stands on collection orders of postal parcels."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from warehouse.core import clock
from warehouse.customs import documents
from warehouse.customs.models import CollectionOrder
from warehouse.masterdata import queries as masterdata
from warehouse.operations.printing.parties import house_of

_DISPUTED_WITHIN: Final = timedelta(days=7)
"""Postal Customs Service guide; Notification 128/2567."""


def collection_form(session: Session, order: CollectionOrder) -> documents.CollectionPaper:
    """What stands on *order*."""
    issued_on = clock.local_date(order.issued_at)
    return documents.CollectionPaper(
        number=order.number,
        parcel_number=order.parcel_number,
        issued_on=issued_on,
        import_date=order.import_date,
        pay_by=order.pay_by,
        dispute_by=issued_on + _DISPUTED_WITHIN,
        recipient_name=order.recipient_name,
        recipient_address=order.recipient_address,
        sender_name=order.sender_name,
        sender_country=order.sender_country,
        description=order.description,
        hs_code=order.hs_code,
        statistical_code=order.statistical_code,
        origin_country=order.origin_country,
        quantity=order.quantity,
        weight_kg=order.weight_kg,
        value_baht=order.value_baht,
        total_tax=order.total_tax,
        assessor=order.issued_by,
        house=house_of(masterdata.premises_by_id(session, order.premises_id)),
        explained=tuple(order.explained),
    )
