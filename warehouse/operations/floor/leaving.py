"""The shipment that a label on the floor names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.messages import Message
from warehouse.operations.floor.messages import outbound as say
from warehouse.shipments.errors import ShipmentNotFound
from warehouse.shipments.vocabulary import CUSTODY_NAMES, Custody


class Leaving(NamedTuple):
    """A shipment, locked: what it is and where it stands stays true to the end of the scan."""

    id: UUID
    number: str
    parcel_number: str
    order_id: UUID
    custody: Custody
    changed_at: datetime

    def refused(self, reason: Message) -> Refused:
        """That the shipment cannot be handled now because of its custody."""
        return Refused(
            reason,
            shipment=self.number,
            parcel=self.parcel_number,
            custody=CUSTODY_NAMES[self.custody],
        )


_LOCK: Final = """
SELECT id, number, parcel_number, order_id, custody, changed_at FROM shipment
 WHERE premises_id = %(premises_id)s AND {key} FOR NO KEY UPDATE
"""
FIND: Final = """
SELECT id FROM shipment
 WHERE premises_id = %(premises_id)s AND (number = %(label)s OR parcel_number = %(label)s)
"""
LOCK_BY_LABEL: Final = _LOCK.format(key="(number = %(label)s OR parcel_number = %(label)s)")
LOCK_BY_ID: Final = _LOCK.format(key="id = %(id)s")
LOCK_ALL: Final = _LOCK.replace("FOR NO", "ORDER BY id FOR NO").format(key="id = ANY(%(ids)s)")


def by_label(turn: Turn, wrong: Message) -> Leaving:
    """The shipment whose number or parcel number was scanned; *wrong* refuses a place.

    Raises:
        Refused: a place was scanned, or there is no such shipment here.
    """
    if turn.is_place:
        raise Refused(wrong, scanned=turn.code)
    row = turn.work.sql(LOCK_BY_LABEL, premises_id=turn.premises_id, label=turn.code).fetchone()
    if row is None:
        raise Refused(say.UNKNOWN_SHIPMENT, scanned=turn.code)
    return _leaving(row)


def named(turn: Turn, wrong: Message) -> UUID:
    """Which shipment was scanned, not locked: for whoever has to lock something before it.

    Raises:
        Refused: a place was scanned, or there is no such shipment here.
    """
    if turn.is_place:
        raise Refused(wrong, scanned=turn.code)
    if found := find(turn.work, turn.premises_id, turn.code):
        return found
    raise Refused(say.UNKNOWN_SHIPMENT, scanned=turn.code)


def all_of(work: Work, premises_id: UUID, shipments: Sequence[UUID]) -> dict[UUID, Leaving]:
    """The *shipments* that a clerk works on, locked in key order."""
    rows = work.sql(LOCK_ALL, premises_id=premises_id, ids=list(shipments)).fetchall()
    return {row[0]: _leaving(row) for row in rows}


def find(work: Work, premises_id: UUID, label: str) -> UUID | None:
    """The shipment that *label* names, not locked; None if there is none here."""
    row = work.sql(FIND, premises_id=premises_id, label=label).fetchone()
    return None if row is None else row[0]


def by_id(work: Work, premises_id: UUID, shipment_id: UUID) -> Leaving:
    """The shipment that a clerk works on.

    Raises:
        ShipmentNotFound: it is not in the premises where the clerk works now.
    """
    row = work.sql(LOCK_BY_ID, premises_id=premises_id, id=shipment_id).fetchone()
    if row is None:
        raise ShipmentNotFound(number=str(shipment_id))
    return _leaving(row)


def _leaving(row: tuple[UUID, str, str, UUID, str, datetime]) -> Leaving:
    key, number, parcel_number, order_id, custody, changed_at = row
    return Leaving(key, number, parcel_number, order_id, Custody(custody), changed_at)
