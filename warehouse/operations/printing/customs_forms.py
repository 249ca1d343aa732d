"""What stands on declarations: what is filed, with the reasons of every figure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from sqlmodel import Session

from warehouse.core import clock
from warehouse.core.money import ZERO
from warehouse.customs import documents, rules
from warehouse.customs import queries as customs
from warehouse.customs.checking import filing
from warehouse.customs.gateway import (
    NOT_KNOWN,
    DeclarationMessage,
    DutyMessage,
    InvoiceMessage,
    LineMessage,
)
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.vocabulary import CONFIRMED_LATER
from warehouse.masterdata import queries as masterdata
from warehouse.operations.printing.parties import house_of, owner_of

_NO_ADDRESS: Final = ("", NOT_KNOWN)


def declaration_form(session: Session, declaration: Declaration) -> documents.DeclarationPaper:
    """What stands on *declaration*, which is no petition: what its message says to customs."""
    filed = filing.message(session, declaration)
    invoice = filed.invoices[0]
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    owner = masterdata.partner_by_id(session, declaration.partner_id)
    exports = declaration.document_type in CONFIRMED_LATER
    numbered_at = declaration.numbered_at
    rows = customs.lines(session, declaration.id)
    return documents.DeclarationPaper(
        document_type=declaration.document_type,
        procedure=declaration.procedure,
        number=declaration.declaration_number,
        reference_number=filed.reference_number,
        version=declaration.version,
        accepted_on=clock.local_date(numbered_at) if numbered_at else None,
        issued_by_hand=declaration.issued_by_hand,
        payment_number=declaration.payment_number or "",
        import_date=declaration.import_date,
        moved_on=filed.departure_date if exports else filed.arrival_date,
        leaves_bond_on=filed.departure_date,
        storage_ends_on=declaration.storage_ends_on,
        house=house_of(premises),
        owner=owner_of(owner),
        other=_other(invoice),
        transport=f"{filed.mode_of_transport} {filed.vessel_name}",
        bills="\n".join(filter(None, (filed.master_bill_of_lading, filed.house_bill_of_lading))),
        release_port=filed.release_port,
        port=filed.discharge_port,
        origin_country=filed.origin_country_code or filed.lines[0].origin_country_code,
        country=filed.destination_country_code if exports else filed.consignment_country_code,
        shipping_marks=filed.shipping_marks,
        package_amount=filed.total_package_amount,
        package_unit=filed.total_package_unit_code,
        gross_weight_kg=filed.total_gross_weight_kg,
        net_weight_kg=filed.total_net_weight_kg,
        invoice_number=invoice.invoice_number,
        invoice_date=invoice.invoice_date,
        trade_terms=invoice.trade_terms,
        currency=filed.currency_code,
        exchange_rate=declaration.exchange_rate,
        exchange_per_units=declaration.exchange_per_units,
        value_foreign=filed.cif_value_foreign,
        value_baht=filed.cif_value_baht,
        payment_method=filed.payment_method,
        guarantee_method=filed.guarantee_method,
        incentive_from=filed.export_tax_incentives_id,
        incentive_to=filed.lines[0].import_tax_incentives_id,
        lines=tuple(map(_line, filed.lines, rows)),
        totals=_totals(session, declaration, filed),
    )


def _other(invoice: InvoiceMessage) -> documents.Party:
    """Who sent the goods, or going out who receives them."""
    parts = (invoice.consignor_street_and_number, invoice.consignor_postcode)
    return documents.Party(
        name=invoice.consignor_name,
        country=invoice.consignor_country_code,
        address=" ".join(part for part in parts if part not in _NO_ADDRESS),
    )


def _line(line: LineMessage, row: DeclarationLine) -> documents.PaperLine:
    entry = line.reference_declaration_number
    return documents.PaperLine(
        line_number=line.item_number,
        hs_code=line.tariff_code,
        statistical_code=line.statistical_code,
        privilege_code=line.privilege_code,
        description_th=line.thai_description,
        description_en=line.english_description,
        brand=line.brand_name,
        origin_country=line.origin_country_code,
        quantity=line.quantity,
        unit=line.quantity_unit_code,
        net_weight_kg=line.net_weight_kg,
        currency=line.currency_code,
        unit_price_foreign=line.unit_price_foreign,
        value_foreign=line.cif_value_foreign,
        value_baht=line.cif_value_baht,
        duties=tuple(map(_duty, line.duties)),
        explained=tuple(row.explained),
        entry=documents.EntryLine(entry, line.reference_declaration_line_number or 0)
        if entry
        else None,
        assessed_baht=line.cif_value_assess,
        retail_price_baht=line.retail_price_baht,
        excise_quantity=line.excise_quantity,
        excise_unit=line.excise_unit_code,
        export_tariff=line.export_tariff,
        origin_proof=" ".join(filter(None, (line.origin_criteria, line.origin_certificate))),
        permits=tuple(
            documents.Permit(each.number, each.issue_date, each.authority_id)
            for each in line.permits
        ),
    )


def _duty(duty: DutyMessage) -> documents.Duty:
    return documents.Duty(
        duty_type=duty.duty_type,
        value_rate_pct=duty.value_rate,
        specific_rate_baht=duty.specific_rate,
        amount=duty.amount,
        paid=duty.amount_paid,
        deposits=tuple(documents.Deposit(each.reason_code, each.amount) for each in duty.deposits),
    )


def _totals(
    session: Session, declaration: Declaration, filed: DeclarationMessage
) -> tuple[documents.Total, ...]:
    """The sum of each duty type, and what its total loses to rounding."""
    of_type = _by_type(filed.lines)
    policy = customs.policy(session)
    totals = []
    for duty_type in sorted(of_type):
        duties = of_type[duty_type]
        due = sum((duty.amount_paid for duty in duties), ZERO)
        paid = due and rules.rounded_total(duty_type, due, policy, declaration.rates_on).amount
        totals.append(
            documents.Total(
                duty_type=duty_type,
                assessed=sum((duty.amount for duty in duties), ZERO),
                due=due,
                rounding=paid - due,
                deposited=sum((duty.deposit_amount for duty in duties), ZERO),
            )
        )
    return tuple(totals)


def _by_type(lines: Sequence[LineMessage]) -> Mapping[str, Sequence[DutyMessage]]:
    found: dict[str, list[DutyMessage]] = defaultdict(list)
    for line in lines:
        for duty in line.duties:
            found[duty.duty_type].append(duty)
    return found
