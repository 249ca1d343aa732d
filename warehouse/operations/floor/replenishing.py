"""Replenish: a pick bin is claimed, goods are taken from the oldest layer, and brought to it."""

from decimal import Decimal
from typing import Final, TypedDict
from uuid import UUID

from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.inventory import inbound, replenishment, standing, taking_back
from warehouse.inventory.replenishment import Need, Source
from warehouse.operations.floor import messages, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.messages import inside as say
from warehouse.operations.models import Assignment
from warehouse.operations.planning import assignments
from warehouse.operations.vocabulary import NEXT, AssignmentKind, Step, TaskKind

_KIND: Final = AssignmentKind.REPLENISH


class _About(TypedDict):
    location_id: UUID
    product_id: UUID


def plan_replenishment(work: Work, _facts: Facts) -> None:
    """Ask for every pick bin that runs low to be filled, where the store has goods for it."""
    replenishment.hold_rules(work)
    for need in replenishment.needs(work):
        about: _About = {"location_id": need.location_id, "product_id": need.product_id}
        pending = assignments.find(work, _KIND, **about)
        if need.short and pending is None and replenishment.oldest(work, need):
            assignments.add(work, _KIND, need.premises_id, **about)


def scan_bin_to_fill(turn: Turn) -> Reply:
    """Take on the next bin that waits to be filled, or the one that was scanned.

    Raises:
        Refused: none waits, or not that one.
        Ask: somebody else is filling it.
        LocationNotFound: there is no such place here.
    """
    assignment = _claim(turn) if turn.code == NEXT else _chosen(turn)
    need, source = _asked(turn.work, assignment)
    if need is None or source is None:
        assignments.cancel(turn.work, assignment)
        places = standing.places(turn.work, [key for key in [assignment.location_id] if key])
        return Reply(say.NOTHING_TO_TAKE, turn.begin(), {"location": places[0].code})
    then = turn.go(
        Step.SCAN_BIN,
        assignment=assignment.id,
        location_id=need.location_id,
        product_id=need.product_id,
        location=need.location,
        sku=need.sku,
        lot=source.lot_id,
        source=source.location,
        parcel=source.parcel,
        unit=source.unit_id,
        alone=source.alone,
        quantity=min(need.wanted, source.quantity),
    )
    return in_hand(turn.work, turn.premises_id, then)


def in_hand(_work: Work, _premises_id: UUID, here: Dialogue) -> Reply:
    """What is being filled, for a page that opens in the middle too."""
    message = {
        Step.SCAN_BIN: say.TAKE_FROM,
        Step.SCAN_GOODS: say.AT_SOURCE,
        Step.SCAN_CONTENT: say.GOODS_RIGHT,
        Step.SCAN_TARGET: say.BRING,
    }[here.step]
    told = ("source", "sku", "location", "parcel")
    facts: dict[str, object] = {name: here.hand[name] for name in told}
    return Reply(message, here, facts | {"quantity": Decimal(here.hand["quantity"])})


def scan_source(turn: Turn) -> Reply:
    """Check that the clerk stands at the oldest layer.

    Raises:
        Refused: that is another bin.
    """
    if turn.code == NEXT:
        return _pass_over(turn)
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    if turn.place != turn.hand["source"]:
        raise Refused(
            say.WRONG_SOURCE,
            location=turn.place,
            source=turn.hand["source"],
            sku=turn.hand["sku"],
        )
    return in_hand(turn.work, turn.premises_id, turn.go(Step.SCAN_GOODS))


def scan_goods(turn: Turn) -> Reply:
    """Check the goods: by their parcel, or by their own label where no like lot is beside them.

    Raises:
        Refused: those are other goods.
    """
    if turn.code == NEXT:
        return _pass_over(turn)
    unit = things.unit(turn)
    by_parcel = unit is not None and unit.id == turn.uuid("unit")
    by_product = turn.hand["alone"] and any(
        each.id == turn.uuid("product_id") for each in things.products(turn)
    )
    if not (by_parcel or by_product):
        raise Refused(
            say.WRONG_GOODS,
            scanned=turn.code,
            sku=turn.hand["sku"],
            parcel=turn.hand["parcel"],
        )
    return in_hand(turn.work, turn.premises_id, turn.go(Step.SCAN_CONTENT))


def scan_quantity(turn: Turn) -> Reply:
    """Note how many were taken; the pick bin itself says: as many as were wanted.

    Raises:
        Refused: that is no number, or more than may go there.
    """
    if turn.code == NEXT:
        return _pass_over(turn)
    if turn.is_place:
        return scan_target(turn)
    taken = things.quantity(turn.label)
    most = Decimal(turn.hand["quantity"])
    if taken is None or not 0 < taken <= most:
        raise Refused(
            say.TOO_MANY,
            most=most,
            sku=turn.hand["sku"],
            location=turn.hand["location"],
            scanned=turn.code,
        )
    then = turn.go(Step.SCAN_TARGET, quantity=Decimal(taken))
    return in_hand(turn.work, turn.premises_id, then)


def scan_target(turn: Turn) -> Reply:
    """Put the goods into the pick bin.

    Raises:
        Refused: that is another bin.
        InsufficientStock, LocationLocked, MayNotStand: see `replenishment.fill`.
    """
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    if turn.place != turn.hand["location"]:
        raise Refused(say.WRONG_TARGET, scanned=turn.place, location=turn.hand["location"])
    about = _about(turn)
    assignment = assignments.find(turn.work, _KIND, **about)
    found = replenishment.needs(turn.work, **about)
    if not found:
        raise Refused(say.NOT_TO_REPLENISH, location=turn.place)
    need = found[0]
    quantity = Decimal(turn.hand["quantity"])
    target = inbound.place(turn.work, turn.premises_id, turn.place)
    replenishment.fill(turn.work, need, turn.uuid("lot"), target, quantity, scan_id=turn.scan_id)
    if assignment is not None:
        assignments.done(turn.work, assignment)
    facts: dict[str, object] = {"quantity": quantity, "sku": need.sku, "location": need.location}
    return Reply(say.REPLENISHED, turn.begin(), facts)


def undo(turn: Turn, undone: Undone) -> None:
    """Carry what was put into the pick bin back, by counter-entries, and ask for it again."""
    if not undone.code.startswith("LOC-"):
        return
    taking_back.counter(turn.work, turn.premises_id, undone.scan_id, turn.scan_id)
    assignments.add(
        turn.work,
        _KIND,
        turn.premises_id,
        location_id=UUID(undone.hand["location_id"]),
        product_id=UUID(undone.hand["product_id"]),
    )


def _claim(turn: Turn) -> Assignment:
    """What the clerk has taken on already, or the next that waits."""
    held = assignments.held_by(turn.work, _KIND, turn.person_id)
    found = (
        held[0] if held else assignments.claim(turn.work, _KIND, turn.premises_id, turn.person_id)
    )
    if found is None:
        raise Refused(say.NOTHING_TO_REPLENISH)
    return found


def _chosen(turn: Turn) -> Assignment:
    if not turn.is_place:
        raise Refused(messages.PLACE_EXPECTED, scanned=turn.code)
    place = inbound.place(turn.work, turn.premises_id, turn.place)
    found = assignments.find(turn.work, _KIND, location_id=place.id)
    if found is None:
        raise Refused(say.NOT_TO_REPLENISH, location=place.code)
    if assignments.taken_by_another(found, turn.person_id) and not turn.confirmed:
        raise Ask(say.TAKEN_BY_ANOTHER, location=place.code)
    assignments.take(turn.work, found, turn.person_id)
    return found


def _asked(work: Work, assignment: Assignment) -> tuple[Need | None, Source | None]:
    """What the bin still wants, and where it is to come from."""
    found = replenishment.needs(
        work, location_id=assignment.location_id, product_id=assignment.product_id
    )
    return (found[0], replenishment.oldest(work, found[0])) if found else (None, None)


def _about(turn: Turn) -> _About:
    """The bin and the product that are in hand."""
    return {"location_id": turn.uuid("location_id"), "product_id": turn.uuid("product_id")}


def _pass_over(turn: Turn) -> Reply:
    """Leave the bin for later, behind all others that wait."""
    about = _about(turn)
    assignment = assignments.find(turn.work, _KIND, **about)
    if assignment is not None and assignment.person_id == turn.person_id:
        assignment.priority -= 1
        assignments.give_back(turn.work, assignment)
    return Reply(say.PASSED_OVER, turn.begin(), {"location": turn.hand["location"]})


_KNOWS: Final = frozenset({NEXT})

FLOW: Final = Flow(
    TaskKind.REPLENISH,
    "CMD-REPLENISH",
    say.REPLENISH,
    {
        Step.SCAN_LOCATION: StepOf(
            scan_bin_to_fill,
            say.SCAN_PICK_BIN,
            then=frozenset({Step.SCAN_BIN, Step.SCAN_LOCATION}),
            knows=_KNOWS,
        ),
        Step.SCAN_BIN: StepOf(
            scan_source,
            say.SCAN_SOURCE,
            then=frozenset({Step.SCAN_GOODS, Step.SCAN_LOCATION}),
            knows=_KNOWS,
            undo=put_down,
        ),
        Step.SCAN_GOODS: StepOf(
            scan_goods,
            say.SCAN_GOODS,
            then=frozenset({Step.SCAN_CONTENT, Step.SCAN_LOCATION}),
            knows=_KNOWS,
            undo=put_down,
        ),
        Step.SCAN_CONTENT: StepOf(
            scan_quantity,
            say.SCAN_QUANTITY,
            then=frozenset({Step.SCAN_TARGET, Step.SCAN_LOCATION}),
            knows=_KNOWS,
            undo=undo,
        ),
        Step.SCAN_TARGET: StepOf(
            scan_target, say.SCAN_LOCATION, then=frozenset({Step.SCAN_LOCATION}), undo=undo
        ),
    },
    in_hand=in_hand,
    offline=False,
)
