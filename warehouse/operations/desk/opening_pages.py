"""The page on which an older warehouse is taken over: its balance, tied out and signed off."""

from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages, sheets
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.masterdata.vocabulary import UploadState
from warehouse.operations import wall
from warehouse.operations.intake import opening_balance, opening_file

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/opening",
        N_("Opening balance"),
        N_("Take over what an older system has in bond, line by line"),
        Permission.MANAGE_REFERENCE,
    ),
)

STATE_NAMES: Final = {
    UploadState.WAITING: N_("Waits for a second person"),
    UploadState.TAKEN_IN: N_("Signed off"),
    UploadState.REFUSED: N_("Refused: nothing was written"),
}
TOTAL_NAMES: Final = {
    "owner": N_("Owner"),
    "chapter": N_("Chapter"),
    "line": N_("Import line"),
}


@router.get("/opening", dependencies=[requires(Permission.MANAGE_REFERENCE)])
def opening(request: Request, work: WorkDep) -> Response:
    """The balances that were brought, and a form for another."""
    return pages.page(
        request,
        "operations/opening.html",
        balances=opening_balance.of_premises(work.session, wall.here(work)),
        columns=opening_file.COLUMNS,
        decimal=Decimal,
        state_names=STATE_NAMES,
        total_names=TOTAL_NAMES,
        most_megabytes=sheets.MOST_BYTES // 2**20,
    )


@router.post("/opening", dependencies=[requires(Permission.MANAGE_REFERENCE)])
def stage(work: WorkDep, file: Annotated[UploadFile, File()]) -> Response:
    """Look at a file."""
    content = file.file.read(sheets.MOST_BYTES + 1)
    opening_balance.stage(work, wall.here(work), file.filename or "-", content)
    return RedirectResponse("/opening", status_code=303)


@router.post("/opening/{balance_id}/signing", dependencies=[requires(Permission.MANAGE_REFERENCE)])
def sign_off(balance_id: UUID, work: WorkDep) -> Response:
    """Write it into both books."""
    opening_balance.sign_off(work, balance_id)
    return RedirectResponse("/opening", status_code=303)


@router.post("/opening/{balance_id}/refusal", dependencies=[requires(Permission.MANAGE_REFERENCE)])
def refuse(balance_id: UUID, work: WorkDep) -> Response:
    """Leave it."""
    opening_balance.refuse(work, balance_id)
    return RedirectResponse("/opening", status_code=303)
