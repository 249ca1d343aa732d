"""Load the reference tables that ship with the program."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from sqlmodel import select

from warehouse.core import sheets
from warehouse.core.work import Work
from warehouse.masterdata import dated
from warehouse.masterdata.dated import Dated
from warehouse.masterdata.errors import RowUnreadable
from warehouse.masterdata.models import ReferenceUpload
from warehouse.masterdata.official import TABLES
from warehouse.masterdata.vocabulary import UploadState

REFERENCE: Final = Path(__file__).parent / "reference"
"""A CSV file for every table; its rows say themselves that they are illustrative."""


def load_reference(work: Work) -> int:
    """Take in the tables that ship with the program; return how many rows changed.

    A table that people took a file into is theirs, and stays as it is.
    """
    theirs = work.session.exec(
        select(ReferenceUpload.table_name).where(ReferenceUpload.state == UploadState.TAKEN_IN)
    )
    return sum(load(work, name) for name in TABLES.keys() - set(theirs))


def load(work: Work, name: str, path: Path | None = None) -> int:
    """Take in the table *name* from the CSV file at *path*; return how many rows changed.

    Without *path* it is the file that ships with the program.

    Raises:
        RowUnreadable: a row cannot be read.
        RowDiffers: a row is there already and says something else from the same day.
        RowsOverlap: two rows would hold on one day.
    """
    table = TABLES[name]
    rows = _rows(name, path) if path else _shipped(name)
    return dated.keep(work, table.model, table.keys, rows)


@cache
def _shipped(name: str) -> Sequence[Dated]:
    return _rows(name, REFERENCE / f"{name.replace('-', '_')}.csv")


def _rows(name: str, path: Path) -> Sequence[Dated]:
    read, problems = TABLES[name].rows(sheets.read_all(path.read_bytes()), source="")
    for problem in problems:
        raise RowUnreadable(row=problem.row, reason=problem.text("en"))
    return [row for _, row in read]
