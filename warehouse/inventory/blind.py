"""Parcels that nobody announced: taken in, looked into, never lost.

Such a parcel has no lots until somebody says what is in it; until then it is the unit that stands
somewhere.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import commands, discrepancies, holds, inbound, ledger
from warehouse.inventory.errors import AlreadyIdentified, DiscrepancyNotFound
from warehouse.inventory.models import Discrepancy, HandlingUnit, Lot
from warehouse.inventory.vocabulary import (
    DiscrepancyKind,
    HoldKind,
    LocationKind,
    LotOrigin,
    MovementKind,
    StockEvent,
)
from warehouse.masterdata.reasons import Reason

# Whoever writes the number first has it.
TAKE_IN: Final = """
INSERT INTO handling_unit (id, premises_id, partner_id, kind, number, location_id, announced,
                           received_at)
VALUES (%(id)s, %(premises_id)s, %(partner_id)s, 'parcel', %(number)s, %(location_id)s, false,
        %(at)s)
ON CONFLICT (premises_id, number) DO NOTHING RETURNING id
"""


class Named(NamedTuple):
    """So much of a product, by whoever looked into the parcel."""

    product_id: UUID
    unit: str
    quantity: Decimal


def take_in(
    work: Work,
    premises_id: UUID,
    number: str,
    *,
    partner_id: UUID | None,
    consignment_id: UUID | None,
) -> tuple[Discrepancy, str] | None:
    """An extra parcel is taken in for inspection; its case, and the code of the place.

    *partner_id*, *consignment_id*: of the goods that it came with.  None: somebody else has taken
    it in.

    Raises:
        LocationNotFound: there is no place for inspection.
    """
    place = inbound.place_of_kind(work, premises_id, LocationKind.INSPECTION)
    unit_id = ids.new_id()
    taken = work.sql(
        TAKE_IN,
        id=unit_id,
        premises_id=premises_id,
        partner_id=partner_id,
        number=number,
        location_id=place.id,
        at=work.at,
    ).fetchone()
    if taken is None:
        return None
    case = discrepancies.open_case(
        work,
        DiscrepancyKind.UNANNOUNCED,
        premises_id=premises_id,
        partner_id=partner_id,
        consignment_id=consignment_id,
        handling_unit_id=unit_id,
        location_id=place.id,
        expected="0",
        found=number,
    )
    holds.place(
        work,
        HoldKind.CUSTOMS,
        Reason.CUSTOMS_DOCUMENTATION,
        handling_unit_id=unit_id,
        premises_id=premises_id,
        discrepancy_id=case.id,
    )
    return case, place.code


def identify(
    work: Work, discrepancy_id: UUID, partner_id: UUID, goods: Sequence[Named]
) -> list[Lot]:
    """Say whose an extra parcel is and what is in it: lots that customs blocks.

    Raises:
        DiscrepancyNotFound: that is no case of an extra parcel in the actor's premises.
        AlreadyIdentified: it was said before.
    """
    case = discrepancies.held(work, discrepancy_id)
    if case.kind is not DiscrepancyKind.UNANNOUNCED or case.handling_unit_id is None:
        raise DiscrepancyNotFound(key=str(discrepancy_id))
    unit = work.session.get_one(
        HandlingUnit, case.handling_unit_id, with_for_update={"key_share": True}
    )
    if unit.location_id is None:
        raise AlreadyIdentified(parcel=unit.number)
    target_id, unit.location_id, unit.partner_id = unit.location_id, None, partner_id
    case.partner_id = partner_id
    numbers = work.sql(commands.LOT_NUMBERS, amount=len(goods)).fetchall()
    lots = [
        Lot(
            number=f"LOT-{work.today.year}-{number:06}",
            premises_id=case.premises_id,
            partner_id=partner_id,
            product_id=each.product_id,
            handling_unit_id=unit.id,
            origin=LotOrigin.FOUND,
            quantity=each.quantity,
            unit=each.unit,
            announced_at=work.at,
        )
        for each, (number,) in zip(goods, numbers, strict=True)
    ]
    work.session.add_all(lots)
    work.session.flush()
    abroad = inbound.place_of_kind(work, case.premises_id, LocationKind.ABROAD)
    ledger.post(
        work,
        MovementKind.FOUND,
        [ledger.Line(lot.id, abroad.id, lot.quantity, under_bond=True) for lot in lots],
        target_id=target_id,
        source_virtual=True,
        discrepancy_id=case.id,
    )
    work.emit(StockEvent.UNIT_IDENTIFIED, unit.id, parcel=unit.number)
    return lots
