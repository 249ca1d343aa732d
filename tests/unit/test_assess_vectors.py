"""The worked examples of Thai customs, figure by figure, and every way to ask badly."""

import json
from datetime import date
from pathlib import Path

import pytest

from warehouse.core.errors import InvalidRequest
from warehouse.customs import assess

ON = date(2026, 11, 1)
VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "customs.json").read_bytes())
ANSWERS = {each["id"]: each for each in assess.answers(VECTORS, ON)}
V6 = {"cif_baht": "100000.00", "duty": {"rate_type": "ad_valorem", "value_pct": "10"}}
SPECIFIC = {"rate_type": "specific", "specific_rate": "12.5", "specific_unit": "1"}
BOTH = SPECIFIC | {"rate_type": "both", "value_pct": "10"}


def ask(kind: str, **inputs: object) -> dict:
    """The answer to one case."""
    request = {"vectors": [{"id": "case", "kind": kind, "inputs": inputs}]}
    return next(assess.answers(request, ON))


def result_of(kind: str, **inputs: object) -> dict:
    return ask(kind, **inputs)["result"]


def refusal_of(kind: str, **inputs: object) -> tuple[str, str]:
    error = ask(kind, **inputs)["error"]
    return error["code"], error["title_en"]


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_a_published_example_is_reproduced(vector: dict) -> None:
    expected = vector["expect"]

    result = ANSWERS[vector["id"]]["result"]

    assert {key: result.get(key) for key in expected} == expected


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_every_answer_names_its_source(vector: dict) -> None:
    explained = ANSWERS[vector["id"]]["explained"]

    assert explained
    assert all(each["source"] for each in explained)


def test_a_charge_is_explained_like_a_receipt() -> None:
    duty, vat, duty_total, vat_total = ask("tax_line", **V6, import_date="2018-03-01")["explained"]

    assert (duty["base"], duty["rate"], duty["amount"]) == ("100000.00", "10.00", "10000.00")
    assert (duty["effective_from"], duty["rounding"]) == ("2017-11-13", "HALF_UP_SATANG")
    assert (vat["base"], vat["rate"], vat["amount"]) == ("110000.00", "7.00", "7700.00")
    assert "royal decree" in vat["source"]
    assert (duty_total["rounding"], duty_total["effective_from"]) == ("TRUNCATE_BAHT", "2018-02-01")
    assert vat_total["rate"] == ""


def test_a_specific_rate_counts_the_declared_weight_in_its_own_unit() -> None:
    inputs = {"cif_baht": "100.00", "duty": SPECIFIC, "rate_unit_code": "KGM"}

    result = result_of("tax_line", **inputs, net_weight="2500", net_weight_unit="GRM")

    assert (result["0100"], result["0500"]) == ("31.25", "9.19")


def test_a_specific_rate_may_count_pieces() -> None:
    duty = SPECIFIC | {"specific_unit": "2"}
    inputs = {"cif_baht": "100.00", "duty": duty, "rate_unit_code": "C62", "net_weight": "999"}

    in_dozens = result_of("tax_line", **inputs, quantity="2", quantity_unit="DZN")
    in_pieces = result_of("tax_line", **inputs, quantity="24")

    assert in_dozens["0100"] == in_pieces["0100"] == "300.00"


@pytest.mark.parametrize(
    ("weight", "privilege", "duty", "instead_of"),
    [
        ("79.999", "000", "1000.00", "SPECIFIC 999.99"),
        ("80", "000", "1000.00", "SPECIFIC 1000.00"),
        ("80.001", "000", "1000.01", "AD_VALOREM 1000.00"),
        ("80.001", "WTO", "1000.00", ""),
    ],
)
def test_of_two_rates_the_higher_counts_save_under_wto(
    weight: str, privilege: str, duty: str, instead_of: str
) -> None:
    answer = ask("tax_line", cif_baht="10000.00", duty=BOTH, net_weight=weight, privilege=privilege)

    assert answer["result"]["0100"] == duty
    assert answer["explained"][0]["instead_of"] == instead_of


def test_an_assessed_value_replaces_the_declared_one_as_the_base() -> None:
    answer = ask("tax_line", **V6, cif_assessed_baht="120000.00")

    result, valuation = answer["result"], answer["explained"][0]
    assert result["cif_baht"] == valuation["base"] == "100000.00"
    assert (valuation["basis"], valuation["amount"]) == ("ASSESSED", "120000.00")
    assert (result["0100"], result["0500"]) == ("12000.00", "9240.00")


def test_a_rate_quoted_per_hundred_is_divided_by_a_hundred() -> None:
    yen = {"cif_foreign": "45610", "currency": "JPY", "exchange_rate": "29.3012"}

    answer = ask("tax_line", **yen, rate_unit="100", duty=V6["duty"])

    assert answer["result"]["cif_baht"] == "13364.28"
    assert answer["explained"][0]["rate_unit"] == "THB per 100 JPY"


def test_anti_dumping_feeds_vat_and_not_excise() -> None:
    result = result_of("tax_line", **V6, anti_dumping_pct="30", excise_pct="10")

    assert result["0300"] == "11000.00"
    assert result["0400"] == "1100.00"
    assert result["0500"] == "10647.00"


def test_a_given_vat_rate_and_a_zero_duty_are_taken_as_they_are() -> None:
    free = {"rate_type": "ad_valorem", "value_pct": "0"}

    result = result_of("tax_line", cif_baht="100.00", duty=free, vat_pct="10")

    assert (result["0100"], result["0500"], result["total_tax"]) == ("0.00", "10.00", "10.00")


@pytest.mark.parametrize(
    ("imported_on", "cif", "duty", "vat"),
    [
        ("2018-07-30", "1000.00", "0.00", "0.00"),
        ("2018-07-30", "1000.01", "200.00", "84.00"),
        ("2018-07-31", "1500.00", "0.00", "0.00"),
        ("2018-07-31", "1500.01", "300.00", "126.00"),
        ("2024-07-04", "1500.00", "0.00", "0.00"),
        ("2024-07-05", "1500.00", "0.00", "105.00"),
        ("2024-07-05", "1500.01", "300.00", "126.00"),
        ("2024-07-05", "1.00", "0.00", "0.00"),
        ("2024-07-05", "1.01", "0.00", "0.07"),
        ("2025-12-31", "1200.00", "0.00", "84.00"),
        ("2026-01-01", "1200.00", "240.00", "100.80"),
        ("2026-01-01", "1.01", "0.20", "0.08"),
        ("2026-01-01", "1.00", "0.00", "0.00"),
        ("2026-01-01", "0.50", "0.00", "0.00"),
    ],
)
def test_low_value_follows_the_rule_of_the_import_date(
    imported_on: str, cif: str, duty: str, vat: str
) -> None:
    result = result_of("low_value", import_date=imported_on, cif_baht=cif, duty_pct="20")

    assert (result["0100"], result["0500"]) == (duty, vat)


def test_an_exemption_shows_what_was_forgone() -> None:
    answer = ask("low_value", import_date="2025-06-01", cif_baht="1200.00", duty_pct="20")

    duty = answer["explained"][0]

    assert (duty["exact"], duty["exempted"], duty["amount"]) == ("240.00", "240.00", "0.00")
    assert duty["effective_from"] == "2025-01-01"
    assert "232/2567" in duty["source"]


def test_a_declaration_adds_up_lines_of_either_kind() -> None:
    small = {"import_date": "2025-06-01", "cif_baht": "1200.00", "duty_pct": "20"}
    control = {"control_currency": "JPY", "control_exchange_rate": "25", "control_rate_unit": "100"}
    vectors = [
        {"id": "all", "kind": "declaration_total", "inputs": {"lines": ["a", "b"]} | control},
        {"id": "a", "kind": "tax_line", "inputs": V6},
        {"id": "b", "kind": "low_value", "inputs": small},
    ]

    result = next(assess.answers({"vectors": vectors}, ON))["result"]

    assert (result["control_cif_baht"], result["control_cif_foreign"]) == ("101200.00", "404800.00")
    assert result["sums"] == {"0100": "10000.00", "0500": "7784.00"}
    assert result["total_tax"] == "17784.00"


def test_rates_before_any_known_rule_are_not_guessed() -> None:
    assert refusal_of("tax_line", **V6, import_date="1999-03-31") == (
        "no-policy",
        "No rule line_amount for 0100 is known that holds on 31 March 1999.",
    )
    assert refusal_of("tax_line", **V6, excise_pct="5", import_date="2017-09-15")[0] == "no-policy"


def test_export_duty_has_no_rounding_rule() -> None:
    code, sentence = refusal_of("rounding_total", duty_type="0200", raw_total="10.00")

    assert code == "no-policy"
    assert "0200" in sentence


def test_a_declaration_is_rounded_by_the_table_of_its_import_date() -> None:
    total = {"duty_type": "0100", "raw_total": "10.99"}

    then, now = (
        ask("rounding_total", **total, import_date="2018-01-31"),
        ask("rounding_total", **total),
    )

    assert [each["explained"][0]["effective_from"] for each in (then, now)] == [
        "1999-04-01",
        "2018-02-01",
    ]


def test_a_deposit_is_not_rounded() -> None:
    assert result_of("rounding_total", duty_type="DEPOSIT", raw_total="1234.567") == {
        "rule": "NONE",
        "total": "1234.567",
    }


@pytest.mark.parametrize(
    "cif",
    ["", " 1", "1,000", "-5", "+5", "1e5", ".5", "5.", "NaN", "Infinity", "๑๒๓", "1.005", "1\n",
     "9" * 17, 31300, 31300.5, float("nan"), True, ["1"], {"a": 1}],
)  # fmt: skip
def test_a_malformed_amount_is_refused_by_name(cif: object) -> None:
    code, sentence = refusal_of("tax_line", **V6 | {"cif_baht": cif})

    assert code == "malformed-input"
    assert sentence.startswith("cif_baht is ")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cif_baht": None}, "missing-input"),
        ({"duty": None}, "missing-input"),
        ({"duty": {"rate_type": "ad_valorem"}}, "missing-input"),
        ({"duty": {"rate_type": "ad valorem", "value_pct": "1"}}, "malformed-input"),
        ({"duty": "10"}, "malformed-input"),
        ({"duty": SPECIFIC}, "quantity-needed"),
        ({"duty": SPECIFIC, "net_weight": "0"}, "malformed-input"),
        ({"duty": SPECIFIC, "net_weight": "5", "net_weight_unit": "GRM"}, "missing-input"),
        ({"duty": SPECIFIC, "net_weight": "5", "rate_unit_code": "LTR"}, "units-differ"),
        ({"cif_foreign": "10", "currency": "USD"}, "missing-input"),
        (
            {"cif_foreign": "10", "currency": "USD", "exchange_rate": "30", "rate_unit": "1"},
            "contradicting-inputs",
        ),
        (
            {"cif_foreign": "10", "currency": "USD", "exchange_rate": "0", "rate_unit": "1"},
            "malformed-input",
        ),
        ({"cif_bath": "1"}, "unknown-input"),
        ({"import_date": "2026-02-30"}, "malformed-input"),
        ({"import_date": "30/01/2569"}, "malformed-input"),
        ({"privilege": "wto"}, "malformed-input"),
    ],
)
def test_a_line_that_cannot_be_reckoned_says_why(changes: dict, code: str) -> None:
    assert refusal_of("tax_line", **V6 | changes)[0] == code


def test_one_bad_case_spoils_no_other() -> None:
    control = {"control_currency": "USD", "control_exchange_rate": "30"}
    vectors = [
        {"id": "twice", "kind": "tax_line", "inputs": V6},
        {"id": "twice", "kind": "tax_line", "inputs": V6},
        {"id": "odd", "kind": "horoscope", "inputs": {}},
        {"id": "bare", "kind": "tax_line"},
        {"id": 7, "kind": "tax_line", "inputs": V6},
        "text",
        {"id": "bad", "kind": "tax_line", "inputs": []},
        {"id": "lost", "kind": "declaration_total", "inputs": {"lines": ["none"]} | control},
        {"id": "sums", "kind": "declaration_total", "inputs": {"lines": ["bad"]} | control},
        {"id": "same", "kind": "declaration_total", "inputs": {"lines": ["ok", "ok"]} | control},
        {"id": "none", "kind": "declaration_total", "inputs": {"lines": []} | control},
        {"id": "ok", "kind": "tax_line", "inputs": V6},
    ]

    *refused, good = assess.answers({"vectors": vectors}, ON)

    assert [each["error"]["code"] for each in refused] == [
        "doubled-id", "doubled-id", "unknown-kind", "missing-input", "unusable-id",
        "malformed-input", "malformed-input", "unknown-line", "line-refused", "doubled-line",
        "malformed-input",
    ]  # fmt: skip
    assert good["result"]["total_tax"] == "17700.00"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-json"),
        (b"\xff\xfe\x00", "not-json"),
        ('{"vectors": [', "not-json"),
        ("[" * 100_000, "not-json"),
        ('{"vectors": [], "vectors": []}', "not-a-request"),
        ("[]", "not-a-request"),
        ('{"vectors": {}}', "not-a-request"),
    ],
)
def test_what_is_no_request_gets_one_clear_error(text: str | bytes, code: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        assess.answers(assess.read(text), ON)

    assert assess.error_of(refused.value)["error"]["code"] == code


def test_a_request_nested_to_the_limit_is_still_answered() -> None:
    deep = "[" * 900 + "]" * 900
    text = f'{{"vectors": [{{"id": "a", "kind": "tax_line", "inputs": {{"cif_baht": {deep}}}}}]}}'

    [answered] = assess.answers(assess.read(text), ON)

    assert answered["error"]["code"] == "malformed-input"


def test_options_make_a_request() -> None:
    plain = assess.request_of({"cif": "31300", "duty": "20"})
    taxed = assess.request_of(
        {"cif": "3000", "duty": "20", "excise": "10", "import_date": "2026-01-01"}
    )

    totals = [next(assess.answers(each, ON))["result"]["total_tax"] for each in (plain, taxed)]

    assert totals == ["8889.00", "1275.00"]


def test_options_without_a_value_are_told_what_is_missing() -> None:
    [answered] = assess.answers(assess.request_of({"duty": "20"}), ON)

    assert answered["error"]["title_en"] == "cif_baht is missing."


def test_the_documented_request_gets_the_documented_answer() -> None:
    page = (Path(__file__).parents[2] / "docs" / "assess.md").read_text(encoding="utf-8")
    request, answered = (
        json.loads(page.split(f"```json {name}\n")[1].split("```")[0])
        for name in ("request", "answer")
    )

    assert list(assess.answers(request, ON)) == answered["vectors"]
