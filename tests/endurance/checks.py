"""The eight checks: what must be true of the database after any crash and any race."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session

from warehouse import wiring
from warehouse.core import seals
from warehouse.core.work import SYSTEM, begin
from warehouse.operations import proofs
from warehouse.shipments.vocabulary import CUSTODY

_KEPT: Final = "SELECT id, answer FROM scan WHERE id = ANY(:ids)"

_UNKNOWN: Final = """
SELECT format('scan %s', id) FROM scan WHERE id <> ALL(:sent)
UNION ALL
SELECT format('movement %s by scan %s', id, scan_id) FROM movement WHERE scan_id <> ALL(:sent)
"""

_ONE_SIDED: Final = """
SELECT format('movement %s', movement.id)
  FROM movement LEFT JOIN lot ON lot.id = lot_id
  LEFT JOIN location AS source ON source.id = from_location_id
  LEFT JOIN location AS target ON target.id = to_location_id
 WHERE lot.id IS NULL OR source.id IS NULL OR target.id IS NULL OR source.id = target.id
    OR movement.quantity <= 0
"""

_UNBALANCED: Final = """
SELECT format('lot %s at %s: %s, moved %s', lot_id, location_id, balance.quantity, moved.quantity)
  FROM (SELECT lot_id, location_id, sum(quantity) AS quantity
          FROM (SELECT lot_id, to_location_id AS location_id, quantity FROM movement
                UNION ALL
                SELECT lot_id, from_location_id, -quantity FROM movement) AS ends
          JOIN location ON location.id = location_id AND NOT virtual
         GROUP BY lot_id, location_id) AS moved
  FULL JOIN balance USING (lot_id, location_id)
 WHERE coalesce(balance.quantity, 0) <> coalesce(moved.quantity, 0)
"""

_NEGATIVE: Final = """
SELECT format('balance %s: %s, %s reserved', id, quantity, reserved)
  FROM balance WHERE quantity < 0 OR reserved < 0 OR reserved > quantity
"""

_UNTOLD: Final = """
SELECT format('movement %s: %s events', movement.id, count(event.id))
  FROM movement LEFT JOIN event ON event.subject = lot_id
                               AND event.facts ->> 'movement' = movement.id::text
 GROUP BY movement.id HAVING count(event.id) <> 1
UNION ALL
SELECT format('shipment %s %s: %s events', shipment_id, status, count(event.id))
  FROM shipment_history LEFT JOIN event ON event.subject = shipment_id
                                       AND event.name = 'shipments.shipment.' || status
 WHERE axis = 'custody' AND status IN ('picked', 'packed', 'dispatched')
 GROUP BY shipment_id, status HAVING count(event.id) <> 1
"""

# Movements in the order in which they were written: no place gives what it did not have, and no
# goods come twice.
_FORKED: Final = """
SELECT format('lot %s at %s: %s after movement %s', lot_id, location_id, standing, sequence)
  FROM (SELECT lot_id, location_id, sequence,
               sum(quantity) OVER (PARTITION BY lot_id, location_id ORDER BY sequence) AS standing
          FROM (SELECT lot_id, to_location_id AS location_id, sequence, quantity FROM movement
                UNION ALL
                SELECT lot_id, from_location_id, sequence, -quantity FROM movement) AS ends
       ) AS history JOIN location ON location.id = location_id
 WHERE NOT virtual AND standing < 0
UNION ALL
SELECT format('lot %s of %s came as %s', number, lot.quantity, sum(came.quantity))
  FROM lot JOIN (SELECT lot_id, from_location_id AS location_id, quantity FROM movement
                 UNION ALL
                 SELECT lot_id, to_location_id, -quantity FROM movement) AS came
    ON came.lot_id = lot.id
  JOIN location ON location.id = location_id AND location.kind = 'abroad'
 GROUP BY lot.id HAVING sum(came.quantity) > lot.quantity
UNION ALL
SELECT format('shipment %s: from %s to %s', shipment_id, earlier, status)
  FROM (SELECT shipment_id, status,
               lag(status) OVER (PARTITION BY shipment_id ORDER BY sequence) AS earlier
          FROM shipment_history WHERE axis = 'custody') AS steps
 WHERE earlier IS NOT NULL AND earlier || ' ' || status <> ALL(:steps)
"""


def failures(
    engine: Engine, sent: Collection[UUID], acknowledged: Mapping[UUID, Mapping[str, Any]]
) -> list[str]:
    """What the first seven checks find wrong; nothing, if all is well.

    *acknowledged* must have been copied before: what is answered meanwhile may not be seen.
    """
    with Session(engine) as session:
        return list(_failures(session, sent, acknowledged))


def unproved(engine: Engine) -> list[str]:
    """What every proof finds wrong, and the eighth check: that of the chain, sealed to its end."""
    with begin(engine, SYSTEM, wiring.SUBSCRIBERS) as work:
        while seals.seal(work):
            pass
    with Session(engine) as session:
        return [
            f"{proof.name}: {difference}"
            for proof in proofs.prove(session)
            for difference in proof.differences
        ]


def _failures(
    session: Session, sent: Collection[UUID], acknowledged: Mapping[UUID, Mapping[str, Any]]
) -> Iterator[str]:
    def rows(statement: str, **values: object) -> list[Any]:
        return list(session.connection().execute(sa.text(statement), values).scalars())

    asked = {"ids": list(acknowledged)}
    kept = dict(session.connection().execute(sa.text(_KEPT), asked).all())
    for key, answer in acknowledged.items():
        if kept.get(key) != answer:
            yield f"1 acknowledged and not kept: {key} {answer['message']['code']}"
    steps = [f"{each} {then}" for each, following in CUSTODY.steps.items() for then in following]
    for name, found in (
        ("2 sent by nobody", rows(_UNKNOWN, sent=list(sent))),
        ("3 not two-sided", rows(_ONE_SIDED)),
        ("4 not balanced", rows(_UNBALANCED)),
        ("5 negative", rows(_NEGATIVE)),
        ("6 not told once", rows(_UNTOLD)),
        ("7 gap or fork", rows(_FORKED, steps=steps)),
    ):
        yield from (f"{name}: {each}" for each in found)
