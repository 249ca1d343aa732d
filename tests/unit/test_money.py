"""Baht: how it is rounded, shared and written."""

from decimal import Decimal

import pytest

from warehouse.core import money
from warehouse.core.money import Rounding


@pytest.mark.parametrize(
    ("rounding", "amount", "paid"),
    [
        (Rounding.HALF_UP_SATANG, "0.005", "0.01"),
        (Rounding.HALF_UP_SATANG, "0.015", "0.02"),
        (Rounding.HALF_UP_SATANG, "1234.5649999999", "1234.56"),
        (Rounding.TRUNCATE_SATANG, "1234.569", "1234.56"),
        (Rounding.TRUNCATE_BAHT, "1234.99", "1234"),
        (Rounding.NONE, "1234.567", "1234.567"),
    ],
)
def test_each_way_of_rounding(rounding: Rounding, amount: str, paid: str) -> None:
    assert money.rounded(Decimal(amount), rounding) == Decimal(paid)


def test_more_digits_than_decimal_keeps_by_default_are_still_exact() -> None:
    large, rate = Decimal("9999999999999999.99"), Decimal("9999999.99999")

    with money.exact():
        product = money.to_satang(large * rate)

    cents, ten_thousandths = 999_999_999_999_999_999, 999_999_999_999
    whole, rest = divmod(cents * ten_thousandths, 10**5)
    assert product == Decimal(whole + (rest >= 50_000)).scaleb(-2)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("6260", "6260.00"),
        ("1E+3", "1000.00"),
        ("0.1", "0.10"),
        ("1234.5670", "1234.567"),
        ("0", "0.00"),
        ("0.33333333333333333333", "0.3333333333"),
    ],
)
def test_figures_have_two_to_ten_decimals(amount: str, text: str) -> None:
    assert money.figures(Decimal(amount)) == text


def test_the_last_part_takes_what_is_left() -> None:
    third, whole, total = Decimal(1), Decimal(3), Decimal("100.00")

    first = money.share(total, third, whole, total_left=total, whole_left=whole)
    last = money.share(total, third, whole, total_left=Decimal("33.34"), whole_left=third)

    assert (first, last) == (Decimal("33.33"), Decimal("33.34"))


def test_no_part_takes_more_than_is_left() -> None:
    total, whole = Decimal("0.02"), Decimal(4)

    third = money.share(total, Decimal(1), whole, total_left=Decimal(0), whole_left=Decimal(2))

    assert third == 0
