"""Cases made up from the law alone: each rule at its edges, and every bad input by itself."""

import json
import random
from datetime import date
from pathlib import Path

import pytest

from warehouse.customs import assess

ON = date(2026, 11, 1)
REQUEST = (Path(__file__).parent.parent / "vectors" / "assess.json").read_bytes()
VECTORS = json.loads(REQUEST)["vectors"]
ANSWERS = {each["id"]: each for each in assess.answers(assess.read(REQUEST), ON)}


def part_of(answer: object, expected: object) -> object:
    """As much of *answer* as *expected* speaks of."""
    match expected, answer:
        case dict(), dict():
            return {key: part_of(answer.get(key), each) for key, each in expected.items()}
        case list(), list() if len(answer) == len(expected):
            return [part_of(*each) for each in zip(answer, expected, strict=True)]
        case _:
            return answer


def named(vectors: list[dict], key: str) -> list:
    return [pytest.param(each, id=each["id"]) for each in vectors if key in each]


@pytest.mark.parametrize("vector", named(VECTORS, "expect"))
def test_a_case_has_the_figures_that_the_law_makes(vector: dict) -> None:
    result = ANSWERS[vector["id"]].get("result")

    assert part_of(result, vector["expect"]) == vector["expect"]


@pytest.mark.parametrize("vector", named(VECTORS, "refused"))
def test_bad_input_is_refused_by_its_name_in_both_languages(vector: dict) -> None:
    code, name = vector["refused"]["code"], vector["refused"]["names"]

    error = ANSWERS[vector["id"]]["error"]

    assert error["code"] == code
    assert name in error["title_en"]
    assert name in error["title_th"]
    assert error["title_th"] != error["title_en"]


def test_the_order_of_cases_and_of_inputs_changes_no_answer() -> None:
    shuffled = [
        each | {"inputs": dict(reversed(each["inputs"].items()))}
        for each in random.Random(4).sample(VECTORS, len(VECTORS))
    ]

    answered = assess.answers({"vectors": shuffled}, ON)

    assert {each["id"]: each for each in answered} == ANSWERS


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("answers", [[], list(ANSWERS.values())], ids=len)
def test_answers_are_written_as_one_json_object(answers: list[dict], indent: int | None) -> None:
    text = "".join(assess.written(answers, indent)).encode()

    assert json.loads(text) == {"vectors": answers}


@pytest.mark.parametrize(
    ("number", "shown"), [("9" * 5_000, "999…"), ("100.10", "100.10"), ("1e3", "1e3")]
)
def test_a_json_number_is_refused_as_it_was_written(number: str, shown: str) -> None:
    text = (
        f'{{"vectors": [{{"id": "bad", "kind": "exchange", "inputs": {{"currency": {number}}}}},'
        ' {"id": "good", "kind": "tax_id", "inputs": {"value": "0994000165676"}}]}'
    )

    bad, good = assess.answers(assess.read(text), ON)

    assert shown in bad["error"]["title_en"]
    assert good["result"]["valid"]


def test_an_input_that_stands_twice_spoils_no_other_case() -> None:
    text = (
        '{"vectors": [{"id": "bad", "kind": "tax_id", "inputs": {"value": "1", "value": "2"}},'
        ' {"id": "good", "kind": "tax_id", "inputs": {"value": "0994000165676"}}]}'
    )

    bad, good = assess.answers(assess.read(text), ON)

    assert bad["error"]["title_en"].startswith("inputs is {value …, value …}")
    assert good["result"]["valid"]
