"""A warehouse as a person at a terminal has it: the `warehouse` command, run as processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
import psutil
import psycopg

from warehouse.core import postgres
from warehouse.launch import free_port

COMMAND: Final = (sys.executable, "-m", "warehouse")
PATIENCE_SECONDS: Final = 180
"""Generous: how long something takes decides no test."""


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would point the program at somebody else's warehouse."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WAREHOUSE_")}
    return {**ours, "PYTHONIOENCODING": "utf-8", **more}


def warehouse(
    *arguments: str, given: str = "", cwd: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, with *given* on its standard input and *settings* around it."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        env=environment(**settings),
        cwd=cwd,
        check=False,
    )


def gone(processes: Sequence[psutil.Process]) -> bool:
    """Whether all of *processes* end, without our doing anything more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(map(runs, processes)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def runs(process: psutil.Process) -> bool:
    """Whether *process* has not ended; one that nobody has buried has."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@dataclass
class House:
    """`warehouse up` on *data*, a path below *home*, where it is typed."""

    home: Path
    data: str
    port: int = field(default_factory=lambda: free_port("127.0.0.1"))
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.home / self.data

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    def begin(self, *options: str) -> None:
        """Type the command, and do not wait."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "up.out").open("wb") as out, (self.home / "up.err").open("wb") as err:
            self.process = subprocess.Popen(
                [*COMMAND, "up", "--port", str(self.port), "--data", self.data, *options],
                stdout=out,
                stderr=err,
                env=environment(),
                cwd=self.home,
                start_new_session=True,
            )

    def start(self, *options: str) -> None:
        """Type the command, and wait until it says that it is up."""
        self.begin(*options)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "Stop with Ctrl-C" not in self.said():
            assert self.process is not None
            assert self.process.poll() is None, self.complaint()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def interrupt(self) -> int:
        """Press Ctrl-C, as a terminal does it, and return the exit status."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """Kill ``up`` itself: nothing it planned for its end happens."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def said(self) -> str:
        """What it printed since it was started."""
        return (self.home / "up.out").read_text("utf-8")

    def complaint(self) -> str:
        """What it printed on standard error since it was started."""
        return (self.home / "up.err").read_text("utf-8")

    def program(self, name: str) -> psutil.Process:
        """The process of one of its programs, or of its ``database``."""
        if name == "database":
            claim = self.folder / "postgres" / "postmaster.pid"
            return psutil.Process(int(claim.read_text().splitlines()[0]))
        return next(child for child in self.programs() if name in child.cmdline())

    def programs(self) -> list[psutil.Process]:
        """The processes that it started, but for the database, which belongs to nobody."""
        assert self.process is not None
        return list(psutil.Process(self.process.pid).children())

    def processes(self) -> list[psutil.Process]:
        """Everything that runs for it."""
        assert self.process is not None
        database = self.program("database")
        up = psutil.Process(self.process.pid)
        return [up, *self.programs(), database, *database.children()]

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type another command beside it."""
        return warehouse(command, *arguments, "--data", self.data, cwd=self.home)

    def tell(self) -> "subprocess.Popen[str]":
        """Begin to play the demo, and do not wait."""
        return subprocess.Popen(
            [*COMMAND, "demo", "--data", self.data],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=environment(),
            cwd=self.home,
        )

    def status(self, shipment: str) -> object:
        """What its partner is told of *shipment*."""
        key = json.loads((self.folder / "demo.json").read_text("utf-8"))["api_key"]
        answer = httpx2.get(
            f"{self.url}/api/v1/shipments/{shipment}",
            headers={"Authorization": f"Bearer {key}"},
            timeout=PATIENCE_SECONDS,
        )
        answer.raise_for_status()
        return answer.json()

    def count(self, table: str) -> int:
        """How many rows *table* has."""
        row = self.execute(f"SELECT count(*) FROM {table}")
        assert isinstance(row, int)
        return row

    def execute(self, *statements: str) -> object:
        """Run *statements* as the owner of its tables; the first value of the last one's result."""
        rows = self.rows(*statements)
        return rows[0][0] if rows else None

    def rows(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run *statements* as the owner of its tables; what the last one finds."""
        server = postgres.start(self.folder)
        address = server.url(postgres.OWNER).replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            found = cursor.fetchall() if cursor.description else []
        server.stop()
        return found

    def clear(self) -> None:
        """Leave no process behind, whatever a test did."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        if (self.folder / "postgres").exists():
            postgres.start(self.folder).stop()
