"""Pick: which bin, then the goods, then the tote, each scanned to prove it.

One pick list is picked to the packing table; several of a wave, each into a tote of its own, on one
walk bin by bin; in a zone, only what stands there.  What is promised is taken first in first out by
import line, and nothing else may be taken.  Bonded goods are always scanned: a number alone takes
none.
"""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import inbound, locks, picking, promised
from warehouse.inventory.vocabulary import LocationKind, UnitKind
from warehouse.operations.floor import leaving, messages, rounds, taking, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.vocabulary import NEXT, Step, TaskKind

SHORT: Final = "CMD-SHORT"
"""The barcode that says: the goods, or the rest of them, are not there."""


def scan_order(turn: Turn) -> Reply:
    """Begin to pick the shipment that was scanned, or the next that waits; a zone narrows that.

    Raises:
        Refused: there is no such shipment, nothing to pick for it, or nothing waits.
        Ask: somebody else is picking it.
    """
    if turn.is_place:
        return _enter_zone(turn)
    if turn.code == NEXT:
        shipment_id = rounds.claim(turn)
    else:
        shipment_id = leaving.named(turn, say.ORDER_EXPECTED)
        rounds.take(turn, shipment_id)
    return taking.go_on(turn, rounds.in_hand(turn, shipment_id), say.PICK_NEXT)


def scan_tote(turn: Turn) -> Reply:
    """Give the next shipment its tote, or take one more shipment along.

    Raises:
        Refused: that is no tote, or it is in use; or the shipment cannot be picked with the others.
        Ask: somebody else is picking the shipment.
    """
    if turn.code == NEXT or leaving.find(turn.work, turn.premises_id, turn.code):
        return _one_more(turn)
    here = rounds.in_hand(turn)
    unit = things.unit(turn)
    shipment = here.without_tote()
    assert shipment is not None, "the step is left as soon as each has one"
    if unit is None or unit.kind is not UnitKind.TOTE:
        raise Refused(say.NOT_A_TOTE, scanned=turn.code)
    taken = rounds.in_tote(turn.work, unit.id)
    if unit.id in here.totes.values() or any(key != shipment.id for key, _ in taken):
        others = [number for _, number in taken] or [shipment.number]
        raise Refused(say.TOTE_IN_USE, tote=unit.number, shipment=others)
    totes = turn.hand.get("totes", {}) | {str(shipment.id): str(unit.id)}
    return taking.go_on(turn, here, say.PICK_NEXT, totes=totes)


def scan_bin(turn: Turn) -> Reply:
    """Check that the clerk stands before the right bin.

    Before the first goods are taken one more pick list may be scanned: both are picked together.

    Raises:
        Refused: the bin is not the next one.
        GoodsHeld, LocationLocked: nothing may be taken there.
    """
    if turn.code == NEXT:
        return _pass_over(turn)
    if not turn.is_place:
        if "walked" not in turn.hand and leaving.find(turn.work, turn.premises_id, turn.code):
            return _one_more(turn)
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    here = rounds.in_hand(turn)
    goods = taking.next_goods(turn, here)
    if turn.place != goods.location:
        raise taking.refuse_bin(turn, goods)
    locks.refuse_locked(turn.work, [goods.location_id])
    then = turn.go(
        Step.SCAN_GOODS,
        location=goods.location_id,
        reservation=goods.reservation_id,
        counted=None,
        walked=True,
    )
    return Reply(say.TAKE, then, taking.facts(here, goods))


def scan_goods(turn: Turn) -> Reply:
    """Count the goods that were scanned; take them when they are all scanned.

    The label of their parcel stands for all that is wanted of it; an item for one, and a number
    after it for how many there are in all.

    Raises:
        Refused: those are other goods, too many, or they were carried elsewhere meanwhile.
        GoodsHeld: they are held.
    """
    here = rounds.in_hand(turn)
    goods = taking.next_goods(turn, here)
    if turn.code == SHORT:
        return taking.fall_short(turn, here, goods)
    if turn.is_place:
        raise Refused(say.GOODS_EXPECTED, scanned=turn.code)
    counted = taking.count(turn, goods)
    if not taking.still_there(turn, goods):
        return taking.go_on(turn, here, say.MOVED)
    if counted > goods.quantity:
        raise Refused(say.TOO_MANY, counted=counted, sku=goods.sku, quantity=goods.quantity)
    if counted < goods.quantity:
        then = turn.go(Step.SCAN_GOODS, counted=counted)
        return Reply(say.COUNTED, then, taking.facts(here, goods) | {"counted": counted})
    return taking.take(turn, here, goods)


def scan_target(turn: Turn) -> Reply:
    """Put the goods into the tote of their shipment.

    Raises:
        Refused: that is another tote, or the goods were carried elsewhere meanwhile.
    """
    here = rounds.in_hand(turn)
    goods = taking.next_goods(turn, here)
    tote = here.tote_of(goods)
    assert tote is not None, "the step is for goods that go into a tote"
    if not taking.still_there(turn, goods):
        return taking.go_on(turn, here, say.MOVED)
    unit = things.unit(turn)
    if unit is None or unit.id != tote:
        wanted = rounds.tote_number(turn.work, tote)
        raise Refused(say.WRONG_TOTE, scanned=turn.code, tote=wanted)
    return taking.pick(turn, here, goods, tote)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What is to be done next, for a page that opens in the middle."""
    shipments = [UUID(each) for each in here.hand.get("shipments", ())]
    found = leaving.all_of(work, premises_id, shipments)
    kept = rounds.resume(here.hand, {each: found[each] for each in shipments if each in found})
    goods = picking.next_pick(work, kept.walk)
    if goods is None:
        return Reply(say.PICK, here)
    if here.step is Step.SCAN_TOTE and (waiting := kept.without_tote()):
        return Reply(say.GIVE_TOTE, here, {"shipment": waiting.number})
    message = say.TAKE if here.step is Step.SCAN_GOODS else say.PICK_NEXT
    return Reply(message, here, taking.facts(kept, goods))


# ── Choosing what to pick ────────────────────────────────────────────────────────────────────────


def _enter_zone(turn: Turn) -> Reply:
    zone = inbound.place(turn.work, turn.premises_id, turn.place)
    if zone.kind != LocationKind.ZONE:
        raise Refused(say.NOT_A_ZONE, location=zone.code)
    return Reply(say.IN_ZONE, turn.go(Step.SCAN_ORDER, zone=zone.id), {"location": zone.code})


def _one_more(turn: Turn) -> Reply:
    """Take one more shipment of the wave along; from now on each needs a tote."""
    first = UUID(turn.hand["shipments"][0])
    if len(turn.hand["shipments"]) == rounds.MOST:
        raise Refused(say.TOO_MANY_ORDERS, most=rounds.MOST)
    found = rounds.claim(turn) if turn.code == NEXT else leaving.named(turn, say.ORDER_EXPECTED)
    piece = rounds.take(turn, found)
    here = rounds.in_hand(turn, found)
    shipment = here.shipments[found]
    if str(found) in turn.hand["shipments"]:
        raise Refused(say.ALREADY_IN_HAND, shipment=shipment.number)
    rounds.refuse_other_wave(turn, first, piece, shipment.number)
    if picking.next_pick(turn.work, rounds.resume(turn.hand, {found: shipment}).walk) is None:
        raise shipment.refused(say.NOT_TO_PICK)
    return taking.go_on(turn, here, say.PICK_NEXT, together=True)


def _pass_over(turn: Turn) -> Reply:
    """What comes next is taken last."""
    here = rounds.in_hand(turn)
    passed = [*turn.hand.get("passed", ()), str(taking.next_goods(turn, here).reservation_id)]
    return taking.go_on(turn, here, say.PICK_NEXT, passed=passed)


# ── Undoing ──────────────────────────────────────────────────────────────────────────────────────


def _put_down_task(turn: Turn, undone: Undone) -> None:
    """What the scan took on is anybody's again."""
    taken = set(turn.hand.get("shipments", ())) - set(undone.hand.get("shipments", ()))
    rounds.put_down(turn, {UUID(each) for each in taken})


def _unpick(turn: Turn, undone: Undone) -> None:
    """The goods are back in their bin, promised as before; their shipment is still to be picked."""
    if undone.code == SHORT:
        raise Refused(messages.NOT_UNDOABLE, scanned=undone.code)
    rounds.open_again(turn, [UUID(each) for each in undone.hand["shipments"]])
    promised.take_back(turn.work, undone.scan_id, scan_id=turn.scan_id)


FLOW: Final = Flow(
    TaskKind.PICK,
    "CMD-PICK",
    say.PICK,
    {
        Step.SCAN_ORDER: StepOf(
            scan_order,
            say.SCAN_ORDER,
            then=frozenset({Step.SCAN_ORDER, Step.SCAN_BIN}),
            knows=frozenset({NEXT}),
            undo=_put_down_task,
        ),
        Step.SCAN_TOTE: StepOf(
            scan_tote,
            say.SCAN_TOTE,
            then=frozenset({Step.SCAN_TOTE, Step.SCAN_BIN}),
            knows=frozenset({NEXT}),
            undo=_put_down_task,
        ),
        Step.SCAN_BIN: StepOf(
            scan_bin,
            say.SCAN_BIN,
            then=frozenset({Step.SCAN_BIN, Step.SCAN_TOTE, Step.SCAN_GOODS}),
            knows=frozenset({NEXT}),
            undo=_put_down_task,
        ),
        Step.SCAN_GOODS: StepOf(
            scan_goods,
            say.SCAN_GOODS,
            then=frozenset({Step.SCAN_GOODS, Step.SCAN_TARGET, Step.SCAN_BIN, Step.SCAN_ORDER}),
            knows=frozenset({SHORT}),
            doubled=False,
            undo=_unpick,
        ),
        Step.SCAN_TARGET: StepOf(
            scan_target,
            say.PUT_IN_TOTE,
            then=frozenset({Step.SCAN_BIN, Step.SCAN_ORDER}),
            undo=_unpick,
        ),
    },
    in_hand=in_hand,
)
