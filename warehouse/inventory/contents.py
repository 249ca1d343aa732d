"""What is in a parcel, counted product by product and compared with what was announced.

Goods of several batches, expiry days or serial numbers become lots of their own: their receipt is
countered and entered anew, so that the book tells what happened.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.inventory import commands, discrepancies, holds, inbound, ledger, variances
from warehouse.inventory.errors import NotAtDock
from warehouse.inventory.models import Discrepancy, Lot
from warehouse.inventory.vocabulary import (
    DiscrepancyKind,
    HoldKind,
    LocationKind,
    LotOrigin,
    MovementKind,
    StockEvent,
)
from warehouse.masterdata.reasons import Reason


class Details(NamedTuple):
    """What makes pieces of one product lots of their own."""

    batch: str | None = None
    expires_on: date | None = None
    serial: str | None = None


PLAIN: Final = Details()


@dataclass(frozen=True, slots=True)
class Piece:
    """So much of a product, counted."""

    product_id: UUID
    sku: str
    unit: str
    quantity: Decimal
    details: Details = PLAIN


@dataclass(frozen=True, slots=True)
class Standing:
    """What is booked of a lot in the parcel, where it came in."""

    lot_id: UUID
    product_id: UUID
    sku: str
    place_id: UUID
    quantity: Decimal
    under_bond: bool


class Opening(NamedTuple):
    """Whose parcel was opened, and the scan that said it is counted."""

    premises_id: UUID
    partner_id: UUID
    consignment_id: UUID
    unit_id: UUID
    scan_id: UUID


class Difference(NamedTuple):
    """A product of which more or less is there than the book says."""

    sku: str
    expected: Decimal
    found: Decimal


class Split(NamedTuple):
    """A lot that was divided: the new lots, and how much each has of it."""

    lot_id: UUID
    parts: Mapping[UUID, Decimal]


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of opening a parcel."""

    cases: tuple[Discrepancy, ...]
    splits: tuple[Split, ...]


LOCK_CONTENTS: Final = """
SELECT id FROM lot WHERE handling_unit_id = %(unit_id)s ORDER BY id FOR NO KEY UPDATE
"""
CONTENTS: Final = """
SELECT lot.id, lot.product_id, product.sku, location.id, balance.quantity, lot.under_bond
  FROM lot JOIN product ON product.id = lot.product_id
  JOIN balance ON balance.lot_id = lot.id AND balance.quantity > 0
  JOIN location ON location.id = balance.location_id
   AND location.kind IN ('receive', 'inspection')
 WHERE lot.handling_unit_id = %(unit_id)s AND lot.origin IN ('announced', 'split')
 ORDER BY lot.id
"""


def standing(work: Work, unit_id: UUID, parcel: str) -> list[Standing]:
    """What the book says is in a parcel at the dock, its lots locked.

    Raises:
        NotAtDock: nothing of it is there.
    """
    work.sql(LOCK_CONTENTS, unit_id=unit_id)
    found = [Standing(*row) for row in work.sql(CONTENTS, unit_id=unit_id)]
    if not found:
        raise NotAtDock(parcel=parcel)
    return found


def differences(lots: Iterable[Standing], counted: Iterable[Piece]) -> list[Difference]:
    """Where *counted* differs from what stands there, by product."""
    expected: dict[str, Decimal] = defaultdict(Decimal)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for lot in lots:
        expected[lot.sku] += lot.quantity
    for piece in counted:
        found[piece.sku] += piece.quantity
    return [
        Difference(sku, expected[sku], found[sku])
        for sku in sorted({*expected, *found})
        if expected[sku] != found[sku]
    ]


def settle(
    work: Work, opening: Opening, lots: Sequence[Standing], counted: Sequence[Piece]
) -> Opened:
    """Book what was *counted* of *lots*, which `standing` told, in the parcel that was opened."""
    shares, left = _shared(lots, counted)
    cases, splits = [], []
    for lot in lots:
        pieces = shares[lot.lot_id]
        short = lot.quantity - sum((piece.quantity for piece in pieces), Decimal(0))
        if split := _detail(work, lot, pieces, short, opening.scan_id):
            splits.append(split)
        if short:
            cases.append(_short(work, opening, lot, short))
    for piece in left:
        same = next((lot for lot in lots if lot.product_id == piece.product_id), None)
        cases.append(_over(work, opening, piece, same, lots[0].place_id))
    work.emit(StockEvent.UNIT_OPENED, opening.unit_id, differences=str(len(cases)))
    return Opened(tuple(cases), tuple(splits))


def _shared(
    lots: Sequence[Standing], counted: Sequence[Piece]
) -> tuple[Mapping[UUID, list[Piece]], list[Piece]]:
    """Which pieces are of which lot, and what no lot has room for."""
    shares: dict[UUID, list[Piece]] = {lot.lot_id: [] for lot in lots}
    room = {lot.lot_id: lot.quantity for lot in lots}
    left: list[Piece] = []
    for piece in counted:
        rest = piece.quantity
        for lot in lots:
            share = min(rest, room[lot.lot_id])
            if lot.product_id == piece.product_id and share:
                shares[lot.lot_id].append(replace(piece, quantity=share))
                room[lot.lot_id] -= share
                rest -= share
        if rest:
            left.append(replace(piece, quantity=rest))
    return shares, left


def _detail(
    work: Work, lot: Standing, pieces: Sequence[Piece], short: Decimal, scan_id: UUID
) -> Split | None:
    """Note the batch, expiry and serial of *pieces*; several make lots of their own."""
    amounts: dict[Details, Decimal] = defaultdict(Decimal)
    for piece in pieces:
        amounts[piece.details] += piece.quantity
    if set(amounts) <= {PLAIN}:
        return None
    row = work.session.get_one(Lot, lot.lot_id)
    if len(amounts) == 1 and not (short and next(iter(amounts)).serial):
        row.batch, row.expires_on, row.serial = next(iter(amounts))
        work.session.flush()
        return None
    return _split(work, row, lot, amounts, short, scan_id)


# The receipt of a lot, not countered.
RECEIPT: Final = """
SELECT id, from_location_id FROM movement
 WHERE lot_id = %(lot_id)s AND kind = 'receipt'
   AND NOT EXISTS (SELECT FROM movement AS later WHERE later.reverses_id = movement.id)
"""


def _split(
    work: Work,
    row: Lot,
    lot: Standing,
    amounts: dict[Details, Decimal],
    short: Decimal,
    scan_id: UUID,
) -> Split:
    """Counter the receipt of *lot* and enter it anew as several; what is short stays with it."""
    receipt = work.sql(RECEIPT, lot_id=lot.lot_id).fetchone()
    assert receipt is not None, "what stands at the dock came in"
    back = ledger.Line(
        lot.lot_id, lot.place_id, lot.quantity, lot.under_bond, reverses_id=receipt[0]
    )
    ledger.post(
        work,
        MovementKind.REVERSAL,
        [back],
        target_id=receipt[1],
        target_virtual=True,
        scan_id=scan_id,
    )
    if short:
        row.quantity = short
    else:
        details = next(iter(amounts))
        row.quantity = amounts.pop(details)
        row.batch, row.expires_on, row.serial = details
    parts = {ids.new_id(): (details, quantity) for details, quantity in amounts.items()}
    numbers = work.sql(commands.LOT_NUMBERS, amount=len(parts)).fetchall()
    for (key, (details, quantity)), (number,) in zip(parts.items(), numbers, strict=True):
        work.session.add(_part(work, row, key, number, details, quantity))
    work.session.flush()
    entered = {lot.lot_id: row.quantity} | {key: each for key, (_, each) in parts.items()}
    ledger.post(
        work,
        MovementKind.RECEIPT,
        [ledger.Line(key, receipt[1], each, lot.under_bond) for key, each in entered.items()],
        target_id=lot.place_id,
        source_virtual=True,
        scan_id=scan_id,
    )
    return Split(lot.lot_id, {key: each for key, (_, each) in parts.items()})


def _part(work: Work, row: Lot, key: UUID, number: int, details: Details, quantity: Decimal) -> Lot:
    return Lot(
        id=key,
        number=f"LOT-{work.today.year}-{number:06}",
        premises_id=row.premises_id,
        partner_id=row.partner_id,
        product_id=row.product_id,
        handling_unit_id=row.handling_unit_id,
        origin=LotOrigin.SPLIT,
        parent_lot_id=row.id,
        quantity=quantity,
        unit=row.unit,
        regime=row.regime,
        batch=details.batch,
        expires_on=details.expires_on,
        serial=details.serial,
        declaration_line_id=row.declaration_line_id,
        declaration_number=row.declaration_number,
        line_number=row.line_number,
        accepted_at=row.accepted_at,
        announced_at=row.announced_at,
    )


def _short(work: Work, opening: Opening, lot: Standing, short: Decimal) -> Discrepancy:
    opened = discrepancies.open_case(
        work,
        DiscrepancyKind.SHORT,
        premises_id=opening.premises_id,
        partner_id=opening.partner_id,
        consignment_id=opening.consignment_id,
        handling_unit_id=opening.unit_id,
        lot_id=lot.lot_id,
        location_id=lot.place_id,
        quantity=short,
        expected=f"{lot.quantity.normalize():f} × {lot.sku}",
        found=f"{(lot.quantity - short).normalize():f}",
    )
    variance = inbound.place_of_kind(work, opening.premises_id, LocationKind.VARIANCE)
    ledger.post(
        work,
        MovementKind.VARIANCE,
        [ledger.Line(lot.lot_id, lot.place_id, short, lot.under_bond)],
        target_id=variance.id,
        target_virtual=True,
        scan_id=opening.scan_id,
        discrepancy_id=opened.id,
    )
    return opened


def _over(
    work: Work, opening: Opening, piece: Piece, same: Standing | None, place_id: UUID
) -> Discrepancy:
    opened = discrepancies.open_case(
        work,
        DiscrepancyKind.OVER,
        premises_id=opening.premises_id,
        partner_id=opening.partner_id,
        consignment_id=opening.consignment_id,
        location_id=place_id,
        quantity=piece.quantity,
        expected="0",
        found=f"{piece.quantity.normalize():f} × {piece.sku}",
    )
    lot = variances.take_in(
        work,
        opened,
        product_id=piece.product_id,
        unit=piece.unit,
        quantity=piece.quantity,
        parent=work.session.get_one(Lot, same.lot_id) if same else None,
    )
    lot.batch, lot.expires_on, lot.serial = piece.details
    holds.place(
        work,
        HoldKind.CUSTOMS,
        Reason.CUSTOMS_DOCUMENTATION,
        lot_id=lot.id,
        premises_id=opening.premises_id,
        discrepancy_id=opened.id,
    )
    return opened
