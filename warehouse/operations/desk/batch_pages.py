"""Pages of a day's papers: all its declarations in one file, and how far that is."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.operations import wall
from warehouse.operations.printing import batches
from warehouse.operations.vocabulary import BatchForm, BatchState

router = APIRouter(include_in_schema=False, dependencies=[requires(Permission.READ_DECLARATIONS)])

DOORS: Final = (
    Door(
        "/batches",
        N_("A day's papers"),
        N_("All declarations of a day as one file, to print or to hand over"),
        Permission.READ_DECLARATIONS,
    ),
)

FORM_NAMES: Final = {
    BatchForm.ZIP: N_("ZIP, a file for each declaration"),
    BatchForm.MERGED: N_("One PDF"),
}
STATE_NAMES: Final = {
    BatchState.WAITING: N_("Being put together"),
    BatchState.DONE: N_("Ready"),
    BatchState.FAILED: N_("Failed; it is tried again"),
}

_LOOK_AGAIN_SECONDS: Final = "3"


@router.get("/batches")
def batch_list(request: Request, work: WorkDep) -> Response:
    """The last batches of the reader's warehouse; the page looks again while one grows."""
    found = batches.newest(work.session, wall.here(work))
    growing = any(batch.state is BatchState.WAITING for batch in found)
    return pages.page(
        request,
        "operations/batches.html",
        headers={"refresh": _LOOK_AGAIN_SECONDS} if growing else {},
        batches=found,
        growing=growing,
        today=work.today,
        form_names=FORM_NAMES,
        state_names=STATE_NAMES,
    )


@router.post("/batches")
def ask_for_batch(
    work: WorkDep, day: Annotated[date, Form()], form: Annotated[BatchForm, Form()]
) -> Response:
    """Have a day's declarations put together."""
    batches.ask(work, wall.here(work), day, form)
    return RedirectResponse("/batches", status_code=303)


@router.get("/batches/{batch_id}/file")
def batch_file(batch_id: UUID, work: WorkDep) -> Response:
    """The file of a batch that is ready."""
    batch = batches.ready(work.session, wall.here(work), batch_id)
    ending = "zip" if batch.form is BatchForm.ZIP else "pdf"
    name = f"declarations-{batch.business_day}.{ending}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "etag": f'"{batch.sha256}"',
    }
    return Response(batch.content, media_type=batches.MEDIA_TYPES[batch.form], headers=headers)
