"""The exit gate: out only under a release in force and without holds, once; each refusal kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.builders import (
    House,
    a_declaration,
    a_house,
    a_parcel_number,
    an_order,
    lots_in,
    released,
    stored_parcel,
)
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.leaving import packed, picked, somebody
from warehouse.access.vocabulary import Role
from warehouse.core import ids
from warehouse.core.work import Event, Work
from warehouse.customs import commands as customs
from warehouse.customs.errors import AuthorityExpired, AuthorityRevoked
from warehouse.customs.models import Release, ReleaseLine
from warehouse.customs.vocabulary import DeclarationState, DocumentType
from warehouse.inventory import outbound, places
from warehouse.inventory.errors import GoodsHeld
from warehouse.inventory.models import Movement
from warehouse.inventory.outbound import Released
from warehouse.inventory.vocabulary import LocationKind, MovementKind, Regime
from warehouse.operations.bond import holding
from warehouse.operations.floor.keeping import Scanned
from warehouse.operations.vocabulary import FloorEvent
from warehouse.shipments import status
from warehouse.shipments.models import Order, Shipment
from warehouse.shipments.vocabulary import Custody, CustomsStatus

Change = Callable[[Work, Release], None]


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def ready(work: Work, house: House) -> tuple[str, Order, Shipment]:
    """A packed shipment of three, and the parcel that its goods came in."""
    parcel = stored_parcel(work, house, 3)
    order, shipment = an_order(work, house, 3)
    packed(work, house, shipment)
    return parcel, order, shipment


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DeclarationState.DRAFT, "the declaration is a draft"),
        (DeclarationState.QUEUED, "waiting to be sent to customs"),
        (DeclarationState.SENT, "sent, waiting for customs"),
        (DeclarationState.UNKNOWN, "sent, no answer of customs yet"),
        (DeclarationState.REJECTED, "customs refused the declaration"),
        (DeclarationState.NUMBERED, "waiting for payment"),
    ],
)
def test_before_the_release_the_gate_says_what_it_waits_for_and_who_can_clear_it(
    work: Work, house: House, scanner: Scanner, state: DeclarationState, said: str
) -> None:
    _, order, shipment = ready(work, house)
    number = "P0101690000001" if state is DeclarationState.NUMBERED else None
    a_declaration(work, house, DocumentType.HOME_USE, state, number, order_id=order.id)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "not-released")
    assert answer["message"]["en"] == f"No release: {said}; the customs desk can clear it."
    assert issues(work) == []


def test_under_the_red_order_the_gate_says_that_customs_will_inspect(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, order, shipment = ready(work, house)
    a_declaration(
        work,
        house,
        DocumentType.HOME_USE,
        DeclarationState.NUMBERED,
        "P0101690000001",
        order_id=order.id,
    )
    status.record(work, shipment.id, customs=CustomsStatus.SUBMITTED)
    status.record(work, shipment.id, customs=CustomsStatus.HELD)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert "customs will inspect the goods" in answer["message"]["en"]


def revoke(work: Work, release: Release) -> None:
    release.revoked_at, release.revoked_by = work.at, "liaison"


def expire(work: Work, release: Release) -> None:
    release.valid_until = work.at - timedelta(minutes=1)


def use(work: Work, release: Release) -> None:
    for line in work.session.exec(select(ReleaseLine).where(ReleaseLine.release_id == release.id)):
        line.used_quantity = line.quantity


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (revoke, "authority-revoked"),
        (expire, "authority-expired"),
        (use, "release-used"),
    ],
)
def test_a_release_that_is_not_in_force_opens_no_gate(
    work: Work, house: House, scanner: Scanner, change: Change, code: str
) -> None:
    _, order, shipment = ready(work, house)
    release = released(work, house, order)
    change(work, release)
    work.session.flush()

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", code)
    assert release.number in answer["message"]["en"]
    assert issues(work) == []


@pytest.mark.parametrize(
    ("change", "error"), [(revoke, AuthorityRevoked), (expire, AuthorityExpired)]
)
def test_the_book_itself_draws_on_no_release_that_is_not_in_force(
    work: Work, house: House, change: Change, error: type[Exception]
) -> None:
    _, order, _ = ready(work, house)
    change(work, released(work, house, order))
    work.session.flush()

    with pytest.raises(error):
        customs.draw_down(work, order.id)


def test_held_goods_stay_though_they_are_released_and_leave_when_the_hold_is_lifted(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel, order, shipment = ready(work, house)
    released(work, house, order)
    liaison = somebody(work, house, Role.LIAISON)
    hold = holding.place(liaison, "customs_inspection", holding.find(liaison, parcel).target)

    refused = scanner.scan("CMD-EXIT", shipment.parcel_number)
    holding.lift(liaison, hold.id, "inspected")
    scanner.wait(61)
    left = scanner.scan(shipment.parcel_number)

    assert outcome(refused) == ("refused", "goods-held")
    assert refused["message"]["en"] == (
        f"{parcel} is held: Held by customs (Customs will inspect the goods)."
        " Customs liaison can lift it; it stays until then."
    )
    assert outcome(left) == ("good", "exited")


def test_the_book_itself_lets_no_held_goods_out(work: Work, house: House) -> None:
    parcel, order, _ = ready(work, house)
    released(work, house, order)
    liaison = somebody(work, house, Role.LIAISON)
    holding.place(liaison, "customs_inspection", holding.find(liaison, parcel).target)
    drawn = customs.draw_down(work, order.id)

    with pytest.raises(GoodsHeld):
        outbound.issue(
            work,
            house.premises.id,
            order.id,
            [Released(each.release_line_id, each.lot_id, each.quantity) for each in drawn],
            scan_id=ids.new_id(),
        )


def test_goods_that_are_not_under_bond_leave_without_a_release(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel = stored_parcel(work, house, 3)
    _, shipment = an_order(work, house, 3)
    places.add(
        work, house.premises.id, "PAID", "PAID", "PAID", LocationKind.STAGE,
        regime=Regime.DUTY_PAID,
    )  # fmt: skip
    [lot] = lots_in(work, house, parcel)
    lot.regime = Regime.DUTY_PAID
    work.session.flush()
    packed(work, house, shipment)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("good", "exited")
    [issue] = issues(work)
    assert (issue.under_bond, issue.release_line_id) == (False, None)


def test_what_is_picked_and_not_packed_stays(work: Work, house: House, scanner: Scanner) -> None:
    stored_parcel(work, house, 3)
    order, shipment = an_order(work, house, 3)
    picked(work, house, shipment)
    released(work, house, order)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "not-packed")


def test_a_cancelled_shipment_stays(work: Work, house: House, scanner: Scanner) -> None:
    _, _, shipment = ready(work, house)
    status.record(work, shipment.id, custody=Custody.CANCELLED)

    answer = scanner.scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "order-cancelled")


def test_each_refused_attempt_is_recorded_with_its_reason(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, _, shipment = ready(work, house)
    unknown = a_parcel_number()

    scanner.scan("CMD-EXIT", shipment.parcel_number)
    scanner.scan(unknown)
    scanner.scan(shipment.number)

    kept = work.session.exec(
        select(Event).where(Event.name == FloorEvent.EXIT_REFUSED).order_by(Event.sequence)  # type: ignore[arg-type]
    ).all()
    assert [each.facts for each in kept] == [
        {"scanned": shipment.parcel_number, "code": "not-declared"},
        {"scanned": unknown, "code": "unknown-shipment"},
        {"scanned": shipment.number, "code": "not-declared"},
    ]
    assert [each.subject == shipment.id for each in kept] == [True, False, True]
    assert {each.actor for each in kept} == {house.clerk.name}


def test_a_scan_that_waited_without_a_network_lets_nothing_out(
    work: Work, house: House, scanner: Scanner
) -> None:
    _, order, shipment = ready(work, house)
    released(work, house, order)
    scanner.scan("CMD-EXIT")

    late = Scanned(ids.new_id(), shipment.parcel_number, scanner.device, waited=True)
    answer = scanner.send(late)

    assert '"not-offline"' in answer
    assert issues(work) == []
    assert outcome(scanner.scan(shipment.parcel_number)) == ("good", "exited")


def test_another_warehouse_s_shipment_is_unknown(work: Work, house: House) -> None:
    elsewhere = a_house(work, "BW-TEST-02")
    _, order, shipment = ready(work, house)
    released(work, house, order)

    answer = Scanner(work, replace(elsewhere.clerk)).scan("CMD-EXIT", shipment.parcel_number)

    assert outcome(answer) == ("refused", "unknown-shipment")


def issues(work: Work) -> list[Movement]:
    return list(work.session.exec(select(Movement).where(Movement.kind == MovementKind.ISSUE)))
