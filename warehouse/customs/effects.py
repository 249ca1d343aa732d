"""What an answer of customs does to our book of the declaration."""

from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs.gateway import Answer, Reason
from warehouse.customs.models import Declaration


def reject(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs refuses it."""
    commands.reject(work, declaration, [as_kept(reason) for reason in answer.errors])


def accept(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs gives it a number."""
    commands.accept(work, declaration, answer.declaration_number, answer.at)


def release(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs lets its goods go."""
    commands.release(work, declaration, answer.at)


def note(_work: Work, _declaration: Declaration, _answer: Answer) -> None:
    """Paid, green and the like: told in the declaration's history, and nothing else."""


def as_kept(reason: Reason) -> dict[str, str]:
    """A *reason* of customs in its own words, *line* empty for the whole declaration."""
    line = "" if reason.line is None else str(reason.line)
    return {"code": reason.code, "th": reason.text, "en": reason.text, "line": line}
