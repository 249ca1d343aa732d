"""The label that goes on a parcel, 100 × 150 mm at 203 dpi; the list that goes with a vehicle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from warehouse.core import i18n, pdf
from warehouse.core.pdf import form as forms
from warehouse.core.pdf.fitting import draw_code, largest_size
from warehouse.masterdata.identifiers import parse_s10

_LEFT: Final = 4.0
_WIDTH: Final = 92.0
_RIGHT: Final = _LEFT + _WIDTH
_RULES: Final = (17.0, 47.0, 106.0, 117.0, 132.0)
_CAPTION: Final = 6.5
_NUMBER_SIZES: Final = (15, 12, 9)
_NUMBER_ROOM: Final = 8.5
_NAME_SIZES: Final = (13, 11, 9, 8)
_NAME_ROOM: Final = 14.6
_ADDRESS_SIZES: Final = (12, 11, 10, 9, 8, 7)
_POSTCODE_TOP: Final = 91.5
_GOODS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One product in the parcel, in the words of its owner."""

    sku: str
    name: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ShipmentLabel:
    """Everything that is printed on a shipment label."""

    operator_th: str
    operator_en: str
    return_address: str
    parcel_number: str
    shipment_number: str
    order_reference: str
    buyer_name: str
    buyer_phone: str
    address: str
    province: str
    postcode: str
    weight_kg: Decimal
    lines: tuple[LabelLine, ...]


def shipment_label(label: ShipmentLabel) -> bytes:
    """The label of one parcel, as PDF.

    Raises:
        NotEncodable: its parcel or shipment number is not ASCII.
    """
    return shipment_labels([label])


def shipment_labels(labels: Sequence[ShipmentLabel]) -> bytes:
    """*labels*, one a page, in one PDF: what a printer takes as one order.

    Raises:
        NotEncodable: a parcel or shipment number is not ASCII.
    """
    first, *others = labels
    paper = pdf.Paper(first.shipment_number, page=pdf.LABEL_100X150, author=first.operator_en)
    with paper.background():
        _form(paper)
    _fill(paper, first)
    for label in others:
        paper.next_page()
        _fill(paper, label)
    return paper.finish()


def _form(paper: pdf.Paper) -> None:
    """What is the same on every label."""
    for y_mm in _RULES:
        paper.line(_LEFT, y_mm, _RIGHT, y_mm)
    paper.line(66, 106, 66, 117)
    for x_mm, y_mm, caption in (
        (_LEFT, 17.3, "หมายเลขพัสดุ / Parcel number"),
        (_LEFT, 47.3, "ผู้รับ / To"),
        (_LEFT, 106.3, "เลขอ้างอิงคำสั่งซื้อ / Order reference"),
        (68, 106.3, "น้ำหนักสินค้า / Net weight"),
        (_LEFT, 127.8, "เลขที่นำจ่าย / Shipment"),
        (_LEFT, 132.2, "สินค้า / Goods"),
    ):
        paper.text(x_mm, y_mm, caption, size=_CAPTION)


def _fill(paper: pdf.Paper, label: ShipmentLabel) -> None:
    _sender(paper, label)
    draw_code(paper, 1, 21.2, label.parcel_number, width_mm=98, height_mm=15)
    item = parse_s10(label.parcel_number)
    printed = item.printed if item else label.parcel_number
    size = largest_size(printed, _NUMBER_SIZES, width_mm=_WIDTH, height_mm=_NUMBER_ROOM)
    paper.text(50, 38.5, printed, size=size, bold=True, align="centre")
    _recipient(paper, label)
    _line(paper, _LEFT, 110, label.order_reference, width_mm=61, size=9, bold=True)
    weight = f"{i18n.quantity(label.weight_kg)} kg"
    _line(paper, 68, 110, weight, width_mm=28, size=9, bold=True)
    draw_code(paper, 2, 118.5, label.shipment_number, width_mm=96, height_mm=8.5)
    paper.text(_RIGHT, 127.4, label.shipment_number, size=7.5, align="right")
    _goods(paper, label.lines)


def _sender(paper: pdf.Paper, label: ShipmentLabel) -> None:
    _line(paper, _LEFT, 2.5, label.operator_th, width_mm=_WIDTH, size=10, bold=True)
    _line(paper, _LEFT, 8.2, label.operator_en, width_mm=_WIDTH, size=7)
    _line(paper, _LEFT, 12.2, label.return_address, width_mm=_WIDTH, size=7)


def _recipient(paper: pdf.Paper, label: ShipmentLabel) -> None:
    name = label.buyer_name
    size = largest_size(name, _NAME_SIZES, width_mm=_WIDTH, height_mm=_NAME_ROOM)
    y_mm = paper.paragraph(_LEFT, 51, name, width_mm=_WIDTH, size=size, bold=True, most=2)
    if label.buyer_phone:
        y_mm = _line(paper, _LEFT, y_mm, f"โทร. {label.buyer_phone}", width_mm=_WIDTH, size=10)
    room_mm = _POSTCODE_TOP - y_mm
    size = largest_size(label.address, _ADDRESS_SIZES, width_mm=_WIDTH, height_mm=room_mm)
    most = int(room_mm / pdf.line_mm(size))
    paper.paragraph(_LEFT, y_mm, label.address, width_mm=_WIDTH, size=size, most=most)
    paper.paragraph(_LEFT, 94.5, label.province, width_mm=55, size=14, bold=True, most=1)
    paper.text(_RIGHT, _POSTCODE_TOP, label.postcode, size=25, bold=True, align="right")


def _goods(paper: pdf.Paper, lines: tuple[LabelLine, ...]) -> None:
    y_mm = 136.0
    shown = lines if len(lines) <= _GOODS_SHOWN else lines[: _GOODS_SHOWN - 1]
    for line in shown:
        text = f"{i18n.quantity(line.quantity)} {line.unit} × {line.sku} {line.name}"
        y_mm = _line(paper, _LEFT, y_mm, text, width_mm=_WIDTH, size=6.5)
    if more := len(lines) - len(shown):
        text = f"และอีก {more} รายการ / and {more} more"
        _line(paper, _LEFT, y_mm, text, width_mm=_WIDTH, size=6.5)


def _line(
    paper: pdf.Paper,
    x_mm: float,
    y_mm: float,
    text: str,
    *,
    width_mm: float,
    size: float,
    bold: bool = False,
) -> float:
    return paper.paragraph(x_mm, y_mm, text, width_mm=width_mm, size=size, bold=bold, most=1)


_LOADED: Final = (
    pdf.Column("ลำดับ\nNo.", 14, "right"),
    pdf.Column("หมายเลขพัสดุ\nParcel", 52),
    pdf.Column("เลขที่นำจ่าย\nShipment", 44),
    pdf.Column("จังหวัด\nProvince", 40),
    pdf.Column("รหัสไปรษณีย์\nPostcode", 20),
    pdf.Column("น้ำหนัก กก.\nWeight kg", 20, "right"),
)
_HANDED_OVER: Final = ("ผู้ส่งมอบ / Handed over by", "ผู้ขับรถ / Driver", "เจ้าหน้าที่ประตู / Gate")


@dataclass(frozen=True, slots=True)
class LoadedParcel:
    """One parcel on a vehicle; its weight where it was weighed."""

    parcel_number: str
    shipment_number: str
    province: str
    postcode: str
    weight_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class ManifestPaper:
    """Everything that is printed on a dispatch list."""

    number: str
    operator_th: str
    operator_en: str
    premises_th: str
    premises_en: str
    route_code: str
    route_th: str
    route_en: str
    vehicle: str
    driver: str
    seal: str
    closed_at: datetime
    parcels: tuple[LoadedParcel, ...]


def manifest_paper(manifest: ManifestPaper, link: str) -> bytes:
    """The dispatch list of a closed vehicle, as PDF; *link* is where it is verified.

    Raises:
        NotEncodable: its number is not one that bars can carry.
    """
    heading = forms.Heading(
        title_th="ใบคุมการส่งมอบพัสดุขึ้นรถ",
        title_en="Dispatch list (manifest)",
        bars=manifest.number,
        number=manifest.number,
        link=link,
    )
    paper, y_mm = forms.begin(heading, author=manifest.operator_en, page=pdf.A4)
    closed = f"{i18n.moment(manifest.closed_at, 'th')}\n{i18n.moment(manifest.closed_at, 'en')}"
    y_mm = forms.boxes(
        paper,
        y_mm,
        [
            ("ทะเบียนรถ / Vehicle", 63, manifest.vehicle),
            ("ผู้ขับรถ / Driver", 63, manifest.driver or "–"),
            ("ตราผนึก / Seal", 64, manifest.seal),
        ],
        [
            ("สาย / Route", 63, f"{manifest.route_code}\n{manifest.route_th}"),
            ("ปิดรายการ / Closed", 63, closed),
            ("คลังสินค้าทัณฑ์บน / Warehouse", 64, f"{manifest.premises_th}\n{manifest.premises_en}"),
        ],
    )
    rows = _parcel_rows(manifest.parcels)
    y_mm = paper.grid(_LOADED, rows, x_mm=forms.MARGIN, y_mm=y_mm + 4, size=8)
    forms.signatures(paper, y_mm, "ส่งมอบแล้ว / Handed over", _HANDED_OVER)
    return paper.finish()


def _parcel_rows(parcels: Sequence[LoadedParcel]) -> list[list[str]]:
    rows = [
        [
            str(position),
            item.printed if (item := parse_s10(each.parcel_number)) else each.parcel_number,
            each.shipment_number,
            each.province,
            each.postcode,
            "–" if each.weight_kg is None else i18n.quantity(each.weight_kg),
        ]
        for position, each in enumerate(parcels, start=1)
    ]
    weight = sum((each.weight_kg or Decimal(0) for each in parcels), Decimal(0))
    return [*rows, ["", "รวม / Total", f"{len(parcels)}", "", "", i18n.quantity(weight)]]
