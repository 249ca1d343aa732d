"""Why goods are held: the reason codes that partners, people and programs share.

A published code is never renamed; new ones are added.  The ``customs_*`` family is that of the
UPU's retention reasons.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_


class Reason(StrEnum):
    """Why goods may not be promised or leave."""

    CUSTOMS_DOCUMENTATION = "customs_documentation"
    CUSTOMS_DUTIES_UNPAID = "customs_duties_unpaid"
    CUSTOMS_PROHIBITED = "customs_prohibited"
    CUSTOMS_INSPECTION = "customs_inspection"
    CUSTOMS_DELAY = "customs_delay"
    PERMIT_MISSING = "permit_missing"
    VALUE_QUERY = "value_query"
    HS_QUERY = "hs_query"
    STORAGE_OVERDUE = "storage_overdue"
    GUARANTEE_LIMIT = "guarantee_limit"
    WEIGHT_MISMATCH = "weight_mismatch"
    SEAL_MISMATCH = "seal_mismatch"
    UNANNOUNCED = "unannounced"
    DAMAGED = "damaged"
    COUNT_DIFFERENCE = "count_difference"
    RETURN_DIFFERENCE = "return_difference"
    OWNER_REQUEST = "owner_request"
    PAYMENT_MISSING = "payment_missing"


REASON_NAMES: Final[Mapping[Reason, str]] = {
    Reason.CUSTOMS_DOCUMENTATION: N_("Papers for customs are missing"),
    Reason.CUSTOMS_DUTIES_UNPAID: N_("Duty and tax are not paid"),
    Reason.CUSTOMS_PROHIBITED: N_("Prohibited or restricted goods"),
    Reason.CUSTOMS_INSPECTION: N_("Customs will inspect the goods"),
    Reason.CUSTOMS_DELAY: N_("Customs has not decided yet"),
    Reason.PERMIT_MISSING: N_("A permit has to be shown"),
    Reason.VALUE_QUERY: N_("Customs asks about the value"),
    Reason.HS_QUERY: N_("Customs asks about the tariff code"),
    Reason.STORAGE_OVERDUE: N_("The storage period has ended"),
    Reason.GUARANTEE_LIMIT: N_("The guarantee is used up"),
    Reason.WEIGHT_MISMATCH: N_("Weight or size is not as declared"),
    Reason.SEAL_MISMATCH: N_("A seal is not as announced"),
    Reason.UNANNOUNCED: N_("The goods were not announced"),
    Reason.DAMAGED: N_("The goods are damaged"),
    Reason.COUNT_DIFFERENCE: N_("The count does not agree with the book"),
    Reason.RETURN_DIFFERENCE: N_("Returned goods are not what was sent"),
    Reason.OWNER_REQUEST: N_("The owner asked for it"),
    Reason.PAYMENT_MISSING: N_("The owner has not paid"),
}


class Decider(StrEnum):
    """Who has to act before held goods go on."""

    CUSTOMS = "customs"
    WAREHOUSE = "warehouse"
    PARTNER = "partner"


DECIDED_BY: Final[Mapping[Reason, Decider]] = {
    Reason.CUSTOMS_DOCUMENTATION: Decider.CUSTOMS,
    Reason.CUSTOMS_DUTIES_UNPAID: Decider.CUSTOMS,
    Reason.CUSTOMS_PROHIBITED: Decider.CUSTOMS,
    Reason.CUSTOMS_INSPECTION: Decider.CUSTOMS,
    Reason.CUSTOMS_DELAY: Decider.CUSTOMS,
    Reason.PERMIT_MISSING: Decider.CUSTOMS,
    Reason.VALUE_QUERY: Decider.CUSTOMS,
    Reason.HS_QUERY: Decider.CUSTOMS,
    Reason.STORAGE_OVERDUE: Decider.CUSTOMS,
    Reason.GUARANTEE_LIMIT: Decider.CUSTOMS,
    Reason.WEIGHT_MISMATCH: Decider.WAREHOUSE,
    Reason.SEAL_MISMATCH: Decider.WAREHOUSE,
    Reason.UNANNOUNCED: Decider.WAREHOUSE,
    Reason.DAMAGED: Decider.WAREHOUSE,
    Reason.COUNT_DIFFERENCE: Decider.WAREHOUSE,
    Reason.RETURN_DIFFERENCE: Decider.WAREHOUSE,
    Reason.OWNER_REQUEST: Decider.PARTNER,
    Reason.PAYMENT_MISSING: Decider.PARTNER,
}
