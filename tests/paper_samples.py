"""What stands on papers of every kind: ordinary, and as much of it as the fields can hold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from warehouse.customs.documents import (
    DeclarationPaper,
    Duty,
    EntryLine,
    PaperLine,
    ReleaseNote,
    Total,
    Withdrawal,
)
from warehouse.customs.vocabulary import DocumentType
from warehouse.inventory.documents import GoodsLabel, LocationLabel
from warehouse.shipments.documents import LabelLine, ShipmentLabel

LONG_NUMBER = "PARTNER-PARCEL-NUMBER-0000000000035"

LABEL = ShipmentLabel(
    operator_th="บริษัท ไปรษณีย์ไทย จำกัด",
    operator_en="THAILAND POST COMPANY LIMITED",
    return_address="คลังสินค้าทัณฑ์บน หลักสี่ 111 ถนนแจ้งวัฒนะ กรุงเทพมหานคร 10210",
    parcel_number="EE100000025TH",
    shipment_number="SHP-2026-000123",
    order_reference="TB-99887766",
    buyer_name="นางสาวสุดารัตน์ ผู้นำเข้า",
    buyer_phone="081-234-5678",
    address="99/9 หมู่ที่ 4 อาคารกรุ๊ปทาวเวอร์ ซอยน้ำทิพย์ ถนนปั๊มน้ำมัน ตำบลกฎฐู้",
    province="นนทบุรี",
    postcode="11000",
    weight_kg=Decimal("1250.500"),
    lines=(
        LabelLine("BAG-1", "กระเป๋าถือหนังเทียม", Decimal("1.000"), "C62"),
        LabelLine("TEE-BLK-M", "เสื้อยืดผ้าฝ้ายถัก", Decimal("2.000"), "C62"),
    ),
)
FULL_LABEL = replace(
    LABEL,
    parcel_number=LONG_NUMBER,
    shipment_number="SHP-2026-12345678901",
    order_reference="O" * 40,
    buyer_name="บริษัท นำเข้าและส่งออกสินค้าอิเล็กทรอนิกส์ไทยเจริญกรุ๊ป จำกัด (มหาชน) "
    "สำนักงานใหญ่ อินเตอร์เนชั่นแนล เทรดดิ้ง ผู้นำเข้าที่",
    address=("เลขที่ 1234/567 หมู่บ้านจัดสรร ซอยปั๊มน้ำมันกฎฐู้ 15 ถนนอรุณอมรินทร์ " * 5)[:300],
    province="กรุงเทพมหานคร (เขตบางกอกน้อย และเขตคลองสาน) ฝั่งธนบุรีเหนือ",
    lines=LABEL.lines * 5,
)


def a_receipt(what: str, title: str, base: str, rate: str, amount: str) -> dict[str, str]:
    return {
        "what": what, "title": title, "basis": "PERCENTAGE", "base": base, "base_unit": "THB",
        "rate": rate, "rate_unit": "%", "exact": amount, "rounding": "HALF_UP_SATANG",
        "exempted": amount, "amount": "0.00", "effective_from": "2017-11-13",
        "source": f"Customs Act B.E. 2560 s.14, {what}", "instead_of": "",
    }  # fmt: skip


LINE = PaperLine(
    line_number=1,
    hs_code="42022200",
    statistical_code="000",
    privilege_code="000",
    description_th="กระเป๋าถือหนังเทียม รุ่นกรุ๊ปปั๊มน้ำ",
    description_en="Handbag of plastic sheeting",
    brand="NO BRAND",
    origin_country="CN",
    quantity=Decimal("1250.000"),
    unit="C62",
    net_weight_kg=Decimal("4.000"),
    currency="USD",
    unit_price_foreign=Decimal("0.800000"),
    cif_foreign=Decimal("1000.0000"),
    cif_baht=Decimal("31300.0000"),
    duties=(
        Duty("0100", Decimal(20), Decimal(0), Decimal("6260.0000"), Decimal(0)),
        Duty("0500", Decimal(7), Decimal(0), Decimal("2629.2000"), Decimal(0)),
    ),
    explained=(
        a_receipt("0100", "Import duty", "31300.00", "20.00", "6260.00"),
        a_receipt("0500", "Value added tax", "37560.00", "7.00", "2629.20"),
    ),
)
INTO_BOND = DeclarationPaper(
    document_type=DocumentType.IMPORT,
    declaration_number="A0030690800012",
    reference_number="TPBW000000001",
    numbered_on=date(2026, 2, 26),
    import_date=date(2026, 2, 25),
    storage_ends_on=date(2028, 2, 25),
    operator_th="บริษัท ไปรษณีย์ไทย จำกัด",
    operator_en="THAILAND POST COMPANY LIMITED",
    operator_tax_id="0105546095724",
    operator_branch="0",
    premises_th="คลังสินค้าทัณฑ์บน หลักสี่",
    premises_en="Bonded warehouse, Lak Si",
    licence_number="ทบ. 8110/2569",
    tax_incentive_id="W0110000000001",
    owner_th="ที่ปั๊มน้ำกรุ๊ป ผู้นำเข้า กฎฐู้",
    owner_en="Thi Pump Group",
    owner_tax_id="0105561000119",
    consignor="SHENZHEN BAGS CO LTD",
    consignment_country="CN",
    transport="5 BY MAIL",
    house_bill="EE123456785CN",
    port="8110",
    invoice_number="INV-1",
    invoice_date=date(2026, 2, 20),
    currency="USD",
    exchange_rate=Decimal("31.300000"),
    exchange_per_units=1,
    package_amount=1,
    gross_weight_kg=Decimal("4.500"),
    net_weight_kg=Decimal("4.000"),
    cif_foreign=Decimal("1000.0000"),
    cif_baht=Decimal("31300.0000"),
    lines=(LINE,),
    totals=(
        Total("0100", Decimal("6260.0000"), Decimal(0), Decimal(0)),
        Total("0500", Decimal("2629.2000"), Decimal(0), Decimal(0)),
    ),
)
HOME_USE = replace(
    INTO_BOND,
    document_type=DocumentType.HOME_USE,
    declaration_number="A003P690800013",
    storage_ends_on=None,
    lines=(
        replace(
            LINE,
            duties=tuple(replace(duty, paid=duty.amount) for duty in LINE.duties),
            entry=EntryLine("A0030690800012", 7),
        ),
    ),
    totals=(
        Total("0100", Decimal("6260.0000"), Decimal("6260.0000"), Decimal(0)),
        Total("0500", Decimal("2629.2000"), Decimal("2629.2000"), Decimal("-0.2000")),
    ),
)
SIXTY_LINES = replace(
    INTO_BOND,
    lines=tuple(
        replace(
            LINE,
            line_number=number,
            description_th=f"ของที่ {number} " + "ปั๊มน้ำ " * (number % 7 * 9),
            description_en=f"Item number {number}; " + "goods " * (number % 5 * 9),
            cif_baht=Decimal("987654321.09"),
            duties=tuple(replace(duty, amount=Decimal("1234567890.12")) for duty in LINE.duties),
        )
        for number in range(1, 61)
    ),
)
NOTE = ReleaseNote(
    number="REL-2026-000123",
    granted_on=date(2026, 2, 27),
    declaration_number="A003P690800013",
    operator_th=INTO_BOND.operator_th,
    operator_en=INTO_BOND.operator_en,
    premises_th=INTO_BOND.premises_th,
    premises_en=INTO_BOND.premises_en,
    licence_number=INTO_BOND.licence_number,
    owner_th=INTO_BOND.owner_th,
    owner_en=INTO_BOND.owner_en,
    order_number="ORD-2026-000045",
    order_reference="TB-99887766",
    shipment_number="SHP-2026-000123",
    parcel_number="EE100000025TH",
    duty_paid=Decimal("8889.0000"),
    lines=(
        Withdrawal(
            entry=EntryLine("A0030690800012", 7),
            hs_code="42022200",
            description_th=LINE.description_th,
            description_en=LINE.description_en,
            unit="C62",
            before=Decimal("1250.000"),
            withdrawn=Decimal("4.000"),
            duty_baht=Decimal("8889.2000"),
        ),
    ),
)
LONG_NOTE = replace(NOTE, lines=NOTE.lines * 60)
PLACE = LocationLabel("A-01-03", "LOC-A-01-03", "ชั้น A-01-03 ที่เก็บน้ำ", "Shelf A-01-03")
LOT = GoodsLabel(
    parcel_number="LP00123456789012CN",
    lot_number="LOT-2026-000123",
    consignment_number="CON-2026-000001",
    sku="BAG-1",
    name_th=LINE.description_th,
    name_en=LINE.description_en,
    quantity=Decimal("1250.000"),
    unit="C62",
    declaration_number="A0030690800012",
    line_number=7,
)
FULL_PLACE = LocationLabel("R" * 30, "LOC-" + "R" * 30, "ห้อง" * 20, "W" * 80)
FULL_LOT = replace(LOT, parcel_number=LONG_NUMBER, sku="W" * 35, name_th="ปั๊มน้ำ" * 70)
