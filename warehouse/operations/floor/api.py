"""The scan endpoint: one for every scanner, every task and every step."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from psycopg.errors import DeadlockDetected
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from warehouse.access.turns import TurnRoute, in_one_turn, requires_in_turn
from warehouse.access.vocabulary import Permission
from warehouse.core.http import problem, problems
from warehouse.operations.errors import NoPremises
from warehouse.operations.floor import scanning
from warehouse.operations.floor.errors import ScanChanged
from warehouse.operations.floor.keeping import Scanned
from warehouse.operations.vocabulary import Step, TaskKind, Tone

MOST_SCANS: Final = 500
"""The longest batch: a clerk's hour without a network."""

_AT_ONCE: Final = 50
"""Scans of a batch that are committed together: others wait so long for what they hold, and
PostgreSQL keeps 64 savepoints of a transaction at hand."""

router = APIRouter(
    prefix="/api/v1",
    tags=["scanning"],
    dependencies=[requires_in_turn(Permission.SCAN)],
    route_class=TurnRoute,
)


class ScanWanted(BaseModel):
    """One pull of the trigger.  Keep *scan_id* and send it again until it is answered."""

    model_config = ConfigDict(extra="forbid")

    scan_id: UUID
    barcode: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
    device: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
    scanned_at: AwareDatetime | None = None
    sequence: Annotated[int | None, Field(ge=0, le=2**53, strict=True)] = None
    """The device's own count of its scans: a batch is taken in this order."""
    waited: bool = False
    """It was made without a network.  What lets goods out is not done on old knowledge."""

    def scanned(self, sent_at: datetime | None = None) -> Scanned:
        """The scan, as operations know it."""
        return Scanned(
            self.scan_id,
            self.barcode,
            self.device,
            self.scanned_at,
            self.sequence,
            self.waited,
            sent_at,
        )


class BatchWanted(BaseModel):
    """The scans that waited on a device while the network was away."""

    model_config = ConfigDict(extra="forbid")

    scans: Annotated[list[ScanWanted], Field(min_length=1, max_length=MOST_SCANS)]
    sent_at: AwareDatetime | None = None
    """What the device's clock says now: the scans' own times may be long ago."""


class MessageRead(BaseModel):
    """A stable code for programs, and the sentence for people."""

    code: str
    th: str
    en: str
    zh: str


class PromptRead(BaseModel):
    """What to scan next."""

    th: str
    en: str
    zh: str


class TaskRead(BaseModel):
    """What the person is doing now, and what the scanner waits for."""

    state: Step
    task: TaskKind | None
    tone: Tone
    message: MessageRead
    prompt: PromptRead
    data: dict[str, str | int | list[str] | None]
    expects: list[str]
    commands: list[str]
    """What may be scanned here besides: the commands of this step."""


class ScanRead(TaskRead):
    """The answer to a scan.  A refusal is an answer: its *tone* is ``refused``."""

    scan_id: UUID
    repeated: bool
    """The same code was scanned a moment ago; this is what was said then."""
    asks: bool
    """Nothing was done yet: the same code again means yes, anything else no."""


class BatchRead(BaseModel):
    """The answers, in the order in which the scans were taken; a problem where one is no scan."""

    answers: list[ScanRead | dict[str, object]]


@router.post("/scans", responses={200: {"model": ScanRead}, **problems(ScanChanged, NoPremises)})
async def scan(body: ScanWanted, request: Request) -> Response:
    """Take a scan.  Sent again with the same content, it gets the same answer, byte for byte."""
    answer = await in_one_turn(request, lambda work: scanning.scan(work, body.scanned()))
    return Response(answer, media_type="application/json")


@router.post("/scans:batch", responses={200: {"model": BatchRead}, **problems(NoPremises)})
async def scan_batch(body: BatchWanted, request: Request) -> Response:
    """Take scans in the device's order, as if each had been sent alone; safe to send twice."""
    scans = [
        each.scanned(body.sent_at)
        for each in sorted(body.scans, key=lambda scan: scan.sequence or 0)
    ]
    answers: list[str] = []
    for first in range(0, len(scans), _AT_ONCE):
        answers += await _taken(request, scans[first : first + _AT_ONCE])
    content = '{"answers": [' + ", ".join(answers) + "]}"
    return Response(content, media_type="application/json")


@router.get("/task", response_model=TaskRead, responses=problems(NoPremises))
async def task(request: Request) -> Response:
    """What the person who signed in is doing: for a scan page that opens."""
    answer = await in_one_turn(request, scanning.current)
    return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")


async def _taken(request: Request, scans: Sequence[Scanned]) -> list[str]:
    """The answers to *scans*, committed together.

    Scans that are committed together hold more than one scan does, in no order: where two batches
    wait for each other one is told, and goes on scan by scan.
    """
    try:
        answers = await in_one_turn(request, lambda work: scanning.replay(work, scans))
    except DeadlockDetected:
        if len(scans) == 1:
            raise
        return [answer for each in scans for answer in await _taken(request, [each])]
    return [
        answer if isinstance(answer, str) else bytes(problem(request, answer).body).decode()
        for answer in answers
    ]
