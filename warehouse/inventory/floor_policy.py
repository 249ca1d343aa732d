"""The dated rules of the floor: tolerances, clocks and what a partner allows."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, or_, select

from warehouse.core.work import Work
from warehouse.inventory.errors import NoFloorPolicy
from warehouse.inventory.models import FloorPolicy
from warehouse.inventory.vocabulary import FloorRule
from warehouse.masterdata import dated

FLOOR_POLICY_CSV: Final = Path(__file__).parent / "reference" / "floor_policy.csv"

IN_FORCE: Final = """(
    SELECT value FROM floor_policy
     WHERE name = '{rule}' AND key IN ({key}, '')
       AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to >= %(on)s)
     ORDER BY key DESC LIMIT 1)"""
"""What `value` gives, inside a hot statement."""


def load(work: Work, path: Path = FLOOR_POLICY_CSV) -> int:
    """Take in the rules of the CSV file at *path*; return how many changed.

    Raises:
        RowUnreadable: a row cannot be read.
        RowDiffers: a rule is there already with another value from the same day.
        RowsOverlap: two values would hold on one day.
    """
    return dated.keep(work, FloorPolicy, ("name", "key"), dated.read_rows(path, _rule))


def value(session: Session, rule: FloorRule, on: date, *, partner: str = "") -> str:
    """What *rule* says on the day *on*: for the partner of that code, or else for all.

    Raises:
        NoFloorPolicy: nothing is said for that day.
    """
    found = session.exec(
        select(FloorPolicy.value)
        .where(
            FloorPolicy.name == rule,
            col(FloorPolicy.key).in_({partner, ""}),
            FloorPolicy.valid_from <= on,
            or_(col(FloorPolicy.valid_to).is_(None), col(FloorPolicy.valid_to) >= on),
        )
        .order_by(col(FloorPolicy.key).desc())
        .limit(1)
    ).first()
    if found is None:
        raise NoFloorPolicy(rule=rule.value, on=on)
    return found


def number(session: Session, rule: FloorRule, on: date, *, partner: str = "") -> Decimal:
    """What *rule* says, where it is a figure; its unit is in its name."""
    return Decimal(value(session, rule, on, partner=partner))


def allows(session: Session, rule: FloorRule, on: date, *, partner: str = "") -> bool:
    """What *rule* says, where it is yes or no."""
    return value(session, rule, on, partner=partner) == "yes"


def _rule(row: Mapping[str, str]) -> FloorPolicy:
    return FloorPolicy(
        name=FloorRule(row["name"]).value,
        key=row["key"],
        value=row["value"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=dated.ending(row),
        source=row["source"],
    )
