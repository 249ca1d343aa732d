"""S10: forty parcels go on to Laos; their duty ends when the border has seen them, not before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlmodel import select

from tests import customs_builders
from tests.scenarios.acting import by
from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Event
from warehouse.customs import queries as customs
from warehouse.customs.checking import filing
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, PolicyRow
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    DocumentType,
    DutyAccount,
    Procedure,
)
from warehouse.inventory import places
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.models import Disposal, Location, Lot, Movement
from warehouse.inventory.vocabulary import DisposalKind, DisposalState, LocationKind, Regime
from warehouse.masterdata.models import Restriction
from warehouse.masterdata.vocabulary import RestrictionKind, TradeDirection
from warehouse.operations.bond import disposing
from warehouse.operations.clearance import exits, release
from warehouse.operations.desk.worklist import Item, Todo, worklist
from warehouse.shipments.models import Shipment
from warehouse.shipments.vocabulary import ConsignmentSource, CustomsStatus

PARCELS = [f"LAO-{number:02}" for number in range(1, 41)]
# Forty bags at 500 baht, 20 % duty and VAT on both: 142 baht a bag.
SUSPENDED = Decimal(40 * 142)


def requested(world: World, country: str = "LA") -> Disposal:
    """Forty parcels with a bag each, stored, and asked to be re-exported to *country*."""
    world.in_bond([(parcel, "BAG-1", 1, "500") for parcel in PARCELS], "A-02")
    lots = world.rows(select(Lot))
    with world.arrange() as work:
        return disposing.request(
            by(world, work, Role.LIAISON, "ratree"),
            DisposalDraft(
                kind=DisposalKind.RE_EXPORT,
                premises_id=world.house.premises.id,
                reason="sold to Vientiane",
                goods=[Wanted(lot.id, lot.quantity) for lot in lots],
                destination="VIENTIANE TRADING",
                country=country,
            ),
        )


def gone(world: World) -> Declaration:
    """The sealed vehicle has left under the declaration that customs released."""
    disposal = requested(world)
    declaration = world.let_go(disposal)
    answer = world.colleague().scan("CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-1")
    assert answer["message"]["code"] == "gone", answer
    world.run_jobs()
    return declaration


def standing(world: World, declaration: Declaration) -> Declaration:
    """*declaration* as it stands now."""
    (found,) = world.rows(select(Declaration).where(Declaration.id == declaration.id))
    return found


def refusals(world: World) -> list[str]:
    """Why nothing could be drafted."""
    with world.arrange() as work:
        return [each.facts["code"] for each in customs.refused_drafts(work.session)]


def test_duty_is_remitted_when_the_border_has_seen_the_goods_and_not_before(world: World) -> None:
    declaration = gone(world)
    left = world.guarantee()
    world.wait(days=3)

    world.tell(declaration, AnswerKind.EXIT_CONFIRMED)

    confirmed = standing(world, declaration)
    (disposal,) = world.rows(select(Disposal))
    assert disposal.state is DisposalState.DONE
    assert left == (0, SUSPENDED)
    assert (confirmed.state, confirmed.total_tax) == (DeclarationState.DELIVERED, 0)
    assert world.guarantee() == (0, 0)
    assert world.duty() == {DutyAccount.CLAIM: -SUSPENDED, DutyAccount.REMITTED: SUSPENDED}
    world.prove()


def test_the_declaration_names_the_import_line_the_country_and_the_export_tariff(
    world: World,
) -> None:
    entry = world.in_bond([("LAO-01", "BAG-1", 5, "500")], "A-02")
    (lot,) = world.rows(select(Lot))
    with world.arrange() as work:
        disposal = disposing.request(
            by(world, work, Role.LIAISON, "ratree"),
            DisposalDraft(
                DisposalKind.RE_EXPORT,
                world.house.premises.id,
                "sold",
                [Wanted(lot.id, Decimal(2))],
                country="LA",
            ),
        )

    declaration = world.let_go(disposal)

    with world.arrange() as work:
        message = filing.message(work.session, standing(world, declaration))
        (withdrawn,) = customs.withdrawal_statement(work.session, declaration)
    (line,) = message.lines
    assert (message.document_type, message.destination_country_code) == ("1", "LA")
    assert message.export_tax_incentives_id == world.house.premises.tax_incentive_id
    assert (line.privilege_code, line.export_tariff, line.in_bond) == ("003", "9PART3", True)
    assert line.reference_declaration_number == entry.declaration_number
    assert (line.reference_declaration_line_number, line.duties) == (1, ())
    assert (withdrawn.before, withdrawn.withdrawn, withdrawn.after) == (5, 2, 3)
    assert (withdrawn.value_before, withdrawn.value_after) == (2_500, 1_500)
    world.prove()


def test_an_exit_that_nobody_confirms_is_told_once_and_listed_until_it_is(world: World) -> None:
    declaration = gone(world)
    desk = world.colleague(Role.LIAISON, "ratree")
    world.wait(days=29)
    world.run_job("watch-exits")
    in_time = alerts(world)
    world.wait(days=2)
    world.run_job("watch-exits")
    world.run_job("watch-exits")

    listed = desk.get("/exits").text
    number = declaration.reference_number
    answer = desk.submit(f"/exits/{number}/confirmation", document="ขน 77/2569", on="2026-08-06")

    assert in_time == []
    assert alerts(world) == [declaration.reference_number]
    assert number in listed
    assert answer.status_code == 303
    confirmed = standing(world, declaration)
    assert (confirmed.state, confirmed.exit_document) == (
        DeclarationState.DELIVERED,
        "ขน 77/2569",
    )
    assert number not in desk.get("/exits").text
    assert world.guarantee() == (0, 0)
    world.prove()


def test_the_worklist_asks_for_the_proof_of_what_has_left_for_as_long_as_the_policy_says(
    world: World,
) -> None:
    declaration = world.let_go(requested(world))
    with world.arrange() as work:
        [row] = work.session.exec(
            select(PolicyRow).where(PolicyRow.name == exits.CONFIRMATION_DAYS)
        )
        row.value = "10"
    world.wait(days=1)
    still_here = to_be_proved(world)
    (disposal,) = world.rows(select(Disposal))
    world.colleague().scan("CMD-DISPOSE", disposal.number, *PARCELS, "CMD-DONE", "SEAL-1")
    world.run_jobs()

    with world.arrange() as work:
        [item] = to_be_proved(world)
        [waiting] = exits.waiting(work, declaration_id=declaration.id)
        tenth, later = (replace(work, at=item.due_at + timedelta(seconds=each)) for each in (0, 1))

        assert still_here == []
        assert (item.number, item.since) == (declaration.reference_number, waiting.gone_at)
        assert item.due_at == waiting.gone_at + timedelta(days=10)
        assert [item.overdue(each.at) for each in (tenth, later)] == [False, True]
        assert [exits.waiting(each)[0].overdue for each in (tenth, later)] == [False, True]


def to_be_proved(world: World) -> Sequence[Item]:
    """The exits on the worklist."""
    with world.arrange() as work:
        return worklist(work, world.house.premises.id, only=Todo.EXIT).items


def test_customs_may_confirm_later_what_the_desk_has_proved(world: World) -> None:
    declaration = gone(world)
    desk = world.colleague(Role.LIAISON, "ratree")
    path = f"/exits/{declaration.reference_number}/confirmation"

    proved = desk.submit(path, document="ขน 12/2569", on="2026-08-03")
    remitted = exported(world)
    world.tell(declaration, AnswerKind.EXIT_CONFIRMED)

    assert proved.status_code == 303
    assert standing(world, declaration).exit_document == "ขน 12/2569"
    assert exported(world) == remitted
    world.prove()


def test_what_still_stands_here_is_not_confirmed_by_hand(world: World) -> None:
    declaration = world.let_go(requested(world))
    desk = world.colleague(Role.LIAISON, "ratree")

    answer = desk.submit(
        f"/exits/{declaration.reference_number}/confirmation", document="X-1", on="2026-08-03"
    )

    assert answer.status_code == 409
    assert standing(world, declaration).state is DeclarationState.RELEASED
    assert world.guarantee() == (0, SUSPENDED)
    world.prove()


def test_a_country_under_embargo_is_refused_at_draft(world: World) -> None:
    requested(world, "KP")

    world.run_jobs()

    assert refusals(world) == ["destination-embargoed"]
    assert world.rows(select(Declaration).where(Declaration.disposal_id.is_not(None))) == []
    world.prove()


def test_the_desk_names_the_country_on_its_page_and_corrects_it_there(world: World) -> None:
    world.in_bond([("LAO-01", "BAG-1", 5, "500")], "A-02")
    desk = world.colleague(Role.LIAISON, "ratree")

    asked = desk.submit(
        "/disposals", kind="re_export", goods="LAO-01 2", reason="sold", country="kp"
    )
    page = asked.headers["location"]
    world.run_jobs()
    refused = desk.get(page).text
    desk.submit(f"{page}/declaration", country="LA")
    world.run_jobs()

    shown = desk.get(page).text
    (declaration,) = world.rows(select(Declaration).where(Declaration.disposal_id.is_not(None)))
    assert "2375" in refused
    assert f"{page}/permit" not in refused
    assert declaration.consignment_country == "LA"
    assert declaration.reference_number in shown
    world.prove()


def test_an_embargo_holds_from_its_day_on(world: World) -> None:
    with world.arrange() as work:
        work.session.add(
            PolicyRow(
                name="embargoed_destination",
                key="LA",
                value="all",
                valid_from=work.today.replace(year=2027),
                source="test",
            )
        )
    requested(world, "LA")

    world.run_jobs()

    assert refusals(world) == []
    world.prove()


def test_goods_that_may_not_be_exported_are_refused_at_draft(world: World) -> None:
    with world.arrange() as work:
        for rule in work.session.exec(
            select(Restriction).where(
                Restriction.hs_code == "42022200", Restriction.direction == TradeDirection.EXPORT
            )
        ):
            rule.kind = RestrictionKind.PROHIBITED
    requested(world)

    world.run_jobs()

    assert refusals(world) == ["export-prohibited"]
    world.prove()


def test_without_a_country_abroad_nothing_is_drafted(world: World) -> None:
    requested(world, "TH")

    world.run_jobs()

    assert refusals(world) == ["destination-missing"]
    world.prove()


def alerts(world: World) -> list[str]:
    """The declarations whose exit somebody was told nobody has confirmed."""
    found = world.rows(select(Event).where(Event.name == CustomsEvent.EXIT_UNCONFIRMED.value))
    return [each.facts["number"] for each in found]


def test_an_order_for_a_buyer_abroad_leaves_bond_as_an_export(world: World) -> None:
    world.in_bond([("BAGS", "BAG-1", 5, "500")], "A-02")
    order = world.order_abroad("BAG-1", 2, "LA")
    with world.arrange() as work:
        declaration = customs_builders.released(work, customs_builders.declared(work, order))
        shipment = release.lock_shipment(work, order.id)

    out_of_the_gate(world, shipment, "A-02", "BAGS")
    before = world.guarantee()
    world.tell(declaration, AnswerKind.EXIT_CONFIRMED)

    assert (declaration.document_type, declaration.procedure) == (
        DocumentType.EXPORT,
        Procedure.RE_EXPORT,
    )
    assert (before, world.guarantee()) == ((0, 5 * 142), (0, 3 * 142))
    assert exported(world) == 2
    world.prove()


def test_goods_of_thai_sellers_are_exported_without_ever_being_in_bond(world: World) -> None:
    with world.arrange() as work:
        for code, kind in (
            ("X-DOCK", LocationKind.RECEIVE),
            ("X-01", LocationKind.STORE),
            ("X-STAGE", LocationKind.STAGE),
        ):
            places.add(work, world.house.premises.id, code, code, code, kind, regime=Regime.EXPORT)
    consignment = world.announce([("THAI-1", "BAG-1", 5, "400")], source=ConsignmentSource.THAILAND)
    world.run_jobs()
    world.store("THAI-1", "X-01")
    order = world.order_abroad("BAG-1", 2, "LA")

    with world.arrange() as work:
        declaration = customs_builders.declared(work, order)
        message = filing.message(work.session, declaration)
        shut = release.lock_shipment(work, order.id).customs
        customs_builders.released(work, declaration)
        shipment = release.lock_shipment(work, order.id)
    out_of_the_gate(world, shipment, "X-01", "THAI-1")
    world.tell(declaration, AnswerKind.EXIT_CONFIRMED)

    assert consignment.source is ConsignmentSource.THAILAND
    (line,) = message.lines
    assert (message.document_type, message.export_tax_incentives_id) == ("1", "")
    assert (line.in_bond, line.reference_declaration_number) == (False, None)
    assert (line.cif_value_baht, line.quantity) == (800, 2)
    assert (shut, shipment.customs) == (CustomsStatus.NONE, CustomsStatus.RELEASED)
    assert len(world.rows(select(Declaration))) == 1
    assert exported(world) == 2
    assert (world.guarantee(), world.duty()) == ((0, 0), {})
    world.prove()


def out_of_the_gate(world: World, shipment: Shipment, bin_code: str, parcel: str) -> None:
    """A clerk picks two bags, packs them and lets them out."""
    clerk = world.colleague(name="malai")
    clerk.scan("CMD-PICK", shipment.number, f"LOC-{bin_code}", parcel, "CMD-CANCEL")
    clerk.scan("CMD-PACK", shipment.parcel_number, "BAG-1", "2", "1.3KG", "CMD-CANCEL")
    answer = clerk.scan("CMD-EXIT", shipment.parcel_number)
    assert answer["tone"] == "good", answer


def exported(world: World) -> Decimal:
    """How much left the country."""
    quantities = world.rows(
        select(Movement.quantity)
        .join(Location, Location.id == Movement.to_location_id)
        .where(Location.kind == LocationKind.EXPORTED)
    )
    return sum(quantities, Decimal(0))
