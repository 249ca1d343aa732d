"""Counting: blind, with the bin in use; what differs twice is a case, and every case has an end."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from tests import builders, customs_builders
from tests.builders import House, added, stored_parcel
from tests.customs_builders import a_customs_house, an_order, in_bond, sent
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.leaving import picked, somebody
from warehouse.access.errors import SecondPersonNeeded
from warehouse.access.vocabulary import Role
from warehouse.core import ids
from warehouse.core.errors import WrongState
from warehouse.core.jobs import Handler
from warehouse.core.work import SYSTEM, Job, Work
from warehouse.customs import queries as customs
from warehouse.customs.errors import AlreadyDeclared, DecidedOnPaper, NotAuthorised
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DeclarationState, DutyAccount, Procedure
from warehouse.inventory.errors import LeastMissing
from warehouse.inventory.models import (
    Balance,
    Count,
    CountLine,
    CountRule,
    Discrepancy,
    Disposal,
    HandlingUnit,
    Hold,
    Lot,
    Movement,
    Reservation,
)
from warehouse.inventory.vocabulary import (
    Cause,
    CountReason,
    CountState,
    DiscrepancyKind,
    DiscrepancyState,
    DisposalState,
    LotOrigin,
    MovementKind,
    Outcome,
    ReservationState,
    UnitKind,
)
from warehouse.masterdata.models import Product
from warehouse.operations.bond import count_planning, counting, disposing
from warehouse.operations.clearance import disposal as clearance
from warehouse.operations.clearance import loss
from warehouse.shipments.models import Shipment


@pytest.fixture
def house(work: Work) -> House:
    return a_customs_house(work)


@pytest.fixture
def shirts(work: Work, house: House) -> Product:
    """Five shirts of ฿1,000 in A1: a parcel of three and one of two."""
    product = customs_builders.a_product(work, house)
    in_bond(work, house, [(product, 3, "1000"), (product, 2, "1000")])
    return product


@pytest.fixture
def clerk(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


@pytest.fixture
def colleague(work: Work, house: House) -> Scanner:
    return Scanner(work, builders.a_clerk(work, house.premises), "SCANNER-2")


@pytest.fixture
def manager(work: Work, house: House) -> Work:
    return somebody(work, house, Role.MANAGER)


def in_a1(work: Work, house: House) -> Decimal:
    return sum(
        work.session.exec(
            select(Balance.quantity).where(Balance.location_id == house.places["A1"].id)
        ),
        Decimal(0),
    )


def the_case(work: Work) -> Discrepancy:
    return work.session.exec(select(Discrepancy).execution_options(populate_existing=True)).one()


def counted(scanners: list[Scanner], *scans: str, place: str = "LOC-A1") -> dict[str, object]:
    """Each of *scanners* counts a bin in the same way; the last answer."""
    for scanner in scanners:
        answer = scanner.scan("CMD-COUNT", place, *scans)
    return answer


# ── The round ────────────────────────────────────────────────────────────────────────────────────


def test_a_bin_is_counted_on_request_and_agrees(
    work: Work, house: House, shirts: Product, clerk: Scanner
) -> None:
    answer = counted([clerk], shirts.sku, "5", "CMD-DONE")

    count = work.session.exec(select(Count)).one()
    assert outcome(answer) == ("good", "count-agrees")
    assert (count.reason, count.state, count.accurate) == (
        CountReason.REQUESTED,
        CountState.CLOSED,
        True,
    )


def test_each_scan_of_a_product_counts_one_and_a_number_says_how_many_it_stood_for(
    shirts: Product, clerk: Scanner
) -> None:
    clerk.scan("CMD-COUNT", "LOC-A1")

    tallies = [
        clerk.scan(code)["data"]["tally"] for code in (shirts.sku, shirts.sku, "3", "2", shirts.sku)
    ]
    clerk.scan("CMD-UNDO")
    undone = clerk.scan("LOC-A1")["data"]["tally"]

    assert tallies == [[f"{shirts.sku} × {amount}"] for amount in (1, 2, 4, 3, 4)]
    assert undone == [f"{shirts.sku} × 3"]


def test_a_number_without_goods_is_refused(shirts: Product, clerk: Scanner) -> None:
    answer = clerk.scan("CMD-COUNT", "LOC-A1", "12")

    assert outcome(answer) == ("refused", "number-of-what")


def test_a_parcel_counts_once(work: Work, house: House, shirts: Product, clerk: Scanner) -> None:
    [first, second] = parcels(work, shirts)

    again = clerk.scan("CMD-COUNT", "LOC-A1", first, second, first)

    assert outcome(again) == ("warning", "counted-already")
    assert outcome(clerk.scan("CMD-DONE")) == ("good", "count-agrees")


def test_a_container_counts_as_the_parcels_in_it(
    work: Work, house: House, shirts: Product, clerk: Scanner
) -> None:
    cage = added(
        work,
        HandlingUnit(
            premises_id=house.premises.id,
            kind=UnitKind.CAGE,
            number="CAGE-1",
            location_id=house.places["A1"].id,
        ),
    )
    for unit in work.session.exec(
        select(HandlingUnit).where(col(HandlingUnit.number).in_(parcels(work, shirts)))
    ):
        unit.parent_id = cage.id
    work.session.flush()

    answer = clerk.scan("CMD-COUNT", "LOC-A1", "CAGE-1")

    assert answer["data"]["quantity"] == 2
    assert outcome(clerk.scan("CMD-DONE")) == ("good", "count-agrees")


def test_what_is_counted_with_gaps_while_some_is_carried_off_is_counted_from_one_again(
    work: Work, house: House, shirts: Product, clerk: Scanner
) -> None:
    clerk.scan("CMD-COUNT", "LOC-A1", shirts.sku, "2")
    carry(work, house, parcels(work, shirts)[0], "A2")

    again = clerk.scan(shirts.sku)

    assert outcome(again) == ("warning", "moved-meanwhile")
    left = str(int(in_a1(work, house)))
    assert outcome(clerk.scan(shirts.sku, left, "CMD-DONE")) == ("good", "count-agrees")


def test_goods_that_leave_the_bin_after_they_were_counted_are_not_missing(
    work: Work, house: House, shirts: Product, clerk: Scanner
) -> None:
    clerk.scan("CMD-COUNT", "LOC-A1", shirts.sku, "5")
    carry(work, house, parcels(work, shirts)[0], "A2")

    assert outcome(clerk.scan("CMD-DONE")) == ("good", "count-agrees")


def test_a_label_of_several_owners_goods_is_not_guessed(
    work: Work, house: House, shirts: Product, clerk: Scanner
) -> None:
    other = builders.a_partner(work, "OTHER")
    twin = builders.a_product(work, other, shirts.sku)
    stored_parcel(work, replace(house, partner=other, product=twin), 4, "A1")

    answer = clerk.scan("CMD-COUNT", "LOC-A1", shirts.sku)

    assert outcome(answer) == ("refused", "several-owners")


def test_the_next_count_is_never_one_that_this_person_has_counted(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    counting.plan(work, house.premises.id, house.places["A1"].id, CountReason.PERIOD)
    clerk.scan("CMD-COUNT", "CMD-NEXT", "LOC-A1", "CMD-EMPTY")

    mine, theirs = clerk.scan("CMD-NEXT"), colleague.scan("CMD-COUNT", "CMD-NEXT")

    assert outcome(mine) == ("refused", "nothing-planned")
    assert (theirs["message"]["code"], theirs["data"]["location"]) == ("go-to", "A1")


def test_a_count_that_comes_out_right_the_second_time_opens_no_case(
    work: Work, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    counted([clerk], shirts.sku, "4", "CMD-DONE")

    answer = counted([colleague], shirts.sku, "5", "CMD-DONE")

    assert outcome(answer) == ("good", "count-agrees")
    assert work.session.exec(select(Discrepancy)).all() == []


def test_a_bin_with_an_open_case_is_left_alone(
    shirts: Product, clerk: Scanner, colleague: Scanner, house: House, work: Work
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    third = Scanner(work, builders.a_clerk(work, house.premises), "SCANNER-3")

    assert outcome(third.scan("CMD-COUNT", "LOC-A1")) == ("refused", "under-investigation")


def test_a_line_of_a_count_is_never_changed(work: Work, shirts: Product, clerk: Scanner) -> None:
    clerk.scan("CMD-COUNT", "LOC-A1", shirts.sku)

    with pytest.raises(sa.exc.DBAPIError):
        work.session.execute(sa.update(CountLine).values(quantity=7))


# ── What is missing ──────────────────────────────────────────────────────────────────────────────


def test_what_two_counts_miss_is_set_apart_with_a_case(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    answer = counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")

    case = the_case(work)
    [movement] = work.session.exec(select(Movement).where(Movement.kind == MovementKind.VARIANCE))
    assert answer["data"]["cases"] == [case.number]
    assert (case.kind, case.quantity, case.opened_by) == (
        DiscrepancyKind.COUNT_SHORT,
        1,
        colleague.clerk.name,
    )
    assert (movement.discrepancy_id, movement.quantity) == (case.id, 1)
    assert in_a1(work, house) == 4


def test_whoever_opened_a_case_does_not_end_it(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    case = the_case(work)

    with pytest.raises(SecondPersonNeeded):
        counting.find(
            replace(work, actor=colleague.clerk), case.id, place="A1", cause=Cause.MISPLACED
        )
    with pytest.raises(IntegrityError), work.session.begin_nested():
        work.session.execute(
            sa.update(Discrepancy).values(closed_by=case.opened_by, closed_at=work.at)
        )


def test_found_goods_go_back_and_their_loss_is_not_declared(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner, manager: Work
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    case = the_case(work)
    disposal = loss.give_up(work, case.id)
    loss.declare_loss(work, {"subject": str(disposal.id)})
    declaration = customs.declaration_of(work.session, disposal_id=disposal.id)

    counting.find(manager, case.id, place="A2", cause=Cause.MISPLACED)

    assert declaration is not None
    assert declaration.state is DeclarationState.CANCELLED
    assert disposal.state is DisposalState.CANCELLED
    assert (case.state, case.outcome) == (DiscrepancyState.CLOSED, Outcome.FOUND)
    assert in_a1(work, house) == 4
    assert standing(work, house, "A2") == 1


def test_goods_whose_duty_customs_has_in_hand_are_not_found_behind_its_back(
    work: Work, shirts: Product, clerk: Scanner, colleague: Scanner, manager: Work
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    case = the_case(work)
    sent(work, a_filed_loss(work, case))

    with pytest.raises(WrongState):
        counting.find(manager, case.id, place="A1", cause=Cause.MISPLACED)


def test_the_officer_sets_the_day_of_the_rates_of_a_loss(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    disposal = loss.give_up(work, the_case(work).id)
    loss.declare_loss(work, {"subject": str(disposal.id)})
    day = work.today - timedelta(days=3)

    declaration = loss.file(work, disposal.id, day)

    assert (declaration.rates_on, declaration.state) == (day, DeclarationState.QUEUED)
    with pytest.raises(WrongState):
        loss.file(work, disposal.id, work.today)


def test_what_is_overdue_is_given_up_once(
    work: Work, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    in_time = replace(work, at=work.at + timedelta(hours=23))
    late = replace(work, at=work.at + timedelta(hours=25))

    loss.lose_overdue(in_time, {})
    before = work.session.exec(select(Disposal)).all()
    loss.lose_overdue(late, {})
    loss.lose_overdue(late, {})

    assert before == []
    [disposal] = work.session.exec(select(Disposal))
    assert the_case(work).disposal_id == disposal.id
    assert the_case(work).state is DiscrepancyState.REPORTED


def test_what_customs_remits_on_paper_is_written_off_under_it(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner, manager: Work
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    case = the_case(work)
    disposal = loss.give_up(work, case.id)
    officer = somebody(work, house, Role.OFFICER)
    with pytest.raises(NotAuthorised):
        loss.write_off(manager, case.id, outcome=Outcome.REMITTED, cause=Cause.THEFT)
    disposing.record_permit(
        somebody(work, house, Role.LIAISON),
        disposal.number,
        authority="กค 0502/77",
        officer=officer.actor.name,
        valid_until=None,
    )
    disposing.approve(manager, disposal.number)
    suspended = customs_builders.balances(work)[DutyAccount.SUSPENSE]
    at_stake = loss.at_stake(work.session, case)

    loss.write_off(
        somebody(work, house, Role.MANAGER), case.id, outcome=Outcome.REMITTED, cause=Cause.THEFT
    )
    clearance.settle(work, {"subject": str(disposal.id)})

    petition = customs.declaration_of(work.session, disposal_id=disposal.id)
    assert petition is not None
    assert (petition.procedure, petition.state) == (
        Procedure.REMISSION,
        DeclarationState.DELIVERED,
    )
    assert customs_builders.balances(work)[DutyAccount.REMITTED] == at_stake
    assert customs_builders.balances(work)[DutyAccount.SUSPENSE] == suspended - at_stake
    assert (case.outcome, case.authority) == (Outcome.REMITTED, "กค 0502/77")
    assert disposal.state is DisposalState.DONE
    [gone] = work.session.exec(select(Movement).where(Movement.kind == MovementKind.ISSUE))
    assert gone.to_location_id == house.places["LOST"].id
    assert gone.release_line_id is not None


def test_customs_decides_on_a_loss_once_by_declaration_or_on_paper(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    disposal = loss.give_up(work, the_case(work).id)
    loss.declare_loss(work, {"subject": str(disposal.id)})

    def record() -> None:
        disposing.record_permit(
            somebody(work, house, Role.LIAISON),
            disposal.number,
            authority="กค 0502/77",
            officer=somebody(work, house, Role.OFFICER).actor.name,
            valid_until=None,
        )

    savepoint = work.session.begin_nested()
    record()
    with pytest.raises(DecidedOnPaper):
        loss.file(work, disposal.id, work.today)
    savepoint.rollback()
    loss.file(work, disposal.id, work.today)

    with pytest.raises(AlreadyDeclared):
        record()


def test_an_order_whose_goods_are_missing_gets_others_and_goes_on(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    order = an_order(work, house, shirts, 3)
    in_bond(work, house, [(shirts, 4, "1000")])
    carry_all(work, house, shirts, keep=2)

    counted([clerk, colleague], "CMD-EMPTY")
    shipment = work.session.exec(select(Shipment).where(Shipment.order_id == order.id)).one()
    held = holds_on(work, shipment)
    run(work, "promise-again", counting.promise_again)

    assert len(held) >= 1
    assert holds_on(work, shipment) == []
    assert promised(work) == 3


def test_an_order_whose_goods_are_missing_stays_held_when_nothing_else_is_free(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    order = an_order(work, house, shirts, 5)

    counted([clerk, colleague], "CMD-EMPTY")
    run(work, "promise-again", counting.promise_again)

    shipment = work.session.exec(select(Shipment).where(Shipment.order_id == order.id)).one()
    assert len(holds_on(work, shipment)) >= 1
    assert promised(work) == 0


# ── What is in excess ────────────────────────────────────────────────────────────────────────────


def test_goods_in_excess_are_a_blocked_lot_of_their_own(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    counted([clerk, colleague], shirts.sku, "7", "CMD-DONE")

    case = the_case(work)
    lot = work.session.exec(select(Lot).where(Lot.origin == LotOrigin.FOUND)).one()
    [hold] = work.session.exec(select(Hold).where(Hold.lot_id == lot.id))
    assert (case.kind, case.quantity, case.lot_id) == (DiscrepancyKind.COUNT_OVER, 2, lot.id)
    assert (lot.quantity, lot.accepted_at, hold.discrepancy_id) == (2, None, case.id)
    assert in_a1(work, house) == 7


def test_goods_in_excess_are_offered_to_the_case_that_misses_them(
    work: Work,
    house: House,
    shirts: Product,
    clerk: Scanner,
    colleague: Scanner,
    manager: Work,
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    missed = the_case(work)
    counted([clerk, colleague], shirts.sku, "CMD-DONE", place="LOC-A2")
    excess = work.session.exec(
        select(Discrepancy).where(Discrepancy.kind == DiscrepancyKind.COUNT_OVER)
    ).one()

    counting.find(manager, missed.id, place="A2", cause=Cause.MISPLACED)

    assert excess.note == missed.number
    assert excess.state is missed.state is DiscrepancyState.CLOSED
    assert standing(work, house, "A2") == 1
    assert work.session.exec(select(Lot).where(Lot.origin == LotOrigin.FOUND)).all() == []


def test_a_parcel_that_the_book_has_elsewhere_is_named_with_its_place(
    work: Work, house: House, shirts: Product, clerk: Scanner, colleague: Scanner
) -> None:
    [parcel, _] = parcels(work, shirts)

    counted([clerk, colleague], parcel, "CMD-DONE", place="LOC-A2")

    case = the_case(work)
    assert (case.kind, case.expected, case.found) == (DiscrepancyKind.COUNT_OVER, "A1", parcel)
    assert in_a1(work, house) == 5


# ── The count and its rules ──────────────────────────────────────────────────────────────────────


def test_a_count_is_over_when_its_last_case_is(
    work: Work, shirts: Product, clerk: Scanner, colleague: Scanner, manager: Work
) -> None:
    counted([clerk, colleague], shirts.sku, "4", "CMD-DONE")
    case = the_case(work)
    count = work.session.exec(select(Count)).one()
    before = count.state

    counting.find(manager, case.id, place="A1", cause=Cause.MISPLACED)
    run(work, "settle-count", counting.settle)

    assert before is CountState.INVESTIGATING
    assert (count.state, count.accurate) == (CountState.CLOSED, False)


@pytest.mark.parametrize(
    ("reason", "least", "due"),
    [
        (CountReason.PERIOD, None, ["A1", "A2"]),
        (CountReason.VALUE, Decimal(5000), ["A1"]),
        (CountReason.VALUE, Decimal(5001), []),
        (CountReason.ACCURACY, Decimal(90), []),
        (CountReason.ZERO, None, []),
    ],
)
def test_a_rule_names_the_bins_that_are_due(
    work: Work,
    house: House,
    shirts: Product,
    reason: CountReason,
    least: Decimal | None,
    due: list[str],
) -> None:
    rule = count_planning.set_rule(work, house.premises.id, reason, 30, least)

    codes = {place.id: code for code, place in house.places.items()}
    assert [codes[key] for key in count_planning.due(work, rule)] == due


def test_a_bin_that_was_counted_lately_or_is_being_counted_is_not_due(
    work: Work, house: House, shirts: Product, clerk: Scanner
) -> None:
    rule = count_planning.set_rule(work, house.premises.id, CountReason.PERIOD, 30, None)
    counted([clerk], shirts.sku, "5", "CMD-DONE")
    count_planning.plan_counts(work, {})

    due_now = count_planning.due(work, rule)
    due_later = count_planning.due(replace(work, at=work.at + timedelta(days=31)), rule)

    planned = work.session.exec(select(Count).where(Count.state == CountState.PLANNED)).all()
    assert [each.location_id for each in planned] == [house.places["A2"].id]
    assert due_now == []
    assert due_later == [house.places["A1"].id]


def test_a_bin_that_a_pick_emptied_is_looked_at(work: Work, house: House, shirts: Product) -> None:
    rule = count_planning.set_rule(work, house.premises.id, CountReason.ZERO, 1, None)
    an_order(work, house, shirts, 5)
    picked(work, house, work.session.exec(select(Shipment)).one())

    assert count_planning.due(work, rule) == [house.places["A1"].id]


def test_a_bin_that_was_often_wrong_is_counted_again(
    work: Work, house: House, shirts: Product
) -> None:
    rule = count_planning.set_rule(work, house.premises.id, CountReason.ACCURACY, 30, Decimal(90))
    long_ago = work.at - timedelta(days=60)
    for position, accurate in enumerate([True, False]):
        added(
            work,
            Count(
                number=f"CNT-OLD-{position}",
                premises_id=house.premises.id,
                location_id=house.places["A1"].id,
                reason=CountReason.PERIOD,
                state=CountState.CLOSED,
                planned_at=long_ago,
                closed_at=long_ago,
                accurate=accurate,
            ),
        )

    assert count_planning.due(work, rule) == [house.places["A1"].id]


def test_a_rule_by_value_says_from_how_much(work: Work, house: House) -> None:
    with pytest.raises(LeastMissing):
        count_planning.set_rule(work, house.premises.id, CountReason.VALUE, 30, None)


def test_a_new_rule_ends_the_one_before(work: Work, house: House) -> None:
    earlier = added(
        work,
        CountRule(
            premises_id=house.premises.id,
            reason=CountReason.PERIOD,
            days=365,
            valid_from=date(2025, 1, 1),
        ),
    )

    count_planning.set_rule(work, house.premises.id, CountReason.PERIOD, 90, None)

    assert earlier.valid_to == work.today - timedelta(days=1)


# ── Small steps ──────────────────────────────────────────────────────────────────────────────────


def parcels(work: Work, product: Product) -> list[str]:
    """The parcels of *product*, by number."""
    return list(
        work.session.exec(
            select(HandlingUnit.number)
            .join(Lot, col(Lot.handling_unit_id) == col(HandlingUnit.id))
            .where(Lot.product_id == product.id)
            .order_by(col(Lot.quantity).desc())
        )
    )


def carry(work: Work, house: House, parcel: str, code: str) -> None:
    """A colleague carries *parcel* to another bin, by scan."""
    scanner = Scanner(work, builders.a_clerk(work, house.premises), f"CART-{ids.new_id()}"[:40])
    answer = scanner.scan("CMD-PUTAWAY", parcel, f"LOC-{code}")
    if answer["asks"]:
        answer = scanner.scan(f"LOC-{code}")
    assert answer["tone"] == "good", answer


def carry_all(work: Work, house: House, product: Product, *, keep: int) -> None:
    """Every parcel of *product* but the first *keep* goes to A2."""
    for parcel in sorted(parcels(work, product))[keep:]:
        carry(work, house, parcel, "A2")


def standing(work: Work, house: House, code: str) -> Decimal:
    return sum(
        work.session.exec(
            select(Balance.quantity).where(Balance.location_id == house.places[code].id)
        ),
        Decimal(0),
    )


def holds_on(work: Work, shipment: Shipment) -> list[Hold]:
    return list(
        work.session.exec(
            select(Hold).where(Hold.shipment_id == shipment.id, col(Hold.closed_at).is_(None))
        )
    )


def promised(work: Work) -> Decimal:
    return sum(
        work.session.exec(
            select(Reservation.quantity).where(Reservation.state == ReservationState.HELD)
        ),
        Decimal(0),
    )


def a_filed_loss(work: Work, case: Discrepancy) -> Declaration:
    """What *case* misses is given up, and its duty is declared."""
    disposal = loss.give_up(work, case.id)
    loss.declare_loss(work, {"subject": str(disposal.id)})
    return loss.file(work, disposal.id, work.today)


def run(work: Work, name: str, handler: Handler) -> None:
    """Run every job *name* that is queued, as the worker would."""
    work.session.flush()
    for job in work.session.exec(select(Job).where(Job.name == name, col(Job.done_at).is_(None))):
        handler(replace(work, actor=SYSTEM), job.facts)
        job.done_at = work.at
