"""What a clerk who receives is at: the parcel just scanned, and the consignment it came with."""

from typing import Final
from uuid import UUID

from warehouse.operations.floor import things
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.messages import inbound as say
from warehouse.operations.floor.things import Unit
from warehouse.shipments import arrivals
from warehouse.shipments.models import Consignment

# The parcel of the last scan since the task began that was neither refused nor taken back.
LAST_PARCEL: Final = """
SELECT unit.id
  FROM (SELECT answer->'data'->>'parcel' AS number
          FROM scan
         WHERE person_id = %(person_id)s AND kind = 'receive' AND step = 'scan_parcel'
           AND sequence >= (SELECT since FROM task WHERE person_id = %(person_id)s)
           AND tone <> 'refused' AND answer->>'asks' = 'false'
           AND NOT EXISTS (SELECT FROM scan AS later WHERE later.undoes_id = scan.id)
         ORDER BY sequence DESC LIMIT 1) AS last
  JOIN handling_unit AS unit
    ON unit.premises_id = %(premises_id)s AND unit.number = last.number
"""


def parcel(turn: Turn) -> Unit:
    """The parcel in hand, or the one that was scanned last.

    Raises:
        Refused: there is none.
    """
    unit = _parcel(turn)
    if unit is None:
        raise Refused(say.NO_PARCEL, scanned=turn.code)
    return unit


def consignment(turn: Turn) -> UUID | None:
    """The consignment that was chosen, or that the parcel belongs to."""
    if "consignment" in turn.hand:
        return turn.uuid("consignment")
    unit = _parcel(turn)
    return unit.consignment_id if unit else None


def named(turn: Turn) -> Consignment | None:
    """The one consignment that was scanned: by its number, a reference or its despatch.

    Raises:
        Refused: several are called so.
    """
    meant = arrivals.named(turn.work.session, turn.premises_id, turn.code)
    if len(meant) > 1:
        numbers = [each.number for each in meant]
        raise Refused(say.SEVERAL_CONSIGNMENTS, scanned=turn.code, consignments=numbers)
    return meant[0] if meant else None


def _parcel(turn: Turn) -> Unit | None:
    if "parcel" in turn.hand:
        return things.unit_by_id(turn, turn.uuid("parcel"))
    row = turn.work.sql(
        LAST_PARCEL, person_id=turn.person_id, premises_id=turn.premises_id
    ).fetchone()
    return things.unit_by_id(turn, row[0]) if row else None
