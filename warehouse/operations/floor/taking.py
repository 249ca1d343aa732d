"""Taking goods on a round: the right ones, all of them, into their tote; what if they are missing.

A label of the parcel stands for all that is wanted of it; an item for one, and a number after it
for how many there are in all.
"""

from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.inventory import counting, holds, inbound, locks, picking
from warehouse.inventory.picking import Pick, Walk
from warehouse.inventory.vocabulary import CountReason
from warehouse.operations.floor import rounds, things
from warehouse.operations.floor.dialogue import Hand, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Turn
from warehouse.operations.floor.leaving import Leaving
from warehouse.operations.floor.messages import Message
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.floor.rounds import Round
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import AssignmentKind, Step

_NOTHING_COUNTED: Final = dict.fromkeys(("location", "reservation", "counted"))


def go_on(turn: Turn, here: Round, message: Message, **hand: object) -> Reply:
    """What the round does next, with *hand* taken as well: a tote, or a bin.

    Raises:
        Refused: nothing is left to pick.
        GoodsHeld: all that is left is held.
    """
    then = turn.go(
        Step.SCAN_BIN,
        shipments=[str(each) for each in here.shipments],
        **_NOTHING_COUNTED,
        **hand,
    )
    here = rounds.resume(then.hand, here.shipments)
    goods = next_goods(turn, here)
    if then.hand.get("together") and (shipment := here.without_tote()):
        step = then._replace(step=Step.SCAN_TOTE)
        return Reply(say.GIVE_TOTE, step, {"shipment": shipment.number})
    return Reply(message, then, facts(here, goods))


def next_goods(turn: Turn, here: Round) -> Pick:
    """The goods to be taken next, held where they stand.

    Raises:
        Refused: nothing is left to pick.
        GoodsHeld: all that is left is held.
    """
    goods = here.next_goods(turn.work)
    if goods is None:
        raise next(iter(here.shipments.values())).refused(say.NOT_TO_PICK)
    if goods.held:
        holds.refuse_held(turn.work, goods.order_id)
    return goods


# ── The right goods, all of them ─────────────────────────────────────────────────────────────────


def count(turn: Turn, goods: Pick) -> Decimal:
    """How many of *goods* are scanned now.

    Raises:
        Refused: those are other goods, or nobody can tell which; or a number came before an item.
    """
    before = _counted(turn, goods)
    if (number := things.quantity(turn.label)) is not None:
        if not before:
            raise Refused(say.ITEM_FIRST)
        return Decimal(number)
    unit = things.unit(turn)
    if unit is not None and unit.number == goods.parcel:
        return goods.quantity
    if unit is not None and goods.product_id in picking.products_in(turn.work, unit.id):
        raise _wrong(turn, goods, say.OLDER_FIRST)
    content = things.content(turn.label)
    told = ((goods.batch, content.batch), (goods.serial, content.serial))
    other = any(ours and theirs and ours != theirs for ours, theirs in told)
    if other or goods.product_id not in {each.id for each in things.products(turn)}:
        raise _wrong(turn, goods, say.WRONG_GOODS)
    if picking.layers_at(turn.work, goods.location_id, goods.product_id) > 1:
        raise _wrong(turn, goods, say.NAME_PARCEL)
    return before + (content.quantity or 1)


def _counted(turn: Turn, goods: Pick) -> Decimal:
    """How many of *goods* were scanned before."""
    if turn.hand.get("reservation") != str(goods.reservation_id):
        return Decimal(0)
    return Decimal(turn.hand.get("counted", 0))


def still_there(turn: Turn, goods: Pick) -> bool:
    """Whether *goods* are what the clerk stands before, and were not carried elsewhere."""
    before = turn.uuid("reservation"), turn.uuid("location")
    return before == (goods.reservation_id, goods.location_id)


def refuse_bin(turn: Turn, goods: Pick) -> Refused:
    """Why the bin that was scanned is wrong: it has younger goods of the product, or none."""
    scanned = inbound.place(turn.work, turn.premises_id, turn.place)
    same = picking.layers_at(turn.work, scanned.id, goods.product_id)
    return _wrong(turn, goods, say.OLDER_FIRST if same else say.WRONG_BIN)


def _wrong(turn: Turn, goods: Pick, reason: Message) -> Refused:
    return Refused(
        reason,
        scanned=turn.code,
        location=goods.location,
        quantity=goods.quantity,
        sku=goods.sku,
        parcel=goods.parcel,
    )


def fall_short(turn: Turn, here: Round, goods: Pick) -> Reply:
    """Take what was found of *goods*; the bin is counted, and the rest taken elsewhere if it can.

    Only goods of the very lot are promised instead: what is declared to customs stays true.
    """
    found, missing = _counted(turn, goods), goods
    if found:
        goods, missing = picking.split(turn.work, goods, found)
    _ask_for_count(turn, goods)
    told = {
        "missing": missing.quantity,
        "goods": goods.sku,
        "bin": goods.location,
        "waiting": here.of(goods).number,
    }
    elsewhere = picking.look_elsewhere(turn.work, missing)
    given_up = [] if elsewhere else [str(missing.reservation_id)]
    absent = [*turn.hand.get("missing", ()), *given_up]
    then = take(turn, here, goods, missing=absent) if found else _after(turn, here, missing=absent)
    return Reply(say.SHORT_ELSEWHERE if elsewhere else say.SHORT, then.then, then.facts | told)


def _ask_for_count(turn: Turn, goods: Pick) -> None:
    count = counting.plan(turn.work, turn.premises_id, goods.location_id, CountReason.REQUESTED)
    if count is not None:
        assignments.add(
            turn.work,
            AssignmentKind.COUNT,
            turn.premises_id,
            count_id=count.id,
            location_id=goods.location_id,
        )


# ── Taking them ──────────────────────────────────────────────────────────────────────────────────


def take(turn: Turn, here: Round, goods: Pick, **hand: object) -> Reply:
    """All of *goods* is scanned: into their tote next, or to the packing table at once."""
    tote = here.tote_of(goods)
    if tote is None:
        return pick(turn, here, goods, None, **hand)
    told = facts(here, goods) | {"tote": rounds.tote_number(turn.work, tote)}
    return Reply(say.INTO_TOTE, turn.go(Step.SCAN_TARGET, **hand), told)


def pick(turn: Turn, here: Round, goods: Pick, tote: UUID | None, **hand: object) -> Reply:
    """Book what was scanned as picked, and say what comes next.

    Raises:
        LocationLocked: the bin was locked down meanwhile.
    """
    locks.refuse_locked(turn.work, [goods.location_id])
    table = picking.pick(
        turn.work, turn.premises_id, goods, scan_id=turn.scan_id, container_id=tote
    )
    return _after(turn, here, table, **hand)


def _after(turn: Turn, here: Round, table: str | None = None, **hand: object) -> Reply:
    """Something was taken, or is missing: whichever shipment has no more to take is left."""
    then = turn.go(turn.dialogue.step, **hand)
    staying, message = {}, say.PICKED
    for key, shipment in here.shipments.items():
        goods = picking.next_pick(turn.work, rounds.resume(then.hand, {key: shipment}).walk)
        if goods is None or goods.held:
            last, message = shipment, _leave(turn, shipment, then.hand)
        else:
            staying[key] = shipment
    if staying:
        return go_on(turn, Round(staying, here.totes, here.walk), say.PICK_NEXT, **hand)
    code = table or picking.packing_place(turn.work, turn.premises_id).code
    zone = turn.hand.get("zone")
    begin = turn.begin()._replace(hand={"zone": zone} if zone else {})
    return Reply(message, begin, {"shipment": last.number, "location": code})


def _leave(turn: Turn, shipment: Leaving, hand: Hand) -> Message:
    """Nothing more of *shipment* is taken on this round; say how it stands."""
    order = (shipment.order_id,)
    if picking.next_pick(turn.work, Walk(order)) is None:
        rounds.finish(turn, shipment)
        return say.PICKED
    missing = tuple(UUID(each) for each in hand.get("missing", ()))
    elsewhere = picking.next_pick(turn.work, Walk(order, missing=missing))
    if elsewhere is None or elsewhere.held:
        rounds.stop(turn, shipment)
        return say.REST_WAITS
    rounds.put_down(turn, {shipment.id})
    return say.ZONE_PICKED


def facts(here: Round, goods: Pick) -> dict[str, object]:
    """What a sentence about *goods* says."""
    return {
        "shipment": here.of(goods).number,
        "location": goods.location,
        "quantity": goods.quantity,
        "sku": goods.sku,
        "parcel": goods.parcel,
        "left": goods.left,
    }
