"""The embedded PostgreSQL: one private, durable server for one data folder.

A data folder holds

    passwords.json   of the three roles, readable by its owner alone; it marks the folder as ours
    postgres/        the cluster: builtin C.UTF-8, data checksums, scram, loopback only

Whoever uses the server holds a shared lock on ``passwords.json``, which the kernel drops at any
kind of death.  So a server left behind by ``kill -9`` is adopted by the next start, and it stops
with the last program that leaves it in order.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg import sql

from warehouse.core import postgres_programs as programs
from warehouse.core.postgres_programs import EmbeddedPostgresError

__all__ = ["Embedded", "EmbeddedPostgresError", "create_missing", "pgbench_path", "revive", "start"]

DATABASE: Final = "warehouse"
SUPERUSER: Final = "postgres"
OWNER: Final = "warehouse_owner"  # of every table; migrations connect as this role
APP: Final = "warehouse_app"  # what the programs connect as

SPACE_FOR_CLUSTER_BYTES: Final = 200_000_000  # a new cluster, its first WAL, the demo
SPACE_TO_START_BYTES: Final = 50_000_000  # recovery and the next checkpoint
START_LIMIT_S: Final = 300.0  # recovery after a crash replays at most max_wal_size
CURED_BY_WAITING: Final = ("Address already in use", "could not bind", "is still in use")

SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may not exceed some 100 characters
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running server, and this process's claim to it."""

    data: Path
    port: int
    passwords: Mapping[str, str] = field(repr=False)
    claim: int  # file descriptor of the shared lock

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """The SQLAlchemy address of *database* for *role* (``APP``, ``OWNER`` or ``SUPERUSER``)."""
        return (
            f"postgresql+psycopg://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"
        )

    def stop(self) -> None:
        """Give up the claim, and stop the server unless another process still uses it."""
        with _alone(self.data):
            try:
                fcntl.flock(self.claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                os.close(self.claim)
            _stop(self.data / "postgres")


def pgbench_path() -> Path:
    """Where the server's own load generator is."""
    return programs.folder() / "pgbench"


def start(data: Path, *, port: int | None = None) -> Embedded:
    """Start the server of folder *data*, or adopt it if it runs, and return it ready for use.

    *port* is a loopback port; without it a free one is taken.  An adopted server keeps its own.

    Raises:
        EmbeddedPostgresError: the folder is foreign, of another version, full or closed to us.
    """
    data = data.resolve()
    cluster = data / "postgres"
    with _alone(data, make=True):
        _refuse_foreign(data)
        passwords = _passwords(data)
        if not cluster.exists():
            _create_cluster(cluster, passwords[SUPERUSER])
        _refuse_other_version(cluster)
        with _connect(cluster, passwords[SUPERUSER], port) as connection:
            create_missing(connection, passwords)
            port = connection.info.port
        claim = os.open(data / "passwords.json", os.O_RDONLY)
        fcntl.flock(claim, fcntl.LOCK_SH)
        return Embedded(data, port, passwords, claim)


def revive(data: Path, port: int) -> bool:
    """Start the server of *data* again on *port* if it died; whether it had.

    Raises:
        EmbeddedPostgresError: it cannot be started.
    """
    cluster = data.resolve() / "postgres"
    with _alone(data):
        if _running_port(cluster) is not None:
            return False
        _launch(cluster, port)
        return True


def create_missing(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Create our two roles and the database where they are missing; *connection* autocommits."""
    for role in (OWNER, APP):
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(create.format(sql.Identifier(role), sql.Literal(passwords[role])))
    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
        names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER)}
        connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))


@contextmanager
def _alone(data: Path, *, make: bool = False) -> Iterator[None]:
    """Hold folder *data* against other starters and stoppers; a refusal of the system is ours."""
    try:
        if make:
            data.mkdir(parents=True, exist_ok=True)
        folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    except OSError as failure:
        where = failure.filename or data
        sentence = f"The data folder cannot be used: {where}: {failure.strerror}."
        raise EmbeddedPostgresError(sentence) from failure


def _refuse_foreign(data: Path) -> None:
    found = {path.name for path in data.iterdir()} - {"passwords.json.new"}
    if found and "passwords.json" not in found:
        raise EmbeddedPostgresError(
            f"{data} is not empty and was not made by this program; choose another data folder."
        )


def _refuse_other_version(cluster: Path) -> None:
    made_by = int((cluster / "PG_VERSION").read_text())
    version = subprocess.run(
        [programs.folder() / "postgres", "-V"], capture_output=True, text=True, check=True
    )
    ours = int(version.stdout.split()[-1].split(".")[0])
    if made_by != ours:
        age = "newer" if made_by > ours else "older"
        raise EmbeddedPostgresError(
            f"{cluster} was made by PostgreSQL {made_by}, {age} than the {ours} installed here."
        )


def _passwords(data: Path) -> dict[str, str]:
    """The passwords kept in *data*, made at the first call."""
    path = data / "passwords.json"
    if not path.exists():
        draft = data / "passwords.json.new"
        draft.touch(mode=0o600)
        made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP)}
        draft.write_text(json.dumps(made))
        draft.rename(path)
    passwords: dict[str, str] = json.loads(path.read_text())
    return passwords


def _create_cluster(cluster: Path, password: str) -> None:
    """Run initdb beside *cluster* and rename: an interrupted one is begun again."""
    _refuse_full(cluster.parent, SPACE_FOR_CLUSTER_BYTES)
    draft = cluster.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    programs.leave_to_system_user(draft)
    with tempfile.NamedTemporaryFile("w") as pwfile:
        pwfile.write(password)
        pwfile.flush()
        os.chown(pwfile.name, draft.stat().st_uid, -1)
        settings = [f"--set={name}={value}" for name, value in SETTINGS.items()]
        made = programs.run(
            draft, "initdb", "-D", str(draft), f"--username={SUPERUSER}", f"--pwfile={pwfile.name}",
            "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--no-locale",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *settings,
        )  # fmt: skip
    if made.returncode != 0:
        told = programs.reason(made.stderr)
        raise EmbeddedPostgresError(f"The database cannot be created: {told}")
    draft.rename(cluster)


def _connect(cluster: Path, password: str, port: int | None) -> psycopg.Connection:
    """Connect to the server of *cluster* as its superuser, starting it if it does not run.

    A server that is still recovering, or still going down, is waited for.
    """
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        running = _running_port(cluster) or _launch(cluster, port)
        try:
            return psycopg.connect(
                host="127.0.0.1", port=running, user=SUPERUSER, password=password,
                dbname="postgres", autocommit=True, connect_timeout=5,
            )  # fmt: skip
        except psycopg.OperationalError as failure:
            reason = str(failure).strip().splitlines()[-1]
            if "authentication failed" in reason or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL does not answer: {reason}") from failure
        time.sleep(0.05)


def _launch(cluster: Path, port: int | None) -> int:
    """Start the server of *cluster*, wait until it is ready, and return its port."""
    _refuse_full(cluster, SPACE_TO_START_BYTES)
    log = cluster / "server.log"
    for _ in range(20):
        if log.exists():
            log.rename(cluster / "server.log.1")
        chosen = port or _free_port()
        started = programs.run(
            cluster, "pg_ctl", "-D", str(cluster), "-l", str(log), "-s",
            "-w", "-t", f"{START_LIMIT_S:.0f}", "start", port=chosen,
        )  # fmt: skip
        if started.returncode == 0:
            return chosen
        reason = programs.reason(log.read_text() if log.exists() else started.stderr)
        if not any(cure in reason for cure in CURED_BY_WAITING):
            break
        time.sleep(0.25)
    raise EmbeddedPostgresError(f"PostgreSQL does not start: {reason}")


def _stop(cluster: Path) -> None:
    if _running_port(cluster) is None:
        return
    stopped = programs.run(cluster, "pg_ctl", "-D", str(cluster), "-m", "fast", "-w", "stop")
    if stopped.returncode != 0:
        told = programs.reason(stopped.stderr)
        raise EmbeddedPostgresError(f"PostgreSQL does not stop: {told}")


def _running_port(cluster: Path) -> int | None:
    """The port of the server that has *cluster* open; None, and no stale claim, if there is none.

    After a crash ``postmaster.pid`` stays, and its number may since belong to any other process,
    which PostgreSQL alone would take for a living server.
    """
    claim = cluster / "postmaster.pid"
    try:
        pid, _, _, port, *_ = claim.read_text().splitlines()
        command = psutil.Process(int(pid)).cmdline()
    except FileNotFoundError:
        return None
    except (ValueError, psutil.Error):
        command = []
    if str(cluster) in command and Path(command[0]).name == "postgres":
        return int(port)
    claim.unlink(missing_ok=True)
    return None


def _refuse_full(folder: Path, needed_bytes: int) -> None:
    if shutil.disk_usage(folder).free < needed_bytes:
        needed = needed_bytes // 1_000_000
        raise EmbeddedPostgresError(f"The disk of {folder} is full: {needed} MB are needed.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
