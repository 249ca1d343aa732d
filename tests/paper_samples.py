"""What stands on papers of every kind: ordinary, and as much of it as the fields can hold."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from warehouse.customs.documents import (
    CollectionPaper,
    DeclarationPaper,
    Deposit,
    Duty,
    EntryLine,
    EntryStatement,
    House,
    Left,
    Owner,
    PaperLine,
    Party,
    Permit,
    PetitionPaper,
    ReleaseNote,
    StoredLine,
    Total,
    Withdrawal,
    WithdrawalStatement,
)
from warehouse.customs.vocabulary import DocumentType, Procedure
from warehouse.inventory.certificates import DisposalPaper, DisposedLine
from warehouse.inventory.documents import GoodsLabel, LocationLabel
from warehouse.shipments.documents import LabelLine, ShipmentLabel

LINK = "https://warehouse.example.th/verify/ABCDEFGHIJKLMNOP"
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
    value_foreign=Decimal("1000.0000"),
    value_baht=Decimal("31300.0000"),
    duties=(
        Duty("0100", Decimal(20), Decimal(0), Decimal("6260.0000"), Decimal(0)),
        Duty("0500", Decimal(7), Decimal(0), Decimal("2629.2000"), Decimal(0)),
    ),
    explained=(
        a_receipt("0100", "Import duty", "31300.00", "20.00", "6260.00"),
        a_receipt("0500", "Value added tax", "37560.00", "7.00", "2629.20"),
    ),
)
HOUSE = House(
    operator_th="บริษัท ไปรษณีย์ไทย จำกัด",
    operator_en="THAILAND POST COMPANY LIMITED",
    tax_id="0105546095724-0",
    address="111 ถนนแจ้งวัฒนะ หลักสี่ กรุงเทพมหานคร 10210",
    name_th="คลังสินค้าทัณฑ์บน หลักสี่",
    name_en="Bonded warehouse, Lak Si",
    licence_number="ทบ. 8110/2569",
    tax_incentive_id="W0110000000001",
)
OWNER = Owner("ที่ปั๊มน้ำกรุ๊ป ผู้นำเข้า กฎฐู้", "Thi Pump Group", "0105561000119")
INTO_BOND = DeclarationPaper(
    document_type=DocumentType.IMPORT,
    procedure=Procedure.WAREHOUSING,
    number="A0030690800012",
    reference_number="TPBW000000001",
    version=1,
    accepted_on=date(2026, 2, 26),
    issued_by_hand=False,
    payment_number="",
    import_date=date(2026, 2, 25),
    moved_on=date(2026, 2, 25),
    leaves_bond_on=None,
    storage_ends_on=date(2028, 2, 25),
    house=HOUSE,
    owner=OWNER,
    other=Party("SHENZHEN BAGS CO LTD", country="CN"),
    transport="5 BY MAIL",
    bills="EE123456785CN",
    release_port="8110",
    port="8110",
    origin_country="CN",
    country="CN",
    shipping_marks="NO SHIPPING MARK",
    package_amount=1,
    package_unit="PK",
    gross_weight_kg=Decimal("4.500"),
    net_weight_kg=Decimal("4.000"),
    invoice_number="INV-1",
    invoice_date=date(2026, 2, 20),
    trade_terms="CIF",
    currency="USD",
    exchange_rate=Decimal("31.300000"),
    exchange_per_units=1,
    value_foreign=Decimal("1000.0000"),
    value_baht=Decimal("31300.0000"),
    payment_method="L",
    guarantee_method="A",
    incentive_from="",
    incentive_to="W0110000000001",
    lines=(LINE,),
    totals=(
        Total("0100", Decimal("6260.0000"), Decimal(0), Decimal(0)),
        Total("0500", Decimal("2629.2000"), Decimal(0), Decimal(0)),
    ),
)
HOME_USE = replace(
    INTO_BOND,
    document_type=DocumentType.HOME_USE,
    procedure=Procedure.HOME_USE,
    number="A003P690800013",
    payment_number="8110-090005/26-02-69",
    leaves_bond_on=date(2026, 2, 26),
    storage_ends_on=None,
    payment_method="A",
    incentive_from="W0110000000001",
    incentive_to="",
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
DRAFT = replace(INTO_BOND, number=None, accepted_on=None)
ABROAD = replace(
    INTO_BOND,
    document_type=DocumentType.EXPORT,
    procedure=Procedure.RE_EXPORT,
    number="A0031690800014",
    moved_on=date(2026, 3, 2),
    leaves_bond_on=date(2026, 3, 2),
    storage_ends_on=None,
    other=Party("KYOTO RETAIL KK", address="1-2-3 SHIJO, KYOTO 600-8001", country="JP"),
    bills="",
    country="JP",
    trade_terms="FOB",
    incentive_from="W0110000000001",
    incentive_to="",
    lines=(
        replace(
            LINE,
            privilege_code="003",
            export_tariff="9PART3",
            duties=(),
            explained=(),
            entry=EntryLine("A0030690800012", 7),
        ),
    ),
    totals=(),
)
DISPUTED = replace(
    HOME_USE,
    lines=(
        replace(
            HOME_USE.lines[0],
            assessed_baht=Decimal("41300.00"),
            duties=(
                Duty(
                    "0100", Decimal(20), Decimal("12.5"), Decimal("8260.00"), Decimal("6260.00"),
                    (Deposit("D01", Decimal("2000.00")),),
                ),
                Duty("0500", Decimal(7), Decimal(0), Decimal("3469.20"), Decimal("3469.20")),
            ),
            origin_proof="WO E1234567890",
            permits=(Permit("FDA 1-2569", date(2026, 1, 15), "0994000165676"),),
        ),
    ),
    totals=(
        Total("0100", Decimal("8260.00"), Decimal("6260.00"), Decimal(0), Decimal("2000.00")),
        Total("0500", Decimal("3469.20"), Decimal("3469.20"), Decimal("-0.20")),
    ),
)  # fmt: skip
SIXTY_LINES = replace(
    INTO_BOND,
    lines=tuple(
        replace(
            LINE,
            line_number=number,
            description_th=f"ของที่ {number} " + "ปั๊มน้ำ " * (number % 7 * 9),
            description_en=f"Item number {number}; " + "goods " * (number % 5 * 9),
            value_baht=Decimal("987654321.09"),
            duties=tuple(replace(duty, amount=Decimal("1234567890.12")) for duty in LINE.duties),
        )
        for number in range(1, 61)
    ),
)
NOTE = ReleaseNote(
    number="REL-2026-000123",
    granted_on=date(2026, 2, 27),
    declaration_number="A003P690800013",
    valid_until=date(2026, 3, 28),
    purpose="ใช้ในประเทศ / Home use",
    house=HOUSE,
    owner=OWNER,
    reference="ORD-2026-000045\nTB-99887766",
    shipment_number="SHP-2026-000123",
    parcels=("EE100000025TH",),
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
            value_before=Decimal("31300.00"),
            value_withdrawn=Decimal("100.16"),
            duty_baht=Decimal("8889.2000"),
        ),
    ),
)
STORED = StoredLine(
    line_number=7,
    hs_code="42022200",
    statistical_code="000",
    description_th=LINE.description_th,
    description_en=LINE.description_en,
    unit="C62",
    declared=Decimal("1250.000"),
    certified=Decimal("1250.000"),
    in_bond=Decimal("1206.000"),
    net_weight_kg=Decimal("4.000"),
    cif_baht=Decimal("31300.00"),
    suspended_baht=Decimal("8889.20"),
)
ENTRY_STATEMENT = EntryStatement(
    declaration_number="A0030690800012",
    reference_number="TPBW000000001",
    on=date(2026, 3, 5),
    import_date=date(2026, 2, 25),
    stored_on=date(2026, 2, 27),
    storage_ends_on=date(2028, 2, 25),
    certified_by="นายกฎฐู้ ปั๊มน้ำ",
    house_bill="EE123456785CN",
    house=HOUSE,
    owner=OWNER,
    lines=(STORED,),
    left=(
        Left(
            7, date(2026, 2, 27), "A003P690800013", Procedure.HOME_USE,
            "C62", Decimal(1250), Decimal(4),
        ),
        Left(
            7, date(2026, 3, 2), "A0031690800014", Procedure.RE_EXPORT,
            "C62", Decimal(1246), Decimal(40),
        ),
    ),
)  # fmt: skip
WITHDRAWAL_STATEMENT = WithdrawalStatement(
    number="A003P690800013",
    reference_number="TPBW000000002",
    document_type=DocumentType.HOME_USE,
    procedure=Procedure.HOME_USE,
    on=date(2026, 2, 27),
    house=HOUSE,
    owner=OWNER,
    lines=NOTE.lines,
)
PETITION = PetitionPaper(
    number="TPBW000000009",
    disposal_number="DSP-2026-000004",
    procedure=Procedure.DESTRUCTION,
    made_on=date(2026, 3, 5),
    proposed_on=date(2026, 3, 12),
    place="โรงงานกำจัดของเสีย บางปู สมุทรปราการ",
    reason="ของเสื่อมสภาพจากน้ำท่วมชั้น A-01 ไม่อาจจำหน่ายได้",
    house=HOUSE,
    owner=OWNER,
    lines=NOTE.lines,
)
COLLECTION = CollectionPaper(
    number="COL-2026-000123",
    parcel_number="EE123456785CN",
    issued_on=date(2026, 3, 5),
    import_date=date(2026, 3, 4),
    pay_by=date(2026, 3, 20),
    dispute_by=date(2026, 3, 12),
    recipient_name="นางสาวสุดารัตน์ ผู้นำเข้า",
    recipient_address="99/9 หมู่ที่ 4 ซอยน้ำทิพย์ ตำบลกฎฐู้ อำเภอเมือง นนทบุรี 11000",
    sender_name="SHENZHEN BAGS CO LTD",
    sender_country="CN",
    description="กระเป๋าถือหนังเทียม / Handbag of plastic sheeting",
    hs_code="42022200",
    statistical_code="000",
    origin_country="CN",
    quantity=Decimal(12),
    weight_kg=Decimal("4.500"),
    value_baht=Decimal("31300.00"),
    total_tax=Decimal("8889.00"),
    assessor="นายสมชาย ศุลกากร",
    house=HOUSE,
    explained=tuple(
        {**each, "exempted": "0.00", "amount": each["exact"]} for each in LINE.explained
    ),
)
CERTIFICATE = DisposalPaper(
    title_th="หนังสือรับรองการทำลายของ",
    title_en="Certificate of destruction",
    number="DSP-2026-000004",
    carried_out_at=datetime(2026, 3, 12, 3, tzinfo=UTC),
    authority="กค 0512/1234",
    officer="นายกฎฐู้ ปั๊มน้ำ",
    reason=PETITION.reason,
    destination=PETITION.place,
    seal="SEAL-0042",
    operator_th=HOUSE.operator_th,
    operator_en=HOUSE.operator_en,
    premises_th=HOUSE.name_th,
    premises_en=HOUSE.name_en,
    licence_number=HOUSE.licence_number,
    owner_th=OWNER.name_th,
    owner_en=OWNER.name_en,
    lines=(
        DisposedLine(
            "EE123456785CN", "LOT-2026-000123", "A0030690800012", 7,
            LINE.description_th, LINE.description_en, Decimal(4), "C62",
        ),
    ),
)  # fmt: skip
TRANSFER_NOTE = replace(
    CERTIFICATE,
    title_th="ใบโอนย้ายของไปคลังสินค้าทัณฑ์บนอื่น",
    title_en="Transfer note",
    number="DSP-2026-000005",
    authority="A003-B690800015",
    officer="",
    reason="ย้ายไปใกล้ผู้ซื้อ",
    destination="คลังสินค้าทัณฑ์บน เชียงใหม่\nBonded warehouse, Chiang Mai",
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
