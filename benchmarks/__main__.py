"""``python -m benchmarks``: measure, and print what came of it."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks import (
    assessing,
    declaring,
    filing,
    growth,
    hot_spot,
    house,
    importing,
    looking_up,
    measure,
    mixed,
    printing,
    scanning,
    waiting,
)
from benchmarks.house import House
from benchmarks.measure import BenchmarkError, Contest, Finding, Spread
from warehouse.core import logs


class Name(StrEnum):
    """What can be measured."""

    SCAN = "scan"
    REPLAY = "replay"
    FLOOR = "floor"
    HOTSPOT = "hotspot"
    GROWTH = "growth"
    STATUS = "status"
    IMPORT = "import"
    LABELS = "labels"
    DECLARATIONS = "declarations"
    FILING = "filing"
    DECLARE = "declare"
    ASSESS = "assess"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done in one round.  *turns*: requests of each client."""

    scan_turns: int = 100
    waiting_scans: int = 500
    floor_turns: int = 1
    hot_turns: int = 5
    growth_parcels: int = 50
    movements: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    status_turns: int = 250
    shipments: int = 500
    import_lines: int = 10_000
    labels: int = 1_000
    declarations: int = 100
    filings: int = 2_000
    declared_lines: int = 9_999
    assessed_lines: int = 10_000


FULL: Final = Size()

_CONTESTS: Final[Mapping[Name, Callable[[House, Size, int], Contest]]] = {
    Name.SCAN: lambda house, size, rounds: scanning.contest(
        house, turns=size.scan_turns, rounds=rounds
    ),
    Name.REPLAY: lambda house, size, rounds: waiting.contest(
        house, turns=size.scan_turns, waiting=size.waiting_scans, rounds=rounds
    ),
    Name.FLOOR: lambda house, size, rounds: mixed.contest(
        house, turns=size.floor_turns, rounds=rounds
    ),
    Name.HOTSPOT: lambda house, size, rounds: hot_spot.contest(
        house, turns=size.hot_turns, rounds=rounds
    ),
    Name.GROWTH: lambda house, size, rounds: growth.contest(
        house, size.movements, parcels=size.growth_parcels, rounds=rounds
    ),
    Name.STATUS: lambda house, size, _: looking_up.contest(
        house, turns=size.status_turns, shipments=size.shipments
    ),
    Name.IMPORT: lambda house, size, _: importing.contest(house, lines=size.import_lines),
    Name.LABELS: lambda _, size, __: printing.labels(amount=size.labels),
    Name.DECLARE: lambda house, size, _: declaring.contest(house, lines=size.declared_lines),
    Name.FILING: lambda house, size, rounds: filing.contest(
        house, amount=size.filings, rounds=rounds
    ),
    Name.DECLARATIONS: lambda house, size, _: printing.declarations(
        house, amount=size.declarations, lines=size.declared_lines
    ),
    Name.ASSESS: lambda _, size, __: assessing.contest(lines=size.assessed_lines),
}


def measured(
    names: Sequence[Name], rounds: int, size: Size, say: Callable[[str], None]
) -> Iterator[Finding]:
    """Measure each of *names*, one after the other, in one warehouse."""
    with house.opened() as opened:
        for name in names:
            say(f"{name}: preparing")
            contest = _CONTESTS[name](opened, size, rounds)
            yield from measure.interleaved(contest, rounds, partial(_tell, say, name))


def _tell(say: Callable[[str], None], name: Name, variant: str) -> None:
    say(f"{name}: {variant}")


def table(found: Sequence[Finding]) -> Table:
    """*found* for people: medians, and in brackets the least and the most."""
    shown = Table("What", "Ours", "Limit", "Ratio", "Target", box=box.SIMPLE, padding=(0, 1))
    for each in found:
        compared = f" / {each.limit_name}" if each.limit_name else ""
        sign = "[green]✔[/green]" if each.met else "[red]✘[/red]"
        shown.add_row(
            f"[bold]{each.contest}[/bold], {each.unit}\n{each.variant}{compared}",
            _on_two_lines(each.ours),
            _on_two_lines(each.limit),
            _on_two_lines(each.ratio),
            f"{each.target} {sign}",
        )
    return shown


def _on_two_lines(spread: Spread | None) -> str:
    return str(spread).replace(" (", "\n(") if spread else ""


def main(
    only: Annotated[list[Name] | None, typer.Option(help="Measure this; may be repeated.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 5,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here as well.")
    ] = None,
) -> None:
    """Measure the hot paths, each next to its limit; a missed target is marked with a cross.

    Exit status 1: something did not run, or an answer was wrong.
    """
    logs.configure(logging.ERROR)
    out = Console()
    words = TextColumn("{task.description}")
    found: list[Finding] = []
    try:
        with Progress(
            BarColumn(), words, TimeElapsedColumn(), console=out, refresh_per_second=2
        ) as bar:
            task = bar.add_task("", total=None)

            def say(text: str) -> None:
                bar.update(task, description=text)

            found.extend(measured(only or list(Name), rounds, FULL, say))
    except BenchmarkError as failure:
        out.print(f"[red]{failure}[/red]")
        raise typer.Exit(1) from failure
    about = measure.machine()
    out.print(table(found))
    out.print(
        f"{rounds} rounds, {house.CLIENTS} clients; commit {about['commit']}"
        f"{' with changes' if about['changed'] else ''}; {about['cores']} cores,"
        f" {about['memory_gb']} GB, {about['architecture']}, Python {about['python']}"
    )
    if json_file:
        json_file.write_text(measure.as_json(found, rounds), "utf-8")


if __name__ == "__main__":
    typer.run(main)
