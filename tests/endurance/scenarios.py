"""What clerks do on the floor, each scan of which is made to fail.  A new scenario is one entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.builders import a_parcel, an_order
from tests.customs_builders import declared, released
from tests.endurance.floor import Floor
from warehouse.shipments.models import Shipment


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
    with floor.begin() as work:
        order, shipment = an_order(work, floor.house, 1)
        released(work, declared(work, order))
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


RECEIVE_AND_PUT_AWAY: Final = Scenario("receive and put away", receive_and_put_away)
PICK_PACK_AND_EXIT: Final = Scenario("pick, pack and exit", pick_pack_and_exit)
SCENARIOS: Final = (
    RECEIVE_AND_PUT_AWAY,
    Scenario("carry from bin to bin", carry),
    PICK_PACK_AND_EXIT,
    Scenario("refusals", refusals),
    Scenario("receive and put away, as a batch", receive_and_put_away, batch=True),
    Scenario("pick, pack and exit, as a batch", pick_pack_and_exit, batch=True),
)
"""Every scenario that scripts/soak.py crashes."""
