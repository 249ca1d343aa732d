"""The hot path of stock: every movement is written here, in one plain SQL statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import queries
from warehouse.inventory.errors import InsufficientStock, NotReversible
from warehouse.inventory.vocabulary import MovementKind, StockEvent

EVENTS: Final[Mapping[MovementKind, StockEvent]] = {
    MovementKind.RECEIPT: StockEvent.RECEIVED,
    MovementKind.MOVE: StockEvent.MOVED,
    MovementKind.PICK: StockEvent.PICKED,
    MovementKind.ISSUE: StockEvent.ISSUED,
    MovementKind.REVERSAL: StockEvent.REVERSED,
    MovementKind.VARIANCE: StockEvent.MISSING,
    MovementKind.FOUND: StockEvent.FOUND,
    MovementKind.HANDLE: StockEvent.HANDLED,
    MovementKind.RETURN: StockEvent.RETURNED,
}

# Holds the lots against every other movement, in key order, so that opposite ones queue.
LOCK_LOTS: Final = "SELECT id FROM lot WHERE id = ANY(%(lots)s) ORDER BY id FOR NO KEY UPDATE"

# Take from the sources, put in the target, write the lines and what happened: no line is written
# unless every source gave what was asked of it.  Virtual places (abroad, home use …) stand at the
# far end and keep no balance.  Lines of one lot at one place are taken together, because one
# statement may change a balance only once.
POST: Final = """
WITH line AS (
    SELECT * FROM unnest(%(movements)s::uuid[], %(events)s::uuid[], %(balances)s::uuid[],
                         %(lots)s::uuid[], %(sources)s::uuid[], %(quantities)s::numeric[],
                         %(reserved)s::numeric[], %(bonded)s::boolean[], %(releases)s::uuid[],
                         %(reservations)s::uuid[], %(reversed)s::uuid[], %(scans)s::uuid[])
        AS line (movement_id, event_id, balance_id, lot_id, source_id, quantity,
                 reserved, under_bond, release_line_id, reservation_id, reverses_id, scan_id)
), leaving AS (
    SELECT lot_id, source_id, sum(quantity) AS quantity, sum(reserved) AS reserved
      FROM line WHERE NOT %(source_virtual)s GROUP BY lot_id, source_id
), taken AS (
    UPDATE balance
       SET quantity = balance.quantity - leaving.quantity,
           reserved = balance.reserved - leaving.reserved
      FROM leaving
     WHERE balance.lot_id = leaving.lot_id AND balance.location_id = leaving.source_id
       AND balance.reserved >= leaving.reserved
       AND balance.quantity - balance.reserved >= leaving.quantity - leaving.reserved
    RETURNING balance.id
), posted AS (
    INSERT INTO movement (id, kind, lot_id, from_location_id, to_location_id, quantity, under_bond,
                          release_line_id, reservation_id, reverses_id, discrepancy_id,
                          handling_id, scan_id, actor, at)
    SELECT movement_id, %(kind)s, lot_id, source_id, %(target_id)s, quantity, under_bond,
           release_line_id, reservation_id, reverses_id, %(discrepancy_id)s, %(handling_id)s,
           scan_id, %(actor)s, %(at)s
      FROM line WHERE (SELECT count(*) FROM taken) = (SELECT count(*) FROM leaving)
    RETURNING id
), put AS (
    INSERT INTO balance (id, lot_id, location_id, quantity, reserved)
    SELECT (array_agg(balance_id))[1], lot_id, %(target_id)s, sum(quantity), sum(reserved)
      FROM line JOIN posted ON posted.id = line.movement_id
     WHERE NOT %(target_virtual)s GROUP BY lot_id
    ON CONFLICT (lot_id, location_id)
    DO UPDATE SET quantity = balance.quantity + excluded.quantity,
                  reserved = balance.reserved + excluded.reserved
), told AS (
    INSERT INTO event (id, name, subject, actor, at, facts)
    SELECT event_id, %(event)s, lot_id, %(actor)s, %(at)s,
           jsonb_build_object('movement', movement_id::text)
      FROM line JOIN posted ON posted.id = line.movement_id
)
SELECT count(*) FROM posted
"""


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a lot that leaves *source_id*.

    *reserved*: how much of it is promised to an order and stays so where it arrives.  *scan_id*:
    the scan that moves it, where lines of several scans are written together.
    """

    lot_id: UUID
    source_id: UUID
    quantity: Decimal
    under_bond: bool
    reserved: Decimal = Decimal(0)
    release_line_id: UUID | None = None
    reservation_id: UUID | None = None
    reverses_id: UUID | None = None
    scan_id: UUID | None = None


def lock(work: Work, lots: Sequence[UUID]) -> None:
    """Hold *lots* to the end of the transaction, before looking at what stands where."""
    work.sql(LOCK_LOTS, lots=list(lots))


def post(
    work: Work,
    kind: MovementKind,
    lines: Sequence[Line],
    *,
    target_id: UUID,
    source_virtual: bool = False,
    target_virtual: bool = False,
    scan_id: UUID | None = None,
    discrepancy_id: UUID | None = None,
    handling_id: UUID | None = None,
) -> list[UUID]:
    """Write a movement for each of *lines*, and the balances that follow; return their ids.

    The caller holds the lots locked.  After a refusal of several lines the transaction is to be
    rolled back: some balances may have changed, though no line was written.

    Raises:
        InsufficientStock: a source has less than that, free or reserved.
    """
    movements = [ids.new_id() for _ in lines]
    events = [ids.new_id() for _ in lines]
    written = work.sql(
        POST,
        kind=kind.value,
        event=EVENTS[kind].value,
        movements=movements,
        events=events,
        balances=[ids.new_id() for _ in lines],
        lots=[line.lot_id for line in lines],
        sources=[line.source_id for line in lines],
        quantities=[line.quantity for line in lines],
        reserved=[line.reserved for line in lines],
        bonded=[line.under_bond for line in lines],
        releases=[line.release_line_id for line in lines],
        reservations=[line.reservation_id for line in lines],
        reversed=[line.reverses_id for line in lines],
        discrepancy_id=discrepancy_id,
        handling_id=handling_id,
        target_id=target_id,
        source_virtual=source_virtual,
        target_virtual=target_virtual,
        scans=[line.scan_id or scan_id for line in lines],
        actor=work.actor.name,
        at=work.at,
    ).fetchone()
    if written != (len(lines),):
        raise _shortage(work, lines)
    for line, event_id in zip(lines, events, strict=True):
        work.follow(EVENTS[kind], line.lot_id, event_id)
    return movements


# What a scan moved, and whether it was countered; in the order of the lots' lock.
MOVED_BY: Final = """
SELECT movement.id, lot_id, from_location_id, to_location_id, movement.quantity, under_bond,
       reservation_id, source.virtual, target.virtual,
       EXISTS (SELECT FROM movement AS later WHERE later.reverses_id = movement.id)
  FROM movement JOIN location AS source ON source.id = from_location_id
  JOIN location AS target ON target.id = to_location_id
 WHERE movement.scan_id = %(scan_id)s AND movement.kind <> 'reversal'
 ORDER BY lot_id, movement.sequence
"""


def reverse(work: Work, of_scan: UUID, *, scan_id: UUID | None = None) -> int:
    """Counter everything that scan *of_scan* moved, each movement once; return how many.

    What was promised stays promised.

    Raises:
        NotReversible: something was countered before, or the goods have moved on.
    """
    lock(work, sorted({row[1] for row in work.sql(MOVED_BY, scan_id=of_scan)}))
    moved = work.sql(MOVED_BY, scan_id=of_scan).fetchall()
    for movement_id, lot_id, source, target, quantity, bonded, promise, *ends, countered in moved:
        if countered:
            raise NotReversible(lot=queries.lot_by_id(work.session, lot_id).number)
        line = Line(
            lot_id,
            target,
            quantity,
            bonded,
            reserved=quantity if promise else Decimal(0),
            reservation_id=promise,
            reverses_id=movement_id,
        )
        try:
            post(
                work,
                MovementKind.REVERSAL,
                [line],
                target_id=source,
                source_virtual=ends[1],
                target_virtual=ends[0],
                scan_id=scan_id,
            )
        except InsufficientStock as gone:
            raise NotReversible(lot=gone.facts["goods"]) from gone
    return len(moved)


def _shortage(work: Work, lines: Sequence[Line]) -> InsufficientStock:
    """What to say of the first of *lines* that could not be taken, or of the first of all."""
    line, free = next(
        (
            (line, free)
            for line in lines
            if (free := queries.free_at(work.session, line.lot_id, line.source_id))
            < line.quantity - line.reserved
        ),
        (lines[0], Decimal(0)),
    )
    lot = queries.lot_by_id(work.session, line.lot_id)
    return InsufficientStock(goods=lot.number, available=free, wanted=line.quantity)
