"""Two versions of a declaration, told apart figure by figure and in words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.filings import into_bond
from warehouse.customs.changing.comparing import difference, in_words
from warehouse.customs.gateway import DeclarationMessage


def amended(**line: object) -> DeclarationMessage:
    """The ten bags as other goods: duty 30 % instead of 20 %."""
    old = into_bond()
    goods = replace(
        old.lines[0],
        tariff_code="61102000",
        duties=(
            replace(old.lines[0].duties[0], value_rate=Decimal(30), amount=Decimal("9390.00")),
            replace(old.lines[0].duties[1], amount=Decimal("2848.30")),
        ),
    )
    return replace(old, version=2, lines=(replace(goods, **line),))  # type: ignore[arg-type]


def test_a_version_is_no_different_from_itself() -> None:
    assert difference(into_bond(), replace(into_bond(), version=2)) == []


def test_a_line_is_told_in_one_sentence_with_what_it_costs() -> None:
    told = in_words(difference(into_bond(), amended()), "en")

    assert told == [
        "line 1: HS 4202.22.00 → 6110.20.00, duty +฿3,130.00, VAT +฿219.10, guarantee +฿3,349.10"
    ]


def test_the_way_back_is_told_with_the_other_sign() -> None:
    told = in_words(difference(amended(), into_bond()), "en")

    assert told == [
        "line 1: HS 6110.20.00 → 4202.22.00, duty −฿3,130.00, VAT −฿219.10, guarantee −฿3,349.10"
    ]


def test_what_is_paid_now_stands_against_no_guarantee() -> None:
    old = replace(into_bond(), document_type="P")
    new = replace(amended(), document_type="P", total_tax=Decimal(3349))

    told = in_words(difference(old, new), "en")

    assert told[0] == "payable +฿3,349.00"
    assert "guarantee" not in told[1]


def test_the_whole_comes_before_its_lines_and_days_are_told_as_days() -> None:
    old = into_bond()
    new = replace(
        amended(brand_name="ACME"),
        total_package_amount=old.total_package_amount + 1,
        invoices=(replace(old.invoices[0], invoice_date=date(2026, 2, 21)),),
    )

    whole, line = in_words(difference(old, new), "en")

    assert whole.startswith("packages ")
    assert "invoice day 20 February 2026 → 21 February 2026" in whole
    assert "brand" in line


def test_a_line_more_is_told_with_its_goods() -> None:
    old = into_bond()
    more = replace(old.lines[0], item_number=2, english_description="PURSE")

    told = in_words(difference(old, replace(old, lines=(*old.lines, more))), "en")

    assert len(told) == 1
    assert told[0].startswith("line 2: goods – → PURSE, value +฿31,300.00, duty +฿6,260.00")
