"""Waves: gathered by channel and cut-off, released within what the floor can do, late or done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from tests.builders import House, a_house, added, an_order, stored_parcel
from tests.integration.floor import Scanner, a_scanner, outcome
from tests.integration.test_loading import a_route
from warehouse.core.errors import WrongState
from warehouse.core.work import Work
from warehouse.inventory import holds
from warehouse.inventory.vocabulary import HoldKind
from warehouse.masterdata.reasons import Reason
from warehouse.operations.models import Assignment, ReleaseChannel, Wave
from warehouse.operations.planning import wave_board, waves
from warehouse.operations.planning.channels import NoTimeOfDay
from warehouse.operations.planning.waves import ChannelFull, CutOffPast, CutOffTaken
from warehouse.operations.vocabulary import AssignmentKind, WaveState
from warehouse.shipments.models import Shipment

MORNING = datetime(2026, 8, 3, 1, tzinfo=UTC)  # 08:00 in Bangkok
AT_14 = datetime(2026, 8, 3, 7, tzinfo=UTC)


@pytest.fixture
def work(work: Work) -> Work:
    return replace(work, at=MORNING)


@pytest.fixture
def house(work: Work) -> House:
    made = a_house(work)
    for _ in range(3):
        stored_parcel(work, made, 10)
    return made


@pytest.fixture
def scanner(work: Work, house: House) -> Scanner:
    return a_scanner(work, house)


def test_what_is_ordered_before_the_cut_off_is_in_its_wave_and_what_comes_later_in_the_next(
    work: Work, house: House
) -> None:
    channel = a_channel(work, house, cut_off="14:00")
    early = ordered(work, house, MORNING)
    late = ordered(work, house, AT_14 + timedelta(minutes=1))

    planned = waves.plan(work, house.premises.id)

    assert planned == 2
    assert wave_of(work, early).cut_off_at == AT_14
    assert wave_of(work, late).cut_off_at == AT_14 + timedelta(days=1)
    assert wave_of(work, early).channel_id == channel.id


def test_planning_twice_plans_nothing_twice(work: Work, house: House) -> None:
    ordered(work, house, MORNING)

    assert [waves.plan(work, house.premises.id) for _ in range(2)] == [1, 0]
    assert len(work.session.exec(select(Assignment)).all()) == 1


def test_the_channel_that_fits_best_is_taken_and_the_general_one_for_the_rest(
    work: Work, house: House
) -> None:
    route = a_route(work, house, "BKK", "10000", "10999")
    of_route = a_channel(work, house, code="BKK", route_id=route.id)
    of_partner = a_channel(work, house, code="ALB", partner_id=house.partner.id)
    shipment = ordered(work, house, MORNING)
    waves.plan_waves(work, {})
    best = wave_of(work, shipment).channel_id
    elsewhere = a_house(work, "BW-TEST-02")
    stored_parcel(work, elsewhere, 5)
    forgotten = ordered(work, elsewhere, MORNING)

    waves.plan_waves(work, {})

    assert best == of_partner.id != of_route.id
    general = work.session.get_one(ReleaseChannel, wave_of(work, forgotten).channel_id)
    assert (general.code, general.premises_id) == (waves.GENERAL, elsewhere.premises.id)


def test_a_channel_has_no_more_in_its_waves_than_the_floor_may_pick_at_once(
    work: Work, house: House, scanner: Scanner
) -> None:
    a_channel(work, house, most=2)
    first, *_ = [ordered(work, house, MORNING + timedelta(minutes=each)) for each in range(4)]

    planned = [waves.plan(work, house.premises.id), waves.plan(work, house.premises.id)]
    waiting = len(wave_board.unplanned(work, house.premises.id))
    waves.release_due(work, house.premises.id)
    pick(scanner, first)
    more = waves.plan(work, house.premises.id)

    assert planned == [2, 0]
    assert (waiting, more) == (2, 1)


def test_nobody_is_handed_a_shipment_before_its_wave_is_released(
    work: Work, house: House, scanner: Scanner
) -> None:
    shipment = ordered(work, house, MORNING)
    waves.plan(work, house.premises.id)

    early = scanner.scan("CMD-PICK", "CMD-NEXT")
    waves.release(work, wave_of(work, shipment))
    answer = scanner.scan("CMD-NEXT")

    assert outcome(early) == ("refused", "nothing-waits")
    assert answer["data"]["shipment"] == shipment.number


def test_the_job_releases_what_fits_and_leaves_what_somebody_holds_back(
    work: Work, house: House, scanner: Scanner
) -> None:
    shipment = ordered(work, house, MORNING)
    waves.plan_waves(work, {})
    released = wave_of(work, shipment)
    began = released.state

    waves.hold_back(work, released)
    waves.plan_waves(work, {})

    assert began is WaveState.RELEASED
    assert wave_of(work, shipment).state is WaveState.PLANNED
    assert outcome(scanner.scan("CMD-PICK", "CMD-NEXT")) == ("refused", "nothing-waits")


def test_no_wave_is_released_beyond_what_the_channel_may_have_on_the_floor(
    work: Work, house: House
) -> None:
    channel = a_channel(work, house, most=2)
    today, _ = ordered(work, house, MORNING), ordered(work, house, AT_14 + timedelta(hours=3))
    waves.plan(work, house.premises.id)
    waves.release(work, wave_of(work, today))
    channel.most_in_progress = 1
    work.session.flush()
    [tomorrow] = wave_board.in_state(work.session, house.premises.id, WaveState.PLANNED)

    with pytest.raises(ChannelFull):
        waves.release(work, tomorrow)
    with pytest.raises(WrongState):
        waves.release(work, wave_of(work, today))


def test_the_more_urgent_channel_is_picked_first(
    work: Work, house: House, scanner: Scanner
) -> None:
    other = replace(house, partner=house.partner)
    ordered(work, other, MORNING)
    waves.plan_waves(work, {})
    a_channel(work, house, code="RUSH", partner_id=house.partner.id, priority=5)
    urgent = ordered(work, house, MORNING)
    waves.plan_waves(work, {})

    answer = scanner.scan("CMD-PICK", "CMD-NEXT")

    assert answer["data"]["shipment"] == urgent.number


def test_a_wave_is_late_when_its_cut_off_is_over_and_done_when_all_is_picked(
    work: Work, house: House, scanner: Scanner
) -> None:
    a_channel(work, house)
    shipment = ordered(work, house, MORNING)
    waves.plan_waves(work, {})
    after = AT_14 + timedelta(minutes=1)
    [waiting] = wave_board.board(work.session, house.premises.id, MORNING)
    [late] = wave_board.board(work.session, house.premises.id, after)

    pick(scanner, shipment)
    waves.plan_waves(replace(work, at=after), {})

    [done] = wave_board.board(work.session, house.premises.id, after)
    assert (waiting.late, waiting.waiting, waiting.picked) == (False, 1, 0)
    assert late.late
    assert (done.late, done.waiting, done.picked, done.wave.state) == (False, 0, 1, WaveState.DONE)


def test_what_is_held_waits_outside_the_waves(work: Work, house: House) -> None:
    ordered(work, house, MORNING)
    holds.place(
        work,
        HoldKind.PARTNER,
        Reason.OWNER_REQUEST,
        premises_id=house.premises.id,
        partner_id=house.partner.id,
    )

    assert waves.plan(work, house.premises.id) == 0


def test_a_cut_off_is_moved_and_its_work_is_due_by_then(work: Work, house: House) -> None:
    a_channel(work, house)
    shipment = ordered(work, house, MORNING)
    waves.plan(work, house.premises.id)
    wave = wave_of(work, shipment)

    waves.set_cut_off(work, wave, "15:30")

    assert wave.cut_off_at == AT_14 + timedelta(hours=1, minutes=30)
    [piece] = work.session.exec(select(Assignment)).all()
    work.session.refresh(piece)
    assert piece.due_at == wave.cut_off_at


@pytest.mark.parametrize(("value", "error"), [("25:00", NoTimeOfDay), ("07:00", CutOffPast)])
def test_a_cut_off_is_a_time_of_day_that_lies_ahead(
    work: Work, house: House, value: str, error: type[Exception]
) -> None:
    a_channel(work, house)
    shipment = ordered(work, house, MORNING)
    waves.plan(work, house.premises.id)

    with pytest.raises(error):
        waves.set_cut_off(work, wave_of(work, shipment), value)


def test_a_channel_has_one_wave_for_a_cut_off(work: Work, house: House) -> None:
    channel = a_channel(work, house)
    shipment = ordered(work, house, MORNING)
    waves.plan(work, house.premises.id)
    added(
        work,
        Wave(
            number="WAV-2026-900001",
            premises_id=house.premises.id,
            channel_id=channel.id,
            cut_off_at=AT_14 + timedelta(hours=1),
            state=WaveState.PLANNED,
            planned_at=work.at,
        ),
    )

    with pytest.raises(CutOffTaken):
        waves.set_cut_off(work, wave_of(work, shipment), "15:00")


def a_channel(
    work: Work,
    house: House,
    *,
    code: str = "ALL",
    cut_off: str = "14:00",
    most: int = 100,
    priority: int = 0,
    **of: object,
) -> ReleaseChannel:
    return added(
        work,
        ReleaseChannel(
            premises_id=house.premises.id,
            code=code,
            name_th=code,
            name_en=code,
            cut_off=cut_off,
            most_in_progress=most,
            priority=priority,
            **of,
        ),
    )


def ordered(work: Work, house: House, at: datetime) -> Shipment:
    _, shipment = an_order(replace(work, at=at), house, 1)
    return shipment


def wave_of(work: Work, shipment: Shipment) -> Wave:
    return work.session.exec(
        select(Wave)
        .join(Assignment, Assignment.wave_id == Wave.id)  # type: ignore[arg-type]
        .where(Assignment.shipment_id == shipment.id, Assignment.kind == AssignmentKind.PICK)
    ).one()


def pick(scanner: Scanner, shipment: Shipment) -> None:
    answer = scanner.scan("CMD-PICK", shipment.number)
    scanner.scan(f"LOC-{answer['data']['location']}", answer["data"]["parcel"])
