"""What the goods in bond would owe under another tariff: shown by HS chapter, never written."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.customs.money import what_if
from warehouse.operations import wall

router = APIRouter(include_in_schema=False, dependencies=[requires(Permission.READ_DECLARATIONS)])

DOORS: Final = (
    Door(
        "/what-if",
        N_("What if"),
        N_("What goods in bond would owe under another tariff"),
        Permission.READ_DECLARATIONS,
    ),
)

_PATH: Final = "/what-if"

Tariff = Annotated[str, Form(max_length=900_000)]
Chapters = Annotated[str, Form(max_length=4_000)]


@router.get(_PATH)
def ask(request: Request) -> Response:
    """The form: a tariff, or rates by chapter."""
    return pages.page(request, "operations/what-if.html", tariff="", chapters="", failure="")


@router.post(_PATH)
def compare(
    request: Request,
    work: WorkDep,
    tariff: Tariff = "",
    chapters: Chapters = "",
    answer_as: Annotated[str, Form(pattern="page|csv")] = "page",
) -> Response:
    """What would change, by chapter; what cannot be read is said above the form."""
    try:
        proposal = what_if.proposed(tariff, chapters)
        changes, whole = what_if.compare(work.session, wall.here(work), proposal, work.today)
    except WarehouseError as refusal:
        text = refusal.text(pages.language_of(request))
        return pages.page(
            request,
            "operations/what-if.html",
            status=refusal.status,
            failure=text,
            tariff=tariff,
            chapters=chapters,
        )
    if answer_as == "csv":
        name = f"what-if-{work.today.isoformat()}.csv"
        return Response(
            what_if.as_csv([*changes, whole]).encode("utf-8-sig"),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )
    return pages.page(
        request,
        "operations/what-if.html",
        failure="",
        changes=changes,
        whole=whole,
        today=work.today,
        tariff=tariff,
        chapters=chapters,
    )
