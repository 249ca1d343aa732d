"""A discrepancy has a clock, needs its proof, and ends by four eyes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests import builders
from tests.builders import House
from tests.pictures import a_photo
from warehouse.access.errors import SecondPersonNeeded, UnknownOfficer
from warehouse.access.models import Person
from warehouse.access.vocabulary import Role
from warehouse.core import pictures
from warehouse.core.errors import WrongState
from warehouse.core.work import Actor, Event, Work
from warehouse.inventory import discrepancies, jobs
from warehouse.inventory.errors import (
    AboveApprovalLimit,
    AuthorityMissing,
    DiscrepancyNotFound,
    NotAPicture,
    PhotoMissing,
    PhotoNotFound,
    TooManyPhotos,
)
from warehouse.inventory.models import Discrepancy, FloorPolicy, Photo
from warehouse.inventory.vocabulary import (
    Cause,
    DiscrepancyKind,
    DiscrepancyState,
    FloorRule,
    Outcome,
    StockEvent,
)


@pytest.fixture
def house(work: Work) -> House:
    return builders.a_house(work)


@pytest.fixture
def clerk(work: Work, house: House) -> Work:
    return replace(work, actor=house.clerk)


@pytest.fixture
def manager(work: Work, house: House) -> Work:
    return replace(work, actor=Actor("manager", Role.MANAGER, premises_id=house.premises.id))


def a_case(
    work: Work, house: House, kind: DiscrepancyKind = DiscrepancyKind.MEASURE
) -> Discrepancy:
    return discrepancies.open_case(
        work, kind, premises_id=house.premises.id, partner_id=house.partner.id
    )


def an_officer(work: Work) -> Person:
    return builders.added(
        work,
        Person(
            username="officer1",
            name_th="นายตรวจ",
            name_en="Officer",
            role=Role.OFFICER,
            password_hash="-",
        ),
    )


def ended(work: Work, case: Discrepancy, **how: object) -> Discrepancy:
    told = {"outcome": Outcome.FOUND, "cause": Cause.MISPLACED, "at_stake": Decimal(0)} | how
    return discrepancies.close(work, case.id, **told)


def events(work: Work, name: StockEvent) -> list[Event]:
    return list(work.session.exec(select(Event).where(Event.name == name.value)))


# ── The clock ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "hours"), [(DiscrepancyKind.SHORT, 48), (DiscrepancyKind.COUNT_SHORT, 24)]
)
def test_the_clock_runs_from_the_opening(
    clerk: Work, house: House, kind: DiscrepancyKind, hours: int
) -> None:
    case = a_case(clerk, house, kind)

    assert case.due_at == clerk.at + timedelta(hours=hours)


def test_a_partners_own_rule_goes_before_the_houses(clerk: Work, house: House) -> None:
    builders.added(
        clerk,
        FloorPolicy(
            name=FloorRule.DISCREPANCY_HOURS.value,
            key=house.partner.code,
            value="6",
            valid_from=clerk.today,
            source="agreement",
        ),
    )

    assert a_case(clerk, house).due_at == clerk.at + timedelta(hours=6)


def test_somebody_is_warned_once_and_when_it_is_due_customs_is_told(
    work: Work, clerk: Work, house: House
) -> None:
    case = a_case(clerk, house)
    near, due = (replace(work, at=case.due_at + timedelta(hours=hours)) for hours in (-3, 0))

    jobs.watch_discrepancies(near, {})
    jobs.watch_discrepancies(near, {})
    before = case.state
    jobs.watch_discrepancies(due, {})
    jobs.watch_discrepancies(due, {})

    work.session.refresh(case)
    assert before is DiscrepancyState.OPEN
    assert (case.state, case.reported_at) == (DiscrepancyState.REPORTED, case.due_at)
    assert len(events(work, StockEvent.DISCREPANCY_NEAR_DUE)) == 1
    [told] = events(work, StockEvent.DISCREPANCY_REPORTED)
    assert told.facts["overdue"] == "yes"


def test_what_ended_in_time_is_left_alone_by_the_clock(
    work: Work, clerk: Work, manager: Work, house: House
) -> None:
    case = a_case(clerk, house)
    ended(manager, case)

    jobs.watch_discrepancies(replace(work, at=case.due_at), {})

    assert events(work, StockEvent.DISCREPANCY_REPORTED) == []


# ── Photos ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")],
)
def test_a_photo_is_known_by_its_bytes(
    clerk: Work, house: House, kind: str, media_type: str
) -> None:
    photo = discrepancies.add_photo(clerk, a_case(clerk, house).id, a_photo(kind=kind))

    assert photo.media_type == media_type
    assert photo.taken_by == house.clerk.name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg onload='alert(1)'/>",
        a_photo(kind="GIF"),
        a_photo()[:200],
        a_photo(kind="PNG")[:60],
        b"\xff\xd8" + b"\0" * pictures.MOST_BYTES,
    ],
    ids=["nothing", "svg", "gif", "cut", "cut png", "too long"],
)
def test_what_is_no_whole_picture_is_refused(clerk: Work, house: House, content: bytes) -> None:
    case = a_case(clerk, house)

    with pytest.raises(NotAPicture):
        discrepancies.add_photo(clerk, case.id, content)

    assert clerk.session.exec(select(Photo)).all() == []


def test_the_same_photo_twice_is_one_and_there_is_an_end_to_them(clerk: Work, house: House) -> None:
    case = a_case(clerk, house)

    twice = [discrepancies.add_photo(clerk, case.id, a_photo()) for _ in range(2)]
    for shade in range(discrepancies.MOST_PHOTOS - 1):
        discrepancies.add_photo(clerk, case.id, a_photo(shade * 10, "PNG"))

    assert twice[0].id == twice[1].id
    with pytest.raises(TooManyPhotos):
        discrepancies.add_photo(clerk, case.id, a_photo(255))


@pytest.mark.parametrize("kind", [DiscrepancyKind.DAMAGED, DiscrepancyKind.SEAL])
def test_damage_and_seals_are_neither_reported_nor_closed_without_a_photo(
    clerk: Work, manager: Work, house: House, kind: DiscrepancyKind
) -> None:
    case = a_case(clerk, house, kind)

    with pytest.raises(PhotoMissing):
        discrepancies.report(clerk, case.id)
    with pytest.raises(PhotoMissing):
        ended(manager, case)
    discrepancies.add_photo(clerk, case.id, a_photo())
    discrepancies.report(clerk, case.id)

    assert ended(manager, case).state is DiscrepancyState.CLOSED


# ── The end ──────────────────────────────────────────────────────────────────────────────────────


def test_whoever_opened_it_does_not_close_it(clerk: Work, house: House) -> None:
    case = a_case(clerk, house)

    with pytest.raises(SecondPersonNeeded):
        ended(clerk, case)

    assert case.state is DiscrepancyState.OPEN


def test_much_duty_needs_two_who_did_not_open_it(clerk: Work, manager: Work, house: House) -> None:
    case = a_case(clerk, house)
    colleague = replace(manager, actor=replace(manager.actor, name="second manager"))
    stake = {"at_stake": Decimal("10000.01")}

    with pytest.raises(AboveApprovalLimit):
        ended(manager, case, **stake)
    with pytest.raises(SecondPersonNeeded):
        discrepancies.approve(clerk, case.id)
    discrepancies.approve(colleague, case.id)
    with pytest.raises(SecondPersonNeeded):
        ended(colleague, case, **stake)

    closed = ended(manager, case, **stake)

    assert (closed.approved_by, closed.closed_by) == ("second manager", "manager")


def test_what_customs_decides_names_its_paper_and_an_approval_its_officer(
    work: Work, clerk: Work, manager: Work, house: House
) -> None:
    case = a_case(clerk, house)
    officer = an_officer(work)

    with pytest.raises(AuthorityMissing):
        ended(manager, case, outcome=Outcome.REMITTED)
    with pytest.raises(AuthorityMissing):
        ended(manager, case, outcome=Outcome.APPROVED_BY_CUSTOMS, authority="กค 0501/1")
    with pytest.raises(UnknownOfficer):
        ended(manager, case, outcome=Outcome.REMITTED, authority="กค 1", officer="nobody")
    closed = ended(
        manager,
        case,
        outcome=Outcome.APPROVED_BY_CUSTOMS,
        authority="กค 0501/1",
        officer="officer1",
    )

    assert (closed.outcome, closed.officer_id) == (Outcome.APPROVED_BY_CUSTOMS, officer.id)
    [told] = events(work, StockEvent.DISCREPANCY_CLOSED)
    assert told.facts["authority"] == "กค 0501/1"


def test_what_ended_stays_as_it_is(clerk: Work, manager: Work, house: House) -> None:
    case = a_case(clerk, house)
    ended(manager, case)

    for act in (discrepancies.take_up, discrepancies.report, discrepancies.approve):
        with pytest.raises(WrongState):
            act(manager, case.id)
    with pytest.raises(WrongState):
        ended(manager, case)
    with pytest.raises(WrongState):
        discrepancies.add_photo(clerk, case.id, a_photo())


def test_another_warehouse_knows_nothing_of_it(work: Work, clerk: Work, house: House) -> None:
    case = a_case(clerk, house)
    photo = discrepancies.add_photo(clerk, case.id, a_photo())
    elsewhere = replace(work, actor=builders.a_house(work, "BW-TEST-02").clerk)

    with pytest.raises(DiscrepancyNotFound):
        discrepancies.take_up(elsewhere, case.id)
    with pytest.raises(PhotoNotFound):
        discrepancies.photo(elsewhere, case.id, photo.id)
