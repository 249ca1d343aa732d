"""Orders against the same goods at once: each piece is promised to one of them."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from tests import builders
from tests.builders import House
from tests.conftest import TESTER
from warehouse import wiring
from warehouse.core.errors import Conflict, WarehouseError
from warehouse.core.work import Job, Work, begin
from warehouse.inventory.errors import InsufficientStock
from warehouse.inventory.models import Balance, Reservation
from warehouse.masterdata.errors import ProductNotFound
from warehouse.operations.intake.ordering import OrderRequest, ParcelUnscannable, place_order
from warehouse.shipments.errors import ParcelNumberInUse
from warehouse.shipments.models import Order


def a_request(number: int, *lines: tuple[str, int], **changes: object) -> OrderRequest:
    return OrderRequest.model_validate(
        {
            "external_ref": f"O-{number}",
            "buyer": {
                "name": "สมหญิง", "phone": "081", "address": "1", "province": "ก",
                "postcode": "10110",
            },
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
        } | changes
    )  # fmt: skip


def in_parallel(engine: Engine, house: House, requests: list[OrderRequest]) -> list[str]:
    """How each of *requests* ended, all placed at the same moment."""

    def place(request: OrderRequest) -> str:
        try:
            with begin(engine, TESTER, wiring.SUBSCRIBERS) as work:
                place_order(work, house.partner.id, request)
        except WarehouseError as refused:
            return refused.code
        return "placed"

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(place, requests))


def test_of_sixteen_orders_for_the_last_piece_one_wins(database: Engine) -> None:
    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        house = builders.a_house(work)
        builders.stored_parcel(work, house, 1)

    ends = in_parallel(database, house, [a_request(n, ("BAG-1", 1)) for n in range(16)])

    assert sorted(ends) == ["insufficient-stock"] * 15 + ["placed"]
    with Session(database) as session:
        assert session.exec(select(func.count()).select_from(Order)).one() == 1
        assert session.exec(select(func.sum(Balance.reserved))).one() == 1


def test_orders_that_name_the_same_goods_in_opposite_order_never_block_each_other(
    database: Engine,
) -> None:
    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        house = builders.a_house(work)
        other = builders.a_product(work, house.partner, "TEE")
        builders.stored_parcel(work, house, 8)
        builders.stored_parcel(work, builders.replace(house, product=other), 8)
    both = [("BAG-1", 1), ("TEE", 1)]

    ends = in_parallel(
        database, house, [a_request(n, *(both if n % 2 else both[::-1])) for n in range(8)]
    )

    assert ends == ["placed"] * 8


def test_an_order_is_promised_first_in_first_out_and_asks_for_its_release(work: Work) -> None:
    house = builders.a_house(work)
    builders.stored_parcel(work, house, 6)
    builders.stored_parcel(work, house, 6)

    placed = place_order(work, house.partner.id, a_request(1, ("BAG-1", 8)))

    promised = work.session.exec(select(Reservation).order_by(col(Reservation.quantity))).all()
    assert [each.quantity for each in promised] == [2, 6]
    queued = work.session.exec(
        select(Job).where(Job.facts["subject"].astext == str(placed.order.id))
    )
    assert {job.name for job in queued} == set(wiring.SUBSCRIBERS["shipments.order.placed"])


def test_more_than_is_free_is_refused_with_what_is(work: Work) -> None:
    house = builders.a_house(work)
    builders.stored_parcel(work, house, 6)

    with pytest.raises(InsufficientStock) as refused:
        place_order(work, house.partner.id, a_request(1, ("BAG-1", 7)))

    assert isinstance(refused.value, Conflict)
    assert refused.value.facts["available"] == Decimal(6)
    assert refused.value.facts["wanted"] == Decimal(7)


def test_goods_that_customs_has_not_accepted_cannot_be_ordered(work: Work) -> None:
    house = builders.a_house(work)
    builders.a_parcel(work, house, 6)

    with pytest.raises(InsufficientStock):
        place_order(work, house.partner.id, a_request(1, ("BAG-1", 1)))


def test_a_product_of_another_partner_is_not_known(work: Work) -> None:
    house = builders.a_house(work)
    other = builders.a_partner(work, "OTHER")
    builders.stored_parcel(work, house, 6)

    with pytest.raises(ProductNotFound):
        place_order(work, other.id, a_request(1, ("BAG-1", 1)))


def test_a_partners_own_parcel_number_is_kept_as_a_scanner_reads_it(work: Work) -> None:
    house = builders.a_house(work)
    builders.stored_parcel(work, house, 6)
    spaced = a_request(1, ("BAG-1", 1), parcel_number="rr 123 456 785 th")

    placed = place_order(work, house.partner.id, spaced)

    assert placed.shipment.parcel_number == "RR123456785TH"
    with pytest.raises(ParcelNumberInUse):
        place_order(
            work,
            house.partner.id,
            a_request(2, ("BAG-1", 1), parcel_number="RR123456785TH"),
        )


def test_a_parcel_number_that_a_scanner_takes_for_a_place_is_refused(work: Work) -> None:
    house = builders.a_house(work)
    builders.stored_parcel(work, house, 6)

    with pytest.raises(ParcelUnscannable):
        place_order(work, house.partner.id, a_request(1, ("BAG-1", 1), parcel_number="LOC-A1"))
