"""The numbered boxes at the head of a declaration, 277 mm wide: กศก.99/1 and กศก.101/1."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from warehouse.core import i18n
from warehouse.core.i18n import N_
from warehouse.core.pdf.form import Box, both, day
from warehouse.customs.documents.declared import DeclarationPaper, Party
from warehouse.customs.vocabulary import PROCEDURE_NAMES
from warehouse.masterdata.identifiers import printed_declaration_number

_PAYING: Final[Mapping[str, str]] = {
    "A": N_("Paid at customs"),
    "H": N_("Through a bank"),
    "L": N_("Nothing due"),
}
"""PaymentMethod and GuaranteeMethod, control fields 47 and 56 of the e-Import manual."""


def header(form: DeclarationPaper) -> Iterator[Sequence[Box]]:
    """The header of *form*, row by row."""
    yield _who(form)
    yield _whose(form)
    yield _how(form)
    yield _moved(form)
    yield _priced(form)
    yield _paid(form)


def _who(form: DeclarationPaper) -> Sequence[Box]:
    who = "ผู้ส่งของออก / Exporter" if form.exports else "ผู้นำของเข้า / Importer"
    kind = f"{form.document_type}\n{both(PROCEDURE_NAMES[form.procedure])}"
    number = printed_declaration_number(form.number) if form.number else "ยังไม่มีเลขที่ / none yet"
    by_hand = "\nออกด้วยมือ / issued by hand" if form.issued_by_hand else ""
    house = form.house
    return (
        (who, 103, f"{house.operator_th}\n{house.operator_en}\n{house.address}"),
        ("เลขประจำตัวผู้เสียภาษี / Tax id", 42, house.tax_id),
        ("ประเภทใบขนสินค้า / Type", 52, kind),
        ("เลขที่ใบขนสินค้า / Number", 40, f"{number}{by_hand}"),
        ("เลขที่อ้างอิง / Reference", 40,
         f"{form.reference_number}\nฉบับที่ / version {form.version}"),
    )  # fmt: skip


def _whose(form: DeclarationPaper) -> Sequence[Box]:
    return (
        ("เจ้าของของ / Owner", 103, f"{form.owner.name_th}\n{form.owner.name_en}"),
        ("เลขประจำตัวผู้เสียภาษี / Tax id", 42, form.owner.tax_id),
        ("คลังสินค้าทัณฑ์บน / Warehouse", 92, f"{form.house.name_th}\n{form.house.name_en}"),
        ("ใบอนุญาต / Licence", 40, f"{form.house.licence_number}\n{form.house.tax_incentive_id}"),
    )


def _how(form: DeclarationPaper) -> Sequence[Box]:
    other = "ผู้รับของ / Consignee" if form.exports else "ผู้ส่งของ / Consignor"
    country = "ประเทศปลายทาง / Destination" if form.exports else "ประเทศต้นทาง / Consigned from"
    moved = "วันส่งออก / Departure" if form.exports else "วันนำเข้าตามใบตราส่ง / Arrival"
    return (
        (other, 103, _named(form.other)),
        (country, 42, form.country),
        ("ประเทศกำเนิด / Origin", 52, form.origin_country),
        ("พาหนะ / Transport", 40, form.transport),
        (moved, 40, day(form.moved_on)),
    )


def _moved(form: DeclarationPaper) -> Sequence[Box]:
    port = "ท่าที่ขนขึ้น / Load port" if form.exports else "ท่าที่นำเข้า / Discharge port"
    return (
        ("ใบตราส่งสินค้า / Bills of lading", 61, form.bills),
        ("สถานที่ตรวจปล่อย / Release port", 42, form.release_port),
        (port, 42, form.port),
        ("จำนวนหีบห่อ / Packages", 52, f"{form.package_amount:,} {form.package_unit}"),
        ("น้ำหนักรวม, สุทธิ / Gross, net", 40,
         f"{_kg(form.gross_weight_kg)}\n{_kg(form.net_weight_kg)}"),
        ("เครื่องหมาย / Marks", 40, form.shipping_marks),
    )  # fmt: skip


def _priced(form: DeclarationPaper) -> Sequence[Box]:
    value = "ราคา เอฟ.โอ.บี. / FOB value" if form.exports else "ราคา ซี.ไอ.เอฟ. / CIF value"
    rate = f"{form.exchange_rate:,.5f} THB / {form.exchange_per_units} {form.currency}"
    amounts = f"{form.currency} {i18n.baht(form.value_foreign)}\nTHB {i18n.baht(form.value_baht)}"
    return (
        ("บัญชีราคาสินค้า / Invoice", 61,
         f"{form.invoice_number}\n{i18n.day(form.invoice_date, 'th')}"),
        ("เงื่อนไข / Terms", 42, form.trade_terms),
        ("อัตราแลกเปลี่ยน / Exchange rate", 42, rate),
        (value, 52, amounts),
        ("วันที่รับเลขที่ / Accepted", 40, day(form.accepted_on)),
        ("วันนำเข้า / Import date", 40, day(form.import_date)),
    )  # fmt: skip


def _paid(form: DeclarationPaper) -> Sequence[Box]:
    incentives = f"จาก / from {form.incentive_from or '–'}\nไป / to {form.incentive_to or '–'}"
    return (
        ("วิธีชำระภาษีอากร / Payment", 61, _paying(form.payment_method)),
        ("เลขที่ชำระ / Payment number", 42, form.payment_number),
        ("การวางประกัน / Guarantee", 42, _paying(form.guarantee_method)),
        ("ทะเบียนสิทธิประโยชน์ / Tax incentives", 52, incentives),
        ("ออกจากทัณฑ์บน / Leaves bond", 40, day(form.leaves_bond_on)),
        ("เก็บได้ถึง / Storage ends", 40, day(form.storage_ends_on)),
    )


def _named(party: Party) -> str:
    return "\n".join(filter(None, (party.name, party.address, party.country)))


def _paying(method: str) -> str:
    return f"{method}  {both(_PAYING[method])}" if method in _PAYING else method


def _kg(weight: Decimal) -> str:
    return f"{weight:,.3f} KGM"
