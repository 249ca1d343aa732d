"""Looking through the tables of reference data; changes nothing."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import Session, col, func, select

from warehouse.masterdata import queries
from warehouse.masterdata.dated import Dated
from warehouse.masterdata.models import Code
from warehouse.masterdata.tables import Table

ILLUSTRATIVE: Final = "replace by"
"""What the source of a row says that nobody may rely on."""

_CODES: Final = ("hs_code", "currency", "code", "privilege_code", "origin_country")
_WORDS: Final = ("description_th", "description_en", "name_th", "name_en", "authority_id")


def rows(
    session: Session, table: Table, sought: str, on: date | None, *, most: int
) -> Sequence[Dated]:
    """At most *most* rows of *table* that hold on the day *on*, or ever, in its order.

    *sought* begins one of their codes, or stands in one of their names.
    """
    order = [_column(table, name) for name in (*table.keys, "valid_from")]
    found = session.exec(
        select(table.model)
        .where(_of(table), _saying(table, sought), queries.holds(table.model, on) if on else true())
        .order_by(*order)
        .limit(most)
    )
    return found.all()


def counts(session: Session, table: Table) -> tuple[int, int]:
    """How many rows *table* has, and how many of them are illustrative."""
    illustrative = _column(table, "source").contains(ILLUSTRATIVE)
    counted = select(func.count(), func.count().filter(illustrative))
    return session.exec(counted.select_from(table.model).where(_of(table))).one()


def _of(table: Table) -> ColumnElement[bool]:
    """Of the code tables, which share one model, only this one."""
    return col(Code.code_list) == table.name if table.model is Code else true()


def _saying(table: Table, sought: str) -> ColumnElement[bool]:
    begins = [
        _column(table, name).istartswith(sought, autoescape=True)
        for name in _CODES
        if name in table.columns
    ]
    holds = [
        _column(table, name).icontains(sought, autoescape=True)
        for name in _WORDS
        if name in table.columns
    ]
    return or_(*begins, *holds) if sought else true()


def _column(table: Table, name: str) -> Any:  # noqa: ANN401 (whatever the table has there)
    return getattr(table.model, name)
