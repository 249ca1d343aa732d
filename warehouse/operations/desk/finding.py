"""Any number on any paper, found: ours, customs', a partner's, the post's, a bank's."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from warehouse.core.i18n import N_
from warehouse.core.work import Work
from warehouse.masterdata import identifiers


class Kind(StrEnum):
    """What a number can name."""

    DECLARATION = "declaration"
    CONSIGNMENT = "consignment"
    ORDER = "order"
    SHIPMENT = "shipment"
    PARCEL = "parcel"
    LOT = "lot"
    RELEASE = "release"
    DISPOSAL = "disposal"
    DISCREPANCY = "discrepancy"
    MANIFEST = "manifest"
    PERMIT = "permit"
    LETTER = "letter"
    PAYMENT = "payment"
    COLLECTION = "collection"


KIND_NAMES: Final[Mapping[Kind, str]] = {
    Kind.DECLARATION: N_("Declaration"),
    Kind.CONSIGNMENT: N_("Consignment"),
    Kind.ORDER: N_("Order"),
    Kind.SHIPMENT: N_("Shipment"),
    Kind.PARCEL: N_("Parcel"),
    Kind.LOT: N_("Lot"),
    Kind.RELEASE: N_("Release"),
    Kind.DISPOSAL: N_("Other way out"),
    Kind.DISCREPANCY: N_("Difference"),
    Kind.MANIFEST: N_("Manifest"),
    Kind.PERMIT: N_("Permit"),
    Kind.LETTER: N_("Letter of guarantee"),
    Kind.PAYMENT: N_("Payment"),
    Kind.COLLECTION: N_("Collection order"),
}

# Each thing that has the number on one of its papers, once; *note* says which of its numbers it is.
FIND: Final = """
SELECT 'declaration', reference_number, '/declarations/' || reference_number,
       concat_ws(' · ', declaration_number, house_bill, invoice_number, payment_number)
  FROM declaration
 WHERE premises_id = %(premises_id)s
   AND %(number)s IN (upper(reference_number), declaration_number, upper(house_bill),
                      upper(invoice_number), upper(payment_number))
UNION ALL
SELECT 'consignment', number, '/consignments/' || number, concat_ws(' · ', external_ref, house_bill)
  FROM consignment
 WHERE premises_id = %(premises_id)s
   AND %(number)s IN (number, upper(external_ref), upper(house_bill), upper(invoice_number),
                      upper(despatch), upper(vehicle))
UNION ALL
SELECT 'order', customer_order.number, '/shipments/' || shipment.number, external_ref
  FROM customer_order JOIN shipment ON shipment.order_id = customer_order.id
 WHERE customer_order.premises_id = %(premises_id)s
   AND %(number)s IN (customer_order.number, upper(external_ref))
UNION ALL
SELECT 'shipment', number, '/shipments/' || number, parcel_number
  FROM shipment
 WHERE premises_id = %(premises_id)s AND %(number)s IN (number, parcel_number)
UNION ALL
SELECT 'parcel', number, '/stock?wanted=' || number, kind
  FROM handling_unit
 WHERE premises_id = %(premises_id)s
   AND (number = %(number)s OR id IN (SELECT handling_unit_id FROM unit_alias
                                       WHERE premises_id = %(premises_id)s AND code = %(number)s))
UNION ALL
SELECT 'lot', number, '/stock?wanted=' || number, coalesce(declaration_number, '')
  FROM lot WHERE premises_id = %(premises_id)s AND number = %(number)s
UNION ALL
SELECT 'release', release.number,
       coalesce('/declarations/' || reference_number, '/disposals/' || disposal.number),
       release.authority
  FROM release LEFT JOIN declaration ON declaration.id = declaration_id
  LEFT JOIN disposal ON disposal.id = release.disposal_id
 WHERE coalesce(declaration.premises_id, disposal.premises_id) = %(premises_id)s
   AND %(number)s IN (release.number, upper(release.authority))
UNION ALL
SELECT 'disposal', number, '/disposals/' || number, reason
  FROM disposal WHERE premises_id = %(premises_id)s
   AND %(number)s IN (number, upper(seal), upper(seal_found))
UNION ALL
SELECT 'discrepancy', number, '/discrepancies/' || number, kind
  FROM discrepancy WHERE premises_id = %(premises_id)s AND %(number)s IN (number, upper(authority))
UNION ALL
SELECT 'manifest', number, '/manifests/' || number, ''
  FROM manifest WHERE premises_id = %(premises_id)s AND number = %(number)s
UNION ALL
SELECT 'permit', number, '/permits', hs_code FROM permit WHERE upper(number) = %(number)s
UNION ALL
SELECT 'letter', guarantee_letter.number, '/guarantee', bank
  FROM guarantee_letter JOIN guarantee_account AS account ON account.id = account_id
 WHERE premises_id = %(premises_id)s AND upper(guarantee_letter.number) = %(number)s
UNION ALL
SELECT 'payment', number, '/payments', names
  FROM payment WHERE premises_id = %(premises_id)s AND %(number)s IN (upper(number), upper(names))
UNION ALL
SELECT 'collection', number, '/collections', parcel_number
  FROM collection_order WHERE premises_id = %(premises_id)s
   AND %(number)s IN (number, upper(parcel_number), upper(payment_number))
LIMIT %(limit)s
"""

MOST: Final = 50


class Found(NamedTuple):
    """What a number names, where to look at it, and what else it is called."""

    kind: Kind
    number: str
    link: str
    note: str


def find(work: Work, premises_id: UUID, text: str) -> list[Found]:
    """Everything of a premises that *text* names; upper and lower case are alike.

    A declaration number is found as it is stored and as it is printed, ``A030-0601170019``.
    """
    number = text.strip().upper()
    if not number:
        return []
    number = identifiers.stored_declaration_number(number) or number
    rows = work.sql(FIND, premises_id=premises_id, number=number, limit=MOST).fetchall()
    return [Found(Kind(kind), *rest) for kind, *rest in dict.fromkeys(rows)]
