"""ABC: how often each product is picked, so that what goes often lies near."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from warehouse.core import ids
from warehouse.core.jobs import Facts
from warehouse.core.work import Work
from warehouse.inventory.models import ProductVelocity
from warehouse.inventory.vocabulary import Velocity

LOOKED_BACK: Final = timedelta(days=90)

_A_SHARE: Final = Decimal("0.80")
_B_SHARE: Final = Decimal("0.95")

# The picks of each product, and how many picks the products before it make up, of all.
RANKED: Final = """
WITH picked AS (
    SELECT lot.premises_id, lot.product_id, count(*) AS picks
      FROM movement JOIN lot ON lot.id = movement.lot_id
     WHERE movement.kind = 'pick' AND movement.at >= %(since)s GROUP BY 1, 2
), known AS (
    SELECT premises_id, product_id, coalesce(picked.picks, 0) AS picks
      FROM picked FULL JOIN product_velocity USING (premises_id, product_id)
)
SELECT premises_id, product_id, picks,
       (sum(picks) OVER (PARTITION BY premises_id ORDER BY picks DESC, product_id) - picks)
       / greatest(sum(picks) OVER (PARTITION BY premises_id), 1)
  FROM known
"""


def classify_products(work: Work, _facts: Facts) -> None:
    """Class every product by its picks of the last 90 days, in each of the premises.

    A are those that make up 80 % of the picks, B the next 15 %, C the rest: the usual bounds.
    """
    for premises_id, product_id, picks, before in work.sql(RANKED, since=work.at - LOOKED_BACK):
        row = insert(ProductVelocity).values(
            id=ids.new_id(),
            premises_id=premises_id,
            product_id=product_id,
            velocity=_class_of(picks, before),
            picks=picks,
            at=work.at,
        )
        work.session.execute(
            row.on_conflict_do_update(
                index_elements=["premises_id", "product_id"],
                set_={name: row.excluded[name] for name in ("velocity", "picks", "at")},
            )
        )


def _class_of(picks: int, before: Decimal) -> Velocity:
    """The class of a product with *picks*; those picked more often make up *before* of all."""
    if not picks or before >= _B_SHARE:
        return Velocity.C
    return Velocity.A if before < _A_SHARE else Velocity.B
