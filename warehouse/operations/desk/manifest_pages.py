"""Pages of what drives away: manifests of vehicles, routes with their lanes, cartons."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.numbers import Number
from warehouse.core.pages import Door
from warehouse.inventory.models import Location
from warehouse.inventory.vocabulary import LocationKind
from warehouse.operations import wall
from warehouse.operations.desk import chronicle
from warehouse.operations.planning import channels
from warehouse.shipments import cartons, manifests, routes
from warehouse.shipments.vocabulary import CUSTODY_NAMES, ManifestState

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/manifests",
        N_("Manifests"),
        N_("What each vehicle takes along, its routes and lanes"),
        Permission.READ_SHIPMENTS,
    ),
)

STATE_NAMES: Final[Mapping[ManifestState, str]] = {
    ManifestState.OPEN: N_("Being loaded"),
    ManifestState.CLOSED: N_("Closed and sealed"),
    ManifestState.DISPATCHED: N_("Out of the gate"),
}

_Text = StringConstraints(strip_whitespace=True, min_length=1, max_length=80)
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20), Form()]
Name = Annotated[str, _Text, Form()]
Vehicle = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30), Form()
]
Driver = Annotated[str, Form(max_length=80)]
Postcode = Annotated[str, Form(pattern="^[0-9]{5}$")]
Kilograms = Annotated[Decimal, Form(ge=0, le=1000, decimal_places=3)]


@router.get("/manifests", dependencies=[requires(Permission.READ_SHIPMENTS)])
def manifest_list(request: Request, work: WorkDep) -> Response:
    """The newest manifests, the routes and the cartons of the reader's premises."""
    here = wall.here(work)
    lanes = select(Location).where(
        Location.premises_id == here, Location.kind == LocationKind.STAGE
    )
    places = {each.id: each.code for each in work.session.exec(lanes.order_by(col(Location.code)))}
    found = routes.of_premises(work.session, here)
    return pages.page(
        request,
        "operations/manifests.html",
        permissions=request.state.permissions,
        manifests=manifests.newest(work.session, here),
        routes=found,
        route_codes={each.id: each.code for each in found},
        lanes=places,
        cartons=cartons.of_premises(work.session, here),
        state_names=STATE_NAMES,
    )


@router.post("/manifests", dependencies=[requires(Permission.MANAGE_FLOOR)])
def open_manifest(work: WorkDep, route: Code, vehicle: Vehicle, driver: Driver = "") -> Response:
    """Begin the manifest of a vehicle."""
    here = wall.here(work)
    found = routes.by_code(work.session, here, route)
    manifest = manifests.open_for(work, here, found.id, vehicle, driver.strip())
    return RedirectResponse(f"/manifests/{manifest.number}", status_code=303)


@router.get("/manifests/{number}", dependencies=[requires(Permission.READ_SHIPMENTS)])
def manifest_page(number: Number, request: Request, work: WorkDep) -> Response:
    """One vehicle: what is on it, what still stands in its lane, its paper."""
    manifest = manifests.by_number(work.session, wall.here(work), number)
    return pages.page(
        request,
        "operations/manifest.html",
        permissions=request.state.permissions,
        manifest=manifest,
        route=manifests.route_of(work.session, manifest),
        loaded=manifests.loaded(work.session, manifest.id),
        waiting=manifests.waiting(work, manifest.id),
        papers=chronicle.papers(work.session, [manifest.id]),
        paper_names=chronicle.PAPER_NAMES,
        history=chronicle.story(work.session, manifest.id),
        state_names=STATE_NAMES,
        custody_names=CUSTODY_NAMES,
    )


@router.post("/manifests/{number}/opening", dependencies=[requires(Permission.MANAGE_FLOOR)])
def open_again(number: Number, work: WorkDep) -> Response:
    """Break the seal of a closed vehicle: it may be loaded and unloaded again."""
    manifest = manifests.by_number(work.session, wall.here(work), number)
    manifests.open_again(work, manifests.lock(work, manifest.id))
    return RedirectResponse(f"/manifests/{number}", status_code=303)


@router.post("/routes", dependencies=[requires(Permission.MANAGE_FLOOR)])
def add_route(
    work: WorkDep,
    code: Code,
    name_th: Name,
    name_en: Name,
    postcode_from: Postcode,
    postcode_to: Postcode,
    lane: Name,
) -> Response:
    """Set up a route: which postcodes, and the lane that its parcels are staged in."""
    channels.add_route(
        work, wall.here(work), code, (name_th, name_en), (postcode_from, postcode_to), lane
    )
    return RedirectResponse("/manifests", status_code=303)


@router.post("/cartons", dependencies=[requires(Permission.MANAGE_FLOOR)])
def add_carton(work: WorkDep, code: Code, tare_kg: Kilograms, most_kg: Kilograms) -> Response:
    """Set up a carton to pack in."""
    cartons.add(work, wall.here(work), code.upper(), tare_kg, most_kg)
    return RedirectResponse("/manifests", status_code=303)
