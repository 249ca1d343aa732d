"""A parcel on the scale or under the measure, against what was declared of it."""

from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import discrepancies, floor_policy, holds
from warehouse.inventory.models import Discrepancy, HandlingUnit
from warehouse.inventory.vocabulary import DiscrepancyKind, FloorRule, HoldKind, StockEvent
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.reasons import Reason


class Measure(StrEnum):
    """What is measured: the name of its unit."""

    WEIGHT = "kg"
    SIZE = "l"


class Measured(NamedTuple):
    """What was found.  *declared* is None where nothing was; *case* is there beyond tolerance."""

    declared: Decimal | None
    case: Discrepancy | None


_TOLERANCES: Final = {
    Measure.WEIGHT: FloorRule.WEIGHT_TOLERANCE_PCT,
    Measure.SIZE: FloorRule.SIZE_TOLERANCE_PCT,
}


def measure(work: Work, unit_id: UUID, measure: Measure, found: Decimal) -> Measured:
    """Note that a parcel weighs or holds *found*; too far from what was declared, it is held.

    The tolerance is the partner's, or else the house's.
    """
    unit = work.session.get_one(HandlingUnit, unit_id, with_for_update={"key_share": True})
    if measure is Measure.WEIGHT:
        declared, unit.weight_kg = unit.declared_kg, found
    else:
        declared, unit.litres = unit.declared_litres, found
    work.emit(StockEvent.UNIT_MEASURED, unit_id, measure=measure.value, found=f"{found:f}")
    if declared is None or _near(work, unit, measure, declared, found):
        return Measured(declared, None)
    case = discrepancies.open_case(
        work,
        DiscrepancyKind.MEASURE,
        premises_id=unit.premises_id,
        partner_id=unit.partner_id,
        consignment_id=unit.consignment_id,
        handling_unit_id=unit_id,
        expected=f"{declared.normalize():f} {measure.value}",
        found=f"{found.normalize():f} {measure.value}",
    )
    holds.place(
        work,
        HoldKind.INSPECTION,
        Reason.WEIGHT_MISMATCH,
        handling_unit_id=unit_id,
        premises_id=unit.premises_id,
        discrepancy_id=case.id,
    )
    return Measured(declared, case)


def _near(
    work: Work, unit: HandlingUnit, measure: Measure, declared: Decimal, found: Decimal
) -> bool:
    partner = (
        masterdata.partner_by_id(work.session, unit.partner_id).code if unit.partner_id else ""
    )
    tolerance = floor_policy.number(work.session, _TOLERANCES[measure], work.today, partner=partner)
    return abs(found - declared) * 100 <= tolerance * declared
