"""What customs holds of one message, and how it is written into the journal and read again."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    DeclarationMessage,
    Reason,
    Receipt,
    messages,
)


@dataclass(frozen=True, slots=True)
class Filing:
    """A message that came, what was said on the spot, and what will be said later."""

    message: DeclarationMessage
    receipt: Receipt
    answers: tuple[Answer, ...]

    @property
    def number(self) -> str | None:
        """The declaration number, if customs issued one or was told it."""
        given = (answer.declaration_number for answer in self.answers)
        return next((number for number in given if number is not None), None)

    def said_by(self, at: datetime) -> list[Answer]:
        """What was decided until *at*."""
        return [answer for answer in self.answers if answer.at <= at]

    def ended(self, at: datetime) -> "Filing":
        """The same, with nothing more to be said after *at*."""
        return replace(self, answers=tuple(self.said_by(at)))


def entry(raw: bytes, filing: Filing) -> Mapping[str, Any]:
    """The line of the journal that remembers *filing*, which came as *raw*."""
    return {
        "filed": raw.decode(),
        "at": filing.receipt.at.isoformat(),
        "reasons": [_reason(each) for each in filing.receipt.reasons],
        "answers": [
            {
                "kind": each.kind,
                "at": each.at.isoformat(),
                "number": each.declaration_number,
                "payment": each.payment_number,
                "lines": each.lines,
                "errors": [_reason(error) for error in each.errors],
            }
            for each in filing.answers
        ],
    }


def posted(answer_id: str, contents: Sequence[bytes]) -> Mapping[str, Any]:
    """The line of the journal that remembers the letters that told of an answer."""
    return {
        "answer_id": answer_id,
        "contents": [b64encode(content).decode() for content in contents],
    }


def filing_from(line: Mapping[str, Any]) -> Filing:
    """The filing that *line* of the journal remembers."""
    message = messages.kept(line["filed"].encode())
    reasons = tuple(Reason(*each) for each in line["reasons"])
    receipt = Receipt(message.message_id, not reasons, datetime.fromisoformat(line["at"]), reasons)
    answers = tuple(
        answer_to(
            message,
            sequence,
            AnswerKind(each["kind"]),
            datetime.fromisoformat(each["at"]),
            number=each["number"],
            payment=each["payment"],
            lines=tuple(each["lines"]),
            errors=tuple(Reason(*error) for error in each["errors"]),
        )
        for sequence, each in enumerate(line["answers"], start=1)
    )
    return Filing(message, receipt, answers)


def answer_to(
    message: DeclarationMessage,
    sequence: int,
    kind: AnswerKind,
    at: datetime,
    *,
    number: str | None = None,
    payment: str | None = None,
    lines: tuple[int, ...] = (),
    errors: tuple[Reason, ...] = (),
) -> Answer:
    """What customs says of *message*, as the *sequence*-th thing."""
    return Answer(
        answer_id=f"{message.message_id}-{sequence}",
        message_id=message.message_id,
        reference_number=message.reference_number,
        sequence=sequence,
        kind=kind,
        at=at,
        declaration_number=number,
        payment_number=payment,
        lines=lines,
        errors=errors,
    )


def _reason(reason: Reason) -> list[str | int | None]:
    return [reason.code, reason.text, reason.line]
