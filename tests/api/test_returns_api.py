"""What partners say of parcels that came back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests import builders
from tests.customs_builders import a_customs_house, an_order, declared, in_bond
from tests.customs_builders import released as let_go
from tests.desk import go_out
from warehouse.access import commands as access
from warehouse.core.work import Work
from warehouse.inventory import inbound, places
from warehouse.inventory.vocabulary import LocationKind, Regime
from warehouse.operations.bond import returning
from warehouse.shipments import queries as shipments
from warehouse.shipments import status
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import Custody

Arrange = Callable[[], AbstractContextManager[Work]]
CameBack = tuple[str, dict[str, str], dict[str, str]]


@pytest.fixture
def came_back(arrange: Arrange) -> CameBack:
    """A shipment that left and came back; its owner's key, and a stranger's."""
    with arrange() as work:
        house = a_customs_house(work)
        places.add(
            work, house.premises.id, "RET", "RET", "RET", LocationKind.RECEIVE,
            regime=Regime.DUTY_PAID,
        )  # fmt: skip
        in_bond(work, house, [(house.product, 2, "500")])
        order = an_order(work, house, house.product, 2)
        let_go(work, declared(work, order))
        go_out(work, house, order)
        shipment = shipments.shipment_of_order(work.session, order.id)
        for custody in (Custody.PICKED, Custody.PACKED, Custody.DISPATCHED):
            status.record(work, shipment.id, custody=custody)
        take_back(work, shipment)
        keys = [
            {"authorization": f"Bearer {access.issue_key(work, partner.id, 'test')[1]}"}
            for partner in (house.partner, builders.a_partner(work, "OTHER"))
        ]
        return shipment.number, keys[0], keys[1]


def take_back(work: Work, shipment: Shipment) -> None:
    """The parcel is scanned in again."""
    work.session.expire_all()
    returning.take_back(
        work,
        work.session.get_one(Shipment, shipment.id),
        reason="consignee_refused",
        weight_kg=None,
        target=inbound.place(work, shipment.premises_id, "RET"),
    )


def choose(client: TestClient, number: str, key: dict[str, str], choice: str, once: str) -> Any:
    return client.post(
        f"/api/v1/shipments/{number}/return-choice",
        json={"choice": choice},
        headers=key | {"idempotency-key": once},
    )


def test_the_owner_chooses_once_and_hears_the_same_again(
    client: TestClient, came_back: CameBack
) -> None:
    number, owner, _ = came_back

    first, again = (choose(client, number, owner, "destroy", "K1") for _ in range(2))
    other = choose(client, number, owner, "restock", "K2")

    assert (first.status_code, first.json()["choice"]) == (201, "destroy")
    assert again.content == first.content
    assert (other.status_code, other.json()["type"]) == (409, "/problems/choice-made")


def test_nobody_else_chooses(client: TestClient, came_back: CameBack) -> None:
    number, _, stranger = came_back

    answer = choose(client, number, stranger, "restock", "K1")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/shipment-not-found")


def test_only_what_can_be_chosen_is_chosen(client: TestClient, came_back: CameBack) -> None:
    number, owner, _ = came_back

    assert choose(client, number, owner, "sell", "K1").status_code == 422
