"""Announcing a consignment: what a partner says will come, entered in its books and in the stock's.

Shipments keeps the consignment and its lines; inventory expects a parcel for each parcel number and
a lot for each line.  Both, or neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from warehouse.core import db
from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.inventory import commands as inventory
from warehouse.inventory.commands import ExpectedGoods, ExpectedParcel
from warehouse.inventory.vocabulary import Regime
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.errors import PremisesNotFound
from warehouse.masterdata.models import Partner
from warehouse.operations.floor import labels
from warehouse.operations.floor.labels import Kind
from warehouse.operations.intake import fields
from warehouse.operations.intake import parcels as of_parcels
from warehouse.operations.intake.findings import Finding, Unacceptable, shortened
from warehouse.operations.intake.parcels import OfParcel
from warehouse.shipments import commands as shipments
from warehouse.shipments.commands import AnnouncedLine, ConsignmentDraft
from warehouse.shipments.models import Consignment
from warehouse.shipments.vocabulary import ConsignmentSource

MOST_LINES: Final = 10_000
ARRIVES_WITHIN: Final = timedelta(days=366)
INVOICED_WITHIN: Final = timedelta(days=3 * 366)

REASONS: Final[Mapping[str, str]] = {
    "unknown-product": N_("There is no such product among yours."),
    "product-missing": N_("Name the product by its SKU or its GTIN."),
    "gtin-differs": N_("This GTIN is not that of the product {sku}."),
    "not-whole": N_("This product is counted in {unit}: use a whole number."),
    "line-total-too-large": N_("Quantity times price may not be more than {most}."),
    "parcel-in-use": N_("This parcel number was announced before, in another consignment."),
    "parcel-unscannable": N_("A label that begins with LOC- or CMD- is not a parcel's."),
    "line-repeated": N_("This product in this parcel was already named in line {line}."),
    "implausible-day": fields.REASONS["implausible-day"],
    **of_parcels.REASONS,
}  # fmt: skip
WARNINGS: Final[Mapping[str, str]] = {
    "s10-check-digit": N_("The check digit of this parcel number should be {expected}. It was"
                          " accepted; the clerk will confirm it."),
    "gross-below-net": N_("The gross weight is less than the net weights together, {net_kg} kg."),
}  # fmt: skip

_TOLD: Final = frozenset(of_parcels.TOLD)
_MOST_LINE_TOTAL: Final = Decimal(1_000_000_000)
_GRAM: Final = Decimal("0.001")
# UN/ECE Recommendation 20: what is weighed or measured may be a fraction, what is counted may not.
_MEASURED: Final = frozenset(
    {"MGM", "CTM", "GRM", "KGM", "TNE", "MLT", "LTR", "MTQ", "CMT", "MTR", "MTK"}
)


class Goods(OfParcel):
    """One product in one parcel.  The product is named by SKU, by GTIN, or by both."""

    parcel_number: fields.Identifier
    sku: fields.Identifier | None = None
    gtin: fields.Identifier | None = None
    quantity: fields.Quantity
    unit_price: fields.Price
    net_weight_kg: fields.Weight | None = None
    """Of the whole line; left out, the product's own weight times the quantity."""
    retail_price_baht: fields.RetailPrice | None = None
    """Of one; left out, the product's own."""
    excise_quantity: fields.ExciseQuantity | None = None
    """Of the whole line; left out, the product's own of one times the quantity, if it has one."""


class Heading(BaseModel):
    """What is said once of a whole consignment.  Prices are CIF, in *currency*."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    external_ref: fields.Reference
    premises: fields.Identifier | None = None
    """Code of the bonded warehouse; may be left out where there is one."""
    arrival_date: fields.Day
    house_bill: fields.Identifier
    consignor_name: fields.Name
    consignment_country: fields.Country
    invoice_number: fields.Identifier
    invoice_date: fields.Day
    currency: fields.Currency
    trade_terms: fields.TradeTerms = "CIF"
    gross_weight_kg: fields.Weight
    vehicle: fields.Vehicle = ""
    """The plate of the vehicle that will bring it."""
    seals: fields.Seals = ()
    """The seals that the vehicle will carry."""
    despatch: fields.Despatch | None = None
    """The UPU S8 despatch, where the goods come by post."""


class Announcement(Heading):
    """A consignment as its partner announces it.

    *source*: goods of Thai sellers go abroad through us, and are never in bond.
    """

    source: ConsignmentSource = ConsignmentSource.ABROAD
    zone_licence: Annotated[str, Field(max_length=17)] = ""
    """The tax-incentive registration of the free zone that the goods come from."""
    lines: Annotated[list[Goods], Field(min_length=1, max_length=MOST_LINES)]


@dataclass(frozen=True, slots=True)
class Announced:
    """The consignment as entered, and what is worth a second look."""

    consignment: Consignment
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Product:
    id: UUID
    sku: str
    gtin: str | None
    unit: str
    net_weight_kg: Decimal


@dataclass(frozen=True, slots=True)
class _Known:
    """What the books say of the products and parcels that an announcement names."""

    by_sku: Mapping[str, _Product]
    by_gtin: Mapping[str, _Product]
    in_use: frozenset[str]
    """Numbers and labels of parcels and mail bags."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The lines that can be entered, and what was found in the others."""

    lines: tuple[AnnouncedLine, ...]
    units: Mapping[UUID, str]
    parcels: Mapping[str, ExpectedParcel]
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def announce(work: Work, partner_id: UUID, announcement: Announcement) -> Announced:
    """Enter *announcement* of the partner, and expect its parcels.

    Raises:
        Unacceptable: some values cannot be accepted; it lists every one.
        PremisesNotFound: there is no such warehouse.
        ReferenceInUse: the partner has announced something under this reference.
    """
    db.lock(work.session, Partner, [partner_id])  # announcements of one partner queue here
    premises_id = premises_named(work, announcement.premises)
    checked = check(work, partner_id, premises_id, enumerate(announcement.lines))
    if findings := (*implausible_days(work, announcement), *checked.findings):
        raise Unacceptable(findings, work.actor.language)
    return enter(work, partner_id, premises_id, announcement, checked)


def premises_named(work: Work, code: str | None) -> UUID:
    """The bonded warehouse *code*, or the only one.

    Raises:
        PremisesNotFound: there is none, or more than one and no *code*.
    """
    if code is not None:
        return masterdata.premises_by_code(work.session, code).id
    every = masterdata.all_premises(work.session)
    if len(every) != 1:
        raise PremisesNotFound(code="")
    return every[0].id


def implausible_days(work: Work, heading: Heading) -> Iterable[Finding]:
    """The days of *heading* that cannot be meant."""
    today = work.today
    windows = {
        "arrival_date": (heading.arrival_date, today - ARRIVES_WITHIN, today + ARRIVES_WITHIN),
        "invoice_date": (heading.invoice_date, today - INVOICED_WITHIN, today + ARRIVES_WITHIN),
    }
    for name, (day, first, last) in windows.items():
        if not first <= day <= last:
            yield _found((name,), day, "implausible-day", first=first, last=last)


def check(
    work: Work, partner_id: UUID, premises_id: UUID, goods: Iterable[tuple[int, Goods]]
) -> Checked:
    """Compare *goods*, each with its position, with what the books know."""
    numbered = [(position, each, labels.identify(each.parcel_number)) for position, each in goods]
    named = [(each, label.value) for _, each, label in numbered]
    known = _known(work, partner_id, premises_id, named)
    lines: list[AnnouncedLine] = []
    findings: list[Finding] = []
    warnings: dict[str, Finding] = {}
    seen: dict[tuple[str, UUID], int] = {}
    units: dict[UUID, str] = {}
    for position, each, label in numbered:
        wrong = list(_wrong_parcel(position, each, label, known))
        product = _product_of(each, known)
        wrong += _wrong_goods(position, each, product)
        if product is not None:
            first = seen.setdefault((label.value, product.id), position)
            if first != position:
                wrong.append(_line(position, "sku", product.sku, "line-repeated", line=first + 1))
            units[product.id] = product.unit
        if label.kind is Kind.S10 and not label.check_ok:
            warnings.setdefault(label.value, _doubtful(position, label))
        findings += wrong
        if product is not None and not wrong:
            lines.append(_announced(position, each, label.value, product))
    told = (
        (at, label.value, each) for at, each, label in numbered if each.model_fields_set & _TOLD
    )
    parcels, wrong_parcels = of_parcels.gathered(
        told, known.in_use | {number for _, number in named}
    )
    findings += [
        _line(at, name, value, code, **facts) for at, name, value, code, facts in wrong_parcels
    ]
    return Checked(tuple(lines), units, parcels, tuple(findings), tuple(warnings.values()))


def enter(
    work: Work,
    partner_id: UUID,
    premises_id: UUID,
    heading: Heading,
    checked: Checked,
) -> Announced:
    """Write the consignment and expect its parcels, once *checked* found nothing wrong.

    Raises:
        ReferenceInUse: the partner has announced something under this reference.
    """
    assert not checked.findings, "what is entered was found good"
    draft = _draft(partner_id, premises_id, heading, checked.lines)
    if isinstance(heading, Announcement):
        draft = replace(draft, source=heading.source, zone_licence=heading.zone_licence)
    consignment = shipments.announce(work, draft)
    inventory.expect(
        work,
        consignment_id=consignment.id,
        premises_id=premises_id,
        partner_id=partner_id,
        goods=[
            ExpectedGoods(
                consignment_line_id=line.id,
                parcel_number=line.parcel_number,
                product_id=line.product_id,
                quantity=line.quantity,
                unit=checked.units[line.product_id],
            )
            for line in checked.lines
        ],
        parcels=checked.parcels,
        regime=Regime.EXPORT if draft.source is ConsignmentSource.THAILAND else Regime.BONDED,
    )
    net_kg = sum(line.net_weight_kg for line in checked.lines)
    warnings = list(checked.warnings)
    if heading.gross_weight_kg < net_kg:
        warnings.append(
            Finding(
                ("gross_weight_kg",),
                str(heading.gross_weight_kg),
                "gross-below-net",
                WARNINGS["gross-below-net"],
                {"net_kg": net_kg},
            )
        )
    return Announced(consignment, tuple(warnings))


# What the books say of the names in an announcement of any length: one statement each.
_PRODUCTS: Final = """
SELECT id, sku, lpad(gtin, 14, '0'), unit, net_weight_kg FROM product
 WHERE partner_id = %(partner_id)s
   AND (sku = ANY(%(skus)s) OR lpad(gtin, 14, '0') = ANY(%(gtins)s))
"""
_IN_USE: Final = """
SELECT number FROM handling_unit
 WHERE premises_id = %(premises_id)s AND number = ANY(%(numbers)s)
UNION ALL
SELECT code FROM unit_alias WHERE premises_id = %(premises_id)s AND code = ANY(%(numbers)s)
"""


def _known(
    work: Work, partner_id: UUID, premises_id: UUID, goods: Sequence[tuple[Goods, str]]
) -> _Known:
    skus = {each.sku for each, _ in goods if each.sku is not None}
    gtins = {each.gtin.zfill(14) for each, _ in goods if each.gtin is not None}
    numbers = {number for _, number in goods}
    for each, _ in goods:
        if each.model_fields_set & _TOLD:
            numbers.update(map(of_parcels.scanned, each.labels))
            numbers.update([each.receptacle] if each.receptacle else ())
    rows = work.sql(_PRODUCTS, partner_id=partner_id, skus=list(skus), gtins=list(gtins))
    products = [_Product(*row) for row in rows]
    used = work.sql(_IN_USE, premises_id=premises_id, numbers=list(numbers))
    return _Known(
        by_sku={product.sku: product for product in products},
        by_gtin={product.gtin: product for product in products if product.gtin},
        in_use=frozenset(number for (number,) in used),
    )


def _product_of(goods: Goods, known: _Known) -> _Product | None:
    if goods.sku is not None:
        return known.by_sku.get(goods.sku)
    return known.by_gtin.get(goods.gtin.zfill(14)) if goods.gtin is not None else None


def _wrong_parcel(
    position: int, goods: Goods, label: labels.Label, known: _Known
) -> Iterable[Finding]:
    if label.kind in (Kind.LOCATION, Kind.COMMAND):
        yield _line(position, "parcel_number", label.raw, "parcel-unscannable")
    if label.value in known.in_use:
        yield _line(position, "parcel_number", label.raw, "parcel-in-use")
    if goods.receptacle in known.in_use:
        yield _line(position, "receptacle", goods.receptacle, "parcel-in-use")


def _wrong_goods(position: int, goods: Goods, product: _Product | None) -> Iterable[Finding]:
    if goods.sku is None and goods.gtin is None:
        yield _line(position, "sku", "", "product-missing")
        return
    if product is None:
        named = "sku" if goods.sku is not None else "gtin"
        yield _line(position, named, goods.sku or goods.gtin, "unknown-product")
        return
    if goods.gtin is not None and goods.gtin.zfill(14) != product.gtin:
        yield _line(position, "gtin", goods.gtin, "gtin-differs", sku=product.sku)
    if not countable(goods.quantity, product.unit):
        yield _line(position, "quantity", goods.quantity, "not-whole", unit=product.unit)
    if goods.quantity * goods.unit_price > _MOST_LINE_TOTAL:
        most = _MOST_LINE_TOTAL
        yield _line(position, "unit_price", goods.unit_price, "line-total-too-large", most=most)


def countable(quantity: Decimal, unit: str) -> bool:
    """Whether there can be *quantity* of *unit*: half a kilogram, but no half piece."""
    return unit in _MEASURED or quantity == quantity.to_integral_value()


def _announced(position: int, goods: Goods, parcel: str, product: _Product) -> AnnouncedLine:
    weight = goods.net_weight_kg
    if weight is None:
        weight = max((goods.quantity * product.net_weight_kg).quantize(_GRAM), _GRAM)
    return AnnouncedLine(
        line_number=position + 1,
        parcel_number=parcel,
        product_id=product.id,
        quantity=goods.quantity,
        unit_price=goods.unit_price,
        net_weight_kg=weight,
        retail_price_baht=goods.retail_price_baht,
        excise_quantity=goods.excise_quantity,
    )


def _draft(
    partner_id: UUID, premises_id: UUID, heading: Heading, lines: tuple[AnnouncedLine, ...]
) -> ConsignmentDraft:
    return ConsignmentDraft(
        premises_id=premises_id,
        partner_id=partner_id,
        external_ref=heading.external_ref,
        arrival_date=heading.arrival_date,
        house_bill=heading.house_bill,
        consignor_name=heading.consignor_name,
        consignment_country=heading.consignment_country,
        invoice_number=heading.invoice_number,
        invoice_date=heading.invoice_date,
        currency=heading.currency,
        gross_weight_kg=heading.gross_weight_kg,
        lines=lines,
        vehicle=heading.vehicle,
        seals=heading.seals,
        despatch=heading.despatch,
    )


def _doubtful(position: int, label: labels.Label) -> Finding:
    return Finding(
        ("lines", position, "parcel_number"),
        label.raw,
        "s10-check-digit",
        WARNINGS["s10-check-digit"],
        {"expected": label.fields["expected_check"]},
    )


def _line(position: int, name: str, value: object, code: str, **facts: object) -> Finding:
    return _found(("lines", position, name), value, code, **facts)


def _found(place: tuple[str | int, ...], value: object, code: str, **facts: object) -> Finding:
    text = value.isoformat() if isinstance(value, date) else shortened(value)
    return Finding(place, text, code, REASONS[code], facts)
