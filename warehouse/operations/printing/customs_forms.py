"""What stands on declarations and release notes; gathered from the rooms."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from warehouse.core import clock
from warehouse.core.money import ZERO
from warehouse.customs import documents, rules
from warehouse.customs import queries as customs
from warehouse.customs.filing import BY_MAIL, POST
from warehouse.customs.models import (
    Declaration,
    DeclarationDuty,
    DeclarationLine,
    Discharge,
    Release,
)
from warehouse.masterdata import queries as masterdata
from warehouse.shipments import queries as shipments


def declaration_form(session: Session, declaration: Declaration) -> documents.DeclarationPaper:
    """What stands on the working copy of *declaration*, which customs has numbered."""
    assert declaration.declaration_number is not None
    assert declaration.numbered_at is not None
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    owner = masterdata.partner_by_id(session, declaration.partner_id)
    lines = customs.lines(session, declaration.id)
    return documents.DeclarationPaper(
        document_type=declaration.document_type,
        declaration_number=declaration.declaration_number,
        reference_number=declaration.reference_number,
        numbered_on=clock.local_date(declaration.numbered_at),
        import_date=declaration.import_date,
        storage_ends_on=declaration.storage_ends_on,
        operator_th=premises.operator_name_th,
        operator_en=premises.operator_name_en,
        operator_tax_id=premises.operator_tax_id,
        operator_branch=premises.operator_branch,
        premises_th=premises.name_th,
        premises_en=premises.name_en,
        licence_number=premises.licence_number,
        tax_incentive_id=premises.tax_incentive_id,
        owner_th=owner.name_th,
        owner_en=owner.name_en,
        owner_tax_id=owner.tax_id,
        consignor=declaration.consignor_name,
        consignment_country=declaration.consignment_country,
        transport=f"{POST} {BY_MAIL}",
        house_bill=declaration.house_bill,
        port=premises.customs_area_code,
        invoice_number=declaration.invoice_number,
        invoice_date=declaration.invoice_date,
        currency=declaration.currency,
        exchange_rate=declaration.exchange_rate,
        exchange_per_units=declaration.exchange_per_units,
        package_amount=declaration.package_amount,
        gross_weight_kg=declaration.gross_weight_kg,
        net_weight_kg=declaration.net_weight_kg,
        cif_foreign=declaration.cif_foreign,
        cif_baht=declaration.cif_baht,
        lines=_paper_lines(session, declaration, lines),
        totals=_totals(session, declaration, lines),
    )


def release_form(session: Session, release: Release) -> documents.ReleaseNote:
    """What stands on the gate pass of *release*."""
    assert release.declaration_id is not None, "it was declared"
    assert release.order_id is not None, "a gate pass is for an order"
    declaration = customs.declaration_by_id(session, release.declaration_id)
    assert declaration.declaration_number is not None, "customs has released it"
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    owner = masterdata.partner_by_id(session, declaration.partner_id)
    order = shipments.order_by_id(session, release.order_id)
    shipment = shipments.shipment_of_order(session, release.order_id)
    return documents.ReleaseNote(
        number=release.number,
        granted_on=clock.local_date(release.granted_at),
        declaration_number=declaration.declaration_number,
        operator_th=premises.operator_name_th,
        operator_en=premises.operator_name_en,
        premises_th=premises.name_th,
        premises_en=premises.name_en,
        licence_number=premises.licence_number,
        owner_th=owner.name_th,
        owner_en=owner.name_en,
        order_number=order.number,
        order_reference=order.external_ref,
        shipment_number=shipment.number,
        parcel_number=shipment.parcel_number,
        duty_paid=declaration.total_tax,
        lines=_withdrawals(session, declaration),
    )


def _paper_lines(
    session: Session, declaration: Declaration, lines: Sequence[DeclarationLine]
) -> tuple[documents.PaperLine, ...]:
    duties = customs.duties(session, (line.id for line in lines))
    entries = _entries(session, lines)
    return tuple(
        _paper_line(line, duties[line.id], entries.get(line.id), declaration.currency)
        for line in lines
    )


def _paper_line(
    line: DeclarationLine,
    duties: Sequence[DeclarationDuty],
    entry: tuple[Declaration, DeclarationLine] | None,
    currency: str,
) -> documents.PaperLine:
    """A line out of bond is priced in the currency of its entry, which others may not share."""
    return documents.PaperLine(
        line_number=line.line_number,
        hs_code=line.hs_code,
        statistical_code=line.statistical_code,
        privilege_code=line.privilege_code,
        description_th=line.description_th,
        description_en=line.description_en,
        brand=line.brand,
        origin_country=line.origin_country,
        quantity=line.quantity,
        unit=line.unit,
        net_weight_kg=line.net_weight_kg,
        currency=entry[0].currency if entry else currency,
        unit_price_foreign=line.unit_price_foreign,
        cif_foreign=line.cif_foreign,
        cif_baht=line.cif_baht,
        duties=tuple(
            documents.Duty(
                duty.duty_type,
                duty.value_rate_pct,
                duty.specific_rate_baht,
                duty.amount,
                duty.amount_paid,
            )
            for duty in duties
        ),
        explained=tuple(line.explained),
        entry=_entry_line(*entry) if entry else None,
    )


def _entry_line(entry: Declaration, line: DeclarationLine) -> documents.EntryLine:
    assert entry.declaration_number is not None, "only numbered goods leave bond"
    return documents.EntryLine(entry.declaration_number, line.line_number)


def _entries(
    session: Session, lines: Sequence[DeclarationLine]
) -> Mapping[UUID, tuple[Declaration, DeclarationLine]]:
    """For each line that draws an import line down, that line and its declaration."""
    entry_line = aliased(DeclarationLine)
    rows = session.exec(
        select(DeclarationLine.id, Declaration, entry_line)
        .join(entry_line, col(entry_line.id) == col(DeclarationLine.entry_line_id))
        .join(Declaration, col(Declaration.id) == col(entry_line.declaration_id))
        .where(col(DeclarationLine.id).in_([line.id for line in lines]))
    )
    return {line_id: (entry, line) for line_id, entry, line in rows}


def _totals(
    session: Session, declaration: Declaration, lines: Sequence[DeclarationLine]
) -> tuple[documents.Total, ...]:
    """The sum of each duty type, and what its total loses to rounding."""
    policy = customs.policy(session)
    assessed: dict[str, Decimal] = defaultdict(Decimal)
    due: dict[str, Decimal] = defaultdict(Decimal)
    for duties in customs.duties(session, (line.id for line in lines)).values():
        for duty in duties:
            assessed[duty.duty_type] += duty.amount
            due[duty.duty_type] += duty.amount_paid
    totals = []
    for each in sorted(assessed):
        paid = rules.rounded_total(each, due[each], policy, declaration.rates_on).amount
        totals.append(documents.Total(each, assessed[each], due[each], paid - due[each]))
    return tuple(totals)


def _withdrawals(session: Session, declaration: Declaration) -> tuple[documents.Withdrawal, ...]:
    """What each line took of its import line, as the book stood when it was written off."""
    lines = customs.lines(session, declaration.id)
    entries, left = _entries(session, lines), _left_after(session, lines)
    duties = customs.duties(session, (line.id for line in lines))
    return tuple(
        documents.Withdrawal(
            entry=_entry_line(*entries[line.id]),
            hs_code=line.hs_code,
            description_th=line.description_th,
            description_en=line.description_en,
            unit=line.unit,
            before=left[line.id] + line.quantity,
            withdrawn=line.quantity,
            duty_baht=sum((duty.amount_paid for duty in duties[line.id]), ZERO),
        )
        for line in lines
    )


def _left_after(session: Session, lines: Sequence[DeclarationLine]) -> Mapping[UUID, Decimal]:
    """What the import line of each of *lines* had left once it was written off, and no later."""
    entry_line, earlier = aliased(DeclarationLine), aliased(Discharge)
    rows = session.exec(
        select(Discharge.disposal_line_id, entry_line.quantity - func.sum(earlier.quantity))
        .join(entry_line, col(entry_line.id) == col(Discharge.entry_line_id))
        .join(earlier, col(earlier.entry_line_id) == col(Discharge.entry_line_id))
        .where(
            col(Discharge.disposal_line_id).in_([line.id for line in lines]),
            col(earlier.sequence) <= col(Discharge.sequence),
        )
        .group_by(col(Discharge.disposal_line_id), col(entry_line.quantity))
    )
    return dict(rows.all())
