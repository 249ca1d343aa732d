"""An import line's conservation: declared = still to come + on hand + gone out, in both books.

Declared and let go is read from the customs book; came, stands here and went from the stock
ledger.  Neither is worked out from the other, so that a tick means that they agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func

from warehouse.core.money import ZERO
from warehouse.customs import queries as customs
from warehouse.customs.models import DeclarationLine, Release, ReleaseLine
from warehouse.customs.queries import Withdrawals
from warehouse.inventory.models import Balance, Location, Lot, Movement
from warehouse.inventory.vocabulary import LotOrigin, MovementKind
from warehouse.operations.models import Scan


@dataclass(frozen=True, slots=True)
class Conservation:
    """What became of an import line; every quantity in the line's unit.

    *bound* is what the lots bound to the line were announced with, *came* what arrived of them.
    """

    bound: Decimal
    came: Decimal
    on_hand: Decimal
    gone: Decimal
    statement: Withdrawals

    @property
    def declared(self) -> Decimal:
        """What the declaration says."""
        return self.statement.declared

    @property
    def to_come(self) -> Decimal:
        """What has not arrived."""
        return self.bound - self.came

    @property
    def holds(self) -> bool:
        """Whether the line adds up, and nothing went out unreleased (I-1, I-14)."""
        return (
            self.declared == self.to_come + self.on_hand + self.gone
            and self.to_come >= ZERO
            and self.gone == self.statement.exited
            and self.statement.released >= ZERO
            and self.statement.whole
        )


def of_lines(
    session: Session, entry_lines: Sequence[DeclarationLine]
) -> Mapping[UUID, Conservation]:
    """The conservation of each of *entry_lines*, by its id."""
    wanted = [line.id for line in entry_lines]
    announced = sa.select(func.sum(Lot.quantity)).where(col(Lot.origin) != LotOrigin.HANDLED)
    standing = sa.select(func.sum(Balance.quantity)).join(Lot, col(Lot.id) == col(Balance.lot_id))
    bound = _sums(session, announced, wanted)
    came = _sums(session, _came(), wanted)
    on_hand = _sums(session, standing, wanted)
    gone = _sums(session, _gone(), wanted)
    return {
        line_id: Conservation(
            bound=bound.get(line_id, ZERO),
            came=came.get(line_id, ZERO),
            on_hand=on_hand.get(line_id, ZERO),
            gone=gone.get(line_id, ZERO),
            statement=statement,
        )
        for line_id, statement in customs.withdrawals(session, entry_lines).items()
    }


_REVERSED: Final = aliased(Movement)
_OF_RECEIPT: Final = func.coalesce(_REVERSED.kind, Movement.kind) == MovementKind.RECEIPT


def _came() -> sa.Select[Decimal]:
    """What was received, less what was undone of it."""
    undone = col(Movement.kind) == MovementKind.REVERSAL
    signed = sa.case((undone, -col(Movement.quantity)), else_=col(Movement.quantity))
    return (
        sa.select(func.sum(signed))
        .join(Lot, col(Lot.id) == col(Movement.lot_id))
        .outerjoin(_REVERSED, col(_REVERSED.id) == col(Movement.reverses_id))
        .where(_OF_RECEIPT)
    )


def _gone() -> sa.Select[Decimal]:
    """What went to any far end, less what came back from one."""
    source, target = aliased(Location), aliased(Location)
    outward = sa.cast(col(target.virtual), sa.Integer) - sa.cast(col(source.virtual), sa.Integer)
    return (
        sa.select(func.sum(col(Movement.quantity) * outward))
        .join(Lot, col(Lot.id) == col(Movement.lot_id))
        .join(source, col(source.id) == col(Movement.from_location_id))
        .join(target, col(target.id) == col(Movement.to_location_id))
        .outerjoin(_REVERSED, col(_REVERSED.id) == col(Movement.reverses_id))
        .where(~_OF_RECEIPT)
    )


def _sums(
    session: Session, total: sa.Select[Decimal], line_ids: Iterable[UUID]
) -> Mapping[UUID, Decimal]:
    """*total*, which reads lots, for each import line that they are bound to."""
    line_id = col(Lot.declaration_line_id)
    grouped = total.add_columns(line_id).where(line_id.in_(list(line_ids))).group_by(line_id)
    return {line_id: quantity for quantity, line_id in session.execute(grouped)}


@dataclass(frozen=True, slots=True)
class Step:
    """A movement behind an import line, and the scan and the release that it rests on."""

    sequence: int
    line_id: UUID
    kind: MovementKind
    lot: str
    source: str
    target: str
    quantity: Decimal
    barcode: str | None
    release: str | None
    actor: str
    at: datetime


def steps(session: Session, line_ids: Iterable[UUID], *, limit: int = 500) -> Sequence[Step]:
    """The first *limit* movements of the goods of import lines, in the order they were written."""
    source, target = aliased(Location), aliased(Location)
    rows = session.execute(
        sa.select(
            col(Movement.sequence),
            col(Lot.declaration_line_id),
            col(Movement.kind),
            col(Lot.number),
            col(source.code),
            col(target.code),
            col(Movement.quantity),
            col(Scan.barcode),
            col(Release.number),
            col(Movement.actor),
            col(Movement.at),
        )
        .join(Lot, col(Lot.id) == col(Movement.lot_id))
        .join(source, col(source.id) == col(Movement.from_location_id))
        .join(target, col(target.id) == col(Movement.to_location_id))
        .outerjoin(Scan, col(Scan.id) == col(Movement.scan_id))
        .outerjoin(ReleaseLine, col(ReleaseLine.id) == col(Movement.release_line_id))
        .outerjoin(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(col(Lot.declaration_line_id).in_(list(line_ids)))
        .order_by(col(Movement.sequence))
        .limit(limit)
    )  # fmt: skip
    return [Step(*row) for row in rows]
