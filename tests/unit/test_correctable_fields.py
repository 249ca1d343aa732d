"""What each field of a declaration takes, and what it says to the rest."""

from datetime import date
from decimal import Decimal

import pytest

from warehouse.customs.changing.fields import (
    CONTROL,
    LINE,
    NotTaken,
    PermitNamed,
    named_by,
    written,
)

FIELDS = {**CONTROL, **LINE}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("hs_code", "6109.10.10", "61091010"),
        ("origin_country", " cn ", "CN"),
        ("product_year", "0", "0"),
        ("quantity", "12.500", Decimal("12.500")),
        ("unit_price_foreign", "0.00001", Decimal("0.00001")),
        ("invoice_date", "2026-08-31", date(2026, 8, 31)),
        ("package_amount", "99999999", 99_999_999),
        ("description_th", "เสื้อ  ยืด", "เสื้อ ยืด"),
        ("origin_certificate", "", ""),
        ("retail_price_baht", "1490.50", Decimal("1490.50")),
        ("excise_quantity", " ", None),
        ("permits", "", ()),
        (
            "permits",
            "FDA-1/2569 2026-01-31 0994000165676\n",
            (PermitNamed("FDA-1/2569", date(2026, 1, 31), "0994000165676"),),
        ),
    ],
)
def test_a_field_reads_what_it_takes_and_writes_what_it_reads_again(
    field: str, text: str, value: object
) -> None:
    assert FIELDS[field].read(text) == value
    assert FIELDS[field].read(written(value)) == value


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("hs_code", "6109101", "Write {count} digits."),
        ("hs_code", "๖๑๐๙๑๐๑๐", "Write {count} digits."),
        ("origin_country", "CHN", "Write it as in {example}."),
        ("quantity", "0.000", "This must be more than 0."),
        ("quantity", "-1", "This must be more than 0."),
        ("quantity", "100000000000", "This is more than the field can hold."),
        ("gross_weight_kg", "1.2345", "Write a number such as {example}"),
        ("retail_price_baht", "1490.505", "Write a number such as {example}"),
        ("excise_quantity", "0", "This must be more than 0."),
        ("package_amount", "1.5", "Write a whole number."),
        ("package_amount", "100000000", "This is more than the field can hold."),
        ("invoice_date", "31/08/2569", "Write the day as in {example}."),
        ("consignor_name", " ", "This is required."),
        ("consignor_name", "A" * 71, "This is too long: at most {most} characters."),
        ("brand", "A\x07B", "This holds a sign that cannot be printed."),
        ("permits", "FDA-1/2569", "Write one permit a line"),
    ],
)
def test_a_field_says_what_it_does_not_take(field: str, text: str, says: str) -> None:
    with pytest.raises(NotTaken) as refused:
        FIELDS[field].read(text)

    assert refused.value.sentence.startswith(says)


def test_customs_codes_lead_to_the_fields_that_they_mean() -> None:
    assert [named_by(code) for code in ("D04", "D25", "C35", "D37", "SIM")] == [
        "hs_code", "quantity", "gross_weight_kg", "unit_price_foreign", "",
    ]  # fmt: skip
