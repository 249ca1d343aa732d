"""Look-ups of parties, goods and the dated tables of customs; changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias, cast
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, TableValuedAlias, Text, and_, func, literal
from sqlmodel import Session, col, or_, select

from warehouse.masterdata.dated import Dated
from warehouse.masterdata.errors import (
    ExchangeRateMissing,
    PartnerNotFound,
    PremisesNotFound,
    ProductNotFound,
    TariffLineMissing,
)
from warehouse.masterdata.models import (
    Code,
    ExchangeRate,
    ExciseRate,
    Holiday,
    Partner,
    PreferentialRate,
    Premises,
    Product,
    Restriction,
    TariffLine,
    TradeMeasure,
)
from warehouse.masterdata.vocabulary import CodeList, TradeDirection

EVERY: Final = "000"
"""The statistical code of a restriction or measure on every statistical code of its HS code."""

Commodity: TypeAlias = tuple[str, str]
"""HS code and statistical code."""


def premises_by_id(session: Session, premises_id: UUID) -> Premises:
    """The bonded warehouse *premises_id*.

    Raises:
        PremisesNotFound: there is none.
    """
    if found := session.get(Premises, premises_id):
        return found
    raise PremisesNotFound(code=str(premises_id))


def premises_by_code(session: Session, code: str) -> Premises:
    """The bonded warehouse *code*.

    Raises:
        PremisesNotFound: there is none.
    """
    if found := session.exec(select(Premises).where(Premises.code == code)).first():
        return found
    raise PremisesNotFound(code=code)


def all_premises(session: Session) -> Sequence[Premises]:
    """Every bonded warehouse, by code."""
    return session.exec(select(Premises).order_by(col(Premises.code))).all()


def partner_by_id(session: Session, partner_id: UUID) -> Partner:
    """The depositor *partner_id*.

    Raises:
        PartnerNotFound: there is none.
    """
    if found := session.get(Partner, partner_id):
        return found
    raise PartnerNotFound(code=str(partner_id))


def partner_by_code(session: Session, code: str) -> Partner:
    """The depositor *code*.

    Raises:
        PartnerNotFound: there is none.
    """
    if found := session.exec(select(Partner).where(Partner.code == code)).first():
        return found
    raise PartnerNotFound(code=code)


def product_by_sku(session: Session, partner_id: UUID, sku: str) -> Product:
    """The product that *partner_id* calls *sku*.

    Raises:
        ProductNotFound: the partner has none.
    """
    if found := products_by_sku(session, partner_id, [sku]).get(sku):
        return found
    raise ProductNotFound(sku=sku)


def products_by_sku(
    session: Session, partner_id: UUID, skus: Iterable[str]
) -> Mapping[str, Product]:
    """The products of *partner_id* among *skus*; those it does not have are left out."""
    found = session.exec(
        select(Product).where(Product.partner_id == partner_id, col(Product.sku).in_(set(skus)))
    )
    return {product.sku: product for product in found}


def products_by_id(session: Session, product_ids: Iterable[UUID]) -> Mapping[UUID, Product]:
    """The products *product_ids*."""
    found = session.exec(select(Product).where(col(Product.id).in_(set(product_ids))))
    return {product.id: product for product in found}


def holds(model: type[Dated], on: date) -> ColumnElement[bool]:
    """Whether a row of *model* holds on the day *on*: its first and last day are included."""
    first = cast("ColumnElement[date]", model.valid_from)
    last = cast("ColumnElement[date | None]", model.valid_to)
    return and_(first <= on, or_(last.is_(None), last >= on))


def tariff_line(session: Session, hs_code: str, statistical_code: str, on: date) -> TariffLine:
    """What the tariff says of a commodity on the day *on*.

    Raises:
        TariffLineMissing: it does not name it on that day.
    """
    commodity = (hs_code, statistical_code)
    if found := tariff_lines(session, [commodity], on).get(commodity):
        return found
    raise TariffLineMissing(hs_code=hs_code, statistical_code=statistical_code, on=on)


def tariff_lines(
    session: Session, commodities: Iterable[Commodity], on: date
) -> Mapping[Commodity, TariffLine]:
    """What the tariff says of *commodities* on the day *on*; those it lacks are left out."""
    asked = _asked("hs_code statistical_code", commodities)
    found = session.exec(
        select(TariffLine)
        .join(asked, _same(TariffLine, asked, "hs_code", "statistical_code"))
        .where(holds(TariffLine, on))
    )
    return {(line.hs_code, line.statistical_code): line for line in found}


def preferential_rate(
    session: Session, privilege: str, hs_code: str, statistical_code: str, on: date
) -> PreferentialRate | None:
    """The duty on a commodity under *privilege* on the day *on*; None: the privilege gives none."""
    claim = (privilege, hs_code, statistical_code)
    return preferential_rates(session, [claim], on).get(claim)


def preferential_rates(
    session: Session, claims: Iterable[tuple[str, str, str]], on: date
) -> Mapping[tuple[str, str, str], PreferentialRate]:
    """The duty of each privilege, HS code and statistical code of *claims* on the day *on*."""
    keys = ("privilege_code", "hs_code", "statistical_code")
    asked = _asked(" ".join(keys), claims)
    found = session.exec(
        select(PreferentialRate)
        .join(asked, _same(PreferentialRate, asked, *keys))
        .where(holds(PreferentialRate, on))
    )
    return {(rate.privilege_code, rate.hs_code, rate.statistical_code): rate for rate in found}


def trade_measures(
    session: Session, hs_code: str, statistical_code: str, origin_country: str, on: date
) -> Sequence[TradeMeasure]:
    """The charges beside the duty on goods of *origin_country* on the day *on*: one of a kind.

    Where two rows of a kind fit, the one that names the origin goes before the one for every
    origin, and then the one that names the statistical code before the one for every code.
    """
    goods = (hs_code, statistical_code, origin_country)
    return trade_measures_on(session, [goods], on).get(goods, ())


def trade_measures_on(
    session: Session, goods: Iterable[tuple[str, str, str]], on: date
) -> Mapping[tuple[str, str, str], Sequence[TradeMeasure]]:
    """The `trade_measures` of each HS code, statistical code and origin among *goods*."""
    asked = _asked("hs_code statistical_code origin_country", goods)
    found = session.exec(
        select(asked.c.hs_code, asked.c.statistical_code, asked.c.origin_country, TradeMeasure)
        .join(asked, col(TradeMeasure.hs_code) == asked.c.hs_code)
        .where(
            col(TradeMeasure.statistical_code).in_((asked.c.statistical_code, EVERY)),
            col(TradeMeasure.origin_country).in_((asked.c.origin_country, "")),
            holds(TradeMeasure, on),
        )
        .order_by(
            col(TradeMeasure.kind),
            col(TradeMeasure.origin_country).desc(),
            (col(TradeMeasure.statistical_code) == EVERY),
        )
    )
    measures: dict[tuple[str, str, str], dict[str, TradeMeasure]] = defaultdict(dict)
    for hs_code, statistical_code, origin, measure in found:
        measures[hs_code, statistical_code, origin].setdefault(measure.kind, measure)
    return {of: list(kinds.values()) for of, kinds in measures.items()}


def excise_rate(
    session: Session, hs_code: str, statistical_code: str, on: date
) -> ExciseRate | None:
    """The excise on a commodity on the day *on*; None: it bears none."""
    commodity = (hs_code, statistical_code)
    return excise_rates(session, [commodity], on).get(commodity)


def excise_rates(
    session: Session, commodities: Iterable[Commodity], on: date
) -> Mapping[Commodity, ExciseRate]:
    """The excise on *commodities* on the day *on*; those that bear none are left out."""
    asked = _asked("hs_code statistical_code", commodities)
    found = session.exec(
        select(ExciseRate)
        .join(asked, _same(ExciseRate, asked, "hs_code", "statistical_code"))
        .where(holds(ExciseRate, on))
    )
    return {(rate.hs_code, rate.statistical_code): rate for rate in found}


def restrictions(
    session: Session, hs_code: str, statistical_code: str, direction: TradeDirection, on: date
) -> Sequence[Restriction]:
    """Whose leave goods need on the day *on*; rows of statistical code 000 count for every code.

    Empty: nobody knows, which is not the same as a row of kind NONE.
    """
    commodity = (hs_code, statistical_code)
    return restrictions_on(session, [commodity], direction, on).get(commodity, ())


def restrictions_on(
    session: Session, commodities: Iterable[Commodity], direction: TradeDirection, on: date
) -> Mapping[Commodity, Sequence[Restriction]]:
    """The `restrictions` of each of *commodities*; a commodity that is left out is unknown."""
    asked = _asked("hs_code statistical_code", commodities)
    found = session.exec(
        select(asked.c.hs_code, asked.c.statistical_code, Restriction)
        .join(asked, col(Restriction.hs_code) == asked.c.hs_code)
        .where(
            col(Restriction.statistical_code).in_((asked.c.statistical_code, EVERY)),
            Restriction.direction == direction,
            holds(Restriction, on),
        )
        .order_by(col(Restriction.statistical_code), col(Restriction.authority_id))
    )
    rows: dict[Commodity, list[Restriction]] = defaultdict(list)
    for hs_code, statistical_code, row in found:
        rows[hs_code, statistical_code].append(row)
    return dict(rows)


def exchange_rate(session: Session, currency: str, on: date) -> ExchangeRate:
    """The customs rate of *currency* on the day *on*.

    Raises:
        ExchangeRateMissing: none is known for that day.
    """
    if found := exchange_rates(session, [currency], on).get(currency):
        return found
    raise ExchangeRateMissing(currency=currency, on=on)


def exchange_rates(
    session: Session, currencies: Iterable[str], on: date
) -> Mapping[str, ExchangeRate]:
    """The customs rates of *currencies* on the day *on*; those not known are left out."""
    found = session.exec(
        select(ExchangeRate).where(
            col(ExchangeRate.currency).in_(set(currencies)), holds(ExchangeRate, on)
        )
    )
    return {rate.currency: rate for rate in found}


def code(session: Session, code_list: CodeList, code: str, on: date) -> Code | None:
    """The entry *code* of *code_list* on the day *on*; None: the list has no such code then."""
    return session.exec(
        select(Code).where(Code.code_list == code_list, Code.code == code, holds(Code, on))
    ).first()


def codes(session: Session, code_list: CodeList, on: date) -> Mapping[str, Code]:
    """All of *code_list* on the day *on*, by code and in its order."""
    found = session.exec(
        select(Code).where(Code.code_list == code_list, holds(Code, on)).order_by(col(Code.code))
    )
    return {entry.code: entry for entry in found}


def holidays(session: Session, first: date, last: date) -> Mapping[date, Holiday]:
    """The days from *first* to *last*, both included, on which customs offices are closed."""
    found = session.exec(
        select(Holiday)
        .where(col(Holiday.day) >= first, col(Holiday.day) <= last)
        .order_by(col(Holiday.day))
    )
    return {holiday.day: holiday for holiday in found}


def _asked(names: str, keys: Iterable[tuple[str, ...]]) -> TableValuedAlias:
    """The *keys* as a table with the columns *names*: two arrays, however many keys there are."""
    columns = names.split()
    lists = zip(*set(keys), strict=True)
    arrays = [list(values) for values in lists] or [[] for _ in columns]
    given = (literal(values, ARRAY(Text)) for values in arrays)
    return func.unnest(*given).table_valued(*columns, name="asked").render_derived()


def _same(model: type[Dated], asked: TableValuedAlias, *keys: str) -> ColumnElement[bool]:
    return and_(*(getattr(model, key) == asked.c[key] for key in keys))
