"""Handle: parcels go into a permitted handling, and come out under new labels.

The permission and its officer are recorded at the desk before; the clerk scans its number.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.inventory import handling, ledger, standing
from warehouse.inventory.handling import Made
from warehouse.inventory.models import Handling
from warehouse.inventory.standing import Stand
from warehouse.inventory.vocabulary import HANDLING_NAMES
from warehouse.operations.floor import messages, things
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import inside as say
from warehouse.operations.vocabulary import DONE, NEXT, Step, TaskKind

_LONGEST: Final = 35
_NO_LABELS: Final = frozenset({Kind.LOCATION, Kind.COMMAND, Kind.QUANTITY, Kind.WEIGHT, Kind.GTIN})


def scan_permitted(turn: Turn) -> Reply:
    """Take up the handling whose number was scanned.

    Raises:
        HandlingNotFound: nothing of that number is permitted here.
    """
    found = handling.by_number(turn.work.session, turn.premises_id, turn.code.upper())
    then = turn.go(Step.SCAN_UNIT, number=found.number, units=[], made=[])
    facts: dict[str, object] = {"number": found.number, "kind": HANDLING_NAMES[found.kind]}
    return Reply(say.PERMITTED, then, facts)


def scan_put_in(turn: Turn) -> Reply:
    """Put the parcel that was scanned in; with CMD-DONE, all are in.

    Raises:
        Refused: it is in already, promised, or stands apart from the others.
    """
    units: list[str] = turn.hand["units"]
    if turn.code == DONE:
        if not units:
            raise Refused(say.NOTHING_PUT_IN)
        return Reply(say.ALL_IN, turn.go(Step.SCAN_LABEL))
    if turn.is_place:
        raise Refused(messages.PARCEL_EXPECTED, scanned=turn.code)
    unit = things.unit(turn)
    if unit is None:
        raise Refused(messages.UNKNOWN_PARCEL, parcel=turn.code)
    if str(unit.id) in units:
        raise Refused(say.IN_ALREADY, parcel=unit.number)
    goods = _stands(turn, [unit.id])
    if not goods:
        raise Refused(say.NOTHING_LEFT, parcel=unit.number)
    if any(each.reserved for each in goods):
        raise Refused(say.PROMISED, parcel=unit.number)
    place = turn.hand.get("location", goods[0].location)
    if {each.location for each in goods} != {place}:
        raise Refused(say.APART, parcel=unit.number, location=place)
    then = turn.go(Step.SCAN_UNIT, units=[*units, str(unit.id)], location=place)
    facts: dict[str, object] = {"parcel": unit.number, "goods": _told(goods)}
    return Reply(say.PUT_IN, then, facts | {"parcels": len(units) + 1})


def scan_label(turn: Turn) -> Reply:
    """Take the label of a parcel that comes out; with CMD-DONE, all has come out.

    Raises:
        Refused: that is no new label, or something has not come out yet.
        WarehouseError: see `handling.carry_out`.
    """
    left = _left(turn)
    if turn.code == DONE:
        if left:
            raise Refused(say.STILL_LEFT, goods=_told(left))
        return _finish(turn, _made(turn))
    number = str(turn.label.fields.get("00", turn.code))
    if turn.label.kind in _NO_LABELS or not 0 < len(number) <= _LONGEST:
        raise Refused(say.LABEL_EXPECTED, scanned=turn.code)
    used = {each.parcel for each in _made(turn)}
    if number in used or things.unit(turn) is not None:
        raise Refused(say.LABEL_IN_USE, scanned=number)
    then = turn.go(Step.SCAN_CONTENT, parcel=number, product=None)
    return Reply(say.LABELLED, then, {"parcel": number, "goods": _told(left)})


def scan_taken_out(turn: Turn) -> Reply:
    """Put a piece, or a number of them, into the labelled parcel.

    Raises:
        Refused: no such goods are left.
        WarehouseError: see `handling.carry_out`.
    """
    left, parcel = _left(turn), turn.hand["parcel"]
    if turn.code == NEXT:
        return Reply(say.ALL_IN, turn.go(Step.SCAN_LABEL, parcel=None, product=None))
    if turn.code == DONE:
        rest = [Made(parcel, each.lot_id, each.quantity) for each in left]
        return _finish(turn, _summed((*_made(turn), *rest)))
    number = things.quantity(turn.label)
    wanted = Decimal(1 if number is None else number)
    product_id = _scanned(turn, left) if number is None else _chosen(turn, left)
    like = [each for each in left if each.product_id == product_id]
    if not 0 < wanted <= sum((each.quantity for each in like), Decimal(0)):
        raise Refused(say.NOT_LEFT, scanned=turn.code, goods=_told(left))
    more = _shares(parcel, like, wanted)
    then = turn.go(Step.SCAN_CONTENT, made=_kept((*_made(turn), *more)), product=product_id)
    facts: dict[str, object] = {"quantity": wanted, "sku": like[0].sku, "parcel": parcel}
    return Reply(say.TAKEN_OUT, then, facts | {"goods": _told(_without(left, more))})


def undo(turn: Turn, undone: Undone) -> None:
    """Counter what was carried out; what was only told is forgotten."""
    if undone.code == DONE:
        ledger.reverse(turn.work, undone.scan_id, scan_id=turn.scan_id)


def _finish(turn: Turn, made: Sequence[Made]) -> Reply:
    permitted = _permitted(turn)
    taken = _together(turn)
    [target] = standing.places(turn.work, list({each.location_id for each in taken}))
    handling.carry_out(turn.work, permitted, taken, made, target, scan_id=turn.scan_id)
    facts: dict[str, object] = {
        "number": permitted.number,
        "parcels": sorted({each.parcel for each in made}),
        "location": target.code,
    }
    return Reply(say.HANDLED, turn.begin(), facts)


def _together(turn: Turn) -> list[Stand]:
    """What goes in, as long as nobody has carried any of it away.

    Raises:
        Refused: somebody has.
    """
    place, taken = turn.hand["location"], []
    for key in turn.hand["units"]:
        goods = _stands(turn, [UUID(key)])
        if {each.location for each in goods} != {place}:
            unit = standing.unit_by_id(turn.work, turn.premises_id, UUID(key))
            raise Refused(say.APART, parcel=unit.number, location=place)
        taken += goods
    return taken


def _permitted(turn: Turn) -> Handling:
    return handling.by_number(turn.work.session, turn.premises_id, turn.hand["number"])


def _stands(turn: Turn, units: Sequence[UUID]) -> list[Stand]:
    return [
        each
        for key in units
        for each in standing.stands(
            turn.work, standing.unit_by_id(turn.work, turn.premises_id, key)
        )
    ]


def _made(turn: Turn) -> list[Made]:
    """What the clerk has told to come out so far."""
    return [
        Made(parcel, UUID(lot_id), Decimal(quantity))
        for parcel, lot_id, quantity in turn.hand["made"]
    ]


def _summed(made: Iterable[Made]) -> list[Made]:
    """One entry for each lot in each parcel, however many scans told of it."""
    sums: dict[tuple[str, UUID], Decimal] = defaultdict(Decimal)
    for each in made:
        sums[each.parcel, each.lot_id] += each.quantity
    return [Made(parcel, lot_id, quantity) for (parcel, lot_id), quantity in sums.items()]


def _kept(made: Iterable[Made]) -> list[list[str]]:
    """*made*, as the hand keeps it."""
    return [[each.parcel, str(each.lot_id), str(each.quantity)] for each in _summed(made)]


def _left(turn: Turn) -> list[Stand]:
    """What has gone in and has not come out."""
    return _without(_stands(turn, [UUID(key) for key in turn.hand["units"]]), _made(turn))


def _without(goods: Sequence[Stand], made: Sequence[Made]) -> list[Stand]:
    left = []
    for each in goods:
        out = sum((it.quantity for it in made if it.lot_id == each.lot_id), Decimal(0))
        if each.quantity > out:
            left.append(each._replace(quantity=each.quantity - out))
    return left


def _scanned(turn: Turn, left: Sequence[Stand]) -> UUID:
    """The product that was scanned, if any of it is left."""
    there = {each.product_id for each in left}
    for product in things.products(turn):
        if product.id in there:
            return product.id
    raise Refused(say.NOT_LEFT, scanned=turn.code, goods=_told(left))


def _chosen(turn: Turn, left: Sequence[Stand]) -> UUID:
    """The product that a number is meant of: the one scanned last, or the only one."""
    there = {each.product_id for each in left}
    if "product" in turn.hand:
        return turn.uuid("product")
    if len(there) != 1:
        raise Refused(say.WHICH_GOODS, goods=_told(left))
    return there.pop()


def _shares(parcel: str, like: Sequence[Stand], wanted: Decimal) -> list[Made]:
    """*wanted* of the goods *like*, from one lot after the other."""
    shares = []
    for each in like:
        share = min(wanted, each.quantity)
        if share:
            shares.append(Made(parcel, each.lot_id, share))
            wanted -= share
    return shares


def _told(goods: Sequence[Stand]) -> list[str]:
    return [f"{each.quantity.normalize():f} × {each.sku}" for each in goods]


FLOW: Final = Flow(
    TaskKind.HANDLE,
    "CMD-HANDLE",
    say.HANDLE,
    {
        Step.SCAN_ORDER: StepOf(
            scan_permitted, say.SCAN_PERMITTED, then=frozenset({Step.SCAN_UNIT}), undo=put_down
        ),
        Step.SCAN_UNIT: StepOf(
            scan_put_in,
            say.SCAN_PUT_IN,
            then=frozenset({Step.SCAN_UNIT, Step.SCAN_LABEL}),
            knows=frozenset({DONE}),
            undo=put_down,
        ),
        Step.SCAN_LABEL: StepOf(
            scan_label,
            say.SCAN_NEW_LABEL,
            then=frozenset({Step.SCAN_CONTENT, Step.SCAN_ORDER}),
            knows=frozenset({DONE}),
            undo=undo,
        ),
        Step.SCAN_CONTENT: StepOf(
            scan_taken_out,
            say.SCAN_TAKEN_OUT,
            then=frozenset({Step.SCAN_CONTENT, Step.SCAN_LABEL, Step.SCAN_ORDER}),
            knows=frozenset({DONE, NEXT}),
            doubled=False,
            undo=undo,
        ),
    },
)
