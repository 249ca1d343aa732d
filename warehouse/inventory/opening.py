"""Stock that an older system had: it is here already, and enters our book at its places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import commands, inbound, ledger
from warehouse.inventory.errors import DuplicateParcel
from warehouse.inventory.vocabulary import LocationKind, LotOrigin, MovementKind

_UNIT_COLUMNS: Final = ("id", "premises_id", "partner_id", "number", "announced", "received_at")
_LOT_COLUMNS: Final = (
    "id", "number", "premises_id", "partner_id", "product_id", "handling_unit_id", "origin",
    "quantity", "unit", "announced_at",
)  # fmt: skip

KNOWN: Final = """
SELECT number FROM handling_unit WHERE premises_id = %(premises_id)s AND number = ANY(%(numbers)s)
 ORDER BY number LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class OpeningGoods:
    """So much of a product in a parcel that stands at a place."""

    partner_id: UUID
    product_id: UUID
    parcel: str
    quantity: Decimal
    unit: str
    location_id: UUID


def open_stock(work: Work, premises_id: UUID, goods: Sequence[OpeningGoods]) -> list[UUID]:
    """Enter *goods* at their places, blocked until they are bound; return a lot for each.

    Raises:
        DuplicateParcel: one of the parcels is here already.
    """
    parcels = {each.parcel: (ids.new_id(), each.partner_id) for each in goods}
    known = work.sql(KNOWN, premises_id=premises_id, numbers=list(parcels)).fetchone()
    if known is not None:
        raise DuplicateParcel(parcel=known[0])
    work.copy(
        "handling_unit",
        _UNIT_COLUMNS,
        (
            (key, premises_id, partner_id, number, True, work.at)
            for number, (key, partner_id) in parcels.items()
        ),
    )
    numbers = work.sql(commands.LOT_NUMBERS, amount=len(goods)).fetchall()
    lots = [ids.new_id() for _ in goods]
    work.copy(
        "lot",
        _LOT_COLUMNS,
        (
            (
                lot_id, f"LOT-{work.today.year}-{number:06}", premises_id, each.partner_id,
                each.product_id, parcels[each.parcel][0], LotOrigin.OPENING.value,
                each.quantity, each.unit, work.at,
            )
            for lot_id, each, (number,) in zip(lots, goods, numbers, strict=True)
        ),
    )  # fmt: skip
    abroad = inbound.place_of_kind(work, premises_id, LocationKind.ABROAD)
    places: dict[UUID, list[ledger.Line]] = defaultdict(list)
    for lot_id, each in zip(lots, goods, strict=True):
        line = ledger.Line(lot_id, abroad.id, each.quantity, under_bond=True)
        places[each.location_id].append(line)
    for location_id in sorted(places):
        ledger.post(
            work,
            MovementKind.RECEIPT,
            places[location_id],
            target_id=location_id,
            source_virtual=True,
        )
    return lots
