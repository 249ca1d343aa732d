"""Corrections, approvals, versions, amendments and cancellations of declarations, as JSON."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field, StringConstraints

from warehouse.access.errors import SecondPersonNeeded
from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core.errors import WrongState
from warehouse.core.http import problems
from warehouse.core.numbers import Number
from warehouse.customs.changing import amending, approving, cases, comparing, editing, versions
from warehouse.customs.changing.editing import Correction
from warehouse.customs.changing.versions import Version
from warehouse.customs.errors import (
    AlreadyLetGo,
    AlreadyPaid,
    AmendmentOpen,
    CaseOpen,
    DeclarationNotFound,
    EditedMeanwhile,
    ExposureExceeded,
    FieldsRefused,
    FindingsOpen,
    GuaranteeEnded,
    GuaranteeShort,
    LineDrawnDown,
    NoSuchField,
    NothingAsked,
    NothingChanged,
)
from warehouse.customs.models import Amendment
from warehouse.customs.vocabulary import AmendmentKind, AmendmentState, DeclarationState
from warehouse.inventory.errors import LotPromised
from warehouse.operations import wall
from warehouse.operations.clearance import amending as clearance
from warehouse.operations.desk import filings
from warehouse.operations.desk.declarations_api import FILE, READ, DeclarationRead, Money, glance
from warehouse.operations.errors import NoPremises

router = APIRouter(prefix="/api/v1", tags=["declarations"])

APPROVE: Final = requires(Permission.APPROVE_DECLARATIONS)

Word = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern="^[a-z_]+$")]
"""The name of a field."""
Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300, strip_whitespace=True, pattern=r"^[^\x00]+$"),
]


class CorrectionWrite(BaseModel):
    """What one field is to say, as a person writes it; no *line*: a field of the whole."""

    line: Annotated[int, Field(ge=1, le=9999)] | None = None
    field: Word
    new: Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]


class CorrectionsWrite(BaseModel):
    """Corrections of a draft."""

    changes: Annotated[list[CorrectionWrite], Field(min_length=1, max_length=500)]


class AmendmentWrite(CorrectionsWrite):
    """What customs is to be asked to change of what it has accepted, and why."""

    reason: Reason


class CancellationWrite(BaseModel):
    """Why customs is asked to cancel."""

    reason: Reason


class ChangeRead(BaseModel):
    """*field* of *line* (none: the whole) said *old* and says *new*."""

    line: int | None
    field: str
    old: str
    new: str


class AmendmentRead(BaseModel):
    """What is asked of customs; *suspended_change_baht* is what the guarantee will carry more."""

    version: int
    kind: AmendmentKind
    state: AmendmentState
    reason: str
    suspended_change_baht: Money
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    refusals: list[dict[str, str]]


class VersionRead(BaseModel):
    """A version, and what it changed of the one before: figure by figure, and in plain words.

    *sha256* is that of the message that went to customs; none has gone yet where it is empty.
    """

    version: int
    reference_number: str
    state: DeclarationState | AmendmentState
    drafted_by: str
    drafted_at: datetime
    sha256: str
    changes: list[ChangeRead]
    th: list[str]
    en: list[str]


class VersionsRead(BaseModel):
    """Every version of a declaration, the oldest first; refused amendments made none."""

    versions: list[VersionRead]
    amendments: list[AmendmentRead]


@router.patch(
    "/declarations/{number}",
    dependencies=[FILE],
    responses=problems(
        NoPremises, DeclarationNotFound, NoSuchField, EditedMeanwhile, WrongState, FieldsRefused
    ),
)
def correct(
    number: Number,
    corrections: CorrectionsWrite,
    work: WorkDep,
    response: Response,
    if_match: Annotated[str, Header(max_length=20, description="the ETag that was read")],
) -> DeclarationRead:
    """Correct a draft; whoever corrects it has drafted it, so another person approves it."""
    declaration = wall.own_declaration(work, number)
    seen = if_match.strip().strip('"')
    revision = int(seen) if seen.isascii() and seen.isdecimal() else 0
    editing.save(work, declaration, _corrections(corrections), revision=revision)
    response.headers["etag"] = f'"{declaration.revision}"'
    return DeclarationRead(**glance(filings.of(work.session, declaration)))


@router.post(
    "/declarations/{number}/approval",
    dependencies=[APPROVE],
    responses=problems(
        NoPremises, DeclarationNotFound, SecondPersonNeeded, WrongState, FindingsOpen
    ),
)
def approve(number: Number, work: WorkDep) -> DeclarationRead:
    """Let a draft of somebody else be sent, now or in its filing window."""
    declaration = wall.own_declaration(work, number)
    approving.approve(work, declaration)
    return DeclarationRead(**glance(filings.of(work.session, declaration)))


@router.get(
    "/declarations/{number}/versions",
    dependencies=[READ],
    responses=problems(DeclarationNotFound),
)
def read_versions(number: Number, work: WorkDep) -> VersionsRead:
    """Every version, each with what it changed of the one before."""
    declaration = wall.declaration(work, number)
    all_of_them = versions.of(work, declaration)
    return VersionsRead(
        versions=[
            _version(earlier, version)
            for earlier, version in zip([None, *all_of_them[:-1]], all_of_them, strict=True)
        ],
        amendments=[_amendment(each) for each in amending.of(work.session, declaration.id)],
    )


@router.post(
    "/declarations/{number}/amendments",
    status_code=201,
    dependencies=[FILE],
    responses=problems(
        NoPremises, DeclarationNotFound, NoSuchField, WrongState, AlreadyLetGo, AmendmentOpen,
        LineDrawnDown, FieldsRefused, NothingChanged,
    ),
)  # fmt: skip
def amend(number: Number, wanted: AmendmentWrite, work: WorkDep) -> AmendmentRead:
    """Write down what customs is to be asked to change; another person approves it."""
    declaration = wall.own_declaration(work, number)
    return _amendment(amending.draft(work, declaration, _corrections(wanted), wanted.reason))


@router.post(
    "/declarations/{number}/amendments/approval",
    dependencies=[APPROVE],
    responses=problems(
        NoPremises, DeclarationNotFound, NothingAsked, SecondPersonNeeded, WrongState, AlreadyLetGo,
        AlreadyPaid, LineDrawnDown, GuaranteeShort, GuaranteeEnded, ExposureExceeded,
    ),
)  # fmt: skip
def approve_amendment(number: Number, work: WorkDep) -> AmendmentRead:
    """Let the change, or the cancellation, that somebody else asks for be sent."""
    declaration = wall.own_declaration(work, number)
    if (amendment := amending.open_of(work.session, declaration.id)) is None:
        raise NothingAsked(number=declaration.reference_number)
    amending.approve(work, amendment)
    return _amendment(amendment)


@router.post(
    "/declarations/{number}/cancellation",
    status_code=201,
    dependencies=[FILE],
    responses=problems(
        NoPremises, DeclarationNotFound, WrongState, AlreadyPaid, AlreadyLetGo, AmendmentOpen,
        LineDrawnDown, LotPromised,
    ),
)  # fmt: skip
def cancel(number: Number, wanted: CancellationWrite, work: WorkDep) -> AmendmentRead:
    """Ask customs to cancel a declaration, before payment; another person approves that."""
    declaration = wall.own_declaration(work, number)
    return _amendment(clearance.ask_to_cancel(work, declaration, wanted.reason))


@router.post(
    "/declarations/{number}/case",
    status_code=201,
    dependencies=[FILE],
    responses=problems(NoPremises, DeclarationNotFound, NoSuchField, WrongState, CaseOpen),
)
def open_case(number: Number, wanted: AmendmentWrite, work: WorkDep) -> list[ChangeRead]:
    """Customs has let the goods go: open a post-clearance case of what should have been said."""
    declaration = wall.own_declaration(work, number)
    case = cases.open_case(work, declaration, _corrections(wanted), wanted.reason)
    return [
        ChangeRead(**{**each, "line": int(each["line"]) if each["line"] else None})
        for each in case.changes
    ]


def _corrections(wanted: CorrectionsWrite) -> list[Correction]:
    return [
        Correction("" if each.line is None else str(each.line), each.field, each.new)
        for each in wanted.changes
    ]


def _amendment(amendment: Amendment) -> AmendmentRead:
    return AmendmentRead(
        suspended_change_baht=amendment.suspended_change,
        **amendment.model_dump(include=set(AmendmentRead.model_fields)),
    )


def _version(earlier: Version | None, version: Version) -> VersionRead:
    changes = comparing.difference(earlier.content, version.content) if earlier else []
    return VersionRead(
        version=version.number,
        reference_number=version.declaration.reference_number,
        state=version.amendment.state if version.amendment else version.declaration.state,
        drafted_by=version.by,
        drafted_at=version.at,
        sha256=version.sha256,
        changes=[
            ChangeRead(
                line=each.line,
                field=each.field,
                old=each.told(each.old, "en"),
                new=each.told(each.new, "en"),
            )
            for each in changes
        ],
        th=comparing.in_words(changes, "th"),
        en=comparing.in_words(changes, "en"),
    )
