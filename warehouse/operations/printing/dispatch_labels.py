"""The labels of what is dispatched tomorrow, in the order of the routes: one print for a night."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import papers
from warehouse.core.errors import InvalidRequest, NotFound
from warehouse.core.i18n import N_
from warehouse.core.jobs import Facts
from warehouse.core.papers import Paper
from warehouse.core.work import Event, Work
from warehouse.customs.models import FilingRun
from warehouse.operations.printing import label_forms
from warehouse.operations.vocabulary import FloorEvent
from warehouse.shipments import routes
from warehouse.shipments.documents import shipment_labels
from warehouse.shipments.models import Order, Route, Shipment
from warehouse.shipments.vocabulary import Custody

KIND: Final = "dispatch-labels"


class LabelsNotMade(NotFound):
    """A night's labels are made once its filings are through."""

    code = "labels-not-made"
    message = N_("There are no labels of that night: nothing waits for dispatch, or it goes on.")


class ReprintNeedsReason(InvalidRequest):
    """A second print of a label can end on a second parcel."""

    code = "reprint-needs-reason"
    message = N_("These labels were printed before. Say why they are printed again.")


def print_tomorrows(work: Work, facts: Facts) -> None:
    """Put together the labels of what the premises of the run *subject* dispatch tomorrow."""
    run = work.session.get_one(FilingRun, UUID(facts["subject"]))
    routes.assign(work, run.premises_id)
    orders = _orders(work.session, run.premises_id)
    if orders:
        content = shipment_labels([label_forms.label_of(work, order_id) for order_id in orders])
        papers.keep(work, KIND, run.id, run.business_day.isoformat(), content)


def hand_out(work: Work, run_id: UUID, reason: str) -> Paper:
    """The labels of a night to print; the second time only with a *reason*, which is recorded.

    Raises:
        LabelsNotMade: the night made none.
        ReprintNeedsReason: they were printed before, and no reason is given.
    """
    paper = papers.paper_of(work.session, KIND, run_id)
    if paper is None:
        raise LabelsNotMade
    printed = work.session.exec(
        select(Event.id).where(
            Event.name == FloorEvent.LABELS_PRINTED.value, Event.subject == run_id
        )
    ).first()
    if printed is not None and not reason:
        raise ReprintNeedsReason
    work.emit(FloorEvent.LABELS_PRINTED, run_id, number=paper.number, reason=reason)
    return paper


def _orders(session: Session, premises_id: UUID) -> Sequence[UUID]:
    """Orders whose parcels still want a label: by route, then by postcode; without a route last."""
    return session.exec(
        select(Shipment.order_id)
        .join(Order, col(Order.id) == col(Shipment.order_id))
        .join(Route, col(Route.id) == col(Shipment.route_id), isouter=True)
        .where(
            Shipment.premises_id == premises_id,
            col(Shipment.custody).in_((Custody.ALLOCATED, Custody.PICKED)),
        )
        .order_by(col(Route.code).asc().nulls_last(), col(Order.postcode), col(Shipment.number))
    ).all()
