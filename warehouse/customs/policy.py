"""The policy that ships with the program: dated rows of a file, read once."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from warehouse.customs.rules import Policy, PolicyRow

POLICY_CSV: Final = Path(__file__).parent / "reference" / "policy.csv"


def read_policy(path: Path) -> tuple[PolicyRow, ...]:
    """The dated rules that the CSV file at *path* holds."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            PolicyRow(
                name=row["name"],
                key=row["key"],
                value=row["value"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )


@cache
def shipped_policy() -> Policy:
    """The policy of `POLICY_CSV`."""
    return Policy.of(read_policy(POLICY_CSV))
