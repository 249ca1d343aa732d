"""A small believable warehouse: premises, partners, goods, places, people, keys."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from warehouse.access import commands as access
from warehouse.access.vocabulary import Role
from warehouse.core.work import Work
from warehouse.customs import commands as customs
from warehouse.customs.money import letters
from warehouse.customs.money.letters import LetterDraft, Terms
from warehouse.customs.vocabulary import GuaranteeStrategy
from warehouse.inventory import floor_policy, places
from warehouse.inventory.models import ReplenishmentRule
from warehouse.inventory.vocabulary import LocationKind, Regime
from warehouse.masterdata import commands as masterdata
from warehouse.masterdata.models import Partner, Premises, Product
from warehouse.operations import demo_desk
from warehouse.shipments import routes
from warehouse.shipments.models import CartonType, ParcelNumberRange

HOME: Final = "BW-BKK-01"
PASSWORD: Final = "ไปรษณีย์-demo-2569"  # noqa: S105 (of the demonstration, printed at every start)

_ZONES: Final[Sequence[tuple[str, str, str, Regime]]] = (
    ("BOND", "เขตทัณฑ์บน", "Bonded zone", Regime.BONDED),
    ("PAID", "เขตของที่ชำระอากรแล้ว", "Duty-paid zone", Regime.DUTY_PAID),
)
# Zone, code, names, kind.  Of several places of a kind the first by code is taken.
_PLACES: Final[Sequence[tuple[str, str, str, str, LocationKind]]] = (
    ("BOND", "DOCK-1", "ท่ารับสินค้า 1", "Receiving dock 1", LocationKind.RECEIVE),
    ("BOND", "INSPECT-1", "ห้องตรวจสินค้า", "Inspection room", LocationKind.INSPECTION),
    ("BOND", "HOLD-1", "ห้องกักสินค้า", "Hold room", LocationKind.HOLD),
    ("BOND", "STAGE-1", "จุดพักสินค้าออก 1", "Outbound staging 1", LocationKind.STAGE),
    ("BOND", "STAGE-BKK", "เลนกรุงเทพฯ", "Lane Bangkok", LocationKind.STAGE),
    ("BOND", "STAGE-UP", "เลนต่างจังหวัด", "Lane upcountry", LocationKind.STAGE),
    *(
        ("BOND", f"{row}-{bay:02}-{level:02}", f"ชั้น {row}-{bay:02}-{level:02}",
         f"Shelf {row}-{bay:02}-{level:02}", LocationKind.STORE)
        for row in "AB" for bay in range(1, 5) for level in range(1, 4)
    ),
    *(
        ("BOND", f"P-{place:02}", f"ช่องหยิบ P-{place:02}", f"Pick bin P-{place:02}",
         LocationKind.PICK)
        for place in range(1, 5)
    ),
    ("PAID", "RETURNS-1", "ท่ารับของคืน", "Returns dock", LocationKind.RECEIVE),
    ("PAID", "RETURNS-2", "จุดตรวจของคืน", "Inspection of returns", LocationKind.INSPECTION),
    ("PAID", "STAGE-PAID", "จุดพักของชำระอากรแล้ว", "Duty-paid staging", LocationKind.STAGE),
    ("PAID", "D-01", "ชั้น D-01", "Shelf D-01", LocationKind.STORE),
    ("PAID", "D-02", "ชั้น D-02", "Shelf D-02", LocationKind.STORE),
)  # fmt: skip
# Code, names, postcodes from and to, lane: the narrowest range goes first.
_ROUTES: Final = (
    ("BKK", ("กรุงเทพฯ และปริมณฑล", "Bangkok and vicinity"), ("10000", "12999"), "STAGE-BKK"),
    ("UP", ("ต่างจังหวัด", "Upcountry"), ("00000", "99999"), "STAGE-UP"),
)
_CARTONS: Final = (("BOX-S", "0.080", "2"), ("BOX-M", "0.150", "5"), ("BOX-L", "0.300", "20"))
# SKU of the first partner, the pick bin at home that is filled with it, from how few to how many.
_PICK_BINS: Final = (("BAG-1", "P-01", "4", "12"), ("TEE-BLK-M", "P-02", "6", "30"))
# Code, names, licence, first parcel number, whether it is the sandbox.
_PREMISES: Final = (
    ("BW-BKK-01", "คลังสินค้าทัณฑ์บน ไปรษณีย์ไทย หลักสี่",
     "Thailand Post bonded warehouse, Lak Si", "ทบ. 8110/2569", 10_000_000, False),
    ("BW-CNX-02", "คลังสินค้าทัณฑ์บน ไปรษณีย์ไทย เชียงใหม่",
     "Thailand Post bonded warehouse, Chiang Mai", "ทบ. 8120/2569", 20_000_000, False),
    ("TRAIN-01", "คลังฝึกหัด", "Training warehouse", "–", 90_000_000, True),
)  # fmt: skip
_GOODS: Final[Sequence[tuple[str, str, str, str, str, str, str, str, str]]] = (
    ("BAG-1", "8850001000019", "กระเป๋าถือหนังเทียม", "Handbag of plastic sheeting",
     "42022200", "000", "C62", "CN", "0.650"),
    ("TEE-BLK-M", "8850001000026", "เสื้อยืดผ้าฝ้ายถัก", "T-shirt, knitted cotton",
     "61091010", "000", "C62", "CN", "0.180"),
    ("SHOE-42", "8850001000033", "รองเท้าผ้าใบพื้นยาง", "Sports shoes, textile uppers",
     "64041190", "000", "PR", "VN", "0.800"),
    ("EAR-01", "8850001000040", "หูฟังครอบศีรษะ", "Headphones",
     "85183020", "000", "C62", "CN", "0.250"),
    ("BOX-05L", "8850001000057", "กล่องพลาสติกใส่อาหาร", "Plastic food container",
     "39241090", "000", "C62", "CN", "0.220"),
    ("WATCH-7", "8850001000064", "นาฬิกาข้อมือ", "Wrist watch",
     "91021200", "000", "C62", "JP", "0.090"),
    ("PHONE-5", "8850001000071", "โทรศัพท์สมาร์ตโฟน", "Smartphone",
     "85171300", "000", "C62", "CN", "0.220"),
    ("HONEY-05", "8850001000088", "น้ำผึ้งธรรมชาติ ขวด 0.5 กก.", "Natural honey, bottle of 0.5 kg",
     "04090000", "000", "C62", "NZ", "0.500"),
    ("PERFUME-50", "8850001000095", "น้ำหอม ขวด 50 มล.", "Perfume, bottle of 50 ml",
     "33030000", "000", "C62", "FR", "0.150"),
)  # fmt: skip
_RETAIL_PRICES: Final = {"PERFUME-50": Decimal("2490.00")}
_PEOPLE: Final[Sequence[tuple[str, str, str, str, Role, str, str]]] = (
    ("BW-BKK-01", "somchai", "สมชาย ใจดี", "Somchai Jaidee", Role.CLERK, "BADGE-1001", "246802"),
    ("BW-BKK-01", "suda", "สุดา แก้วใส", "Suda Kaewsai", Role.CLERK, "BADGE-1002", "864209"),
    ("BW-BKK-01", "malee", "มาลี ศรีสุข", "Malee Srisuk", Role.SUPERVISOR, "BADGE-2001", "135791"),
    ("BW-BKK-01", "ratree", "ราตรี พงษ์ไทย", "Ratree Phongthai", Role.LIAISON, "", ""),
    ("BW-BKK-01", "wichai", "วิชัย มั่นคง", "Wichai Mankhong", Role.MANAGER, "", ""),
    ("BW-BKK-01", "officer", "นายตรวจศุลกากร อรุณ", "Customs officer Arun", Role.OFFICER, "", ""),
    ("BW-BKK-01", "admin", "ผู้ดูแลระบบ", "Administrator", Role.ADMINISTRATOR, "", ""),
    ("BW-CNX-02", "kham", "คำ ล้านนา", "Kham Lanna", Role.CLERK, "BADGE-3001", "975310"),
    ("TRAIN-01", "trainee", "ผู้ฝึกหัด", "Trainee", Role.CLERK, "BADGE-9001", "112233"),
)


def loaded(session: Session) -> bool:
    """Whether anything has been set up here: then nothing more is loaded."""
    return session.exec(select(Premises).limit(1)).first() is not None


def load(work: Work) -> dict[str, object]:
    """Set the warehouse up; return what the people at the terminal need to sign in."""
    masterdata.load_reference(work)
    customs.load_policy(work)
    floor_policy.load(work)
    houses = {each[0]: _premises(work, *each) for each in _PREMISES}
    bins = {code: _furnish(work, premises.id) for code, premises in houses.items()}[HOME]
    keys: dict[str, str] = {}
    partners: list[Partner] = []
    for code, name_th, name_en, tax_id, country in (
        ("ALB", "อาลีบาบา (สาธิต)", "Alibaba (demonstration)", "0105561000119", "CN"),
        ("LZD", "ลาซาด้า (สาธิต)", "Lazada (demonstration)", "0105559000221", "TH"),
    ):
        partner = Partner(
            code=code, name_th=name_th, name_en=name_en, tax_id=tax_id, branch="0", country=country
        )
        work.session.add(partner)
        work.session.flush()
        products = _goods(work, partner.id)
        if not keys:
            _fill(work, bins, products)
        keys[code] = access.issue_key(work, partner.id, "demo")[1]
        partners.append(partner)
    people = [
        _person(work, houses[code].id, username, name_th, name_en, role, badge, pin)
        for code, username, name_th, name_en, role, badge, pin in _PEOPLE
    ]
    device, token = access.add_device(
        work, code="SCANNER-1", name="SCANNER-1", premises_id=houses[HOME].id
    )
    demo_desk.furnish(work, houses[HOME], partners[-1])
    return {
        "premises": HOME,
        "people": people,
        "api_key": keys["ALB"],
        "api_keys": keys,
        "device": device.code,
        "device_token": token,
    }


def _premises(
    work: Work,
    code: str,
    name_th: str,
    name_en: str,
    licence: str,
    first_parcel: int,
    training: bool,  # noqa: FBT001 (a column of the table above)
) -> Premises:
    premises = Premises(
        code=code,
        name_th=name_th,
        name_en=name_en,
        licence_number=licence,
        licence_from=date(2025, 1, 1),
        tax_incentive_id="W0110000000001",
        customs_area_code="8110",
        reference_profile="TPBW",
        operator_tax_id="0105546095724",
        operator_branch="0",
        operator_name_th="บริษัท ไปรษณีย์ไทย จำกัด",
        operator_name_en="THAILAND POST COMPANY LIMITED",
        street="111 ถนนแจ้งวัฒนะ",
        district="หลักสี่",
        province="กรุงเทพมหานคร",
        postcode="10210",
        training=training,
    )
    work.session.add(premises)
    work.session.flush()
    letters.open_account(
        work,
        premises.id,
        Terms(GuaranteeStrategy.PERCENT_OF_STOCK_DUTY, percent=Decimal(100)),
        LetterDraft(f"LG-{code}-1", "ธนาคารกรุงไทย", Decimal(5_000_000), date(2025, 1, 1)),
        approved_by=demo_desk.MANAGER,
    )
    work.session.add(
        ParcelNumberRange(
            premises_id=premises.id,
            indicator="EE",
            country="TH",
            first=first_parcel,
            next=first_parcel,
            last=first_parcel + 9_999_999,
        )
    )
    return premises


def _furnish(work: Work, premises_id: UUID) -> dict[str, UUID]:
    """Zones and places, lanes and cartons; the places by code."""
    zones = {
        code: places.add(
            work, premises_id, code, name_th, name_en, LocationKind.ZONE, regime=regime
        )
        for code, name_th, name_en, regime in _ZONES
    }
    found: dict[str, UUID] = {}
    for zone, code, name_th, name_en, kind in _PLACES:
        regime = zones[zone].regime
        assert regime is not None, "a zone is real"
        found[code] = places.add(
            work, premises_id, code, name_th, name_en, kind, parent=zones[zone], regime=regime
        ).id
    places.add_far_ends(work, premises_id)
    for code, names, postcodes, lane in _ROUTES:
        routes.add(work, premises_id, code, names, postcodes, found[lane])
    for code, tare, most in _CARTONS:
        work.session.add(
            CartonType(
                premises_id=premises_id, code=code, tare_kg=Decimal(tare), most_kg=Decimal(most)
            )
        )

    return found


def _fill(work: Work, bins: dict[str, UUID], products: dict[str, UUID]) -> None:
    """Which pick bins are to be filled with what."""
    for sku, code, least, most in _PICK_BINS:
        rule = ReplenishmentRule(
            location_id=bins[code],
            product_id=products[sku],
            least=Decimal(least),
            most=Decimal(most),
        )
        work.session.add(rule)


def _goods(work: Work, partner_id: UUID) -> dict[str, UUID]:
    """The partner's goods, by SKU."""
    products = {}
    for sku, gtin, name_th, name_en, hs_code, statistical_code, unit, origin, weight in _GOODS:
        product = Product(
            partner_id=partner_id,
            sku=sku,
            gtin=gtin,
            name_th=name_th,
            name_en=name_en,
            hs_code=hs_code,
            statistical_code=statistical_code,
            origin_country=origin,
            unit=unit,
            net_weight_kg=Decimal(weight),
            retail_price_baht=_RETAIL_PRICES.get(sku),
        )
        work.session.add(product)
        products[sku] = product.id
    work.session.flush()
    return products


def _person(
    work: Work,
    premises_id: UUID,
    username: str,
    name_th: str,
    name_en: str,
    role: Role,
    badge: str,
    pin: str,
) -> dict[str, str]:
    access.add_person(
        work,
        username=username,
        name_th=name_th,
        name_en=name_en,
        role=role,
        password=PASSWORD,
        badge=badge or None,
        pin=pin or None,
        premises_id=premises_id,
    )
    return {
        "username": username,
        "password": PASSWORD,
        "role": role.value,
        "badge": badge,
        "pin": pin,
    }
