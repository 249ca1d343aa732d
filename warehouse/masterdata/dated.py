"""Dated rows: a row may be added or ended, never rewritten; declarations were reckoned with it."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import InvalidOperation
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from warehouse.core.work import Work
from warehouse.masterdata.errors import RowDiffers, RowsOverlap, RowUnreadable


class Dated(Protocol):
    """A row that holds from one day to another, both included; None is open."""

    id: UUID
    valid_from: date
    valid_to: date | None

    def model_dump(self, *, exclude: set[str]) -> dict[str, object]:
        """Its columns."""
        ...


D = TypeVar("D", bound=Dated)


def read_rows(path: Path, read: Callable[[Mapping[str, str]], D]) -> list[D]:
    """What *read* makes of each row of the CSV file at *path* (UTF-8, a heading).

    Raises:
        RowUnreadable: a row lacks a column or holds what is no date or number.
    """
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                rows.append(read(row))
            except (KeyError, ValueError, InvalidOperation, TypeError) as failure:
                raise RowUnreadable(row=number, reason=str(failure)) from failure
    return rows


def ending(row: Mapping[str, str]) -> date | None:
    """The last day on which *row* holds; empty means open."""
    return date.fromisoformat(row["valid_to"]) if row["valid_to"] else None


def keep(work: Work, model: type[D], keys: Sequence[str], rows: Iterable[D]) -> int:
    """Add the *rows* that are new, end those that now have an end; return how many changed.

    Rows are told apart by *keys* and their first day.  The same rows again change nothing.

    Raises:
        RowDiffers: a row is there already and says something else.
        RowsOverlap: two rows with equal *keys* would hold on one day.
    """

    def key(row: D) -> tuple[object, ...]:
        return (*(getattr(row, name) for name in keys), row.valid_from)

    known = {key(row): row for row in work.session.exec(select(model))}
    added: list[D] = []
    ended = 0
    for row in rows:
        earlier = known.get(key(row))
        if earlier is None:
            added.append(row)
        elif _content(earlier) != _content(row):
            raise RowDiffers(key=_named(row, keys), valid_from=row.valid_from)
        elif earlier.valid_to != row.valid_to:
            earlier.valid_to = row.valid_to
            ended += 1
    work.session.flush()
    for row in added:
        _add(work, row, keys)
    return len(added) + ended


def _add(work: Work, row: D, keys: Sequence[str]) -> None:
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError as failure:
        raise RowsOverlap(key=_named(row, keys), valid_from=row.valid_from) from failure


def _content(row: D) -> dict[str, object]:
    return row.model_dump(exclude={"id", "valid_to"})


def _named(row: D, keys: Sequence[str]) -> str:
    return " ".join(str(getattr(row, name)) for name in keys)
