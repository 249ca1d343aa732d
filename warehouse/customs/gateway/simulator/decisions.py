"""What customs decides on what it took in, and when it says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    DeclarationMessage,
    MessageFunction,
    Reason,
)
from warehouse.customs.gateway.simulator.books import INTO_BOND, Books
from warehouse.customs.gateway.simulator.faults import Fault
from warehouse.customs.gateway.simulator.filings import Filing, answer_to

CONFIRMED_LATER: Final = frozenset({"1", "D"})
"""Goods whose leaving the country, or coming to the free zone, customs confirms."""

NO_MANIFEST: Final = Reason("M01", "Manifest Not Found")
STOPPED: Final = Reason("S01", "Stopped For Post-Release Control")
PLANNED: Final = Reason("SIM", "Refused By Fault Plan")
PAID_ALREADY: Final = Reason("A01", "Cancellation After Payment Must Be In Writing")
IN_USE: Final = Reason("A02", "Goods Have Been Let Out Of Bond")

_SETTLED: Final = frozenset({AnswerKind.PAID, AnswerKind.GUARANTEED, AnswerKind.EXEMPT})


class _Step(NamedTuple):
    """Something decided, so many paces after the step before it."""

    kind: AnswerKind
    paces: int = 1
    lines: tuple[int, ...] = ()
    errors: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """One customs officer with the office's *books*: *pace* lies between two decisions.

    That goods left the country is known *exit_paces* later.
    """

    books: Books
    pace: timedelta
    exit_paces: int = 10

    def declared(self, message: DeclarationMessage, at: datetime, fault: Fault) -> Iterator[Answer]:
        """The answers to a declaration that came at *at* and meets *fault*."""
        errors = tuple(self.books.wrong(message))
        if errors:
            yield answer_to(message, 1, AnswerKind.REJECTED, at + self.pace, errors=errors)
            return
        number = message.declaration_number
        payment = None
        for sequence, step in enumerate(_steps(message, fault, self.exit_paces), start=1):
            at += step.paces * self.pace
            if step.kind is AnswerKind.NUMBERED and number is None:
                number = self.books.next_number(message.document_type, at)
            if step.kind in (AnswerKind.PAID, AnswerKind.GUARANTEED):
                payment = self.books.next_payment(message.release_port, at)
            yield answer_to(
                message,
                sequence,
                step.kind,
                at,
                number=None if step.kind is AnswerKind.ACCEPTED_WITHOUT_NUMBER else number,
                payment=payment if step.kind in _SETTLED else None,
                lines=step.lines,
                errors=step.errors,
            )

    def changed(
        self, message: DeclarationMessage, filing: Filing, at: datetime, fault: Fault
    ) -> Answer:
        """The answer to an amendment, or a cancellation, of *filing*."""
        assert filing.number is not None, "only what has a number is changed"
        cancels = message.function is MessageFunction.CANCELLATION
        errors = tuple(
            self._not_cancelled(filing, at)
            if cancels
            else self.books.wrong(message, amends=filing.number)
        )
        if fault is Fault.CHANGES_REFUSED:
            errors = (*errors, PLANNED)
        agreed, refused = (
            (AnswerKind.CANCELLED, AnswerKind.CANCELLATION_REFUSED)
            if cancels
            else (AnswerKind.AMENDED, AnswerKind.AMENDMENT_REFUSED)
        )
        return answer_to(
            message,
            1,
            refused if errors else agreed,
            at + self.pace,
            number=filing.number,
            errors=errors,
        )

    def _not_cancelled(self, filing: Filing, at: datetime) -> Iterator[Reason]:
        if any(answer.kind in _SETTLED for answer in filing.said_by(at)):
            yield PAID_ALREADY
        if filing.message.document_type in INTO_BOND and any(
            self.books.bonded[filing.number or "", line.item_number].gone
            for line in filing.message.lines
        ):
            yield IN_USE


def _steps(message: DeclarationMessage, fault: Fault, exit_paces: int) -> Iterator[_Step]:
    if fault is Fault.UNMATCHED:
        yield _Step(AnswerKind.ACCEPTED_WITHOUT_NUMBER, errors=(NO_MANIFEST,))
    yield _Step(AnswerKind.NUMBERED)
    if message.total_tax:
        yield _Step(AnswerKind.PAID)
    elif message.total_deposit:
        yield _Step(AnswerKind.GUARANTEED)
    else:
        yield _Step(AnswerKind.EXEMPT)
    if fault is Fault.INSPECTED:
        yield _Step(AnswerKind.RED)
        yield _Step(AnswerKind.EXAMINED)
    else:
        yield _Step(AnswerKind.GREEN)
    yield from _letting_go(message, fault)
    if message.document_type in CONFIRMED_LATER and fault is not Fault.STOPPED:
        yield _Step(AnswerKind.EXIT_CONFIRMED, paces=exit_paces)


def _letting_go(message: DeclarationMessage, fault: Fault) -> Iterator[_Step]:
    """In parts, or stopped after a part, where there are several lines."""
    numbers = tuple(line.item_number for line in message.lines)
    in_parts = len(numbers) > 1 and fault in (Fault.IN_PARTS, Fault.STOPPED)
    if in_parts:
        yield _Step(AnswerKind.PART_RELEASED, lines=numbers[: len(numbers) // 2])
    if not in_parts or fault is Fault.IN_PARTS:
        yield _Step(AnswerKind.RELEASED)
    if fault is Fault.STOPPED:
        yield _Step(AnswerKind.STOPPED, errors=(STOPPED,))
