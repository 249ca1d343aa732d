"""The customs desk's first page: what to do next; and the search for any number on any paper."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.customs.posting import outages
from warehouse.operations import wall
from warehouse.operations.desk import finding
from warehouse.operations.desk.finding import KIND_NAMES
from warehouse.operations.desk.worklist import TODO_NAMES, Todo, worklist

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/worklist",
        N_("To do"),
        N_("What the customs desk has to do next, by when it is due"),
        Permission.READ_DECLARATIONS,
    ),
    Door(
        "/find",
        N_("Find a number"),
        N_("Any number on any paper: ours, customs', a partner's or a bank's"),
        Permission.READ_DECLARATIONS,
    ),
)


@router.get("/worklist", dependencies=[requires(Permission.READ_DECLARATIONS)])
def to_do(request: Request, work: WorkDep, only: Todo | None = None) -> Response:
    """What waits here, the most urgent first."""
    found = worklist(work, wall.here(work), only=only)
    return pages.page(
        request,
        "operations/worklist.html",
        worklist=found,
        only=only,
        away=outages.current(work.session),
        now=work.at,
        todo_names=TODO_NAMES,
    )


@router.get("/find", dependencies=[requires(Permission.READ_DECLARATIONS)])
def find(
    request: Request,
    work: WorkDep,
    number: Annotated[str, Query(max_length=60, pattern=r"^[^\x00]*$")] = "",
) -> Response:
    """What *number* names; straight to it, if that is one thing."""
    found = finding.find(work, wall.here(work), number)
    if len(found) == 1:
        return RedirectResponse(found[0].link, status_code=303)
    return pages.page(
        request, "operations/find.html", number=number, found=found, kind_names=KIND_NAMES
    )
