"""Permits: approved by two, drawn at queueing, given back, in date when goods come and go."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from tests.builders import House
from tests.conftest import TESTER
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_product,
    a_restriction,
    a_tariff_line,
    an_order,
    declared,
    drafted,
    in_bond,
    on,
    sent,
    tell,
)
from warehouse.access.errors import SecondPersonNeeded
from warehouse.core.work import Work, begin
from warehouse.customs import commands
from warehouse.customs.changing import editing
from warehouse.customs.changing.editing import Correction
from warehouse.customs.checking import permits, validating
from warehouse.customs.checking.permits import PermitDraft
from warehouse.customs.errors import PermitKnown
from warehouse.customs.gateway import AnswerKind
from warehouse.customs.models import Declaration, DeclarationPermit, Permit, PermitDraw
from warehouse.customs.vocabulary import DeclarationState, PermitDrawKind
from warehouse.masterdata.models import Product
from warehouse.masterdata.vocabulary import RestrictionKind, TradeDirection
from warehouse.operations.clearance import entry

HS = "98765432"
FDA = "0994000165676"


def restricted(work: Work, house: House) -> Product:
    """Goods that need leave of the FDA to come in."""
    a_restriction(work, HS, RestrictionKind.PERMIT, FDA)
    a_tariff_line(work, HS, "10", "2022-01-01")
    return a_product(work, house, HS)


def a_permit(
    work: Work, house: House, number: str, quantity: int | None, until: date | None = None
) -> Permit:
    """A permit that somebody else recorded, approved."""
    permit = permits.record(
        work,
        PermitDraft(
            partner_id=house.partner.id,
            number=number,
            authority_id=FDA,
            direction=TradeDirection.IMPORT,
            hs_code=HS,
            statistical_code="000",
            issue_date=date(2026, 1, 1),
            valid_from=date(2026, 1, 1),
            valid_to=until,
            quantity=Decimal(quantity) if quantity is not None else None,
            unit="C62",
        ),
    )
    permit.recorded_by = "wipa"
    work.session.flush()
    return permits.approve(work, permit.id)


def drawn(work: Work) -> dict[str, Decimal]:
    work.session.expire_all()
    rows = work.session.exec(select(Permit).order_by(col(Permit.number)))
    return {permit.number: permit.drawn_quantity for permit in rows}


def codes(declaration: Declaration | None) -> list[str]:
    assert declaration is not None
    return [each["rule"] for each in declaration.findings if each["severity"] == "error"]


def test_whoever_recorded_a_permit_does_not_approve_it_and_its_number_counts_once(
    work: Work,
) -> None:
    house = a_customs_house(work)
    approved = a_permit(work, house, "P-1", 5)
    approved.approved_by = approved.approved_at = None
    approved.recorded_by = TESTER.name
    work.session.flush()

    with pytest.raises(SecondPersonNeeded):
        permits.approve(work, approved.id)
    with pytest.raises(PermitKnown):
        a_permit(work, house, "P-1", 7)


def test_a_line_that_names_a_withdrawn_permit_waits_until_it_is_recorded_anew(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    consignment = a_consignment(work, house, [(restricted(work, house), 10, "100")])
    draft = drafted(work, consignment)
    assert draft is not None
    wrong = a_permit(work, house, "P-1", 20)
    wrong.approved_by = wrong.approved_at = None
    named = Correction("1", "permits", f"P-1 {wrong.issue_date} {FDA}")
    editing.save(work, draft, [named], revision=draft.revision)
    before = codes(draft)

    permits.withdraw(work, wrong.id)
    work.session.flush()
    validating.validate(work, draft)
    after = codes(draft)
    a_permit(work, house, "P-1", 10)
    validating.validate(work, draft)

    assert (before, after, codes(draft)) == (["P01.1"], ["P01.5"], [])


def test_lines_draw_on_the_permit_that_ends_first_and_the_rest_on_the_next(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = restricted(work, house)
    a_permit(work, house, "LATER", None)
    a_permit(work, house, "SOON", 3, until=date(2026, 9, 1))

    declaration = drafted(work, a_consignment(work, house, [(product, 10, "100")]))

    assert declaration is not None
    assert declaration.state is DeclarationState.QUEUED
    assert drawn(work) == {"LATER": 7, "SOON": 3}


def test_what_no_permit_covers_waits_and_what_too_small_a_permit_covers_does_too(
    work: Work,
) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = restricted(work, house)
    consignment = a_consignment(work, house, [(product, 10, "100")])
    without = codes(drafted(work, consignment))

    a_permit(work, house, "SMALL", 9)
    with_a_small_one = codes(drafted(work, consignment))
    a_permit(work, house, "MORE", 1)
    entry.draft_entry(work, {"subject": str(consignment.id)})

    assert (without, with_a_small_one) == (["R01"], ["P01.4"])
    assert drawn(work) == {"MORE": 0, "SMALL": 0}, "a line keeps the permit that it names"


@pytest.mark.parametrize("refused", [True, False])
def test_what_was_drawn_is_given_back_once(work: Work, *, refused: bool) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = restricted(work, house)
    a_permit(work, house, "P-1", 10)
    declaration = drafted(work, a_consignment(work, house, [(product, 10, "100")]))
    assert declaration is not None
    before = drawn(work)

    if refused:
        tell(work, sent(work, declaration), AnswerKind.REJECTED)
    commands.cancel(work, declaration)
    permits.give_back(work, declaration)

    assert (before, drawn(work)) == ({"P-1": 10}, {"P-1": 0})
    kinds = [each.kind for each in work.session.exec(select(PermitDraw))]
    assert sorted(kinds) == [PermitDrawKind.DRAWN, PermitDrawKind.GIVEN_BACK]


def test_goods_whose_permit_expired_in_bond_are_not_released(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = restricted(work, house)
    a_permit(work, house, "P-1", 10, until=date(2026, 8, 31))
    in_bond(work, house, [(product, 10, "100")])
    in_time = declared(work, an_order(work, house, product, 1))

    late = declared(on(work, "2026-09-01"), an_order(on(work, "2026-09-01"), house, product, 1))

    assert in_time is not None
    assert in_time.state is DeclarationState.QUEUED, (in_time.findings, in_time.refusals)
    assert codes(late) == ["P01.2"]
    assert late is not None
    assert late.state is DeclarationState.DRAFT
    assert "P-1" in late.findings[0]["en"]
    assert "31 สิงหาคม 2569" in late.findings[0]["th"]
    assert drawn(work) == {"P-1": 10}, "out of bond nothing is drawn again"


def test_a_newer_permit_lets_them_go(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    product = restricted(work, house)
    a_permit(work, house, "P-1", 10, until=date(2026, 8, 31))
    in_bond(work, house, [(product, 10, "100")])
    later = on(work, "2026-09-01")
    order = an_order(later, house, product, 2)
    late = declared(later, order)
    assert late is not None

    newer = a_permit(later, house, "P-2", 10)
    [line] = commands.queries.lines(work.session, late.id)
    permits.attach(later, line, newer)
    declared(later, order)

    assert late.state is DeclarationState.QUEUED
    assert drawn(work) == {"P-1": 10, "P-2": 2}
    named = work.session.exec(select(DeclarationPermit.number)).all()
    assert sorted(named) == ["P-1", "P-2"]


def test_twenty_at_once_never_draw_more_than_there_is(database: Engine) -> None:
    with begin(database, TESTER, {}) as work:
        house = a_customs_house(work)
        product = restricted(work, house)
        permit_id = a_permit(work, house, "P-1", 7).id
        consignments = [a_consignment(work, house, [(product, 1, "100")]).id for _ in range(20)]
    together = Barrier(20)

    def file(consignment_id: object) -> None:
        with begin(database, replace(TESTER, name="system"), {}) as work:
            together.wait()
            entry.draft_entry(work, {"subject": str(consignment_id)})

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(file, consignments))

    with begin(database, TESTER, {}) as work:
        permit = work.session.get_one(Permit, permit_id)
        draws = work.session.exec(select(PermitDraw)).all()
        states = [each.state for each in work.session.exec(select(Declaration))]
    assert permit.drawn_quantity == len(draws) == 7
    assert states.count(DeclarationState.QUEUED) == 7
    assert states.count(DeclarationState.DRAFT) == 13
