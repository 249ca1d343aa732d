"""Stock as it stands: what, where, whose, and under which line of which import declaration."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, or_

from warehouse.core.work import Work
from warehouse.customs import queries as customs
from warehouse.customs.models import Declaration, DeclarationLine
from warehouse.inventory.models import Balance, HandlingUnit, Location, Lot
from warehouse.masterdata.models import Partner, Product
from warehouse.operations import wall


@dataclass(frozen=True, slots=True)
class Holding:
    """So much of a lot in one place; *entry* is its import declaration, once customs accepted."""

    balance: Balance
    location: Location
    lot: Lot
    product: Product
    partner: str
    parcel: str
    entry: Declaration | None


def find(
    work: Work,
    wanted: str = "",
    *,
    after: tuple[str, str] | None = None,
    limit: int = 100,
) -> Sequence[Holding]:
    """What stands here, by place and lot; *after* is the last place and lot of the page above.

    *wanted* is the beginning of a place's code, or a lot, parcel, article, declaration or partner.
    """
    query = (
        sa.select(
            Balance,
            Location,
            Lot,
            Product,
            col(Partner.code),
            col(HandlingUnit.number),
            Declaration,
        )
        .join(Location, col(Location.id) == col(Balance.location_id))
        .join(Lot, col(Lot.id) == col(Balance.lot_id))
        .join(Product, col(Product.id) == col(Lot.product_id))
        .join(Partner, col(Partner.id) == col(Lot.partner_id))
        .join(HandlingUnit, col(HandlingUnit.id) == col(Lot.handling_unit_id))
        .outerjoin(DeclarationLine, col(DeclarationLine.id) == col(Lot.declaration_line_id))
        .outerjoin(Declaration, col(Declaration.id) == col(DeclarationLine.declaration_id))
        .where(wall.seen(work, col(Lot.premises_id)), col(Balance.quantity) > 0)
    )
    if spelled := wanted.strip().upper():
        query = query.where(
            or_(
                col(Location.code).startswith(spelled.removeprefix("LOC-"), autoescape=True),
                Lot.number == spelled,
                HandlingUnit.number == spelled,
                Product.sku == spelled,
                Product.gtin == spelled,
                Partner.code == spelled,
                Lot.declaration_number == customs.stored(spelled),
            )
        )
    if after is not None:
        query = query.where(sa.tuple_(col(Location.code), col(Lot.number)) > after)
    rows = work.session.execute(query.order_by(col(Location.code), col(Lot.number)).limit(limit))
    return [Holding(*row) for row in rows]
