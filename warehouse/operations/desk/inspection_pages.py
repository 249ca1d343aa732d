"""Pages of the red order: what customs will inspect, and what its officer found."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages, pictures
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.customs import queries
from warehouse.customs.errors import NoInspection, NotAQuantity
from warehouse.customs.models import Declaration, Inspection
from warehouse.customs.vocabulary import PROCEDURE_NAMES, STATE_NAMES, DeclarationState
from warehouse.operations import wall
from warehouse.operations.bond import inspecting
from warehouse.operations.bond.inspecting import Result

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/inspections",
        N_("Inspections"),
        N_("What customs will look at, and what its officer found"),
        Permission.READ_DECLARATIONS,
    ),
)

Text = Annotated[str, Form(max_length=500)]
Short = Annotated[str, Form(max_length=40)]

_PAGE: Final = 50


@router.get("/inspections", dependencies=[requires(Permission.READ_DECLARATIONS)])
def inspection_list(request: Request, work: WorkDep) -> Response:
    """What waits for an inspection, and the last results."""
    waiting = work.session.exec(
        select(Declaration)
        .where(
            Declaration.premises_id == wall.here(work),
            Declaration.state == DeclarationState.RED,
        )
        .order_by(col(Declaration.numbered_at), col(Declaration.reference_number))
        .limit(_PAGE)
    ).all()
    done = work.session.exec(
        select(Inspection, Declaration)
        .join(Declaration, col(Declaration.id) == col(Inspection.declaration_id))
        .where(Declaration.premises_id == wall.here(work))
        .order_by(col(Inspection.at).desc())
        .limit(_PAGE)
    ).all()
    return pages.page(
        request,
        "operations/inspections.html",
        waiting=waiting,
        done=done,
        procedure_names=PROCEDURE_NAMES,
    )


@router.get("/inspections/{number}", dependencies=[requires(Permission.READ_DECLARATIONS)])
def inspection(number: str, request: Request, work: WorkDep) -> Response:
    """One inspection: the result, or the form for it."""
    declaration = wall.declaration(work, number)
    return pages.page(
        request,
        "operations/inspection.html",
        permissions=request.state.permissions,
        declaration=declaration,
        lines=queries.lines(work.session, declaration.id),
        result=inspecting.of_declaration(work.session, declaration.id),
        state_names=STATE_NAMES,
        procedure_names=PROCEDURE_NAMES,
        waits=declaration.state in (DeclarationState.RED, DeclarationState.EXAMINED),
        most_megabytes=pictures.MOST_BYTES // 1024 // 1024,
    )


@router.post("/inspections/{number}", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def record(
    number: str,
    work: WorkDep,
    picture: Annotated[UploadFile, File()],
    line: Annotated[list[int], Form()],
    found: Annotated[list[str], Form()],
    officer: Short = "",
    seal_removed: Short = "",
    seal_applied: Short = "",
    note: Text = "",
) -> Response:
    """Record what the officer found; *line* and *found* belong together, one by one."""
    declaration = wall.own_declaration(work, number)
    result = Result(
        officer=officer.strip(),
        found={each: quantity(text) for each, text in zip(line, found, strict=False)},
        photo=picture.file.read(pictures.MOST_BYTES + 1),
        seal_removed=seal_removed.strip(),
        seal_applied=seal_applied.strip(),
        note=note.strip(),
    )
    inspecting.record(work, declaration, result)
    return RedirectResponse(f"/inspections/{number}", status_code=303)


@router.get("/inspections/{number}/photo", dependencies=[requires(Permission.READ_DECLARATIONS)])
def photo(number: str, work: WorkDep) -> Response:
    """The picture that the result rests on."""
    result = inspecting.of_declaration(work.session, wall.declaration(work, number).id)
    if result is None:
        raise NoInspection(number=number)
    return Response(result.photo, media_type=result.photo_type)


def quantity(text: str) -> Decimal:
    """The quantity that somebody typed.

    Raises:
        NotAQuantity: it is none.
    """
    try:
        typed = Decimal(text.strip())
    except InvalidOperation:
        raise NotAQuantity(text=text) from None
    if not typed.is_finite() or typed < 0:
        raise NotAQuantity(text=text)
    return typed
