"""The guarantee is a hard stop: to the satang, for each strategy, however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tests import builders
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_letter,
    a_product,
    accepted,
    drafted,
    guarantee_of,
    on,
)
from warehouse import wiring
from warehouse.core.work import SYSTEM, Event, Work, begin
from warehouse.customs import commands, queries
from warehouse.customs.errors import GuaranteeShort
from warehouse.customs.models import Declaration, GuaranteeAccount
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState, GuaranteeStrategy
from warehouse.operations.clearance import entry

SUSPENDED = Decimal("391.00")  # of a garment of 1,000 baht: duty 300 and VAT 91
FLAT = {
    "strategy": GuaranteeStrategy.FLAT,
    "required_baht": Decimal(1_000_000),
    "in_force_baht": Decimal(1_000_000),
    "percent": Decimal(0),
}


def a_garment_declared(work: Work, **guarantee: object) -> Declaration:
    house = a_customs_house(work, **guarantee)
    declaration = drafted(work, a_consignment(work, house, [(a_product(work, house), 1, "1000")]))
    assert declaration is not None
    return declaration


@pytest.mark.parametrize(
    ("guarantee", "state", "refused"),
    [
        ({"in_force_baht": SUSPENDED}, DeclarationState.QUEUED, []),
        ({"in_force_baht": SUSPENDED - 1}, DeclarationState.DRAFT, ["guarantee-short"]),
        (
            {"in_force_baht": SUSPENDED / 2, "percent": Decimal(50)},
            DeclarationState.QUEUED,
            [],
        ),
        (
            {"in_force_baht": Decimal("195.49"), "percent": Decimal(50)},
            DeclarationState.DRAFT,
            ["guarantee-short"],
        ),
        (FLAT, DeclarationState.QUEUED, []),
        (FLAT | {"exposure_limit_baht": SUSPENDED}, DeclarationState.QUEUED, []),
        (
            FLAT | {"exposure_limit_baht": SUSPENDED - 1},
            DeclarationState.DRAFT,
            ["exposure-exceeded"],
        ),
        (
            FLAT | {"in_force_baht": Decimal("999999.99")},
            DeclarationState.DRAFT,
            ["guarantee-short"],
        ),
        (FLAT | {"valid_to": date(2026, 8, 2)}, DeclarationState.QUEUED, []),
        (FLAT | {"valid_to": date(2026, 8, 1)}, DeclarationState.DRAFT, ["guarantee-ended"]),
    ],
)
def test_an_entry_is_sent_only_within_the_guarantee(
    work: Work, guarantee: dict[str, object], state: DeclarationState, refused: list[str]
) -> None:
    work = on(work, "2026-08-02")

    declaration = a_garment_declared(work, **guarantee)

    assert declaration.state is state
    assert [refusal["code"] for refusal in declaration.refusals] == refused


def test_the_shortage_is_named_in_baht(work: Work) -> None:
    work = on(work, "2026-08-02")

    declaration = a_garment_declared(work, in_force_baht=Decimal(390))

    (refusal,) = declaration.refusals
    assert "falls short by 1 baht: 391 is needed, 390 is in force" in refusal["en"]


def test_what_the_guarantee_did_not_cover_is_sent_once_it_does(work: Work) -> None:
    work = on(work, "2026-08-02")
    declaration = a_garment_declared(work, in_force_baht=Decimal(0))
    a_letter(work, work.session.exec(select(GuaranteeAccount)).one(), SUSPENDED)

    entry.draft_entry(work, {"subject": str(declaration.consignment_id)})

    assert declaration.state is DeclarationState.QUEUED
    assert declaration.refusals == []


def test_without_a_guarantee_nothing_is_sent(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    without = builders.a_premises(work, "BW-NONE")
    house = replace(house, premises=without)

    declaration = drafted(work, a_consignment(work, house, [(a_product(work, house), 1, "1000")]))

    assert declaration is not None
    assert declaration.state is DeclarationState.DRAFT
    assert declaration.refusals[0]["code"] == "guarantee-account-not-found"


def test_withdrawing_a_queued_entry_frees_what_was_set_aside(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = a_product(work, house)
    kept = drafted(work, a_consignment(work, house, [(product, 1, "1000")]))
    withdrawn = drafted(work, a_consignment(work, house, [(product, 2, "1000")]))
    assert withdrawn is not None

    commands.cancel(work, withdrawn)
    accepted(work, kept)

    assert guarantee_of(work, house) == (0, SUSPENDED)


def test_the_shortage_names_what_fits_instead_oldest_first(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work, in_force_baht=SUSPENDED * 3)
    product = a_product(work, house)
    with_ten, with_two, _, with_one = (
        drafted(work, a_consignment(work, house, [(product, quantity, "1000")]))
        for quantity in (10, 2, 4, 1)
    )
    assert with_ten
    assert with_two
    assert with_one
    for queued in (with_two, with_one):  # as if nobody had sent them yet
        commands.cancel(work, queued)
        queued.state = DeclarationState.DRAFT

    with pytest.raises(GuaranteeShort) as refused:
        commands.queue(work, with_ten)

    references = [with_two.reference_number, with_one.reference_number]
    assert refused.value.facts["instead"] == references
    assert refused.value.facts["short"] == SUSPENDED * 7


def test_each_share_of_use_is_told_once_whenever_it_is_reached(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work, in_force_baht=SUSPENDED * 20)
    product = a_product(work, house)

    entries = [drafted(work, a_consignment(work, house, [(product, 1, "1000")])) for _ in range(20)]
    for withdrawn in entries[12:]:
        assert withdrawn is not None
        commands.cancel(work, withdrawn)
    drafted(work, a_consignment(work, house, [(product, 3, "1000")]))

    work.session.flush()
    told = work.session.exec(
        select(Event).where(Event.name == CustomsEvent.GUARANTEE_NEAR).order_by(col(Event.sequence))
    )
    assert [event.facts["share"] for event in told] == ["70", "85", "95", "70"]


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        ({"in_force_baht": SUSPENDED * 7}, "guarantee-short"),
        ({"in_force_baht": SUSPENDED * 7 / 2, "percent": Decimal(50)}, "guarantee-short"),
        (FLAT | {"exposure_limit_baht": SUSPENDED * 7}, "exposure-exceeded"),
    ],
)
def test_of_twenty_filings_at_once_as_many_go_through_as_the_guarantee_covers(
    database: Engine, terms: dict[str, object], refused: str
) -> None:
    with begin(database, SYSTEM, wiring.SUBSCRIBERS) as work:
        house = a_customs_house(work, **terms)
        product = a_product(work, house)
        consignments = [a_consignment(work, house, [(product, 1, "1000")]) for _ in range(20)]
        keys = [consignment.id for consignment in consignments]

    def declare(consignment_id: UUID) -> None:
        with begin(database, SYSTEM, wiring.SUBSCRIBERS) as work:
            entry.draft_entry(work, {"subject": str(consignment_id)})

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(declare, keys))

    with begin(database, SYSTEM, {}) as work:
        found = queries.worklist(work.session)
        assert guarantee_of(work, house) == (SUSPENDED * 7, 0)
    losers = [each for each in found if each.state is DeclarationState.DRAFT]
    assert sum(each.state is DeclarationState.QUEUED for each in found) == 7
    assert [[reason["code"] for reason in each.refusals] for each in losers] == [[refused]] * 13
