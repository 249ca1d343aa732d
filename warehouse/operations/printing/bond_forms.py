"""What stands on papers of bond: release notes, statements of what came in and of what leaves."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from warehouse.access.models import Person
from warehouse.core import clock
from warehouse.core.money import ZERO
from warehouse.core.pdf.form import both
from warehouse.customs import documents
from warehouse.customs import queries as customs
from warehouse.customs.documents import EntryLine, Withdrawal
from warehouse.customs.models import (
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    Discharge,
    Release,
)
from warehouse.customs.vocabulary import PROCEDURE_NAMES
from warehouse.inventory.models import Disposal
from warehouse.masterdata import queries as masterdata
from warehouse.operations.printing.parties import house_of, owner_of, parcels_of
from warehouse.shipments import queries as shipments


def release_form(session: Session, release: Release) -> documents.ReleaseNote:
    """What stands on the gate pass of *release*, which rests on a declaration."""
    assert release.declaration_id is not None, "it was declared"
    declaration = customs.declaration_by_id(session, release.declaration_id)
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    owner = masterdata.partner_by_id(session, declaration.partner_id)
    reference, shipment, parcels = _subject(session, release)
    return documents.ReleaseNote(
        number=release.number,
        granted_on=clock.local_date(release.granted_at),
        valid_until=release.valid_until and clock.local_date(release.valid_until),
        declaration_number=declaration.declaration_number or declaration.reference_number,
        purpose=both(PROCEDURE_NAMES[declaration.procedure]),
        house=house_of(premises),
        owner=owner_of(owner),
        reference=reference,
        shipment_number=shipment,
        parcels=tuple(parcels),
        duty_paid=declaration.total_tax,
        lines=withdrawals_of(session, declaration),
    )


def _subject(session: Session, release: Release) -> tuple[str, str, Sequence[str]]:
    """The order or disposal that *release* is for, its shipment, and its parcels."""
    if release.order_id is not None:
        order = shipments.order_by_id(session, release.order_id)
        shipment = shipments.shipment_of_order(session, order.id)
        return f"{order.number}\n{order.external_ref}", shipment.number, [shipment.parcel_number]
    disposal = session.get_one(Disposal, release.disposal_id)
    return disposal.number, "", parcels_of(session, release)


def withdrawals_of(session: Session, declaration: Declaration) -> tuple[Withdrawal, ...]:
    """What each line of *declaration* takes of its import line."""
    drawing = [each for each in customs.lines(session, declaration.id) if each.entry_line_id]
    duties = customs.duties(session, (line.id for line in drawing))
    steps = customs.withdrawal_statement(session, declaration)
    return tuple(
        Withdrawal(
            entry=EntryLine(step.entry_number, step.line_number),
            hs_code=line.hs_code,
            description_th=line.description_th,
            description_en=line.description_en,
            unit=step.unit,
            before=step.before,
            withdrawn=step.withdrawn,
            value_before=step.value_before,
            value_withdrawn=step.value_withdrawn,
            duty_baht=sum((duty.amount_paid for duty in duties[line.id]), ZERO),
        )
        for line, step in zip(drawing, steps, strict=True)
    )


def withdrawal_form(
    session: Session, declaration: Declaration, on: date
) -> documents.WithdrawalStatement:
    """What stands on the statement of *declaration*, which takes goods out of bond."""
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    owner = masterdata.partner_by_id(session, declaration.partner_id)
    return documents.WithdrawalStatement(
        number=declaration.declaration_number or declaration.reference_number,
        reference_number=declaration.reference_number,
        document_type=declaration.document_type,
        procedure=declaration.procedure,
        on=on,
        house=house_of(premises),
        owner=owner_of(owner),
        lines=withdrawals_of(session, declaration),
    )


def entry_form(session: Session, entry: Declaration, on: date) -> documents.EntryStatement:
    """What stands on the statement of *entry*, which brought goods into bond."""
    premises = masterdata.premises_by_id(session, entry.premises_id)
    owner = masterdata.partner_by_id(session, entry.partner_id)
    officer = session.get(Person, entry.certified_by) if entry.certified_by else None
    return documents.EntryStatement(
        declaration_number=entry.declaration_number or entry.reference_number,
        reference_number=entry.reference_number,
        on=on,
        import_date=entry.import_date,
        stored_on=entry.delivered_at and clock.local_date(entry.delivered_at),
        storage_ends_on=entry.storage_ends_on,
        certified_by=officer.name_th if officer else "",
        house_bill=entry.house_bill,
        house=house_of(premises),
        owner=owner_of(owner),
        lines=_stored(session, entry.id),
        left=_left(session, entry.id),
    )


def _stored(session: Session, entry_id: UUID) -> tuple[documents.StoredLine, ...]:
    lines = customs.lines(session, entry_id)
    unpaid = func.sum(
        col(DeclarationDuty.amount)
        - col(DeclarationDuty.amount_paid)
        - col(DeclarationDuty.discharged_amount)
    )
    suspended = dict(
        session.exec(
            select(DeclarationDuty.line_id, unpaid)
            .join(DeclarationLine, col(DeclarationLine.id) == col(DeclarationDuty.line_id))
            .where(DeclarationLine.declaration_id == entry_id)
            .group_by(col(DeclarationDuty.line_id))
        ).all()
    )
    return tuple(
        documents.StoredLine(
            line_number=line.line_number,
            hs_code=line.hs_code,
            statistical_code=line.statistical_code,
            description_th=line.description_th,
            description_en=line.description_en,
            unit=line.unit,
            declared=line.quantity,
            certified=line.certified_quantity,
            in_bond=line.quantity - line.discharged_quantity,
            net_weight_kg=line.net_weight_kg,
            cif_baht=line.cif_baht,
            suspended_baht=suspended.get(line.id, ZERO),
        )
        for line in lines
    )


def _left(session: Session, entry_id: UUID) -> tuple[documents.Left, ...]:
    """Every discharge of an entry's lines, line by line, with what the line had before it."""
    out = select(DeclarationLine.id, Declaration).join(
        Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id)
    )
    rows = session.exec(
        select(Discharge, DeclarationLine)
        .join(DeclarationLine, col(DeclarationLine.id) == col(Discharge.entry_line_id))
        .where(DeclarationLine.declaration_id == entry_id)
        .order_by(col(DeclarationLine.line_number), col(Discharge.sequence))
    ).all()
    drawing = [discharge.disposal_line_id for discharge, _ in rows]
    by = dict(session.exec(out.where(col(DeclarationLine.id).in_(drawing))).all())
    left = {line.id: line.quantity for _, line in rows}
    found = []
    for discharge, line in rows:
        declaration = by[discharge.disposal_line_id]
        found.append(
            documents.Left(
                line_number=line.line_number,
                on=clock.local_date(discharge.at),
                number=declaration.declaration_number or declaration.reference_number,
                procedure=declaration.procedure,
                unit=line.unit,
                before=left[line.id],
                withdrawn=discharge.quantity,
            )
        )
        left[line.id] -= discharge.quantity
    return tuple(found)
