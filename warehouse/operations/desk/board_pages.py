"""The supervisor's board: the floor as it is now, and how the day has gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import clock, pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.inventory.vocabulary import DISCREPANCY_NAMES, HOLD_NAMES
from warehouse.operations import wall
from warehouse.operations.desk import board
from warehouse.operations.desk.board import Hour
from warehouse.operations.vocabulary import ASSIGNMENT_NAMES, TASK_NAMES, WAVE_NAMES
from warehouse.shipments.vocabulary import CONSIGNMENT_NAMES

router = APIRouter(include_in_schema=False, dependencies=[requires(Permission.MANAGE_FLOOR)])

DOORS: Final = (
    Door(
        "/board",
        N_("Board"),
        N_("Waves, dock, holds, cases, who does what, and how the day goes"),
        Permission.MANAGE_FLOOR,
    ),
)

_HEIGHT: Final = 120
_WIDTH: Final = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """An hour in the plot, in the plot's own units; *top* is measured from above."""

    hour: str
    accepted: int
    refused: int
    left: int
    top: int
    height: int
    refused_top: int
    refused_height: int


@router.get("/board")
def board_page(request: Request, work: WorkDep) -> Response:
    """Everything on one page, which renews itself while it is looked at."""
    premises_id = wall.here(work)
    session, language = work.session, pages.language_of(request)
    return pages.page(
        request,
        "operations/board.html",
        now=work.at,
        waves=board.waves(session, premises_id, work.at),
        dock=board.dock(session, premises_id),
        holds=board.holds(session, premises_id),
        cases=board.cases(session, premises_id, work.at),
        people=board.people(session, premises_id, language),
        to_do=board.to_do(session, premises_id),
        bars=bars(board.hours(session, premises_id, work.at)),
        height=_HEIGHT,
        width=_WIDTH,
        proved=board.last_proof(session),
        wave_names=WAVE_NAMES,
        consignment_names=CONSIGNMENT_NAMES,
        hold_names=HOLD_NAMES,
        case_names=DISCREPANCY_NAMES,
        task_names=TASK_NAMES,
        assignment_names=ASSIGNMENT_NAMES,
    )


def bars(hours: Sequence[Hour]) -> list[Bar]:
    """*hours* as bars, the busiest as high as the plot."""
    most = max((hour.accepted + hour.refused for hour in hours), default=0) or 1
    drawn = []
    for place, hour in enumerate(hours):
        accepted = round(hour.accepted * _HEIGHT / most)
        refused = round(hour.refused * _HEIGHT / most)
        drawn.append(
            Bar(
                hour=f"{hour.at.astimezone(clock.BANGKOK):%H}",
                accepted=hour.accepted,
                refused=hour.refused,
                left=place * _WIDTH,
                top=_HEIGHT - accepted,
                height=accepted,
                refused_top=_HEIGHT - accepted - refused,
                refused_height=refused,
            )
        )
    return drawn
