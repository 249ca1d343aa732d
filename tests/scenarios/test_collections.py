"""Postal group 2: the post collects duty and tax at the door, by rule and in time."""

from datetime import date
from decimal import Decimal

from sqlmodel import select

from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.customs.models import CollectionOrder
from warehouse.customs.vocabulary import CollectionState

PARCEL = {
    "parcel_number": "RR123456785CN",
    "import_date": "2026-08-03",
    "recipient_name": "สมชาย ใจดี",
    "recipient_address": "99 ถนนแจ้งวัฒนะ กรุงเทพฯ",
    "sender_name": "SHENZHEN GOODS",
    "sender_country": "CN",
    "description": "กระเป๋าถือ",
    "hs_code": "42022200",
    "statistical_code": "000",
    "origin_country": "CN",
    "quantity": "1",
    "weight_kg": "0.650",
    "fob_baht": "30000",
    "value_baht": "31300",
}


def submit(world: World, path: str = "", **fields: str) -> int:
    liaison = world.colleague(Role.LIAISON, "ratree")
    return liaison.submit(
        f"/collections{path}", **(fields if path else PARCEL | fields)
    ).status_code


def orders(world: World) -> list[CollectionOrder]:
    return sorted(world.rows(select(CollectionOrder)), key=lambda each: each.number)


def test_the_handbag_of_the_postal_guide_is_assessed_collected_and_paid(world: World) -> None:
    issued = submit(world)

    (order,) = orders(world)
    paid = submit(world, f"/{order.number}/payment", receipt="0110-090005/14-06-61")

    assert (issued, paid) == (303, 303)
    assert (order.duty_baht, order.vat_baht) == (6260, Decimal("2629.20"))
    assert (order.total_tax, order.pay_by) == (8889, date(2026, 8, 18))
    assert orders(world)[0].state is CollectionState.PAID
    world.prove()


def test_what_one_sender_sends_together_is_not_split_to_stay_below_the_limit(world: World) -> None:
    submit(world)

    refused = submit(world, parcel_number="RR123456799CN", fob_baht="10001", value_baht="10500")

    assert refused == 422
    assert len(orders(world)) == 1


def test_restricted_and_unknown_goods_are_not_for_the_post_to_collect(world: World) -> None:
    restricted = submit(world, hs_code="33049990", description="ครีม")
    unknown = submit(world, hs_code="85171300", description="โทรศัพท์")
    twice = [submit(world), submit(world)]

    assert (restricted, unknown, twice) == (422, 422, [303, 409])


def test_a_dispute_has_seven_days_and_what_nobody_pays_goes_back(world: World) -> None:
    submit(world)
    submit(world, parcel_number="RR123456799CN", recipient_name="สมหญิง")
    disputed, unpaid = orders(world)

    in_time = submit(world, f"/{disputed.number}/dispute", reason="ราคาสูงไป")
    world.clock.move_to("2026-08-11 03:00:00")
    too_late = submit(world, f"/{unpaid.number}/dispute", reason="ราคาสูงไป")
    world.clock.move_to("2026-08-18 17:30:00")
    world.run_job("return-unpaid")
    report = world.colleague(Role.OFFICER, "arun").get("/collections", month="2026-08-01").text

    assert (in_time, too_late) == (303, 422)
    assert [each.state for each in orders(world)] == [
        CollectionState.DISPUTED,
        CollectionState.RETURNED,
    ]
    assert "RR123456799CN" in report
