"""The page of time in bond: what runs out when, the ways out, and more time asked of customs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.errors import RuleViolation
from warehouse.core.i18n import N_
from warehouse.core.money import ZERO
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs.clearing import deadlines, ways_out
from warehouse.customs.clearing.deadlines import Deadline
from warehouse.customs.clearing.ways_out import WayOut
from warehouse.customs.models import DeadlineExtension, DeclarationLine
from warehouse.customs.vocabulary import PROCEDURE_NAMES, ExtensionState
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Partner
from warehouse.operations import wall
from warehouse.operations.bond import overdue

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/deadlines",
        N_("Time in bond"),
        N_("What has to leave by when, and the cheapest lawful way"),
        Permission.READ_DECLARATIONS,
    ),
)

EXTENSION_NAMES: Final = {
    ExtensionState.REQUESTED: N_("More time is asked of customs"),
    ExtensionState.GRANTED: N_("Customs granted more time"),
    ExtensionState.REFUSED: N_("Customs refused more time"),
}

Text = Annotated[str, Form(max_length=300)]
Short = Annotated[str, Form(max_length=60)]

_WITHIN: Final = 90
"""Days: what has longer is not on the list, unless it is asked for."""
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the list shows it; *obstacle* is why its ways out cannot be priced."""

    deadline: Deadline
    owner: Partner
    lines: Sequence[DeclarationLine]
    ways: Sequence[WayOut]
    obstacle: RuleViolation | None
    extension: DeadlineExtension | None

    @property
    def left(self) -> Decimal:
        """How much still stands in bond."""
        return sum((line.quantity - line.discharged_quantity for line in self.lines), ZERO)


@router.get("/deadlines", dependencies=[requires(Permission.READ_DECLARATIONS)])
def deadline_list(
    request: Request, work: WorkDep, within: Annotated[int, Query(ge=0, le=1200)] = _WITHIN
) -> Response:
    """The entries whose time ends *within* so many days, the most urgent first."""
    found = [
        each
        for each in deadlines.running(work.session, work.today, wall.here(work))
        if each.days_left <= within
    ]
    return pages.page(
        request,
        "operations/deadlines.html",
        permissions=request.state.permissions,
        rows=[_row(work, each) for each in found[:_MOST]],
        more=len(found) - _MOST,
        within=within,
        procedure_names=PROCEDURE_NAMES,
        extension_names=EXTENSION_NAMES,
    )


@router.post("/deadlines/{number}/extension", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def ask(number: str, work: WorkDep, until: Annotated[date, Form()], reason: Text = "") -> Response:
    """Ask customs for more time."""
    deadlines.ask_for_more(work, wall.own_declaration(work, number), until, reason.strip())
    return RedirectResponse("/deadlines", status_code=303)


@router.post(
    "/deadlines/{number}/extension/answer",
    dependencies=[requires(Permission.FILE_DECLARATIONS)],
)
def answer(
    number: str,
    work: WorkDep,
    granted: Annotated[bool, Form()],
    document: Short = "",
    officer: Short = "",
) -> Response:
    """Record what customs answered."""
    overdue.decide(
        work,
        wall.own_declaration(work, number),
        granted=granted,
        document_number=document,
        officer=officer,
    )
    return RedirectResponse("/deadlines", status_code=303)


def _row(work: Work, deadline: Deadline) -> Row:
    try:
        ways, obstacle = ways_out.ways_out(work.session, deadline, work.today), None
    except RuleViolation as failure:
        ways, obstacle = [], failure
    entry = deadline.entry
    return Row(
        deadline,
        masterdata.partner_by_id(work.session, entry.partner_id),
        deadlines.open_lines(work.session, entry.id),
        ways,
        obstacle,
        deadlines.extension_of(work.session, entry.id),
    )
