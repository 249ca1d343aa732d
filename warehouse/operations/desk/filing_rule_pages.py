"""The desk's page of filing rules: how declarations of each kind are split, merged and approved."""

from datetime import date, time
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.errors import InvalidRequest
from warehouse.core.i18n import N_
from warehouse.core.pages import Door
from warehouse.customs.checking import filing_rules
from warehouse.customs.checking.filing_rules import MOST_LINES, Rule, RuleDraft, Window
from warehouse.customs.checking.merging import MERGE_BY
from warehouse.customs.vocabulary import Approval, DocumentType
from warehouse.operations import wall

router = APIRouter(include_in_schema=False)

DOORS: Final = (
    Door(
        "/filing-rules",
        N_("Filing rules"),
        N_("How declarations are split and merged, who approves them, and when they go"),
        Permission.READ_DECLARATIONS,
    ),
)

KIND_NAMES: Final = {
    DocumentType.IMPORT: N_("0: into bond from abroad"),
    DocumentType.EXPORT: N_("1: export"),
    DocumentType.TRANSFER_IN: N_("A: from another bonded place"),
    DocumentType.TRANSFER_OUT: N_("B: to another bonded place"),
    DocumentType.FROM_FREE_ZONE: N_("C: from a free zone"),
    DocumentType.TO_FREE_ZONE: N_("D: to a free zone"),
    DocumentType.HOME_USE: N_("P: home use"),
}
APPROVAL_NAMES: Final = {
    Approval.STANDING: N_("By standing instruction"),
    Approval.SECOND_PERSON: N_("By a second person"),
}
MERGE_NAMES: Final = {"sku": N_("the partner's product"), "parcel": N_("the parcel")}

Source = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), Form()
]
Time = Annotated[time | None, Form()]


class WindowNotWhole(InvalidRequest):
    """A window opens and closes."""

    code = "window-not-whole"
    message = N_("Give both times of the filing window, or none.")


@router.get("/filing-rules", dependencies=[requires(Permission.READ_DECLARATIONS)])
def filing_rules_page(request: Request, work: WorkDep) -> Response:
    """The rules of this warehouse, the newest of each kind first."""
    return pages.page(
        request,
        "operations/filing-rules.html",
        rows=filing_rules.of_premises(work.session, wall.here(work)),
        kind_names=KIND_NAMES,
        approvals=tuple(Approval),
        approval_names=APPROVAL_NAMES,
        merges=MERGE_BY,
        merge_names=MERGE_NAMES,
        most_lines=MOST_LINES,
        today=work.today,
        permissions=request.state.permissions,
        me=work.actor.name,
    )


@router.post("/filing-rules", dependencies=[requires(Permission.SET_FILING_RULES)])
def record(
    work: WorkDep,
    document_type: Annotated[DocumentType, Form()],
    approval: Annotated[Approval, Form()],
    most_lines: Annotated[int, Form(ge=1, le=MOST_LINES)],
    valid_from: Annotated[date, Form()],
    source: Source,
    merge_by: Annotated[list[str], Form()] = [],  # noqa: B006 (FastAPI copies it)
    most_packages: Annotated[int | None, Form(ge=1)] = None,
    opens: Time = None,
    closes: Time = None,
) -> Response:
    """Propose a rule; it holds once somebody else has approved it."""
    if (opens is None) != (closes is None):
        raise WindowNotWhole
    rule = Rule(
        approval=approval,
        merge_by=tuple(each for each in MERGE_BY if each in merge_by),
        most_lines=most_lines,
        most_packages=most_packages,
        window=Window(opens, closes) if opens is not None and closes is not None else None,
    )
    draft = RuleDraft(document_type, rule, valid_from, source)
    filing_rules.record(work, wall.here(work), draft)
    return _back()


@router.post(
    "/filing-rules/{rule_id}/approval", dependencies=[requires(Permission.SET_FILING_RULES)]
)
def approve(rule_id: UUID, work: WorkDep) -> Response:
    """Let a rule hold that somebody else proposed."""
    filing_rules.approve(work, wall.here(work), rule_id)
    return _back()


@router.post(
    "/filing-rules/{rule_id}/withdrawal", dependencies=[requires(Permission.SET_FILING_RULES)]
)
def withdraw(rule_id: UUID, work: WorkDep) -> Response:
    """Take back a rule that was proposed wrongly."""
    filing_rules.withdraw(work, wall.here(work), rule_id)
    return _back()


def _back() -> Response:
    return RedirectResponse("/filing-rules", status_code=303)
