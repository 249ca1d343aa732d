"""What an order may draw on: free, in store, not held, not locked down, in the owner's order."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tests.builders import (
    House,
    a_house,
    a_parcel,
    accepted,
    added,
    an_order,
    lots_in,
    released,
    stored_parcel,
)
from tests.customs_builders import a_guarantee
from tests.leaving import somebody
from warehouse.access.vocabulary import Role
from warehouse.core import ids
from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.inventory import commands, holds, inbound, queries
from warehouse.inventory.errors import (
    InsufficientStock,
    NothingHeld,
    ParcelNotByName,
    StockHeld,
)
from warehouse.inventory.models import HandlingUnit, LocationLock, OwnerMethod, Reservation
from warehouse.inventory.vocabulary import HoldKind, Regime, ReservationState, StockMethod
from warehouse.operations.bond import holding
from warehouse.shipments import commands as shipments
from warehouse.shipments.commands import OrderDraft, OrderedLine
from warehouse.shipments.models import OrderLine


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


def test_the_oldest_layer_is_promised_first_and_a_held_one_is_passed_over(
    work: Work, house: House
) -> None:
    oldest = stored_parcel(work, house, 5, accepted_at=work.at - timedelta(days=20))
    older = stored_parcel(work, house, 5, accepted_at=work.at - timedelta(days=10))
    newest = stored_parcel(work, house, 5)
    hold(work, house, oldest)

    order, _ = an_order(work, house, 7)

    assert promised(work, house, order.id) == {older: Decimal(5), newest: Decimal(2)}


def test_what_is_held_by_its_bin_its_owner_or_its_consignment_is_not_promised(
    work: Work, house: House
) -> None:
    stored_parcel(work, house, 5, "A1")
    held = {
        "location_id": house.places["A1"].id,
        "partner_id": house.partner.id,
        "product_id": house.product.id,
    }
    for column, key in held.items():
        placed = holds.place(
            work,
            HoldKind.PARTNER,
            "owner_request",
            premises_id=house.premises.id,
            **{column: key},  # type: ignore[arg-type]
        )

        with pytest.raises(StockHeld):
            an_order(work, house, 1)
        holds.lift(somebody(work, house, Role.SUPERVISOR), placed.id, "asked again")

    an_order(work, house, 5)


def test_goods_whose_storage_time_has_ended_are_refused_with_that_reason(
    work: Work, house: House
) -> None:
    overdue = stored_parcel(work, house, 5)
    hold(work, house, overdue, HoldKind.OVERDUE, "storage_overdue")

    with pytest.raises(StockHeld) as refused:
        an_order(work, house, 3)

    facts = refused.value.facts
    assert (facts["available"], facts["wanted"], facts["held"]) == (0, 3, 5)
    assert facts["reason_code"] == "storage_overdue"
    assert "The storage period has ended" in refused.value.text("en")


def test_goods_in_a_place_that_is_locked_down_or_lies_in_one_are_not_promised(
    work: Work, house: House
) -> None:
    stored_parcel(work, house, 5, "A1")
    zone = house.places["HOLD-1"]
    house.places["A1"].parent_id = zone.id
    work.session.flush()
    lock = added(
        work,
        LocationLock(location_id=zone.id, reason="leak", opened_by="boss", opened_at=work.at),
    )

    with pytest.raises(InsufficientStock):
        an_order(work, house, 1)

    lock.closed_at, lock.closed_by = work.at, "boss"
    an_order(work, house, 1)


def test_duty_paid_goods_are_promised_only_when_they_are_asked_for(
    work: Work, house: House
) -> None:
    duty_paid = stored_parcel(work, house, 5)
    [lot] = lots_in(work, house, duty_paid)
    lot.regime = Regime.DUTY_PAID
    work.session.flush()
    line = a_line(work, house)

    with pytest.raises(InsufficientStock):
        reserve(work, house, line)
    promises = reserve(work, house, line, regime=Regime.DUTY_PAID)

    assert [each.lot_id for each in promises] == [lot.id]


def test_a_parcel_can_be_named_where_goods_are_identified_one_by_one(
    work: Work, house: House
) -> None:
    stored_parcel(work, house, 5, accepted_at=work.at - timedelta(days=20))
    wanted = stored_parcel(work, house, 5)
    line = a_line(work, house)
    with pytest.raises(ParcelNotByName):
        reserve(work, house, line, parcel=wanted)
    by_parcel(work, house)

    reserve(work, house, line, parcel=wanted)

    assert promised(work, house, line.order_id) == {wanted: Decimal(1)}


def test_more_than_the_named_parcel_has_is_refused(work: Work, house: House) -> None:
    stored_parcel(work, house, 5, accepted_at=work.at - timedelta(days=20))
    wanted = stored_parcel(work, house, 2)
    by_parcel(work, house)

    with pytest.raises(InsufficientStock) as refused:
        reserve(work, house, a_line(work, house), 3, parcel=wanted)

    assert refused.value.facts["available"] == 2


def test_goods_that_are_held_later_stay_promised_until_a_supervisor_takes_others(
    work: Work, house: House
) -> None:
    held = stored_parcel(work, house, 5, accepted_at=work.at - timedelta(days=20))
    other = stored_parcel(work, house, 5)
    order, shipment = an_order(work, house, 3)
    hold(work, house, held)
    assert promised(work, house, order.id) == {held: Decimal(3)}

    anew = holding.reallocate(somebody(work, house, Role.SUPERVISOR), shipment.number)

    assert promised(work, house, order.id) == {other: Decimal(3)}
    assert [each.state for each in anew] == [ReservationState.HELD]
    assert free(work, house, held) == 5
    assert free(work, house, other) == 2


def test_nothing_is_taken_elsewhere_when_nothing_is_held_or_nothing_else_is_free(
    work: Work, house: House
) -> None:
    parcel = stored_parcel(work, house, 5)
    order, shipment = an_order(work, house, 3)
    supervisor = somebody(work, house, Role.SUPERVISOR)

    with pytest.raises(NothingHeld):
        holding.reallocate(supervisor, shipment.number)
    hold(work, house, parcel)
    with pytest.raises(StockHeld), work.session.begin_nested():
        holding.reallocate(supervisor, shipment.number)

    assert promised(work, house, order.id) == {parcel: Decimal(3)}


def test_what_customs_has_released_is_not_promised_anew(work: Work, house: House) -> None:
    parcel = stored_parcel(work, house, 5)
    stored_parcel(work, house, 5)
    a_guarantee(work, house)
    order, shipment = an_order(work, house, 3)
    released(work, house, order)
    hold(work, house, parcel)

    with pytest.raises(WrongState):
        holding.reallocate(somebody(work, house, Role.SUPERVISOR), shipment.number)


def test_goods_at_the_dock_are_not_promised(work: Work, house: House) -> None:
    parcel = a_parcel(work, house, 5)
    accepted(work, house, parcel)
    inbound.receive(work, house.premises.id, parcel, scan_id=ids.new_id())

    with pytest.raises(InsufficientStock) as refused:
        an_order(work, house, 1)

    assert refused.value.code == "insufficient-stock"


def hold(
    work: Work,
    house: House,
    parcel: str,
    kind: HoldKind = HoldKind.CUSTOMS,
    reason: str = "customs_inspection",
) -> None:
    unit = queries.handling_unit_by_number(work.session, house.premises.id, parcel)
    holds.place(work, kind, reason, premises_id=house.premises.id, handling_unit_id=unit.id)


def a_line(work: Work, house: House) -> OrderLine:
    """A line of an order to which nothing is promised yet."""
    lines = (OrderedLine(house.product.id, Decimal(1)),)
    draft = OrderDraft(
        premises_id=house.premises.id,
        partner_id=house.partner.id,
        external_ref="ORDER-LINE",
        buyer_name="สมหญิง รักเรียน",
        buyer_phone="0812345678",
        address="1 ถนนสุขุมวิท",
        province="กรุงเทพมหานคร",
        postcode="10110",
        lines=lines,
    )
    _, [line], _ = shipments.place_order(work, draft)
    return line


def reserve(
    work: Work,
    house: House,
    line: OrderLine,
    quantity: int = 1,
    *,
    parcel: str | None = None,
    regime: Regime = Regime.BONDED,
) -> list[Reservation]:
    return commands.reserve(
        work,
        order_line_id=line.id,
        product_id=house.product.id,
        partner_id=house.partner.id,
        premises_id=house.premises.id,
        quantity=Decimal(quantity),
        parcel=parcel,
        regime=regime,
    )


def by_parcel(work: Work, house: House) -> None:
    """The owner's goods are identified one by one."""
    method = StockMethod.SPECIFIC
    added(
        work,
        OwnerMethod(premises_id=house.premises.id, partner_id=house.partner.id, method=method),
    )


def promised(work: Work, house: House, order_id: UUID) -> dict[str, Decimal]:
    """How much of which parcel an order gets."""
    work.session.flush()
    shares: dict[str, Decimal] = {}
    for each in queries.reservations_of_order(work.session, order_id):
        lot = queries.lot_by_id(work.session, each.lot_id)
        parcel = work.session.get_one(HandlingUnit, lot.handling_unit_id).number
        shares[parcel] = shares.get(parcel, Decimal(0)) + each.quantity
    return shares


def free(work: Work, house: House, parcel: str) -> Decimal:
    work.session.expire_all()
    [lot] = lots_in(work, house, parcel)
    return queries.free_at(work.session, lot.id, house.places["A1"].id)
