"""Every kind of declaration: what it says to customs, and how duty leaves suspense by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlmodel import select

from tests import builders, filings
from tests.builders import House
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_guarantee,
    accepted,
    balances,
    drafted,
    guarantee_of,
    in_bond,
    let_go,
    on,
    tell,
)
from tests.leaving import somebody
from warehouse.access.vocabulary import Role
from warehouse.core.jobs import Begin
from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.checking import filing
from warehouse.customs.clearing import authorising, remitting
from warehouse.customs.drafting import withdrawing
from warehouse.customs.drafting.withdrawing import BondedGoods, Withdrawal
from warehouse.customs.errors import (
    DischargeTooLarge,
    GoesOnPaper,
    GoodsNotLicensed,
    MixedRegimes,
    NoExitToConfirm,
)
from warehouse.customs.gateway import AnswerKind, messages
from warehouse.customs.gateway.simulator.checks import wrong_in
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import (
    DeclarationState,
    DocumentType,
    DutyAccount,
    Procedure,
)
from warehouse.inventory import disposals
from warehouse.inventory.disposals import DisposalDraft, Wanted
from warehouse.inventory.models import Disposal, Lot
from warehouse.inventory.vocabulary import DisposalKind, Regime
from warehouse.operations.bond import disposing
from warehouse.operations.clearance import disposal as clearance
from warehouse.operations.clearance import entry, rehearsal
from warehouse.shipments.vocabulary import ConsignmentSource

TEN_BAGS = Decimal(10 * 142)
"""Duty and VAT on ten bags of 500 baht: 20 %, and 7 % of both."""


@pytest.fixture
def house(work: Work) -> House:
    """A warehouse with ten bags in bond."""
    house = a_customs_house(work)
    in_bond(work, house, [(house.product, 10, "500")])
    return house


def asked(work: Work, house: House, kind: DisposalKind, quantity: int = 4) -> Disposal:
    """A way out for some of the bags; another warehouse stands ready for a transfer."""
    (lot,) = work.session.exec(select(Lot).where(Lot.premises_id == house.premises.id))
    to = another(work) if kind is DisposalKind.TRANSFER else None
    return disposing.request(
        somebody(work, house, Role.LIAISON),
        DisposalDraft(
            kind,
            house.premises.id,
            "asked",
            [Wanted(lot.id, Decimal(quantity))],
            to_premises_id=to.premises.id if to else None,
            destination="F0110000000009",
            country="LA",
        ),
    )


def another(work: Work) -> House:
    """Another bonded warehouse, with a guarantee of its own."""
    there = builders.a_house(work, "BW-OTHER")
    a_guarantee(work, there)
    return there


def as_read(declaration: Declaration, work: Work) -> list[str]:
    """What customs finds wrong in *declaration* after it went through its XML."""
    ours, theirs = filings.key_rings()
    said = filing.message(work.session, declaration)
    heard = messages.read_declaration(messages.declaration(said, ours), theirs)
    assert heard == said
    return [f"{reason.code} {reason.text}" for reason in wrong_in(heard, work.today)]


@pytest.mark.parametrize(
    ("kind", "document_type", "account"),
    [
        (DisposalKind.RE_EXPORT, "1", DutyAccount.REMITTED),
        (DisposalKind.FREE_ZONE, "D", DutyAccount.TRANSFERRED),
        (DisposalKind.TRANSFER, "B", None),
        (DisposalKind.SCRAP, "P", DutyAccount.PAID),
        (DisposalKind.DONATION, "P", DutyAccount.PAID),
    ],
)
def test_customs_finds_nothing_wrong_and_duty_ends_where_it_should(
    work: Work, house: House, kind: DisposalKind, document_type: str, account: DutyAccount | None
) -> None:
    declaration = let_go(work, asked(work, house, kind))

    wrong = as_read(declaration, work)
    if document_type in "1D":
        assert declaration.disposal_id is not None
        authorising.draw_down(work, declaration.disposal_id)  # the goods have left
        tell(work, declaration, AnswerKind.EXIT_CONFIRMED)

    assert (declaration.document_type.value, wrong) == (document_type, [])
    left = TEN_BAGS if account is None else Decimal(6 * 142)
    assert guarantee_of(work, house) == (0, left)
    assert balances(work).get(DutyAccount.SUSPENSE) == left
    if account is not None:
        assert balances(work)[account] == 4 * 142


def test_goods_of_a_free_zone_come_in_by_type_c_and_wait_in_bond(work: Work) -> None:
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(house.product, 10, "500")])
    consignment.source = ConsignmentSource.FREE_ZONE
    consignment.zone_licence = "F0110000000009"

    entry.draft_entry(work, {"subject": str(consignment.id)})
    (declaration,) = queries.declarations_of_consignment(work.session, consignment.id)
    wrong = as_read(declaration, work)
    assert declaration.findings == []
    accepted(work, declaration)

    said = filing.message(work.session, declaration)
    assert (declaration.document_type, wrong) == (DocumentType.FROM_FREE_ZONE, [])
    assert said.export_tax_incentives_id == "F0110000000009"
    assert (said.consignment_country_code, said.invoices[0].consignor_country_code) == ("TH", "TH")
    assert guarantee_of(work, house) == (0, TEN_BAGS)
    assert balances(work)[DutyAccount.SUSPENSE] == TEN_BAGS


def test_no_warehouse_takes_in_goods_that_its_licence_is_not_for(work: Work) -> None:
    house = a_customs_house(work)
    house.premises.licensed_goods = ["61"]
    consignment = a_consignment(work, house, [(house.product, 1, "500")])

    drafted(work, consignment)

    (refused,) = queries.refused_drafts(work.session)
    assert refused.facts["code"] == GoodsNotLicensed.code


def test_goods_that_are_not_in_bond_are_exported_at_the_rate_of_the_day_of_filing(
    work: Work,
) -> None:
    drafting, filing_day = on(work, "2026-06-30"), on(work, "2026-07-01")
    house = a_customs_house(drafting)
    in_bond(drafting, house, [(house.product, 10, "10")], currency="USD")
    (lot,) = work.session.exec(select(Lot).where(Lot.premises_id == house.premises.id))
    lot.regime = Regime.DUTY_PAID
    declaration = clearance.draft(drafting, asked(drafting, house, DisposalKind.RE_EXPORT))
    assert declaration is not None
    drafted_at = declaration.cif_baht

    commands.refresh_rates(filing_day, declaration)

    assert (declaration.procedure, declaration.currency) == (Procedure.EXPORT, "USD")
    assert declaration.cif_foreign == 40
    assert (drafted_at, declaration.cif_baht) == (Decimal("1281.78"), Decimal("1288.10"))
    assert declaration.rates_on == filing_day.today


def test_bonded_goods_and_others_are_asked_for_apart(work: Work, house: House) -> None:
    in_bond(work, house, [(house.product, 2, "500")])
    lots = work.session.exec(select(Lot).where(Lot.premises_id == house.premises.id)).all()
    lots[0].regime = Regime.DUTY_PAID
    disposal = disposing.request(
        somebody(work, house, Role.LIAISON),
        DisposalDraft(
            DisposalKind.RE_EXPORT,
            house.premises.id,
            "asked",
            [Wanted(lot.id, Decimal(1)) for lot in lots],
            country="LA",
        ),
    )

    with pytest.raises(MixedRegimes):
        clearance.draft(work, disposal)


def test_a_petition_has_no_message(work: Work, house: House) -> None:
    petition = clearance.draft(work, asked(work, house, DisposalKind.DESTRUCTION))
    assert petition is not None

    with pytest.raises(GoesOnPaper):
        commands.queue(work, petition)
    with pytest.raises(NoExitToConfirm):
        remitting.confirm_exit(work, petition, work.at)

    assert petition.state is DeclarationState.DRAFT


def test_what_a_petition_asks_for_nobody_else_declares(work: Work, house: House) -> None:
    petition = clearance.draft(work, asked(work, house, DisposalKind.ABANDONMENT, 7))
    assert petition is not None
    (line,) = queries.lines(work.session, petition.id)
    (behind,) = queries.declared_lots(work.session, petition.id)

    with pytest.raises(DischargeTooLarge) as refusal:
        withdrawing.draft(
            work,
            Withdrawal(
                Procedure.DONATION,
                house.premises.id,
                house.partner.id,
                "DSP-X",
                "OWNER",
                [BondedGoods(behind.lot_id, line.entry_line_id, Decimal(4))],
                disposal_id=asked(work, house, DisposalKind.DONATION, 1).id,
            ),
        )

    assert refusal.value.facts["available"] == 3


def test_what_did_not_arrive_is_free_to_be_declared_again(work: Work, house: House) -> None:
    declaration = let_go(work, asked(work, house, DisposalKind.TRANSFER, 10))
    (line,) = queries.lines(work.session, declaration.id)

    remitting.remit(work, declaration, work.at, {line.id: Decimal(7)})

    taken = queries.taken(work.session, [line.entry_line_id])[line.entry_line_id]
    assert (taken.quantity, taken.cif_baht, taken.cif_foreign) == (7, 3_500, 3_500)
    assert guarantee_of(work, house) == (0, 3 * 142)
    assert balances(work)[DutyAccount.TRANSFERRED] == 7 * 142


@pytest.mark.parametrize(
    "kind",
    [
        DisposalKind.RE_EXPORT,
        DisposalKind.TRANSFER,
        DisposalKind.FREE_ZONE,
        DisposalKind.SCRAP,
        DisposalKind.DONATION,
    ],
)
def test_a_sandbox_plays_every_kind(work: Work, house: House, kind: DisposalKind) -> None:
    disposal = asked(work, house, kind)
    house.premises.training = True
    clearance.declare(work, {"subject": str(disposal.id)})
    declaration = queries.declaration_of(work.session, disposal_id=disposal.id)
    assert declaration is not None

    played = rehearsal.play(opening(work), {"subject": str(declaration.id)})

    assert played
    assert declaration.state is DeclarationState.RELEASED
    assert disposals.lock(work, disposal.id).state.value == "authorised"


def opening(work: Work) -> Begin:
    """Opens the one unit of work of the test, as often as it is asked."""

    @contextmanager
    def begin() -> Iterator[Work]:
        yield work

    return begin
