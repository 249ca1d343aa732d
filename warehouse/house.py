"""What the commands typed at a terminal do with the whole house at hand."""

import json
import stat
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from warehouse import launch, wiring
from warehouse.core import db
from warehouse.core.work import SYSTEM, begin
from warehouse.customs.gateway import signing
from warehouse.launch import Program
from warehouse.operations import demo, imports, proofs
from warehouse.operations.imports import Taken
from warehouse.operations.proofs import Proof
from warehouse.settings import Settings

DEMO_FILE: Final = "demo.json"


def up(settings: Settings, *, demo: bool, out: Console) -> None:
    """Run everything until we are told to stop.

    Raises:
        LaunchError: it cannot run; the message says why.
    """
    launch.refuse_taken_port(settings.host, settings.port)
    embedded = settings.database_url is None
    with launch.database(settings) as running:
        launch.prepare(running)
        keys = _keys(settings)
        if demo:
            _load_demo(running, out)
        url = f"http://{settings.host}:{settings.port}"
        programs = _programs(running, keys)
        launch.run(
            programs,
            url,
            ready=partial(_greet, running, url, programs, out),
            watch=partial(launch.revive, running, out.print) if embedded else _let_be,
            say=out.print,
        )
    out.print("Stopped; everything is kept.")


def verify(settings: Settings, say: Callable[[str], None]) -> Sequence[Proof]:
    """Run every proof against the database of *settings*."""
    assert settings.database_url
    engine = db.create_engine(settings.database_url, pool_size=1)
    with Session(engine) as session:
        found = proofs.prove(session, say)
    engine.dispose()
    return found


def import_file(settings: Settings, file: Path, partner: str, say: Callable[[str], None]) -> Taken:
    """Take in *partner*'s consignment from *file*."""
    assert settings.database_url
    engine = db.create_engine(settings.database_url, pool_size=1)
    with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
        taken = imports.take_in(work, partner, file.name, file.read_bytes(), say)
    engine.dispose()
    return taken


def _let_be() -> None:
    """Watch nothing: a configured database is somebody else's."""


def _keys(settings: Settings) -> Path:
    """The folder with our key pair and customs'; made for rehearsal where there is none."""
    folder = settings.customs_keys or settings.data / "keys"
    for name in ("operator", "customs"):
        if not (folder / f"{name}.crt").exists():
            signing.make_pair(folder, name)
    return folder


def _load_demo(settings: Settings, out: Console) -> None:
    assert settings.database_url
    file = settings.data / DEMO_FILE
    engine = db.create_engine(settings.database_url, pool_size=1)
    with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
        if not demo.loaded(work.session):
            out.print("First run: loading reference and demo data …")
            _keep_secret(file, demo.load(work))
    engine.dispose()


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
    out.print(f"  API for partners    {url}/docs")
    out.print(f"  Customs simulator   {programs[0].environment['WAREHOUSE_CUSTOMS_URL']}")
    out.print(f"  Logs                {settings.data / 'logs'}")
    file = settings.data / DEMO_FILE
    if file.exists():
        known = json.loads(file.read_text("utf-8"))
        _keep_secret(file, {**known, "url": url})
        table = Table("Role", "User name", "Password", "Badge", "PIN", box=None, padding=(0, 2))
        for person in known["people"]:
            table.add_row(
                *(person.get(key, "") for key in ("role", "username", "password", "badge", "pin"))
            )
        out.print("\nDemo sign-ins", table, f"  Partner API key     {known['api_key']}", sep="\n")
        out.print("\nPlay the whole story beside this:  [bold]./scripts/run demo[/bold]")
    out.print("Stop with Ctrl-C.\n")
