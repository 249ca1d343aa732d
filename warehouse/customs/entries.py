"""Draft the declaration, type 0, that takes a consignment into bond.

Duty and tax are reckoned as ever and exempted by 100 % while the goods stand in bond (e-Import
manual 2018 p.101).  Value, rate of exchange, classification and description are those of the
import day and stay frozen (Customs Act s.14(1)).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Final
from uuid import UUID

from warehouse.core import ids, money, numbers
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import charging, queries, rules
from warehouse.customs.errors import (
    AlreadyDeclared,
    GrossBelowNet,
    LicenceNotInForce,
    NothingToDeclare,
    TooManyLines,
)
from warehouse.customs.models import Declaration, DeclarationDuty, DeclarationLine
from warehouse.customs.vocabulary import CustomsEvent, DeclarationState, DocumentType, Procedure
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import ExchangeRate, Premises, Product

NORMAL_PRIVILEGE: Final = "000"
MOST_LINES: Final = 9_999

_LOT_COLUMNS: Final = ("id", "line_id", "lot_id", "quantity")


@dataclass(frozen=True, slots=True)
class EntryGoods:
    """A lot to be declared; *unit_price* is CIF in the draft's currency, weight is the lot's."""

    lot_id: UUID
    product_id: UUID
    quantity: Decimal
    unit_price: Decimal
    net_weight_kg: Decimal


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A consignment as it is to be declared; its import day is that of its arrival (s.50)."""

    premises_id: UUID
    partner_id: UUID
    consignment_id: UUID
    import_date: date
    house_bill: str
    consignor_name: str
    consignment_country: str
    invoice_number: str
    invoice_date: date
    currency: str
    package_amount: int
    gross_weight_kg: Decimal
    goods: Sequence[EntryGoods]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line about to be written, with its charges and the lots that stand behind it."""

    row: DeclarationLine
    duties: list[DeclarationDuty]
    goods: list[EntryGoods]


def draft_entry(work: Work, draft: EntryDraft) -> Declaration:
    """Draft the declaration of *draft*: lots of one product and price share a line.

    Raises:
        AlreadyDeclared: another declaration covers the consignment.
        LicenceNotInForce: the premises may not take goods in on the import day.
        NothingToDeclare: there are no goods.
        TooManyLines: they need more lines than a declaration has.
        GrossBelowNet: the consignment weighs less than its goods.
        ExchangeRateMissing: no rate of the currency is known for the import day.
        TariffLineMissing: the tariff does not name some of the goods on the import day.
        NoPolicy: a rule is not known for the import day.
    """
    if earlier := queries.declaration_of_consignment(work.session, draft.consignment_id):
        raise AlreadyDeclared(number=earlier.reference_number)
    premises = masterdata.premises_by_id(work.session, draft.premises_id)
    _check_licence(premises, draft.import_date)
    _check_licence(premises, work.today)
    rate = masterdata.exchange_rate(work.session, draft.currency, draft.import_date)
    declaration = _declaration(work, draft, rate, reference(work, premises))
    lines = list(_lines(work, declaration, rate, draft.goods))
    _add_up(declaration, [line.row for line in lines])
    _write(work, declaration, lines)
    work.emit(CustomsEvent.DECLARATION_DRAFTED, declaration.id, number=declaration.reference_number)
    return declaration


def reference(work: Work, premises: Premises) -> str:
    """A new reference number: 4 characters of the profile and 9 running digits, 13 in all."""
    return f"{premises.reference_profile}{numbers.running(work, 'REF'):09}"


def _check_licence(premises: Premises, on: date) -> None:
    ended = premises.licence_to is not None and premises.licence_to < on
    if ended or on < premises.licence_from:
        raise LicenceNotInForce(licence=premises.licence_number, on=on)


def _declaration(
    work: Work, draft: EntryDraft, rate: ExchangeRate, reference_number: str
) -> Declaration:
    earlier = queries.last_version(work.session, consignment_id=draft.consignment_id)
    return Declaration(
        reference_number=reference_number,
        message_id=ids.new_id(),
        document_type=DocumentType.IMPORT,
        procedure=Procedure.WAREHOUSING,
        premises_id=draft.premises_id,
        partner_id=draft.partner_id,
        consignment_id=draft.consignment_id,
        version=earlier + 1,
        state=DeclarationState.DRAFT,
        import_date=draft.import_date,
        rates_on=draft.import_date,
        currency=draft.currency,
        exchange_rate=rate.import_rate,
        exchange_per_units=rate.per_units,
        house_bill=draft.house_bill,
        consignor_name=draft.consignor_name,
        consignment_country=draft.consignment_country,
        invoice_number=draft.invoice_number,
        invoice_date=draft.invoice_date,
        package_amount=draft.package_amount,
        gross_weight_kg=draft.gross_weight_kg,
        net_weight_kg=ZERO,
        cif_foreign=ZERO,
        cif_baht=ZERO,
        total_tax=ZERO,
        drafted_at=work.at,
    )


def _lines(
    work: Work, declaration: Declaration, rate: ExchangeRate, goods: Sequence[EntryGoods]
) -> Iterator[_Line]:
    products = masterdata.products_by_id(work.session, (each.product_id for each in goods))
    policy = queries.policy(work.session)
    on = declaration.import_date
    quote = rules.Quote(rate.currency, rate.import_rate, Decimal(rate.per_units))
    for number, alike in enumerate(_merged(goods), start=1):
        row = _row(declaration, number, products[alike[0].product_id], alike)
        value = rules.customs_value(row.cif_foreign, quote, policy, on)
        row.cif_baht = value.amount
        charges = charging.charges(work.session, row, policy, on)
        duties, explained = [], [rules.receipt(value)]
        for component, part in zip(
            charges.components, rules.suspended(charges, policy, on), strict=True
        ):
            duties.append(
                charging.duty(row.id, component, paid=part.payable, exemption_pct=part.rule.number)
            )
            exempted = replace(
                component,
                exempted=part.suspended,
                amount=part.payable,
                rules=(*component.rules, part.rule),
            )
            explained.append(rules.receipt(exempted))
        row.explained = explained
        yield _Line(row, duties, alike)


def _merged(goods: Iterable[EntryGoods]) -> list[list[EntryGoods]]:
    """*goods* by what may share a line (e-Import manual 2018).

    One product, so one tariff code, description, brand and origin; and one unit price.
    """
    alike: dict[tuple[UUID, Decimal], list[EntryGoods]] = {}
    for each in goods:
        alike.setdefault((each.product_id, each.unit_price), []).append(each)
    if not alike:
        raise NothingToDeclare
    if len(alike) > MOST_LINES:
        raise TooManyLines(lines=len(alike), limit=MOST_LINES)
    return list(alike.values())


def _row(
    declaration: Declaration, number: int, product: Product, goods: Sequence[EntryGoods]
) -> DeclarationLine:
    quantity = sum((each.quantity for each in goods), ZERO)
    return DeclarationLine(
        declaration_id=declaration.id,
        line_number=number,
        product_id=product.id,
        sku=product.sku,
        hs_code=product.hs_code,
        statistical_code=product.statistical_code,
        privilege_code=NORMAL_PRIVILEGE,
        description_th=product.name_th,
        description_en=product.name_en,
        brand=product.brand,
        origin_country=product.origin_country,
        net_weight_kg=sum((each.net_weight_kg for each in goods), ZERO),
        quantity=quantity,
        unit=product.unit,
        unit_price_foreign=goods[0].unit_price,
        cif_foreign=money.to_satang(goods[0].unit_price * quantity),
        cif_baht=ZERO,
        discharged_quantity=ZERO,
        discharged_cif_baht=ZERO,
    )


def _add_up(declaration: Declaration, rows: Sequence[DeclarationLine]) -> None:
    declaration.cif_foreign = sum((row.cif_foreign for row in rows), ZERO)
    declaration.cif_baht = sum((row.cif_baht for row in rows), ZERO)
    declaration.net_weight_kg = sum((row.net_weight_kg for row in rows), ZERO)
    if declaration.gross_weight_kg < declaration.net_weight_kg:
        raise GrossBelowNet(gross=declaration.gross_weight_kg, net=declaration.net_weight_kg)


def _write(work: Work, declaration: Declaration, lines: Sequence[_Line]) -> None:
    for rows in ([declaration], [line.row for line in lines], chain(*(x.duties for x in lines))):
        work.session.add_all(rows)
        work.session.flush()
    work.copy(
        "declared_lot",
        _LOT_COLUMNS,
        (
            (ids.new_id(), line.row.id, each.lot_id, each.quantity)
            for line in lines
            for each in line.goods
        ),
    )
