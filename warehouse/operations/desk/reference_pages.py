"""The desk's pages of reference data: what held on a day, and files that bring more of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from pydantic import BeforeValidator
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages, sheets
from warehouse.core.i18n import N_, catalogue, shown
from warehouse.core.pages import Door
from warehouse.masterdata import browsing, uploads
from warehouse.masterdata.dated import Dated
from warehouse.masterdata.models import ReferenceUpload
from warehouse.masterdata.official import TABLES
from warehouse.masterdata.vocabulary import NAMES, UploadState

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/reference",
        N_("Reference data"),
        N_("Tariff, rates, permits and codes: what held on a day, and where it is from"),
        Permission.READ_REFERENCE,
    ),
)

COLUMN_NAMES: Final[Mapping[str, str]] = {
    "hs_code": N_("HS code"),
    "statistical_code": N_("Statistical code"),
    "description_th": N_("Thai"),
    "description_en": N_("English"),
    "unit": N_("Unit"),
    "rate_type": N_("Rate"),
    "value_rate_pct": N_("Per cent"),
    "specific_rate_baht": N_("Baht a unit"),
    "privilege_code": N_("Privilege"),
    "kind": N_("Kind"),
    "origin_country": N_("Origin"),
    "excise_code": N_("Excise code"),
    "by_retail_price": N_("By retail price"),
    "direction": N_("Direction"),
    "authority_id": N_("Authority"),
    "permit_th": N_("Thai"),
    "permit_en": N_("English"),
    "currency": N_("Currency"),
    "per_units": N_("For how many"),
    "import_rate": N_("Import, baht"),
    "export_rate": N_("Export, baht"),
    "code": N_("Code"),
    "name_th": N_("Thai"),
    "name_en": N_("English"),
    "export_release": N_("Export release"),
    "export_load": N_("Export loading"),
    "import_release": N_("Import release"),
    "import_discharge": N_("Import discharge"),
    "needs_origin_proof": N_("Needs proof of origin"),
    "day": N_("Day"),
    "valid_from": N_("From"),
    "valid_to": N_("Until"),
    "source": N_("Source"),
}

_PAGE: Final = 100
_UPLOADS: Final = 20

Sought = Annotated[str, Query(max_length=40)]
OnDay = Annotated[date | None, BeforeValidator(lambda text: text or None), Query()]
Since = Annotated[date | None, BeforeValidator(lambda text: text or None), Form()]


@router.get("/reference", dependencies=[requires(Permission.READ_REFERENCE)])
def reference_page(request: Request, work: WorkDep) -> Response:
    """Every table, and the files that came for them; the newest first."""
    recent = work.session.exec(
        select(ReferenceUpload).order_by(col(ReferenceUpload.uploaded_at).desc()).limit(_UPLOADS)
    ).all()
    return pages.page(
        request,
        "operations/reference.html",
        shelves=[(table, *browsing.counts(work.session, table)) for table in TABLES.values()],
        uploads=recent,
        tables=TABLES,
        names=NAMES,
    )


@router.get("/reference/{name}", dependencies=[requires(Permission.READ_REFERENCE)])
def table_page(
    name: str, request: Request, work: WorkDep, code: Sought = "", on: OnDay = None
) -> Response:
    """The rows of a table that hold on a day, or all of them; by code or word."""
    table = uploads.table(name)
    found = browsing.rows(work.session, table, code.strip(), on, most=_PAGE + 1)
    language = pages.language_of(request)
    return pages.page(
        request,
        "operations/reference-table.html",
        table=table,
        columns=[(column, COLUMN_NAMES[column]) for column in table.columns],
        rows=[_told(row, table.columns, language) for row in found[:_PAGE]],
        illustrative=browsing.ILLUSTRATIVE,
        more=len(found) > _PAGE,
        code=code,
        on=on,
        permissions=request.state.permissions,
        most_mb=sheets.MOST_BYTES // 2**20,
    )


@router.post("/reference/{name}/uploads", dependencies=[requires(Permission.MANAGE_REFERENCE)])
def upload(
    name: str,
    work: WorkDep,
    file: Annotated[UploadFile, File()],
    since: Since = None,
) -> Response:
    """Look a file over, and keep it for a second person."""
    content = file.file.read(sheets.MOST_BYTES + 1)
    kept = uploads.preview(work, name, file.filename or "", content, since)
    return RedirectResponse(f"/reference/uploads/{kept.id}", status_code=303)


@router.get("/reference/uploads/{upload_id}", dependencies=[requires(Permission.READ_REFERENCE)])
def upload_page(upload_id: UUID, request: Request, work: WorkDep) -> Response:
    """What a file would change, what stands against it, and who decided."""
    found = uploads.by_id(work.session, upload_id)
    table = uploads.table(found.table_name)
    language = pages.language_of(request)
    waiting = found.state is UploadState.WAITING
    looked = uploads.look(work.session, found) if waiting else uploads.NOTHING
    changes = [
        (
            title,
            len(rows),
            [_told(row, table.columns, language, last) for row, last in rows[:_PAGE]],
        )
        for title, rows in (
            (N_("Rows that begin"), looked.plan.added),
            (N_("Rows that end"), looked.plan.ended),
        )
    ]
    return pages.page(
        request,
        "operations/reference-upload.html",
        upload=found,
        table=table,
        columns=[(column, COLUMN_NAMES[column]) for column in table.columns],
        problems=[uploads.told(problem) for problem in looked.problems] or found.problems,
        changes=changes,
        names=NAMES,
        me=work.actor.name,
        permissions=request.state.permissions,
    )


@router.post(
    "/reference/uploads/{upload_id}/approval",
    dependencies=[requires(Permission.MANAGE_REFERENCE)],
)
def take_in(upload_id: UUID, work: WorkDep) -> Response:
    """Change the table as the file says."""
    uploads.take_in(work, upload_id)
    return RedirectResponse(f"/reference/uploads/{upload_id}", status_code=303)


@router.post(
    "/reference/uploads/{upload_id}/refusal", dependencies=[requires(Permission.MANAGE_REFERENCE)]
)
def refuse(upload_id: UUID, work: WorkDep) -> Response:
    """Leave the file out."""
    uploads.refuse(work, upload_id)
    return RedirectResponse(f"/reference/uploads/{upload_id}", status_code=303)


def _told(
    row: Dated, columns: Iterable[str], language: str, last: date | None = None
) -> Mapping[str, str]:
    """The cells of *row* by column, for a reader; with *last* as its last day, if there is one."""
    values = row.model_dump()
    if isinstance(facts := values.get("facts"), dict):
        values |= facts
    if last:
        values["valid_to"] = last
    return {column: _cell(values.get(column), language) for column in columns}


def _cell(value: object, language: str) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return "Y" if value else "N"
        case StrEnum():
            return catalogue(language).gettext(NAMES[value])
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return shown(value, language)
        case _:
            return str(value)
