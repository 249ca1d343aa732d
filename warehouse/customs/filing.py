"""What a declaration of ours says to customs, in the manual's fields."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.money import ZERO
from warehouse.customs import queries
from warehouse.customs.gateway import (
    Company,
    DeclarationMessage,
    DutyMessage,
    InvoiceMessage,
    LineMessage,
    TradingPartner,
)
from warehouse.customs.models import Declaration, DeclarationDuty, DeclarationLine
from warehouse.customs.vocabulary import DocumentType
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Premises

BY_MAIL: Final = "BY MAIL"
POST: Final = "5"
MIXED_PACKAGES: Final = "PK"
AT_CUSTOMS: Final = "A"
NOTHING_DUE: Final = "L"


def message(session: Session, declaration: Declaration) -> DeclarationMessage:
    """*declaration* as it is filed."""
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    partner = masterdata.partner_by_id(session, declaration.partner_id)
    leaves_bond = declaration.document_type is DocumentType.HOME_USE
    lines = _lines(session, declaration, premises)
    return DeclarationMessage(
        message_id=declaration.message_id,
        version=declaration.version,
        reference_number=declaration.reference_number,
        document_type=declaration.document_type,
        importer=_importer(premises),
        owner=TradingPartner(tax_number=partner.tax_id, branch=partner.branch),
        vessel_name=BY_MAIL,
        mode_of_transport=POST,
        arrival_date=declaration.import_date,
        departure_date=declaration.rates_on if leaves_bond else None,
        house_bill_of_lading=declaration.house_bill,
        release_port=premises.customs_area_code,
        discharge_port=premises.customs_area_code,
        origin_country_code=lines[0].origin_country_code,
        consignment_country_code=declaration.consignment_country,
        total_package_amount=declaration.package_amount,
        total_package_unit_code=MIXED_PACKAGES,
        total_net_weight_kg=declaration.net_weight_kg,
        total_gross_weight_kg=declaration.gross_weight_kg,
        currency_code=declaration.currency,
        exchange_rate=_for_one(declaration),
        cif_value_foreign=declaration.cif_foreign,
        cif_value_baht=declaration.cif_baht,
        payment_method=AT_CUSTOMS if declaration.total_tax else NOTHING_DUE,
        total_tax=declaration.total_tax,
        guarantee_method=NOTHING_DUE,
        export_tax_incentives_id=premises.tax_incentive_id if leaves_bond else "",
        invoices=(_invoice(declaration, lines),),
        lines=lines,
    )


def _importer(premises: Premises) -> Company:
    return Company(
        tax_number=premises.operator_tax_id,
        branch=premises.operator_branch,
        name=premises.operator_name_th,
        english_name=premises.operator_name_en,
        street_and_number=premises.street,
        district=premises.district,
        province=premises.province,
        postcode=premises.postcode,
    )


def _invoice(declaration: Declaration, lines: Sequence[LineMessage]) -> InvoiceMessage:
    return InvoiceMessage(
        invoice_number=declaration.invoice_number,
        invoice_date=declaration.invoice_date,
        currency_code=declaration.currency,
        total_amount=sum((line.cif_value_foreign for line in lines), ZERO),
        consignor_name=declaration.consignor_name,
        consignor_country_code=declaration.consignment_country,
    )


def _lines(
    session: Session, declaration: Declaration, premises: Premises
) -> tuple[LineMessage, ...]:
    rows = queries.lines(session, declaration.id)
    duties = queries.duties(session, (row.id for row in rows))
    entries = _entries(session, rows)
    return tuple(
        _line(declaration, row, duties[row.id], entries.get(row.entry_line_id), premises)
        for row in rows
    )


_Entry = tuple[DeclarationLine, Declaration]


def _entries(session: Session, rows: Sequence[DeclarationLine]) -> Mapping[UUID | None, _Entry]:
    """The import line, and its declaration, that each of *rows* draws down."""
    found = session.exec(
        select(DeclarationLine, Declaration)
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(col(DeclarationLine.id).in_([row.entry_line_id for row in rows]))
    )
    return {line.id: (line, declaration) for line, declaration in found}


def _line(
    declaration: Declaration,
    row: DeclarationLine,
    duties: Sequence[DeclarationDuty],
    entry: _Entry | None,
    premises: Premises,
) -> LineMessage:
    """*row*, valued at the rate of the day its goods came in."""
    valued = declaration if entry is None else entry[1]
    return LineMessage(
        item_number=row.line_number,
        invoice_number=declaration.invoice_number,
        tariff_code=row.hs_code,
        statistical_code=row.statistical_code,
        privilege_code=row.privilege_code,
        thai_description=row.description_th,
        english_description=row.description_en,
        brand_name=row.brand,
        product_code=row.sku,
        origin_country_code=row.origin_country,
        net_weight_kg=row.net_weight_kg,
        quantity=row.quantity,
        quantity_unit_code=row.unit,
        currency_code=valued.currency,
        exchange_rate=_for_one(valued),
        unit_price_foreign=row.unit_price_foreign,
        cif_value_foreign=row.cif_foreign,
        cif_value_baht=row.cif_baht,
        in_bond=True,
        duties=tuple(_duty(duty) for duty in duties),
        reference_declaration_number=entry[1].declaration_number if entry else None,
        reference_declaration_line_number=entry[0].line_number if entry else None,
        import_tax_incentives_id="" if entry else premises.tax_incentive_id,
    )


def _duty(duty: DeclarationDuty) -> DutyMessage:
    return DutyMessage(
        duty_type=duty.duty_type,
        value_rate=duty.value_rate_pct,
        specific_rate=duty.specific_rate_baht,
        amount=duty.amount,
        amount_paid=duty.amount_paid,
        exemption_rate=duty.exemption_pct,
    )


def _for_one(declaration: Declaration) -> Decimal:
    """Baht for one unit of the currency, whatever number of units customs quotes."""
    return declaration.exchange_rate / declaration.exchange_per_units
