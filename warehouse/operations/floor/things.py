"""What a label stands for here: the one place that turns a label into a thing.

`labels` says what kind of label it is, from its form alone; this looks it up in the premises.
Shipments are found by `leaving`, which locks them; places by `inventory.inbound.place`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.inventory.vocabulary import UnitKind
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.labels import Kind, Label


class Unit(NamedTuple):
    """A handling unit: a parcel, or a container of others."""

    id: UUID
    number: str
    kind: UnitKind
    partner_id: UUID | None
    consignment_id: UUID | None
    parent_id: UUID | None
    location_id: UUID | None
    received_at: datetime | None

    @property
    def is_parcel(self) -> bool:
        """Whether it is a parcel as it came, and no container."""
        return self.kind is UnitKind.PARCEL


class Goods(NamedTuple):
    """A product, and what has to be told of each piece of it."""

    id: UUID
    partner_id: UUID
    sku: str
    unit: str
    net_weight_kg: Decimal
    has_batch: bool
    has_expiry: bool
    has_serial: bool


class Content(NamedTuple):
    """What a GS1 symbol says of the goods it is stuck on; None where it says nothing."""

    batch: str | None
    expires_on: date | None
    serial: str | None
    quantity: Decimal | None
    weight_kg: Decimal | None


_UNIT: Final = """
SELECT id, number, kind, partner_id, consignment_id, parent_id, location_id, received_at
  FROM handling_unit WHERE premises_id = %(premises_id)s AND {key}
"""
UNIT: Final = _UNIT.format(key="number = %(number)s")
UNIT_BY_ALIAS: Final = _UNIT.format(
    key="""id = (SELECT handling_unit_id FROM unit_alias
              WHERE premises_id = %(premises_id)s AND code = %(number)s)"""
)

UNIT_BY_ID: Final = _UNIT.format(key="id = %(number)s")

PRODUCTS: Final = """
SELECT id, partner_id, sku, unit, net_weight_kg, has_batch, has_expiry, has_serial
  FROM product
 WHERE (sku = %(code)s OR gtin = ANY(%(gtins)s))
   AND (%(partner_id)s::uuid IS NULL OR partner_id = %(partner_id)s)
 ORDER BY id
"""


def unit(turn: Turn) -> Unit | None:
    """The handling unit that was scanned: by its number, its SSCC or another label of it."""
    number = turn.label.fields.get("00", turn.code)
    return _unit(turn, UNIT, number) or _unit(turn, UNIT_BY_ALIAS, number)


def unit_by_number(turn: Turn, number: str) -> Unit | None:
    """The handling unit *number* of the premises."""
    return _unit(turn, UNIT, number)


def unit_by_id(turn: Turn, key: UUID) -> Unit | None:
    """The handling unit *key* of the premises."""
    return _unit(turn, UNIT_BY_ID, key)


def products(turn: Turn, partner_id: UUID | None = None) -> Sequence[Goods]:
    """The products that the label may be of, of one partner or of any: by SKU or GTIN."""
    rows = turn.work.sql(
        PRODUCTS, code=turn.code, gtins=_gtins(turn.label), partner_id=partner_id
    ).fetchall()
    return [Goods(*row) for row in rows]


def content(label: Label) -> Content:
    """Batch (10), expiry (17), serial (21), count (37) and net weight (310n) of *label*."""
    fields = {name: str(value) for name, value in label.fields.items()}
    bad_date = "date" in label.warnings
    return Content(
        batch=fields.get("10"),
        expires_on=date.fromisoformat(fields["17"]) if "17" in fields and not bad_date else None,
        serial=fields.get("21"),
        quantity=Decimal(fields["37"]) if "37" in fields else None,
        weight_kg=weight_kg(label),
    )


def weight_kg(label: Label) -> Decimal | None:
    """The weight that a scale sent, or that a GS1 symbol holds."""
    if label.kind is Kind.WEIGHT:
        return Decimal(str(label.fields["weight_kg"]))
    held = [
        value for ai, value in label.fields.items() if label.kind is Kind.GS1 and ai[:3] == "310"
    ]
    return Decimal(str(held[0])) if held else None


def quantity(label: Label) -> int | None:
    """How many, where a number was scanned or typed."""
    return int(label.fields["quantity"]) if label.kind is Kind.QUANTITY else None


def _unit(turn: Turn, statement: str, number: object) -> Unit | None:
    row = turn.work.sql(statement, premises_id=turn.premises_id, number=number).fetchone()
    if row is None:
        return None
    key, found, kind, *rest = row
    return Unit(key, found, UnitKind(kind), *rest)


def _gtins(label: Label) -> list[str]:
    """The GTIN on *label*, as it may be written: with and without zeros in front."""
    full = str(label.fields.get("gtin14") or label.fields.get("01") or "")
    return [full[-length:] for length in (14, 13, 12, 8) if full and not full[:-length].strip("0")]
