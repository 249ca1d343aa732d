"""The long proofs, by hand or at night: `python scripts/soak.py --help` lists them.

Each starts a PostgreSQL of its own in a folder that is thrown away, says what it found, and adds a
line to docs/proofs.md.  It exits with 1 when anything was wrong.
"""

import logging
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, MutableSequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import Array
from pathlib import Path
from random import Random
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import text
from sqlmodel import Session

ROOT: Final = Path(__file__).parents[1]
PROOFS: Final = ROOT / "docs" / "proofs.md"
PLAYS_A_PROOF: Final = 50
STATISTICS_SECONDS: Final = 2  # so long after its last work a session may still keep its counts

sys.path.insert(0, str(ROOT))
from benchmarks import measure  # noqa: E402
from tests.endurance import checks, nights, races  # noqa: E402
from tests.endurance import crashes as crashing  # noqa: E402
from tests.endurance import declarations as filings  # noqa: E402
from tests.endurance import floor as floors  # noqa: E402
from tests.endurance import orders as answering  # noqa: E402
from tests.endurance.declarations_judged import Outcome  # noqa: E402
from tests.endurance.floor import Floor  # noqa: E402
from tests.endurance.scenarios import SCENARIOS  # noqa: E402
from tests.endurance.trap import Way  # noqa: E402
from warehouse.core import clock, db, logs, migrate, postgres  # noqa: E402
from warehouse.core.work import SYSTEM, Work  # noqa: E402

_over: MutableSequence[int]

app = typer.Typer(add_completion=False, help=__doc__)
out = Console()

Only = Annotated[str, typer.Option(help="Scenarios, or pairs, with this in their names.")]
Seed = Annotated[int | None, typer.Option(help="The order of everything; else one is drawn.")]
Keep = Annotated[bool, typer.Option(help="Add a line to docs/proofs.md.")]


@app.command()
def crashes(*, only: Only = "", seed: Seed = None, keep: Keep = True) -> None:
    """Fail at every statement, commit and reply of every scenario, in every way."""
    seed = _drawn(seed)
    began = time.monotonic()
    points: Counter[Way] = Counter()
    failures: list[str] = []
    chosen = [scenario for scenario in SCENARIOS if only in scenario.name]
    for scenario in chosen:
        with _floor() as floor, _progress() as progress:
            known = crashing.undisturbed(floor, scenario)
            plans = crashing.plans(known, tuple(Way), Random(seed))
            for number, plan in enumerate(progress.track(plans, description=scenario.name)):
                crashed = crashing.play(floor, scenario, plan, known)
                points += crashed.points
                if number % PLAYS_A_PROOF == 0:
                    crashed.failures += checks.unproved(floor.engine)
                if crashed.failures:
                    failures += [f"{scenario.name}: {crashed.places}", *crashed.failures]
            failures += checks.unproved(floor.engine)
    ways = ", ".join(f"{points[way]:,} {way}" for way in Way)
    counts = f"{len(chosen)} scenarios, {points.total():,} points ({ways})"
    _report("crashes", seed, counts, began, failures, keep=keep)


@app.command()
def hammer(*, rounds: int = 3, only: Only = "", seed: Seed = None, keep: Keep = True) -> None:
    """Race every pair of commands on the same goods."""
    seed = _drawn(seed)
    began = time.monotonic()
    tried = done = 0
    failures: list[str] = []
    names = {pair: f"{pair[0].name} and {pair[1].name}" for pair in races.PAIRS}
    pairs = [pair for pair in races.PAIRS if only in names[pair]] * rounds
    Random(seed).shuffle(pairs)
    with _floor() as floor, _progress() as progress:
        for pair in progress.track(pairs, description="pairs"):
            raced = races.race(floor, *pair)
            tried += raced.said.total()
            done += sum(times for said, times in raced.said.items() if ": good" in said)
            failures += [f"{names[pair]}: {failure}" for failure in raced.failures]
        deadlocks = _deadlocks(floor)
    if deadlocks:
        failures.append(f"{deadlocks} deadlocks")
    counts = (
        f"{len(set(pairs))} of {len(races.PAIRS)} pairs × {rounds}, {tried:,} acts at once"
        f" ({done:,} done, {tried - done:,} refused), {deadlocks} deadlocks"
    )
    _report("hammer", seed, counts, began, failures, keep=keep)


@app.command()
def declarations(
    *, count: int = 20_000, shards: int = 2, seed: Seed = None, keep: Keep = True
) -> None:
    """File declarations through every fault of the simulator, and 48 hours without customs.

    Each shard is a process with a database and a customs office of its own.
    """
    seed = _drawn(seed)
    began = time.monotonic()
    over = Array("Q", shards)
    with (
        _progress() as progress,
        ProcessPoolExecutor(shards, initializer=_report_to, initargs=(over,)) as processes,
    ):
        task = progress.add_task("declarations", total=count)
        running = [
            processes.submit(_filed, count // shards, seed, shard) for shard in range(shards)
        ]
        while wait(running, timeout=1).not_done:
            progress.update(task, completed=sum(over))
        outcomes = [each.result() for each in running]
    total: Counter[str] = sum((outcome.counts for outcome in outcomes), Counter())
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    counted = ", ".join(f"{times:,} {what}" for what, times in sorted(total.items()))
    counts = f"{counted}; {shards} shards, 48 h without customs each"
    _report("declarations", seed, counts, began, failures, keep=keep)


@app.command()
def orders(*, keep: Keep = True) -> None:
    """Let each order of six answers of customs arrive, and compare where they end."""
    began = time.monotonic()
    failures: list[str] = []
    with _url() as url, out.status("720 orders"), Session(db.create_engine(url)) as session:
        work = Work(session, SYSTEM, clock.now(), {})
        declaration = answering.a_release_of_two_lines(work)
        letters = answering.letters_of(work, declaration, answering.OF_A_RELEASE)
        ends = Counter(answering.every_end(work, declaration, letters))
    if len(ends) != 1:
        failures.append(f"{len(ends)} ends")
    counts = f"{ends.total()} orders of {len(letters)} answers, {len(ends)} end"
    _report("orders", None, counts, began, failures, keep=keep)


@app.command()
def night(*, parcels: int = 1_790, of_a_part: int = 200, keep: Keep = True) -> None:
    """File a night's parcels with four programs, of which one is killed."""
    began = time.monotonic()
    with _url() as url, out.status(f"{parcels:,} parcels"):
        failures = nights.filed(url, parcels=parcels, of_a_part=of_a_part)
    counts = f"{parcels:,} parcels, {of_a_part} in a declaration, {nights.PROGRAMS} programs"
    _report("night", None, counts, began, failures, keep=keep)


def _report_to(over: MutableSequence[int]) -> None:
    """In a shard's process: where it counts the declarations that are over."""
    global _over  # noqa: PLW0603 (a shared array reaches a process only when it is started)
    _over = over


def _filed(count: int, seed: int, shard: int) -> Outcome:
    logs.configure(logging.ERROR)

    def tick(over: int) -> None:
        _over[shard] = over

    with _url() as url:
        engine = db.create_engine(url, pool_size=10)
        with filings.campaign(engine, count=count, seed=seed + shard, tick=tick) as day:
            return filings.fight(day)


def _drawn(seed: int | None) -> int:
    """The seed: printed first, so that what fails can be played again."""
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    out.print(f"seed {seed}")
    return seed


@contextmanager
def _server(folder: Path) -> Iterator[postgres.Embedded]:
    """A server of this proof's own, with empty tables."""
    server = postgres.start(folder)
    try:
        migrate.upgrade(server.url(postgres.OWNER))
        yield server
    finally:
        server.stop()


@contextmanager
def _floor() -> Iterator[Floor]:
    with (
        _folder() as folder,
        _server(folder) as server,
        floors.crashable(server.url(), folder) as floor,
    ):
        yield floor


@contextmanager
def _url() -> Iterator[str]:
    with _folder() as folder, _server(folder) as server:
        yield server.url()


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        yield Path(name)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=out,
    )


def _deadlocks(floor: Floor) -> int:
    """How many deadlocks the server has counted."""
    time.sleep(STATISTICS_SECONDS)
    asked = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with floor.engine.connect() as connection:
        return int(connection.execute(asked).scalar_one())


def _report(
    proof: str, seed: int | None, counts: str, began: float, failures: list[str], *, keep: bool
) -> None:
    """Print what came of it, keep the line, and exit with 1 if anything was wrong."""
    machine = measure.machine()
    commit = f"{machine['commit']}{' with changes' if machine['changed'] else ''}"
    verdict = f"**{len(failures)} failures**" if failures else "all green"
    took = f"{time.monotonic() - began:,.0f} s"
    day = clock.local_date(clock.now())
    order = "–" if seed is None else seed
    line = f"| {day} | {proof} | {order} | {commit} | {counts} | {took} | {verdict} |"
    for failure in failures:
        out.print(f"[red]{escape(failure)}[/red]")
    out.print(line, soft_wrap=True)
    if keep:
        with PROOFS.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    raise typer.Exit(bool(failures))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped too
    app()
