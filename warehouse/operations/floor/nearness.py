"""Numbers that a misread label may have meant: a digit or a swap away, and announced."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from warehouse.core.work import Work

_MOST: Final = 5
_DIGITS: Final = "0123456789"

ANNOUNCED: Final = """
SELECT number FROM handling_unit
 WHERE premises_id = %(premises_id)s AND number = ANY(%(numbers)s) AND received_at IS NULL
 ORDER BY number LIMIT %(most)s
"""


def announced(work: Work, premises_id: UUID, number: str) -> list[str]:
    """Up to five awaited parcels whose numbers are one digit or one swap from *number*."""
    near = sorted(set(_near(number)) - {number})
    rows = work.sql(ANNOUNCED, premises_id=premises_id, numbers=near, most=_MOST)
    return [row[0] for row in rows]


def _near(number: str) -> Iterator[str]:
    for at, character in enumerate(number):
        if character in _DIGITS:
            yield from (number[:at] + digit + number[at + 1 :] for digit in _DIGITS)
        yield number[:at] + number[at + 1 : at + 2] + character + number[at + 2 :]
