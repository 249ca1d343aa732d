"""Where goods are, and what stands in their way: the stock book and its rules."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from warehouse.core import db
from warehouse.inventory.vocabulary import (
    Cause,
    CountReason,
    CountState,
    DiscrepancyKind,
    DiscrepancyState,
    DisposalKind,
    DisposalState,
    HandlingKind,
    HoldKind,
    LocationKind,
    LotOrigin,
    MovementKind,
    Outcome,
    Regime,
    ReservationState,
    StockMethod,
    UnitKind,
    Velocity,
)


class Location(db.Table, table=True):
    """A place with a barcode, or a virtual one that stands for abroad, home use and the like.

    Places lie in one another: *parent_id*.  A real place takes goods of one *regime*, of several
    owners or layers only where it says so, and no more than it holds (kilograms, litres, parcels).
    """

    __table_args__ = (
        UniqueConstraint("premises_id", "code"),
        CheckConstraint("parent_id <> id", name="not_in_itself"),
        CheckConstraint("virtual = (regime IS NULL)", name="regime_of_real"),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    code: str = Field(max_length=30)
    name_th: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    kind: LocationKind = Field(sa_type=db.text_enum(LocationKind))
    virtual: bool
    parent_id: UUID | None = Field(default=None, foreign_key="location.id", index=True)
    regime: Regime | None = Field(default=None, sa_type=db.text_enum(Regime))
    mixes_owners: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    mixes_layers: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    velocity: Velocity | None = Field(default=None, sa_type=db.text_enum(Velocity))
    most_kg: Decimal | None = db.optional_quantity()
    most_litres: Decimal | None = db.optional_quantity()
    most_parcels: int | None = None

    @property
    def barcode(self) -> str:
        """What stands on its label."""
        return f"LOC-{self.code}"


class LocationLock(db.Table, table=True):
    """A place is locked down: nothing is put there or taken from there until it is opened again."""

    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_whole"),
        Index(
            "uq_location_lock_open",
            "location_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    location_id: UUID = Field(foreign_key="location.id")
    reason: str = Field(max_length=200)
    opened_by: str = Field(max_length=80)
    opened_at: datetime = db.instant()
    closed_by: str | None = Field(default=None, max_length=80)
    closed_at: datetime | None = db.optional_instant()


class HandlingUnit(db.Table, table=True):
    """What one barcode holds together: a parcel as it came, or a container of other units.

    *parent_id* is the container it is in.  *location_id* says where a unit without lots stands: an
    empty container, or a parcel that nobody announced and nobody has opened.
    """

    __table_args__ = (
        UniqueConstraint("premises_id", "number"),
        CheckConstraint("parent_id <> id", name="not_in_itself"),
        CheckConstraint(
            "kind <> 'parcel' OR partner_id IS NOT NULL OR NOT announced", name="owned"
        ),
        CheckConstraint("weight_kg > 0 AND litres > 0", name="measured"),
        Index(
            "ix_handling_unit_waiting",
            "consignment_id",
            postgresql_where=text("received_at IS NULL"),
        ),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    consignment_id: UUID | None = Field(default=None, foreign_key="consignment.id", index=True)
    kind: UnitKind = Field(
        default=UnitKind.PARCEL,
        sa_type=db.text_enum(UnitKind),
        sa_column_kwargs={"server_default": "parcel"},
    )
    number: str = Field(max_length=35)
    parent_id: UUID | None = Field(default=None, foreign_key="handling_unit.id", index=True)
    location_id: UUID | None = Field(default=None, foreign_key="location.id")
    announced: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    declared_kg: Decimal | None = db.optional_quantity()
    declared_litres: Decimal | None = db.optional_quantity()
    weight_kg: Decimal | None = db.optional_quantity()
    litres: Decimal | None = db.optional_quantity()
    received_at: datetime | None = db.optional_instant()


class UnitAlias(db.Table, table=True):
    """Another label of a parcel: its owner's own, or one that was put on it later."""

    __table_args__ = (UniqueConstraint("premises_id", "code"),)

    premises_id: UUID = Field(foreign_key="premises.id")
    code: str = Field(max_length=60)
    handling_unit_id: UUID = Field(foreign_key="handling_unit.id", index=True)


_KEEP_BINDING: Final = """
    CREATE OR REPLACE FUNCTION keep_binding() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.declaration_line_id IS NULL AND EXISTS (
            SELECT FROM declaration_line AS line JOIN declaration ON declaration.id = declaration_id
             WHERE line.id = OLD.declaration_line_id AND state = 'cancelled'
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'lot % is bound once, until customs cancels its declaration', OLD.number
            USING ERRCODE = 'restrict_violation';
    END $$
"""
_BOUND_ONCE: Final = """
    CREATE TRIGGER bound_once BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.declaration_line_id IS NOT NULL AND
          (OLD.declaration_line_id, OLD.declaration_number, OLD.line_number, OLD.accepted_at)
          IS DISTINCT FROM
          (NEW.declaration_line_id, NEW.declaration_number, NEW.line_number, NEW.accepted_at))
    EXECUTE FUNCTION keep_binding()
"""


class Lot(db.Table, table=True):
    """Goods of one product and owner that came together, of one batch, expiry and serial number.

    Born when announced, blocked by customs; acceptance binds it once to the number and line of its
    import declaration, which make it a FIFO layer, until customs cancels that.  Goods that were
    not announced (found, handled, transferred, returned) say which lot they come from, where there
    is one.
    """

    __table_args__ = (
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint(
            "(origin = 'announced') = (consignment_line_id IS NOT NULL)", name="announced"
        ),
        CheckConstraint("serial IS NULL OR quantity = 1", name="serial_is_one"),
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
    consignment_line_id: UUID | None = Field(
        default=None, foreign_key="consignment_line.id", unique=True
    )
    origin: LotOrigin = Field(
        default=LotOrigin.ANNOUNCED,
        sa_type=db.text_enum(LotOrigin),
        sa_column_kwargs={"server_default": "announced"},
    )
    parent_lot_id: UUID | None = Field(default=None, foreign_key="lot.id", index=True)
    quantity: Decimal = db.quantity()
    unit: str = Field(max_length=3)
    regime: Regime = Field(
        default=Regime.BONDED,
        sa_type=db.text_enum(Regime),
        sa_column_kwargs={"server_default": "bonded"},
    )
    under_bond: bool | None = Field(
        default=None, sa_column_args=(Computed("regime = 'bonded'", persisted=True),)
    )
    batch: str | None = Field(default=None, max_length=20)
    expires_on: date | None = None
    serial: str | None = Field(default=None, max_length=20)
    declaration_line_id: UUID | None = Field(
        default=None, foreign_key="declaration_line.id", index=True
    )
    declaration_number: str | None = Field(default=None, max_length=14)
    line_number: int | None = None
    accepted_at: datetime | None = db.optional_instant()
    announced_at: datetime = db.instant()


db.guarded(Lot, _BOUND_ONCE, function=_KEEP_BINDING)


@db.append_only
class Movement(db.Table, table=True):
    """One line of the stock ledger.  Never changed, never deleted."""

    __table_args__ = (
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("from_location_id <> to_location_id", name="goes_somewhere"),
        CheckConstraint(
            "NOT under_bond OR kind <> 'issue' OR release_line_id IS NOT NULL", name="released"
        ),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint(
            "(kind IN ('variance', 'found')) <= (discrepancy_id IS NOT NULL)", name="explained"
        ),
        CheckConstraint("(kind = 'handle') = (handling_id IS NOT NULL)", name="permitted"),
        *(
            Index(
                f"{'uq' if column == 'reverses_id' else 'ix'}_movement_{column}",
                column,
                unique=column == "reverses_id",
                postgresql_where=text(f"{column} IS NOT NULL"),
            )
            for column in ("reverses_id", "discrepancy_id", "handling_id")
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
    reverses_id: UUID | None = Field(default=None, foreign_key="movement.id")
    discrepancy_id: UUID | None = Field(default=None, foreign_key="discrepancy.id")
    handling_id: UUID | None = Field(default=None, foreign_key="handling.id")
    scan_id: UUID | None = Field(default=None, index=True)
    actor: str = Field(max_length=80)
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


# An issue without a release is refused by a CHECK; this refuses what calls itself something else.
_LAWFUL: Final = """
    CREATE TRIGGER lawful BEFORE INSERT ON {table} FOR EACH ROW
    WHEN (NEW.under_bond AND NEW.release_line_id IS NULL AND NEW.kind NOT IN ('issue', 'reversal'))
    EXECUTE FUNCTION refuse_unreleased()
"""
_REFUSE_UNRELEASED: Final = """
    CREATE OR REPLACE FUNCTION refuse_unreleased() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM location WHERE id = NEW.to_location_id AND kind IN (
                'home_use', 'exported', 'in_transit_bond', 'other_bonded', 'free_zone',
                'destroyed', 'lost', 'abandoned', 'seized', 'sampled', 'removed'))
        THEN
            RAISE EXCEPTION 'bonded goods leave only under a release'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
"""
db.guarded(Movement, _LAWFUL, function=_REFUSE_UNRELEASED)


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
    """Goods of a lot promised to an order line or a disposal, and where they stand now.

    *container_id* is the tote they were picked into.  What is not picked by *expires_at* may be
    given back.
    """

    __table_args__ = (
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("num_nonnulls(order_line_id, disposal_line_id) = 1", name="one_cause"),
    )

    order_line_id: UUID | None = Field(default=None, foreign_key="order_line.id", index=True)
    disposal_line_id: UUID | None = Field(default=None, foreign_key="disposal_line.id", index=True)
    lot_id: UUID = Field(foreign_key="lot.id", index=True)
    location_id: UUID = Field(foreign_key="location.id")
    container_id: UUID | None = Field(default=None, foreign_key="handling_unit.id", index=True)
    quantity: Decimal = db.quantity()
    state: ReservationState = Field(sa_type=db.text_enum(ReservationState))
    expires_at: datetime | None = db.optional_instant()
    at: datetime = db.instant()


class OwnerMethod(db.Table, table=True):
    """Which layer the orders of an owner draw on in these premises: fixed at the start."""

    __table_args__ = (UniqueConstraint("premises_id", "partner_id"),)

    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    method: StockMethod = Field(sa_type=db.text_enum(StockMethod))


_FIXED: Final = """
    CREATE TRIGGER fixed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW
    EXECUTE FUNCTION refuse_change()
"""
db.guarded(OwnerMethod, _FIXED)


class Hold(db.Table, table=True):
    """An interval in which goods may not be promised or leave: on exactly one thing.

    A hold on a container, a place or a consignment is one on all that is in it.
    """

    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(partner_id, product_id, consignment_id, handling_unit_id, lot_id,"
            " location_id, shipment_id) = 1",
            name="on_one_thing",
        ),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_whole"),
        CheckConstraint("reason <> ''", name="reasoned"),
        Index("ix_hold_open", "premises_id", postgresql_where=text("closed_at IS NULL")),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    kind: HoldKind = Field(sa_type=db.text_enum(HoldKind))
    reason: str = Field(max_length=40)
    """A stable code: ``customs_inspection``, ``weight_mismatch`` …"""
    note: str = Field(default="", max_length=300)
    partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    product_id: UUID | None = Field(default=None, foreign_key="product.id")
    consignment_id: UUID | None = Field(default=None, foreign_key="consignment.id", index=True)
    handling_unit_id: UUID | None = Field(default=None, foreign_key="handling_unit.id", index=True)
    lot_id: UUID | None = Field(default=None, foreign_key="lot.id", index=True)
    location_id: UUID | None = Field(default=None, foreign_key="location.id")
    shipment_id: UUID | None = Field(default=None, foreign_key="shipment.id")
    discrepancy_id: UUID | None = Field(default=None, foreign_key="discrepancy.id", index=True)
    officer_id: UUID | None = Field(default=None, foreign_key="person.id")
    opened_by: str = Field(max_length=80)
    opened_at: datetime = db.instant()
    closed_by: str | None = Field(default=None, max_length=80)
    closed_at: datetime | None = db.optional_instant()
    closing_note: str = Field(default="", max_length=300)


_CLOSED_ONCE: Final = """
    CREATE TRIGGER closed_once BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL OR OLD.kind <> NEW.kind OR OLD.opened_at <> NEW.opened_at)
    EXECUTE FUNCTION refuse_change()
"""
# All open holds that reach a lot at a place: its own, those of what it is in, of its product and
# of its owner.  The one definition: what may be promised, what may leave and what is shown ask it.
_HOLDS_ON: Final = """
    CREATE OR REPLACE FUNCTION holds_on(held_lot uuid, place uuid)
    RETURNS SETOF hold LANGUAGE sql STABLE AS $$
        SELECT hold.* FROM hold
         WHERE hold.closed_at IS NULL
           AND hold.premises_id = (SELECT premises_id FROM lot WHERE id = held_lot)
           AND (hold.lot_id = held_lot
                OR hold.product_id = (SELECT product_id FROM lot WHERE id = held_lot)
                OR hold.partner_id = (SELECT partner_id FROM lot WHERE id = held_lot)
                OR hold.consignment_id = (
                    SELECT unit.consignment_id FROM handling_unit AS unit
                      JOIN lot ON lot.handling_unit_id = unit.id WHERE lot.id = held_lot)
                OR hold.handling_unit_id IN (
                    WITH RECURSIVE around AS (
                        SELECT unit.id, unit.parent_id FROM handling_unit AS unit
                          JOIN lot ON lot.handling_unit_id = unit.id WHERE lot.id = held_lot
                        UNION ALL
                        SELECT unit.id, unit.parent_id FROM handling_unit AS unit
                          JOIN around ON around.parent_id = unit.id)
                    SELECT id FROM around)
                OR hold.location_id IN (
                    WITH RECURSIVE around AS (
                        SELECT id, parent_id FROM location WHERE id = place
                        UNION ALL
                        SELECT location.id, location.parent_id FROM location
                          JOIN around ON around.parent_id = location.id)
                    SELECT id FROM around))
    $$
"""
db.guarded(Hold, _CLOSED_ONCE, function=_HOLDS_ON)


class Discrepancy(db.Table, table=True):
    """Goods differ from what was declared or booked: a case with a clock, never an adjustment.

    What is unexplained counts as goods not cleared (Customs Act s.125).  Whoever opened it does
    not close it.
    """

    __table_args__ = (
        CheckConstraint("state <> 'closed' OR outcome IS NOT NULL", name="ends_somehow"),
        CheckConstraint(
            "closed_by <> opened_by AND approved_by <> opened_by AND closed_by <> approved_by",
            name="four_eyes",
        ),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_whole"),
        CheckConstraint("quantity >= 0", name="not_negative"),
        Index("ix_discrepancy_open", "premises_id", postgresql_where=text("state <> 'closed'")),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    kind: DiscrepancyKind = Field(sa_type=db.text_enum(DiscrepancyKind))
    state: DiscrepancyState = Field(sa_type=db.text_enum(DiscrepancyState))
    consignment_id: UUID | None = Field(default=None, foreign_key="consignment.id", index=True)
    handling_unit_id: UUID | None = Field(default=None, foreign_key="handling_unit.id", index=True)
    lot_id: UUID | None = Field(default=None, foreign_key="lot.id", index=True)
    location_id: UUID | None = Field(default=None, foreign_key="location.id")
    count_id: UUID | None = Field(default=None, foreign_key="count.id", index=True)
    disposal_id: UUID | None = Field(default=None, foreign_key="disposal.id")
    shipment_id: UUID | None = Field(default=None, foreign_key="shipment.id")
    quantity: Decimal = db.quantity()
    """How much is short or over; zero where it is not a matter of quantity."""
    expected: str = Field(default="", max_length=200)
    found: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=500)
    cause: Cause | None = Field(default=None, sa_type=db.text_enum(Cause))
    outcome: Outcome | None = Field(default=None, sa_type=db.text_enum(Outcome))
    authority: str = Field(default="", max_length=60)
    """The number of the customs paper, or of the declaration, that ended it."""
    officer_id: UUID | None = Field(default=None, foreign_key="person.id")
    opened_by: str = Field(max_length=80)
    opened_at: datetime = db.instant()
    due_at: datetime = db.instant()
    reported_at: datetime | None = db.optional_instant()
    approved_by: str | None = Field(default=None, max_length=80)
    """The first of two, where much duty is at stake."""
    closed_by: str | None = Field(default=None, max_length=80)
    closed_at: datetime | None = db.optional_instant()


@db.append_only
class Photo(db.Table, table=True):
    """A picture that proves a discrepancy, as it was taken."""

    __table_args__ = (UniqueConstraint("discrepancy_id", "sha256"),)

    discrepancy_id: UUID = Field(foreign_key="discrepancy.id", index=True)
    media_type: str = Field(max_length=20)
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str = Field(max_length=64)
    taken_by: str = Field(max_length=80)
    at: datetime = db.instant()


@db.append_only
class Handling(db.Table, table=True):
    """A usual form of handling under the officer's permission: what goes in comes out."""

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    kind: HandlingKind = Field(sa_type=db.text_enum(HandlingKind))
    permission: str = Field(max_length=60)
    officer_id: UUID = Field(foreign_key="person.id")
    note: str = Field(default="", max_length=300)
    actor: str = Field(max_length=80)
    at: datetime = db.instant()


class FloorPolicy(db.Table, table=True):
    """One dated rule of the floor, for a partner (its code is the *key*) or for all (empty)."""

    __table_args__ = (
        ExcludeConstraint(
            ("name", "="),
            ("key", "="),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_floor_policy_overlap",
        ),
    )

    name: str = Field(max_length=60)
    key: str = Field(default="", max_length=20)
    value: str = Field(max_length=60)
    valid_from: date
    valid_to: date | None = None
    source: str = Field(max_length=200)


class PutawayRule(db.Table, table=True):
    """Where goods go first: the lowest *priority* whose conditions all hold; none set, all hold."""

    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    priority: int
    zone_id: UUID = Field(foreign_key="location.id")
    partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    product_id: UUID | None = Field(default=None, foreign_key="product.id")
    regime: Regime | None = Field(default=None, sa_type=db.text_enum(Regime))
    velocity: Velocity | None = Field(default=None, sa_type=db.text_enum(Velocity))
    valid_from: date
    valid_to: date | None = None


class ProductVelocity(db.Table, table=True):
    """How often a product was picked lately, as the nightly job classed it."""

    __table_args__ = (UniqueConstraint("premises_id", "product_id"),)

    premises_id: UUID = Field(foreign_key="premises.id")
    product_id: UUID = Field(foreign_key="product.id")
    velocity: Velocity = Field(sa_type=db.text_enum(Velocity))
    picks: int
    at: datetime = db.instant()


class ReplenishmentRule(db.Table, table=True):
    """A pick bin is filled to *most* of a product when less than *least* is free in it."""

    __table_args__ = (
        UniqueConstraint("location_id", "product_id"),
        CheckConstraint("least >= 0 AND most > least", name="in_order"),
    )

    location_id: UUID = Field(foreign_key="location.id")
    product_id: UUID = Field(foreign_key="product.id")
    least: Decimal = db.quantity()
    most: Decimal = db.quantity()


class CountRule(db.Table, table=True):
    """Which bins are counted without anybody asking: every *days*, or when *reason* says so.

    *least* is the value in baht from which a bin counts as valuable, or the share of accurate
    counts in per cent below which it is counted again.
    """

    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    reason: CountReason = Field(sa_type=db.text_enum(CountReason))
    days: int
    least: Decimal | None = db.optional_quantity()
    valid_from: date
    valid_to: date | None = None


class Count(db.Table, table=True):
    """The count of one bin, which stays in use meanwhile.

    *round* counts how often it was counted; nobody counts a bin twice.  *started_sequence* is the
    last movement before the round began: later ones are netted.
    """

    __table_args__ = (
        Index(
            "uq_count_open",
            "location_id",
            unique=True,
            postgresql_where=text("state NOT IN ('closed', 'cancelled')"),
        ),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    location_id: UUID = Field(foreign_key="location.id", index=True)
    reason: CountReason = Field(sa_type=db.text_enum(CountReason))
    state: CountState = Field(sa_type=db.text_enum(CountState), index=True)
    round: int = 1
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    started_at: datetime | None = db.optional_instant()
    started_sequence: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    planned_at: datetime = db.instant()
    closed_at: datetime | None = db.optional_instant()
    accurate: bool | None = None


@db.append_only
class CountLine(db.Table, table=True):
    """So much of a thing was counted so far; *code* names what is not in the book.

    The last line of a thing, by *position*, counts; zero takes it back.  *sequence* is the last
    movement before: what moved later does not concern the line.
    """

    __table_args__ = (CheckConstraint("quantity >= 0", name="not_negative"),)

    position: int | None = db.sequence()
    count_id: UUID = Field(foreign_key="count.id", index=True)
    round: int
    person_id: UUID = Field(foreign_key="person.id")
    product_id: UUID | None = Field(default=None, foreign_key="product.id")
    handling_unit_id: UUID | None = Field(default=None, foreign_key="handling_unit.id")
    code: str = Field(max_length=200)
    quantity: Decimal = db.quantity()
    sequence: int = Field(sa_type=BigInteger)
    scan_id: UUID | None = None
    at: datetime = db.instant()


class Disposal(db.Table, table=True):
    """A way out of bond that no order asks for, from the request to its end.

    Customs authorises it: until then nothing moves.  *witness_id* is the officer who saw a
    destruction; *due_back_on* the day by which samples or removed goods are to be back.
    """

    __table_args__ = (
        CheckConstraint("(kind = 'transfer') >= (to_premises_id IS NOT NULL)", name="transfer"),
        CheckConstraint(
            "kind <> 'destruction' OR state <> 'done' OR witness_id IS NOT NULL", name="witnessed"
        ),
        CheckConstraint(
            "kind NOT IN ('sampling', 'removal') OR due_back_on IS NOT NULL", name="comes_back"
        ),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    kind: DisposalKind = Field(sa_type=db.text_enum(DisposalKind))
    state: DisposalState = Field(sa_type=db.text_enum(DisposalState), index=True)
    reason: str = Field(max_length=300)
    to_premises_id: UUID | None = Field(default=None, foreign_key="premises.id")
    destination: str = Field(default="", max_length=120)
    country: str = Field(default="", max_length=2, sa_column_kwargs={"server_default": ""})
    """Where goods go that are exported again; empty: to their owner's country."""
    cause: Cause | None = Field(default=None, sa_type=db.text_enum(Cause))
    """Of scrap: what damaged it, if anything did."""
    due_back_on: date | None = None
    seal: str = Field(default="", max_length=40)
    seal_found: str = Field(default="", max_length=40)
    witness_id: UUID | None = Field(default=None, foreign_key="person.id")
    requested_by: str = Field(max_length=80)
    requested_at: datetime = db.instant()
    scheduled_for: datetime | None = db.optional_instant()
    carried_out_at: datetime | None = db.optional_instant()
    ended_at: datetime | None = db.optional_instant()


class DisposalLine(db.Table, table=True):
    """How much of a lot goes that way, how much has gone, and how much came on or back."""

    __table_args__ = (
        UniqueConstraint("disposal_id", "lot_id"),
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("0 <= arrived AND arrived <= gone AND gone <= quantity", name="in_order"),
    )

    disposal_id: UUID = Field(foreign_key="disposal.id")
    lot_id: UUID = Field(foreign_key="lot.id", index=True)
    quantity: Decimal = db.quantity()
    gone: Decimal = db.quantity()
    arrived: Decimal = db.quantity()
