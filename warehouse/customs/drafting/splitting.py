"""A lot was divided: what stands behind its declaration lines is divided with it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work

# The first statement gives the line of the lot; both change the same sum.
LESSEN: Final = """
UPDATE declared_lot SET quantity = quantity - %(quantity)s WHERE lot_id = %(lot_id)s
RETURNING line_id
"""
ADD: Final = """
INSERT INTO declared_lot (id, line_id, lot_id, quantity)
VALUES (%(id)s, %(line_id)s, %(lot_id)s, %(quantity)s)
"""


def split_lot(work: Work, lot_id: UUID, parts: Mapping[UUID, Decimal]) -> None:
    """*parts* of the lot, by their new ids, stand behind its import line from now on."""
    lines = work.sql(LESSEN, lot_id=lot_id, quantity=sum(parts.values())).fetchall()
    for (line_id,) in lines:
        for part_id, quantity in parts.items():
            work.sql(ADD, id=ids.new_id(), line_id=line_id, lot_id=part_id, quantity=quantity)
