"""Jobs of the customs desk: send, ask, fetch."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlmodel import Session, select

from warehouse.core.errors import RuleViolation, Unavailable
from warehouse.core.jobs import Begin, Facts
from warehouse.core.work import Work
from warehouse.customs import commands, effects, filing, inbox, obstacles, queries
from warehouse.customs.gateway import Gateway, Receipt, Unspeakable
from warehouse.customs.models import CustomsMessage, Declaration
from warehouse.customs.vocabulary import (
    DeclarationState,
    Direction,
    MessageState,
)

FETCH_JOB: Final = "fetch-answers"
FETCH_EVERY: Final = timedelta(seconds=2)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Errand:
    """A call to make: file *document*, or, without one, ask what became of the message."""

    message_id: UUID
    document: bytes | None


def send_declaration(begin: Begin, facts: Facts, *, gateway: Gateway) -> None:
    """File the declaration *subject*; if it may be at customs already, ask first.

    SENT is committed before the call.  Whoever finds it sent and unanswered, after a time-out or
    a crash, asks customs for it; only what customs never saw goes out again, as the same bytes
    under the same message id.

    Raises:
        Unavailable: customs did not answer; the job waits and asks.
    """
    declaration_id = UUID(facts["subject"])
    while errand := _prepare_or_give_up(begin, declaration_id, gateway):
        try:
            receipt = _call(gateway, errand)
        except Unavailable:
            with begin() as work:
                commands.leave_unanswered(work, declaration_id)
            raise
        with begin() as work:
            _record(work, declaration_id, receipt)
        if receipt is not None:
            return


def fetch_answers(begin: Begin, _facts: Facts, *, gateway: Gateway) -> None:
    """Keep what is new in customs' mailbox, and come back soon while customs has more to say.

    When customs does not answer nothing waits here: the clock asks again every minute.
    """
    try:
        while _fetch(begin, gateway):
            pass
    except Unavailable:
        log.warning("customs does not answer", job=FETCH_JOB)
        return
    with begin() as work:
        if queries.anything_in_customs_hands(work.session):
            _fetch_soon(work)


def _prepare_or_give_up(begin: Begin, declaration_id: UUID, gateway: Gateway) -> _Errand | None:
    """As `_prepare`; what cannot be filed as it is, is withdrawn with its reason."""
    try:
        return _prepare(begin, declaration_id, gateway)
    except (RuleViolation, Unspeakable) as failure:
        with begin() as work:
            declaration = queries.declaration_by_id(work.session, declaration_id)
            obstacles.give_up(work, declaration, failure)
        return None


def _prepare(begin: Begin, declaration_id: UUID, gateway: Gateway) -> _Errand | None:
    """What is to be asked of customs now, committed as such; None if nothing is."""
    with begin() as work:
        declaration = commands.lock(work, declaration_id)
        match declaration.state:
            case DeclarationState.QUEUED:
                document = _kept(work.session, declaration)
                if document is None:
                    document = _compose(work, declaration, gateway)
                commands.send(work, declaration)
                return _Errand(declaration.message_id, document)
            case DeclarationState.SENT | DeclarationState.UNKNOWN:
                commands.leave_unanswered(work, declaration_id)
                return _Errand(declaration.message_id, None)
            case _:
                return None


def _kept(session: Session, declaration: Declaration) -> bytes | None:
    return session.exec(
        select(CustomsMessage.raw).where(
            CustomsMessage.direction == Direction.OUT,
            CustomsMessage.transport_id == str(declaration.message_id),
        )
    ).first()


def _compose(work: Work, declaration: Declaration, gateway: Gateway) -> bytes:
    commands.refresh_rates(work, declaration)
    document = gateway.compose(filing.message(work.session, declaration))
    work.session.add(
        CustomsMessage(
            direction=Direction.OUT,
            transport_id=str(declaration.message_id),
            declaration_id=declaration.id,
            raw=document,
            sha256=hashlib.sha256(document).hexdigest(),
            state=MessageState.SENT,
            at=work.at,
        )
    )
    return document


def _call(gateway: Gateway, errand: _Errand) -> Receipt | None:
    if errand.document is None:
        return gateway.query(errand.message_id)
    return gateway.submit(errand.message_id, errand.document)


def _record(work: Work, declaration_id: UUID, receipt: Receipt | None) -> None:
    declaration = queries.declaration_by_id(work.session, declaration_id)
    if receipt is None:
        commands.send_again(work, declaration_id)
    elif receipt.accepted:
        commands.take_in(work, declaration_id)
    else:
        commands.reject(work, declaration, [effects.as_kept(reason) for reason in receipt.reasons])


def _fetch(begin: Begin, gateway: Gateway) -> bool:
    with begin() as work:
        after = inbox.last_place(work.session)
    answers = gateway.fetch_answers(after)
    with begin() as work:
        inbox.keep(work, answers)
    return bool(answers)


def _fetch_soon(work: Work) -> None:
    """Queue one fetch for the next two seconds, however many ask for it."""
    turn = int((work.at + FETCH_EVERY).timestamp() / FETCH_EVERY.total_seconds())
    work.defer(FETCH_JOB, once=f"{FETCH_JOB}:{turn}", after=FETCH_EVERY)
