"""What did not come, what came unannounced, and how both end."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from tests import builders
from tests.builders import House
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.integration.test_discrepancies import an_officer
from warehouse.access.vocabulary import Role
from warehouse.core.work import Actor, Work
from warehouse.inventory import places, queries
from warehouse.inventory.errors import AlreadyIdentified, StillMissing
from warehouse.inventory.models import Discrepancy, Lot, Movement
from warehouse.inventory.vocabulary import (
    Cause,
    DiscrepancyKind,
    DiscrepancyState,
    LocationKind,
    LotOrigin,
    MovementKind,
    Outcome,
)
from warehouse.operations.bond import settling
from warehouse.operations.bond.settling import GoodsUnreadable


@pytest.fixture
def house(work: Work) -> House:
    house = builders.a_house(work)
    inspection = places.add(
        work, house.premises.id, "INSPECT-1", "ตรวจ", "Inspection", LocationKind.INSPECTION
    )
    return replace(house, places={**house.places, "INSPECT-1": inspection})


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


@pytest.fixture
def manager(work: Work, house: House) -> Work:
    return replace(work, actor=Actor("manager", Role.MANAGER, premises_id=house.premises.id))


def two_parcels_and_one_comes(work: Work, house: House, scanner: Scanner) -> tuple[str, str]:
    here, missing = builders.a_parcel_number(), builders.a_parcel_number()
    builders.a_consignment(
        work, house, [(parcel, house.product, Decimal(10)) for parcel in (here, missing)]
    )
    scanner.scan("CMD-RECEIVE", here, "CMD-DONE", "CMD-DONE")
    return here, missing


def only_case(work: Work) -> Discrepancy:
    return work.session.exec(select(Discrepancy)).one()


def kinds(work: Work, parcel: str, house: House) -> list[MovementKind]:
    [lot] = builders.lots_in(work, house, parcel)
    return [movement.kind for movement in queries.movements_of_lot(work.session, lot.id)]


def close(
    work: Work, case: Discrepancy, outcome: Outcome, authority: str = "", officer: str = ""
) -> None:
    settling.close(
        work,
        case.id,
        outcome=outcome,
        cause=Cause.CARRIER_LOSS,
        note="",
        authority=authority,
        officer=officer,
    )


def test_what_is_still_missing_is_not_closed_as_found(
    work: Work, house: House, scanner: Scanner, manager: Work
) -> None:
    two_parcels_and_one_comes(work, house, scanner)
    case = only_case(work)

    with pytest.raises(StillMissing):
        close(manager, case, Outcome.FOUND)


def test_what_came_after_all_is_closed_as_found(
    work: Work, house: House, scanner: Scanner, manager: Work
) -> None:
    _, missing = two_parcels_and_one_comes(work, house, scanner)

    answer = scanner.scan("CMD-RECEIVE", missing)
    close(manager, only_case(work), Outcome.FOUND)

    assert outcome(answer) == ("warning", "found-again")
    assert kinds(work, missing, house) == [MovementKind.VARIANCE, MovementKind.FOUND]
    assert only_case(work).state is DiscrepancyState.CLOSED


def test_what_customs_agrees_never_came_is_abroad_still(
    work: Work, house: House, scanner: Scanner, manager: Work
) -> None:
    _, missing = two_parcels_and_one_comes(work, house, scanner)
    case = only_case(work)
    an_officer(work)

    close(manager, case, Outcome.APPROVED_BY_CUSTOMS, "กค 0501/7", "officer1")
    answer = scanner.scan("CMD-RECEIVE", missing)

    back = work.session.exec(select(Movement).order_by(Movement.sequence.desc())).first()
    assert (back.to_location_id, back.discrepancy_id) == (house.places["ABROAD"].id, case.id)
    assert outcome(answer) == ("refused", "written-off")


def test_an_extra_parcel_becomes_stock_that_customs_blocks(
    work: Work, house: House, scanner: Scanner, manager: Work
) -> None:
    extra = case_of_an_extra_parcel(work, house, scanner)

    settling.identify(manager, extra.id, house.partner.code, "BAG-1 4\n")

    lot = work.session.exec(select(Lot).where(Lot.origin == LotOrigin.FOUND)).one()
    assert (lot.quantity, lot.accepted_at, lot.handling_unit_id) == (
        4,
        None,
        extra.handling_unit_id,
    )
    assert queries.free_at(work.session, lot.id, house.places["INSPECT-1"].id) == 4
    with pytest.raises(AlreadyIdentified):
        settling.identify(manager, extra.id, house.partner.code, "BAG-1 4")


@pytest.mark.parametrize("goods", ["", "BAG-1", "BAG-1 0", "BAG-1 4\nfour of BAG-1"])
def test_what_is_in_an_extra_parcel_is_said_in_lines(
    work: Work, house: House, scanner: Scanner, manager: Work, goods: str
) -> None:
    extra = case_of_an_extra_parcel(work, house, scanner)

    with pytest.raises(GoodsUnreadable):
        settling.identify(manager, extra.id, house.partner.code, goods)


def case_of_an_extra_parcel(work: Work, house: House, scanner: Scanner) -> Discrepancy:
    scanner.scan("CMD-RECEIVE", builders.a_parcel(work, house), "EXTRA-0001", "EXTRA-0001")
    return work.session.exec(
        select(Discrepancy).where(Discrepancy.kind == DiscrepancyKind.UNANNOUNCED)
    ).one()
