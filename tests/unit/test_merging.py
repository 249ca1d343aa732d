"""What shares a line and a declaration: only equals merge, parcels stay whole, limits hold."""

from collections import Counter
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.customs.checking.filing_rules import Rule, Window
from warehouse.customs.checking.merging import Face, parts
from warehouse.customs.errors import NothingToDeclare, TooManyLines

SHIRT = Face(
    hs_code="61091010",
    statistical_code="000",
    description_th="เสื้อ",
    description_en="SHIRT",
    brand="NO BRAND",
    unit="C62",
    unit_price=Decimal(100),
    currency="THB",
    origin_country="CN",
    privilege_code="000",
    origin_criteria="",
    origin_certificate="",
    product_year="0",
    nature_of_transaction="11",
)
BY_SKU = Rule()
FREELY = Rule(merge_by=())


@dataclass(frozen=True)
class Piece:
    parcel: str
    sku: str = "A"
    face: Face = SHIRT


def sizes(goods: list[Piece], rule: Rule) -> list[list[int]]:
    return [[len(line) for line in part] for part in parts(goods, rule)]


def test_equal_goods_of_two_products_share_a_line_only_where_the_rule_lets_them() -> None:
    goods = [Piece("1", "A"), Piece("2", "B"), Piece("3", "A")]

    assert sizes(goods, BY_SKU) == [[2, 1]]
    assert sizes(goods, FREELY) == [[3]]
    assert sizes(goods, Rule(merge_by=("parcel",))) == [[1, 1, 1]]


@pytest.mark.parametrize("name", [each.name for each in fields(Face)])
def test_goods_that_differ_in_anything_a_line_says_do_not_merge(name: str) -> None:
    other: object = Decimal(101) if name == "unit_price" else "other"

    goods = [Piece("1"), Piece("2", face=replace(SHIRT, **{name: other}))]

    assert sizes(goods, FREELY) == [[1, 1]]


def test_a_parcel_that_does_not_fit_goes_whole_into_the_next_declaration() -> None:
    two = [Piece("2", face=replace(SHIRT, unit_price=Decimal(price))) for price in (1, 2)]

    assert sizes([Piece("1"), *two, Piece("3")], Rule(most_lines=2)) == [[1], [1, 1], [1]]
    with pytest.raises(TooManyLines):
        parts(two, Rule(most_lines=1))
    with pytest.raises(NothingToDeclare):
        parts([], BY_SKU)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 6)), min_size=1, max_size=80),
    st.integers(6, 12),
    st.integers(1, 8),
)
def test_whatever_comes_nothing_is_lost_and_no_limit_is_passed(
    drawn: list[tuple[int, int]], most_lines: int, most_packages: int
) -> None:
    goods = [Piece(str(p), face=replace(SHIRT, unit_price=Decimal(price))) for p, price in drawn]
    rule = Rule(merge_by=(), most_lines=most_lines, most_packages=most_packages)

    found = parts(goods, rule)

    assert Counter(piece for part in found for line in part for piece in line) == Counter(goods)
    held = [{piece.parcel for line in part for piece in line} for part in found]
    assert sum(map(len, held)) == len({piece.parcel for piece in goods})
    assert all(len(part) <= most_lines for part in found)
    assert all(len(parcels) <= most_packages for parcels in held)
    assert all(len({piece.face for piece in line}) == 1 for part in found for line in part)


@pytest.mark.parametrize(
    ("hour", "by_day", "by_night"), [(8, True, False), (17, False, False), (23, False, True)]
)
def test_a_window_is_of_bangkok_and_may_go_past_midnight(
    hour: int, *, by_day: bool, by_night: bool
) -> None:
    at = datetime(2026, 8, 3, (hour - 7) % 24, tzinfo=UTC)

    assert Window(time(8), time(17)).holds(at) is by_day
    assert Window(time(22), time(4)).holds(at) is by_night
