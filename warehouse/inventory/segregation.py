"""May these goods stand there?  A pure rule: no database, no clock.

Invariant I-15: goods stand only among goods of their own customs status; owners and layers mix only
where the place, and every place around it, allows.  A layer is a line of an import declaration.
Who draws on layers in order (FIFO) must be able to put a hand on one; who names the parcel finds it
among others (19 CFR 19.12 knows the same two methods).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from warehouse.inventory.vocabulary import STORED, LocationKind, Regime, StockMethod


class Objection(StrEnum):
    """Why goods may not stand in a place."""

    REGIME = "regime"
    OWNERS = "owners"
    METHODS = "methods"
    LAYERS = "layers"
    FULL = "full"


class Share(NamedTuple):
    """Goods of one layer: whose, under which method, how heavy, how large."""

    partner_id: UUID
    product_id: UUID
    method: StockMethod
    layer: str
    kg: Decimal
    litres: Decimal


@dataclass(frozen=True, slots=True)
class Content:
    """Goods that stand together, and the outermost *units* that hold them."""

    shares: tuple[Share, ...] = ()
    units: frozenset[UUID] = frozenset()

    @property
    def owners(self) -> frozenset[UUID]:
        """Whose goods they are."""
        return frozenset(share.partner_id for share in self.shares)

    @property
    def methods(self) -> frozenset[StockMethod]:
        """How their owners draw on them."""
        return frozenset(share.method for share in self.shares)

    @property
    def kg(self) -> Decimal:
        """What they weigh."""
        return sum((share.kg for share in self.shares), Decimal(0))

    @property
    def litres(self) -> Decimal:
        """The room they take."""
        return sum((share.litres for share in self.shares), Decimal(0))

    def __add__(self, other: "Content") -> "Content":
        return Content(self.shares + other.shares, self.units | other.units)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a place asks of the goods in it, and in all that lies in it."""

    id: UUID
    kind: LocationKind
    mixes_owners: bool
    mixes_layers: bool
    most_kg: Decimal | None
    most_litres: Decimal | None
    most_parcels: int | None

    @property
    def asks(self) -> bool:
        """Whether what stands here matters to what may come."""
        limits = (self.most_kg, self.most_litres, self.most_parcels)
        return not (self.mixes_owners and self.mixes_layers) or any(
            limit is not None for limit in limits
        )


def wrong_regime(place: Regime | None, goods: Iterable[Regime]) -> bool:
    """Whether some of *goods* has another customs status than *place*; far ends have none."""
    return any(regime is not place for regime in goods)


def objection(bound: Bound, present: Content, coming: Content) -> Objection | None:
    """What *bound* has against *coming* beside what is *present* in it; None if nothing."""
    together = present + coming
    if not bound.mixes_owners and len(together.owners) > 1:
        return Objection.OWNERS
    if bound.kind in STORED and len(together.methods) > 1:
        return Objection.METHODS
    if not bound.mixes_layers and _mixed(together):
        return Objection.LAYERS
    limits = (
        (bound.most_kg, together.kg),
        (bound.most_litres, together.litres),
        (bound.most_parcels, len(together.units)),
    )
    if any(most is not None and there > most for most, there in limits):
        return Objection.FULL
    return None


def _mixed(content: Content) -> bool:
    """Whether two layers of one owner's product stand together, and the owner needs them apart."""
    layers: dict[tuple[UUID, UUID], str] = {}
    return any(
        layers.setdefault((share.partner_id, share.product_id), share.layer) != share.layer
        for share in content.shares
        if share.method is StockMethod.FIFO
    )
