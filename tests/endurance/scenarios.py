"""What clerks do on the floor, each scan of which is made to fail.  A new scenario is one entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.builders import a_parcel, an_order
from tests.endurance import arranging
from tests.endurance.arranging import SEAL, SEALS, TARE, VEHICLE
from tests.endurance.floor import LANE, Floor
from warehouse.inventory.vocabulary import UnitKind
from warehouse.operations.intake import cancelling
from warehouse.shipments.models import Order, Shipment


@dataclass(frozen=True, slots=True)
class Scenario:
    """Fresh goods on a floor, and the codes that a clerk then scans.

    *batch*: they waited on the device, and are sent in one request.
    """

    name: str
    arrange: Callable[[Floor], Sequence[str]]
    batch: bool = False

    def __str__(self) -> str:
        return self.name


def receive_and_put_away(floor: Floor) -> Sequence[str]:
    """A parcel comes in and goes to its bin."""
    with floor.begin() as work:
        parcel = a_parcel(work, floor.house)
    return ["CMD-RECEIVE", parcel, "CMD-PUTAWAY", parcel, "LOC-A1"]


def carry(floor: Floor) -> Sequence[str]:
    """A parcel that stands in store goes to another bin and back."""
    with floor.begin() as work:
        parcel = a_parcel(work, floor.house)
    floor.scanner().scan("CMD-RECEIVE", parcel, "CMD-PUTAWAY", parcel, "LOC-A1")
    return ["CMD-PUTAWAY", parcel, "LOC-A2", parcel, "LOC-A1"]


def packing(floor: Floor, shipment: Shipment) -> Sequence[str]:
    """One item is scanned into its parcel, which is weighed."""
    goods = floor.house.product
    return ["CMD-PACK", shipment.parcel_number, goods.sku, f"{goods.net_weight_kg}KG"]


def pick_pack_and_exit(floor: Floor) -> Sequence[str]:
    """An order is picked, packed and let out by its release."""
    shipment = arranging.ordered(floor)
    return [
        "CMD-PICK", shipment.number, "LOC-A1", floor.in_store,
        *packing(floor, shipment),
        "CMD-EXIT", shipment.parcel_number,
    ]  # fmt: skip


def refusals(floor: Floor) -> Sequence[str]:
    """Everything that can be wrong is wrong; each refusal is kept once."""
    with floor.begin() as work:
        _, shipment = an_order(work, floor.house, 1)
        parcel = a_parcel(work, floor.house)
    floor.scanner().scan(
        "CMD-PICK", shipment.number, "LOC-A1", floor.in_store, *packing(floor, shipment)
    )
    return [
        "LOC-A1", "CMD-NONSENSE", "CMD-RECEIVE", floor.in_store, "RC999999999XX",
        "CMD-PUTAWAY", parcel, "CMD-PACK", shipment.parcel_number,
        "CMD-EXIT", shipment.parcel_number,
    ]  # fmt: skip


def arrive(floor: Floor) -> Sequence[str]:
    """A vehicle comes with the seals that were announced."""
    return ["CMD-ARRIVE", arranging.a_vehicle(floor), VEHICLE, *SEALS, "CMD-DONE"]


def arrive_unsealed(floor: Floor) -> Sequence[str]:
    """A vehicle comes with another seal: it is told twice, and a case is opened."""
    first, _ = SEALS
    consignment = arranging.a_vehicle(floor)
    return ["CMD-ARRIVE", consignment, VEHICLE, first, "XX-999", "CMD-DONE", "CMD-DONE"]


def receive_short(floor: Floor) -> Sequence[str]:
    """A parcel is counted piece by piece, lacks one, and the receipt is closed all the same."""
    with floor.begin() as work:
        parcel = a_parcel(work, floor.house, 5)
    return [
        "CMD-RECEIVE", parcel, "CMD-OPEN", floor.house.product.sku, "4",
        "CMD-DONE", "CMD-DONE", "CMD-DONE",
    ]  # fmt: skip


def undo_receive(floor: Floor) -> Sequence[str]:
    """A parcel is received, awaited again, and received."""
    with floor.begin() as work:
        parcel = a_parcel(work, floor.house)
    return ["CMD-RECEIVE", parcel, "CMD-UNDO", parcel]


def fill_a_container(floor: Floor) -> Sequence[str]:
    """A new cage is set up around a parcel, and carried to another bin."""
    goods, cage = arranging.stored(floor, 3), arranging.a_container(UnitKind.CAGE)
    return ["CMD-MOVE", goods.parcel, cage, cage, "CMD-MOVE", cage, "LOC-A2"]


def replenish(floor: Floor) -> Sequence[str]:
    """A pick bin is filled from the store."""
    goods = arranging.stored(floor, 10)
    pick_bin = f"LOC-{arranging.to_fill(floor, goods)}"
    return ["CMD-REPLENISH", pick_bin, f"LOC-{goods.bin}", goods.parcel, pick_bin]


def count_right(floor: Floor) -> Sequence[str]:
    """A bin is counted, and is as the book has it."""
    goods = arranging.stored(floor, 3)
    return ["CMD-COUNT", f"LOC-{goods.bin}", goods.parcel, "CMD-DONE"]


def count_short(floor: Floor) -> Sequence[str]:
    """A bin is counted, and one is missing: somebody else is to count it again."""
    goods = arranging.stored(floor, 3)
    return ["CMD-COUNT", f"LOC-{goods.bin}", goods.product.sku, "2", "CMD-DONE"]


def split(floor: Floor) -> Sequence[str]:
    """A parcel is made two, as customs permits."""
    goods = arranging.stored(floor, 3)
    first, second = (arranging.a_container(UnitKind.PARCEL) for _ in range(2))
    return [
        "CMD-HANDLE", arranging.to_handle(floor), goods.parcel, "CMD-DONE",
        first, goods.product.sku, "CMD-NEXT", second, "CMD-DONE",
    ]  # fmt: skip


def pick_two_into_totes(floor: Floor) -> Sequence[str]:
    """Two orders are picked on one walk; one of them is packed from its tote into a carton."""
    shipments = [arranging.ordered(floor).number for _ in range(2)]
    totes = [arranging.a_tote(floor) for _ in range(2)]
    goods, carton = floor.house.product, arranging.a_carton(floor)
    takes = [code for tote in totes for code in ("LOC-A1", floor.in_store, tote)]
    return [
        "CMD-PICK", *shipments, *totes, *takes,
        "CMD-PACK", totes[0], goods.sku, carton, f"{goods.net_weight_kg + TARE}KG",
    ]  # fmt: skip


def leave_by_vehicle(floor: Floor) -> Sequence[str]:
    """A packed parcel is staged and loaded; the vehicle is sealed, and let out with all of it."""
    shipment, manifest = arranging.ordered(floor), arranging.a_manifest(floor)
    floor.scanner().scan(
        "CMD-PICK", shipment.number, "LOC-A1", floor.in_store, *packing(floor, shipment)
    )
    return [
        "CMD-STAGE", shipment.parcel_number, f"LOC-{LANE}",
        "CMD-LOAD", manifest, shipment.parcel_number, "CMD-DONE", SEAL,
        "CMD-EXIT", manifest,
    ]  # fmt: skip


def put_back(floor: Floor) -> Sequence[str]:
    """The goods of an order that was cancelled after it was picked go back to the store."""
    shipment = arranging.ordered(floor)
    floor.scanner().scan("CMD-PICK", shipment.number, "LOC-A1", floor.in_store)
    with floor.begin() as work:
        cancelling.cancel(work, work.session.get_one(Order, shipment.order_id))
    return ["CMD-PUTBACK", shipment.number, "LOC-A1"]


def dispose(floor: Floor) -> Sequence[str]:
    """Goods for a free zone are gathered, and leave under seal."""
    goods = arranging.stored(floor, 3)
    number = arranging.disposal(floor, goods.parcel, 3)
    return ["CMD-DISPOSE", number, goods.parcel, "CMD-DONE", SEAL]


def transfer_in(floor: Floor) -> Sequence[str]:
    """Goods of another bonded warehouse arrive under the seal that they left with."""
    number, parcel = arranging.on_its_way(floor)
    return ["CMD-TRANSFER-IN", number, SEAL, parcel, "CMD-DONE"]


def come_back(floor: Floor) -> Sequence[str]:
    """A parcel that left comes back as heavy as it was."""
    shipment = arranging.ordered(floor)
    floor.scanner().scan(
        "CMD-PICK", shipment.number, "LOC-A1", floor.in_store, *packing(floor, shipment),
        "CMD-EXIT", shipment.parcel_number,
    )  # fmt: skip
    return ["CMD-RETURN", shipment.parcel_number, f"{floor.house.product.net_weight_kg}KG"]


RECEIVE_AND_PUT_AWAY: Final = Scenario("receive and put away", receive_and_put_away)
PICK_PACK_AND_EXIT: Final = Scenario("pick, pack and exit", pick_pack_and_exit)
SCENARIOS: Final = (
    RECEIVE_AND_PUT_AWAY,
    Scenario("carry from bin to bin", carry),
    PICK_PACK_AND_EXIT,
    Scenario("refusals", refusals),
    Scenario("receive and put away, as a batch", receive_and_put_away, batch=True),
    Scenario("pick, pack and exit, as a batch", pick_pack_and_exit, batch=True),
    Scenario("arrive", arrive),
    Scenario("arrive under another seal", arrive_unsealed),
    Scenario("receive piece by piece, one short, and close", receive_short),
    Scenario("undo what was received", undo_receive),
    Scenario("move into a container, and the container", fill_a_container),
    Scenario("replenish", replenish),
    Scenario("count what is right", count_right),
    Scenario("count what is short", count_short),
    Scenario("split under a permission", split),
    Scenario("pick into totes, pack into a carton", pick_two_into_totes),
    Scenario("stage, load and leave by vehicle", leave_by_vehicle),
    Scenario("put back what was cancelled", put_back),
    Scenario("dispose of under seal", dispose),
    Scenario("transfer in", transfer_in),
    Scenario("return", come_back),
)
"""Every scenario that scripts/soak.py crashes."""
