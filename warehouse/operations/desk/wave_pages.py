"""The supervisor's pages of waves: what is late, what waits, what the floor is picking."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints
from sqlmodel import select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.numbers import Number
from warehouse.core.pages import Door
from warehouse.masterdata.models import Partner
from warehouse.operations import wall
from warehouse.operations.planning import channels, wave_board, waves
from warehouse.operations.planning.channels import Pace
from warehouse.operations.vocabulary import WaveState
from warehouse.shipments import routes

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/waves",
        N_("Waves"),
        N_("What is picked for which cut-off, and what is late"),
        Permission.MANAGE_FLOOR,
    ),
)

STATE_NAMES: Final[Mapping[WaveState, str]] = {
    WaveState.PLANNED: N_("Not on the floor"),
    WaveState.RELEASED: N_("On the floor"),
    WaveState.DONE: N_("All picked"),
    WaveState.CANCELLED: N_("Given up"),
}

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20), Form()]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), Form()]
Choice = Annotated[str, Form(max_length=40)]
Most = Annotated[int, Form(ge=1, le=100_000)]
Priority = Annotated[int, Form(ge=-100, le=100)]
CutOff = Annotated[str, Form(max_length=5)]


@router.get("/waves", dependencies=[requires(Permission.MANAGE_FLOOR)])
def wave_list(request: Request, work: WorkDep) -> Response:
    """Late first, then what waits and what the floor is picking, then what is done."""
    here = wall.here(work)
    found = wave_board.board(work.session, here, work.at)
    partners = dict(work.session.exec(select(Partner.id, Partner.code)).all())
    lanes = routes.of_premises(work.session, here)
    return pages.page(
        request,
        "operations/waves.html",
        waves=sorted(found, key=lambda each: not each.late),
        unplanned=len(wave_board.unplanned(work, here)),
        channels=wave_board.channels_of(work.session, here),
        partners=partners,
        routes={each.id: each.code for each in lanes},
        state_names=STATE_NAMES,
    )


@router.post("/waves/{number}/release", dependencies=[requires(Permission.MANAGE_FLOOR)])
def release(number: Number, work: WorkDep) -> Response:
    """Give a wave to the floor."""
    waves.release(work, wave_board.by_number(work.session, wall.here(work), number))
    return _back()


@router.post("/waves/{number}/hold-back", dependencies=[requires(Permission.MANAGE_FLOOR)])
def hold_back(number: Number, work: WorkDep) -> Response:
    """Hand out no more of a wave."""
    waves.hold_back(work, wave_board.by_number(work.session, wall.here(work), number))
    return _back()


@router.post("/waves/{number}/cut-off", dependencies=[requires(Permission.MANAGE_FLOOR)])
def set_cut_off(number: Number, work: WorkDep, cut_off: CutOff) -> Response:
    """Move the cut-off of a wave."""
    wave = wave_board.by_number(work.session, wall.here(work), number)
    waves.set_cut_off(work, wave, cut_off)
    return _back()


@router.post("/channels", dependencies=[requires(Permission.MANAGE_FLOOR)])
def add_channel(
    work: WorkDep,
    code: Code,
    name_th: Name,
    name_en: Name,
    cut_off: CutOff,
    most: Most,
    priority: Priority = 0,
    partner: Choice = "",
    route: Choice = "",
) -> Response:
    """Set up a channel: whose orders, on which route, by when, how many at once."""
    channels.add_channel(
        work,
        wall.here(work),
        code,
        (name_th, name_en),
        Pace(cut_off, most, priority),
        partner=partner,
        route=route,
    )
    return _back()


@router.post("/channels/{code}", dependencies=[requires(Permission.MANAGE_FLOOR)])
def set_pace(
    code: Number, work: WorkDep, cut_off: CutOff, most: Most, priority: Priority = 0
) -> Response:
    """Change by when the orders of a channel are picked, and how many at once."""
    channels.set_pace(work, wall.here(work), code, Pace(cut_off, most, priority))
    return _back()


def _back() -> Response:
    return RedirectResponse("/waves", status_code=303)
