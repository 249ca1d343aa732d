"""The hot write of shipments: records a change of status, in plain SQL."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from warehouse.core import ids
from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.shipments.errors import ShipmentNotFound
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import CUSTODY, CUSTOMS_STATUS, Axis, Custody, CustomsStatus

# The shipment takes the step and its history gains the line: both, or neither when the shipment
# does not stand where the step begins.
_RECORD: Final = """
WITH changed AS (
    UPDATE shipment
       SET {axis} = %(status)s, version = version + 1, changed_at = %(at)s
     WHERE id = %(shipment_id)s AND {axis} = ANY(%(before)s)
    RETURNING id
)
INSERT INTO shipment_history (id, shipment_id, axis, status, at)
SELECT %(id)s, id, '{axis}', %(status)s, %(at)s FROM changed
RETURNING id
"""
RECORD_HOLD: Final = """
WITH changed AS (
    UPDATE shipment SET held = %(reason)s, version = version + 1, changed_at = %(at)s
     WHERE id = %(shipment_id)s AND held <> %(reason)s
    RETURNING id
)
INSERT INTO shipment_history (id, shipment_id, axis, status, at)
SELECT %(id)s, id, 'hold', coalesce(nullif(%(reason)s, ''), 'lifted'), %(at)s FROM changed
RETURNING id
"""
RECORD_CUSTODY: Final = _RECORD.format(axis=Axis.CUSTODY)
RECORD_CUSTOMS: Final = _RECORD.format(axis=Axis.CUSTOMS)


def record(
    work: Work,
    shipment_id: UUID,
    *,
    custody: Custody | None = None,
    customs: CustomsStatus | None = None,
) -> None:
    """Let the shipment take a step on one axis or both, and write its history.

    Raises:
        WrongState: the shipment does not stand where that step begins.
        ShipmentNotFound: there is no such shipment.
    """
    if custody is not None:
        _step(work, RECORD_CUSTODY, shipment_id, custody, CUSTODY.before(custody))
    if customs is not None:
        _step(work, RECORD_CUSTOMS, shipment_id, customs, CUSTOMS_STATUS.before(customs))


def record_hold(work: Work, shipment_id: UUID, reason: str) -> bool:
    """Tell the partner that the shipment is held for *reason*, or with an empty one no longer.

    Returns whether that is new.
    """
    written = work.sql(
        RECORD_HOLD, id=ids.new_id(), shipment_id=shipment_id, reason=reason, at=work.at
    ).fetchone()
    return written is not None


def _step(
    work: Work,
    statement: str,
    shipment_id: UUID,
    target: Custody | CustomsStatus,
    before: tuple[Custody, ...] | tuple[CustomsStatus, ...],
) -> None:
    written = work.sql(
        statement,
        id=ids.new_id(),
        shipment_id=shipment_id,
        status=target.value,
        before=[state.value for state in before],
        at=work.at,
    ).fetchone()
    if written is None:
        raise _why(work.session, shipment_id, target)


def _why(session: Session, shipment_id: UUID, target: Custody | CustomsStatus) -> Exception:
    shipment = session.get(Shipment, shipment_id, populate_existing=True)
    if shipment is None:
        return ShipmentNotFound(number=str(shipment_id))
    current = shipment.custody if isinstance(target, Custody) else shipment.customs
    return WrongState(state=current.value, target=target.value)
