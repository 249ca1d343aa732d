"""Goods that another bonded warehouse sent: both books are written together.

What arrives leaves the sender's transit and stands at our dock, blocked until it is entered here;
what does not arrive is a difference on the way, and stays the sender's.
"""

from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import discrepancies, disposals, inbound, ledger
from warehouse.inventory.inbound import Place
from warehouse.inventory.models import Disposal
from warehouse.inventory.vocabulary import DiscrepancyKind, LocationKind, MovementKind


class Sent(NamedTuple):
    """What of a lot is on its way here."""

    line_id: UUID
    lot_id: UUID
    release_line_id: UUID
    quantity: Decimal
    parcel: str
    sku: str


# What of a transfer has not arrived; of two who receive it, the second waits and finds it gone.
ON_THE_WAY: Final = """
SELECT line.id, line.lot_id, release_line.id, line.gone - line.arrived, unit.number, product.sku
  FROM disposal_line AS line
  JOIN lot ON lot.id = line.lot_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  JOIN product ON product.id = lot.product_id
  JOIN release ON release.disposal_id = line.disposal_id
  JOIN release_line ON release_line.release_id = release.id AND release_line.lot_id = line.lot_id
 WHERE line.disposal_id = %(disposal_id)s AND line.gone > line.arrived
 ORDER BY line.lot_id FOR NO KEY UPDATE OF line
"""

NEW_UNIT: Final = """
INSERT INTO handling_unit (id, premises_id, partner_id, number, received_at)
SELECT %(id)s, %(premises_id)s, partner_id, number, %(at)s FROM handling_unit
 WHERE id = (SELECT handling_unit_id FROM lot WHERE id = %(lot_id)s)
ON CONFLICT (premises_id, number) DO UPDATE SET received_at = excluded.received_at
RETURNING id
"""

# The same goods in our book: of the same owner, batch and expiry, not entered here yet.
NEW_LOT: Final = """
INSERT INTO lot (id, number, premises_id, partner_id, product_id, handling_unit_id, origin,
                 parent_lot_id, quantity, unit, regime, batch, expires_on, serial, announced_at)
SELECT %(id)s, 'LOT-' || %(year)s || '-' || lpad(nextval('lot_number')::text, 6, '0'),
       %(premises_id)s, partner_id, product_id, %(unit_id)s, 'transferred', id, %(quantity)s,
       unit, regime, batch, expires_on, serial, %(at)s
  FROM lot WHERE id = %(lot_id)s
"""


def on_the_way(work: Work, disposal: Disposal) -> list[Sent]:
    """What of *disposal* has not arrived yet, held to the end of the transaction."""
    return [Sent(*row) for row in work.sql(ON_THE_WAY, disposal_id=disposal.id)]


def receive(
    work: Work,
    premises_id: UUID,
    disposal: Disposal,
    sent: list[Sent],
    dock: Place,
    *,
    scan_id: UUID,
) -> None:
    """Take the goods *sent* in at *dock*, and off the sender's transit."""
    ledger.lock(work, sorted(each.lot_id for each in sent))
    _leave_transit(work, disposal, sent, scan_id)
    units: dict[str, UUID] = {}
    lines = []
    outside = inbound.place_of_kind(work, premises_id, LocationKind.OTHER_BONDED)
    for each in sent:
        if each.parcel not in units:
            units[each.parcel] = _unit(work, premises_id, each)
        lines.append(
            ledger.Line(
                _lot(work, premises_id, units[each.parcel], each),
                outside.id,
                each.quantity,
                under_bond=True,
            )
        )
    ledger.post(
        work,
        MovementKind.RECEIPT,
        lines,
        target_id=dock.id,
        source_virtual=True,
        scan_id=scan_id,
    )
    disposals.arrive(work, disposal, {each.lot_id: each.quantity for each in sent})


def close(work: Work, disposal: Disposal, *, scan_id: UUID) -> list[str]:
    """Nothing more arrives: what is missing becomes a difference on the way; return its parcels."""
    short = on_the_way(work, disposal)
    if short:
        ledger.lock(work, [each.lot_id for each in short])
        transit = inbound.place_of_kind(work, disposal.premises_id, LocationKind.IN_TRANSIT_BOND)
        variance = inbound.place_of_kind(work, disposal.premises_id, LocationKind.VARIANCE)
        for each in short:
            case = discrepancies.open_case(
                work,
                DiscrepancyKind.TRANSIT_SHORT,
                premises_id=disposal.premises_id,
                partner_id=disposal.partner_id,
                lot_id=each.lot_id,
                disposal_id=disposal.id,
                quantity=each.quantity,
                expected=f"{each.quantity.normalize():f} × {each.sku}",
                found="0",
            )
            ledger.post(
                work,
                MovementKind.VARIANCE,
                [ledger.Line(each.lot_id, transit.id, each.quantity, under_bond=True)],
                target_id=variance.id,
                source_virtual=True,
                target_virtual=True,
                scan_id=scan_id,
                discrepancy_id=case.id,
            )
    disposals.finish(work, disposal)
    return sorted({each.parcel for each in short})


def _leave_transit(work: Work, disposal: Disposal, sent: list[Sent], scan_id: UUID) -> None:
    transit = inbound.place_of_kind(work, disposal.premises_id, LocationKind.IN_TRANSIT_BOND)
    there = inbound.place_of_kind(work, disposal.premises_id, LocationKind.OTHER_BONDED)
    ledger.post(
        work,
        MovementKind.ISSUE,
        [
            ledger.Line(
                each.lot_id,
                transit.id,
                each.quantity,
                under_bond=True,
                release_line_id=each.release_line_id,
            )
            for each in sent
        ],
        target_id=there.id,
        source_virtual=True,
        target_virtual=True,
        scan_id=scan_id,
    )


def _unit(work: Work, premises_id: UUID, sent: Sent) -> UUID:
    row = work.sql(
        NEW_UNIT, id=ids.new_id(), premises_id=premises_id, lot_id=sent.lot_id, at=work.at
    ).fetchone()
    assert row is not None, "the sender's parcel is there"
    key: UUID = row[0]
    return key


def _lot(work: Work, premises_id: UUID, unit_id: UUID, sent: Sent) -> UUID:
    key = ids.new_id()
    work.sql(
        NEW_LOT,
        id=key,
        year=str(work.today.year),
        premises_id=premises_id,
        unit_id=unit_id,
        quantity=sent.quantity,
        at=work.at,
        lot_id=sent.lot_id,
    )
    return key
