"""Look-ups by a partner's key: who asks and what is asked for, in one statement.

The guard of such a route lets a request with a key through; `look_up` then finds nothing unless the
key is a live one.  It is the only way these routes read.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from warehouse.access import queries
from warehouse.access.errors import NotAllowed
from warehouse.access.http import Guard, sent_csrf_token, unit_of_work
from warehouse.access.vocabulary import PERMISSIONS, Permission, Role
from warehouse.core import clock, metrics
from warehouse.core.errors import Unauthenticated
from warehouse.core.readers import Readers, Row

_LIVE_KEY: Final = queries.LIVE_KEY.format(prefix="asked.prefix", at="asked.at::timestamptz")


def for_partner(statement: str) -> str:
    """*statement*, which reads one row of ``asked.what`` for ``asking.partner_id``, with the key.

    As `Readers` want it: arrays of prefixes, instants and what is asked.  The row is there when
    the key is live; what *statement* would have found may be NULL in it.
    """
    return f"""
    SELECT asked.place, asking.*, found.*
      FROM unnest(%s::text[], %s::text[], %s::text[])
           WITH ORDINALITY AS asked (prefix, at, what, place)
      JOIN LATERAL ({_LIVE_KEY}) AS asking ON true
      LEFT JOIN LATERAL ({statement}) AS found ON true
    """  # noqa: S608 (our own statements, no value in them)


async def look_up(request: Request, statement: str, what: str) -> Row:
    """What *statement*, made by `for_partner`, finds of *what* for the partner who sent *request*.

    Raises:
        Unauthenticated: no live key came with it.
    """
    _, _, key = request.headers.get("authorization", "").partition(" ")
    if parts := queries.key_parts(key.strip()):
        prefix, secret = parts
        row = await _readers(request).row(statement, prefix, clock.now().isoformat(), what)
        if row is not None and queries.same_secret(row[1], secret):
            key_id, _, partner_id, *found = row
            request.state.actor = queries.partner(prefix, key_id, partner_id)
            return tuple(found)
    metrics.AUTH_FAILURES.labels(reason="key").inc()
    raise Unauthenticated


def _readers(request: Request) -> Readers:
    """The readers of this program, opened on first use."""
    state = request.app.state
    readers: Readers | None = getattr(state, "readers", None)
    if readers is None or readers.engine is not state.engine:
        readers = state.readers = Readers(state.engine)
    return readers


@dataclass(frozen=True, slots=True)
class KeyGuard(Guard):
    """The guard of a route that reads with `look_up`."""

    async def __call__(self, request: Request) -> None:
        """Let a key through to `look_up`; turn everybody else away as any route would."""
        if request.headers.get("authorization", "").lower().startswith("bearer "):
            return
        csrf_token = await sent_csrf_token(request)
        await run_in_threadpool(self._turn_away, request, csrf_token)

    def _turn_away(self, request: Request, csrf_token: str) -> None:
        with contextmanager(unit_of_work)(request, csrf_token) as work:
            assert self.permission is not None, "a look-up names its permission"
            route, role = request.scope["route"].path, work.actor.role
            metrics.DENIED.labels(route=route, role=role).inc()
            raise NotAllowed(role=role, permission=self.permission.value)


def requires_key(permission: Permission) -> Any:  # noqa: ANN401 (Depends itself returns Any)
    """For the ``dependencies`` of a route that reads with `look_up`: only partners come through."""
    assert permission in PERMISSIONS[Role.PARTNER], "partners alone have keys"
    return Depends(KeyGuard(permission))
