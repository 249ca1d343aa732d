"""The web program: the routers of every room, and what watches over it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine
from starlette.staticfiles import StaticFiles

from warehouse import core, wiring
from warehouse.access import api as access_api
from warehouse.access import pages as access_pages
from warehouse.access.http import public
from warehouse.core import db, health, http, metrics
from warehouse.core.i18n import N_
from warehouse.core.pages import Hall
from warehouse.customs import pages as customs_pages
from warehouse.operations.bond import alarm, returns_api
from warehouse.operations.desk import (
    alarm_pages,
    batch_pages,
    board_pages,
    by_hand_pages,
    certificate_pages,
    collection_pages,
    count_pages,
    deadline_pages,
    declaration_pages,
    declarations_api,
    discrepancy_pages,
    disposal_pages,
    editor_pages,
    exit_pages,
    filing_rule_pages,
    guarantee_pages,
    handling_pages,
    hold_pages,
    inbound_pages,
    inspection_pages,
    location_pages,
    manifest_pages,
    opening_pages,
    oversight_pages,
    papers_api,
    payment_pages,
    permit_pages,
    reference_pages,
    run_pages,
    verify_pages,
    version_pages,
    versions_api,
    wave_pages,
    what_if_pages,
    worklist_pages,
)
from warehouse.operations.desk import pages as stock_pages
from warehouse.operations.floor import api as scan_api
from warehouse.operations.floor import photos_api, scan_page
from warehouse.operations.intake import partner_api
from warehouse.settings import Settings
from warehouse.shipments import api as shipments_api

ROUTERS: Final = (
    shipments_api.router,
    scan_api.router,
    access_api.router,
    access_pages.router,
    customs_pages.router,
    guarantee_pages.router,
    payment_pages.router,
    declaration_pages.router,
    declarations_api.router,
    discrepancy_pages.router,
    collection_pages.router,
    worklist_pages.router,
    certificate_pages.router,
    opening_pages.router,
    deadline_pages.router,
    exit_pages.router,
    handling_pages.router,
    inspection_pages.router,
    by_hand_pages.router,
    hold_pages.router,
    inbound_pages.router,
    location_pages.router,
    board_pages.router,
    count_pages.router,
    disposal_pages.router,
    filing_rule_pages.router,
    permit_pages.router,
    run_pages.router,
    reference_pages.router,
    manifest_pages.router,
    alarm_pages.router,
    oversight_pages.router,
    papers_api.router,
    partner_api.router,
    returns_api.router,
    photos_api.router,
    scan_page.router,
    stock_pages.router,
    batch_pages.router,
    verify_pages.router,
    editor_pages.router,
    version_pages.router,
    versions_api.router,
    wave_pages.router,
    what_if_pages.router,
)
"""Every room's API and pages; tried one after the other, so what is asked all day comes first."""

HALLS: Final = (
    Hall(
        N_("Floor"),
        (
            scan_page.DOOR,
            *board_pages.DOORS,
            *wave_pages.DOORS,
            *manifest_pages.DOORS,
            *count_pages.DOORS,
            *discrepancy_pages.DOORS,
            *handling_pages.DOORS,
            *location_pages.DOORS,
            *hold_pages.DOORS,
        ),
    ),
    Hall(
        N_("Goods"),
        (
            *inbound_pages.DOORS,
            *stock_pages.DOORS,
            *disposal_pages.DOORS,
        ),
    ),
    Hall(
        N_("Customs desk"),
        (
            *worklist_pages.DOORS,
            *declaration_pages.DOORS,
            *inspection_pages.DOORS,
            *by_hand_pages.DOORS,
            *certificate_pages.DOORS,
            *exit_pages.DOORS,
            *deadline_pages.DOORS,
            *collection_pages.DOORS,
            *permit_pages.DOORS,
            *filing_rule_pages.DOORS,
            *run_pages.DOORS,
            *batch_pages.DOORS,
        ),
    ),
    Hall(
        N_("Duty and guarantee"),
        (
            *guarantee_pages.DOORS,
            *customs_pages.DOORS,
            *payment_pages.DOORS,
            *what_if_pages.DOORS,
        ),
    ),
    Hall(
        N_("Records"),
        (
            *reference_pages.DOORS,
            *opening_pages.DOORS,
            *alarm_pages.DOORS,
            *oversight_pages.DOORS,
        ),
    ),
)
"""The pages on the home page and in the navigation, in the order of the day's work."""

_DISTRIBUTION: Final = "bonded-warehouse"
_CORE: Final = Path(core.__file__).parent

router = APIRouter(dependencies=[public])


@router.get("/livez", include_in_schema=False)
async def livez() -> dict[str, bool]:
    """Whether this process answers at all."""
    return {"live": True}


@router.get("/readyz", include_in_schema=False)
def readyz(request: Request) -> Response:
    """Whether requests can be worked on now, with a reason for each check that fails."""
    checks = health.checks(request.app.state.engine)
    ready = not any(checks.values())
    return JSONResponse({"ready": ready, "reasons": checks}, status_code=200 if ready else 503)


@router.get("/metrics", include_in_schema=False)
def metrics_page() -> Response:
    """For Prometheus, inside the house: the proxy in front keeps this path to itself."""
    return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/version", include_in_schema=False)
def version_page(request: Request) -> dict[str, str | None]:
    """Which program this is, and which schema it found."""
    return {
        "version": version(_DISTRIBUTION),
        "schema": health.schema_revision(request.app.state.engine),
    }


@router.get("/api/v1/openapi.json", include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """The API, described for programs."""
    described: dict[str, Any] = request.app.openapi()
    return described


@asynccontextmanager
async def _open_engine(app: FastAPI) -> AsyncIterator[None]:
    """Hold the pool while the program runs, unless the caller brought an engine."""
    if app.state.engine is not None:
        yield
        return
    settings: Settings = app.state.settings
    assert settings.database_url is not None, "whoever starts the web program names the database"
    app.state.engine = db.create_engine(settings.database_url, pool_size=settings.pool_size)
    yield
    app.state.engine.dispose()


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """The web program; with an *engine* of the caller's, or one of its own while it runs."""
    app = FastAPI(
        title="Bonded warehouse",
        version=version(_DISTRIBUTION),
        lifespan=_open_engine,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        responses=http.ANY_ROUTE,
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.subscribers = wiring.SUBSCRIBERS
    app.state.halls = HALLS
    app.state.banner = alarm.banner
    http.install(app)
    for each in (*ROUTERS, router):
        app.include_router(each)
    app.mount("/static", StaticFiles(directory=_CORE / "static"))
    app.mount("/fonts", StaticFiles(directory=_CORE / "fonts"))
    return app
