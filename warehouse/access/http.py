"""The edge: who is asking, whether they may, and a unit of work that commits before the answer.

Every route names its guard: ``requires(Permission.X)``, ``any_role`` or ``public``.  A test reads
the guards off the routes, so that none is open by accident.
"""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from warehouse.access import answers, commands, queries
from warehouse.access.errors import KeyMissing, NotAllowed, NotFromHere
from warehouse.access.models import Device
from warehouse.access.vocabulary import PERMISSIONS, Permission, Role
from warehouse.core import metrics, pages
from warehouse.core.errors import Unauthenticated
from warehouse.core.work import Actor, Work, begin

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_DEVICE_LIFE: Final = timedelta(days=365)
_VISITOR: Final = Actor(name="visitor", role="visitor")

T = TypeVar("T", bound=Response)


async def sent_csrf_token(request: Request) -> str:
    """The token that came with a change: a header from scripts, a field from forms."""
    if request.method in _SAFE_METHODS:
        return ""
    if token := request.headers.get("x-csrf-token"):
        return token
    if request.headers.get("content-type", "").startswith(_FORMS):
        field = (await request.form()).get("csrf_token")
        return field if isinstance(field, str) else ""
    return ""


def signed_in(work: Work, request: Request, csrf_token: str) -> Actor | None:
    """Whoever asks, by API key or by cookie, in one look-up; None for a visitor.

    Raises:
        Unauthenticated: the API key is not a live one.
        NotFromHere: a change with a cookie came from another site, or without its token.
    """
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        language = pages.language_of(request)
        if partner := queries.partner_by_key(work, credentials.strip(), language):
            return _known(request, partner)
        metrics.AUTH_FAILURES.labels(reason="key").inc()
        raise Unauthenticated
    token = request.cookies.get(_cookie(request, "session"))
    found = queries.signed_in(work, token) if token else None
    if request.method not in _SAFE_METHODS:
        matches = found is None or hmac.compare_digest(
            found.csrf_token.encode(), csrf_token.encode()
        )
        if not matches or not _from_here(request):
            metrics.AUTH_FAILURES.labels(reason="csrf").inc()
            raise NotFromHere
    if found is None:
        return None
    request.state.sign_in_id = found.id
    request.state.csrf_token = found.csrf_token
    request.state.training = found.training
    return _known(request, found.actor)


def _known(request: Request, actor: Actor) -> Actor:
    """Remember *actor* for pages, logs and error sentences."""
    request.state.actor = actor
    request.state.permissions = PERMISSIONS[Role(actor.role)]
    return actor


def _from_here(request: Request) -> bool:
    """Whether what the browser says of the origin of a change, if it says anything, is us."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    return site == "same-origin" and (origin is None or urlsplit(origin).netloc == host)


def begin_session(request: Request, work: Work, opened: commands.Opened, answer: T) -> T:
    """Give the browser a new token; the sign-in it had before, if any, ends."""
    if earlier := getattr(request.state, "sign_in_id", None):
        commands.sign_out(work, earlier)
    _set_cookie(request, answer, "session", opened.token, commands.DAY_OF_WORK)
    return answer


def end_session(request: Request, work: Work, answer: T) -> T:
    """End the sign-in on the server, then forget its cookie."""
    if current := getattr(request.state, "sign_in_id", None):
        commands.sign_out(work, current)
    _set_cookie(request, answer, "session", "", timedelta())
    return answer


def keep_device(request: Request, token: str, answer: T) -> T:
    """Make the browser an enrolled device."""
    _set_cookie(request, answer, "device", token, _DEVICE_LIFE)
    return answer


def device_of(request: Request, work: Work) -> Device | None:
    """The enrolled device that asks, by its cookie or its ``X-Device-Token``."""
    cookie = request.cookies.get(_cookie(request, "device"))
    token = request.headers.get("x-device-token", cookie)
    return queries.device_by_token(work.session, token) if token else None


def _set_cookie(request: Request, answer: Response, name: str, value: str, life: timedelta) -> None:
    answer.set_cookie(
        _cookie(request, name),
        value,
        max_age=int(life.total_seconds()),
        path="/",
        secure=request.app.state.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _cookie(request: Request, name: str) -> str:
    """Behind TLS a name that browsers accept from this very host only."""
    return f"__Host-{name}" if request.app.state.settings.secure_cookies else name


CsrfToken = Annotated[str, Depends(sent_csrf_token)]


def unit_of_work(request: Request, csrf_token: CsrfToken) -> Iterator[Work]:
    """A unit of work for whoever signed in.

    Raises:
        Unauthenticated: nobody has.
    """
    state = request.app.state
    with begin(state.engine, _VISITOR, state.subscribers) as work:
        actor = signed_in(work, request, csrf_token)
        if actor is None:
            metrics.AUTH_FAILURES.labels(reason="nobody").inc()
            raise Unauthenticated
        request.state.session = work.session
        yield replace(work, actor=actor)


def visitor_work(request: Request, csrf_token: CsrfToken) -> Iterator[Work]:
    """A unit of work for a public page: whoever signed in, or a visitor."""
    state = request.app.state
    with begin(state.engine, _VISITOR, state.subscribers) as work:
        request.state.session = work.session
        yield replace(work, actor=signed_in(work, request, csrf_token) or _VISITOR)


# scope="function": commit before the response is sent, so that a failed commit is a failed
# request.  The default commits after the client has been told that all is well.
# max_concurrency: requests beyond the pool wait without holding a thread.
WorkDep = Annotated[Work, Depends(unit_of_work, scope="function", max_concurrency=18)]
VisitorWorkDep = Annotated[Work, Depends(visitor_work, scope="function", max_concurrency=2)]


@dataclass(frozen=True, slots=True)
class Guard:
    """What a route asks of whoever comes: one *permission*, or None for any role."""

    permission: Permission | None


@dataclass(frozen=True, slots=True)
class RoleGuard(Guard):
    """Lets through whoever signed in in a role that has the permission."""

    async def __call__(self, request: Request, work: WorkDep) -> None:
        """Let the actor through, or raise NotAllowed."""
        let_through(request, work, self.permission)


def let_through(request: Request, work: Work, permission: Permission | None) -> None:
    """Raise NotAllowed unless the actor's role has *permission*; None asks for any role."""
    role = work.actor.role
    if permission is not None and permission not in PERMISSIONS[Role(role)]:
        metrics.DENIED.labels(route=request.scope["route"].path, role=role).inc()
        raise NotAllowed(role=role, permission=permission.value)


async def open_to_all() -> None:
    """The guard of a public route."""


def requires(permission: Permission) -> Any:  # noqa: ANN401 (Depends itself returns Any)
    """For a route's ``dependencies``: only roles with *permission* come through."""
    return Depends(RoleGuard(permission))


any_role: Final = Depends(RoleGuard(None))
"""For a route's ``dependencies``: whoever signed in comes through."""

public: Final = Depends(open_to_all)
"""For a route's ``dependencies``: everybody comes through, signed in or not."""


@dataclass(frozen=True, slots=True)
class Once:
    """Answers a partner's POST once for each Idempotency-Key."""

    work: Work
    key: str
    method: str
    path: str

    def __call__(self, body: BaseModel, produce: Callable[[], tuple[int, BaseModel]]) -> Response:
        """The answer of *produce* (status, read shape), or the one kept from the first time.

        Raises:
            KeyReused: the key came before with another *body*.
            StillInFlight: the first request with this key is not answered yet.
        """

        def written() -> tuple[int, bytes]:
            status, answer = produce()
            return status, answer.model_dump_json().encode()

        principal = self.work.actor.partner_id
        assert principal is not None, "partners alone send keys"
        sent = body.model_dump_json().encode()
        fingerprint = answers.fingerprint(self.method, self.path, sent)
        status, content = answers.once(self.work, principal, self.key, fingerprint, written)
        return Response(content, status_code=status, media_type="application/json")


async def once(
    request: Request,
    work: WorkDep,
    idempotency_key: Annotated[str, Header(description="1 to 255 visible characters")] = "",
) -> Once:
    """Read the Idempotency-Key: a structured-field string in quotes, or bare.

    Raises:
        KeyMissing: there is none, or it is empty, too long or not visible ASCII.
    """
    key = idempotency_key.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if not 1 <= len(key) <= 255 or not (key.isascii() and key.isprintable()):
        raise KeyMissing
    return Once(work, key, request.method, request.url.path)


OnceDep = Annotated[Once, Depends(once)]
