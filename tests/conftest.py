"""A real PostgreSQL for the tests: one server, one migrated template, a copy or a rollback each.

The server is the embedded one, unless WAREHOUSE_TEST_DATABASE_URL names a superuser of another.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import URL, Engine, make_url
from sqlmodel import Session

from tests import chromium as browsers
from warehouse import wiring
from warehouse.core import clock, db, migrate
from warehouse.core import postgres as embedded
from warehouse.core.work import Actor, Work

# How long an example takes decides nothing: the machine may be busy.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30

TESTER = Actor(name="tester", role="administrator")


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL of the tests, as its superuser sees it."""

    superuser: URL
    passwords: dict[str, str]

    def url(self, role: str, database: str) -> str:
        """The address of *database* for *role*."""
        url = self.superuser.set(username=role, password=self.passwords[role], database=database)
        return url.render_as_string(hide_password=False)

    def execute(self, statement: str, **names: str) -> None:
        """Run *statement* as the superuser, its braces filled with quoted names."""
        address = self.superuser.set(drivername="postgresql").render_as_string(hide_password=False)
        quoted = {key: sql.Identifier(name) for key, name in names.items()}
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(**quoted))


@dataclass(frozen=True, slots=True)
class Database:
    """Two addresses of one database: the application's, and that of the owner of its tables."""

    app_url: str
    owner_url: str


Copies = Callable[[], AbstractContextManager[Database]]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of this test run, with our roles."""
    given = os.environ.get("WAREHOUSE_TEST_DATABASE_URL")
    if given:
        yield _server(make_url(given))
        return
    with _folder(tmp_path_factory) as folder:
        server = embedded.start(folder)
        url = server.url(embedded.SUPERUSER, "postgres")
        yield Server(make_url(url), dict(server.passwords))
        server.stop()


@contextmanager
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the server lives: in memory, if there is room, since every database that a test drops
    waits for the disk otherwise.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        with TemporaryDirectory(prefix="warehouse-test-", dir=MEMORY) as folder:
            yield Path(folder)
    else:
        yield tmp_path_factory.mktemp("postgres")


def _server(superuser: URL) -> Server:
    """A server that is not ours: its roles are made, and their passwords set for this run."""
    passwords = {role: secrets.token_urlsafe(24) for role in (embedded.OWNER, embedded.APP)}
    address = superuser.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        embedded.create_missing(connection, passwords)
        for role, password in passwords.items():
            alter = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(alter.format(sql.Identifier(role), sql.Literal(password)))
    return Server(superuser.set(drivername="postgresql+psycopg"), passwords)


@pytest.fixture(scope="session")
def migrated_database(postgres: Server) -> Iterator[str]:
    """The name of a migrated database that nobody connects to: what the others are copied from."""
    name = f"test_{os.getpid()}"
    postgres.execute("CREATE DATABASE {name} OWNER {owner}", name=name, owner=embedded.OWNER)
    migrate.upgrade(postgres.url(embedded.OWNER, name))
    yield name
    postgres.execute("DROP DATABASE {name} WITH (FORCE)", name=name)


@pytest.fixture(scope="session")
def copies(postgres: Server, migrated_database: str) -> Copies:
    """Makes copies of the migrated database, each for one ``with`` block."""
    numbers = count(1)

    @contextmanager
    def copy() -> Iterator[Database]:
        name = f"{migrated_database}_{next(numbers)}"
        postgres.execute(
            "CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}",
            name=name,
            template=migrated_database,
            owner=embedded.OWNER,
        )
        yield Database(postgres.url(embedded.APP, name), postgres.url(embedded.OWNER, name))
        postgres.execute("DROP DATABASE {name} WITH (FORCE)", name=name)

    return copy


@pytest.fixture
def copied_database(copies: Copies) -> Iterator[Database]:
    """A database of the test's own, for programs that open it themselves."""
    with copies() as database:
        yield database


@pytest.fixture
def database(copied_database: Database) -> Iterator[Engine]:
    """The application's engine on a database of the test's own, for tests that commit."""
    engine = db.create_engine(copied_database.app_url, pool_size=20)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(copies: Copies) -> Iterator[Engine]:
    """The application's engine on the database that every rolled-back test shares."""
    with copies() as database:
        engine = db.create_engine(database.app_url)
        yield engine
        engine.dispose()


@pytest.fixture
def work(shared_engine: Engine) -> Iterator[Work]:
    """A unit of work that is rolled back, whatever the test commits in it."""
    with shared_engine.connect() as connection, connection.begin() as outer:
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield Work(session, TESTER, clock.now(), wiring.SUBSCRIBERS)
        outer.rollback()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is, for Playwright's *executable_path*."""
    found = browsers.find()
    assert found, browsers.HOW
    return found
