"""What people do all day, in one turn of a worker thread.

FastAPI takes three turns for a route with a unit of work: to open it, to run the route, to commit.
At a scan a second from every clerk the turns cost as much as the scan.  `in_one_turn` does all of
it in one, through the same unit of work and the same guard as everywhere else.
"""

from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from warehouse.access.http import Guard, let_through, sent_csrf_token, unit_of_work
from warehouse.access.vocabulary import Permission
from warehouse.core.work import Work

AT_ONCE: Final = 18
"""Turns of one process: further ones wait without holding a thread or a connection."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TurnGuard(Guard):
    """The guard of a route that acts through `in_one_turn`, which asks it."""

    async def __call__(self) -> None:
        """Nothing yet: FastAPI would ask too late for a body that cannot be read."""


def requires_in_turn(permission: Permission) -> Any:  # noqa: ANN401 (Depends itself returns Any)
    """For the ``dependencies`` of a route that acts through `in_one_turn`."""
    return Depends(TurnGuard(permission))


class TurnRoute(APIRoute):
    """A route that acts through `in_one_turn`: who may not come in hears that before all else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, with the guard asked before a malformed body is spoken of."""
        handle = super().get_route_handler()
        asked = (each.dependency for each in self.dependencies)
        guard = next(each for each in asked if isinstance(each, TurnGuard))

        async def guarded(request: Request) -> Response:
            request.state.guard = guard
            try:
                return await handle(request)
            except RequestValidationError:
                await in_one_turn(request, lambda _work: None)
                raise

        return guarded


async def in_one_turn(request: Request, act: Callable[[Work], T]) -> T:
    """What *act* returns, once its unit of work is committed.

    Raises:
        Unauthenticated: nobody signed in.
        NotAllowed: the role may not do what the route's guard asks for.
    """
    csrf_token = await sent_csrf_token(request)
    return await to_thread.run_sync(_act, request, csrf_token, act, limiter=_turns(request))


def _act(request: Request, csrf_token: str, act: Callable[[Work], T]) -> T:
    with contextmanager(unit_of_work)(request, csrf_token) as work:
        let_through(request, work, request.state.guard.permission)
        return act(work)


def _turns(request: Request) -> CapacityLimiter:
    """The turns of this program, counted from first use."""
    state = request.app.state
    turns: CapacityLimiter | None = getattr(state, "turns", None)
    if turns is None:
        turns = state.turns = CapacityLimiter(AT_ONCE)
    return turns
