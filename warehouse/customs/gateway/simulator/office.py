"""Customs' memory: what was filed, what was decided, and the letters that tell of it.

A journal outlives kill -9: a line is written and forced to the disk before anybody is told.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import UUID

from warehouse.core import clock
from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    DeclarationMessage,
    LineMessage,
    RawAnswer,
    Reason,
    Receipt,
    messages,
)
from warehouse.customs.gateway.signing import Keys, parsed
from warehouse.customs.gateway.simulator import letters
from warehouse.customs.gateway.simulator.checks import wrong_in
from warehouse.customs.gateway.simulator.faults import Fault, Weather

_RUNNING: Final = 99_999
_BUDDHIST_ERA: Final = 543


@dataclass(slots=True)
class BondedLine:
    """A line that stands in bond, and how much of it customs has not yet let out."""

    line: LineMessage
    left: Decimal


@dataclass(frozen=True, slots=True)
class Filing:
    """A declaration that came, what was said on the spot, and what will be said later."""

    message: DeclarationMessage
    receipt: Receipt
    answers: tuple[Answer, ...]

    @property
    def number(self) -> str | None:
        """The declaration number, if customs issued one."""
        return next((answer.declaration_number for answer in self.answers), None)

    def said_by(self, at: datetime) -> list[Answer]:
        """What was decided until *at*."""
        return [answer for answer in self.answers if answer.at <= at]


@dataclass(slots=True)
class Office:
    """One customs house.  *pace* lies between its decisions on a declaration."""

    keys: Keys
    weather: Weather
    pace: timedelta
    journal: Path | None = None
    filings: dict[UUID, Filing] = field(default_factory=dict)
    mailbox: list[RawAnswer] = field(default_factory=list)
    _waiting: dict[str, Answer] = field(default_factory=dict)
    _held: set[str] = field(default_factory=set)
    _bonded: dict[tuple[str, int], BondedLine] = field(default_factory=dict)
    _running: dict[str, int] = field(default_factory=dict)
    _numbered: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        for entry in self._remembered():
            if "filed" in entry:
                self._take(_filing_from(entry))
            else:
                self._put(entry["answer_id"], [b64decode(content) for content in entry["contents"]])

    def file(self, raw: bytes, message: DeclarationMessage, *, refused: bool) -> Receipt:
        """Take *message* in, once; the same again hears the same.  *refused*: for no reason."""
        with self._lock:
            known = self.filings.get(message.message_id)
            if known is not None:
                return known.receipt if known.message == message else _other_content(message)
            filing = self._decide(message, clock.now(), refused=refused)
            self._write([_entry(raw, filing)])
            self._take(filing)
            return filing.receipt

    def letters(self, after: int, limit: int) -> list[RawAnswer]:
        """Up to *limit* letters behind place *after*, first posting what is due."""
        with self._lock:
            self._post(clock.now(), until=after + limit)
            return self.mailbox[after : after + limit]

    def _decide(self, message: DeclarationMessage, at: datetime, *, refused: bool) -> Filing:
        reasons = [*wrong_in(message), *self._wrong_reference(message)]
        if refused:
            reasons.append(Reason("SIM", "Refused By Fault Plan"))
        receipt = Receipt(message.message_id, not reasons, at, tuple(reasons))
        answers = () if reasons else tuple(self._answers(message, at))
        return Filing(message, receipt, answers)

    def _answers(self, message: DeclarationMessage, at: datetime) -> Iterator[Answer]:
        errors = tuple(self._wrong_against_books(message))
        number = None if errors else self._next_number(message.document_type, at + self.pace)
        for sequence, kind in enumerate(self._kinds(message, rejected=bool(errors)), start=1):
            yield Answer(
                answer_id=f"{message.message_id}-{sequence}",
                message_id=message.message_id,
                reference_number=message.reference_number,
                sequence=sequence,
                kind=kind,
                at=at + sequence * self.pace,
                declaration_number=number,
                errors=errors,
            )

    def _kinds(self, message: DeclarationMessage, *, rejected: bool) -> Iterator[AnswerKind]:
        if rejected:
            yield AnswerKind.REJECTED
            return
        yield AnswerKind.NUMBERED
        if message.total_tax:
            yield AnswerKind.PAID
        elif message.total_deposit:
            yield AnswerKind.GUARANTEED
        else:
            yield AnswerKind.EXEMPT
        if self.weather.consignment() is Fault.INSPECTED:
            yield AnswerKind.RED
            yield AnswerKind.EXAMINED
        else:
            yield AnswerKind.GREEN
        yield AnswerKind.RELEASED

    def _wrong_reference(self, message: DeclarationMessage) -> Iterator[Reason]:
        if message.reference_number in self._numbered:
            yield Reason("C01", "Reference Number Already Has Declaration Number")

    def _wrong_against_books(self, message: DeclarationMessage) -> Iterator[Reason]:
        if message.document_type != "P":
            return
        wanted: dict[tuple[str, int], Decimal] = {}
        for line in message.lines:
            key = _reference(line)
            bonded = self._bonded.get(key)
            if bonded is None:
                yield Reason("D51", "Reference Declaration Line Not Found", line.item_number)
                continue
            if not _same_goods(line, bonded.line):
                yield Reason("D04", "Goods Not Same As Reference Declaration", line.item_number)
            wanted[key] = wanted.get(key, Decimal(0)) + line.quantity
            if wanted[key] > bonded.left:
                yield Reason("D25", "Quantity Greater Than Left In Bond", line.item_number)

    def _next_number(self, document_type: str, at: datetime) -> str:
        """A number as customs issues it: A0, day, type, Buddhist year, month, running number."""
        day = clock.local_date(at)
        month = f"{(day.year + _BUDDHIST_ERA) % 100:02}{day.month:02}"
        series, running = divmod(self._running.get(month, 0), _RUNNING)
        letter, digit = divmod(series, 10)
        return f"{chr(ord('A') + letter)}{digit}{day.day:02}{document_type}{month}{running + 1:05}"

    def _take(self, filing: Filing) -> None:
        self.filings[filing.message.message_id] = filing
        self._waiting.update({answer.answer_id: answer for answer in filing.answers})
        if filing.number is None:
            return
        self._numbered.add(filing.message.reference_number)
        month = filing.number[5:9]
        self._running[month] = self._running.get(month, 0) + 1
        for line in filing.message.lines:
            if filing.message.document_type == "P":
                self._bonded[_reference(line)].left -= line.quantity
            else:
                key = (filing.number, line.item_number)
                self._bonded[key] = BondedLine(line, left=line.quantity)

    def _post(self, now: datetime, *, until: int) -> None:
        """Sign and post what is due, up to place *until*: no more than is asked for."""
        due = [answer for answer in self._waiting.values() if answer.at <= now]
        posted: list[tuple[str, list[bytes]]] = []
        room = until - len(self.mailbox)
        for answer in sorted(due, key=lambda each: each.at):
            if room <= 0:
                break
            fault = self.weather.letter()
            if fault is Fault.REORDERED and answer.answer_id not in self._held:
                self._held.add(answer.answer_id)
                continue
            contents = letters.written(answer, fault, self.keys, self.weather.chance)
            posted.append((answer.answer_id, contents))
            room -= len(contents)
        self._write([_posted(answer_id, contents) for answer_id, contents in posted])
        for answer_id, contents in posted:
            self._put(answer_id, contents)

    def _put(self, answer_id: str, contents: list[bytes]) -> None:
        for content in contents:
            self.mailbox.append(RawAnswer(str(len(self.mailbox) + 1), content))
        del self._waiting[answer_id]

    def _write(self, entries: list[Mapping[str, Any]]) -> None:
        if self.journal is None or not entries:
            return
        with self.journal.open("ab") as file:
            file.writelines(json.dumps(entry).encode() + b"\n" for entry in entries)
            file.flush()
            os.fsync(file.fileno())

    def _remembered(self) -> Iterator[Mapping[str, Any]]:
        """The entries of the journal; a last line that a crash cut off was told to nobody."""
        if self.journal is None or not self.journal.exists():
            return
        content = self.journal.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(self.journal, len(whole))
        yield from (json.loads(line) for line in whole.splitlines())


def _reference(line: LineMessage) -> tuple[str, int]:
    return line.reference_declaration_number or "", line.reference_declaration_line_number or 0


def _same_goods(line: LineMessage, entered: LineMessage) -> bool:
    """Same HS, statistical code, descriptions, privilege and unit (manual p.101)."""

    def goods(each: LineMessage) -> tuple[str, ...]:
        return (
            each.tariff_code,
            each.statistical_code,
            each.privilege_code,
            each.thai_description,
            each.english_description,
            each.quantity_unit_code,
        )

    return goods(line) == goods(entered)


def _other_content(message: DeclarationMessage) -> Receipt:
    reason = Reason("H01", "Message Id Already Used For Another Message")
    return Receipt(message.message_id, accepted=False, at=clock.now(), reasons=(reason,))


def _entry(raw: bytes, filing: Filing) -> Mapping[str, Any]:
    return {
        "filed": raw.decode(),
        "at": filing.receipt.at.isoformat(),
        "reasons": [[each.code, each.text, each.line] for each in filing.receipt.reasons],
        "answers": [
            [each.kind, each.at.isoformat(), each.declaration_number]
            + [[error.code, error.text, error.line] for error in each.errors]
            for each in filing.answers
        ],
    }


def _posted(answer_id: str, contents: list[bytes]) -> Mapping[str, Any]:
    return {
        "answer_id": answer_id,
        "contents": [b64encode(content).decode() for content in contents],
    }


def _filing_from(entry: Mapping[str, Any]) -> Filing:
    message = messages.declared(parsed(entry["filed"].encode()))
    reasons = tuple(Reason(*each) for each in entry["reasons"])
    receipt = Receipt(message.message_id, not reasons, datetime.fromisoformat(entry["at"]), reasons)
    answers = tuple(
        Answer(
            answer_id=f"{message.message_id}-{sequence}",
            message_id=message.message_id,
            reference_number=message.reference_number,
            sequence=sequence,
            kind=AnswerKind(kind),
            at=datetime.fromisoformat(at),
            declaration_number=number,
            errors=tuple(Reason(*error) for error in errors),
        )
        for sequence, (kind, at, number, *errors) in enumerate(entry["answers"], start=1)
    )
    return Filing(message, receipt, answers)
