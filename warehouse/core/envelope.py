"""Around every request: its id, security headers, a bound on its body, a log line, metrics."""

from time import perf_counter
from typing import Final

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warehouse.core import ids, metrics
from warehouse.core.logs import log

BODY_LIMIT: Final = 16 * 2**20
"""The longest request body, in bytes: a file of 100,000 rows fits."""

SECURITY_HEADERS: Final = {
    "content-security-policy": "; ".join((
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "font-src 'self'", "connect-src 'self'", "media-src 'self'", "manifest-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


_SECURITY: Final = tuple(
    (name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()
)


class Envelope:
    """Around every request: its id, its security headers, its log line, its metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write down how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(ids.new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        headers = [*_SECURITY, (b"x-request-id", request_id.encode())]
        status = 500
        taken = 0
        began = perf_counter()

        async def receive_within_limit() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_LIMIT:
                raise HTTPException(413)
            return message

        async def send_in_envelope(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = list(message.get("headers", ()))
                named = {name for name, _ in own}  # a page may have a policy of its own
                message["headers"] = own + [each for each in headers if each[0] not in named]
            await send(message)

        try:
            await self.app(scope, receive_within_limit, send_in_envelope)
        finally:
            _write_down(scope, status, perf_counter() - began)


def _write_down(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "")
    method = scope["method"]
    metrics.REQUESTS.labels(route=route, method=method, status=status).inc()
    metrics.DURATION.labels(route=route).observe(seconds)
    actor = scope["state"].get("actor")
    log.info(
        "request",
        request_id=scope["state"]["request_id"],
        actor_id=actor and str(actor.id),
        role=actor and actor.role,
        tenant_id=actor and actor.partner_id and str(actor.partner_id),
        route=route,
        method=method,
        status=status,
        duration_ms=round(seconds * 1000, 1),
    )
