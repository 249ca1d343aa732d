"""The arithmetic of customs where the published examples do not reach."""

from datetime import date
from decimal import Decimal

import pytest

from warehouse.customs import rules
from warehouse.customs.policy import POLICY_CSV, read_policy, shipped_policy
from warehouse.customs.rules import DutyRate, Line, Measure, Policy, PolicyRow, Quantity, Rule
from warehouse.customs.rules.errors import (
    ExtensionTooLong,
    NoPolicy,
    OverlappingPolicy,
    QuantityNeeded,
    UnitsDiffer,
)
from warehouse.masterdata.vocabulary import RateType

POLICY = shipped_policy()
ON = date(2026, 8, 2)


def a_line(cif: str = "1000.00", duty_pct: str = "30") -> Line:
    return Line(Decimal(cif), DutyRate(RateType.AD_VALOREM, Decimal(duty_pct)))


def a_row(valid_from: date, valid_to: date | None, value: str = "7") -> PolicyRow:
    return PolicyRow("vat_pct", "STANDARD", value, valid_from, valid_to, "a decree")


def test_a_garment_in_bond_has_all_of_its_duty_suspended() -> None:
    charges = rules.line_charges(a_line(), POLICY, ON)

    suspensions = rules.suspended(charges, POLICY, ON)

    assert {each.duty_type: each.suspended for each in suspensions} == {
        "0100": Decimal("300.00"),
        "0500": Decimal("91.00"),
    }
    assert all(each.payable == 0 for each in suspensions)
    assert all("p.101" in each.rule.source for each in suspensions)


def test_what_is_paid_is_the_lines_and_their_rounding() -> None:
    lines = [rules.line_charges(a_line(cif), POLICY, ON) for cif in ("333.33", "666.61")]

    duty, vat = rules.declaration_totals(lines, POLICY, ON)

    assert (duty.exact, duty.amount) == (Decimal("299.98"), Decimal(299))
    assert duty.amount - duty.exact == Decimal("-0.98")
    assert vat.rounding.value == "TRUNCATE_BAHT"


def test_a_rate_by_the_kilogram_counts_weight_without_being_told() -> None:
    rate = DutyRate(RateType.SPECIFIC, specific_rate=Decimal(20), unit="KGM")
    line = Line(Decimal(100), rate, net_weight=Quantity(Decimal("1.5"), "KGM"))

    charges = rules.line_charges(line, POLICY, ON)

    assert charges.amounts["0100"] == Decimal("30.00")


def test_a_rate_by_the_piece_needs_a_quantity() -> None:
    rate = DutyRate(RateType.SPECIFIC, specific_rate=Decimal(20), unit="C62")
    line = Line(Decimal(100), rate, net_weight=Quantity(Decimal("1.5"), "KGM"))

    with pytest.raises(QuantityNeeded) as refusal:
        rules.line_charges(line, POLICY, ON)

    assert refusal.value.facts == {"measure": Measure.QUANTITY}


@pytest.mark.parametrize(
    ("amount", "declared", "wanted", "counted"),
    [
        ("2500", "GRM", "KGM", "2.5"),
        ("1.5", "TNE", "KGM", "1500"),
        ("5", "CTM", "GRM", "1"),
        ("24", "PCE", "DZN", "2"),
        ("3", "MTQ", "LTR", "3000"),
        ("7", "PR", "PR", "7"),
    ],
)
def test_units_are_converted(amount: str, declared: str, wanted: str, counted: str) -> None:
    assert rules.amount_in(Quantity(Decimal(amount), declared), wanted) == Decimal(counted)


@pytest.mark.parametrize(("declared", "wanted"), [("KGM", "LTR"), ("PR", "C62"), ("C62", "XYZ")])
def test_units_of_different_things_are_not_converted(declared: str, wanted: str) -> None:
    with pytest.raises(UnitsDiffer):
        rules.amount_in(Quantity(Decimal(1), declared), wanted)


@pytest.mark.parametrize(
    ("imported_on", "extension_years", "ends_on"),
    [
        (date(2025, 1, 1), 0, date(2027, 1, 1)),
        (date(2024, 2, 29), 0, date(2026, 2, 28)),
        (date(2025, 2, 28), 1, date(2028, 2, 28)),
        (date(2026, 8, 2), 1, date(2029, 8, 2)),
    ],
)
def test_storage_ends_years_after_the_import_date(
    imported_on: date, extension_years: int, ends_on: date
) -> None:
    assert rules.storage_ends_on(imported_on, POLICY, extension_years=extension_years) == ends_on


def test_storage_is_extended_by_one_year_at_most() -> None:
    with pytest.raises(ExtensionTooLong):
        rules.storage_ends_on(ON, POLICY, extension_years=2)


def test_the_discharge_that_empties_an_entry_takes_the_remainder() -> None:
    value, quantity = Decimal("1000.00"), Decimal(3)

    first = rules.discharged_value(
        value, quantity, Decimal(1), value_left=value, quantity_left=quantity
    )
    last = rules.discharged_value(
        value, quantity, Decimal(2), value_left=value - first, quantity_left=Decimal(2)
    )

    assert (first, last) == (Decimal("333.33"), Decimal("666.67"))


def test_a_rule_holds_on_its_first_and_on_its_last_day() -> None:
    old = a_row(date(2020, 1, 1), date(2020, 12, 31), "7")
    new = a_row(date(2021, 1, 1), None, "10")
    policy = Policy.of([new, old])

    days = [date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]

    assert [policy.value(Rule.VAT_PCT, "STANDARD", day).value for day in days] == ["7", "7", "10"]


def test_a_day_without_a_rule_is_named() -> None:
    policy = Policy.of([a_row(date(2020, 1, 1), date(2020, 12, 31))])

    with pytest.raises(NoPolicy) as refusal:
        policy.value(Rule.VAT_PCT, "STANDARD", date(2021, 1, 1))

    assert refusal.value.facts["on"] == date(2021, 1, 1)


@pytest.mark.parametrize("ends", [date(2021, 1, 1), None])
def test_two_rules_for_one_day_are_refused(ends: date | None) -> None:
    with pytest.raises(OverlappingPolicy):
        Policy.of([a_row(date(2020, 1, 1), ends), a_row(date(2021, 1, 1), None)])


def test_every_shipped_rule_has_a_source_that_fits_its_column() -> None:
    rows = read_policy(POLICY_CSV)

    assert rows
    assert all(0 < len(row.source) <= 200 for row in rows)
    assert set(Rule) <= {row.name for row in rows}


def test_no_shipped_rule_leaves_a_gap() -> None:
    for periods in POLICY.periods.values():
        ends = [row.valid_to for row in periods[:-1]]
        starts = [row.valid_from for row in periods[1:]]

        assert [(start - end).days for end, start in zip(ends, starts, strict=True)] == [1] * len(
            ends
        )
        assert periods[-1].valid_to is None


def test_every_duty_type_of_the_rounding_table_has_a_name() -> None:
    duty_types = {row.key for row in read_policy(POLICY_CSV) if row.name == Rule.TOTAL_ROUNDING}

    totals = [rules.rounded_total(each, Decimal("1.00"), POLICY, ON) for each in duty_types]

    assert all(rules.receipt(total)["title"] != total.what for total in totals)
