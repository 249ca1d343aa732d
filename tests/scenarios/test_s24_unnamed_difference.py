"""S24: the hourly reconciliation finds goods where no paper brought them; a person says why."""

from sqlmodel import col, select

from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event, Job
from warehouse.inventory.models import Hold, Lot
from warehouse.operations.bond import alarm
from warehouse.operations.models import ProofAlarm
from warehouse.operations.vocabulary import FloorEvent

PARCEL = "EE000000005CN"
BANNER = "The ledgers do not add up, and nobody has said why yet."
CAUSE = "A pallet was carried over without a scan; the clerk has been told."


def test_a_parcel_that_moved_without_an_entry_raises_the_alarm_and_is_frozen(world: World) -> None:
    world.in_bond([(PARCEL, "BAG-1", 3, "500")])
    world.run_job("prove")
    good_at = world.clock()
    world.wait(minutes=20)
    world.in_bond([("EE000000014CN", "TEE-1", 1, "500")], "A-03")
    carry(world, PARCEL, "A-01", "A-02")
    world.wait(minutes=40)

    world.run_job("prove")

    (raised,) = world.rows(select(ProofAlarm))
    lot = lot_in(world, PARCEL)
    (hold,) = world.rows(select(Hold).where(col(Hold.closed_at).is_(None)))
    assert raised.lots == [lot.number]
    assert (hold.lot_id, hold.premises_id) == (lot.id, world.house.premises.id)
    assert raised.last_good_at.replace(tzinfo=None) == good_at
    (called,) = world.rows(select(Event).where(Event.name == FloorEvent.ALARM_RAISED))
    assert lot.number in called.facts["lots"]
    assert world.rows(select(Job).where(col(Job.name).like("send-%")))
    carry(world, PARCEL, "A-02", "A-01")
    world.prove()


def test_every_page_carries_the_banner_and_the_alarm_shows_what_happened_since(
    world: World,
) -> None:
    world.run_job("prove")
    world.wait(minutes=20)
    entry = world.in_bond([(PARCEL, "BAG-1", 3, "500")])
    carry(world, PARCEL, "A-01", "A-02")
    world.run_job("prove")
    manager, clerk = (world.colleague(role, role.value) for role in (Role.MANAGER, Role.CLERK))
    for person in (manager, clerk):
        english(world, person.person.username)

    pages = [manager.get(path).text for path in ("/board", "/guarantee", "/stock", "/")]
    floor = clerk.get("/stock").text
    shown = manager.get("/alarm").text

    assert [BANNER in page for page in [*pages, floor]] == [True] * 5
    assert 'href="/alarm"' in pages[0]
    assert 'href="/alarm"' not in floor
    assert "Everything added up for the last time on 3 August 2026 08:00." in shown
    assert entry.reference_number in shown
    assert lot_in(world, PARCEL).number in shown
    carry(world, PARCEL, "A-02", "A-01")
    world.prove()


def test_the_alarm_stays_open_until_a_manager_has_named_the_cause(world: World) -> None:
    world.in_bond([(PARCEL, "BAG-1", 3, "500")])
    carry(world, PARCEL, "A-01", "A-02")
    world.run_job("prove")
    world.wait(hours=1)
    carry(world, PARCEL, "A-02", "A-01")  # it adds up again, and still nobody knows why
    world.run_job("prove")
    manager, liaison = (world.colleague(role, role.value) for role in (Role.MANAGER, Role.LIAISON))
    (raised,) = world.rows(select(ProofAlarm))
    path = f"/alarm/{raised.id}/cause"

    by_liaison = liaison.submit(path, cause=CAUSE)
    said_nothing = manager.submit(path, cause="  ")
    still_open = is_open(world)
    named = manager.submit(path, cause=CAUSE)
    said_again = manager.submit(path, cause="Something else")

    statuses = [each.status_code for each in (by_liaison, said_nothing, named, said_again)]
    assert statuses == [403, 422, 303, 409]
    assert (still_open, is_open(world)) == (True, False)
    (closed,) = world.rows(select(ProofAlarm))
    assert (closed.cause, closed.named_by) == (CAUSE, manager.person.username)
    assert CAUSE in manager.get("/alarm").text
    world.prove()


def test_a_difference_whose_cause_is_named_raises_no_second_alarm_but_another_one_does(
    world: World,
) -> None:
    world.in_bond([(PARCEL, "BAG-1", 3, "500"), ("EE000000014CN", "TEE-1", 1, "500")])
    carry(world, PARCEL, "A-01", "A-02")
    world.run_job("prove")
    (raised,) = world.rows(select(ProofAlarm))
    world.colleague(Role.MANAGER, "wichai").submit(f"/alarm/{raised.id}/cause", cause=CAUSE)

    world.run_job("prove")
    same = is_open(world)
    carry(world, "EE000000014CN", "A-01", "A-02")
    world.run_job("prove")

    assert (same, is_open(world)) == (False, True)
    (second,) = world.rows(select(ProofAlarm).where(col(ProofAlarm.named_at).is_(None)))
    assert second.lots == [lot_in(world, "EE000000014CN").number]
    for parcel in (PARCEL, "EE000000014CN"):
        carry(world, parcel, "A-02", "A-01")
    world.prove()


def carry(world: World, parcel: str, source: str, target: str) -> None:
    """The simulated fault: the goods of *parcel* stand elsewhere, and no movement says so."""
    with world.arrange() as work:
        work.sql(
            "UPDATE balance SET location_id = %(target)s"
            " WHERE lot_id = %(lot)s AND location_id = %(source)s",
            lot=lot_in(world, parcel).id,
            source=world.at(source).id,
            target=world.at(target).id,
        )


def lot_in(world: World, parcel: str) -> Lot:
    with world.arrange() as work:
        (key,) = work.sql(
            "SELECT lot.id FROM lot JOIN handling_unit AS unit ON unit.id = handling_unit_id"
            " WHERE unit.number = %(parcel)s",
            parcel=parcel,
        ).fetchall()
        return work.session.get_one(Lot, key[0])


def is_open(world: World) -> bool:
    with world.arrange() as work:
        return alarm.open_alarm(work.session) is not None


def english(world: World, username: str) -> None:
    """Let *username* read English."""
    with world.arrange() as work:
        work.sql("UPDATE person SET language = 'en' WHERE username = %(name)s", name=username)
