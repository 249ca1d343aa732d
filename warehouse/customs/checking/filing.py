"""What a declaration of ours says to customs, in the manual's fields."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from warehouse.core.money import ZERO
from warehouse.customs import queries
from warehouse.customs.gateway import (
    Company,
    DeclarationMessage,
    DepositMessage,
    DutyMessage,
    InvoiceMessage,
    LineMessage,
    PermitMessage,
    TradingPartner,
)
from warehouse.customs.models import (
    Declaration,
    DeclarationDeposit,
    DeclarationDuty,
    DeclarationLine,
    DeclarationPermit,
)
from warehouse.customs.vocabulary import (
    CONFIRMED_LATER,
    INTO_BOND,
    DocumentType,
    Procedure,
)
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Premises

BY_MAIL: Final = "BY MAIL"
POST: Final = "5"
MIXED_PACKAGES: Final = "PK"
AT_CUSTOMS: Final = "A"
NOTHING_DUE: Final = "L"
CASH: Final = "C"
POSTAL_CUSTOMS: Final = "1201"
"""Where goods that go abroad by post are released and loaded (Postal guide 6.1)."""
EXPORT_TARIFF: Final = "9PART3"


class _Licences(NamedTuple):
    """Of the bonded place that goods leave, and of that which takes them in; empty: none."""

    left: str
    entered: str


def message(session: Session, declaration: Declaration) -> DeclarationMessage:
    """*declaration* as it is filed; a petition goes on paper."""
    assert declaration.document_type is not DocumentType.PETITION
    premises = masterdata.premises_by_id(session, declaration.premises_id)
    partner = masterdata.partner_by_id(session, declaration.partner_id)
    licences = _licences(session, declaration, premises)
    lines = _lines(session, declaration, licences)
    port = _port(session, declaration, premises)
    filed = DeclarationMessage(
        message_id=declaration.message_id,
        version=declaration.version,
        reference_number=declaration.reference_number,
        document_type=declaration.document_type,
        importer=_importer(premises),
        owner=TradingPartner(tax_number=partner.tax_id, branch=partner.branch),
        vessel_name=BY_MAIL,
        mode_of_transport=POST,
        release_port=port,
        discharge_port=port,
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
        total_deposit=declaration.total_deposit,
        guarantee_method=AT_CUSTOMS if declaration.total_deposit else NOTHING_DUE,
        guarantee_type=CASH if declaration.total_deposit else "",
        export_tax_incentives_id=licences.left,
        invoices=(_invoice(declaration, lines),),
        lines=lines,
    )
    if declaration.document_type in CONFIRMED_LATER:
        return replace(
            filed,
            departure_date=declaration.rates_on,
            purchase_country_code=declaration.consignment_country,
            destination_country_code=declaration.consignment_country,
        )
    entered_from_abroad = declaration.document_type is DocumentType.IMPORT
    return replace(
        filed,
        arrival_date=declaration.import_date,
        departure_date=None if entered_from_abroad else declaration.rates_on,
        house_bill_of_lading=declaration.house_bill,
        origin_country_code=lines[0].origin_country_code,
        consignment_country_code=declaration.consignment_country,
    )


def _licences(session: Session, declaration: Declaration, premises: Premises) -> _Licences:
    ours = premises.tax_incentive_id
    match declaration.document_type:
        case DocumentType.IMPORT:
            return _Licences("", ours)
        case DocumentType.FROM_FREE_ZONE:
            return _Licences(declaration.zone_licence, ours)
        case DocumentType.TRANSFER_IN:
            return _Licences(_sender(session, declaration).tax_incentive_id, ours)
        case DocumentType.TRANSFER_OUT:
            assert declaration.to_premises_id is not None, "a transfer goes somewhere"
            there = masterdata.premises_by_id(session, declaration.to_premises_id)
            return _Licences(ours, there.tax_incentive_id)
        case DocumentType.TO_FREE_ZONE:
            return _Licences(ours, declaration.zone_licence)
        case _:
            return _Licences(ours if declaration.procedure is not Procedure.EXPORT else "", "")


def _port(session: Session, declaration: Declaration, premises: Premises) -> str:
    """Of release, and of discharge or loading (e-Import 2018 p.101; Postal guide 6.1)."""
    match declaration.document_type:
        case DocumentType.EXPORT:
            return POSTAL_CUSTOMS
        case DocumentType.TRANSFER_IN:
            return _sender(session, declaration).customs_area_code
        case _:
            return premises.customs_area_code


def _sender(session: Session, declaration: Declaration) -> Premises:
    assert declaration.paired_id is not None, "a type A answers a type B"
    sent = queries.declaration_by_id(session, declaration.paired_id)
    return masterdata.premises_by_id(session, sent.premises_id)


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
    session: Session, declaration: Declaration, licences: _Licences
) -> tuple[LineMessage, ...]:
    rows = queries.lines(session, declaration.id)
    entries = _entries(session, rows)
    excise_units = _excise_units(session, declaration, rows)
    duties = _duties(session, rows)
    permits = _permits(session, rows)
    return tuple(
        replace(
            _line(declaration, row, entries.get(row.entry_line_id), licences),
            excise_unit_code=excise_units.get(row.id, ""),
            duties=tuple(duties[row.id]),
            permits=tuple(permits[row.id]),
        )
        for row in rows
    )


_Entry = tuple[DeclarationLine, Declaration]


def _entries(session: Session, rows: Sequence[DeclarationLine]) -> Mapping[UUID | None, _Entry]:
    """The line, and its declaration, that each of *rows* draws down, or answers (type A)."""
    found = session.exec(
        select(DeclarationLine, Declaration)
        .join(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(col(DeclarationLine.id).in_([row.entry_line_id for row in rows]))
    )
    return {line.id: (line, declaration) for line, declaration in found}


def _excise_units(
    session: Session, declaration: Declaration, rows: Sequence[DeclarationLine]
) -> Mapping[UUID, str]:
    """What excise counts in, for those of *rows* that have a quantity of its own."""
    goes_out = declaration.document_type in CONFIRMED_LATER
    counted = [row for row in rows if row.excise_quantity is not None and not goes_out]
    goods = {(row.hs_code, row.statistical_code) for row in counted}
    rates = masterdata.excise_rates(session, goods, declaration.rates_on) if goods else {}
    return {
        row.id: rate.unit
        for row in counted
        if (rate := rates.get((row.hs_code, row.statistical_code)))
    }


def _line(
    declaration: Declaration,
    row: DeclarationLine,
    entry: _Entry | None,
    licences: _Licences,
) -> LineMessage:
    """*row*, valued at the rate of the day its goods came in; its duties and permits are added."""
    enters = declaration.document_type in INTO_BOND
    goes_out = declaration.document_type in CONFIRMED_LATER
    valued = declaration if entry is None or enters else entry[1]
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
        cif_value_assess=row.cif_assessed_baht,
        nature_of_transaction=row.nature_of_transaction,
        product_year=row.product_year,
        excise_quantity=None if goes_out else row.excise_quantity,
        retail_price_baht=None if goes_out else row.retail_price_baht,
        origin_criteria=row.origin_criteria,
        origin_certificate="" if goes_out else row.origin_certificate,
        in_bond=declaration.procedure is not Procedure.EXPORT,
        duties=(),
        reference_declaration_number=entry[1].declaration_number if entry else None,
        reference_declaration_line_number=entry[0].line_number if entry else None,
        import_tax_incentives_id=licences.entered,
        export_tariff=EXPORT_TARIFF if goes_out else "",
        purchase_country_code=declaration.consignment_country if goes_out else "",
    )


def _duties(
    session: Session, rows: Sequence[DeclarationLine]
) -> Mapping[UUID, Sequence[DutyMessage]]:
    """What each of *rows* owes, with what of it is left as a deposit."""
    duties = queries.duties(session, (row.id for row in rows))
    owed = [duty.id for of_line in duties.values() for duty in of_line if duty.deposit_baht]
    deposits: dict[UUID, list[DepositMessage]] = defaultdict(list)
    for each in session.exec(
        select(DeclarationDeposit)
        .where(col(DeclarationDeposit.duty_id).in_(owed))
        .order_by(col(DeclarationDeposit.reason_code))
    ):
        deposit = DepositMessage(reason_code=each.reason_code, amount=each.amount)
        deposits[each.duty_id].append(deposit)
    return {
        line_id: [_duty(duty, deposits[duty.id]) for duty in of_line]
        for line_id, of_line in duties.items()
    }


def _duty(duty: DeclarationDuty, deposits: Sequence[DepositMessage]) -> DutyMessage:
    return DutyMessage(
        duty_type=duty.duty_type,
        value_rate=duty.value_rate_pct,
        specific_rate=duty.specific_rate_baht,
        amount=duty.amount,
        amount_paid=duty.amount_paid,
        exemption_rate=duty.exemption_pct,
        deposit_amount=duty.deposit_baht,
        deposits=tuple(deposits),
    )


def _permits(
    session: Session, rows: Sequence[DeclarationLine]
) -> Mapping[UUID, Sequence[PermitMessage]]:
    """What each of *rows* names of leaves of other agencies."""
    named: dict[UUID, list[PermitMessage]] = defaultdict(list)
    for each in session.exec(
        select(DeclarationPermit)
        .where(col(DeclarationPermit.line_id).in_([row.id for row in rows]))
        .order_by(col(DeclarationPermit.authority_id), col(DeclarationPermit.number))
    ):
        permit = PermitMessage(
            number=each.number, issue_date=each.issue_date, authority_id=each.authority_id
        )
        named[each.line_id].append(permit)
    return named


def _for_one(declaration: Declaration) -> Decimal:
    """Baht for one unit of the currency, whatever number of units customs quotes."""
    return declaration.exchange_rate / declaration.exchange_per_units
