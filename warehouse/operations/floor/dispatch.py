"""Exit: the gate asks for the release; then goods, books and status leave together, once.

Customs draws down the release, inventory issues the stock, shipments tells the partner.  Nobody has
a way round it, and each attempt that is refused is recorded.
"""

from typing import Final
from uuid import UUID

from warehouse.core.errors import Conflict, RuleViolation, WarehouseError
from warehouse.customs import commands as customs
from warehouse.inventory import outbound
from warehouse.inventory.outbound import Released
from warehouse.operations.floor import blocking, leaving, messages, why
from warehouse.operations.floor.dialogue import Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn
from warehouse.operations.floor.leaving import Leaving
from warehouse.operations.floor.messages import gate as say
from warehouse.operations.vocabulary import FloorEvent, Step, TaskKind
from warehouse.shipments import manifests, status
from warehouse.shipments.vocabulary import Custody, ManifestState, ShipmentEvent


def scan_parcel(turn: Turn) -> Reply:
    """Let the parcel that was scanned out (Customs Act s.51), or all of a vehicle's.

    Raises:
        Refused: there is no such parcel, or something stands in its way.
    """
    if manifest := manifests.find(turn.work.session, turn.premises_id, turn.code):
        return _let_vehicle_out(turn, manifest.id)
    shipment = leaving.by_label(turn, messages.PARCEL_EXPECTED)
    if shipment.custody is Custody.LOADED:
        vehicle = manifests.of_shipment(turn.work.session, shipment.id)
        assert vehicle is not None, "what is loaded is on a manifest"
        raise Refused(say.ON_VEHICLE, parcel=shipment.parcel_number, manifest=vehicle.number)
    bonded = let_out(turn, shipment)
    facts: dict[str, object] = {"parcel": shipment.parcel_number, "shipment": shipment.number}
    return Reply(say.EXITED if bonded else say.EXITED_FREE, turn.dialogue, facts)


def let_out(turn: Turn, shipment: Leaving) -> bool:
    """Send *shipment*, held, out of the gate; return whether it left bond under a release.

    What keeps it is what "why?" says of it.  Release, goods and holds are then looked at once more
    under their locks: what changed meanwhile is refused by the room it belongs to.

    Raises:
        Refused: something stands in its way.
        NotReleased, AuthorityRevoked, AuthorityExpired, ReleaseUsed: customs has just said so.
        GoodsHeld: it has just been held.
        ReleaseTooSmall: more was picked than customs lets go.
    """
    facts = why.of_shipment(turn.work, shipment.id)
    if verdict := blocking.blocking(facts):
        raise Refused(verdict.message, **verdict.facts)
    assert facts.shipment is not None, "the shipment was asked about"
    bonded = facts.shipment.bonded
    drawn = customs.draw_down(turn.work, shipment.order_id) if bonded else []
    released = [Released(line.release_line_id, line.lot_id, line.quantity) for line in drawn]
    outbound.issue(turn.work, turn.premises_id, shipment.order_id, released, scan_id=turn.scan_id)
    status.record(turn.work, shipment.id, custody=Custody.DISPATCHED)
    turn.work.emit(ShipmentEvent.SHIPMENT_DISPATCHED, shipment.id, number=shipment.number)
    return bonded


def _let_vehicle_out(turn: Turn, manifest_id: UUID) -> Reply:
    """All that a closed manifest has on it leaves together, or nothing does."""
    manifest = manifests.lock(turn.work, manifest_id)
    if manifest.state is ManifestState.DISPATCHED:
        raise Refused(say.MANIFEST_GONE, manifest=manifest.number, at=manifest.dispatched_at)
    if manifest.state is ManifestState.OPEN:
        raise Refused(say.MANIFEST_NOT_CLOSED, manifest=manifest.number)
    loaded = [each.id for each in manifests.loaded(turn.work.session, manifest.id)]
    for shipment in leaving.all_of(turn.work, turn.premises_id, loaded).values():
        try:
            let_out(turn, shipment)
        except (Conflict, RuleViolation) as refusal:
            raise Refused(
                say.MANIFEST_STAYS, manifest=manifest.number, parcel=shipment.parcel_number
            ) from refusal
    manifests.dispatch(turn.work, manifest)
    facts: dict[str, object] = {"manifest": manifest.number, "count": len(loaded)}
    return Reply(say.MANIFEST_EXITED, turn.dialogue, facts)


def record_refusal(turn: Turn, refusal: WarehouseError) -> None:
    """Keep that somebody tried to take goods out, and why the gate stayed closed."""
    code = refusal.reason.code if isinstance(refusal, Refused) else refusal.code
    subject = leaving.find(turn.work, turn.premises_id, turn.code) or turn.scan_id
    turn.work.emit(FloorEvent.EXIT_REFUSED, subject, scanned=turn.code, code=code)


FLOW: Final = Flow(
    TaskKind.EXIT,
    "CMD-EXIT",
    say.EXIT,
    {
        Step.SCAN_PARCEL: StepOf(
            scan_parcel, messages.SCAN_PARCEL, then=frozenset({Step.SCAN_PARCEL})
        ),
    },
    offline=False,
    refused=record_refusal,
)
