"""S5: received parcels are declared into bond, looked at, mended, approved, accepted and frozen."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from pypdfium2 import PdfDocument
from sqlmodel import col, select

from tests import builders, customs_builders
from tests.builders import House
from tests.scenarios.world import Parcel, World
from warehouse.access.vocabulary import Role
from warehouse.core import clock
from warehouse.core.errors import Unavailable
from warehouse.core.jobs import Jobs, drain
from warehouse.core.papers import Paper
from warehouse.core.work import Event
from warehouse.customs import jobs
from warehouse.customs.gateway import (
    AnswerKind,
    DeclarationMessage,
    RawAnswer,
    Receipt,
)
from warehouse.customs.models import (
    Declaration,
    DeclarationLine,
    FilingRule,
    GuaranteeAccount,
    Permit,
)
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    GuaranteeStrategy,
)
from warehouse.inventory.models import Lot
from warehouse.masterdata.vocabulary import RestrictionKind
from warehouse.shipments.models import Consignment

OPENED = date(2026, 8, 2)
"""The day on which the mail bag was opened: completion of import (Customs Act s.50)."""
NUMBER = "A0030690800012"
FDA = "0994000165676"
CODES = [f"9988770{digit}" for digit in range(10)]
"""Ten commodities at 10 per cent that need no permit."""
GARMENT = "61091010"
RESTRICTED = "99887799"


@pytest.fixture
def goods(world: World) -> list[Parcel]:
    """Twelve kinds of goods under two product numbers each; one kind needs leave of the FDA."""
    with world.arrange() as work:
        customs_builders.a_restriction(work, RESTRICTED, RestrictionKind.PERMIT, FDA)
        for hs_code in (*CODES, RESTRICTED):
            customs_builders.a_tariff_line(work, hs_code, "10", "2022-01-01")
        for hs_code in (GARMENT, *CODES, RESTRICTED):
            for variant in "AB":
                sku = f"{hs_code}-{variant}"
                product = builders.a_product(work, world.partners["ALB"], sku)
                product.hs_code = hs_code
                world.products["ALB", sku] = product
    return [
        (builders.a_parcel_number(), f"{hs_code}-{variant}", 1, "1000")
        for hs_code in (GARMENT, *CODES, RESTRICTED)
        for variant in "AB"
    ]


def the_declaration(world: World) -> Declaration:
    [found] = world.rows(select(Declaration).where(Declaration.state != DeclarationState.CANCELLED))
    return found


def account(world: World, premises: str = "BW-BKK-01") -> GuaranteeAccount:
    here = world.houses[premises].premises.id
    [found] = world.rows(select(GuaranteeAccount).where(GuaranteeAccount.premises_id == here))
    return found


def rules_found(declaration: Declaration) -> list[str]:
    return sorted({each["rule"] for each in declaration.findings})


def test_an_entry_is_merged_looked_at_mended_approved_and_accepted_into_bond(
    world: World, goods: list[Parcel]
) -> None:
    anong, boon = world.colleague(Role.LIAISON, "anong"), world.colleague(Role.MANAGER, "boon")
    proposed = anong.submit(
        "/filing-rules",
        document_type="0",
        approval="second_person",
        most_lines="9999",
        valid_from="2026-08-01",
        source="Order of the manager 1/2569",
    )
    [rule] = world.rows(select(FilingRule))
    own = anong.submit(f"/filing-rules/{rule.id}/approval")
    approved = boon.submit(f"/filing-rules/{rule.id}/approval")
    assert [proposed.status_code, own.status_code, approved.status_code] == [303, 409, 303]

    world.announce(goods, arrival_date=OPENED)
    world.run_jobs()
    drafted = the_declaration(world)
    lines = world.rows(
        select(DeclarationLine)
        .where(DeclarationLine.declaration_id == drafted.id)
        .order_by(col(DeclarationLine.line_number))
    )
    assert len(lines) == 12
    assert {line.quantity for line in lines} == {2}
    assert drafted.state is DeclarationState.DRAFT
    [missing] = [each for each in drafted.findings if each["severity"] == "error"]
    assert (missing["rule"], missing["line"], missing["field"]) == ("R01", "12", "permits")
    assert RESTRICTED in missing["en"]
    assert FDA in missing["th"]

    recorded = anong.submit(
        "/permits",
        partner="ALB",
        number="อย. 10-1-69-00001",
        agency=FDA,
        direction="import",
        hs_code=RESTRICTED,
        issued="2026-07-01",
        valid_from="2026-07-01",
        valid_to="2026-12-31",
        quantity="5",
        unit="C62",
    )
    [permit] = world.rows(select(Permit))
    own = anong.submit(f"/permits/{permit.id}/approval")
    confirmed = boon.submit(f"/permits/{permit.id}/approval")
    assert [recorded.status_code, own.status_code, confirmed.status_code] == [303, 409, 303]
    assert rules_found(the_declaration(world)) == ["A01"]

    path = f"/api/v1/declarations/{drafted.reference_number}/approval"
    assert anong.post(path, {}).status_code == 200
    [permit] = world.rows(select(Permit))
    assert permit.drawn_quantity == 2
    with world.arrange() as work:
        sent = customs_builders.sent(work, work.session.merge(the_declaration(world)))
        customs_builders.tell(work, sent, AnswerKind.NUMBERED, number=NUMBER)
    world.run_jobs()

    accepted = the_declaration(world)
    assert accepted.declaration_number == NUMBER
    assert accepted.storage_ends_on == date(2028, 8, 2)
    assert accepted.rates_on == accepted.import_date == OPENED
    with world.arrange() as work:
        garments = customs_builders.duties_of(work, accepted)[0]
    assert garments == {"0100": Decimal("600.00"), "0500": Decimal("182.00")}, "two garments"
    assert account(world).debited_baht == garments["0100"] + garments["0500"] + 11 * 354
    lots = world.rows(select(Lot))
    assert {(lot.declaration_number, lot.under_bond) for lot in lots} == {(NUMBER, True)}
    [paper] = world.rows(select(Paper).where(Paper.kind == "declaration"))
    text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(paper.content))
    assert "กระเป๋าถือ" in text
    world.prove()


def test_the_same_entry_is_accepted_on_a_flat_guarantee(world: World) -> None:
    a_flat_house(world)

    entered = world.enter(
        world.announce(
            [("PARCEL-1", "TEE-1", 1, "1000")], premises="BW-HDY-03", arrival_date=OPENED
        )
    )

    flat = account(world, "BW-HDY-03")
    assert entered.state is DeclarationState.NUMBERED
    assert (flat.debited_baht, flat.required_baht) == (Decimal("391.00"), 1_000_000)
    page = world.colleague(Role.LIAISON, "hathai", "BW-HDY-03").get("/guarantee").text
    assert "391.00" in page
    world.prove()


# ── Bad input ────────────────────────────────────────────────────────────────────────────────────


def test_bad_2_one_baht_too_little_is_refused_with_the_top_up_and_what_fits_instead(
    world: World,
) -> None:
    a_house(world, "BW-SML-09", Decimal("390.00"))
    large = [("PARCEL-1", "TEE-1", 1, "1000")]
    small = [("PARCEL-2", "TEE-1", 1, "500")]
    world.announce(large, premises="BW-SML-09", arrival_date=OPENED)
    world.announce(small, premises="BW-SML-09", arrival_date=OPENED)
    world.run_jobs()

    found = {
        each.cif_baht: each
        for each in world.rows(select(Declaration).order_by(col(Declaration.reference_number)))
    }
    assert found[Decimal(1000)].state is DeclarationState.DRAFT
    [refusal] = found[Decimal(1000)].refusals
    assert refusal["code"] == "guarantee-short"
    assert " 1 baht" in refusal["en"]
    [foretold] = [each for each in found[Decimal(1000)].findings if each["rule"] == "G01"]
    assert (foretold["owner"], foretold["severity"]) == ("manager", "warning")
    assert found[Decimal(500)].state is DeclarationState.QUEUED, "it fits, and went instead"
    assert account(world, "BW-SML-09").reserved_baht == Decimal("195.50")
    world.prove()


@dataclass
class Silent:
    """A gateway that takes the first message and dies before it answers."""

    submitted: list[UUID] = field(default_factory=list)
    asked: list[UUID] = field(default_factory=list)

    def compose(self, message: DeclarationMessage) -> bytes:
        return message.reference_number.encode()

    def submit(self, message_id: UUID, _document: bytes) -> Receipt:
        self.submitted.append(message_id)
        raise Unavailable(system="customs")

    def query(self, message_id: UUID) -> Receipt | None:
        self.asked.append(message_id)
        return Receipt(message_id, accepted=True, at=clock.now())

    def fetch_answers(self, _after: str | None) -> list[RawAnswer]:
        return []


def test_bad_3_a_silent_gateway_leaves_it_unknown_then_asks_and_never_sends_twice(
    world: World,
) -> None:
    gateway = Silent()
    world.announce([("PARCEL-1", "TEE-1", 1, "1000")], arrival_date=OPENED)
    with world.arrange() as work:
        declaration = customs_builders.drafted(work, work.session.exec(select(Consignment)).one())
    assert declaration is not None

    desk = a_desk(gateway)
    drain(world.database, desk)
    unknown = the_declaration(world).state
    world.wait(minutes=5)
    drain(world.database, desk)

    assert unknown is DeclarationState.UNKNOWN
    assert the_declaration(world).state is DeclarationState.SENT
    assert gateway.submitted == gateway.asked == [declaration.message_id]
    world.prove()


def test_bad_6_a_code_valid_until_july_is_refused_for_august(world: World) -> None:
    with world.arrange() as work:
        customs_builders.a_tariff_line(work, "98765432", "10", "2022-01-01", "2026-07-31")
        product = work.session.merge(world.products["ALB", "TEE-1"])
        product.hs_code = "98765432"

    world.announce([("PARCEL-1", "TEE-1", 1, "1000")], arrival_date=OPENED)
    world.run_jobs()
    world.announce([("PARCEL-2", "TEE-1", 1, "1000")], arrival_date=date(2026, 7, 31))
    world.run_jobs()

    [refused] = world.rows(select(Event).where(Event.name == CustomsEvent.DRAFT_REFUSED.value))
    assert refused.facts["code"] == "tariff-line-missing"
    assert "98765432" in refused.facts["en"]
    assert "2 August 2026" in refused.facts["en"]
    assert "2 สิงหาคม 2569" in refused.facts["th"]
    assert the_declaration(world).import_date == date(2026, 7, 31)
    world.prove()


def test_bad_7_a_flat_guarantee_that_has_ended_takes_nothing_more_in(world: World) -> None:
    a_flat_house(world, valid_to=date(2026, 8, 3))

    world.clock.move_to("2026-08-04 02:00:00")
    world.announce([("PARCEL-1", "TEE-1", 1, "1000")], premises="BW-HDY-03", arrival_date=OPENED)
    world.run_jobs()

    refused = the_declaration(world)
    assert refused.state is DeclarationState.DRAFT
    assert [each["code"] for each in refused.refusals] == ["guarantee-ended"]
    assert "3 August 2026" in refused.refusals[0]["en"]
    assert account(world, "BW-HDY-03").reserved_baht == 0
    world.prove()


def a_flat_house(world: World, **terms: Any) -> None:
    """BW-HDY-03: a bank guarantee of a million baht, and no limit."""
    a_house(
        world,
        "BW-HDY-03",
        Decimal(1_000_000),
        strategy=GuaranteeStrategy.FLAT,
        required_baht=Decimal(1_000_000),
        **terms,
    )


def a_house(world: World, code: str, in_force: Decimal, **terms: Any) -> None:
    with world.arrange() as work:
        premises = builders.a_premises(work, code)
        there = world.house
        house = House(premises, there.partner, there.product, {}, builders.a_clerk(work, premises))
        builders.some_places(work, premises)
        customs_builders.a_guarantee(work, house, in_force, **terms)
    world.houses[code] = house


def a_desk(gateway: Silent) -> Jobs:
    return Jobs(
        handlers={},
        callers={"send-declaration": partial(jobs.send_declaration, gateway=gateway)},
        subscribers={},
    )
