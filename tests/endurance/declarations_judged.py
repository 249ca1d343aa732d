"""What came of a campaign of declarations: none lost, none doubled, nothing undecided."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from tests.endurance import checks
from warehouse.core import jobs
from warehouse.customs.gateway import AnswerKind, messages
from warehouse.customs.gateway.signing import Keys
from warehouse.customs.models import Amendment, CustomsMessage, Declaration, Outage, Release
from warehouse.customs.vocabulary import (
    AmendmentState,
    DeclarationState,
    Direction,
    MessageState,
)

LONG: Final = col(Declaration.reference_number).startswith("LONG")
_OVER: Final = (DeclarationState.RELEASED, DeclarationState.REJECTED, DeclarationState.CANCELLED)

Heard = Mapping[str, Any]
"""What customs says that it holds of one message."""


class Line(TestClient):
    """The line to customs: it writes down what was sent, and when customs said it had nothing."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app)
        self.calls = 0
        self.said: dict[str, list[str]] = defaultdict(list)

    def request(self, method: str, url: Any, **more: Any) -> httpx2.Response:
        """As ever."""
        response = super().request(method, url, **more)
        self.calls += 1
        if method == "PUT" or response.status_code == httpx2.codes.NOT_FOUND:
            self.said[str(url)].append(method)
        return response

    def sent_blindly(self) -> list[str]:
        """Messages that went out again before customs said that it never had them (I-18)."""
        return [
            f"{url}: {calls}"
            for url, calls in self.said.items()
            if ("PUT", "PUT") in pairwise(calls)
        ]


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def judged(engine: Engine, line: Line, keys: Keys, *, known: Collection[str]) -> Outcome:
    """Hold our book against customs' own, and every ledger against itself.

    *known*: what the proofs had found before.
    """
    outcome = Outcome()
    heard = line.get("/filings", params={"limit": 100_000}).json()
    accepted = {each["message_id"]: each for each in heard if each["accepted"]}
    with Session(engine) as session:
        outcome.failures += [
            *_lost(session, accepted),
            *_changes_lost(session, accepted),
            *_strange(session, accepted),
            *_doubled(accepted),
            *_undecided(session, keys),
            *(f"job stopped: {job.name}: {job.error}" for job in jobs.stopped(session)),
        ]
        _count(session, outcome.counts)
    outcome.failures += [f"sent blindly: {each}" for each in line.sent_blindly()]
    outcome.failures += [each for each in checks.unproved(engine) if each not in known]
    outcome.counts["accepted by customs"] = len(accepted)
    outcome.counts["calls"] = line.calls
    return outcome


def _lost(session: Session, accepted: Mapping[str, Heard]) -> Iterator[str]:
    """Declarations that were filed and are not over, or of which customs knows otherwise."""
    for declaration in session.exec(select(Declaration).where(LONG)):
        if said := _wrong(declaration, accepted.get(str(declaration.message_id))):
            yield f"{declaration.reference_number} ({declaration.state}): {said}"


def _wrong(declaration: Declaration, filed: Heard | None) -> str:
    if declaration.state is DeclarationState.DRAFT:
        return "at customs, and never filed" if filed else ""
    if declaration.state not in _OVER and declaration.stopped_at is None:
        return "not over"
    if filed is None:
        return "accepted, and unknown to customs" if declaration.declaration_number else ""
    if filed["declaration_number"] != declaration.declaration_number:
        return f"{declaration.declaration_number}, and {filed['declaration_number']} at customs"
    if len(filed["said"]) != declaration.answered:
        return f"{declaration.answered} of {len(filed['said'])} answers"
    return ""


def _changes_lost(session: Session, accepted: Mapping[str, Heard]) -> Iterator[str]:
    for amendment in session.exec(select(Amendment)):
        known = str(amendment.message_id) in accepted
        if amendment.state is AmendmentState.ACCEPTED and not known:
            yield f"amendment {amendment.id}: agreed, and unknown to customs"
        if amendment.state not in _DECIDED:
            yield f"amendment {amendment.id}: {amendment.state}"


_DECIDED: Final = (AmendmentState.ACCEPTED, AmendmentState.REFUSED, AmendmentState.WITHDRAWN)


def _strange(session: Session, accepted: Mapping[str, Heard]) -> Iterator[str]:
    """What customs has, and we never filed."""
    ours = {
        str(key)
        for column in (Declaration.message_id, Amendment.message_id)
        for key in session.exec(select(column))
    }
    yield from (f"{key}: at customs, and not of ours" for key in accepted.keys() - ours)


def _doubled(accepted: Mapping[str, Heard]) -> Iterator[str]:
    """References that customs accepted twice, and numbers that two of them share."""
    originals = [each for each in accepted.values() if each["function"] == "original"]
    for field_name in ("reference_number", "declaration_number"):
        counted = Counter(each[field_name] for each in originals if each[field_name])
        yield from (f"{name} ×{times} at customs" for name, times in counted.items() if times > 1)


def _undecided(session: Session, keys: Keys) -> Iterator[str]:
    """Releases that no stored and genuine answer of customs has granted."""
    granted = session.exec(
        select(Release, Declaration)
        .join(Declaration, col(Declaration.id) == col(Release.declaration_id))
        .where(LONG)
    ).all()
    said: dict[UUID, set[datetime]] = defaultdict(set)
    for declaration_id, raw in session.exec(
        select(CustomsMessage.declaration_id, CustomsMessage.raw).where(
            CustomsMessage.direction == Direction.IN,
            CustomsMessage.state == MessageState.APPLIED,
            col(CustomsMessage.declaration_id).in_([declaration.id for _, declaration in granted]),
        )
    ):
        answer = messages.read_answer(raw, keys)
        if declaration_id and answer.kind in (AnswerKind.RELEASED, AnswerKind.PART_RELEASED):
            said[declaration_id].add(answer.at)
    for release, declaration in granted:
        if release.granted_at not in said[declaration.id]:
            yield f"{declaration.reference_number}: released, and customs never said so"


def _count(session: Session, counts: Counter[str]) -> None:
    states = session.exec(
        select(Declaration.state, func.count()).where(LONG).group_by(Declaration.state)
    )
    for state, times in states:
        if state is not DeclarationState.DRAFT:
            counts["declarations"] += times
            counts[state.value] += times
    for state, times in session.exec(
        select(CustomsMessage.state, func.count())
        .where(CustomsMessage.direction == Direction.IN)
        .group_by(col(CustomsMessage.state))
    ):
        counts[f"answers {state}"] = times
    counts["stopped"] = session.exec(
        select(func.count()).where(LONG, col(Declaration.stopped_at).is_not(None))
    ).one()
    counts["changes"] = session.exec(select(func.count()).select_from(Amendment)).one()
    counts["releases"] = session.exec(select(func.count()).select_from(Release)).one()
    counts["outages"] = session.exec(select(func.count()).select_from(Outage)).one()
