"""The page of the alarm: what does not add up, since when, what happened meanwhile, and why."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import col, select

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.operations.bond import alarm
from warehouse.operations.desk import chronicle
from warehouse.operations.models import ProofAlarm

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        alarm.PATH,
        N_("Alarm"),
        N_("What does not add up and nobody has explained, and what was explained before"),
        Permission.READ_EVENTS,
    ),
)

_EARLIER: Final = 50


@router.get(alarm.PATH, dependencies=[requires(Permission.READ_EVENTS)])
def alarm_page(request: Request, work: WorkDep) -> Response:
    """The open alarm with what happened since the last good proof; and those that were named."""
    session = work.session
    current = alarm.open_alarm(session)
    return pages.page(
        request,
        "operations/alarm.html",
        alarm=current,
        events=alarm.events_since(session, current) if current else [],
        titles=chronicle.TITLES,
        named=session.exec(
            select(ProofAlarm)
            .where(col(ProofAlarm.named_at).is_not(None))
            .order_by(col(ProofAlarm.named_at).desc())
            .limit(_EARLIER)
        ).all(),
        permissions=request.state.permissions,
    )


@router.post("/alarm/{alarm_id}/cause", dependencies=[requires(Permission.NAME_CAUSES)])
def name_cause(
    alarm_id: UUID, work: WorkDep, cause: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Say why the ledgers differ; the alarm ends."""
    alarm.name_cause(work, alarm_id, cause)
    return RedirectResponse(alarm.PATH, status_code=303)
