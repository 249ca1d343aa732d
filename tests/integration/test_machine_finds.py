"""What the machine of random histories found, each as short as it can be told."""

import pytest
from sqlmodel import select

from tests import people
from tests.builders import House, a_clerk, a_house, a_parcel, as_actor, lots_in, stored_parcel
from tests.customs_builders import a_guarantee
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.leaving import somebody
from warehouse.access.vocabulary import Role
from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.customs.errors import AuthorityNotApproved
from warehouse.inventory import handling, holds, places
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.errors import RegimesApart
from warehouse.inventory.models import Discrepancy, Lot
from warehouse.inventory.vocabulary import (
    Cause,
    DisposalKind,
    HandlingKind,
    HoldKind,
    LocationKind,
    LotOrigin,
    Regime,
)
from warehouse.masterdata.reasons import Reason
from warehouse.operations.bond import counting, disposing


@pytest.fixture
def house(work: Work) -> House:
    house = a_house(work)
    a_guarantee(work, house)
    return house


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


def asked_for(work: Work, house: House, parcel: str) -> str:
    """The number of a destruction of *parcel* that is asked for."""
    [lot] = lots_in(work, house, parcel)
    goods = [Wanted(lot.id, lot.quantity)]
    draft = DisposalDraft(DisposalKind.DESTRUCTION, house.premises.id, "crushed", goods)
    return disposing.request(work, draft).number


def recorded(work: Work, house: House, number: str) -> None:
    """The liaison records the permit for *number*."""
    officer = somebody(work, house, Role.OFFICER).actor.name
    disposing.record_permit(
        somebody(work, house, Role.LIAISON), number,
        authority="1", officer=officer, valid_until=None,
    )  # fmt: skip


def test_a_second_permit_for_the_same_goods_is_refused(work: Work, house: House) -> None:
    number = asked_for(work, house, stored_parcel(work, house))
    recorded(work, house, number)

    with pytest.raises(AuthorityNotApproved):
        recorded(work, house, number)
    disposing.cancel(somebody(work, house, Role.MANAGER), number)
    with pytest.raises(WrongState):
        recorded(work, house, number)


def test_what_stands_where_it_is_gathered_is_gathered_too(
    work: Work, house: House, scanner: Scanner
) -> None:
    parcel, manager = stored_parcel(work, house), somebody(work, house, Role.MANAGER)
    answers = []
    for _ in range(2):
        number = asked_for(work, house, parcel)
        recorded(work, house, number)
        disposing.approve(manager, number)
        answers.append(outcome(scanner.scan("CMD-DISPOSE", number, parcel)))
        disposing.cancel(manager, number)

    assert answers == [("good", "all-gathered")] * 2


def test_what_is_found_in_a_place_has_the_status_of_the_place(
    work: Work, house: House, scanner: Scanner
) -> None:
    places.add(
        work, house.premises.id, "D-1", "D-1", "D-1", LocationKind.STORE, regime=Regime.DUTY_PAID
    )
    colleague = Scanner(work, a_clerk(work, house.premises))

    for each in (scanner, colleague):
        each.scan("CMD-COUNT", "LOC-D-1", "BAG-1", "CMD-DONE")

    [lot] = work.session.exec(select(Lot).where(Lot.origin == LotOrigin.FOUND))
    assert lot.regime is Regime.DUTY_PAID


def test_what_was_missing_is_found_only_where_it_may_stand(
    work: Work, house: House, scanner: Scanner
) -> None:
    stored_parcel(work, house)
    places.add(
        work, house.premises.id, "D-1", "D-1", "D-1", LocationKind.STORE, regime=Regime.DUTY_PAID
    )
    colleague = Scanner(work, a_clerk(work, house.premises))
    for each in (scanner, colleague):
        each.scan("CMD-COUNT", "LOC-A1", "BAG-1", "CMD-DONE")
    [case] = work.session.exec(select(Discrepancy))

    with pytest.raises(RegimesApart):
        counting.find(
            somebody(work, house, Role.MANAGER), case.id, place="D-1", cause=Cause.MISPLACED
        )
