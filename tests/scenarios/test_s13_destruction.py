"""S13: twelve damaged cosmetics are destroyed under a permit, before an officer's eyes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests import pictures
from tests.scenarios.acting import by
from tests.scenarios.world import World
from warehouse.access.errors import SecondPersonNeeded, UnknownOfficer
from warehouse.access.vocabulary import Role
from warehouse.core import clock
from warehouse.customs.errors import AuthorityExpired
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import DeclarationState, DocumentType, DutyAccount, Procedure
from warehouse.inventory import disposals
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.errors import NotGathered, WitnessNeeded
from warehouse.inventory.models import Discrepancy, Disposal, Location, Lot, Movement
from warehouse.inventory.vocabulary import (
    Cause,
    DiscrepancyKind,
    DisposalKind,
    DisposalState,
    LocationKind,
)
from warehouse.operations.bond import disposing

PERMIT = "กค 0512/2569"


def requested(
    world: World, kind: DisposalKind = DisposalKind.DESTRUCTION, cause: Cause | None = None
) -> Disposal:
    """Twelve creams in two parcels, stored, and asked to be destroyed."""
    world.in_bond([("CREAM-A", "CREAM-1", 8, "100"), ("CREAM-B", "CREAM-1", 4, "100")], "A-05")
    lots = world.rows(select(Lot))
    with world.arrange() as work:
        return disposing.request(
            by(world, work, Role.MANAGER, "wichai"),
            DisposalDraft(
                kind=kind,
                premises_id=world.house.premises.id,
                reason="crushed",
                goods=[Wanted(lot.id, lot.quantity) for lot in lots],
                cause=cause,
            ),
        )


def permitted(world: World, disposal: Disposal, *, days: int = 30) -> None:
    """The liaison records the permit, the manager approves it."""
    officer = world.colleague(Role.OFFICER, "arun").person
    with world.arrange() as work:
        disposing.record_permit(
            by(world, work, Role.LIAISON, "ratree"),
            disposal.number,
            authority=PERMIT,
            officer=officer.username,
            valid_until=clock.now() + timedelta(days=days),
        )
    with world.arrange() as work:
        disposing.approve(by(world, work, Role.MANAGER, "wichai"), disposal.number)


def petition_of(world: World, disposal: Disposal) -> Declaration:
    """The petition that asks customs for *disposal*, the last one."""
    return world.rows(
        select(Declaration)
        .where(Declaration.disposal_id == disposal.id)
        .order_by(Declaration.version.desc())
    )[0]


def state_of(world: World, disposal: Disposal) -> DisposalState:
    (found,) = world.rows(select(Disposal).where(Disposal.id == disposal.id))
    return found.state


def test_destruction_is_permitted_gathered_witnessed_and_certified(world: World) -> None:
    disposal = requested(world)
    permitted(world, disposal)
    clerk = world.colleague()

    clerk.scan("CMD-DISPOSE", disposal.number, "CREAM-A")
    last = clerk.scan("CREAM-B")
    waits = clerk.scan("CMD-DONE")
    with world.arrange() as work:
        disposing.certify(
            by(world, work, Role.LIAISON, "ratree"),
            disposal.number,
            witness=world.colleague(Role.OFFICER, "arun").person.username,
        )

    until_then = world.guarantee()
    world.run_jobs()

    assert (last["tone"], last["data"]["left"]) == ("good", 0)
    assert waits["message"]["code"] == "waits-for-witness"
    assert state_of(world, disposal) is DisposalState.DONE
    # Twelve creams at 100 baht, 30 % duty and VAT on both: 469.20 baht.
    petition = petition_of(world, disposal)
    assert (petition.document_type, petition.state) == (
        DocumentType.PETITION,
        DeclarationState.DELIVERED,
    )
    assert (until_then, world.guarantee()) == ((0, Decimal("469.20")), (0, 0))
    assert world.duty()[DutyAccount.REMITTED] == Decimal("469.20")
    destroyed = world.rows(
        select(Movement.quantity)
        .join(Location, Location.id == Movement.to_location_id)
        .where(Location.kind == LocationKind.DESTROYED)
    )
    assert sum(destroyed, Decimal(0)) == 12
    world.prove()


def test_nothing_is_gathered_before_the_permit(world: World) -> None:
    disposal = requested(world)
    clerk = world.colleague()

    before = clerk.scan("CMD-DISPOSE", disposal.number)
    with world.arrange() as work:
        disposing.record_permit(
            by(world, work, Role.LIAISON, "ratree"),
            disposal.number,
            authority=PERMIT,
            officer=world.colleague(Role.OFFICER, "arun").person.username,
            valid_until=None,
        )
    recorded = clerk.scan(disposal.number)

    assert (before["tone"], before["message"]["code"]) == ("refused", "not-authorised")
    assert recorded["message"]["code"] == "authority-not-approved"
    world.prove()


def test_an_expired_permit_is_refused_at_the_scan_and_at_the_desk(world: World) -> None:
    disposal = requested(world)
    permitted(world, disposal, days=1)
    clerk = world.colleague()
    clerk.scan("CMD-DISPOSE", disposal.number, "CREAM-A", "CREAM-B")
    world.wait(days=3)

    late = clerk.scan(disposal.number)

    assert (late["tone"], late["message"]["code"]) == ("refused", "authority-expired")
    with pytest.raises(AuthorityExpired), world.arrange() as work:
        disposing.certify(
            by(world, work, Role.LIAISON, "ratree"),
            disposal.number,
            witness=world.colleague(Role.OFFICER, "arun").person.username,
        )
    world.run_job("expire-permits")
    assert state_of(world, disposal) is DisposalState.EXPIRED
    assert petition_of(world, disposal).state is DeclarationState.CANCELLED
    assert world.guarantee() == (0, Decimal("469.20"))
    world.prove()


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (DisposalKind.ABANDONMENT, LocationKind.ABANDONED),
        (DisposalKind.SEIZURE, LocationKind.SEIZED),
    ],
)
def test_what_the_state_takes_over_is_remitted_as_far_as_it_went(
    world: World, kind: DisposalKind, place: LocationKind
) -> None:
    disposal = requested(world, kind)
    permitted(world, disposal)

    world.colleague().scan("CMD-DISPOSE", disposal.number, "CREAM-A", "CREAM-B", "CMD-DONE")
    world.run_jobs()

    gone = world.rows(
        select(Movement.quantity)
        .join(Location, Location.id == Movement.to_location_id)
        .where(Location.kind == place)
    )
    assert sum(gone, Decimal(0)) == 12
    assert world.guarantee() == (0, 0)
    assert world.duty()[DutyAccount.REMITTED] == Decimal("469.20")
    world.prove()


@pytest.mark.parametrize(
    ("kind", "cause", "procedure"),
    [
        (DisposalKind.SCRAP, None, Procedure.SCRAP),
        (DisposalKind.SCRAP, Cause.DAMAGED_HERE, Procedure.DAMAGE),
        (DisposalKind.DONATION, None, Procedure.DONATION),
    ],
)
def test_scrap_and_gifts_pay_duty_before_they_go(
    world: World, kind: DisposalKind, cause: Cause | None, procedure: Procedure
) -> None:
    disposal = requested(world, kind, cause)
    early = world.colleague().scan("CMD-DISPOSE", disposal.number)
    declaration = world.let_go(disposal)

    world.colleague().scan(disposal.number, "CREAM-A", "CREAM-B", "CMD-DONE")
    world.run_jobs()

    assert early["message"]["code"] == "not-authorised"
    assert (declaration.document_type, declaration.procedure) == (DocumentType.HOME_USE, procedure)
    assert declaration.total_tax == 360 + 109
    assert world.duty() == {DutyAccount.CLAIM: -469, DutyAccount.PAID: 469}
    assert world.guarantee() == (0, 0)
    assert state_of(world, disposal) is DisposalState.DONE
    world.prove()


def test_without_a_witness_nothing_is_certified(world: World) -> None:
    disposal = requested(world)
    permitted(world, disposal)
    world.colleague().scan("CMD-DISPOSE", disposal.number, "CREAM-A", "CREAM-B", "CMD-DONE")

    with pytest.raises(WitnessNeeded), world.arrange() as work:
        disposing.certify(by(world, work, Role.LIAISON, "ratree"), disposal.number, witness="")
    with pytest.raises(UnknownOfficer), world.arrange() as work:
        disposing.certify(
            by(world, work, Role.LIAISON, "ratree"), disposal.number, witness="somchai"
        )

    assert state_of(world, disposal) is DisposalState.AUTHORISED
    world.prove()


def test_what_is_not_all_there_is_not_destroyed(world: World) -> None:
    disposal = requested(world)
    permitted(world, disposal)
    clerk = world.colleague()
    clerk.scan("CMD-DISPOSE", disposal.number, "CREAM-A")

    early = clerk.scan("CMD-DONE")

    assert (early["tone"], early["message"]["code"]) == ("refused", "not-gathered")
    assert "CREAM-B" in early["message"]["th"]
    with pytest.raises(NotGathered), world.arrange() as work:
        disposing.certify(
            by(world, work, Role.LIAISON, "ratree"),
            disposal.number,
            witness=world.colleague(Role.OFFICER, "arun").person.username,
        )
    world.prove()


def test_whoever_recorded_the_permit_does_not_approve_it(world: World) -> None:
    disposal = requested(world)
    with world.arrange() as work:
        desk = by(world, work, Role.LIAISON, "ratree")
        disposing.record_permit(
            desk,
            disposal.number,
            authority=PERMIT,
            officer=world.colleague(Role.OFFICER, "arun").person.username,
            valid_until=None,
        )
        with pytest.raises(SecondPersonNeeded):
            disposing.approve(desk, disposal.number)
    world.prove()


def test_what_is_given_up_is_free_again_where_it_stands(world: World) -> None:
    disposal = requested(world)
    permitted(world, disposal)
    clerk = world.colleague()
    clerk.scan("CMD-DISPOSE", disposal.number, "CREAM-A")

    with world.arrange() as work:
        disposing.cancel(by(world, work, Role.MANAGER, "wichai"), disposal.number)
    late = clerk.scan("CREAM-B")

    assert late["tone"] == "refused"
    assert state_of(world, disposal) is DisposalState.CANCELLED
    assert petition_of(world, disposal).state is DeclarationState.CANCELLED
    with world.arrange() as work:
        assert disposals.missing(work, disposal) == []
    world.prove()


def test_sampled_goods_that_are_not_back_in_time_become_a_case(world: World) -> None:
    disposal = requested(world, DisposalKind.SAMPLING)
    permitted(world, disposal)
    gone = world.colleague().scan("CMD-DISPOSE", disposal.number, "CREAM-A", "CREAM-B", "CMD-DONE")

    world.wait(days=31)
    world.run_job("watch-removals")
    world.run_job("watch-removals")

    assert gone["message"]["code"] == "gone"
    cases = world.rows(select(Discrepancy).where(Discrepancy.disposal_id == disposal.id))
    assert [(case.kind, case.quantity) for case in cases] == [
        (DiscrepancyKind.OVERDUE, 8),
        (DiscrepancyKind.OVERDUE, 4),
    ]
    world.prove()


def test_the_desk_does_it_all_on_its_pages_and_prints_the_certificate(world: World) -> None:
    world.in_bond([("CREAM-A", "CREAM-1", 8, "100"), ("CREAM-B", "CREAM-1", 4, "100")], "A-05")
    desk, manager = world.colleague(Role.LIAISON, "ratree"), world.colleague(Role.MANAGER, "wichai")
    officer = world.colleague(Role.OFFICER, "arun").person.username

    nothing = desk.submit("/disposals", kind="destruction", goods="NO-SUCH", reason="น้ำท่วม")
    asked = desk.submit(
        "/disposals", kind="destruction", goods="CREAM-A\nCREAM-B 4", reason="น้ำท่วม"
    )
    page = asked.headers["location"]
    number = page.rpartition("/")[2]
    desk.submit(f"{page}/permit", authority=PERMIT, officer=officer, days="30")
    alone = desk.submit(f"{page}/approval")
    manager.submit(f"{page}/approval")
    world.colleague().scan("CMD-DISPOSE", number, "CREAM-A", "CREAM-B", "CMD-DONE")
    nobody = desk.submit(f"{page}/certificate", witness="somchai")
    desk.submit(f"{page}/certificate", witness=officer)
    world.run_jobs()

    assert nothing.status_code == 404
    assert "NO-SUCH" in nothing.text
    assert (alone.status_code, nobody.status_code) == (409, 422)
    shown = desk.get(page).text
    assert PERMIT in shown
    assert "น้ำท่วม" in shown
    paper = desk.get(f"/papers/disposal/{number}.pdf")
    assert number.encode() in pictures.decoded(pictures.rendered(paper.content))
    text = pictures.extracted(paper.content)
    assert "หนังสือรับรองการทำลายของ" in text
    assert PERMIT in text
    world.prove()
