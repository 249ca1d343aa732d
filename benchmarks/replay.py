"""pgbench, sending the very statements that our program sent.

A scan is recorded while it is taken; what belongs to that scan alone (its clerk, its parcel, the
keys it made) becomes a variable.  So the limit cannot drift from the program: no statement is
written down here.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import Engine, event

from benchmarks.measure import BenchmarkError
from warehouse.core import postgres

_PLACEHOLDER: Final = re.compile(r"%\(([A-Za-z0-9_]+)\)s|%%")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BARE_UUID: Final = re.compile(r"\b[0-9a-f]{32}\b")  # as the driver writes one
_TPS: Final = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_DONE: Final = re.compile(r"actually processed: ([0-9]+)/([0-9]+)")
_FAILED: Final = re.compile(r"failed transactions: ([0-9]+)")
_KEYS_OF_ONE: Final = 64  # at most so many new keys in one transaction


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement and its values, as they went to the driver."""

    statement: str
    values: Mapping[str, object]


@dataclass(slots=True)
class Recording:
    """What was sent in one transaction."""

    sent: list[Sent] = field(default_factory=list)
    commits: int = 0


@contextmanager
def recorded(engine: Engine) -> Iterator[Recording]:
    """Record every statement that is sent through *engine*, whose pool has no connection yet."""
    recording = Recording()

    class NotingCursor(psycopg.Cursor[tuple[Any, ...]]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> Any:  # noqa: ANN401
            recording.sent.append(Sent(str(query), params or {}))
            return super().execute(query, params, **how)

    def connected(connection: Any, _: object) -> None:  # noqa: ANN401
        connection.cursor_factory = NotingCursor

    def committed(_: object) -> None:
        recording.commits += 1

    event.listen(engine, "connect", connected)
    event.listen(engine, "commit", committed)
    yield recording
    event.remove(engine, "connect", connected)
    event.remove(engine, "commit", committed)


@dataclass(slots=True)
class Script:
    """A pgbench script: one transaction, and the variables that every run of it shares."""

    text: str
    variables: dict[str, str]


def script(
    recording: Recording, *, since: UUID, per_client: Mapping[str, str], per_turn: Mapping[str, str]
) -> Script:
    r"""The transaction in *recording* as a pgbench script.

    *per_client* names for each text that belongs to the client the variable that holds it;
    *per_turn*, for each that belongs to the turn, the SQL expression that finds it.  Keys made
    after the key *since* are made anew in each turn, of ``:turn``.
    """
    if recording.commits != 1:
        raise BenchmarkError(f"One transaction was expected, and {recording.commits} came.")
    found = dict(per_turn) | {text: f":{name}::text" for text, name in per_client.items()}
    writer = _Writer(found, since)
    statements = [writer.statement(each) for each in recording.sent]
    return Script("\n".join(["BEGIN;", *statements, "COMMIT;\n"]), writer.variables)


class _Writer:
    """Turns recorded statements into a script."""

    def __init__(self, found: dict[str, str], since: UUID) -> None:
        self.found = found
        self.since = since
        self.made = 0
        self.variables: dict[str, str] = {}
        self.transformer = Transformer()

    def statement(self, sent: Sent) -> str:
        """The statement *sent*, its values as variables or expressions."""

        def filled(placeholder: re.Match[str]) -> str:
            name = placeholder[1]
            return self._value(sent.values[name]) if name else "%"

        return _PLACEHOLDER.sub(filled, sent.statement).strip().rstrip(";") + ";"

    def _value(self, value: object) -> str:
        """*value*, with the type that the driver gives it."""
        if value is None:
            return "NULL"
        dumper = self.transformer.get_dumper(value, PyFormat.TEXT)
        dumped = dumper.dump(value)
        assert dumped is not None, "only None is NULL"
        cast = f"::{kind}" if (kind := _type_name(dumper.oid)) else ""
        return f"({self._text(bytes(dumped).decode())}){cast}"

    def _text(self, text: str) -> str:
        """An expression for *text*: what is found in it looked up, the rest in variables."""
        text = _BARE_UUID.sub(lambda bare: str(UUID(bare[0])), text)
        for key in _UUID.findall(text):
            if key not in self.found and UUID(key) > self.since:
                self.found[key] = self._new_key()
        known = [key for key in self.found if key in text]
        if not known:
            return self._variable(text)
        pieces = re.split(f"({'|'.join(map(re.escape, known))})", text)
        return " || ".join(
            self.found[piece] if piece in known else f"{self._variable(piece)}::text"
            for piece in pieces
            if piece
        )

    def _new_key(self) -> str:
        """A key that no other turn makes; later turns make greater ones, as UUIDv7 are."""
        number = f":turn::bigint * {_KEYS_OF_ONE} + {self.made}"
        self.made += 1
        assert self.made <= _KEYS_OF_ONE, "more keys than one transaction was thought to make"
        return f"('ffffffff-ffff-7fff-8000-' || lpad(to_hex({number}), 12, '0'))"

    def _variable(self, text: str) -> str:
        name = f"value_{len(self.variables)}"
        self.variables[name] = text
        return f":{name}"


def _type_name(oid: int) -> str:
    """The name of type *oid*; empty where the driver leaves it to the server."""
    found = psycopg.adapters.types.get(oid) if oid else None
    if found is None:
        return ""
    return f"{found.regtype}[]" if found.array_oid == oid else found.regtype


def pgbench(
    server: postgres.Embedded, file: Path, *, clients: int, turns: int, variables: Mapping[str, str]
) -> float:
    """Let each of *clients* run script *file* so many *turns*; return transactions a second.

    Raises:
        BenchmarkError: a transaction failed.
    """
    command = [
        str(postgres.pgbench_path()), "--no-vacuum", "--protocol=prepared",
        f"--client={clients}", "--jobs=2", f"--transactions={turns}", f"--file={file}",
        "--host=127.0.0.1", f"--port={server.port}", f"--username={postgres.APP}",
        *(f"--define={name}={text}" for name, text in variables.items()),
        postgres.DATABASE,
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": server.passwords[postgres.APP]}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    done, tps, failed = (each.search(ran.stdout) for each in (_DONE, _TPS, _FAILED))
    if ran.returncode or not done or not tps or done[1] != done[2] or (failed and failed[1] != "0"):
        raise BenchmarkError(f"pgbench: {ran.stderr[-1500:]} {ran.stdout[-600:]}")
    return float(tps[1])
