"""Signing in and out, the home page, the language, and making a browser an enrolled device."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access import commands, queries
from warehouse.access.errors import NotRecognised
from warehouse.access.http import (
    VisitorWorkDep,
    WorkDep,
    any_role,
    begin_session,
    device_of,
    end_session,
    keep_device,
    public,
)
from warehouse.access.vocabulary import ROLE_NAMES, Role
from warehouse.core import i18n, pages
from warehouse.core.http import SIGN_IN

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=200)]


@router.get("/", dependencies=[public])
def home(request: Request, work: VisitorWorkDep) -> Response:
    """The doors of whoever signed in; a visitor is sent to sign in."""
    if work.actor.id is None:
        return RedirectResponse(f"{SIGN_IN}?next=/", status_code=303)
    return pages.page(request, "access/home.html", role_name=ROLE_NAMES[Role(work.actor.role)])


@router.get("/sign-in", dependencies=[public])
def sign_in_page(request: Request, work: VisitorWorkDep, next: str = "/") -> Response:  # noqa: A002
    """The form: badge and PIN at an enrolled device, name and password elsewhere."""
    return _form(request, work, next, text="", status=200)


@router.post("/sign-in", dependencies=[public])
def sign_in(
    request: Request,
    work: VisitorWorkDep,
    username: Field = "",
    password: Field = "",
    badge: Field = "",
    pin: Field = "",
    next: Field = "/",  # noqa: A002
) -> Response:
    """Begin a sign-in, or say on the form that it was not recognised."""
    device = device_of(request, work)
    if badge and device is not None:
        opened = commands.sign_in_at_device(work, device, badge, pin)
    else:
        opened = commands.sign_in(work, username, password)
    if opened is None:
        refusal = NotRecognised()
        text = refusal.text(pages.language_of(request))
        return _form(request, work, next, text=text, status=refusal.status)
    return begin_session(request, work, opened, RedirectResponse(_inside(next), status_code=303))


@router.post("/sign-out", dependencies=[any_role])
def sign_out(request: Request, work: WorkDep) -> Response:
    """End the sign-in, on the server too."""
    return end_session(request, work, RedirectResponse("/sign-in", status_code=303))


@router.post("/language", dependencies=[public])
def choose_language(
    work: VisitorWorkDep,
    language: Field,
    next: Field = "/",  # noqa: A002
) -> Response:
    """Speak another language: to this browser, and to whoever signed in."""
    if language not in i18n.LANGUAGES:
        language = i18n.DEFAULT
    if work.actor.id is not None:
        commands.choose_language(work, work.actor.id, language)
    answer = RedirectResponse(_inside(next), status_code=303)
    year = 365 * 24 * 3600
    answer.set_cookie(pages.LANGUAGE_COOKIE, language, max_age=year, httponly=True, samesite="lax")
    return answer


@router.get("/device", dependencies=[public])
def device_page(request: Request) -> Response:
    """Where the token of a new shared scanner is typed in, once."""
    return pages.page(request, "access/device.html", text="")


@router.post("/device", dependencies=[public])
def enrol(request: Request, work: VisitorWorkDep, token: Field) -> Response:
    """Make this browser the device that holds *token*."""
    token = token.strip()
    if queries.device_by_token(work.session, token) is None:
        refusal = NotRecognised()
        text = refusal.text(pages.language_of(request))
        return pages.page(request, "access/device.html", status=refusal.status, text=text)
    return keep_device(request, token, RedirectResponse("/sign-in", status_code=303))


def _form(
    request: Request,
    work: VisitorWorkDep,
    next: str,  # noqa: A002
    *,
    text: str,
    status: int,
) -> Response:
    device = device_of(request, work)
    return pages.page(
        request, "access/sign-in.html", status=status, device=device, next=_inside(next), text=text
    )


def _inside(address: str) -> str:
    """*address* if it is a path of ours, or the home page: nobody is sent elsewhere."""
    parts = urlsplit(address)
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours and not parts.netloc and address.isprintable() else "/"
