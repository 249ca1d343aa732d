"""Every failure as problem+json (RFC 9457), or as a page for people."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import psycopg
import sqlalchemy.exc
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from warehouse.core import i18n, metrics, pages
from warehouse.core.envelope import SECURITY_HEADERS, Envelope
from warehouse.core.errors import (
    SENTENCE,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    Unauthenticated,
    Unavailable,
    WarehouseError,
)
from warehouse.core.i18n import N_
from warehouse.core.logs import log

SIGN_IN: Final = "/sign-in"


class BadFields(InvalidRequest):
    """Fields are missing or not as they should be; ``errors`` says which."""

    message = N_("Some of what was sent is not as it should be.")


class Unreadable(InvalidRequest):
    """The body is not what its Content-Type says."""

    status = 400
    code = "unreadable"
    message = N_("What was sent could not be read.")


class TooLarge(InvalidRequest):
    """The body is longer than we take."""

    status = 413
    code = "too-large"
    message = N_("What was sent is too large.")


class NoSuchAddress(NotFound):
    """No route has that path."""

    code = "no-such-address"
    message = N_("There is nothing at this address.")


class WrongMethod(InvalidRequest):
    """The path exists, but not with that method."""

    status = 405
    code = "wrong-method"
    message = N_("This address does not take this kind of request.")


class Busy(Unavailable):
    """A row, a statement or a connection took too long to come.  Nothing was changed."""

    code = "busy"
    message = N_("The system is busy and changed nothing. Try again in a moment.")


class NoDatabase(Unavailable):
    """The connection was lost, perhaps while committing."""

    code = "no-database"
    message = N_("The database did not answer. Look whether it was done, or send it again.")


class Unexpected(WarehouseError):
    """A fault of ours; the log has its place under the same request id."""

    code = "unexpected"
    message = N_("Something went wrong here. Give the request number to whoever helps you.")


_BY_STATUS: Final[Mapping[int, type[WarehouseError]]] = {
    400: Unreadable,
    404: NoSuchAddress,
    405: WrongMethod,
    413: TooLarge,
}
_RETRY_AFTER: Final[Mapping[type[WarehouseError], int]] = {Busy: 1, NoDatabase: 5}

# From the special to the general: the first kind that fits gives the meaning.
_FAILURES: Final[Mapping[type[Exception], type[WarehouseError]]] = {
    sqlalchemy.exc.TimeoutError: Busy,
    psycopg.errors.LockNotAvailable: Busy,
    psycopg.errors.QueryCanceled: Busy,
    psycopg.errors.DeadlockDetected: Busy,
    psycopg.errors.SerializationFailure: Busy,
    psycopg.IntegrityError: Conflict,
    psycopg.DataError: BadFields,
    psycopg.OperationalError: NoDatabase,
}

# What Pydantic found wrong with a field, for the commonest kinds; the rest share one sentence.
_FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "missing": N_("This is required."),
    "extra_forbidden": N_("This is not known here."),
    "json_invalid": N_("This is not JSON."),
    "string_too_short": N_("This is too short: at least {min_length} characters."),
    "string_too_long": N_("This is too long: at most {max_length} characters."),
    "string_pattern_mismatch": N_("This is not written as it should be."),
    "greater_than": N_("This must be more than {gt}."),
    "greater_than_equal": N_("This must be at least {ge}."),
    "less_than": N_("This must be less than {lt}."),
    "less_than_equal": N_("This must be at most {le}."),
    "too_short": N_("There are too few: at least {min_length}."),
    "too_long": N_("There are too many: at most {max_length}."),
}
_FIELD_MESSAGE: Final = N_("This is not as it should be.")

_PROBLEM_SCHEMA: Final = {
    "type": "object",
    "required": ["type", "title", "status", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "/problems/<code>; stable"},
        "title": {"type": "string", "description": "one sentence in the reader's language"},
        "status": {"type": "integer"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


def problems(*errors: type[WarehouseError]) -> dict[int | str, dict[str, Any]]:
    """What a route may refuse, for its ``responses``."""
    documented: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        described = f"`{error.code}`: {error.message}"
        if earlier := documented.get(error.status):
            described = f"{earlier['description']}\n\n{described}"
        content = {"application/problem+json": {"schema": _PROBLEM_SCHEMA}}
        documented[error.status] = {"description": described, "content": content}
    return documented


ANY_ROUTE: Final = problems(
    Unreadable, Unauthenticated, Forbidden, WrongMethod, TooLarge, BadFields, Conflict, Busy
)
"""What every route may answer."""


def problem(
    request: Request,
    error: WarehouseError,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """*error* for whoever asked: a page for people, problem+json for programs."""
    extra = dict(headers or {})
    if wait := _RETRY_AFTER.get(type(error)):
        extra["retry-after"] = str(wait)
    if isinstance(error, Unauthenticated):
        extra["www-authenticate"] = "Bearer"
    text = error.text(pages.language_of(request))
    if pages.wants_page(request):
        return _problem_page(request, error, text, extra)
    body: dict[str, object] = {name: _member(fact) for name, fact in error.facts.items()}
    if errors:
        body["errors"] = list(errors)
    body |= {
        "type": f"/problems/{error.code}",
        "title": text,
        "status": error.status,
        "request_id": request.state.request_id,
    }
    return JSONResponse(
        body, status_code=error.status, headers=extra, media_type="application/problem+json"
    )


def _problem_page(
    request: Request, error: WarehouseError, text: str, headers: Mapping[str, str]
) -> Response:
    """A page that says *text*; whoever has to sign in first is sent there."""
    if isinstance(error, Unauthenticated) and request.method == "GET":
        return RedirectResponse(f"{SIGN_IN}?next={quote(request.url.path)}", status_code=303)
    return pages.page(request, "core/error.html", status=error.status, headers=headers, text=text)


def _member(fact: object) -> object:
    """*fact* as JSON: numbers with a fraction and ids as strings, instants in ISO 8601."""
    match fact:
        case Enum():
            return fact.value
        case datetime() | date():
            return fact.isoformat()
        case Decimal() | UUID():
            return str(fact)
        case list() | tuple():
            return [_member(each) for each in fact]
        case _:
            return fact


def failure(cause: BaseException | None) -> WarehouseError | None:
    """What a failed statement means to whoever asked for it; None if it is our own fault."""
    for kind, meaning in _FAILURES.items():
        if isinstance(cause, kind):
            return meaning()
    return None


async def _warehouse_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, WarehouseError)
    return problem(request, error)


async def _database_error(request: Request, error: Exception) -> Response:
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    known = failure(cause)
    if known is None:
        raise error
    if isinstance(cause, psycopg.errors.LockNotAvailable):
        metrics.LOCK_TIMEOUTS.inc()
    sqlstate = getattr(cause, "sqlstate", None)
    log.warning("statement refused", request_id=request.state.request_id, sqlstate=sqlstate)
    return problem(request, known)


async def _bad_fields(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    language = pages.language_of(request)
    found = [_field_error(each, language) for each in error.errors()]
    return problem(request, BadFields(), errors=found)


def _field_error(found: Mapping[str, Any], language: str) -> dict[str, str]:
    """One finding of Pydantic, with a JSON pointer (RFC 6901) into the body."""
    where, *path = found["loc"]
    steps = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    kind = found["type"]
    facts = found.get("ctx", {})
    message = facts.get(SENTENCE) or _FIELD_MESSAGES.get(kind, _FIELD_MESSAGE)
    return {
        "pointer": f"#{steps}" if where == "body" else f"{where}{steps}",
        "code": kind.replace("_", "-"),
        "message": i18n.translate(message, language, **facts),
    }


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = _BY_STATUS.get(error.status_code, Unexpected)
    return problem(request, known(), headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("fault", request_id=request.state.request_id, exc_info=error)
    answer = problem(request, Unexpected())
    answer.headers.update(SECURITY_HEADERS)
    answer.headers["x-request-id"] = request.state.request_id
    return answer


def install(app: FastAPI) -> None:
    """Give *app* the envelope, and an answer for every failure."""
    app.add_middleware(Envelope)
    app.add_exception_handler(WarehouseError, _warehouse_error)
    app.add_exception_handler(RequestValidationError, _bad_fields)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(psycopg.Error, _database_error)
    app.add_exception_handler(sqlalchemy.exc.SQLAlchemyError, _database_error)
    app.add_exception_handler(Exception, _unexpected)
