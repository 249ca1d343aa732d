"""Out of bond: shares of the frozen value, the rate of the release day, one use at the gate."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import permutations

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_product,
    a_tariff_line,
    accepted,
    an_order,
    balances,
    declared,
    drafted,
    duties_of,
    guarantee_of,
    in_bond,
    on,
    released,
    sent,
    stored,
    tell,
)
from warehouse import wiring
from warehouse.core.work import SYSTEM, Work, begin
from warehouse.customs import commands, queries
from warehouse.customs.drafting import home_use
from warehouse.customs.drafting.withdrawing import BondedGoods, Withdrawal
from warehouse.customs.errors import (
    DischargeTooLarge,
    NotDeclared,
    NotInBond,
    NotReleased,
    ReleaseUsed,
)
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, Discharge
from warehouse.customs.vocabulary import DeclarationState, DutyAccount, Procedure
from warehouse.operations import proofs
from warehouse.operations.clearance import refiling, release
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Order
from warehouse.shipments.vocabulary import CustomsStatus


def test_duty_is_that_of_the_release_day_on_the_frozen_value(work: Work) -> None:
    imported, leaving = on(work, "2026-03-01"), on(work, "2026-06-01")
    house = a_customs_house(imported)
    a_tariff_line(work, "98765432", "30", "2026-01-01", "2026-05-31")
    a_tariff_line(work, "98765432", "20", "2026-06-01")
    product = a_product(work, house, "98765432")
    entry = in_bond(imported, house, [(product, 1, "8500")])

    home_use_declaration = released(
        leaving, declared(leaving, an_order(leaving, house, product, 1))
    )

    assert duties_of(work, entry) == [{"0100": Decimal("2550.00"), "0500": Decimal("773.50")}]
    assert duties_of(work, home_use_declaration) == [
        {"0100": Decimal("1700.00"), "0500": Decimal("714.00")}
    ]
    assert home_use_declaration.total_tax == Decimal("2414.00")
    assert balances(work) == {
        DutyAccount.CLAIM: Decimal("-2414.00"),
        DutyAccount.PAID: Decimal("2414.00"),
    }
    assert guarantee_of(work, house) == (0, 0)


def test_a_release_repeats_its_import_line_and_names_it(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    entry = in_bond(work, house, [(house.product, 10, "313.33")])
    house.product.name_en = "RENAMED SINCE"
    house.product.hs_code = "61091010"

    declaration = declared(work, an_order(work, house, house.product, 3))

    assert declaration is not None
    (line,) = queries.lines(work.session, declaration.id)
    (entered,) = queries.lines(work.session, entry.id)
    assert line.entry_line_id == entered.id
    assert (line.hs_code, line.description_en) == ("42022200", "Handbag")
    assert (line.cif_baht, entered.cif_baht) == (Decimal("939.99"), Decimal("3133.30"))


def test_an_order_takes_the_older_entry_first_and_names_both(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    first = in_bond(work, house, [(house.product, 60, "100")])
    second = in_bond(on(work, "2026-08-03"), house, [(house.product, 100, "110")])

    declaration = released(work, declared(work, an_order(work, house, house.product, 80)))

    lines = queries.lines(work.session, declaration.id)
    entered = [queries.lines(work.session, each.id)[0] for each in (first, second)]
    assert [(line.entry_line_id, line.quantity) for line in lines] == [
        (entered[0].id, 60),
        (entered[1].id, 20),
    ]
    statements = queries.withdrawals(work.session, entered)
    assert [statements[line.id].in_bond for line in entered] == [0, 80]


@pytest.mark.parametrize("price", ["0.01", "0.10", "14.29", "33.33", "1000"])
def test_shares_under_way_together_add_up_to_the_frozen_value(work: Work, price: str) -> None:
    """Seven pieces leave one by one, all declared before the first is let go."""
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    entry = in_bond(work, house, [(product, 7, price)])
    orders = [an_order(work, house, product, quantity) for quantity in (1, 2, 1, 2, 1)]
    under_way = [declared(work, order) for order in orders]

    for declaration in reversed(under_way):
        released(work, declaration)

    (line,) = queries.lines(work.session, entry.id)
    assert line.discharged_quantity == line.quantity == 7
    assert line.discharged_cif_baht == line.cif_baht
    assert balances(work).keys() <= {DutyAccount.CLAIM, DutyAccount.PAID}
    assert guarantee_of(work, house) == (0, 0)


def test_every_order_of_release_discharges_all(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    in_bond(work, house, [(product, 7, "33.33")])
    under_way = [
        accepted(work, declared(work, an_order(work, house, product, quantity)))
        for quantity in (3, 1, 2)
    ]
    ends = set()

    for turn in permutations(under_way):
        savepoint = work.session.begin_nested()
        for declaration in turn:
            tell(work, declaration, AnswerKind.RELEASED)
        values = sorted(each.cif_baht for each in work.session.exec(select(Discharge)))
        ends.add((guarantee_of(work, house), tuple(sorted(balances(work).items())), *values))
        savepoint.rollback()

    assert {end[0][0] for end in ends} == {0}
    assert len(ends) == 1


def test_a_withdrawn_release_gives_its_share_back(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    entry = in_bond(work, house, [(product, 3, "33.35")])
    order = an_order(work, house, product, 1)
    refused = sent(work, declared(work, order))
    tell(work, refused, AnswerKind.REJECTED)

    refiling.file_again(work, refused)
    again = released(work, declared(work, order))
    rest = released(work, declared(work, an_order(work, house, product, 2)))

    (line,) = queries.lines(work.session, entry.id)
    assert (again.version, again.cif_baht + rest.cif_baht) == (2, Decimal("100.05"))
    assert line.discharged_cif_baht == Decimal("100.05")


def test_an_import_line_never_gives_more_than_it_has(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    entry = in_bond(work, house, [(product, 2, "100")])
    order = an_order(work, house, product, 2)
    (line,) = queries.lines(work.session, entry.id)
    (lot,) = queries.declared_lots(work.session, entry.id)

    def drafting(quantity: int, line_id: object = line.id) -> None:
        goods = [BondedGoods(lot.lot_id, line_id, Decimal(quantity))]
        home_use.draft_home_use(
            work,
            Withdrawal(
                Procedure.HOME_USE,
                house.premises.id,
                house.partner.id,
                order.number,
                "OWNER",
                goods,
                order_id=order.id,
            ),
        )

    with pytest.raises(DischargeTooLarge) as refusal:
        drafting(3)
    with pytest.raises(NotInBond):
        drafting(1, None)

    assert refusal.value.facts["available"] == 2


def test_goods_that_left_the_tariff_wait_in_bond_with_the_reason(work: Work) -> None:
    imported, leaving = on(work, "2026-03-01"), on(work, "2026-06-01")
    house = a_customs_house(imported)
    a_tariff_line(work, "98765432", "30", "2026-01-01", "2026-05-31")
    product = a_product(work, house, "98765432")
    in_bond(imported, house, [(product, 1, "8500")])
    order = an_order(leaving, house, product, 1)

    refused = declared(leaving, order)
    (told,) = queries.refused_drafts(work.session)
    a_tariff_line(work, "98765432", "20", "2026-06-01")
    mended = declared(leaving, order)

    assert refused is None
    assert (told.subject, told.facts["code"]) == (order.id, "tariff-line-missing")
    assert mended is not None
    assert mended.state is DeclarationState.QUEUED


def test_what_waited_over_the_day_of_a_new_rate_is_filed_at_that_rate(work: Work) -> None:
    imported, drafting, filing = (on(work, f"2026-0{n}") for n in ("3-01", "5-31", "6-01"))
    house = a_customs_house(imported)
    a_tariff_line(work, "98765432", "30", "2026-01-01", "2026-05-31")
    a_tariff_line(work, "98765432", "20", "2026-06-01")
    product = a_product(work, house, "98765432")
    in_bond(imported, house, [(product, 1, "8500")])
    declaration = declared(drafting, an_order(drafting, house, product, 1))
    assert declaration is not None
    before = declaration.total_tax

    commands.refresh_rates(filing, declaration)

    assert (before, declaration.total_tax) == (Decimal("3323.00"), Decimal("2414.00"))
    assert duties_of(work, declaration) == [{"0100": Decimal("1700.00"), "0500": Decimal("714.00")}]


def test_what_is_paid_is_the_lines_and_the_rounding(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    in_bond(work, house, [(product, 1, "1003.33")])

    declaration = released(work, declared(work, an_order(work, house, product, 1)))

    assert duties_of(work, declaration) == [{"0100": Decimal("301.00"), "0500": Decimal("91.30")}]
    assert declaration.total_tax == Decimal(392)
    assert balances(work, declaration.id)[DutyAccount.PAID] == Decimal(392)
    assert DutyAccount.PAYABLE not in balances(work, declaration.id)


def test_the_gate_opens_once_and_only_after_the_release(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    in_bond(work, house, [(product, 2, "100")])
    order = an_order(work, house, product, 2)

    with pytest.raises(NotDeclared):
        commands.draw_down(work, order.id)
    declaration = declared(work, order)
    with pytest.raises(NotReleased):
        commands.draw_down(work, order.id)
    released(work, declaration)
    drawn = commands.draw_down(work, order.id)
    with pytest.raises(ReleaseUsed):
        commands.draw_down(work, order.id)

    assert [line.quantity for line in drawn] == [2]
    statement = queries.release_of_order(work.session, order.id)
    assert statement is not None
    assert statement.number.startswith("REL-2026-")


def test_the_shipment_follows_what_customs_says(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    in_bond(work, house, [(product, 1, "100")])
    order = an_order(work, house, product, 1)
    shipment = shipments.shipment_of_order(work.session, order.id)
    seen = [shipment.customs]

    declaration = sent(work, declared(work, order))
    release.note_submission(work, {"subject": str(declaration.id)})
    seen.append(shipment.customs)
    tell(work, declaration, AnswerKind.NUMBERED, number="A002P690812345")
    tell(work, declaration, AnswerKind.RED)
    seen.append(shipment.customs)
    tell(work, declaration, AnswerKind.EXAMINED)
    tell(work, declaration, AnswerKind.RELEASED)
    seen.append(shipment.customs)

    assert seen == [
        CustomsStatus.NONE,
        CustomsStatus.SUBMITTED,
        CustomsStatus.HELD,
        CustomsStatus.RELEASED,
    ]


def test_every_book_adds_up_after_a_release(database: Engine) -> None:
    with begin(database, SYSTEM, wiring.SUBSCRIBERS) as work:
        house = a_customs_house(work)
        product = a_product(work, house)
        consignment = a_consignment(
            work, house, [(product, 3, "12.37"), (product, 4, "12.37")], currency="USD"
        )
        accepted(work, drafted(work, consignment))
        stored(work, house, consignment)
        for quantity in (2, 3):
            released(work, declared(work, an_order(work, house, product, quantity)))
        declared(work, an_order(work, house, product, 1))

    with Session(database) as session:
        differences = [
            difference
            for proof in proofs.prove(session)
            for difference in proof.differences
            if "names scan" not in difference  # the goods were stored without a scanner
        ]

    assert differences == []


def test_a_declaration_of_a_release_that_customs_refused_shows_on_its_shipment(
    work: Work,
) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    in_bond(work, house, [(product, 1, "100")])
    order = an_order(work, house, product, 1)
    shipment = shipments.shipment_of_order(work.session, order.id)

    refused: Declaration = sent(work, declared(work, order))
    tell(work, refused, AnswerKind.REJECTED)
    at_refusal = shipment.customs
    refiling.file_again(work, refused)
    again = released(work, declared(work, order))

    assert at_refusal is CustomsStatus.REJECTED
    assert again.state is DeclarationState.RELEASED
    assert shipment.customs is CustomsStatus.RELEASED


def test_ten_orders_leave_one_import_line_at_once(database: Engine) -> None:
    with begin(database, SYSTEM, wiring.SUBSCRIBERS) as work:
        house = a_customs_house(work)
        product = a_product(work, house)
        entry = in_bond(work, house, [(product, 10, "33.33")])
        orders = [an_order(work, house, product, 1) for _ in range(10)]

    def leave(order: Order) -> None:
        with begin(database, SYSTEM, wiring.SUBSCRIBERS) as work:
            declared(work, order)
        with begin(database, SYSTEM, wiring.SUBSCRIBERS) as work:
            released(work, queries.declaration_of_order(work.session, order.id))

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(leave, orders))

    with begin(database, SYSTEM, {}) as work:
        (line,) = queries.lines(work.session, entry.id)
        numbers = work.sql("SELECT number FROM release ORDER BY 1").fetchall()
        assert guarantee_of(work, house) == (0, 0)
    assert (line.discharged_quantity, line.discharged_cif_baht) == (10, line.cif_baht)
    assert [number[-6:] for (number,) in numbers] == [f"{n:06}" for n in range(1, 11)]
