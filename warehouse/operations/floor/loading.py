"""Load: the parcels of a route go on a vehicle; its manifest closes when all are on it."""

from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.operations.floor import leaving, messages
from warehouse.operations.floor.dialogue import Dialogue, Reply
from warehouse.operations.floor.errors import Refused
from warehouse.operations.floor.flow import Flow, StepOf, Turn, Undone, put_down
from warehouse.operations.floor.labels import Kind
from warehouse.operations.floor.messages import outbound as say
from warehouse.operations.vocabulary import DONE, Step, TaskKind
from warehouse.shipments import manifests, routes
from warehouse.shipments.models import Manifest
from warehouse.shipments.vocabulary import Custody, ManifestState


def scan_manifest(turn: Turn) -> Reply:
    """Begin to load the vehicle of the manifest that was scanned.

    Raises:
        Refused: it is closed.
        ManifestNotFound: there is none here.
    """
    manifest = manifests.by_number(turn.work.session, turn.premises_id, turn.code)
    manifest = _open(turn, manifest.id)
    then = turn.go(Step.SCAN_PARCEL, manifest=manifest.id)
    return Reply(say.LOADING, then, _facts(turn.work, manifest))


def scan_parcel(turn: Turn) -> Reply:
    """Load the parcel that was scanned, or finish the manifest.

    Raises:
        Refused: there is no such parcel, it is not packed, or it goes with another route.
        AlreadyOnManifest: it is on a vehicle.
        NotAllLoaded, ManifestEmpty: the manifest cannot be closed yet.
    """
    manifest = _open(turn, turn.uuid("manifest"))
    if turn.code == DONE:
        count = manifests.refuse_unfinished(turn.work, manifest)
        facts = _facts(turn.work, manifest) | {"count": count}
        return Reply(say.ALL_LOADED, turn.go(Step.SCAN_SEAL), facts)
    shipment = leaving.by_label(turn, messages.PARCEL_EXPECTED)
    if shipment.custody not in (Custody.PACKED, Custody.LOADED):
        raise shipment.refused(say.NOT_TO_LOAD)
    route = routes.of_shipment(turn.work, shipment.id)
    if route is None or route.id != manifest.route_id:
        raise Refused(
            say.WRONG_ROUTE,
            parcel=shipment.parcel_number,
            route=route.code if route else "–",
            manifest=manifest.number,
        )
    manifests.load(turn.work, manifest, shipment.id, shipment.parcel_number, scan_id=turn.scan_id)
    left = len(manifests.waiting(turn.work, manifest.id))
    facts = _facts(turn.work, manifest) | {"parcel": shipment.parcel_number, "left": left}
    return Reply(say.LOADED, turn.dialogue, facts)


def scan_seal(turn: Turn) -> Reply:
    """Close the manifest under the seal that was scanned.

    Raises:
        Refused: that is a place.
        NotAllLoaded: something came to the lane meanwhile.
    """
    if turn.label.kind is Kind.LOCATION:
        raise Refused(say.SEAL_EXPECTED, scanned=turn.code)
    manifest = _open(turn, turn.uuid("manifest"))
    manifests.close(turn.work, manifest, turn.code)
    facts = _facts(turn.work, manifest) | {"seal": turn.code}
    return Reply(say.MANIFEST_CLOSED, turn.begin(), facts)


def in_hand(work: Work, premises_id: UUID, here: Dialogue) -> Reply:
    """Which vehicle is being loaded, for a page that opens in the middle."""
    manifest = manifests.by_id(work.session, premises_id, UUID(here.hand["manifest"]))
    return Reply(say.LOADING, here, _facts(work, manifest))


def _open(turn: Turn, manifest_id: UUID) -> Manifest:
    """The manifest, locked and open."""
    manifest = manifests.lock(turn.work, manifest_id)
    if manifest.state is not ManifestState.OPEN:
        raise Refused(say.MANIFEST_NOT_OPEN, manifest=manifest.number)
    return manifest


def _facts(work: Work, manifest: Manifest) -> dict[str, object]:
    return {
        "manifest": manifest.number,
        "vehicle": manifest.vehicle,
        "route": manifests.route_of(work.session, manifest).code,
    }


def _unload(turn: Turn, undone: Undone) -> None:
    """The parcel is off the vehicle again; asking whether all is loaded did nothing."""
    if undone.code == DONE:
        return
    manifest = _open(turn, UUID(undone.hand["manifest"]))
    shipment_id = leaving.find(turn.work, turn.premises_id, undone.code)
    assert shipment_id is not None, "it was loaded"
    shipment = leaving.by_id(turn.work, turn.premises_id, shipment_id)
    manifests.unload(turn.work, manifest, shipment.id)


def _break_seal(turn: Turn, undone: Undone) -> None:
    """The manifest is open again."""
    manifests.open_again(turn.work, manifests.lock(turn.work, UUID(undone.hand["manifest"])))


FLOW: Final = Flow(
    TaskKind.LOAD,
    "CMD-LOAD",
    say.LOAD,
    {
        Step.SCAN_MANIFEST: StepOf(
            scan_manifest,
            say.SCAN_MANIFEST,
            then=frozenset({Step.SCAN_PARCEL}),
            undo=put_down,
        ),
        Step.SCAN_PARCEL: StepOf(
            scan_parcel,
            say.SCAN_TO_LOAD,
            then=frozenset({Step.SCAN_PARCEL, Step.SCAN_SEAL}),
            knows=frozenset({DONE}),
            undo=_unload,
        ),
        Step.SCAN_SEAL: StepOf(
            scan_seal, say.SCAN_SEAL, then=frozenset({Step.SCAN_MANIFEST}), undo=_break_seal
        ),
    },
    in_hand=in_hand,
    offline=False,
)
