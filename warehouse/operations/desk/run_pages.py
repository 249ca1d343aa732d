"""The page of the night's filings: how they went, why something was skipped, and what is next."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages, papers
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs.checking import runs
from warehouse.customs.checking.findings import OWNER_NAMES, Finding, Owner
from warehouse.customs.errors import RunNotFound
from warehouse.customs.models import FilingResult, FilingRun
from warehouse.customs.posting import outages
from warehouse.customs.vocabulary import FilingOutcome, RunKind
from warehouse.operations import wall
from warehouse.operations.clearance import nightly
from warehouse.operations.printing import dispatch_labels

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/runs",
        N_("Nightly filings"),
        N_("What the night filed, skipped and failed with, and why; and the rehearsal"),
        Permission.READ_DECLARATIONS,
    ),
)

KIND_NAMES: Final = {
    RunKind.FILING: N_("Filings"),
    RunKind.REHEARSAL: N_("Rehearsal"),
}
OUTCOME_NAMES: Final = {
    FilingOutcome.FILED: N_("Filed"),
    FilingOutcome.SKIPPED: N_("Skipped"),
    FilingOutcome.FAILED: N_("Failed"),
}

Kind = Annotated[RunKind, Form()]
Reason = Annotated[str, Form(max_length=300)]


@router.get("/runs", dependencies=[requires(Permission.READ_DECLARATIONS)])
def runs_page(request: Request, work: WorkDep) -> Response:
    """The runs of this warehouse, the newest first, with their figures."""
    here = wall.here(work)
    found = runs.of_premises(work.session, here)
    return pages.page(
        request,
        "operations/runs.html",
        runs=found,
        figures=runs.figures(work.session, [each.id for each in found]),
        late=runs.late(work.session, here, work.at),
        away=outages.current(work.session),
        kinds=tuple(RunKind),
        kind_names=KIND_NAMES,
        outcomes=tuple(FilingOutcome),
        outcome_names=OUTCOME_NAMES,
        permissions=request.state.permissions,
    )


@router.post("/runs", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def run_now(work: WorkDep, kind: Kind) -> Response:
    """Begin a run now; one that is under way does not begin twice."""
    run = nightly.start(work, wall.here(work), kind)
    return RedirectResponse(f"/runs/{run.id}", status_code=303)


@router.get("/runs/{run_id}", dependencies=[requires(Permission.READ_DECLARATIONS)])
def run_page(run_id: UUID, request: Request, work: WorkDep) -> Response:
    """One run: each thing that it looked at, and what has to be mended by whom."""
    run = _own(work, run_id)
    results = runs.results(work.session, run.id)
    return pages.page(
        request,
        "operations/run.html",
        run=run,
        results=results,
        figures=runs.figures(work.session, [run.id])[run.id],
        fixes=_by_owner(results),
        labels=papers.paper_of(work.session, dispatch_labels.KIND, run.id),
        kind_names=KIND_NAMES,
        outcomes=tuple(FilingOutcome),
        outcome_names=OUTCOME_NAMES,
        owner_names=OWNER_NAMES,
        permissions=request.state.permissions,
    )


@router.post("/runs/{run_id}/labels", dependencies=[requires(Permission.PRINT_LABELS)])
def print_labels(run_id: UUID, work: WorkDep, reason: Reason = "") -> Response:
    """The labels of tomorrow's dispatch in one PDF; a second print needs a reason."""
    paper = dispatch_labels.hand_out(work, _own(work, run_id).id, reason.strip())
    return Response(
        paper.content,
        media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="labels-{paper.number}.pdf"'},
    )


def _by_owner(
    results: Sequence[FilingResult],
) -> Mapping[Owner, Sequence[tuple[FilingResult, Finding]]]:
    """What has to be mended, by who can."""
    fixes: dict[Owner, list[tuple[FilingResult, Finding]]] = {}
    for result in results:
        for reason in result.reasons:
            fixes.setdefault(Owner(reason["owner"]), []).append((result, reason))
    return fixes


def _own(work: Work, run_id: UUID) -> FilingRun:
    run = work.session.exec(
        select(FilingRun).where(FilingRun.id == run_id, FilingRun.premises_id == wall.here(work))
    ).first()
    if run is None:
        raise RunNotFound
    return run
