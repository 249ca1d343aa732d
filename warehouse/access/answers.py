"""Answers kept for requests that partners send twice (Idempotency-Key).

draft-ietf-httpapi-idempotency-key-header-07: the same key with the same request gets the first
answer; with another request it is refused; while the first is in flight the second waits for it.
"""

import hashlib
from collections.abc import Callable
from uuid import UUID

import psycopg
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from warehouse.access.errors import KeyReused, StillInFlight
from warehouse.access.models import KeptAnswer
from warehouse.core import ids, metrics
from warehouse.core.work import Work


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same: method, path and canonical *body*."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def once(
    work: Work,
    principal: UUID,
    key: str,
    fingerprint: str,
    produce: Callable[[], tuple[int, bytes]],
) -> tuple[int, bytes]:
    """Status and body of *produce*, which runs once for each *key* of *principal*.

    The answer is kept in the same transaction as the work.  If *produce* raises, nothing is kept
    and the same key may be tried again.

    Raises:
        KeyReused: the key came before with another fingerprint.
        StillInFlight: the first request with this key took longer than the lock time-out.
    """
    claimed = _claim(work, principal, key, fingerprint)
    kept = work.session.exec(
        select(KeptAnswer).where(KeptAnswer.principal == principal, KeptAnswer.key == key)
    ).one()
    if not claimed:
        if kept.fingerprint != fingerprint:
            metrics.IDEMPOTENCY_CONFLICTS.labels(code=KeyReused.code).inc()
            raise KeyReused
        metrics.IDEMPOTENCY_REPLAYS.inc()
        return kept.status, kept.body
    kept.status, kept.body = produce()
    return kept.status, kept.body


def _claim(work: Work, principal: UUID, key: str, fingerprint: str) -> bool:
    """Whether this transaction is the first with *key*; it waits for another that has begun."""
    claim = insert(KeptAnswer).values(
        id=ids.new_id(),
        principal=principal,
        key=key,
        fingerprint=fingerprint,
        status=0,  # replaced before anyone else can see this row
        body=b"",
        at=work.at,
    )
    claim = claim.on_conflict_do_nothing(index_elements=["principal", "key"])
    try:
        return work.session.execute(claim.returning(col(KeptAnswer.id))).first() is not None
    except OperationalError as failure:
        if not isinstance(failure.orig, psycopg.errors.LockNotAvailable):
            raise
        metrics.IDEMPOTENCY_CONFLICTS.labels(code=StillInFlight.code).inc()
        raise StillInFlight from failure
