"""Where the liaison corrects a declaration, with everything that is found wrong beside it.

The same sheet asks customs for a change of what it has accepted, and opens a post-clearance case
for what it has let go.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core import pages
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.customs.changing import amending, approving, cases, editing
from warehouse.customs.changing.editing import Correction
from warehouse.customs.changing.fields import CONTROL, LABELS, LINE, PERMITS, Field
from warehouse.customs.checking.findings import Finding
from warehouse.customs.errors import AlreadyLetGo, FieldsRefused, NothingAsked, ReasonMissing
from warehouse.customs.models import Amendment, Declaration
from warehouse.customs.vocabulary import LET_GO
from warehouse.operations import wall
from warehouse.operations.clearance import amending as clearance
from warehouse.operations.desk import filings

router = APIRouter(include_in_schema=False)

_FILES: Final = [requires(Permission.FILE_DECLARATIONS)]
_APPROVES: Final = [requires(Permission.APPROVE_DECLARATIONS)]
_LINES: Final = 20
_LONG: Final = frozenset({"description_th", "description_en", PERMITS})

Reason = Annotated[str, Form(max_length=300, pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the editor is open for: where it is sent, and what its button says (a gettext key)."""

    path: str
    title: str
    button: str
    asks_why: bool = True


_CORRECT: Final = Sheet("editor", N_("Correct {number}"), N_("Save"), asks_why=False)
_AMEND: Final = Sheet("amendments", N_("Amend {number}"), N_("Ask for the change"))
_CASE: Final = Sheet("case", N_("Put {number} right in writing"), N_("Open a case"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One field on the sheet: its *key*, what stands in it, and what is wrong with that."""

    key: str
    field: Field
    value: str
    wrong: Sequence[Finding]

    @property
    def long(self) -> bool:
        """Whether it needs more than a line."""
        return self.field.name in _LONG


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of one line, or (*line* empty) of the whole."""

    line: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the sheet, by the names of its fields."""

    values: Mapping[str, str]

    @property
    def corrections(self) -> list[Correction]:
        """What the fields are to say."""
        named = (key.partition(".") for key in self.values if "." in key)
        return [Correction(line, field, self.values[f"{line}.{field}"]) for line, _, field in named]

    @property
    def reason(self) -> str:
        """Why customs is to change what it has.

        Raises:
            ReasonMissing: nothing is said.
        """
        if reason := " ".join(self.values.get("reason", "").split()):
            return reason[:300]
        raise ReasonMissing

    def number(self, name: str) -> int:
        """The whole number that the hidden field *name* holds; 0 if it was tampered with."""
        text = self.values.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() else 0


async def _typed(request: Request) -> Typed:
    """The form as it was sent: it has as many fields as the lines on the sheet need."""
    form = await request.form()
    return Typed({key: value for key, value in form.items() if isinstance(value, str)})


Sent = Annotated[Typed, Depends(_typed)]
_NOTHING: Final = Typed({})


@router.get("/declarations/{number}/editor", dependencies=_FILES)
def editor(
    number: str, request: Request, work: WorkDep, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """The sheet, with what our own checks and customs found wrong."""
    found = wall.declaration(work, number)
    return _sheet(request, work, found, _kind_of(found), after=after)


@router.post("/declarations/{number}/editor", dependencies=_FILES)
def save(number: str, request: Request, work: WorkDep, typed: Sent) -> Response:
    """Save the draft."""

    def act(found: Declaration) -> None:
        editing.save(work, found, typed.corrections, revision=typed.number("revision"))

    return _answer(request, work, number, _CORRECT, typed, act)


@router.post("/declarations/{number}/amendments", dependencies=_FILES)
def amend(number: str, request: Request, work: WorkDep, typed: Sent) -> Response:
    """Write down what customs is to be asked to change; another person approves it."""

    def act(found: Declaration) -> None:
        amending.draft(work, found, typed.corrections, typed.reason)

    return _answer(request, work, number, _AMEND, typed, act)


@router.post("/declarations/{number}/case", dependencies=_FILES)
def open_case(number: str, request: Request, work: WorkDep, typed: Sent) -> Response:
    """Customs has let the goods go: open a post-clearance case."""

    def act(found: Declaration) -> None:
        cases.open_case(work, found, typed.corrections, typed.reason)

    return _answer(request, work, number, _CASE, typed, act)


@router.post("/declarations/{number}/case/outcome", dependencies=_FILES)
def close_case(number: str, work: WorkDep, outcome: Reason) -> Response:
    """Customs has answered in writing."""
    cases.close_case(work, wall.own_declaration(work, number), outcome.strip())
    return _back(number)


@router.post("/declarations/{number}/approval", dependencies=_APPROVES)
def approve(number: str, work: WorkDep) -> Response:
    """Let the draft of somebody else be sent."""
    approving.approve(work, wall.own_declaration(work, number))
    return _back(number)


@router.post("/declarations/{number}/amendment/approval", dependencies=_APPROVES)
def approve_amendment(number: str, work: WorkDep) -> Response:
    """Let the change that somebody else asks for be sent."""
    amending.approve(work, _open(work, number))
    return _back(number)


@router.post("/declarations/{number}/amendment/withdrawal", dependencies=_FILES)
def withdraw_amendment(number: str, work: WorkDep) -> Response:
    """Do not ask for the change after all."""
    amending.withdraw(work, _open(work, number))
    return _back(number)


@router.post("/declarations/{number}/cancellation", dependencies=_FILES)
def cancel(number: str, work: WorkDep, reason: Reason) -> Response:
    """Ask customs to cancel it; another person approves that."""
    clearance.ask_to_cancel(work, wall.own_declaration(work, number), reason.strip())
    return _back(number)


def _answer(
    request: Request,
    work: Work,
    number: str,
    sheet: Sheet,
    typed: Typed,
    act: Callable[[Declaration], None],
) -> Response:
    """Do *act*; what is refused is said on the sheet, which keeps what was typed."""
    found = wall.own_declaration(work, number)
    try:
        with work.session.begin_nested():
            act(found)
    except WarehouseError as refusal:
        return _sheet(
            request, work, found, sheet, after=typed.number("after"), typed=typed, refusal=refusal
        )
    return _back(number)


def _sheet(
    request: Request,
    work: Work,
    found: Declaration,
    sheet: Sheet,
    *,
    after: int,
    typed: Typed = _NOTHING,
    refusal: WarehouseError | None = None,
) -> Response:
    wrong = [*found.findings, *_of_customs(found)]
    if isinstance(refusal, FieldsRefused):
        wrong = refusal.findings
    blocks, next_line = _blocks(work, found, after, typed, wrong)
    return pages.page(
        request,
        "operations/editor.html",
        status=refusal.status if refusal else 200,
        declaration=found,
        sheet=sheet,
        blocks=blocks,
        after=after,
        next=next_line,
        wrong=wrong,
        keys={entry.key for block in blocks for entry in block.entries},
        differing=refusal.facts.get("changes", ()) if refusal else (),
        text=refusal.text(pages.language_of(request)) if refusal else "",
        reason=typed.values.get("reason", ""),
        too_late=isinstance(refusal, AlreadyLetGo),
        labels=LABELS,
    )


def _of_customs(found: Declaration) -> list[Finding]:
    """What customs said of the version that it refused."""
    return [
        {"rule": each["code"], "severity": "error", "field": "", **each}
        for each in found.refusals
        if "line" in each
    ]


def _blocks(
    work: Work, found: Declaration, after: int, typed: Typed, wrong: Sequence[Finding]
) -> tuple[list[Block], int | None]:
    rows = filings.lines(work.session, found.id, after=after, limit=_LINES)
    blocks = []
    for line, says in editing.content(work.session, found, rows).items():
        entries = []
        for name, field in (LINE if line else CONTROL).items():
            key = f"{line}.{name}"
            of_field = [each for each in wrong if (each["line"], each["field"]) == (line, name)]
            entries.append(Entry(key, field, typed.values.get(key, says[name]), of_field))
        blocks.append(Block(line, entries))
    return blocks, rows[-1].line_number if len(rows) == _LINES else None


def _kind_of(found: Declaration) -> Sheet:
    if found.state in LET_GO:
        return _CASE
    return _CORRECT if found.state in approving.NOT_FILED else _AMEND


def _open(work: Work, number: str) -> Amendment:
    """What is asked of customs about declaration *number* of the actor's premises.

    Raises:
        NoPremises, DeclarationNotFound, NothingAsked: there is no such thing here.
    """
    found = wall.own_declaration(work, number)
    if (amendment := amending.open_of(work.session, found.id)) is None:
        raise NothingAsked(number=found.reference_number)
    return amendment


def _back(number: str) -> Response:
    return RedirectResponse(f"/declarations/{number}", status_code=303)
