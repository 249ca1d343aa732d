"""Documents that are made from the code are those that it would make now."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

from warehouse.customs.vocabulary import STATE_NAMES, DeclarationState
from warehouse.operations.floor import messages
from warehouse.operations.floor.messages import Message
from warehouse.operations.vocabulary import Tone

ROOT = Path(__file__).parents[2]
ROOMS = [
    importlib.import_module(f"{messages.__name__}.{each.name}")
    for each in pkgutil.iter_modules(messages.__path__)
]


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


def test_every_refusal_of_the_floor_is_explained_to_clerks() -> None:
    refused = {
        said.code
        for module in (messages, *ROOMS)
        for said in vars(module).values()
        if isinstance(said, Message) and said.tone is Tone.REFUSED
    }
    pages = "".join(page.read_text() for page in (ROOT / "docs" / "floor").glob("*.md"))
    explained = re.findall(r"^\| `([a-z-]+)`<br>", pages, re.MULTILINE)

    unexplained = refused - set(explained)

    assert len(refused) > 100
    assert unexplained == set()


def test_every_task_has_its_pictures() -> None:
    docs = ROOT / "docs"
    wanted = {
        (page.parent / link).resolve()
        for page in (*docs.glob("floor/*.md"), ROOT / "README.md")
        for link in re.findall(r"!\[[^]]*\]\(([^)]+\.png)\)", page.read_text())
    }

    missing = {path.name for path in wanted if not path.exists()}

    assert len(wanted) > 40
    assert missing == set()
