"""Declarations for the customs desk and the officer's room, as JSON."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, PlainSerializer
from sqlmodel import Session

from warehouse.access.http import WorkDep, requires
from warehouse.access.vocabulary import Permission
from warehouse.core.errors import WrongState
from warehouse.core.http import problems
from warehouse.core.numbers import Number
from warehouse.customs import queries as customs
from warehouse.customs.errors import DeclarationNotFound
from warehouse.customs.models import Declaration, DeclarationDuty, DeclarationLine
from warehouse.customs.vocabulary import INTO_BOND, DeclarationState, DocumentType
from warehouse.operations import wall
from warehouse.operations.clearance import refiling
from warehouse.operations.desk import chronicle, conservation, filings
from warehouse.operations.desk.conservation import Conservation
from warehouse.operations.desk.filings import Filing, ImportLine, Wanted
from warehouse.operations.errors import NoPremises
from warehouse.shipments.errors import ConsignmentNotFound, ShipmentNotFound

router = APIRouter(prefix="/api/v1", tags=["declarations"])

READ: Final = requires(Permission.READ_DECLARATIONS)
FILE: Final = requires(Permission.FILE_DECLARATIONS)

Money = Annotated[Decimal, PlainSerializer("{:.2f}".format, return_type=str)]
"""To the satang, as a string."""
Figure = Annotated[
    Decimal, PlainSerializer(lambda amount: f"{amount.normalize():f}", return_type=str)
]
"""A quantity or a rate, as a string without idle zeros."""

Limit = Annotated[int, Query(ge=1, le=200)]
Asked = Annotated[Number | None, Query()]


class DeclarationRead(BaseModel):
    """A declaration at a glance.  Money is baht; *suspended_baht* is unpaid while in bond."""

    reference_number: str
    declaration_number: str | None
    document_type: DocumentType
    version: int
    state: DeclarationState
    partner: str
    consignment: str | None
    order: str | None
    import_date: date
    storage_ends_on: date | None
    cif_baht: Money
    suspended_baht: Money
    total_tax: Money
    drafted_at: datetime
    sent_at: datetime | None
    numbered_at: datetime | None
    released_at: datetime | None


class DeclarationsRead(BaseModel):
    """A page of declarations, newest first; ask again with ``before`` = *next* for those below."""

    declarations: list[DeclarationRead]
    next: str | None


class DutyRead(BaseModel):
    """One duty or tax on a line; *amount_paid* is what is not suspended."""

    duty_type: str
    base_baht: Money
    value_rate_pct: Figure
    specific_rate_baht: Figure
    amount: Money
    exemption_pct: Figure
    amount_paid: Money


class ConservationRead(BaseModel):
    """*declared* = *to_come* + *on_hand* + *gone*, and *holds* that both books agree on it.

    *released* is the part of *on_hand* that customs has let go; all in the line's unit.
    """

    declared: Figure
    to_come: Figure
    on_hand: Figure
    released: Figure
    gone: Figure
    holds: bool


class ImportLineRead(BaseModel):
    """The line of an entry into bond that a release draws down."""

    declaration_number: str
    line_number: int


class LineRead(BaseModel):
    """One line; *conservation* is that of an import line that customs has accepted."""

    line_number: int
    sku: str
    hs_code: str
    statistical_code: str
    description_th: str
    description_en: str
    origin_country: str
    quantity: Figure
    unit: str
    net_weight_kg: Figure
    cif_foreign: Money
    cif_baht: Money
    retail_price_baht: Money | None
    excise_quantity: Figure | None
    draws_down: ImportLineRead | None
    duties: list[DutyRead]
    explained: list[dict[str, str]]
    conservation: ConservationRead | None


class WithdrawnRead(BaseModel):
    """An import line before and after the declaration, in its unit and in baht (19 CFR 144.32)."""

    entry_number: str
    line_number: int
    unit: str
    before: Figure
    withdrawn: Figure
    after: Figure
    value_before: Money
    value_withdrawn: Money
    value_after: Money


class StepRead(BaseModel):
    """Something that happened to the declaration."""

    event: str
    at: datetime
    actor: str
    facts: dict[str, str]


class DeclarationDetail(DeclarationRead):
    """A declaration with its lines and its history; *refusals* is why it cannot go on."""

    currency: str
    exchange_rate: Figure
    exchange_per_units: int
    invoice_number: str
    invoice_date: date
    house_bill: str
    refusals: list[dict[str, str]]
    lines: list[LineRead]
    statement: list[WithdrawnRead]
    """Of what leaves bond: each import line before, withdrawn, after."""
    history: list[StepRead]


@router.get("/declarations", dependencies=[READ])
def list_declarations(
    work: WorkDep,
    consignment: Asked = None,
    order: Asked = None,
    number: Asked = None,
    state: DeclarationState | None = None,
    before: Asked = None,
    limit: Limit = 50,
) -> DeclarationsRead:
    """Declarations by consignment, order, state, or any *number* that stands on any paper."""
    wanted = Wanted(
        states=tuple(DeclarationState) if state is None else (state,),
        consignment=consignment,
        order=order,
        number=number,
        before=before,
    )
    found = filings.find(work, wanted, limit=limit)
    more = len(found) == limit
    return DeclarationsRead(
        declarations=[DeclarationRead(**glance(filing)) for filing in found],
        next=found[-1].declaration.reference_number if more else None,
    )


@router.get("/declarations/{number}", dependencies=[READ], responses=problems(DeclarationNotFound))
def read_declaration(number: Number, work: WorkDep, response: Response) -> DeclarationDetail:
    """A declaration by our reference, or by customs' number printed or stored."""
    declaration = wall.declaration(work, number)
    response.headers["etag"] = f'"{declaration.revision}"'
    history = chronicle.of(work.session, declaration.id)
    return DeclarationDetail(
        **glance(filings.of(work.session, declaration)),
        **declaration.model_dump(
            include={
                "currency", "exchange_rate", "exchange_per_units", "invoice_number",
                "invoice_date", "house_bill", "refusals",
            }
        ),
        lines=_lines(work.session, declaration),
        statement=[
            WithdrawnRead(**row._asdict())
            for row in customs.withdrawal_statement(work.session, declaration)
        ],
        history=[
            StepRead(event=event.name, at=event.at, actor=event.actor, facts=event.facts)
            for event in history
        ],
    )  # fmt: skip


@router.post(
    "/declarations/{number}/submission",
    status_code=202,
    dependencies=[FILE],
    responses=problems(NoPremises, DeclarationNotFound, WrongState),
)
def file_again(number: Number, work: WorkDep) -> DeclarationRead:
    """File again what was held back, or what customs refused: it is cancelled, as the answer shows.

    Its next version is drafted from the data of now; ask for it by consignment or order.
    """
    declaration = wall.own_declaration(work, number)
    refiling.file_again(work, declaration)
    return DeclarationRead(**glance(filings.of(work.session, declaration)))


@router.post(
    "/consignments/{number}/declaration",
    status_code=202,
    dependencies=[FILE],
    responses=problems(NoPremises, ConsignmentNotFound),
)
def declare_consignment(number: Number, work: WorkDep) -> None:
    """Draft the entry of a consignment again, once what stood in its way is mended."""
    consignment = wall.own_consignment(work, number)
    refiling.try_again(work, DocumentType.IMPORT, consignment.id)


@router.post(
    "/shipments/{number}/declaration",
    status_code=202,
    dependencies=[FILE],
    responses=problems(NoPremises, ShipmentNotFound),
)
def declare_shipment(number: Number, work: WorkDep) -> None:
    """Draft the release of a shipment again, once what stood in its way is mended."""
    shipment = wall.own_shipment(work, number)
    refiling.try_again(work, DocumentType.HOME_USE, shipment.order_id)


def glance(filing: Filing) -> dict[str, object]:
    """What a `DeclarationRead` shows of *filing*."""
    return {
        **filing.declaration.model_dump(include=set(DeclarationRead.model_fields)),
        "partner": filing.partner,
        "consignment": filing.consignment,
        "order": filing.order,
        "suspended_baht": filing.suspended_baht,
    }


def _lines(session: Session, declaration: Declaration) -> list[LineRead]:
    lines = customs.lines(session, declaration.id)
    duties = customs.duties(session, (line.id for line in lines))
    accepted = declaration.document_type in INTO_BOND and declaration.declaration_number
    kept = conservation.of_lines(session, lines) if accepted else {}
    drawn = filings.import_lines(session, lines)
    return [_line(line, duties[line.id], kept.get(line.id), drawn.get(line.id)) for line in lines]


def _line(
    line: DeclarationLine,
    duties: Sequence[DeclarationDuty],
    kept: Conservation | None,
    draws_down: ImportLine | None,
) -> LineRead:
    return LineRead(
        **line.model_dump(include=set(LineRead.model_fields)),
        draws_down=draws_down
        and ImportLineRead(
            declaration_number=draws_down.number, line_number=draws_down.line_number
        ),
        duties=[DutyRead(**duty.model_dump(include=set(DutyRead.model_fields))) for duty in duties],
        conservation=kept and _conservation(kept),
    )


def _conservation(kept: Conservation) -> ConservationRead:
    return ConservationRead(
        declared=kept.declared,
        to_come=kept.to_come,
        on_hand=kept.on_hand,
        released=kept.statement.released,
        gone=kept.gone,
        holds=kept.holds,
    )
