"""Pages of usual handling: what customs permitted, by which officer, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.inventory import handling
from warehouse.inventory.vocabulary import HANDLING_NAMES, HandlingKind
from warehouse.operations import wall

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/handlings",
        N_("Handling"),
        N_("Repacking, relabelling, kits and splits that customs permitted"),
        Permission.READ_STOCK,
    ),
)

Text = Annotated[str, Form(max_length=300)]
Short = Annotated[str, Form(min_length=1, max_length=60)]

_PAGE: Final = 50

HANDLINGS: Final = """
SELECT handling.number, handling.kind, permission, handling.note, handling.at, handling.actor,
       person.name_th, person.name_en, done.put_in, done.parcels
  FROM handling JOIN person ON person.id = officer_id
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(movement.quantity) FILTER (WHERE place.kind = 'handled'), 0) AS put_in,
              array_agg(DISTINCT unit.number) FILTER (WHERE place.kind <> 'handled') AS parcels
         FROM movement JOIN location AS place ON place.id = to_location_id
         JOIN lot ON lot.id = movement.lot_id
         JOIN handling_unit AS unit ON unit.id = lot.handling_unit_id
        WHERE movement.handling_id = handling.id) AS done
 WHERE handling.premises_id = %(premises_id)s
 ORDER BY handling.at DESC, handling.id DESC LIMIT %(limit)s
"""


class Permitted(NamedTuple):
    """A handling that customs permitted; *put_in* went into it, *parcels* came out."""

    number: str
    kind: HandlingKind
    permission: str
    note: str
    at: datetime
    actor: str
    officer_th: str
    officer_en: str
    put_in: Decimal
    parcels: Sequence[str] | None


@router.get("/handlings", dependencies=[requires(Permission.READ_STOCK)])
def handling_list(request: Request, work: WorkDep) -> Response:
    """The newest handlings of the reader's premises, and a form for the next."""
    rows = work.sql(HANDLINGS, premises_id=wall.here(work), limit=_PAGE)
    return pages.page(
        request,
        "operations/handlings.html",
        handlings=[Permitted(*row) for row in rows],
        kind_names=HANDLING_NAMES,
        permissions=request.state.permissions,
    )


@router.post("/handlings", dependencies=[requires(Permission.MANAGE_FLOOR)])
def permit(
    work: WorkDep,
    kind: Annotated[HandlingKind, Form()],
    permission: Short,
    officer: Short,
    note: Text = "",
) -> Response:
    """Record what customs permitted: the floor scans its number."""
    wall.here(work)
    handling.permit(work, kind, permission=permission, officer=officer, note=note)
    return RedirectResponse("/handlings", status_code=303)
