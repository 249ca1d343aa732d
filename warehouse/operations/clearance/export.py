"""Goods that leave the country and are not in bond: whose they are, and what they cost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from warehouse.core.work import Work
from warehouse.customs.drafting.exporting import ExportDraft, ExportGoods
from warehouse.customs.drafting.withdrawing import Withdrawal
from warehouse.inventory import disposals
from warehouse.inventory.models import Disposal
from warehouse.shipments import queries as shipments
from warehouse.shipments.models import Order

# Each lot with the price it was announced at: its own, or that of the lot it came out of.
PRICES: Final = """
WITH RECURSIVE origin AS (
    SELECT id, id AS lot_id, parent_lot_id, consignment_line_id FROM lot WHERE id = ANY(%(lots)s)
    UNION ALL
    SELECT origin.id, lot.id, lot.parent_lot_id, lot.consignment_line_id
      FROM origin JOIN lot ON lot.id = origin.parent_lot_id
     WHERE origin.consignment_line_id IS NULL
)
SELECT lot.id, lot.product_id, coalesce(line.unit_price, 0), coalesce(consignment.currency, 'THB'),
       coalesce(line.net_weight_kg / line.quantity, product.net_weight_kg)
  FROM lot JOIN product ON product.id = lot.product_id
  LEFT JOIN origin ON origin.id = lot.id AND origin.consignment_line_id IS NOT NULL
  LEFT JOIN consignment_line AS line ON line.id = origin.consignment_line_id
  LEFT JOIN consignment ON consignment.id = line.consignment_id
 WHERE lot.id = ANY(%(lots)s) ORDER BY lot.number
"""


def of_disposal(work: Work, disposal: Disposal, withdrawal: Withdrawal) -> ExportDraft:
    """*disposal*, nothing of which is in bond, as it is to be exported."""
    wanted = {line.lot_id: line.quantity for line in disposals.lines(work.session, disposal.id)}
    return ExportDraft(
        premises_id=disposal.premises_id,
        partner_id=disposal.partner_id,
        number=disposal.number,
        consignee=withdrawal.party_name,
        country=withdrawal.country,
        parcel_number=disposal.number,
        goods=_goods(work, wanted),
        disposal_id=disposal.id,
    )


def of_order(work: Work, order: Order, wanted: Mapping[UUID, Decimal]) -> ExportDraft:
    """*order*, nothing of which is in bond, as it is to be exported: so much *wanted* of a lot."""
    shipment = shipments.shipment_of_order(work.session, order.id)
    return ExportDraft(
        premises_id=order.premises_id,
        partner_id=order.partner_id,
        number=order.number,
        consignee=order.buyer_name,
        country=order.country,
        parcel_number=shipment.parcel_number,
        goods=_goods(work, wanted),
        order_id=order.id,
    )


def _goods(work: Work, wanted: Mapping[UUID, Decimal]) -> list[ExportGoods]:
    rows = work.sql(PRICES, lots=list(wanted))
    return [
        ExportGoods(
            lot_id=lot_id,
            product_id=product_id,
            quantity=wanted[lot_id],
            unit_price=price,
            currency=currency,
            net_weight_kg=round(weight * wanted[lot_id], 3),
        )
        for lot_id, product_id, price, currency, weight in rows
    ]
