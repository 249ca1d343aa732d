"""Points at which a program can be made to fail: around each statement and commit, and the reply.

Nothing of this is in the product.  The trap listens on an engine and around an application; it is
shared memory, so that it still tells what happened in a program that it killed.
"""

import mmap
import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warehouse.core import db

CONNECTIONS: Final = 20
_SIZE: Final = 4096
_CELLS: Final = 32  # bytes, before the name of the place
_PATIENCE_SECONDS: Final = 10
_WAY, _AT, _PASSED = range(3)


class Way(StrEnum):
    """How the program fails at a point."""

    RAISE = "raise"
    DISCONNECT = "disconnect"
    KILL = "kill"
    LOSE = "lose"
    """The reply is lost on its way, after everything was done."""


WAYS: Final = tuple(Way)


class Broken(Exception):
    """What goes wrong at a point."""


class Trap:
    """Counts the points that are passed; where it is set, the program fails, once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with file.open("a+b") as opened:
            opened.truncate(_SIZE)
            self._memory = mmap.mmap(opened.fileno(), _SIZE)
        self._cells = memoryview(self._memory)[:_CELLS].cast("q")
        self.connection: psycopg.Connection[Any] | None = None

    def set(self, way: Way, at: int) -> None:
        """Let the program fail in this *way* at point *at* of the next request."""
        self._cells[_AT] = at
        self._cells[_WAY] = 1 + WAYS.index(way)

    def clear(self) -> None:
        """Let nothing fail."""
        self._cells[_WAY] = 0

    def begin(self) -> None:
        """A request begins: its points are counted from nought."""
        self._cells[_PASSED] = 0

    @property
    def is_set(self) -> bool:
        """Whether it has not sprung since it was set."""
        return bool(self._cells[_WAY])

    @property
    def passed(self) -> int:
        """How many points were passed since the request began."""
        return self._cells[_PASSED]

    @property
    def place(self) -> str:
        """Where it sprang last."""
        return self._memory[_CELLS:].rstrip(b"\0").decode(errors="ignore")

    def point(self, place: str) -> bool:
        """The program passes *place*; True if the reply that was about to leave is to be lost."""
        here = self._cells[_PASSED]
        self._cells[_PASSED] = here + 1
        if not self.is_set or here != self._cells[_AT]:
            return False
        way = WAYS[self._cells[_WAY] - 1]
        self.clear()
        self._memory[_CELLS:] = place.encode()[: _SIZE - _CELLS].ljust(_SIZE - _CELLS, b"\0")
        match way:
            case Way.RAISE:
                raise Broken(place)
            case Way.DISCONNECT:
                self._disconnect()
            case Way.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
        return way is Way.LOSE

    def _disconnect(self) -> None:
        """The server ends the session that was used last, as when it is shut down."""
        assert self.connection is not None, "a request reads who asks before all else"
        parameters = self.connection.info.get_parameters()
        password = self.connection.info.password
        with psycopg.connect(**parameters, password=password, autocommit=True) as another:
            pid = self.connection.info.backend_pid
            another.execute("SELECT pg_terminate_backend(%s)", [pid])
        ended, _, _ = select.select([self.connection.fileno()], [], [], _PATIENCE_SECONDS)
        assert ended, "the server says that it ends a session"


class TrappedConnection(psycopg.Connection[Any]):
    """A connection that passes points of *trap*."""

    trap: Trap

    def commit(self) -> None:
        """Commit, between two points."""
        self.point("before COMMIT")
        super().commit()
        self.point("after COMMIT")

    def point(self, place: str) -> None:
        """Pass a point."""
        self.trap.connection = self
        self.trap.point(place)


class TrappedCursor(psycopg.Cursor[Any]):
    """A cursor whose connection passes a point before and after each statement."""

    connection: TrappedConnection

    def execute(self, query: Any, *values: Any, **how: Any) -> Any:
        """Execute, between two points."""
        with self._between(query):
            return super().execute(query, *values, **how)

    def executemany(self, query: Any, *values: Any, **how: Any) -> None:
        """Execute many times, between two points."""
        with self._between(query):
            super().executemany(query, *values, **how)

    @contextmanager
    def copy(self, statement: Any, *values: Any, **how: Any) -> Iterator[psycopg.Copy]:
        """Copy, between two points."""
        with self._between("COPY"), super().copy(statement, *values, **how) as sink:
            yield sink

    @contextmanager
    def _between(self, query: object) -> Iterator[None]:
        name = " ".join(str(query).split())[:100]
        self.connection.point(f"before {name}")
        yield
        self.connection.point(f"after {name}")


def trapped_engine(url: str, trap: Trap, cursor: type[TrappedCursor] = TrappedCursor) -> Engine:
    """The application's engine on *url*, each of its connections passing points of *trap*."""
    engine = db.create_engine(url, pool_size=CONNECTIONS)

    def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> TrappedConnection:
        connection = TrappedConnection.connect(*arguments, **options, cursor_factory=cursor)
        connection.trap = trap
        return connection

    event.listen(engine, "do_connect", connect)
    return engine


def trapped_app(app: ASGIApp, trap: Trap) -> ASGIApp:
    """*app*, whose every reply passes a point before it leaves."""

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        lost = False

        async def answer(message: Message) -> None:
            nonlocal lost
            if message["type"] == "http.response.start":
                lost = trap.point("before the reply")
            elif lost:
                await send(message | {"body": b"", "more_body": True})
                raise Broken("the reply broke off")
            await send(message)

        await app(scope, receive, answer if scope["type"] == "http" else send)

    return around
