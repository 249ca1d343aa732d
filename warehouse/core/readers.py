"""A few connections that only read, for the look-ups that programs repeat all day.

A unit of work costs a look-up three changes of thread, a BEGIN and a COMMIT.  These connections are
driven by the event loop itself, and read one statement at a time outside any transaction.
"""

import asyncio
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, event

MOST: Final = 8
"""Connections of one process; further look-ups wait their turn."""

_OPTIONS: Final = (
    "-c default_transaction_read_only=on -c statement_timeout=5s -c lock_timeout=1s -c timezone=UTC"
)
_STOPPED: Final = ("57P01", "57P02")  # the server was shut down, or crashed

Row = tuple[Any, ...]
_Connection = psycopg.AsyncConnection[Row]


class Readers:
    """Reads from the database of *engine*; closed when that is disposed of."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._idle: list[_Connection] = []
        self._turn = asyncio.Semaphore(MOST)
        event.listen(engine, "engine_disposed", self._close)

    async def row(self, statement: str, **values: object) -> Row | None:
        """The first row of *statement*, sent as written."""
        async with self._turn:
            while self._idle:
                try:
                    return await self._read(self._idle.pop(), statement, values)
                except psycopg.OperationalError as failure:
                    if failure.sqlstate is not None and failure.sqlstate not in _STOPPED:
                        raise
                    # The connection died while it was idle: try the next, or a new one.
            return await self._read(await self._connect(), statement, values)

    async def _connect(self) -> _Connection:
        return await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, options=_OPTIONS, connect_timeout=5
        )

    async def _read(
        self, connection: _Connection, statement: str, values: dict[str, object]
    ) -> Row | None:
        """Read; keep *connection* for the next look-up unless something went wrong with it."""
        good = False
        try:
            cursor = await connection.execute(statement, values, prepare=True)
            row = await cursor.fetchone()
            good = True
        finally:
            if good:
                self._idle.append(connection)
            else:
                connection.pgconn.finish()
        return row

    def _close(self, engine: Engine) -> None:  # noqa: ARG002 (SQLAlchemy says which one it was)
        for connection in self._idle:
            connection.pgconn.finish()
        self._idle.clear()
