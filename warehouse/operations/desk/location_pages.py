"""Pages of the places in the hall: the tree, what stands where, lock-down, labels."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.numbers import Number
from warehouse.core.pages import Door
from warehouse.inventory import locks
from warehouse.inventory.vocabulary import REGIME_NAMES, LocationKind
from warehouse.operations import wall
from warehouse.operations.desk import halls

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/locations",
        N_("Places"),
        N_("What stands where, what a place may hold, and what is locked"),
        Permission.READ_STOCK,
    ),
)

KIND_NAMES: Final[Mapping[LocationKind, str]] = {
    LocationKind.ZONE: N_("Zone"),
    LocationKind.RECEIVE: N_("Receiving dock"),
    LocationKind.INSPECTION: N_("Inspection"),
    LocationKind.STORE: N_("Store bin"),
    LocationKind.PICK: N_("Pick bin"),
    LocationKind.STAGE: N_("Staging place"),
    LocationKind.HOLD: N_("Place for held goods"),
}

Wanted = Annotated[str, Query(max_length=40)]
After = Annotated[str, Query(max_length=400)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Form()
]

_PAGE: Final = 100


@router.get("/locations", dependencies=[requires(Permission.READ_STOCK)])
def location_list(
    request: Request, work: WorkDep, wanted: Wanted = "", after: After = ""
) -> Response:
    """The places of the reader's premises, each behind the one it lies in."""
    found = halls.spots(work, wall.here(work), wanted=wanted, after=after, limit=_PAGE)
    return pages.page(
        request,
        "operations/locations.html",
        spots=found,
        wanted=wanted,
        first=not after,
        next=found[-1].path if len(found) == _PAGE else None,
        kind_names=KIND_NAMES,
        regime_names=REGIME_NAMES,
    )


@router.get("/locations/{code}", dependencies=[requires(Permission.READ_STOCK)])
def location_page(request: Request, code: Number, work: WorkDep) -> Response:
    """One place: what it asks, what stands there, whether it is locked."""
    spot = halls.spot(work, wall.here(work), code)
    return pages.page(
        request,
        "operations/location.html",
        spot=spot,
        standing=halls.standing(work, spot.id, limit=_PAGE),
        most=_PAGE,
        kind_names=KIND_NAMES,
        regime_names=REGIME_NAMES,
        permissions=request.state.permissions,
    )


@router.post("/locations/{code}/lock", dependencies=[requires(Permission.MANAGE_FLOOR)])
def lock(code: Number, work: WorkDep, reason: Reason) -> Response:
    """Lock a place and all that lies in it: nothing is put there or taken from there."""
    locks.lock_down(work, halls.spot(work, wall.here(work), code).id, reason)
    return RedirectResponse(f"/locations/{code}", status_code=303)


@router.post("/locations/{code}/unlock", dependencies=[requires(Permission.MANAGE_FLOOR)])
def unlock(code: Number, work: WorkDep) -> Response:
    """Open a place that is locked."""
    locks.open_again(work, halls.spot(work, wall.here(work), code).id)
    return RedirectResponse(f"/locations/{code}", status_code=303)
