"""Goods that leave the country, type 1: out of bond, or of Thai sellers who never were in it.

Bonded goods are re-exported free of import and export duty (Customs Act s.124/126, paragraphs to be
confirmed): the line names its import line, and its value is a share of the frozen one.  Thai goods
have a price of their own, at the rate of exchange for exports.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlmodel import Session

from warehouse.core import ids, money
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries
from warehouse.customs.drafting import withdrawing, writing
from warehouse.customs.drafting.withdrawing import EXPORT_PRIVILEGE, Withdrawal
from warehouse.customs.drafting.writing import Behind
from warehouse.customs.errors import (
    AlreadyDeclared,
    DestinationEmbargoed,
    DestinationMissing,
    ExportProhibited,
    NothingToDeclare,
)
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.rules.errors import NoPolicy
from warehouse.customs.vocabulary import (
    CustomsEvent,
    DeclarationState,
    DocumentType,
    Procedure,
)
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import ExchangeRate, Product
from warehouse.masterdata.vocabulary import RestrictionKind, TradeDirection

EMBARGO: Final = "embargoed_destination"
"""The policy whose keys are the countries that nothing may be exported to."""

THAILAND: Final = "TH"
_BAHT: Final = "THB"
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class ExportGoods:
    """So much of a lot that is not in bond; *unit_price* is FOB, in *currency*."""

    lot_id: UUID
    product_id: UUID
    quantity: Decimal
    unit_price: Decimal
    currency: str
    net_weight_kg: Decimal


@dataclass(frozen=True, slots=True)
class ExportDraft:
    """An order, or a disposal, of goods that are not in bond and go to *country*."""

    premises_id: UUID
    partner_id: UUID
    number: str
    consignee: str
    country: str
    parcel_number: str
    goods: Sequence[ExportGoods]
    order_id: UUID | None = None
    disposal_id: UUID | None = None

    @property
    def subject(self) -> dict[str, UUID]:
        """What is declared, under the name of its column."""
        named = {"order_id": self.order_id, "disposal_id": self.disposal_id}
        return {column: key for column, key in named.items() if key is not None}


def draft_re_export(work: Work, withdrawal: Withdrawal) -> Declaration:
    """Draft the declaration that takes bonded goods out of the country.

    Raises:
        DestinationMissing, DestinationEmbargoed, ExportProhibited: they may not go there.
        GuaranteeAccountNotFound, AlreadyDeclared, NothingToDeclare, NotInBond, DischargeTooLarge:
            see `withdrawing.draft`.
    """
    _refuse_country(work.session, withdrawal.number, withdrawal.country, work.today)
    declaration = withdrawing.draft(work, withdrawal)
    _refuse_prohibited(work.session, queries.lines(work.session, declaration.id), work.today)
    return declaration


def draft_export(work: Work, draft: ExportDraft) -> Declaration:
    """Draft the declaration that takes goods out of the country that are not in bond.

    Prices of one currency stay in it; of several, they are stated in baht.

    Raises:
        DestinationMissing, DestinationEmbargoed, ExportProhibited: they may not go there.
        AlreadyDeclared: another declaration covers it.
        NothingToDeclare: there are no goods.
        ExchangeRateMissing: no rate of a currency is known for today.
    """
    _refuse_country(work.session, draft.number, draft.country, work.today)
    if earlier := queries.declaration_of(work.session, **draft.subject):
        raise AlreadyDeclared(number=earlier.reference_number)
    if not draft.goods:
        raise NothingToDeclare
    rates = {
        currency: masterdata.exchange_rate(work.session, currency, work.today)
        for currency in {each.currency for each in draft.goods}
    }
    products = masterdata.products_by_id(work.session, (each.product_id for each in draft.goods))
    declaration = _declaration(work, draft, rates)
    rows = [
        _row(declaration, number, each, products[each.product_id], rates[each.currency])
        for number, each in enumerate(draft.goods, start=1)
    ]
    _refuse_prohibited(work.session, rows, work.today)
    declaration.cif_foreign = sum((row.cif_foreign for row in rows), ZERO)
    declaration.cif_baht = sum((row.cif_baht for row in rows), ZERO)
    declaration.net_weight_kg = sum((row.net_weight_kg for row in rows), ZERO)
    declaration.gross_weight_kg = declaration.net_weight_kg
    behind = (
        Behind(row.id, each.lot_id, each.quantity)
        for row, each in zip(rows, draft.goods, strict=True)
    )
    writing.write(work, declaration, rows, behind)
    work.emit(CustomsEvent.DECLARATION_DRAFTED, declaration.id, number=declaration.reference_number)
    return declaration


@money.exact()
def revalue(work: Work, declaration: Declaration) -> None:
    """State the value of *declaration*, of goods that were never in bond, at today's rate.

    An export takes the rate of the day on which customs gives its number.

    Raises:
        ExchangeRateMissing: no rate of the currency is known for today.
    """
    rate = masterdata.exchange_rate(work.session, declaration.currency, work.today)
    declaration.exchange_rate, declaration.exchange_per_units = rate.export_rate, rate.per_units
    rows = queries.lines(work.session, declaration.id)
    for row in rows:
        row.cif_baht = money.to_satang(row.cif_foreign * rate.export_rate / rate.per_units)
    declaration.cif_baht = sum((row.cif_baht for row in rows), ZERO)
    declaration.rates_on = work.today


def _refuse_country(session: Session, number: str, country: str, on: date) -> None:
    if country in ("", THAILAND):
        raise DestinationMissing(number=number)
    try:
        embargo = queries.policy(session).value(EMBARGO, country, on)
    except NoPolicy:
        return
    raise DestinationEmbargoed(country=country, source=embargo.source)


def _refuse_prohibited(session: Session, rows: Iterable[DeclarationLine], on: date) -> None:
    for row in rows:
        for rule in masterdata.restrictions(
            session, row.hs_code, row.statistical_code, TradeDirection.EXPORT, on
        ):
            if rule.kind is RestrictionKind.PROHIBITED:
                raise ExportProhibited(sku=row.sku, hs_code=row.hs_code, source=rule.source)


def _declaration(work: Work, draft: ExportDraft, rates: dict[str, ExchangeRate]) -> Declaration:
    premises = masterdata.premises_by_id(work.session, draft.premises_id)
    currency, rate, per_units = _BAHT, _ONE, 1
    if len(rates) == 1:
        ((currency, row),) = rates.items()
        rate, per_units = row.export_rate, row.per_units
    return Declaration(
        reference_number=writing.reference(work, premises),
        message_id=ids.new_id(),
        document_type=DocumentType.EXPORT,
        procedure=Procedure.EXPORT,
        premises_id=draft.premises_id,
        partner_id=draft.partner_id,
        order_id=draft.order_id,
        disposal_id=draft.disposal_id,
        version=queries.last_version(work.session, **draft.subject) + 1,
        state=DeclarationState.DRAFT,
        import_date=work.today,
        rates_on=work.today,
        currency=currency,
        exchange_rate=rate,
        exchange_per_units=per_units,
        house_bill=draft.parcel_number,
        consignor_name=draft.consignee[:70],
        consignment_country=draft.country,
        invoice_number=draft.number,
        invoice_date=work.today,
        package_amount=1,
        gross_weight_kg=ZERO,
        net_weight_kg=ZERO,
        cif_foreign=ZERO,
        cif_baht=ZERO,
        total_tax=ZERO,
        drafted_at=work.at,
    )


@money.exact()
def _row(
    declaration: Declaration, number: int, goods: ExportGoods, product: Product, rate: ExchangeRate
) -> DeclarationLine:
    foreign = money.to_satang(goods.unit_price * goods.quantity)
    baht = money.to_satang(foreign * rate.export_rate / rate.per_units)
    stated = goods.currency == declaration.currency
    return DeclarationLine(
        declaration_id=declaration.id,
        line_number=number,
        product_id=product.id,
        sku=product.sku,
        hs_code=product.hs_code,
        statistical_code=product.statistical_code,
        privilege_code=EXPORT_PRIVILEGE,
        description_th=product.name_th,
        description_en=product.name_en,
        brand=product.brand,
        origin_country=product.origin_country,
        net_weight_kg=goods.net_weight_kg,
        quantity=goods.quantity,
        unit=product.unit,
        unit_price_foreign=goods.unit_price if stated else baht / goods.quantity,
        cif_foreign=foreign if stated else baht,
        cif_baht=baht,
        discharged_quantity=ZERO,
        discharged_cif_baht=ZERO,
    )
