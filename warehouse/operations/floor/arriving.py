"""Arrive: a vehicle is at the dock.  Its consignment, its plate, then every seal it carries."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.inventory import discrepancies, holds
from warehouse.inventory.vocabulary import DiscrepancyKind, HoldKind
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.reasons import Reason
from warehouse.operations.floor import at_hand, messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Ask, Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import inbound as say
from warehouse.operations.vocabulary import DONE, Step, TaskKind
from warehouse.shipments import arrivals
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Consignment

_MOST_VEHICLE: Final = 30
_MOST_SEAL: Final = 40


def scan_consignment(turn: Turn) -> Reply:
    """Take the consignment that was scanned in hand: its number, its reference or its despatch.

    Raises:
        Refused: none is meant, more than one is, or it has arrived.
    """
    if turn.is_place:
        raise Refused(say.CONSIGNMENT_EXPECTED, scanned=turn.code)
    consignment = at_hand.named(turn)
    if consignment is None:
        raise Refused(say.UNKNOWN_CONSIGNMENT, scanned=turn.code)
    if earlier := arrivals.arrival_of(turn.work.session, consignment.id):
        raise Refused(
            say.ALREADY_ARRIVED,
            consignment=consignment.number,
            at=earlier.at,
            person=earlier.actor,
        )
    then = turn.go(Step.SCAN_VEHICLE, consignment=consignment.id, seals=[])
    return Reply(say.CONSIGNMENT_IN_HAND, then, _facts(consignment, []))


def scan_vehicle(turn: Turn) -> Reply:
    """Note the plate of the vehicle, which may be in Thai.

    Raises:
        Refused: that is the label of something else.
        Ask: another vehicle was announced.
    """
    plate = " ".join(turn.label.raw.split()).upper()
    if turn.label.kind in (Kind.LOCATION, Kind.COMMAND, Kind.S10) or len(plate) > _MOST_VEHICLE:
        raise Refused(say.VEHICLE_EXPECTED, scanned=turn.code)
    consignment = shipments.consignment_by_id(turn.work.session, turn.uuid("consignment"))
    announced = consignment.vehicle
    if announced and arrivals.bare(announced) != arrivals.bare(plate) and not turn.confirmed:
        raise Ask(say.OTHER_VEHICLE, vehicle=plate, announced=announced)
    then = turn.go(Step.SCAN_SEAL, vehicle=plate)
    return Reply(say.VEHICLE_NOTED, then, _facts(consignment, []) | {"vehicle": plate})


def scan_seal(turn: Turn) -> Reply:
    """Note a seal, or record the arrival once there are no more.

    Raises:
        Refused: that is no seal.
        Ask: seals differ, or the entry could not be filed.
        AlreadyArrived: somebody else has recorded it.
    """
    consignment = shipments.consignment_by_id(turn.work.session, turn.uuid("consignment"))
    seals = [str(seal) for seal in turn.hand["seals"]]
    if turn.code == DONE:
        return _arrived(turn, consignment, seals)
    seal = arrivals.bare(turn.code)
    if turn.label.kind in (Kind.LOCATION, Kind.COMMAND) or len(seal) > _MOST_SEAL:
        raise Refused(say.SEAL_EXPECTED, scanned=turn.code)
    if seal not in seals:
        seals.append(seal)
    strange = consignment.seals and seal not in _announced(consignment)
    facts = _facts(consignment, seals) | {"seal": seal}
    return Reply(
        say.STRANGE_SEAL if strange else say.SEAL_NOTED, turn.go(Step.SCAN_SEAL, seals=seals), facts
    )


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:  # noqa: ARG001
    """Which consignment is at the dock, for a page that opens in the middle."""
    consignment = shipments.consignment_by_id(work.session, UUID(here.hand["consignment"]))
    return Reply(say.CONSIGNMENT_IN_HAND, here, _facts(consignment, here.hand["seals"]))


def _arrived(turn: Turn, consignment: Consignment, seals: Sequence[str]) -> Reply:
    announced = _announced(consignment)
    absent = [seal for seal in announced if seal not in seals]
    strange = [seal for seal in seals if announced and seal not in announced]
    differs = bool(absent or strange)
    facts = _facts(consignment, seals) | {"absent": absent, "strange": strange}
    if differs and not turn.confirmed:
        raise Ask(say.SEALS_DIFFER, **facts)
    arrivals.arrive(
        turn.work,
        consignment.id,
        vehicle=turn.hand["vehicle"],
        seals=seals,
        scan_id=turn.scan_id,
    )
    if differs:
        return _unsealed(turn, consignment, facts)
    premises = masterdata.premises_by_id(turn.work.session, turn.premises_id)
    ended = premises.licence_to is not None and premises.licence_to < turn.work.today
    message = say.ARRIVED_UNLICENSED if ended else say.ARRIVED
    return Reply(message, turn.begin(), facts | {"licence": premises.licence_number})


def _unsealed(turn: Turn, consignment: Consignment, facts: dict[str, object]) -> Reply:
    """Somebody may have opened the vehicle: its goods are inspected before anything else."""
    discrepancy = discrepancies.open_case(
        turn.work,
        DiscrepancyKind.SEAL,
        premises_id=turn.premises_id,
        partner_id=consignment.partner_id,
        consignment_id=consignment.id,
        expected=" ".join(_announced(consignment))[:200],
        found=" ".join(map(str, turn.hand["seals"]))[:200],
    )
    holds.place(
        turn.work,
        HoldKind.INSPECTION,
        Reason.SEAL_MISMATCH,
        consignment_id=consignment.id,
        premises_id=turn.premises_id,
        discrepancy_id=discrepancy.id,
    )
    proof = {"discrepancy": discrepancy.number, "photo_for": str(discrepancy.id)}
    return Reply(say.ARRIVED_UNSEALED, turn.begin(), facts | proof)


def _announced(consignment: Consignment) -> list[str]:
    return [arrivals.bare(seal) for seal in consignment.seals]


def _facts(consignment: Consignment, seals: Sequence[str]) -> dict[str, object]:
    return {
        "consignment": consignment.number,
        "reference": consignment.external_ref,
        "announced": len(consignment.seals),
        "found": len(seals),
    }


def _put_seal_down(turn: Turn, undone: Undone) -> None:  # noqa: ARG001
    if undone.code == DONE:
        raise Refused(messages.NOT_UNDOABLE, scanned=undone.code)


_TO_SEALS: Final = frozenset({Step.SCAN_SEAL})

FLOW: Final = Flow(
    TaskKind.ARRIVE,
    "CMD-ARRIVE",
    say.ARRIVE,
    {
        Step.SCAN_CONSIGNMENT: StepOf(
            scan_consignment,
            say.SCAN_CONSIGNMENT,
            then=frozenset({Step.SCAN_VEHICLE}),
            undo=put_down,
        ),
        Step.SCAN_VEHICLE: StepOf(scan_vehicle, say.SCAN_VEHICLE, then=_TO_SEALS, undo=put_down),
        Step.SCAN_SEAL: StepOf(
            scan_seal,
            say.SCAN_SEAL,
            then=_TO_SEALS | {Step.SCAN_CONSIGNMENT},
            knows=frozenset({DONE}),
            undo=_put_seal_down,
        ),
    },
    in_hand=in_hand,
)
