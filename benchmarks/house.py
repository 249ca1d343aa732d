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
from sqlmodel import col, select

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
from warehouse.operations import demo

CLIENTS: Final = 16
DEPOSITOR: Final = "ALB"
READY_SECONDS: Final = 60


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
    clerks: Sequence[Clerk]
    programs: ExitStack
    ports: dict[str, list[int]] = field(default_factory=dict)

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
        with psycopg.connect(_plain(self.server.url(postgres.SUPERUSER)), autocommit=True) as root:
            root.execute("VACUUM ANALYZE")
            root.execute("CHECKPOINT")

    def web(self, processes: int) -> list[int]:
        """The ports of so many web programs of ours, each run by ``warehouse web``."""
        return self._served(("warehouse", "web", "--port"), "livez", processes)

    def bare(self, processes: int) -> list[int]:
        """The ports of so many programs that have nothing but a bare route."""
        return self._served(("benchmarks.bare",), "ready", processes)

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
            clerks = [_clerk(work, premises_id, number) for number in range(CLIENTS)]
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
            clerks=clerks,
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
