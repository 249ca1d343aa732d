"""Whatever is done on the floor, in whatever order, the stock book is right after every step.

Two clerks of one hall and one of another scan, with their dialogues interleaved; the desk acts
between; time passes.  `stock_book` and `scan_effects` keep the truth in plain Python; the database
is held against it after every step, and the proofs of ``warehouse verify`` at the end.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, make_url

from tests.conftest import Server
from tests.properties.floor_machine import Reader
from tests.properties.floor_tasks import Tasks
from tests.properties.hall import furnish
from warehouse.core import db, migrate
from warehouse.core import postgres as embedded

_UNHURRIED: Final = "options=-csynchronous_commit%3Doff"
"""Nobody pulls the plug on these databases."""


@contextmanager
def on_databases_of(server: Server, migrated: str) -> Iterator[type[Tasks]]:
    """The machine; each history has a database of its own, furnished alike."""
    template = f"{migrated}_floor"
    numbers = count(1)

    def create(name: str, source: str) -> None:
        server.execute(
            "CREATE DATABASE {name} TEMPLATE {source} OWNER {owner}",
            name=name,
            source=source,
            owner=embedded.OWNER,
        )

    @contextmanager
    def engine(name: str) -> Iterator[Engine]:
        opened = db.create_engine(f"{server.url(embedded.APP, name)}?{_UNHURRIED}")
        yield opened
        opened.dispose()

    @contextmanager
    def fresh() -> Iterator[tuple[Engine, Reader]]:
        name = f"{template}_{next(numbers)}"
        create(name, template)
        address = server.url(embedded.APP, name).replace("+psycopg", "")
        with engine(name) as opened, psycopg.connect(address, autocommit=True) as reader:
            yield opened, reader
        server.execute("DROP DATABASE {name} WITH (FORCE)", name=name)

    class OnFreshDatabases(Tasks):
        open_database = staticmethod(fresh)

    create(template, migrated)
    with engine(template) as opened:
        OnFreshDatabases.company = furnish(opened)
    yield OnFreshDatabases
    server.execute("DROP DATABASE {name} WITH (FORCE)", name=template)


def _as_long_as(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def run(examples: int, steps: int, first: int) -> None:
    """Play *examples* histories of *steps* each, drawn from seed *first*, on a server of their own.

    Raises:
        AssertionError: the program did not do as the book says; the shortest history that shows it
            is printed.
    """
    with tempfile.TemporaryDirectory(prefix="floor-") as name:
        own = embedded.start(Path(name))
        try:
            migrate.upgrade(own.url(embedded.OWNER))
            superuser = make_url(own.url(embedded.SUPERUSER, "postgres"))
            server = Server(superuser, dict(own.passwords))
            with on_databases_of(server, embedded.DATABASE) as machine:
                seed(first)(machine)
                run_state_machine_as_test(machine, settings=_as_long_as(examples, steps))
        finally:
            own.stop()


def test_any_history_of_the_floor_leaves_the_book_right(
    postgres: Server, migrated_database: str
) -> None:
    examples = int(os.environ.get("FLOOR_EXAMPLES", "10"))
    steps = int(os.environ.get("FLOOR_STEPS", "60"))
    with on_databases_of(postgres, migrated_database) as machine:
        run_state_machine_as_test(machine, settings=_as_long_as(examples, steps))
