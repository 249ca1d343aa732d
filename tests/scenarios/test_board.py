"""The supervisor's board shows the floor as it is now."""

from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.operations.desk.board import Hour
from warehouse.operations.desk.board_pages import bars


def test_the_board_shows_what_stands_at_the_dock_and_who_works(world: World) -> None:
    consignment = world.announce([("RC-1", "BAG-1", 2, "500"), ("RC-2", "BAG-1", 2, "500")])
    world.colleague().scan("CMD-RECEIVE", "RC-1", "LOC-A-01")
    world.run_job("prove")

    page = world.colleague(Role.SUPERVISOR, "malee").get("/board").text

    assert consignment.number in page
    assert "1 / 2" in page
    assert "somchai" in page
    assert "ไม่มีผลต่าง" in page


def test_a_clerk_does_not_open_the_board(world: World) -> None:
    assert world.colleague().get("/board").status_code == 403


def test_the_busiest_hour_is_as_high_as_the_plot(world: World) -> None:
    hours = [Hour(world.clock(), accepted, refused) for accepted, refused in ((30, 10), (5, 0))]

    high, low = bars(hours)

    assert (high.top, high.refused_top, high.height + high.refused_height) == (30, 0, 120)
    assert (low.height, low.refused_height) == (15, 0)
