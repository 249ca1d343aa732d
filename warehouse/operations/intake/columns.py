"""The columns of a consignment's file, by the titles that partners and platforms give them."""

from collections.abc import Mapping
from typing import Final

TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    # Once for the whole consignment.
    "external_ref": ("external ref", "reference", "consignment", "asn", "เลขอ้างอิง", "เลขที่อ้างอิง"),
    "premises": ("warehouse", "warehouse code", "คลังสินค้า", "รหัสคลังสินค้า"),
    "arrival_date": ("arrival date", "eta", "วันที่มาถึง", "วันที่ถึง", "วันนำเข้า"),
    "house_bill": ("house bill", "hawb", "house air waybill", "ใบตราส่งย่อย", "เลขที่ใบตราส่ง"),
    "consignor_name": ("consignor name", "consignor", "shipper", "ผู้ส่ง", "ชื่อผู้ส่ง", "ผู้ส่งของ"),
    "consignment_country": ("consignment country", "country", "ประเทศต้นทาง", "ประเทศผู้ส่ง"),
    "invoice_number": ("invoice number", "invoice no", "invoice", "เลขที่ใบกำกับ", "เลขที่อินวอยซ์",
                       "เลขที่บัญชีราคาสินค้า"),
    "invoice_date": ("invoice date", "วันที่ใบกำกับ", "วันที่อินวอยซ์", "วันที่บัญชีราคาสินค้า"),
    "currency": ("currency", "currency code", "สกุลเงิน", "สกุลเงินตรา"),
    "trade_terms": ("trade terms", "incoterms", "เงื่อนไขการค้า", "เงื่อนไขการส่งมอบ"),
    "gross_weight_kg": ("gross weight kg", "gross weight (kg)", "gross weight", "น้ำหนักรวม",
                        "น้ำหนักรวม (กก.)", "น้ำหนักรวมหีบห่อ"),
    "vehicle": ("vehicle", "vehicle no", "truck", "plate", "ทะเบียนรถ", "รถขนส่ง"),
    "seals": ("seals", "seal", "seal no", "ซีล", "หมายเลขซีล", "ตราผนึก"),
    "despatch": ("despatch", "dispatch", "despatch no", "s8", "เที่ยวถุงไปรษณีย์", "เลขที่เที่ยวถุง"),
    # In every row.
    "parcel_number": ("parcel number", "parcel no", "tracking number", "tracking no", "เลขพัสดุ",
                      "หมายเลขพัสดุ", "เลขที่พัสดุ"),
    "sku": ("sku", "seller sku", "product code", "รหัสสินค้า"),
    "gtin": ("gtin", "barcode", "ean", "บาร์โค้ด", "บาร์โค้ดสินค้า"),
    "quantity": ("quantity", "qty", "จำนวน"),
    "unit_price": ("unit price", "price", "ราคาต่อหน่วย", "ราคา/หน่วย"),
    "net_weight_kg": ("net weight kg", "net weight (kg)", "net weight", "น้ำหนักสุทธิ",
                      "น้ำหนักสุทธิ (กก.)"),
    "retail_price_baht": ("retail price", "suggested retail price", "ราคาขายปลีก",
                          "ราคาขายปลีกแนะนำ"),
    "excise_quantity": ("excise quantity", "ปริมาณสรรพสามิต", "ปริมาณตามพิกัดสรรพสามิต"),
    # Of a parcel: in one of its rows, or the same in each.
    "receptacle": ("receptacle", "mail bag", "s9", "ถุงไปรษณีย์", "หมายเลขถุง"),
    "parcel_weight_kg": ("parcel weight kg", "parcel weight (kg)", "parcel weight", "น้ำหนักพัสดุ",
                         "น้ำหนักพัสดุ (กก.)"),
    "length_cm": ("length cm", "length (cm)", "length", "ยาว", "ยาว (ซม.)"),
    "width_cm": ("width cm", "width (cm)", "width", "กว้าง", "กว้าง (ซม.)"),
    "height_cm": ("height cm", "height (cm)", "height", "สูง", "สูง (ซม.)"),
    "labels": ("labels", "label", "other labels", "aliases", "ป้ายอื่น", "บาร์โค้ดอื่น"),
}  # fmt: skip
"""Each field, and the titles that stand for it besides its own name; capitals do not matter."""

_FIELDS: Final = {
    title: field for field, titles in TITLES.items() for title in (field.replace("_", " "), *titles)
}


def field_of(title: str) -> str | None:
    """The field that a column under *title* holds; None if it is none of ours."""
    return _FIELDS.get(" ".join(title.casefold().replace("_", " ").replace("*", "").split()))
