"""What is said of a vehicle, its seals, mail bags and parcels, by the API's shape or in a file."""

from decimal import Decimal

import pytest
from sqlmodel import col, select

from tests import builders
from tests.builders import House
from warehouse.core.work import Work
from warehouse.inventory.models import HandlingUnit, UnitAlias
from warehouse.inventory.vocabulary import UnitKind
from warehouse.operations.intake import announcing, imports
from warehouse.operations.intake.announcing import Announcement
from warehouse.operations.intake.findings import Unacceptable
from warehouse.shipments.models import Consignment

DESPATCH = "CNBJSATHBKKAAUN60001"
BAG = f"{DESPATCH}001001025"


@pytest.fixture
def house(work: Work) -> House:
    return builders.a_house(work)


def an_announcement(work: Work, *lines: dict[str, object], **more: object) -> Announcement:
    return Announcement.model_validate(
        {
            "external_ref": "R1",
            "arrival_date": work.today.isoformat(),
            "house_bill": "HAWB",
            "consignor_name": "SHENZHEN",
            "consignment_country": "CN",
            "invoice_number": "INV",
            "invoice_date": work.today.isoformat(),
            "currency": "USD",
            "gross_weight_kg": "10",
            "lines": [
                {"parcel_number": "P-1", "sku": "BAG-1", "quantity": 1, "unit_price": "1"} | line
                for line in lines
            ],
            **more,
        }
    )


def units(work: Work) -> dict[str, HandlingUnit]:
    found = work.session.exec(select(HandlingUnit).order_by(col(HandlingUnit.number)))
    return {unit.number: unit for unit in found}


def test_seals_mail_bags_measures_and_labels_are_kept(work: Work, house: House) -> None:
    announcement = an_announcement(
        work,
        {
            "receptacle": BAG,
            "parcel_weight_kg": "1.25",
            "length_cm": 30,
            "width_cm": 20,
            "height_cm": "15",
            "labels": ["lp00123456789012", "SELLER 7"],
        },
        {"parcel_number": "P-2", "receptacle": BAG},
        vehicle="70-1234",
        seals=["TH-001", "TH-002"],
        despatch=DESPATCH,
    )

    announced = announcing.announce(work, house.partner.id, announcement)

    consignment = announced.consignment
    assert (consignment.vehicle, consignment.despatch) == ("70-1234", DESPATCH)
    assert consignment.seals == ["TH-001", "TH-002"]
    found = units(work)
    assert found[BAG].kind is UnitKind.RECEPTACLE
    assert {found["P-1"].parent_id, found["P-2"].parent_id} == {found[BAG].id}
    assert (found["P-1"].declared_kg, found["P-1"].declared_litres) == (Decimal("1.25"), Decimal(9))
    labels = work.session.exec(select(UnitAlias.code).order_by(col(UnitAlias.code))).all()
    assert labels == ["LP00123456789012", "SELLER 7"]


@pytest.mark.parametrize(
    ("lines", "field", "code"),
    [
        ([{"length_cm": 30}], "length_cm", "size-incomplete"),
        (
            [{"parcel_weight_kg": 1}, {"sku": "BAG-2", "parcel_weight_kg": 2}],
            "parcel_weight_kg",
            "parcel-differs",
        ),
        (
            [{"labels": ["X 1"]}, {"parcel_number": "P-2", "labels": ["X 1"]}],
            "labels",
            "label-in-use",
        ),
        ([{"labels": ["P-2"]}, {"parcel_number": "P-2"}], "labels", "label-in-use"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(
    work: Work, house: House, lines: list[dict[str, object]], field: str, code: str
) -> None:
    builders.a_product(work, house.partner, "BAG-2")

    with pytest.raises(Unacceptable) as refused:
        announcing.announce(work, house.partner.id, an_announcement(work, *lines))

    assert [(each.place[-1], each.code) for each in refused.value.findings] == [(field, code)]


def test_a_mail_bag_and_a_label_stand_for_one_thing_in_these_premises(
    work: Work, house: House
) -> None:
    line = {"receptacle": BAG, "labels": ["SELLER 7"]}
    announcing.announce(work, house.partner.id, an_announcement(work, line))
    again = an_announcement(work, line | {"parcel_number": "P-9"}, external_ref="R2")

    with pytest.raises(Unacceptable) as refused:
        announcing.announce(work, house.partner.id, again)

    assert {each.code for each in refused.value.findings} == {"parcel-in-use", "label-in-use"}


def test_a_file_says_it_under_thai_titles(work: Work, house: House) -> None:
    day = work.today.isoformat()
    content = (
        "external_ref,arrival_date,house_bill,consignor_name,consignment_country,invoice_number,"
        "invoice_date,currency,gross_weight_kg,parcel_number,sku,quantity,unit_price,"
        "ทะเบียนรถ,หมายเลขซีล,หมายเลขถุง,น้ำหนักพัสดุ (กก.),ยาว (ซม.),กว้าง (ซม.),สูง (ซม.),ป้ายอื่น\n"
        f"R1,{day},H,ผู้ส่ง,CN,I,{day},USD,9,P-1,BAG-1,1,1,1กข 1234,TH-1; TH-2,{BAG},1.5,10,10,10,"
        "SELLER 7;SELLER 8\n"
    ).encode()

    taken = imports.take_in(work, house.partner.code, "goods.csv", content, lambda _: None)

    assert taken.problems == ()
    consignment = work.session.exec(select(Consignment)).one()
    assert (consignment.vehicle, consignment.seals) == ("1กข 1234", ["TH-1", "TH-2"])
    parcel = units(work)["P-1"]
    assert (parcel.declared_kg, parcel.declared_litres) == (Decimal("1.5"), Decimal(1))
    assert len(work.session.exec(select(UnitAlias)).all()) == 2
