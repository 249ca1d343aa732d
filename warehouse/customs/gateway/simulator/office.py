"""Customs' memory: what was filed, what was decided, and the letters that tell of it.

A journal outlives kill -9: a line is written and forced to the disk before anybody is told.
"""

import json
import os
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import UUID

from warehouse.core import clock
from warehouse.customs.gateway import (
    Answer,
    AnswerKind,
    DeclarationMessage,
    MessageFunction,
    RawAnswer,
    Reason,
    Receipt,
    messages,
)
from warehouse.customs.gateway.signing import Keys, keys_of
from warehouse.customs.gateway.simulator import filings, letters
from warehouse.customs.gateway.simulator.books import Books
from warehouse.customs.gateway.simulator.checks import wrong_in
from warehouse.customs.gateway.simulator.decisions import PLANNED, Desk
from warehouse.customs.gateway.simulator.faults import Fault, Weather
from warehouse.customs.gateway.simulator.filings import Filing

OTHER_CONTENT: Final = Reason("H01", "Message Id Already Used For Another Message")
NUMBERED_ALREADY: Final = Reason("C01", "Reference Number Already Has Declaration Number")
NOT_DECLARED: Final = Reason("C01", "Declaration Number Not Of Reference Number")


@dataclass(slots=True)
class Office:
    """One customs house.  *pace* lies between its decisions on a declaration.

    *filers*: the keys to use with filers whose certificate is their own, by profile.
    """

    keys: Keys
    weather: Weather
    pace: timedelta
    journal: Path | None = None
    filers: Mapping[str, Keys] = field(default_factory=dict)
    filings: dict[UUID, Filing] = field(default_factory=dict)
    mailbox: list[RawAnswer] = field(default_factory=list)
    _originals: dict[str, UUID] = field(default_factory=dict)
    _books: Books = field(default_factory=Books)
    _waiting: dict[str, Answer] = field(default_factory=dict)
    _agenda: list[tuple[datetime, int, str]] = field(default_factory=list)
    _held: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        for line in self._remembered():
            if "filed" in line:
                self._take(filings.filing_from(line))
            else:
                self._put(line["answer_id"], [b64decode(content) for content in line["contents"]])

    def read(self, raw: bytes) -> DeclarationMessage:
        """What *raw* declares, if it is signed by whom its reference number names.

        Raises:
            Unreadable: as `messages.read_declaration`.
        """
        if not self.filers:
            return messages.read_declaration(raw, self.keys)
        claimed = messages.kept(raw)  # believed no further than which key to try
        keys = keys_of(claimed.reference_number, self.filers, self.keys)
        return messages.read_declaration(raw, keys)

    def file(self, raw: bytes, message: DeclarationMessage, *, refused: bool) -> Receipt:
        """Take *message* in, once; the same again hears the same.  *refused*: for no reason."""
        with self._lock:
            known = self.filings.get(message.message_id)
            if known is not None:
                return known.receipt if known.message == message else _other_content(message)
            filing = self._decide(message, clock.now(), refused=refused)
            self._write([filings.entry(raw, filing)])
            self._take(filing)
            return filing.receipt

    def letters(self, after: int, limit: int) -> list[RawAnswer]:
        """Up to *limit* letters behind place *after*, first posting what is due."""
        with self._lock:
            self._post(clock.now(), until=after + limit)
            return self.mailbox[after : after + limit]

    def _decide(self, message: DeclarationMessage, at: datetime, *, refused: bool) -> Filing:
        changed = self._changed(message)
        reasons = [*wrong_in(message, clock.local_date(at)), *self._wrong_reference(message)]
        if refused:
            reasons.append(PLANNED)
        receipt = Receipt(message.message_id, not reasons, at, tuple(reasons))
        if reasons:
            return Filing(message, receipt, ())
        desk = Desk(self._books, self.pace)
        fault = self.weather.consignment()
        if changed is None:
            return Filing(message, receipt, tuple(desk.declared(message, at, fault)))
        return Filing(message, receipt, (desk.changed(message, changed, at, fault),))

    def _wrong_reference(self, message: DeclarationMessage) -> Iterator[Reason]:
        number = self._books.number_of(message.reference_number)
        if message.function is MessageFunction.ORIGINAL:
            if number is not None:
                yield NUMBERED_ALREADY
        elif number is None or number != message.declaration_number:
            yield NOT_DECLARED

    def _changed(self, message: DeclarationMessage) -> Filing | None:
        """The filing that *message* is to amend or cancel."""
        if message.function is MessageFunction.ORIGINAL:
            return None
        message_id = self._originals.get(message.reference_number)
        return None if message_id is None else self.filings[message_id]

    def _take(self, filing: Filing) -> None:
        self.filings[filing.message.message_id] = filing
        for answer in filing.answers:
            self._waiting[answer.answer_id] = answer
            heappush(self._agenda, (answer.at, answer.sequence, answer.answer_id))
        if filing.number is None:
            return
        match filing.answers[0].kind:
            case AnswerKind.AMENDED:
                self._books.amend(filing.number, filing.message)
            case AnswerKind.CANCELLED:
                self._books.cancel(filing.number)
                self._fall_silent(filing)
            case AnswerKind.AMENDMENT_REFUSED | AnswerKind.CANCELLATION_REFUSED:
                pass
            case _:
                self._books.enter(filing.number, filing.message)
                self._originals[filing.message.reference_number] = filing.message.message_id

    def _fall_silent(self, cancellation: Filing) -> None:
        """Nothing more is said of what was cancelled."""
        cancelled = self._changed(cancellation.message)
        assert cancelled is not None, "what is cancelled was filed"
        at = cancellation.receipt.at
        for answer in cancelled.answers:
            if answer.at > at:
                self._waiting.pop(answer.answer_id, None)
        self.filings[cancelled.message.message_id] = cancelled.ended(at)

    def _post(self, now: datetime, *, until: int) -> None:
        """Sign and post what is due, up to place *until*: no more than is asked for."""
        room = until - len(self.mailbox)
        overtaken: list[tuple[datetime, int, str]] = []
        posted: list[tuple[str, list[bytes]]] = []
        while room > 0 and self._agenda and self._agenda[0][0] <= now:
            due = heappop(self._agenda)
            answer = self._waiting.get(due[2])
            if answer is None:
                continue
            fault = self.weather.letter()
            if fault is Fault.REORDERED and answer.answer_id not in self._held:
                self._held.add(answer.answer_id)
                overtaken.append(due)
                continue
            contents = letters.written(answer, fault, self.keys, self.weather.chance)
            posted.append((answer.answer_id, contents))
            room -= len(contents)
        for due in overtaken:
            heappush(self._agenda, due)
        self._write([filings.posted(answer_id, contents) for answer_id, contents in posted])
        for answer_id, contents in posted:
            self._put(answer_id, contents)

    def _put(self, answer_id: str, contents: Sequence[bytes]) -> None:
        for content in contents:
            self.mailbox.append(RawAnswer(str(len(self.mailbox) + 1), content))
        del self._waiting[answer_id]

    def _write(self, lines: Sequence[Mapping[str, Any]]) -> None:
        if self.journal is None or not lines:
            return
        with self.journal.open("ab") as file:
            file.writelines(json.dumps(line).encode() + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())

    def _remembered(self) -> Iterator[Mapping[str, Any]]:
        """The lines of the journal; a last one that a crash cut off was told to nobody."""
        if self.journal is None or not self.journal.exists():
            return
        content = self.journal.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(self.journal, len(whole))
        yield from (json.loads(line) for line in whole.splitlines())


def _other_content(message: DeclarationMessage) -> Receipt:
    return Receipt(message.message_id, accepted=False, at=clock.now(), reasons=(OTHER_CONTENT,))
