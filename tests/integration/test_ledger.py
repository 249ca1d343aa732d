"""The stock ledger: all of a movement or none of it, balances in the same breath."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from sqlmodel import select

from tests.builders import (
    House,
    a_consignment,
    a_house,
    a_parcel,
    a_parcel_number,
    accepted,
    an_order,
    lots_in,
    stored_parcel,
)
from tests.integration.books import differences
from warehouse.core import ids
from warehouse.core.work import Event, Work
from warehouse.inventory import commands, inbound, ledger, queries
from warehouse.inventory.commands import Binding
from warehouse.inventory.errors import AlreadyBound, DuplicateParcel, InsufficientStock
from warehouse.inventory.ledger import Line
from warehouse.inventory.models import Balance, Lot, Movement
from warehouse.inventory.vocabulary import MovementKind, StockEvent


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


def a_stored_lot(work: Work, house: House, quantity: int = 10) -> Lot:
    return lots_in(work, house, stored_parcel(work, house, quantity))[0]


def a_line(lot: Lot, house: House, quantity: Decimal | int, place: str = "A1") -> Line:
    return Line(lot.id, house.places[place].id, Decimal(quantity), lot.under_bond)


def test_a_movement_takes_here_puts_there_and_is_told(work: Work, house: House) -> None:
    lot = a_stored_lot(work, house, 10)

    [movement_id] = ledger.post(
        work, MovementKind.MOVE, [a_line(lot, house, 4)], target_id=house.places["A2"].id
    )

    assert queries.free_at(work.session, lot.id, house.places["A1"].id) == 6
    assert queries.free_at(work.session, lot.id, house.places["A2"].id) == 4
    told = work.session.exec(select(Event).where(Event.subject == lot.id)).all()
    assert {"movement": str(movement_id)} in [event.facts for event in told]
    assert StockEvent.MOVED in [event.name for event in told]
    assert differences(work.session) == []


def test_nothing_is_written_when_a_place_has_less(work: Work, house: House) -> None:
    lot = a_stored_lot(work, house, 10)
    before = len(work.session.exec(select(Movement)).all())

    with pytest.raises(InsufficientStock) as refusal:
        ledger.post(
            work, MovementKind.MOVE, [a_line(lot, house, 11)], target_id=house.places["A2"].id
        )

    assert refusal.value.facts == {"goods": lot.number, "available": 10, "wanted": 11}
    assert len(work.session.exec(select(Movement)).all()) == before
    assert differences(work.session) == []


def test_two_lines_of_one_lot_in_one_place_are_taken_together(work: Work, house: House) -> None:
    lot = a_stored_lot(work, house, 10)
    lines = [a_line(lot, house, 3), a_line(lot, house, 4)]

    ledger.post(work, MovementKind.MOVE, lines, target_id=house.places["A2"].id)

    assert queries.free_at(work.session, lot.id, house.places["A2"].id) == 7
    assert differences(work.session) == []


def test_two_lines_that_are_too_much_together_are_refused(work: Work, house: House) -> None:
    lot = a_stored_lot(work, house, 10)
    lines = [a_line(lot, house, 6), a_line(lot, house, 6)]
    before = len(work.session.exec(select(Movement)).all())

    with pytest.raises(InsufficientStock):
        ledger.post(work, MovementKind.MOVE, lines, target_id=house.places["A2"].id)

    assert len(work.session.exec(select(Movement)).all()) == before


def test_promised_goods_are_not_free_to_move(work: Work, house: House) -> None:
    lot = a_stored_lot(work, house, 10)
    an_order(work, house, 7)

    with pytest.raises(InsufficientStock):
        ledger.post(
            work, MovementKind.MOVE, [a_line(lot, house, 4)], target_id=house.places["A2"].id
        )


def test_bonded_goods_cannot_be_issued_without_a_release(work: Work, house: House) -> None:
    lot = a_stored_lot(work, house, 10)

    with pytest.raises(psycopg.errors.CheckViolation, match="ck_movement_released"):
        ledger.post(
            work,
            MovementKind.ISSUE,
            [a_line(lot, house, 1)],
            target_id=house.places["HOME-USE"].id,
            target_virtual=True,
        )


@pytest.mark.parametrize("quantity", [Decimal(0), Decimal(-1)])
def test_a_movement_is_of_more_than_nothing(work: Work, house: House, quantity: Decimal) -> None:
    lot = a_stored_lot(work, house, 10)

    with pytest.raises(psycopg.errors.CheckViolation, match="ck_movement_positive"):
        ledger.post(
            work, MovementKind.MOVE, [a_line(lot, house, quantity)], target_id=house.places["A2"].id
        )


def test_goods_move_to_another_place(work: Work, house: House) -> None:
    lot = a_stored_lot(work, house, 10)

    with pytest.raises(psycopg.errors.CheckViolation, match="ck_movement_goes_somewhere"):
        ledger.post(
            work, MovementKind.MOVE, [a_line(lot, house, 1)], target_id=house.places["A1"].id
        )


@pytest.mark.parametrize("change", ["UPDATE movement SET quantity = 1", "DELETE FROM movement"])
def test_the_application_cannot_change_the_ledger(work: Work, house: House, change: str) -> None:
    a_stored_lot(work, house, 10)

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        work.sql(change)


def test_orders_are_served_first_in_first_out_by_import_line(work: Work, house: House) -> None:
    young = stored_parcel(work, house, 100, "A1", accepted_at=work.at)
    old = stored_parcel(work, house, 60, "A2", accepted_at=work.at - timedelta(days=22))

    order, _ = an_order(work, house, 80)

    promised = {each.lot_id: each.quantity for each in reservations(work, order.id)}
    assert promised == {
        lots_in(work, house, old)[0].id: 60,
        lots_in(work, house, young)[0].id: 20,
    }
    assert differences(work.session) == []


def test_an_order_for_more_than_is_free_is_refused_with_both_figures(
    work: Work, house: House
) -> None:
    stored_parcel(work, house, 5, "A1")
    stored_parcel(work, house, 4, "A2")
    an_order(work, house, 2)

    with pytest.raises(InsufficientStock) as refusal:
        an_order(work, house, 8)

    assert refusal.value.facts == {"goods": "BAG-1", "available": 7, "wanted": 8}
    assert free(work, house) == 7


def test_goods_of_another_owner_or_warehouse_are_not_promised(work: Work, house: House) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    stored_parcel(work, elsewhere, 10)
    borrowed = replace(house, product=elsewhere.product)

    with pytest.raises(InsufficientStock):
        an_order(work, borrowed, 1)


def test_a_lot_is_bound_once(work: Work, house: House) -> None:
    parcel = a_parcel(work, house)
    [line] = accepted(work, house, parcel)
    [lot] = lots_in(work, house, parcel)
    first = lot.declaration_number

    with pytest.raises(AlreadyBound):
        commands.bind(work, [Binding(lot.id, line.id, "A0101690999999", 1)], work.at)

    work.session.refresh(lot)
    assert lot.declaration_number == first


def test_a_parcel_number_is_announced_once_in_a_warehouse(work: Work, house: House) -> None:
    parcel = a_parcel(work, house)

    with pytest.raises(DuplicateParcel):
        a_consignment(work, house, [(parcel, house.product, Decimal(1))])


def test_one_parcel_may_hold_several_products_and_is_one_parcel(work: Work, house: House) -> None:
    parcel = a_parcel_number()

    a_consignment(work, house, [(parcel, house.product, Decimal(n)) for n in (1, 2, 3)])

    assert len({lot.handling_unit_id for lot in lots_in(work, house, parcel)}) == 1
    assert sorted(lot.quantity for lot in lots_in(work, house, parcel)) == [1, 2, 3]


def test_a_parcel_is_received_as_a_whole_and_once(work: Work, house: House) -> None:
    parcel = a_parcel(work, house, 10)

    first = inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())
    second = inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())

    assert first is not None
    assert second is None
    assert work.session.exec(select(Balance.quantity)).all() == [10]


def reservations(work: Work, order_id: object) -> list[object]:
    return list(queries.reservations_of_order(work.session, order_id))


def free(work: Work, house: House) -> Decimal:
    return queries.free_quantity(
        work.session,
        product_id=house.product.id,
        partner_id=house.partner.id,
        premises_id=house.premises.id,
    )
