"""A few connections that only read, for the look-ups that programs repeat all day.

A unit of work costs a look-up three changes of thread, a BEGIN and a COMMIT.  These connections are
driven by the event loop itself, outside any transaction; and while one reading of a statement is
under way, those who ask for the same meanwhile share the next.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, event

MOST: Final = 8
"""Connections of one process; further readings wait their turn."""

MOST_TOGETHER: Final = 100
"""Look-ups that share one reading."""

_OPTIONS: Final = (
    "-c default_transaction_read_only=on -c statement_timeout=5s -c lock_timeout=1s -c timezone=UTC"
)
_STOPPED: Final = ("57P01", "57P02")  # the server was shut down, or crashed

Row = tuple[Any, ...]
_Connection = psycopg.AsyncConnection[Row]
_Asked = tuple[tuple[str, ...], "asyncio.Future[Row | None]"]


@dataclass(slots=True)
class _Queue:
    """Who waits for the next reading of a statement, and whether one is under way."""

    waiting: list[_Asked] = field(default_factory=list)
    reader: "asyncio.Task[None] | None" = None


class Readers:
    """Reads from the database of *engine*; closed when that is disposed of."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._idle: list[_Connection] = []
        self._turn = asyncio.Semaphore(MOST)
        self._queues: dict[str, _Queue] = {}
        event.listen(engine, "engine_disposed", self._close)

    async def row(self, statement: str, *asked: str) -> Row | None:
        """What *statement* finds for *asked*; None if it finds nothing.

        *statement* takes an array for each of *asked*, the n-th look-up at place n of each, and
        gives a row for those it finds something for: the place first.
        """
        for text in asked:
            text.encode()  # what cannot travel fails alone, not with those who share the reading
        queue = self._queues.setdefault(statement, _Queue())
        answer: asyncio.Future[Row | None] = asyncio.get_running_loop().create_future()
        queue.waiting.append((asked, answer))
        if queue.reader is None:
            queue.reader = asyncio.create_task(self._read_all(statement, queue))
        return await answer

    async def _read_all(self, statement: str, queue: _Queue) -> None:
        """Read for everybody who waits, until nobody does."""
        while queue.waiting:
            together = queue.waiting[:MOST_TOGETHER]
            del queue.waiting[:MOST_TOGETHER]
            try:
                arrays = [
                    list(column) for column in zip(*(asked for asked, _ in together), strict=True)
                ]
                found = {place: row for place, *row in await self._rows(statement, arrays)}
            except Exception as failure:  # noqa: BLE001 (it is raised where each of them waits)
                _tell_all(together, failure)
            else:
                for place, (_, answer) in enumerate(together, start=1):
                    if not answer.done():
                        row = found.get(place)
                        answer.set_result(None if row is None else tuple(row))
        queue.reader = None

    async def _rows(self, statement: str, arrays: Sequence[list[str]]) -> list[Row]:
        async with self._turn:
            while self._idle:
                try:
                    return await self._read(self._idle.pop(), statement, arrays)
                except psycopg.OperationalError as failure:
                    if failure.sqlstate is not None and failure.sqlstate not in _STOPPED:
                        raise
                    # The connection died while it was idle: try the next, or a new one.
            return await self._read(await self._connect(), statement, arrays)

    async def _connect(self) -> _Connection:
        return await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, options=_OPTIONS, connect_timeout=5
        )

    async def _read(
        self, connection: _Connection, statement: str, arrays: Sequence[list[str]]
    ) -> list[Row]:
        """Read; keep *connection* for the next reading unless something went wrong with it."""
        good = False
        try:
            cursor = await connection.execute(statement, arrays, prepare=True)
            rows = await cursor.fetchall()
            good = True
        finally:
            if good:
                self._idle.append(connection)
            else:
                connection.pgconn.finish()
        return rows

    def _close(self, engine: Engine) -> None:  # noqa: ARG002 (SQLAlchemy says which one it was)
        for connection in self._idle:
            connection.pgconn.finish()
        self._idle.clear()


def _tell_all(together: Sequence[_Asked], failure: Exception) -> None:
    for _, answer in together:
        if not answer.done():
            answer.set_exception(failure)
