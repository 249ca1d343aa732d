"""The page of exits that nobody has confirmed yet, and where the desk records what proves one."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.customs.vocabulary import PROCEDURE_NAMES
from warehouse.operations.clearance import exits

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/exits",
        N_("Exits to be confirmed"),
        N_("What has left for abroad, or a free zone, and was not seen there yet"),
        Permission.READ_DECLARATIONS,
    ),
)


@router.get("/exits", dependencies=[requires(Permission.READ_DECLARATIONS)])
def exits_page(request: Request, work: WorkDep) -> Response:
    """What left longest ago first."""
    return pages.page(
        request,
        "operations/exits.html",
        rows=exits.waiting(work, premises_id=work.actor.premises_id),
        days=exits.allowed_days(work.session, work.today),
        today=work.today,
        procedure_names=PROCEDURE_NAMES,
        permissions=request.state.permissions,
    )


@router.post("/exits/{number}/confirmation", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def confirm(
    number: str,
    work: WorkDep,
    document: Annotated[str, Form(min_length=1, max_length=60)],
    on: Annotated[date, Form()],
) -> Response:
    """The desk has proof that the goods crossed the border."""
    exits.confirm(work, number, document=document.strip(), on=on)
    return RedirectResponse("/exits", status_code=303)
