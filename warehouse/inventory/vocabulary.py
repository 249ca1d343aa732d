"""Kinds of places, of movements, and the life of a reservation."""

from enum import StrEnum
from typing import Final

from warehouse.core.lifecycle import lifecycle


class LocationKind(StrEnum):
    """What a location is for.  The virtual ones stand at the far end of a movement."""

    RECEIVE = "receive"
    STORE = "store"
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


VIRTUAL: Final = frozenset({
    LocationKind.ABROAD, LocationKind.HOME_USE, LocationKind.EXPORTED,
    LocationKind.IN_TRANSIT_BOND, LocationKind.OTHER_BONDED, LocationKind.FREE_ZONE,
    LocationKind.DESTROYED, LocationKind.LOST, LocationKind.ABANDONED,
})  # fmt: skip


class MovementKind(StrEnum):
    """Why goods moved."""

    RECEIPT = "receipt"
    MOVE = "move"
    PICK = "pick"
    ISSUE = "issue"


class ReservationState(StrEnum):
    """Held for an order, picked for it, gone with it, or given back."""

    HELD = "held"
    PICKED = "picked"
    ISSUED = "issued"
    VOIDED = "voided"


RESERVATION: Final = lifecycle(
    {
        ReservationState.HELD: {ReservationState.PICKED, ReservationState.VOIDED},
        ReservationState.PICKED: {ReservationState.ISSUED},
        ReservationState.ISSUED: set(),
        ReservationState.VOIDED: set(),
    }
)


class StockEvent(StrEnum):
    """What is recorded of goods."""

    RECEIVED = "inventory.lot.received"
    BOUND = "inventory.lot.bound"
    MOVED = "inventory.lot.moved"
    RESERVED = "inventory.lot.reserved"
    PICKED = "inventory.lot.picked"
    ISSUED = "inventory.lot.issued"
