"""Declaration lines charged by the dated tables, and open stock under another tariff."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlmodel import select

from tests.builders import added
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_product,
    a_tariff_line,
    accepted,
    drafted,
    on,
    sent,
)
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.customs import queries, rules
from warehouse.customs.models import DeclarationLine
from warehouse.customs.money import charging, what_if
from warehouse.customs.money.what_if import (
    ChapterUnreadable,
    NothingProposed,
    Owed,
    TariffUnreadable,
)
from warehouse.masterdata.models import (
    Code,
    ExciseRate,
    PreferentialRate,
    TariffLine,
    TradeMeasure,
)
from warehouse.masterdata.vocabulary import CodeList, MeasureKind, RateType

ON = date(2026, 8, 2)
CSV = "hs_code,statistical_code,description_th,description_en,unit,rate_type,value_rate_pct,"
CSV += "specific_rate_baht,valid_from\n"


@pytest.fixture
def policy(work: Work) -> rules.Policy:
    a_customs_house(work)
    return queries.policy(work.session)


def a_line(hs_code: str, **more: object) -> DeclarationLine:
    values = {
        "declaration_id": ids.new_id(), "line_number": 1, "product_id": ids.new_id(), "sku": "S",
        "hs_code": hs_code, "statistical_code": "000", "privilege_code": "000",
        "description_th": "ของ", "description_en": "Goods", "brand": "NO BRAND",
        "origin_country": "CN", "net_weight_kg": Decimal(2), "quantity": Decimal(10),
        "unit": "C62", "unit_price_foreign": Decimal(1), "cif_foreign": Decimal(1000),
        "cif_baht": Decimal("1000.00"),
    }  # fmt: skip
    return DeclarationLine(**values | more)


def dated(work: Work, model: type, **values: object) -> None:
    span = {"valid_from": date(2026, 1, 1), "source": "the table of the test"}
    specific = {"specific_rate_baht": Decimal(0), "unit": "C62"}
    added(work, model(**span | (specific if "value_rate_pct" in values else {}) | values))


@contextmanager
def counted(work: Work) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    told: list[str] = []
    connection = work.session.connection()

    def note(_: object, __: object, statement: str, *___: object) -> None:
        told.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield told
    event.remove(connection, "before_cursor_execute", note)


def test_a_line_bears_every_charge_that_a_table_knows(work: Work, policy: rules.Policy) -> None:
    a_tariff_line(work, "22090099", "10", "2026-01-01")
    goods = {"hs_code": "22090099", "statistical_code": "000"}
    for kind, origin, rate in (
        (MeasureKind.SAFEGUARD, "", "5"),
        (MeasureKind.ANTI_DUMPING, "CN", "30"),
        (MeasureKind.SURCHARGE, "VN", "50"),
    ):
        measure = goods | {"kind": kind, "origin_country": origin}
        dated(work, TradeMeasure, **measure, value_rate_pct=Decimal(rate))
    excise = {"excise_code": "1", "by_retail_price": True, "value_rate_pct": Decimal(10)}
    dated(work, ExciseRate, **goods | excise)

    charges = charging.charges(work.session, a_line("22090099"), policy, ON)

    assert {duty_type: str(amount) for duty_type, amount in charges.amounts.items()} == {
        "0100": "100.00", "0111": "300.00", "0114": "50.00", "0300": "115.00", "0400": "11.50",
        "0500": "110.36",
    }  # fmt: skip
    notes = {each.what: each.note for each in charges.components if each.note}
    assert list(notes) == ["0300"]
    assert "the table of the test" in rules.receipt(charges.components[1])["source"]


@pytest.mark.parametrize(
    ("facts", "base", "excise"),
    [
        ({}, "1100.00", "410.00"),
        ({"retail_price_baht": "33.05"}, "99.15", "309.92"),
        ({"excise_quantity": "0.84"}, "1100.00", "194.00"),
        # 99.15 ÷ 0.84 × 0.84 falls short of 99.15 in any number of digits, and 9.915 is half.
        ({"retail_price_baht": "33.05", "excise_quantity": "0.84"}, "99.15", "93.92"),
        ({"retail_price_baht": "33.05", "excise_quantity": "0.3"}, "99.15", "39.92"),
    ],
)
def test_excise_takes_the_retail_price_and_the_measure_that_a_line_tells(
    work: Work, policy: rules.Policy, facts: dict[str, str], base: str, excise: str
) -> None:
    a_tariff_line(work, "22090099", "10", "2026-01-01")
    more = {"by_retail_price": True, "value_rate_pct": Decimal(10)}
    by_measure = {"specific_rate_baht": Decimal(100), "unit": "C62"}
    goods = {"hs_code": "22090099", "statistical_code": "000", "excise_code": "1"}
    dated(work, ExciseRate, **goods | more | by_measure)
    told = {name: Decimal(value) for name, value in facts.items()}
    line = a_line("22090099", quantity=Decimal(3), **told)

    charges = charging.charges(work.session, line, policy, ON)

    receipt = rules.receipt(charges.components[1])
    assert (receipt["base"], receipt["amount"]) == (base, excise)
    assert bool(receipt["note"]) is ("retail_price_baht" not in facts)


@pytest.mark.parametrize(
    ("certificate", "needed", "duty"),
    [("", "Y", "300.00"), ("D-1", "Y", "50.00"), ("", "N", "50.00")],
)
def test_a_privilege_counts_with_the_proof_that_its_table_asks_for(
    work: Work, policy: rules.Policy, certificate: str, needed: str, duty: str
) -> None:
    goods = {"hs_code": "61091010", "statistical_code": "000", "rate_type": RateType.AD_VALOREM}
    dated(work, PreferentialRate, **goods, privilege_code="XQX", value_rate_pct=Decimal(5))
    names = {"name_th": "สิทธิ", "name_en": "Privilege", "facts": {"needs_origin_proof": needed}}
    dated(work, Code, code_list=CodeList.PRIVILEGE, code="XQX", **names)
    line = a_line("61091010", privilege_code="XQX", origin_certificate=certificate)

    charges = charging.charges(work.session, line, policy, ON)

    assert str(charges.amounts["0100"]) == duty
    assert charges.components[0].note


def test_many_lines_ask_each_table_once(work: Work, policy: rules.Policy) -> None:
    codes = work.session.exec(select(TariffLine).where(TariffLine.unit == "C62").limit(50)).all()
    lines = [a_line(code.hs_code, statistical_code=code.statistical_code) for code in codes * 10]

    with counted(work) as statements:
        charged = charging.charges_of(work.session, lines, policy, date(2025, 6, 1))

    assert len(charged) == len(lines)
    assert len(statements) <= 5


def test_what_is_stored_is_what_is_reckoned_anew(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    declaration = drafted(work, a_consignment(work, house, [(a_product(work, house), 3, "333.33")]))
    assert declaration is not None
    [line] = queries.lines(work.session, declaration.id)

    charges = charging.charges(
        work.session, line, queries.policy(work.session), declaration.rates_on
    )

    stored = {each["what"]: each["exact"] for each in line.explained if each["what"] != "CIF"}
    reckoned = {each.what: rules.receipt(each)["exact"] for each in charges.components}
    assert stored == reckoned


def test_open_stock_is_compared_by_chapter_and_nothing_is_written(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    shirts, bags = (a_product(work, house, each) for each in ("61091010", "42022200"))
    goods = [(shirts, 2, "500"), (bags, 1, "1000")]
    accepted(work, drafted(work, a_consignment(work, house, goods)))
    sent(work, drafted(work, a_consignment(work, house, [(bags, 1, "9999")])))
    proposal = what_if.proposed(f"{CSV}42022200,000,ก,Bag,C62,ad_valorem,5,,2027-01-01\n", "61=40%")

    changes, whole = what_if.compare(work.session, house.premises.id, proposal, work.today)

    by_chapter = {each.chapter: each for each in changes}
    assert list(by_chapter) == ["42", "61"]
    assert by_chapter["61"].then == Owed(Decimal("400.00"), Decimal("98.00"))
    assert by_chapter["61"].difference == Owed(Decimal("100.00"), Decimal("7.00"))
    assert by_chapter["42"].then.duty == Decimal("50.00")
    assert whole.lines == 2
    assert whole.difference.duty == sum(each.difference.duty for each in changes)
    assert not [*work.session.dirty, *work.session.new, *work.session.deleted]


@pytest.mark.parametrize(
    ("tariff", "chapters", "refusal"),
    [
        ("", " \n", NothingProposed),
        ("", "61 twenty", ChapterUnreadable),
        ("hs_code\n1\n", "", TariffUnreadable),
        (f"{CSV}4202,000,ก,Bag,C62,ad_valorem,x,,2027-01-01\n", "", TariffUnreadable),
    ],
)
def test_a_proposal_that_cannot_be_read_is_refused(
    tariff: str, chapters: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        what_if.proposed(tariff, chapters)
