"""What was carried is taken back: by counter-entries, and only where it may stand again."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import admission, inside, ledger, queries, standing
from warehouse.inventory.errors import NotReversible
from warehouse.inventory.inbound import Place
from warehouse.inventory.standing import Unit
from warehouse.inventory.vocabulary import Regime

SETTLE_THESE: Final = """
UPDATE handling_unit SET location_id = %(place_id)s WHERE id = ANY(%(ids)s)
"""


class Return(NamedTuple):
    """So much of a lot that goes back from *location_id*."""

    lot_id: UUID
    location_id: UUID
    quantity: Decimal
    promise: UUID | None
    regime: Regime
    product_id: UUID


def take_back(work: Work, premises_id: UUID, of_scan: UUID, before: Unit, *, scan_id: UUID) -> None:
    """Counter what scan *of_scan* carried of a unit, which was as *before*.

    Raises:
        NotReversible: it was countered, or carried on, meanwhile.
        LocationLocked, MayNotStand: its old place does not take it any more.
    """
    inside.hold_nesting(work, premises_id)
    [now] = standing.hold_rows(work, premises_id, [before.id])
    back = counter(work, premises_id, of_scan, scan_id)
    parent_id = _same_parent(work, premises_id, before, back)
    inside.lay(work, now, parent_id, before.location_id)


def take_back_all(
    work: Work,
    premises_id: UUID,
    of_scan: UUID,
    source: Place,
    units: Sequence[UUID],
    *,
    scan_id: UUID,
) -> None:
    """Counter what scan *of_scan* carried out of *source*: goods, and *units* as they are.

    Raises: as `take_back`.
    """
    inside.hold_nesting(work, premises_id)
    standing.hold_rows(work, premises_id, units)
    counter(work, premises_id, of_scan, scan_id)
    work.sql(SETTLE_THESE, ids=list(units), place_id=source.id)


def counter(work: Work, premises_id: UUID, of_scan: UUID, scan_id: UUID) -> Collection[UUID]:
    """Counter what scan *of_scan* moved, if the old places take the goods; return those places.

    Raises: as `take_back`.
    """
    rows = work.sql(ledger.MOVED_BY, scan_id=of_scan).fetchall()
    back: dict[UUID, list[Return]] = defaultdict(list)
    for _, lot_id, source, target, quantity, _, promise, *_ in rows:
        back[source].append(Return(lot_id, target, quantity, promise, *_kind_of(work, lot_id)))
    entrances = [admission.approach(work, place) for place in standing.places(work, list(back))]
    ledger.lock(work, sorted({row[1] for row in rows}))
    for entrance in entrances:
        admission.admit(work, premises_id, entrance, back[entrance.place.id])
    ledger.reverse(work, of_scan, scan_id=scan_id)
    for place_id, returning in back.items():
        promises = [each.promise for each in returning if each.promise]
        inside.follow(work, place_id, promises)
    return back.keys()


def _same_parent(
    work: Work, premises_id: UUID, before: Unit, back: Collection[UUID]
) -> UUID | None:
    """The container that *before* lay in, if it still stands where it stood."""
    if before.parent_id is None:
        return None
    container = standing.unit_by_id(work, premises_id, before.parent_id)
    if back and container.location_id not in back:
        raise NotReversible(lot=before.number)
    return container.id


def _kind_of(work: Work, lot_id: UUID) -> tuple[Regime, UUID]:
    lot = queries.lot_by_id(work.session, lot_id)
    return lot.regime, lot.product_id
