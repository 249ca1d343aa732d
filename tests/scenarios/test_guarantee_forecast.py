"""D5, S20: the next thirty days of the guarantee, and which consignment to put off."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import select

from tests import customs_builders
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.customs.models import GuaranteeAccount, GuaranteeLetter
from warehouse.customs.money import guarantee

TODAY = date(2026, 8, 3)
THURSDAY = date(2026, 8, 6)


def test_what_is_announced_is_counted_on_its_day_and_what_is_planned_to_leave_is_given_back(
    world: World,
) -> None:
    entry = world.in_bond([("EE000000005CN", "TEE-1", 10, "1000")])  # suspends 3,910 baht
    order, _ = world.order("TEE-1", 4)
    with world.arrange() as work:
        release = customs_builders.declared(work, order)
    world.announce([("EE000000014CN", "TEE-1", 20, "1000")], arrival_date=THURSDAY)

    days = forecast(world)["days"]

    assert len(days) == 31
    shown = {date.fromisoformat(day["on"]): day["exposure_baht"] for day in days}
    assert [shown[TODAY + timedelta(days=number)] for number in range(4)] == [
        "3910.00", "2346.00", "2346.00", "10166.00",
    ]  # fmt: skip
    assert days[-1]["limit_baht"] == "5000000.00"
    page = liaison(world).get("/guarantee").text
    assert release is not None
    assert all(each in page for each in (release.reference_number, "<svg", "10,166.00"))
    assert entry.declaration_number is not None
    world.prove()


def test_bad_1_a_day_that_does_not_fit_names_the_consignment_to_put_off(world: World) -> None:
    stands_behind(world, "10000")
    world.in_bond([("EE000000005CN", "TEE-1", 10, "1000")])  # 3,910
    small = world.announce([("EE000000014CN", "TEE-1", 5, "1000")], arrival_date=THURSDAY)
    large = world.announce([("EE000000028CN", "TEE-1", 15, "1000")], arrival_date=THURSDAY)

    told = forecast(world)
    page = liaison(world).get("/guarantee").text

    # 3,910 and 1,955 and 5,865: 1,730 baht more than 10,000; the smaller is enough
    assert (told["first_short"], told["short_baht"]) == (THURSDAY.isoformat(), "1730.00")
    assert told["defer"] == small.number
    assert small.number in page
    assert large.number in page
    world.prove()


def test_an_entry_that_waits_for_room_is_put_off_in_the_forecast(world: World) -> None:
    stands_behind(world, "10000")
    first = world.announce([("EE000000005CN", "TEE-1", 25, "1000")])  # 9,775 baht
    second = world.announce([("EE000000014CN", "TEE-1", 5, "1000")], arrival_date=THURSDAY)
    with world.arrange() as work:
        customs_builders.drafted(work, first)
        waiting = customs_builders.drafted(work, second)

    told = forecast(world)

    assert waiting is not None
    assert [each["code"] for each in waiting.refusals] == ["guarantee-short"]
    assert (told["first_short"], told["short_baht"]) == (THURSDAY.isoformat(), "1730.00")
    assert told["defer"] == second.number
    assert [day["exposure_baht"] for day in told["days"][:4]] == ["9775.00"] * 3 + ["11730.00"]
    world.prove()


def test_how_far_off_the_forecast_was_is_shown(world: World) -> None:
    world.announce([("EE000000005CN", "TEE-1", 10, "1000")], arrival_date=THURSDAY)
    world.run_job("foresee-guarantee")
    world.clock.move_to("2026-08-10 03:00:00")
    world.in_bond([("EE000000014CN", "TEE-1", 5, "1000")])

    page = words(liaison(world).get("/guarantee").text)

    assert "7 3,910.00 5,865.00 1,955.00" in page  # days ago, foreseen, suspended, error
    world.prove()


def test_the_day_after_a_letter_ends_nothing_fits(world: World) -> None:
    stands_behind(world, "10000", until=date(2026, 8, 23))
    world.in_bond([("EE000000005CN", "TEE-1", 10, "1000")])

    told = forecast(world)

    assert told["first_short"] == "2026-08-24"
    limits = {day["on"]: day["limit_baht"] for day in told["days"]}
    assert (limits["2026-08-23"], limits["2026-08-24"]) == ("10000.00", "0.00")
    world.prove()


def test_what_cannot_be_reckoned_is_named_and_not_counted(world: World) -> None:
    known = world.announce([("EE000000005CN", "TEE-1", 10, "1000")], arrival_date=THURSDAY)
    strange = world.announce([("EE000000014CN", "TEE-1", 1, "5")], currency="XAU")

    told = forecast(world)

    assert told["unknown"] == [strange.number]
    assert told["days"][-1]["exposure_baht"] == "3910.00"
    assert known.number not in told["unknown"]


def stands_behind(world: World, baht: str, *, until: date | None = None) -> None:
    """One letter of *baht* is all that stands behind BW-BKK-01."""
    with world.arrange() as work:
        account = work.session.exec(
            select(GuaranteeAccount).where(GuaranteeAccount.premises_id == world.house.premises.id)
        ).one()
        first = work.session.exec(
            select(GuaranteeLetter).where(GuaranteeLetter.account_id == account.id)
        ).one()
        customs_builders.a_letter(work, account, Decimal(baht), valid_to=until)
        guarantee.end(work, account, first)


def words(page: str) -> str:
    """What stands on a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def liaison(world: World) -> Any:
    return world.colleague(Role.LIAISON, "ratree")


def forecast(world: World) -> Any:
    answer = liaison(world).get("/api/v1/guarantee/forecast")
    assert answer.status_code == 200, answer.text
    return answer.json()
