"""What is measured, how often, and what the figures say."""

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[1]


class BenchmarkError(Exception):
    """Something did not run, or did not do what was asked: there is no figure."""


@dataclass(frozen=True, slots=True)
class Target:
    """How good a figure has to be: *at_least*, or *at_most*; without either it is only told."""

    at_least: float | None = None
    at_most: float | None = None

    def met(self, figure: float) -> bool:
        """Whether *figure* is good enough."""
        if self.at_least is not None:
            return figure >= self.at_least
        return self.at_most is None or figure <= self.at_most

    def __str__(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "–" if self.at_most is None else f"≤ {self.at_most:g}"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do the work.  *run* does it once and returns its figure.

    *limit* names the variant that it is compared with; without one its own figure has the target.
    *unit* and *target* are the contest's, unless it has its own.
    """

    name: str
    run: Callable[[], float]
    limit: str | None = None
    unit: str | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """The same work done in several ways.  Variants that nobody has as limit are ours."""

    name: str
    unit: str
    target: Target
    variants: Sequence[Variant]

    @property
    def limits(self) -> set[str]:
        """The names of the variants that others are compared with."""
        return {each.limit for each in self.variants if each.limit}


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of several figures, and how far they lie apart."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        """The spread of *figures*."""
        return cls(median(figures), min(figures), max(figures))

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.least)}–{_short(self.most)})"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one variant of ours came to.  *ratio* is ours over limit, round by round."""

    contest: str
    variant: str
    unit: str
    ours: Spread
    limit_name: str | None
    limit: Spread | None
    ratio: Spread | None
    target: str
    met: bool


def interleaved(contest: Contest, rounds: int, step: Callable[[str], None]) -> list[Finding]:
    """Run every variant once a round, for *rounds* rounds, so that all share one weather.

    *step* is told the name of each variant before it runs.
    """
    figures: dict[str, list[float]] = {variant.name: [] for variant in contest.variants}
    for _ in range(rounds):
        for variant in contest.variants:
            step(variant.name)
            figures[variant.name].append(variant.run())
    return list(findings(contest, figures))


def findings(contest: Contest, figures: Mapping[str, Sequence[float]]) -> Iterator[Finding]:
    """What *figures*, by variant and in the order of the rounds, say of each variant of ours."""
    for variant in contest.variants:
        if variant.name in contest.limits:
            continue
        ours = figures[variant.name]
        limit = figures[variant.limit] if variant.limit else None
        ratio = Spread.of([a / b for a, b in zip(ours, limit, strict=True)]) if limit else None
        decisive = ratio or Spread.of(ours)
        target = variant.target or contest.target
        yield Finding(
            contest=contest.name,
            variant=variant.name,
            unit=variant.unit or contest.unit,
            ours=Spread.of(ours),
            limit_name=variant.limit,
            limit=Spread.of(limit) if limit else None,
            ratio=ratio,
            target=str(target),
            met=target.met(decisive.median),
        )


def as_json(found: Sequence[Finding], rounds: int) -> str:
    """*found* with the machine and the commit, for programs."""
    content = {**machine(), "rounds": rounds, "findings": [asdict(each) for each in found]}
    return json.dumps(content, ensure_ascii=False, indent=1)


def machine() -> dict[str, str | int]:
    """Where this runs: what a figure means nothing without."""
    return {
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "changed": len(_git("status", "--porcelain", "--", "warehouse", "benchmarks").splitlines()),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "python": platform.python_version(),
        "architecture": platform.machine(),
    }


def _git(*arguments: str) -> str:
    """What git says of this tree; nothing where it is no clone."""
    try:
        asked = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return asked.stdout.strip()


def _short(figure: float) -> str:
    """Three significant digits, or all that stand before the point."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
