"""Shipments on their way to the gate, without a scanner."""

from dataclasses import replace

from tests.builders import House, added
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import ids
from warehouse.core.work import Actor, Work
from warehouse.inventory import picking
from warehouse.inventory.picking import Walk
from warehouse.shipments import status
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import Custody


def picked(work: Work, house: House, shipment: Shipment) -> None:
    """All that was promised to *shipment* is picked."""
    while goods := picking.next_pick(work, Walk((shipment.order_id,))):
        picking.pick(work, house.premises.id, goods, scan_id=ids.new_id())
    status.record(work, shipment.id, custody=Custody.PICKED)


def packed(work: Work, house: House, shipment: Shipment) -> None:
    """*shipment* is picked and packed."""
    picked(work, house, shipment)
    status.record(work, shipment.id, custody=Custody.PACKED)


def somebody(work: Work, house: House, role: Role) -> Work:
    """The same transaction, in the name of a colleague who is a *role* here."""
    username = f"{role.value}-{ids.new_id()}"
    person = added(
        work,
        Person(
            username=username[:40],
            name_th="สมหญิง",
            name_en="Somying",
            role=role,
            password_hash="-",
            premises_id=house.premises.id,
        ),
    )
    actor = Actor(person.username, role, id=person.id, premises_id=house.premises.id)
    return replace(work, actor=actor)
