"""S23: the bank letter ends in 20 days; its successor is recorded and approved by two."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from tests import customs_builders
from tests.scenarios.world import Colleague, World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event
from warehouse.customs.models import GuaranteeAccount, GuaranteeEntry, GuaranteeLetter
from warehouse.customs.money import guarantee
from warehouse.customs.vocabulary import CustomsEvent, GuaranteeEntryKind

OLD = "LG-2568/117"
NEW = "LG-2569/042"


def test_the_end_of_a_letter_is_told_in_time_and_once_each_time(world: World) -> None:
    stand_on(world, OLD, "5000000", until=date(2026, 9, 2))  # 30 days from today

    for day in ("08-03", "08-04", "08-13", "08-19", "08-26", "09-01", "09-01", "09-02"):
        world.clock.move_to(f"2026-{day} 00:00:00")
        world.run_job("turn-letters")

    told = world.rows(
        select(Event).where(Event.name == CustomsEvent.LETTER_NEAR).order_by(col(Event.sequence))
    )
    assert [(each.facts["number"], each.facts["days"]) for each in told] == [
        (OLD, days) for days in ("30", "20", "14", "7", "1")
    ]
    world.prove()


def test_a_larger_letter_takes_the_place_of_the_one_that_ends(world: World) -> None:
    stand_on(world, OLD, "5000000", until=date(2026, 8, 23))
    world.in_bond([("EE000000005CN", "TEE-1", 10, "1000")])
    ratree, wichai = liaison(world), manager(world)

    recorded = record(ratree, NEW, "7,000,000.00", replaces=OLD)
    before = account(world).in_force_baht
    approved = approve(world, wichai, NEW)

    assert (recorded.status_code, approved.status_code) == (303, 303)
    assert (before, account(world).in_force_baht) == (5_000_000, 7_000_000)
    page = ratree.get("/guarantee/letters").text
    assert all(each in page for each in (OLD, NEW, "ratree", "wichai"))
    old, new = (letter(world, number) for number in (OLD, NEW))
    assert old.ended_at == new.began_at is not None
    kinds = [
        (entry.kind, entry.amount)
        for entry in world.rows(
            select(GuaranteeEntry)
            .where(col(GuaranteeEntry.letter_id).in_([old.id, new.id]))
            .order_by(col(GuaranteeEntry.sequence))
        )
    ]
    assert kinds == [
        (GuaranteeEntryKind.TOP_UP, 5_000_000),
        (GuaranteeEntryKind.TOP_UP, 7_000_000),
        (GuaranteeEntryKind.END, 5_000_000),
    ]
    world.prove()


def test_a_successor_that_begins_later_leaves_no_moment_without_cover(world: World) -> None:
    stand_on(world, OLD, "5000000", until=date(2026, 8, 23))
    record(liaison(world), NEW, "7000000", replaces=OLD, valid_from="2026-08-24")
    approve(world, manager(world), NEW)

    world.clock.move_to("2026-08-23 16:59:00")  # 23:59 in Bangkok
    late = world.announce([("EE000000014CN", "TEE-1", 1, "1000")])
    evening = world.enter(late)
    in_force = account(world).in_force_baht
    world.clock.move_to("2026-08-23 17:01:00")  # 00:01: the nightly job has not run yet
    morning = world.enter(world.announce([("EE000000028CN", "TEE-1", 1, "1000")]))

    assert evening.declaration_number
    assert morning.declaration_number
    assert (in_force, account(world).in_force_baht) == (5_000_000, 7_000_000)
    world.prove()


def test_when_the_letter_has_ended_nothing_more_goes_into_bond(world: World) -> None:
    stand_on(world, OLD, "5000000", until=date(2026, 8, 3))
    consignment = world.announce([("EE000000005CN", "TEE-1", 1, "1000")])

    world.clock.move_to("2026-08-03 17:01:00")  # 00:01 of the next day
    with world.arrange() as work:
        draft = customs_builders.drafted(work, consignment)
    world.clock.move_to("2026-08-03 17:02:00")
    world.run_job("turn-letters")

    assert draft is not None
    assert [each["code"] for each in draft.refusals] == ["guarantee-ended"]
    assert "3 August 2026" in draft.refusals[0]["en"]
    assert account(world).in_force_baht == 0
    ended = world.rows(select(Event).where(Event.name == CustomsEvent.LETTER_ENDED))
    assert OLD in [each.facts["number"] for each in ended]
    world.prove()


def test_whoever_recorded_a_letter_does_not_approve_it(world: World) -> None:
    ratree = liaison(world)
    record(ratree, NEW, "1000000")

    refused = approve(world, ratree, NEW)

    assert refused.status_code == 409
    assert account(world).in_force_baht == 5_000_000
    world.prove()


def test_bad_1_a_sum_below_what_the_rule_asks_for_is_refused_with_the_sum(world: World) -> None:
    stand_on(world, OLD, "5000000", until=date(2026, 8, 23))
    world.in_bond([("EE000000005CN", "TEE-1", 10, "1000")])  # duty and VAT of 3,910 baht

    refused = record(liaison(world), NEW, "3909.99", replaces=OLD)

    assert refused.status_code == 422
    assert "3,910" in refused.text
    assert "0.01" in refused.text
    assert world.rows(select(GuaranteeLetter).where(GuaranteeLetter.number == NEW)) == []
    assert account(world).in_force_baht == 5_000_000
    world.prove()


def test_bad_2_a_number_is_not_used_twice(world: World) -> None:
    stand_on(world, OLD, "5000000", until=date(2026, 8, 23))

    refused = record(liaison(world), OLD, "7000000")

    assert refused.status_code == 409
    assert OLD in refused.text
    assert len(world.rows(select(GuaranteeLetter).where(GuaranteeLetter.number == OLD))) == 1
    world.prove()


def stand_on(world: World, number: str, baht: str, *, until: date) -> None:
    """Let letter *number* be the only one that stands behind BW-BKK-01."""
    with world.arrange() as work:
        first = work.session.get_one(GuaranteeLetter, only(world).id)
        here = work.session.get_one(GuaranteeAccount, first.account_id)
        successor = customs_builders.a_letter(
            work, here, Decimal(baht), number=number, valid_to=until
        )
        work.session.flush()
        guarantee.end(work, here, first)
        assert successor.began_at is not None


def only(world: World) -> GuaranteeLetter:
    found: GuaranteeLetter = world.rows(
        select(GuaranteeLetter)
        .join(GuaranteeAccount, col(GuaranteeAccount.id) == col(GuaranteeLetter.account_id))
        .where(GuaranteeAccount.premises_id == world.house.premises.id)
    )[0]
    return found


def account(world: World) -> GuaranteeAccount:
    found: GuaranteeAccount = world.rows(
        select(GuaranteeAccount).where(GuaranteeAccount.premises_id == world.house.premises.id)
    )[0]
    return found


def letter(world: World, number: str) -> GuaranteeLetter:
    found: GuaranteeLetter = world.rows(
        select(GuaranteeLetter).where(GuaranteeLetter.number == number)
    )[0]
    return found


def liaison(world: World) -> Colleague:
    return world.colleague(Role.LIAISON, "ratree")


def manager(world: World) -> Colleague:
    return world.colleague(Role.MANAGER, "wichai")


def record(
    person: Colleague, number: str, amount: str, *, replaces: str = "", valid_from: str = ""
) -> Any:
    return person.submit(
        "/guarantee/letters",
        number=number,
        bank="KRUNGTHAI BANK",
        amount=amount,
        valid_from=valid_from or "2026-08-03",
        valid_to="2027-08-31",
        replaces=replaces,
    )


def approve(world: World, person: Colleague, number: str) -> Any:
    return person.submit(f"/guarantee/letters/{letter(world, number).id}/approval")
