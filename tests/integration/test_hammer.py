"""Sixteen at once on the same parcels and the same last units: nothing doubled, nothing negative.

Every thread commits for real; what came of it is read from the books afterwards.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.builders import (
    House,
    a_clerk,
    a_consignment,
    a_house,
    a_parcel_number,
    an_order,
    released,
    stored_parcel,
)
from tests.integration.books import differences
from tests.integration.floor import packing
from warehouse import wiring
from warehouse.core import ids
from warehouse.core.errors import WarehouseError
from warehouse.core.work import SYSTEM, Actor, Work, begin
from warehouse.inventory.errors import InsufficientStock
from warehouse.inventory.models import Movement
from warehouse.inventory.vocabulary import MovementKind
from warehouse.operations.floor import scanning
from warehouse.operations.floor.keeping import Scanned
from warehouse.operations.models import Scan
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import ConsignmentState

THREADS = 16


def as_system(engine: Engine) -> Any:
    return begin(engine, SYSTEM, wiring.SUBSCRIBERS)


def in_parallel(engine: Engine, actions: Sequence[Callable[[Work], Any]]) -> list[Any]:
    """Do all of *actions* at the same moment, each in a transaction of its own."""
    barrier = threading.Barrier(len(actions))

    def do(action: Callable[[Work], Any]) -> Any:
        barrier.wait()
        try:
            with as_system(engine) as work:
                return action(work)
        except WarehouseError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(do, actions))


def scan(engine: Engine, clerk: Actor, *barcodes: str) -> list[dict[str, Any]]:
    """Scan *barcodes* one after the other, each committed."""
    answers = []
    for barcode in barcodes:
        with begin(engine, clerk, wiring.SUBSCRIBERS) as work:
            answers.append(
                json.loads(scanning.scan(work, Scanned(ids.new_id(), barcode, clerk.name)))
            )
    return answers


def all_scan(engine: Engine, clerks: Sequence[Actor], *barcodes: str) -> list[list[dict[str, Any]]]:
    """Each of *clerks* scans all of *barcodes*, all at once."""
    barrier = threading.Barrier(len(clerks))

    def do(clerk: Actor) -> list[dict[str, Any]]:
        barrier.wait()
        return scan(engine, clerk, *barcodes)

    with ThreadPoolExecutor(len(clerks)) as threads:
        return list(threads.map(do, clerks))


@pytest.fixture
def house(database: Engine) -> House:
    with as_system(database) as work:
        return a_house(work)


@pytest.fixture
def clerks(database: Engine, house: House) -> list[Actor]:
    with as_system(database) as work:
        return [a_clerk(work, house.premises) for _ in range(THREADS)]


def test_each_parcel_is_received_once_by_whoever_was_first(
    database: Engine, house: House, clerks: list[Actor]
) -> None:
    parcels = [a_parcel_number() for _ in range(12)]
    with as_system(database) as work:
        goods = [(parcel, house.product, Decimal(5)) for parcel in parcels]
        consignment = a_consignment(work, house, goods)

    answers = all_scan(database, clerks, "CMD-RECEIVE", *parcels)

    codes = Counter(answer["message"]["code"] for each in answers for answer in each[1:])
    assert codes == {"received": 12, "already-received": 12 * (THREADS - 1)}
    with as_system(database) as work:
        assert len(work.session.exec(select(Movement)).all()) == 12
        state = work.session.get_one(Consignment, consignment.id).state
        assert state is ConsignmentState.RECEIVED
        assert differences(work.session) == []


def test_the_last_parcels_of_a_consignment_arriving_together_complete_it(
    database: Engine, house: House, clerks: list[Actor]
) -> None:
    parcels = [a_parcel_number() for _ in clerks]
    with as_system(database) as work:
        goods = [(parcel, house.product, Decimal(1)) for parcel in parcels]
        consignment = a_consignment(work, house, goods)
    for clerk in clerks:
        scan(database, clerk, "CMD-RECEIVE")
    pairs = dict(zip(clerks, parcels, strict=True))
    barrier = threading.Barrier(THREADS)

    def receive(clerk: Actor) -> None:
        barrier.wait()
        scan(database, clerk, pairs[clerk])

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(receive, clerks))

    with as_system(database) as work:
        state = work.session.get_one(Consignment, consignment.id).state
        assert state is ConsignmentState.RECEIVED


def test_of_two_orders_for_the_last_units_one_wins(database: Engine, house: House) -> None:
    with as_system(database) as work:
        stored_parcel(work, house, 6, "A1")
        stored_parcel(work, house, 4, "A2")

    outcomes = in_parallel(database, [lambda work: an_order(work, house, 3)] * THREADS)

    assert outcomes.count(InsufficientStock) == THREADS - 3
    with as_system(database) as work:
        assert differences(work.session) == []


def test_orders_and_clerks_who_carry_the_goods_do_not_lose_each_other(
    database: Engine, house: House, clerks: list[Actor]
) -> None:
    with as_system(database) as work:
        parcels = [stored_parcel(work, house, 10, "A1") for _ in range(4)]
    carriers = clerks[:8]
    for clerk, parcel in zip(carriers, parcels * 2, strict=True):
        scan(database, clerk, "CMD-PUTAWAY", parcel)

    def carry(clerk: Actor, parcel: str) -> Callable[[Work], Any]:
        return lambda _: scan(database, clerk, "LOC-A2", parcel, "LOC-A1", parcel, "LOC-A2")

    carrying = [carry(*each) for each in zip(carriers, parcels * 2, strict=True)]
    ordering: list[Callable[[Work], Any]] = [lambda work: an_order(work, house, 7)] * 8
    outcomes = in_parallel(database, carrying + ordering)

    assert outcomes.count(InsufficientStock) == 3
    with as_system(database) as work:
        assert differences(work.session) == []


def test_a_parcel_leaves_once_however_many_scan_it_at_the_gate(
    database: Engine, house: House, clerks: list[Actor]
) -> None:
    with as_system(database) as work:
        parcel = stored_parcel(work, house, 10, "A1")
        order, shipment = an_order(work, house, 3)
        released(work, house, order)
    scan(database, clerks[0], "CMD-PICK", shipment.number, "LOC-A1", parcel)
    scan(database, clerks[0], *packing(shipment, 3))

    answers = all_scan(database, clerks, "CMD-EXIT", shipment.parcel_number)

    codes = Counter(each[-1]["message"]["code"] for each in answers)
    assert codes == {"exited": 1, "already-exited": THREADS - 1}
    with as_system(database) as work:
        issues = select(Movement).where(Movement.kind == MovementKind.ISSUE)
        assert len(work.session.exec(issues).all()) == 1
        assert differences(work.session) == []


def test_a_shipment_is_picked_once_by_two_clerks_who_work_on_it_together(
    database: Engine, house: House, clerks: list[Actor]
) -> None:
    with as_system(database) as work:
        parcel = stored_parcel(work, house, 10, "A1")
        _, shipment = an_order(work, house, 3)

    answers = all_scan(database, clerks, "CMD-PICK", shipment.number, "LOC-A1", parcel)

    codes = Counter(each[-1]["message"]["code"] for each in answers)
    assert codes["picked"] == 1
    with as_system(database) as work:
        picks = select(Movement).where(Movement.kind == MovementKind.PICK)
        assert len(work.session.exec(picks).all()) == 1
        assert differences(work.session) == []


def test_one_scan_sent_sixteen_times_at_once_gets_one_answer(
    database: Engine, house: House, clerks: list[Actor]
) -> None:
    parcel = a_parcel_number()
    with as_system(database) as work:
        a_consignment(work, house, [(parcel, house.product, Decimal(5))])
    scan(database, clerks[0], "CMD-RECEIVE")
    scanned = Scanned(ids.new_id(), parcel, "SCANNER-1")
    barrier = threading.Barrier(THREADS)

    def send(_: int) -> str:
        barrier.wait()
        with begin(database, clerks[0], wiring.SUBSCRIBERS) as work:
            return scanning.scan(work, scanned)

    with ThreadPoolExecutor(THREADS) as threads:
        answers = set(threads.map(send, range(THREADS)))

    assert len(answers) == 1
    with as_system(database) as work:
        assert len(work.session.exec(select(Scan).where(Scan.value == parcel)).all()) == 1
        assert len(work.session.exec(select(Movement)).all()) == 1
