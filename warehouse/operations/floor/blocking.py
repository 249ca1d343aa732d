"""The one thing that keeps goods from leaving: decided here for the gate and for whoever asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from warehouse.customs import releases
from warehouse.customs.releases import WAITING_FOR, Standing
from warehouse.customs.vocabulary import DeclarationState
from warehouse.inventory.holds import Held
from warehouse.operations.floor.messages import Message, refusal
from warehouse.operations.floor.messages import why as say
from warehouse.shipments.vocabulary import Custody, CustomsStatus


@dataclass(frozen=True, slots=True)
class Leaver:
    """The shipment that goods are promised to, and how far customs is with it.

    *bonded*: some of it needs a release.
    """

    number: str
    parcel_number: str
    custody: Custody
    customs: CustomsStatus
    changed_at: datetime
    bonded: bool
    release: Standing


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of *what* was scanned, now, at *at*.

    *place* is where it stands, *stored* whether an order may draw on it there; *entered*: customs
    accepted it into bond, or it never needed that; *entry* is how far its declaration is.
    """

    what: str
    at: datetime
    received: bool = True
    entered: bool = True
    entry: DeclarationState | None = None
    held: Held | None = None
    place: str = ""
    stored: bool = True
    gone_at: datetime | None = None
    shipment: Leaver | None = None


class Verdict(NamedTuple):
    """What to say, and the facts in it."""

    message: Message
    facts: Mapping[str, object]


def blocking(facts: Facts) -> Verdict | None:
    """What has to be cleared first before the goods may leave; None when nothing has."""
    return next(filter(None, (rule(facts) for rule in _RULES)), None)


def first(verdicts: Sequence[Facts]) -> Facts:
    """Of several goods under one label, those that are furthest from the gate."""
    return min(verdicts, key=_rank)


def _rank(facts: Facts) -> int:
    return next((rank for rank, rule in enumerate(_RULES) if rule(facts)), len(_RULES))


def _exited(facts: Facts) -> Verdict | None:
    if facts.shipment and facts.shipment.custody in (Custody.DISPATCHED, Custody.RETURNED):
        return Verdict(
            say.ALREADY_EXITED,
            {"parcel": facts.shipment.parcel_number, "at": facts.shipment.changed_at},
        )
    return None


def _cancelled(facts: Facts) -> Verdict | None:
    if facts.shipment and facts.shipment.custody is Custody.CANCELLED:
        return Verdict(say.CANCELLED, _of(facts.shipment))
    return None


def _received(facts: Facts) -> Verdict | None:
    return None if facts.received else Verdict(say.NOT_RECEIVED, {"what": facts.what})


def _gone(facts: Facts) -> Verdict | None:
    if facts.gone_at is None:
        return None
    return Verdict(say.GONE, {"what": facts.what, "place": facts.place, "at": facts.gone_at})


def _entered(facts: Facts) -> Verdict | None:
    if facts.entered:
        return None
    if facts.entry is None:
        return Verdict(say.NOT_ENTERED, {"what": facts.what})
    return Verdict(say.ENTRY_WAITS, {"what": facts.what, "waiting": WAITING_FOR[facts.entry]})


def _held(facts: Facts) -> Verdict | None:
    return Verdict(say.HELD, facts.held.facts) if facts.held else None


def _stored(facts: Facts) -> Verdict | None:
    if facts.stored or facts.shipment:
        return None
    return Verdict(say.NOT_STORED, {"what": facts.what, "place": facts.place})


def _ordered(facts: Facts) -> Verdict | None:
    if facts.shipment:
        return None
    return Verdict(say.NOT_ORDERED, {"what": facts.what, "place": facts.place})


def _picked(facts: Facts) -> Verdict | None:
    assert facts.shipment is not None, "what nobody ordered was told before"
    if facts.shipment.custody in (Custody.PRE_ADVISED, Custody.ALLOCATED):
        return Verdict(say.NOT_PICKED, _of(facts.shipment))
    return None


def _released(facts: Facts) -> Verdict | None:
    leaver = facts.shipment
    assert leaver is not None, "what nobody ordered was told before"
    if not leaver.bonded:
        return None
    inspected = leaver.customs is CustomsStatus.HELD
    reason = releases.obstacle(leaver.release, facts.at, inspected=inspected)
    return Verdict(refusal(reason.code, reason.message), reason.facts) if reason else None


def _packed(facts: Facts) -> Verdict | None:
    assert facts.shipment is not None, "what nobody ordered was told before"
    if facts.shipment.custody is Custody.PICKED:
        return Verdict(say.NOT_PACKED, _of(facts.shipment))
    return None


_RULES: Final[tuple[Callable[[Facts], Verdict | None], ...]] = (
    _exited, _cancelled, _received, _gone, _entered, _held, _stored, _ordered, _picked, _released,
    _packed,
)  # fmt: skip
"""In the order in which they have to be cleared."""


def _of(leaver: Leaver) -> dict[str, object]:
    return {"parcel": leaver.parcel_number, "shipment": leaver.number}
