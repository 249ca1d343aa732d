"""Excise by retail price, and by a measure of its own: from the announcement to home use."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from tests import builders
from tests.builders import House, added
from tests.customs_builders import (
    a_consignment,
    a_customs_house,
    a_product,
    a_tariff_line,
    accepted,
    an_order,
    balances,
    declared,
    drafted,
    duties_of,
    in_bond,
    on,
    released,
    stored,
)
from tests.endurance import nights
from warehouse.core.money import figures
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.changing import editing
from warehouse.customs.changing.editing import Correction
from warehouse.customs.checking import filing, validating
from warehouse.customs.drafting import withdrawing
from warehouse.customs.errors import FieldsRefused
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.money import what_if
from warehouse.customs.queries import Taken
from warehouse.customs.vocabulary import DeclarationState, DutyAccount
from warehouse.masterdata.models import ExciseRate, Product
from warehouse.operations.clearance import entry
from warehouse.operations.intake import announcing
from warehouse.operations.intake.announcing import Announcement, Goods

PERFUME, LIQUOR = "33030099", "22090099"


@pytest.fixture
def shop(work: Work) -> House:
    """Perfume bears 8 % of its retail price; liquor 20 %, and 100 baht a litre of alcohol."""
    house = a_customs_house(work)
    excise_on(work, PERFUME, "8", "0", "C62")
    excise_on(work, LIQUOR, "20", "100", "LTR")
    return house


def excise_on(work: Work, hs_code: str, pct: str, specific: str, unit: str) -> None:
    a_tariff_line(work, hs_code, "10", "2026-01-01")
    an_excise_rate(work, hs_code, pct, specific, unit)


def an_excise_rate(work: Work, hs_code: str, pct: str, specific: str, unit: str) -> None:
    added(
        work,
        ExciseRate(
            hs_code=hs_code, statistical_code="000", excise_code="1", by_retail_price=True,
            value_rate_pct=Decimal(pct), specific_rate_baht=Decimal(specific), unit=unit,
            valid_from=date(2026, 1, 1), source="the table of the test",
        ),
    )  # fmt: skip


def a_bottle(work: Work, house: House, hs_code: str, **facts: str) -> Product:
    product = a_product(work, house, hs_code)
    for name, value in facts.items():
        setattr(product, name, Decimal(value))
    return product


def announced(work: Work, house: House, *goods: Mapping[str, str]) -> Declaration:
    """The entry of *goods*, announced by their owner; put away."""
    consignment = announcing.announce(
        work,
        house.partner.id,
        Announcement(
            external_ref="EXCISE-1", arrival_date=work.today, house_bill="HAWB-1",
            consignor_name="MAISON", consignment_country="FR", invoice_number="INV-1",
            invoice_date=work.today, currency="THB", gross_weight_kg=Decimal(99),
            lines=[Goods(parcel_number=builders.a_parcel_number(), **each) for each in goods],
        ),
    ).consignment  # fmt: skip
    declaration = accepted(work, drafted(work, consignment))
    stored(work, house, consignment)
    return declaration


def home_use(work: Work, house: House, product: Product, quantity: int) -> Declaration:
    declaration = declared(work, an_order(work, house, product, quantity))
    assert declaration is not None
    return declaration


def the_line(work: Work, declaration: Declaration) -> DeclarationLine:
    [line] = queries.lines(work.session, declaration.id)
    return line


def owed(work: Work, declaration: Declaration) -> dict[str, str]:
    [duties] = duties_of(work, declaration)
    return {duty_type: figures(amount) for duty_type, amount in duties.items()}


def rules_broken(work: Work, declaration: Declaration) -> list[tuple[str, str, str]]:
    validating.validate(work, declaration)
    return [(each["rule"], each["severity"], each["field"]) for each in declaration.findings]


def test_goods_pay_by_their_retail_price_and_the_last_part_takes_the_rest(
    work: Work, shop: House
) -> None:
    work = on(work, "2026-08-02")
    liquor = a_bottle(work, shop, LIQUOR, retail_price_baht="1")  # what is announced wins
    perfume = a_bottle(work, shop, PERFUME, retail_price_baht="1490")
    goods = {"quantity": "8", "unit_price": "1000", "net_weight_kg": "8"}
    told = {"retail_price_baht": "1250.50", "excise_quantity": "1.001"}
    came = announced(
        work, shop, {"sku": perfume.sku, **goods}, {"sku": liquor.sku, **goods, **told}
    )
    scents, spirits = queries.lines(work.session, came.id)

    parts = [home_use(work, shop, liquor, 4) for _ in range(2)]
    scent = home_use(work, shop, perfume, 8)

    assert (scents.retail_price_baht, scents.excise_quantity) == (Decimal(1490), None)
    assert (spirits.retail_price_baht, spirits.excise_quantity) == (
        Decimal("1250.50"), Decimal("1.001"),
    )  # fmt: skip
    # 8 × 1490 = 11920, of which 8 %; VAT on 8000 + 800 + 953.60 + 95.36.
    assert owed(work, scent) == {
        "0100": "800.00", "0300": "953.60", "0400": "95.36", "0500": "689.43",
    }  # fmt: skip
    # 4 × 1250.50 = 5002, of which 20 %, and 100 baht × 0.501 or 0.500 litres.
    assert [the_line(work, part).excise_quantity for part in parts] == [
        Decimal("0.501"), Decimal("0.500"),
    ]  # fmt: skip
    assert [owed(work, part)["0300"] for part in parts] == ["1050.50", "1050.40"]
    receipt = next(each for each in the_line(work, parts[0]).explained if each["what"] == "0300")
    assert (receipt["base"], receipt["note"]) == ("5002.00", "")
    assert receipt["rate_unit"] == "% + 100 THB per LTR × 0.501"
    for declaration in [*parts, scent]:
        released(work, declaration)
    assert DutyAccount.SUSPENSE not in balances(work)


def test_only_goods_of_one_retail_price_and_one_measure_share_a_line(
    work: Work, shop: House
) -> None:
    liquor = a_bottle(work, shop, LIQUOR, excise_quantity="0.125", retail_price_baht="900")
    goods = {"sku": liquor.sku, "unit_price": "500", "net_weight_kg": "1"}

    came = announced(
        work,
        shop,
        {**goods, "quantity": "2"},
        {**goods, "quantity": "4", "excise_quantity": "0.5"},
        {**goods, "quantity": "2", "excise_quantity": "0.3"},
        {**goods, "quantity": "2", "retail_price_baht": "950"},
    )

    assert [
        (line.quantity, line.retail_price_baht, line.excise_quantity)
        for line in queries.lines(work.session, came.id)
    ] == [
        (Decimal(6), Decimal(900), Decimal("0.750")),
        (Decimal(2), Decimal(900), Decimal("0.300")),
        (Decimal(2), Decimal(950), Decimal("0.250")),
    ]


def test_what_is_declared_says_it_and_what_is_left_is_compared_by_it(
    work: Work, shop: House
) -> None:
    work = on(work, "2026-08-02")
    liquor = a_bottle(work, shop, LIQUOR, excise_quantity="0.125", retail_price_baht="900")
    came = in_bond(work, shop, [(liquor, 8, "500")])
    released(work, home_use(work, shop, liquor, 2))

    filed = filing.message(work.session, came).lines[0]
    proposal = what_if.proposed("", "22=10%")
    changes, _ = what_if.compare(work.session, shop.premises.id, proposal, work.today)

    assert (filed.retail_price_baht, filed.excise_quantity) == (Decimal(900), Decimal(1))
    assert filed.excise_unit_code == "LTR"
    # Of six bottles: 20 % of 5400, 100 × 0.75 litres, and a tenth of both.
    assert changes[0].now.other == Decimal("1270.50")


def test_a_missing_retail_price_warns_in_bond_and_stops_home_use_until_it_is_told(
    work: Work, shop: House
) -> None:
    work = on(work, "2026-08-02")
    perfume = a_bottle(work, shop, PERFUME)
    came = in_bond(work, shop, [(perfume, 2, "1000")])
    found = rules_broken(work, came)
    out = home_use(work, shop, perfume, 2)

    assert found == [("D70.1", "warning", "retail_price_baht")]
    assert out.state is DeclarationState.DRAFT
    assert ("D70.2", "error", "retail_price_baht") in rules_broken(work, out)
    assert owed(work, out)["0300"] == "176.00"  # 8 % of 2000 and 200 of duty
    with pytest.raises(FieldsRefused):
        editing.save(work, out, [Correction("1", "retail_price_baht", "0")], revision=out.revision)
    price = Correction("1", "retail_price_baht", "1490.25")
    editing.save(work, out, [price], revision=out.revision)
    assert owed(work, out)["0300"] == "238.44"
    assert out.total_tax == Decimal("633.84")  # excise and VAT in whole baht
    assert "D70.2" not in str(out.findings)


def test_home_use_does_not_say_another_price_than_its_entry(work: Work, shop: House) -> None:
    perfume = a_bottle(work, shop, PERFUME, retail_price_baht="1490")
    in_bond(work, shop, [(perfume, 2, "1000")])
    out = home_use(work, shop, perfume, 2)
    out.state = DeclarationState.DRAFT

    with pytest.raises(FieldsRefused) as refusal:
        editing.save(work, out, [Correction("1", "retail_price_baht", "1")], revision=out.revision)

    assert "1490" in str(refusal.value.findings)


def test_goods_that_excise_cannot_count_are_not_drafted_and_are_found(
    work: Work, shop: House
) -> None:
    liquor = a_bottle(work, shop, LIQUOR, retail_price_baht="900")
    consignment = a_consignment(work, shop, [(liquor, 2, "500")])
    a_tariff_line(work, "24039990", "10", "2026-01-01")
    snuff = drafted(work, a_consignment(work, shop, [(a_bottle(work, shop, "24039990"), 2, "9")]))
    assert snuff is not None
    an_excise_rate(work, "24039990", "0", "2", "GRM")

    refused = drafted(work, consignment)

    assert refused is None
    event = queries.refused_draft(work.session, consignment.id)
    assert event is not None
    assert liquor.sku in event.facts["en"]
    assert liquor.sku in event.facts["th"]
    assert "LTR" in event.facts["en"]
    assert ("D56.1", "error", "excise_quantity") in rules_broken(work, snuff)
    liquor.excise_quantity = Decimal("0.28")
    mended = drafted(work, consignment)
    assert mended is not None
    assert the_line(work, mended).excise_quantity == Decimal("0.560")


def test_where_parcels_are_split_only_what_excise_cannot_count_stays_behind(
    work: Work, shop: House
) -> None:
    work = on(work, "2026-08-02")
    nights.a_split(work, shop.premises.id, 200)
    liquor = a_bottle(work, shop, LIQUOR, retail_price_baht="900")
    shirt = a_product(work, shop)
    consignment = a_consignment(work, shop, [(shirt, 1, "100"), (liquor, 2, "500")])

    wrong = entry.declare(work, consignment)

    [drafted_alone] = queries.declarations_of_consignment(work.session, consignment.id)
    assert [line.sku for line in queries.lines(work.session, drafted_alone.id)] == [shirt.sku]
    assert [finding["rule"] for finding in wrong.values()] == ["D56.1"]


@pytest.mark.parametrize(
    ("whole", "shares"),
    [("1.000", ["0.333", "0.333", "0.334"]), ("0.002", ["0.001", "0.001", "0.001"])],
)
def test_parts_of_a_measure_add_up_and_none_counts_as_nothing(
    whole: str, shares: list[str]
) -> None:
    line = DeclarationLine(quantity=Decimal(3), excise_quantity=Decimal(whole))
    taken = Taken()

    found = []
    for _ in range(3):
        share = withdrawing.excise_share(line, Decimal(1), taken)
        assert share is not None
        found.append(share)
        taken = Taken(taken.quantity + 1, excise_quantity=taken.excise_quantity + share)

    assert found == list(map(Decimal, shares))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("retail_price_baht", "0", "not-positive"),
        ("retail_price_baht", "-1", "not-positive"),
        ("retail_price_baht", "1.005", "too-precise"),
        ("retail_price_baht", "1,490", "not-a-number"),
        ("excise_quantity", "0.0004", "too-precise"),
        ("excise_quantity", "๑", "not-a-number"),
        ("excise_quantity", "10000000001", "too-large"),
    ],
)
def test_what_cannot_be_a_price_or_a_measure_is_refused(field: str, value: str, code: str) -> None:
    goods = {"parcel_number": "P1", "sku": "S", "quantity": "1", "unit_price": "1", field: value}

    with pytest.raises(ValidationError) as refusal:
        Goods.model_validate(goods)

    [wrong] = refusal.value.errors()
    assert (wrong["loc"], wrong["type"]) == ((field,), code)
