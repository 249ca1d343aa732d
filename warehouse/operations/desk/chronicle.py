"""What happened to something, in order and in words, and what was printed of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.i18n import N_
from warehouse.core.papers import Paper
from warehouse.core.work import Event
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.vocabulary import CustomsEvent
from warehouse.operations.printing.papers import NAMES
from warehouse.shipments.vocabulary import ShipmentEvent

TITLES: Final[Mapping[str, str]] = {
    CustomsEvent.DRAFT_REFUSED: N_("Could not be drafted"),
    CustomsEvent.DECLARATION_DRAFTED: N_("Drafted"),
    CustomsEvent.DECLARATION_QUEUED: N_("Put into the queue for customs"),
    CustomsEvent.DECLARATION_CANCELLED: N_("Cancelled"),
    CustomsEvent.DECLARATION_SENT: N_("Sent to customs"),
    CustomsEvent.DECLARATION_UNANSWERED: N_("No answer; asking customs what became of it"),
    CustomsEvent.DECLARATION_UNSEEN: N_("Customs never had it; back in the queue"),
    CustomsEvent.DECLARATION_TAKEN_IN: N_("Customs has it and will decide"),
    CustomsEvent.DECLARATION_REJECTED: N_("Refused by customs"),
    CustomsEvent.DECLARATION_NUMBERED: N_("Accepted; customs gave its number"),
    CustomsEvent.DECLARATION_WITHOUT_NUMBER: N_("Accepted; the number will follow"),
    CustomsEvent.DECLARATION_APPROVED: N_("Approved"),
    CustomsEvent.DECLARATION_EDITED: N_("Corrected"),
    CustomsEvent.DECLARATION_REOPENED: N_("A draft again: it was corrected after its approval"),
    CustomsEvent.DECLARATION_RELEASED: N_("Released by customs"),
    CustomsEvent.DECLARATION_DELIVERED: N_("Delivered"),
    CustomsEvent.DECLARATION_PART_RELEASED: N_("Customs let some lines go"),
    CustomsEvent.DECLARATION_STOPPED: N_("Stopped by customs"),
    CustomsEvent.DECLARATION_RESUMED: N_("Customs let it go on"),
    CustomsEvent.HAND_DECISION_RECORDED: N_("A paper of customs was recorded"),
    CustomsEvent.HAND_DECISION_APPROVED: N_("A paper of customs was confirmed, and counts"),
    CustomsEvent.HAND_DECISION_WITHDRAWN: N_("A paper of customs was withdrawn"),
    CustomsEvent.HAND_DECISION_DISPUTED: N_("The computer of customs differs from its paper"),
    CustomsEvent.DECLARATION_CERTIFIED: N_("Certified as stored by the officer"),
    CustomsEvent.AMENDMENT_DRAFTED: N_("A change was asked for"),
    CustomsEvent.AMENDMENT_QUEUED: N_("The change was approved, and waits to be sent"),
    CustomsEvent.AMENDMENT_SENT: N_("The change was sent to customs"),
    CustomsEvent.AMENDMENT_ACCEPTED: N_("Customs agreed to the change"),
    CustomsEvent.AMENDMENT_REFUSED: N_("Customs refused the change"),
    CustomsEvent.AMENDMENT_WITHDRAWN: N_("The change was given up"),
    CustomsEvent.CASE_OPENED: N_("A post-clearance case was opened"),
    CustomsEvent.CASE_CLOSED: N_("The post-clearance case was closed"),
    CustomsEvent.ANSWER_REFUSED: N_("Refused an answer that cannot be right"),
    CustomsEvent.ANSWER_PARKED: N_("Put an answer aside until the one before it comes"),
    CustomsEvent.GUARANTEE_SHORT: N_("Held back: the guarantee does not cover it"),
    CustomsEvent.GUARANTEE_NEAR: N_("Warned that the guarantee is nearly used"),
    CustomsEvent.LETTER_RECORDED: N_("Recorded a letter of a bank"),
    CustomsEvent.LETTER_APPROVED: N_("Approved a letter of a bank"),
    CustomsEvent.LETTER_WITHDRAWN: N_("Withdrew a letter of a bank"),
    CustomsEvent.LETTER_ENDED: N_("A letter of a bank ended"),
    CustomsEvent.PAYMENT_CAPTURED: N_("Captured a payment"),
    CustomsEvent.PAYMENT_MATCHED: N_("Matched a payment"),
    CustomsEvent.PAYMENT_UNMATCHED: N_("Undid the matching of a payment"),
    CustomsEvent.DEADLINE_NEAR: N_("Warned that the storage period is ending"),
    ShipmentEvent.CONSIGNMENT_ANNOUNCED: N_("Announced by the partner"),
    ShipmentEvent.CONSIGNMENT_RECEIVED: N_("Every parcel is here"),
    ShipmentEvent.MANIFEST_OPENED: N_("Opened for loading"),
    ShipmentEvent.MANIFEST_CLOSED: N_("Closed and sealed"),
    ShipmentEvent.MANIFEST_DISPATCHED: N_("Out of the gate"),
}
"""The gettext key of what each event of a declaration, a consignment or a manifest says."""

ANSWERS: Final[Mapping[str, str]] = {
    AnswerKind.PAID: N_("Customs has the payment"),
    AnswerKind.GUARANTEED: N_("Customs debited the guarantee"),
    AnswerKind.EXEMPT: N_("Nothing to pay now"),
    AnswerKind.GREEN: N_("Green line: no inspection"),
    AnswerKind.RED: N_("Red line: customs inspects the goods"),
}
"""The gettext key of what each answer of customs says that has no event of its own."""

PAPER_NAMES: Final = NAMES


def of(session: Session, *subjects: UUID) -> Sequence[Event]:
    """What happened to *subjects*, in order."""
    return session.exec(
        select(Event).where(col(Event.subject).in_(subjects)).order_by(col(Event.sequence))
    ).all()


def story(session: Session, *subjects: UUID) -> Sequence[tuple[str, Event]]:
    """What happened to *subjects*, each with its title: a gettext key.

    An answer that made the declaration take a step is told once, as that step.
    """
    told = []
    for event in of(session, *subjects):
        names = ANSWERS if event.name == CustomsEvent.ANSWER_NOTED else TITLES
        if title := names.get(event.facts["kind"] if names is ANSWERS else event.name):
            told.append((title, event))
    return told


def last(session: Session, subject: UUID, name: str) -> Event | None:
    """The last time that *name* happened to *subject*."""
    return session.exec(
        select(Event)
        .where(Event.subject == subject, Event.name == name)
        .order_by(col(Event.sequence).desc())
        .limit(1)
    ).first()


def papers(session: Session, subjects: Iterable[UUID]) -> Sequence[Paper]:
    """The papers that were printed of *subjects*, the oldest first."""
    return session.exec(
        select(Paper).where(col(Paper.subject).in_(list(subjects))).order_by(col(Paper.at))
    ).all()
