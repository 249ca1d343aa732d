"""What people do all day, in one turn of a worker thread.

FastAPI takes three turns for a route with a unit of work: to open it, to run the route, to commit.
At a scan a second from every clerk the turns cost as much as the scan.  `in_one_turn` does all of
it in one, through the same unit of work and the same guard as everywhere else.
"""

from asyncio import get_running_loop
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar, get_type_hints

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers

from warehouse.access.http import Guard, let_through, sent_csrf_token, unit_of_work
from warehouse.access.vocabulary import Permission
from warehouse.core.work import Work

AT_ONCE: Final = 18
"""Turns of one process: further ones wait without holding a thread or a connection."""

T = TypeVar("T")

_unit_of_work: Final = contextmanager(unit_of_work)


@dataclass(frozen=True, slots=True)
class TurnGuard(Guard):
    """The guard of a route that acts through `in_one_turn`, which asks it."""

    async def __call__(self) -> None:
        """Nothing yet: FastAPI would ask too late for a body that cannot be read."""


def requires_in_turn(permission: Permission) -> Any:  # noqa: ANN401 (Depends itself returns Any)
    """For the ``dependencies`` of a route that acts through `in_one_turn`."""
    return Depends(TurnGuard(permission))


class TurnRoute(APIRoute):
    """A route that acts through `in_one_turn`: its body is read in one go, by its model alone.

    FastAPI's own handler resolves dependencies; these routes have none but their guard.  Whoever
    may not come in hears that before a malformed body is spoken of.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Call the endpoint with the request, and with the body if it asks for one."""
        endpoint: Callable[..., Coroutine[Any, Any, Response]] = self.endpoint
        asked = (each.dependency for each in self.dependencies)
        guard = next(each for each in asked if isinstance(each, TurnGuard))
        hints = get_type_hints(endpoint)
        model = next((each for each in hints.values() if issubclass(each, BaseModel)), None)

        async def handle(request: Request) -> Response:
            request.state.guard = guard
            if model is None:
                return await endpoint(request=request)
            try:
                body = _read(model, request.headers, await request.body())
            except ValidationError as failure:
                await in_one_turn(request, lambda _work: None)
                raise RequestValidationError(_in_body(failure)) from failure
            return await endpoint(body, request=request)

        return handle


def _read(model: type[BaseModel], headers: Headers, body: bytes) -> BaseModel:
    """The *body* as *model*; what does not call itself JSON is no object."""
    if headers.get("content-type", "").startswith("application/json"):
        return model.model_validate_json(body)
    return model.model_validate(body)


def _in_body(failure: ValidationError) -> list[dict[str, Any]]:
    """What is wrong, where FastAPI would say it is."""
    found = failure.errors(include_url=False)
    return [{**each, "loc": ("body", *each["loc"])} for each in found]


async def in_one_turn(request: Request, act: Callable[[Work], T]) -> T:
    """What *act* returns, once its unit of work is committed.

    Raises:
        Unauthenticated: nobody signed in.
        NotAllowed: the role may not do what the route's guard asks for.
    """
    csrf_token = await sent_csrf_token(request)
    turn = partial(copy_context().run, _act, request, csrf_token, act)
    return await get_running_loop().run_in_executor(_turns(request), turn)


def _act(request: Request, csrf_token: str, act: Callable[[Work], T]) -> T:
    with _unit_of_work(request, csrf_token) as work:
        let_through(request, work, request.state.guard.permission)
        return act(work)


def _turns(request: Request) -> ThreadPoolExecutor:
    """The threads of this program, made at first use."""
    state = request.app.state
    turns: ThreadPoolExecutor | None = getattr(state, "turns", None)
    if turns is None:
        turns = state.turns = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="turn")
    return turns
