"""What a scan names: the published samples, the Thai keyboard, and what looks alike."""

import json
from pathlib import Path

import pytest

from warehouse.operations.floor import keyboard, labels
from warehouse.operations.floor.labels import Kind

POSTAL = json.loads(
    (Path(__file__).parent.parent / "vectors" / "postal.json").read_text(encoding="utf-8")
)
ELEMENTS = "0109501101530003172603311034567\x1d21ABC\x1d3725"


def thai(keys: str) -> str:
    """What arrives when *keys* are pressed under a Thai layout."""
    return "".join(keyboard.KEDMANEE.get(key, key) for key in keys)


@pytest.mark.parametrize("case", POSTAL["s10_valid"], ids=lambda case: case["id"])
def test_a_published_item_number_is_itself(case) -> None:
    label = labels.identify(case["id"])

    assert (label.kind, label.value, label.check_ok) == (Kind.S10, case["id"], True)
    assert label.fields["check"] == case["check"]
    assert label.warnings == ()


@pytest.mark.parametrize("case", POSTAL["s10_invalid"], ids=lambda case: case["id"])
def test_an_item_number_that_fails_its_check_is_still_one(case) -> None:
    label = labels.identify(case["id"])

    assert (label.kind, label.check_ok) == (Kind.S10, "check_digit" not in case["reasons"])
    assert list(label.warnings) == case["reasons"]
    assert label.fields["expected_check"] == case["expected_check"]
    assert label.fields["indicator"] == case["indicator"]


@pytest.mark.parametrize(
    "scan", ["RC 338 848 854 TH", "rc-338848854-th", " RC338848854TH\r\n", "]C0RC338848854TH\t"]
)
def test_an_item_number_is_read_however_it_is_written(scan: str) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.value, label.raw) == (Kind.S10, "RC338848854TH", scan)
    assert not label.repaired


@pytest.mark.parametrize(
    ("scan", "warnings"),
    [
        ("RC338848854UK", ("country",)),
        ("RC338848854XX", ("country",)),
        ("JA338848854TH", ("indicator_reserved",)),
        ("FA338848854TH", ("indicator_unassigned",)),
        ("JA338848855XX", ("check_digit", "country", "indicator_reserved")),
    ],
)
def test_what_is_odd_about_an_item_number_is_told(scan: str, warnings: tuple[str, ...]) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.warnings) == (Kind.S10, warnings)


@pytest.mark.parametrize("case", POSTAL["s9_valid"], ids=lambda case: case["id"])
def test_a_receptacle_and_its_despatch(case) -> None:
    receptacle, despatch = labels.identify(case["id"]), labels.identify(case["id"][:20])

    expected = {name: value for name, value in case.items() if name != "id"}
    assert (receptacle.kind, despatch.kind) == (Kind.S9, Kind.S8)
    assert expected.items() <= receptacle.fields.items()
    assert despatch.fields.items() <= receptacle.fields.items()
    assert receptacle.fields["s8"] == despatch.value
    assert receptacle.check_ok is None


def test_the_weight_of_a_receptacle_is_also_told_in_kilograms() -> None:
    label = labels.identify("THBKKACLSCLEACN30563005000136")

    assert (label.fields["weight_hg"], label.fields["weight_kg"]) == (136, "13.6")


@pytest.mark.parametrize("case", POSTAL["s9_invalid"], ids=lambda case: case["id"])
def test_a_receptacle_of_the_wrong_length_is_unknown_and_says_why(case) -> None:
    label = labels.identify(case["id"])

    assert (label.kind, label.warnings) == (Kind.UNKNOWN, (case["reason"],))


def test_what_is_odd_about_a_receptacle_is_told() -> None:
    label = labels.identify("XXBKKACLSCLEEXN30563005230136")

    assert (label.kind, label.warnings) == (
        Kind.S9,
        ("country", "category", "subclass", "highest", "registered"),
    )


@pytest.mark.parametrize("number", POSTAL["sscc_valid"])
@pytest.mark.parametrize("before", ["", "00", "]C100", "(00)", "(00) ", "<GS>00"])
def test_a_pallet_is_named_by_its_eighteen_digits(before: str, number: str) -> None:
    label = labels.identify(before + number)

    assert (label.kind, label.value, label.check_ok) == (Kind.SSCC, number, True)


@pytest.mark.parametrize("number", POSTAL["sscc_invalid"])
@pytest.mark.parametrize("before", ["", "00"])
def test_a_pallet_with_a_wrong_check_digit_stays_a_pallet(before: str, number: str) -> None:
    label = labels.identify(before + number)

    assert (label.kind, label.check_ok, label.warnings) == (Kind.SSCC, False, ("check_digit",))
    assert label.fields["expected_check"] == 1


@pytest.mark.parametrize(
    "number", [*POSTAL["gtin13_valid"], "96385074", "036000291452", "19501101530000"]
)
def test_goods_are_named_by_their_gtin(number: str) -> None:
    label = labels.identify(number)

    assert (label.kind, label.value, label.check_ok) == (Kind.GTIN, number, True)
    assert label.fields["gtin14"] == number.zfill(14)


@pytest.mark.parametrize("number", POSTAL["gtin13_invalid"])
def test_thirteen_digits_are_a_gtin_even_with_a_wrong_check_digit(number: str) -> None:
    label = labels.identify(number)

    assert (label.kind, label.check_ok, label.warnings) == (Kind.GTIN, False, ("check_digit",))


@pytest.mark.parametrize("number", ["96385075", "036000291453", "19501101530001"])
def test_other_lengths_need_their_check_digit(number: str) -> None:
    assert labels.identify(number).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "scan",
    [
        "]C1" + ELEMENTS,
        "]d2\x1d" + ELEMENTS,
        "]Q3" + ELEMENTS.replace("\x1d", "{GS}"),
        ELEMENTS.replace("\x1d", "<GS>"),
        "(01) 09501101530003 (17) 260331 (10) 34567 (21) ABC (37) 25",
    ],
)
def test_a_symbol_that_declares_itself_gs1_is_read_element_by_element(scan: str) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.check_ok, label.warnings) == (Kind.GS1, True, ())
    assert label.value == "(01)09501101530003(17)260331(10)34567(21)ABC(37)25"
    assert label.fields == {
        "01": "09501101530003",
        "17": "2026-03-31",
        "10": "34567",
        "21": "ABC",
        "37": "25",
    }


@pytest.mark.parametrize(
    ("scan", "check_ok", "fields", "warnings"),
    [
        ("]C10109501101530004", False, {"01": "09501101530004"}, ("check_digit",)),
        ("]C11726023010X", None, {"17": "260230", "10": "X"}, ("date",)),
        ("]C117261331", None, {"17": "261331"}, ("date",)),
        ("]C117260200", None, {"17": "2026-02-28"}, ()),
        ("]C13103012345", None, {"3103": "12.345"}, ()),
        ("]C142176410310", None, {"421": "76410310"}, ()),
        ("]C110A\x1d10B", None, {"10": "B"}, ("repeated",)),
        ("001061414123456789081012", True, {"00": "106141412345678908", "10": "12"}, ()),
    ],
)
def test_elements_are_checked_one_by_one(scan, check_ok, fields, warnings) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.check_ok) == (Kind.GS1, check_ok)
    assert (label.fields, label.warnings) == (fields, warnings)


@pytest.mark.parametrize(
    "scan",
    [
        "hello\x1dworld",
        "]C1",
        "]C1xyz",
        "]C110" + "1" * 20 + "2112345",  # a batch too long is not a batch and a serial number
        "[)>\x1e06\x1d1JUN123",
    ],
)
def test_content_that_breaks_the_rules_of_gs1_is_unknown_and_says_so(scan: str) -> None:
    label = labels.identify(scan)

    assert label.kind is Kind.UNKNOWN
    assert "gs1_syntax" in label.warnings


@pytest.mark.parametrize(
    "scan", ["9400111899223197428490", "1020260731", "]C09400111899223197428490", ELEMENTS[:31]]
)
def test_an_ordinary_number_is_not_taken_for_gs1(scan: str) -> None:
    assert labels.identify(scan).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("scan", "kind", "value"),
    [
        ("LOC-A1", Kind.LOCATION, "LOC-A1"),
        ("loc-a-01-03\r", Kind.LOCATION, "LOC-A-01-03"),
        ("CMD-CONFIRM", Kind.COMMAND, "CMD-CONFIRM"),
        ("LP00123456789012", Kind.PARTNER, "LP00123456789012"),
        ("LBX0123456789", Kind.PARTNER, "LBX0123456789"),
        ("LZDTH0012345678", Kind.PARTNER, "LZDTH0012345678"),
        ("12345678901234567", Kind.PARTNER, "12345678901234567"),
        ("LP123456785CN", Kind.S10, "LP123456785CN"),
    ],
)
def test_our_own_and_partners_codes(scan: str, kind: Kind, value: str) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.value) == (kind, value)
    assert label.check_ok is (True if kind is Kind.S10 else None)


@pytest.mark.parametrize(
    ("scan", "quantity"),
    [("12", 12), ("012\r", 12), ("0", 0), ("12x", 12), ("12 X", 12), ("×12", 12), ("99999", 99999)],
)
def test_a_few_digits_say_how_many(scan: str, quantity: int) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.value) == (Kind.QUANTITY, str(quantity))
    assert label.fields == {"quantity": quantity}


@pytest.mark.parametrize(
    ("scan", "kilograms"),
    [("1.25KG", "1.25"), ("850 G", "0.85"), ("850g", "0.85"), ("12 kg", "12"), ("10KG", "10")],
)
def test_a_scale_says_what_something_weighs(scan: str, kilograms: str) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.value) == (Kind.WEIGHT, f"{kilograms}KG")
    assert label.fields == {"weight_kg": kilograms}


@pytest.mark.parametrize("scan", ["123456", "1.5", "-3", "12 pcs", "1,5KG", "KG", "×", "1×2"])
def test_other_numbers_say_neither(scan: str) -> None:
    assert labels.identify(scan).kind is Kind.UNKNOWN


@pytest.mark.parametrize("case", POSTAL["thai_keyboard"], ids=lambda case: case["keys"])
def test_a_scan_under_a_thai_layout_is_repaired(case) -> None:
    label = labels.identify(case["typed"])

    assert (label.value, label.repaired, label.raw) == (case["keys"], True, case["typed"])
    assert label.warnings == ("layout_fixed",)


@pytest.mark.parametrize(
    "keys",
    [
        "RC338848854TH",
        "rc338848854th",
        "EY145587896TH",
        "THBKKACLSCLEACN30563005000136",
        "00370718204101034711",
        "9501101530003",
        "LOC-A-01-03",
        "CMD-CONFIRM",
        "LBX0123456789",
        "12",
        "1.25KG",
        "]C1" + ELEMENTS,
        "]d2" + ELEMENTS.replace("\x1d", "{GS}") + "\r",
    ],
)
def test_every_kind_survives_a_thai_layout(keys: str) -> None:
    plain, repaired = labels.identify(keys), labels.identify(thai(keys))

    assert repaired.repaired
    assert (repaired.kind, repaired.value) == (plain.kind, plain.value)
    assert repaired.fields == plain.fields
    assert repaired.warnings == ("layout_fixed", *plain.warnings)


@pytest.mark.parametrize(
    "keys", ["RC338848854TH", "LOC-A1", "]C1" + ELEMENTS, "]d20109501101530003"]
)
def test_caps_lock_under_a_thai_layout_is_repaired(keys: str) -> None:
    label = labels.identify(thai(keys.swapcase()))

    assert label.repaired
    assert (label.kind, label.fields) == (labels.identify(keys).kind, labels.identify(keys).fields)


def test_shift_lock_under_a_thai_layout_is_repaired() -> None:
    label = labels.identify("พแ๒๒๕๕๓๕๕๔๓ะ้")

    assert (label.kind, label.value, label.repaired) == (Kind.S10, "RC338848854TH", True)


def test_digits_from_a_keypad_between_thai_letters_are_kept() -> None:
    assert labels.identify("ฑฉ338848854ธ็").value == "RC338848854TH"


@pytest.mark.parametrize(
    "text",
    [
        "สวัสดีครับ",
        "น้ำมันพืช ตราองุ่น",
        "กำลังรอการชำระภาษี",
        "๙๕๐๑๑๐๑๕๓๐๐๐๓",
        "๒๓๔๕๒๓๔๕",
        "RC๓๓๘๘๔๘๘๕๔TH",
        "ฑฉ๑๒๓๔๕๑๒๓๔ธ็",
        "๐๐100000025TH",
        "\uff19\uff15\uff10\uff11\uff11\uff10\uff11\uff15\uff13\uff10\uff10\uff10\uff13",
        "\uff32\uff23338848854TH",
        "📦",
        "RC338848854TH📦",
        "RC338848854TH\x00",
        "RC33884885\u0664TH",
        "\u017fC338848854TH",
        "https://id.gs1.org/01/09501101530003",
    ],
)
def test_other_text_is_unknown_and_left_as_it_is(text: str) -> None:
    label = labels.identify(text)

    assert (label.kind, label.value, label.raw) == (Kind.UNKNOWN, text, text)
    assert (label.repaired, label.check_ok, label.warnings) == (False, None, ())


@pytest.mark.parametrize("scan", ["", " \t\r\n"])
def test_nothing_scanned_is_told(scan: str) -> None:
    label = labels.identify(scan)

    assert (label.kind, label.value, label.warnings) == (Kind.UNKNOWN, "", ("empty",))


@pytest.mark.parametrize("unit", ["A", "1", "ก", "(", "{GS}", "LOC-", "๑", "\x1d", "(10)é"])
def test_a_flood_of_characters_is_unknown(unit: str) -> None:
    assert labels.identify(unit * 10_000).kind is Kind.UNKNOWN


def test_the_documented_json_of_a_scan() -> None:
    assert labels.identify_json("9501101530004\r") == {
        "kind": "gtin",
        "value": "9501101530004",
        "check_ok": False,
        "repaired": False,
        "fields": {"gtin14": "09501101530004", "check": 4, "expected_check": 3},
        "warnings": ["check_digit"],
        "raw": "9501101530004\r",
    }
