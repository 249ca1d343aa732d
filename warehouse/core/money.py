"""Baht as Decimal; the one place that rounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from typing import Final

ZERO: Final = Decimal(0)
SATANG: Final = Decimal("0.01")
BAHT: Final = Decimal(1)
PER_CENT: Final = Decimal("0.01")

_EXACT: Final = Context(prec=80)
_SHOWN_DECIMALS: Final = 10


class Rounding(StrEnum):
    """How an amount becomes one that is paid."""

    HALF_UP_SATANG = "HALF_UP_SATANG"
    TRUNCATE_SATANG = "TRUNCATE_SATANG"
    TRUNCATE_BAHT = "TRUNCATE_BAHT"
    NONE = "NONE"


@contextmanager
def exact() -> Iterator[None]:
    """Reckon inside this block, or decorated function, so that only `rounded` ever rounds.

    Sixteen digits of value by twelve of rate is more than the 28 digits Decimal keeps by default;
    past those it would round by itself, and to even.
    """
    with localcontext(_EXACT):
        yield


def to_satang(amount: Decimal) -> Decimal:
    """*amount* to two decimals, half up."""
    return _to(SATANG, amount, ROUND_HALF_UP)


def truncate_to_satang(amount: Decimal) -> Decimal:
    """*amount* to two decimals, the rest cut off."""
    return _to(SATANG, amount, ROUND_DOWN)


def truncate_to_baht(amount: Decimal) -> Decimal:
    """*amount* to whole baht, the satang cut off."""
    return _to(BAHT, amount, ROUND_DOWN)


def rounded(amount: Decimal, rounding: Rounding) -> Decimal:
    """*amount* rounded as *rounding* says."""
    match rounding:
        case Rounding.HALF_UP_SATANG:
            return to_satang(amount)
        case Rounding.TRUNCATE_SATANG:
            return truncate_to_satang(amount)
        case Rounding.TRUNCATE_BAHT:
            return truncate_to_baht(amount)
        case Rounding.NONE:
            return amount


@exact()
def share(
    total: Decimal,
    part: Decimal,
    whole: Decimal,
    *,
    total_left: Decimal,
    whole_left: Decimal,
    unit: Decimal = SATANG,
) -> Decimal:
    """What *part* of *whole* takes of *total*: half up to the *unit*, the last part takes the rest.

    *total_left* and *whole_left* are what earlier parts have not taken yet.  No part takes more
    than is left, so many small parts that all round up cannot drive the last one below zero.
    """
    assert ZERO < part <= whole_left <= whole, "a part is some of what is left of the whole"
    assert ZERO <= total_left <= total, "no more is left than there was"
    if part == whole_left:
        return total_left
    return min(_to(unit, total * part / whole, ROUND_HALF_UP), total_left)


@lru_cache(maxsize=4096)
def figures(amount: Decimal) -> str:
    """*amount* for a machine to read: ``6260.00``, at least two decimals and at most ten.

    A receipt says one amount up to eight times, so the latest are remembered: equal amounts have
    equal figures, and nothing has no sign.
    """
    if not amount:
        return "0.00"
    text = f"{amount:f}"
    if text[-3:-2] == ".":
        return text
    whole, _, decimals = text.partition(".")
    if len(decimals) > _SHOWN_DECIMALS:
        return figures(_to(Decimal(1).scaleb(-_SHOWN_DECIMALS), amount, ROUND_HALF_UP))
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def _to(unit: Decimal, amount: Decimal, rounding: str) -> Decimal:
    return amount.quantize(unit, rounding=rounding, context=_EXACT)
