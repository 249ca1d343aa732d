"""What a label stands for here: units by number, SSCC and alias, products by SKU and GTIN."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.builders import House, a_house, a_parcel, a_partner, a_product, added
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory.models import HandlingUnit, UnitAlias
from warehouse.inventory.vocabulary import UnitKind
from warehouse.operations.floor import labels, things
from warehouse.operations.floor.dialogue import IDLE
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.things import Content

PALLET = "106141412345678908"


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


def scanned(work: Work, house: House, barcode: str) -> Turn:
    """The turn of somebody at *house* who scans *barcode*."""
    label = labels.identify(barcode)
    return Turn(
        work,
        house.premises.id,
        ids.new_id(),
        ids.new_id(),
        label,
        label.value,
        IDLE,
        flow=None,
        confirmed=False,
        waited=False,
        scanned_at=None,
    )


def test_a_parcel_is_found_by_its_number_and_by_the_label_of_its_owner(
    work: Work, house: House
) -> None:
    number = a_parcel(work, house)
    [parcel] = work.session.exec(select(HandlingUnit).where(HandlingUnit.number == number))
    added(
        work,
        UnitAlias(premises_id=house.premises.id, code="LBX0123456789", handling_unit_id=parcel.id),
    )

    found = [things.unit(scanned(work, house, code)) for code in (number, "lbx0123456789")]

    assert [unit and (unit.id, unit.is_parcel) for unit in found] == [(parcel.id, True)] * 2


@pytest.mark.parametrize("barcode", [PALLET, f"00{PALLET}", f"(00){PALLET}(10)A"])
def test_a_container_is_found_by_its_sscc_however_it_is_written(
    work: Work, house: House, barcode: str
) -> None:
    pallet = added(
        work,
        HandlingUnit(premises_id=house.premises.id, kind=UnitKind.PALLET, number=PALLET),
    )

    unit = things.unit(scanned(work, house, barcode))

    assert unit is not None
    assert (unit.id, unit.is_parcel) == (pallet.id, False)


def test_what_stands_in_other_premises_is_not_found(work: Work, house: House) -> None:
    elsewhere = a_house(work, "BW-TEST-02")

    assert things.unit(scanned(work, house, a_parcel(work, elsewhere))) is None


@pytest.mark.parametrize(
    "barcode", ["BAG-1", "8850001000019", "08850001000019", "(01)08850001000019(10)B7"]
)
def test_a_product_is_found_by_its_sku_and_its_gtin(work: Work, house: House, barcode: str) -> None:
    a_product(work, house.partner, "BAG-2")

    [goods] = things.products(scanned(work, house, barcode), house.partner.id)

    assert (goods.id, goods.sku) == (house.product.id, "BAG-1")


def test_one_sku_of_two_owners_is_two_products(work: Work, house: House) -> None:
    other = a_product(work, a_partner(work, "OTHER"), "BAG-1")

    anybodys = things.products(scanned(work, house, "BAG-1"))
    of_one = things.products(scanned(work, house, "BAG-1"), other.partner_id)

    assert {goods.id for goods in anybodys} == {house.product.id, other.id}
    assert [goods.id for goods in of_one] == [other.id]


def test_a_symbol_says_batch_expiry_serial_and_how_many() -> None:
    label = labels.identify("(01)09501101530003(17)260331(10)B7(21)S1(37)25")
    heavy = labels.identify("]C13103012345")
    no_such_day = labels.identify("]C117260230")

    assert things.content(label) == Content("B7", date(2026, 3, 31), "S1", Decimal(25), None)
    assert things.content(heavy).weight_kg == Decimal("12.345")
    assert things.content(no_such_day).expires_on is None


def test_numbers_and_scales_say_how_many_and_how_heavy() -> None:
    assert things.quantity(labels.identify("12x")) == 12
    assert things.weight_kg(labels.identify("850 G")) == Decimal("0.85")
    assert things.quantity(labels.identify("850 G")) is None
