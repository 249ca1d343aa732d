"""Kinds of declarations, their states and how they follow each other; accounts; events."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.lifecycle import lifecycle


class DocumentType(StrEnum):
    """Document types of Thai Customs (e-Import manual 2018)."""

    IMPORT = "0"
    HOME_USE = "P"


class DeclarationState(StrEnum):
    """Where a declaration stands between us and customs."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    NUMBERED = "numbered"
    RELEASED = "released"
    CANCELLED = "cancelled"


# SENT, and customs gave no answer: UNKNOWN.  It is asked about, never sent again blindly; only
# "we never saw it" puts it back in the queue.  What customs refused is never edited: it is
# cancelled, and the next version is drafted anew.
DECLARATION: Final = lifecycle(
    {
        DeclarationState.DRAFT: {DeclarationState.QUEUED, DeclarationState.CANCELLED},
        DeclarationState.QUEUED: {DeclarationState.SENT, DeclarationState.CANCELLED},
        DeclarationState.SENT: {
            DeclarationState.UNKNOWN, DeclarationState.REJECTED, DeclarationState.NUMBERED,
        },
        DeclarationState.UNKNOWN: {
            DeclarationState.QUEUED, DeclarationState.SENT, DeclarationState.REJECTED,
            DeclarationState.NUMBERED,
        },
        DeclarationState.REJECTED: {DeclarationState.CANCELLED},
        DeclarationState.NUMBERED: {DeclarationState.RELEASED},
        DeclarationState.RELEASED: set(),
        DeclarationState.CANCELLED: set(),
    }
)  # fmt: skip

STATE_NAMES: Final[Mapping[DeclarationState, str]] = {
    DeclarationState.DRAFT: N_("Draft"),
    DeclarationState.QUEUED: N_("Waiting to be sent"),
    DeclarationState.SENT: N_("Sent, waiting for customs"),
    DeclarationState.UNKNOWN: N_("Sent, no answer yet"),
    DeclarationState.REJECTED: N_("Refused by customs"),
    DeclarationState.NUMBERED: N_("Accepted, number given"),
    DeclarationState.RELEASED: N_("Released"),
    DeclarationState.CANCELLED: N_("Cancelled"),
}


class GuaranteeStrategy(StrEnum):
    """How much guarantee the licence asks for."""

    FLAT = "flat"
    PERCENT_OF_STOCK_DUTY = "percent_of_stock_duty"


class GuaranteeEntryKind(StrEnum):
    """Set aside when queued, debited when numbered, released when discharged, freed if refused."""

    RESERVE = "reserve"
    DEBIT = "debit"
    RELEASE = "release"
    FREE = "free"


class DutyAccount(StrEnum):
    """The accounts that duty and tax move between, in satang-exact baht."""

    CLAIM = "claim"
    SUSPENSE = "suspense"
    PAYABLE = "payable"
    PAID = "paid"


class DutyEntryKind(StrEnum):
    """Why an amount moved."""

    SUSPENDED = "suspended"
    RATE_CHANGE = "rate_change"
    IMPOSED = "imposed"
    ROUNDING = "rounding"
    PAID = "paid"


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
    DECLARATION_RELEASED = "customs.declaration.released"
    ANSWER_NOTED = "customs.answer.noted"
    ANSWER_REFUSED = "customs.answer.refused"
    ANSWER_PARKED = "customs.answer.parked"
    RELEASE_GRANTED = "customs.release.granted"
    RELEASE_REVOKED = "customs.release.revoked"
    GUARANTEE_SHORT = "customs.guarantee.short"
    DEADLINE_NEAR = "customs.declaration.deadline_near"
