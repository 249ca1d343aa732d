"""`warehouse up`: everything a warehouse needs, from one command, on one machine.

Starts the embedded PostgreSQL unless another is configured, migrates, loads reference and demo
data on the first run, then runs web, worker and customs simulator as processes of their own.  One
that dies is started again; when this process dies, however it dies, they stop by themselves.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2
from sqlalchemy import NullPool, create_engine, make_url

from warehouse.core import migrate, postgres
from warehouse.core.postgres import EmbeddedPostgresError
from warehouse.settings import Settings

READY_WITHIN_SECONDS: Final = 60
STOP_WITHIN_SECONDS: Final = 15
RESTART_AFTER_SECONDS: Final = 1.0
WATCH_EVERY_SECONDS: Final = 0.3
START_EVERY_SECONDS: Final = 0.05
LONGEST_LOG_BYTES: Final = 16_000_000
PARENT: Final = "WAREHOUSE_PARENT"


class LaunchError(Exception):
    """The warehouse cannot run; the message is one line for the person at the terminal."""


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """*settings* with the addresses of a running database: the configured one, or our own.

    Raises:
        LaunchError: there is none, and none can be started.
    """
    if settings.database_url:
        yield settings
        return
    try:
        server = postgres.start(settings.data.resolve())
    except EmbeddedPostgresError as failure:
        raise LaunchError(str(failure)) from failure
    addresses = {
        "database_url": server.url(postgres.APP),
        "owner_database_url": server.url(postgres.OWNER),
    }
    try:
        yield settings.model_copy(update=addresses)
    finally:
        server.stop()


@contextmanager
def opened(settings: Settings) -> Iterator[Settings]:
    """As `database`, for commands that need a warehouse which has been set up.

    Raises:
        LaunchError: there is none, or it is of another release.
    """
    if settings.database_url is None and not (settings.data / "postgres").exists():
        raise LaunchError(
            f"There is no warehouse in {settings.data}: start one first (./scripts/run)."
        )
    with database(settings) as running:
        assert running.database_url
        try:
            current = migrate.at_head(create_engine(running.database_url, poolclass=NullPool))
        except migrate.NewerSchemaError as failure:
            raise LaunchError(str(failure)) from failure
        if not current:
            raise LaunchError("The database is of an older release: run `warehouse migrate` first.")
        yield running


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold *data* against a second `warehouse up`; the kernel lets go at any kind of death.

    Raises:
        LaunchError: a first one runs.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "up.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as failure:
            raise LaunchError(
                f"The warehouse of {data} runs already: stop it first,"
                " or choose another folder with --data."
            ) from failure
        yield


def revive(settings: Settings, say: Callable[[str], None]) -> None:
    """Start our own database of the running *settings* again if it died; another's is left alone.

    Raises:
        LaunchError: it cannot be started.
    """
    port = make_url(str(settings.database_url)).port
    assert port is not None
    try:
        if postgres.revive(settings.data, port):
            say("The database stopped; it was started again.")
    except EmbeddedPostgresError as failure:
        raise LaunchError(str(failure)) from failure


def prepare(settings: Settings) -> None:
    """Bring the schema to head.

    Raises:
        LaunchError: we may not, or the database is of a newer release.
    """
    assert settings.database_url
    owner_url = settings.owner_database_url
    if owner_url is None:
        raise LaunchError(
            "WAREHOUSE_OWNER_DATABASE_URL is not set: migrations need the owner's address."
        )
    app_role = make_url(settings.database_url).username
    assert app_role is not None
    try:
        migrate.upgrade(owner_url, app_role)
    except migrate.NewerSchemaError as failure:
        raise LaunchError(str(failure)) from failure


def refuse_taken_port(host: str, port: int) -> None:
    """Raise LaunchError if somebody listens on *port* already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            raise LaunchError(
                f"Port {port} on {host} cannot be used ({failure.strerror}):"
                " choose another with --port."
            ) from failure


def free_port(host: str) -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def stop_on_signal() -> threading.Event:
    """What Ctrl-C, a polite kill and a closed terminal (but under nohup) set from now on."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: stop.set())
    return stop


def keep_short(log: Path) -> None:
    """Begin *log* anew once it is long; what it held is kept beside it, until the next time."""
    if log.exists() and log.stat().st_size > LONGEST_LOG_BYTES:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)  # whoever writes to it appends


@dataclass
class Program:
    """One of our programs, run as a process that ends with us."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    died_at: float = 0.0

    def start(self) -> None:
        """Run it; its output goes to *log*."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 (our own program)
                [sys.executable, "-m", "warehouse", *self.arguments],
                env={**os.environ, **self.environment, PARENT: "1"},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def keep_up(self, say: Callable[[str], None], *, starting: bool) -> None:
        """Start it again if it died.

        Raises:
            LaunchError: it ended by itself while everything is still *starting*: it will again.
        """
        assert self.process is not None
        keep_short(self.log)
        status = self.process.poll()
        if status is None:
            return
        if starting and status > 0:
            raise LaunchError(f"{self.name} does not start: see {self.log}.")
        if not self.died_at:
            self.died_at = time.monotonic()
            say(f"{self.name} stopped ({status}); starting it again.")
        elif time.monotonic() - self.died_at > RESTART_AFTER_SECONDS:
            self.died_at = 0.0
            self.start()

    def ask_to_end(self) -> None:
        """Let it finish what is in hand, and nothing more."""
        if self.process is not None:
            self.process.terminate()

    def end(self) -> None:
        """Wait until it has ended; not for ever."""
        if self.process is None:
            return
        try:
            self.process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(
    programs: Sequence[Program],
    url: str,
    *,
    stop: threading.Event,
    ready: Callable[[], None],
    watch: Callable[[], None],
    say: Callable[[str], None],
) -> None:
    """Start *programs* and keep them up until *stop* is set.

    *ready* is called once *url* answers, *watch* again and again.

    Raises:
        LaunchError: the web program does not come up.
    """
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    answered = False
    try:
        for program in programs:
            program.start()
        while not stop.wait(WATCH_EVERY_SECONDS if answered else START_EVERY_SECONDS):
            watch()
            for program in programs:
                program.keep_up(say, starting=not answered)
            if not answered and _answers(url):
                answered = True
                ready()
            if not answered and time.monotonic() > deadline:
                raise LaunchError(f"{url} does not answer: see {programs[0].log}.")
    finally:
        for program in programs:
            program.ask_to_end()
        for program in programs:
            program.end()


def stop_with_parent(stop: Callable[[], None]) -> None:
    """Call *stop* when the process that launched us is gone; our standard input ends with it."""
    if PARENT not in os.environ:
        return

    def watch() -> None:
        sys.stdin.buffer.read()
        stop()

    threading.Thread(target=watch, daemon=True, name="watch-parent").start()


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz", timeout=2).is_success
    except httpx2.HTTPError:
        return False
