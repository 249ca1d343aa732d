"""Pages: Jinja templates of every package, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from sqlmodel import Session

from warehouse.core import i18n
from warehouse.core.work import Actor

LANGUAGE_COOKIE: Final = "language"

_PACKAGES: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Door:
    """A page that a role may open from the home page and the navigation."""

    path: str
    label: str
    """A marked sentence."""
    hint: str
    """A marked sentence: what is done there."""
    permission: str


@dataclass(frozen=True, slots=True)
class Hall:
    """Doors that belong together, under one name in the navigation."""

    label: str
    """A marked sentence."""
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    """What every page says at its top, to everybody, until it is over."""

    text: str
    """A marked sentence."""
    path: str
    """Where those who may do something about it go."""


@cache
def environment(language: str) -> Environment:
    """Templates of every package, ``<package>/<file>``, speaking *language*."""
    folders = sorted(_PACKAGES.glob("*/templates"))
    made = Environment(
        loader=PrefixLoader({each.parent.name: FileSystemLoader(each) for each in folders}),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(i18n.catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters["day"] = lambda when: i18n.day(when, language)
    made.filters["moment"] = lambda at: i18n.moment(at, language)
    made.filters["baht"] = i18n.baht
    made.filters["quantity"] = i18n.quantity
    made.filters["translated"] = i18n.catalogue(language).gettext
    made.globals["language"] = language
    return made


def language_of(request: Request) -> str:
    """The language to answer in: the person's, then the cookie, then Accept-Language, then Thai."""
    actor = actor_of(request)
    if actor is not None and actor.partner_id is None:
        return actor.language
    cookie = request.cookies.get(LANGUAGE_COOKIE)
    if cookie in i18n.LANGUAGES:
        return cookie
    return i18n.preferred(request.headers.get("accept-language", ""))


def actor_of(request: Request) -> Actor | None:
    """Whoever signed in, once they have been looked up."""
    actor: Actor | None = getattr(request.state, "actor", None)
    return actor


def halls_of(request: Request) -> list[Hall]:
    """The pages that whoever signed in may open, by hall; no hall is empty."""
    permissions: frozenset[str] = getattr(request.state, "permissions", frozenset())
    open_to = (
        Hall(hall.label, tuple(door for door in hall.doors if door.permission in permissions))
        for hall in request.app.state.halls
    )
    return [hall for hall in open_to if hall.doors]


def _banner(request: Request) -> Banner | None:
    """What has to be said to whoever signed in, read with the request's own connection."""
    session: Session | None = getattr(request.state, "session", None)
    if session is None or actor_of(request) is None:
        return None
    found: Banner | None = request.app.state.banner(session)
    return found


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks, rather than a program."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "")


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """*template* (``<package>/<file>``) filled from *values*, in the reader's language."""
    html = environment(language_of(request)).get_template(template)
    text = html.render(
        values,
        actor=actor_of(request),
        banner=_banner(request) if status < HTTPStatus.BAD_REQUEST else None,
        csrf_token=getattr(request.state, "csrf_token", ""),
        halls=halls_of(request),
        path=request.url.path,
        query=request.url.query,
        request_id=request.state.request_id,
        training=getattr(request.state, "training", False),
    )
    return HTMLResponse(text, status_code=status, headers=headers)
