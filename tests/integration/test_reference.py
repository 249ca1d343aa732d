"""Reference tables: the same file again changes nothing, and no row is ever rewritten."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests.scenarios.world import GOODS
from warehouse.core.work import Work
from warehouse.customs import commands as customs
from warehouse.masterdata import commands, queries
from warehouse.masterdata.errors import (
    ExchangeRateMissing,
    RowDiffers,
    RowsOverlap,
    RowUnreadable,
    TariffLineMissing,
)
from warehouse.masterdata.models import (
    ExchangeRate,
    PreferentialRate,
    Product,
    Restriction,
    TariffLine,
)
from warehouse.masterdata.official import TABLES
from warehouse.masterdata.vocabulary import CodeList, TradeDirection
from warehouse.operations import demo

TODAY = date(2026, 8, 2)
HEADING = "currency,per_units,import_rate,export_rate,valid_from,valid_to,source"


def a_file(folder: Path, *rows: str) -> Path:
    path = folder / "rates.csv"
    path.write_text("\n".join((HEADING, *rows)), encoding="utf-8-sig")
    return path


def test_the_tables_that_ship_load_once(work: Work) -> None:
    first = commands.load_reference(work), customs.load_policy(work)
    second = commands.load_reference(work), customs.load_policy(work)

    assert min(first) > 50
    assert second == (0, 0)


def test_the_shipped_tables_cover_the_goods_of_the_house(work: Work) -> None:
    demo.load(work)
    goods = {(each.hs_code, each.statistical_code) for each in work.session.exec(select(Product))}
    goods |= {(hs_code, "000") for _, _, hs_code, _ in GOODS}
    lines = {
        (line.hs_code, line.statistical_code)
        for line in work.session.exec(select(TariffLine).where(queries.holds(TariffLine, TODAY)))
    }

    tariff = queries.tariff_lines(work.session, lines, TODAY)
    known = [
        queries.restrictions_on(work.session, lines, direction, TODAY)
        for direction in TradeDirection
    ]

    assert len(tariff) >= 300
    assert goods <= lines
    # The table of permits is older than the tariff: it knows this one by its former code 85171200.
    assert [lines - set(each) for each in known] == [{("85171300", "000")}] * 2


def test_the_shipped_tables_use_the_codes_that_ship(work: Work) -> None:
    commands.load_reference(work)
    session = work.session
    units = set(queries.codes(session, CodeList.UNIT, TODAY))
    authorities = set(queries.codes(session, CodeList.AUTHORITY, TODAY))
    privileges = set(queries.codes(session, CodeList.PRIVILEGE, TODAY))
    currencies = set(queries.codes(session, CodeList.CURRENCY, TODAY))

    assert set(session.exec(select(TariffLine.unit))) <= units
    assert set(session.exec(select(Restriction.authority_id))) - {""} <= authorities
    assert set(session.exec(select(PreferentialRate.privilege_code))) <= privileges
    assert set(session.exec(select(ExchangeRate.currency))) <= currencies


def test_every_shipped_row_says_where_it_is_from(work: Work) -> None:
    commands.load_reference(work)

    sources = {
        source
        for table in TABLES.values()
        for source in work.session.exec(select(table.model.source))  # type: ignore[attr-defined]
    }

    official = ("e-Import manual", "Baht is baht")
    assert all("replace by" in each or each.startswith(official) for each in sources)


def test_a_rate_is_found_by_its_day(work: Work, tmp_path: Path) -> None:
    rows = ("XTS,1,30,29,2026-01-01,2026-01-31,test", "XTS,1,31,30,2026-02-01,2026-02-28,test")
    commands.load(work, "exchange-rates", a_file(tmp_path, *rows))

    rates = [
        queries.exchange_rate(work.session, "XTS", day).import_rate
        for day in (date(2026, 1, 31), date(2026, 2, 1))
    ]

    assert rates == [30, 31]
    for day in (date(2025, 12, 31), date(2026, 3, 1)):
        with pytest.raises(ExchangeRateMissing):
            queries.exchange_rate(work.session, "XTS", day)


def test_a_row_may_be_ended_and_followed(work: Work, tmp_path: Path) -> None:
    commands.load(work, "exchange-rates", a_file(tmp_path, "XTS,1,30,29,2026-01-01,,test"))

    changed = commands.load(
        work,
        "exchange-rates",
        a_file(
            tmp_path,
            "XTS,1,30,29,2026-01-01,2026-03-31,test",
            "XTS,1,33,32,2026-04-01,,test",
        ),
    )

    assert changed == 2
    assert queries.exchange_rate(work.session, "XTS", date(2026, 4, 1)).import_rate == 33


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("XTS,1,31,29,2026-01-01,,test", RowDiffers),
        ("XTS,1,31,29,2026-02-01,,test", RowsOverlap),
        ("XTS,1,many,29,2027-02-01,,test", RowUnreadable),
        ("XTS,1,31,29,01/02/2570,,test", RowUnreadable),
    ],
)
def test_a_row_that_rewrites_overlaps_or_cannot_be_read_is_refused(
    work: Work, tmp_path: Path, row: str, error: type[Exception]
) -> None:
    commands.load(work, "exchange-rates", a_file(tmp_path, "XTS,1,30,29,2026-01-01,,test"))

    with pytest.raises(error):
        commands.load(work, "exchange-rates", a_file(tmp_path, row))

    assert queries.exchange_rate(work.session, "XTS", date(2026, 5, 1)).import_rate == Decimal(30)


def test_a_statistical_code_is_part_of_the_tariff_line(work: Work) -> None:
    commands.load(work, "tariff")

    line = queries.tariff_line(work.session, "42022200", "000", date(2026, 8, 2))

    assert line.value_rate_pct == 20
    with pytest.raises(TariffLineMissing):
        queries.tariff_line(work.session, "42022200", "001", date(2026, 8, 2))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE exchange_rate SET import_rate = 1",
        "UPDATE exchange_rate SET valid_to = '2026-12-31'",
        "UPDATE exchange_rate SET valid_from = '2025-01-01'",
        "DELETE FROM exchange_rate",
    ],
)
def test_a_rate_that_was_reckoned_with_cannot_be_rewritten_by_hand(
    work: Work, tmp_path: Path, change: str
) -> None:
    commands.load(
        work, "exchange-rates", a_file(tmp_path, "XTS,1,30,29,2026-01-01,2026-01-31,test")
    )

    with pytest.raises(IntegrityError, match="never rewritten"):
        work.session.execute(text(change))
