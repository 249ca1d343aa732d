"""Draft the declaration that takes a consignment into bond: type 0 from abroad, C from a free zone.

Duty and tax are reckoned as ever and exempted by 100 % while the goods stand in bond (e-Import
manual 2018 p.101).  Value, rate of exchange, classification and description are those of the
import day and stay frozen (Customs Act s.14(1)).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, count
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core import ids, money
from warehouse.core.money import ZERO
from warehouse.core.work import Work
from warehouse.customs import queries, rules
from warehouse.customs.checking import filing_rules, merging
from warehouse.customs.checking.merging import Face, Part
from warehouse.customs.drafting import licence, writing
from warehouse.customs.drafting.writing import Behind
from warehouse.customs.errors import AlreadyDeclared
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.customs.money import suspending
from warehouse.customs.money.charging import Duty
from warehouse.customs.vocabulary import (
    DOCUMENT_TYPES,
    CustomsEvent,
    DeclarationState,
    Procedure,
)
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import ExchangeRate, Product

NORMAL_PRIVILEGE: Final = "000"
TRADE: Final = "11"
NO_YEAR: Final = "0"

_GRAM: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class EntryGoods:
    """A lot to be declared; *unit_price* is CIF in the draft's currency, weight is the lot's.

    *retail_price_baht*, of one, and *excise_quantity*, the lot's, are the product's unless told.
    """

    lot_id: UUID
    parcel: str
    product_id: UUID
    quantity: Decimal
    unit_price: Decimal
    net_weight_kg: Decimal
    retail_price_baht: Decimal | None = None
    excise_quantity: Decimal | None = None


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
    procedure: Procedure = Procedure.WAREHOUSING
    zone_licence: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Goods with what their line will say of them."""

    goods: EntryGoods
    product: Product
    face: Face

    @property
    def sku(self) -> str:
        return self.product.sku

    @property
    def parcel(self) -> str:
        return self.goods.parcel


@dataclass(frozen=True, slots=True)
class _Line:
    """One line about to be written, with its charges and the lots that stand behind it."""

    row: DeclarationLine
    duties: list[Duty]
    goods: list[_Piece]


class _Load(NamedTuple):
    """The packages of a part, and what they weigh in kilograms."""

    packages: int
    gross_weight_kg: Decimal


def draft_entries(work: Work, draft: EntryDraft) -> list[Declaration]:
    """Draft what is not declared yet of *draft*, in as many parts as the filing rule wants.

    Equal goods share a line (`merging`).

    Raises:
        AlreadyDeclared: all of it is declared.
        LicenceNotInForce, GoodsNotLicensed: the premises may not take the goods in.
        NothingToDeclare: there are no goods.
        TooManyLines: a parcel needs more lines than a declaration may have.
        GrossBelowNet: the consignment weighs less than its goods.
        ExchangeRateMissing: no rate of the currency is known for the import day.
        TariffLineMissing: the tariff does not name some of the goods on the import day.
        NoPolicy: a rule is not known for the import day.
    """
    earlier = queries.declarations_of_consignment(work.session, draft.consignment_id)
    declared = queries.lots_behind(work.session, (each.id for each in earlier))
    goods = [each for each in draft.goods if each.lot_id not in declared]
    if earlier and not goods:
        raise AlreadyDeclared(number=earlier[0].reference_number)
    premises = masterdata.premises_by_id(work.session, draft.premises_id)
    licence.check(premises, draft.import_date)
    licence.check(premises, work.today)
    rate = masterdata.exchange_rate(work.session, draft.currency, draft.import_date)
    document_type = DOCUMENT_TYPES[draft.procedure]
    rule = filing_rules.rule_of(work.session, premises.id, document_type, work.today)
    parts = merging.parts(_pieces(work, draft.currency, goods), rule)
    taken = {each.part for each in earlier}
    drafted = []
    for part, load, lines in zip(_free(taken), _loads(draft, parts), parts, strict=False):
        declaration = _declaration(work, draft, rate, part, writing.reference(work, premises))
        declaration.package_amount, declaration.gross_weight_kg = load
        written = _lines(work, declaration, rate, lines)
        licence.check_goods(premises, [line.row for line in written])
        _fill(work, declaration, written)
        drafted.append(declaration)
    return drafted


def _fill(work: Work, declaration: Declaration, lines: Sequence[_Line]) -> None:
    writing.add_up(declaration, [line.row for line in lines])
    writing.write(
        work,
        declaration,
        (line.row for line in lines),
        (
            Behind(line.row.id, piece.goods.lot_id, piece.goods.quantity)
            for line in lines
            for piece in line.goods
        ),
        chain.from_iterable(line.duties for line in lines),
    )
    work.emit(CustomsEvent.DECLARATION_DRAFTED, declaration.id, number=declaration.reference_number)


def _pieces(work: Work, currency: str, goods: Sequence[EntryGoods]) -> list[_Piece]:
    products = masterdata.products_by_id(work.session, (each.product_id for each in goods))
    return [
        _Piece(each, product, _face(product, each, currency))
        for each in goods
        for product in (products[each.product_id],)
    ]


def _face(product: Product, goods: EntryGoods, currency: str) -> Face:
    return Face(
        hs_code=product.hs_code,
        statistical_code=product.statistical_code,
        description_th=product.name_th,
        description_en=product.name_en,
        brand=product.brand,
        unit=product.unit,
        unit_price=goods.unit_price,
        currency=currency,
        origin_country=product.origin_country,
        privilege_code=NORMAL_PRIVILEGE,
        origin_criteria="",
        origin_certificate="",
        product_year=NO_YEAR,
        nature_of_transaction=TRADE,
        retail_price_baht=goods.retail_price_baht or product.retail_price_baht,
        excise_of_one=excise_of_one(product, goods.quantity, goods.excise_quantity),
    )


def excise_of_one(product: Product, quantity: Decimal, told: Decimal | None) -> Decimal | None:
    """What excise counts in one of *product*: its share of what is *told* of *quantity*."""
    if told is None:
        return product.excise_quantity
    with money.exact():
        return told / quantity


def excise_quantity(of_one: Decimal | None, quantity: Decimal) -> Decimal | None:
    """What excise counts in *quantity* of goods, to 0.001; None: it counts as their unit does."""
    if of_one is None:
        return None
    with money.exact():
        return max((of_one * quantity).quantize(_GRAM, ROUND_HALF_UP), _GRAM)


def _free(taken: set[int]) -> Iterator[int]:
    """The numbers of parts, 1, 2, 3 …, that no live declaration of the consignment has."""
    return (number for number in count(1) if number not in taken)


def _loads(draft: EntryDraft, parts: Sequence[Part[_Piece]]) -> Iterator[_Load]:
    """What each part holds; together they have the gross weight that their goods' share is."""
    if [len(draft.goods)] == [sum(map(len, part)) for part in parts]:
        yield _Load(draft.package_amount, draft.gross_weight_kg)
        return
    whole = sum((each.net_weight_kg for each in draft.goods), ZERO)
    net = gross = ZERO
    for part in parts:
        pieces = list(chain.from_iterable(part))
        net += sum((piece.goods.net_weight_kg for piece in pieces), ZERO)
        with money.exact():
            so_far = (draft.gross_weight_kg * net / whole).quantize(_GRAM, ROUND_HALF_UP)
        yield _Load(len({piece.parcel for piece in pieces}), so_far - gross)
        gross = so_far


def _declaration(
    work: Work, draft: EntryDraft, rate: ExchangeRate, part: int, reference_number: str
) -> Declaration:
    earlier = queries.last_version_of_part(work.session, draft.consignment_id, part)
    return Declaration(
        reference_number=reference_number,
        message_id=ids.new_id(),
        document_type=DOCUMENT_TYPES[draft.procedure],
        procedure=draft.procedure,
        zone_licence=draft.zone_licence,
        premises_id=draft.premises_id,
        partner_id=draft.partner_id,
        consignment_id=draft.consignment_id,
        part=part,
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
    work: Work, declaration: Declaration, rate: ExchangeRate, goods: Part[_Piece]
) -> list[_Line]:
    policy = queries.policy(work.session)
    on = declaration.import_date
    quote = rules.Quote(rate.currency, rate.import_rate, Decimal(rate.per_units))
    rows = [_row(declaration, number, alike) for number, alike in enumerate(goods, start=1)]
    duties = suspending.reckon(work.session, rows, quote, policy, on)
    return [_Line(*line) for line in zip(rows, duties, goods, strict=True)]


def _row(declaration: Declaration, number: int, pieces: Sequence[_Piece]) -> DeclarationLine:
    product, face = pieces[0].product, pieces[0].face
    quantity = sum((piece.goods.quantity for piece in pieces), ZERO)
    return DeclarationLine(
        declaration_id=declaration.id,
        line_number=number,
        product_id=product.id,
        sku=product.sku,
        hs_code=face.hs_code,
        statistical_code=face.statistical_code,
        privilege_code=face.privilege_code,
        description_th=face.description_th,
        description_en=face.description_en,
        brand=face.brand,
        origin_country=face.origin_country,
        origin_criteria=face.origin_criteria,
        origin_certificate=face.origin_certificate,
        product_year=face.product_year,
        nature_of_transaction=face.nature_of_transaction,
        net_weight_kg=sum((piece.goods.net_weight_kg for piece in pieces), ZERO),
        quantity=quantity,
        unit=face.unit,
        unit_price_foreign=face.unit_price,
        cif_foreign=money.to_satang(face.unit_price * quantity),
        cif_baht=ZERO,
        retail_price_baht=face.retail_price_baht,
        excise_quantity=excise_quantity(face.excise_of_one, quantity),
        discharged_quantity=ZERO,
        discharged_cif_baht=ZERO,
        explained=[],
    )
