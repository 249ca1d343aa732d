"""What the commands typed at a terminal do with the whole house at hand.

A second start waits for what it imports more than for anything else: so each function loads what
it alone needs.
"""

import json
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import NullPool, create_engine, text

from warehouse import launch
from warehouse.launch import LaunchError, Program
from warehouse.settings import Settings

if TYPE_CHECKING:
    from warehouse.access.vocabulary import Role
    from warehouse.core.work import Work
    from warehouse.operations.intake.imports import Taken
    from warehouse.operations.proofs import Proof

DEMO_FILE: Final = "demo.json"


def up(settings: Settings, *, demo: bool, out: Console) -> None:
    """Run everything until we are told to stop.

    Raises:
        LaunchError: it cannot run; the message says why.
    """
    stop = launch.stop_on_signal()
    try:
        _keep_house(settings, stop, demo=demo, out=out)
    except LaunchError:
        if not stop.is_set():  # else Ctrl-C broke off what was being started
            raise
    out.print("Stopped; everything is kept.")


def _keep_house(settings: Settings, stop: threading.Event, *, demo: bool, out: Console) -> None:
    launch.refuse_taken_port(settings.host, settings.port)
    embedded = settings.database_url is None
    with launch.database(settings) as running, launch.alone(settings.data):
        for step in (launch.prepare, partial(_furnish, demo=demo, out=out)):
            if stop.is_set():
                return
            step(running)
        url = f"http://{settings.host}:{settings.port}"
        programs = _programs(running, _keys(settings))
        launch.run(
            programs,
            url,
            stop=stop,
            ready=partial(_greet, running, url, programs, out),
            watch=partial(launch.revive, running, out.print) if embedded else _let_be,
            say=out.print,
        )


def verify(settings: Settings, say: Callable[[str], None]) -> "Sequence[Proof]":
    """Run every proof against the database of *settings*."""
    from sqlmodel import Session

    from warehouse.core import db
    from warehouse.operations import proofs

    assert settings.database_url
    engine = db.create_engine(settings.database_url, pool_size=1)
    with Session(engine) as session:
        found = proofs.prove(session, say)
    engine.dispose()
    return found


def import_file(
    settings: Settings, file: Path, partner: str, say: Callable[[str], None]
) -> "Taken":
    """Take in *partner*'s consignment from *file*."""
    from warehouse.operations.intake import imports

    with _work(settings) as work:
        return imports.take_in(work, partner, file.name, file.read_bytes(), say)


def add_person(
    settings: Settings,
    *,
    username: str,
    name_th: str,
    name_en: str,
    role: "Role",
    premises: str,
    password: str,
) -> None:
    """Let somebody sign in; *premises* is the code of where they work, empty for nowhere.

    Raises:
        LaunchError: somebody else has this user name.
        WeakPassword: *password* is too short.
        PremisesNotFound: there are no such premises.
    """
    from warehouse.access import commands, queries
    from warehouse.masterdata.queries import premises_by_code

    with _work(settings) as work:
        if queries.person_by_username(work.session, username):
            raise LaunchError(f"Somebody signs in as {username} already.")
        commands.add_person(
            work,
            username=username,
            name_th=name_th,
            name_en=name_en,
            role=role,
            password=password,
            premises_id=premises_by_code(work.session, premises).id if premises else None,
        )


@contextmanager
def _work(settings: Settings) -> "Iterator[Work]":
    """One transaction of the system's own."""
    from warehouse import wiring
    from warehouse.core import db
    from warehouse.core.work import SYSTEM, begin

    assert settings.database_url
    engine = db.create_engine(settings.database_url, pool_size=1)
    with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
        yield work
    engine.dispose()


def _let_be() -> None:
    """Watch nothing: a configured database is somebody else's."""


def _keys(settings: Settings) -> Path:
    """The folder with our key pair and customs'; made for rehearsal where there is none."""
    folder = settings.customs_keys or settings.data / "keys"
    for name in ("operator", "customs"):
        if not (folder / f"{name}.crt").exists():
            from warehouse.customs.gateway import signing

            signing.make_pair(folder, name)
    return folder


def _furnish(settings: Settings, *, demo: bool, out: Console) -> None:
    """Load reference data into a new warehouse, and, if asked, a *demo* to play with."""
    if demo and _is_empty(settings, "premises"):
        from warehouse.operations.demo import load

        out.print("First run: loading reference and demo data …")
        with _work(settings) as work:
            _keep_secret(settings.data / DEMO_FILE, load(work))
    elif _is_empty(settings, "restriction"):  # a new house, or one of an older release
        from warehouse.customs.commands import load_policy
        from warehouse.inventory import floor_policy
        from warehouse.masterdata.commands import load_reference

        out.print("Loading the reference data of this release …")
        with _work(settings) as work:
            load_reference(work)
            load_policy(work)
            floor_policy.load(work)


def _is_empty(settings: Settings, table: str) -> bool:
    assert settings.database_url
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT FROM {table} LIMIT 1"))
        return found.first() is None


def _keep_secret(file: Path, content: object) -> None:
    """Write *content* as JSON that only we may read; whole, or not at all."""
    draft = file.with_suffix(".draft")
    draft.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(file)


def _programs(settings: Settings, keys: Path) -> list[Program]:
    customs_port = launch.free_port("127.0.0.1")
    logs = settings.data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    journal = settings.data / "customs" / "journal.jsonl"
    journal.parent.mkdir(parents=True, exist_ok=True)
    shared = {
        "WAREHOUSE_DATA": str(settings.data.resolve()),
        "WAREHOUSE_DATABASE_URL": str(settings.database_url),
        "WAREHOUSE_HOST": settings.host,
        "WAREHOUSE_PORT": str(settings.port),
        "WAREHOUSE_CUSTOMS_URL": settings.customs_url or f"http://127.0.0.1:{customs_port}",
        "WAREHOUSE_CUSTOMS_KEYS": str(keys.resolve()),
    }
    office = (
        "customs-simulator", "--port", str(customs_port), "--keys", str(keys.resolve()),
        "--journal", str(journal.resolve()),
    )  # fmt: skip
    programs = [
        Program("web", ("web",), shared, logs / "web.log"),
        Program("worker", ("worker",), shared, logs / "worker.log"),
    ]
    if not settings.customs_url:
        programs.append(Program("customs simulator", office, shared, logs / "customs.log"))
    return programs


def _greet(settings: Settings, url: str, programs: Sequence[Program], out: Console) -> None:
    """Print where to look and how to sign in."""
    out.print(f"\n[bold]คลังสินค้าทัณฑ์บน · Bonded warehouse[/bold]   {url}")
    out.print(f"  API for partners    {url}/api/v1/openapi.json")
    out.print(f"  Customs simulator   {programs[0].environment['WAREHOUSE_CUSTOMS_URL']}")
    out.print(f"  Logs                {escape(str(settings.data / 'logs'))}")
    file = settings.data / DEMO_FILE
    if file.exists():
        known = json.loads(file.read_text("utf-8"))
        _keep_secret(file, {**known, "url": url})
        table = Table("Role", "User name", "Password", "Badge", "PIN", box=None, padding=(0, 2))
        for person in known["people"]:
            table.add_row(
                *(person.get(key, "") for key in ("role", "username", "password", "badge", "pin"))
            )
        out.print("\nDemo sign-ins", table, sep="\n")
        out.print(f"  Partner API key  {known['api_key']}")
        out.print("\nPlay the whole story beside this:  [bold]./scripts/run demo[/bold]")
    elif _is_empty(settings, "person"):
        out.print("\nNobody can sign in yet: see [bold]./scripts/run add-person --help[/bold]")
    out.print("Stop with Ctrl-C.\n")
