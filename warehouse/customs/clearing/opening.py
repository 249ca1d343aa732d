"""Entries that an older system has: customs accepted them long ago, and part of them is left.

Value, rate of exchange and classification are those that customs froze; duty and tax are suspended
at the rates in force now (invariant I-10), on what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Final
from uuid import UUID

from warehouse.core import ids
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import commands, queries
from warehouse.customs.drafting import entries, writing
from warehouse.customs.drafting.writing import Behind
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.money import guarantee, suspending
from warehouse.customs.vocabulary import DeclarationState, DocumentType, Procedure
from warehouse.masterdata import identifiers
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Product

PROCEDURES: Final = {
    DocumentType.IMPORT: Procedure.WAREHOUSING,
    DocumentType.TRANSFER_IN: Procedure.TRANSFER_IN,
    DocumentType.FROM_FREE_ZONE: Procedure.FROM_FREE_ZONE,
}
_BEFORE_US: Final = "N/A"


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What is left of a line; *lots* are the lots that hold it, and how much each of them."""

    line_number: int
    product: Product
    hs_code: str
    statistical_code: str
    origin_country: str
    net_weight_kg: Decimal
    cif_foreign: Decimal
    cif_baht: Decimal
    lots: Sequence[tuple[UUID, Decimal]]
    retail_price_baht: Decimal | None = None
    excise_quantity: Decimal | None = None

    @property
    def quantity(self) -> Decimal:
        """How much is left."""
        return sum((quantity for _, quantity in self.lots), ZERO)


@dataclass(frozen=True, slots=True)
class OpeningEntry:
    """A declaration of which something is left; who looked at it, and who signed it off."""

    premises_id: UUID
    partner_id: UUID
    declaration_number: str
    import_date: date
    accepted_at: datetime
    currency: str
    exchange_rate: Decimal
    per_units: int
    lines: Sequence[OpeningLine]
    looked_at_by: str


def document_type(number: str) -> DocumentType | None:
    """The type of the entry *number*; None if it is no number, or takes nothing into bond."""
    parts = identifiers.declaration_number_parts(number)
    letter = parts["document_type"] if parts else ""
    return next((kind for kind in PROCEDURES if kind.value == letter), None)


def open_entry(work: Work, entry: OpeningEntry) -> Declaration:
    """Write what is left of *entry*, accepted and released as it was.

    Raises:
        NumberNotValid, NumberTaken: customs gave it no such number, or we have it already.
        GuaranteeEnded, GuaranteeShort, ExposureExceeded: the guarantee does not cover it.
        TariffLineMissing: the tariff does not name some of the goods today.
        NoPolicy: a rule is not known today.
    """
    account = guarantee.lock_account(work, entry.premises_id)
    declaration = _declaration(work, entry)
    rows = [_row(declaration, line) for line in entry.lines]
    writing.add_up(declaration, rows)
    policy = queries.policy(work.session)
    duties = suspending.suspend(work.session, rows, policy, work.today)
    behind = (
        Behind(row.id, lot_id, quantity)
        for row, line in zip(rows, entry.lines, strict=True)
        for lot_id, quantity in line.lots
    )
    writing.write(work, declaration, rows, behind, chain.from_iterable(duties))
    suspended = queries.suspended_baht(work.session, declaration.id)
    guarantee.reserve(work, account, declaration.id, suspended)
    commands.accept(work, declaration, entry.declaration_number, entry.accepted_at)
    commands.release(work, declaration, entry.accepted_at)
    return declaration


def _declaration(work: Work, entry: OpeningEntry) -> Declaration:
    kind = document_type(entry.declaration_number) or DocumentType.IMPORT
    premises = masterdata.premises_by_id(work.session, entry.premises_id)
    weight = sum((line.net_weight_kg for line in entry.lines), ZERO)
    return Declaration(
        reference_number=writing.reference(work, premises),
        message_id=ids.new_id(),
        document_type=kind,
        procedure=PROCEDURES[kind],
        premises_id=entry.premises_id,
        partner_id=entry.partner_id,
        state=DeclarationState.SENT,
        import_date=entry.import_date,
        rates_on=work.today,
        currency=entry.currency,
        exchange_rate=entry.exchange_rate,
        exchange_per_units=entry.per_units,
        house_bill=_BEFORE_US,
        consignor_name=_BEFORE_US,
        consignment_country=entry.lines[0].origin_country,
        invoice_number=_BEFORE_US,
        invoice_date=entry.import_date,
        package_amount=len({lot_id for line in entry.lines for lot_id, _ in line.lots}),
        gross_weight_kg=weight,
        net_weight_kg=weight,
        cif_foreign=ZERO,
        cif_baht=ZERO,
        total_tax=ZERO,
        drafted_by=entry.looked_at_by,
        drafted_at=work.at,
        approved_by=work.actor.name,
        approved_at=work.at,
    )


def _row(declaration: Declaration, line: OpeningLine) -> DeclarationLine:
    product = line.product
    return DeclarationLine(
        declaration_id=declaration.id,
        line_number=line.line_number,
        product_id=product.id,
        sku=product.sku,
        hs_code=line.hs_code,
        statistical_code=line.statistical_code,
        privilege_code=entries.NORMAL_PRIVILEGE,
        description_th=product.name_th,
        description_en=product.name_en,
        brand=product.brand,
        origin_country=line.origin_country,
        net_weight_kg=line.net_weight_kg,
        quantity=line.quantity,
        unit=product.unit,
        unit_price_foreign=line.cif_foreign / line.quantity,
        cif_foreign=line.cif_foreign,
        cif_baht=line.cif_baht,
        retail_price_baht=line.retail_price_baht,
        excise_quantity=line.excise_quantity,
        discharged_quantity=ZERO,
        discharged_cif_baht=ZERO,
    )
