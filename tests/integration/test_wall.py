"""Who works nowhere, as an officer of several warehouses: they look at all, and act in none."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.desk import a_desk
from warehouse.core.errors import NotFound
from warehouse.core.work import Work
from warehouse.masterdata.identifiers import printed_declaration_number
from warehouse.operations import wall
from warehouse.operations.errors import NoPremises
from warehouse.shipments.models import Consignment


@pytest.mark.parametrize(
    ("look", "act"),
    [
        (wall.declaration, wall.own_declaration),
        (wall.consignment, wall.own_consignment),
        (wall.shipment, wall.own_shipment),
    ],
)
def test_a_thing_is_looked_at_from_outside_and_acted_on_from_inside(
    work: Work, look: Callable[[Work, str], object], act: Callable[[Work, str], object]
) -> None:
    desk, other = a_desk(work), a_desk(work)
    assert desk.entry.declaration_number is not None
    number = {
        wall.declaration: printed_declaration_number(desk.entry.declaration_number),
        wall.consignment: work.session.get_one(Consignment, desk.entry.consignment_id).number,
        wall.shipment: desk.waiting.number,
    }[look]
    inside, elsewhere = (
        replace(work, actor=replace(work.actor, premises_id=each.house.premises.id))
        for each in (desk, other)
    )

    found = look(work, number)

    assert found is act(inside, number)
    with pytest.raises(NoPremises):
        act(work, number)
    with pytest.raises(NotFound):
        look(elsewhere, number)
