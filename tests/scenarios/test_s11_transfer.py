"""S11: a hundred bags go under seal to another bonded warehouse, and ninety-eight arrive."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from tests import customs_builders
from tests.scenarios.acting import by
from tests.scenarios.world import Answer, World
from warehouse.access.vocabulary import Role
from warehouse.customs import queries as customs
from warehouse.customs.errors import GoesByDeclaration, LicenceNotInForce
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.vocabulary import DeclarationState, DocumentType, DutyAccount
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.models import (
    Balance,
    Discrepancy,
    Disposal,
    DisposalLine,
    Location,
    Lot,
    Movement,
)
from warehouse.inventory.vocabulary import (
    DiscrepancyKind,
    DisposalKind,
    DisposalState,
    LocationKind,
    LotOrigin,
)
from warehouse.masterdata.models import Premises
from warehouse.operations.bond import disposing
from warehouse.operations.bond.errors import SamePremises
from warehouse.operations.clearance import loss

PARCELS = ("BAGS-1", "BAGS-2", "BAGS-3")


def draft(world: World, kind: DisposalKind, to: str | None = "BW-CNX-02") -> DisposalDraft:
    here = world.house.premises.id
    lots = world.rows(select(Lot).where(Lot.premises_id == here))
    return DisposalDraft(
        kind=kind,
        premises_id=here,
        reason="stock for the north",
        goods=[Wanted(lot.id, lot.quantity) for lot in lots],
        to_premises_id=world.houses[to].premises.id if to else None,
        destination="" if to else "FZ-LCB",
    )


def stored(world: World) -> None:
    """A hundred bags in three parcels: 60, 38 and 2."""
    world.in_bond(
        [
            (parcel, "BAG-1", quantity, "500")
            for parcel, quantity in zip(PARCELS, (60, 38, 2), strict=True)
        ],
        "A-03",
    )


def requested(world: World, kind: DisposalKind = DisposalKind.TRANSFER) -> Disposal:
    stored(world)
    to = "BW-CNX-02" if kind is DisposalKind.TRANSFER else None
    with world.arrange() as work:
        return disposing.request(by(world, work, Role.LIAISON, "ratree"), draft(world, kind, to))


def permitted(world: World, kind: DisposalKind = DisposalKind.TRANSFER) -> Disposal:
    """Declared, type B or D, and let go by customs."""
    disposal = requested(world, kind)
    world.let_go(disposal)
    return disposal


def declared(world: World, disposal: Disposal) -> Declaration:
    """The declaration of *disposal*, as it stands now."""
    (found,) = world.rows(select(Declaration).where(Declaration.disposal_id == disposal.id))
    return found


def answered(world: World, disposal: Disposal) -> Declaration:
    """The receiver's declaration, type A, once nothing more arrives and the jobs have run."""
    there = world.colleague(name="kham", premises="BW-CNX-02")
    there.scan("CMD-DONE", "CMD-DONE")
    world.run_jobs()
    sender = declared(world, disposal)
    (found,) = world.rows(select(Declaration).where(Declaration.paired_id == sender.id))
    return found


def accepted(world: World, declaration: Declaration) -> Declaration:
    """*declaration*, which was sent and has a number of customs now."""
    with world.arrange() as work:
        found = customs.declaration_by_id(work.session, declaration.id)
        return customs_builders.accepted(work, found)


def sent(world: World) -> Disposal:
    """The sealed truck is on its way."""
    disposal = permitted(world)
    world.colleague().scan("CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-778")
    return disposal


def quantity_at(world: World, kind: LocationKind, premises: str = "BW-BKK-01") -> Decimal:
    place = world.at(kind.name.replace("_", "-"), premises)
    came = world.rows(select(Movement.quantity).where(Movement.to_location_id == place.id))
    went = world.rows(select(Movement.quantity).where(Movement.from_location_id == place.id))
    return sum(came, Decimal(0)) - sum(went, Decimal(0))


def on_hand(world: World, premises: str) -> Decimal:
    return sum(
        world.rows(
            select(Balance.quantity)
            .join(Location, Location.id == Balance.location_id)
            .where(Location.premises_id == world.houses[premises].premises.id)
        ),
        Decimal(0),
    )


def receive_but_the_last(world: World, disposal: Disposal, seal: str = "SEAL-778") -> Answer:
    there = world.colleague(name="kham", premises="BW-CNX-02")
    there.scan("CMD-TRANSFER-IN", disposal.number, seal)
    return there.scan(*PARCELS[:2])


def test_goods_leave_under_seal_and_are_in_transit(world: World) -> None:
    disposal = permitted(world)

    sealed = world.colleague().scan(
        "CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-778"
    )

    (found,) = world.rows(select(Disposal))
    assert (sealed["tone"], sealed["message"]["code"]) == ("good", "gone")
    assert (found.state, found.seal) == (DisposalState.UNDER_WAY, "SEAL-778")
    assert quantity_at(world, LocationKind.IN_TRANSIT_BOND) == 100
    assert on_hand(world, "BW-BKK-01") == 0
    world.prove()


def test_what_arrives_stands_there_and_what_does_not_is_a_case_on_the_way(world: World) -> None:
    disposal = sent(world)
    last = receive_but_the_last(world, disposal)
    there = world.colleague(name="kham", premises="BW-CNX-02")

    asked = there.scan("CMD-DONE")
    closed = there.scan("CMD-DONE")

    assert (last["tone"], last["data"]["left"]) == ("good", 1)
    assert (asked["tone"], asked["message"]["code"]) == ("warning", "really-all")
    assert (closed["message"]["code"], closed["data"]["parcels"]) == ("transfer-short", ["BAGS-3"])
    assert on_hand(world, "BW-CNX-02") == 98
    assert quantity_at(world, LocationKind.IN_TRANSIT_BOND) == 0
    assert quantity_at(world, LocationKind.OTHER_BONDED) == 98
    (case,) = world.rows(select(Discrepancy))
    assert (case.kind, case.quantity) == (DiscrepancyKind.TRANSIT_SHORT, 2)
    assert case.premises_id == world.house.premises.id
    assert [
        line.arrived for line in world.rows(select(DisposalLine).order_by(DisposalLine.gone))
    ] == [
        0,
        38,
        60,
    ]
    world.prove()


def test_the_lots_there_name_those_here_and_wait_for_their_own_entry(world: World) -> None:
    receive_but_the_last(world, sent(world))

    there = world.rows(select(Lot).where(Lot.origin == LotOrigin.TRANSFERRED))

    assert {lot.premises_id for lot in there} == {world.houses["BW-CNX-02"].premises.id}
    assert all(lot.parent_lot_id and lot.declaration_line_id is None for lot in there)
    world.prove()


def test_the_pair_moves_duty_and_guarantee_by_what_arrived(world: World) -> None:
    disposal = sent(world)
    receive_but_the_last(world, disposal)
    in_transit = world.guarantee()

    arrived = answered(world, disposal)
    reserved = world.guarantee("BW-CNX-02")
    accepted(world, arrived)

    sender = declared(world, disposal)
    assert (sender.document_type, sender.state) == (
        DocumentType.TRANSFER_OUT,
        DeclarationState.DELIVERED,
    )
    assert arrived.document_type is DocumentType.TRANSFER_IN
    # 100 bags at 500 baht, 20 % duty and VAT on both: 14,200 baht, or 142 a bag.
    assert in_transit == (0, 14_200)
    assert reserved == (98 * 142, 0)
    assert world.guarantee() == (0, 2 * 142)
    assert world.guarantee("BW-CNX-02") == (0, 98 * 142)
    assert world.duty()[DutyAccount.TRANSFERRED] == 98 * 142
    there = world.rows(select(Lot).where(Lot.origin == LotOrigin.TRANSFERRED))
    assert all(lot.declaration_line_id and lot.accepted_at for lot in there)
    world.prove()


def test_value_words_and_the_last_day_in_bond_travel_with_the_goods(world: World) -> None:
    world.clock.move_to("2026-02-03 01:00:00")
    stored(world)
    (entry,) = world.rows(select(Declaration))
    world.clock.move_to("2026-08-03 01:00:00")
    with world.arrange() as work:
        desk = by(world, work, Role.LIAISON, "ratree")
        disposal = disposing.request(desk, draft(world, DisposalKind.TRANSFER))
    world.let_go(disposal)
    world.colleague().scan("CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-778")
    receive_but_the_last(world, disposal)

    arrived = accepted(world, answered(world, disposal))

    (line,) = world.rows(
        select(DeclarationLine).where(DeclarationLine.declaration_id == arrived.id)
    )
    assert (line.quantity, line.cif_baht, line.hs_code) == (98, 49_000, "42022200")
    assert arrived.import_date == entry.import_date == date(2026, 2, 3)
    assert arrived.storage_ends_on == entry.storage_ends_on == date(2028, 2, 3)
    world.prove()


def test_what_is_short_is_lost_declared_and_paid_by_the_sender(world: World) -> None:
    disposal = sent(world)
    receive_but_the_last(world, disposal)
    accepted(world, answered(world, disposal))
    (case,) = world.rows(select(Discrepancy))

    with world.arrange() as work:
        lost = loss.give_up(work, case.id)
        loss.declare_loss(work, {"subject": str(lost.id)})
        declaration = loss.file(work, lost.id, work.today)
        customs_builders.released(work, declaration)

    (line,) = world.rows(
        select(DeclarationLine).where(DeclarationLine.declaration_id == declaration.id)
    )
    assert (line.quantity, line.cif_baht) == (2, 1_000)
    assert declaration.total_tax == 200 + 84
    assert world.guarantee() == (0, 0)
    assert quantity_at(world, LocationKind.LOST) == 2
    world.prove()


def test_a_receiver_without_room_in_its_guarantee_is_told_at_filing(world: World) -> None:
    world.in_bond([("FULL", "BAG-1", 10, "172000")], premises="BW-CNX-02")
    disposal = sent(world)
    receive_but_the_last(world, disposal)

    arrived = answered(world, disposal)

    assert arrived.state is DeclarationState.DRAFT
    assert [reason["code"] for reason in arrived.refusals] == ["guarantee-short"]
    assert world.guarantee("BW-CNX-02") == (0, 488_480)
    world.prove()


def test_a_free_zone_is_reached_in_one_step_and_answers_once_it_confirms(world: World) -> None:
    disposal = permitted(world, DisposalKind.FREE_ZONE)
    world.colleague().scan("CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-9")
    world.run_jobs()
    until_then = world.guarantee()

    world.tell(declared(world, disposal), AnswerKind.EXIT_CONFIRMED)

    (found,) = world.rows(select(Disposal))
    assert found.state is DisposalState.DONE
    assert quantity_at(world, LocationKind.FREE_ZONE) == 100
    assert declared(world, disposal).document_type is DocumentType.TO_FREE_ZONE
    assert (until_then, world.guarantee()) == ((0, 14_200), (0, 0))
    assert world.duty()[DutyAccount.TRANSFERRED] == 14_200
    world.prove()


def test_a_receiver_that_is_not_licensed_for_bags_is_refused_at_filing(world: World) -> None:
    with world.arrange() as work:
        premises = work.session.get_one(Premises, world.houses["BW-CNX-02"].premises.id)
        premises.licensed_goods = ["61", "3304"]
    disposal = requested(world)

    world.run_jobs()

    assert world.rows(select(Declaration).where(Declaration.disposal_id == disposal.id)) == []
    with world.arrange() as work:
        (refused,) = customs.refused_drafts(work.session)
    assert (refused.subject, refused.facts["code"]) == (disposal.id, "goods-not-licensed")
    assert "42022200" in refused.facts["th"]
    world.prove()


def test_no_paper_is_recorded_for_what_customs_releases_by_declaration(world: World) -> None:
    disposal = requested(world)

    with pytest.raises(GoesByDeclaration), world.arrange() as work:
        disposing.record_permit(
            by(world, work, Role.LIAISON, "ratree"),
            disposal.number,
            authority="B-2569/17",
            officer=world.colleague(Role.OFFICER, "arun").person.username,
            valid_until=None,
        )
    world.prove()


def test_a_warehouse_without_a_licence_is_refused_at_once(world: World) -> None:
    stored(world)
    with world.arrange() as work:
        premises = work.session.get_one(Premises, world.houses["BW-CNX-02"].premises.id)
        premises.licence_to = date(2026, 7, 31)

    with pytest.raises(LicenceNotInForce), world.arrange() as work:
        disposing.request(
            by(world, work, Role.LIAISON, "ratree"), draft(world, DisposalKind.TRANSFER)
        )
    with pytest.raises(SamePremises), world.arrange() as work:
        disposing.request(
            by(world, work, Role.LIAISON, "ratree"),
            draft(world, DisposalKind.TRANSFER, "BW-BKK-01"),
        )
    world.prove()


def test_it_is_received_once(world: World) -> None:
    disposal = sent(world)
    receive_but_the_last(world, disposal)
    there = world.colleague(name="kham", premises="BW-CNX-02")

    world.wait(minutes=2)
    twice = there.scan(PARCELS[0])
    there.scan(PARCELS[2], "CMD-DONE")
    after = there.scan(disposal.number)

    assert (twice["tone"], twice["message"]["code"]) == ("refused", "not-in-transfer")
    assert (after["tone"], after["message"]["code"]) == ("refused", "not-sent")
    assert on_hand(world, "BW-CNX-02") == 100
    world.prove()


def test_a_broken_seal_opens_a_case_and_sends_the_goods_to_inspection(world: World) -> None:
    disposal = sent(world)

    last = receive_but_the_last(world, disposal, seal="SEAL-779")

    (case,) = world.rows(select(Discrepancy))
    assert (case.kind, case.expected, case.found) == (
        DiscrepancyKind.SEAL,
        "SEAL-778",
        "SEAL-779",
    )
    assert last["data"]["location"] == "INSPECT-1"
    world.prove()


def test_a_transfer_to_elsewhere_is_not_received_here(world: World) -> None:
    disposal = sent(world)

    here = world.colleague().scan("CMD-TRANSFER-IN", disposal.number)

    assert (here["tone"], here["message"]["code"]) == ("refused", "not-sent")
    world.prove()
