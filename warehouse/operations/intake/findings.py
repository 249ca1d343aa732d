"""What is wrong with what a partner sent: each value with its place, its reason, its sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from warehouse.core.errors import SENTENCE, InvalidRequest
from warehouse.core.i18n import N_, translate
from warehouse.core.sheets import CellFinding
from warehouse.operations.intake.fields import REASONS

MOST_TOLD: Final = 1_000
"""No more than so many findings are told at once; all are counted."""

# Pydantic's own kinds, for what no reader of ours has seen.
_KINDS: Final[Mapping[str, str]] = {
    "missing": "required",
    "extra_forbidden": "unexpected",
    "too_short": "too-few",
    "too_long": "too-many",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One value that cannot be accepted, or is worth a second look.

    *place* is the way to it: field names, and positions from 0.
    """

    place: tuple[str | int, ...]
    value: str
    code: str
    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901)."""
        return "#" + "".join(f"/{step}" for step in self.place)

    def text(self, language: str) -> str:
        """The reason, in *language*."""
        return translate(self.sentence, language, **self.facts)


class Unacceptable(InvalidRequest):
    """Some values cannot be accepted; nothing was taken in."""

    code = "unacceptable"
    message = N_("{count} values cannot be accepted. Nothing was taken in.")

    def __init__(self, findings: Sequence[Finding], language: str) -> None:
        super().__init__(count=len(findings), errors=told(findings, language))
        self.findings = findings


def told(findings: Sequence[Finding], language: str) -> list[dict[str, str]]:
    """*findings* as members of an answer."""
    return [
        {
            "pointer": found.pointer,
            "value": found.value,
            "code": found.code,
            "message": found.text(language),
        }
        for found in findings[:MOST_TOLD]
    ]


def of(refused: ValidationError, *before: str | int) -> Iterable[Finding]:
    """What *refused* says of the value at *before*."""
    for error in refused.errors(include_url=False):
        code = _KINDS.get(error["type"], error["type"])
        known = code if code in REASONS else "not-an-object"
        yield Finding(
            place=(*before, *error["loc"]),
            value="" if code == "required" else shortened(error["input"]),
            code=known,
            sentence=REASONS[known],
            facts=_facts(code, error.get("ctx", {})),
        )


def _facts(code: str, context: Mapping[str, Any]) -> Mapping[str, object]:
    match code:
        case "too-few":
            return {"least": context["min_length"]}
        case "too-many":
            return {"most": context["max_length"]}
        case _:
            return {name: fact for name, fact in context.items() if name != SENTENCE}


def shortened(value: object) -> str:
    """*value* as it is repeated to whoever sent it."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


class UnacceptableFile(InvalidRequest):
    """Some cells of a file cannot be accepted; nothing was taken in."""

    code = "unacceptable-file"
    message = Unacceptable.message

    def __init__(self, findings: Sequence[CellFinding], language: str) -> None:
        errors = [found.told(language) for found in findings[:MOST_TOLD]]
        super().__init__(count=len(findings), errors=errors)
        self.findings = findings
