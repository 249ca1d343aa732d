"""`warehouse assess` and `warehouse identify` as another program calls them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.houses import COMMAND, PATIENCE_SECONDS, environment, warehouse

HANDBAG = {
    "id": "handbag",
    "kind": "tax_line",
    "inputs": {
        "cif_baht": "31300.00",
        "duty": {"rate_type": "ad_valorem", "value_pct": "20"},
        "import_date": "2026-01-15",
    },
}
REQUEST = json.dumps({"vectors": [HANDBAG, {"id": "slip", "kind": "conjure", "inputs": {}}]})


@pytest.mark.parametrize("from_file", [True, False])
def test_assess_answers_a_file_and_standard_input(tmp_path: Path, from_file: bool) -> None:
    file = tmp_path / "คำขอ.json"
    file.write_text(REQUEST, "utf-8")

    told = warehouse("assess", str(file)) if from_file else warehouse("assess", "-", given=REQUEST)

    assert (told.returncode, told.stderr) == (0, "")
    reckoned, refused = json.loads(told.stdout)["vectors"]
    assert reckoned["result"]["total_tax"] == "8889.00"
    assert all(part["source"] for part in reckoned["explained"])
    assert refused["id"] == "slip"
    assert "error" in refused


def test_assess_takes_one_case_from_options() -> None:
    told = warehouse("assess", "--cif", "31300", "--duty", "20")

    assert (told.returncode, told.stderr) == (0, "")
    [reckoned] = json.loads(told.stdout)["vectors"]
    assert reckoned["result"]["0100"] == "6260.00"


@pytest.mark.parametrize("given", ["", "{", "[1]", "\0", '{"vectors": 5}'])
def test_assess_refuses_what_is_no_request(given: str) -> None:
    told = warehouse("assess", "-", given=given)

    assert (told.returncode, told.stderr) == (1, "")
    assert json.loads(told.stdout)["error"]["title_en"]


def test_assess_of_a_file_that_is_not_there() -> None:
    told = warehouse("assess", "nowhere.json")

    assert told.returncode == 1
    assert told.stderr == "warehouse: nowhere.json cannot be read: No such file or directory\n"


def test_identify_answers_one_line_for_each_code() -> None:
    told = warehouse("identify", "RC338848854TH", "", "ฑฉ--คคภคคถภธ็")

    assert (told.returncode, told.stderr) == (0, "")
    kinds = [json.loads(line)["kind"] for line in told.stdout.splitlines()]
    assert kinds == ["s10", "unknown", "s10"]


def test_identify_reads_many_lines_of_standard_input() -> None:
    lines = ["RC338848854TH\r", "9501101530004", "", "กขค", "LOC-A-01-01"] * 400

    told = warehouse("identify", "-", given="\n".join(lines) + "\n")

    assert (told.returncode, told.stderr) == (0, "")
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(answers) == len(lines)
    assert [answer["kind"] for answer in answers[:2]] == ["s10", "gtin"]
    assert answers[0]["value"] == "RC338848854TH"


def test_identify_answers_each_line_before_the_next_is_written() -> None:
    with subprocess.Popen(
        [*COMMAND, "identify", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment(),
    ) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        for code in ("RC338848854TH", "9501101530004"):
            asked.stdin.write(f"{code}\n")
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["raw"] == code
        asked.stdin.close()
        assert asked.wait(PATIENCE_SECONDS) == 0


def test_a_reader_that_leaves_early_sees_no_traceback() -> None:
    codes = "RC338848854TH\n" * 20_000
    command = f'"{sys.executable}" -m warehouse identify - | head -1'

    told = subprocess.run(
        ["sh", "-c", command],
        input=codes.encode(),
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        env=environment(),
        check=True,
    )

    assert json.loads(told.stdout)["value"] == "RC338848854TH"
    assert told.stderr == b""
