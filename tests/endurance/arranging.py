"""What must be there before a clerk can begin: vehicles, bins, orders, papers of the desk."""

from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Final, NamedTuple

from tests import builders
from tests.builders import House, a_parcel_number, added, an_order
from tests.customs_builders import declared, let_go, released
from tests.endurance.floor import Floor
from tests.leaving import somebody
from warehouse.access.vocabulary import Role
from warehouse.inventory import handling, inbound, places
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.models import HandlingUnit, ReplenishmentRule
from warehouse.inventory.vocabulary import DisposalKind, HandlingKind, LocationKind, UnitKind
from warehouse.masterdata.models import Product
from warehouse.operations.bond import disposing
from warehouse.operations.floor import replenishing
from warehouse.shipments import cartons, manifests
from warehouse.shipments.models import Shipment

SEALS: Final = ("TH-001", "TH-002")
VEHICLE: Final = "70-1234"
SEAL: Final = "SEAL-778"
TARE: Final = Decimal("0.1")

_numbers = count(1)


class Stored(NamedTuple):
    """A parcel with all there is of a product, alone in a bin."""

    product: Product
    parcel: str
    bin: str


def a_vehicle(floor: Floor) -> str:
    """The number of a consignment that is announced with a vehicle and two seals."""
    with floor.begin() as work:
        goods = [(a_parcel_number(), floor.house.product, Decimal(2))]
        consignment = builders.a_consignment(work, floor.house, goods)
        consignment.vehicle, consignment.seals = VEHICLE, list(SEALS)
        return consignment.number


def a_place(floor: Floor, kind: LocationKind = LocationKind.STORE) -> str:
    """The code of a new place of the floor."""
    code = f"{kind.upper()}-{next(_numbers)}"
    with floor.begin() as work:
        places.add(work, floor.house.premises.id, code, code, code, kind)
    return code


def stored(floor: Floor, quantity: int) -> Stored:
    """*quantity* of a new product, accepted into bond, in a bin of its own."""
    product, parcel = floor.in_bond(quantity)
    code = a_place(floor)
    floor.scanner().scan("CMD-RECEIVE", parcel, "CMD-MOVE", parcel, f"LOC-{code}")
    return Stored(product, parcel, code)


def a_container(kind: UnitKind) -> str:
    """A label of ours that nobody has used yet."""
    return f"{kind.upper()}-{next(_numbers)}"


def a_tote(floor: Floor) -> str:
    """The number of an empty tote."""
    number = a_container(UnitKind.TOTE)
    with floor.begin() as work:
        premises_id = floor.house.premises.id
        added(work, HandlingUnit(premises_id=premises_id, number=number, kind=UnitKind.TOTE))
    return number


def a_carton(floor: Floor) -> str:
    """The code of a carton that weighs TARE kilograms."""
    code = f"BOX-{next(_numbers)}"
    with floor.begin() as work:
        cartons.add(work, floor.house.premises.id, code, TARE, Decimal(20))
    return code


def to_fill(floor: Floor, goods: Stored) -> str:
    """The code of an empty pick bin that is to be filled with *goods*."""
    code = a_place(floor, LocationKind.PICK)
    with floor.begin() as work:
        place = inbound.place(work, floor.house.premises.id, code)
        rule = ReplenishmentRule(
            location_id=place.id, product_id=goods.product.id, least=Decimal(2), most=Decimal(5)
        )
        added(work, rule)
        replenishing.plan_replenishment(work, {})
    return code


def to_handle(floor: Floor) -> str:
    """The number of a handling that customs permits."""
    with floor.begin() as work:
        officer = somebody(work, floor.house, Role.OFFICER).actor.name
        desk = somebody(work, floor.house, Role.LIAISON)
        permitted = handling.permit(
            desk, HandlingKind.SPLIT, permission="กค 0503/1234", officer=officer
        )
        return permitted.number


def ordered(floor: Floor) -> Shipment:
    """The shipment of an order for one of what is in store, which customs has let go."""
    with floor.begin() as work:
        order, shipment = an_order(work, floor.house, 1)
        released(work, declared(work, order))
    return shipment


def a_manifest(floor: Floor) -> str:
    """The number of an open manifest of the route."""
    with floor.begin() as work:
        house = floor.house
        return manifests.open_for(work, house.premises.id, floor.route.id, VEHICLE, "สมศักดิ์").number


def disposal(floor: Floor, parcel: str, quantity: int, *, to: House | None = None) -> str:
    """The number of a permitted way out for *quantity* of *parcel*: *to* a house, or abroad."""
    with floor.begin() as work:
        [lot] = builders.lots_in(work, floor.house, parcel)
        draft = DisposalDraft(
            kind=DisposalKind.TRANSFER if to else DisposalKind.FREE_ZONE,
            premises_id=floor.house.premises.id,
            reason="stock elsewhere",
            goods=[Wanted(lot.id, Decimal(quantity))],
            to_premises_id=to.premises.id if to else None,
            destination="" if to else "FZ-LCB",
        )
        asked = disposing.request(somebody(work, floor.house, Role.LIAISON), draft)
        let_go(work, asked)
    return asked.number


def on_its_way(floor: Floor) -> tuple[str, str]:
    """The numbers of a transfer from elsewhere that is under way here, and of its parcel."""
    there = replace(floor, house=floor.elsewhere)
    goods = stored(there, 3)
    number = disposal(there, goods.parcel, 3, to=floor.house)
    there.scanner().scan("CMD-DISPOSE", number, goods.parcel, "CMD-DONE", SEAL)
    return number, goods.parcel
