"""What comes and goes: consignments in, orders and shipments out, parcel numbers."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from warehouse.core import db
from warehouse.shipments.vocabulary import (
    Axis,
    ConsignmentSource,
    ConsignmentState,
    Custody,
    CustomsStatus,
    ManifestState,
    ReturnChoice,
)


class Consignment(db.Table, table=True):
    """Goods that a partner announces: they come from abroad into bond."""

    __table_args__ = (
        UniqueConstraint("partner_id", "external_ref"),
        CheckConstraint("package_amount > 0 AND gross_weight_kg > 0", name="measured"),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    external_ref: str = Field(max_length=40)
    source: ConsignmentSource = Field(
        default=ConsignmentSource.ABROAD,
        sa_type=db.text_enum(ConsignmentSource),
        sa_column_kwargs={"server_default": ConsignmentSource.ABROAD.value},
    )
    zone_licence: str = Field(default="", max_length=17, sa_column_kwargs={"server_default": ""})
    """The tax-incentive registration of the free zone that the goods come from."""
    arrival_date: date
    house_bill: str = Field(max_length=35)
    consignor_name: str = Field(max_length=70)
    consignment_country: str = Field(max_length=2)
    invoice_number: str = Field(max_length=35)
    invoice_date: date
    currency: str = Field(max_length=3)
    package_amount: int
    gross_weight_kg: Decimal = db.quantity()
    state: ConsignmentState = Field(sa_type=db.text_enum(ConsignmentState))
    vehicle: str = Field(default="", max_length=30, sa_column_kwargs={"server_default": ""})
    seals: list[str] = Field(
        default_factory=list,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text("'[]'::jsonb")},
    )
    """The seals that the vehicle is announced to carry."""
    despatch: str | None = Field(default=None, max_length=20)
    """UPU S8, where the goods come by post."""
    announced_at: datetime = db.instant()


class ConsignmentLine(db.Table, table=True):
    """One product in one parcel of a consignment; *unit_price* is CIF, in its currency."""

    __table_args__ = (
        UniqueConstraint("consignment_id", "line_number"),
        CheckConstraint("quantity > 0", name="positive"),
        CheckConstraint("unit_price >= 0 AND net_weight_kg > 0", name="measured"),
        CheckConstraint("retail_price_baht > 0 AND excise_quantity > 0", name="excise"),
    )

    consignment_id: UUID = Field(foreign_key="consignment.id")
    line_number: int
    parcel_number: str = Field(max_length=35)
    product_id: UUID = Field(foreign_key="product.id")
    quantity: Decimal = db.quantity()
    unit_price: Decimal = db.rate()
    net_weight_kg: Decimal = db.quantity()
    retail_price_baht: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    """Of one, as suggested, without VAT; None: the product's."""
    excise_quantity: Decimal | None = db.optional_quantity()
    """Of the whole line, as the excise tariff counts; None: by the product's of one."""


@db.append_only
class Arrival(db.Table, table=True):
    """A vehicle with a consignment came to the dock, with these seals."""

    consignment_id: UUID = Field(foreign_key="consignment.id", unique=True)
    vehicle: str = Field(max_length=30)
    seals: list[str] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    intact: bool
    """Every announced seal was found, and no other."""
    scan_id: UUID | None = None
    actor: str = Field(max_length=80)
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class Order(db.Table, table=True):
    """A partner's order to release goods for a buyer."""

    __tablename__ = "customer_order"
    __table_args__ = (UniqueConstraint("partner_id", "external_ref"),)

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    external_ref: str = Field(max_length=40)
    buyer_name: str = Field(max_length=120)
    buyer_phone: str = Field(max_length=30)
    address: str = Field(max_length=300)
    province: str = Field(max_length=60)
    postcode: str = Field(max_length=5)
    country: str = Field(default="TH", max_length=2, sa_column_kwargs={"server_default": "TH"})
    """What goes to another one is exported."""
    amount: Decimal | None = Field(default=None, max_digits=19, decimal_places=4)
    """What the buyer was to pay the platform, in *currency*, where the partner says so."""
    currency: str = Field(default="", max_length=3, sa_column_kwargs={"server_default": ""})
    placed_at: datetime = db.instant()
    cancelled_at: datetime | None = db.optional_instant()


class OrderLine(db.Table, table=True):
    """One product of an order."""

    __table_args__ = (
        UniqueConstraint("order_id", "line_number"),
        CheckConstraint("quantity > 0", name="positive"),
    )

    order_id: UUID = Field(foreign_key="customer_order.id")
    line_number: int
    product_id: UUID = Field(foreign_key="product.id")
    quantity: Decimal = db.quantity()
    parcel_number: str | None = Field(default=None, max_length=35)
    """The very parcel that is wanted, where the owner's goods are identified one by one."""


class Shipment(db.Table, table=True):
    """The parcel that leaves for an order."""

    __table_args__ = (
        UniqueConstraint("premises_id", "parcel_number"),
        Index("ix_shipment_asked", "partner_id", "parcel_number"),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    order_id: UUID = Field(foreign_key="customer_order.id", unique=True)
    parcel_number: str = Field(max_length=35)
    custody: Custody = Field(sa_type=db.text_enum(Custody))
    customs: CustomsStatus = Field(sa_type=db.text_enum(CustomsStatus))
    version: int = 1
    route_id: UUID | None = Field(default=None, foreign_key="route.id")
    weight_kg: Decimal | None = db.optional_quantity()
    carton: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    held: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    """The reason code of the hold that stops it; empty when nothing does."""
    created_at: datetime = db.instant()
    changed_at: datetime = db.instant()


@db.append_only
class ShipmentHistory(db.Table, table=True):
    """One change of one of a shipment's two statuses, as the partner sees it."""

    __table_args__ = (Index("ix_shipment_history_read", "shipment_id", "sequence"),)

    sequence: int | None = db.sequence()
    shipment_id: UUID = Field(foreign_key="shipment.id")
    axis: Axis = Field(sa_type=db.text_enum(Axis))
    status: str = Field(max_length=40)
    at: datetime = db.instant()
    recorded_at: datetime | None = db.recorded_at()


class Route(db.Table, table=True):
    """Where parcels of these postcodes are staged, and by whom they are fetched."""

    __table_args__ = (
        UniqueConstraint("premises_id", "code"),
        CheckConstraint("postcode_from <= postcode_to", name="in_order"),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    code: str = Field(max_length=20)
    name_th: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    postcode_from: str = Field(max_length=5)
    postcode_to: str = Field(max_length=5)
    stage_id: UUID = Field(foreign_key="location.id")


class CartonType(db.Table, table=True):
    """A carton to pack in, by its barcode ``BOX-…``; *tare_kg* is its own weight."""

    __table_args__ = (
        UniqueConstraint("premises_id", "code"),
        CheckConstraint("tare_kg >= 0 AND most_kg > 0", name="measured"),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    code: str = Field(max_length=20)
    tare_kg: Decimal = db.quantity()
    most_kg: Decimal = db.quantity()


class Manifest(db.Table, table=True):
    """What one vehicle takes along (UPU: dispatch list); it closes when all of it is loaded."""

    __table_args__ = (
        CheckConstraint("state = 'open' OR closed_at IS NOT NULL", name="closed"),
        CheckConstraint("state <> 'dispatched' OR dispatched_at IS NOT NULL", name="dispatched"),
    )

    number: str = Field(max_length=20, unique=True)
    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    route_id: UUID = Field(foreign_key="route.id")
    vehicle: str = Field(max_length=30)
    driver: str = Field(default="", max_length=80)
    seal: str = Field(default="", max_length=40)
    state: ManifestState = Field(sa_type=db.text_enum(ManifestState))
    opened_at: datetime = db.instant()
    closed_at: datetime | None = db.optional_instant()
    dispatched_at: datetime | None = db.optional_instant()


class ManifestLine(db.Table, table=True):
    """A parcel that is to go with a vehicle, and when it was loaded: on one manifest only."""

    manifest_id: UUID = Field(foreign_key="manifest.id", index=True)
    shipment_id: UUID = Field(foreign_key="shipment.id", unique=True)
    loaded_at: datetime | None = db.optional_instant()
    scan_id: UUID | None = None


class ShipmentReturn(db.Table, table=True):
    """A parcel that came back undelivered or refused, and what its owner wants done.

    Without a choice by *due_at* the owner's default is taken, and *defaulted* says so.
    """

    number: str = Field(max_length=20, unique=True)
    shipment_id: UUID = Field(foreign_key="shipment.id", unique=True)
    premises_id: UUID = Field(foreign_key="premises.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    reason: str = Field(max_length=40)
    weight_kg: Decimal | None = db.optional_quantity()
    choice: ReturnChoice | None = Field(default=None, sa_type=db.text_enum(ReturnChoice))
    defaulted: bool = False
    due_at: datetime = db.instant()
    chosen_at: datetime | None = db.optional_instant()
    at: datetime = db.instant()


class ParcelNumberRange(db.Table, table=True):
    """UPU S10 serials that were allotted to these premises."""

    __table_args__ = (
        UniqueConstraint("premises_id", "indicator", "first"),
        CheckConstraint("first <= next AND next <= last + 1", name="within"),
        CheckConstraint("first >= 0 AND last <= 99999999", name="eight_digits"),
    )

    premises_id: UUID = Field(foreign_key="premises.id")
    indicator: str = Field(max_length=2)
    country: str = Field(max_length=2)
    first: int = Field(sa_type=BigInteger)
    next: int = Field(sa_type=BigInteger)
    last: int = Field(sa_type=BigInteger)
