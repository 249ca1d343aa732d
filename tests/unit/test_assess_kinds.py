"""Every kind of case beside the published ones: the documented examples, and where they bend."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from warehouse.customs import assess
from warehouse.customs.assess.cases import KINDS

ON = date(2026, 11, 1)
PAGE = (Path(__file__).parents[2] / "docs" / "assess.md").read_text(encoding="utf-8")
CASES = [json.loads(block) for block in re.findall(r"```json case\n(.*?)```", PAGE, re.DOTALL)]
BATCH = json.loads(PAGE.split("```json batch\n")[1].split("```")[0])
LINE = {"cif_baht": "100000.00", "duty_pct": "10", "import_date": "2026-01-15"}
ODD = (
    None,
    "",
    "0",
    "9999999999999999.9999999999",
    "9999-12-31",
    "x",
    True,
    1.5,
    [],
    {},
    [{}],
    ["0100"],
)
JUMPER = {"fob_baht": "900.00", "cif_baht": "1000.00", "duty_pct": "30"}


def ask(kind: str, **inputs: object) -> dict:
    """The answer to one case."""
    request = {"vectors": [{"id": "case", "kind": kind, "inputs": inputs}]}
    return next(assess.answers(request, ON))


def result_of(kind: str, **inputs: object) -> dict:
    return ask(kind, **inputs)["result"]


def refusal_of(kind: str, **inputs: object) -> dict:
    return ask(kind, **inputs)["error"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_a_documented_example_is_what_is_answered(case: dict) -> None:
    assert result_of(case["kind"], **case["inputs"]) == case["result"]


def test_the_documented_declaration_adds_up_its_lines() -> None:
    assert next(assess.answers(BATCH, ON))["result"] == BATCH["result"]


def test_every_kind_has_a_documented_example() -> None:
    assert {case["kind"] for case in (*CASES, *BATCH["vectors"])} == set(KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_every_figure_names_its_source(case: dict) -> None:
    explained = ask(case["kind"], **case["inputs"])["explained"]

    assert explained
    assert all(each["source"] for each in explained)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_whatever_stands_in_an_input_is_answered_or_refused_by_name(case: dict) -> None:
    for name in KINDS[case["kind"]].known:
        for odd in ODD:
            answer = ask(case["kind"], **case["inputs"] | {name: odd})

            assert answer.keys() & {"result", "error"}
            assert "{" not in answer.get("error", {}).get("title_en", "").replace("{…}", "")


def test_an_unknown_input_is_told_which_are_known() -> None:
    refusal = refusal_of("exchange", amount="1")

    assert refusal["code"] == "unknown-input"
    assert refusal["title_en"].endswith(
        "Known are amount_baht, amount_foreign, currency, exchange_rate, import_date, rate_unit."
    )


def test_safeguard_feeds_the_excise_and_a_fund_does_not_feed_vat() -> None:
    plain = result_of("tax_line", **LINE, excise={"value_pct": "10"})
    guarded = result_of("tax_line", **LINE, excise={"value_pct": "10"}, safeguard_pct="5")
    funded = result_of("tax_line", **LINE, excise={"value_pct": "10", "funds": ["1412"]})

    assert Decimal(guarded["0300"]) - Decimal(plain["0300"]) == Decimal("500.00")
    assert (funded["1412"], funded["0500"]) == ("220.00", plain["0500"])


def test_excise_by_price_and_by_volume_is_added() -> None:
    excise = {
        "value_pct": "5", "retail_price_baht": "100.00", "quantity": "10", "unit": "LTR",
        "specific_rate": "2.5",
    }  # fmt: skip

    answer = ask("tax_line", **LINE, excise=excise)

    charged = answer["explained"][1]
    assert answer["result"]["0300"] == "75.00"
    assert (charged["base"], charged["exact"]) == ("1000.00", "75.00")
    assert charged["rate_unit"] == "% + 2.5 THB per LTR × 10"


def test_a_levy_by_weight_counts_the_declared_weight() -> None:
    levy = {"duty_type": "0603", "specific_rate": "180", "unit": "TNE"}

    result = result_of("tax_line", **LINE, net_weight="2500", levies=[levy])

    assert (result["0603"], result["0500"]) == ("450.00", "7731.50")


def test_a_unit_factor_stands_in_for_a_conversion() -> None:
    duty = {"specific_rate": "10", "unit": "LTR", "specific_unit": "2", "unit_factor": "0.33"}
    inputs = {"cif_baht": "100.00", "duty": duty, "quantity": "24", "quantity_unit": "C62"}

    answer = ask("tax_line", **inputs)

    assert answer["result"]["0100"] == "79.20"
    assert answer["explained"][0]["base"] == "7.92"


def test_what_customs_counts_replaces_what_was_declared() -> None:
    duty = {"specific_rate": "10", "unit": "C62"}

    result = result_of(
        "tax_line", cif_baht="100.00", duty=duty, quantity="5", assessed_quantity="7"
    )

    assert result["0100"] == "70.00"


@pytest.mark.parametrize(
    ("privilege", "proof", "duty"),
    [("ATG", None, "10000.00"), ("ATG", "D-1", "0.00"), ("WTO", None, "0.00")],
)
def test_a_privilege_earns_its_rate_by_a_proof_where_one_is_asked_for(
    privilege: str, proof: str | None, duty: str
) -> None:
    free = {"value_pct": "0"}

    result = result_of(
        "tax_line", **LINE, privilege=privilege, origin_proof=proof, preferential_duty=free
    )

    assert result["0100"] == duty
    assert result["notes"]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("exemption", {"exemption_pct": "33.33"}),
        ("deposit", {"deposit_reason": "D06"}),
        ("guarantee", {"guarantee_method": "A", "guarantee_type": "C"}),
        ("price_dispute", {"cif_assessed_baht": "123456.78"}),
        ("tariff_dispute", {"assessed_duty_pct": "33.3"}),
        ("bonded_entry", {}),
    ],
)
def test_what_is_assessed_is_paid_exempted_or_deposited(kind: str, more: dict) -> None:
    result = result_of(kind, **LINE, excise_pct="7", **more)

    for duty_type, assessed in result["assessed"].items():
        parts = [result[each][duty_type] for each in ("paid", "exempted", "deposited")]
        assert sum(map(Decimal, parts)) == Decimal(assessed)
        assert result[duty_type] == result["paid"][duty_type]
    assert sum(map(Decimal, result["deposited"].values())) == Decimal(result["total_deposit"])


def test_a_lower_assessed_value_leaves_nothing_to_deposit() -> None:
    result = result_of("price_dispute", **LINE, cif_assessed_baht="90000.00")

    assert (result["0100"], result["total_tax"]) == ("9000.00", "15930.00")


def test_disputed_lines_add_up_to_a_declaration_with_its_deposit() -> None:
    control = {"control_currency": "THB", "control_exchange_rate": "1"}
    vectors = [
        {"id": "all", "kind": "declaration_total", "inputs": {"lines": ["a", "b"]} | control},
        {"id": "a", "kind": "price_dispute", "inputs": LINE | {"cif_assessed_baht": "120000.05"}},
        {"id": "b", "kind": "tax_line", "inputs": LINE},
    ]

    result = next(assess.answers({"vectors": vectors}, ON))["result"]

    assert result["control_cif_baht"] == "200000.00"
    assert (result["total_tax"], result["total_deposit"]) == ("36940.00", "2000.01")


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("exemption", {}, "missing-input"),
        ("exemption", {"exemption_pct": "100.01"}, "malformed-input"),
        ("exemption", {"exemption_pct": {"0999": "1"}}, "unknown-input"),
        ("deposit", {}, "missing-input"),
        ("deposit", {"deposit_reason": "D99"}, "no-policy"),
        ("deposit", {"deposit_reason": "D01", "deposited": {"0100": "10000.01"}},
         "deposit-too-large"),
        ("deposit", {"deposit_reason": "D01", "deposited": "0100"}, "malformed-input"),
        ("guarantee", {"guarantee_method": "H", "guarantee_type": "M"}, "malformed-input"),
        ("guarantee", {"guarantee_type": "C"}, "missing-input"),
        ("guarantee", {"guarantee_method": "L", "guarantee_type": "C"}, "malformed-input"),
        ("guarantee", {"tax_card_baht": "0.01"}, "malformed-input"),
        ("price_dispute", {}, "missing-input"),
        ("tariff_dispute", {}, "missing-input"),
        ("quantity_dispute", {}, "missing-input"),
        ("excise_dispute", {"excise_pct": "1"}, "missing-input"),
        ("tax_line", {"duty": {"value_pct": "1"}}, "one-of-both"),
        ("tax_line", {"excise_pct": "1", "excise": {"value_pct": "1"}}, "one-of-both"),
        ("tax_line", {"special_pct": "1", "levies": [{"duty_type": "0105", "value_pct": "1"}]},
         "doubled-levy"),
        ("tax_line", {"levies": [{"duty_type": "0500", "value_pct": "1"}]}, "malformed-input"),
        ("tax_line", {"levies": []}, "malformed-input"),
        ("tax_line", {"excise": {"specific_rate": "1", "unit": "LTR"}}, "quantity-needed"),
        ("tax_line", {"excise": {"quantity": "1"}}, "missing-input"),
        ("tax_line", {"excise": {"value_pct": "1", "funds": ["0100"]}}, "malformed-input"),
        ("tax_line", {"exempt_cif_pct": "101"}, "malformed-input"),
    ],
)  # fmt: skip
def test_a_line_of_its_own_kind_says_what_is_wrong(kind: str, more: dict, code: str) -> None:
    assert refusal_of(kind, **LINE, **more)["code"] == code


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"transport": "sea"}, "missing-input"),
        ({"price": "10", "transport": "sea"}, "missing-input"),
        ({"price": "10", "trade_terms": "FOB"}, "missing-input"),
        ({"price": "10", "trade_terms": "FOB", "transport": "air"}, "freight-needed"),
        ({"price": "10", "trade_terms": "CIV"}, "malformed-input"),
        ({"price": "10", "price_baht": "10", "trade_terms": "CIF"}, "one-of-both"),
        ({"price": "10", "trade_terms": "CIF", "commission_conditions": ["luck"]},
         "malformed-input"),
        ({"price": "10", "trade_terms": "CIF", "discount": "1"}, "missing-input"),
    ],
)  # fmt: skip
def test_a_price_that_makes_no_value_says_why(inputs: dict, code: str) -> None:
    assert refusal_of("cif_build_up", **inputs)["code"] == code


@pytest.mark.parametrize(
    ("inputs", "fob", "cif"),
    [
        ({"trade_terms": "FCA", "to_fob": "50", "transport": "3"}, "1050.00", "1165.50"),
        ({"trade_terms": "FOB", "hawb_freight": "80", "iata_freight": "90"}, "1000.00", "1090.00"),
        ({"trade_terms": "CFR", "freight": "100"}, "900.00", "1009.00"),
        ({"trade_terms": "CFR"}, "1000.00", "1010.00"),
        ({"trade_terms": "CIP", "freight": "100", "insurance": "20"}, "880.00", "1000.00"),
        ({"trade_terms": "DAP", "deductions": "40"}, "1000.00", "960.00"),
        ({"trade_terms": "CIF", "additions": "25"}, "1000.00", "1025.00"),
        ({"trade_terms": "CIF", "commission_conditions": ["several_parties"]}, "1000.00",
         "1030.00"),
        ({"trade_terms": "CIF", "commission_conditions": ["several_parties"], "commission": "0"},
         "1000.00", "1000.00"),
        ({"trade_terms": "CIF", "discount": "100", "discount_kind": "cash"}, "900.00", "900.00"),
        ({"trade_terms": "CIF", "discount": "100", "discount_kind": "other"}, "1000.00",
         "1000.00"),
        ({"trade_terms": "CIF", "discount": "100", "discount_kind": "other",
          "discount_evidence": True}, "900.00", "900.00"),
    ],
)  # fmt: skip
def test_a_value_is_built_up_by_its_terms_of_trade(inputs: dict, fob: str, cif: str) -> None:
    result = result_of("cif_build_up", price="1000", **inputs)

    assert (result["fob_baht"], result["cif_baht"]) == (fob, cif)


def test_postage_in_baht_is_added_to_a_foreign_price() -> None:
    result = result_of(
        "cif_build_up", price="1000", currency="USD", exchange_rate="32", trade_terms="FOB",
        transport="post", parcel_tariff_baht="1500.00",
    )  # fmt: skip

    assert (result["cif_baht"], result["cif_foreign"]) == ("33820.00", "1056.88")


@pytest.mark.parametrize(
    ("on", "cif", "privilege"),
    [
        ("2024-07-04", "1500.00", "004"),
        ("2024-07-05", "1500.00", "LVG"),
        ("2024-07-05", "1.00", "004"),
        ("2025-12-31", "1500.01", ""),
        ("2026-01-01", "1.00", "004"),
        ("2026-01-01", "1.01", ""),
    ],
)
def test_low_value_names_the_privilege_of_its_day(on: str, cif: str, privilege: str) -> None:
    result = result_of("low_value", import_date=on, cif_baht=cif, duty_pct="20")

    assert result["privilege"] == privilege


def test_the_rule_of_wto_goods_is_of_import_duty_alone() -> None:
    levy = {"duty_type": "0111", "value_pct": "1", "specific_rate": "100", "unit": "KGM"}

    result = result_of("tax_line", **LINE, net_weight="50", privilege="WTO", levies=[levy])

    assert result["0111"] == "5000.00"


def postal(*parcels: dict, on: str = "2025-12-31") -> list[dict]:
    return result_of("postal_consignment", import_date=on, parcels=list(parcels))["consignments"]


def test_parcels_of_one_sender_arriving_together_share_the_limit() -> None:
    parcel = {"sender": "A", "recipient": "B", "articles": [JUMPER]}

    [both] = postal(parcel, parcel)
    one, other = postal(parcel, parcel | {"arrived_on": "2025-12-30"})

    assert both["totals"] == {"0100": "600.00", "0500": "182.00"}
    assert one["totals"] == other["totals"] == {"0100": "0.00", "0500": "70.00"}


@pytest.mark.parametrize(
    ("article", "on", "group"),
    [
        (JUMPER, "2024-07-04", "1"),
        (JUMPER, "2024-07-05", "2"),
        (JUMPER | {"sample": True}, "2026-01-01", "1"),
        (JUMPER | {"examination": True}, "2026-01-01", "3a"),
        (JUMPER | {"restricted": True}, "2024-07-04", "3b"),
        (JUMPER | {"fob_baht": "40000.00"}, "2026-01-01", "2"),
        (JUMPER | {"fob_baht": "40000.01"}, "2026-01-01", "3b"),
    ],
)
def test_a_postal_parcel_falls_in_its_group(article: dict, on: str, group: str) -> None:
    [found] = postal({"articles": [article]}, on=on)

    assert found["group"] == group


def test_a_parcel_with_postage_takes_no_value_of_its_articles() -> None:
    parcel = {"postage_baht": "100.00", "articles": [JUMPER]}

    assert refusal_of("postal_consignment", parcels=[parcel])["code"] == "one-of-both"


def test_restricted_goods_take_the_exemption_from_the_whole_parcel() -> None:
    article = {"cif_baht": "500.00", "duty_pct": "10"}

    [found] = postal({"articles": [article, article | {"restricted": True}]}, on="2024-07-04")

    assert [line["0100"] for line in found["lines"]] == ["50.00", "50.00"]


@pytest.mark.parametrize(
    ("articles", "group", "duty"),
    [
        ([JUMPER, JUMPER | {"duty_pct": "5"}], "3", "600.00"),
        ([JUMPER | {"document": True}], "1", "0.00"),
        ([JUMPER | {"sample": True}, JUMPER | {"document": True}], "2", "0.00"),
        ([JUMPER | {"sample": True}, JUMPER | {"duty_pct": "5"}], "3", "50.00"),
        ([JUMPER | {"restricted": True}, JUMPER | {"duty_pct": "5"}], "4", "350.00"),
    ],
)
def test_an_express_waybill_falls_in_its_group(articles: list[dict], group: str, duty: str) -> None:
    waybills = [{"articles": articles}]

    [found] = result_of("express_consignment", import_date="2026-01-01", waybills=waybills)[
        "consignments"
    ]

    assert (found["group"], found["totals"]["0100"]) == (group, duty)


def test_the_highest_of_rates_by_measure_is_not_guessed() -> None:
    by_weight = {"specific_rate": "5", "unit": "KGM"}
    article = {"cif_baht": "9000.00", "duty": by_weight, "net_weight": "3"}

    refusal = refusal_of("express_consignment", waybills=[{"articles": [article]}])

    assert refusal["code"] == "one-rate-needed"


@pytest.mark.parametrize(
    ("more", "needed"),
    [
        ({}, False),
        ({"value_baht": "10000.01"}, True),
        ({"value_baht": "50000.00", "jewellery": True}, False),
        ({"licence_needed": True}, True),
        ({"licence_needed": True, "licence_held": True}, False),
        ({"bonded": True}, True),
        ({"vat_zero_evidence": True}, True),
    ],
)
def test_a_postal_export_needs_a_declaration_for_a_reason(more: dict, *, needed: bool) -> None:
    result = result_of("postal_export", **{"value_baht": "10000.00"} | more)

    assert (result["declaration_needed"], bool(result["reasons"])) == (needed, needed)


def test_releases_add_up_to_the_frozen_value_and_weight() -> None:
    releases = [{"release_date": "2026-02-01", "quantity": each} for each in ("1", "4", "2")]
    duty = {"specific_rate": "30", "unit": "KGM"}
    entry = {
        "cif_baht": "100.00", "quantity": "7", "net_weight": "10", "import_date": "2026-01-01",
    }  # fmt: skip

    answer = ask("bonded_release", entry=entry, duty=duty, releases=releases)

    values = [each["cif_baht"] for each in answer["result"]["releases"]]
    weights = [each["base"] for each in answer["explained"] if each["basis"] == "SPECIFIC"]
    assert values == ["14.29", "57.14", "28.57"]
    assert weights == ["1.429", "5.714", "2.857"]


@pytest.mark.parametrize(
    ("release", "more", "code"),
    [
        ({"quantity": "4"}, {}, "more-than-left"),
        ({"release_date": "2025-12-31"}, {}, "before-entry"),
        ({}, {"rates": [{"valid_from": "2026-03-01", "duty_pct": "1"}]}, "no-rate-then"),
        ({"quantity": "0"}, {}, "malformed-input"),
    ],
)
def test_a_release_that_cannot_be_is_refused(release: dict, more: dict, code: str) -> None:
    entry = {"cif_baht": "100.00", "quantity": "3", "import_date": "2026-01-01"}
    asked = {"release_date": "2026-02-01", "quantity": "1"} | release

    refusal = refusal_of("bonded_release", entry=entry, duty_pct="10", releases=[asked], **more)

    assert refusal["code"] == code


@pytest.mark.parametrize(
    ("more", "refund"),
    [
        ({}, "9000.00"),
        ({"duty_paid": "10000.01"}, "9000.01"),
        ({"duty_paid": "900.00"}, "810.00"),
        ({"export_date": "2027-01-16"}, "0.00"),
        ({"claim_date": "2026-12-01"}, "9000.00"),
        ({"claim_date": "2026-12-02"}, "0.00"),
        ({"used": True}, "0.00"),
        ({"identified": False}, "0.00"),
    ],
)
def test_a_refund_hangs_on_time_and_identity(more: dict, refund: str) -> None:
    inputs = {"duty_paid": "10000.00", "import_date": "2026-01-15", "export_date": "2026-06-01"}

    assert result_of("reexport_refund", **inputs | more)["refund"] == refund


def test_each_export_declaration_is_refunded_by_itself() -> None:
    exports = [{"duty_paid": "20000.00"}, {"duty_paid": "500.00", "export_date": "2026-07-01"}]

    result = result_of(
        "reexport_refund", import_date="2026-01-15", export_date="2026-06-01",
        export_declarations=exports,
    )  # fmt: skip

    assert [each["refund"] for each in result["export_declarations"]] == ["19000.00", "450.00"]
    assert result["refund"] == "19450.00"


@pytest.mark.parametrize(
    ("paid", "months"),
    [("2026-01-31", "0"), ("2026-02-01", "1"), ("2026-02-28", "1"), ("2026-03-01", "2")],
)
def test_a_part_of_a_month_late_counts_as_a_month(paid: str, months: str) -> None:
    result = result_of("surcharge", amount="100.00", due_date="2026-01-31", paid_date=paid)

    assert result["months"] == months
