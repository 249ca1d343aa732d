"""The scan endpoint: one for every scanner, every task and every step."""

import json
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from warehouse.access.turns import TurnRoute, in_one_turn, requires_in_turn
from warehouse.access.vocabulary import Permission
from warehouse.core.http import problem, problems
from warehouse.core.work import Work
from warehouse.operations.floor import scanning
from warehouse.operations.floor.errors import NoPremises, ScanChanged
from warehouse.operations.floor.scanning import Scanned
from warehouse.operations.vocabulary import Step, TaskKind, Tone

MOST_SCANS: Final = 200
"""The longest batch: a clerk's quarter of an hour without a network."""

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

    def scanned(self) -> Scanned:
        """The scan, as operations know it."""
        return Scanned(self.scan_id, self.barcode, self.device, self.scanned_at, self.sequence)


class BatchWanted(BaseModel):
    """The scans that waited on a device while the network was away."""

    model_config = ConfigDict(extra="forbid")

    scans: Annotated[list[ScanWanted], Field(min_length=1, max_length=MOST_SCANS)]


class MessageRead(BaseModel):
    """A stable code for programs, and the sentence for people."""

    code: str
    th: str
    en: str


class PromptRead(BaseModel):
    """What to scan next."""

    th: str
    en: str


class TaskRead(BaseModel):
    """What the person is doing now, and what the scanner waits for."""

    state: Step
    task: TaskKind | None
    tone: Tone
    message: MessageRead
    prompt: PromptRead
    data: dict[str, str | int | list[str] | None]
    expects: list[str]


class ScanRead(TaskRead):
    """The answer to a scan.  A refusal is an answer: its *tone* is ``refused``."""

    scan_id: UUID
    repeated: bool
    """The same code was scanned a moment ago; this is what was said then."""


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

    def take_all(work: Work) -> list[str]:
        return [
            _taken(work, each.scanned(), request)
            for each in sorted(body.scans, key=lambda scan: scan.sequence or 0)
        ]

    answers = await in_one_turn(request, take_all)
    content = '{"answers": [' + ", ".join(answers) + "]}"
    return Response(content, media_type="application/json")


@router.get("/task", response_model=TaskRead, responses=problems(NoPremises))
async def task(request: Request) -> Response:
    """What the person who signed in is doing: for a scan page that opens."""
    answer = await in_one_turn(request, scanning.current)
    return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")


def _taken(work: Work, scanned: Scanned, request: Request) -> str:
    try:
        return scanning.scan(work, scanned)
    except ScanChanged as failure:
        return bytes(problem(request, failure).body).decode()
