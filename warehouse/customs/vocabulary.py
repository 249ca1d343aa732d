"""Kinds of declarations, their states and how they follow each other; accounts; events."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.lifecycle import lifecycle


class DocumentType(StrEnum):
    """Document types of Thai Customs (e-Import manual 2018); a petition goes on paper."""

    IMPORT = "0"
    EXPORT = "1"
    TRANSFER_IN = "A"
    TRANSFER_OUT = "B"
    FROM_FREE_ZONE = "C"
    TO_FREE_ZONE = "D"
    HOME_USE = "P"
    PETITION = "petition"


class Procedure(StrEnum):
    """What a declaration asks customs for."""

    WAREHOUSING = "warehousing"
    TRANSFER_IN = "transfer_in"
    FROM_FREE_ZONE = "from_free_zone"
    HOME_USE = "home_use"
    LOSS = "loss"
    DAMAGE = "damage"
    SCRAP = "scrap"
    DONATION = "donation"
    RE_EXPORT = "re_export"
    EXPORT = "export"  # of Thai goods, which were never in bond
    TRANSFER_OUT = "transfer_out"
    TO_FREE_ZONE = "to_free_zone"
    DESTRUCTION = "destruction"
    ABANDONMENT = "abandonment"
    SEIZURE = "seizure"
    REMISSION = "remission"  # of the duty on lost goods


DOCUMENT_TYPES: Final[Mapping[Procedure, DocumentType]] = {
    Procedure.WAREHOUSING: DocumentType.IMPORT,
    Procedure.TRANSFER_IN: DocumentType.TRANSFER_IN,
    Procedure.FROM_FREE_ZONE: DocumentType.FROM_FREE_ZONE,
    Procedure.HOME_USE: DocumentType.HOME_USE,
    Procedure.LOSS: DocumentType.HOME_USE,
    Procedure.DAMAGE: DocumentType.HOME_USE,
    Procedure.SCRAP: DocumentType.HOME_USE,
    Procedure.DONATION: DocumentType.HOME_USE,
    Procedure.RE_EXPORT: DocumentType.EXPORT,
    Procedure.EXPORT: DocumentType.EXPORT,
    Procedure.TRANSFER_OUT: DocumentType.TRANSFER_OUT,
    Procedure.TO_FREE_ZONE: DocumentType.TO_FREE_ZONE,
    Procedure.DESTRUCTION: DocumentType.PETITION,
    Procedure.ABANDONMENT: DocumentType.PETITION,
    Procedure.SEIZURE: DocumentType.PETITION,
    Procedure.REMISSION: DocumentType.PETITION,
}
"""The document type of each procedure (e-Import manual 2018 p.101, e-Tax Incentives)."""

PROCEDURE_NAMES: Final[Mapping[Procedure, str]] = {
    Procedure.WAREHOUSING: N_("Into bond from abroad"),
    Procedure.TRANSFER_IN: N_("Into bond from another bonded place"),
    Procedure.FROM_FREE_ZONE: N_("Into bond from a free zone"),
    Procedure.HOME_USE: N_("Home use"),
    Procedure.LOSS: N_("Loss"),
    Procedure.DAMAGE: N_("Damage"),
    Procedure.SCRAP: N_("Scrap"),
    Procedure.DONATION: N_("Donation"),
    Procedure.RE_EXPORT: N_("Re-export"),
    Procedure.EXPORT: N_("Export of Thai goods"),
    Procedure.TRANSFER_OUT: N_("Transfer to another bonded warehouse"),
    Procedure.TO_FREE_ZONE: N_("Transfer to a free zone"),
    Procedure.DESTRUCTION: N_("Destruction"),
    Procedure.ABANDONMENT: N_("Abandonment to the State"),
    Procedure.SEIZURE: N_("Seizure"),
    Procedure.REMISSION: N_("Remission of duty on lost goods"),
}

INTO_BOND: Final = frozenset(
    {DocumentType.IMPORT, DocumentType.TRANSFER_IN, DocumentType.FROM_FREE_ZONE}
)
"""Declarations whose lines stand in bond, with duty and tax suspended."""

CONFIRMED_LATER: Final = frozenset(
    {DocumentType.EXPORT, DocumentType.TRANSFER_OUT, DocumentType.TO_FREE_ZONE}
)
"""Their duty and tax stay suspended until the goods are known to have arrived or left."""


class DeclarationState(StrEnum):
    """Where a declaration stands between us and customs."""

    DRAFT = "draft"
    APPROVED = "approved"
    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    WITHOUT_NUMBER = "without_number"
    NUMBERED = "numbered"
    PAID = "paid"
    GUARANTEED = "guaranteed"
    EXEMPT = "exempt"
    GREEN = "green"
    RED = "red"
    EXAMINED = "examined"
    RELEASED = "released"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


_LANES: Final = {DeclarationState.GREEN, DeclarationState.RED}
_SETTLED: Final = (DeclarationState.PAID, DeclarationState.GUARANTEED, DeclarationState.EXEMPT)

# SENT, and customs gave no answer: UNKNOWN.  It is asked about, never sent again blindly; only
# "we never saw it" puts it back in the queue.  What customs refused is never edited: it is
# cancelled, and the next version is drafted anew.  What customs inspects (RED) is released only
# after the result (EXAMINED).  Once customs has a number, only customs can cancel, before payment;
# what is released is cancelled only on paper: a petition whose permit ended unused.
DECLARATION: Final = lifecycle(
    {
        DeclarationState.DRAFT: {
            DeclarationState.APPROVED, DeclarationState.QUEUED, DeclarationState.CANCELLED,
        },
        DeclarationState.APPROVED: {
            DeclarationState.DRAFT, DeclarationState.QUEUED, DeclarationState.CANCELLED,
        },
        DeclarationState.QUEUED: {DeclarationState.SENT, DeclarationState.CANCELLED},
        DeclarationState.SENT: {
            DeclarationState.UNKNOWN, DeclarationState.REJECTED,
            DeclarationState.WITHOUT_NUMBER, DeclarationState.NUMBERED,
        },
        DeclarationState.UNKNOWN: {
            DeclarationState.QUEUED, DeclarationState.SENT, DeclarationState.REJECTED,
            DeclarationState.WITHOUT_NUMBER, DeclarationState.NUMBERED,
        },
        DeclarationState.REJECTED: {DeclarationState.CANCELLED},
        DeclarationState.WITHOUT_NUMBER: {
            DeclarationState.NUMBERED, DeclarationState.REJECTED, DeclarationState.CANCELLED,
        },
        DeclarationState.NUMBERED: {
            *_SETTLED, *_LANES, DeclarationState.RELEASED, DeclarationState.CANCELLED,
        },
        **{settled: {*_LANES, DeclarationState.RELEASED} for settled in _SETTLED},
        DeclarationState.GREEN: {DeclarationState.RELEASED},
        DeclarationState.RED: {DeclarationState.EXAMINED},
        DeclarationState.EXAMINED: {DeclarationState.RELEASED},
        DeclarationState.RELEASED: {DeclarationState.DELIVERED, DeclarationState.CANCELLED},
        DeclarationState.DELIVERED: set(),
        DeclarationState.CANCELLED: set(),
    }
)  # fmt: skip

AT_CUSTOMS: Final = frozenset(
    {
        DeclarationState.NUMBERED, *_SETTLED, *_LANES, DeclarationState.EXAMINED,
    }
)  # fmt: skip
"""Customs gave a number, and has not let the goods go yet."""

LET_GO: Final = frozenset({DeclarationState.RELEASED, DeclarationState.DELIVERED})

OURS_ALONE: Final = frozenset(
    {
        DeclarationState.DRAFT, DeclarationState.APPROVED, DeclarationState.QUEUED,
        DeclarationState.REJECTED,
    }
)  # fmt: skip
"""Customs does not have it, so it is withdrawn without asking."""

STATE_NAMES: Final[Mapping[DeclarationState, str]] = {
    DeclarationState.DRAFT: N_("Draft"),
    DeclarationState.APPROVED: N_("Approved, waiting for its filing window"),
    DeclarationState.QUEUED: N_("Waiting to be sent"),
    DeclarationState.SENT: N_("Sent, waiting for customs"),
    DeclarationState.UNKNOWN: N_("Sent, no answer yet"),
    DeclarationState.REJECTED: N_("Refused by customs"),
    DeclarationState.WITHOUT_NUMBER: N_("Accepted without a number: the manifest does not match"),
    DeclarationState.NUMBERED: N_("Accepted, number given"),
    DeclarationState.PAID: N_("Paid"),
    DeclarationState.GUARANTEED: N_("Guaranteed"),
    DeclarationState.EXEMPT: N_("Nothing to pay"),
    DeclarationState.GREEN: N_("Green: no inspection"),
    DeclarationState.RED: N_("Red: customs will inspect"),
    DeclarationState.EXAMINED: N_("Inspected"),
    DeclarationState.RELEASED: N_("Released"),
    DeclarationState.DELIVERED: N_("Delivered"),
    DeclarationState.CANCELLED: N_("Cancelled"),
}


class AmendmentKind(StrEnum):
    """What is asked of customs about a declaration that it has."""

    AMENDMENT = "amendment"
    CANCELLATION = "cancellation"


class AmendmentState(StrEnum):
    """Where an amendment, or a cancellation, stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


AMENDMENT: Final = lifecycle(
    {
        AmendmentState.DRAFT: {AmendmentState.QUEUED, AmendmentState.WITHDRAWN},
        AmendmentState.QUEUED: {AmendmentState.SENT, AmendmentState.WITHDRAWN},
        AmendmentState.SENT: {
            AmendmentState.UNKNOWN, AmendmentState.ACCEPTED, AmendmentState.REFUSED,
        },
        AmendmentState.UNKNOWN: {
            AmendmentState.QUEUED, AmendmentState.SENT, AmendmentState.ACCEPTED,
            AmendmentState.REFUSED,
        },
        AmendmentState.ACCEPTED: set(),
        AmendmentState.REFUSED: set(),
        AmendmentState.WITHDRAWN: set(),
    }
)  # fmt: skip


AMENDMENT_STATE_NAMES: Final[Mapping[AmendmentState, str]] = {
    AmendmentState.DRAFT: N_("Waiting for a second person"),
    AmendmentState.QUEUED: N_("Waiting to be sent"),
    AmendmentState.SENT: N_("Sent, waiting for customs"),
    AmendmentState.UNKNOWN: N_("Sent, no answer yet"),
    AmendmentState.ACCEPTED: N_("Customs agreed"),
    AmendmentState.REFUSED: N_("Refused by customs"),
    AmendmentState.WITHDRAWN: N_("Given up"),
}


class Approval(StrEnum):
    """Who lets a draft of the system go to customs."""

    STANDING = "standing"  # nobody: a standing instruction, itself approved by two
    SECOND_PERSON = "second_person"


class RunKind(StrEnum):
    """What a nightly run of filings does."""

    REHEARSAL = "rehearsal"
    FILING = "filing"


class FilingOutcome(StrEnum):
    """What became of one thing that a run looked at."""

    FILED = "filed"
    SKIPPED = "skipped"
    FAILED = "failed"


class PermitDrawKind(StrEnum):
    """A declaration takes from a permit, or gives back what it took."""

    DRAWN = "drawn"
    GIVEN_BACK = "given_back"


class PaymentKind(StrEnum):
    """What was paid: duty to customs, or an order to the partner's platform."""

    DUTY = "duty"
    ORDER = "order"


class ExtensionState(StrEnum):
    """What customs said to a request for more time in bond."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"


class HandDecisionKind(StrEnum):
    """What an officer may decide on paper while customs' gateway is away."""

    NUMBERED = "numbered"
    RELEASED = "released"


class CollectionState(StrEnum):
    """Of a postal collection order (ใบสั่งเก็บเงิน)."""

    ISSUED = "issued"
    DISPUTED = "disputed"
    PAID = "paid"
    RETURNED = "returned"


COLLECTION: Final = lifecycle(
    {
        CollectionState.ISSUED: {
            CollectionState.DISPUTED, CollectionState.PAID, CollectionState.RETURNED,
        },
        CollectionState.DISPUTED: {
            CollectionState.ISSUED, CollectionState.PAID, CollectionState.RETURNED,
        },
        CollectionState.PAID: set(),
        CollectionState.RETURNED: set(),
    }
)  # fmt: skip


class GuaranteeStrategy(StrEnum):
    """How much guarantee the licence asks for."""

    FLAT = "flat"
    PERCENT_OF_STOCK_DUTY = "percent_of_stock_duty"


class GuaranteeEntryKind(StrEnum):
    """Set aside when queued, debited when numbered, released when discharged, freed if refused.

    A letter of a bank is added (top-up) and ends.
    """

    RESERVE = "reserve"
    DEBIT = "debit"
    RELEASE = "release"
    FREE = "free"
    TOP_UP = "top_up"
    END = "end"


class DutyAccount(StrEnum):
    """The accounts that duty and tax move between, in satang-exact baht."""

    CLAIM = "claim"
    SUSPENSE = "suspense"
    PAYABLE = "payable"
    PAID = "paid"
    REMITTED = "remitted"
    TRANSFERRED = "transferred"


class DutyEntryKind(StrEnum):
    """Why an amount moved."""

    SUSPENDED = "suspended"
    RATE_CHANGE = "rate_change"
    AMENDED = "amended"  # an entry line was corrected: suspense is brought to what it owes now
    IMPOSED = "imposed"
    ROUNDING = "rounding"
    PAID = "paid"
    REMITTED = "remitted"  # exported, destroyed, abandoned: never to be paid
    TRANSFERRED = "transferred"  # another bonded place, or a free zone, answers for it now
    REFUNDED = "refunded"


class Direction(StrEnum):
    """Of a message."""

    OUT = "out"
    IN = "in"


class MessageState(StrEnum):
    """What became of a message: ours went out; of those that came in, each waits its turn."""

    SENT = "sent"
    WAITING = "waiting"
    APPLIED = "applied"
    REPEATED = "repeated"  # a copy of one that was applied
    PARKED = "parked"  # its predecessor has not come yet
    REFUSED = "refused"


class CustomsEvent(StrEnum):
    """What is recorded of declarations and goods under customs control."""

    DRAFT_REFUSED = "customs.draft.refused"  # of a consignment or an order: nothing was drafted
    DECLARATION_DRAFTED = "customs.declaration.drafted"
    DECLARATION_QUEUED = "customs.declaration.queued"
    DECLARATION_CANCELLED = "customs.declaration.cancelled"
    DECLARATION_SENT = "customs.declaration.sent"
    DECLARATION_UNANSWERED = "customs.declaration.unanswered"
    DECLARATION_UNSEEN = "customs.declaration.unseen"  # customs never had it: back in the queue
    DECLARATION_TAKEN_IN = "customs.declaration.taken_in"  # customs has it and will decide
    DECLARATION_REJECTED = "customs.declaration.rejected"
    DECLARATION_NUMBERED = "customs.declaration.numbered"
    DECLARATION_WITHOUT_NUMBER = "customs.declaration.without_number"
    DECLARATION_APPROVED = "customs.declaration.approved"
    DECLARATION_EDITED = "customs.declaration.edited"
    DECLARATION_REOPENED = "customs.declaration.reopened"  # an approval was taken back
    DECLARATION_SETTLED = "customs.declaration.settled"  # paid, guaranteed or exempt
    DECLARATION_LANED = "customs.declaration.laned"  # green or red
    DECLARATION_EXAMINED = "customs.declaration.examined"
    DECLARATION_RELEASED = "customs.declaration.released"
    DECLARATION_DELIVERED = "customs.declaration.delivered"
    DECLARATION_PART_RELEASED = "customs.declaration.part_released"
    DECLARATION_STOPPED = "customs.declaration.stopped"
    DECLARATION_RESUMED = "customs.declaration.resumed"
    EXIT_UNCONFIRMED = "customs.exit.unconfirmed"  # gone for days, and nobody says that it left
    DECLARATION_CERTIFIED = "customs.declaration.certified"
    AMENDMENT_DRAFTED = "customs.amendment.drafted"
    AMENDMENT_QUEUED = "customs.amendment.queued"
    AMENDMENT_SENT = "customs.amendment.sent"
    AMENDMENT_ACCEPTED = "customs.amendment.accepted"
    AMENDMENT_REFUSED = "customs.amendment.refused"
    AMENDMENT_WITHDRAWN = "customs.amendment.withdrawn"
    CASE_OPENED = "customs.case.opened"  # wrong, and found after the goods were let go
    CASE_CLOSED = "customs.case.closed"
    PERMIT_RECORDED = "customs.permit.recorded"
    PERMIT_APPROVED = "customs.permit.approved"
    PERMIT_WITHDRAWN = "customs.permit.withdrawn"
    RESTRICTION_CLEARED = "customs.restriction.cleared"  # unknown; a liaison says none is needed
    FILING_RULE_RECORDED = "customs.filing_rule.recorded"
    FILING_RULE_APPROVED = "customs.filing_rule.approved"
    FILING_RULE_WITHDRAWN = "customs.filing_rule.withdrawn"
    FILINGS_RUN = "customs.filings.run"
    FILINGS_LATE = "customs.filings.late"  # the night's run is not done, or customs is away
    LETTER_RECORDED = "customs.letter.recorded"
    LETTER_APPROVED = "customs.letter.approved"
    LETTER_WITHDRAWN = "customs.letter.withdrawn"
    LETTER_ENDED = "customs.letter.ended"
    LETTER_NEAR = "customs.letter.near"  # its end: 30, 20, 14, 7 days or 1 day before
    PAYMENT_CAPTURED = "customs.payment.captured"
    PAYMENT_MATCHED = "customs.payment.matched"
    PAYMENT_UNMATCHED = "customs.payment.unmatched"
    EXTENSION_REQUESTED = "customs.extension.requested"
    EXTENSION_DECIDED = "customs.extension.decided"
    GATEWAY_DOWN = "customs.gateway.down"
    GATEWAY_UP = "customs.gateway.up"
    HAND_DECISION_RECORDED = "customs.hand_decision.recorded"
    HAND_DECISION_APPROVED = "customs.hand_decision.approved"
    HAND_DECISION_WITHDRAWN = "customs.hand_decision.withdrawn"
    HAND_DECISION_DISPUTED = "customs.hand_decision.disputed"  # customs' computer differs
    GUARANTEE_NEAR = "customs.guarantee.near"  # 70, 85 or 95 per cent is used
    GUARANTEE_FORESEEN = "customs.guarantee.foreseen"  # what will be suspended, by day
    COLLECTION_ISSUED = "customs.collection.issued"
    COLLECTION_CHANGED = "customs.collection.changed"
    ANSWER_NOTED = "customs.answer.noted"
    ANSWER_REFUSED = "customs.answer.refused"
    ANSWER_PARKED = "customs.answer.parked"
    ANSWER_OVERDUE = "customs.answer.overdue"  # parked for long: its predecessor does not come
    RELEASE_GRANTED = "customs.release.granted"
    RELEASE_REVOKED = "customs.release.revoked"
    GUARANTEE_SHORT = "customs.guarantee.short"
    DEADLINE_NEAR = "customs.declaration.deadline_near"
