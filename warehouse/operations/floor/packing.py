"""Pack: every item is scanned, the parcel is weighed, and only then it is closed.

What leaves just as it came, one whole parcel, is not opened: its own label is the item.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.access.vocabulary import Role
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.inventory import floor_policy, holds, promised
from warehouse.inventory.promised import Packable
from warehouse.inventory.vocabulary import FloorRule, UnitKind
from warehouse.masterdata import queries as masterdata
from warehouse.operations.floor import leaving, messages, rounds, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.leaving import Leaving
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.vocabulary import Step, TaskKind
from warehouse.shipments import cartons, orders
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import CartonType
from warehouse.shipments.vocabulary import Custody


def scan_parcel(turn: Turn) -> Reply:
    """Begin to pack what was scanned: a shipment, or the one in a tote.

    Raises:
        Refused: there is no such shipment, or it is not to be packed now.
        GoodsHeld: some of it is held.
    """
    shipment, tote = _scanned(turn)
    if shipment.custody is not Custody.PICKED:
        raise shipment.refused(say.NOT_TO_PACK)
    holds.refuse_held(turn.work, shipment.order_id)
    goods = promised.packable(turn.work, shipment.order_id)
    if len(goods) == 1 and goods[0].whole:
        return _close(turn, shipment, goods[0].parcel_weight_kg, carton="")
    then = turn.go(Step.SCAN_ITEM, shipment=shipment.id, tote=tote, scanned={}, last=None)
    return Reply(say.TO_PACK, then, {"shipment": shipment.number, "left": _sum(_wanted(goods))})


def scan_item(turn: Turn) -> Reply:
    """Count the item that was scanned; a number after it says how many there are in all.

    Raises:
        Refused: it does not belong to the shipment, or there are more of it than that.
    """
    shipment = _in_hand(turn)
    goods = promised.packable(turn.work, shipment.order_id)
    wanted, scanned = _wanted(goods), _scanned_items(turn)
    if (number := things.quantity(turn.label)) is not None:
        if "last" not in turn.hand:
            raise Refused(say.ITEM_FIRST)
        product_id = turn.uuid("last")
        scanned[product_id] = Decimal(number)
    else:
        product_id, quantity = _item(turn, shipment, goods)
        scanned[product_id] += quantity
    [sku, *_] = [each.sku for each in goods if each.product_id == product_id]
    facts: dict[str, object] = {
        "shipment": shipment.number,
        "sku": sku,
        "counted": scanned[product_id],
        "quantity": wanted[product_id],
    }
    if scanned[product_id] > wanted[product_id]:
        raise Refused(say.ONE_TOO_MANY, **facts)
    facts["left"] = _sum(wanted) - _sum(scanned)
    kept = {str(key): str(amount) for key, amount in scanned.items()}
    if scanned == wanted:
        return Reply(say.ALL_ITEMS, turn.go(Step.SCAN_CARTON, scanned=kept), facts)
    then = turn.go(Step.SCAN_ITEM, scanned=kept, last=product_id)
    return Reply(say.PACK_COUNTED, then, facts)


def scan_carton(turn: Turn) -> Reply:
    """Pack into the carton that was scanned; without one, the goods are in their own packing.

    Raises:
        Refused: there is no such carton; or see `weigh`.
    """
    if things.weight_kg(turn.label) is not None:
        return weigh(turn)
    carton = cartons.by_code(turn.work.session, turn.premises_id, turn.code)
    if carton is None:
        raise Refused(say.UNKNOWN_CARTON, scanned=turn.code)
    return Reply(say.IN_CARTON, turn.go(Step.WEIGH, carton=carton.code), {"carton": carton.code})


def weigh(turn: Turn) -> Reply:
    """Close the parcel if it weighs what its goods and its carton weigh, within tolerance.

    A supervisor who has looked at it again may close it all the same.

    Raises:
        Refused: that is no weight, too much for the carton, or not what is expected.
        GoodsHeld: some of it was held meanwhile.
        Ask: a supervisor is to confirm a weight that is off.
    """
    found = things.weight_kg(turn.label)
    if found is None:
        raise Refused(say.WEIGHT_EXPECTED, scanned=turn.code)
    shipment = _in_hand(turn)
    holds.refuse_held(turn.work, shipment.order_id)
    code = turn.hand.get("carton", "")
    carton = cartons.by_code(turn.work.session, turn.premises_id, code) if code else None
    if carton is not None and found > carton.most_kg:
        raise Refused(say.TOO_HEAVY, found=found, carton=code, most=carton.most_kg)
    expected = _expected_kg(turn, shipment, carton)
    if abs(found - expected) > expected * _tolerance(turn, shipment) / 100:
        supervisor = turn.work.actor.role == Role.SUPERVISOR
        if supervisor and not turn.confirmed:
            raise Ask(say.WEIGHT_OFF_ANYWAY, found=found, expected=expected)
        if not supervisor:
            raise Refused(say.WEIGHT_OFF, found=found, expected=expected)
    return _close(turn, shipment, found, carton=code)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """What is left to scan, for a page that opens in the middle."""
    shipment = leaving.by_id(work, premises_id, UUID(here.hand["shipment"]))
    wanted = _sum(_wanted(promised.packable(work, shipment.order_id)))
    left = wanted - sum((Decimal(each) for each in here.hand["scanned"].values()), ZERO)
    return Reply(say.TO_PACK, here, {"shipment": shipment.number, "left": left})


def _scanned(turn: Turn) -> tuple[Leaving, UUID | None]:
    """The shipment of the label, or of the tote, that was scanned."""
    unit = things.unit(turn)
    if unit is None or unit.kind is not UnitKind.TOTE:
        return leaving.by_label(turn, messages.PARCEL_EXPECTED), None
    inside = rounds.in_tote(turn.work, unit.id)
    if not inside:
        raise Refused(say.TOTE_EMPTY, tote=unit.number)
    [(shipment_id, _)] = inside
    return leaving.by_id(turn.work, turn.premises_id, shipment_id), unit.id


def _in_hand(turn: Turn) -> Leaving:
    """The shipment that is being packed.

    Raises:
        Refused: it is not to be packed any more.
    """
    shipment = leaving.by_id(turn.work, turn.premises_id, turn.uuid("shipment"))
    if shipment.custody is not Custody.PICKED:
        raise shipment.refused(say.NOT_TO_PACK)
    return shipment


def _wanted(goods: Sequence[Packable]) -> dict[UUID, Decimal]:
    """How many of each product belong to the shipment."""
    wanted: dict[UUID, Decimal] = defaultdict(Decimal)
    for each in goods:
        wanted[each.product_id] += each.quantity
    return wanted


def _scanned_items(turn: Turn) -> dict[UUID, Decimal]:
    """How many of each product were scanned."""
    kept: Mapping[str, str] = turn.hand["scanned"]
    return defaultdict(Decimal, {UUID(key): Decimal(amount) for key, amount in kept.items()})


def _sum(quantities: Mapping[UUID, Decimal]) -> Decimal:
    return sum(quantities.values(), ZERO)


def _item(turn: Turn, shipment: Leaving, goods: Sequence[Packable]) -> tuple[UUID, Decimal]:
    """Which product of *goods* was scanned, and how much of it: one, or a whole parcel of it."""
    unit = things.unit(turn)
    for each in goods:
        if unit is not None and unit.id == each.parcel_id and each.whole:
            return each.product_id, each.quantity
    named = {each.id for each in things.products(turn)} & {each.product_id for each in goods}
    if not named:
        raise Refused(say.NOT_IN_SHIPMENT, scanned=turn.code, shipment=shipment.number)
    return named.pop(), things.content(turn.label).quantity or Decimal(1)


def _expected_kg(turn: Turn, shipment: Leaving, carton: CartonType | None) -> Decimal:
    """What the goods of *shipment* weigh, in *carton*."""
    goods = promised.packable(turn.work, shipment.order_id)
    net = sum((each.quantity * each.net_weight_kg for each in goods), ZERO)
    return net + (carton.tare_kg if carton else ZERO)


def _tolerance(turn: Turn, shipment: Leaving) -> Decimal:
    """By how many per cent a packed parcel may be lighter or heavier."""
    order = shipments.order_by_id(turn.work.session, shipment.order_id)
    partner = masterdata.partner_by_id(turn.work.session, order.partner_id)
    return floor_policy.number(
        turn.work.session, FloorRule.PACK_TOLERANCE_PCT, turn.work.today, partner=partner.code
    )


def _close(turn: Turn, shipment: Leaving, weight_kg: Decimal | None, *, carton: str) -> Reply:
    """Close the parcel; its label is printed, if it was not before."""
    orders.pack(turn.work, shipment.id, weight_kg=weight_kg, carton=carton)
    promised.keep_in(turn.work, shipment.order_id, None)
    turn.work.defer("print-label", subject=str(shipment.order_id))
    facts: dict[str, object] = {"parcel": shipment.parcel_number, "shipment": shipment.number}
    return Reply(say.PACKED, turn.begin(), facts)


def _unpack(turn: Turn, undone: Undone) -> None:
    """The parcel is open again, and its goods lie where they lay."""
    tote = undone.hand.get("tote")
    shipment_id = leaving.find(turn.work, turn.premises_id, str(undone.data["shipment"]))
    assert shipment_id is not None, "the answer named it"
    shipment = leaving.by_id(turn.work, turn.premises_id, shipment_id)
    orders.unpack(turn.work, shipment_id)
    promised.keep_in(turn.work, shipment.order_id, UUID(tote) if tote else None)


def _begun(turn: Turn, undone: Undone) -> None:
    """A shipment was taken up, or packed at once."""
    if "shipment" not in turn.hand:
        _unpack(turn, undone)


FLOW: Final = Flow(
    TaskKind.PACK,
    "CMD-PACK",
    say.PACK,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            say.SCAN_TO_PACK,
            then=frozenset({Step.SCAN_PARCEL, Step.SCAN_ITEM}),
            undo=_begun,
        ),
        Step.SCAN_ITEM: StepOf(
            scan_item,
            say.SCAN_ITEM,
            then=frozenset({Step.SCAN_ITEM, Step.SCAN_CARTON}),
            doubled=False,
            undo=put_down,
        ),
        Step.SCAN_CARTON: StepOf(
            scan_carton,
            say.SCAN_CARTON,
            then=frozenset({Step.WEIGH, Step.SCAN_PARCEL}),
            undo=_begun,
        ),
        Step.WEIGH: StepOf(weigh, say.WEIGH, then=frozenset({Step.SCAN_PARCEL}), undo=_unpack),
    },
    in_hand=in_hand,
)
