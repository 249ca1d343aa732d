"""Return: a parcel that left comes back, is weighed, and waits for its owner's choice."""

from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core import clock
from warehouse.core.work import Work
from warehouse.inventory import discrepancies, floor_policy, holds
from warehouse.inventory.vocabulary import DiscrepancyKind, FloorRule, HoldKind, LocationKind
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import returning
from warehouse.operations.bond.returning import Left
from warehouse.operations.floor import leaving, messages, things
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, put_down
from warehouse.operations.floor.messages import onward as say
from warehouse.operations.vocabulary import Step, TaskKind
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import CUSTODY_NAMES, Custody

REFUSED_BY_BUYER: Final = "consignee_refused"


def scan_parcel(turn: Turn) -> Reply:
    """Say what left in the parcel that came back.

    Raises:
        Refused: there is no such parcel, or it has not left.
        AlreadyReturned, ReturnTooLate: it does not come in this way.
    """
    found = leaving.by_label(turn, messages.PARCEL_EXPECTED)
    shipment = turn.work.session.get_one(Shipment, found.id, populate_existing=True)
    if shipment.custody not in (Custody.DISPATCHED, Custody.RETURNED):
        state = CUSTODY_NAMES[shipment.custody]
        raise Refused(say.NOT_OUT, parcel=shipment.parcel_number, custody=state)
    left = returning.check(turn.work, shipment)
    return _weigh(shipment, left, turn.go(Step.WEIGH, shipment=shipment.id))


def weigh(turn: Turn) -> Reply:
    """Take the parcel back in; what weighs otherwise than when it left goes to inspection.

    Raises:
        Refused: that is no weight.
        AlreadyReturned, ReturnTooLate: somebody else took it back meanwhile.
    """
    weight = things.weight_kg(turn.label)
    if weight is None:
        raise Refused(say.WEIGHT_EXPECTED, scanned=turn.code)
    work = turn.work
    shipment = work.session.get_one(Shipment, turn.uuid("shipment"), populate_existing=True)
    expected = _weight_when_it_left(shipment, returning.check(work, shipment))
    alike = _alike(work, shipment, expected, weight)
    first = LocationKind.RECEIVE if alike else LocationKind.INSPECTION
    target = returning.place_for(work, turn.premises_id, first)
    returned = returning.take_back(
        work,
        shipment,
        reason=REFUSED_BY_BUYER,
        weight_kg=weight,
        target=target,
        scan_id=turn.scan_id,
    )
    facts: dict[str, object] = {"parcel": shipment.parcel_number, "location": target.code}
    if alike:
        due = clock.local_date(returned.due_at)
        return Reply(say.TAKEN_BACK, turn.begin(), facts | {"due": due})
    case = discrepancies.open_case(
        work,
        DiscrepancyKind.RETURN,
        premises_id=turn.premises_id,
        partner_id=shipment.partner_id,
        shipment_id=shipment.id,
        expected=f"{expected.normalize():f} kg",
        found=f"{weight.normalize():f} kg",
    )
    holds.place(
        work,
        HoldKind.INSPECTION,
        Reason.WEIGHT_MISMATCH,
        premises_id=turn.premises_id,
        discrepancy_id=case.id,
        handling_unit_id=returning.unit_of(work.session, shipment),
    )
    differs = {"found": weight, "expected": expected, "case": case.number}
    return Reply(say.TAKEN_BACK_DIFFERS, turn.begin(), facts | differs)


def in_hand(work: Work, _premises_id: UUID, here: Dialogue) -> Reply:
    """What is to be weighed, for a page that opens in the middle."""
    if "shipment" not in here.hand:
        return Reply(say.RETURN, here)
    shipment = work.session.get_one(Shipment, UUID(here.hand["shipment"]))
    return _weigh(shipment, returning.check(work, shipment), here)


def _weigh(shipment: Shipment, left: list[Left], then: Dialogue) -> Reply:
    goods = [f"{each.quantity.normalize():f} × {each.sku}" for each in left]
    return Reply(say.WEIGH_RETURN, then, {"parcel": shipment.parcel_number, "goods": goods})


def _weight_when_it_left(shipment: Shipment, left: list[Left]) -> Decimal:
    """As it was packed; or, where nobody weighed it, what its goods weigh."""
    return shipment.weight_kg or sum((each.weight_kg for each in left), Decimal(0))


def _alike(work: Work, shipment: Shipment, expected: Decimal, found: Decimal) -> bool:
    partner = masterdata.partner_by_id(work.session, shipment.partner_id).code
    tolerance = floor_policy.number(
        work.session, FloorRule.WEIGHT_TOLERANCE_PCT, work.today, partner=partner
    )
    return abs(found - expected) * 100 <= expected * tolerance


FLOW: Final = Flow(
    TaskKind.RETURN,
    "CMD-RETURN",
    say.RETURN,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel, messages.SCAN_PARCEL, then=frozenset({Step.WEIGH}), undo=put_down
        ),
        Step.WEIGH: StepOf(weigh, say.WEIGH_IT, then=frozenset({Step.SCAN_PARCEL})),
    },
    in_hand=in_hand,
)
