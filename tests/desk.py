"""What the desk has to look at: goods in bond, an order that left, one that waits."""

from dataclasses import dataclass

from tests.builders import House
from tests.customs_builders import a_consignment, a_customs_house, an_order, declared, in_bond
from tests.customs_builders import released as let_go
from warehouse.core import ids
from warehouse.core.work import Work
from warehouse.customs import commands as customs
from warehouse.customs.models import Declaration
from warehouse.inventory import outbound, picking
from warehouse.inventory.outbound import Released
from warehouse.inventory.picking import Walk
from warehouse.operations.clearance import entry
from warehouse.operations.printing.papers import print_declaration
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Consignment, Order, Shipment


@dataclass(frozen=True, slots=True)
class Desk:
    """Ten pieces came into bond: three left for *gone*, two wait for customs for *waiting*."""

    house: House
    entry: Declaration
    gone: Order
    release: Declaration
    waiting: Shipment


def a_desk(work: Work) -> Desk:
    """A warehouse in the middle of its day."""
    house = a_customs_house(work)
    came = in_bond(work, house, [(house.product, 10, "500")])
    print_declaration(work, {"subject": str(came.id)})
    gone = an_order(work, house, house.product, 3)
    release = let_go(work, declared(work, gone))
    go_out(work, house, gone)
    waiting = an_order(work, house, house.product, 2)
    return Desk(house, came, gone, release, shipments.shipment_of_order(work.session, waiting.id))


def go_out(work: Work, house: House, order: Order) -> None:
    """The goods of *order*, which customs has let go, are picked and leave."""
    while goods := picking.next_pick(work, Walk((order.id,))):
        picking.pick(work, house.premises.id, goods, scan_id=ids.new_id())
    drawn = customs.draw_down(work, order.id)
    released = [Released(line.release_line_id, line.lot_id, line.quantity) for line in drawn]
    outbound.issue(work, house.premises.id, order.id, released, scan_id=ids.new_id())


def a_refused_consignment(work: Work, house: House) -> Consignment:
    """A consignment in a currency that has no rate: it cannot be declared."""
    consignment = a_consignment(work, house, [(house.product, 1, "5")], currency="XAU")
    entry.draft_entry(work, {"subject": str(consignment.id)})
    return consignment
