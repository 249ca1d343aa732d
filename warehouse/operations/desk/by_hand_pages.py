"""Pages for an outage: what customs decides on paper, recorded by one and confirmed by another."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.models import Person
from warehouse.access.vocabulary import Permission
from warehouse.core import clock, pages, pictures
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs.models import Declaration, HandDecision
from warehouse.customs.posting import by_hand, hand_book, outages
from warehouse.customs.vocabulary import PROCEDURE_NAMES, STATE_NAMES, HandDecisionKind
from warehouse.masterdata import identifiers
from warehouse.operations import wall
from warehouse.operations.clearance import on_paper
from warehouse.operations.clearance.on_paper import Seen

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/by-hand",
        N_("By hand"),
        N_("What customs decides on paper while its gateway is away"),
        Permission.READ_DECLARATIONS,
    ),
)

KIND_NAMES: Final = {
    HandDecisionKind.NUMBERED: N_("Customs accepted it and gave its number"),
    HandDecisionKind.RELEASED: N_("Customs let the goods go"),
}

Short = Annotated[str, Form(max_length=40)]

_PAGE: Final = 50


@router.get("/by-hand", dependencies=[requires(Permission.READ_DECLARATIONS)])
def by_hand_list(request: Request, work: WorkDep) -> Response:
    """What waits for a second person, what may be decided by hand, and what became of the rest."""
    here = wall.here(work)
    settled = hand_book.settled(work.session, here, limit=_PAGE)
    return pages.page(
        request,
        "operations/by-hand.html",
        away=outages.current(work.session),
        waiting=hand_book.waiting(work.session, here),
        undecided=hand_book.undecided(work.session, here, limit=_PAGE),
        settled=settled,
        disputed=hand_book.disputed(work.session, (each.id for _, each in settled)),
        kind_names=KIND_NAMES,
        procedure_names=PROCEDURE_NAMES,
        state_names=STATE_NAMES,
    )


@router.get("/by-hand/{number}", dependencies=[requires(Permission.READ_DECLARATIONS)])
def by_hand_page(number: str, request: Request, work: WorkDep) -> Response:
    """What was decided of one declaration by hand, and the form for what is decided next."""
    return _page(request, work, wall.declaration(work, number))


@router.post("/by-hand/{number}", dependencies=[requires(Permission.FILE_DECLARATIONS)])
def record(
    number: str,
    request: Request,
    work: WorkDep,
    kind: Annotated[HandDecisionKind, Form()],
    decided_at: Annotated[datetime, Form()],
    picture: Annotated[UploadFile, File()],
    officer: Short = "",
    declaration_number: Short = "",
) -> Response:
    """Record a paper of customs; what is wrong is said above the form, which keeps the rest."""
    declaration = wall.own_declaration(work, number)
    local = decided_at if decided_at.tzinfo else decided_at.replace(tzinfo=clock.BANGKOK)
    typed = declaration_number.strip()
    seen = Seen(
        kind=kind,
        officer=officer.strip(),
        decided_at=local.astimezone(UTC),
        picture=picture.file.read(pictures.MOST_BYTES + 1),
        number=identifiers.stored_declaration_number(typed.upper()) or typed,
    )
    try:
        with work.session.begin_nested():
            on_paper.record(work, declaration, seen)
    except WarehouseError as failure:
        return _page(request, work, declaration, seen, failure)
    return _back(declaration)


@router.get(
    "/by-hand/{number}/papers/{decision_id}", dependencies=[requires(Permission.READ_DECLARATIONS)]
)
def picture(number: str, decision_id: UUID, work: WorkDep) -> Response:
    """The picture of a paper."""
    declaration = wall.declaration(work, number)
    decision = hand_book.decision(work.session, declaration.id, decision_id)
    return Response(decision.document, media_type=decision.document_type)


@router.post(
    "/by-hand/{number}/papers/{decision_id}/approval",
    dependencies=[requires(Permission.APPROVE_DECLARATIONS)],
)
def confirm(number: str, decision_id: UUID, work: WorkDep) -> Response:
    """Confirm a paper that somebody else recorded."""
    declaration, decision = _own(work, number, decision_id)
    on_paper.confirm(work, decision)
    return _back(declaration)


@router.post(
    "/by-hand/{number}/papers/{decision_id}/withdrawal",
    dependencies=[requires(Permission.FILE_DECLARATIONS)],
)
def withdraw(number: str, decision_id: UUID, work: WorkDep) -> Response:
    """Take back a paper that was recorded wrongly."""
    declaration, decision = _own(work, number, decision_id)
    by_hand.withdraw(work, decision)
    return _back(declaration)


def _page(
    request: Request,
    work: Work,
    declaration: Declaration,
    given: Seen | None = None,
    failure: WarehouseError | None = None,
) -> Response:
    decisions = hand_book.of_declaration(work.session, declaration.id)
    officers = {each.id: work.session.get_one(Person, each.officer_id) for each in decisions}
    waits = any(not (each.approved_at or each.withdrawn_at) for each in decisions)
    away = outages.current(work.session)
    return pages.page(
        request,
        "operations/by-hand-declaration.html",
        status=failure.status if failure else 200,
        declaration=declaration,
        away=away,
        kind=None if waits or away is None else hand_book.decidable(declaration),
        decisions=decisions,
        officers=officers,
        disputed=hand_book.disputed(work.session, [declaration.id]),
        given=given and replace(given, decided_at=given.decided_at.astimezone(clock.BANGKOK)),
        text=failure.text(pages.language_of(request)) if failure else "",
        now=work.at.astimezone(clock.BANGKOK),
        kind_names=KIND_NAMES,
        procedure_names=PROCEDURE_NAMES,
        state_names=STATE_NAMES,
        most_megabytes=pictures.MOST_BYTES // 1024 // 1024,
        permissions=request.state.permissions,
        me=work.actor.name,
    )


def _own(work: Work, number: str, decision_id: UUID) -> tuple[Declaration, HandDecision]:
    declaration = wall.own_declaration(work, number)
    return declaration, hand_book.decision(work.session, declaration.id, decision_id)


def _back(declaration: Declaration) -> Response:
    return RedirectResponse(f"/by-hand/{declaration.reference_number}", status_code=303)
