"""A sandbox plays customs itself: nothing of it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import select

from tests.customs_builders import a_consignment, a_customs_house, an_order, stored
from warehouse.core.jobs import Begin
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.models import CustomsMessage
from warehouse.customs.vocabulary import DeclarationState
from warehouse.operations.clearance import entry, rehearsal, release


def opening(work: Work) -> Begin:
    """Opens the one unit of work of the test, as often as it is asked."""

    @contextmanager
    def begin() -> Iterator[Work]:
        yield work

    return begin


def test_in_a_sandbox_goods_come_into_bond_and_out_of_it_without_customs(work: Work) -> None:
    house = a_customs_house(work)
    house.premises.training = True
    consignment = a_consignment(work, house, [(house.product, 3, "100")])
    entry.draft_entry(work, {"subject": str(consignment.id)})
    into_bond = queries.declaration_of_consignment(work.session, consignment.id)
    assert into_bond is not None

    played = rehearsal.play(opening(work), {"subject": str(into_bond.id)})
    stored(work, house, consignment)
    order = an_order(work, house, house.product, 2)
    release.declare_release(work, {"subject": str(order.id)})
    out_of_bond = queries.declaration_of_order(work.session, order.id)
    assert out_of_bond is not None
    rehearsal.play(opening(work), {"subject": str(out_of_bond.id)})

    assert played
    assert into_bond.declaration_number is not None
    assert into_bond.declaration_number.startswith("00000")
    assert out_of_bond.state is DeclarationState.RELEASED
    assert work.session.exec(select(CustomsMessage)).all() == []


def test_elsewhere_customs_decides(work: Work) -> None:
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(house.product, 3, "100")])
    entry.draft_entry(work, {"subject": str(consignment.id)})
    declaration = queries.declaration_of_consignment(work.session, consignment.id)
    assert declaration is not None

    played = rehearsal.play(opening(work), {"subject": str(declaration.id)})

    assert not played
    assert declaration.state is DeclarationState.QUEUED
