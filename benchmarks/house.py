"""A warehouse of its own to measure: database, reference data, clerks, web programs."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import httpx2
import psycopg
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from benchmarks.measure import ROOT, BenchmarkError
from warehouse import launch, wiring
from warehouse.access.commands import DAY_OF_WORK
from warehouse.access.models import Person, SignIn
from warehouse.access.queries import hashed
from warehouse.access.vocabulary import Role
from warehouse.core import db, ids, migrate, postgres
from warehouse.core.work import SYSTEM, Actor, Work, begin
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Product
from warehouse.operations import demo, proofs

CLIENTS: Final = 16
CREW: Final = 40
DEPOSITOR: Final = "ALB"
READY_SECONDS: Final = 60
_DEADLOCK: Final = "deadlock detected"


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody with a scanner, signed in."""

    username: str
    token: str
    csrf_token: str


@dataclass(slots=True)
class House:
    """The warehouse and what is known of it.  Web programs start when they are first asked for."""

    server: postgres.Embedded
    engine: Engine
    folder: Path
    api_key: str
    partner: Actor
    premises: str
    premises_id: UUID
    skus: Sequence[str]
    crew: Sequence[Clerk]
    programs: ExitStack
    ports: dict[str, list[int]] = field(default_factory=dict)

    @property
    def clerks(self) -> Sequence[Clerk]:
        """As many of the crew as there are clients."""
        return self.crew[:CLIENTS]

    @property
    def partner_id(self) -> UUID:
        """The partner whose goods these are."""
        assert self.partner.partner_id is not None, "a partner acts for itself"
        return self.partner.partner_id

    @contextmanager
    def begin(self, actor: Actor | None = None) -> Iterator[Work]:
        """A unit of work, of the partner unless somebody else is named."""
        with begin(self.engine, actor or self.partner, wiring.SUBSCRIBERS) as work:
            yield work

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the owner of the tables reads with *statement*, or does."""
        with psycopg.connect(_plain(self.server.url(postgres.OWNER)), autocommit=True) as owner:
            cursor = owner.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def settle(self) -> None:
        """Leave nothing of what was loaded to be tidied while we measure."""
        with self.root() as root:
            root.execute("VACUUM ANALYZE")
            root.execute("CHECKPOINT")

    @contextmanager
    def root(self) -> Iterator[psycopg.Connection]:
        """A connection of the superuser, whose statements commit by themselves."""
        with psycopg.connect(_plain(self.server.url(postgres.SUPERUSER)), autocommit=True) as root:
            yield root

    def prove(self) -> None:
        """Go on only if every proof of ``warehouse verify`` holds.

        Raises:
            BenchmarkError: one does not.
        """
        with Session(self.engine) as session:
            found = proofs.prove(session)
        if broken := [f"{each.name} {each.differences[:3]}" for each in found if not each.holds]:
            raise BenchmarkError(f"The books do not add up: {'; '.join(broken)}")

    def deadlocks(self) -> int:
        """How often the server had to end a deadlock since it was started.

        Counted in its log, which is written at once; `pg_stat_database` may be ten seconds behind.
        """
        return (self.folder / "postgres" / "server.log").read_text("utf-8").count(_DEADLOCK)

    @contextmanager
    def worker(self) -> Iterator[None]:
        """The background program at work until the block ends, on what comes from now on."""
        self.rows("DELETE FROM job WHERE done_at IS NULL")
        log = self.folder / "worker.log"
        log.unlink(missing_ok=True)
        environment = {"WAREHOUSE_DATABASE_URL": self.server.url(), launch.PARENT: "1"}
        with _process(("warehouse", "worker"), environment, log) as running:
            deadline = time.monotonic() + READY_SECONDS
            while b"worker ready" not in log.read_bytes():
                if time.monotonic() > deadline or running.poll() is not None:
                    raise BenchmarkError(f"No worker. {log.read_text('utf-8')[-600:]}")
                time.sleep(0.05)
            yield

    def web(self, processes: int) -> list[int]:
        """The ports of so many web programs of ours, each run by ``warehouse web``."""
        return self._served(("warehouse", "web", "--port"), "livez", processes)

    def bare(self, processes: int) -> list[int]:
        """The ports of so many programs that have nothing but a bare route."""
        return self._served(("benchmarks.bare",), "ready", processes)

    def customs(self, keys: Path) -> int:
        """The port of a customs simulator whose keys are in the folder *keys*."""
        command = ("warehouse", "customs-simulator", "--keys", str(keys), "--port")
        program = self._start(command)
        _await(program, "filings")
        return program.port

    def _served(self, command: Sequence[str], path: str, processes: int) -> list[int]:
        ports = self.ports.setdefault(command[0], [])
        started = [self._start(command) for _ in range(processes - len(ports))]
        for program in started:
            _await(program, path)
            ports.append(program.port)
        return ports[:processes]

    def _start(self, command: Sequence[str]) -> "Program":
        port = launch.free_port("127.0.0.1")
        environment = {"WAREHOUSE_DATABASE_URL": self.server.url(), launch.PARENT: "1"}
        log = self.folder / f"{command[0]}-{port}.log"
        process = _process((*command, str(port)), environment, log)
        return Program(port, log, self.programs.enter_context(process))


@dataclass(frozen=True, slots=True)
class Program:
    """A web program that was started."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes]"


@contextmanager
def opened() -> Iterator[House]:
    """A warehouse in a folder of its own, gone afterwards."""
    with TemporaryDirectory(prefix="benchmarks-") as folder, ExitStack() as stack:
        server = postgres.start(Path(folder))
        stack.callback(server.stop)
        migrate.upgrade(server.url(postgres.OWNER))
        engine = db.create_engine(server.url())
        stack.callback(engine.dispose)
        with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
            known = demo.load(work)
            premises_id = masterdata.premises_by_code(work.session, str(known["premises"])).id
            partner_id = masterdata.partner_by_code(work.session, DEPOSITOR).id
            skus = work.session.exec(
                select(Product.sku)
                .where(Product.partner_id == partner_id)
                .order_by(col(Product.sku))
            ).all()
            crew = [_clerk(work, premises_id, number) for number in range(CREW)]
        yield House(
            server=server,
            engine=engine,
            folder=Path(folder),
            api_key=str(known["api_key"]),
            partner=Actor(
                name=DEPOSITOR, role=Role.PARTNER, id=ids.new_id(), partner_id=partner_id
            ),
            premises=str(known["premises"]),
            premises_id=premises_id,
            skus=skus,
            crew=crew,
            programs=stack,
        )


def _clerk(work: Work, premises_id: UUID, number: int) -> Clerk:
    """A clerk who signed in just now; nobody knows a password, so none has to be hashed."""
    person = Person(
        username=f"clerk{number}",
        name_th=f"เสมียน {number}",
        name_en=f"Clerk {number}",
        role=Role.CLERK,
        password_hash="",
        premises_id=premises_id,
    )
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        token_hash=hashed(token),
        csrf_token=secrets.token_urlsafe(32),
        person_id=person.id,
        at=work.at,
        seen_at=work.at,
        ends_at=work.at + DAY_OF_WORK,
    )
    work.session.add(person)
    work.session.flush()
    work.session.add(sign_in)
    return Clerk(person.username, token, sign_in.csrf_token)


@contextmanager
def _process(
    command: Sequence[str], environment: dict[str, str], log: Path
) -> "Iterator[subprocess.Popen[bytes]]":
    """The module *command* at work until the block ends; it ends with us, however we end."""
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        ) as running,
    ):
        try:
            yield running
        finally:
            running.terminate()


def _await(program: Program, path: str) -> None:
    """Wait until *program* answers at *path*."""
    url = f"http://127.0.0.1:{program.port}/{path}"
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and program.process.poll() is None:
        try:
            if httpx2.get(url, timeout=2).is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise BenchmarkError(f"{url} does not answer. {program.log.read_text('utf-8')[-600:]}")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
