"""What customs decides on paper in an outage, applied to every book as its answers are."""

from dataclasses import dataclass
from datetime import datetime

from warehouse.core import pictures
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, HandDecision
from warehouse.customs.posting import by_hand
from warehouse.customs.posting.by_hand import Paper
from warehouse.customs.vocabulary import HandDecisionKind
from warehouse.inventory.errors import NotAPicture
from warehouse.operations.clearance import answers, release


@dataclass(frozen=True, slots=True)
class Seen:
    """What the *officer* (user name or badge) wrote on the paper, and a picture of it.

    *number*: of the declaration, where the paper gives one.
    """

    kind: HandDecisionKind
    officer: str
    decided_at: datetime
    picture: bytes
    number: str = ""


def record(work: Work, declaration: Declaration, seen: Seen) -> HandDecision:
    """Record what customs decided on a paper of *declaration*; it counts once it is confirmed.

    Raises:
        NotAPicture: it is no JPEG, PNG or WebP picture, or too large.
        CustomsAnswers, WrongState, HandNumberNotValid, NumberTaken, HandTimeImplausible,
        HandDecisionTaken, UnknownOfficer: as `by_hand.accept` and `by_hand.release`.
    """
    media_type = pictures.media_type(seen.picture)
    if media_type is None:
        raise NotAPicture(most=pictures.MOST_BYTES // 1024 // 1024)
    paper = Paper(
        officer=seen.officer,
        decided_at=seen.decided_at,
        document=seen.picture,
        document_type=media_type,
        number=seen.number,
    )
    if seen.kind is HandDecisionKind.NUMBERED:
        return by_hand.accept(work, declaration, paper)
    return by_hand.release(work, declaration, paper)


def confirm(work: Work, decision: HandDecision) -> Declaration:
    """Confirm what another person recorded: from here on it counts, in every book.

    Raises:
        SecondPersonNeeded, HandDecisionNotFound, WrongState, NumberTaken: as `by_hand.approve`.
    """
    declaration = customs.declaration_by_id(work.session, decision.declaration_id)
    if declaration.order_id is not None:
        release.lock_shipment(work, declaration.order_id)
    effect = answers.effects_of(declaration)[AnswerKind(decision.kind.value)]
    return by_hand.approve(work, decision, effect)
