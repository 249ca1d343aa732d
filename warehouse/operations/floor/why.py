"""Why can't this leave?  A label is scanned, and what has to be cleared first is said.

Everything that decides is read here; `blocking` decides.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs import releases
from warehouse.inventory import holds
from warehouse.inventory.vocabulary import STORED
from warehouse.operations.floor import blocking
from warehouse.operations.floor.blocking import Facts, Leaver, Verdict
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn
from warehouse.operations.floor.labels import Label
from warehouse.operations.floor.messages import why as say
from warehouse.operations.vocabulary import Step, TaskKind, Tone
from warehouse.shipments.vocabulary import Custody, CustomsStatus

FIND: Final = """
SELECT 'shipment', id, number, NULL::timestamptz FROM shipment
 WHERE premises_id = %(premises_id)s AND (number = %(code)s OR parcel_number = %(code)s)
UNION ALL
SELECT 'shipment', shipment.id, shipment.number, NULL
  FROM customer_order JOIN shipment ON shipment.order_id = customer_order.id
 WHERE customer_order.premises_id = %(premises_id)s AND customer_order.number = %(code)s
UNION ALL
SELECT 'lot', id, number, NULL FROM lot
 WHERE premises_id = %(premises_id)s AND number = %(code)s
UNION ALL
SELECT 'unit', id, number, received_at FROM handling_unit
 WHERE premises_id = %(premises_id)s AND number IN (%(code)s, %(sscc)s)
UNION ALL
SELECT 'unit', unit.id, unit.number, unit.received_at
  FROM unit_alias JOIN handling_unit AS unit ON unit.id = unit_alias.handling_unit_id
 WHERE unit_alias.premises_id = %(premises_id)s AND code = %(code)s
LIMIT 1
"""

LEAVER: Final = """
SELECT order_id, number, parcel_number, custody, customs, changed_at,
       EXISTS (SELECT FROM reservation JOIN lot ON lot.id = reservation.lot_id
                                               AND lot.regime IN ('bonded', 'export')
                WHERE order_line_id IN (SELECT id FROM order_line
                                         WHERE order_line.order_id = shipment.order_id)
                  AND state <> 'voided')
  FROM shipment WHERE id = %(id)s
"""

# What is in a parcel or container, or was picked into it: where it stands, for whom it is kept, or
# where it went.  What is furthest from the gate comes first.
GOODS: Final = """
WITH RECURSIVE inside AS (
    SELECT %(unit_id)s::uuid AS id
    UNION
    SELECT unit.id FROM handling_unit AS unit JOIN inside ON unit.parent_id = inside.id
)
SELECT lot.id, unit.received_at IS NOT NULL AS received,
       lot.accepted_at IS NOT NULL OR NOT lot.under_bond AS entered, unit.consignment_id,
       location.id, location.code, location.kind, promise.shipment_id, gone.code, gone.at
  FROM lot JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
  LEFT JOIN balance ON balance.lot_id = lot.id AND balance.quantity > 0
  LEFT JOIN location ON location.id = balance.location_id
  LEFT JOIN LATERAL (
      SELECT shipment.id AS shipment_id
        FROM reservation JOIN order_line ON order_line.id = reservation.order_line_id
        JOIN shipment ON shipment.order_id = order_line.order_id
       WHERE reservation.lot_id = lot.id AND reservation.location_id = location.id
         AND reservation.state IN ('held', 'picked')
       ORDER BY reservation.id LIMIT 1
  ) AS promise ON true
  LEFT JOIN LATERAL (
      SELECT place.code, movement.at
        FROM movement JOIN location AS place ON place.id = movement.to_location_id
       WHERE movement.lot_id = lot.id AND place.virtual AND location.id IS NULL
       ORDER BY movement.sequence DESC LIMIT 1
  ) AS gone ON true
 WHERE lot.id = %(lot_id)s OR lot.handling_unit_id IN (SELECT id FROM inside)
    OR lot.id IN (SELECT lot_id FROM reservation JOIN inside ON inside.id = container_id
                   WHERE state = 'picked')
 ORDER BY received, entered, promise.shipment_id NULLS FIRST LIMIT 50
"""


class _Found(NamedTuple):
    """What a label names here."""

    kind: str
    id: UUID
    number: str
    received_at: datetime | None


class _Standing(NamedTuple):
    """A lot: where it stands and for whom it is kept, or where it went."""

    lot_id: UUID
    received: bool
    entered: bool
    consignment_id: UUID | None
    place_id: UUID | None
    place: str | None
    kind: str | None
    shipment_id: UUID | None
    gone_to: str | None
    gone_at: datetime | None


def explain(work: Work, premises_id: UUID, label: Label, code: str) -> Verdict:
    """What keeps the thing that *code* names from leaving, or that nothing does.

    Raises:
        Refused: nothing of that name is known in the premises.
    """
    sscc = label.fields.get("00", code)
    row = work.sql(FIND, premises_id=premises_id, code=code, sscc=sscc).fetchone()
    if row is None:
        raise Refused(say.UNKNOWN_THING, scanned=code)
    found = _Found(*row)
    facts = of_shipment(work, found.id) if found.kind == "shipment" else _of_goods(work, found)
    return blocking.blocking(facts) or Verdict(say.MAY_LEAVE, {"what": facts.what})


def of_shipment(work: Work, shipment_id: UUID) -> Facts:
    """What decides whether a shipment may leave."""
    row = work.sql(LEAVER, id=shipment_id).fetchone()
    assert row is not None, "whoever asks has found it"
    order_id, number, parcel_number, custody, cleared, changed_at, bonded = row
    leaver = Leaver(
        number,
        parcel_number,
        Custody(custody),
        CustomsStatus(cleared),
        changed_at,
        bonded,
        releases.standing(work, order_id),
    )
    held = holds.stopping(work, order_id)
    return Facts(parcel_number, work.at, held=held, shipment=leaver)


def scan_label(turn: Turn) -> Reply:
    """Say what keeps the thing that was scanned from leaving.

    Raises:
        Refused: nothing of that name is known here.
    """
    verdict = explain(turn.work, turn.premises_id, turn.label, turn.code)
    message = verdict.message
    if message.tone is Tone.REFUSED:  # it was only asked
        message = replace(message, tone=Tone.WARNING)
    return Reply(message, turn.dialogue, {"scanned": turn.code, **verdict.facts})


def _of_goods(work: Work, found: _Found) -> Facts:
    rows = work.sql(
        GOODS,
        unit_id=found.id if found.kind == "unit" else None,
        lot_id=found.id if found.kind == "lot" else None,
    ).fetchall()
    if not rows:
        return Facts(found.number, work.at, found.received_at is not None, entered=False)
    return blocking.first([_of_lot(work, found.number, _Standing(*row)) for row in rows])


def _of_lot(work: Work, what: str, goods: _Standing) -> Facts:
    if goods.shipment_id is not None:
        return of_shipment(work, goods.shipment_id)
    entry = None
    if not goods.entered and goods.consignment_id is not None:
        entry = customs.declaration_of_consignment(work.session, goods.consignment_id)
    return Facts(
        what,
        work.at,
        received=goods.received,
        entered=goods.entered,
        entry=entry.state if entry else None,
        held=holds.reaching(work, goods.lot_id, goods.place_id),
        place=goods.place or goods.gone_to or "",
        stored=goods.kind in STORED,
        gone_at=goods.gone_at if goods.received else None,
    )


FLOW: Final = Flow(
    TaskKind.WHY,
    "CMD-WHY",
    say.WHY,
    {
        Step.SCAN_LABEL: StepOf(
            scan_label, say.SCAN_ANYTHING, then=frozenset({Step.SCAN_LABEL}), doubled=False
        ),
    },
)
