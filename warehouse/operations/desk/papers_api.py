"""Papers, labels and bars to look at and print."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from warehouse.access.http import WorkDep, any_role, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import barcodes, papers
from warehouse.core.barcodes import NotEncodable
from warehouse.core.http import NoSuchAddress, problems
from warehouse.core.numbers import Number
from warehouse.core.papers import Paper
from warehouse.core.work import Work
from warehouse.customs.errors import DeclarationNotFound
from warehouse.inventory.documents import goods_labels, location_labels
from warehouse.inventory.errors import LocationNotFound
from warehouse.operations import wall
from warehouse.operations.errors import NoPremises
from warehouse.operations.printing import asking, label_forms, verifying
from warehouse.operations.printing.papers import (
    DECLARATION,
    DISPOSAL,
    MANIFEST,
    RELEASE_NOTE,
    SHIPMENT_LABEL,
    Asked,
    PaperNotMade,
    paper_by_number,
)
from warehouse.shipments import manifests
from warehouse.shipments import queries as shipments
from warehouse.shipments.errors import (
    ConsignmentNotFound,
    ManifestNotFound,
    ShipmentNotFound,
)

_PDF: Final = "application/pdf"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]")

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), Form()
]
Codes = Annotated[tuple[Number, ...], Query()]

router = APIRouter(tags=["papers"])


class _Pdf(Response):
    """For the description of the API: these routes answer with a PDF file."""

    media_type = _PDF


class _Svg(Response):
    """A picture for a screen."""

    media_type = "image/svg+xml"


@router.get(
    "/papers/declaration/{number}.pdf",
    dependencies=[requires(Permission.READ_DECLARATIONS)],
    response_class=_Pdf,
    responses=problems(DeclarationNotFound, PaperNotMade),
)
def declaration_paper(number: Number, work: WorkDep) -> Response:
    """The declaration that we, or customs in print or in its book, call *number*."""
    declaration = wall.declaration(work, number)
    paper = papers.newest(work.session, DECLARATION, declaration.id)
    if paper is None:
        raise PaperNotMade(number=number)
    return _kept(paper)


@router.get(
    "/papers/release-note/{number}.pdf",
    dependencies=[requires(Permission.READ_DECLARATIONS)],
    response_class=_Pdf,
    responses=problems(PaperNotMade),
)
def release_note_paper(number: Number, work: WorkDep) -> Response:
    """The gate pass of release *number*."""
    return _kept(_seen(work, RELEASE_NOTE, number))


@router.get(
    "/papers/disposal/{number}.pdf",
    dependencies=[requires(Permission.READ_STOCK)],
    response_class=_Pdf,
    responses=problems(PaperNotMade),
)
def disposal_paper(number: Number, work: WorkDep) -> Response:
    """The certificate or note of disposal *number*."""
    return _kept(_seen(work, DISPOSAL, number))


@router.get(
    "/papers/manifest/{number}.pdf",
    dependencies=[requires(Permission.READ_SHIPMENTS)],
    response_class=_Pdf,
    responses=problems(NoPremises, ManifestNotFound, PaperNotMade),
)
def manifest_paper(number: Number, work: WorkDep) -> Response:
    """The dispatch list of manifest *number* of the reader's warehouse, as it was last closed."""
    manifests.by_number(work.session, wall.here(work), number)
    return _kept(paper_by_number(work.session, MANIFEST, number))


@router.get(
    "/papers/shipment-label/{number}.pdf",
    dependencies=[requires(Permission.PRINT_LABELS)],
    response_class=_Pdf,
    responses=problems(PaperNotMade),
)
def shipment_label_paper(number: Number, work: WorkDep) -> Response:
    """The label of shipment *number*."""
    return _kept(_seen(work, SHIPMENT_LABEL, number))


@router.get(
    "/api/v1/shipments/{number}/label",
    dependencies=[requires(Permission.READ_OWN_SHIPMENTS)],
    tags=["shipments"],
    response_class=_Pdf,
    responses=problems(ShipmentNotFound, PaperNotMade),
)
def own_shipment_label(number: Number, work: WorkDep) -> Response:
    """The label of the partner's own shipment *number*, 100 × 150 mm."""
    partner_id = work.actor.partner_id
    assert partner_id is not None, "partners alone read their own"
    shipment = shipments.shipment_by_number(work.session, number, partner_id=partner_id)
    return _kept(paper_by_number(work.session, SHIPMENT_LABEL, shipment.number))


@router.get(
    "/papers/{kind}/{number}.pdf",
    dependencies=[requires(Permission.READ_DECLARATIONS)],
    include_in_schema=False,
)
def asked_paper(kind: Asked, number: Number, work: WorkDep) -> Response:
    """The newest paper *kind* of declaration or collection order *number*, as it was printed."""
    return _kept(_seen(work, kind, number))


@router.post(
    "/papers/{kind}/{number}",
    dependencies=[requires(Permission.READ_DECLARATIONS)],
    include_in_schema=False,
)
def print_paper(kind: Asked, number: Number, request: Request, work: WorkDep) -> Response:
    """Print the paper *kind* of declaration or collection order *number* as the books stand now."""
    site = request.app.state.settings.site
    paper = asking.print_asked(work, kind, number, site=site)
    return RedirectResponse(f"/papers/{kind}/{paper.number}.pdf", status_code=303)


@router.post(
    "/reprints",
    dependencies=[requires(Permission.READ_DECLARATIONS)],
    include_in_schema=False,
)
def reprint(paper_id: Annotated[UUID, Form()], reason: Reason, work: WorkDep) -> Response:
    """Print a kept paper once more, and say why."""
    paper = work.session.get(Paper, paper_id)
    if paper is None or verifying.premises_of(work.session, paper) != wall.here(work):
        raise PaperNotMade(number=str(paper_id))
    asking.print_again(work, paper, reason)
    return RedirectResponse(f"/papers/{paper.kind}/{paper.number}.pdf", status_code=303)


@router.get(
    "/labels/locations.pdf",
    dependencies=[requires(Permission.PRINT_LABELS)],
    response_class=_Pdf,
    responses=problems(NoPremises, LocationNotFound, NotEncodable),
)
def location_label_sheet(work: WorkDep, code: Codes = ()) -> Response:
    """The labels of the places of the asker's warehouse: of all, or of each *code* given."""
    labels = label_forms.location_labels_of(work.session, wall.here(work), code)
    return Response(location_labels(labels), media_type=_PDF)


@router.get(
    "/labels/goods/{number}.pdf",
    dependencies=[requires(Permission.PRINT_LABELS)],
    response_class=_Pdf,
    responses=problems(ConsignmentNotFound, NotEncodable),
)
def goods_label_sheet(number: Number, work: WorkDep) -> Response:
    """The labels of the lots of consignment *number*."""
    consignment = wall.consignment(work, number)
    labels = label_forms.goods_labels_of(work.session, consignment.id)
    return Response(goods_labels(labels), media_type=_PDF)


@router.get(
    "/barcodes/{code:path}.svg",
    dependencies=[any_role],
    response_class=_Svg,
    responses=problems(NotEncodable, NoSuchAddress),  # a path ends at a line break
)
def barcode(code: str) -> Response:
    """*code* as bars for a screen."""
    return _Svg(barcodes.svg(code))


def _seen(work: Work, kind: str, number: str) -> Paper:
    """The newest paper *kind* with that number, if it speaks of the reader's warehouse."""
    paper = paper_by_number(work.session, kind, number)
    if not wall.sees(work, verifying.premises_of(work.session, paper)):
        raise PaperNotMade(number=number)
    return paper


def _kept(paper: Paper) -> Response:
    """*paper* as it was made, under a file name made of its kind and number."""
    name = _UNSAFE.sub("_", f"{paper.kind}-{paper.number}")
    headers = {
        "content-disposition": f'inline; filename="{name}.pdf"',
        "etag": f'"{paper.sha256}"',
    }
    return Response(paper.content, media_type=paper.media_type, headers=headers)
