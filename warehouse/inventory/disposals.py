"""The ways out of bond that no order asks for: requested, gathered by scan, sent on their way.

Re-export, transfer, free zone, destruction, loss, abandonment, seizure, sampling, removal for a
time.  Customs decides first: what leaves names a line of a release (Customs Act s.51, s.120).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core import db, numbers
from warehouse.core.work import Work
from warehouse.inventory import inbound, ledger, queries
from warehouse.inventory.errors import (
    DisposalNotFound,
    GoodsHeld,
    InsufficientStock,
    NotGathered,
    NotPartOfDisposal,
    OneOwner,
    WitnessNeeded,
)
from warehouse.inventory.holds import Held
from warehouse.inventory.models import Discrepancy, Disposal, DisposalLine, Lot, Reservation
from warehouse.inventory.vocabulary import (
    DISPOSAL,
    GOES_TO,
    OPEN_TO_RELEASE,
    Cause,
    DisposalKind,
    DisposalState,
    LocationKind,
    MovementKind,
    ReservationState,
    StockEvent,
)

BY_THE_OFFICER: Final = frozenset({
    DisposalKind.DESTRUCTION, DisposalKind.ABANDONMENT, DisposalKind.SEIZURE,
    DisposalKind.SAMPLING, DisposalKind.LOSS,
})  # fmt: skip
"""What the officer decides over the goods themselves: a hold does not stop it."""

COMES_BACK: Final = frozenset({DisposalKind.SAMPLING, DisposalKind.REMOVAL})
ARRIVES: Final = frozenset({DisposalKind.TRANSFER}) | COMES_BACK
"""Under way until the goods are there, or back."""

ZERO: Final = Decimal(0)


class Wanted(NamedTuple):
    """So much of a lot."""

    lot_id: UUID
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class DisposalDraft:
    """What somebody asks for.

    *country* is where goods go that are exported again, *cause* what damaged the scrap;
    *due_back_on* is set for what is to come back.
    """

    kind: DisposalKind
    premises_id: UUID
    reason: str
    goods: Sequence[Wanted]
    to_premises_id: UUID | None = None
    destination: str = ""
    country: str = ""
    cause: Cause | None = None
    due_back_on: date | None = None


class Covered(NamedTuple):
    """How much of a lot a line of the release lets go."""

    release_line_id: UUID
    lot_id: UUID
    quantity: Decimal


class _Stand(NamedTuple):
    """What is free of a lot in one real place."""

    lot_id: UUID
    location_id: UUID
    free: Decimal


class Gathered(NamedTuple):
    """Goods of a disposal that a clerk has brought: *left* parcels are still to come."""

    parcel: str
    goods: tuple[tuple[str, Decimal], ...]
    left: int


# Where the lots stand, nearest to hand first; the caller holds them locked.
STANDS: Final = """
SELECT balance.lot_id, location_id, balance.quantity - reserved
  FROM balance JOIN location ON location.id = location_id
 WHERE lot_id = ANY(%(lots)s) AND balance.quantity > reserved ORDER BY lot_id, location.code
"""

KEEP: Final = """
UPDATE balance SET reserved = reserved + %(quantity)s
 WHERE lot_id = %(lot_id)s AND location_id = %(location_id)s
"""

HELD_BY: Final = """
SELECT hold.id, hold.kind, hold.reason, lot.number, hold.opened_at
  FROM balance JOIN lot ON lot.id = balance.lot_id,
       LATERAL holds_on(lot.id, balance.location_id) AS hold
 WHERE lot.id = ANY(%(lots)s) AND balance.quantity > 0 AND hold.kind <> ALL(%(harmless)s) LIMIT 1
"""

PROMISED: Final = """
SELECT reservation.id, reservation.lot_id, reservation.location_id, reservation.quantity,
       coalesce(lot.under_bond, false), unit.number, product.sku
  FROM reservation JOIN disposal_line AS line ON line.id = disposal_line_id
  JOIN lot ON lot.id = reservation.lot_id JOIN product ON product.id = lot.product_id
  JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
 WHERE line.disposal_id = %(disposal_id)s AND reservation.state = %(state)s
 ORDER BY reservation.lot_id, reservation.id
"""


class _Promise(NamedTuple):
    reservation_id: UUID
    lot_id: UUID
    location_id: UUID
    quantity: Decimal
    under_bond: bool
    parcel: str
    sku: str


def request(work: Work, draft: DisposalDraft) -> Disposal:
    """Ask that goods go another way out, and set them aside for it.

    What is lost already stands at the virtual place of open differences: nothing is set aside.

    Raises:
        OneOwner: the goods belong to several owners, or stand elsewhere.
        InsufficientStock: less is free than was asked for.
        GoodsHeld: a hold stops them.
    """
    lots = _locked(work, draft)
    partner_ids = {lot.partner_id for lot in lots.values()}
    if len(partner_ids) != 1:
        raise OneOwner
    if draft.kind not in BY_THE_OFFICER:
        refuse_held(work, draft.kind, list(lots))
    disposal = Disposal(
        number=numbers.next_number(work, "DSP"),
        premises_id=draft.premises_id,
        partner_id=partner_ids.pop(),
        kind=draft.kind,
        state=DisposalState.REQUESTED,
        reason=draft.reason,
        to_premises_id=draft.to_premises_id,
        destination=draft.destination,
        country=draft.country,
        cause=draft.cause,
        due_back_on=draft.due_back_on,
        requested_by=work.actor.name,
        requested_at=work.at,
    )
    work.session.add(disposal)
    work.session.flush()
    lines = [
        DisposalLine(
            disposal_id=disposal.id,
            lot_id=wanted.lot_id,
            quantity=wanted.quantity,
            gone=ZERO,
            arrived=ZERO,
        )
        for wanted in draft.goods
    ]
    work.session.add_all(lines)
    work.session.flush()
    if draft.kind is not DisposalKind.LOSS:
        for line in lines:
            _set_aside(work, line, lots[line.lot_id])
    work.emit(
        StockEvent.DISPOSAL_REQUESTED, disposal.id, number=disposal.number, kind=disposal.kind
    )
    return disposal


def authorised(work: Work, disposal_id: UUID) -> Disposal:
    """Note that customs allows it: the floor may gather the goods."""
    disposal = lock(work, disposal_id)
    disposal.state = DISPOSAL.step(disposal.state, DisposalState.AUTHORISED)
    work.emit(StockEvent.DISPOSAL_AUTHORISED, disposal.id, number=disposal.number)
    return disposal


def cancel(work: Work, disposal_id: UUID, *, expired: bool = False) -> Disposal:
    """Give it up before anything has left: what was set aside is free again, where it stands."""
    disposal = lock(work, disposal_id)
    target = DisposalState.EXPIRED if expired else DisposalState.CANCELLED
    disposal.state = DISPOSAL.step(disposal.state, target)
    for state in (ReservationState.HELD, ReservationState.PICKED):
        promises = _promises(work, disposal.id, state)
        ledger.lock(work, [each.lot_id for each in promises])
        for each in promises:
            work.sql(
                KEEP, quantity=-each.quantity, lot_id=each.lot_id, location_id=each.location_id
            )
        _step(work, promises, ReservationState.VOIDED)
    disposal.ended_at = work.at
    work.emit(StockEvent.DISPOSAL_CANCELLED, disposal.id, number=disposal.number)
    return disposal


def gather(work: Work, disposal: Disposal, parcel: str, *, scan_id: UUID) -> Gathered:
    """Bring what of *parcel* belongs to *disposal* to the staging place of the bonded zone.

    Duty-paid goods stay where they stand: they do not mix with bonded ones.

    Raises:
        NotPartOfDisposal: nothing of that parcel does, or it was brought already.
        GoodsHeld: a hold stops it.
    """
    awaited = _promises(work, disposal.id, ReservationState.HELD)
    ledger.lock(work, sorted({each.lot_id for each in awaited}))
    awaited = _promises(work, disposal.id, ReservationState.HELD)
    brought = [each for each in awaited if each.parcel == parcel]
    if not brought:
        raise NotPartOfDisposal(parcel=parcel, number=disposal.number)
    if disposal.kind not in BY_THE_OFFICER:
        refuse_held(work, disposal.kind, [each.lot_id for each in brought])
    stage = inbound.place_of_kind(work, disposal.premises_id, LocationKind.STAGE)
    bonded = [each for each in brought if each.under_bond]
    if away := [each for each in bonded if each.location_id != stage.id]:
        ledger.post(
            work,
            MovementKind.PICK,
            [_line(each) for each in away],
            target_id=stage.id,
            scan_id=scan_id,
        )
    _step(work, bonded, ReservationState.PICKED, location_id=stage.id)
    _step(work, [each for each in brought if not each.under_bond], ReservationState.PICKED)
    left = {each.parcel for each in awaited} - {parcel}
    return Gathered(parcel, tuple((each.sku, each.quantity) for each in brought), len(left))


def missing(work: Work, disposal: Disposal) -> list[str]:
    """The parcels of *disposal* that nobody has brought yet."""
    return sorted({each.parcel for each in _promises(work, disposal.id, ReservationState.HELD)})


def send(
    work: Work,
    disposal: Disposal,
    covered: Sequence[Covered],
    *,
    scan_id: UUID | None = None,
    witness_id: UUID | None = None,
    seal: str = "",
) -> Disposal:
    """Let what was gathered go, all of it at once, as far as customs lets it (*covered*).

    What goes to another warehouse, or comes back, is under way after that; the rest is done.

    Raises:
        NotGathered: some of it has not been brought.
        WitnessNeeded: nobody of customs watches the destruction.
        NotPartOfDisposal: the release does not cover it.
    """
    if parcels := missing(work, disposal):
        raise NotGathered(number=disposal.number, parcels=parcels)
    if disposal.kind is DisposalKind.DESTRUCTION and witness_id is None:
        raise WitnessNeeded(number=disposal.number)
    promises = _promises(work, disposal.id, ReservationState.PICKED)
    ledger.lock(work, sorted({each.lot_id for each in promises}))
    target = inbound.place_of_kind(work, disposal.premises_id, GOES_TO[disposal.kind])
    releases = {each.lot_id: each.release_line_id for each in covered}
    for each in promises:
        if each.under_bond and each.lot_id not in releases:
            raise NotPartOfDisposal(parcel=each.parcel, number=disposal.number)
    ledger.post(
        work,
        MovementKind.ISSUE,
        [_line(each, releases.get(each.lot_id)) for each in promises],
        target_id=target.id,
        target_virtual=True,
        scan_id=scan_id,
    )
    _step(work, promises, ReservationState.ISSUED)
    _count(work, disposal, ((each.lot_id, each.quantity) for each in promises), "gone")
    disposal.seal, disposal.witness_id, disposal.carried_out_at = seal, witness_id, work.at
    work.emit(StockEvent.DISPOSAL_MOVED, disposal.id, number=disposal.number)
    if disposal.kind in ARRIVES:
        disposal.state = DISPOSAL.step(disposal.state, DisposalState.UNDER_WAY)
    else:
        finish(work, disposal)
    return disposal


def write_off(
    work: Work, disposal: Disposal, covered: Sequence[Covered], discrepancy_id: UUID
) -> None:
    """Lost goods leave the open differences for good, under what customs decided."""
    source = inbound.place_of_kind(work, disposal.premises_id, LocationKind.VARIANCE)
    target = inbound.place_of_kind(work, disposal.premises_id, LocationKind.LOST)
    ledger.lock(work, sorted({each.lot_id for each in covered}))
    lots = {
        lot.id: lot
        for lot in work.session.exec(
            select(Lot).where(col(Lot.id).in_([each.lot_id for each in covered]))
        )
    }
    ledger.post(
        work,
        MovementKind.ISSUE,
        [
            ledger.Line(
                each.lot_id,
                source.id,
                each.quantity,
                bool(lots[each.lot_id].under_bond),
                release_line_id=each.release_line_id,
            )
            for each in covered
        ],
        target_id=target.id,
        source_virtual=True,
        target_virtual=True,
        discrepancy_id=discrepancy_id,
    )
    _count(work, disposal, ((each.lot_id, each.quantity) for each in covered), "gone")
    disposal.carried_out_at = work.at
    finish(work, disposal)


def arrive(work: Work, disposal: Disposal, arrived: Mapping[UUID, Decimal]) -> None:
    """Note how much of each lot came on, or back."""
    _count(work, disposal, arrived.items(), "arrived")


def finish(work: Work, disposal: Disposal) -> None:
    """Nothing more is to happen."""
    disposal.state = DISPOSAL.step(disposal.state, DisposalState.DONE)
    disposal.ended_at = work.at
    work.emit(StockEvent.DISPOSAL_DONE, disposal.id, number=disposal.number, kind=disposal.kind)


def lock(work: Work, disposal_id: UUID) -> Disposal:
    """The disposal, held to the end of the transaction."""
    return db.lock(work.session, Disposal, [disposal_id], missing=DisposalNotFound)[disposal_id]


def by_number(session: Session, number: str) -> Disposal:
    """The disposal *number*.

    Raises:
        DisposalNotFound: there is none.
    """
    found = session.exec(select(Disposal).where(Disposal.number == number)).first()
    if found is None:
        raise DisposalNotFound(what="Disposal", key=number)
    return found


def lines(session: Session, disposal_id: UUID) -> Sequence[DisposalLine]:
    """What goes that way, by lot."""
    return session.exec(
        select(DisposalLine)
        .where(DisposalLine.disposal_id == disposal_id)
        .order_by(col(DisposalLine.lot_id))
    ).all()


def overdue(session: Session, on: date) -> Sequence[tuple[Disposal, DisposalLine]]:
    """What was to be back before *on*, is not, and has no discrepancy yet."""
    told = select(Discrepancy.id).where(
        Discrepancy.disposal_id == Disposal.id, Discrepancy.lot_id == DisposalLine.lot_id
    )
    return session.exec(
        select(Disposal, DisposalLine)
        .join(DisposalLine, col(DisposalLine.disposal_id) == col(Disposal.id))
        .where(
            Disposal.state == DisposalState.UNDER_WAY,
            col(Disposal.kind).in_(COMES_BACK),
            col(Disposal.due_back_on) < on,
            DisposalLine.arrived < DisposalLine.gone,
            ~told.exists(),
        )
        .order_by(col(DisposalLine.id))
    ).all()


def refuse_held(work: Work, kind: DisposalKind, lots: Sequence[UUID]) -> None:
    """Refuse what a hold stops; one for overdue storage leaves the lawful ways out open.

    Raises:
        GoodsHeld: a hold stops some of it.
    """
    harmless: list[str] = []
    if kind is DisposalKind.RE_EXPORT:
        harmless = [each.value for each in OPEN_TO_RELEASE]
    row = work.sql(HELD_BY, lots=list(lots), harmless=harmless).fetchone()
    if row is not None:
        raise GoodsHeld(**Held.read(row).facts)


def _locked(work: Work, draft: DisposalDraft) -> Mapping[UUID, Lot]:
    ledger.lock(work, sorted(each.lot_id for each in draft.goods))
    found = work.session.exec(
        select(Lot)
        .where(
            col(Lot.id).in_([each.lot_id for each in draft.goods]),
            Lot.premises_id == draft.premises_id,
        )
        .execution_options(populate_existing=True)
    )
    lots = {lot.id: lot for lot in found}
    if len(lots) != len({each.lot_id for each in draft.goods}):
        raise OneOwner
    return lots


def _set_aside(work: Work, line: DisposalLine, lot: Lot) -> None:
    left = line.quantity
    for stand in (_Stand(*row) for row in work.sql(STANDS, lots=[lot.id]).fetchall()):
        share = min(left, stand.free)
        if not share:
            break
        work.sql(KEEP, quantity=share, lot_id=lot.id, location_id=stand.location_id)
        work.session.add(
            Reservation(
                disposal_line_id=line.id,
                lot_id=lot.id,
                location_id=stand.location_id,
                quantity=share,
                state=ReservationState.HELD,
                at=work.at,
            )
        )
        left -= share
    if left:
        goods = queries.sku_of(work.session, lot.product_id)
        raise InsufficientStock(goods=goods, available=line.quantity - left, wanted=line.quantity)


def _promises(work: Work, disposal_id: UUID, state: ReservationState) -> list[_Promise]:
    rows = work.sql(PROMISED, disposal_id=disposal_id, state=state.value)
    return [_Promise(*row) for row in rows]


def _line(promise: _Promise, release_line_id: UUID | None = None) -> ledger.Line:
    return ledger.Line(
        promise.lot_id,
        promise.location_id,
        promise.quantity,
        promise.under_bond,
        reserved=promise.quantity,
        release_line_id=release_line_id,
        reservation_id=promise.reservation_id,
    )


def _step(
    work: Work,
    promises: Sequence[_Promise],
    state: ReservationState,
    location_id: UUID | None = None,
) -> None:
    rows = db.lock(work.session, Reservation, [each.reservation_id for each in promises])
    for row in rows.values():
        row.state = state
        row.location_id = location_id or row.location_id
    work.session.flush()


def _count(
    work: Work, disposal: Disposal, amounts: Iterable[tuple[UUID, Decimal]], column: str
) -> None:
    by_lot = {line.lot_id: line for line in lines(work.session, disposal.id)}
    for lot_id, quantity in amounts:
        line = by_lot[lot_id]
        setattr(line, column, getattr(line, column) + quantity)
    work.session.flush()
