"""The wall between premises: whoever works in one looks at nothing of another, and changes nothing.

Whoever works nowhere, as an officer of several warehouses does, looks at all of them and acts in
none.  What is behind the wall is not found.
"""

from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import Mapped
from sqlmodel import or_

from warehouse.core.errors import NotFound
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.errors import DeclarationNotFound
from warehouse.customs.models import Declaration
from warehouse.operations.errors import NoPremises
from warehouse.shipments import queries as shipments
from warehouse.shipments.errors import ConsignmentNotFound, ShipmentNotFound
from warehouse.shipments.models import Consignment, Shipment


class _OfPremises(Protocol):
    premises_id: UUID


_Thing = TypeVar("_Thing", bound=_OfPremises)


def here(work: Work) -> UUID:
    """Where the actor works.

    Raises:
        NoPremises: nowhere.
    """
    if work.actor.premises_id is None:
        raise NoPremises(person=work.actor.name)
    return work.actor.premises_id


def sees(work: Work, *premises_ids: UUID | None) -> bool:
    """Whether the actor looks at what is of any of *premises_ids*."""
    return work.actor.premises_id is None or work.actor.premises_id in premises_ids


def seen(work: Work, *premises_ids: Mapped[UUID] | Mapped[UUID | None]) -> ColumnElement[bool]:
    """As `sees`, of columns: which rows the actor looks at."""
    if work.actor.premises_id is None:
        return true()
    return or_(false(), *(each == work.actor.premises_id for each in premises_ids))


def declaration(work: Work, number: str) -> Declaration:
    """The declaration that we, or customs in print or in its book, call *number*, to look at.

    Raises:
        DeclarationNotFound: there is none here.
    """
    found = customs.declaration_by_number(work.session, number)
    return _before(work, found, DeclarationNotFound(number=number))


def own_declaration(work: Work, number: str) -> Declaration:
    """As `declaration`, to act on.

    Raises:
        NoPremises: the actor works nowhere.
        DeclarationNotFound: there is none here.
    """
    here(work)
    return declaration(work, number)


def consignment(work: Work, number: str) -> Consignment:
    """The consignment *number*, to look at.

    Raises:
        ConsignmentNotFound: there is none here.
    """
    found = shipments.consignment_by_number(work.session, number)
    return _before(work, found, ConsignmentNotFound(number=number))


def own_consignment(work: Work, number: str) -> Consignment:
    """As `consignment`, to act on.

    Raises:
        NoPremises: the actor works nowhere.
        ConsignmentNotFound: there is none here.
    """
    here(work)
    return consignment(work, number)


def shipment(work: Work, number: str) -> Shipment:
    """The shipment *number*, to look at.

    Raises:
        ShipmentNotFound: there is none here.
    """
    found = shipments.shipment_by_number(work.session, number)
    return _before(work, found, ShipmentNotFound(number=number))


def own_shipment(work: Work, number: str) -> Shipment:
    """As `shipment`, to act on.

    Raises:
        NoPremises: the actor works nowhere.
        ShipmentNotFound: there is none here.
    """
    here(work)
    return shipment(work, number)


def _before(work: Work, found: _Thing, missing: NotFound) -> _Thing:
    if not sees(work, found.premises_id):
        raise missing
    return found
