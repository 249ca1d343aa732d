"""What papers for customs share besides `core.pdf.form`: who prints, for whom, of which line."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.core.pdf.form import Box


@dataclass(frozen=True, slots=True)
class House:
    """The bonded warehouse and the operator that holds its licence."""

    operator_th: str
    operator_en: str
    tax_id: str
    """With the branch behind a hyphen."""
    address: str
    name_th: str
    name_en: str
    licence_number: str
    tax_incentive_id: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose the goods are."""

    name_th: str
    name_en: str
    tax_id: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """The line of an import declaration that a line out of bond draws down."""

    declaration_number: str
    line_number: int


def house_boxes(house: House, owner: Owner) -> Sequence[Box]:
    """Operator, warehouse and owner, side by side, 190 mm wide."""
    return (
        ("ผู้ดำเนินการ / Operator", 63,
         f"{house.operator_th}\n{house.operator_en}\n{house.tax_id}"),
        ("คลังสินค้าทัณฑ์บน / Warehouse", 63,
         f"{house.name_th}\n{house.name_en}\n{house.licence_number}"),
        ("เจ้าของของ / Owner", 64, f"{owner.name_th}\n{owner.name_en}\n{owner.tax_id}"),
    )  # fmt: skip


def hs(code: str) -> str:
    """``4202.22.00`` for the eight digits of a commodity."""
    return f"{code[:4]}.{code[4:6]}.{code[6:]}"
