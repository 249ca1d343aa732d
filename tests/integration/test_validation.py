"""Our own look at a declaration before it is sent: every rule, its field and who can mend it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import select

from tests.builders import House, added
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
)
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.checking import filing_rules, permits, validating, validation
from warehouse.customs.checking.filing_rules import Rule, RuleDraft
from warehouse.customs.checking.findings import Finding, errors, to_confirm
from warehouse.customs.models import (
    Declaration,
    DeclarationDeposit,
    DeclarationDuty,
    DeclarationLine,
    FilingRule,
)
from warehouse.customs.vocabulary import Approval, DeclarationState, DocumentType
from warehouse.masterdata.models import Restriction, TariffLine
from warehouse.masterdata.vocabulary import RestrictionKind

Spoil = Callable[[Work, House, Declaration, list[DeclarationLine]], None]


def an_entry(work: Work, house: House) -> tuple[Declaration, list[DeclarationLine]]:
    """Two lines that nothing is wrong with."""
    shirt = a_product(work, house)
    declaration = drafted(
        work, a_consignment(work, house, [(shirt, 10, "100"), (house.product, 3, "55.5")])
    )
    assert declaration is not None
    assert declaration.state is DeclarationState.QUEUED
    assert declaration.findings == []
    declaration.state = DeclarationState.DRAFT
    return declaration, list(queries.lines(work.session, declaration.id))


def duty_of(work: Work, line: DeclarationLine) -> DeclarationDuty:
    return queries.duties(work.session, [line.id])[line.id][0]


def sets(row: str, **values: object) -> Spoil:
    """Write *values* into the *row* of the declaration that is named."""

    def spoil(
        work: Work, house: House, declaration: Declaration, lines: list[DeclarationLine]
    ) -> None:
        found = {
            "declaration": declaration,
            "line": lines[1],
            "premises": house.premises,
            "partner": house.partner,
            "duty": duty_of(work, lines[1]),
        }[row]
        for name, value in values.items():
            setattr(found, name, value)

    return spoil


def deposit(
    work: Work, _house: House, _declaration: Declaration, lines: list[DeclarationLine]
) -> None:
    duty = duty_of(work, lines[1])
    duty.deposit_baht = Decimal(5)
    added(work, DeclarationDeposit(duty_id=duty.id, reason_code="D99", amount=Decimal(5)))


def without_tariff(
    work: Work, _house: House, _declaration: Declaration, lines: list[DeclarationLine]
) -> None:
    for row in work.session.exec(select(TariffLine).where(TariffLine.hs_code == lines[1].hs_code)):
        row.valid_to = date(2026, 7, 31)


def restrict(kind: RestrictionKind | None, authority: str = "") -> Spoil:
    """The restriction table says *kind* of the second line; None: nothing."""

    def spoil(
        work: Work, _house: House, _declaration: Declaration, lines: list[DeclarationLine]
    ) -> None:
        for row in work.session.exec(
            select(Restriction).where(Restriction.hs_code == lines[1].hs_code)
        ):
            work.session.delete(row)
        work.session.flush()
        if kind is not None:
            a_restriction(work, lines[1].hs_code, kind, authority)

    return spoil


BROKEN = [
    ("C03.1", "", "administrator", sets("premises", operator_tax_id="0105546095725")),
    ("C06.1", "", "administrator", sets("premises", operator_name_en="ไปรษณีย์ไทย")),
    ("C11", "", "administrator", sets("premises", postcode="")),
    ("C21.1", "", "partner", sets("declaration", import_date=date(2022, 8, 1))),
    ("C23", "", "partner", sets("declaration", house_bill="")),
    ("C26.1", "", "administrator", sets("premises", customs_area_code="9999")),
    ("C27.1", "", "administrator", sets("premises", customs_area_code="0166")),
    ("C29.1", "", "partner", sets("declaration", consignment_country="QQ")),
    ("C31.1", "", "partner", sets("declaration", package_amount=0)),
    ("C33.1", "", "liaison", sets("declaration", net_weight_kg=Decimal("1.001"))),
    ("C35.1", "", "partner", sets("declaration", gross_weight_kg=Decimal("0.999"))),
    ("C37.1", "", "partner", sets("declaration", currency="QQQ")),
    ("C38.1", "", "liaison", sets("declaration", exchange_rate=Decimal("1.1"))),
    ("C39.1", "", "liaison", sets("declaration", cif_foreign=Decimal("1167.01"))),
    ("C40.1", "", "liaison", sets("declaration", cif_baht=Decimal("1186.51"))),
    ("C48.1", "", "liaison", sets("declaration", total_tax=Decimal(1))),
    ("C63.1", "", "administrator", sets("partner", country="TH", tax_id="123")),
    ("I01", "", "partner", sets("declaration", invoice_number="")),
    ("D04.1", "2", "partner", sets("line", hs_code="420222")),
    ("D04.2", "2", "liaison", without_tariff),
    ("D06.1", "2", "partner", sets("line", statistical_code="0A1")),
    ("D08.1", "2", "liaison", sets("line", privilege_code="QQQ")),
    ("D08.2", "2", "liaison", sets("line", privilege_code="ZZZ")),
    ("D11.1", "2", "liaison", sets("line", nature_of_transaction="12")),
    ("D14", "2", "partner", sets("line", description_th="")),
    ("D19.1", "2", "partner", sets("line", product_year="2099")),
    ("D22.1", "2", "partner", sets("line", origin_country="QQ")),
    ("D23.1", "2", "partner", sets("line", net_weight_kg=Decimal(0))),
    ("D25.2", "2", "partner", sets("line", quantity=Decimal("2.5"))),
    ("D26.1", "2", "partner", sets("line", unit="PCE")),
    ("D26.2", "2", "liaison", sets("line", unit="PR")),
    ("D29.1", "2", "partner", sets("line", cif_baht=Decimal(0), cif_foreign=Decimal(0))),
    ("D37.1", "2", "liaison", sets("line", cif_foreign=Decimal("167.01"))),
    ("D59.1", "2", "administrator", sets("premises", tax_incentive_id="")),
    ("D64.1", "2", "partner", sets("line", privilege_code="ATG")),
    ("T01.1", "2", "liaison", sets("duty", duty_type="0999")),
    ("T06.1", "2", "liaison", sets("duty", amount_paid=Decimal(1))),
    ("T07.1", "2", "liaison", sets("duty", exemption_pct=Decimal(50))),
    ("E01.1", "2", "liaison", deposit),
    ("L01", "", "manager", sets("premises", licence_to=date(2026, 8, 1))),
    ("L02", "2", "manager", sets("premises", licensed_goods=["61"])),
    ("L03", "", "liaison", sets("declaration", import_date=date(2024, 7, 1))),
    ("R01", "2", "partner", restrict(RestrictionKind.PERMIT, "0994000165676")),
    ("R02", "2", "liaison", restrict(None)),
    ("R03", "2", "partner", restrict(RestrictionKind.PROHIBITED)),
]


def test_each_broken_rule_is_found_with_its_line_and_who_can_mend_it(work: Work) -> None:
    work = on(work, "2026-08-02")
    house = a_customs_house(work)
    declaration, _ = an_entry(work, house)

    told = {rule: found_after(work, house, declaration, spoil) for rule, _, _, spoil in BROKEN}

    for rule, line, owner, _ in BROKEN:
        [finding] = [each for each in told[rule] if (each["rule"], each["line"]) == (rule, line)]
        assert finding["owner"] == owner
        assert finding["field"]
        assert "{" not in finding["th"] + finding["en"]


def found_after(work: Work, house: House, declaration: Declaration, spoil: Spoil) -> list[Finding]:
    """What is found once *spoil* has spoilt the entry, which is whole again afterwards."""
    savepoint = work.session.begin_nested()
    with work.session.no_autoflush:
        spoil(work, house, declaration, list(queries.lines(work.session, declaration.id)))
    work.session.flush()
    found = validating.validate(work, declaration)
    savepoint.rollback()
    work.session.expire_all()
    return found


def test_the_table_of_restrictions_says_three_different_things(work: Work) -> None:
    house = a_customs_house(work)
    declaration, lines = an_entry(work, house)

    def found(kind: RestrictionKind | None) -> tuple[list[str], list[str]]:
        restrict(kind, "0994000165676" if kind is RestrictionKind.PERMIT else "")(
            work, house, declaration, lines
        )
        findings = validating.validate(work, declaration)
        return [each["rule"] for each in errors(findings)], [
            each["rule"] for each in to_confirm(findings)
        ]

    unknown, none = found(None), found(RestrictionKind.NONE)
    needed = found(RestrictionKind.PERMIT)

    assert (unknown, none, needed) == (([], ["R02"]), ([], []), (["R01"], []))


def test_goods_that_nobody_knows_wait_until_somebody_says_that_none_is_needed(work: Work) -> None:
    house = a_customs_house(work)
    product = a_product(work, house, "98765432")
    a_tariff_line(work, "98765432", "10", "2026-01-01")
    for row in work.session.exec(select(Restriction).where(Restriction.hs_code == "98765432")):
        work.session.delete(row)
    consignment = a_consignment(work, house, [(product, 1, "100")])
    waiting = drafted(work, consignment)
    assert waiting is not None
    before = waiting.state

    permits.clear(work, waiting, ("98765432", "000"), "The FDA, by telephone, 3 August")
    drafted(work, consignment)

    assert (before, waiting.state) == (DeclarationState.DRAFT, DeclarationState.QUEUED)
    assert waiting.findings == []


def test_goods_out_of_bond_are_declared_as_they_came_in(work: Work) -> None:
    house = a_customs_house(work)
    in_bond(work, house, [(house.product, 10, "100")])
    home_use = declared(work, an_order(work, house, house.product, 2))
    assert home_use is not None
    assert home_use.findings == []
    [line] = queries.lines(work.session, home_use.id)
    line.description_en = "Something else"

    found = validating.validate(work, home_use)

    assert [each["rule"] for each in errors(found)] == ["D51.2"]
    assert "description_en" in found[0]["en"]


def test_a_second_person_is_asked_for_where_the_rule_wants_one(work: Work) -> None:
    house = a_customs_house(work)
    rule = Rule(approval=Approval.SECOND_PERSON)
    row = filing_rules.record(
        work,
        house.premises.id,
        RuleDraft(DocumentType.IMPORT, rule, work.today - timedelta(days=1), "Order 1/2569"),
    )
    row.recorded_by = "wipa"
    work.session.flush()
    filing_rules.approve(work, house.premises.id, row.id)

    waiting = drafted(work, a_consignment(work, house, [(house.product, 1, "100")]))

    assert waiting is not None
    assert waiting.state is DeclarationState.DRAFT
    assert [(each["rule"], each["severity"]) for each in waiting.findings] == [("A01", "warning")]


def test_a_later_rule_takes_the_place_of_the_earlier_one_once_it_is_approved(work: Work) -> None:
    premises_id = a_customs_house(work).premises.id
    rows: list[FilingRule] = []
    for first, packages in ((date(2026, 8, 1), 100), (date(2026, 9, 1), 200)):
        draft = RuleDraft(DocumentType.IMPORT, Rule(most_packages=packages), first, "Order 1/2569")
        rows.append(filing_rules.record(work, premises_id, draft))
        rows[-1].recorded_by = "wipa"
        work.session.flush()

    def most(day: date) -> int | None:
        kind = DocumentType.IMPORT
        return filing_rules.rule_of(work.session, premises_id, kind, day).most_packages

    nobody = most(date(2026, 8, 31))
    for row in rows:
        filing_rules.approve(work, premises_id, row.id)

    assert nobody is None
    assert (most(date(2026, 8, 31)), most(date(2026, 9, 1))) == (100, 200)


def test_a_large_declaration_is_looked_at_with_as_few_questions_as_a_small_one(work: Work) -> None:
    house = a_customs_house(work)
    shirt = a_product(work, house)
    goods = [(shirt, 1, f"{price}") for price in range(100, 400)]
    large = drafted(work, a_consignment(work, house, goods))
    assert large is not None
    for line in queries.lines(work.session, large.id):
        line.product_year = "2099"

    found = validating.validate(work, large)

    of_year = [each for each in found if each["rule"] == "D19.1"]
    assert len(of_year) == validating.MOST_OF_A_RULE + 1
    assert "200" in of_year[-1]["en"]


def test_every_rule_has_an_id_of_its_own_and_a_sentence() -> None:
    every = [each.id for each in validation.rules()]

    assert len(every) == len(set(every)) > 130
    assert all(each.says for each in validation.rules())
