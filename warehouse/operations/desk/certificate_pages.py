"""The page of storage certificates: what an officer certifies of entries that are released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access import queries as people
from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.clearing import certifying
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.vocabulary import PROCEDURE_NAMES
from warehouse.operations import wall
from warehouse.operations.desk import conservation
from warehouse.operations.desk.conservation import Conservation
from warehouse.operations.desk.inspection_pages import quantity

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/certificates",
        N_("Storage certificates"),
        N_("What an officer certifies of goods that came into bond"),
        Permission.READ_DECLARATIONS,
    ),
)

Short = Annotated[str, Form(max_length=40)]

_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry to be certified: its lines, and what the stock ledger says of each."""

    entry: Declaration
    lines: Sequence[DeclarationLine]
    books: Mapping[UUID, Conservation]


@router.get("/certificates", dependencies=[requires(Permission.READ_DECLARATIONS)])
def certificate_list(request: Request, work: WorkDep) -> Response:
    """The released entries that no officer has certified."""
    found = certifying.to_certify(work.session, wall.here(work), most=_PAGE)
    return pages.page(
        request,
        "operations/certificates.html",
        permissions=request.state.permissions,
        waiting=[_waiting(work, entry) for entry in found],
        procedure_names=PROCEDURE_NAMES,
    )


@router.post("/certificates/{number}", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def certify(
    number: str,
    work: WorkDep,
    line: Annotated[list[int], Form()],
    stored: Annotated[list[str], Form()],
    officer: Short = "",
) -> Response:
    """Record what the officer certified; *line* and *stored* belong together, one by one."""
    certifying.certify(
        work,
        wall.own_declaration(work, number),
        people.officer(work.session, officer).id,
        {each: quantity(text) for each, text in zip(line, stored, strict=False)},
    )
    return RedirectResponse("/certificates", status_code=303)


def _waiting(work: Work, entry: Declaration) -> Waiting:
    lines = queries.lines(work.session, entry.id)
    return Waiting(entry, lines, conservation.of_lines(work.session, lines))
