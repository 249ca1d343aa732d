"""Dated rows: a row may be added or ended, never rewritten; declarations were reckoned with it."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import InvalidOperation
from itertools import zip_longest
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import Session, select

from warehouse.core import ids
from warehouse.core.errors import WarehouseError
from warehouse.core.work import Work
from warehouse.masterdata.errors import RowDiffers, RowsOverlap, RowUnreadable

_DAY = timedelta(days=1)


class Dated(Protocol):
    """A row that holds from one day to another, both included; None is open."""

    id: UUID

    @property
    def valid_from(self) -> date:
        """The first day on which it holds."""
        ...

    @property
    def valid_to(self) -> date | None:
        """The last."""
        ...

    def model_dump(self, *, exclude: set[str] | None = ...) -> dict[str, object]:
        """Its columns."""
        ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True)
class Plan(Generic[D]):
    """What taking rows in would change.  With a problem, nothing is taken in."""

    added: list[tuple[D, date | None]] = field(default_factory=list)
    """New rows, each with the last day it is to have."""
    ended: list[tuple[D, date | None]] = field(default_factory=list)
    """Open rows of the table, each with the last day it is to have."""
    same: list[D] = field(default_factory=list)
    problems: list[tuple[D, WarehouseError]] = field(default_factory=list)


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
    lock(work, model)
    planned = plan(stored(work.session, model), rows, keys)
    for _, problem in planned.problems:
        raise problem
    carry_out(work, model, planned)
    return len(planned.added) + len(planned.ended)


def stored(session: Session, model: type[D]) -> Sequence[D]:
    """All rows of *model*."""
    return session.exec(select(model)).all()


def lock(work: Work, model: type[Dated]) -> None:
    """Let nobody else change *model* before this transaction ends."""
    work.session.flush()
    work.session.execute(text(f"LOCK TABLE {_table(model)} IN SHARE ROW EXCLUSIVE MODE"))


def plan(
    known: Iterable[D], rows: Iterable[D], keys: Sequence[str], *, closing: bool = False
) -> Plan[D]:
    """What taking *rows* in beside the *known* ones would change.

    *closing*: a row that begins while an open one holds ends that one the day before.
    """
    planned: Plan[D] = Plan()
    held: dict[tuple[object, ...], dict[date, D]] = defaultdict(dict)
    given: dict[tuple[object, ...], dict[date, D]] = defaultdict(dict)
    for row in known:
        held[_key(row, keys)][row.valid_from] = row
    for row in rows:
        key = _key(row, keys)
        twin = held[key].get(row.valid_from) or given[key].get(row.valid_from)
        if twin is not None and _content(twin) != _content(row):
            planned.problems.append((row, _said(RowDiffers, row, keys)))
        else:
            given[key][row.valid_from] = row
    for key, fresh in given.items():
        _plan_one(planned, held[key], fresh, keys, closing=closing)
    return planned


def carry_out(work: Work, model: type[D], planned: Plan[D]) -> None:
    """Write what was *planned*, however much it is; stored rows end before others begin."""
    assert not planned.problems, "what has problems is not taken in"
    if planned.ended:
        ends = [{"id": row.id, "valid_to": last} for row, last in planned.ended]
        work.session.execute(update(model), ends)
        for row, _ in planned.ended:
            work.session.expire(row)
    if planned.added:
        added = [_values(row, last) for row, last in planned.added]
        work.copy(_table(model), list(added[0]), (tuple(row.values()) for row in added))


def since(rows: Iterable[D], keys: Sequence[str], first_day: date) -> list[D]:
    """What *rows* say from *first_day* on: those over by then left out, those running cut.

    An open row ends the day before the next one of its *keys* begins.
    """
    groups: dict[tuple[object, ...], list[D]] = defaultdict(list)
    for row in rows:
        groups[_key(row, keys)].append(row)
    kept = []
    for group in groups.values():
        group.sort(key=lambda row: row.valid_from)
        for row, later in zip_longest(group, group[1:]):
            last = row.valid_to or (later.valid_from - _DAY if later else None)
            if last is None or last >= first_day:
                _cut(row, max(row.valid_from, first_day), last)
                kept.append(row)
    return kept


def _plan_one(
    planned: Plan[D],
    held: Mapping[date, D],
    given: Mapping[date, D],
    keys: Sequence[str],
    *,
    closing: bool,
) -> None:
    """Plan the rows *given* beside those *held*, all with equal *keys*, by their first day."""
    days = sorted({*held, *given})
    for first, following in zip_longest(days, days[1:]):
        row, known = given.get(first), held.get(first)
        last = (row.valid_to if row else None) or (known.valid_to if known else None)
        if closing and last is None and following:
            last = following - _DAY
        if following and (last is None or last >= following):
            if at_fault := given.get(following) or row:
                planned.problems.append((at_fault, _said(RowsOverlap, at_fault, keys)))
        elif row and not known:
            planned.added.append((row, last))
        elif known and known.valid_to is None and last:
            planned.ended.append((known, last))
        elif row and known and known.valid_to == last:
            planned.same.append(row)
        elif row:
            planned.problems.append((row, _said(RowDiffers, row, keys)))


def _cut(row: Dated, first: date, last: date | None) -> None:
    span = {"valid_from": first, "valid_to": last}
    for name, day in span.items():
        if getattr(row, name) != day:
            setattr(row, name, day)


def _key(row: Dated, keys: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in keys)


def _said(error: type[RowDiffers | RowsOverlap], row: Dated, keys: Sequence[str]) -> WarehouseError:
    key = " ".join(str(value) for value in _key(row, keys))
    return error(key=key, valid_from=row.valid_from)


def _content(row: Dated) -> dict[str, object]:
    """What *row* says, apart from its end, and from where it says it was found."""
    return row.model_dump(exclude={"id", "valid_to", "source"})


def _values(row: Dated, last: date | None) -> dict[str, object]:
    """The columns of *row*, with a key of its own and *last* as its last day."""
    values = {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in row.model_dump().items()
    }
    ends = {} if last == row.valid_to else {"valid_to": last}
    return {**values, "id": ids.new_id(), **ends}


def _table(model: type[Dated]) -> str:
    name: str = model.__table__.name  # type: ignore[attr-defined]
    return name
