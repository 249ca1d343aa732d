"""What the machine of random histories found, each as short as it can be told."""

import pytest

from tests import people
from tests.builders import House, a_clerk, a_house, a_parcel, as_actor, lots_in, stored_parcel
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.leaving import somebody
from warehouse.access.vocabulary import Role
from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.customs.errors import AuthorityNotApproved
from warehouse.inventory import handling, holds, places
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.vocabulary import (
    DisposalKind,
    HandlingKind,
    HoldKind,
    LocationKind,
    Regime,
)
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import disposing


@pytest.fixture
def house(work: Work) -> House:
    return a_house(work)


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


@pytest.fixture
def permitted(work: Work, house: House) -> str:
    """The number of a repacking that an officer has permitted."""
    officer = people.a_person(work, Role.OFFICER).username
    clerk = as_actor(work, house.clerk)
    return handling.permit(clerk, HandlingKind.REPACK, permission="P-1", officer=officer).number


def test_bonded_goods_come_in_at_a_dock_for_bonded_goods(
    work: Work, house: House, scanner: Scanner
) -> None:
    places.add(
        work,
        house.premises.id,
        "A-RETURNS",
        "A-RETURNS",
        "A-RETURNS",
        LocationKind.RECEIVE,
        regime=Regime.DUTY_PAID,
    )

    answer = scanner.scan("CMD-RECEIVE", a_parcel(work, house))

    assert answer["data"]["location"] == "DOCK-1"


def test_a_clerk_is_told_that_held_goods_are_not_repacked(
    work: Work, house: House, scanner: Scanner, permitted: str
) -> None:
    parcel = stored_parcel(work, house)
    scanner.scan("CMD-HANDLE", permitted, parcel, "CMD-DONE", "NEW")
    holds.place(
        work,
        HoldKind.PARTNER,
        Reason.OWNER_REQUEST,
        premises_id=house.premises.id,
        product_id=house.product.id,
    )

    assert outcome(scanner.scan("CMD-DONE")) == ("refused", "goods-held")


def test_what_was_carried_away_meanwhile_is_not_repacked(
    work: Work, house: House, scanner: Scanner, permitted: str
) -> None:
    parcels = [stored_parcel(work, house) for _ in range(2)]
    scanner.scan("CMD-HANDLE", permitted, *parcels, "CMD-DONE", "NEW")
    colleague = Scanner(work, a_clerk(work, house.premises))
    colleague.scan("CMD-PUTAWAY", parcels[0], "LOC-A2")

    assert outcome(scanner.scan("CMD-DONE")) == ("refused", "apart")


def test_a_second_permit_for_the_same_goods_is_refused(work: Work, house: House) -> None:
    [lot] = lots_in(work, house, stored_parcel(work, house))
    desk = somebody(work, house, Role.LIAISON)
    officer = people.a_person(work, Role.OFFICER).username
    draft = DisposalDraft(
        DisposalKind.DESTRUCTION, house.premises.id, "crushed", [Wanted(lot.id, lot.quantity)]
    )
    number = disposing.request(desk, draft).number
    disposing.record_permit(desk, number, authority="1", officer=officer, valid_until=None)

    with pytest.raises(AuthorityNotApproved):
        disposing.record_permit(desk, number, authority="2", officer=officer, valid_until=None)
    disposing.cancel(desk, number)
    with pytest.raises(WrongState):
        disposing.record_permit(desk, number, authority="2", officer=officer, valid_until=None)
