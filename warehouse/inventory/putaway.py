"""Where goods are to be put away: the dated rules of the premises, or else any lawful bin."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import col, or_, select

from warehouse.core.work import Work
from warehouse.inventory import admission
from warehouse.inventory.inbound import Place
from warehouse.inventory.models import PutawayRule
from warehouse.inventory.standing import Stand
from warehouse.inventory.vocabulary import STORED, Velocity

VELOCITIES: Final = """
SELECT product_id, velocity FROM product_velocity
 WHERE premises_id = %(premises_id)s AND product_id = ANY(%(products)s)
"""


def direct(work: Work, premises_id: UUID, goods: Sequence[Stand]) -> Place | None:
    """The bin that *goods* belong in; None if they are stored, or no bin may take them now.

    The first rule that fits all of them and whose zone has a lawful bin decides; without one, any
    lawful bin does.  Among bins, those for goods that are picked as often go first, then those
    where the like stands, then the lowest code.
    """
    if not goods or stored(goods):
        return None
    products = {each.product_id for each in goods}
    rows = work.sql(VELOCITIES, premises_id=premises_id, products=list(products))
    known = {product_id: Velocity(velocity) for product_id, velocity in rows}
    classes = {known.get(product_id) for product_id in products}
    velocity = classes.pop() if len(classes) == 1 else None
    zones = [rule.zone_id for rule in _rules(work, premises_id) if _fits(rule, goods, known)]
    for zone_id in (*zones, None):
        found = admission.lawful_bin(work, premises_id, goods, zone_id=zone_id, velocity=velocity)
        if found is not None:
            return found
    return None


def stored(goods: Sequence[Stand]) -> bool:
    """Whether all of *goods* are in bins: where they go from there is for the clerk to say."""
    return all(each.kind in STORED for each in goods)


def _rules(work: Work, premises_id: UUID) -> Sequence[PutawayRule]:
    return work.session.exec(
        select(PutawayRule)
        .where(
            PutawayRule.premises_id == premises_id,
            PutawayRule.valid_from <= work.today,
            or_(col(PutawayRule.valid_to).is_(None), col(PutawayRule.valid_to) >= work.today),
        )
        .order_by(col(PutawayRule.priority), col(PutawayRule.id))
    ).all()


def _fits(rule: PutawayRule, goods: Sequence[Stand], known: Mapping[UUID, Velocity]) -> bool:
    """Whether every condition that *rule* sets holds for all of *goods*."""
    return all(
        rule.partner_id in {None, each.partner_id}
        and rule.product_id in {None, each.product_id}
        and rule.regime in {None, each.regime}
        and rule.velocity in {None, known.get(each.product_id)}
        for each in goods
    )
