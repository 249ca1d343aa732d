"""What our own checks may find in a declaration, and how it is kept and told.

A check is a row: its id (the manual's field, where it has one), the field that its finding jumps
to, who can mend it, and a sentence that says what is true and what to do.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeAlias, TypeVar

from warehouse.core.i18n import N_, translate

Finding: TypeAlias = dict[str, str]
"""``rule``, ``severity``, ``line`` (empty: the whole), ``field``, ``owner``, ``th``, ``en``."""

Facts: TypeAlias = Mapping[str, object]
"""What fills the braces of a check's sentence."""

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Words:
    """A name that our tables hold in both languages."""

    th: str
    en: str


class Severity(StrEnum):
    """An error keeps a declaration from being filed; a warning is for somebody to judge."""

    ERROR = "error"
    WARNING = "warning"


class Owner(StrEnum):
    """Who can mend what was found."""

    LIAISON = "liaison"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"


SEVERITY_NAMES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: N_("Error"),
    Severity.WARNING: N_("Warning"),
}
OWNER_NAMES: Final[Mapping[Owner, str]] = {
    Owner.LIAISON: N_("Customs liaison"),
    Owner.PARTNER: N_("Partner"),
    Owner.ADMINISTRATOR: N_("Administrator"),
    Owner.MANAGER: N_("Warehouse manager"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding names: its id, the field it jumps to, who mends it, and how grave it is."""

    id: str
    field: str
    owner: Owner
    says: str
    """A marked sentence."""
    severity: Severity = Severity.ERROR

    def finding(self, facts: Facts, line: int | None = None) -> Finding:
        """That this rule is broken, in both languages."""
        return {
            "rule": self.id,
            "severity": self.severity.value,
            "line": "" if line is None else str(line),
            "field": self.field,
            "owner": self.owner.value,
            "th": translate(self.says, "th", **_told(facts, "th")),
            "en": translate(self.says, "en", **_told(facts, "en")),
        }


@dataclass(frozen=True, slots=True)
class Check(Generic[S]):
    """A *rule*, and how it is looked at: *wrong* gives the facts of what is wrong, or None."""

    rule: Rule
    wrong: Callable[[S], Facts | None]


def _told(facts: Facts, language: str) -> Facts:
    return {
        name: getattr(fact, language) if isinstance(fact, Words) else fact
        for name, fact in facts.items()
    }


UNKNOWN_RESTRICTION: Final = "R02"
"""Nobody knows whether a permit is needed: the rule of which a person has the last word."""


def to_confirm(findings: Iterable[Finding]) -> list[Finding]:
    """Those of *findings* that no standing instruction goes past: a liaison judges them."""
    return [each for each in findings if each["rule"] == UNKNOWN_RESTRICTION]


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those of *findings* that keep a declaration from being filed."""
    return [each for each in findings if each["severity"] == Severity.ERROR]


def when(broken: object, **facts: object) -> Facts | None:
    """*facts*, if *broken*: how a short check says what is wrong."""
    return facts if broken else None
