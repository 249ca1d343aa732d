"""Documents that are made from the code are those that it would make now."""

import subprocess
import sys
from pathlib import Path

from warehouse.customs.vocabulary import STATE_NAMES, DeclarationState

ROOT = Path(__file__).parents[2]


def test_made_documents_are_up_to_date() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout == ""
    assert checked.returncode == 0, checked.stderr


def test_every_word_of_the_glossary_has_its_thai() -> None:
    rows = [
        line.split("|")[1:4]
        for line in (ROOT / "docs" / "glossary.md").read_text().splitlines()
        if line.startswith("|") and "---" not in line
    ]

    without = [
        row for row in rows[1:] if not any("\u0e00" <= letter <= "\u0e7f" for letter in row[1])
    ]

    assert len(rows) > 40
    assert without == []


def test_every_state_of_a_declaration_has_a_name() -> None:
    assert set(STATE_NAMES) == set(DeclarationState)
