"""A consignment of any size is entered in both books, or in neither."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, func, select

from tests import builders
from tests.builders import House
from tests.conftest import TESTER
from warehouse import wiring
from warehouse.core.work import Event, Work, begin
from warehouse.inventory import commands as inventory
from warehouse.inventory.models import HandlingUnit, Lot
from warehouse.masterdata.models import Premises
from warehouse.operations.intake import announcing, imports
from warehouse.operations.intake.findings import Unacceptable
from warehouse.operations.intake.imports import Taken
from warehouse.shipments.models import Consignment, ConsignmentLine
from warehouse.shipments.vocabulary import ShipmentEvent

TITLES = (
    "external_ref,arrival_date,house_bill,consignor_name,consignment_country,invoice_number,"
    "invoice_date,currency,gross_weight_kg,parcel_number,sku,quantity,unit_price"
)


def a_file(work: Work, lines: int, *, reference: str = "R1", sku: str = "BAG-1") -> bytes:
    day = work.today.isoformat()
    rows = [
        f"{reference},{day},HAWB,ผู้ส่ง,CN,INV,{day},USD,99999,{reference}-{n // 2},{sku}{n % 2},3,1.5"
        for n in range(lines)
    ]
    return "\n".join([TITLES, *rows]).encode()


def a_house_with_two_products(work: Work) -> House:
    house = builders.a_house(work)
    for suffix in "01":
        builders.a_product(work, house.partner, f"BAG-1{suffix}")
    return house


def taken_in(work: Work, house: House, content: bytes) -> Taken:
    said: list[str] = []
    taken = imports.take_in(work, house.partner.code, "goods.csv", content, said.append)
    assert said or taken.again
    return taken


def counted(session: Session) -> tuple[int, ...]:
    tables = (Consignment, ConsignmentLine, HandlingUnit, Lot)
    return tuple(session.exec(select(func.count()).select_from(each)).one() for each in tables)


def test_ten_thousand_lines_are_entered_with_a_lot_each(database: Engine) -> None:
    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        house = a_house_with_two_products(work)
        content = a_file(work, announcing.MOST_LINES)

    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        taken = taken_in(work, house, content)

    assert taken.problems == ()
    with Session(database) as session:
        assert counted(session) == (1, 10_000, 5_000, 10_000)
        told = select(Event).where(Event.name == ShipmentEvent.CONSIGNMENT_ANNOUNCED.value)
        assert session.exec(told).one().subject == taken.consignment_id


def test_the_same_file_sent_by_eight_at_once_is_one_import(database: Engine) -> None:
    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        house = a_house_with_two_products(work)
        content = a_file(work, 20)

    def send(_: int) -> Taken:
        with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
            return imports.take_in(work, house.partner.code, "goods.csv", content, print)

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(send, range(8)))

    assert [each.again for each in taken].count(False) == 1
    assert len({each.number for each in taken}) == 1
    with Session(database) as session:
        assert counted(session) == (1, 20, 10, 20)


def test_an_import_that_dies_halfway_leaves_nothing(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin(database, TESTER, wiring.SUBSCRIBERS) as work:
        house = a_house_with_two_products(work)
        content = a_file(work, 20)
    monkeypatch.setattr(inventory, "LOT_NUMBERS", "SELECT pg_terminate_backend(pg_backend_pid())")

    with (
        pytest.raises(OperationalError),
        begin(database, TESTER, wiring.SUBSCRIBERS) as work,
    ):
        taken_in(work, house, content)

    with Session(database) as session:
        assert counted(session) == (0, 0, 0, 0)


def test_bad_rows_keep_all_rows_out(work: Work) -> None:
    house = a_house_with_two_products(work)
    before = counted(work.session)
    content = a_file(work, 20).replace(b"-3,BAG-10", b"-3,NONE")

    taken = taken_in(work, house, content)

    assert [(each.row, each.column, each.value) for each in taken.problems] == [(8, "sku", "NONE")]
    assert taken.number == ""
    assert counted(work.session) == before


def test_a_lines_weight_is_its_products_unless_it_is_said(work: Work) -> None:
    house = builders.a_house(work)
    line = {"parcel_number": "P1", "sku": "BAG-1", "quantity": "3", "unit_price": "1"}
    said = {**line, "parcel_number": "P2", "net_weight_kg": "1.5"}

    announced = announcing.announce(work, house.partner.id, an_announcement(work, line, said))

    lines = work.session.exec(
        select(ConsignmentLine.net_weight_kg)
        .where(ConsignmentLine.consignment_id == announced.consignment.id)
        .order_by(ConsignmentLine.line_number)
    ).all()
    assert lines == [Decimal("1.950"), Decimal("1.500")]
    assert [each.code for each in announced.warnings] == ["gross-below-net"]


def test_goods_by_the_kilogram_may_be_a_fraction(work: Work) -> None:
    house = builders.a_house(work)
    house.product.unit = "KGM"
    line = {"parcel_number": "P1", "sku": "BAG-1", "quantity": "0.125", "unit_price": "1"}

    announced = announcing.announce(work, house.partner.id, an_announcement(work, line))

    (lot,) = builders.lots_in(work, house, "P1")
    assert lot.quantity == Decimal("0.125")
    assert announced.consignment.package_amount == 1


def test_where_there_are_two_warehouses_one_must_be_named(work: Work) -> None:
    house = builders.a_house(work)
    builders.a_premises(work, "BW-TEST-02")
    line = {"parcel_number": "P1", "sku": "BAG-1", "quantity": "1", "unit_price": "1"}
    announcement = an_announcement(work, line)

    with pytest.raises(announcing.PremisesNotFound):
        announcing.announce(work, house.partner.id, announcement)
    named = announcement.model_copy(update={"premises": "BW-TEST-02"})
    announced = announcing.announce(work, house.partner.id, named)

    premises = work.session.get_one(Premises, announced.consignment.premises_id)
    assert premises.code == "BW-TEST-02"


def test_days_that_cannot_be_meant_are_refused(work: Work) -> None:
    house = builders.a_house(work)
    line = {"parcel_number": "P1", "sku": "BAG-1", "quantity": "1", "unit_price": "1"}
    late = work.today + announcing.ARRIVES_WITHIN + timedelta(days=1)
    announcement = an_announcement(work, line).model_copy(update={"arrival_date": late})

    with pytest.raises(Unacceptable) as refused:
        announcing.announce(work, house.partner.id, announcement)

    assert [each.pointer for each in refused.value.findings] == ["#/arrival_date"]


def an_announcement(work: Work, *lines: dict[str, str]) -> announcing.Announcement:
    return announcing.Announcement.model_validate(
        {
            "external_ref": "R1",
            "arrival_date": work.today,
            "house_bill": "HAWB1",
            "consignor_name": "ผู้ส่ง",
            "consignment_country": "CN",
            "invoice_number": "INV1",
            "invoice_date": work.today,
            "currency": "USD",
            "gross_weight_kg": "3",
            "lines": list(lines),
        }
    )
