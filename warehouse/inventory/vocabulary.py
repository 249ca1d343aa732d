"""Kinds of places, units, goods, movements, holds and differences, and the life of each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from warehouse.core.i18n import N_
from warehouse.core.lifecycle import lifecycle


class Regime(StrEnum):
    """Under which customs status goods stand here; a real place takes goods of one."""

    BONDED = "bonded"
    DUTY_PAID = "duty_paid"
    EXPORT = "export"
    DOMESTIC = "domestic"


REGIME_NAMES: Final[Mapping[Regime, str]] = {
    Regime.BONDED: N_("Bonded goods"),
    Regime.DUTY_PAID: N_("Duty-paid goods"),
    Regime.EXPORT: N_("Goods for export"),
    Regime.DOMESTIC: N_("Domestic goods"),
}


class LocationKind(StrEnum):
    """What a location is for.  The virtual ones stand at the far end of a movement."""

    ZONE = "zone"
    """A part of the hall: other places lie in it, goods do not."""
    RECEIVE = "receive"
    INSPECTION = "inspection"
    STORE = "store"
    PICK = "pick"
    """A bin within reach, filled from the store."""
    STAGE = "stage"
    HOLD = "hold"
    ABROAD = "abroad"
    HOME_USE = "home_use"
    EXPORTED = "exported"
    IN_TRANSIT_BOND = "in_transit_bond"
    OTHER_BONDED = "other_bonded"
    FREE_ZONE = "free_zone"
    DESTROYED = "destroyed"
    LOST = "lost"
    ABANDONED = "abandoned"
    SEIZED = "seized"
    SAMPLED = "sampled"
    REMOVED = "removed"
    """Out for a time, and to come back."""
    HANDLED = "handled"
    """Between what went into repacking and what came out of it."""
    VARIANCE = "variance"
    """Neither found nor written off: every quantity here has an open discrepancy."""


VIRTUAL: Final = frozenset({
    LocationKind.ABROAD, LocationKind.HOME_USE, LocationKind.EXPORTED,
    LocationKind.IN_TRANSIT_BOND, LocationKind.OTHER_BONDED, LocationKind.FREE_ZONE,
    LocationKind.DESTROYED, LocationKind.LOST, LocationKind.ABANDONED, LocationKind.SEIZED,
    LocationKind.SAMPLED, LocationKind.REMOVED, LocationKind.HANDLED, LocationKind.VARIANCE,
})  # fmt: skip

OUT_OF_BOND: Final = frozenset({
    LocationKind.HOME_USE, LocationKind.EXPORTED, LocationKind.IN_TRANSIT_BOND,
    LocationKind.OTHER_BONDED, LocationKind.FREE_ZONE, LocationKind.DESTROYED, LocationKind.LOST,
    LocationKind.ABANDONED, LocationKind.SEIZED, LocationKind.SAMPLED, LocationKind.REMOVED,
})  # fmt: skip
"""Where bonded goods come only under a release."""

STORED: Final = frozenset({LocationKind.STORE, LocationKind.PICK})
"""Where goods stand that an order may draw on."""


class UnitKind(StrEnum):
    """What one barcode holds together."""

    PARCEL = "parcel"
    RECEPTACLE = "receptacle"
    PALLET = "pallet"
    CAGE = "cage"
    TOTE = "tote"
    CARTON = "carton"


CONTAINERS: Final = frozenset(UnitKind) - {UnitKind.PARCEL}
"""Units that are made to hold others."""


class LotOrigin(StrEnum):
    """Where a lot comes from; only announced goods have a line of a consignment."""

    ANNOUNCED = "announced"
    FOUND = "found"
    HANDLED = "handled"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    OPENING = "opening"
    """Taken over from an older system."""
    SPLIT = "split"
    """Opened and found to be of several batches, expiry days or serial numbers."""


class Velocity(StrEnum):
    """How often goods are picked, and how near the places for them lie."""

    A = "a"
    B = "b"
    C = "c"


class StockMethod(StrEnum):
    """Which layer an order draws on: the oldest, or the parcel that it names."""

    FIFO = "fifo"
    SPECIFIC = "specific"


class MovementKind(StrEnum):
    """Why goods moved."""

    RECEIPT = "receipt"
    MOVE = "move"
    PICK = "pick"
    ISSUE = "issue"
    """Out of the warehouse, or on from transit."""
    REVERSAL = "reversal"
    """Counter-entry of a movement that it names."""
    VARIANCE = "variance"
    """Missing, with a discrepancy."""
    FOUND = "found"
    """There again, or there in excess, with a discrepancy."""
    HANDLE = "handle"
    """Into repacking or out of it."""
    RETURN = "return"
    """Back from outside."""


class ReservationState(StrEnum):
    """Held for an order, picked for it, gone with it, or given back."""

    HELD = "held"
    PICKED = "picked"
    ISSUED = "issued"
    VOIDED = "voided"


RESERVATION: Final = lifecycle(
    {
        ReservationState.HELD: {ReservationState.PICKED, ReservationState.VOIDED},
        ReservationState.PICKED: {
            ReservationState.HELD, ReservationState.ISSUED, ReservationState.VOIDED,
        },
        ReservationState.ISSUED: set(),
        ReservationState.VOIDED: set(),
    }
)  # fmt: skip


class HoldKind(StrEnum):
    """Why goods may not be promised or leave, though they may move inside the bonded zone."""

    CUSTOMS = "customs"
    INSPECTION = "inspection"
    PERMIT = "permit"
    DAMAGE = "damage"
    COUNT = "count"
    OVERDUE = "overdue"
    PARTNER = "partner"
    PAYMENT = "payment"


HOLD_NAMES: Final[Mapping[HoldKind, str]] = {
    HoldKind.CUSTOMS: N_("Held by customs"),
    HoldKind.INSPECTION: N_("Waiting for inspection"),
    HoldKind.PERMIT: N_("A permit is missing"),
    HoldKind.DAMAGE: N_("Damaged"),
    HoldKind.COUNT: N_("Count in question"),
    HoldKind.OVERDUE: N_("Storage time has ended"),
    HoldKind.PARTNER: N_("Held by its owner"),
    HoldKind.PAYMENT: N_("Waiting for payment"),
}

CUSTOMS_HOLDS: Final = frozenset({HoldKind.CUSTOMS, HoldKind.PERMIT, HoldKind.OVERDUE})
"""What only the customs desk lifts; the others are the supervisor's."""

OPEN_TO_RELEASE: Final = frozenset({HoldKind.OVERDUE})
"""Holds that stop a new promise, and not what customs has released."""


class DiscrepancyKind(StrEnum):
    """How goods differ from what was declared or booked (Customs Act s.125)."""

    SHORT = "short"
    OVER = "over"
    UNANNOUNCED = "unannounced"
    DAMAGED = "damaged"
    MEASURE = "measure"
    SEAL = "seal"
    COUNT_SHORT = "count_short"
    COUNT_OVER = "count_over"
    TRANSIT_SHORT = "transit_short"
    OVERDUE = "overdue"
    RETURN = "return"


DISCREPANCY_NAMES: Final[Mapping[DiscrepancyKind, str]] = {
    DiscrepancyKind.SHORT: N_("Less came than was announced"),
    DiscrepancyKind.OVER: N_("More came than was announced"),
    DiscrepancyKind.UNANNOUNCED: N_("Not announced"),
    DiscrepancyKind.DAMAGED: N_("Damaged"),
    DiscrepancyKind.MEASURE: N_("Weight or size differs"),
    DiscrepancyKind.SEAL: N_("Seal differs"),
    DiscrepancyKind.COUNT_SHORT: N_("Less counted than booked"),
    DiscrepancyKind.COUNT_OVER: N_("More counted than booked"),
    DiscrepancyKind.TRANSIT_SHORT: N_("Less arrived than was sent"),
    DiscrepancyKind.OVERDUE: N_("Not back in time"),
    DiscrepancyKind.RETURN: N_("Returned goods differ"),
}

PHOTOGRAPHED: Final = frozenset({DiscrepancyKind.DAMAGED, DiscrepancyKind.SEAL})
"""What needs a photo before it can be reported."""


class DiscrepancyState(StrEnum):
    """Found, being looked into, told to customs, ended."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    REPORTED = "reported"
    CLOSED = "closed"


DISCREPANCY: Final = lifecycle(
    {
        DiscrepancyState.OPEN: {
            DiscrepancyState.INVESTIGATING, DiscrepancyState.REPORTED, DiscrepancyState.CLOSED,
        },
        DiscrepancyState.INVESTIGATING: {DiscrepancyState.REPORTED, DiscrepancyState.CLOSED},
        DiscrepancyState.REPORTED: {DiscrepancyState.CLOSED},
        DiscrepancyState.CLOSED: set(),
    }
)  # fmt: skip


DISCREPANCY_STATE_NAMES: Final[Mapping[DiscrepancyState, str]] = {
    DiscrepancyState.OPEN: N_("Open"),
    DiscrepancyState.INVESTIGATING: N_("Being looked into"),
    DiscrepancyState.REPORTED: N_("Reported to customs"),
    DiscrepancyState.CLOSED: N_("Ended"),
}


class Outcome(StrEnum):
    """How a discrepancy ended."""

    FOUND = "found"
    DECLARED_AND_PAID = "declared_and_paid"
    REMITTED = "remitted"
    APPROVED_BY_CUSTOMS = "approved_by_customs"


OUTCOME_NAMES: Final[Mapping[Outcome, str]] = {
    Outcome.FOUND: N_("Found"),
    Outcome.DECLARED_AND_PAID: N_("Declared and paid"),
    Outcome.REMITTED: N_("Remitted by customs"),
    Outcome.APPROVED_BY_CUSTOMS: N_("Approved by customs"),
}


class Cause(StrEnum):
    """The root cause that a person names."""

    MISPLACED = "misplaced"
    INBOUND_NOT_RECORDED = "inbound_not_recorded"
    OUTBOUND_NOT_RECORDED = "outbound_not_recorded"
    WRONG_LABEL = "wrong_label"
    COUNTED_WRONG = "counted_wrong"
    PARTNER_ERROR = "partner_error"
    CARRIER_LOSS = "carrier_loss"
    DAMAGED_HERE = "damaged_here"
    DAMAGED_IN_TRANSIT = "damaged_in_transit"
    THEFT = "theft"
    UNKNOWN = "unknown"


CAUSE_NAMES: Final[Mapping[Cause, str]] = {
    Cause.MISPLACED: N_("Put in another place"),
    Cause.INBOUND_NOT_RECORDED: N_("Receipt was not recorded"),
    Cause.OUTBOUND_NOT_RECORDED: N_("Exit was not recorded"),
    Cause.WRONG_LABEL: N_("Wrong label"),
    Cause.COUNTED_WRONG: N_("Counted wrong"),
    Cause.PARTNER_ERROR: N_("Announced wrong by the partner"),
    Cause.CARRIER_LOSS: N_("Lost by the carrier"),
    Cause.DAMAGED_HERE: N_("Damaged here"),
    Cause.DAMAGED_IN_TRANSIT: N_("Damaged on the way"),
    Cause.THEFT: N_("Theft"),
    Cause.UNKNOWN: N_("Cause unknown"),
}


class HandlingKind(StrEnum):
    """Usual forms of handling, which need the officer's permission (Customs Act s.120)."""

    REPACK = "repack"
    RELABEL = "relabel"
    KIT = "kit"
    SPLIT = "split"


HANDLING_NAMES: Final[Mapping[HandlingKind, str]] = {
    HandlingKind.REPACK: N_("Repack"),
    HandlingKind.RELABEL: N_("Relabel"),
    HandlingKind.KIT: N_("Put together"),
    HandlingKind.SPLIT: N_("Split"),
}


class CountReason(StrEnum):
    """Why a bin is counted."""

    PERIOD = "period"
    VALUE = "value"
    ACCURACY = "accuracy"
    ZERO = "zero"
    REQUESTED = "requested"


class CountState(StrEnum):
    """Where the count of a bin stands."""

    PLANNED = "planned"
    COUNTING = "counting"
    COUNTED = "counted"
    """It differs, and another person is to count again."""
    INVESTIGATING = "investigating"
    """It differs still: there are discrepancies."""
    CLOSED = "closed"
    CANCELLED = "cancelled"


COUNT: Final = lifecycle(
    {
        CountState.PLANNED: {CountState.COUNTING, CountState.CANCELLED},
        CountState.COUNTING: {CountState.COUNTED, CountState.INVESTIGATING, CountState.CLOSED},
        CountState.COUNTED: {CountState.COUNTING},
        CountState.INVESTIGATING: {CountState.CLOSED},
        CountState.CLOSED: set(),
        CountState.CANCELLED: set(),
    }
)


class DisposalKind(StrEnum):
    """The ways out of bond that no order asks for."""

    RE_EXPORT = "re_export"
    TRANSFER = "transfer"
    FREE_ZONE = "free_zone"
    DESTRUCTION = "destruction"
    LOSS = "loss"
    ABANDONMENT = "abandonment"
    SEIZURE = "seizure"
    SAMPLING = "sampling"
    REMOVAL = "removal"
    SCRAP = "scrap"
    DONATION = "donation"


DISPOSAL_NAMES: Final[Mapping[DisposalKind, str]] = {
    DisposalKind.RE_EXPORT: N_("Re-export"),
    DisposalKind.TRANSFER: N_("Transfer to another bonded warehouse"),
    DisposalKind.FREE_ZONE: N_("Transfer to a free zone"),
    DisposalKind.DESTRUCTION: N_("Destruction"),
    DisposalKind.LOSS: N_("Loss"),
    DisposalKind.ABANDONMENT: N_("Abandonment to the State"),
    DisposalKind.SEIZURE: N_("Seizure"),
    DisposalKind.SAMPLING: N_("Sampling"),
    DisposalKind.REMOVAL: N_("Temporary removal"),
    DisposalKind.SCRAP: N_("Scrap"),
    DisposalKind.DONATION: N_("Donation"),
}

GOES_TO: Final[Mapping[DisposalKind, LocationKind]] = {
    DisposalKind.RE_EXPORT: LocationKind.EXPORTED,
    DisposalKind.TRANSFER: LocationKind.IN_TRANSIT_BOND,
    DisposalKind.FREE_ZONE: LocationKind.FREE_ZONE,
    DisposalKind.DESTRUCTION: LocationKind.DESTROYED,
    DisposalKind.LOSS: LocationKind.LOST,
    DisposalKind.ABANDONMENT: LocationKind.ABANDONED,
    DisposalKind.SEIZURE: LocationKind.SEIZED,
    DisposalKind.SAMPLING: LocationKind.SAMPLED,
    DisposalKind.REMOVAL: LocationKind.REMOVED,
    DisposalKind.SCRAP: LocationKind.HOME_USE,
    DisposalKind.DONATION: LocationKind.HOME_USE,
}
"""Where the goods of a disposal come when it is carried out."""


class DisposalState(StrEnum):
    """Asked for, permitted by customs, on its way or witnessed, done."""

    REQUESTED = "requested"
    AUTHORISED = "authorised"
    UNDER_WAY = "under_way"
    """Some of the goods have left; a transfer has not wholly arrived, a removal is not back."""
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


DISPOSAL: Final = lifecycle(
    {
        DisposalState.REQUESTED: {DisposalState.AUTHORISED, DisposalState.CANCELLED},
        DisposalState.AUTHORISED: {
            DisposalState.UNDER_WAY, DisposalState.DONE, DisposalState.CANCELLED,
            DisposalState.EXPIRED,
        },
        DisposalState.UNDER_WAY: {DisposalState.DONE},
        DisposalState.DONE: set(),
        DisposalState.CANCELLED: set(),
        DisposalState.EXPIRED: set(),
    }
)  # fmt: skip


DISPOSAL_STATE_NAMES: Final[Mapping[DisposalState, str]] = {
    DisposalState.REQUESTED: N_("Waiting for customs"),
    DisposalState.AUTHORISED: N_("Permitted"),
    DisposalState.UNDER_WAY: N_("Under way"),
    DisposalState.DONE: N_("Carried out"),
    DisposalState.CANCELLED: N_("Cancelled"),
    DisposalState.EXPIRED: N_("Permit expired"),
}


class FloorRule(StrEnum):
    """Names of the dated rules of the floor; a partner's own row goes before the general one."""

    WEIGHT_TOLERANCE_PCT = "weight_tolerance_pct"
    SIZE_TOLERANCE_PCT = "size_tolerance_pct"
    PACK_TOLERANCE_PCT = "pack_tolerance_pct"
    BLIND_RECEIVING = "blind_receiving"
    ACCEPT_UNANNOUNCED = "accept_unannounced"
    DISCREPANCY_HOURS = "discrepancy_hours"
    LOSS_HOURS = "loss_hours"
    UNDO_SECONDS = "undo_seconds"
    CONFIRM_WRONG_BIN = "confirm_wrong_bin"
    STAGING_HOURS = "staging_hours"
    COUNT_TOLERANCE = "count_tolerance"
    APPROVAL_LIMIT_BAHT = "approval_limit_baht"
    RETURN_DAYS = "return_days"
    RETURN_CHOICE_DAYS = "return_choice_days"
    RETURN_DEFAULT = "return_default"
    REMOVAL_DAYS = "removal_days"


class StockEvent(StrEnum):
    """What is recorded of goods."""

    RECEIVED = "inventory.lot.received"
    BOUND = "inventory.lot.bound"
    UNBOUND = "inventory.lot.unbound"  # customs cancelled the declaration
    MOVED = "inventory.lot.moved"
    RESERVED = "inventory.lot.reserved"
    PICKED = "inventory.lot.picked"
    ISSUED = "inventory.lot.issued"
    REVERSED = "inventory.lot.reversed"
    MISSING = "inventory.lot.missing"
    FOUND = "inventory.lot.found"
    HANDLED = "inventory.lot.handled"
    HANDLING_PERMITTED = "inventory.handling.permitted"
    RETURNED = "inventory.lot.returned"
    FREED = "inventory.lot.freed"
    UNIT_OPENED = "inventory.handling_unit.opened"
    UNIT_CONFIRMED = "inventory.handling_unit.confirmed"
    UNIT_IDENTIFIED = "inventory.handling_unit.identified"
    UNIT_SET_UP = "inventory.handling_unit.set_up"
    UNIT_NESTED = "inventory.handling_unit.nested"
    UNIT_MOVED = "inventory.handling_unit.moved"
    UNIT_MEASURED = "inventory.handling_unit.measured"
    LOCATION_LOCKED = "inventory.location.locked"
    LOCATION_UNLOCKED = "inventory.location.unlocked"
    HELD = "inventory.hold.placed"
    HOLD_LIFTED = "inventory.hold.lifted"
    DISCREPANCY_OPENED = "inventory.discrepancy.opened"
    DISCREPANCY_TAKEN_UP = "inventory.discrepancy.taken_up"
    DISCREPANCY_REPORTED = "inventory.discrepancy.reported"
    DISCREPANCY_NEAR_DUE = "inventory.discrepancy.near_due"
    DISCREPANCY_APPROVED = "inventory.discrepancy.approved"
    DISCREPANCY_CLOSED = "inventory.discrepancy.closed"
    PHOTO_KEPT = "inventory.photo.kept"
    COUNT_PLANNED = "inventory.count.planned"
    COUNT_ENDED = "inventory.count.ended"
    DISPOSAL_REQUESTED = "inventory.disposal.requested"
    DISPOSAL_AUTHORISED = "inventory.disposal.authorised"
    DISPOSAL_MOVED = "inventory.disposal.moved"
    DISPOSAL_DONE = "inventory.disposal.done"
    DISPOSAL_CANCELLED = "inventory.disposal.cancelled"
