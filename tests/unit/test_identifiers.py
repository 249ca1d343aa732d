"""Numbers of the post, of GS1 and of customs, against published samples and worked examples."""

import json
from pathlib import Path

import pytest
from babel import Locale

from warehouse.masterdata import identifiers
from warehouse.masterdata.identifiers import Indicator

VECTORS = Path(__file__).parent.parent / "vectors"
POSTAL = json.loads((VECTORS / "postal.json").read_text(encoding="utf-8"))
CUSTOMS = json.loads((VECTORS / "customs.json").read_text(encoding="utf-8"))["vectors"]

# What CLDR lists beside ISO 3166-1: exceptional reservations, groupings, pseudo-locales.
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}


def of_kind(kind: str) -> list[object]:
    return [pytest.param(case, id=case["id"]) for case in CUSTOMS if case["kind"] == kind]


def test_countries_are_those_of_iso_3166() -> None:
    cldr = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}

    assert cldr - NOT_ISO == identifiers.COUNTRIES


@pytest.mark.parametrize("case", POSTAL["s10_valid"], ids=lambda case: case["id"])
def test_published_item_numbers_have_their_check_digit(case) -> None:
    item = identifiers.parse_s10(case["id"])

    assert item is not None
    assert (item.check, item.expected_check) == (case["check"], case["check"])
    assert str(item) == case["id"]


@pytest.mark.parametrize("case", POSTAL["s10_invalid"], ids=lambda case: case["id"])
def test_a_wrong_item_number_is_read_and_the_right_digit_told(case) -> None:
    item = identifiers.parse_s10(case["id"])

    assert item is not None
    assert item.check != item.expected_check == case["expected_check"]
    assert item.indicator == case["indicator"]


@pytest.mark.parametrize(("serial", "check"), POSTAL["s10_serial_to_check"].items())
def test_the_check_digit_of_a_serial(serial: str, check: int) -> None:
    assert identifiers.s10_check_digit(serial) == check


@pytest.mark.parametrize(
    ("service", "indicator"),
    [
        ("AU", Indicator.UNASSIGNED), ("AV", Indicator.ASSIGNED), ("EE", Indicator.ASSIGNED),
        ("GA", Indicator.ASSIGNED), ("GB", Indicator.UNASSIGNED), ("GD", Indicator.ASSIGNED),
        ("GE", Indicator.UNASSIGNED), ("QM", Indicator.ASSIGNED), ("QN", Indicator.UNASSIGNED),
        ("JA", Indicator.RESERVED), ("WZ", Indicator.RESERVED), ("FA", Indicator.UNASSIGNED),
        ("OA", Indicator.UNASSIGNED), ("ZZ", Indicator.ASSIGNED),
    ],
)  # fmt: skip
def test_the_class_of_a_service_indicator(service: str, indicator: Indicator) -> None:
    assert identifiers.s10_indicator(service) is indicator


def test_every_indicator_has_one_class() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    classes = [identifiers.s10_indicator(first + second) for first in letters for second in letters]

    assert classes.count(Indicator.RESERVED) == 5 * 26
    assert classes.count(Indicator.ASSIGNED) == 5 + 13 * 26 + 2 + 13


def test_a_number_is_made_with_its_check_digit_and_leading_zeros() -> None:
    assert identifiers.make_s10("EE", 10000002, "TH") == "EE100000025TH"
    assert identifiers.make_s10("EB", 0, "TH") == "EB000000005TH"


@pytest.mark.parametrize("indicator", ["JA", "SZ", "FA", "AA", "GB", "QN", "E", "EEE", "ee", "E1"])
def test_no_number_is_made_for_a_service_that_does_not_exist(indicator: str) -> None:
    with pytest.raises(identifiers.UnassignedIndicator, match=indicator):
        identifiers.make_s10(indicator, 1, "TH")


@pytest.mark.parametrize("country", ["UK", "XX", "EU", "th", ""])
def test_no_number_is_made_for_a_country_that_does_not_exist(country: str) -> None:
    with pytest.raises(identifiers.UnassignedCountry):
        identifiers.make_s10("EE", 1, country)


def test_an_item_number_is_printed_in_groups() -> None:
    item = identifiers.parse_s10("RC338848854TH")

    assert item is not None
    assert item.printed == "RC 338 848 854 TH"


@pytest.mark.parametrize(
    "text",
    ["", "RC33884885TH", "RC3388488544TH", "rc338848854th", "RC338848854TH\n", "RC33884885٤TH"],
)
def test_what_is_not_an_item_number(text: str) -> None:
    assert identifiers.parse_s10(text) is None


@pytest.mark.parametrize("case", POSTAL["s9_valid"], ids=lambda case: case["id"])
def test_a_receptacle_is_read_with_its_despatch(case) -> None:
    receptacle = identifiers.parse_s9(case["id"])

    assert receptacle is not None
    assert identifiers.parse_s8(case["id"][:20]) == receptacle.despatch
    for name in ("origin", "dest", "category", "subclass", "year", "despatch"):
        assert getattr(receptacle.despatch, name) == case[name]
    for name in ("receptacle", "highest", "registered", "weight_hg"):
        assert getattr(receptacle, name) == case[name]


@pytest.mark.parametrize("case", POSTAL["s9_invalid"], ids=lambda case: case["id"])
def test_a_receptacle_of_the_wrong_length_is_none(case) -> None:
    assert len(case["id"]) == case["length"]
    assert identifiers.parse_s9(case["id"]) is None


def test_check_digits_of_gs1_keys() -> None:
    for key in POSTAL["sscc_valid"] + POSTAL["gtin13_valid"]:
        assert identifiers.gs1_check_ok(key)
    for key in POSTAL["sscc_invalid"] + POSTAL["gtin13_invalid"]:
        assert not identifiers.gs1_check_ok(key)


@pytest.mark.parametrize("case", of_kind("tax_id"))
def test_tax_ids(case) -> None:
    value, expected = case["inputs"]["value"], case["expect"]

    assert identifiers.is_tax_id(value) is expected["valid"]
    if "check_digit" in expected:
        assert identifiers.tax_id_check_digit(value) == int(expected["check_digit"])


@pytest.mark.parametrize("text", ["0-9940-00159-56-1", "0994000159561 ", "๐๙๙๔๐๐๐๑๕๙๕๖๑", ""])
def test_a_tax_id_is_thirteen_ascii_digits_and_nothing_else(text: str) -> None:
    assert not identifiers.is_tax_id(text)


@pytest.mark.parametrize("case", of_kind("declaration_number"))
def test_declaration_numbers(case) -> None:
    expected = case["expect"]

    parts = identifiers.declaration_number_parts(case["inputs"]["value"])

    assert (parts is not None) is expected["valid"]
    if parts is not None:
        assert parts == expected["parts"]


@pytest.mark.parametrize("case", of_kind("declaration_number_print"))
def test_a_printed_declaration_number_is_kept_without_its_hyphen(case) -> None:
    printed, stored = case["inputs"]["printed"], case["expect"]["value"]

    assert identifiers.stored_declaration_number(printed) == stored
    assert identifiers.stored_declaration_number(stored) == stored
    assert identifiers.printed_declaration_number(stored) == printed


def test_a_declaration_number_issued_by_hand_in_an_outage() -> None:
    parts = identifiers.declaration_number_parts("81100690800012")

    assert parts == {
        "office": "8110",
        "document_type": "0",
        "year": "2026",
        "month": "08",
        "running": "00012",
    }


@pytest.mark.parametrize(
    "text",
    [
        "A0300601100000",  # running from 00001
        "A0000601170019",  # day 0
        "A0320601170019",  # day 32
        "A0309601170019",  # no document type 9
        "A030E601170019",  # only in third-party code
        "A0300600070019",  # month 0
        "a0300601170019",
        "A0300601170019\n",
        "A๐300601170019",
    ],
)
def test_what_is_not_a_declaration_number(text: str) -> None:
    assert identifiers.declaration_number_parts(text) is None
    assert identifiers.stored_declaration_number(text) is None


@pytest.mark.parametrize("text", ["LOC-A1", "LOC-A-01-03", "LOC-B.2", "LOC-07"])
def test_location_codes(text: str) -> None:
    assert identifiers.is_location_code(text)
    assert identifiers.is_command_code(text.replace("LOC", "CMD"))


@pytest.mark.parametrize(
    "text", ["LOC-", "LOC", "LOC--A", "LOC-A-", "loc-a1", "LOC-A 1", "LOC-ก1", "LOC-" + "A" * 37]
)
def test_what_is_not_a_location_code(text: str) -> None:
    assert not identifiers.is_location_code(text)
