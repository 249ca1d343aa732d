"""Into bond: what is drafted, what is refused and why, what acceptance does."""

from datetime import date
from decimal import Decimal

import pytest

from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_product,
    a_tariff_line,
    accepted,
    an_order,
    balances,
    drafted,
    duties_of,
    guarantee_of,
    on,
    sent,
    stored,
    tell,
)
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.errors import NumberNotValid, NumberTaken
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.vocabulary import DeclarationState, DutyAccount
from warehouse.inventory import queries as stock
from warehouse.operations.clearance import refiling


def refusals(work: Work) -> list[str]:
    return [refused.facts["code"] for refused in queries.refused_drafts(work.session)]


def test_a_garment_of_a_thousand_baht_suspends_391(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])

    declaration = drafted(work, consignment)

    assert declaration is not None
    assert declaration.state is DeclarationState.QUEUED
    assert duties_of(work, declaration) == [{"0100": Decimal("300.00"), "0500": Decimal("91.00")}]
    assert declaration.total_tax == 0
    assert len(declaration.reference_number) == 13
    assert guarantee_of(work, house) == (Decimal("391.00"), Decimal(0))


def test_equal_goods_share_a_line_and_other_prices_do_not(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    shirt, bag = a_product(work, house), house.product
    goods = [(shirt, 2, "100"), (bag, 1, "500"), (shirt, 3, "100"), (shirt, 1, "120")]
    consignment = a_consignment(work, house, goods)

    declaration = drafted(work, consignment)

    assert declaration is not None
    lines = queries.lines(work.session, declaration.id)
    assert [(line.quantity, line.cif_baht) for line in lines] == [(5, 500), (1, 500), (1, 120)]
    behind = queries.declared_lots(work.session, declaration.id)
    assert [lot.quantity for lot in behind if lot.line_id == lines[0].id] in ([2, 3], [3, 2])


def test_value_in_yen_is_reckoned_by_the_hundred(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    goods = [(a_product(work, house), 3, "4561.50")]
    consignment = a_consignment(work, house, goods, currency="JPY")

    declaration = drafted(work, consignment)

    assert declaration is not None
    assert (declaration.exchange_rate, declaration.exchange_per_units) == (Decimal("22.18"), 100)
    assert declaration.cif_foreign == Decimal("13684.50")
    assert declaration.cif_baht == Decimal("3035.22")


def test_each_line_explains_its_figures(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])

    declaration = drafted(work, consignment)

    assert declaration is not None
    (line,) = queries.lines(work.session, declaration.id)
    told = [(each["what"], each["exempted"], each["amount"]) for each in line.explained]
    assert told == [
        ("CIF", "0.00", "1000.00"),
        ("0100", "300.00", "0.00"),
        ("0500", "91.00", "0.00"),
    ]
    assert all(each["source"] for each in line.explained)


def test_goods_outside_the_tariff_wait_and_are_filed_once_it_is_mended(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house, "99999999"), 1, "1000")])

    refused = drafted(work, consignment)
    (told,) = queries.refused_drafts(work.session)
    a_tariff_line(work, "99999999", "10", "2026-01-01")
    mended = drafted(work, consignment)

    assert refused is None
    assert (told.subject, told.facts["number"]) == (consignment.id, consignment.number)
    assert "99999999" in told.facts["en"]
    assert mended is not None
    assert refusals(work) == []


def test_what_was_refused_is_queued_again_on_request(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house, "99999999"), 1, "1000")])
    drafted(work, consignment)

    refiling.try_refused(work, {})

    jobs = work.sql(
        "SELECT facts->>'subject' FROM job WHERE name = 'draft-entry' AND once IS NULL"
    ).fetchall()
    assert jobs == [(str(consignment.id),)]


def test_a_code_that_left_the_tariff_is_refused_from_the_next_day(work: Work) -> None:
    house = a_customs_house(work)
    a_tariff_line(work, "98765432", "10", "2026-01-01", "2026-07-31")
    product = a_product(work, house, "98765432")
    july, august = on(work, "2026-07-31"), on(work, "2026-08-01")

    last_day = drafted(july, a_consignment(july, house, [(product, 1, "1000")]))
    day_after = drafted(august, a_consignment(august, house, [(product, 1, "1000")]))

    assert last_day is not None
    assert day_after is None
    assert refusals(work) == ["tariff-line-missing"]


@pytest.mark.parametrize(
    ("day", "currency", "gross", "code"),
    [
        ("2026-08-02", "XPF", "1000", "exchange-rate-missing"),
        ("2028-01-01", "USD", "1000", "exchange-rate-missing"),
        ("2024-12-31", "THB", "1000", "licence-not-in-force"),
        ("2026-08-02", "THB", "0.499", "gross-below-net"),
    ],
)
def test_what_cannot_be_declared_is_kept_with_its_reason(
    work: Work, day: str, currency: str, gross: str, code: str
) -> None:
    work = on(work, day)
    house = a_customs_house(work)
    goods = [(a_product(work, house), 1, "1000")]
    consignment = a_consignment(work, house, goods, currency=currency, gross=gross)

    declaration = drafted(work, consignment)

    assert declaration is None
    assert refusals(work) == [code]
    assert guarantee_of(work, house) == (0, 0)


def test_goods_do_not_enter_under_a_licence_that_has_ended(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    house.premises.licence_to = date(2026, 8, 1)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])

    declaration = drafted(work, consignment)

    assert declaration is None
    assert refusals(work) == ["licence-not-in-force"]


def test_the_same_job_again_drafts_nothing_new(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])

    first = drafted(work, consignment)
    second = drafted(work, consignment)

    assert first is second
    assert guarantee_of(work, house) == (Decimal("391.00"), 0)


def test_acceptance_binds_suspends_debits_and_starts_the_two_years(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])

    declaration = accepted(on(work, "2026-08-05"), drafted(work, consignment))

    (lot,) = stock.lots_of_consignment(work.session, consignment.id)
    work.session.refresh(lot)
    assert declaration.state is DeclarationState.NUMBERED
    assert declaration.storage_ends_on == date(2028, 8, 2)
    assert (lot.declaration_number, lot.line_number) == (declaration.declaration_number, 1)
    assert guarantee_of(work, house) == (0, Decimal("391.00"))
    assert balances(work) == {
        DutyAccount.CLAIM: Decimal("-391.00"),
        DutyAccount.SUSPENSE: Decimal("391.00"),
    }


@pytest.mark.parametrize("arrived_first", [True, False])
def test_filing_before_and_after_arrival_both_bind(work: Work, *, arrived_first: bool) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    consignment = a_consignment(work, house, [(product, 2, "1000")])

    if arrived_first:
        stored(work, house, consignment)
    accepted(work, drafted(work, consignment))
    if not arrived_first:
        stored(work, house, consignment)

    assert an_order(work, house, product, 2).number


def test_a_refusal_frees_the_guarantee_and_the_next_version_is_filed_anew(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(a_product(work, house), 1, "1000")])
    refused = sent(work, drafted(work, consignment))

    tell(work, refused, AnswerKind.REJECTED)
    freed = guarantee_of(work, house)
    refiling.file_again(work, refused)
    again = drafted(work, consignment)

    assert freed == (0, 0)
    assert refused.state is DeclarationState.CANCELLED
    assert again is not None
    assert (again.version, again.state) == (2, DeclarationState.QUEUED)
    assert again.reference_number != refused.reference_number
    assert guarantee_of(work, house) == (Decimal("391.00"), 0)


def test_customs_cannot_give_one_number_twice_nor_one_of_another_kind(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    first = accepted(work, drafted(work, a_consignment(work, house, [(product, 1, "1000")])))
    second = sent(work, drafted(work, a_consignment(work, house, [(product, 1, "1000")])))

    with pytest.raises(NumberTaken), work.session.begin_nested():
        tell(work, second, AnswerKind.NUMBERED, number=first.declaration_number)
    for number in (None, "A002P690800099", "A002069080009"):
        with pytest.raises(NumberNotValid), work.session.begin_nested():
            tell(work, second, AnswerKind.NUMBERED, number=number)

    assert second.state is DeclarationState.SENT
