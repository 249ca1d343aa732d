"""The customs desk's pages of declarations: the worklist, and each declaration with its proof."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.changing import amending, approving, cases, versions
from warehouse.customs.changing.fields import LABELS
from warehouse.customs.models import Amendment, Declaration, DeclarationLine
from warehouse.customs.rules.receipt import TITLES
from warehouse.customs.vocabulary import (
    AMENDMENT_STATE_NAMES,
    AT_CUSTOMS,
    INTO_BOND,
    LET_GO,
    PROCEDURE_NAMES,
    STATE_NAMES,
    DeclarationState,
    MessageState,
)
from warehouse.inventory.vocabulary import MovementKind
from warehouse.operations import wall
from warehouse.operations.clearance import refiling
from warehouse.operations.desk import chronicle, conservation, filings, timeline
from warehouse.operations.desk.conservation import Conservation, Step
from warehouse.operations.desk.filings import ImportLine, Wanted

router = APIRouter(include_in_schema=False, dependencies=[requires(Permission.READ_DECLARATIONS)])

DOORS: Final = (
    Door(
        "/declarations",
        N_("Declarations"),
        N_("What is filed with customs, what waits, and the proof of every line"),
        Permission.READ_DECLARATIONS,
    ),
)

MOVEMENT_NAMES: Final[Mapping[MovementKind, str]] = {
    MovementKind.RECEIPT: N_("Received"),
    MovementKind.MOVE: N_("Moved"),
    MovementKind.PICK: N_("Picked"),
    MovementKind.ISSUE: N_("Left bond"),
}

MESSAGE_STATE_NAMES: Final[Mapping[MessageState, str]] = {
    MessageState.SENT: N_("Sent"),
    MessageState.WAITING: N_("Waiting to be read"),
    MessageState.APPLIED: N_("Applied"),
    MessageState.REPEATED: N_("A copy of an earlier one"),
    MessageState.PARKED: N_("Waiting for the one before it"),
    MessageState.REFUSED: N_("Refused"),
}

_PAGE: Final = 50
_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the receipt of a line, and how much of its *amount* bond suspends.

    *title* is a gettext key; *rate* is None where amounts are added up or replaced.
    """

    title: str
    base: Decimal
    base_unit: str
    rate: Decimal | None
    rate_unit: str
    amount: Decimal
    suspended: Decimal
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a declaration with all that stands behind it."""

    line: DeclarationLine
    receipt: Sequence[Figure]
    kept: Conservation | None
    steps: Sequence[Step]
    draws_down: ImportLine | None


@router.get("/declarations")
def worklist(
    request: Request,
    work: WorkDep,
    number: Annotated[str, Query(max_length=40)] = "",
    state: DeclarationState | None = None,
    before: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Declarations by state, or by any number that stands on any paper; drafts refused first."""
    wanted = Wanted(
        states=tuple(DeclarationState) if state is None else (state,),
        number=number.strip() or None,
        before=before,
    )
    found = filings.find(work, wanted, limit=_PAGE)
    return pages.page(
        request,
        "operations/declarations.html",
        filings=found,
        number=number,
        state=state,
        first=before is None,
        next=found[-1].declaration.reference_number if len(found) == _PAGE else None,
        query=urlencode({"number": number, "state": state or ""}),
        counts=filings.counts(work),
        refused=filings.refused(work),
        permissions=request.state.permissions,
        state_names=STATE_NAMES,
        procedure_names=PROCEDURE_NAMES,
    )


@router.get("/declarations/{number}")
def declaration(
    number: str, request: Request, work: WorkDep, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """One declaration: where it stands, its lines with duty and proof, its papers and messages."""
    found = wall.declaration(work, number)
    lines = filings.lines(work.session, found.id, after=after, limit=_LINES)
    asked = amending.of(work.session, found.id)
    release = customs.release_of_order(work.session, found.order_id) if found.order_id else None
    return pages.page(
        request,
        "operations/declaration.html",
        filing=filings.of(work.session, found),
        declaration=found,
        lines=_shown(work.session, found, lines),
        after=after,
        next=lines[-1].line_number if len(lines) == _LINES else None,
        release=release,
        statement=customs.withdrawal_statement(work.session, found),
        duties=filings.duty_totals(work.session, found.id),
        timeline=timeline.steps(found.document_type, chronicle.of(work.session, found.id)),
        asked=asked,
        told=_told(work, found, asked, pages.language_of(request)),
        case=cases.case_of(work.session, found.id),
        field_names=LABELS,
        may=_may(work, found, asked),
        history=chronicle.story(work.session, found.id, *(each.id for each in asked)),
        papers=chronicle.papers(work.session, [found.id, *([release.id] if release else [])]),
        messages=filings.messages(work.session, found.id),
        permissions=request.state.permissions,
        paper_names=chronicle.PAPER_NAMES,
        titles=TITLES,
        message_names=MESSAGE_STATE_NAMES,
        state_names=STATE_NAMES,
        amendment_names=AMENDMENT_STATE_NAMES,
        procedure_names=PROCEDURE_NAMES,
        movement_names=MOVEMENT_NAMES,
    )


@router.post(
    "/declarations/{number}/submission", dependencies=[requires(Permission.FILE_DECLARATIONS)]
)
def submit(number: str, work: WorkDep) -> Response:
    """File a declaration again that was held back, or that customs refused, as its next version."""
    found = wall.own_declaration(work, number)
    subject = filings.of(work.session, found)
    refiling.file_again(work, found)
    about = subject.consignment or subject.order or subject.disposal
    return RedirectResponse(f"/declarations?number={about}", status_code=303)


@router.get("/declarations/{number}/messages/{sequence}")
def message(number: str, sequence: int, work: WorkDep) -> Response:
    """A message as it went or came, byte for byte: the evidence."""
    found = wall.declaration(work, number)
    kept = filings.message(work.session, found, sequence)
    name = f"{found.reference_number}-{sequence}-{kept.direction.value}.xml"
    return Response(
        kept.raw,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _may(work: Work, found: Declaration, asked: Sequence[Amendment]) -> frozenset[str]:
    """What can be done with the declaration where it stands; permissions come on top."""
    nothing_asked = not any(each.state in amending.OPEN for each in asked)
    possible = {
        "submit": found.state is DeclarationState.REJECTED or bool(found.refusals),
        "correct": found.state in approving.NOT_FILED,
        "approve": found.state is DeclarationState.DRAFT and found.drafted_by != work.actor.name,
        "amend": found.state in AT_CUSTOMS and nothing_asked,
        "cancel": found.state in amending.CANCELLABLE and nothing_asked,
        "open-case": found.state in LET_GO and cases.case_of(work.session, found.id) is None,
    }
    return frozenset(act for act, allowed in possible.items() if allowed)


def _told(
    work: Work, found: Declaration, asked: Sequence[Amendment], language: str
) -> Mapping[UUID, Sequence[str]]:
    """What each amendment that is open, or was accepted, changes, in words."""
    if not asked:
        return {}
    all_of_them = versions.of(work, found)
    return {
        version.amendment.id: versions.words(earlier, version, language)
        for earlier, version in pairwise(all_of_them)
        if version.amendment is not None
    }


def _shown(
    session: Session, found: Declaration, lines: Sequence[DeclarationLine]
) -> Sequence[Shown]:
    accepted = (
        found.document_type in INTO_BOND
        and found.declaration_number is not None
        and found.state is not DeclarationState.CANCELLED
    )
    kept = conservation.of_lines(session, lines) if accepted else {}
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in conservation.steps(session, kept):
        steps[step.line_id].append(step)
    drawn = filings.import_lines(session, lines)
    return [
        Shown(
            line,
            [_figure(each) for each in line.explained],
            kept.get(line.id),
            steps[line.id],
            drawn.get(line.id),
        )
        for line in lines
    ]


def _figure(component: Mapping[str, str]) -> Figure:
    return Figure(
        title=component["title"],
        base=Decimal(component["base"]),
        base_unit=component["base_unit"],
        rate=Decimal(component["rate"]) if component["rate"] else None,
        rate_unit=component["rate_unit"],
        amount=Decimal(component["amount"]) + Decimal(component["exempted"]),
        suspended=Decimal(component["exempted"]),
        since=date.fromisoformat(component["effective_from"]),
        source=component["source"],
    )
