"""Where goods are: locations, handling units, lots, movements, balances, reservations."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from warehouse.core import db
from warehouse.inventory.vocabulary import LocationKind, MovementKind, ReservationState


class Location(db.Table, table=True):
    """A place with a barcode, or a virtual one that stands for abroad, home use and the like."""

    __table_args__ = (UniqueConstraint("premises_id", "code"),)

    premises_id: UUID = Field(foreign_key="premises.id")
    code: str = Field(max_length=30)
    name_th: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    kind: LocationKind = Field(sa_type=db.text_enum(LocationKind))
    virtual: bool

    @property
    def barcode(self) -> str:
        """What stands on its label."""
        return f"LOC-{self.code}"


class HandlingUnit(db.Table, table=True):
    """A parcel or carton as it came: one barcode, one or more lots inside."""

    __table_args__ = (
        UniqueConstraint("premises_id", "number"),
        Index(
            "ix_handling_unit_waiting",
            "consignment_id",
            postgresql_where=text("received_at IS NULL"),
        ),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    consignment_id: UUID = Field(foreign_key="consignment.id", index=True)
    number: str = Field(max_length=35)
    received_at: datetime | None = db.optional_instant()


_BOUND_ONCE: Final = """
    CREATE TRIGGER bound_once BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.declaration_line_id IS NOT NULL AND
          (OLD.declaration_line_id, OLD.declaration_number, OLD.line_number, OLD.accepted_at)
          IS DISTINCT FROM
          (NEW.declaration_line_id, NEW.declaration_number, NEW.line_number, NEW.accepted_at))
    EXECUTE FUNCTION refuse_change()
"""


class Lot(db.Table, table=True):
    """Goods of one product and owner that came together.

    Born when announced, blocked by customs; acceptance binds it once and for ever to the number
    and line of its import declaration, which make it a FIFO layer.
    """

    __table_args__ = (
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint(
            "(declaration_line_id IS NULL) = (declaration_number IS NULL)"
            " AND (declaration_line_id IS NULL) = (line_number IS NULL)"
            " AND (declaration_line_id IS NULL) = (accepted_at IS NULL)",
            name="bound_whole",
        ),
        Index("ix_lot_layer", "product_id", "accepted_at", "declaration_number", "line_number"),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    product_id: UUID = Field(foreign_key="product.id")
    handling_unit_id: UUID = Field(foreign_key="handling_unit.id", index=True)
    consignment_line_id: UUID = Field(foreign_key="consignment_line.id", unique=True)
    quantity: Decimal = db.quantity()
    unit: str = Field(max_length=3)
    under_bond: bool = True
    declaration_line_id: UUID | None = Field(
        default=None, foreign_key="declaration_line.id", index=True
    )
    declaration_number: str | None = Field(default=None, max_length=14)
    line_number: int | None = None
    accepted_at: datetime | None = db.optional_instant()
    announced_at: datetime = db.instant()


db.guarded(Lot, _BOUND_ONCE)


@db.append_only
class Movement(db.Table, table=True):
    """One line of the stock ledger.  Never changed, never deleted."""

    __table_args__ = (
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("from_location_id <> to_location_id", name="goes_somewhere"),
        CheckConstraint(
            "NOT under_bond OR kind <> 'issue' OR release_line_id IS NOT NULL", name="released"
        ),
    )

    sequence: int | None = db.sequence()
    kind: MovementKind = Field(sa_type=db.text_enum(MovementKind))
    lot_id: UUID = Field(foreign_key="lot.id", index=True)
    from_location_id: UUID = Field(foreign_key="location.id")
    to_location_id: UUID = Field(foreign_key="location.id")
    quantity: Decimal = db.quantity()
    under_bond: bool
    release_line_id: UUID | None = Field(default=None, foreign_key="release_line.id", index=True)
    reservation_id: UUID | None = Field(default=None, foreign_key="reservation.id")
    scan_id: UUID | None = Field(default=None, index=True)
    actor: str = Field(max_length=80)
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class Balance(db.Table, table=True):
    """The sum of the movements of a lot at a location, kept in the same transaction."""

    __table_args__ = (
        UniqueConstraint("lot_id", "location_id"),
        CheckConstraint("quantity >= 0", name="not_negative"),
        CheckConstraint("reserved >= 0 AND reserved <= quantity", name="reserved_on_hand"),
    )

    lot_id: UUID = Field(foreign_key="lot.id")
    location_id: UUID = Field(foreign_key="location.id", index=True)
    quantity: Decimal = db.quantity()
    reserved: Decimal = db.quantity()


class Reservation(db.Table, table=True):
    """Goods of a lot promised to an order line; *location_id* is where they stand now."""

    __table_args__ = (CheckConstraint("quantity > 0", name="positive"),)

    order_line_id: UUID = Field(foreign_key="order_line.id", index=True)
    lot_id: UUID = Field(foreign_key="lot.id", index=True)
    location_id: UUID = Field(foreign_key="location.id")
    quantity: Decimal = db.quantity()
    state: ReservationState = Field(sa_type=db.text_enum(ReservationState))
    at: datetime = db.instant()
