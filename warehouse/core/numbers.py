"""The numbers people read, say and print.

Most come from a PostgreSQL sequence: unique, cheap, with gaps.  A gapless series is kept only for
the papers that the law numbers and for release notes; its row stays locked to the commit, so it
is taken last.
"""

from typing import Annotated, Final

import sqlalchemy as sa
from pydantic import StringConstraints
from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel

from warehouse.core import db, ids
from warehouse.core.work import Work

Number = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]
"""A number that somebody asks for: none is longer, and PostgreSQL takes no NUL."""

PREFIXES: Final = (
    "LOT", "CON", "ORD", "SHP", "TSK", "REF", "DIS", "CNT", "DSP", "HDL", "WAV", "MAN", "RTN",
    "COL",
)  # fmt: skip
SEQUENCES: Final = {
    prefix: sa.Sequence(f"{prefix.lower()}_number", metadata=SQLModel.metadata)
    for prefix in PREFIXES
}


class NumberSeries(db.Table, table=True):
    """The last number given out of a gapless series."""

    __table_args__ = (UniqueConstraint("prefix", "year"),)

    prefix: str = Field(max_length=8)
    year: int
    last: int


def running(work: Work, prefix: str) -> int:
    """The next value of *prefix*'s sequence."""
    value: int = work.session.execute(sa.select(SEQUENCES[prefix].next_value())).scalar_one()
    return value


def next_number(work: Work, prefix: str) -> str:
    """A new number such as LOT-2026-000123; gaps are allowed."""
    return f"{prefix}-{work.today.year}-{running(work, prefix):06}"


def next_gapless(work: Work, prefix: str) -> str:
    """A new number such as REL-2026-000123 with no gap before it.  Take it last."""
    first = insert(NumberSeries).values(
        id=ids.new_id(), prefix=prefix, year=work.today.year, last=1
    )
    last: int = work.session.execute(
        first.on_conflict_do_update(
            index_elements=["prefix", "year"],
            set_={"last": sa.literal_column("number_series.last + 1")},
        ).returning(sa.literal_column("number_series.last", sa.Integer))
    ).scalar_one()
    return f"{prefix}-{work.today.year}-{last:06}"
