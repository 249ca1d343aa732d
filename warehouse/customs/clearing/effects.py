"""What an answer of customs does to our book of the declaration."""

from collections.abc import Callable, Mapping
from typing import Final

from warehouse.core.work import Work
from warehouse.customs import commands
from warehouse.customs.clearing import remitting, stopping
from warehouse.customs.gateway import Answer, AnswerKind, Reason
from warehouse.customs.models import Declaration
from warehouse.customs.vocabulary import LET_GO, DeclarationState

Effect = Callable[[Work, Declaration, Answer], None]


def reject(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs refuses it."""
    commands.reject(work, declaration, [as_kept(reason) for reason in answer.errors])


def accept(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs gives it a number."""
    commands.accept(work, declaration, answer.declaration_number, answer.at)


def release(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs lets its goods go; those that it had stopped may go on."""
    if declaration.stopped_at is not None:
        stopping.resume(work, declaration)
        if declaration.state in LET_GO:
            return
    commands.release(work, declaration, answer.at)


def release_part(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs lets the goods of some lines go."""
    stopping.release_part(work, declaration, answer.lines, answer.at)


def stop(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs stops what it let go."""
    reason = "; ".join(error.text for error in answer.errors)
    stopping.stop(work, declaration, reason, answer.at)


def leave_without_number(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs takes it in without a number."""
    commands.leave_without_number(work, declaration, [as_kept(reason) for reason in answer.errors])


def settle(work: Work, declaration: Declaration, answer: Answer) -> None:
    """What it owes is paid, guaranteed or exempt."""
    state = DeclarationState(answer.kind.value)
    commands.settle(work, declaration, state, answer.at, answer.payment_number)


def choose_lane(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs will inspect the goods, or will not."""
    commands.choose_lane(work, declaration, DeclarationState(answer.kind.value))


def examine(work: Work, declaration: Declaration, answer: Answer) -> None:
    """Customs has inspected the goods."""
    commands.examine(work, declaration, answer.at)


def confirm_exit(work: Work, declaration: Declaration, answer: Answer) -> None:
    """The border, or the free zone, saw its goods; what another warehouse receives, it says.

    Where the desk recorded the proof before, customs only agrees.
    """
    known = declaration.state is DeclarationState.DELIVERED
    if declaration.document_type in remitting.CONFIRMED and not known:
        remitting.confirm_exit(work, declaration, answer.at)


def note(_work: Work, _declaration: Declaration, _answer: Answer) -> None:
    """Told in the declaration's history, and nothing else."""


def as_kept(reason: Reason) -> dict[str, str]:
    """A *reason* of customs in its own words, *line* empty for the whole declaration."""
    line = "" if reason.line is None else str(reason.line)
    return {"code": reason.code, "th": reason.text, "en": reason.text, "line": line}


STEPS: Final[Mapping[AnswerKind, Effect]] = {
    AnswerKind.REJECTED: reject,
    AnswerKind.ACCEPTED_WITHOUT_NUMBER: leave_without_number,
    AnswerKind.NUMBERED: accept,
    AnswerKind.PAID: settle,
    AnswerKind.GUARANTEED: settle,
    AnswerKind.EXEMPT: settle,
    AnswerKind.GREEN: choose_lane,
    AnswerKind.RED: choose_lane,
    AnswerKind.EXAMINED: examine,
    AnswerKind.PART_RELEASED: release_part,
    AnswerKind.RELEASED: release,
    AnswerKind.STOPPED: stop,
    AnswerKind.EXIT_CONFIRMED: confirm_exit,
}
"""What customs' answers do to any declaration; each procedure adds its own, the rest is noted."""
