"""Parcels that cannot be declared as they are, told before anything is drafted.

Where a warehouse splits parcels over declarations, such a parcel stays behind, and the others go.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from warehouse.core.work import Work
from warehouse.customs.checking import permits
from warehouse.customs.checking.findings import Facts, Finding, Words
from warehouse.customs.checking.validation import detail, papers
from warehouse.customs.drafting.entries import EntryGoods
from warehouse.customs.money import charging
from warehouse.masterdata import queries as masterdata
from warehouse.masterdata.models import Product, Restriction
from warehouse.masterdata.queries import Commodity
from warehouse.masterdata.vocabulary import RestrictionKind, TradeDirection


def left_out(
    work: Work, partner_id: UUID, goods: Sequence[EntryGoods], import_date: date
) -> Mapping[str, Finding]:
    """Parcels among *goods* that no declaration into bond takes, each with what is wrong."""
    products = masterdata.products_by_id(work.session, (each.product_id for each in goods))
    of_parcel = [(each, products[each.product_id]) for each in goods]
    commodities = {_commodity(product) for _, product in of_parcel}
    wrong = _wrong(work, partner_id, commodities, import_date)
    excise = masterdata.excise_rates(work.session, commodities, import_date)
    found = {}
    for each, product in of_parcel:
        commodity = _commodity(product)
        told = each.excise_quantity or product.excise_quantity
        rate = None if told else excise.get(commodity)
        if commodity in wrong:
            found[each.parcel] = wrong[commodity]
        elif rate is not None and not charging.counts(rate, product.unit):
            facts = {**_named(commodity), "unit": product.unit, "wanted": rate.unit}
            found[each.parcel] = detail.UNCOUNTED.finding(facts)
    return found


def _named(commodity: Commodity) -> Facts:
    return dict(zip(("hs_code", "statistical_code"), commodity, strict=True))


def _commodity(product: Product) -> Commodity:
    return product.hs_code, product.statistical_code


def _wrong(
    work: Work, partner_id: UUID, commodities: set[Commodity], import_date: date
) -> Mapping[Commodity, Finding]:
    tariff = masterdata.tariff_lines(work.session, commodities, import_date)
    restrictions = masterdata.restrictions_on(
        work.session, commodities, TradeDirection.IMPORT, work.today
    )
    agencies = _permitted(work, partner_id, commodities)
    wrong = {}
    for commodity in commodities:
        facts = _named(commodity)
        if commodity not in tariff:
            wrong[commodity] = detail.NOT_IN_TARIFF.finding({**facts, "on": import_date})
            continue
        rows = restrictions.get(commodity)
        if rows is None:
            wrong[commodity] = papers.UNKNOWN.finding(facts)
        elif found := _restricted(rows, agencies.get(commodity, set()), facts):
            wrong[commodity] = found
    return wrong


def _permitted(
    work: Work, partner_id: UUID, commodities: set[Commodity]
) -> Mapping[Commodity, set[str]]:
    """The agencies of which the partner has a permit for each of *commodities*."""
    found: dict[Commodity, set[str]] = {}
    hs_codes = {hs_code for hs_code, _ in commodities}
    for permit in permits.usable(work, partner_id, TradeDirection.IMPORT, hs_codes):
        for commodity in commodities:
            if commodity[0] == permit.hs_code and permit.statistical_code in (
                masterdata.EVERY,
                commodity[1],
            ):
                found.setdefault(commodity, set()).add(permit.authority_id)
    return found


def _restricted(rows: Sequence[Restriction], agencies: set[str], facts: Facts) -> Finding | None:
    for row in rows:
        if row.kind is RestrictionKind.PROHIBITED:
            return papers.PROHIBITED.finding({**facts, "source": row.source})
        if row.kind is RestrictionKind.PERMIT and row.authority_id not in agencies:
            permit = Words(row.permit_th, row.permit_en)
            return papers.MISSING.finding({**facts, "permit": permit, "agency": row.authority_id})
    return None
