"""Pages of those who watch over the house: jobs that gave up, and the proofs of every ledger."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import clock, db, jobs, pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Job
from warehouse.operations import proofs

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/proofs",
        N_("Proofs"),
        N_("Whether every ledger adds up, counted now"),
        Permission.READ_EVENTS,
    ),
    Door(
        "/jobs",
        N_("Jobs"),
        N_("What the warehouse does by itself, and what gave up and waits for you"),
        Permission.RUN_JOBS,
    ),
)

JOB_NAMES: Final[Mapping[str, str]] = {
    "draft-entry": N_("Draft the entry of a consignment"),
    "declare-release": N_("Draft the release of an order"),
    "send-declaration": N_("Send a declaration to customs"),
    "send-amendment": N_("Send a change of a declaration to customs"),
    "redraft-refused": N_("Draft the next version of what customs refused"),
    "free-cancelled": N_("Free the goods of cancelled declarations"),
    "fetch-answers": N_("Fetch the answers of customs"),
    "apply-answer": N_("Apply an answer of customs"),
    "note-submission": N_("Note that customs has a declaration"),
    "try-refused": N_("Draft again what was refused"),
    "print-label": N_("Print a label"),
    "print-manifest": N_("Print a dispatch list"),
    "plan-waves": N_("Plan and release waves"),
    "print-declaration": N_("Print a declaration"),
    "print-release-note": N_("Print a release note"),
    "classify-products": N_("Class products by how often they are picked"),
    "plan-replenishment": N_("Ask for pick bins to be filled"),
    "plan-counts": N_("Plan the counts that the rules ask for"),
    "settle-count": N_("End a count whose cases are closed"),
    "send-mail": N_("Tell people by mail"),
    "send-line": N_("Tell people by LINE"),
    "return-unpaid": N_("Return postal parcels that nobody paid for"),
    "note-delivery": N_("Close declarations whose goods have left"),
    "stage-inspection": N_("Hold what customs will inspect"),
    "end-inspection": N_("Let inspected goods go on"),
    "promise-again": N_("Promise other goods in place of missing ones"),
    "lose-overdue": N_("Declare lost what was not found in time"),
    "declare-loss": N_("Draft the declaration of a loss"),
    "seal-events": N_("Seal the chain of events"),
    "turn-letters": N_("Begin and end the letters of banks"),
    "match-payments": N_("Match payments again"),
    "foresee-guarantee": N_("Put on record what the guarantee will need"),
    "watch-deadlines": N_("Warn of storage periods that end"),
}


@router.get("/jobs", dependencies=[requires(Permission.RUN_JOBS)])
def job_list(request: Request, work: WorkDep) -> Response:
    """Jobs that gave up, those that wait for another try, and how late the oldest is."""
    return pages.page(
        request,
        "operations/jobs.html",
        stopped=jobs.stopped(work.session),
        delayed=_delayed(work.session),
        oldest_due=jobs.oldest_due(work.session),
        now=work.at,
        names=JOB_NAMES,
    )


@router.post("/jobs/{job_id}/retry", dependencies=[requires(Permission.RUN_JOBS)])
def retry(job_id: UUID, work: WorkDep) -> Response:
    """Let a job that gave up run once more."""
    jobs.try_again(work, db.lock(work.session, Job, [job_id])[job_id])
    return RedirectResponse("/jobs", status_code=303)


@router.get("/proofs", dependencies=[requires(Permission.READ_EVENTS)])
def proof_list(request: Request) -> Response:
    """Run every proof on one snapshot and show each."""
    with Session(request.app.state.engine) as session:
        found = proofs.prove(session)
    return pages.page(request, "operations/proofs.html", proofs=found, now=clock.now())


def _delayed(session: Session) -> Sequence[Job]:
    """Jobs that failed and will be tried again, the next first."""
    return session.exec(
        select(Job)
        .where(col(Job.done_at).is_(None), col(Job.stopped_at).is_(None), col(Job.attempts) > 0)
        .order_by(col(Job.run_at))
        .limit(100)
    ).all()
