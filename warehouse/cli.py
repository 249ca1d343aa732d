"""The one program people type: `warehouse`.

Each command loads only what it needs, so that the small tools answer at once.
"""

import json
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlalchemy.exc import SQLAlchemyError

from warehouse.access.vocabulary import Role
from warehouse.core.errors import WarehouseError
from warehouse.launch import LaunchError
from warehouse.settings import Settings

application = typer.Typer(
    name="warehouse",
    help="The system a Thailand Post bonded warehouse runs on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out: Final = Console(highlight=False, soft_wrap=True)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True)

Data = Annotated[Path | None, typer.Option(help="Folder of the embedded database, keys and logs.")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the web pages.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]


def main() -> None:
    """Run the command that was typed; what the world got wrong is one line and exit status 1."""
    try:
        application()
    except (LaunchError, WarehouseError) as failure:
        _fail(str(failure))
    except SQLAlchemyError as failure:
        reason = str(getattr(failure, "orig", failure)).strip()
        _fail(f"The database cannot be worked with: {reason.splitlines()[0]}")
    except OSError as failure:
        _fail(f"{failure.filename or 'The system'}: {failure.strerror or failure}.")


def _fail(sentence: str) -> NoReturn:
    err.print(f"warehouse: {sentence}", markup=False)
    sys.exit(1)


@application.command()
def up(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    demo: Annotated[bool, typer.Option(help="Load demo data on the first run.")] = True,  # noqa: FBT002
) -> None:
    """Run everything here: database, web, worker and customs simulator, until Ctrl-C."""
    from warehouse import house

    settings = _settings(port=port, host=host, data=data)
    house.up(settings, demo=demo, out=out)


@application.command()
def web(port: Port = None, host: Host = None, data: Data = None) -> None:
    """Run the web program alone."""
    import uvicorn

    from warehouse import launch
    from warehouse.app import create_app
    from warehouse.core import logs

    logs.configure()
    with launch.database(_settings(port=port, host=host, data=data)) as settings:
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings),
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=10,
            )
        )
        launch.stop_with_parent(lambda: setattr(server, "should_exit", True))
        server.run()


@application.command()
def worker(data: Data = None) -> None:
    """Run the background program alone."""
    from warehouse import launch
    from warehouse import worker as background
    from warehouse.core import logs

    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    launch.stop_with_parent(stop.set)
    with launch.database(_settings(data=data)) as settings:
        background.main(settings, stop)


@application.command()
def customs_simulator(
    keys: Annotated[
        Path,
        typer.Option(
            help="Folder with customs.key, customs.crt, operator.crt; and, for a filer with its"
            " own certificate, a folder of its profile with operator.crt."
        ),
    ],
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8001,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    journal: Annotated[Path | None, typer.Option(help="File that remembers every filing.")] = None,
    pace: Annotated[float, typer.Option(min=0, help="Seconds between customs' decisions.")] = 0.5,
    faults_token: Annotated[
        str | None, typer.Option(help="Whoever sends this may order faults.")
    ] = None,
) -> None:
    """Run a customs office to rehearse with: it checks, numbers, releases, and fails on demand."""
    import uvicorn

    from warehouse import launch
    from warehouse.core import logs
    from warehouse.customs.gateway.signing import load_filers_for_customs, load_keys
    from warehouse.customs.gateway.simulator import create_simulator

    logs.configure()
    office = create_simulator(
        keys=load_keys(keys / "customs.key", keys / "customs.crt", keys / "operator.crt"),
        filers=load_filers_for_customs(keys),
        state=journal,
        pace_seconds=pace,
        faults_token=faults_token,
    )
    server = uvicorn.Server(
        uvicorn.Config(office, host=host, port=port, log_config=None, access_log=False)
    )
    launch.stop_with_parent(lambda: setattr(server, "should_exit", True))
    server.run()


@application.command()
def migrate(data: Data = None) -> None:
    """Bring the database's schema to head."""
    from warehouse import launch

    with launch.database(_settings(data=data)) as settings:
        launch.prepare(settings)
    out.print("The schema is at head.")


@application.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    partner: Annotated[str, typer.Option(help="Code of the partner whose consignment it is.")],
    data: Data = None,
) -> None:
    """Take in a partner's consignment from a CSV or XLSX file: all of it, or nothing."""
    from warehouse import house, launch

    with launch.opened(_settings(data=data)) as settings, _progress() as say:
        taken = house.import_file(settings, file, partner, say)
    for found in (*taken.warnings, *taken.problems):
        place = f"row {found.row}, column {found.column}, value {found.value!r}"
        err.print(f"{file.name}: {place}: {found.text('en')}", markup=False)
    if taken.problems:
        raise LaunchError(f"Nothing was imported; to be corrected: {len(taken.problems)}.")
    out.print(f"Consignment {taken.number}{', imported before' if taken.again else ''}.")


@application.command()
def add_person(
    username: Annotated[str, typer.Argument(help="What they sign in with.")],
    role: Annotated[Role, typer.Option(help="What they are trusted with.")],
    name_th: Annotated[str, typer.Option(help="Their name in Thai.")],
    name_en: Annotated[str, typer.Option(help="Their name in English.")],
    premises: Annotated[str, typer.Option(help="Code of the premises where they work.")] = "",
    data: Data = None,
) -> None:
    """Let somebody sign in, with a password that is asked for."""
    from warehouse import house, launch

    with launch.opened(_settings(data=data)) as settings:
        house.add_person(
            settings,
            username=username,
            name_th=name_th,
            name_en=name_en,
            role=role,
            premises=premises,
            password=typer.prompt("Password", hide_input=True, confirmation_prompt=True),
        )
    out.print(f"{username} can sign in.", markup=False)


@application.command()
def verify(data: Data = None) -> None:
    """Add every ledger up again; exit status 1 on any difference."""
    from warehouse import house, launch

    with launch.opened(_settings(data=data)) as settings, _progress() as say:
        proofs = house.verify(settings, say)
    for proof in proofs:
        mark = "[green]✔[/green]" if proof.holds else "[red]✘[/red]"
        out.print(f"{mark} {proof.name} [dim]({proof.counted:,})[/dim]")
        for difference in proof.differences:
            out.print(f"    {difference}", markup=False)
    if not all(proof.holds for proof in proofs):
        err.print("[red]The books do not add up.[/red] Stop, and call whoever is responsible.")
        raise typer.Exit(1)


@application.command()
def demo(
    data: Data = None,
    url: Annotated[str | None, typer.Option(help="Where the warehouse runs.")] = None,
) -> None:
    """Play one consignment all the way through, on the warehouse that runs beside."""
    from warehouse import story

    story.play(_settings(data=data).data, url, out)
    out.print("\n[bold]The books[/bold]")
    verify(data)


@application.command()
def assess(
    file: Annotated[str, typer.Argument(help="A JSON file; - for standard input.")] = "",
    cif: Annotated[str | None, typer.Option(help="CIF value in baht.")] = None,
    duty: Annotated[str | None, typer.Option(help="Duty rate in per cent of the value.")] = None,
    excise: Annotated[str | None, typer.Option(help="Excise in per cent.")] = None,
    anti_dumping: Annotated[str | None, typer.Option(help="Anti-dumping in per cent.")] = None,
    vat: Annotated[str | None, typer.Option(help="VAT in per cent, if not the dated rate.")] = None,
    import_date: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
) -> None:
    """Reckon duty and tax, explained like a receipt (docs/assess.md)."""
    from warehouse.core import clock
    from warehouse.customs import assess as desk

    options = {
        "cif": cif,
        "duty": duty,
        "excise": excise,
        "anti_dumping": anti_dumping,
        "vat": vat,
        "import_date": import_date,
    }
    given = {name: value for name, value in options.items() if value is not None}
    try:
        request = desk.read(_bytes(file)) if file else desk.request_of(given)
        answers = desk.answers(request, clock.local_date(clock.now()))
        sys.stdout.writelines(desk.written(answers, indent=None if file else 1))
    except WarehouseError as refusal:
        sys.stdout.write(json.dumps(desk.error_of(refusal), ensure_ascii=False) + "\n")
        raise typer.Exit(1) from None


@application.command()
def identify(
    codes: Annotated[list[str] | None, typer.Argument(help="Codes; - for standard input.")] = None,
) -> None:
    """Say what scanned codes name: one JSON line for each (docs/identify.md)."""
    from warehouse.operations.floor import labels

    for code in _codes(codes or ["-"]):
        print(json.dumps(labels.identify_json(code)), flush=True)  # noqa: T201


def _codes(given: list[str]) -> Iterator[str]:
    for code in given:
        if code == "-":
            lines = sys.stdin.buffer
            yield from (line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in lines)
        else:
            yield code


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as failure:
        raise LaunchError(f"{file} cannot be read: {failure.strerror}") from failure


def _settings(**options: object) -> Settings:
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings().model_copy(update=given)
    except ValidationError as failure:
        wrong = failure.errors()[0]
        name = f"WAREHOUSE_{wrong['loc'][0]}".upper()
        raise LaunchError(f"{name} is {wrong['input']!r}: {wrong['msg']}.") from failure


class _progress:  # noqa: N801 (reads as a verb: with _progress() as say)
    """A spinner on standard error that says what is being done."""

    def __enter__(self) -> "_progress":
        self._shown = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        )
        self._shown.start()
        self._task = self._shown.add_task("…", total=None)
        return self

    def __call__(self, doing: str) -> None:
        self._shown.update(self._task, description=doing)

    def __exit__(self, *_: object) -> None:
        self._shown.stop()
