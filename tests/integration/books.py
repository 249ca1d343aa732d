"""Whether the books add up, computed anew from the movements."""

from sqlmodel import Session, text

_WRONG_BALANCES = """
WITH moved AS (
    SELECT lot_id, location_id, sum(quantity) AS quantity FROM (
        SELECT lot_id, to_location_id AS location_id, quantity FROM movement
        UNION ALL
        SELECT lot_id, from_location_id, -quantity FROM movement
    ) AS ends JOIN location ON location.id = location_id AND NOT location.virtual
    GROUP BY lot_id, location_id
)
SELECT lot_id, location_id, coalesce(moved.quantity, 0), coalesce(balance.quantity, 0)
  FROM moved FULL JOIN balance USING (lot_id, location_id)
 WHERE coalesce(moved.quantity, 0) <> coalesce(balance.quantity, 0)
"""

_WRONG_PROMISES = """
WITH promised AS (
    SELECT lot_id, location_id, sum(quantity) AS quantity FROM reservation
     WHERE state IN ('held', 'picked') GROUP BY lot_id, location_id
)
SELECT lot_id, location_id, coalesce(promised.quantity, 0), coalesce(balance.reserved, 0)
  FROM promised FULL JOIN balance USING (lot_id, location_id)
 WHERE coalesce(promised.quantity, 0) <> coalesce(balance.reserved, 0)
"""

_RECEIVED_WRONGLY = """
SELECT lot.number, lot.quantity, sum(movement.quantity)
  FROM lot JOIN movement ON movement.lot_id = lot.id AND movement.kind = 'receipt'
 GROUP BY lot.id HAVING sum(movement.quantity) <> lot.quantity
"""


def differences(session: Session) -> list[tuple[object, ...]]:
    """Balances that are not the sum of their movements, promises that are not kept, lots that came
    more than once; none, if the books are right.
    """
    session.expire_all()
    return [
        tuple(row)
        for statement in (_WRONG_BALANCES, _WRONG_PROMISES, _RECEIVED_WRONGLY)
        for row in session.connection().execute(text(statement))
    ]
