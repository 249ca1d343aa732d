"""Jobs of the customs desk: send, ask, fetch."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from sqlmodel import col, select

from warehouse.core.errors import RuleViolation, Unavailable
from warehouse.core.jobs import Begin, Facts
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.gateway import Gateway, Receipt, Unspeakable
from warehouse.customs.models import Amendment, CustomsMessage, Declaration, HandDecision
from warehouse.customs.posting import by_hand, errands, inbox, outages
from warehouse.customs.posting.errands import Errand, Stage
from warehouse.customs.vocabulary import (
    DeclarationState,
    Direction,
    HandDecisionKind,
    MessageState,
)

SEND_JOB: Final = "send-declaration"
AMEND_JOB: Final = "send-amendment"
FETCH_JOB: Final = "fetch-answers"
FETCH_EVERY: Final = timedelta(seconds=2)

_NOT_ANSWERED: Final = (
    DeclarationState.QUEUED,
    DeclarationState.SENT,
    DeclarationState.UNKNOWN,
)
"""An amendment names these states as a declaration does."""

log = structlog.get_logger()


def send_declaration(begin: Begin, facts: Facts, *, gateway: Gateway) -> None:
    """File the declaration *subject*; see `_send`.

    Raises:
        Unavailable: customs did not answer; the job waits and asks.
    """
    _send(begin, errands.Filing(UUID(facts["subject"])), gateway)


def send_amendment(begin: Begin, facts: Facts, *, gateway: Gateway) -> None:
    """File the amendment, or cancellation, *subject*; see `_send`.

    Raises:
        Unavailable: customs did not answer; the job waits and asks.
    """
    _send(begin, errands.Change(UUID(facts["subject"])), gateway)


def file_afterwards(begin: Begin, facts: Facts, *, gateway: Gateway) -> None:
    """File what the hand decision *subject* accepted on paper; see `_send`.

    Raises:
        Unavailable: customs did not answer; the job waits and asks.
    """
    _send(begin, errands.LaterFiling(UUID(facts["subject"])), gateway)


def resume_filings(work: Work, _facts: Facts) -> None:
    """Customs answers again: let everything go out that waited, and ask about the rest.

    What was accepted by hand goes in the order in which it was, entries before what left them.
    """
    waiting = work.session.exec(
        select(Declaration.id)
        .where(col(Declaration.state).in_(_NOT_ANSWERED))
        .order_by(col(Declaration.reference_number))
    )
    known_by_hand = work.session.exec(
        select(HandDecision.id)
        .where(
            HandDecision.kind == HandDecisionKind.NUMBERED,
            col(HandDecision.approved_at).is_not(None),
            col(HandDecision.known_at).is_(None),
        )
        .order_by(col(HandDecision.approved_at), col(HandDecision.id))
    )
    changes = work.session.exec(
        select(Amendment.id)
        .where(col(Amendment.state).in_(_NOT_ANSWERED))
        .order_by(col(Amendment.id))
    )
    for job, keys in (
        (SEND_JOB, waiting),
        (AMEND_JOB, changes),
        (by_hand.LATER_JOB, known_by_hand),
    ):
        for key in keys:
            work.defer(job, subject=str(key))


def fetch_answers(begin: Begin, _facts: Facts, *, gateway: Gateway) -> None:
    """Keep what is new in customs' mailbox, and come back soon while customs has more to say.

    When customs does not answer nothing waits here: the clock asks again every minute, and in an
    outage that is the one call that asks for customs.
    """
    with begin() as work:
        if not outages.may_probe(work):
            return
    try:
        while _fetch(begin, gateway):
            pass
    except Unavailable:
        log.warning("customs does not answer", job=FETCH_JOB)
        with begin() as work:
            outages.note_silence(work)
        return
    with begin() as work:
        if queries.anything_in_customs_hands(work.session):
            _fetch_soon(work)


def _send(begin: Begin, errand: Errand, gateway: Gateway) -> None:
    """File *errand*; if it may be at customs already, ask first.

    That it left is committed before the call.  Whoever finds it out and unanswered, after a
    time-out or a crash, asks customs for it; only what customs never saw goes out again, as the
    same bytes under the same message id.  While customs is away nothing is called: when it answers
    again, `resume_filings` sends what waited.

    Raises:
        Unavailable: customs did not answer.
    """
    while call := _prepare_or_give_up(begin, errand, gateway):
        try:
            receipt = call()
        except Unavailable:
            with begin() as work:
                errand.doubt(work)
                outages.note_silence(work)
            raise
        with begin() as work:
            if receipt is None:
                errand.turn_back(work)
            else:
                errand.arrive(work, receipt)
            outages.note_answer(work)
        if receipt is not None:
            return


_Call = Callable[[], Receipt | None]


def _prepare_or_give_up(begin: Begin, errand: Errand, gateway: Gateway) -> _Call | None:
    """As `_prepare`; what cannot be filed as it is, is withdrawn with its reason."""
    try:
        return _prepare(begin, errand, gateway)
    except (RuleViolation, Unspeakable) as failure:
        with begin() as work:
            errand.give_up(work, failure)
        return None


def _prepare(begin: Begin, errand: Errand, gateway: Gateway) -> _Call | None:
    """What is to be asked of customs now, committed as such; None if nothing is."""
    with begin() as work:
        stage = errand.stage(work)
        if stage is Stage.DONE or outages.current(work.session) is not None:
            return None
        if stage is Stage.OUT:
            errand.doubt(work)
            return partial(gateway.query, errand.message_id(work))
        message_id = errand.message_id(work)
        document = queries.sent_document(work.session, message_id)
        if document is None:
            document = _compose(work, errand, gateway)
        errand.leave(work)
        return partial(gateway.submit, message_id, document)


def _compose(work: Work, errand: Errand, gateway: Gateway) -> bytes:
    document = gateway.compose(errand.message(work))
    work.session.add(
        CustomsMessage(
            direction=Direction.OUT,
            transport_id=str(errand.message_id(work)),
            declaration_id=errand.declaration(work).id,
            raw=document,
            sha256=hashlib.sha256(document).hexdigest(),
            state=MessageState.SENT,
            at=work.at,
        )
    )
    return document


def _fetch(begin: Begin, gateway: Gateway) -> bool:
    with begin() as work:
        after = inbox.last_place(work.session)
    answers = gateway.fetch_answers(after)
    with begin() as work:
        inbox.keep(work, answers)
        outages.note_answer(work)
    return bool(answers)


def _fetch_soon(work: Work) -> None:
    """Queue one fetch for the next two seconds, however many ask for it."""
    turn = int((work.at + FETCH_EVERY).timestamp() / FETCH_EVERY.total_seconds())
    work.defer(FETCH_JOB, once=f"{FETCH_JOB}:{turn}", after=FETCH_EVERY)
