"""Goods inside the hall: carried from place to place.  Plain SQL, because this runs all day."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, ledger
from warehouse.inventory.inbound import Parcel, Place, Standing
from warehouse.inventory.vocabulary import LocationKind, MovementKind

LOCK_CONTENTS: Final = """
SELECT id FROM lot WHERE handling_unit_id = %(id)s ORDER BY id FOR NO KEY UPDATE
"""

# What is promised goes where the goods go.
FOLLOW_GOODS: Final = """
UPDATE reservation SET location_id = %(target_id)s
 WHERE lot_id = ANY(%(lots)s) AND location_id = ANY(%(sources)s) AND state = 'held'
"""


def put_away(
    work: Work, premises_id: UUID, handling_unit_id: UUID, target: Place, *, scan_id: UUID
) -> Parcel:
    """Carry what stands of a parcel at the dock or in store to *target*; say where it stood.

    What already stands there stays.  Picked goods are left alone.  What is promised to an order
    stays promised.

    Raises:
        ParcelNotFound: it is not in these premises.
    """
    work.sql(LOCK_CONTENTS, id=handling_unit_id)
    parcel = inbound.parcel_by_id(work, premises_id, handling_unit_id)
    moving = [each for each in movable(parcel) if each.location_id != target.id]
    if moving:
        _carry(work, moving, target, scan_id)
    return replace(parcel, standing=tuple(moving))


def movable(parcel: Parcel) -> list[Standing]:
    """What of *parcel* a clerk may carry from bin to bin."""
    kinds = (LocationKind.RECEIVE, LocationKind.STORE)
    return [each for each in parcel.standing if each.kind in kinds]


def _carry(work: Work, moving: Sequence[Standing], target: Place, scan_id: UUID) -> None:
    lines = [
        ledger.Line(
            each.lot_id, each.location_id, each.quantity, each.under_bond, reserved=each.reserved
        )
        for each in moving
    ]
    ledger.post(work, MovementKind.MOVE, lines, target_id=target.id, scan_id=scan_id)
    if any(each.reserved for each in moving):
        work.sql(
            FOLLOW_GOODS,
            target_id=target.id,
            lots=[each.lot_id for each in moving],
            sources=[each.location_id for each in moving],
        )
