"""S7: an order is released for home use, from the oldest layers, picked, packed, let out once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from tests import builders, customs_builders
from tests.scenarios.world import Answer, Colleague, World
from warehouse.access import commands as access
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event
from warehouse.customs import queries as declarations
from warehouse.customs.models import Declaration, DeclarationLine, Payment, PolicyRow
from warehouse.customs.money import payments
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory.models import Movement
from warehouse.inventory.vocabulary import MovementKind
from warehouse.operations.printing import bond_forms
from warehouse.shipments.models import Order, Shipment
from warehouse.shipments.vocabulary import Custody, ShipmentEvent

E1, E2 = "A0100690100001", "A0010690200001"


@pytest.fixture
def bags(world: World) -> World:
    """60 bags in E1 line 2, in A-01; 100 younger ones in E2 line 1, in A-02."""
    world.in_bond(
        [("PARCEL-TEE", "TEE-1", 1, "100"), ("PARCEL-E1", "BAG-1", 60, "500")],
        "A-01",
        number=E1,
        on=date(2026, 1, 10),
    )
    world.in_bond([("PARCEL-E2", "BAG-1", 100, "500")], "A-02", number=E2, on=date(2026, 2, 1))
    return world


def test_eighty_bags_leave_sixty_from_the_older_line_and_twenty_from_the_younger(
    bags: World,
) -> None:
    order, shipment = bags.order("BAG-1", 80)
    release = bags.release(order)
    picked = pick(bags, shipment)
    packed = pack(bags, shipment, 80)
    exited = bags.colleague().scan("CMD-EXIT", shipment.parcel_number)

    with bags.arrange() as work:
        note = bond_forms.release_form(work.session, release)
    statement = {
        (each.entry.declaration_number, each.entry.line_number): (
            each.before,
            each.withdrawn,
            each.before - each.withdrawn,
        )
        for each in note.lines
    }
    assert statement == {(E1, 2): (60, 60, 0), (E2, 1): (100, 20, 80)}
    assert [each["message"]["code"] for each in (picked, packed, exited)] == [
        "picked", "packed", "exited",
    ]  # fmt: skip
    [kept] = bags.rows(select(Shipment))
    assert kept.custody is Custody.DISPATCHED
    issues = bags.rows(select(Movement).where(Movement.kind == MovementKind.ISSUE))
    assert sorted(each.quantity for each in issues) == [20, 60]
    assert all(each.release_line_id for each in issues)
    dispatched = ShipmentEvent.SHIPMENT_DISPATCHED.value
    assert len(bags.rows(select(Event).where(Event.name == dispatched))) == 1
    bags.prove()


def test_duty_is_that_of_the_day_of_release_on_the_value_of_the_day_of_import(
    world: World,
) -> None:
    with world.arrange() as work:
        world.products["ALB", "TEE-1"].hs_code = "61059000"
        work.session.add(world.products["ALB", "TEE-1"])
        customs_builders.a_tariff_line(work, "61059000", "30", "2026-01-01", "2026-07-31")
        customs_builders.a_tariff_line(work, "61059000", "20", "2026-08-01")
    entry = world.in_bond([("PARCEL-1", "TEE-1", 10, "850")], on=date(2026, 7, 1))
    order, shipment = world.order("TEE-1", 10)

    release = world.release(order)
    pick(world, shipment)
    world.colleague().scan("CMD-PACK", shipment.parcel_number)
    world.colleague().scan("CMD-EXIT", shipment.parcel_number)

    with world.arrange() as work:
        assert release.declaration_id is not None
        home_use = declarations.declaration_by_id(work.session, release.declaration_id)
        suspended, imposed = (customs_builders.duties_of(work, each) for each in (entry, home_use))
    assert home_use.cif_baht == Decimal("8500.00")
    assert suspended == [amounts("2550.00", "773.50")]
    assert imposed == [amounts("1700.00", "714.00")]
    world.prove()


def test_picking_from_the_younger_line_is_refused_and_the_bin_of_the_older_is_named(
    bags: World,
) -> None:
    _, shipment = bags.order("BAG-1", 10)
    clerk = bags.colleague()
    clerk.scan("CMD-PICK", shipment.number)

    wrong_bin = clerk.scan("LOC-A-02")
    clerk.scan("LOC-A-01")
    wrong_parcel = clerk.scan("PARCEL-E2")

    for answer in (wrong_bin, wrong_parcel):
        assert (answer["tone"], answer["message"]["code"]) == ("refused", "older-first")
        assert "A-01" in answer["message"]["th"]
        assert "PARCEL-E1" in answer["message"]["en"]
    assert bags.rows(select(Movement).where(Movement.kind == MovementKind.PICK)) == []
    bags.prove()


def test_what_is_filed_waits_for_its_payment_and_is_not_let_out(bags: World) -> None:
    order, shipment = bags.order("BAG-1", 1)
    pick(bags, shipment)
    pack(bags, shipment, 1)
    undeclared = bags.colleague().scan("CMD-EXIT", shipment.parcel_number)
    with bags.arrange() as work:
        customs_builders.accepted(work, customs_builders.declared(work, order))

    unpaid = bags.colleague().scan(shipment.parcel_number)

    assert [each["message"]["code"] for each in (undeclared, unpaid)] == [
        "not-declared", "not-released",
    ]  # fmt: skip
    assert unpaid["message"]["en"] == (
        "No release: waiting for payment; the customs desk can clear it."
    )
    assert bags.rows(select(Movement).where(Movement.kind == MovementKind.ISSUE)) == []
    bags.prove()


def test_the_statement_says_before_withdrawn_and_after_of_each_import_line(bags: World) -> None:
    order, _ = bags.order("BAG-1", 80)
    bags.release(order)
    with bags.arrange() as work:
        declaration = declarations.declaration_of_order(work.session, order.id)
        assert declaration is not None
        rows = declarations.withdrawal_statement(work.session, declaration)

    page = bags.colleague(Role.LIAISON, "ratree").get(
        f"/declarations/{declaration.reference_number}"
    )

    assert [(row.line_number, row.before, row.withdrawn, row.after) for row in rows] == [
        (2, 60, 60, 0),
        (1, 100, 20, 80),
    ]
    assert [row.value_before - row.value_withdrawn for row in rows] == [
        row.value_after for row in rows
    ]
    assert rows[0].value_after == 0
    assert "ยอดก่อนตัด" in page.text or "Before, withdrawn, after" in page.text
    bags.prove()


def test_of_two_orders_for_the_last_ten_at_once_one_wins_and_the_other_is_told(
    world: World,
) -> None:
    world.in_bond([("PARCEL-1", "BAG-1", 10, "500")])
    with world.arrange() as work:
        _, key = access.issue_key(work, world.partners["ALB"].id, "test")
    clients = [world.new_client() for _ in range(2)]
    barrier = threading.Barrier(2)

    def order(position: int) -> Any:
        barrier.wait()
        return clients[position].post(
            "/api/v1/orders",
            json={
                "external_ref": f"SO-{position}",
                "premises": "BW-BKK-01",
                "buyer": {
                    "name": "สมหญิง", "phone": "081", "address": "1", "province": "กรุงเทพฯ",
                    "postcode": "10110",
                },
                "lines": [{"sku": "BAG-1", "quantity": "10"}],
            },
            headers={
                "authorization": f"Bearer {key}",
                "idempotency-key": str(uuid4()),
                "accept-language": "en",
            },
        )  # fmt: skip

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(order, range(2)))

    assert sorted(each.status_code for each in answers) == [201, 409]
    [lost] = [each.json() for each in answers if each.status_code == 409]
    assert lost["type"] == "/problems/insufficient-stock"
    assert len(world.rows(select(Order))) == 1
    world.prove()


def test_bad_2_a_payment_of_another_sum_than_its_order_leaves_the_declaration_a_draft(
    bags: World,
) -> None:
    demand_payment(bags)
    number = priced_order(bags, "1250.00")
    liaison = bags.colleague(Role.LIAISON, "ratree")

    unpaid = after_jobs(bags)
    pay(liaison, "PP-1", "1249.99", number)
    differs = after_jobs(bags)
    page = liaison.get("/payments").text
    pay(liaison, "PP-2", "1250.00", number)
    paid = after_jobs(bags)

    assert (unpaid.state, codes(unpaid)) == (DeclarationState.DRAFT, ["order-not-paid"])
    assert (differs.state, codes(differs)) == (DeclarationState.DRAFT, ["payment-differs"])
    assert f"1,249.99 baht; {number} comes to 1,250" in differs.refusals[0]["en"]
    assert "PP-1" in page
    assert (paid.state, codes(paid)) == (DeclarationState.QUEUED, [])
    (matched,) = bags.rows(select(Payment).where(col(Payment.order_id).is_not(None)))
    assert (matched.number, matched.order_id) == ("PP-2", paid.order_id)
    bags.prove()


def test_the_second_scan_at_the_gate_says_when_it_left(bags: World) -> None:
    order, shipment = bags.order("BAG-1", 1)
    bags.release(order)
    pick(bags, shipment)
    pack(bags, shipment, 1)
    bags.clock.move_to("2026-08-03 07:04:58")
    clerk = bags.colleague()
    clerk.scan("CMD-EXIT", shipment.parcel_number)
    bags.wait(minutes=5)

    answer = clerk.scan(shipment.parcel_number)

    assert (answer["tone"], answer["message"]["code"]) == ("refused", "already-exited")
    assert "14:05" in answer["message"]["th"]
    bags.prove()


def test_a_line_out_of_bond_says_of_the_goods_what_its_import_line_says(bags: World) -> None:
    order, _ = bags.order("BAG-1", 80)
    bags.release(order)

    lines = bags.rows(
        select(DeclarationLine)
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(Declaration.order_id == order.id)
    )

    assert len(lines) == 2
    for line in lines:
        [entry] = bags.rows(select(DeclarationLine).where(DeclarationLine.id == line.entry_line_id))
        for name in ("hs_code", "statistical_code", "description_th", "description_en"):
            assert getattr(line, name) == getattr(entry, name)
    bags.prove()


def test_a_cancelled_order_returns_its_released_goods_to_bond_by_scan(bags: World) -> None:
    order, shipment = bags.order("BAG-1", 3)
    bags.release(order)
    pick(bags, shipment)
    pack(bags, shipment, 3)
    with bags.arrange() as work:
        _, key = access.issue_key(work, bags.partners["ALB"].id, "test")

    answer = bags.new_client().post(
        f"/api/v1/orders/{order.number}/cancellation",
        headers={"authorization": f"Bearer {key}", "idempotency-key": "cancel-1"},
    )
    clerk = bags.colleague()
    shut = clerk.scan("CMD-EXIT", shipment.parcel_number)
    back = clerk.scan("CMD-PUTBACK", shipment.parcel_number, "LOC-A-01")

    assert (answer.status_code, answer.json()["custody"]) == (200, "cancelled")
    assert shut["message"]["code"] == "order-cancelled"
    assert back["message"]["code"] == "goods-back"
    bags.prove()


def demand_payment(world: World) -> None:
    """BW-BKK-01 wants an order paid before its goods are declared for home use."""
    with world.arrange() as work:
        builders.added(
            work,
            PolicyRow(
                name=payments.ORDER_PAYMENT_REQUIRED,
                key="BW-BKK-01",
                value=payments.REQUIRED,
                valid_from=date(2026, 1, 1),
                source="operator rule",
            ),
        )


def priced_order(world: World, amount: str) -> str:
    """ALB orders one bag for a buyer who pays *amount* baht; the order's number."""
    with world.arrange() as work:
        _, key = access.issue_key(work, world.partners["ALB"].id, "test")
    answer = world.new_client().post(
        "/api/v1/orders",
        json={
            "external_ref": "SO-PAID",
            "premises": "BW-BKK-01",
            "buyer": {
                "name": "สมหญิง", "phone": "081", "address": "1", "province": "กรุงเทพฯ",
                "postcode": "10110",
            },
            "lines": [{"sku": "BAG-1", "quantity": "1"}],
            "amount": amount,
            "currency": "THB",
        },
        headers={"authorization": f"Bearer {key}", "idempotency-key": str(uuid4())},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def pay(liaison: Colleague, number: str, amount: str, order: str) -> None:
    """The platform's proof of payment is captured."""
    answer = liaison.submit(
        "/payments",
        kind="order",
        number=number,
        amount=amount,
        paid_at="2026-08-03T08:00",
        names=order,
    )
    assert answer.status_code == 303, answer.text


def after_jobs(world: World) -> Declaration:
    """The release as it stands once everything due is done."""
    world.run_jobs()
    (found,) = world.rows(select(Declaration).where(col(Declaration.order_id).is_not(None)))
    assert isinstance(found, Declaration)
    return found


def codes(declaration: Declaration) -> list[str]:
    return [each["code"] for each in declaration.refusals]


def pick(world: World, shipment: Shipment) -> Answer:
    """A clerk takes what is promised, bin by bin, by the labels of the parcels."""
    clerk = world.colleague()
    answer = clerk.scan("CMD-PICK", shipment.number)
    while answer["state"] == "scan_bin":
        wanted = answer["data"]
        answer = clerk.scan(f"LOC-{wanted['location']}", wanted["parcel"])
    return answer


def pack(world: World, shipment: Shipment, quantity: int) -> Answer:
    """A clerk packs bags: every one scanned or counted, then weighed."""
    items = ["BAG-1"] if quantity == 1 else ["BAG-1", str(quantity)]
    weight = f"{Decimal('0.65') * quantity}KG"
    return world.colleague().scan("CMD-PACK", shipment.parcel_number, *items, weight)


def amounts(duty: str, vat: str) -> dict[str, Decimal]:
    """Duty and value added tax, as a line owes them."""
    return {"0100": Decimal(duty), "0500": Decimal(vat)}
