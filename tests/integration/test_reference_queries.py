"""What the dated tables say on a day, one commodity or thousands at a time."""

from datetime import date
from decimal import Decimal

from tests.builders import added
from warehouse.core.work import Work
from warehouse.masterdata import queries
from warehouse.masterdata.models import Restriction, TariffLine, TradeMeasure
from warehouse.masterdata.vocabulary import (
    MeasureKind,
    RateType,
    RestrictionKind,
    TradeDirection,
)

HS = "99990000"
TODAY = date(2026, 8, 2)


def a_line(statistical_code: str, first: str, last: str | None = None) -> TariffLine:
    return TariffLine(
        hs_code=HS,
        statistical_code=statistical_code,
        description_th="ทดสอบ",
        description_en="Test",
        unit="C62",
        rate_type=RateType.AD_VALOREM,
        value_rate_pct=Decimal(10),
        specific_rate_baht=Decimal(0),
        valid_from=date.fromisoformat(first),
        valid_to=date.fromisoformat(last) if last else None,
        source="test",
    )


def a_restriction(statistical_code: str, kind: RestrictionKind, authority: str) -> Restriction:
    return Restriction(
        hs_code=HS,
        statistical_code=statistical_code,
        direction=TradeDirection.IMPORT,
        kind=kind,
        authority_id=authority,
        valid_from=date(2022, 1, 1),
        source="test",
    )


def a_measure(statistical_code: str, origin: str, rate: str) -> TradeMeasure:
    return TradeMeasure(
        kind=MeasureKind.ANTI_DUMPING,
        hs_code=HS,
        statistical_code=statistical_code,
        origin_country=origin,
        value_rate_pct=Decimal(rate),
        specific_rate_baht=Decimal(0),
        unit="KGM",
        valid_from=date(2022, 1, 1),
        source="test",
    )


def test_both_ends_of_a_row_belong_to_it(work: Work) -> None:
    added(work, a_line("000", "2026-01-01", "2026-08-02"))
    later = added(work, a_line("000", "2026-08-03"))

    held = {
        day: queries.tariff_lines(work.session, [(HS, "000")], date(2026, 8, day)) for day in (2, 3)
    }

    assert held[2][HS, "000"].valid_to == TODAY
    assert held[3][HS, "000"].id == later.id
    assert not queries.tariff_lines(work.session, [(HS, "000")], date(2025, 12, 31))


def test_ten_thousand_commodities_are_one_statement(work: Work) -> None:
    added(work, a_line("001", "2026-01-01"))
    asked = [(f"{number:08}", "000") for number in range(9_998)] + [(HS, "001"), (HS, "001")]

    found = queries.tariff_lines(work.session, asked, TODAY)

    assert list(found) == [(HS, "001")]


def test_a_restriction_of_every_code_joins_those_of_one(work: Work) -> None:
    added(work, a_restriction("000", RestrictionKind.PERMIT, "0994000165676"))
    added(work, a_restriction("001", RestrictionKind.PERMIT, "0994000160259"))

    found = queries.restrictions_on(
        work.session, [(HS, "001"), (HS, "090"), ("00000000", "000")], TradeDirection.IMPORT, TODAY
    )

    assert [row.statistical_code for row in found[HS, "001"]] == ["000", "001"]
    assert [row.statistical_code for row in found[HS, "090"]] == ["000"]
    assert ("00000000", "000") not in found, "unknown is not none"
    assert not queries.restrictions(work.session, HS, "001", TradeDirection.EXPORT, TODAY)


def test_a_measure_on_the_origin_goes_before_one_on_all(work: Work) -> None:
    added(work, a_measure("000", "", "5"))
    added(work, a_measure("000", "CN", "30"))
    added(work, a_measure("001", "CN", "40"))

    rates = [
        [each.value_rate_pct for each in queries.trade_measures(work.session, HS, *goods, TODAY)]
        for goods in (("001", "CN"), ("090", "CN"), ("001", "JP"))
    ]

    assert rates == [[40], [30], [5]]
