"""Look-ups of parties, goods, tariff and exchange rates; changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, or_, select

from warehouse.masterdata.errors import (
    ExchangeRateMissing,
    PartnerNotFound,
    PremisesNotFound,
    ProductNotFound,
    TariffLineMissing,
)
from warehouse.masterdata.models import ExchangeRate, Partner, Premises, Product, TariffLine


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


def tariff_line(session: Session, hs_code: str, statistical_code: str, on: date) -> TariffLine:
    """What the tariff says of a commodity on the day *on*.

    Raises:
        TariffLineMissing: it does not name it on that day.
    """
    found = session.exec(
        select(TariffLine).where(
            TariffLine.hs_code == hs_code,
            TariffLine.statistical_code == statistical_code,
            col(TariffLine.valid_from) <= on,
            or_(col(TariffLine.valid_to).is_(None), col(TariffLine.valid_to) >= on),
        )
    ).first()
    if found is None:
        raise TariffLineMissing(hs_code=hs_code, statistical_code=statistical_code, on=on)
    return found


def exchange_rate(session: Session, currency: str, on: date) -> ExchangeRate:
    """The customs rate of *currency* on the day *on*.

    Raises:
        ExchangeRateMissing: none is known for that day.
    """
    found = session.exec(
        select(ExchangeRate).where(
            ExchangeRate.currency == currency,
            col(ExchangeRate.valid_from) <= on,
            or_(col(ExchangeRate.valid_to).is_(None), col(ExchangeRate.valid_to) >= on),
        )
    ).first()
    if found is None:
        raise ExchangeRateMissing(currency=currency, on=on)
    return found
