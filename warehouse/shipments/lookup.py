"""The hot read of shipments: what partners ask for all day, in plain SQL.

Each statement reads what ``asked.what`` names for ``asking.partner_id`` and gives one row: an ETag
and the JSON text that goes out, built by PostgreSQL.  Nothing of the buyer is told.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from warehouse.masterdata.reasons import DECIDED_BY
from warehouse.shipments.vocabulary import Custody

K = TypeVar("K", bound=StrEnum)
V = TypeVar("V", bound=StrEnum)

_WAY_OUT: Final[Mapping[Custody, Custody]] = {
    Custody.PRE_ADVISED: Custody.ALLOCATED,
    Custody.ALLOCATED: Custody.PICKED,
    Custody.PICKED: Custody.PACKED,
    Custody.PACKED: Custody.DISPATCHED,
    Custody.LOADED: Custody.DISPATCHED,
}
"""What is to come, where nothing stands in the way."""


def _case(subject: str, branches: Mapping[K, V]) -> str:
    """A CASE that turns each of *branches* into what it leads to."""
    cases = (f"WHEN '{key.value}' THEN '{value.value}'" for key, value in branches.items())
    return f"CASE {subject} {' '.join(cases)} END"


# Why a shipment is held: by a hold on its goods, or by customs' order to inspect them.
_REASON: Final = """coalesce(nullif(shipment.held, ''),
    CASE shipment.customs WHEN 'held' THEN 'customs_inspection' END)"""
_DECIDER: Final = _case(_REASON, DECIDED_BY)

# Both axes, and the one status that follows from them: what is held or refused comes first.
_FIELDS: Final = """json_build_object(
    'number', shipment.number,
    'order', customer_order.number,
    'order_ref', customer_order.external_ref,
    'parcel_number', shipment.parcel_number,
    'status', CASE WHEN shipment.customs = 'rejected' THEN 'customs_rejected'
                   WHEN {decider} = 'customs' THEN 'customs_held'
                   WHEN {decider} IS NOT NULL THEN 'held'
                   ELSE shipment.custody END,
    'custody', shipment.custody,
    'customs', shipment.customs,
    'held', {reason},
    'next', coalesce({decider} || '_decision', {next_step}),
    'version', shipment.version,
    'created_at', shipment.created_at,
    'updated_at', shipment.changed_at,
    'history', (SELECT json_agg(json_build_object('axis', axis, 'status', status, 'at', at)
                                ORDER BY sequence)
                  FROM shipment_history WHERE shipment_id = shipment.id))"""
_READ: Final = _FIELDS.format(
    next_step=_case("shipment.custody", _WAY_OUT), reason=_REASON, decider=_DECIDER
)

_ONE: Final = """
SELECT '"' || shipment.version || '"', {read}::text
  FROM shipment JOIN customer_order ON customer_order.id = shipment.order_id
 WHERE shipment.number = asked.what AND shipment.partner_id = asking.partner_id
"""
SHIPMENT: Final = _ONE.format(read=_READ)

# A list of one, or of none.
_SOME: Final = """
SELECT '"' || md5(body) || '"', body FROM (
    SELECT json_build_object('shipments', coalesce(json_agg({read}), '[]'))::text AS body
      FROM shipment JOIN customer_order ON customer_order.id = shipment.order_id
     WHERE shipment.partner_id = asking.partner_id AND {where}
) AS answer
"""
BY_ORDER_REF: Final = _SOME.format(
    read=_READ,
    where="customer_order.partner_id = asking.partner_id"
    " AND customer_order.external_ref = asked.what",
)
BY_PARCEL_NUMBER: Final = _SOME.format(read=_READ, where="shipment.parcel_number = asked.what")

# A result for each reference of a JSON array, in their order.  A reference is a shipment's number,
# its parcel's, or the partner's own for the order; each is looked for in an index.
_BATCH: Final = """
SELECT NULL, json_build_object('results', json_agg(
           json_build_object('reference', reference,
                             'outcome', CASE WHEN found.id IS NULL THEN 'not_found'
                                             ELSE 'found' END,
                             'shipment', found.body) ORDER BY position))::text
  FROM json_array_elements_text(asked.what::json) WITH ORDINALITY AS wanted (reference, position)
  LEFT JOIN LATERAL (
      SELECT shipment.id, {read} AS body
        FROM shipment JOIN customer_order ON customer_order.id = shipment.order_id
       WHERE shipment.id = coalesce(
          (SELECT id FROM shipment
            WHERE number = reference AND partner_id = asking.partner_id),
          (SELECT id FROM shipment
            WHERE parcel_number = reference AND partner_id = asking.partner_id LIMIT 1),
          (SELECT shipment.id FROM customer_order AS placed
             JOIN shipment ON shipment.order_id = placed.id
            WHERE placed.external_ref = reference AND placed.partner_id = asking.partner_id))
  ) AS found ON true
"""
BATCH: Final = _BATCH.format(read=_READ)

ORDER: Final = """
SELECT '"' || md5(body) || '"', body FROM (
    SELECT json_build_object(
        'number', customer_order.number,
        'external_ref', customer_order.external_ref,
        'placed_at', customer_order.placed_at,
        'shipment', shipment.number,
        'parcel_number', shipment.parcel_number,
        'custody', shipment.custody,
        'customs', shipment.customs,
        'lines', (SELECT json_agg(json_build_object('sku', product.sku,
                                                    'quantity', trim_scale(quantity)::text)
                                  ORDER BY line_number)
                    FROM order_line JOIN product ON product.id = order_line.product_id
                   WHERE order_id = customer_order.id))::text AS body
      FROM customer_order JOIN shipment ON shipment.order_id = customer_order.id
     WHERE customer_order.number = asked.what
       AND customer_order.partner_id = asking.partner_id
) AS answer
"""

CONSIGNMENT: Final = """
SELECT '"' || md5(body) || '"', body FROM (
    SELECT json_build_object(
        'number', number,
        'external_ref', external_ref,
        'state', state,
        'arrival_date', arrival_date,
        'house_bill', house_bill,
        'invoice_number', invoice_number,
        'currency', currency,
        'parcels', package_amount,
        'lines', (SELECT count(*) FROM consignment_line WHERE consignment_id = consignment.id),
        'gross_weight_kg', trim_scale(gross_weight_kg)::text,
        'announced_at', announced_at)::text AS body
      FROM consignment WHERE number = asked.what AND partner_id = asking.partner_id
) AS answer
"""
